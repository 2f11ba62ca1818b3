"""Countries as people write them → ISO 3166-1 alpha-2. Pure; the table is `data/countries.toml`."""

import tomllib
from functools import cache
from importlib.resources import files

from lanbi.tracing.markings.normal import ascii_upper


@cache
def _names() -> dict[str, str]:
    text = files("lanbi.tracing.recoveries").joinpath("data", "countries.toml").read_text(encoding="utf-8")
    return {_key(name): code for code, names in tomllib.loads(text).items() for name in (code, *names)}


def _key(text: str) -> str:
    return "".join(char for char in ascii_upper(text) if char.isalnum())


def country_of(text: str) -> str:
    """The code of a country by its code or a name in one of the four languages; else the text as it came."""
    return _names().get(_key(text), text)
