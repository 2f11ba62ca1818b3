"""Which other sites there are: one use case, one function, one transaction."""

from collections.abc import Callable

from msgspec.structs import replace

from lanbi.core.access import Actor, Gate
from lanbi.core.errors import Refused
from lanbi.core.events import Sealed
from lanbi.core.ports import Reader, Tx
from lanbi.core.text import NAME_CHARS_MAX, line, words
from lanbi.core.time import DAY, Instant
from lanbi.partners import sql
from lanbi.partners.bundle import montgomery
from lanbi.partners.events import (
    KeyAdded,
    KeyRetired,
    PartnerAdded,
    PartnerChanged,
    PartnerEnabled,
    PartnerRetired,
)
from lanbi.partners.model import (
    DEFAULT_KINDS,
    PARTNERS_MAX,
    Key,
    Partner,
    Us,
    check_code,
    check_key,
    check_kinds,
    check_url,
)
from lanbi.record.checkpoint import key_id_of
from lanbi.record.events import SealedErased

SCREENING_CHARS_MAX = 2_000
WORDS_KEPT_FOR: Instant = 10 * 365 * DAY


class Partners:
    """The use cases of other sites."""

    def __init__(self, gate: Gate, *, us: Callable[[], str], public_key: bytes) -> None:
        """`us`: this site's code; `public_key`: its Ed25519 key, 32 raw bytes."""
        self._gate = gate
        self._us = us
        self._public_key = public_key

    def us(self, actor: Actor) -> Us:
        """This site's code and key, to be read out to another's administrator."""
        self._gate.require(actor, "partners.see")
        return Us(self._us(), self._public_key)

    def partners(self, reader: Reader, actor: Actor) -> list[Partner]:
        self._gate.require(actor, "partners.see")
        return sql.partners(reader)

    def partner(self, reader: Reader, actor: Actor, code: str) -> Partner:
        """Raises `NotFound("partner-none")`."""
        self._gate.require(actor, "partners.see")
        return sql.get(reader, code)

    def add(
        self,
        tx: Tx,
        *,
        code: str,
        name: str,
        key: str,
        screening: str,
        state: str | None = None,
        url: str | None = None,
        kinds_in: tuple[str, ...] = DEFAULT_KINDS,
        kinds_out: tuple[str, ...] = DEFAULT_KINDS,
    ) -> Partner:
        """Another site, open from now on.

        `key`: its public key, 64 hex digits, compared by voice. `screening`: what is known of how it respects
        human rights: without a word on that there is no exchange.
        """
        self._gate.require(tx.actor, "partners.manage")
        code = check_code(code)
        public_key = self._new_key(tx, check_key(key))
        if code == self._us():
            raise Refused("partner-us", code=code)
        if sql.find(tx, code) is not None:
            raise Refused("partner-known", code=code)
        if sql.count(tx) >= PARTNERS_MAX:
            raise Refused("partners-full", limit=PARTNERS_MAX)
        said = self._screening(tx, code, screening)
        partner = Partner(
            code=code,
            state=check_code(state or code.partition("-")[0]),
            name=line(name, "name", chars_max=NAME_CHARS_MAX),
            url=None if not url else check_url(url),
            kinds_in=check_kinds(kinds_in),
            kinds_out=check_kinds(kinds_out),
            enabled=True,
            screening_sealed=said.sealed,
            screening=None,
            screened_at=tx.now,
            screened_by=tx.actor.id,
            added_at=tx.now,
            retired_at=None,
            keys=(Key(public_key=public_key, added_at=tx.now),),
        )
        tx.record(
            PartnerAdded(
                id=code,
                key_id=partner.keys[0].key_id,
                kinds_in=partner.kinds_in,
                kinds_out=partner.kinds_out,
                screening=said,
            )
        )
        return self._saved(tx, partner)

    def edit(
        self,
        tx: Tx,
        code: str,
        *,
        name: str | None = None,
        url: str | None = None,
        kinds_in: tuple[str, ...] | None = None,
        kinds_out: tuple[str, ...] | None = None,
        held: int | None = None,
    ) -> Partner:
        """Another name or address, other kinds of letter; what is given changes.
        An empty `url` takes it away."""
        partner = self._managed(tx, code, held).must_serve()
        partner = replace(
            partner,
            name=partner.name if name is None else line(name, "name", chars_max=NAME_CHARS_MAX),
            url=partner.url if url is None else check_url(url) if url else None,
            kinds_in=partner.kinds_in if kinds_in is None else check_kinds(kinds_in),
            kinds_out=partner.kinds_out if kinds_out is None else check_kinds(kinds_out),
        )
        tx.record(PartnerChanged(id=code, kinds_in=partner.kinds_in, kinds_out=partner.kinds_out))
        return self._saved(tx, partner)

    def enable(
        self, tx: Tx, code: str, enabled: bool, *, screening: str | None = None, held: int | None = None
    ) -> Partner:
        """The switch: off, nothing goes there nor is taken from there, at once; on again it goes on."""
        partner = self._managed(tx, code, held)
        partner = partner.enable(enabled, screened_anew=screening is not None, now=tx.now)
        said = None
        if screening is not None:
            said = self._screening(tx, code, screening)
            partner = replace(
                partner, screening_sealed=said.sealed, screened_at=tx.now, screened_by=tx.actor.id
            )
        tx.record(PartnerEnabled(id=code, enabled=enabled, screening=said))
        return self._saved(tx, partner)

    def add_key(self, tx: Tx, code: str, key: str, *, held: int | None = None) -> Partner:
        """A second key, taken beside the first until that one is retired."""
        partner = self._managed(tx, code, held)
        public_key = check_key(key)
        partner = partner.add_key(public_key, tx.now)
        self._new_key(tx, public_key)
        tx.record(KeyAdded(id=code, key_id=key_id_of(public_key)))
        return self._saved(tx, partner)

    def retire_key(self, tx: Tx, code: str, key_id: str, *, held: int | None = None) -> Partner:
        """Nothing signed with it is taken any more."""
        partner = self._managed(tx, code, held).retire_key(key_id, tx.now)
        tx.record(KeyRetired(id=code, key_id=key_id))
        return self._saved(tx, partner)

    def retire(self, tx: Tx, code: str, *, held: int | None = None) -> Partner:
        """No more to do with this site; what waited for it is dropped."""
        partner = self._managed(tx, code, held).retire(tx.now)
        tx.record(PartnerRetired(id=code, dropped=sql.waiting(tx, code)))
        sql.drop_waiting(tx, code)
        return self._saved(tx, partner)

    def _managed(self, tx: Tx, code: str, held: int | None) -> Partner:
        self._gate.require(tx.actor, "partners.manage")
        partner = sql.get(tx, code)
        partner.must_hold(held)
        return partner

    def _saved(self, tx: Tx, partner: Partner) -> Partner:
        sql.save(tx, partner)
        return sql.get(tx, partner.code)

    def _new_key(self, tx: Tx, public_key: bytes) -> bytes:
        if public_key == self._public_key:
            raise Refused("partner-key-ours")
        owner = sql.owner_of_key(tx, key_id_of(public_key))
        if owner is not None:
            raise Refused("partner-key-taken", code=owner)
        montgomery(public_key)
        return public_key

    def _screening(self, tx: Tx, code: str, said: str) -> Sealed:
        return tx.seal(
            subject=f"partner/{code}",
            field="screening",
            kind="words",
            value=words(said, "screening", chars_max=SCREENING_CHARS_MAX),
            keep_for=WORDS_KEPT_FOR,
        )

    def sealed_erased(self, tx: Tx, fact: SealedErased) -> None:
        """Words that were erased leave the rows that showed them."""
        sql.touch_sealed(tx, fact.sealed)
