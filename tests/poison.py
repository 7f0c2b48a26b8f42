"""What makes reading a document break down, as a fault in a library would."""

from __future__ import annotations

import os
import time

from spacekg.reference import Entity, Name

NOWHERE = Name("Poisonium", "no-such-entity", "en", "label", "", "curated")


class Deadly(dict[str, Entity]):
    """Entities of which one takes down whoever asks for it, as a fault in a library would."""

    def __getitem__(self, key: str) -> Entity:
        if key == NOWHERE.entity:
            os._exit(9)
        return super().__getitem__(key)


class Endless(dict[str, Entity]):
    """Entities of which one is never found."""

    def __getitem__(self, key: str) -> Entity:
        while key == NOWHERE.entity:
            time.monotonic()
        return super().__getitem__(key)
