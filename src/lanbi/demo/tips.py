"""What the demo's triage desk finds: a compartment whose passphrase is published, and a few invented tips."""

import tomllib
from importlib.resources import files

import msgspec

from lanbi.core.ids import new_id
from lanbi.core.ports import Tx
from lanbi.tips.model import Channel
from lanbi.tips.service import Tips


class DemoTip(msgspec.Struct, frozen=True, kw_only=True):
    """One tip of `tips.toml`."""

    channel: Channel
    lang: str
    words: str
    place: str = ""


def load_tips() -> list[DemoTip]:
    """The shipped ones."""
    text = (files("lanbi.demo") / "tips.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text)["tips"], list[DemoTip])


def tell(tips: Tips, tx: Tx, passphrase: str) -> None:
    """Once in a store: makes the compartment, lets the tips come and takes them in."""
    if tips.is_open(tx):
        return
    tips.make(tx, tips.new_pair(new_id(tx.now), passphrase))
    for told in load_tips():
        tips.receive(tx, channel=told.channel, lang=told.lang, text=told.words, place=told.place)
    tips.take_in(tx)
