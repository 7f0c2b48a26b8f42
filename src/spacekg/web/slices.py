"""slices    an answer with a range of a file → the same, sent from disk and never held in memory."""

from __future__ import annotations

import io
from pathlib import Path
from typing import BinaryIO

from flask import Response, request
from werkzeug.wsgi import wrap_file


class Slice(io.RawIOBase):
    """A part of a file, as a file of its own that can be read and sought in."""

    def __init__(self, file: BinaryIO, start: int, length: int) -> None:
        super().__init__()
        self._file, self._start, self._length = file, start, length
        file.seek(start)

    def readable(self) -> bool:
        """Whether it can be read: yes."""
        return True

    def seekable(self) -> bool:
        """Whether it can be sought in: yes."""
        return True

    def tell(self) -> int:
        """Give the place in the part."""
        return self._file.tell() - self._start

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place in the part."""
        begin = {io.SEEK_SET: 0, io.SEEK_CUR: self.tell(), io.SEEK_END: self._length}[whence]
        return self._file.seek(self._start + max(0, begin + place)) - self._start

    def read(self, size: int = -1) -> bytes:
        """Read at most so many bytes, none behind the end of the part."""
        left = max(0, self._length - self.tell())
        return self._file.read(left if size < 0 else min(size, left))

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


def from_disk(response: Response, path: Path) -> None:
    """Have the range that an answer promises sent as the server sends whole files.

    Werkzeug gives it piece by piece, and the server would hold all pieces that a slow client has not yet taken.
    """
    start, stop = response.content_range.start, response.content_range.stop
    if response.status_code != 206 or start is None or stop is None:
        return
    response.close()
    response.response = wrap_file(request.environ, Slice(path.open("rb"), start, stop - start))  # type: ignore[arg-type]  # it has all that is asked of a file
