"""wire      what goes between the server and a worker: a JSON header and bytes, each with its length before it."""

from __future__ import annotations

import json
import socket
import struct
from dataclasses import asdict
from typing import Any

from spacekg import answers, errors, formats
from spacekg.answers import Answer, Limits, Request, Summary
from spacekg.formats import GraphFormat, ResultFormat

_LENGTHS = struct.Struct("!II")
_THREAD = struct.Struct("!I")
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

_FORMATS: dict[str, GraphFormat | ResultFormat] = {
    **{format.media_type: format for format in formats.GRAPHS},
    **{format.media_type: format for format in formats.RESULTS},
}


def send(channel: socket.socket, header: dict[str, Any], content: bytes = b"") -> None:
    """Send a header and the bytes that go with it."""
    packed = json.dumps(header).encode()
    lengths = _LENGTHS.pack(len(packed), len(content))
    if len(content) <= _SMALL:
        # Whoever receives it is woken only once.
        channel.sendall(b"".join((lengths, packed, content)))
    else:
        channel.sendall(lengths + packed)
        channel.sendall(content)


def receive(channel: socket.socket) -> tuple[dict[str, Any], bytes]:
    """Receive a header and the bytes that go with it.

    Raises:
        EOFError: the other side is gone.
    """
    header, content = _LENGTHS.unpack(_exactly(channel, _LENGTHS.size))
    return json.loads(_exactly(channel, header)), bytes(_exactly(channel, content))


def acknowledge(channel: socket.socket, thread: int) -> None:
    """Say that a request has come, and by which thread it is answered; 0 for no one that can be named."""
    channel.sendall(_THREAD.pack(thread))


def await_acknowledged(channel: socket.socket) -> int:
    """Wait until the other side says that a request has come; gives the thread that answers it.

    Raises:
        EOFError: the other side is gone, and so was when the request was sent.
    """
    return int(_THREAD.unpack(_exactly(channel, _THREAD.size))[0])


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
    }


def unpacked(header: dict[str, Any]) -> Request:
    """Read a request from a header."""
    return Request(
        query=header["query"],
        results=formats.find(header["results"], formats.RESULTS),
        graph=formats.find(header["graph"], formats.GRAPHS),
        default_graphs=tuple(header["default_graphs"]),
        named_graphs=tuple(header["named_graphs"]),
        bindings=header["bindings"],
        base=header["base"],
    )


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


def _exactly(channel: socket.socket, size: int) -> bytearray:
    content = bytearray(size)
    view = memoryview(content)
    while view:
        received = channel.recv_into(view)
        if not received:
            raise EOFError("the other side is gone")
        view = view[received:]
    return content
