"""The page of commands says what the command line does, and who may."""

from __future__ import annotations

import json

import commands_page


def test_the_page_is_what_the_verbs_say() -> None:
    written = commands_page.PAGE.read_text(encoding="utf-8")
    assert written == commands_page.page(), "run scripts/commands_page.py"


def test_every_verb_stands_there_with_who_may() -> None:
    verbs = json.loads(commands_page.VERBS.read_text(encoding="utf-8"))["verbs"]
    may, text = commands_page.allowed(), commands_page.page()
    for verb in verbs:
        assert f"`{verb['shape']}`" in text
        assert commands_page.who(verb, may), f"nobody may {verb['verb']}: {verb['actions']}"
    assert may["incidents.close"] == {"dispatcher", "commander"}
    assert may["assignments.status"] == {"dispatcher", "commander", "field unit"}


def test_an_old_page_is_told(tmp_path, monkeypatch, capsys) -> None:
    assert commands_page.main(["check"]) == 0
    monkeypatch.setattr(commands_page, "ROOT", tmp_path)
    monkeypatch.setattr(commands_page, "PAGE", tmp_path / "commands.md")
    assert commands_page.main(["check"]) == 1
    assert commands_page.main([]) == 0
    assert commands_page.main(["check"]) == 0
    assert "old" in capsys.readouterr().out
