"""What the next person on this device can see: nothing of the answers, the names or the words, unless they were asked to be kept."""

import io
import re
import sqlite3
from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from PIL import Image
from playwright.sync_api import Dialog, Locator, Page, expect
from pypdf import PdfReader

from decision_tree.authoring.show.compiled_guide import compiled
from decision_tree.locales import LOCALES
from scripts.content.publisher import load_publisher
from scripts.project.engines import Browser, firefox
from scripts.site.serve import SiteServer
from tests.conftest import NewContext, OpenPage
from tests.support.guide_pages import (
    DENTIST,
    DENTIST_BODIES,
    bodies,
    follow,
    given,
    heading,
    open_group,
    press,
    reset,
    unfold,
    wait_for_python,
)
from tests.support.lanes import first
from tests.support.letters import way_of

SECRETS = {"name": "Zoé Traçable", "address": "7 rue Introuvable\n59000 Lille", "email": "zoe@traçable.example",
           "facts": "Un récit secret."}


def entries(page: Page) -> list[dict[str, Any]]:
    """Return the tab's list of pages, as the browser shows it."""
    found: list[dict[str, Any]] = page.context.new_cdp_session(page).send("Page.getNavigationHistory")["entries"]
    return found


def letter(page: Page) -> None:
    """Open a letter from a result and write in it."""
    page.locator('[data-letter="president-ordre"]').click()
    page.wait_for_selector("[data-letter-form]")
    for name, value in SECRETS.items():
        page.locator(f"#l-{name}").fill(value)


@pytest.fixture
def result(open_page: OpenPage) -> Page:
    """A result, with its letters."""
    page = open_page("guide/")
    wait_for_python(page)
    follow(page, DENTIST)
    page.locator("[data-letter]").first.wait_for()
    return page


@pytest.mark.parametrize("python", [False, True], ids=["links", "Python"])
def test_no_address_holds_an_answer_and_an_answer_makes_one_entry(open_page: OpenPage, python: bool) -> None:
    page = open_page(may_fail=True)
    if not python:
        page.route("**/assets/runtime/**", lambda _route: None)
    page.goto("guide/")
    page.wait_for_selector("[data-guide][data-scripted]")
    if python:
        wait_for_python(page)
    before = len(entries(page))
    follow(page, DENTIST)
    found = entries(page)
    assert len(found) == before + len(DENTIST)
    assert {entry["url"] for entry in found[before - 1:]} == {page.url} and page.url.endswith("/guide/")


@pytest.mark.parametrize("python", [True, False], ids=["python", "links"])
def test_the_margins_of_paper_hold_no_answer(open_page: OpenPage, python: bool) -> None:
    """A browser prints the address and the title of a page in its margins, unless it is told not to."""
    page = open_page("guide/", may_fail=True)
    if python:
        wait_for_python(page)
    else:
        page.route("**/assets/runtime/**", lambda _route: None)
        page.goto("guide/")
    follow(page, DENTIST)
    sheets = PdfReader(io.BytesIO(page.pdf(display_header_footer=True, margin={"top": "2cm", "bottom": "2cm"}))).pages
    margins = [line for sheet in sheets for line in sheet.extract_text().splitlines() if "/guide/" in line]
    assert margins and all(line.split("/guide/")[1][:1] in ("", " ") for line in margins), margins
    said = " ".join(sheet.extract_text() for sheet in sheets)
    assert not [answer for answer in DENTIST if answer in said or answer.replace("=", "%3D") in said]


def test_an_old_link_opens_and_leaves_the_address(open_page: OpenPage) -> None:
    page = open_page(f"guide/#v=00000000&{'&'.join(DENTIST)}")
    wait_for_python(page)
    assert bodies(page) == DENTIST_BODIES and page.url.endswith("/guide/")
    page.evaluate("location.hash = 'n14'")
    page.locator("[data-body]:visible").first.wait_for(state="hidden")
    page.locator(".guide-note:visible").wait_for()
    assert page.url.endswith("/guide/") and bodies(page) == []


@pytest.mark.parametrize("button", ["[data-tool='erase']", "[data-live] [data-restart]"], ids=["erase", "start again"])
def test_what_is_erased_is_gone_from_the_page_and_from_the_entries_behind(result: Page, button: str) -> None:
    page = result
    letter(page)
    page.locator("[data-close]").click()
    page.locator('[data-live] [data-body="mediateur-cpam"]').wait_for()
    reset(page)
    page.locator(button).click()
    said = page.locator("[data-live] .guide-note")
    said.wait_for()
    assert "effacé" in said.inner_text() and said.bounding_box()["height"] > 20   # type: ignore[index]
    assert given(page) == {} and page.evaluate("JSON.stringify([localStorage.length, sessionStorage.length])") == "[0,0]"
    for _ in range(4):
        page.evaluate("history.forward()")
        page.wait_for_timeout(150)
        assert page.url.endswith("/guide/") and given(page) == {}
        assert bodies(page) == [] and heading(page).startswith("Qui êtes-vous")
    page.wait_for_timeout(500)
    follow(page, DENTIST)
    page.locator('[data-letter="president-ordre"]').click()
    page.wait_for_selector("[data-letter-form]")
    assert [page.locator(f"#l-{name}").input_value() for name in SECRETS] == ["", "", "", ""]


def test_starting_again_erases_what_the_person_asked_to_keep(result: Page) -> None:
    result.locator("[data-tool='keep']").evaluate("one => one.click()")   # folded away
    assert result.evaluate("localStorage.length") == 1
    reset(result)
    result.locator("[data-live] [data-restart]").click()
    assert "effacé" in result.locator("[data-live] .guide-note").inner_text()
    assert result.evaluate("localStorage.length") == 0


def test_starting_again_by_the_links_says_so_until_the_next_answer(open_page: OpenPage) -> None:
    page = open_page(may_fail=True)
    page.route("**/assets/runtime/**", lambda _route: None)
    page.goto("guide/")
    page.wait_for_selector("[data-guide][data-scripted]")
    follow(page, DENTIST[:2])
    reset(page)
    page.locator(".guide-restart [data-restart]").click()
    note = page.locator("[data-guide] > .guide-note")
    expect(note).to_contain_text("effacé")
    assert note.bounding_box()["height"] > 20   # type: ignore[index]
    reset(page)
    follow(page, DENTIST[:1])
    expect(note).to_have_count(0)


def test_where_the_browser_does_not_count_entries_erasing_stays_in_the_page(open_page: OpenPage) -> None:
    page = open_page("organismes/")
    page.add_init_script("delete globalThis.navigation; Object.defineProperty(globalThis, 'navigation', { value: undefined })")
    page.goto(f"{page.url.removesuffix('organismes/')}guide/#v=00000000&{'&'.join(DENTIST)}")
    wait_for_python(page)
    assert page.evaluate("history.state.depth") == 0
    page.locator("[data-tool='erase']").click()
    page.locator("[data-live] .guide-note", has_text="effacé").wait_for()
    assert page.url.endswith("/guide/") and bodies(page) == []


@pytest.fixture
def outside(new_context: NewContext) -> Callable[..., Page]:
    """A page where the neutral site answers; nothing reaches it."""
    def open_one(**options: Any) -> Page:
        context = new_context(**options)
        context.route(f"{load_publisher().text('exit')}**", lambda route: route.fulfill(
            body="<title>Prévisions</title><h1>Le temps</h1>", content_type="text/html; charset=utf-8"))
        return context.new_page()

    return open_one


@pytest.mark.parametrize(("python", "leave"), first([(True, "press"), (False, "Shift"), (True, "Shift"), (False, "press")], 2))
def test_the_quick_exit_opens_a_neutral_site_and_blanks_the_entries(
    outside: Callable[..., Page], server: SiteServer, python: bool, leave: str
) -> None:
    page = outside()
    page.goto("organismes/")
    if not python:
        page.route("**/assets/runtime/**", lambda _route: None)
    page.goto("guide/")
    if python:
        wait_for_python(page)
    follow(page, DENTIST)
    if leave == "press":
        page.locator("[data-exit]").click()
    else:
        for _ in range(3):
            page.keyboard.press("Shift")
    page.locator("h1", has_text="Le temps").wait_for()
    found = entries(page)
    after = found[[entry["url"] for entry in found].index(f"{server.url}organismes/") + 1:]
    assert [entry["url"] for entry in after] == [server.url, load_publisher().text("exit")]
    assert not any("guide" in entry["title"].lower() for entry in after)


@pytest.mark.parametrize("place", [
    "patients/peur-des-suites/", "patients/plainte-penale/", "lettres/mediateur/", "organismes/plainte-penale/", "delais/",
    "professionnels/temoin/", "recherche/"])
def test_pages_of_fear_proof_and_complaint_have_a_way_out(outside: Callable[..., Page], server: SiteServer, place: str) -> None:
    page = outside(width=375)
    page.goto(place)
    title = page.title()
    page.locator("[data-exit]").click()
    page.locator("h1", has_text="Le temps").wait_for()
    assert not any(place in entry["url"] or entry["title"] == title for entry in entries(page))


def test_without_a_script_the_way_out_is_a_link(open_page: OpenPage) -> None:
    page = open_page("guide/", javascript=False)
    assert page.locator("[data-exit]").get_attribute("href") == load_publisher().text("exit")
    assert not load_publisher().text("exit").startswith(load_publisher().text("address"))


UNDER = """() => {
  const strip = document.querySelector(".exit").getBoundingClientRect();
  const found = [];
  for (const one of document.querySelectorAll("main :is(a, button, input, textarea, summary)")) {
    const box = one.getBoundingClientRect();
    if (one.closest(".exit") || !box.width || box.top < strip.bottom || box.top + 4 > innerHeight) continue;
    const way = document.elementFromPoint(box.left + Math.min(box.width / 2, 20), box.top + 3);
    if (way?.closest(".exit")) found.push(one.outerHTML.slice(0, 80));
  }
  return [found, getComputedStyle(document.querySelector(".exit")).backgroundColor];
}"""
HIDDEN = """() => {
  const strip = document.querySelector(".exit"), { activeElement: one } = document;
  if (strip.contains(one) || one === document.body) return null;
  const box = one.getBoundingClientRect(), over = strip.getBoundingClientRect();
  const under = box.top < over.bottom - 1 && box.bottom > over.top && box.left < over.right && box.right > over.left;
  return under ? one.outerHTML.slice(0, 80) : null;
}"""


def test_the_way_out_stands_on_a_strip_of_its_own(result: Page) -> None:
    page = result
    page.set_viewport_size({"width": 360, "height": 640})
    for y in range(0, 4000, 130):
        page.evaluate("y => scrollTo({top: y, behavior: 'instant'})", y)
        covered, ground = page.evaluate(UNDER)
        assert covered == [] and ground not in ("transparent", "rgba(0, 0, 0, 0)")


def test_what_has_the_focus_is_never_under_the_way_out(result: Page) -> None:
    page = result
    page.set_viewport_size({"width": 360, "height": 640})
    for key in ["Tab"] * 45 + ["Shift+Tab"] * 45:
        page.keyboard.press(key)
        assert page.evaluate(HIDDEN) is None


@pytest.mark.parametrize("place", ["recherche/", "en/recherche/"])
def test_the_words_looked_for_leave_no_address(open_page: OpenPage, place: str) -> None:
    page = open_page(place.removeprefix("en/"), locale="en" if place.startswith("en/") else "fr")
    page.locator("#query").fill("dentiste séropositif")
    page.locator("[data-results] li").first.wait_for()
    page.keyboard.press("Enter")
    assert {entry["url"].partition("#")[2] for entry in entries(page)} == {""}
    assert page.evaluate("history.state") is None
    page.reload()
    expect(page.locator("#query")).to_have_value("")


def test_a_letter_is_not_left_without_a_question(result: Page) -> None:
    page = result
    page.locator('[data-letter="president-ordre"]').click()
    page.wait_for_selector("[data-letter-form]")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", stay)
    page.reload()
    wait_for_python(page)
    assert asked == [], "nothing was typed"
    page.wait_for_selector("[data-letter-form]")
    page.locator("#l-name").fill(SECRETS["name"])
    page.go_back()                       # to the result: what was typed is still only in this page
    page.locator('[data-live] [data-body="mediateur-cpam"]').wait_for()
    page.reload()
    assert asked == ["beforeunload"]


def test_the_links_of_a_letter_open_beside_it_and_say_so(result: Page) -> None:
    letter(result)
    for filled in (False, True):         # what is missing is said with an article of law too
        result.locator("#l-professional").fill("Docteur Exemple" if filled else "")
        result.locator("[data-letter-form] button[type=submit]").click()
        result.locator("#letter-ready" if filled else ".guide-errors").wait_for()
        links = result.locator("[data-live] a[href]:not([href^='#'])").all()
        assert links and all(link.get_attribute("target") == "_blank" for link in links)
        assert all(link.inner_text().count("nouvel onglet") == 1 for link in links if link.is_visible())


def test_the_other_language_keeps_a_letter_where_the_person_agreed(result: Page) -> None:
    page = result
    page.locator('[data-letter="president-ordre"]').click()
    page.wait_for_selector("[data-letter-form]")
    page.locator("[data-keep-letter]").check()
    page.locator("#l-name").fill(SECRETS["name"])
    page.locator("a.tool--language").first.click()
    page.wait_for_url("**/en/guide/**")
    wait_for_python(page)
    press(page.locator('[data-live] [data-letter="president-ordre"]'))
    page.wait_for_selector("[data-letter-form]")
    assert page.locator("#l-name").input_value() == SECRETS["name"]


@pytest.mark.parametrize("agreed", [True, False])
def test_a_reload_keeps_a_letter_where_the_person_agreed(result: Page, agreed: bool) -> None:
    page = result
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator('[data-letter="president-ordre"]').click()
    page.wait_for_selector("[data-letter-form]")
    if agreed:
        page.locator("[data-keep-letter]").check()
    page.locator("#l-name").fill(SECRETS["name"])
    page.reload()
    wait_for_python(page)
    page.wait_for_selector("[data-letter-form]")
    assert page.locator("#l-name").input_value() == (SECRETS["name"] if agreed else "")
    page.go_back()
    page.locator('[data-live] [data-body="mediateur-cpam"]').wait_for()
    reset(page)
    page.locator("[data-tool='erase']").click()
    page.locator("[data-live] .guide-note").wait_for()
    assert page.evaluate("sessionStorage.length") == 0


def share(page: Page) -> None:
    """Say that others use this device."""
    page.locator("[data-shared]:visible").first.check()
    page.wait_for_function("() => history.state && 'id' in history.state")


@pytest.mark.parametrize("locale", first(LOCALES))
def test_on_a_shared_device_the_browser_is_told_nothing(open_page: OpenPage, locale: str) -> None:
    page = open_page("guide/", locale=locale)
    wait_for_python(page)
    share(page)
    assert page.locator(".guide-option .guide-help:visible").count() == 1
    follow(page, DENTIST)
    assert given(page) == {} and bodies(page) == DENTIST_BODIES
    page.locator("[data-letter]").first.wait_for()
    letter(page)
    page.locator("[data-letter-form] button").click()
    marks = page.locator("[data-live] :is(form, input, textarea)").evaluate_all("all => all.map((one) => one.getAttribute('autocomplete'))")
    assert set(marks) == {"off"}
    assert not page.locator("[data-keep-letter]").is_visible()
    page.go_back()
    page.locator('[data-live] [data-body="mediateur-cpam"]').wait_for()
    page.go_back()
    page.locator(f'[data-live] a[data-answer="{DENTIST[-1]}"]').wait_for()   # Back still works, from the page's own memory
    assert "#" not in (page.locator("a.tool--language").get_attribute("href") or "")


def test_on_a_shared_device_a_page_that_was_left_shows_nothing(open_page: OpenPage) -> None:
    page = open_page("guide/")
    wait_for_python(page)
    share(page)
    follow(page, DENTIST)
    page.goto("/organismes/")
    page.go_back()
    page.wait_for_selector("[data-guide][data-scripted]:visible")
    page.locator('a[data-answer="asker=victime"]:visible').wait_for()
    assert bodies(page) == [] and given(page) == {}


def test_on_a_shared_device_no_copy_of_a_page_is_kept(new_context: NewContext) -> None:
    page = new_context(service_workers="allow").new_page()
    page.goto("patients/preuves/")
    page.wait_for_function("async () => (await caches.keys()).length > 0")
    page.goto("guide/")
    wait_for_python(page)
    share(page)
    page.wait_for_function("async () => (await caches.keys()).length === 0 && !(await navigator.serviceWorker.getRegistration())")
    page.goto("patients/peur-des-suites/")
    page.wait_for_timeout(1_000)
    assert page.evaluate("async () => [(await caches.keys()).length, (await navigator.serviceWorker.getRegistrations()).length]") == [0, 0]


CODINGS = ("utf-8", "utf-16-le", "latin-1")
STATE = re.compile(rb'"structuredCloneState":"([A-Za-z0-9+/=]+)"')


def files_of(profile: Path) -> Iterator[tuple[str, bytes]]:
    """Yield what a browser wrote; each row of its tables apart, and its session unpacked."""
    for file in sorted(path for path in profile.rglob("*") if path.is_file()):
        name = file.relative_to(profile).as_posix()
        content = file.read_bytes()
        if content.startswith(b"mozLz40\0"):
            content = unpacked(content[12:])
            content += b"".join(b64decode(state) for state in STATE.findall(content))   # what the entries of the history hold
        elif content.startswith(b"SQLite format 3\0"):
            with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as data:
                tables = [row[0] for row in data.execute("select name from sqlite_master where type = 'table'")]
                content += repr([data.execute(f'select * from "{table}"').fetchall() for table in tables]).encode()
        yield name, content


def unpacked(block: bytes) -> bytes:
    """Return what a block of LZ4 holds."""
    found, at = bytearray(), 0

    def length(start: int) -> int:
        nonlocal at
        total = start
        while start == 15 or (total > 15 and start == 255):
            start = block[at]
            at += 1
            total += start
            if start != 255:
                break
        return total

    while at < len(block):
        token = block[at]
        at += 1
        literals = length(token >> 4)
        found += block[at:at + literals]
        at += literals
        if at >= len(block):
            break
        back = int.from_bytes(block[at:at + 2], "little")
        at += 2
        for _ in range(length(token & 15) + 4):
            found.append(found[-back])
    return bytes(found)


def use_all(browser: Browser, root: str, *, shared: bool) -> None:
    """Use the guide from end to end, the search, and a page of fear, as one person in one sitting."""
    browser.open(f"{root}patients/peur-des-suites/")
    browser.open(f"{root}recherche/")
    browser.type("#query", "sérologie introuvable")
    browser.wait("document.querySelector('[data-count]').innerText")
    browser.open(f"{root}guide/")
    browser.wait("document.querySelector('[data-guide]').dataset.engine === 'python'", 60)
    if shared:
        browser.click("[data-shared]")
        browser.wait("'id' in history.state")
    for answer in DENTIST:
        browser.wait(f"""document.querySelector('[data-live] a[data-answer="{answer}"]')""")
        browser.run("new Promise((done) => setTimeout(done, 650))")
        browser.click(f'[data-live] a[data-answer="{answer}"]')
    browser.wait("document.querySelector('[data-live] [data-letter]')", 30)
    browser.click('[data-letter="president-ordre"]')
    browser.wait("document.querySelector('#l-name')")
    for name, value in SECRETS.items():
        browser.type(f"#l-{name}", value)
    browser.type("#l-professional", "Docteur Introuvable")
    browser.click("[data-letter-form] button")
    browser.wait("document.querySelector('[data-letter-text]')")
    browser.run("new Promise((done) => setTimeout(done, 1500))")   # what is remembered of a session is written twice a second


@pytest.mark.prove
@pytest.mark.parametrize("shared", [True, False], ids=["shared", "own"])
def test_a_whole_session_leaves_nothing_of_the_person_in_the_profile(server: SiteServer, tmp_path: Path, shared: bool) -> None:
    """On one's own device the browser may hold the session until it ends, and offer one's own name again: the privacy page says so."""
    with firefox(tmp_path) as browser:
        use_all(browser, server.url, shared=shared)
    found = dict(files_of(tmp_path))
    assert b"/guide/" in found["places.sqlite"], "the list of pages is not written yet"
    typed = [part for text in (*SECRETS.values(), "Docteur Introuvable", "sérologie introuvable") for part in text.split("\n")]
    answers = [*DENTIST, *(answer.replace("=", '":"') for answer in DENTIST), "chirurgien_dentiste"]
    held = {name: content for name, content in found.items() if name.startswith("sessionstore")}
    assert any(b"/guide/" in content for content in held.values()), "the session is not written yet"
    assert not any("sérologie introuvable".encode(coding) in content for content in held.values() for coding in CODINGS)
    kept = {coding for coding in CODINGS for content in held.values() if "chirurgien_dentiste".encode(coding) in content}
    assert shared or kept, "the entries cannot be read"
    lasting = {name: content for name, content in found.items() if shared or name not in held}
    seen = {(name, word) for name, content in lasting.items() for word in (*typed, *answers)
            if any(word.encode(coding, "ignore") in content for coding in CODINGS)}
    own = {("formhistory.sqlite", SECRETS[field]) for field in ("name", "email")}   # the memory of forms, which the switch turns off
    copies = {(name, word) for name, word in seen if "/cache/" in name and word in answers}   # pages of the site, the same for everyone
    assert seen <= (set() if shared else own | copies)


@pytest.mark.parametrize("scheme", first(["light", "dark"]))
def test_labels_of_main_buttons_are_seen_in_forced_colours(open_page: OpenPage, scheme: Literal["light", "dark"]) -> None:
    """By picture: the browser lays a plate under text, which no computed colour tells."""
    page = open_page("guide/", width=375)
    wait_for_python(page)
    follow(page, DENTIST)
    page.locator("[data-letter]").first.wait_for()
    page.emulate_media(forced_colors="active", color_scheme=scheme)
    for css in ("[data-exit]", "[data-tool='print']", ".plan-first .plan-act .button", "[data-letter-form] button", ".menu-item--guide a"):
        if css == "[data-letter-form] button":
            page.locator("[data-letter]").first.click()
        if css == ".menu-item--guide a":
            page.goto("patients/preuves/")   # the guide's own page does not lead to itself
        shown = page.locator(f"{css}:visible").first
        shown.scroll_into_view_if_needed()
        page.evaluate("css => css === '[data-exit]' || document.querySelector('.exit')?.remove()", css)   # it lies over a card
        picture = Image.open(io.BytesIO(shown.screenshot())).convert("L")
        across, down = picture.width, picture.height
        middle = picture.crop((across // 3, down * 2 // 5, across * 2 // 3, down * 3 // 5))   # within the words, away from the edge
        greys = middle.tobytes()
        low, high = min(greys), max(greys)
        assert high - low > 100, f"{css} is one block, from {low} to {high}"


PRESSED_TWICE = [(True, "finger", 200), (False, "mouse", 250), (True, "keyboard", 80),
                 (True, "mouse", 120), (True, "mouse", 250), (False, "mouse", 120), (False, "finger", 200), (False, "keyboard", 80)]


def double(page: Page, link: Locator, how: str, gap: int) -> None:
    """Press a link twice at the same place, as a hand does that trembles."""
    link.scroll_into_view_if_needed()
    box = link.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    if how == "keyboard":
        link.focus()
    for number in range(2):
        if number:
            page.wait_for_timeout(gap)
        if how == "mouse":
            page.mouse.click(x, y)
        elif how == "finger":
            page.touchscreen.tap(x, y)
        else:
            page.keyboard.press("Enter")


def answering_twice(page: Page, how: str, gap: int, drawn: str = "[data-live] a[data-answer]") -> list[tuple[str, dict[str, str]]]:
    """Press each answer of a question twice; return those after which another was answered too."""
    before = given(page).keys()
    answers = page.locator(f"{drawn}:not([data-urgent])").evaluate_all("all => all.map((one) => one.dataset.answer)")
    assert len(answers) > 1
    wrong = []
    for answer in answers:
        open_group(page, answer)
        link = page.locator(f'a[data-answer="{answer}"]:visible')
        double(page, link, how, gap)
        link.wait_for(state="hidden")
        page.wait_for_timeout(400)     # in which a second answer would have come
        if given(page).keys() != {*before, answer.partition("=")[0]}:
            wrong.append((answer, given(page)))
        page.go_back()
        page.locator(f'a[data-answer="{answers[0]}"]').locator("visible=true").or_(page.locator(".guide-group:visible")).first.wait_for()
        reset(page)
    return wrong


@pytest.mark.parametrize(("python", "how", "gap"), first(PRESSED_TWICE, 2))
def test_a_press_answers_one_question(open_page: OpenPage, python: bool, how: str, gap: int) -> None:
    page = open_page(may_fail=True, width=375, has_touch=how == "finger")
    if not python:
        page.route("**/assets/runtime/**", lambda _route: None)
    page.goto("guide/")
    if python:
        wait_for_python(page)
    assert not answering_twice(page, how, gap, "[data-live] a[data-answer]" if python else "#n1 a[data-answer]")


@pytest.mark.prove
@pytest.mark.parametrize("how", ["mouse", "finger"])
@pytest.mark.parametrize("asked", [1, 2, 3])
def test_a_press_answers_one_question_later_on_too(open_page: OpenPage, how: str, asked: int) -> None:
    page = open_page("guide/", width=375, has_touch=how == "finger")
    wait_for_python(page)
    follow(page, DENTIST[:asked])
    reset(page)
    assert not answering_twice(page, how, 200)


def test_an_answer_given_before_the_script_is_kept(open_page: OpenPage) -> None:
    page = open_page(may_fail=True)
    held: list[Any] = []
    released: list[bool] = []
    page.route("**/assets/js/guide.*.mjs", lambda route: route.continue_() if released else held.append(route))
    page.goto("guide/", wait_until="commit")
    page.locator("#n1 a[data-answer='asker=victime']").click()
    page.wait_for_function("() => location.hash.startsWith('#n')")
    while not held:
        page.wait_for_timeout(50)
    released.append(True)
    for route in held:
        route.continue_()
    page.wait_for_selector("[data-guide][data-scripted]")
    follow(page, DENTIST[1:])
    wait_for_python(page)
    assert bodies(page) == DENTIST_BODIES
    assert given(page).keys() == {answer.partition("=")[0] for answer in DENTIST}


def test_an_answer_after_a_number_given_before_python_is_kept(open_page: OpenPage) -> None:
    page = open_page(may_fail=True)
    held: list[Any] = []
    released: list[bool] = []
    page.route("**/assets/runtime/*", lambda route: route.continue_() if released else held.append(route))
    page.goto("guide/#n57")
    page.wait_for_selector("[data-guide][data-scripted]")
    answer = page.locator("a[data-answer]:visible").first.get_attribute("data-answer") or ""
    reset(page)
    page.locator("a[data-answer]:visible").first.click()
    here = page.locator(".guide-state:visible").first.get_attribute("id")
    while not held:
        page.wait_for_timeout(50)
    released.append(True)
    for route in held:
        route.continue_()
    wait_for_python(page)
    assert here and page.locator("[data-live] [data-state]").get_attribute("data-state") == here.removeprefix("n")
    assert answer.partition("=")[0] in given(page) and len(given(page)) > 1


def test_errors_stand_beside_their_field_and_are_read_once(open_page: OpenPage) -> None:
    page = open_page("guide/", width=375)
    wait_for_python(page)
    follow(page, DENTIST)
    unfold(page)
    page.locator("#p-place").fill("99999")
    page.locator("[data-local] button").click()
    page.locator("#p-place-error").wait_for()
    assert page.evaluate("document.activeElement.id") == "p-place"
    assert "p-place-error" in str(page.locator("#p-place").get_attribute("aria-describedby")).split()
    page.locator('[data-letter="president-ordre"]').click()
    page.wait_for_selector("[data-letter-form]")
    reset(page)
    page.locator("[data-letter-form] button").click()
    page.locator(".guide-errors").wait_for()
    assert page.locator(".guide-errors").get_attribute("role") == "group", "focus says it already: an alert would say it twice"
    wrong = page.locator("[data-letter-form] [aria-invalid=true]")
    assert wrong.count() == page.locator(".guide-errors li").count() > 2
    for field in wrong.all():
        described = str(field.get_attribute("aria-describedby")).split()
        assert page.locator(f"#{described[0]}").is_visible() and described[0].endswith("-error")
        assert page.evaluate("([a, b]) => document.getElementById(a).getBoundingClientRect().bottom <= document.getElementById(b)"
                             ".getBoundingClientRect().top + 1", [described[0], field.get_attribute("id")])


@pytest.mark.parametrize(("place", "name"), [("guide/", "c01"), ("en/guide/", "c20"), ("en/guide/", "c22")])
def test_no_card_is_wider_than_the_screen_with_all_folds_open(open_page: OpenPage, place: str, name: str) -> None:
    page = open_page(place, width=320)
    wait_for_python(page)
    follow(page, way_of(compiled()[0], name).links)
    page.locator("[data-letter]").first.wait_for()
    page.locator("[data-live] details").evaluate_all("all => all.forEach((fold) => { fold.open = true; })")
    for width in (320, 341, 360, 375, 412):
        page.set_viewport_size({"width": width, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_people_press_in_the_guide_is_as_wide_as_a_finger(open_page: OpenPage) -> None:
    page = open_page("guide/", width=360)
    wait_for_python(page)
    follow(page, DENTIST)
    page.locator("[data-letter]").first.wait_for()
    page.locator(".guide-given summary").click()
    pressed = ".exit a, [data-guide] :is(button, summary, .guide-steps a, .guide-given a, .guide-letter, label:has(input))"
    heights = page.locator(pressed).evaluate_all("""all => all.filter((one) => one.getClientRects().length)
      .map((one) => [one.outerHTML.slice(0, 90), one.getBoundingClientRect().height])""")
    assert len(heights) > 20 and [one for one in heights if one[1] < 43.9] == []


def test_the_order_of_a_plan_is_heard(result: Page) -> None:
    tree = result.locator("[data-live]").first.aria_snapshot()
    today, later = tree.index('heading "Aujourd’hui" [level=3]'), tree.index('heading "En même temps" [level=3]')
    assert tree.count('heading "Aujourd’hui"') == 1 and today < tree.index("Commission mixte de conciliation") < later
    assert later < tree.index("Médiateur de la CPAM") < tree.index("Défenseur des droits", later)
