"""From a release to bytes, in each format."""

import asyncio
from typing import Protocol

import msgspec

from lanbi.core.time import Instant
from lanbi.tracing.exports import ftm, report, statements, stix, tables
from lanbi.tracing.exports.model import Export, Format, Release
from lanbi.tracing.exports.words import Words


class Press(Protocol):
    """Prints; bootstrap hands it in."""

    async def pdf(self, template: str, content: bytes, at: Instant) -> bytes:
        """A PDF of `content` (JSON) by that template, dated `at`; the same facts give the same bytes."""
        ...


class Made(msgspec.Struct, frozen=True):
    """A file: its media type, the ending of its name, its bytes."""

    media: str
    ending: str
    data: bytes


MEDIA: dict[Format, tuple[str, str]] = {
    "report": ("application/pdf", "pdf"),
    "ftm": ("application/json+ftm", "ftm.json"),
    "stix": ("application/stix+json;version=2.1", "stix.json"),
    "csv": ("application/zip", "zip"),
    "statements": ("application/json", "lanbi.json"),
}


async def render(release: Release, format: Format, words: Words, press: Press) -> Made:
    """The file; the same release gives the same bytes. Raises what the press raises."""
    media, ending = MEDIA[format]
    if format != "report":
        return Made(media, ending, await asyncio.to_thread(plain, release, format, words))
    content = await asyncio.to_thread(report.content, release, words)
    return Made(media, ending, await press.pdf(report.TEMPLATE, content, release.at))


def plain(release: Release, format: Format, words: Words) -> bytes:
    """The bytes of every format that needs no press."""
    match format:
        case "ftm":
            return ftm.render(release)
        case "stix":
            return stix.render(release)
        case "csv":
            return tables.render(release, words)
        case "statements":
            return statements.render(release)
        case "report":
            raise ValueError("a report goes through the press")


def name_of(export: Export, us: str, ending: str) -> str:
    """What the file is called: between whom, and the first of its snapshot; nothing that was said."""
    return f"lanbi-{us}-{export.recipient}-{export.snapshot[:12]}.{ending}".lower()
