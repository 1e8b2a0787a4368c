"""What is worth asking next: a question is asked only while its answer can still change the advice."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from decision_tree.advice import Advice, advise, body_values, compile_rules, kind_of, known_of, rule_values
from decision_tree.logic import bit_condition, days_told_apart, literal_holds
from decision_tree.model import Facts, Model, Value


def relevant_facts(model: Model, facts: Facts, on: date) -> frozenset[str]:
    """Return the facts, not given, whose answer can still change the advice, its reasons or its order."""
    prepared = compile_rules(model, on)
    known = known_of(model, facts, on, presume=False)
    values = rule_values(prepared, known)
    bodies = body_values(prepared, values)
    bits = 0
    live: set[str] = set()
    loose = False
    for rules in prepared.by_body.values():
        kind, index = kind_of(bodies[rules.body], rules.possible, values)
        if kind in ("recommended", "to_check"):
            live.add(rules.body)
        candidates = rules.recommend if bodies[rules.body][0] is True else rules.own
        for i in candidates:
            if i == index:
                break
            if values[i] is None:
                bits |= prepared.rules[i].when.open_literals(known)
                loose = loose or i in prepared.suppressed
    if loose:
        bits |= prepared.closed.open_literals(known)
    for chain in prepared.chains:
        if len(live.intersection(chain.bodies)) > 1 and chain.when.holds(known) is not False and chain.unless.holds(known) is not True:
            bits |= chain.when.open_literals(known) | chain.unless.open_literals(known)
    return prepared.table.facts_of(bits, known) - facts.keys()


def next_question(model: Model, facts: Facts, on: date, *, skip: frozenset[str] = frozenset()) -> str | None:
    """Return the first question, in the authors' order, whose answer can still change the advice.

    Args:
        skip: Facts answered "unknown", which are not asked again.
    """
    relevant = relevant_facts(model, facts, on) - skip - settled_facts(model, facts, on)
    return next((question.fact for question in model.questions
                 if question.fact in relevant and can_change(model, facts, on, question.fact)), None)


def settled_facts(model: Model, facts: Facts, on: date) -> frozenset[str]:
    """Return the facts that other answers settle: they are presumed to be just that, so nothing asks them any more."""
    known = known_of(model, facts, on, presume=False)
    return frozenset(question.fact for question in model.questions
                     if question.settled_by and bit_condition(question.settled_by).holds(known))


MOST_TRIALS = 200
"""How many situations `can_change` tries before it says yes unproved: asking once too often is the lesser harm."""


def can_change(model: Model, facts: Facts, on: date, fact: str) -> bool:
    """Tell whether two answers to `fact` lead to different advice, whatever else may be answered.

    `relevant_facts` reads each rule alone and sees what might matter; here the other open questions are tried out until
    the fact decides alone.
    """
    left = MOST_TRIALS

    def differs(known: Facts) -> bool:
        nonlocal left
        left -= 1
        if left < 0:
            return True
        relevant = relevant_facts(model, known, on)
        if fact not in relevant:
            return False
        other = next((question.fact for question in model.questions if question.fact in relevant and question.fact != fact), None)
        if other is not None:
            return any(differs({**known, other: value}) for value in _kinds_of_answers(model, other, on))
        advices = (advise(model, {**known, fact: value}, on) for value in _kinds_of_answers(model, fact, on))
        return len({signature(advice) for advice in advices}) > 1

    return differs(facts)


@lru_cache(maxsize=256)
def _kinds_of_answers(model: Model, fact: str, on: date) -> tuple[Value, ...]:
    """Return one answer of each kind that the rules tell apart."""
    described = model.facts[fact]
    literals = [one for one in model.literals if one.fact == fact]
    if described.type == "set":
        sets = [frozenset[str]()]
        for member in sorted({one.member for one in literals if one.member is not None}):
            sets += [one | {member} for one in sets]
        return tuple(sets)
    values: Sequence[Value] = (True, False) if described.type == "bool" else described.values
    if described.type == "date":
        values = (on, *days_told_apart(literals, fact, on).values())
    kinds: dict[tuple[bool, ...], Value] = {}
    for value in values:
        kinds.setdefault(tuple(literal_holds(one, value, on) for one in literals), value)
    return tuple(kinds.values())


def signature(advice: Advice) -> tuple[object, ...]:
    """Return what makes two advices the same: bodies and rules, in order."""
    return (tuple((one.body, one.rule.id) for one in advice.recommended if one.rule),
            frozenset((one.body, one.rule.id) for one in advice.also_possible if one.rule))
