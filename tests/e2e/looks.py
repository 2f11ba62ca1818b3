"""How a screen stands: what is cut off, what covers what, which rule of readability it breaks."""

from collections.abc import Iterator

from playwright.sync_api import Locator, Page, expect

from e2e.floor import Floor
from e2e.words import LANGS, Words

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ROUNDING_PX = 1.0


def dress(floor: Floor, theme: str) -> None:
    """Night is what stands first; day is one click away, and so is night again."""
    html = floor.page.locator("html")
    if html.get_attribute("data-theme") != theme:
        floor.by("button", f"theme-{theme}").click()
    expect(html).to_have_attribute("data-theme", theme)


def box(element: Locator) -> dict[str, float]:
    found = element.bounding_box()
    assert found is not None, element
    return {
        "left": found["x"],
        "top": found["y"],
        "right": found["x"] + found["width"],
        "bottom": found["y"] + found["height"],
    }


def apart(one: dict[str, float], other: dict[str, float]) -> bool:
    return (
        one["right"] <= other["left"] + ROUNDING_PX
        or other["right"] <= one["left"] + ROUNDING_PX
        or one["bottom"] <= other["top"] + ROUNDING_PX
        or other["bottom"] <= one["top"] + ROUNDING_PX
    )


def stands_whole(page: Page, parts: dict[str, Locator], size: dict[str, int]) -> None:
    """Each part lies within the window, no two cover each other, and the page does not scroll."""
    boxes = {name: box(part) for name, part in parts.items()}
    for name, here in boxes.items():
        assert here["left"] >= -ROUNDING_PX, (name, here)
        assert here["top"] >= -ROUNDING_PX, (name, here)
        assert here["right"] <= size["width"] + ROUNDING_PX, (name, here)
        assert here["bottom"] <= size["height"] + ROUNDING_PX, (name, here)
        assert here["right"] - here["left"] > 40, (name, here)
        assert here["bottom"] - here["top"] > 15, (name, here)
    names = list(boxes)
    for i, one in enumerate(names):
        for other in names[i + 1 :]:
            assert apart(boxes[one], boxes[other]), (one, boxes[one], other, boxes[other])
    overflow = page.evaluate(
        "() => [document.documentElement.scrollWidth - innerWidth,"
        " document.documentElement.scrollHeight - innerHeight]"
    )
    assert max(overflow) <= 0, f"the page scrolls by {overflow}"


def cut_off(page: Page, selector: str) -> list[str]:
    """Controls whose words do not fit into them, or that reach out of what holds them."""
    return page.evaluate(
        """(selector) => [...document.querySelectorAll(selector)].filter((e) => {
          const box = e.getBoundingClientRect();
          if (!box.width || !e.checkVisibility()) return false;
          const own = getComputedStyle(e);
          // Words of people may end in an ellipsis; what is ours must fit.
          if (own.textOverflow === 'ellipsis') return false;
          if (e.scrollWidth > e.clientWidth + 1 && own.overflowX !== 'visible') return true;
          for (let up = e.parentElement; up; up = up.parentElement) {
            const style = getComputedStyle(up);
            if (style.overflowX === 'visible' && style.overflowY === 'visible') continue;
            const held = up.getBoundingClientRect();
            const beside = box.right > held.right + 1 || box.left < held.left - 1;
            if (style.overflowX !== 'visible' && beside) return true;
            if (['auto', 'scroll'].includes(style.overflowY)) return false;
            if (box.bottom > held.bottom + 1 || box.top < held.top - 1) return true;
          }
          return false;
        }).map((e) => (e.getAttribute('aria-label') || e.textContent || '').trim().slice(0, 60))""",
        selector,
    )


def each_dress(floor: Floor, words: dict[str, Words]) -> Iterator[str]:
    """The screen in both themes and four languages, by a click each → "ht-night" and so on."""
    for theme in ("night", "day"):
        dress(floor, theme)
        for lang in LANGS:
            floor.speak(lang, words[lang])
            yield f"{lang}-{theme}"


def broken(page: Page, axe: str, where: str) -> list[str]:
    """Each rule of WCAG 2.2 AA that the page breaks, with the first places where it does."""
    page.evaluate(axe)
    result = page.evaluate(
        "async (tags) => (await axe.run(document, {runOnly: {type: 'tag', values: tags}})).violations",
        WCAG,
    )
    return [
        f"{where}: {rule['id']} × {len(rule['nodes'])}: "
        + "; ".join(
            f"{node['target'][0]} {node['failureSummary'].splitlines()[-1].strip()}"
            for node in rule["nodes"][:3]
        )
        for rule in result
    ]
