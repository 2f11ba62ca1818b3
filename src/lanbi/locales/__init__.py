"""Every sentence that the server says to a person, in four languages (Fluent, `<lang>/*.ftl`).

An error's code is a message's id: its value says what and where, its attribute
`hint` what next.
"""

from functools import cache
from importlib.resources import files

from fluent.runtime import FluentBundle, FluentResource

from lanbi.core.access import DEFAULT_LANGUAGE, LANGUAGES


@cache
def _bundle(lang: str) -> FluentBundle:
    # Without isolation marks: terminals and JSON clients show them as rubbish.
    bundle = FluentBundle([lang], use_isolating=False)
    for item in sorted((files("lanbi.locales") / lang).iterdir(), key=lambda item: item.name):
        if item.name.endswith(".ftl"):
            bundle.add_resource(FluentResource(item.read_text(encoding="utf-8")))
    return bundle


def language(wanted: str) -> str:
    """The product's language nearest to an Accept-Language header or a locale name."""
    for part in wanted.replace("_", "-").split(","):
        code = part.split(";")[0].strip().lower().split("-")[0]
        if code in LANGUAGES:
            return code
    return DEFAULT_LANGUAGE


def say(lang: str, message: str, /, **args: object) -> str:
    """The sentence `message` in `lang`; the id itself where no catalogue has it (a test forbids that)."""
    return _format(lang, message, None, args)


def hint(lang: str, message: str, /, **args: object) -> str:
    """What to do next, from the message's attribute `hint`; empty where it has none."""
    return _format(lang, message, "hint", args)


def _format(lang: str, message: str, attribute: str | None, args: dict[str, object]) -> str:
    bundle = _bundle(lang if lang in LANGUAGES else DEFAULT_LANGUAGE)
    if not bundle.has_message(message):
        return "" if attribute else message
    found = bundle.get_message(message)
    pattern = found.attributes.get(attribute) if attribute else found.value
    if pattern is None:
        return "" if attribute else message
    plain = {
        name: value if isinstance(value, str | int | float) else "" if value is None else str(value)
        for name, value in args.items()
    }
    text, _errors = bundle.format_pattern(pattern, plain)
    return str(text)
