"""What IBM Equal Access, Alfa and axe's experimental rules find at A and AA: nothing that is not kept with its reason."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.conftest import LOCALES, OpenPage
from tests.support.checkers import Alfa, Finding, alfa, exceptions, findings, not_kept
from tests.support.guide_pages import ACCUSED, DENTIST, follow, unfold, wait_for_python, write_any_letter
from tests.support.page_types import TYPES


@pytest.fixture(scope="module")
def siteimprove() -> Iterator[Alfa]:
    with alfa() as running:
        yield running


@pytest.mark.prove
@pytest.mark.parametrize("locale", LOCALES)
def test_other_checkers_find_nothing_that_has_no_reason(open_page: OpenPage, siteimprove: Alfa, axe_source: str, locale: str) -> None:
    found: dict[str, list[Finding]] = {}
    for kind, path in TYPES.items():
        page = open_page(path, locale=locale)
        if kind == "guide":
            in_the_guide(page, found, siteimprove, axe_source)
        found[kind] = findings(page, siteimprove, axe_source)
        page.close()
    kept = exceptions()
    wrong = [f"{kind}: {told}" for kind, some in found.items() for told in not_kept(some, kept)]
    assert not wrong, "\n".join(wrong)
    unmet = [one for one in kept if not any(one.covers(finding) for some in found.values() for finding in some)]
    assert not unmet, "nothing meets these any more; take them out"


def in_the_guide(page: Page, found: dict[str, list[Finding]], by: Alfa, axe_source: str) -> None:
    """Look at a question, a result with all its folds open, a letter with its errors, a letter that is ready, another result."""
    def look(name: str) -> None:
        found[f"guide, {name}"] = findings(page, by, axe_source)

    address = page.url
    wait_for_python(page)
    follow(page, DENTIST[:1])
    look("question")
    follow(page, DENTIST[1:])
    unfold(page)
    page.wait_for_timeout(1_000)   # what is told only when opened
    look("result")
    page.locator('[data-letter="president-ordre"]').click()
    page.wait_for_selector("[data-letter-form]")
    page.wait_for_timeout(700)
    page.locator("[data-letter-form] button[type=submit]").click()
    page.locator(".guide-errors").wait_for()
    look("errors")
    write_any_letter(page)
    look("letter")
    page.goto(f"{address}#v=00000000&{'&'.join(ACCUSED)}")
    page.reload()
    wait_for_python(page)
    look("a professional's result")


@pytest.mark.prove
def test_a_fault_put_in_by_hand_is_found_by_each(open_page: OpenPage, siteimprove: Alfa, axe_source: str) -> None:
    page = open_page("plan-du-site/")
    page.evaluate("""() => document.querySelector("main").insertAdjacentHTML("afterbegin",
      '<p><b>Un titre qui n’en est pas un</b></p><p>Texte.</p><a href="/x"><svg viewBox="0 0 9 9"></svg></a><input id="q9">')""")
    assert {one.checker for one in findings(page, siteimprove, axe_source)} >= {"ibm", "alfa"}
