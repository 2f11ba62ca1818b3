"""One node for all tests that only ask; whoever stops, fills or bends a node makes one of their own."""

from collections.abc import Iterator

import pytest

from lanbi.web import live
from web.nodes import Served, serving


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with pytest.MonkeyPatch.context() as quicker:
        # The node looks ten times as often whether a screen is still signed in; it looks the same way.
        quicker.setattr(live, "SESSIONS_CHECK_S", live.SESSIONS_CHECK_S / 10)
        with serving(tmp_path_factory.mktemp("node")) as node:
            yield node
