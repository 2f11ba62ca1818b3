"""Who may have what: the rules of the originator, not the colour of the label."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanbi.core.errors import Malformed
from lanbi.tracing.handling import TLP, Handling, Recipient, state_of, why_kept

TO_DR = Recipient("DO", "criminal_investigation", "2026-11-22")
CODES = ("HT", "DO", "US", "JM", "HT-PAP", "DO-SDQ")
handlings = st.builds(
    Handling,
    originator=st.sampled_from(CODES),
    tlp=st.sampled_from(TLP),
    releasable=st.lists(st.sampled_from((*CODES, "*")), unique=True).map(tuple),
    purposes=st.lists(st.sampled_from(("criminal_investigation", "statistics")), unique=True).map(tuple),
    onward=st.booleans(),
    review_on=st.none() | st.sampled_from(("2026-11-21", "2026-11-22", "2027-03-01")),
)
recipients = st.builds(
    Recipient,
    st.sampled_from(CODES),
    st.sampled_from(("criminal_investigation", "statistics", "prosecution")),
    st.just("2026-11-22"),
)


def ours(**rules: object) -> Handling:
    return Handling(originator="HT", **rules)  # pyright: ignore[reportArgumentType]


def test_nobody_gets_what_nobody_was_named_for() -> None:
    assert why_kept(ours(), TO_DR, us="HT") == "not_named"
    assert why_kept(ours(releasable=("DO",)), TO_DR, us="HT") is None


@pytest.mark.parametrize("tlp", TLP)
def test_the_label_opens_nothing_by_itself(tlp: str) -> None:
    assert why_kept(ours(tlp=tlp), TO_DR, us="HT") in ("not_named", "red")
    assert (why_kept(ours(tlp=tlp, releasable=("DO",)), TO_DR, us="HT") is None) == (tlp != "RED")


def test_a_state_is_named_for_each_of_its_sites() -> None:
    site = Recipient("DO-SDQ", "criminal_investigation", "2026-11-22")
    assert why_kept(ours(releasable=("DO",)), site, us="HT") is None
    assert why_kept(ours(releasable=("DO-SDQ",)), TO_DR, us="HT") == "not_named"


def test_another_states_word_is_passed_on_only_with_its_consent() -> None:
    theirs = Handling(originator="US", releasable=("DO",))
    assert why_kept(theirs, TO_DR, us="HT") == "onward"
    assert why_kept(Handling(originator="US", releasable=("DO",), onward=True), TO_DR, us="HT") is None


def test_purpose_and_review_hold() -> None:
    for_court = ours(releasable=("DO",), purposes=("prosecution",))
    assert why_kept(for_court, TO_DR, us="HT") == "purpose"
    assert why_kept(for_court, Recipient("DO", "prosecution", "2026-11-22"), us="HT") is None
    old = ours(releasable=("DO",), review_on="2026-11-21")
    assert why_kept(old, TO_DR, us="HT") == "review_due"
    assert why_kept(ours(releasable=("DO",), review_on="2026-11-22"), TO_DR, us="HT") is None


def test_whoever_said_it_may_have_it_back() -> None:
    assert why_kept(Handling(originator="DO", tlp="RED"), TO_DR, us="HT") is None


@given(handlings, recipients, st.sampled_from(("HT", "HT-PAP", "DO")))
def test_what_goes_out_was_named_for_its_recipient(rules: Handling, to: Recipient, us: str) -> None:
    if why_kept(rules, to, us=us) is None and to.code != rules.originator:
        assert {"*", to.code, state_of(to.code)} & set(rules.releasable)
        assert rules.tlp != "RED"
        assert rules.onward or state_of(us) == rules.originator or us == rules.originator
        assert not rules.purposes or to.purpose in rules.purposes


@given(handlings, recipients, st.sampled_from(CODES))
def test_withdrawn_stopped_and_sealed_never_go_out(rules: Handling, to: Recipient, us: str) -> None:
    assert why_kept(rules, to, us=us, withdrawn=True) == "withdrawn"
    assert why_kept(rules, to, us=us, stopped=True) == "stopped"
    assert why_kept(rules, to, us=us, sealed=True) == "sealed"


def test_codes_are_codes() -> None:
    with pytest.raises(Malformed, match="tracing-party-code"):
        Handling(originator="Haiti")
    with pytest.raises(Malformed, match="tracing-party-code"):
        ours(releasable=("ht",))
    with pytest.raises(Malformed, match="tracing-recipients-many"):
        ours(releasable=tuple(f"A{n}" for n in range(41)))
