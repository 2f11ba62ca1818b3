"""What may happen to a major incident, and what may not: no store, no clock."""

import pytest

from crisis.hall import code_of
from lanbi.core.errors import Conflict
from lanbi.crisis.model import IncidentFacts, Linked, Major
from stores import NIGHT


def major(**told) -> Major:
    linked = (Linked("i1", 11), Linked("i2", 12))
    return Major(
        id="m", number=1, declared_at=NIGHT, declared_by="a", declared_by_name="A", incidents=linked, **told
    )


def incident(key: str) -> IncidentFacts:
    return IncidentFacts(
        id=key, number=13, state="open", type=None, title="", priority=None, place="", opened_at=NIGHT,
        closed_at=None,
    )  # fmt: skip


def test_an_incident_is_linked_once_and_the_first_leads_to_the_end() -> None:
    one = major()
    one.must_take(incident("i3"))
    assert code_of(lambda: one.must_take(incident("i2"))) == "major-has-incident"
    assert one.without("i2") == Linked("i2", 12)
    assert code_of(lambda: one.without("i1")) == "major-lead-stays"
    assert code_of(lambda: one.without("i9")) == "major-incident-none"


def test_it_is_stood_down_once_and_not_while_resources_are_on_their_way() -> None:
    one = major()
    assert code_of(lambda: one.stand_down(at=NIGHT, by="a", wanting=2)) == "major-requests-open"
    over = one.stand_down(at=NIGHT, by="a", wanting=0)
    assert (over.state, over.stood_down_by) == ("stood_down", "a")
    assert code_of(lambda: over.stand_down(at=NIGHT, by="a", wanting=0)) == "major-stood-down"
    assert code_of(lambda: over.must_take(incident("i3"))) == "major-stood-down"


def test_who_edits_what_somebody_changed_meanwhile_is_told() -> None:
    one = major(name_seq=7, name="Dife")
    assert one.renamed(seq=9, held=7).name_seq == 9
    assert one.renamed(seq=9, held=None).name_seq == 9
    with pytest.raises(Conflict) as refused:
        one.renamed(seq=9, held=6)
    assert refused.value.args_by_name["now"] == "Dife"
