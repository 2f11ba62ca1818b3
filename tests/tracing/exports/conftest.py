"""Exports over real stores, and over HTTP behind the shipped policies."""

import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.exceptions import LitestarDeprecationWarning
from litestar.testing import TestClient

from lanbi.bootstrap import Node
from lanbi.config import Settings
from lanbi.reports.press import Press
from lanbi.tracing import api as tracing_api
from lanbi.tracing.exports import api
from lanbi.tracing.exports.service import Exports
from lanbi.web.app import create_app
from stores import Web
from tracing.room import room, small

__all__ = ["desk", "room", "small"]

BARRED = "VE"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Web]:
    """The doors of tracing and of its exports, of a node as it is; nothing goes to the site `BARRED`."""
    node = Node(Settings(data=tmp_path / "node"))
    exports = Exports(node.tracing, node.vocabulary, barred=lambda reader, code: code == BARRED)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", LitestarDeprecationWarning)
            app = create_app(
                store=node.store,
                gate=node.gate,
                vocabulary=node.vocabulary,
                doorkeeper=node.doorkeeper,
                live=node.live,
                handlers=[
                    *tracing_api.routes(node.tracing, node.clock),
                    *api.routes(exports, node.tracing, node.store, node.clock, Press()),
                ],
                housekeeping=[],
                queued=lambda: node.store.queued,
                on_start=None,
                on_stop=None,
                on_second=node.keep_watch,
            )
        with TestClient(app) as client:
            yield Web(node, client)
    finally:
        node.close()
