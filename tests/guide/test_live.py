"""The guide as people use it: by links without JavaScript, then by Python, with every way back, and when Python cannot run."""

import json
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route
from pypdf import PdfReader

from decision_tree.authoring.read.as_of import MODEL_DAY
from decision_tree.locales import LOCALES
from tests.conftest import OpenPage
from tests.guide.test_static import guide_page, sections
from tests.support.guide_pages import DENTIST, DENTIST_BODIES, WAYS, bodies, follow, given, heading, reset, unfold, wait_for_python
from tests.support.lanes import first

WIDTHS = (375, 1280)
ALL_STATES = """async ([runtime, on, numbers]) => {
  const guide = document.querySelector("[data-guide]");
  const { folder, files, locale, root } = guide.dataset;
  const { startEngine } = await import(runtime);
  const engine = startEngine({ folder, files: JSON.parse(files) }, locale);
  await engine.ready;
  const shown = {};
  for (const number of numbers) {
    shown[number] = JSON.parse(await engine.ask(JSON.stringify({ do: "show", locale, root, on, number }))).html;
  }
  engine.stop();
  return shown;
}"""


@pytest.mark.prove
@pytest.mark.parametrize("locale", LOCALES)
def test_python_in_the_browser_shows_every_state_as_the_page_does(open_page: OpenPage, site: Path, locale: str) -> None:
    page = open_page("guide/", locale=locale)
    runtime = next((site / "assets" / "js").glob("runtime.*.mjs")).name
    shown = sections(guide_page(site, locale))
    up = "../../" if locale == "en" else "../"
    found = page.evaluate(ALL_STATES, [f"{page.url}{up}assets/js/{runtime}", MODEL_DAY.isoformat(), list(shown)])
    assert [number for number in shown if found[str(number)] != shown[number]] == []


@pytest.mark.parametrize("locale", first(LOCALES))
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("javascript", [False, True], ids=["links", "Python"])
def test_answers_lead_to_the_bodies(open_page: OpenPage, locale: str, way: str, javascript: bool) -> None:
    answers, expected = WAYS[way]
    page = open_page("guide/", locale=locale, width=375, javascript=javascript)
    if javascript:
        wait_for_python(page)
    follow(page, answers)
    assert bodies(page) == expected


def test_the_page_works_from_a_folder_without_a_server(site: Path, new_context: Callable[..., Any]) -> None:
    page = new_context(javascript=False).new_page()
    page.goto((site / "guide" / "index.html").as_uri())
    follow(page, DENTIST)
    assert bodies(page) == DENTIST_BODIES


def test_a_later_act_opens_in_its_place_and_a_body_has_its_own_page(open_page: OpenPage) -> None:
    page = open_page("guide/", javascript=False)
    follow(page, DENTIST)
    step = page.locator('[data-body="mediateur-cpam"]:visible')
    step.locator("summary").click()
    assert step.locator(".plan-act").is_visible()
    page.locator("[data-body]:visible .plan-who a").first.click()
    assert page.url.endswith("/organismes/commission-mixte-conciliation/")
    page.go_back()
    assert bodies(page) == DENTIST_BODIES


@pytest.mark.parametrize("given", [1, 3, len(DENTIST)], ids=["longer than a sheet", "question", "result"])
def test_a_state_reached_by_links_is_printed_alone(open_page: OpenPage, given: int) -> None:
    page = open_page("guide/", javascript=False)
    follow(page, DENTIST[:given])
    page.emulate_media(media="print")
    assert page.locator(".guide-state:visible").count() == 1
    assert page.locator(".guide-body:visible, .guide-about > h2:visible").count() == 0
    sheet = PdfReader(BytesIO(page.pdf())).pages[0].extract_text()
    title = page.locator(".guide-state:visible h2").first.inner_text()
    assert "".join(title.split()) in "".join(sheet.split()), "it begins on the first sheet"
    assert "#n" not in sheet, "no answer leads to a sheet that is not there"


def held_back(page: Page, files: str) -> Callable[[], None]:
    """Hold the files of this pattern back; return how to let them come, once they have been asked for."""
    held: list[Route] = []
    released: list[bool] = []
    page.route(files, lambda route: route.continue_() if released else held.append(route))

    def release() -> None:
        while not held:
            page.wait_for_timeout(50)
        released.append(True)
        for route in held:
            route.continue_()

    return release


TOP = """() => [...document.querySelectorAll("a[data-answer], [data-body]")].find((one) => one.checkVisibility())
  .getBoundingClientRect().top"""


@pytest.mark.parametrize("width", first(WIDTHS))
@pytest.mark.parametrize("given", [0, 3, len(DENTIST)], ids=["first question", "question", "result"])
def test_nothing_moves_when_the_script_comes_nor_when_python_does(open_page: OpenPage, given: int, width: int) -> None:
    page = open_page(may_fail=True, width=width)
    python, script = held_back(page, "**/assets/runtime/*.wasm"), held_back(page, "**/assets/js/guide.*.mjs")
    page.goto("guide/", wait_until="commit")
    page.locator("#n1 a[data-answer]").last.wait_for()
    page.wait_for_function("() => [...document.querySelectorAll('link[rel=stylesheet]')].every((link) => link.sheet)")
    before = page.evaluate(TOP)
    script()
    page.locator("[data-guide][data-scripted]").wait_for()
    assert page.evaluate(TOP) == pytest.approx(before, abs=1)
    follow(page, DENTIST[:given])
    before = page.evaluate(TOP)
    python()
    page.locator("[data-letter]" if given == len(DENTIST) else "[data-live] a[data-answer]").first.wait_for(timeout=60_000)
    assert page.evaluate(TOP) == pytest.approx(before, abs=1)
    assert given or page.evaluate("scrollY") == 0


def test_answers_given_before_python_are_kept(open_page: OpenPage) -> None:
    page = open_page(may_fail=True)
    release = held_back(page, "**/assets/runtime/*.wasm")
    page.goto("guide/")
    follow(page, DENTIST[:3])
    assert page.locator("[data-guide]").get_attribute("data-engine") == "static"
    before = heading(page)
    release()
    wait_for_python(page)
    assert heading(page) == before
    assert given(page)["asker"] == "victime"
    follow(page, DENTIST[3:])
    assert bodies(page) == DENTIST_BODIES


ASKED = """globalThis.asked = [];
globalThis.Worker = class extends Worker {
  postMessage(message) {
    const { request } = JSON.parse(message);
    if (request) asked.push(JSON.parse(request).answers);
    super.postMessage(message);
  }
};"""


def test_what_each_answer_would_show_is_worked_out_while_the_person_reads(open_page: OpenPage) -> None:
    page = open_page()
    page.add_init_script(ASKED)
    page.goto("guide/")
    wait_for_python(page)
    answers = page.locator("[data-live] [data-state] a[data-answer]").evaluate_all("all => all.map((a) => a.dataset.answer)")
    likely = [dict([answer.split("=")]) for answer in answers]
    page.wait_for_function("(count) => asked.length > count", arg=len(likely))
    assert page.evaluate("asked") == [{}, *likely]
    follow(page, DENTIST[:1])
    page.wait_for_function("(count) => asked.length > count", arg=1 + len(likely))
    assert page.evaluate("asked").count({"asker": "victime"}) == 1


@pytest.mark.parametrize("locale", first(LOCALES))
def test_back_forward_reload_and_a_copied_link_restore_the_state(open_page: OpenPage, locale: str) -> None:
    page = open_page("guide/", locale=locale)
    wait_for_python(page)
    headings = [heading(page)]
    for answer in DENTIST:
        follow(page, [answer])
        headings.append(heading(page))
    for expected in reversed(headings[:-1]):
        page.go_back()
        wait_for_heading(page, expected)
    for expected in headings[1:]:
        page.go_forward()
        wait_for_heading(page, expected)
    page.reload()
    wait_for_python(page)
    assert bodies(page) == DENTIST_BODIES and "#" not in page.url
    copied = page.context.new_page()
    copied.goto(f"{page.url}#v=00000000&{'&'.join(DENTIST)}")   # a link made before the model was
    wait_for_python(copied)
    assert bodies(copied) == DENTIST_BODIES
    assert copied.title() == page.title() and "C2S" not in page.title()
    assert "#" not in copied.url


def wait_for_heading(page: Page, text: str) -> None:
    page.wait_for_function("text => [...document.querySelectorAll('[data-live] h2')].some((h) => h.innerText === text)", arg=text)


def test_a_copied_link_shows_its_state_before_python(open_page: OpenPage) -> None:
    page = open_page(may_fail=True)
    page.route("**/assets/runtime/*.wasm", lambda _route: None)
    page.goto(f"guide/#v=00000000&{'&'.join(DENTIST)}")
    assert bodies(page) == DENTIST_BODIES


def test_a_numbered_link_shows_its_state_and_says_what_it_lacks(open_page: OpenPage, site: Path) -> None:
    page = open_page("guide/#n57")
    wait_for_python(page)
    assert page.locator("[data-live] [data-state]").get_attribute("data-state") == "57"
    assert page.locator("[data-live] .guide-note").is_visible()
    assert page.locator(".guide-given[open]").is_visible()


def test_changing_an_earlier_answer_keeps_the_later_ones(open_page: OpenPage) -> None:
    page = open_page("guide/")
    wait_for_python(page)
    follow(page, DENTIST)
    page.locator(".guide-given summary").click()
    page.locator('a[data-change="profession"]').click()
    follow(page, ["profession=medecin_generaliste"])
    assert bodies(page) == DENTIST_BODIES
    assert given(page)["profession"] == "medecin_generaliste" and given(page)["goal"] == "reconnaissance"


def test_an_answer_that_no_longer_makes_sense_is_not_read(open_page: OpenPage) -> None:
    page = open_page("guide/")
    wait_for_python(page)
    follow(page, DENTIST)
    page.locator(".guide-given summary").click()
    page.locator('a[data-change="asker"]').click()
    follow(page, ["asker=professionnel_mis_en_cause", "practice_question=plainte"])
    assert bodies(page) == ["regularisation-pro"]
    shown = json.loads(page.locator("[data-live] [data-answers]").get_attribute("data-answers") or "")
    assert "goal" not in shown and "place" not in shown


@pytest.mark.parametrize("javascript", [False, True], ids=["links", "Python"])
def test_the_other_language_opens_at_the_same_place(open_page: OpenPage, javascript: bool) -> None:
    page = open_page("guide/", javascript=True)
    if javascript:
        wait_for_python(page)
    follow(page, DENTIST)
    page.locator("a.tool--language").click()
    page.wait_for_url("**/en/guide/**")
    page.locator("[data-body]:visible").first.wait_for()
    assert bodies(page) == DENTIST_BODIES
    wait_for_python(page)
    assert bodies(page) == DENTIST_BODIES
    assert heading(page).startswith("Your plan")


def test_the_heading_takes_the_focus_and_the_step_is_announced(open_page: OpenPage) -> None:
    page = open_page("guide/")
    wait_for_python(page)
    link = page.locator('[data-live] a[data-answer="asker=victime"]')
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement?.tagName === 'H2'")
    assert page.evaluate("document.activeElement.innerText") == heading(page)
    assert page.locator('[data-live] [role="status"]').inner_text() == "Question 2"


def test_nothing_advances_before_the_button(open_page: OpenPage) -> None:
    page = open_page("guide/")
    wait_for_python(page)
    follow(page, DENTIST)
    page.get_by_text("Préciser ce résultat").click()
    before = given(page)
    page.locator('input[name="already"][value="mediateur_saisi"]').check()
    page.locator('input[name="territory"]').first.focus()
    page.keyboard.press("ArrowDown")
    assert given(page) == before and bodies(page) == DENTIST_BODIES
    page.locator("[data-refine] button").click()
    page.wait_for_function("() => !document.querySelector('[data-live] [data-body=\"mediateur-cpam\"]')")
    assert bodies(page) == ["commission-mixte-conciliation", "defenseur-des-droits"]


def test_a_date_in_the_future_is_refused_beside_its_field(open_page: OpenPage) -> None:
    page = open_page("guide/")
    wait_for_python(page)
    follow(page, DENTIST)
    unfold(page)
    page.locator("#d-facts_date").fill("2099-01-01")
    page.locator("[data-dates] button").click()
    assert page.locator("#d-facts_date").get_attribute("aria-invalid") == "true"
    assert page.locator("#d-facts_date-error").is_visible()
    assert page.evaluate("document.activeElement.id") == "d-facts_date"
    assert "facts_date" not in given(page)


def test_dates_give_limits_a_drawing_and_a_file(open_page: OpenPage) -> None:
    page = open_page("guide/")
    wait_for_python(page)
    follow(page, DENTIST)
    unfold(page)
    page.locator("#d-facts_date").fill("2026-09-15")
    page.locator("#d-complaint_received").fill("2026-11-01")
    page.locator("[data-dates] button").click()
    page.locator('[data-limit="committee_meeting"] time[datetime="2027-02-01"]').wait_for()
    assert page.locator('[data-limit="criminal_limit"] time').get_attribute("datetime") == "2032-09-15"
    assert page.locator(".guide-timeline").is_visible()
    assert given(page)["facts_date"] == "2026-09-15" and "complaint_received" not in given(page)
    assert "2026" not in page.url
    with page.expect_download() as waiting:
        page.locator('[data-save="ics"]').click()
    text = Path(waiting.value.path()).read_text("utf-8")
    assert "DTSTART;VALUE=DATE:20270201" in text and waiting.value.suggested_filename == "guide.ics"
    page.reload()
    wait_for_python(page)
    assert page.locator("#d-complaint_received").input_value() == "2026-11-01"


def saved_events(page: Page) -> dict[str, int]:
    """Save the calendar; return the sequence of each event, by its UID."""
    with page.expect_download() as waiting:
        page.locator('[data-save="ics"]').click()
    text = Path(waiting.value.path()).read_text("utf-8").replace("\r\n ", "")
    return dict(zip(re.findall(r"^UID:(\S+)", text, re.M), map(int, re.findall(r"^SEQUENCE:(\d+)", text, re.M)), strict=True))


def give_day(page: Page, day: str) -> None:
    """Say when it happened, on a result, and wait for the limit counted from it."""
    unfold(page)
    page.locator("#d-facts_date").fill(day)
    page.locator("[data-dates] button").click()
    page.locator(f'[data-limit="criminal_limit"] time[datetime="2032{day[4:]}"]').wait_for()


def test_a_date_corrected_after_a_reload_replaces_the_events_and_an_erased_guide_makes_others(open_page: OpenPage) -> None:
    page = open_page("guide/")
    wait_for_python(page)
    follow(page, DENTIST)
    give_day(page, "2026-09-15")
    saved = saved_events(page)
    page.wait_for_timeout(1_100)         # a sequence counts seconds
    page.reload()
    wait_for_python(page)
    give_day(page, "2026-09-20")
    corrected = saved_events(page)
    assert saved and saved.keys() == corrected.keys() and all(corrected[uid] > saved[uid] for uid in saved)
    page.locator("[data-tool='erase']").evaluate("one => one.click()")
    page.locator("[data-live] .guide-note").wait_for()
    reset(page)
    follow(page, DENTIST)
    give_day(page, "2026-09-15")
    assert not saved.keys() & saved_events(page).keys()


def test_what_is_asked_for_is_worked_out_when_opened(open_page: OpenPage) -> None:
    page = open_page("guide/", locale="en")
    wait_for_python(page)
    follow(page, DENTIST)
    page.get_by_text("Why not another body?").click()
    page.locator('[data-ask="why_not_others"] li').first.wait_for()
    assert page.locator('[data-ask="why_not_others"] a[href$="organismes/dgccrf/"]').is_visible()


def no_worker(page: Page) -> None:
    page.add_init_script("delete globalThis.Worker")


def no_network(page: Page) -> None:
    page.route("**/assets/runtime/**", lambda route: route.abort())


def no_wasm(page: Page) -> None:
    def refuse(route: Route) -> None:
        response = route.fetch()
        headers = {**response.headers, "content-security-policy": "default-src 'none'; script-src 'self'; connect-src 'self'"}
        route.fulfill(response=response, headers=headers)

    page.route("**/assets/js/worker.*.mjs", refuse)


def test_where_webassembly_is_refused_nothing_of_python_is_fetched(open_page: OpenPage) -> None:
    page = open_page(may_fail=True)
    no_wasm(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("guide/")
    page.locator(".guide-failed").wait_for(timeout=60_000)
    assert [url for url in asked if "/assets/runtime/" in url] == []


def damaged_file(page: Page) -> None:
    page.route("**/assets/runtime/*.wasm", lambda route: route.fulfill(body=b"not what was built", content_type="application/wasm"))


@pytest.mark.parametrize("broken", [no_worker, no_network, no_wasm, damaged_file])
@pytest.mark.parametrize("locale", first(LOCALES))
def test_when_python_cannot_run_one_sentence_says_so_and_the_links_go_on(
    open_page: OpenPage, broken: Callable[[Page], None], locale: str
) -> None:
    page = open_page(may_fail=True, locale=locale)
    broken(page)
    page.goto("/en/guide/" if locale == "en" else "/guide/")
    said = page.locator(".guide-failed")
    said.wait_for(timeout=60_000)
    assert re.search(r"\.$", said.inner_text()) and said.inner_text().count(".") == 1
    assert page.locator("[data-guide]").get_attribute("data-engine") == "static"
    follow(page, DENTIST)
    assert bodies(page) == DENTIST_BODIES


def test_the_departement_of_a_fund_s_page_is_already_in_the_form(open_page: OpenPage) -> None:
    page = open_page("guide/#dep=59&" + "&".join(DENTIST))
    wait_for_python(page)
    unfold(page)
    page.wait_for_selector("#p-place")
    assert [page.locator(f"#p-{name}").input_value() for name in ("place", "own")] == ["59", "59"]
