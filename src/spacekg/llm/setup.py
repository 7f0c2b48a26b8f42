"""setup     the environment → which model to ask, where, at what price, and where answers are kept."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from spacekg.errors import ExtractorError

PREFIX = "SPACEKG_LLM_"


@dataclass(frozen=True, slots=True)
class Setup:
    """How to reach a model. `seconds` is the time for one answer; prices are for a million tokens."""

    url: str
    """The address above `/chat/completions`, such as `http://127.0.0.1:8080/v1`."""
    model: str
    key: str = field(default="", repr=False)
    cache: Path | None = None
    price_in: float = 0.0
    price_out: float = 0.0
    seconds: float = 120.0
    tokens: int = 0
    """The most that one answer may have; 0 leaves it to the server."""
    attempts: int = 4
    pause: float = 1.0
    """Seconds before the second attempt; each later pause is twice the one before."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Setup:
        """Read `SPACEKG_LLM_URL`, `_MODEL`, `_KEY`, `_CACHE`, `_PRICE_IN`, `_PRICE_OUT`, `_SECONDS`, `_TOKENS`.

        Raises:
            ExtractorError: there is no address or model, or a number is none.
        """
        values = {name.removeprefix(PREFIX): value for name, value in environment.items() if name.startswith(PREFIX)}
        missing = [f"{PREFIX}{name}" for name in ("URL", "MODEL") if not values.get(name)]
        if missing:
            raise ExtractorError(f"the extractor llm needs {' and '.join(missing)} in the environment")
        if not values["URL"].startswith(("http://", "https://")):
            raise ExtractorError(f"{PREFIX}URL is no http or https address")
        return cls(
            url=values["URL"].rstrip("/"),
            model=values["MODEL"],
            key=values.get("KEY", ""),
            cache=Path(values.get("CACHE") or Path.home() / ".cache" / "spacekg" / "llm"),
            price_in=_number(values, "PRICE_IN", 0.0),
            price_out=_number(values, "PRICE_OUT", 0.0),
            seconds=_number(values, "SECONDS", 120.0),
            tokens=int(_number(values, "TOKENS", 0.0)),
        )


def _number(values: Mapping[str, str], name: str, otherwise: float) -> float:
    try:
        number = float(values.get(name) or otherwise)
    except ValueError:
        number = -1.0
    if not 0.0 <= number < float("inf"):
        raise ExtractorError(f"{PREFIX}{name} is no number of 0 or more")
    return number
