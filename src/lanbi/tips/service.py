"""What the triage desk and the holder of a code do with tips: load, decide, save, record, in one piece.

Words are in clear here only between a box and whoever may read it. The private key of a compartment is in
this process's memory while somebody has it unlocked, and nowhere else.
"""

import hmac
import secrets
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import cast

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from msgspec.structs import replace

from lanbi.core.access import Actor, Gate
from lanbi.core.errors import NotFound, Refused, TooMany
from lanbi.core.geo import Area
from lanbi.core.ids import new_id
from lanbi.core.ports import Reader, Tx
from lanbi.core.text import words
from lanbi.core.time import DAY, SECOND, Clock, Instant
from lanbi.core.vocabulary import RetentionTerm, Vocabulary
from lanbi.tips import boxes, sql
from lanbi.tips.boxes import COST, Cost, DoesNotOpen, Wrapped
from lanbi.tips.events import (
    CompartmentMade,
    Locked,
    PassphraseChanged,
    TipClosed,
    TipErased,
    TipFollowed,
    TipGraded,
    TipPassedOn,
    TipRead,
    TipReceived,
    TipReplied,
    TipWordsAdded,
    Unlocked,
    UnlockRefused,
)
from lanbi.tips.model import (
    ARRIVALS_MAX,
    COMPARTMENTS_TRIED_MAX,
    ERASE_TIPS_MAX,
    PASSED_CHARS_MAX,
    PIECES_MAX,
    PLACE_CHARS_MAX,
    REPLIES_SHOWN_MAX,
    REPLY_CHARS_MAX,
    TIDE_PIECES_MAX,
    UNLOCK_FAILURES_FOR,
    UNLOCK_FAILURES_MAX,
    UNLOCK_FOR,
    WORDS_CHARS_MAX,
    Answered,
    ArrivalKind,
    Channel,
    PassAs,
    Passed,
    Retention,
    Tip,
    Told,
    check_own_words,
    check_passphrase,
    context_of,
    rounded,
)
from lanbi.tips.receipt import holder_key, lookup_of, new_code, read_code

ARRIVAL_ID_BYTES = 16
TRIERS_MAX = 1_000

Keys = Mapping[str, X25519PrivateKey]
Report = Callable[[Tx, str, Area, str], str]
"""(tx, kind, area, words) → id of the observation that now stands on the floor."""
OpenIncident = Callable[[Tx, str | None, str, Area | None, str], tuple[str, int]]
"""(tx, type, title, area, words) → id and number of the incident that now stands on the floor."""


class Reply(msgspec.Struct, frozen=True):
    """What the desk answered, for who has the code."""

    at: Instant
    words: str


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A tip with its pieces in clear, in their order, and what the floor got of it."""

    tip: Tip
    pieces: list[tuple[Instant, Told | Answered]]
    passed: Passed | None


class _Keyring:
    """Which session has which private keys, until when."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[dict[str, X25519PrivateKey], Instant]] = {}

    def put(self, session: str, keys: Keys, until: Instant, now: Instant) -> None:
        self.sweep(now)
        self._held[session] = (dict(keys), until)

    def __len__(self) -> int:
        return len(self._held)

    def sweep(self, now: Instant) -> None:
        """Forgets what is over: a key that nobody may use must not lie in memory either."""
        self._held = {name: held for name, held in self._held.items() if held[1] > now}

    def clear(self) -> None:
        self._held = {}

    def drop(self, session: str) -> bool:
        return self._held.pop(session, None) is not None

    def until(self, session: str, now: Instant) -> Instant | None:
        held = self._held.get(session)
        return held[1] if held is not None and held[1] > now else None

    def keys(self, session: str, now: Instant) -> Keys:
        """Raises `Refused("tips-locked")`."""
        held = self._held.get(session)
        if held is None or held[1] <= now:
            self._held.pop(session, None)
            raise Refused("tips-locked")
        return held[0]


class Tips:
    """The use cases of tips."""

    def __init__(
        self,
        gate: Gate,
        vocabulary: Vocabulary,
        clock: Clock,
        *,
        report: Report,
        open_incident: OpenIncident,
        cost: Cost = COST,
    ) -> None:
        """`report` and `open_incident` put a new text before the floor. `cost`: of one passphrase guess."""
        self._gate = gate
        self._vocabulary = vocabulary
        self._clock = clock
        self._report = report
        self._open_incident = open_incident
        self._cost = cost
        self._keyring = _Keyring()
        self._failures: dict[str, tuple[int, Instant]] = {}

    # -- the door: whoever comes, unknown ----------------------------------------------------

    def receive(self, tx: Tx, *, channel: Channel, lang: str, text: str, place: str = "") -> str:
        """Seals a tip and puts it before the tide; returns its code, which nobody can make again.

        Records nothing. Raises `Refused("tips-no-compartment")`, `TooMany("tips-door-full")`, and what
        `core.text.words` raises.
        """
        told = self._told(tx, channel=channel, lang=lang, text=text, place=place)
        code = new_code()
        holder = holder_key(code).public_key().public_bytes_raw()
        self._arrive(tx, "tip", lookup_of(code), 1, msgspec.json.encode(told), reader_key=holder)
        return code

    def add(self, tx: Tx, code: str, *, lang: str, text: str) -> bool:
        """More words of the holder of a code, before the tide; False where the code opens nothing."""
        told = self._told(tx, channel="web", lang=lang, text=text, place="")
        bare = read_code(code)
        if bare is None:
            return False
        lookup = lookup_of(bare)
        tip, waiting = sql.by_lookup(tx, lookup), sql.arrivals_of(tx, lookup)
        if tip is None and not waiting:
            return False
        pieces = (0 if tip is None else tip.pieces) + len(waiting)
        if pieces >= PIECES_MAX:
            raise Refused("tips-full", limit=PIECES_MAX)
        ordinal = max((arrival.ordinal for arrival in waiting), default=pieces) + 1
        self._arrive(tx, "words", lookup, ordinal, msgspec.json.encode(told))
        return True

    def replies(self, reader: Reader, code: str) -> list[Reply] | None:
        """What the desk answered, oldest first; None where the code opens nothing. Leaves no trace."""
        # An impossible code does the same work as an unknown one.
        bare = read_code(code) or new_code()
        lookup, key = lookup_of(bare), holder_key(bare)
        tip = sql.by_lookup(reader, lookup)
        if tip is None:
            return [] if sql.arrivals_of(reader, lookup) else None
        if not hmac.compare_digest(tip.lookup or b"", lookup):
            return None
        found = sql.holder_boxes(reader, tip.id, REPLIES_SHOWN_MAX)
        context = context_of("reply", lookup)
        return [
            Reply(piece.at, boxes.open_box(key, piece.holder_box or b"", context).decode()) for piece in found
        ]

    def is_open(self, reader: Reader) -> bool:
        """Whether there is a compartment to take tips into."""
        return sql.compartment(reader) is not None

    # -- call takers ------------------------------------------------------------------------

    def may_take(self, actor: Actor) -> None:
        """Raises for who may not write down a tip."""
        self._gate.require(actor, "tips.take")

    # -- the compartment's key ---------------------------------------------------------------

    def check_making(self, actor: Actor, passphrase: str) -> None:
        """Raises for who may not make a compartment, and for a passphrase that is too short."""
        self._gate.require(actor, "tips.compartment")
        check_passphrase(passphrase)

    def new_pair(self, compartment_id: str, passphrase: str) -> Wrapped:
        """A fresh key pair under the passphrase. Slow on purpose: call it off the loop."""
        return boxes.new_compartment(compartment_id, check_passphrase(passphrase), self._cost)

    def make(self, tx: Tx, pair: Wrapped) -> sql.Compartment:
        """Tips are sealed for this pair from now on; what was sealed for an older one stays as it is."""
        self._gate.require(tx.actor, "tips.compartment")
        sql.add_compartment(tx, pair)
        tx.record(CompartmentMade(id=pair.id, public_key=pair.public_key.hex()))
        return sql.Compartment(pair, tx.now, None)

    def change_passphrase(self, tx: Tx, pair: Wrapped) -> None:
        """The same key under another passphrase; everybody has to unlock again."""
        self._gate.require(tx.actor, "tips.compartment")
        sql.rewrap(tx, pair)
        tx.record(PassphraseChanged(id=pair.id))
        self._keyring.clear()

    def rewrapped(self, pair: Wrapped, old: str, new: str) -> Wrapped:
        """Slow. Raises `Refused("tips-passphrase-wrong")`, `Malformed("tips-passphrase-short")`."""
        check_passphrase(new)
        try:
            key = boxes.unwrap(pair, old)
        except DoesNotOpen:
            raise Refused("tips-passphrase-wrong") from None
        return boxes.wrap(key, pair.id, new, self._cost)

    def compartment(self, reader: Reader, actor: Actor) -> sql.Compartment | None:
        """The present one, for the desk; `NotFound` looks the same as no right."""
        self._gate.require(actor, "tips.triage")
        return sql.compartment(reader)

    def pairs(self, reader: Reader, actor: Actor) -> list[Wrapped]:
        """The pairs that a passphrase is tried on; `Refused("tips-no-compartment")` for none."""
        self._gate.require(actor, "tips.triage")
        found = [item.pair for item in sql.compartments(reader, COMPARTMENTS_TRIED_MAX)]
        if not found:
            raise Refused("tips-no-compartment")
        return found

    def may_try(self, actor: Actor) -> None:
        """Raises `TooMany("tips-unlock-wait")` after five wrong passphrases."""
        failures, last = self._failures.get(actor.id, (0, 0))
        left = UNLOCK_FAILURES_FOR - (self._clock.now() - last)
        if failures >= UNLOCK_FAILURES_MAX and left > 0:
            raise TooMany("tips-unlock-wait", retry_after_s=left // SECOND + 1)

    def tried(self, pairs: list[Wrapped], passphrase: str) -> Keys:
        """The private keys that this passphrase opens; slow, so call it off the loop."""
        found: dict[str, X25519PrivateKey] = {}
        for pair in pairs:
            try:
                found[pair.id] = boxes.unwrap(pair, passphrase)
            except DoesNotOpen:
                continue
        return found

    def unlock(self, tx: Tx, session: str, pairs: list[Wrapped], keys: Keys) -> Instant | None:
        """Keeps the keys for the session for fifteen minutes; without any, notes the failure: None."""
        self._gate.require(tx.actor, "tips.triage")
        if not keys:
            failures, last = self._failures.get(tx.actor.id, (0, 0))
            if tx.now - last >= UNLOCK_FAILURES_FOR:
                failures = 0
            if len(self._failures) >= TRIERS_MAX:
                self._failures.clear()
            self._failures[tx.actor.id] = (failures + 1, tx.now)
            tx.record(UnlockRefused(id=pairs[0].id))
            return None
        until = tx.now + UNLOCK_FOR
        self._failures.pop(tx.actor.id, None)
        self._keyring.put(session, keys, until, tx.now)
        for compartment_id in keys:
            tx.record(Unlocked(id=compartment_id, until=until))
        return until

    def lock(self, tx: Tx, session: str) -> None:
        """Forgets the session's keys now. Twice is once."""
        self._gate.require(tx.actor, "tips.triage")
        if self._keyring.drop(session):
            found = sql.compartment(tx)
            tx.record(Locked(id="" if found is None else found.pair.id))

    @property
    def keys_held(self) -> int:
        """How many sessions' keys lie in memory now."""
        return len(self._keyring)

    def forget_keys(self, now: Instant) -> None:
        """The node does it every second: keys whose fifteen minutes are over."""
        self._keyring.sweep(now)

    def open_until(self, session: str) -> Instant | None:
        return self._keyring.until(session, self._clock.now())

    # -- the tide ----------------------------------------------------------------------------

    def take_in(self, tx: Tx, *, with_passed: bool = True) -> int:
        """What waits at the door comes on the record, in an order of chance; returns how many pieces.

        The node does it every ten minutes, and whenever the desk asks (then without what was passed on).
        """
        waiting = sql.arrivals(tx, with_passed=with_passed, limit=TIDE_PIECES_MAX)
        fresh = [arrival for arrival in waiting if arrival.kind == "tip"]
        secrets.SystemRandom().shuffle(fresh)
        for arrival in fresh:
            self._take_tip(tx, arrival)
        for arrival in waiting:
            if arrival.kind != "tip":
                self._take_more(tx, arrival)
        for arrival in waiting:
            sql.drop_arrival(tx, arrival.id)
        return len(waiting)

    def _take_tip(self, tx: Tx, arrival: sql.Arrival) -> None:
        tip = Tip(
            id=new_id(tx.now),
            number=sql.next_number(tx),
            taken_in_at=tx.now,
            lookup=arrival.lookup,
            reader_key=arrival.reader_key,
            compartment=arrival.compartment,
            erase_at=tx.now + self._keep.open_for,
            seq=tx.seq + 1,
        )
        sql.save(tx, tip)
        sql.add_piece(tx, tip.id, sql.Piece(ordinal=1, kind="words", at=tx.now, box=arrival.box))
        tx.record(
            TipReceived(
                id=tip.id,
                number=tip.number,
                compartment=tip.compartment,
                commitment=sha256(arrival.box).hexdigest(),
            )
        )

    def _take_more(self, tx: Tx, arrival: sql.Arrival) -> None:
        tip = sql.by_lookup(tx, arrival.lookup)
        if tip is None:  # erased meanwhile, and with it what its code opens
            return
        passed = arrival.kind == "passed"
        longer = tip.pass_on(tx.now, self._keep) if passed else tip.add_words(tx.now, self._keep)
        sql.save(tx, replace(longer, seq=tx.seq + 1))
        piece = sql.Piece(
            ordinal=longer.pieces, kind="passed" if passed else "words", at=tx.now, box=arrival.box
        )
        sql.add_piece(tx, tip.id, piece)
        commitment = sha256(arrival.box).hexdigest()
        if passed:
            tx.record(TipPassedOn(id=tip.id, commitment=commitment))
        else:
            tx.record(TipWordsAdded(id=tip.id, ordinal=longer.pieces, commitment=commitment))

    def erase_due(self, tx: Tx) -> int:
        """Erases the boxes of tips that were kept long enough; returns how many tips."""
        due = sql.due(tx, tx.now, ERASE_TIPS_MAX)
        for tip in due:
            if tip.lookup is not None:
                sql.drop_arrivals_of(tx, tip.lookup)
            sql.empty_pieces(tx, tip.id)
            sql.save(tx, replace(tip.erase(tx.now), seq=tx.seq + 1))
            tx.record(TipErased(id=tip.id, reason="retention"))
        return len(due)

    # -- the triage desk ----------------------------------------------------------------------

    def page(self, reader: Reader, actor: Actor, *, state: str | None, before: int, limit: int) -> list[Tip]:
        """Newest first, without words."""
        self._gate.require(actor, "tips.triage")
        if state is not None:
            self._vocabulary.term("tip_states", state)
        return sql.page(reader, state=state, before=before, limit=limit)

    def check_take_in(self, actor: Actor) -> None:
        """Raises for who may not call the tide."""
        self._gate.require(actor, "tips.triage")

    def read(self, tx: Tx, session: str, tip_id: str) -> Opened:
        """All its words, for the purpose of the piece; the reading is an entry.

        Raises `Refused("tips-locked")`, `Refused("tips-erased")`, `NotFound("tips-none")`,
        `Refused("tips-other-key")` where it was sealed for a key that is not unlocked.
        """
        tip = self._triaged(tx, tip_id)
        self._vocabulary.usable("tip_purposes", tx.purpose)
        read = tip.was_read()
        pieces, passed = self._opened(tx, session, tip)
        tip = self._kept(tx, read)
        tx.record(TipRead(id=tip.id, pieces=len(pieces)))
        return Opened(tip=tip, pieces=pieces, passed=passed)

    def grade(self, tx: Tx, tip_id: str, reliability: str, credibility: str, confidence: str) -> Tip:
        """Grades it, or grades it anew."""
        tip = self._triaged(tx, tip_id)
        self._vocabulary.usable("reliabilities", reliability)
        self._vocabulary.usable("credibilities", credibility)
        self._vocabulary.usable("assessment_confidences", confidence)
        graded = self._kept(tx, tip.grade(reliability, credibility, confidence))
        tx.record(
            TipGraded(id=tip.id, reliability=reliability, credibility=credibility, confidence=confidence)
        )
        return graded

    def reply(self, tx: Tx, tip_id: str, text: str) -> Tip:
        """Words for the holder of the code: sealed once for them, and once for the desk."""
        tip = self._triaged(tx, tip_id)
        said = words(text, "words", chars_max=REPLY_CHARS_MAX)
        longer = tip.reply()
        lookup, holder = tip.lookup, tip.reader_key
        if lookup is None or holder is None:
            raise Refused("tips-erased", number=tip.number)
        context = context_of("reply", lookup)
        ours = msgspec.json.encode(Answered(words=said, by=tx.actor.name))
        piece = sql.Piece(
            ordinal=longer.pieces,
            kind="reply",
            at=tx.now,
            box=boxes.seal(self._public_key(tx, tip.compartment), ours, context),
            holder_box=boxes.seal(holder, said.encode(), context),
        )
        sql.add_piece(tx, tip.id, piece)
        longer = self._kept(tx, longer)
        tx.record(
            TipReplied(
                id=tip.id,
                ordinal=piece.ordinal,
                commitment=sha256(piece.box).hexdigest(),
                for_holder=sha256(piece.holder_box or b"").hexdigest(),
            )
        )
        return longer

    def follow(self, tx: Tx, tip_id: str) -> Tip:
        """The desk works on it further. Twice is once."""
        tip = self._triaged(tx, tip_id)
        followed = tip.follow(tx.now, self._keep)
        if followed is tip:
            return tip
        followed = self._kept(tx, followed)
        tx.record(TipFollowed(id=tip.id))
        return followed

    def close(self, tx: Tx, tip_id: str, outcome: str) -> Tip:
        """Nothing more is to be done; from here on the shorter retention counts."""
        tip = self._triaged(tx, tip_id)
        self._vocabulary.usable("tip_outcomes", outcome)
        closed = self._kept(tx, tip.close(outcome, tx.now, self._keep))
        tx.record(TipClosed(id=tip.id, outcome=outcome))
        return closed

    def pass_on(
        self,
        tx: Tx,
        session: str,
        tip_id: str,
        *,
        as_: PassAs,
        text: str,
        code: str | None = None,
        area: Area | None = None,
    ) -> Passed:
        """A new text goes to the floor, as an observation of kind `code` or an incident of type `code`.

        The link is sealed; the tip's own entry comes with the next tide. Raises `Refused` for an ungraded
        tip (`tips-ungraded`), one that ended, and words that the tipster used (`tips-copied`).
        """
        self._gate.require(tx.actor, "tips.pass_on")
        tip = self._triaged(tx, tip_id)
        tip.may_pass_on()
        lookup = tip.lookup
        if lookup is None:
            raise Refused("tips-erased", number=tip.number)
        said = words(text, "words", chars_max=PASSED_CHARS_MAX).strip()
        pieces, passed = self._opened(tx, session, tip)
        if passed is not None:
            raise Refused("tips-ended", number=tip.number)
        told = [text for _, piece in pieces if isinstance(piece, Told) for text in (piece.words, piece.place)]
        check_own_words(said, told)
        # The words of a place too, but for those that the gazetteer has for it.
        if area is not None and area.place_id is None:
            check_own_words(area.words, told)
        number: int | None = None
        if as_ == "incident":
            title = said.splitlines()[0]
            subject, number = self._open_incident(tx, code, title, area, said)
            subject = f"incident/{subject}"
        else:
            if code is None or area is None:
                raise Refused("tips-pass-on-what")
            subject = f"observation/{self._report(tx, code, area, said)}"
        link = Passed(as_=as_, subject=subject, number=number, words=said, by=tx.actor.name, at=tx.now)
        self._arrive(
            tx, "passed", lookup, tip.pieces + 1, msgspec.json.encode(link), compartment_id=tip.compartment
        )
        return link

    # -- inside ----------------------------------------------------------------------------

    @property
    def _keep(self) -> Retention:
        days = {
            code: cast("RetentionTerm", self._vocabulary.term("tip_retention", code)).days
            for code in ("open", "closed")
        }
        return Retention(open_for=days["open"] * DAY, closed_for=days["closed"] * DAY)

    def _told(self, tx: Tx, *, channel: Channel, lang: str, text: str, place: str) -> Told:
        self._vocabulary.usable("languages", lang)
        said = words(text, "words", chars_max=WORDS_CHARS_MAX)
        where = words(place, "place", chars_max=PLACE_CHARS_MAX) if place.strip() else ""
        return Told(channel=channel, lang=lang, place=where, words=said, came_at=rounded(tx.now))

    def _arrive(
        self,
        tx: Tx,
        kind: ArrivalKind,
        lookup: bytes,
        ordinal: int,
        inside: bytes,
        *,
        compartment_id: str | None = None,
        reader_key: bytes | None = None,
    ) -> None:
        if sql.arrivals_count(tx) >= ARRIVALS_MAX:
            raise TooMany("tips-door-full", retry_after_s=600)
        if compartment_id is None:
            known = sql.by_lookup(tx, lookup)
            if known is not None:
                compartment_id = known.compartment
        if compartment_id is None:
            present = sql.compartment(tx)
            if present is None:
                raise Refused("tips-no-compartment")
            compartment_id = present.pair.id
        public_key = self._public_key(tx, compartment_id)
        sql.add_arrival(
            tx,
            sql.Arrival(
                id=secrets.token_hex(ARRIVAL_ID_BYTES),
                kind=kind,
                lookup=lookup,
                ordinal=ordinal,
                reader_key=reader_key,
                compartment=compartment_id,
                box=boxes.seal(public_key, inside, context_of(kind, lookup)),
            ),
        )

    def _public_key(self, reader: Reader, compartment_id: str) -> bytes:
        found = sql.public_key(reader, compartment_id)
        if found is None:
            raise NotFound("tips-none", id=compartment_id)
        return found

    def _triaged(self, reader: Tx, tip_id: str) -> Tip:
        self._gate.require(reader.actor, "tips.triage")
        return sql.get(reader, tip_id)

    def _kept(self, tx: Tx, tip: Tip) -> Tip:
        saved = replace(tip, seq=tx.seq + 1)
        sql.save(tx, saved)
        return saved

    def _opened(
        self, tx: Tx, session: str, tip: Tip
    ) -> tuple[list[tuple[Instant, Told | Answered]], Passed | None]:
        """Its pieces in clear, and the link to what was passed on, taken in by the tide or not."""
        key = self._keyring.keys(session, tx.now).get(tip.compartment)
        if key is None:
            raise Refused("tips-other-key", number=tip.number)
        lookup = tip.lookup or b""
        found: list[tuple[Instant, Told | Answered]] = []
        passed: Passed | None = None
        for piece in sql.pieces(tx, tip.id):
            inside = boxes.open_box(key, piece.box, context_of(piece.kind, lookup))
            if piece.kind == "passed":
                passed = msgspec.json.decode(inside, type=Passed)
            elif piece.kind == "reply":
                found.append((piece.at, msgspec.json.decode(inside, type=Answered)))
            else:
                told = msgspec.json.decode(inside, type=Told)
                found.append((told.came_at, told))
        for arrival in sql.arrivals_of(tx, lookup):
            if arrival.kind == "passed":
                inside = boxes.open_box(key, arrival.box, context_of("passed", lookup))
                passed = msgspec.json.decode(inside, type=Passed)
        return found, passed
