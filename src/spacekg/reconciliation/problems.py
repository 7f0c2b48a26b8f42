"""problems  what a request to look names up can do wrong."""

from __future__ import annotations

from spacekg.errors import SpacekgError


class BadBatchError(SpacekgError):
    """A request is no JSON, or not of the form that the service reads; the message says where."""


class BatchTooLargeError(SpacekgError):
    """A request asks more at once than is answered at once."""


class UnknownIdError(SpacekgError):
    """Nothing is called so."""
