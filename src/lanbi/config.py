"""The node's settings: one frozen object, read by `cli` and `bootstrap` only."""

from pathlib import Path

import msgspec

from lanbi.core.access import DEFAULT_LANGUAGE

DATABASE = "lanbi.sqlite"
KEY = "site.key"
VOCABULARY = "vocabulary"
POLICIES = "policies"
MAP_TILES = "map/tiles.pmtiles"
TRACING_TRUTH = "demo-tracing-truth.json"
DEFAULT_PORT = 8080
DEFAULT_HOST = "127.0.0.1"
DEFAULT_SITE = "lanbi"
DEFAULT_CODE = "HT"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What a node is told at its start.

    `data`: the folder of everything it keeps. `store_url`: a postgresql:// address, or
    None for SQLite in `data`. `site`: the name written into a new store; an existing
    one keeps its own. `code`: by which other states know this site, as "HT" or "HT-PAP".
    `demo`: one-click accounts and a synthetic evening; `demo_networks`: how many trafficking networks to
    plant in a synthetic world of tracing beside it.
    """

    data: Path
    store_url: str | None = None
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    site: str = DEFAULT_SITE
    code: str = DEFAULT_CODE
    lang: str = DEFAULT_LANGUAGE
    demo: bool = False
    demo_networks: int = 0
    tls_certificate: Path | None = None
    tls_key: Path | None = None

    @property
    def database(self) -> Path:
        return self.data / DATABASE

    @property
    def key(self) -> Path:
        return self.data / KEY

    @property
    def vocabulary(self) -> Path:
        return self.data / VOCABULARY

    @property
    def policies(self) -> Path:
        return self.data / POLICIES

    @property
    def map_tiles(self) -> Path:
        return self.data / MAP_TILES

    @property
    def tracing_truth(self) -> Path:
        """What was planted in a synthetic world of tracing, apart from the store that does not know it."""
        return self.data / TRACING_TRUTH
