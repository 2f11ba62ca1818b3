"""What a person typed is kept to the letter or refused with a reason; nothing is mended behind their back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanbi.core.errors import LanbiError, Malformed, TooLarge
from lanbi.core.text import NAME_CHARS_MAX, TITLE_CHARS_MAX, WORDS_CHARS_MAX, line, words

# What a database can keep: every code point but NUL and the surrogates.
keepable = st.text(st.characters(blacklist_characters="\x00", blacklist_categories=["Cs"]), max_size=200)

TYPED = [
    "Dife nan kay la, dèyè legliz Sen Pyè, gen moun anndan",
    "  deux espaces devant\net une ligne\tde plus  ",
    "🚑🔥👩🏾‍🚒 3 moun blese",
    "حريق في السوق — مساعدة",
    "שלום \u200fRTL\u200e ak melanj",
    "o\u0301 ki pa ó",  # a combining accent is not normalised away
    "𐍈 ak 𝄞: deyò premye plan an",
    "\u2028 ak \ufeff ak \u200b",
    "'; DROP TABLE journal; --",
    "<script>alert('x')</script>",
]


@pytest.mark.parametrize("text", TYPED)
def test_words_are_kept_to_the_letter(text: str) -> None:
    assert words(text, "words") == text


@given(keepable)
def test_any_keepable_text_comes_back_as_it_went_in(text: str) -> None:
    try:
        assert words(text, "words") == text
    except Malformed as refused:
        assert refused.code == "text-empty"
        assert not text.strip()


def test_ten_thousand_characters_are_kept_and_the_limit_is_twice_that() -> None:
    long = "Men sa k pase: " + "é" * 9_985
    assert len(long) == 10_000
    assert words(long, "words") == long
    full = "🔥" * WORDS_CHARS_MAX
    assert words(full, "words") == full
    with pytest.raises(TooLarge) as refused:
        words(full + "a", "words")
    assert refused.value.code == "text-too-long"
    assert refused.value.args_by_name == {"field": "words", "limit": 20_000, "given": 20_001}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("kote\x00a", "text-nul"),
        ("\x00", "text-nul"),
        ("rele\ud83d", "text-surrogate"),
        ("\udc00", "text-surrogate"),
        ("", "text-empty"),
        (" \n\t\u00a0", "text-empty"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(text: str, code: str) -> None:
    with pytest.raises(Malformed) as refused:
        words(text, "note")
    assert refused.value.code == code
    assert refused.value.args_by_name["field"] == "note"


def test_a_broken_character_is_pointed_at() -> None:
    with pytest.raises(Malformed) as refused:
        words("12345\ud83d", "note")
    assert refused.value.args_by_name["position"] == 6


def test_a_line_loses_the_spaces_at_its_ends_and_nothing_else() -> None:
    assert line("  Lopital  Jeneral 🏥 ", "name") == "Lopital  Jeneral 🏥"
    assert line("x" * NAME_CHARS_MAX, "name") == "x" * NAME_CHARS_MAX
    assert line("x" * TITLE_CHARS_MAX, "title", chars_max=TITLE_CHARS_MAX) == "x" * TITLE_CHARS_MAX


@pytest.mark.parametrize("text", ["de\nliy", "tab\there", "\x1b[31mrouj", "kloch\x07", "a\x7fb", "a\u0085b"])
def test_a_line_takes_no_control_characters(text: str) -> None:
    with pytest.raises(Malformed) as refused:
        line(text, "name")
    assert refused.value.code == "text-control"


def test_a_line_over_its_limit_is_refused() -> None:
    with pytest.raises(TooLarge) as refused:
        line("x" * (NAME_CHARS_MAX + 1), "name")
    assert refused.value.args_by_name["limit"] == NAME_CHARS_MAX


@given(st.text(max_size=100))
def test_any_line_is_storable_or_refused(text: str) -> None:
    try:
        kept = line(text, "name")
    except LanbiError:
        return
    assert kept.strip() == kept
    assert kept.encode().decode() == kept
    assert not {"\x00", "\n", "\r"} & set(kept)
