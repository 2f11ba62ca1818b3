"""The gate: Cedar policies decide, and each decision is remembered.

A decision depends only on the role, the action and the few facts handed in, so
there are a few hundred different questions in all. Each is put to Cedar once
(0.1 to 0.6 ms) and answered from memory after that.
"""

import re
from pathlib import Path

import cedarpy

from lanbi.core.access import ROLES, Actor
from lanbi.core.errors import Forbidden, Malformed

DECISIONS_MAX = 20_000
_ACTION = re.compile(r'Lanbi::Action::"([a-z_]+\.[a-z_]+)"')

# Groups that the policies name, by role; a role is always also a group of itself.
_GROUPS = {
    "call_taker": ("floor",),
    "dispatcher": ("floor", "dispatch"),
    "commander": ("floor", "dispatch"),
}


def _entities() -> list[dict[str, object]]:
    groups = sorted({group for names in _GROUPS.values() for group in names})
    entities: list[dict[str, object]] = [
        {"uid": {"type": "Lanbi::Group", "id": group}, "attrs": {}, "parents": []} for group in groups
    ]
    entities += [
        {
            "uid": {"type": "Lanbi::Role", "id": role},
            "attrs": {},
            "parents": [{"type": "Lanbi::Group", "id": group} for group in _GROUPS.get(role, ())],
        }
        for role in (*ROLES, "system")
    ]
    return entities


class CedarGate:
    """A `Gate` over a folder of `*.cedar` files."""

    def __init__(self, *folders: Path) -> None:
        """`folders`: the shipped policies, and a site's own. Every file is read; the order does not matter.

        Raises `Malformed("policies-unreadable")` when a file is not Cedar, or none is there:
        a house without policies lets nobody do anything, and had better say so at the door.
        """
        files = [file for folder in folders if folder.is_dir() for file in sorted(folder.glob("*.cedar"))]
        self._text = "\n".join(file.read_text(encoding="utf-8") for file in files)
        self._entities = _entities()
        self._decisions: dict[tuple[object, ...], bool] = {}
        self.actions = tuple(sorted(set(_ACTION.findall(self._text))))
        try:
            parsed = cedarpy.policies_to_json_str(self._text) if files else ""
        except ValueError as error:
            raise Malformed(
                "policies-unreadable", folder=", ".join(map(str, folders)), detail=str(error)
            ) from error
        if not parsed:
            raise Malformed("policies-unreadable", folder=", ".join(map(str, folders)), detail="no files")

    def allows(self, actor: Actor, action: str, **about: str | bool) -> bool:
        key = (actor.role, action, *sorted(about.items()))
        known = self._decisions.get(key)
        if known is None:
            if len(self._decisions) >= DECISIONS_MAX:
                self._decisions.clear()
            known = self._decisions[key] = self._ask(actor.role, action, about)
        return known

    def require(self, actor: Actor, action: str, **about: str | bool) -> None:
        if not self.allows(actor, action, **about):
            raise Forbidden("not-allowed", action=action, role=actor.role)

    def may(self, actor: Actor) -> list[str]:
        """Every action that the policies name and this actor may do, on its own things or on any.

        For a screen that wants to offer only what will not be refused.
        """
        return [
            action
            for action in self.actions
            if self.allows(actor, action)
            or (actor.unit_id is not None and self.allows(actor, action, own=True))
        ]

    def _ask(self, role: str, action: str, about: dict[str, str | bool]) -> bool:
        request = {
            "principal": f'Lanbi::Role::"{role}"',
            "action": f'Lanbi::Action::"{action}"',
            "resource": 'Lanbi::Site::"here"',
            "context": {"own": False, **about},
        }
        return cedarpy.is_authorized(request, self._text, self._entities).allowed
