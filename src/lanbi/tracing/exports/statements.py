"""Statements for another site of this kind: canonical JSON, and reading it back."""

from collections.abc import Callable
from typing import Literal

import msgspec
from msgspec.structs import replace

from lanbi.core.errors import Malformed, TooLarge
from lanbi.tracing.exports.model import Cited, Claim, Item, Release, Same
from lanbi.tracing.handling import Recipient, Tlp

FORM: Literal["lanbi-statements/1"] = "lanbi-statements/1"
FILE_BYTES_MAX = 30_000_000

_encoder = msgspec.json.Encoder(order="deterministic")


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """What the file holds. `snapshot`: SHA-256 of the cut that it was made from."""

    form: Literal["lanbi-statements/1"]
    us: str
    to: Recipient
    tlp: Tlp
    synthetic: bool
    snapshot: str
    items: tuple[Item, ...]
    sources: tuple[Cited, ...]
    same: tuple[Same, ...]


_decoder = msgspec.json.Decoder(Bundle)


def render(release: Release) -> bytes:
    """The file, in UTF-8. Everything bears the id that it had where it was first said."""

    def first(key: str) -> str:
        return release.origins.get(key, key)

    return _encoder.encode(
        Bundle(
            form=FORM,
            us=release.us,
            to=release.to,
            tlp=release.tlp,
            synthetic=release.synthetic,
            snapshot=release.snapshot,
            items=tuple(
                replace(
                    item, id=first(item.id), claims=tuple(_at_origin(claim, first) for claim in item.claims)
                )
                for item in release.items
            ),
            sources=tuple(replace(source, id=first(source.id)) for source in release.sources),
            same=tuple(replace(one, left=first(one.left), right=first(one.right)) for one in release.same),
        )
    )


def _at_origin(claim: Claim, first: Callable[[str], str]) -> Claim:
    target = None if claim.target is None else first(claim.target)
    value = claim.value if target is None else target
    return replace(claim, id=first(claim.id), source=first(claim.source), target=target, value=value)


def read(data: bytes) -> Bundle:
    """The file read back; raises `TooLarge("export-file-large")`, `Malformed("export-file-unreadable")`."""
    if len(data) > FILE_BYTES_MAX:
        raise TooLarge("export-file-large", limit=FILE_BYTES_MAX // 1_000_000)
    try:
        return _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, Malformed) as error:
        raise Malformed("export-file-unreadable", reason=str(error)[:200]) from error
