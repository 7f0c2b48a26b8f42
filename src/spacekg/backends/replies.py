"""replies   bytes of an HTTP connection → a whole answer, read piece by piece as they come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException, IncompleteRead, RemoteDisconnected

import httptools

from spacekg.answers import AnswerTooLargeError


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer of a server."""

    status: int
    headers: Mapping[str, str]
    """By names in small letters."""
    content: bytes

    @property
    def media_type(self) -> str:
        """Without its parameters, in small letters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Incoming:
    """An answer of which a part has come; http.client would wait for the rest, and keep all others waiting."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._parser = httptools.HttpResponseParser(self)
        self._headers: dict[str, str] = {}
        self._content = bytearray()
        self._begun = self._headed = False
        self.whole = False
        """Whether all of it has come."""
        self.stays = False
        """Whether the connection may be used again."""

    @property
    def reply(self) -> Reply:
        """The answer, when all has come."""
        return Reply(self._parser.get_status_code(), self._headers, bytes(self._content))

    def feed(self, piece: bytes) -> None:
        """Read on; no bytes are the end of the connection.

        Raises:
            AnswerTooLargeError: it is larger than it may be.
            HTTPException: it is no answer, or the connection ended in the middle of one.
        """
        if not piece:
            self._end()
            return
        try:
            self._parser.feed_data(piece)
        except httptools.HttpParserError as error:
            raise HTTPException(f"it does not speak HTTP: {error}") from None
        if len(self._content) > self._most:
            raise AnswerTooLargeError(f"the answer is larger than {self._most:,} bytes: add a LIMIT to the query")

    def _end(self) -> None:
        if not self._begun:
            raise RemoteDisconnected("it closed the connection without an answer")
        if not self._headed or not {"content-length", "transfer-encoding"}.isdisjoint(self._headers):
            raise IncompleteRead(bytes(self._content))
        self.whole = True

    # What httptools calls.

    def on_message_begin(self) -> None:
        """Begin an answer: one alone, or the one behind a word that it is on its way (1xx)."""
        if self.whole:
            raise HTTPException("it answered twice")
        self._begun, self._headed = True, False
        self._headers.clear()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        """Note that the body comes next."""
        self._headed = True

    def on_body(self, piece: bytes) -> None:
        """Take a piece of the body."""
        self._content += piece

    def on_message_complete(self) -> None:
        """Note that it has ended."""
        self.whole = self._parser.get_status_code() >= 200
        self.stays = self._parser.should_keep_alive()
