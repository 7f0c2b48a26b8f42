"""hatch_build   before a wheel is built, fetch what the pages take from npm; it is built all the same without it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent))

import assets  # the folder was not searched before the line above


class AssetsHook(BuildHookInterface):  # type: ignore[type-arg]  # it has no configuration of its own
    """Runs for wheels, editable ones too; a source distribution has the table and not the files."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  # hatchling gives them
        """Fetch the files; say so where that cannot be."""
        try:
            assets.bring(Path(self.root))
        except assets.NoAssetsError as error:
            self.app.display_warning(f"The pages will do without their scripts: {error}.")
