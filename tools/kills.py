"""Kills builds, dumps and exports at random moments and looks whether what was there before is whole each time.

python tools/kills.py build/kills --kills 50 --seed 1: a line for each kill and one with the numbers; it fails at the
first thing that is lost. What is written is the release of a few sentences, from documents that change each time. A
command that ended before its moment is no kill: what is there is looked at, and another moment is drawn.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from spacekg import dumps, durable
from spacekg.release import Release, open_release

COMMANDS = ("build", "dumps", "export")
TRIES = 20
"""How many moments are drawn before a command counts as too quick to be killed."""
SAID = "NASA and ESA built the James Webb Space Telescope. Number {} of these texts says no more.\n"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the commands read and write."""

    folder: Path

    @property
    def documents(self) -> Path:
        """The folder of texts."""
        return self.folder / "documents"

    @property
    def out(self) -> Path:
        """The folder of releases."""
        return self.folder / "releases"

    @property
    def export(self) -> Path:
        """The file that is exported to."""
        return self.folder / "all.ttl"

    def command(self, name: str) -> list[str]:
        """Give a command of spacekg by its name."""
        arguments = {
            "build": [str(self.documents), "--out", str(self.out)],
            "dumps": ["--release", str(self.out)],
            "export": [str(self.export), "--release", str(self.out)],
        }
        return [sys.executable, "-m", "spacekg", name, *arguments[name]]


def main() -> None:
    """Read the arguments, kill, and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    print(run(Place(chosen.folder), chosen.kills, random.Random(chosen.seed)))


def run(place: Place, kills: int, chance: random.Random) -> str:
    """Kill each command in turn until as many kills as wanted have met a command at work.

    A moment is drawn from how long the command takes when nobody kills it. The numbers say also how many kills met a
    command that had begun to write.

    Raises:
        AssertionError: something is lost or half, or a command ends too soon each time.
    """
    place.documents.mkdir(parents=True)
    longest = {name: timed(place, name) for name in COMMANDS}
    seen: Counter[str] = Counter()
    for number in range(kills):
        name = COMMANDS[number % len(COMMANDS)]
        for attempt in range(TRIES):
            work(place, name, f"{number} {attempt}")
            before, text, half = open_release(place.out), place.export.read_bytes(), traces(place)
            moment = chance.uniform(0, longest[name])
            ended = kill(place.command(name), moment)
            met = "had ended" if ended else "killed while it wrote" if traces(place) - half else "killed"
            what = look(place, before, text)
            print(f"{number + 1:3} {name:6} after {moment:5.2f} s: {met}, {what}", flush=True)
            seen[f"{name} {met}"] += 1
            if not ended:
                seen[what] += 1
                break
        else:
            raise AssertionError(f"{name} ended before each of {TRIES} moments")
    for name in COMMANDS:
        subprocess.run(place.command(name), check=True, capture_output=True)
    last = dumps.find(open_release(place.out))
    assert last is not None, "the dumps cannot be written any more"
    last.check()
    for folder in (place.out, place.out / dumps.FOLDER):
        assert not (folder / durable.UNFINISHED).exists(), f"{folder}: what a killed command left was not cleared away"
    return ", ".join(f"{what}: {count}" for what, count in sorted(seen.items()))


def timed(place: Place, name: str) -> float:
    """Run a command for the first time; gives the seconds it takes."""
    change(place, "first")
    began = time.monotonic()
    subprocess.run(place.command(name), check=True, capture_output=True)
    return time.monotonic() - began


def work(place: Place, name: str, what: str) -> None:
    """See to it that a command has something to do: a new text for a build, no dumps where they would be found."""
    if name == "build":
        change(place, what)
    if name == "dumps":
        shutil.rmtree(dumps.folder_of(open_release(place.out)), ignore_errors=True)


def traces(place: Place) -> set[tuple[Path, int]]:
    """List what is half written, and when it last changed."""
    found = [folder / durable.UNFINISHED for folder in (place.out, place.out / dumps.FOLDER)]
    found += place.folder.glob(".*.partial")
    return {(path, path.stat().st_ctime_ns) for path in found if path.exists()}


def change(place: Place, what: str) -> None:
    """Change a document, so that the next build makes another release."""
    (place.documents / "text.txt").write_text(SAID.format(what), encoding="utf-8")


def kill(command: list[str], seconds: float) -> bool:
    """Start a command and kill it and all it started after some time; gives whether it had ended before."""
    with subprocess.Popen(
        command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return False
        assert process.returncode == 0, f"{command} failed by itself"
        return True


def look(place: Place, before: Release, text: bytes) -> str:
    """Verify all that is there as its readers do, by hashes; an exported file is the old one or a whole one."""
    now = open_release(place.out)
    assert open_release(before.folder).id == before.id, "the old release is lost"
    found = dumps.find(now)
    if found is not None:
        found.check()
    after = place.export.read_bytes()
    if after != text:
        import pyoxigraph  # noqa: PLC0415  # seldom wanted

        count = sum(1 for _ in pyoxigraph.parse(after, format=pyoxigraph.RdfFormat.TURTLE))
        assert count > 0, "the exported file is empty"
    return "the new release" if now.id != before.id else "the old release"


if __name__ == "__main__":
    main()
