"""What several test modules share: the shipped declarations, and one release of the shipped documents."""

from __future__ import annotations

import pytest

from spacekg import declared, reference
from spacekg.declared import Declared
from spacekg.reference import Reference
from spacekg.release import Release


@pytest.fixture(scope="session")
def rules() -> Declared:
    """The declarations that come with spacekg."""
    return declared.read(declared.shipped())


@pytest.fixture(scope="session")
def known(rules: Declared) -> Reference:
    """The reference tables that come with spacekg."""
    return reference.read(rules.folder / "data" / "reference")


@pytest.fixture(scope="session")
def shipped_release(rules: Declared, known: Reference, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of the documents that come with spacekg; its parent folder is one that `--release` takes."""
    from spacekg import pipeline  # noqa: PLC0415

    out = tmp_path_factory.mktemp("shipped")
    return pipeline.build([rules.folder / "data" / "documents"], out, rules, known, lambda _: None)
