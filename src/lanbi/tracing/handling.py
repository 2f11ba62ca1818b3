"""How a statement may be handled: whose it is, who may have it, for what, until when.

The Traffic Light Protocol (FIRST, TLP 2.0, 2022) is a label and says of itself that it is no legal or
access control; so the label travels along, and `why_kept` decides by the originator's rules.
"""

from typing import Literal

import msgspec

from lanbi.core.errors import Malformed

Tlp = Literal["CLEAR", "GREEN", "AMBER", "AMBER_STRICT", "RED"]
TLP: tuple[Tlp, ...] = ("CLEAR", "GREEN", "AMBER", "AMBER_STRICT", "RED")
RECIPIENTS_MAX = 40
ANYONE = "*"

Kept = Literal["withdrawn", "stopped", "red", "not_named", "purpose", "onward", "review_due", "sealed"]
"""Why a statement stays: its originator took it back; its originator stopped all onward use; TLP:RED; the
recipient is not named; not for this purpose; not ours to pass on; its review is overdue; personal data."""


class Handling(msgspec.Struct, frozen=True, kw_only=True):
    """The rules that an originator gave with a statement.

    `originator`: code of the state or site that it comes from. `releasable`: codes that may have it, sorted;
    `*` stands for anyone. `purposes`: codes that it may be used for; empty for any lawful one. `onward`:
    whether
    who received it may pass it on within the same rules. `review_on`: a day ("2027-03-01") after which it
    is not
    released until somebody looked at it again.
    """

    originator: str
    tlp: Tlp = "AMBER_STRICT"
    releasable: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    onward: bool = False
    review_on: str | None = None

    def __post_init__(self) -> None:
        if len(self.releasable) > RECIPIENTS_MAX:
            raise Malformed("tracing-recipients-many", limit=RECIPIENTS_MAX)
        for code in (self.originator, *self.releasable):
            if code != ANYONE and not is_party_code(code):
                raise Malformed("tracing-party-code", given=code[:20])


class HandlingRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The originator's rules as somebody gives them, in a form or a mapping; the strictest unless told."""

    tlp: Tlp = "AMBER_STRICT"
    releasable: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    onward: bool = False
    review_on: str | None = None

    def rules(self, originator: str) -> Handling:
        """Raises `Malformed` for what is no recipient."""
        return Handling(
            originator=originator,
            tlp=self.tlp,
            releasable=tuple(sorted(set(self.releasable))),
            purposes=tuple(sorted(set(self.purposes))),
            onward=self.onward,
            review_on=self.review_on,
        )


class Recipient(msgspec.Struct, frozen=True):
    """Who would receive something: a state or site, for a purpose, on a day ("2026-11-22")."""

    code: str
    purpose: str
    today: str


def is_party_code(code: str) -> bool:
    """Two to twelve capitals, digits or dashes, as "HT", "JM" or "HT-PAP"."""
    return (
        2 <= len(code) <= 12 and code.isascii() and code.replace("-", "").isalnum() and code == code.upper()
    )


def state_of(code: str) -> str:
    """The state that a site belongs to: "HT-PAP" is of "HT"."""
    return code.partition("-")[0]


def names(releasable: tuple[str, ...], code: str) -> bool:
    """Whether a list of recipients names this one, itself or its state, or anyone."""
    return ANYONE in releasable or code in releasable or state_of(code) in releasable


def why_kept(
    handling: Handling,
    to: Recipient,
    *,
    us: str,
    withdrawn: bool = False,
    stopped: bool = False,
    sealed: bool = False,
) -> Kept | None:
    """Why a statement may not go to `to`; None if it may.

    `us`: the code of the site that would release it. `withdrawn`: its originator took it back. `stopped`: its
    originator stopped everything it released. `sealed`: it is personal data, which leaves only by a trace
    answer that two persons approved. What an originator said itself may always go back to it.
    """
    if withdrawn:
        return "withdrawn"
    if stopped:
        return "stopped"
    if sealed:
        return "sealed"
    if to.code == handling.originator:
        return None
    if handling.tlp == "RED":
        return "red"
    if not names(handling.releasable, to.code):
        return "not_named"
    if handling.purposes and to.purpose not in handling.purposes:
        return "purpose"
    ours = handling.originator == us or state_of(us) == handling.originator
    if not ours and not handling.onward:
        return "onward"
    if handling.review_on is not None and handling.review_on < to.today:
        return "review_due"
    return None
