"""Put the built screens and the policies into the wheel, so that `uvx --from . lanbi demo` has them.

An editable install gets nothing from here: `make` builds the UI itself, and `uv sync` stays quick.
"""

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WholeWheelHook(BuildHookInterface):
    """Build ui/ before files are gathered, when static/ is not up to date; add what stands outside src/."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """`version` is "editable" for an editable install, "standard" otherwise (hatchling's words)."""
        if version == "editable":
            return
        script = Path(self.root) / "scripts" / "ui_build.py"
        if script.exists():
            runpy.run_path(str(script))["build"](quiet=True)
        if self.target_name == "wheel":  # at the top of a checkout, beside the code in a wheel
            build_data["force_include"][str(Path(self.root) / "policies")] = "lanbi/policies"
