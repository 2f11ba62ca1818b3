"""Other sites and letters as people and machines see them: rows of the API."""

import msgspec

from lanbi.core.time import Instant, rfc3339, rfc3339_or_none
from lanbi.locales import hint, say
from lanbi.partners.model import BundleReport, Letter, Link, Partner, Us, fingerprint
from lanbi.record.checkpoint import key_id_of


class PartnerKeyRow(msgspec.Struct, frozen=True, kw_only=True):
    """A key. `fingerprint`: eight groups of five figures, to be compared by voice."""

    key_id: str
    key: str
    fingerprint: str
    added_at: str
    retired_at: str | None


class PartnerLinkRow(msgspec.Struct, frozen=True, kw_only=True):
    """How the connection is, as far as this process knows. `detail`: why it fails, as a sentence."""

    reached_at: str | None
    failing_since: str | None
    failures: int
    next_at: str | None
    reason: str | None
    detail: str | None


class PartnerRow(msgspec.Struct, frozen=True, kw_only=True):
    """Another site. `screening`: what somebody said of how it respects human rights; null once erased.
    `waiting`, `refused`: letters that wait for it, and that it refused. `link`: null until it was tried."""

    id: str
    version: int
    code: str
    state: str
    name: str
    url: str | None
    keys: list[PartnerKeyRow]
    kinds_in: tuple[str, ...]
    kinds_out: tuple[str, ...]
    enabled: bool
    screening: str | None
    screened_at: str
    screened_by: str
    screening_due: bool
    added_at: str
    retired_at: str | None
    waiting: int
    refused: int
    link: PartnerLinkRow | None


class UsRow(msgspec.Struct, frozen=True, kw_only=True):
    """This site, as another's administrator must enter it."""

    code: str
    key: str
    key_id: str
    fingerprint: str


class LetterRow(msgspec.Struct, frozen=True, kw_only=True):
    """A letter, without what it says.

    `state`: waiting, delivered, refused, dropped of one that goes out; taken, kept, early, refused of one
    that came. `detail`, `hint`: why it was refused and what to do, as sentences. `receipt_at`: when its
    receipt was written down here; `receipt`: the receipt itself, signed, where one letter is asked for.
    """

    id: str
    version: int
    direction: str
    partner: str
    kind: str
    in_reply_to: str | None
    made_at: str
    bytes: int
    content: str
    key_id: str
    signature: str
    state: str
    outcome: str | None
    reason: str | None
    detail: str | None
    hint: str | None
    receipt_at: str | None
    receipt: str | None = None


class LetterPage(msgspec.Struct, frozen=True):
    """One page of letters, newest first."""

    items: list[LetterRow]
    next: str | None


class BundleLineRow(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one letter of a file."""

    letter: str | None
    kind: str | None
    outcome: str
    reason: str | None
    detail: str | None


class BundleRow(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a file of letters."""

    sender: str
    taken: int
    refused: int
    items: list[BundleLineRow]


def us_row(us: Us) -> UsRow:
    return UsRow(
        code=us.code,
        key=us.public_key.hex(),
        key_id=key_id_of(us.public_key),
        fingerprint=fingerprint(us.public_key),
    )


def partner_row(
    partner: Partner, *, counts: dict[tuple[str, str], int], link: Link | None, now: Instant, lang: str
) -> PartnerRow:
    """`counts`: letters by (code, state), see `Outbox.counts`."""
    return PartnerRow(
        id=partner.code,
        version=partner.seq,
        code=partner.code,
        state=partner.state,
        name=partner.name,
        url=partner.url,
        keys=[
            PartnerKeyRow(
                key_id=key.key_id,
                key=key.public_key.hex(),
                fingerprint=fingerprint(key.public_key),
                added_at=rfc3339(key.added_at),
                retired_at=rfc3339_or_none(key.retired_at),
            )
            for key in partner.keys
        ],
        kinds_in=partner.kinds_in,
        kinds_out=partner.kinds_out,
        enabled=partner.enabled,
        screening=partner.screening,
        screened_at=rfc3339(partner.screened_at),
        screened_by=partner.screened_by,
        screening_due=partner.screening_due(now),
        added_at=rfc3339(partner.added_at),
        retired_at=rfc3339_or_none(partner.retired_at),
        waiting=counts.get((partner.code, "waiting"), 0),
        refused=counts.get((partner.code, "refused"), 0),
        link=None if link is None else _link_row(link, lang),
    )


def _link_row(link: Link, lang: str) -> PartnerLinkRow:
    return PartnerLinkRow(
        reached_at=rfc3339_or_none(link.reached_at),
        failing_since=rfc3339_or_none(link.failing_since),
        failures=link.failures,
        next_at=rfc3339_or_none(link.next_at),
        reason=link.reason,
        detail=None if link.reason is None else say(lang, link.reason, **link.args),
    )


def letter_row(letter: Letter, lang: str, *, whole: bool = False) -> LetterRow:
    """`whole`: with its receipt."""
    reason = letter.reason
    return LetterRow(
        id=letter.id,
        version=letter.seq,
        direction=letter.direction,
        partner=letter.partner,
        kind=letter.kind,
        in_reply_to=letter.in_reply_to,
        made_at=rfc3339(letter.made_at),
        bytes=letter.body_bytes,
        content=letter.content,
        key_id=letter.key_id,
        signature=letter.signature,
        state=letter.state,
        outcome=letter.outcome,
        reason=reason,
        detail=None if reason is None else say(lang, reason, **letter.args),
        hint=None if reason is None else hint(lang, reason, **letter.args) or None,
        receipt_at=rfc3339_or_none(letter.settled_at),
        receipt=letter.receipt.decode() if whole and letter.receipt is not None else None,
    )


def bundle_row(report: BundleReport, lang: str) -> BundleRow:
    return BundleRow(
        sender=report.sender,
        taken=sum(1 for line in report.lines if line.outcome != "refused"),
        refused=sum(1 for line in report.lines if line.outcome == "refused"),
        items=[
            BundleLineRow(
                letter=line.letter,
                kind=line.kind,
                outcome=line.outcome,
                reason=line.reason,
                detail=None if line.reason is None else say(lang, line.reason, **line.args),
            )
            for line in report.lines
        ],
    )
