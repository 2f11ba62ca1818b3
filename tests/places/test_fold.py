"""A caller's Kreyòl and the gazetteer's French meet in one key."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lanbi.places.fold import fold, folds, plain, word_keys, words

ORTHOGRAPHY = "aàâeéèêëiîïoòôuùûyœbcçdfghjklmnpqrstvwxz '-33"


@pytest.mark.parametrize(
    ("french", "kreyol"),
    [
        ("Carrefour", "Kafou"),
        ("Delmas", "Dèlma"),
        ("Delmas", "Dèlmas"),
        ("Cité Soleil", "Site Solèy"),
        ("Pétion-Ville", "Petyonvil"),
        ("Croix-des-Bouquets", "Kwadèboukè"),
        ("Croix-des-Bouquets", "Kwadebouke"),
        ("Port-au-Prince", "Pòtoprens"),
        ("Port-au-Prince", "Potoprens"),
        ("Tabarre", "Taba"),
        ("Léogâne", "Leyogàn"),
        ("Champ de Mars", "Channmas"),
        ("Champ de Mars", "Chanmas"),
        ("Canapé-Vert", "Kanapevè"),
        ("Hôpital Général", "Lopital Jeneral"),
        ("Martissant", "Matisan"),
        ("Gonaïves", "Gonayiv"),
        ("Jacmel", "Jakmèl"),
        ("Saint-Marc", "Sen Mak"),
        ("St Marc", "Sen Mak"),
        ("Fontamara", "Fontamara"),
        ("Carrefour-Feuilles", "Kafou Fèy"),
        ("Bon Repos", "Bon Repo"),
        ("Frères", "Frè"),
        ("Bel-Air", "Bèlè"),
        ("La Saline", "Lasalin"),
        ("La Plaine", "Laplèn"),
        ("Église Saint-Michel", "Legliz Sen Michèl"),
        ("Pernier", "Pènye"),
        ("Gressier", "Gresye"),
        ("Thomassin", "Tomasen"),
        ("Fort National", "Fò Nasyonal"),
        ("Croix-des-Missions", "Kwadèmisyon"),
        ("Pont Rouge", "Pon Wouj"),
        ("Drouillard", "Drouya"),
        ("Place Boyer", "Plas Bwaye"),
        ("Source Puante", "Sous Pyant"),
        ("La Gonâve", "Lagonav"),
        ("Bois Verna", "Bwa Vèna"),
        ("Sainte-Thérèse", "Sent Terèz"),
        ("Delmas 33", "Dèlma trant twa"),
        ("Delmas 75", "Dèlma swasann kenz"),
        ("Martissant 23", "Matisan venn twa"),
    ],
)
def test_french_and_kreyol_spellings_share_a_key(french: str, kreyol: str) -> None:
    assert set(folds(french)) & set(folds(kreyol))


@pytest.mark.parametrize(
    ("one", "other"),
    [("Delmas 33", "Delmas 32"), ("Jacmel", "Jérémie"), ("Kafou", "Kabarè"), ("Santo", "Marin")],
)
def test_different_places_keep_different_keys(one: str, other: str) -> None:
    assert not set(folds(one)) & set(folds(other))


def test_letters_without_accents_are_enough() -> None:
    for name in ("Kwadèboukè", "Pétion-Ville", "Cité Soleil", "Léogâne", "Dèlma"):
        assert set(folds(plain(name))) & set(folds(name)), name


def test_numbers_that_are_spelled_out_become_digits_in_four_languages() -> None:
    for said in ("Delmas trente-trois", "Dèlma trant twa", "Delmas treinta y tres", "Delmas thirty three"):
        assert words(said)[-1] == "33", said


def test_what_names_nothing_has_no_key() -> None:
    for nothing in ("", "   ", "!?…", "—", "\u0301", "😀"):
        assert fold(nothing) == ""
        assert folds(nothing) == ()
        assert word_keys(nothing) == ()


@given(st.text(max_size=60))
def test_fold_takes_any_text_and_a_key_is_its_own_key(text: str) -> None:
    key = fold(text)
    assert fold(key) == key
    assert " " not in key
    for reading in folds(text):
        assert fold(reading) == reading
        assert "|" not in reading
        assert " " not in reading


@settings(max_examples=300)
@given(st.text(alphabet=ORTHOGRAPHY, max_size=24))
def test_keys_of_haitian_spelling_read_the_same_as_french_and_as_kreyol(text: str) -> None:
    for key in folds(text):
        assert fold(key, "fr") == fold(key, "ht") == key


def test_a_very_long_text_is_cut_not_chewed() -> None:
    assert len(fold("kafou " * 100_000)) < 400
