"""The legal cases: what the law gives each situation, and that every rule has a case that needs it."""

from dataclasses import replace

import pytest

from decision_tree.advice import Advice, advise, compile_rules, known_of
from decision_tree.authoring.read.cases import CASES, Case, cases
from decision_tree.authoring.read.load import knowledge
from decision_tree.model import Model, Rule
from decision_tree.relevance import next_question

MODEL = knowledge().model


def test_there_are_cases() -> None:
    assert sorted(path.stem for path in CASES.glob("*.yaml")) == ["borders", "edges", "field", "reference", "rules"]
    assert len([case for case in cases() if case.place.file.endswith("field.yaml")]) == 36
    assert len([case for case in cases() if case.place.file.endswith("reference.yaml")]) == 53
    assert len(cases()) > len(MODEL.rules)


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.id}: {case.title['en']}")
def test_the_advice_is_what_the_law_gives(case: Case) -> None:
    assert not case.differences(advise(MODEL, case.facts, case.on))


@pytest.mark.parametrize("case", [case for case in cases() if not case.to_check], ids=lambda case: case.id)
def test_a_case_decided_whole_leaves_nothing_to_ask(case: Case) -> None:
    if set(case.facts) == set(MODEL.facts):
        assert next_question(MODEL, case.facts, case.on) is None


@pytest.mark.parametrize("case", [case for case in cases() if case.has_order is not None], ids=lambda case: case.id)
def test_the_computed_fact_is_what_the_case_says(case: Case) -> None:
    literals = {one.values: number for number, one in enumerate(MODEL.literals) if one.fact == "has_order"}
    known = known_of(MODEL, case.facts, case.on)
    assert bool(known.true >> literals[frozenset({True})] & 1) is case.has_order


def test_an_also_possible_body_is_never_both_explained_and_refused() -> None:
    for case in cases():
        assert not set(case.also) & set(case.not_possible), case.id
        assert not (set(case.optional) | set(case.also) | set(case.expected)) & set(case.must_not), case.id


def lists(advice: Advice) -> tuple[tuple[str, ...], frozenset[str]]:
    return tuple(one.body for one in advice.recommended), frozenset(one.body for one in advice.also_possible)


def without(model: Model, rule: str) -> Model:
    return replace(model, rules=tuple(one for one in model.rules if one.id != rule))


@pytest.mark.parametrize("rule", MODEL.rules, ids=lambda rule: rule.id)
def test_a_rule_is_needed_by_every_case_it_names(rule: Rule) -> None:
    named = {case.id: case for case in cases() if case.id in rule.shown_by}
    assert set(named) == set(rule.shown_by), "a case it names does not exist"
    reduced = without(MODEL, rule.id)
    needless = [id_ for id_, case in named.items()
                if lists(advise(MODEL, case.facts, case.on)) == lists(advise(reduced, case.facts, case.on))
                and not case.differences(advise(reduced, case.facts, case.on))]
    compile_rules.cache_clear()
    assert not needless, f"{needless} give the same bodies without the rule: name a case that changes, or remove the rule"
