"""The screens are built again when, and only when, something they are made of has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

import ui_build


@pytest.fixture
def screens_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small ui/ and the place its build goes to."""
    ui = tmp_path / "ui"
    (ui / "src").mkdir(parents=True)
    (ui / "package.json").write_text("{}")
    (ui / "src" / "main.ts").write_text("start();")
    static = tmp_path / "static"
    static.mkdir()
    monkeypatch.setattr(ui_build, "UI", ui)
    monkeypatch.setattr(ui_build, "BUILT", static / ".sources")
    (static / ".sources").write_text(ui_build.sources_hash())
    return ui


def test_what_was_just_built_is_current(screens_of: Path) -> None:
    assert ui_build.state() == "current"


@pytest.mark.parametrize("name", ["src/main.ts", "src/new.svelte", "package-lock.json", "index.html"])
def test_a_changed_source_makes_it_stale(screens_of: Path, name: str) -> None:
    (screens_of / name).write_text("changed")
    assert ui_build.state() == "stale"


def test_a_renamed_source_makes_it_stale(screens_of: Path) -> None:
    (screens_of / "src" / "main.ts").rename(screens_of / "src" / "start.ts")
    assert ui_build.state() == "stale"


@pytest.mark.parametrize("name", ["src/main.test.ts", "node_modules/x.js", "test-results/y.json"])
def test_what_no_build_reads_changes_nothing(screens_of: Path, name: str) -> None:
    (screens_of / name).parent.mkdir(exist_ok=True)
    (screens_of / name).write_text("changed")
    assert ui_build.state() == "current"


def test_a_build_that_was_swept_away_is_stale(screens_of: Path) -> None:
    ui_build.BUILT.unlink()
    assert ui_build.state() == "stale"


def test_without_a_ui_there_is_nothing_to_build(screens_of: Path) -> None:
    (screens_of / "package.json").unlink()
    assert ui_build.state() == "absent"
