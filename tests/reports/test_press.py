"""The press: what a person wrote prints as written, whatever it is; the same facts give the same bytes."""

from io import BytesIO

import msgspec
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lanbi.core.errors import LanbiError
from lanbi.crisis.papers.sheet import Column, Field, Fields, Form, Sign, Space, Table, Text
from lanbi.reports import press
from stores import NIGHT

FRAME = {
    name: name
    for name in ("site", "major", "period", "as-of", "page", "entry", "signed", "unsigned", "synthetic")
}
TRAPS = (
    '#eval("1+1")', "#panic()", "$ x^2 $", "[*gra*]", "_la_", "`kòd`", "@ref", "<lab>", "= Tit", "- lis",
    "//", "/*", "\\", '#read("/etc/hosts")', "#{1}", "~", "---", "...", "'\"", "https://a.ht", "{}",
    '#import "@preview/a:1.0.0"',
)  # fmt: skip


def form(words: str, *, body: str = "", synthetic: bool = False) -> bytes:
    made = Form(
        code="201", name="ICS 201", title="Fòm", lang="ht", site="delma-33", major_id="m", number=1,
        major=words, state="", period="", as_of="", local="", utc="", seq=7, signed=None, synthetic=synthetic,
        frame=FRAME,
        blocks=(
            Fields(items=(Field(words, words),)),
            Text(title=words, words=body or words),
            Text(title="blan", words="", lines=2),
            Space(title="kat", height_mm=20),
            Table(title="t", columns=(Column(words, 1), Column("n", 1, "end")), rows=((words, "1"),),
                  empty=""),
            Sign(title=words, items=(Field("a", words), Field("b", ""), Field("c", ""), Field("d", ""))),
        ),
    )  # fmt: skip
    return msgspec.json.encode(made)


def told(pdf: bytes) -> str:
    text = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages)
    return "".join(text.split())


@settings(max_examples=12)
@given(
    st.lists(st.sampled_from((*TRAPS, "bonjou", "dèyè", "òèàç", "2026")), min_size=1, max_size=6).map(
        " ".join
    )
)
def test_what_looks_like_the_typesetters_own_words_prints_as_written(words: str) -> None:
    assert told(press.render("form", form(words), NIGHT)).count("".join(words.split())) >= 6


def test_a_word_longer_than_the_page_keeps_every_letter() -> None:
    word = "x".join(str(number) for number in range(120))
    assert told(press.render("form", form(word), NIGHT)).count(word) >= 4


def test_the_same_facts_give_the_same_bytes_and_another_time_others() -> None:
    first = press.render("form", form("dife"), NIGHT)
    assert press.render("form", form("dife"), NIGHT) == first
    assert press.render("form", form("dife"), NIGHT + 60_000_000) != first
    assert (
        pypdf.PdfReader(BytesIO(first)).metadata.creation_date.isoformat().startswith("2026-11-22T03:47:12")
    )


def test_what_is_invented_says_so_on_every_page() -> None:
    long = "\n".join(["dife"] * 200)
    pages = pypdf.PdfReader(
        BytesIO(press.render("form", form("dife", body=long, synthetic=True), NIGHT))
    ).pages
    assert len(pages) > 1
    assert all("synthetic" in "".join(page.extract_text().split()) for page in pages)
    plain = press.render("form", form("dife"), NIGHT)
    assert "synthetic" not in told(plain)


def test_only_the_typesetters_own_fonts_stand_in_it() -> None:
    page = pypdf.PdfReader(BytesIO(press.render("form", form("dife ò è"), NIGHT))).pages[0]
    fonts = {str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()}
    assert fonts
    assert all("Libertinus" in name or "DejaVuSansMono" in name for name in fonts), fonts


def test_what_cannot_be_printed_is_refused() -> None:
    for content in (b"{", b"{}", b"x" * (press.CONTENT_BYTES_MAX + 1)):
        with pytest.raises(LanbiError) as refused:
            press.render("form", content, NIGHT)
        assert refused.value.code == "press-failed"
