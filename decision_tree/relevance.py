"""What is worth asking next: a question is asked only while its answer can still change the advice."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from decision_tree.advice import (
    CompiledRules,
    Kinds,
    body_kinds,
    compile_rules,
    in_order,
    known_of,
    open_closing,
    read,
    rule_values,
)
from decision_tree.logic import Known, bit_condition, days_told_apart, literal_holds
from decision_tree.model import Facts, Model, Value


def relevant_facts(model: Model, facts: Facts, on: date) -> frozenset[str]:
    """Return the facts, not given, whose answer can still change the advice, its reasons or its order."""
    return _facts_of(compile_rules(model, on), open_literals(model, facts, on)) - facts.keys()


def _facts_of(prepared: CompiledRules, bits: int) -> frozenset[str]:
    return frozenset(fact for fact, mask in prepared.table.fact_bits.items() if mask & bits)


def open_literals(model: Model, facts: Facts, on: date) -> int:
    """Return the literals, of asked and of derived facts, that can still change the advice, its reasons or its order."""
    prepared = compile_rules(model, on)
    known = known_of(model, facts, on, presume=False)
    values = rule_values(prepared, known)
    kinds = body_kinds(prepared, values)
    bits = 0
    loose = False
    for i, value in values.items():
        if value is None and _may_speak(prepared, kinds, i):
            bits |= prepared.rules[i].when.open_literals(known)
            loose = loose or i in prepared.suppressed
    if loose:
        bits |= open_closing(prepared, known, values)
    live = {body for body, (kind, _) in kinds.items() if kind != "possible"}
    for chain in prepared.chains:
        if len(live.intersection(chain.bodies)) > 1 and chain.when.holds(known) is not False and chain.unless.holds(known) is not True:
            bits |= chain.when.open_literals(known) | chain.unless.open_literals(known)
    return prepared.table.reachable_inputs(bits, known)


def _may_speak(prepared: CompiledRules, kinds: Kinds, i: int) -> bool:
    """Tell whether a rule that is still open would be heard: no rule of its body that comes before it holds."""
    body, standing = prepared.speaks[i]
    kind, index = kinds[body]
    if standing == "fallback" or (kind == "recommended" and standing == "possible"):
        return False
    return index is None or i < index


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
    prepared = compile_rules(model, on)
    left = MOST_TRIALS

    def kinds(of: str, bits: int) -> tuple[Value, ...]:
        return _kinds_of_answers(model, of, on, bits & prepared.table.fact_bits[of])

    def differs(known: Facts) -> bool:
        nonlocal left
        left -= 1
        if left < 0:
            return True
        bits = open_literals(model, known, on)
        relevant = _facts_of(prepared, bits) - known.keys()
        if fact not in relevant:
            return False
        other = next((question.fact for question in model.questions if question.fact in relevant and question.fact != fact), None)
        if other is not None:
            return any(differs({**known, other: value}) for value in kinds(other, bits))
        said = (outcome(prepared, known_of(model, {**known, fact: value}, on)) for value in kinds(fact, bits))
        first = next(said)
        return any(one != first for one in said)          # the first that differs is enough

    return differs(facts)


def outcome(prepared: CompiledRules, known: Known) -> tuple[object, ...]:
    """Return what makes two advices the same: bodies and the rules that speak for them, in order. No advice is made for it."""
    reading = read(prepared, known)
    named = {kind: {body: index for body, (said, index) in reading.kinds.items() if said == kind} for kind in ("recommended", "possible")}
    recommended = named["recommended"]
    bodies = [body for body in prepared.by_body if body in recommended]
    return (tuple((body, recommended[body]) for body in in_order(prepared, known, bodies)), named["possible"])


@lru_cache(maxsize=256)
def _kinds_of_answers(model: Model, fact: str, on: date, bits: int) -> tuple[Value, ...]:
    """Return one answer of each kind that these literals tell apart."""
    described = model.facts[fact]
    literals = [one for bit, one in compile_rules(model, on).table.by_fact[fact] if bit & bits]
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
