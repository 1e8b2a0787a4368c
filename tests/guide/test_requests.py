"""The one entry of the worker: every request has its answer, and a request that cannot be read is answered, never raised."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from decision_tree.authoring.read.directory_files import directory, directory_json
from decision_tree.authoring.read.letter_files import letters, letters_json
from decision_tree.authoring.read.load import knowledge
from decision_tree.authoring.read.match_words import dump_lexicon
from decision_tree.authoring.show.compiled_guide import compiled
from decision_tree.guide import browser
from decision_tree.guide.compiled import dump_guide
from decision_tree.locales import LOCALES
from tests.support.guide_pages import DENTIST, DENTIST_BODIES
from tests.support.letters import TYPED

ANSWERS = dict(pair.split("=") for pair in DENTIST)
COMMON = {"on": "2026-11-22", "root": "../", "answers": ANSWERS}


@pytest.fixture(autouse=True, scope="module")
def loaded() -> Iterator[None]:
    browser.load(dump_guide(compiled()[0]))
    yield


def ask(**request: object) -> dict[str, Any]:
    reply = json.loads(browser.answer(json.dumps({**COMMON, **request})))
    assert isinstance(reply, dict)
    return reply


@pytest.mark.parametrize("locale", LOCALES)
def test_every_request_has_its_answer(locale: str) -> None:
    asked: list[dict[str, Any]] = [
        {"do": "show"}, {"do": "show", "answers": {}}, {"do": "show", "number": 57}, {"do": "show", "fragment": "v=x&asker=victime"},
        {"do": "decode", "fragment": "v=x&asker=victime"}, {"do": "why_not", "body": "dgccrf"}, {"do": "why_not_others"},
        {"do": "what_would_change", "body": "mediateur-cpam"}, {"do": "why_question", "fact": "goal"},
        {"do": "file", "kind": "ics"}, {"do": "file", "kind": "vcf"},
        {"do": "local", "directory": json.loads(directory_json(directory())), "place": "59000", "own": "75"},
        {"do": "match", "lexicon": dump_lexicon(knowledge().match, locale),
         "text": "le dentiste refuse ma CMU" if locale == "fr" else "the dentist turns me away"},
        {"do": "letters", "letters": json.loads(letters_json(letters()))},
        *({"do": "letter", "letters": json.loads(letters_json(letters())), "letter": name, "values": TYPED, "ready": ready}
          for name in letters().letters for ready in (False, True)),
    ]
    assert {request["do"] for request in asked} == set(browser.DOES)
    assert [reply for request in asked if "error" in (reply := ask(locale=locale, **request))] == []


@pytest.mark.parametrize("request_text", [
    "{", "[]", "null", "{}", '{"do": "fly"}', '{"do": "show"}', '{"do": "show", "on": "yesterday"}',
    '{"do": "show", "on": "2026-11-22", "answers": 3}', '{"do": "show", "on": "2026-11-22", "number": "x"}',
    '{"do": "letter", "on": "2026-11-22", "letters": {}, "letter": "mediateur"}',
    '{"do": "local", "on": "2026-11-22", "directory": [], "place": "75"}', '{"do": "file", "on": "2026-11-22"}'])
def test_a_request_that_cannot_be_read_is_answered(request_text: str) -> None:
    assert "error" in json.loads(browser.answer(request_text))


def test_a_result_says_what_an_unknown_answer_was_taken_for() -> None:
    reply = ask(do="show", locale="en", answers={**ANSWERS, "professional_identified": "unknown"})
    assert reply["final"] and "You answered “I don’t know”" in reply["after"]
    assert "Do you know the professional’s name" in reply["after"]


def test_a_card_gives_the_reason_in_the_answers_given() -> None:
    reply = ask(do="show", locale="fr")
    assert reply["bodies"] == DENTIST_BODIES
    card = reply["cards"]["commission-mixte-conciliation"]
    assert "Parce que vous avez répondu" in card and "Un dentiste" in card and "droit/csp-l1110-3/" in card
    assert "Comment faire" in card and "Avec les autres démarches" in card


def test_the_days_given_fill_the_dates_and_stay_out_of_the_fragment() -> None:
    reply = ask(do="show", locale="fr", days={"complaint_received": "2026-11-01"}, answers={**ANSWERS, "facts_date": "2026-09-15"})
    assert 'datetime="2027-02-01"' in reply["after"] and 'datetime="2032-09-15"' in reply["after"]
    assert "2026-11-01" not in reply["fragment"] and "facts_date=2026-09-15" in reply["fragment"]


def test_typed_text_is_escaped() -> None:
    book, harm = json.loads(letters_json(letters())), "<img src=x onerror=alert(1)>"
    values = {**TYPED, "name": harm, "facts": harm}
    written = ask(do="letter", locale="fr", letters=book, letter="mediateur", values=values, ready=True)
    form = ask(do="letter", locale="fr", letters=book, letter="mediateur", values=values)
    local = ask(do="local", locale="fr", directory=json.loads(directory_json(directory())), place=harm)
    assert harm in written["text"] and not any("<img" in reply["html"] for reply in (written, form, local))


def test_the_fund_that_a_page_names_comes_first_and_goes_into_the_letters() -> None:
    request = {"do": "local", "locale": "fr", "directory": json.loads(directory_json(directory())), "own": "59"}
    names = ["CPAM des Flandres", "CPAM de Lille-Douai", "CPAM de Roubaix-Tourcoing", "CPAM du Hainaut"]
    unnamed, named, elsewhere = ask(**request), ask(**request, caisse="597"), ask(**request, caisse="011")
    assert ", ".join(names) in unnamed["html"] and unnamed["own_fund"] == ""
    assert f"{names[2]}, {names[0]}, {names[1]}" in named["html"] and named["own_fund"] == names[2]
    assert elsewhere == unnamed
