"""A fresh answer is never dropped: what a result offers to answer changes it, and stays answered."""

import json
from datetime import date

import pytest

from decision_tree.advice import advise
from decision_tree.answers import decode, encode
from decision_tree.authoring.read.as_of import MODEL_DAY
from decision_tree.authoring.show.compiled_guide import compiled
from decision_tree.authoring.show.static_guide import section_html
from decision_tree.dates import due, within_calendar_years
from decision_tree.guide.render import Say
from decision_tree.guide.screen import kept, offered
from decision_tree.guide.states import result, signature, walk
from decision_tree.model import UNKNOWN, Delay, Value

ALONE: dict[str, Value] = {
    "asker": "victime", "ground": "c2s", "refusal": "refus_rdv", "place": "cabinet", "profession": "medecin_generaliste",
    "professional_identified": True, "goal": "reconnaissance"}


def test_a_minor_who_acts_alone_says_so_on_the_result() -> None:
    guide, _ = compiled()
    answers: dict[str, Value] = {**ALONE, "patient_age": "mineur"}
    left = kept(guide, answers, walk(guide, answers))
    assert left["patient_age"] == "mineur"
    assert result(guide, left, MODEL_DAY).advice.recommended[0].body == "defenseur-des-droits"
    assert "patient_age" in offered(guide, ALONE, result(guide, ALONE, MODEL_DAY), MODEL_DAY)


def test_a_minor_who_acts_alone_says_so_by_links_alone() -> None:
    guide, graph = compiled()
    answers: dict[str, Value] = {**ALONE, "asker": "victime_mineure"}
    found = result(guide, answers, MODEL_DAY)
    assert found.advice.recommended[0].body == "defenseur-des-droits"
    assert result(guide, ALONE, MODEL_DAY).advice.recommended[0].body != "defenseur-des-droits"
    assert len(walk(guide, answers).asked) == len(walk(guide, ALONE).asked)
    alone = [found for state in graph.final if state.example["asker"] == "victime_mineure"
             for found in [result(guide, dict(state.example), MODEL_DAY)]]
    assert alone and all(one.facts["patient_age"] == "mineur" for one in alone)
    for one in alone:
        said = advise(guide.model, {**one.facts, "asker": "victime"}, MODEL_DAY)
        assert signature(one.advice) == signature(said)


def test_who_you_are_is_no_question_to_leave_open() -> None:
    guide, graph = compiled()
    say = Say(guide.model, "fr", "../")
    assert "guide-unknown" not in section_html(guide, graph, 1, say)
    assert "guide-unknown" in section_html(guide, graph, walk(guide, {"asker": "parent"}).number, say)
    assert walk(guide, {"asker": UNKNOWN, "ground": "c2s"}).numbers == (1,)      # an old link


def test_every_question_a_result_offers_changes_it_and_is_kept() -> None:
    guide, graph = compiled()
    asked, wrong = 0, []
    for state in graph.final:
        answers = dict(state.example)
        found = result(guide, answers, MODEL_DAY)
        for fact in offered(guide, answers, found, MODEL_DAY):
            asked += 1
            question = guide.question(fact)
            values = [frozenset({str(option.value)}) if guide.model.facts[fact].type == "set" else option.value
                      for option in question.options]
            facts = [{**found.facts, fact: value} for value in values]
            if all(signature(advise(guide.model, one, MODEL_DAY)) == signature(found.advice) for one in facts):
                wrong.append((answers, fact, "changes nothing"))
            fresh = {**answers, fact: values[-1]}
            if fact not in kept(guide, fresh, walk(guide, fresh)):
                wrong.append((answers, fact, "is dropped"))
    assert asked > 1_000
    assert not wrong, wrong[:3]


def test_a_care_home_of_an_older_link_is_a_care_home() -> None:
    guide, _ = compiled()
    assert decode(guide.model, "v=00000000&place=domicile&profession=etablissement").answers["place"] == "ehpad"
    assert decode(guide.model, "v=00000000&place=domicile&profession=infirmier").answers["place"] == "domicile"
    now = encode(guide.model, {"place": "domicile", "profession": "etablissement"})
    assert json.dumps(dict(decode(guide.model, now).answers)) == '{"profession": "etablissement", "place": "domicile"}'


@pytest.mark.parametrize(("day", "on", "inside"), [
    (date(2022, 1, 1), date(2026, 12, 31), True), (date(2021, 12, 31), date(2026, 1, 1), False),
    (date(2022, 2, 1), date(2027, 1, 1), False)])
def test_the_years_against_a_public_hospital_run_from_the_next_january(day: date, on: date, inside: bool) -> None:
    assert within_calendar_years(day, 4, on) is inside
    assert due(date(2022, 2, 1), Delay(years=4, year_end=True)) == date(2026, 12, 31)
