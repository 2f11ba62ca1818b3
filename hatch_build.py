"""Put the built screens into the wheel, so that `uvx --from . lanbi demo` shows them.

An editable install gets nothing from here: `make` builds the UI itself, and `uv sync` stays quick.
"""

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ScreensHook(BuildHookInterface):
    """Build ui/ before the files of a wheel or an sdist are gathered, when static/ is not up to date."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """`version` is "editable" for an editable install, "standard" otherwise (hatchling's words)."""
        if version == "editable":
            return
        script = Path(self.root) / "scripts" / "ui_build.py"
        if script.exists():
            runpy.run_path(str(script))["build"](quiet=True)
