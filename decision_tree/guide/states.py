"""The guide: which state some answers lead to, what the advice then is, and what other answers would change. Pure.

Answers keep what the person chose, "I don't know" included (`UNKNOWN`). Facts are what the rules read: answers, what they
already tell, and for questions left aside the values a result page says it supposes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from decision_tree.advice import Advice, advise, compile_rules, known_of
from decision_tree.logic import LiteralTable, bit_condition, days_told_apart, literal_table
from decision_tree.model import UNKNOWN, Facts, Model, Question, Value

Answers = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class GuideState:
    """A numbered state: a question and where each option leads, or an advice (`question` is None)."""

    number: int
    question: str | None
    wording: int | None
    next: tuple[int, ...]                # in the order of the question's options


@dataclass(frozen=True, slots=True, eq=False)
class Guide:
    """The model and its compiled states, numbered from 1."""

    model: Model
    states: tuple[GuideState, ...]

    def state(self, number: int) -> GuideState:
        """Return a state by its number."""
        return self.states[number - 1]

    def question(self, fact: str) -> Question:
        """Return the question that asks for a fact."""
        return next(question for question in self.model.questions if question.fact == fact)


@dataclass(frozen=True, slots=True)
class Walk:
    """Where answers lead: the states passed, the last one being the state to show."""

    numbers: tuple[int, ...]
    asked: tuple[str, ...]               # the questions answered on the way

    @property
    def number(self) -> int:
        """The state to show."""
        return self.numbers[-1]


@dataclass(frozen=True, slots=True)
class Change:
    """What one other answer would change of an advice."""

    fact: str
    values: tuple[Value, ...]            # any of these; for a set, its members one by one; for a date, an older one
    years: int | None                    # for a date: older than this many years
    advice: Advice


@dataclass(frozen=True, slots=True)
class Result:
    """A final state: the facts read, the advice, what is assumed, what would change it."""

    facts: Facts
    advice: Advice
    assumed: tuple[str, ...]
    changes: tuple[Change, ...]


def walk(guide: Guide, answers: Answers) -> Walk:
    """Follow the answers from the first question to the first one that has none."""
    numbers, asked = [1], []
    while (question_id := guide.state(numbers[-1]).question) is not None and question_id in answers:
        question = guide.question(question_id)
        if (value := effective_answer(question, answers[question_id])) is None:
            break                                         # a question that must be answered
        index = next(i for i, option in enumerate(question.options) if option.value == value)
        asked.append(question_id)
        numbers.append(guide.state(numbers[-1]).next[index])
    return Walk(tuple(numbers), tuple(asked))


def effective_answer(question: Question, answer: Value) -> Value | None:
    """Return the value the guide goes on with: the answer, or the most careful one after "I don't know"."""
    return question.unknown if answer == UNKNOWN else answer


def complete_facts(guide: Guide, answers: Answers, on: date) -> tuple[dict[str, Value], tuple[str, ...]]:
    """Return the facts of a finished walk, and which of them are assumed.

    Core questions that were not asked cannot change the advice: they take their first option.
    """
    facts: dict[str, Value] = {}
    for question in guide.model.questions:
        if question.fact in answers and (value := effective_answer(question, answers[question.fact])) is not None:
            facts[question.fact] = value
    assumed: list[str] = []
    table = compile_rules(guide.model, on).table
    for question in guide.model.questions:
        if question.fact in facts:
            continue
        known = table.known(facts.items(), on)
        told = next((one for one in question.implied_by if bit_condition(one.when).holds(known)), None)
        if told is not None:
            facts[question.fact] = told.value
            if told.shown:
                assumed.append(question.fact)
        elif question.core:
            facts[question.fact] = question.options[0].value
        else:
            facts[question.fact] = on if question.assumed == "recent" else question.assumed  # type: ignore[assignment]
            assumed.append(question.fact)
    return facts, tuple(assumed)


@lru_cache(maxsize=4)
def _table(model: Model) -> LiteralTable:
    return literal_table(model)


def supposed_only(guide: Guide, answers: Answers, fact: str) -> bool:
    """Tell whether the other answers only let a core question be supposed: a result then offers to answer it."""
    question = guide.question(fact)
    if not any(one.refine for one in question.implied_by):
        return False
    others = [(one, value) for one, value in answers.items() if one != fact and value != UNKNOWN]
    known = _table(guide.model).known(others, date.min)
    return any(one.refine and bit_condition(one.when).holds(known) for one in question.implied_by)


def changes_something(guide: Guide, found: Result, question: Question, on: date) -> bool:
    """Tell whether some other answer to a question changes a result."""
    usual = signature(found.advice)
    return any(signature(advise(guide.model, {**found.facts, question.fact: option.value}, on)) != usual for option in question.options)


def result(guide: Guide, answers: Answers, on: date) -> Result:
    """Return the advice of a finished walk, with what other answers outside the walk would change."""
    facts, assumed = complete_facts(guide, answers, on)
    advice = advise(guide.model, facts, on)
    changes: list[Change] = []
    for fact in assumed:
        changes += _changes(guide, facts, on, guide.question(fact), advice)
    said = {fact for change in changes for fact in [change.fact]}
    return Result(facts, advice, tuple(fact for fact in assumed if fact in said), tuple(changes))


def _changes(guide: Guide, facts: Facts, on: date, question: Question, usual: Advice) -> list[Change]:
    found: list[Change] = []
    now = known_of(guide.model, facts, on)
    for shown, value, years in _alternatives(guide.model, facts, question, on):
        other = {**facts, question.fact: value}
        known = known_of(guide.model, other, on)
        if (known.true, known.false) == (now.true, now.false):
            continue                                      # no rule tells the two apart
        advice = advise(guide.model, other, on, known)
        if signature(advice) == signature(usual):
            continue
        same = next((i for i, change in enumerate(found) if years is None and signature(change.advice) == signature(advice)), None)
        if same is None:
            found.append(Change(question.fact, (shown,), years, advice))
        else:
            found[same] = Change(question.fact, (*found[same].values, shown), None, advice)
    return found


def _alternatives(model: Model, facts: Facts, question: Question, on: date) -> list[tuple[Value, Value, int | None]]:
    fact = model.facts[question.fact]
    if fact.type == "date":
        limits = days_told_apart(model.literals, fact.id, on).items()
        return [(f"{years}+" if year_end else str(years), day, years) for (years, year_end), day in limits]
    if fact.type == "set":
        return [(member, frozenset({member}), None) for member in fact.values]
    return [(option.value, option.value, None) for option in question.options if option.value != facts[question.fact]]


def signature(advice: Advice) -> tuple[object, ...]:
    """Return what a reader would see differ between two advices: bodies, order and reasons."""
    return (tuple((one.body, one.rule.id if one.rule else None) for one in advice.recommended),
            tuple((one.body, one.rule.id if one.rule else None) for one in advice.also_possible))
