"""What `serve` is told and what it says."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import click
import pytest

from spacekg.answers import Limits
from spacekg.cli import hosting


def test_every_limit_can_be_changed() -> None:
    for each in fields(Limits):
        changed = hosting.limits([f"{each.name}=7"])
        assert getattr(changed, each.name) == 7
        assert type(getattr(changed, each.name)) is type(getattr(Limits(), each.name))
    assert hosting.limits([]) == Limits()
    assert hosting.limits(["kept_bytes=0"]) == Limits(kept_bytes=0)
    assert hosting.limits(["seconds=0.5", "rows=3", "rows=4"]) == Limits(seconds=0.5, rows=4)


@pytest.mark.parametrize(
    "change", ["seconds", "seconds=", "seconds=soon", "seconds=0", "rows=-1", "rows=nan", "speed=1"]
)
def test_what_is_no_limit_is_said(change: str) -> None:
    with pytest.raises(click.BadParameter, match=change):
        hosting.limits([change])


def test_it_says_what_holds_and_what_cannot() -> None:
    lines = "\n".join(hosting.said(Limits(seconds=7, client_seconds=13), ["memory"], 5))
    for part in (
        "7 s",
        "13 s of answering",
        "workers: 5",
        "walls around a worker: memory",
        "cannot hold: parent, network",
    ):
        assert part in lines
    assert "cannot hold" not in "\n".join(hosting.said(Limits(), hosting.WALLS, 5))


def test_a_token_is_read_from_its_file_or_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "token"
    file.write_text("0123456789abcdef\n")
    monkeypatch.setenv(hosting.TOKEN, "fedcba9876543210")
    assert hosting.token(file) == "0123456789abcdef"
    assert hosting.token(None) == "fedcba9876543210"
    monkeypatch.delenv(hosting.TOKEN)
    assert hosting.token(None) == ""
    file.write_text("short")
    with pytest.raises(click.BadParameter, match="guessed"):
        hosting.token(file)


@pytest.mark.parametrize(
    "base", ["example.org", "ftp://example.org/", "https://", "https://example.org/?a", "https://a/#b"]
)
def test_what_is_no_address_is_said(base: str) -> None:
    with pytest.raises(click.BadParameter, match="https"):
        hosting.address(base)
    assert hosting.address("https://example.org/kg") == "https://example.org/kg/"
