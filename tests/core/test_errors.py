"""An error says what, where and what next: its code, its blanks and its status come through whole."""

import inspect

import pytest

from lanbi.core import errors
from lanbi.core.errors import LanbiError, Refused

STATUSES = {
    "LanbiError": 500,
    "Malformed": 422,
    "Unauthenticated": 401,
    "Forbidden": 403,
    "NotFound": 404,
    "Refused": 409,
    "Conflict": 412,
    "TooLarge": 413,
    "TooMany": 429,
    "Busy": 503,
}
KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, LanbiError)]


def test_the_statuses_are_those_that_the_api_promises() -> None:
    assert {kind.__name__: kind.status for kind in KINDS} == STATUSES


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_error_carries_its_code_and_its_blanks(kind: type[LanbiError]) -> None:
    error = kind("incident-closed", number=2417, title="Dife nan Mache Anba")
    assert error.code == "incident-closed"
    assert error.args_by_name == {"number": 2417, "title": "Dife nan Mache Anba"}
    assert str(error) == "incident-closed(number=2417, title='Dife nan Mache Anba')"


def test_a_blank_may_be_named_code() -> None:
    """The vocabulary's refusals speak of a code; the error's own code must not be in their way."""
    error = Refused("unknown-term", code="dife")
    assert (error.code, error.args_by_name["code"]) == ("unknown-term", "dife")


def test_whoever_catches_the_base_catches_every_refusal() -> None:
    for kind in KINDS:
        with pytest.raises(LanbiError):
            raise kind("store-away", detail="")
