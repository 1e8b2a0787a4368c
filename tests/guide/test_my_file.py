"""“My file”: notes that stay on the device only when asked, the days to watch, and what is taken away or printed."""

import json
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Page

from decision_tree.dates import due, written
from decision_tree.model import Delay
from scripts.content.loaded import knowledge
from scripts.site.offline_copy import write_offline
from tests.conftest import NewContext, OpenPage

ADDRESS = "mon-dossier/"


def fill(page: Page, letter: str = "president-ordre", day: str = "2026-11-10") -> None:
    page.fill("[data-entry=what] [name=day]", "2026-11-02")
    page.fill("[data-entry=what] [name=text]", "Le dentiste a dit : pas de CMU.")
    page.check("[name=proof][value=calls]")
    page.select_option("[data-entry=letters] [name=letter]", letter)
    page.fill("[data-entry=letters] [name=day]", day)
    page.locator("[data-entry=letters] [name=day]").blur()


def stored(page: Page) -> str | None:
    found: str | None = page.evaluate("localStorage.getItem('file')")
    return found


@pytest.mark.parametrize(("locale", "said"), [("fr", "Écrivez un rappel"), ("en", "Write a reminder")])
def test_a_day_that_passed_says_what_to_do_and_an_answer_ends_the_wait(open_page: OpenPage, locale: str, said: str) -> None:
    page = open_page(ADDRESS, locale=locale, width=360)
    fill(page, day=(date.today() - timedelta(days=20)).isoformat())
    late, coming = page.locator("[data-next] li").all()
    assert said in late.inner_text() and (late.locator("a").get_attribute("href") or "").endswith("si-rien-ne-se-passe/")
    assert not coming.locator("a").count()
    page.fill("[data-entry=letters] [name=answer]", "L’Ordre accuse réception")
    page.locator("[data-entry=letters] [name=answer]").blur()
    assert page.locator("[data-next] li").count() == 1 and not page.locator("[data-next] a").count()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_nothing_is_kept_unless_asked_and_erasing_leaves_nothing(open_page: OpenPage) -> None:
    page = open_page(ADDRESS)
    fill(page)
    assert stored(page) is None and page.evaluate("sessionStorage.length") == 0
    page.check("[data-keep]")
    assert "pas de CMU" in (stored(page) or "")
    page.reload()
    assert page.input_value("[data-entry=what] [name=text]") == "Le dentiste a dit : pas de CMU."
    assert page.is_checked("[name=proof][value=calls]") and page.is_checked("[data-keep]")
    page.click("[data-act=erase]")
    assert stored(page) is None and page.input_value("[data-entry=what] [name=text]") == ""
    assert not page.is_checked("[name=proof][value=calls]")
    page.reload()
    assert page.input_value("[data-entry=what] [name=text]") == ""


def test_a_shared_device_keeps_nothing(open_page: OpenPage) -> None:
    page = open_page(ADDRESS)
    page.evaluate("localStorage.setItem('file', JSON.stringify({file: 1, what: [{day: '', text: 'hier'}], proofs: [], letters: []}))")
    page.evaluate("sessionStorage.setItem('shared', 'yes')")
    page.reload()
    assert page.is_disabled("[data-keep]") and page.is_visible("[data-shared-device]") and stored(page) is None
    assert page.input_value("[data-entry=what] [name=text]") == ""


def test_a_file_taken_away_opens_elsewhere_and_adds_to_what_is_there(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(ADDRESS)
    fill(page)
    with page.expect_download() as download:
        page.click("[data-act=take]")
    taken = tmp_path / "mon-dossier.json"
    download.value.save_as(taken)
    assert json.loads(taken.read_text("utf-8"))["letters"][0]["letter"] == "president-ordre"
    other = open_page(ADDRESS, locale="en")
    other.fill("[data-entry=what] [name=text]", "Already noted")
    other.set_input_files("[data-act=open]", taken)
    other.locator("[data-entry=what]").nth(1).wait_for()
    texts = other.eval_on_selector_all("[data-entry=what] [name=text]", "all => all.map((one) => one.value)")
    assert texts == ["Already noted", "Le dentiste a dit : pas de CMU."]
    other.set_input_files("[data-act=open]", taken)                     # twice: nothing stands twice
    other.locator("[data-said]").get_by_text("is open").wait_for()
    assert other.locator("[data-entry=what]").count() == 2


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"file": 1}', '{"file": 1, "what": [{"day": 3}], "proofs": [], "letters": []}'])
def test_another_file_is_refused_and_nothing_is_lost(open_page: OpenPage, tmp_path: Path, text: str) -> None:
    page = open_page(ADDRESS)
    fill(page)
    wrong = tmp_path / "photo.json"
    wrong.write_text(text, "utf-8")
    page.set_input_files("[data-act=open]", wrong)
    page.locator("[data-said]").get_by_text("mon-dossier.json").wait_for()
    assert page.input_value("[data-entry=what] [name=text]") == "Le dentiste a dit : pas de CMU."


def test_rows_come_and_go_by_keyboard(open_page: OpenPage) -> None:
    page = open_page(ADDRESS)
    page.focus("[data-add=what]")
    page.keyboard.press("Enter")
    assert page.locator("[data-entry=what]").count() == 2
    assert page.evaluate("document.activeElement.closest('[data-entry]').querySelector('[data-number]').textContent") == "2"
    page.locator("[data-entry=what] [data-remove]").last.focus()
    page.keyboard.press("Enter")
    assert page.locator("[data-entry=what]").count() == 1
    assert page.evaluate("document.activeElement.dataset.add") == "what"


def test_paper_shows_what_is_written_and_without_script_a_sheet_to_fill(open_page: OpenPage) -> None:
    page = open_page(ADDRESS)
    fill(page)
    page.emulate_media(media="print")
    sheet = page.locator("[data-sheet]")
    assert "pas de CMU" in sheet.inner_text() and "2 novembre 2026" in sheet.inner_text() and page.is_hidden("[data-file-form]")
    assert page.locator(".is-ticked").get_attribute("data-proof") == "calls"
    plain = open_page(ADDRESS, javascript=False)
    assert plain.is_visible("[data-sheet]") and plain.is_hidden("[data-file-form]")
    assert plain.locator("[data-sheet-what] tr").count() == 5 and "8\u00a0jours" in plain.locator("[data-sheet-next]").inner_text()


def test_it_works_from_a_disk(new_context: NewContext, site: Path, tmp_path: Path) -> None:
    write_offline(site, tmp_path / "stick")
    page = new_context().new_page()
    page.goto((tmp_path / "stick" / "mon-dossier" / "index.html").as_uri())
    fill(page)
    assert page.locator("[data-next] li").count() == 2


def test_days_are_counted_as_the_guide_counts_them(open_page: OpenPage) -> None:
    page = open_page(ADDRESS)
    draw = Random(1)
    waits = [one for one in knowledge().follow_ups if "president-ordre" in one.letters]
    for _ in range(40):
        day = date(2026, 1, 1) + timedelta(days=draw.randrange(1200))
        page.select_option("[data-entry=letters] [name=letter]", "president-ordre")
        page.fill("[data-entry=letters] [name=day]", day.isoformat())
        page.locator("[data-entry=letters] [name=day]").blur()
        told = page.inner_text("[data-next]").replace("\u00a0", " ")
        for one in waits:
            count = int(one.delay.value or 0)
            last = due(day, Delay(days=count) if one.delay.unit == "days" else Delay(months=count))
            assert written(last, "fr").replace("\u00a0", " ") in told
