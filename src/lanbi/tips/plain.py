"""The public page for browsers without JavaScript: one form to give, one to follow, and what comes of them.

Rendered here from the catalogues, without a cookie, a script or a picture.
"""

import secrets
from collections.abc import Mapping, Sequence
from html import escape

from lanbi.core.access import LANGUAGES
from lanbi.locales import say

STYLE = """
:root{color-scheme:light dark;--bg:#f3f2ee;--s:#fbfaf8;--ink:#14191b;--ink2:#434d51;--line:#75726a;--on:#fff}
@media(prefers-color-scheme:dark){:root{--bg:#0b0e10;--s:#11161a;--ink:#e6e9e4;--ink2:#a9b4b6;--line:#7d8a91;
--on:#0b0e10}}
*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--ink);
font:17px/1.5 system-ui,sans-serif}
main{max-width:640px;margin:0 auto;padding:16px}h1{font-size:24px;line-height:1.25;margin:16px 0 8px}
h2{font-size:19px;margin:32px 0 8px;border-top:1px solid var(--line);padding-top:24px}p{margin:0 0 12px}
nav{display:flex;gap:4px;flex-wrap:wrap}nav a{min-height:48px;display:flex;align-items:center;padding:0 12px;
color:var(--ink)}nav a[aria-current]{font-weight:600;text-decoration:none}label{display:block;font-weight:600;
margin:16px 0 4px}textarea,input{width:100%;font:inherit;padding:12px;color:var(--ink);background:var(--s);
border:1px solid var(--line);border-radius:6px}textarea{min-height:9em}button{width:100%;min-height:56px;
margin-top:16px;font:inherit;font-weight:600;border:0;border-radius:6px;background:var(--ink);color:var(--bg)}
.code{font:600 26px/1.4 monospace;
letter-spacing:.02em;background:var(--s);border:2px solid var(--ink);padding:12px;
overflow-wrap:anywhere}.dim{color:var(--ink2)}.said{border-left:3px solid var(--ink);padding-left:12px;
white-space:pre-wrap}
"""

ACTION = "/api/v1/public/tips/plain"


def page(
    lang: str,
    *,
    told: str = "",
    advice: str = "",
    code: str = "",
    replies: Sequence[tuple[str, str]] = (),
    kept: Mapping[str, str] | None = None,
) -> str:
    """The whole page in one language.

    `told` and `advice`: the outcome of what was sent, and the next step; `code`: shown this once; `replies`:
    (instant, words); `kept`: what was typed, to stand in its field again where it was refused.
    """  # fmt: skip
    kept = kept or {}

    def text(key: str) -> str:
        return escape(say(lang, f"tips-plain-{key}"))

    links = "".join(
        f'<a href="{ACTION}/{other}" lang="{other}"{" aria-current=page" if other == lang else ""}>'
        f"{escape(say(other, 'tips-plain-language'))}</a>"
        for other in LANGUAGES
    )
    outcome = ""
    if told:
        outcome = f'<section role="status"><h2>{escape(told)}</h2><p>{escape(advice)}</p>'
        if code:
            outcome += f'<p class="code" translate="no">{escape(code)}</p><p>{text("code-note")}</p>'
        outcome += "".join(
            f'<p class="dim">{escape(at)}</p><p class="said">{escape(words)}</p>' for at, words in replies
        )
        outcome += "</section>"
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
        f"<title>Lanbi</title><style>{STYLE}</style></head><body><main><nav>{links}</nav>"
        f"<h1>{text('title')}</h1>{outcome}<p>{text('kept')}</p><p>{text('care')}</p>"
        f'<form method="post" action="{ACTION}" autocomplete="off">'
        f'<input type="hidden" name="lang" value="{lang}">'
        f'<label for="w">{text("words")}</label>'
        f'<textarea id="w" name="words" maxlength="4000" required>{escape(kept.get("words", ""))}</textarea>'
        f'<label for="p">{text("place")}</label>'
        f'<input id="p" name="place" maxlength="300" value="{escape(kept.get("place", ""))}">'
        f'<button type="submit">{text("send")}</button></form>'
        f"<h2>{text('follow')}</h2>"
        f'<form method="post" action="{ACTION}" autocomplete="off">'
        f'<input type="hidden" name="lang" value="{lang}">'
        f'<label for="c">{text("code")}</label>'
        f'<input id="c" name="code" maxlength="60" required value="{escape(kept.get("code", ""))}" '
        'spellcheck="false" autocapitalize="characters">'
        f'<label for="m">{text("more")}</label>'
        f'<textarea id="m" name="words" maxlength="4000">{escape(kept.get("more", ""))}</textarea>'
        f'<button type="submit">{text("open")}</button></form></main></body></html>'
    )


def padded(html: str, size: int) -> bytes:
    """The page as exactly `size` bytes, filled up by a comment of chance; or the next multiple."""
    raw = html.encode()
    frame = len(b"<!---->")
    room = -(len(raw) + frame) % size
    return raw + b"<!--" + secrets.token_hex((room + 1) // 2)[:room].encode() + b"-->"
