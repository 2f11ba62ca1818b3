#!/usr/bin/env python3
"""Write docs/reference/commands.md from the verbs that the command line itself reads.

    python3 scripts/commands_page.py          write the page
    python3 scripts/commands_page.py check    fail if the page is not what it would write

Standard library only. The verbs are ui/src/features/command/verbs.json, their sentences those of the English
catalogue, and who may do what comes from policies/lanbi.cedar.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VERBS = ROOT / "ui" / "src" / "features" / "command" / "verbs.json"
CATALOGUES = ROOT / "ui" / "src" / "i18n" / "en"
POLICIES = ROOT / "policies" / "lanbi.cedar"
PAGE = ROOT / "docs" / "reference" / "commands.md"
GROUPS = {
    "incident": "Incidents",
    "units": "Units",
    "alarm": "Alarms and calls",
    "room": "The room",
}
TAG_MEANS = {
    "loc": "the place, in words: a landmark and how it lies to it",
    "type": "the type, by the beginning of its label in your language",
    "pr": "the priority, 0 to 4",
    "title": "the title",
    "a": "the first note; it runs to the end of the line",
    "kind": "what is on the road, by the beginning of its label",
}
# What the groups of the policies are, and how a reader calls them.
WHO = {
    'Group::"floor"': ("call taker", "dispatcher", "commander"),
    'Group::"dispatch"': ("dispatcher", "commander"),
    'Role::"call_taker"': ("call taker",),
    'Role::"dispatcher"': ("dispatcher",),
    'Role::"commander"': ("commander",),
    'Role::"field_unit"': ("field unit",),
    'Role::"analyst"': ("analyst",),
    'Role::"auditor"': ("auditor",),
    'Role::"administrator"': ("administrator",),
}
ROLES = tuple(dict.fromkeys(role for roles in WHO.values() for role in roles))
HEAD = """# Commands

*Written by `scripts/commands_page.py` from the verbs themselves. Change those, not this page.*

`/` or F2 opens the command line from any screen. The verb comes first, in capitals or not, with accents or
not. Before Enter the line above says what will happen; after it, one message says what did, or why not and
what to do next. Tab completes, ↑ leafs through what was typed, Esc clears. Where no incident is named, the
command is about the one in hand. `123` stands for an incident's number, `M21` for a callsign, `45` for a
call's number, `…` for words.

What a command can do, the mouse and a finger can do too: each has its button, or its place on the map.
"""
UNDO = """## Undo

For ten seconds after a command that can be undone, Z (outside a field), Ctrl+Z (in an empty line), the verb
`Z` and a button beside the message take it back. Only the last one, only by who did it, and only while
nothing came on top. Undoing is a command of its own: both stay in the journal. It is sent at once or not at
all: when the link is cut, it is refused.
"""


def sentences() -> dict[str, str]:
    """The English catalogue: id → text."""
    found: dict[str, str] = {}
    for file in sorted(CATALOGUES.glob("*.ftl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            match = re.match(r"([a-z][a-z0-9-]*) = (.*)", line)
            if match:
                found[match.group(1)] = match.group(2)
    return found


def allowed() -> dict[str, set[str]]:
    """Which roles the shipped policies let do an action: action → roles, as a reader calls them."""
    found: dict[str, set[str]] = {}
    text = re.sub(r"//[^\n]*", "", POLICIES.read_text(encoding="utf-8"))
    for body in re.findall(r"permit\s*\((.*?)\)\s*(?:when\b|;)", text, re.DOTALL):
        principal = body.split("action", 1)[0]
        roles = {role for name, names in WHO.items() if name in principal for role in names}
        for action in re.findall(r'Lanbi::Action::"([a-z_.]+)"', body):
            found.setdefault(action, set()).update(roles)
    return found


def who(verb: dict[str, Any], may: dict[str, set[str]]) -> str:
    """Who may use a verb, in the order of the house."""
    if not verb["actions"]:
        return "everybody"
    roles = set().union(*(may.get(action, set()) for action in verb["actions"]))
    return ", ".join(role for role in ROLES if role in roles)


def table(verbs: list[dict[str, Any]], say: dict[str, str], may: dict[str, set[str]]) -> list[str]:
    """The rows of one group."""
    lines = ["| verb | also | example | does | who may | undo |", "|---|---|---|---|---|---|"]
    for verb in verbs:
        cells = (
            f"`{verb['shape']}`",
            ", ".join(f"`{alias}`" for alias in verb["aliases"]),
            f"`{verb['example']}`",
            say["verb-" + verb["id"]],
            who(verb, may),
            "10 s" if verb["undo"] else "",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def page() -> str:
    """The whole page."""
    data = json.loads(VERBS.read_text(encoding="utf-8"))
    say, may = sentences(), allowed()
    parts = [HEAD]
    for group, title in GROUPS.items():
        rows = [verb for verb in data["verbs"] if verb["group"] == group]
        if rows:
            parts += [f"## {title}\n", "\n".join(table(rows, say, may)) + "\n"]
    tags = ["| tag | also | means | with |", "|---|---|---|---|"]
    for tag, also in data["tags"].items():
        with_verbs = ", ".join(f"`{verb['verb']}`" for verb in data["verbs"] if tag in verb["tags"])
        names = ", ".join(f"`{name}:`" for name in also)
        tags.append(f"| `{tag}:` | {names} | {TAG_MEANS[tag]} | {with_verbs} |")
    parts += [
        "## Tags\n\nA value runs to the next tag. A capital `A` that stands alone begins the note.\n",
        "\n".join(tags) + "\n",
        UNDO,
    ]
    return "\n".join(parts)


def main(words: list[str]) -> int:
    """Writes the page, or says whether it is up to date."""
    text = page()
    if words == ["check"]:
        current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == text
        print("current" if current else f"{PAGE.relative_to(ROOT)} is old: run scripts/commands_page.py")
        return 0 if current else 1
    PAGE.write_text(text, encoding="utf-8")
    print(PAGE.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
