"""What the grid of docs/audit/rgaa.yaml says of pages, held by tests: drawings, charts, languages, tables, sizes, fields."""

import re
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from playwright.sync_api import Page

from tests.conftest import LOCALES, OpenPage
from tests.support.guide_pages import DENTIST, follow, unfold, wait_for_python
from tests.support.page_types import TYPES

RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff]")   # Hebrew, Arabic and their kin
FILES = [f"{folder}{path}" for folder in ("", "en/") for path in TYPES.values() if not path.endswith(".html")]
ANSWER_IN_SIGHT = """() => [...document.querySelectorAll("[data-live] [data-state] :is(a[data-answer], summary)")]
  .some((one) => { const box = one.getBoundingClientRect(); return box.top >= 0 && box.top + 20 < innerHeight; })"""


def read(site: Path, path: str) -> Any:
    return html.document_fromstring((site / path / "index.html").read_bytes(), parser=html.HTMLParser(encoding="utf-8", huge_tree=True))


@pytest.mark.parametrize("path", FILES)
def test_drawings_that_say_nothing_are_not_read(site: Path, path: str) -> None:
    unsaid = []
    for drawing in read(site, path).iter("svg"):
        hidden = any(one.get("aria-hidden") == "true" for one in (drawing, *drawing.iterancestors()))
        if not hidden and not (drawing.get("role") == "img" and (drawing.get("aria-label") or drawing.get("aria-labelledby"))):
            unsaid.append(dict(drawing.getparent().attrib))
    assert not unsaid


@pytest.mark.parametrize("locale", LOCALES)
def test_each_chart_is_named_by_its_caption(site: Path, locale: str) -> None:
    charts = [one for one in read(site, f"{'en/' if locale == 'en' else ''}chiffres").iter("figure") if "chart" in one.get("class", "")]
    assert len(charts) > 3
    for chart in charts:
        caption = next(chart.iter("figcaption"))
        assert chart.get("role") == "figure" and chart.get("aria-label") == "".join(caption.itertext())


@pytest.mark.parametrize("path", FILES)
def test_each_language_is_named_in_itself(site: Path, path: str) -> None:
    names = {"Français": "fr", "English": "en"}
    spoken = "en" if path.startswith("en/") else "fr"
    for one in read(site, path).iter("option", "a"):
        name = names.get("".join(one.itertext()).strip())
        if name and name != spoken:
            assert one.get("lang") == name or any(inner.get("lang") == name for inner in one.iter("*")), path


@pytest.mark.parametrize("path", ["", "en/guide/", "recherche/", "plan-du-site/", "langues/ar/", "langues/fa/"])
def test_words_read_from_right_to_left_say_so(site: Path, path: str) -> None:
    for one in (one for one in read(site, path).iter("*") if one.tag not in ("title", "script")):
        if RIGHT_TO_LEFT.search(one.text or ""):
            assert any(around.get("dir") == "rtl" for around in (one, *one.iterancestors())), f"{one.text!r} in {path}"


@pytest.mark.parametrize("path", ["lettres/mediateur/", "en/lettres/president-ordre/"])
def test_room_to_write_is_not_read_as_points(site: Path, path: str) -> None:
    rooms = 0
    for one in read(site, path).iter("*"):
        for text, around in ((one.text, one), (one.tail, one.getparent())):
            if "…" * 8 in (text or ""):
                rooms += 1
                assert around is not None and around.get("role") == "img" and around.get("aria-label"), text
    assert rooms > 4


PRESSED = """() => [...document.querySelectorAll(
    ".exit a, .brand, .tools a, .menu a, .menu summary, .tongues a, .trail a, .toc a, .section a, .near a, .foot li a")]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 43.9)
  .map((one) => [one.outerHTML.slice(0, 90), one.getBoundingClientRect().height])"""


def test_what_people_press_around_a_page_is_as_high_as_a_finger(open_page: OpenPage) -> None:
    page = open_page("patients/preuves/", width=360, has_touch=True)
    page.locator(".menu summary").click()
    assert page.evaluate(PRESSED) == []


# Words in a sentence keep their line: what is around them answers to the finger too.
MISSED = """() => [...document.querySelectorAll(".emergency a")].flatMap((one) => {
    const box = one.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2;
    return [[0, -21], [0, 21], [-21, 0], [21, 0]].filter(([across, down]) => {
      const at = document.elementFromPoint(x + across, y + down);
      return !at || at.closest("a") !== one;
    }).map((side) => [one.textContent, innerWidth, ...side]);
  })"""


@pytest.mark.parametrize("path", ["patients/preuves/", "en/guide/"])
def test_the_numbers_for_a_danger_answer_to_a_finger_around_them(open_page: OpenPage, path: str) -> None:
    page = open_page(path, width=360, has_touch=True)
    for width in (320, 360, 412, 768, 1366):
        page.set_viewport_size({"width": width, "height": 640})
        assert page.evaluate(MISSED) == []


WRAPPERS = """() => [...document.querySelectorAll(".scroll, .table-scroll")].map((one) =>
  [one.scrollWidth > one.clientWidth + 1, one.tabIndex === 0, one.getAttribute("role") === "region", one.ariaLabel?.length > 0])"""


@pytest.mark.parametrize("path", ["patients/qui-fait-quoi/", "delais/", "chiffres/"])
def test_a_table_is_a_stop_only_where_it_scrolls(open_page: OpenPage, path: str) -> None:
    page = open_page(path)
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(300)
        found = page.evaluate(WRAPPERS)
        assert found and all(len(set(marks)) == 1 for marks in found), found
    assert not page.locator(":is(.scroll, .table-scroll) :is(.scroll, .table-scroll)").count()


def narrow(page: Page, width: int, height: int) -> list[str]:
    """Answer the questions of a case in a small window; return those whose answers begin out of sight."""
    page.set_viewport_size({"width": width, "height": height})
    wait_for_python(page)
    unseen = []
    for answer in DENTIST[:-1]:
        follow(page, [answer])
        page.wait_for_timeout(500)
        if not page.evaluate(ANSWER_IN_SIGHT):
            unseen.append(page.locator("[data-live] h2").inner_text())
    return unseen


def test_an_answer_is_in_sight_when_all_is_large(open_page: OpenPage) -> None:
    """A window of 1280 px by 1024, magnified twice (640 by 512) and four times (320 by 256)."""
    for width, height in ((640, 512), (320, 256)):
        assert not narrow(open_page("guide/"), width, height), (width, height)


def test_an_answer_is_in_sight_with_letters_twice_as_large(open_page: OpenPage) -> None:
    page = open_page("guide/", width=1280)
    page.evaluate("""() => { const s = new CSSStyleSheet(); s.replaceSync(":root { font-size: 200% !important }");
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, s]; }""")
    assert not narrow(page, 1280, 800)


FILLED = """() => Object.fromEntries([...document.querySelectorAll("[data-live] form :is(input, textarea)")]
  .map((one) => [one.id, one.getAttribute("autocomplete")]))"""


@pytest.mark.parametrize("shared", [False, True], ids=["own", "shared"])
def test_fields_about_the_person_say_so_and_not_on_a_shared_device(open_page: OpenPage, shared: bool) -> None:
    page = open_page("guide/")
    wait_for_python(page)
    if shared:
        page.locator("[data-shared]:visible").first.check()
    follow(page, DENTIST)
    unfold(page)
    assert page.evaluate(FILLED)["p-own"] == ("off" if shared else "postal-code")
    page.locator('[data-letter="president-ordre"]').first.click()
    page.wait_for_selector("[data-letter-form]")
    fields = page.evaluate(FILLED)
    wanted = {"l-name": "name", "l-address": "street-address"}
    assert {name: fields[name] for name in wanted} == (dict.fromkeys(wanted, "off") if shared else wanted)
