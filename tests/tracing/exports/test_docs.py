"""The worked example of the concept page is what the rules give."""

from pathlib import Path

from lanbi.tracing.handling import Handling, Recipient, why_kept

PAGE = Path(__file__).resolve().parents[3] / "docs" / "concepts" / "claims-and-handling.md"
TODAY = "2026-11-22"


def table(page: str, first: str) -> list[list[str]]:
    """The rows of the table whose head begins with `first`, the head first."""
    rows = []
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and (rows or cells[:2] == ["statement", first]):
            rows.append(cells)
        elif rows:
            break
    return [row for row in rows if not row[0].startswith("---")]


def test_what_the_page_says_goes_where_is_what_goes_there() -> None:
    page = PAGE.read_text("utf-8")
    held = table(page, "originator")[1:]
    (_, *recipients), *told = table(page, "DO, criminal_investigation")
    assert (len(held), len(told), len(recipients)) == (7, 7, 4)
    for (statement, originator, tlp, releasable, purposes, onward, review), (short, *said) in zip(
        held, told, strict=True
    ):
        assert short in statement
        rules = Handling(
            originator=originator,
            tlp=tlp,  # pyright: ignore[reportArgumentType]
            releasable=tuple(releasable.split()),
            purposes=tuple(purposes.split()),
            onward=onward == "yes",
            review_on=review or None,
        )
        for recipient, outcome in zip(recipients, said, strict=True):
            code, purpose = recipient.split(", ")
            assert (why_kept(rules, Recipient(code, purpose, TODAY), us="HT") or "goes") == outcome, (
                statement, recipient,
            )  # fmt: skip
