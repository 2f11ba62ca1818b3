"""How a value is read when it is stated: parsed once, at the door; what is doubtful is kept and flagged."""

from collections.abc import Callable, Mapping

import msgspec

from lanbi.core.errors import Malformed
from lanbi.core.geo import Area, check_area
from lanbi.core.text import line, words
from lanbi.core.vocabulary import Vocabulary
from lanbi.tracing.markings import normal
from lanbi.tracing.model import VALUE_CHARS_MAX, WORDS_CHARS_MAX, Value
from lanbi.tracing.networks.container import read_container
from lanbi.tracing.networks.ports import load_ports
from lanbi.tracing.schema import Prop, read_date

INTEGER_MAX = 10_000_000
UNREAD_SERIAL = "?"
_area = msgspec.json.Decoder(Area)
_encoder = msgspec.json.Encoder(order="deterministic")

Reader = Callable[[str], Value]


def _as_written(value: str, code: str | None, flag: str) -> Value:
    """A code where one is known; else what was written, flagged."""
    if code is None:
        return Value(value=value, flag=flag)
    return Value(value=code, original=None if code == value else value)


def _make(text: str) -> Value:
    return _as_written(text, normal.make_of(text).code, "make_unknown")


def _model(text: str) -> Value:
    return Value(value=normal.model_of(text).code or text, original=text)


def _calibre(text: str) -> Value:
    return _as_written(text, normal.calibre_of(text).code, "calibre_unknown")


def _type(text: str) -> Value:
    return _as_written(text, normal.type_of(text).code, "type_unknown")


def _serial(text: str) -> Value:
    read = normal.serial_of(text)
    if not read.marks:  # "obliterated" written where a number should stand
        return Value(value=UNREAD_SERIAL, original=text, flag="serial_unread")
    return Value(value=read.marks, original=None if read.marks == text else text)


def _container(text: str) -> Value:
    found = read_container(text)
    if found.number is None:
        return Value(value=text, flag="container_unreadable")
    return Value(value=found.number, original=text, flag=None if found.valid else "check_digit")


def _port(text: str) -> Value:
    found = load_ports().find(text).port
    return _as_written(text, None if found is None else found.code, "port_unknown")


def _country(text: str) -> Value:
    if len(text) != 2 or not text.isascii() or not text.isalpha():
        raise Malformed("tracing-country", given=text[:40])
    return Value(value=text.upper())


def _integer(text: str) -> Value:
    if not text.isascii() or not text.isdigit() or int(text) > INTEGER_MAX:
        raise Malformed("tracing-integer", given=text[:40], limit=INTEGER_MAX)
    return Value(value=str(int(text)))


def _read_area(text: str) -> Value:
    try:
        area = check_area(_area.decode(text))
    except msgspec.DecodeError as error:
        raise Malformed("tracing-area", reason=str(error)) from error
    return Value(value=_encoder.encode(area).decode())


def _photo(text: str) -> Value:
    if len(text) != 64 or not set(text) <= set("0123456789abcdef"):
        raise Malformed("tracing-photo-digest", given=text[:70])
    return Value(value=text)


_READERS: Mapping[str, Reader] = {
    "make": _make, "model": _model, "calibre": _calibre, "firearm_type": _type, "serial": _serial,
    "container": _container, "port": _port, "country": _country, "integer": _integer, "area": _read_area,
    "photo": _photo,
}  # fmt: skip


def read(vocabulary: Vocabulary, name: str, prop: Prop, text: str) -> Value:
    """The value of a property as it is kept.

    Make, model, calibre, type and port become codes where they are known,
    and stand as written with a flag where
    they are not. Raises `Malformed` for what cannot be such a value at all, and for an unknown code.
    """
    if prop.type == "words":
        return Value(value=words(text, name, chars_max=WORDS_CHARS_MAX))
    text = line(text, name, chars_max=WORDS_CHARS_MAX if prop.type == "area" else VALUE_CHARS_MAX)
    if prop.type == "date":
        return Value(value=read_date(text, name))
    if prop.type == "code":
        return Value(value=vocabulary.usable(prop.table, text).code)
    reader = _READERS.get(prop.type)
    return Value(value=text) if reader is None else reader(text)
