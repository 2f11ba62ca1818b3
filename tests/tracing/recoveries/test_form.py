"""The trace form: every needed value has its box or its words, and says what to do without it."""

from lanbi.core.access import LANGUAGES
from lanbi.tracing.recoveries.form import boxes, completeness
from lanbi.tracing.schema import needed

WHOLE = {"make": "GLOCK", "model": "19", "calibre": "9X19", "serial": "AB12", "country": "AT"}


def standing(values: dict[str, str], *flagged: str) -> dict[str, str]:
    return {one.prop: one.standing for one in completeness("firearm", values, flagged).identifiers}


def test_the_five_identifiers_stand_on_the_form_by_number() -> None:
    found = {prop: boxes()["firearm"][prop].box for prop in needed("firearm")}
    assert found == {"make": "5c", "model": "5f", "calibre": "5e", "serial": "5a", "country": "5g"}
    assert all(boxes()["firearm"][prop].isacs == "essential" for prop in needed("firearm"))


def test_whatever_is_needed_says_what_to_do_without_it_in_every_language() -> None:
    for kind in ("firearm", "materiel", "recovery"):
        for prop in needed(kind):
            words = boxes()[kind][prop].next
            assert set(words) == set(LANGUAGES) and all(words.values())


def test_a_whole_firearm_lacks_nothing() -> None:
    found = completeness("firearm", WHOLE)
    assert (found.have, found.of, found.whole) == (5, 5, True)
    assert not any(one.next for one in found.identifiers)


def test_what_is_missing_says_what_to_do_next() -> None:
    found = completeness("firearm", {**WHOLE, "model": ""})
    assert (found.have, found.of, found.whole) == (4, 5, False)
    (model,) = [one for one in found.identifiers if one.prop == "model"]
    assert (model.standing, model.box) == ("missing", "5f")
    assert model.next["ht"].startswith("Gade toupre non fabrikan an")


def test_a_serial_that_was_filed_off_is_nobodys_omission() -> None:
    assert standing({**WHOLE, "serial": "", "serial_status": "obliterated"})["serial"] == "excused"
    assert completeness("firearm", {**WHOLE, "serial": "", "serial_status": "obliterated"}).whole
    assert standing({**WHOLE, "serial": ""})["serial"] == "missing"


def test_the_country_of_last_import_serves() -> None:
    without = {name: value for name, value in WHOLE.items() if name != "country"}
    assert standing(without)["country"] == "missing"
    assert standing({**without, "import_country": "US"})["country"] == "excused"


def test_what_was_kept_with_a_doubt_counts_and_is_said() -> None:
    assert standing(WHOLE, "calibre")["calibre"] == "doubtful"
    assert standing({**WHOLE, "serial_status": "partial"})["serial"] == "doubtful"
    doubtful = completeness("firearm", WHOLE, {"make"})
    assert doubtful.whole and doubtful.identifiers[0].next["en"].startswith("This make is not recognised")


def test_a_recovery_and_other_materiel_have_their_own() -> None:
    recovery = completeness("recovery", {"date": "2026", "agency": "PNH", "case": "1"})
    assert [(one.prop, one.standing) for one in recovery.identifiers if one.standing == "missing"] == [
        ("legal_basis", "missing")
    ]
    assert completeness("materiel", {"kind": "grenade"}).whole
