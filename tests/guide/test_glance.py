"""The question first: where the answers stand on a small phone and on a low laptop, in three engines, by Python and by links.

Firefox and WebKit show the guide in a frame of that size on one of our pages: their windows cannot be so small.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from decision_tree.authoring.read.as_of import MODEL_DAY
from decision_tree.guide.browser import show
from scripts.content.compiled_guide import compiled_parts
from scripts.project.engines import Browser
from scripts.site.serve import SiteServer
from tests.conftest import LOCALES, OpenPage
from tests.guide.test_engines import ENGINES
from tests.guide.test_engines import follow as answer_in
from tests.support.guide_pages import DENTIST, follow, wait_for_python
from tests.support.guide_pages import given as given_on
from tests.support.lanes import spread

ARRIVAL_PX, AFTER_PX = 400, 330      # from the top of the screen to the first answer, on arrival and after each answer
SMALLEST_PX = 44
TABS = 8
LONGEST_RESULT_PX = 1_600            # the commonest result as loaded, its title to the end of the guide
LONGEST_OF_ALL_PX = 2_000            # any other
PHONE, LAPTOP = (360, 640), (1366, 625)
TOP = """(() => { const all = [...document.querySelectorAll("[data-guide] a[data-answer], [data-guide] .guide-group > summary")];
  return all.filter((one) => one.getClientRects().length && !one.closest(".guide-own"))[0].getBoundingClientRect().top; })()"""
IN_SIGHT = """(() => {
  const shown = (one) => { const box = one.getBoundingClientRect(); return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight; };
  const heading = [...document.querySelectorAll("[data-guide] h2")].find((one) => one.getClientRects().length);
  const answers = [...document.querySelectorAll("[data-guide] a[data-answer], [data-guide] .guide-group > summary")];
  return [shown(heading), answers.filter(shown).length, answers.filter((one) => one.getClientRects().length).length]; })()"""
HEIGHT = "document.querySelector('[data-live]').getBoundingClientRect().height"
HEIGHTS = f"""results => results.map(({{ number, before, html, after, cards }}) => {{
  const step = document.querySelector("[data-live] > div");
  step.innerHTML = `${{before}}<div data-state="${{number}}">${{html}}</div>${{after}}`;
  for (const card of step.querySelectorAll("[data-body]"))
    (card.querySelector(":scope > .plan-step") ?? card).insertAdjacentHTML("beforeend", cards[card.dataset.body] ?? "");
  return {HEIGHT};
}})"""
SMALL = f"""[...document.querySelectorAll("[data-guide] a[data-answer], [data-guide] .guide-group > summary")]
  .filter((one) => one.getClientRects().length && one.getBoundingClientRect().height < {SMALLEST_PX - 0.1}).length"""


@pytest.mark.parametrize("javascript", [True, False], ids=["Python", "links"])
@pytest.mark.parametrize("locale", LOCALES)
def test_the_first_answer_is_near_the_top_of_a_small_phone(open_page: OpenPage, locale: str, javascript: bool) -> None:
    page = open_page("guide/", locale=locale, javascript=javascript, viewport={"width": PHONE[0], "height": PHONE[1]})
    assert page.evaluate(TOP) <= ARRIVAL_PX
    if javascript:
        wait_for_python(page)
        assert page.evaluate(TOP) <= ARRIVAL_PX
    for answer in DENTIST[:-1]:
        follow(page, [answer])
        assert page.evaluate(TOP) <= AFTER_PX, answer
        assert page.evaluate(SMALL) == 0, answer
    follow(page, DENTIST[-1:])


@pytest.mark.parametrize("locale", LOCALES)
def test_the_first_answer_is_within_eight_tabs(open_page: OpenPage, locale: str) -> None:
    """Through the link that skips the head of the page, the first stop of the keyboard."""
    page = open_page("guide/", locale=locale, width=360)
    wait_for_python(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for _ in range(1, TABS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('[data-answer], .guide-group > summary')"):
            return
    pytest.fail("no answer within eight tabs")


@pytest.mark.parametrize("locale", LOCALES)
def test_a_low_laptop_shows_the_question_and_six_answers(open_page: OpenPage, locale: str) -> None:
    page = open_page("guide/", locale=locale, viewport={"width": LAPTOP[0], "height": LAPTOP[1]})
    wait_for_python(page)
    assert_in_sight(page.evaluate)
    for answer in DENTIST[:3]:
        follow(page, [answer])
        assert_in_sight(page.evaluate)


def assert_in_sight(run: Callable[[str], list[int]]) -> None:
    question, seen, answers = run(IN_SIGHT)
    assert question and seen >= min(6, answers)


@pytest.fixture(params=LOCALES)
def result(open_page: OpenPage, request: pytest.FixtureRequest) -> Page:
    """The commonest result, on a phone."""
    page = open_page("guide/", locale=request.param, viewport={"width": PHONE[0], "height": PHONE[1]})
    wait_for_python(page)
    follow(page, DENTIST)
    page.wait_for_selector("[data-letters]")
    return page


def test_the_commonest_result_is_two_screens_and_a_half(result: Page) -> None:
    assert result.evaluate(HEIGHT) <= LONGEST_RESULT_PX


@pytest.mark.sampled
def test_no_result_is_longer_than_three_screens(result: Page) -> None:
    """Each painted as the page paints it; that of the page is as high when painted again."""
    guide, locale = compiled_parts().guide, result.get_attribute("html", "lang")
    request = {"locale": locale, "on": MODEL_DAY.isoformat()}
    finals = spread([state.number for state in guide.states if state.question is None], 100)
    given = [given_on(result), *(show(guide, {**request, "number": number})["answers"] for number in finals)]
    before = result.evaluate(HEIGHT)
    same, *heights = result.evaluate(HEIGHTS, [show(guide, {**request, "answers": answers}) for answers in given])
    assert abs(same - before) <= 1 and len(heights) >= 100
    too_long = {number: height for number, height in zip(finals, heights, strict=True) if height > LONGEST_OF_ALL_PX}
    assert not too_long, too_long


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Browser]:
    with ENGINES[request.param]() as opened:
        yield opened


def framed(browser: Browser, server: SiteServer, size: tuple[int, int]) -> None:
    """Show the guide in a frame of this size."""
    browser.open(f"{server.url}partenaires/")
    browser.run("""((width, height) => { document.body.innerHTML = "";
      const frame = document.createElement("iframe"); frame.src = "../guide/"; frame.style = `width:${width}px;height:${height}px;border:0`;
      document.body.append(frame); return true; })(arguments[0], arguments[1])""", *size)
    browser.frame()
    browser.wait("document.querySelector('[data-guide]')?.dataset.engine === 'python'", 60)


def test_other_engines_show_the_question_first_too(engine: Browser, server: SiteServer) -> None:
    framed(engine, server, PHONE)
    assert engine.run("[innerWidth, innerHeight]") == list(PHONE)
    assert engine.run(TOP) <= ARRIVAL_PX and engine.run(SMALL) == 0
    for answer in DENTIST[:4]:
        answer_in(engine, (answer,))
        assert engine.run(TOP) <= AFTER_PX and engine.run(SMALL) == 0, answer
    engine.top()
    framed(engine, server, LAPTOP)
    assert_in_sight(engine.run)
