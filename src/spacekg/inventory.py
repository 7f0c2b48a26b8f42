"""inventory write quads → a file of them, and what the manifest of a release tells of it."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from pyoxigraph import Quad

from spacekg.declared import GRAPHS, OWL, SKG

LICENCE = "http://purl.org/dc/terms/license"
PIECE = 1 << 20


@dataclass(slots=True)
class Inventory:
    """What is in a file of quads, counted as it is written."""

    size: int = 0
    sha256: str = ""
    ontology: str = ""
    """The version of the ontology."""
    quads: Counter[str] = field(default_factory=Counter)
    """How many there are in each graph."""
    claims: Counter[str] = field(default_factory=Counter)
    """How many there are of each status."""
    licences: dict[str, str] = field(default_factory=dict)
    """The licence of whatever has one."""

    def count(self, quad: Quad) -> None:
        """Count one more."""
        predicate, value = quad.predicate.value, str(getattr(quad.object, "value", ""))
        self.quads[str(quad.graph_name).strip("<>")] += 1
        if predicate == f"{OWL}versionInfo" and quad.graph_name == GRAPHS["ontology"]:
            self.ontology = self.ontology or value
        elif predicate == f"{SKG}status":
            self.claims[value.rpartition("/")[2]] += 1
        elif predicate == LICENCE:
            self.licences[str(getattr(quad.subject, "value", ""))] = value

    def add(self, other: Inventory) -> None:
        """Add what was counted of the quads that come next."""
        self.quads.update(other.quads)
        self.claims.update(other.claims)
        self.licences.update(other.licences)
        self.ontology = self.ontology or other.ontology


def write(quads: Iterable[Quad], path: Path) -> Inventory:
    """Write quads in the order they come, and bring the file to disk; no more than one is held.

    Raises:
        OSError: it cannot be written.
    """
    found, digest = Inventory(), hashlib.sha256()
    with path.open("wb") as file:
        for quad in quads:
            line = f"{quad} .\n".encode()
            digest.update(line)
            found.size += file.write(line)
            found.count(quad)
        file.flush()
        os.fsync(file.fileno())
    found.sha256 = digest.hexdigest()
    return found


def join(pieces: Iterable[Path], counted: Inventory, path: Path) -> Inventory:
    """Write a file of quads from pieces that were counted, and bring it to disk.

    Raises:
        OSError: it cannot be written.
    """
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as file:
        for piece in pieces:
            with piece.open("rb") as source:
                while text := source.read(PIECE):
                    digest.update(text)
                    size += file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return replace(counted, size=size, sha256=digest.hexdigest())
