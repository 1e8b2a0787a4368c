"""Chromium's accessibility trees of a walk, screen by screen, as they were last looked at; `TREES=write` writes them again."""

import os

import pytest
from playwright.sync_api import Page

from scripts.project.paths import ROOT
from tests.conftest import LOCALES, OpenPage
from tests.support.guide_pages import DENTIST, follow, open_result, reset, wait_for_python, work_out_dates, write_any_letter
from tests.support.trees import tree

TREES = ROOT / "tests" / "guide" / "trees"


def walk(page: Page) -> dict[str, str]:
    """Return the tree of each screen, by its name; each is looked at once the focus is where the person goes on."""
    found: dict[str, str] = {}

    def look(name: str, css: str = "[data-live]", focused: str = "") -> None:
        if focused:
            page.wait_for_function("css => document.activeElement.matches(css)", arg=focused)
        found[name] = tree(page, page.locator(css))

    wait_for_python(page)
    look("the first question, and what stands around it", "body")
    follow(page, DENTIST[:1])
    look("a question", focused="[data-live] h2")
    open_result(page)
    look("a result", focused="[data-final] h2")
    work_out_dates(page)
    page.locator("#p-place").fill("99999")
    page.locator("[data-local] button").click()
    look("a result unfolded, with dates and a wrong place", focused="#p-place[aria-invalid]")
    page.locator('[data-letter="president-ordre"]').first.click()
    look("a letter", focused="#letter-name")
    reset(page)
    page.locator("[data-letter-form] button[type=submit]").click()
    look("a letter that lacks something", focused=".guide-errors")
    write_any_letter(page)
    look("a letter that is ready", focused="#letter-ready")
    return found


@pytest.mark.parametrize("locale", LOCALES)
def test_the_trees_of_a_walk_are_those_that_were_looked_at(open_page: OpenPage, locale: str) -> None:
    found = walk(open_page("guide/", locale=locale))
    now = "\n".join(f"# {name}\n\n{text}" for name, text in found.items())
    kept = TREES / f"{locale}.txt"
    if os.environ.get("TREES") == "write":
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(now, "utf-8")
    assert "(no name)" not in now
    assert now == kept.read_text("utf-8"), "the trees have changed: TREES=write, then read the difference"
