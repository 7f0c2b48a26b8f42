"""crew      reads documents in processes of their own, so that one that takes its reader down is known and stopped."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from queue import SimpleQueue
from threading import Thread

from spacekg.corpus import extraction, patience, written
from spacekg.corpus.extraction import Tools
from spacekg.errors import DocumentError
from spacekg.model import Document

CHARACTERS_AT_A_TIME = 60_000
"""How much text is parsed together: many sentences at a time are parsed faster than one."""
AHEAD = 16
"""How many orders there are for each process: what is ready waits until those before it are."""
STARTING = 120.0
"""How many seconds a process may work until it is ready to read."""
CHARACTERS_A_SECOND = 5_000
"""The slowest reading that is no breakdown, on top of the seconds that are granted to any document."""
MEMORY = 8 << 30
"""How many bytes of address space a process may take, where the system can limit it."""
READY = b"ready\n"

_CHILD = "from spacekg.corpus import crew; crew.serve()"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a document could not be read."""

    reason: str


Told = str | Trouble
Answer = list[str] | Trouble
"""What each of some documents says, as `written` writes it, or what broke the reading of one of them."""
Ask = Callable[[Sequence[Document]], Answer]


def read(
    documents: Iterable[Document], tools: Tools, processes: int, seconds: float
) -> Iterator[tuple[Document, Told]]:
    """Yield the documents in their order, each with what it says; without a process they are read here and now.

    Of the documents no more are held than are being read or wait to be. A process is stopped that works longer on one
    than `seconds` and the slowest reading of its text.

    Raises:
        DocumentError: no process can be started.
    """
    asked = batches(documents)
    if processes < 1:
        for batch in asked:
            yield from zip(batch, _settled(lambda some: _read_here(some, tools), batch), strict=True)
        return
    crew, threads = Crew(packed(tools), processes, seconds), ThreadPoolExecutor(processes)
    try:
        waiting = deque[tuple[list[Document], Future[list[Told]]]]()
        for batch in asked:
            waiting.append((batch, threads.submit(_settled, crew.ask, batch)))
            if len(waiting) >= AHEAD * processes:
                yield from _finished(*waiting.popleft())
        while waiting:
            yield from _finished(*waiting.popleft())
    finally:
        crew.stop()
        threads.shutdown(cancel_futures=True)


def _finished(batch: list[Document], told: Future[list[Told]]) -> Iterator[tuple[Document, Told]]:
    return zip(batch, told.result(), strict=True)


def batches(documents: Iterable[Document], characters: int = CHARACTERS_AT_A_TIME) -> Iterator[list[Document]]:
    """Put documents together that are read at once: so many characters of text, or a longer document alone."""
    batch: list[Document] = []
    for document in documents:
        if batch and sum(len(each.text) for each in batch) + len(document.text) > characters:
            yield batch
            batch = []
        batch.append(document)
    if batch:
        yield batch


def _settled(ask: Ask, batch: Sequence[Document]) -> list[Told]:
    """Ask for some documents at once, and where that fails one by one: only the guilty one is in trouble."""
    answer = ask(batch)
    if not isinstance(answer, Trouble):
        return [*answer]
    return [answer] if len(batch) == 1 else [told for document in batch for told in _settled(ask, [document])]


def _read_here(documents: Sequence[Document], tools: Tools) -> Answer:
    try:
        return [written.dump(each) for each in extraction.extract(documents, tools)]
    except Exception as error:  # whatever a rule breaks on, the document's name is what helps
        return Trouble(f"reading it breaks down ({type(error).__name__}: {str(error)[:200]})")


def packed(tools: Tools) -> bytes:
    """What a process is sent first: tables and words."""
    return pickle.dumps((tools.reference, tools.lexicon))


class Crew:
    """A number of processes; each is started when it is first needed, and anew when it was lost."""

    def __init__(self, tools: bytes, number: int, seconds: float) -> None:
        self._seconds = seconds
        self._tools = tools
        self._idle: SimpleQueue[_Worker | None] = SimpleQueue()
        self._workers: set[_Worker] = set()
        self._stopped = False
        for _ in range(number):
            self._idle.put(None)

    def ask(self, documents: Sequence[Document]) -> Answer:
        """Have documents read by the process that is free next."""
        worker = self._idle.get()
        try:
            if self._stopped:
                return Trouble("reading it was stopped")
            if worker is None:
                worker = _Worker(self._tools, self._seconds)
                self._workers.add(worker)
            answer = worker.ask(documents)
            if not worker.alive:
                self._workers.discard(worker)
                worker = None
            return answer
        finally:
            self._idle.put(worker)

    def stop(self) -> None:
        """End the processes, whatever they are doing."""
        self._stopped = True
        for worker in [*self._workers]:
            worker.stop()


class _Worker:
    """A process that reads, seen from this one."""

    def __init__(self, tools: bytes, seconds: float) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        self._seconds = seconds
        self.alive = True
        ready, _ = self._exchange(len(tools).to_bytes(8, "big") + tools, STARTING)
        if ready != READY:
            self.stop()
            code = self._process.returncode
            raise DocumentError(f"no process to read documents can be started (it ended with {code}); is memory short?")

    def ask(self, documents: Sequence[Document]) -> Answer:
        """Have documents read, and stop a process that works on them too long."""
        seconds = self._seconds + sum(len(document.text) for document in documents) / CHARACTERS_A_SECOND
        order = json.dumps([asdict(document) for document in documents]).encode() + b"\n"
        answer, late = self._exchange(order, seconds)
        if late or not answer:
            self.alive = False
            self.stop()
        if not answer and late:
            return Trouble(f"reading it takes more than {seconds:.0f} seconds")
        if not answer:
            return Trouble(f"reading it ends the process that does (code {self._process.returncode})")
        told = json.loads(answer)
        return Trouble(told) if isinstance(told, str) else told

    def stop(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()

    def _exchange(self, order: bytes, seconds: float) -> tuple[bytes, bool]:
        """Send an order and wait for the line that answers it: nothing if the process ends; and whether it was stopped.

        It is when it works longer than so many seconds.
        """
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None  # both are pipes
        with patience.limited(self._process, seconds) as late:
            try:
                stdin.write(order)
                stdin.flush()
                answer = stdout.readline()
            except BrokenPipeError:
                answer = b""
        return answer, late.is_set()


def serve() -> None:
    """Answer for a process of the crew: tools first, then documents on each line, until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it without a traceback
    Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    _limit_memory()
    orders, answers = sys.stdin.buffer, sys.stdout.buffer
    size = int.from_bytes(orders.read(8), "big")
    reference, lexicon = pickle.loads(orders.read(size))  # noqa: S301  # from the process that started this one
    tools = Tools(reference, lexicon)
    answers.write(READY)
    answers.flush()
    for line in orders:
        answer = _read_here([Document(**each) for each in json.loads(line)], tools)
        answers.write(json.dumps(answer.reason if isinstance(answer, Trouble) else answer).encode() + b"\n")
        answers.flush()


def _end_with(parent: int) -> None:
    """End this process when the one that started it is gone, also in the middle of a document that has no end."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _limit_memory() -> None:
    try:
        import resource  # noqa: PLC0415  # Windows has no such module
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
