"""Reading documents on a Dask cluster of real processes: the same as by one, whatever is killed or hangs in between."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.poison import Deadly, Endless
from tests.reading import document, shipped
from tests.test_corpus import DOCUMENTS, poisoned, read
from tests.test_partitioned import small

from spacekg import corpus, pipeline
from spacekg.cli import building
from spacekg.corpus import crew, shelf
from spacekg.corpus.extraction import Tools
from spacekg.errors import ClusterError, DocumentError
from spacekg.model import Document
from spacekg.reference import Entity
from spacekg.release import Release, open_release

distributed = pytest.importorskip("distributed", reason="Dask is an extra: pip install 'spacekg[scale]'")
psutil = pytest.importorskip("psutil", reason="comes with Dask")

from tests.hosts import APART, LOST_AT, NETWORK  # noqa: E402  # it needs Dask

from spacekg.corpus.cluster import Cluster  # noqa: E402  # the same

ROOT = Path(__file__).parent.parent
slow = pytest.mark.skipif(not os.environ.get("CLUSTER"), reason="takes a while: make cluster runs it")
ALONE = 1
"""Characters of an order: every document is one of its own."""
POISON = document("NASA launched Poisonium.", "poison")


def tools() -> Tools:
    _, words, tables, _ = shipped()
    return Tools(tables, words)


@slow
def test_a_build_on_a_cluster_gives_the_same_bytes(tmp_path: Path, shipped_release: Release) -> None:
    known, _, tables, _ = shipped()
    told: list[str] = []
    engine = Cluster(workers=2, characters=20_000).read
    built = pipeline.build([ROOT / "data" / "documents"], tmp_path, known, tables, told.append, engine=engine)
    assert built.id == shipped_release.id
    assert built.graph.read_bytes() == shipped_release.graph.read_bytes()
    assert built.report["set_aside"] == {}
    assert any("documents read, 0 of them in vain" in step for step in told)


def test_a_worker_that_is_killed_in_the_middle_loses_and_doubles_nothing() -> None:
    known = tools()
    many = [document(f"{each.text} Text {turn}.", f"{each.name}-{turn}") for turn in range(4) for each in DOCUMENTS]
    expected = {each.name: told for each, told in crew.read(many, known, 0, 120.0)}
    found: list[tuple[str, crew.Told]] = []
    with Cluster(workers=2, characters=ALONE).opened() as cluster, cluster.spread() as spread:
        scheduler = distributed.get_client().scheduler.address
        for one, told in cluster.read(many, known, 120.0):
            assert distributed.get_client().scheduler.address == scheduler  # it is one cluster
            if not found:
                victim = min(distributed.get_client().run(os.getpid).values())
                os.kill(victim, signal.SIGKILL)
            found.append((one.name, told))
        assert [*spread(abs, range(-2, 2))] == [2, 1, 0, 1]
    assert len(found) == len(many)
    assert dict(found) == expected


class Killer(threading.Thread):
    """Kills a worker of this process's cluster at a random moment after each sign of life that is due."""

    def __init__(self, due: list[int], seed: int) -> None:
        super().__init__(daemon=True)
        self.chance, self.due, self.seen, self.killed = random.Random(seed), due, 0, 0
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.wait(0.05):
            if self.killed < len(self.due) and self.seen >= self.due[self.killed]:
                self.stopped.wait(self.chance.uniform(0, 2))
                workers = [each for each in psutil.Process().children() if "spawn_main" in " ".join(each.cmdline())]
                if workers:
                    self.chance.choice(workers).send_signal(signal.SIGKILL)
                    self.killed += 1


@slow
def test_a_build_goes_on_to_the_same_bytes_through_twenty_kills(tmp_path: Path) -> None:
    known, _, _, _ = shipped()
    tables, kills = small(), 20
    lines = [
        json.dumps({"name": f"{each.name}-{turn}", "text": f"{each.text} Text {turn}."})
        for turn in range(250)
        for each in DOCUMENTS
    ]
    articles = tmp_path / "articles.jsonl"
    articles.write_text("\n".join(lines), encoding="utf-8")
    at_once = pipeline.build([articles], tmp_path / "once", known, tables, lambda _: None)
    killer = Killer([(kill + 1) * len(lines) // (kills + 2) for kill in range(kills)], seed=16)

    def engine(documents: Sequence[Document], tools: Tools, seconds: float) -> Iterator[tuple[Document, crew.Told]]:
        for each in Cluster(workers=2, characters=ALONE).read(documents, tools, seconds):
            killer.seen += 1
            yield each

    killer.start()
    built = pipeline.build([articles], tmp_path / "killed", known, tables, lambda _: None, engine=engine)
    killer.stopped.set()
    killer.join()
    assert killer.killed == kills
    assert built.report["set_aside"] == {}
    assert built.manifest == at_once.manifest
    assert built.graph.read_bytes() == at_once.graph.read_bytes()


@slow
def test_a_build_in_shards_goes_on_to_the_same_bytes_when_workers_are_killed(tmp_path: Path) -> None:
    known, _, _, _ = shipped()
    tables = small()
    (tmp_path / "texts").mkdir()
    for each in DOCUMENTS:
        (tmp_path / "texts" / f"{each.name}.txt").write_text(each.text, encoding="utf-8")
    at_once = pipeline.build([tmp_path / "texts"], tmp_path / "once", known, tables, lambda _: None)
    killer = Killer([1, 2, 3], seed=17)

    def tell(step: str) -> None:
        killer.seen += step.startswith(("assembling", "inferring", "describing"))

    killer.start()
    with Cluster(workers=2).spread() as spread:
        built = pipeline.build_in_parts(
            [tmp_path / "texts"], tmp_path / "parts", known, tables, tell, shards=6, spread=spread
        )
    killer.stopped.set()
    killer.join()
    assert killer.killed == 3
    assert built.manifest == at_once.manifest
    assert built.graph.read_bytes() == at_once.graph.read_bytes()


@slow
@pytest.mark.parametrize(
    ("entities", "seconds", "tries", "trouble"),
    [(Deadly, 120.0, 2, "ends the process"), (Endless, 20.0, 1, "takes more than 20 seconds")],
)
def test_a_poisoned_document_is_tried_again_and_set_aside(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    entities: Callable[[dict[str, Entity]], dict[str, Entity]],
    seconds: float,
    tries: int,
    trouble: str,
) -> None:
    monkeypatch.syspath_prepend(str(ROOT))  # where the processes find the poison
    means = corpus.Means(tmp_path, seconds=seconds, engine=Cluster(workers=1, tries=tries).read)
    result = read(means, [*DOCUMENTS, POISON], poisoned(entities))
    assert [each.name for each in result.documents] == [each.name for each in DOCUMENTS]
    assert result.aside.keys() == {"poison"}
    assert trouble in result.aside["poison"]
    assert result.aside["poison"].endswith(f"(tried {tries} times)")
    assert result.claims == read(corpus.Means(processes=0)).claims


@slow
def test_where_no_document_can_be_read_there_is_no_release(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    with pytest.raises(DocumentError, match=r"^poison: reading it ends the process"):
        read(corpus.Means(engine=Cluster(workers=1, tries=1).read), [POISON], poisoned(Deadly))


@slow
def test_a_reading_that_was_killed_goes_on_from_what_was_kept(tmp_path: Path) -> None:
    script = tmp_path / "job.py"
    script.write_text(
        "import sys\nfrom pathlib import Path\nfrom tests.test_cluster import ALONE, DOCUMENTS, POISON, Cluster\n"
        "from tests.test_corpus import poisoned, read\nfrom tests.poison import Endless\nfrom spacekg import corpus\n"
        "if __name__ == '__main__':\n"
        "    means = corpus.Means(Path(sys.argv[1]), engine=Cluster(workers=1, characters=ALONE).read)\n"
        "    read(means, [*DOCUMENTS, POISON], poisoned(Endless))\n",
        encoding="utf-8",
    )
    path = os.pathsep.join([str(ROOT), *filter(None, sys.path)])
    kept = tmp_path / "kept"
    job = subprocess.Popen([sys.executable, script, kept], env={**os.environ, "PYTHONPATH": path})
    try:
        deadline = time.monotonic() + 120
        while len([*kept.glob("*.json")]) < len(DOCUMENTS):  # then it hangs on the last one
            assert job.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
        started = psutil.Process(job.pid).children(recursive=True)
        assert len(started) >= 2
    finally:
        job.kill()
        job.wait()
    _, alive = psutil.wait_procs(started, timeout=30)
    assert alive == []

    def engine(documents: object, tools: object, seconds: float) -> object:
        raise AssertionError("all is on the shelf")

    assert read(corpus.Means(kept, engine=engine), DOCUMENTS, poisoned(Endless)).documents == (*DOCUMENTS,)


@slow
def test_a_cluster_that_exists_is_used_and_left_as_it_was() -> None:
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, dashboard_address=None, silence_logs=50
    ) as existing:
        found = dict(
            (one.name, told) for one, told in Cluster(existing.scheduler_address).read(DOCUMENTS, tools(), 120.0)
        )
        assert found == {one.name: told for one, told in crew.read(DOCUMENTS, tools(), 0, 120.0)}
        with distributed.Client(existing) as client:
            assert next(iter(client.run(lambda dask_worker: [*dask_worker.plugins]).values())) == ["shuffle"]
        existing.scale(0)
        with pytest.raises(ClusterError, match=r"no worker for 1 seconds; start one; what was read is kept"):
            [*Cluster(existing.scheduler_address, grace=1.0).read(DOCUMENTS, tools(), 120.0)]


def test_a_worker_with_another_program_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "program", lambda: "another")  # here: the workers are processes of their own
    with pytest.raises(ClusterError, match=r"^the worker tls://127\.0\.0\.1:\d+ has another spacekg or model"):
        [*Cluster(workers=1).read(DOCUMENTS, tools(), 120.0)]


def test_a_scheduler_that_is_not_there_is_told() -> None:
    with pytest.raises(ClusterError, match=r"^tcp://127\.0\.0\.1:9: no scheduler answers .*; check the address$"):
        [*Cluster("tcp://127.0.0.1:9", connecting=0.5).read(DOCUMENTS, tools(), 120.0)]


def test_a_scheduler_is_only_of_dask(tmp_path: Path) -> None:
    done = CliRunner().invoke(building.build, ["--scheduler", "tcp://127.0.0.1:9", "--out", str(tmp_path)])
    assert done.exit_code == 2
    assert "--scheduler is of --engine dask" in done.output


def apart(command: Sequence[str], trial: str, *arguments: str | Path) -> dict[str, Any]:
    """What a module of the tests tells that runs in namespaces of its own; skips where these are not permitted."""
    try:
        tried = subprocess.run([*command, "sh", "-c", trial], capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no unshare")
    if tried.returncode:
        pytest.skip(f"namespaces are not permitted: {tried.stderr.decode().strip()}")
    path = os.pathsep.join([str(ROOT), *filter(None, sys.path)])
    done = subprocess.run(
        [*command, sys.executable, "-m", *map(str, arguments)],
        stdout=subprocess.PIPE,
        check=True,
        env={**os.environ, "PYTHONPATH": path},
        timeout=1200,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def written(folder: Path, documents: Sequence[Document]) -> Path:
    folder.mkdir(parents=True)
    for each in documents:
        (folder / f"{each.name}.txt").write_text(each.text, encoding="utf-8")
    return folder


@slow
def test_hosts_with_networks_and_folders_of_their_own_build_the_same_and_one_is_lost(tmp_path: Path) -> None:
    known, _, _, _ = shipped()
    texts = written(tmp_path / "own" / "texts", DOCUMENTS)
    at_once = pipeline.build([texts], tmp_path / "once", known, small(), lambda _: None)
    for name in ("out", "keys"):
        (tmp_path / name).mkdir()
    told = apart(APART, "ip link add lan type bridge", "tests.hosts", tmp_path)
    assert told["hosts"] == [f"tls://{NETWORK}.2", f"tls://{NETWORK}.3"]
    assert not any("texts" in seen for seen in told["seen"])  # they have the texts from the building machine
    assert told["lost"].startswith(LOST_AT)
    assert told["left"] == [f"tls://{NETWORK}.2"]
    assert told["set_aside"] == {}
    built = open_release(tmp_path / "out")
    assert told["release"] == built.id
    assert built.manifest == at_once.manifest
    assert built.graph.read_bytes() == at_once.graph.read_bytes()


@slow
def test_a_disk_that_is_full_leaves_the_release_before_and_with_room_the_next_goes_on(tmp_path: Path) -> None:
    known, _, _, _ = shipped()
    written(tmp_path / "before", DOCUMENTS[:2])
    after = written(tmp_path / "after", DOCUMENTS)
    (tmp_path / "out").mkdir()
    steps = ("reading documents", "extracting", "assembling", "putting all in order", "publishing")
    told = apart(("unshare", "--mount"), f"mount -t tmpfs tmpfs {tmp_path}/out", "tests.full", tmp_path, *steps)
    assert [*told["failed"]] == [*steps]
    for trouble in told["failed"].values():
        assert re.match(rf"{tmp_path}/out\b.*: cannot write (what is on the way|the release): No space left", trouble)
    at_once = pipeline.build([after], tmp_path / "once", known, small(), lambda _: None)
    assert told["after"] == told["out"] == at_once.id != told["before"]
    assert not any("documents read" in step for step in told["told"])  # what was read is kept
