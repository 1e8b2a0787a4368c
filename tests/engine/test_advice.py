"""What holds of every advice: stable as more is known, the same whatever the order, and what the diagrams prove."""

from functools import cache
from itertools import pairwise
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from decision_tree.advice import Advice, CompiledRules, Reading, advise, read
from decision_tree.authoring.prove.compile import Graph, Space, compile_graph, ordered_by
from decision_tree.authoring.prove.semantics import RuleSemantics, complete, conditions_as_written
from decision_tree.authoring.read.cases import cases
from decision_tree.authoring.read.load import knowledge
from decision_tree.explain import other_values, what_would_change
from decision_tree.guide.states import complete_facts
from decision_tree.logic import Known
from decision_tree.model import Value
from decision_tree.relevance import next_question, relevant_facts, settled_facts
from tests.support.lanes import examples
from tests.support.situations import MODEL, ON, PRESUMED, VALUES, growing, partial
from tests.support.situations import complete as complete_situations

Signature = tuple[tuple[tuple[str, str], ...], frozenset[tuple[str, str]]]


@cache
def semantics() -> RuleSemantics:
    space = Space(MODEL, ON)
    return RuleSemantics(complete(space), conditions_as_written(knowledge(), space.rules))


@cache
def graph() -> Graph:
    return compile_graph(MODEL, ON)


def signature(advice: Advice) -> Signature:
    return (tuple((one.body, one.rule.id) for one in advice.recommended if one.rule),
            frozenset((one.body, one.rule.id) for one in advice.also_possible if one.rule))


def proved(facts: dict[str, Value]) -> Signature:
    """Return what the diagrams say of a complete situation."""
    w = semantics()
    store, cells = w.algebra.store, w.algebra.space.cells(facts)

    def holds(node: int) -> bool:
        return bool(store.values[store.walk(node, cells)])

    said = {(rule.body, id_): rule.standing for id_, rule in w.conditions.rules.items() if holds(w.deciding_rules()[id_])}
    recommended = {body: id_ for (body, id_), standing in said.items() if standing == "recommended"}
    ordered = ordered_by(list(recommended), [bodies for bodies, node in w.ways() if holds(node)])
    return (tuple((body, recommended[body]) for body in ordered),
            frozenset(key for key, standing in said.items() if standing == "possible"))


@pytest.mark.sampled
@settings(max_examples=examples(2500))
@given(complete_situations())
def test_the_engine_says_of_a_complete_situation_what_is_proved_of_it(facts: dict[str, Value]) -> None:
    advice = advise(MODEL, facts, ON)
    assert signature(advice) == proved(facts)
    assert not advice.to_check
    assert next_question(MODEL, facts, ON) is None
    assert advice.recommended


@pytest.mark.sampled
@settings(max_examples=examples(1000))
@given(growing())
def test_a_definite_verdict_never_flips_when_more_is_known(steps: tuple[dict[str, Value], dict[str, Value]]) -> None:
    sooner, later = steps
    before, after = advise(MODEL, sooner, ON), advise(MODEL, later, ON)
    answered = {fact for fact in later if fact in PRESUMED and fact not in sooner}
    for body in MODEL.bodies:
        was, is_ = before.verdict(body), after.verdict(body)
        if was.kind not in ("to_check", is_.kind):
            assert answered & set(was.presumes), f"{body} was {was.kind}, is {is_.kind}, and presumed only {was.presumes}"


@settings(max_examples=examples(500))
@given(partial())
def test_a_verdict_presumes_only_what_is_not_answered(facts: dict[str, Value]) -> None:
    advice = advise(MODEL, facts, ON)
    for body in MODEL.bodies:
        assert set(advice.verdict(body).presumes) <= PRESUMED - facts.keys()


@settings(max_examples=examples(500))
@given(partial(), st.randoms(use_true_random=False))
def test_the_advice_does_not_depend_on_the_order_of_answers(facts: dict[str, Value], random: Random) -> None:
    shuffled = list(facts.items())
    random.shuffle(shuffled)
    assert advise(MODEL, dict(shuffled), ON) == advise(MODEL, facts, ON)
    assert next_question(MODEL, dict(shuffled), ON) == next_question(MODEL, facts, ON)


def may_still_change(facts: dict[str, Value]) -> set[str]:
    """Return the facts, not given, whose answer can still change the advice, exactly."""
    w = semantics()
    store, space = w.algebra.store, w.algebra.space
    whole = {fact.id: facts.get(fact.id, sample(fact.id)) for fact in MODEL.facts.values()}
    cells = space.cells(whole)
    found: set[str] = set()
    for node in w.advice_nodes():
        for number, variable in enumerate(space.variables):
            if variable.fact in facts:
                node = store.restrict(number, cells[number], node)
        found |= {space.variables[store.variable[one]].fact for one in store.reachable(node) if not store.is_terminal(one)}
    return found


def sample(fact: str) -> Value:
    described = MODEL.facts[fact]
    if described.type == "date":
        return ON
    if described.type == "set":
        return frozenset()
    return described.values[0] if described.values else False


@pytest.mark.sampled
@settings(max_examples=examples(1000))
@given(partial())
def test_a_question_is_asked_exactly_while_something_can_change(facts: dict[str, Value]) -> None:
    assert relevant_facts(MODEL, facts, ON) >= may_still_change(facts)
    settled = {fact: value for fact in settled_facts(MODEL, facts, ON) - facts.keys()               # nothing asks them any more
               if (value := MODEL.facts[fact].presumed) is not None}
    assert (next_question(MODEL, facts, ON) is None) == (not may_still_change({**facts, **settled}))


def test_the_next_question_is_found_in_few_readings(monkeypatch: pytest.MonkeyPatch) -> None:
    """What earlier steps are open makes a thousand sets: only those that some open rule tells apart are tried."""
    tried: list[object] = []

    def counted(prepared: CompiledRules, known: Known) -> Reading:
        tried.append(known)
        return read(prepared, known)

    monkeypatch.setattr("decision_tree.relevance.read", counted)
    asked = 0
    reference = [case for case in cases() if case.place.file.endswith("reference.yaml")]
    for case in reference:
        facts = {fact: value for fact, value in case.facts.items() if fact not in ("already", "recidive")}
        asked += next_question(MODEL, facts, case.on) is not None
    assert asked > 20 and 2 * asked <= len(tried) <= 8 * len(reference)


@settings(max_examples=300)
@given(partial(), st.data())
def test_a_question_not_asked_changes_nothing(facts: dict[str, Value], data: st.DataObject) -> None:
    idle = sorted(MODEL.facts.keys() - facts.keys() - relevant_facts(MODEL, facts, ON))
    assume(idle)
    fact = data.draw(st.sampled_from(idle))
    value = data.draw(VALUES[fact])
    before, after = advise(MODEL, facts, ON), advise(MODEL, {**facts, fact: value}, ON)
    assert [one.body for one in before.recommended] == [one.body for one in after.recommended]
    assert {one.body for one in before.also_possible} == {one.body for one in after.also_possible}


def test_every_final_state_of_the_guide_is_the_advice_of_the_engine() -> None:
    from decision_tree.authoring.show.compiled_guide import guide_of

    guide = guide_of(MODEL, graph())
    for state in graph().final:
        assert state.outcome is not None
        facts, _ = complete_facts(guide, state.example, ON)
        advice = advise(MODEL, facts, ON)
        assert signature(advice) == (state.outcome.recommended, frozenset(state.outcome.possible)), state.number


@settings(max_examples=examples(1000))
@given(st.data())
def test_every_way_through_the_guide_ends_in_the_advice_of_the_engine(data: st.DataObject) -> None:
    from decision_tree.authoring.show.compiled_guide import guide_of

    state = graph().state(1)
    answers: dict[str, Value] = {}
    while state.question is not None:
        answers[state.question] = data.draw(st.sampled_from(list(state.next)), label=state.question)
        state = graph().state(state.next[answers[state.question]])
    assert state.outcome is not None
    facts, _ = complete_facts(guide_of(MODEL, graph()), answers, ON)
    assert signature(advise(MODEL, facts, ON)) == (state.outcome.recommended, frozenset(state.outcome.possible))


def test_the_guide_asks_in_the_authors_order() -> None:
    order = [question.fact for question in MODEL.questions]
    for state in graph().states:
        asked = [fact for fact in order if fact in state.example]
        assert list(state.example) == asked
        assert all(order.index(one) < order.index(other) for one, other in pairwise(asked))


@settings(max_examples=15)
@given(partial(), st.sampled_from(sorted(MODEL.bodies)))
def test_what_would_change_a_verdict_is_what_the_whole_advice_says(facts: dict[str, Value], body: str) -> None:
    def kind(more: dict[str, Value]) -> str:
        return advise(MODEL, {**facts, **more}, ON).verdict(body).kind

    other = [(question.fact, value) for question in MODEL.questions for value in other_values(MODEL, facts, question.fact)]
    assert what_would_change(MODEL, facts, ON, body) == tuple((fact, value) for fact, value in other if kind({fact: value}) != kind({}))
