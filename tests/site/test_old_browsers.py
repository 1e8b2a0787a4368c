"""Old browsers get less, never a broken page: what the site asks of them, and the site as the oldest we hold to read its styles."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route
from pypdf import PdfReader

from scripts.measure import old_browsers
from scripts.measure.old_browsers import FLOORS, Found, all_found, levels_table, lost_table, problems, reads, support, tasks_table
from scripts.measure.style_features import Knows, as_read, features
from tests.conftest import OpenPage
from tests.support.guide_pages import DENTIST, DENTIST_BODIES, bodies, follow, reset, unfold, wait_for_python, write_any_letter

EMERGENCY = """() => { scrollTo(0, 0); return [...document.querySelectorAll(".emergency a")].map((link) => {
  const { left, top, width, height } = link.getBoundingClientRect();
  return document.elementFromPoint(left + width / 2, top + height / 2) === link;
}); }"""


@pytest.fixture(scope="module")
def found(site: Path) -> frozenset[Found]:
    return all_found(site)


def test_pages_and_links_need_no_browser_newer_than_those_of_2017(found: frozenset[Found]) -> None:
    assert problems(found) == []


@pytest.mark.parametrize(("where", "key"), [
    ("styles", "css.properties.anchor-name"), ("styles", "css.at-rules.layer"), ("pages", "html.elements.dialog"),
    ("pages", "html.global_attributes.popover"),
])
def test_what_came_later_must_say_what_is_lost_without_it(found: frozenset[Found], where: str, key: str) -> None:
    assert any(f"{key} is there from" in problem for problem in problems({*found, Found(where, key)}))


def test_a_sentence_about_nothing_is_seen(found: frozenset[Found], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(old_browsers, "lost", lambda: {"css.properties.anchor-name": "nothing"})
    assert any("nothing asks for css.properties.anchor-name" in problem for problem in problems(found))


def test_the_tables_are_those_of_the_site(found: frozenset[Found], root: Path) -> None:
    text = (root / "docs" / "figures.md").read_text("utf-8").partition(old_browsers.START)[2].partition(old_browsers.END)[0]
    for table in (levels_table(found), tasks_table(found), lost_table(found)):
        assert table in text, "docs/figures.md: run python -m scripts.measure browsers"


@pytest.mark.parametrize(("css", "key"), [
    ("a:has(b) { color: red }", "css.selectors.has"), (":is(:where(a)) {}", "css.selectors.where"),
    ("a:not(.b, .c) {}", "css.selectors.not.selector_list"), ("a { display: flex; gap: 1rem }", "css.properties.gap.flex_context"),
    ("a { height: 100dvh }", "css.types.length.viewport_percentage_units_dynamic"), ("@layer x { a {} }", "css.at-rules.layer"),
    ("@media (width < 40em) { a {} }", "css.at-rules.media.range_syntax"),
    ("a { color: color-mix(in srgb, red, blue) }", "css.types.color.color-mix"),
    ('a { content: "x" / "" }', "css.properties.content.alt_text"), ("a { & b { color: red } }", "css.selectors.nesting"),
])
def test_what_a_style_asks_for_is_found(css: str, key: str) -> None:
    assert key in set(features(css, support().known))


def test_a_newer_value_after_an_older_one_asks_for_nothing() -> None:
    assert "css.properties.content.alt_text" not in set(features('a { content: "x"; content: "x" / "" }', support().known))


def test_a_rule_is_dropped_whole_and_a_declaration_alone() -> None:
    css = "a, b:has(c) { color: red } d { color: red; color: color-mix(in srgb, red, blue); gap: 0 } @layer x { e { color: red } }"
    assert as_read(css, support().known, reads).replace(" ", "") == "d{color:red;}\n"


def sheets(page: Page) -> int:
    """Count the sheets a page takes on paper."""
    return len(PdfReader(io.BytesIO(page.pdf())).pages)


def restyle(page: Page, site: Path, reads: Knows) -> None:
    """Give a page of the styles what a browser can read."""
    def style(route: Route) -> None:
        sheet = site / "assets" / "css" / route.request.url.rpartition("/")[2]
        route.fulfill(body=as_read(sheet.read_text("utf-8"), support().known, reads), content_type="text/css")

    page.route("**/assets/css/*.css", style)


@pytest.fixture
def old_page(open_page: OpenPage, site: Path) -> Callable[[str], Page]:
    """Open a page as the oldest browsers we hold to do: no script of ours runs, and of the styles what they can read."""
    def opened(path: str) -> Page:
        page = open_page("404.html", width=375, javascript=False, may_fail=True)
        restyle(page, site, reads)
        page.goto(f"/{path}")
        return page

    return opened


def test_the_guide_is_walked_and_printed_by_links(old_page: Callable[[str], Page]) -> None:
    assert set(FLOORS) == {"chrome", "webview_android", "firefox", "safari", "safari_ios"}
    page = old_page("guide/")
    for answer in DENTIST:
        page.locator(f'a[data-answer="{answer}"]:visible').first.click()
    assert bodies(page) == DENTIST_BODIES
    assert page.evaluate(EMERGENCY) == [True, True, True]
    assert sheets(page) <= 4
    page.go_back()
    follow(page, DENTIST[-1:])
    assert bodies(page) == DENTIST_BODIES


@pytest.mark.parametrize("path", ["", "lettres/mediateur/", "patients/urgence/"])
def test_pages_are_read_and_printed(old_page: Callable[[str], Page], open_page: OpenPage, path: str) -> None:
    page = old_page(path)
    assert page.evaluate(EMERGENCY) == [True, True, True]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("h1").is_visible() and len(page.locator("main").inner_text()) > 500
    assert sheets(page) <= 2 * sheets(open_page(path, width=375))


def test_where_has_is_unknown_python_s_result_and_its_letter_are_printed_alone(open_page: OpenPage, site: Path) -> None:
    page = open_page("404.html", may_fail=True)
    restyle(page, site, lambda key: key != "css.selectors.has")
    page.goto("/guide/")
    wait_for_python(page)
    follow(page, DENTIST)
    unfold(page)
    assert bodies(page) == DENTIST_BODIES
    assert sheets(page) == 1
    page.evaluate("() => { window.print = () => {}; }")   # the sheet stays until the printer has it
    page.locator('[data-live] [data-letter="president-ordre"]').first.click()
    page.wait_for_selector("#l-name")
    reset(page)
    page.locator("#l-phone").fill("01 23 45 67 89")
    write_any_letter(page)
    page.locator('[data-letter-do="print"]').click()
    page.emulate_media(media="print")
    assert page.locator(".letter-print").is_visible() and not page.locator("main").is_visible()
    assert sheets(page) <= 2
