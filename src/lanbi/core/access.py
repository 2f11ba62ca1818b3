"""Who acts, and the question whether they may."""

from typing import Literal, Protocol

import msgspec

ROLES = ("call_taker", "dispatcher", "commander", "field_unit", "analyst", "auditor", "administrator")
LANGUAGES = ("ht", "fr", "es", "en")
DEFAULT_LANGUAGE = "ht"


class Actor(msgspec.Struct, frozen=True):
    """Who asks for something: a signed-in account, a machine's token, or the node itself.

    `role`: one of `ROLES`, or "system" for the node's own work.
    `unit_id`: the unit whose crew this is, for the role `field_unit`.
    """

    id: str
    name: str
    role: str
    lang: str = DEFAULT_LANGUAGE
    unit_id: str | None = None
    kind: Literal["account", "token", "system"] = "account"


class Person(msgspec.Struct, frozen=True):
    """Somebody of the floor, by the name they had then."""

    id: str
    name: str


SYSTEM = Actor(id="system", name="system", role="system", kind="system")


class Gate(Protocol):
    """Decides by the policies; the same question always gets the same answer."""

    def require(self, actor: Actor, action: str, **about: str | bool) -> None:
        """Returns if `actor` may do `action`; raises `Forbidden("not-allowed")` if not.

        `action` is "<domain>.<verb>"; `about` gives the few facts of the resource
        that the policies ask for (for instance `own=True`).
        """
        ...

    def allows(self, actor: Actor, action: str, **about: str | bool) -> bool:
        """Whether `require` would return."""
        ...
