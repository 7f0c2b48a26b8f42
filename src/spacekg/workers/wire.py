"""wire      what goes between the server and a worker: a JSON header and bytes, each with its length before it."""

from __future__ import annotations

import json
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from spacekg import answers, errors, formats, steps
from spacekg.answers import Answer, Limits, Request, Summary
from spacekg.formats import GraphFormat, ResultFormat
from spacekg.scan import Scan
from spacekg.steps import Need, Steps

_LENGTHS = struct.Struct("!II")
_SMALL = 64 * 1024
_ERRORS: dict[str, type[errors.SpacekgError]] = {
    error.__name__: error
    for error in (
        answers.QuerySyntaxError,
        answers.ForbiddenQueryError,
        answers.QueryTooLargeError,
        answers.AnswerTooLargeError,
        errors.BadQueryError,
        errors.ReleaseError,
        errors.SpacekgError,
        errors.UnknownFormatError,
        formats.InexpressibleError,
    )
}

_RESULTS = {format.name: format for format in formats.RESULTS}
_GRAPHS = {format.name: format for format in formats.GRAPHS}
_FORMATS: dict[str, GraphFormat | ResultFormat] = {
    **{format.media_type: format for format in formats.GRAPHS},
    **{format.media_type: format for format in formats.RESULTS},
}


def send(channel: socket.socket, header: dict[str, Any], content: bytes = b"") -> None:
    """Send a header and the bytes that go with it."""
    channel.sendall(_joined(header, content))


def sending(channel: socket.socket, header: dict[str, Any], seconds: float) -> Steps[None]:
    """Send a header on a channel that never waits; what does not fit into it is sent within so many seconds.

    Raises:
        TimeoutError: it was not.
    """
    message = _joined(header, b"")
    sent = channel.send(message)
    if sent < len(message):
        yield Need.THREAD
        with _waiting(channel, seconds):
            channel.sendall(memoryview(message)[sent:])


def receive(channel: socket.socket) -> tuple[dict[str, Any], bytes]:
    """Receive a header and the bytes that go with it; the other side says nothing else before it is answered.

    Raises:
        EOFError: the other side is gone.
    """
    return steps.finish(receiving(channel, None))


def receiving(channel: socket.socket, end: float | None) -> Steps[tuple[dict[str, Any], bytes]]:
    """Receive what has begun to come, as `receive` does; all of it until `end`, or whenever it comes.

    Raises:
        EOFError: the other side is gone.
        TimeoutError: it took longer.
    """
    begun: bytes | bytearray = channel.recv(_SMALL)
    if not begun:
        raise EOFError("the other side is gone")
    if len(begun) < _LENGTHS.size:
        begun = _completed(channel, begun, _LENGTHS.size)
    first, second = _LENGTHS.unpack_from(begun)
    size, start = _LENGTHS.size + first + second, _LENGTHS.size + first
    if len(begun) < size:
        yield Need.THREAD
        with _waiting(channel, None if end is None else end - time.monotonic()):
            begun = _completed(channel, begun, size)
    return json.loads(begun[_LENGTHS.size : start]), bytes(memoryview(begun)[start:])


def packed(request: Request) -> dict[str, Any]:
    """Write a request as a header."""
    return {
        "query": request.query,
        "results": request.results.name,
        "graph": request.graph.name,
        "default_graphs": request.default_graphs,
        "named_graphs": request.named_graphs,
        "bindings": dict(request.bindings),
        "base": request.base,
        "scan": _packed_scan(request.scan),
    }


def unpacked(header: dict[str, Any]) -> Request:
    """Read a request from a header."""
    return Request(
        query=header["query"],
        results=_RESULTS[header["results"]],
        graph=_GRAPHS[header["graph"]],
        default_graphs=tuple(header["default_graphs"]),
        named_graphs=tuple(header["named_graphs"]),
        bindings=header["bindings"],
        base=header["base"],
        scan=_unpacked_scan(header["scan"]),
    )


def _packed_scan(scan: Scan | None) -> list[Any] | None:
    if scan is None:
        return None
    return [scan.form, scan.default_graphs, scan.named_graphs, scan.repeatable, scan.body]


def _unpacked_scan(packed: list[Any] | None) -> Scan | None:
    if packed is None:
        return None
    form, default_graphs, named_graphs, repeatable, body = packed
    return Scan(form, tuple(default_graphs), tuple(named_graphs), repeatable, body)


def packed_answer(answer: Answer, seconds: float) -> dict[str, Any]:
    """Write the header of an answer that took so long; its content goes behind it."""
    return {"format": answer.format.media_type, "rows": answer.rows, "seconds": seconds}


def unpacked_answer(header: dict[str, Any], content: bytes) -> Answer:
    """Read an answer from its header and its content."""
    return Answer(content, _FORMATS[header["format"]], header["rows"], header["seconds"])


def packed_error(error: errors.SpacekgError) -> dict[str, Any]:
    """Write an error as a header, as the nearest class that can be read again."""
    name = next(ancestor.__name__ for ancestor in type(error).__mro__ if ancestor.__name__ in _ERRORS)
    return {"error": name, "arguments": error.args}


def raise_error(header: dict[str, Any]) -> None:
    """Raise the error that a header holds, if it holds one."""
    if "error" in header:
        raise _ERRORS[header["error"]](*header["arguments"])


def packed_state(summary: Summary, limits: Limits, queries: dict[str, str], size: int) -> dict[str, Any]:
    """Write what an engine is made of as a header, and the bytes it takes."""
    return {"summary": asdict(summary), "limits": asdict(limits), "queries": queries, "size": size}


def _joined(header: dict[str, Any], content: bytes) -> bytes:
    packed = json.dumps(header).encode()
    # In one piece, so that whoever receives it is woken only once.
    return b"".join((_LENGTHS.pack(len(packed), len(content)), packed, content))


@contextmanager
def _waiting(channel: socket.socket, seconds: float | None) -> Iterator[None]:
    """Let a channel wait for so long at a time, be it one that never waits; without seconds, as it does anyway."""
    before = channel.gettimeout()
    if seconds is not None:
        channel.settimeout(max(0.01, seconds))
    try:
        yield
    finally:
        channel.settimeout(before)


def _completed(channel: socket.socket, begun: bytes | bytearray, size: int) -> bytearray:
    content = bytearray(size)
    view = memoryview(content)
    view[: len(begun)] = begun
    view = view[len(begun) :]
    while view:
        received = channel.recv_into(view)
        if not received:
            raise EOFError("the other side is gone")
        view = view[received:]
    return content
