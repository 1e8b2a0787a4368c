"""From the facts of a situation to the advice: which bodies, in which order, and why. Pure functions.

A body is recommended, also possible, excluded, or to check while a missing fact may still decide. Facts that are
presumed until answered are named by the verdicts that rest on them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, reduce
from operator import or_
from typing import NamedTuple

from decision_tree.dates import due
from decision_tree.logic import MOST_READINGS, BitCondition, DerivedBits, Known, LiteralTable, bit_condition, literal_table, shortest
from decision_tree.model import Deadline, Facts, Model, Rule, Value

Values = Mapping[int, bool | None]
"""The reading of rules, by index: True, or None while it is open. A rule that does not hold is left out: most do not."""
Kinds = Mapping[str, tuple[str, int | None]]
"""Body → the kind of its verdict and the index of the rule that speaks. A body that is left out is excluded."""
Befores = tuple[tuple[str, frozenset[str]], ...]
"""Each body of an order to act but its first, and those that come before it."""
EXCLUDED: tuple[str, int | None] = ("excluded", None)


class DueDeadline(NamedTuple):
    """A time limit of a recommended body; `due` is None while its starting day is not known."""

    deadline: Deadline
    due: date | None


class Verdict(NamedTuple):
    """What the rules say of one body."""

    body: str
    kind: str                            # recommended, possible, to_check or excluded
    level: str = "support"
    rule: Rule | None = None             # the first rule that holds
    missing: tuple[str, ...] = ()        # facts that may still decide, in the authors' order
    presumes: tuple[str, ...] = ()
    deadlines: tuple[DueDeadline, ...] = ()


@dataclass(frozen=True, slots=True)
class Advice:
    """All verdicts for a situation. `recommended` is in the order a person should act."""

    recommended: tuple[Verdict, ...]
    also_possible: tuple[Verdict, ...]
    to_check: tuple[Verdict, ...]
    excluded: tuple[Verdict, ...]

    def verdict(self, body: str) -> Verdict:
        """Return the verdict on one body.

        Raises:
            KeyError: The model does not know this body.
        """
        for group in (self.recommended, self.also_possible, self.to_check, self.excluded):
            for verdict in group:
                if verdict.body == body:
                    return verdict
        raise KeyError(body)


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule with its condition as masks."""

    rule: Rule
    when: BitCondition


@dataclass(frozen=True, slots=True)
class CompiledOrder:
    """An order to act with its conditions as masks."""

    bodies: tuple[str, ...]
    when: BitCondition
    unless: BitCondition


@dataclass(frozen=True, slots=True)
class BodyRules:
    """The rules of one body, as indices into the rules in force."""

    body: str
    own: tuple[int, ...]                                  # every rule but the fallback
    fallback: int | None


@dataclass(frozen=True, slots=True)
class CompiledRules:
    """The model as it stands on one day, prepared for quick reading."""

    table: LiteralTable
    rules: tuple[CompiledRule, ...]
    closed: BitCondition                                  # when some closing rule holds
    suppressed: frozenset[int]                              # the rules a closed advice does not hear
    by_body: dict[str, BodyRules]
    fallbacks: tuple[str, ...]                            # the bodies named where the rules of no other recommend one
    places: dict[str, int]                                # the place of each body in the authors' order
    excluded: dict[str, Verdict]                          # the commonest verdict on each body, made once
    chains: tuple[CompiledOrder, ...]
    deadlines: dict[str, tuple[tuple[Deadline, BitCondition], ...]]
    presumed: tuple[tuple[str, Value], ...]               # presumed fact, and what is read until it is answered
    presumed_derived: DerivedBits                         # the derived facts built on them
    closing: dict[int, BitCondition]                      # each rule that closes the advice, and those of its terms no other implies
    quick: tuple[tuple[int, int, bool, Callable[[Known], bool | None]], ...]   # each rule: index, what every way of holding needs,
                                                          # whether that is the one way, and its reading
    speaks: tuple[tuple[str, str], ...]                   # of each rule, its body and its standing, or "fallback"
    said: tuple[Verdict, ...]                             # of each rule, the verdict it gives where nothing is presumed or due
    asked: tuple[tuple[str, int], ...]                    # each asked fact and its literals, in the authors' order of questions
    orders: dict[frozenset[str], tuple[tuple[CompiledOrder, Befores], ...]] = field(default_factory=dict, compare=False)


@lru_cache(maxsize=16)
def compile_rules(model: Model, on: date) -> CompiledRules:
    """Prepare the rules in force on the day `on`."""
    rules = tuple(CompiledRule(rule, bit_condition(rule.when)) for rule in model.rules if in_force(rule, on))
    table = literal_table(model)
    presumed = tuple((fact.id, fact.presumed) for fact in model.facts.values() if fact.presumed is not None)
    closed = shortest(term for item in rules if item.rule.closes for term in item.when.terms)
    chains = tuple(CompiledOrder(c.bodies, bit_condition(c.when), bit_condition(c.unless)) for c in model.order)
    return CompiledRules(
        table=table,
        rules=rules,
        closed=BitCondition(closed),
        suppressed=frozenset(i for i, item in enumerate(rules) if not (item.rule.closes or item.rule.always)),
        by_body={body: _rules_of(body, rules) for body in model.bodies},
        fallbacks=tuple(item.rule.body for item in rules if item.rule.fallback),
        places={body: place for place, body in enumerate(model.bodies)},
        excluded={body: Verdict(body=body, kind="excluded") for body in model.bodies},
        chains=chains,
        deadlines={body: tuple((d, bit_condition(d.when)) for d in model.deadlines if d.body == body)
                   for body in {d.body for d in model.deadlines}},
        presumed=presumed,
        presumed_derived=_derived_from(table, presumed),
        quick=tuple((i, item.when.common, item.when.alone, item.when.holds) for i, item in enumerate(rules)),
        closing={i: BitCondition(tuple(term for term in item.when.terms if term in closed))
                 for i, item in enumerate(rules) if item.rule.closes},
        speaks=tuple((item.rule.body, "fallback" if item.rule.fallback else item.rule.standing) for item in rules),
        said=tuple(Verdict(body=item.rule.body, kind=item.rule.standing, level=item.rule.level, rule=item.rule) for item in rules),
        asked=tuple((question.fact, table.fact_bits.get(question.fact, 0)) for question in model.questions),
    )


def _derived_from(table: LiteralTable, presumed: Iterable[tuple[str, Value]]) -> DerivedBits:
    """Return the derived facts that build on presumed facts."""
    reached = reduce(or_, [table.fact_bits.get(fact, 0) for fact, _ in presumed], 0)
    found = []
    for one in table.derived:
        if any(term & reached for term in one[0].terms):
            reached |= one[3]
            found.append(one)
    return tuple(found)


def in_force(rule: Rule, on: date) -> bool:
    """Tell whether a rule applies on the day `on`; its first and its last day count."""
    return rule.in_force_from <= on and (rule.in_force_to is None or on <= rule.in_force_to)


def _rules_of(body: str, rules: Sequence[CompiledRule]) -> BodyRules:
    own = [(i, item.rule) for i, item in enumerate(rules) if item.rule.body == body]
    return BodyRules(body=body, own=tuple(i for i, rule in own if not rule.fallback),
                     fallback=next((i for i, rule in own if rule.fallback), None))


def known_of(model: Model, facts: Facts, on: date, *, presume: bool = True) -> Known:
    """Return what the facts decide, with or without the presumptions of the facts not given."""
    prepared = compile_rules(model, on)
    known = prepared.table.known(facts.items(), on)
    presumed = [one for one in prepared.presumed if one[0] not in facts] if presume else []
    return prepared.table.presuming(known, presumed, on, prepared.presumed_derived) if presumed else known


def rule_values(prepared: CompiledRules, known: Known) -> dict[int, bool | None]:
    """Return the rules that hold or may still hold, a closed advice silencing the rules it does not hear."""
    return _heard(prepared, _holding(prepared, known))


def _holding(prepared: CompiledRules, known: Known) -> dict[int, bool | None]:
    """Return the rules that hold or may still hold, each read alone."""
    true, false = known.true, known.false
    values: dict[int, bool | None] = {}
    for i, common, alone, holds in prepared.quick:
        if not common & false:
            value = common & true == common or None if alone else holds(known)
            if value is not False:
                values[i] = value
    return values


def _heard(prepared: CompiledRules, values: dict[int, bool | None]) -> dict[int, bool | None]:
    """Return the reading of the rules without those that a closed advice does not hear."""
    closed = _closed(prepared, values)
    if closed is False:
        return values
    if closed:
        return {i: value for i, value in values.items() if i not in prepared.suppressed}
    return {i: None if i in prepared.suppressed else value for i, value in values.items()}


def _closed(prepared: CompiledRules, values: Values) -> bool | None:
    """Tell whether some closing rule holds, from the reading of the rules: none of them can be suppressed."""
    unsure = False
    for i, value in values.items():
        if i in prepared.closing:
            if value:
                return True
            unsure = True
    return None if unsure else False


def body_kinds(prepared: CompiledRules, values: Values) -> dict[str, tuple[str, int | None]]:
    """Return for each body that is not excluded the kind of its verdict, and the index of the rule that speaks.

    That rule is the first that holds: a recommending one, else one that makes the body also possible.
    """
    first: dict[str, dict[str, int | None]] = {"possible": {}, "recommended": {}, "fallback": {}}
    for i, value in values.items():                       # in the authors' order
        body, standing = prepared.speaks[i]
        if first[standing].get(body) is None:
            first[standing][body] = i if value else None
    kinds: dict[str, tuple[str, int | None]] = {}
    for standing in ("possible", "recommended"):
        for body, index in first[standing].items():
            kinds[body] = ("to_check", None) if index is None else (standing, index)
    recommended = first["recommended"]
    if first["fallback"] and all(index is None for index in recommended.values()):
        for body, index in first["fallback"].items():
            kinds[body] = ("to_check", None) if index is None or recommended else ("recommended", index)
    return kinds


def advise(model: Model, facts: Facts, on: date, known: Known | None = None) -> Advice:
    """Return the advice for a situation.

    Args:
        facts: Fact id → value; a missing fact is unknown, never false.
        on: The day the advice is given; rules and time limits are read on that day.
        known: What `known_of` gives for these facts on that day, where it was asked already.
    """
    prepared = compile_rules(model, on)
    reading, plain = _readings(prepared, known or known_of(model, facts, on))
    presumes = {} if plain is None else _presumes(prepared, reading, plain)
    named: dict[str, list[str]] = {"recommended": [], "possible": [], "to_check": []}
    for body in sorted(reading.kinds, key=prepared.places.__getitem__):
        named[reading.kinds[body][0]].append(body)
    open_ = open_bits(prepared, reading.known, reading.values) if named["to_check"] else {}
    return Advice(
        recommended=_recommended(prepared, reading, in_order(prepared, reading.known, named["recommended"]), presumes, facts),
        also_possible=tuple([_verdict(prepared, reading, body, presumes, facts) for body in named["possible"]]),
        to_check=tuple([Verdict(body=body, kind="to_check", missing=open_facts(prepared, reading.known, open_.get(body, 0)))
                        for body in named["to_check"]]),
        excluded=tuple([Verdict(body=body, kind="excluded", presumes=presumes[body]) if presumes.get(body) else usual
                        for body, usual in prepared.excluded.items() if body not in reading.kinds]))


class Reading(NamedTuple):
    """What is known, and what it says of every rule and body."""

    known: Known
    values: Values
    kinds: Kinds


def read(prepared: CompiledRules, known: Known) -> Reading:
    """Read every rule and body."""
    values = rule_values(prepared, known)
    return Reading(known, values, body_kinds(prepared, values))


def _readings(prepared: CompiledRules, known: Known) -> tuple[Reading, Reading | None]:
    """Return the reading, and the same without presumptions, or None where no rule reads otherwise: then no verdict rests on them.

    What is decided without the presumptions stays so with them: only the rules still open are read again.
    """
    if known.plain is None:
        return read(prepared, known), None
    holding = _holding(prepared, known.plain)
    read_again: dict[int, bool | None] = {i: value for i, was in holding.items()
                                          if (value := was or prepared.rules[i].when.holds(known)) is not False}
    values, without = _heard(prepared, read_again), _heard(prepared, holding)
    reading = Reading(known, values, body_kinds(prepared, values))
    if values == without:
        return reading, None
    return reading, Reading(known.plain, without, body_kinds(prepared, without))


def _presumes(prepared: CompiledRules, reading: Reading, plain: Reading) -> dict[str, tuple[str, ...]]:
    """Return for each body whose verdict is another without the presumptions the presumed facts it rests on."""
    behind = _behind(prepared, plain.known, reading.known.presumed).items()
    return {body: tuple([fact for fact, literals in behind if bits & literals])
            for body, bits in open_bits(prepared, plain.known, plain.values).items()
            if plain.kinds.get(body, EXCLUDED)[0] != reading.kinds.get(body, EXCLUDED)[0]}


def _behind(prepared: CompiledRules, known: Known, presumed: Sequence[str]) -> dict[str, int]:
    """Return for each presumed fact the literals it may still decide, those of derived facts included."""
    decided = known.true | known.false
    behind = {fact: prepared.table.fact_bits.get(fact, 0) for fact in presumed}
    for condition, _, _, bits in prepared.presumed_derived:
        if not bits & decided:
            literals = condition.open_literals(known)
            for fact, reached in behind.items():
                if literals & reached:
                    behind[fact] = reached | bits
    return behind


def _recommended(prepared: CompiledRules, reading: Reading, bodies: Sequence[str], presumes: Mapping[str, tuple[str, ...]],
                 facts: Facts) -> tuple[Verdict, ...]:
    """Keep `main` for the first formal act; the later ones may run at the same time: `parallel`."""
    acted = False
    found = []
    for body in bodies:
        verdict = _verdict(prepared, reading, body, presumes, facts, acted=acted)
        acted = acted or verdict.level == "main"
        found.append(verdict)
    return tuple(found)


def _verdict(prepared: CompiledRules, reading: Reading, body: str, presumes: Mapping[str, tuple[str, ...]], facts: Facts, *,
             acted: bool = False) -> Verdict:
    kind, index = reading.kinds[body]
    assert index is not None
    usual = prepared.said[index]
    level = "parallel" if acted and usual.level == "main" else usual.level
    rests = presumes.get(body, ())
    deadlines = _deadlines(prepared, reading.known, body, facts) if body in prepared.deadlines else ()
    if not rests and not deadlines and kind == usual.kind and level == usual.level:
        return usual
    return Verdict(body=body, kind=kind, level=level, rule=usual.rule, presumes=rests, deadlines=deadlines)


def open_bits(prepared: CompiledRules, known: Known, values: Values) -> dict[str, int]:
    """Return for each body the literals that may still decide on it, where some may."""
    bits: dict[str, int] = {}
    closing = open_closing(prepared, known, values)
    elsewhere = 0                                         # what a body named only where no other is rests on
    for i, value in values.items():
        if value is None:
            body, standing = prepared.speaks[i]
            literals = prepared.rules[i].when.open_literals(known)
            if i in prepared.suppressed:
                literals |= closing
            bits[body] = bits.get(body, 0) | literals
            if standing != "possible":
                elsewhere |= literals
    if elsewhere:
        for body in prepared.fallbacks:
            bits[body] = bits.get(body, 0) | elsewhere
    return bits


def open_closing(prepared: CompiledRules, known: Known, values: Values) -> int:
    """Return the literals that may still close the advice. `known` is complete by now."""
    if known.closing is None:
        open_ = [i for i in values if i in prepared.closing]
        decided = any(values[i] for i in open_)
        known.closing = 0 if decided else reduce(or_, [prepared.closing[i].open_literals(known) for i in open_], 0)
    return known.closing


def open_facts(prepared: CompiledRules, known: Known, bits: int) -> tuple[str, ...]:
    """Return the facts behind literals that may still decide, in the authors' order of questions."""
    reached = prepared.table.reachable_inputs(bits, known)
    return tuple([fact for fact, mask in prepared.asked if mask & reached])


def _deadlines(prepared: CompiledRules, known: Known, body: str, facts: Facts) -> tuple[DueDeadline, ...]:
    return tuple([DueDeadline(deadline, due(start, deadline.delay) if isinstance(start := facts.get(deadline.origin), date) else None)
                  for deadline, when in prepared.deadlines[body] if when.holds(known) is not False])


def in_order(prepared: CompiledRules, known: Known, bodies: Sequence[str]) -> list[str]:
    """Sort recommended bodies by the order to act; the compiler proves that it leaves none unordered."""
    remaining = list(bodies)
    if len(remaining) < 2:
        return remaining
    earlier: dict[str, set[str]] = {body: set() for body in remaining}
    for order, befores in _orders_of(prepared, frozenset(remaining)):
        if order.when.holds(known) and not order.unless.holds(known):
            for body, before in befores:
                earlier[body] |= before
    ordered: list[str] = []
    while remaining:
        for body in remaining:
            if earlier[body].isdisjoint(remaining):
                break
        else:
            body = remaining[0]
        remaining.remove(body)
        ordered.append(body)
    return ordered


def _orders_of(prepared: CompiledRules, bodies: frozenset[str]) -> tuple[tuple[CompiledOrder, Befores], ...]:
    """Return the orders that name several of these bodies, and which come before which; kept, since few sets of bodies are met."""
    found = prepared.orders.get(bodies)
    if found is None:
        present = [(chain, [body for body in chain.bodies if body in bodies]) for chain in prepared.chains]
        found = tuple((chain, tuple((body, frozenset(here[:i])) for i, body in enumerate(here) if i))
                      for chain, here in present if len(here) > 1)
        if len(prepared.orders) < MOST_READINGS:
            prepared.orders[bodies] = found
    return found


def kind_of_body(prepared: CompiledRules, known: Known, body: str) -> str:
    """Return the kind of verdict on one body, reading no more rules than it rests on."""
    rules = prepared.by_body[body]
    if rules.fallback is not None:                        # it rests on the rules of all bodies
        return read(prepared, known).kinds.get(body, EXCLUDED)[0]
    closed = prepared.closed.holds(known)
    values = {i: value for i in rules.own if (value := effective_value(prepared, known, closed, i)) is not False}
    return body_kinds(prepared, values).get(body, EXCLUDED)[0]


def effective_value(prepared: CompiledRules, known: Known, closed: bool | None, i: int) -> bool | None:
    """Return the reading of one rule, as `rule_values` gives it."""
    value = prepared.rules[i].when.holds(known)
    if closed is False or value is False or i not in prepared.suppressed:
        return value
    return False if closed else None
