"""The guide as links: every state on the page, every link leading somewhere, the same numbers in both locales."""

import html
import json
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import brotli
import pytest

from decision_tree.answers import decode, encode
from decision_tree.authoring.read.as_of import MODEL_DAY
from decision_tree.authoring.show.compiled_guide import compiled
from decision_tree.guide import browser
from decision_tree.guide.compiled import dump_guide
from decision_tree.guide.render import Say, state_html
from decision_tree.guide.screen import answers_to, kept, remaining
from decision_tree.guide.states import Guide, effective_answer, result, walk
from decision_tree.locales import LOCALES
from decision_tree.model import Locale
from scripts.site.guide import one_byte

SECTION = re.compile(
    r'<section class="guide-state" id="n(?P<number>\d+)" data-kind="(?P<kind>\w+)">'
    r"(?P<inside>.*?)</section>")
BUDGET = 54_000   # with its headers, what a new connection brings in three rounds, the first two being 43 kB; the wider guide may take 58


@cache
def read(page: Path) -> str:
    return page.read_text("utf-8")


def guide_page(site: Path, locale: str) -> str:
    return read(site / ("en" if locale == "en" else "") / "guide" / "index.html")


@cache
def sections(page: str) -> dict[int, str]:
    return {int(found["number"]): found["inside"] for found in SECTION.finditer(page)}


@pytest.fixture(scope="module")
def guide() -> Guide:
    return compiled()[0]


@pytest.mark.parametrize("locale", LOCALES)
def test_the_page_holds_every_state_as_the_engine_renders_it(site: Path, guide: Guide, locale: Locale) -> None:
    shown, say = sections(guide_page(site, locale)), Say(guide.model, locale)
    assert list(shown) == [state.number for state in guide.states]
    different = []
    for state in guide.states:
        answers = answers_to(guide, state.number)
        way = walk(guide, answers)
        found = None if state.question is not None else result(guide, kept(guide, answers, way), MODEL_DAY)
        written = state_html(guide, state.number, found, say)
        if way.number != state.number or shown[state.number] != (one_byte(written) if state.number > 1 else written):
            different.append(state.number)
    assert not different


@pytest.mark.parametrize("locale", LOCALES)
def test_a_browser_keeps_the_states_in_one_byte_a_letter(site: Path, locale: str) -> None:
    rest = [state for number, state in sections(guide_page(site, locale)).items() if number > 1]
    assert b"&#8217;" in "".join(rest).encode("latin-1")


def test_numbers_and_answers_are_the_same_in_both_locales(site: Path) -> None:
    mark = re.compile(r'data-(?:answer|body|also)="[^"]*"|href="#[^"]*"|<section [^>]*>(?=<h2)|<li>')
    marks = [mark.findall(guide_page(site, locale)) for locale in LOCALES]
    assert len(marks[0]) > 10_000
    assert marks[0] == marks[1]


def test_numbers_go_forward_and_like_states_stand_together(guide: Guide) -> None:
    """A printed booklet is leafed through one way only, and the page packs small enough for one round trip less."""
    assert all(to > state.number for state in guide.states for to in state.next)
    order = [state.question for state in guide.states]
    assert sum(one != other for one, other in pairwise(order)) == len(set(order)) - 1


@pytest.mark.parametrize("locale", LOCALES)
def test_every_link_inside_the_page_leads_somewhere(site: Path, locale: str) -> None:
    page = guide_page(site, locale)
    ids = set(re.findall(r'\sid="([^"]*)"', page))
    assert len(ids) == len(re.findall(r'\sid="', page))
    assert not set(re.findall(r'href="#([^"]+)"', page)) - ids


@pytest.mark.parametrize("locale", LOCALES)
def test_every_list_of_answers_ends_at_the_borders(site: Path, guide: Guide, locale: Locale) -> None:
    """By links the way out stands once below whatever question is shown; Python says it after each."""
    href = '<p class="guide-border"><a href="../limites/">'
    after = guide_page(site, locale).partition('<div class="guide-states"')[2].rpartition('id="n')[2].partition("</section>")[2]
    assert after.count(href) == 1
    assert (site / ("en" if locale == "en" else "") / "limites" / "index.html").is_file()
    browser.load(dump_guide(guide))
    for state in guide.states:
        asked = {"do": "show", "number": state.number, "on": MODEL_DAY.isoformat(), "locale": locale, "root": "../"}
        if state.question is not None:
            assert href in json.loads(browser.answer(json.dumps(asked)))["after"], state.number


@pytest.mark.parametrize("locale", LOCALES)
def test_the_page_is_light(site: Path, locale: str) -> None:
    assert len(brotli.compress(guide_page(site, locale).encode())) <= BUDGET


@pytest.mark.parametrize("locale", LOCALES)
def test_the_root_says_what_answers_and_for_which_model(site: Path, guide: Guide, locale: str) -> None:
    opening = re.search(r"<div data-guide[^>]*>", guide_page(site, locale))
    assert opening is not None
    assert all(mark in opening[0] for mark in ('data-engine="static"', 'data-runtime="static"', f'data-model="{guide.model.hash}"'))


def test_progress_never_lies(guide: Guide) -> None:
    """From every state, some way takes the least announced, some the most, and none is outside."""
    left = remaining(guide)
    for state in guide.states:
        after = [left[to] for to in state.next]
        if not after:
            assert (left[state.number].least, left[state.number].most) == (0, 0)
            continue
        assert left[state.number].least == 1 + min(one.least for one in after)
        assert left[state.number].most == 1 + max(one.most for one in after)


def test_an_unknown_answer_goes_on_with_the_careful_value(guide: Guide) -> None:
    for question in guide.model.questions:
        if question.core and question.unknown is not None:     # who asks is always known
            assert effective_answer(question, "unknown") in {option.value for option in question.options}


def test_a_link_holds_its_answers(guide: Guide) -> None:
    for number in (2, 57, len(guide.states)):
        answers = answers_to(guide, number)
        decoded = decode(guide.model, encode(guide.model, answers))
        assert dict(decoded.answers) == answers and not decoded.migrated


LONGEST = 25     # words of a sentence in a result


def finals(site: Path, locale: str) -> list[str]:
    """Return the inside of every final state of the static page."""
    return re.findall(r'data-kind="final">(.*?)</section>', guide_page(site, locale), re.DOTALL)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_body_is_added_or_left_out_by_another_answer_and_never_both(site: Path, guide: Guide, locale: Locale) -> None:
    say = Say(guide.model, locale)
    items = [item for final in finals(site, locale) for item in re.findall(r"<li>([^<]*)\.</li>", final.partition("guide-changes")[2])]
    assert len(items) > 1_000
    added = "|".join(re.escape(say.label(key)) for key in ("plan.first_then", "plan.also_then"))
    left = re.escape(say.label("plan.without"))
    for item in items:
        come, gone = ({name for found in re.findall(rf"(?:{marks}) ([^.]*)", item) for name in found.split(", ")}
                      for marks in (added, left))
        assert not come & gone, item
    assert any(re.search(left, item) for item in items)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_result_is_a_plan_with_one_act_for_today_and_short_sentences(site: Path, locale: str) -> None:
    found = finals(site, locale)
    assert len(found) > 100
    for final in found:
        assert final.count("plan-first") == 1
        text = html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"</(?:li|p|h\d|dd|dt|summary|span|strong)>", ". ", final)))
        long = [sentence for sentence in re.split(r"[.!?:;]\s", text) if len(sentence.split()) > LONGEST]
        assert not long, long[:3]
