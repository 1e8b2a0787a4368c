"""A professional asks what they may do: the reply comes after two taps, and older situations ask and answer as before."""

from datetime import date

import pytest

from decision_tree.advice import advise
from decision_tree.authoring.read.load import knowledge
from decision_tree.model import Value
from decision_tree.relevance import next_question

ON = date(2026, 11, 29)
PRO: dict[str, Value] = {"asker": "professionnel_mis_en_cause", "urgency": False}
MODEL = knowledge().model
QUESTIONS = [one for one in MODEL.facts["practice_question"].values if one != "plainte"]


def test_a_professional_is_asked_first_what_they_want() -> None:
    assert next_question(MODEL, PRO, ON) == "practice_question"


@pytest.mark.parametrize("asked", QUESTIONS)
def test_a_question_gets_its_reply_and_nothing_more_is_asked(asked: str) -> None:
    facts: dict[str, Value] = {**PRO, "practice_question": asked}
    found = advise(MODEL, facts, ON)
    assert [one.body for one in found.recommended] == ["regularisation-pro"] and not found.also_possible
    rule = found.recommended[0].rule
    assert rule is not None and rule.reply is not None and rule.sources
    assert next_question(MODEL, facts, ON) is None


@pytest.mark.parametrize("asked", QUESTIONS)
def test_a_reply_is_two_taps_away(asked: str) -> None:
    """An answer is one tap, and two when it stands in a fold that must be opened first."""
    going_to: dict[str, Value] = {**PRO, "practice_question": asked}
    facts: dict[str, Value] = {"urgency": False}     # supposed by the guide, which does not ask it first
    taps = 0
    while (fact := next_question(MODEL, facts, ON)) is not None:
        question = next(one for one in MODEL.questions if one.fact == fact)
        folded = any(going_to[fact] in group.values for group in question.groups)
        facts[fact], taps = going_to[fact], taps + 1 + folded
    assert facts == going_to and taps == 2


def test_a_complaint_still_asks_for_its_ground() -> None:
    assert next_question(MODEL, {**PRO, "practice_question": "plainte"}, ON) == "ground"


@pytest.mark.parametrize("ground", ["c2s", "aucun"])
def test_a_situation_told_without_the_question_is_a_complaint_and_asks_nothing_more(ground: str) -> None:
    facts: dict[str, Value] = {**PRO, "ground": ground}
    asked: dict[str, Value] = {**facts, "practice_question": "plainte"}
    assert next_question(MODEL, facts, ON) is None
    assert ([one.body for one in advise(MODEL, facts, ON).recommended]
            == [one.body for one in advise(MODEL, asked, ON).recommended])


def test_danger_comes_before_any_reply() -> None:
    found = advise(MODEL, {**PRO, "urgency": True, "practice_question": "violence"}, ON)
    assert [one.body for one in found.recommended] == ["urgences", "regularisation-pro"]
