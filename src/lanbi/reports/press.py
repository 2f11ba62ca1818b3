"""The press: a template and facts in, a PDF out. Works without a network, and with no font of the machine's.

Facts go in as JSON and are set as text: what a person wrote is never read as markup. The date of the PDF is
the date of its facts, so the same facts give the same bytes on every machine.
"""

import asyncio
from importlib.resources import files
from pathlib import Path

from lanbi.core.errors import Busy, LanbiError
from lanbi.core.time import SECOND, Instant

AT_ONCE_MAX = 1
"""Pages set at the same time: one fills a core."""
WAITING_MAX = 16
CONTENT_BYTES_MAX = 4_000_000
TEMPLATES = Path(str(files("lanbi.reports"))) / "templates"


class Press:
    """Sets pages, one after the other, off the loop's thread."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(AT_ONCE_MAX)
        self._waiting = 0

    async def pdf(self, template: str, content: bytes, at: Instant) -> bytes:
        """A PDF of `content` (UTF-8 JSON) by `templates/<template>.typ`, dated `at`.

        Raises `Busy("press-busy")` when too many wait, and what `render` raises.
        """
        if self._waiting >= WAITING_MAX:
            raise Busy("press-busy")
        self._waiting += 1
        try:
            async with self._turn:
                return await asyncio.to_thread(render, template, content, at)
        finally:
            self._waiting -= 1


def render(template: str, content: bytes, at: Instant) -> bytes:
    """As `Press.pdf`, on this thread.

    Raises `Busy("press-away")` where the typesetter is not installed, and `LanbiError("press-failed")`
    for what it cannot set.
    """
    try:
        import typst
    except ImportError as error:
        raise Busy("press-away") from error
    if len(content) > CONTENT_BYTES_MAX:
        raise LanbiError("press-failed", reason="size")
    try:
        made = typst.compile(
            TEMPLATES / f"{template}.typ",
            root=TEMPLATES,
            format="pdf",
            # The typesetter brings its own fonts; the machine's would make pages differ.
            font_paths=[],
            ignore_system_fonts=True,
            sys_inputs={"content": content.decode()},
            timestamp=at // SECOND,
        )
    except (typst.TypstError, ValueError) as error:
        raise LanbiError("press-failed", reason=str(error)[:500]) from error
    if not isinstance(made, bytes):
        raise LanbiError("press-failed", reason="pages")
    return made
