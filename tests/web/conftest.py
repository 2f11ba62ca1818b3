"""One node for all tests that only ask; whoever stops, fills or bends a node makes one of their own."""

from collections.abc import Iterator

import pytest

from web.nodes import Served, serving


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("node")) as node:
        yield node
