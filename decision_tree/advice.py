"""From the facts of a situation to the advice: which bodies, in which order, and why. Pure functions.

A body is recommended, also possible, excluded, or to check while a missing fact may still decide. Facts that are
presumed until answered are named by the verdicts that rest on them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, reduce
from operator import or_

from decision_tree.dates import due
from decision_tree.logic import BitCondition, Known, LiteralTable, bit_condition, literal_table, presumptions, shortest
from decision_tree.model import Deadline, Facts, Model, Rule

Values = Sequence[bool | None] | Mapping[int, bool | None]     # the reading of rules, by index


@dataclass(frozen=True, slots=True)
class DueDeadline:
    """A time limit of a recommended body; `due` is None while its starting day is not known."""

    deadline: Deadline
    due: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
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
    recommend: tuple[int, ...]
    possible: tuple[int, ...]
    fallback: int | None
    presuming: bool                                       # whether a presumed fact plays a part
    excluded: Verdict                                     # the commonest verdict, made once

    @property
    def own(self) -> tuple[int, ...]:
        """Every rule of the body but the fallback."""
        return (*self.recommend, *self.possible)


@dataclass(frozen=True, slots=True)
class CompiledRules:
    """The model as it stands on one day, prepared for quick reading."""

    table: LiteralTable
    rules: tuple[CompiledRule, ...]
    closed: BitCondition                                  # when some closing rule holds
    suppressed: frozenset[int]                              # the rules a closed advice does not hear
    by_body: dict[str, BodyRules]
    chains: tuple[CompiledOrder, ...]
    deadlines: dict[str, tuple[tuple[Deadline, BitCondition], ...]]
    presumed_bits: dict[str, int]                         # presumed fact → its literals, and those of the derived facts built on it
    presumed_derived: tuple[tuple[int, BitCondition, int, int], ...]   # derived facts built on them: bits, when, if so, if not
    presuming: tuple[int, ...]                            # the rules a presumed fact plays a part in
    closing: tuple[int, ...]                              # the rules that close the advice
    literals: tuple[int, ...]                             # of each rule, the literals it reads
    quick: tuple[tuple[int, Callable[[Known], bool | None]], ...]   # of each rule, what every way of holding needs, and its reading
    asked: tuple[tuple[str, int], ...]                    # each asked fact and its literals, in the authors' order of questions


@lru_cache(maxsize=16)
def compile_rules(model: Model, on: date) -> CompiledRules:
    """Prepare the rules in force on the day `on`."""
    rules = tuple(CompiledRule(rule, bit_condition(rule.when)) for rule in model.rules if in_force(rule, on))
    table = literal_table(model)
    presumed_bits = {fact.id: _with_derived(table, table.fact_bits.get(fact.id, 0))
                     for fact in model.facts.values() if fact.presumed is not None}
    presuming = tuple(i for i, item in enumerate(rules)
                      if any(term & bits for term in item.when.terms for bits in presumed_bits.values()))
    return CompiledRules(
        table=table,
        rules=rules,
        closed=BitCondition(shortest(term for item in rules if item.rule.closes for term in item.when.terms)),
        suppressed=frozenset(i for i, item in enumerate(rules) if not (item.rule.closes or item.rule.always)),
        by_body={body: _rules_of(body, rules, frozenset(presuming)) for body in model.bodies},
        chains=tuple(CompiledOrder(c.bodies, bit_condition(c.when), bit_condition(c.unless)) for c in model.order),
        deadlines={body: tuple((d, bit_condition(d.when)) for d in model.deadlines if d.body == body)
                   for body in model.bodies},
        presumed_bits=presumed_bits,
        presumed_derived=tuple((positive | negative, condition, positive, negative) for condition, positive, negative in table.derived
                               if any((positive | negative) & bits for bits in presumed_bits.values())),
        presuming=presuming,
        quick=tuple((item.when.common, item.when.holds) for item in rules),
        closing=tuple(i for i, item in enumerate(rules) if item.rule.closes),
        literals=tuple(reduce(or_, item.when.terms, 0) for item in rules),
        asked=tuple((question.fact, table.fact_bits.get(question.fact, 0)) for question in model.questions),
    )


def _with_derived(table: LiteralTable, bits: int) -> int:
    """Return these literals and those of every derived fact that builds on them."""
    for condition, positive, negative in table.derived:                 # each builds on those before it only
        if any(term & bits for term in condition.terms):
            bits |= positive | negative
    return bits


def in_force(rule: Rule, on: date) -> bool:
    """Tell whether a rule applies on the day `on`; its first and its last day count."""
    return rule.in_force_from <= on and (rule.in_force_to is None or on <= rule.in_force_to)


def _rules_of(body: str, rules: Sequence[CompiledRule], presuming: frozenset[int]) -> BodyRules:
    own = [(i, item.rule) for i, item in enumerate(rules) if item.rule.body == body]
    fallback = next((i for i, rule in own if rule.fallback), None)
    return BodyRules(
        body=body,
        recommend=tuple(i for i, rule in own if rule.standing == "recommended" and not rule.fallback),
        possible=tuple(i for i, rule in own if rule.standing == "possible"),
        fallback=fallback, presuming=fallback is not None or not presuming.isdisjoint(i for i, _ in own),
        excluded=Verdict(body=body, kind="excluded"))


def known_of(model: Model, facts: Facts, on: date, *, presume: bool = True) -> Known:
    """Return what the facts decide, with or without the presumptions of the facts not given."""
    given = {**facts, **presumptions(model.facts, facts)} if presume else facts
    return compile_rules(model, on).table.known(given.items(), on)


def rule_values(prepared: CompiledRules, known: Known) -> list[bool | None]:
    """Return the three-valued reading of every rule, a closed advice silencing the rules it does not hear."""
    false = known.false
    values = [False if common & false else holds(known) for common, holds in prepared.quick]
    closed = _closed(prepared, values)
    if closed is not False:
        for i in prepared.suppressed:
            if values[i] is not False:
                values[i] = False if closed else None
    return values


def _closed(prepared: CompiledRules, values: Sequence[bool | None]) -> bool | None:
    """Tell whether some closing rule holds, from the reading of the rules: none of them can be suppressed."""
    unsure = False
    for i in prepared.closing:
        if values[i] is True:
            return True
        unsure = unsure or values[i] is None
    return None if unsure else False


def effective_value(prepared: CompiledRules, known: Known, closed: bool | None, i: int) -> bool | None:
    """Return the reading of one rule, as `rule_values` gives it."""
    value = prepared.rules[i].when.holds(known)
    if closed is False or value is False or i not in prepared.suppressed:
        return value
    return False if closed else None


def body_values(prepared: CompiledRules, values: Sequence[bool | None]) -> dict[str, tuple[bool | None, int | None]]:
    """Return for each body whether it is recommended, and the index of the rule that speaks for it.

    The second value is the first rule that holds: a recommending one, else one that makes the body also possible.
    """
    found: dict[str, tuple[bool | None, int | None]] = {}
    some, unsure = False, False
    for rules in prepared.by_body.values():
        value, index = _first(rules.recommend, values)
        found[rules.body] = value, index
        some, unsure = some or value is True, unsure or value is None
    for rules in prepared.by_body.values():
        fallback = rules.fallback
        if fallback is not None and not some and values[fallback] is not False:
            found[rules.body] = (True, fallback) if values[fallback] and not unsure else (None, None)
    return found


def _first(indices: Sequence[int], values: Values) -> tuple[bool | None, int | None]:
    unsure = False
    for i in indices:
        if values[i] is True:
            return True, i
        unsure = unsure or values[i] is None
    return (None if unsure else False), None


def advise(model: Model, facts: Facts, on: date, known: Known | None = None) -> Advice:
    """Return the advice for a situation.

    Args:
        facts: Fact id → value; a missing fact is unknown, never false.
        on: The day the advice is given; rules and time limits are read on that day.
        known: What `known_of` gives for these facts on that day, where it was asked already.
    """
    prepared = compile_rules(model, on)
    reading = read(prepared, known or known_of(model, facts, on))
    plain = _without_presumption(prepared, reading, facts)
    groups: dict[str, list[Verdict]] = {"recommended": [], "possible": [], "to_check": [], "excluded": []}
    for rules in prepared.by_body.values():
        verdict = _verdict(prepared, reading, plain, rules, facts)
        groups[verdict.kind].append(verdict)
    ordered = in_order(prepared, reading.known, groups["recommended"])
    return Advice(first_formal_act(ordered), *(tuple(groups[k]) for k in ("possible", "to_check", "excluded")))


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known, and what it says of every rule and body."""

    known: Known
    values: list[bool | None]
    bodies: dict[str, tuple[bool | None, int | None]]
    missing: frozenset[str] = frozenset()                 # presumed facts that are not given
    touched: frozenset[str] = frozenset()                 # bodies some rule of which reads otherwise without the presumptions


def read(prepared: CompiledRules, known: Known) -> Reading:
    """Read every rule and body."""
    values = rule_values(prepared, known)
    return Reading(known, values, body_values(prepared, values))


def _without_presumption(prepared: CompiledRules, reading: Reading, facts: Facts) -> Reading | None:
    """Return the same reading without presumptions, to see which verdicts rest on them."""
    missing = frozenset(fact for fact in prepared.presumed_bits if fact not in facts)
    if not missing:
        return None
    dropped = 0
    for fact in missing:
        dropped |= prepared.presumed_bits[fact]
    known = Known(reading.known.true & ~dropped, reading.known.false & ~dropped)
    for bits, condition, when_true, when_false in prepared.presumed_derived:
        if bits & dropped and (holds := condition.holds(known)) is not None:
            known.true |= when_true if holds else when_false
            known.false |= when_false if holds else when_true
    values = list(reading.values)
    changed = (known.true ^ reading.known.true) | (known.false ^ reading.known.false)
    touched: set[str] = set()
    was_closed = _closed(prepared, values)
    closing = [prepared.rules[i].when.holds(known) if prepared.literals[i] & changed else values[i] for i in prepared.closing]
    closed = True if True in closing else None if None in closing else False
    opened = closed is not was_closed
    for i in range(len(values)) if opened else prepared.presuming:
        if opened or prepared.literals[i] & changed:
            value = effective_value(prepared, known, closed, i)
            if value is not values[i]:
                values[i] = value
                touched.add(prepared.rules[i].rule.body)
    if not touched:
        return None
    return Reading(known, values, body_values(prepared, values), missing, frozenset(touched))


def _verdict(prepared: CompiledRules, reading: Reading, plain: Reading | None, rules: BodyRules, facts: Facts) -> Verdict:
    body = rules.body
    kind, index = kind_of(reading.bodies[body], rules.possible, reading.values)
    if kind == "to_check":
        return Verdict(body=body, kind=kind, missing=open_facts(prepared, reading.known, reading.values, body))
    presumes: tuple[str, ...] = ()
    if plain is not None and (body in plain.touched or rules.fallback is not None) \
            and kind_of(plain.bodies[body], rules.possible, plain.values)[0] != kind:
        bits = prepared.table.reachable_inputs(open_bits(prepared, plain.known, plain.values, body), plain.known)
        presumes = tuple(fact for fact in prepared.presumed_bits if fact in plain.missing and bits & prepared.table.fact_bits.get(fact, 0))
    if index is None:
        return Verdict(body=body, kind=kind, presumes=presumes) if presumes else rules.excluded
    rule = prepared.rules[index].rule
    return Verdict(body=body, kind=kind, level=rule.level, rule=rule, presumes=presumes,
                   deadlines=_deadlines(prepared, reading.known, body, facts))


def kind_of(found: tuple[bool | None, int | None], possible: Sequence[int], values: Values) -> tuple[str, int | None]:
    """Return the kind of verdict and the rule that speaks."""
    recommended, index = found
    if recommended is True:
        return "recommended", index
    if recommended is None:
        return "to_check", None
    value, index = _first(possible, values)
    return {True: "possible", None: "to_check", False: "excluded"}[value], index


def open_bits(prepared: CompiledRules, known: Known, values: Sequence[bool | None], body: str) -> int:
    """Return the literals that may still decide on a body."""
    rules = prepared.by_body[body]
    own = [i for i in rules.own if values[i] is None]
    if rules.fallback is not None:
        own += [i for other in prepared.by_body.values() for i in other.recommend if values[i] is None and i not in own]
        own += [rules.fallback] if values[rules.fallback] is None else []
    bits = 0
    for i in own:
        bits |= prepared.rules[i].when.open_literals(known)
    if not prepared.suppressed.isdisjoint(own):
        bits |= prepared.closed.open_literals(known)
    return bits


def open_facts(prepared: CompiledRules, known: Known, values: Sequence[bool | None], body: str) -> tuple[str, ...]:
    """Return the facts that may still decide on a body, in the authors' order of questions."""
    bits = prepared.table.reachable_inputs(open_bits(prepared, known, values, body), known)
    return tuple(fact for fact, mask in prepared.asked if mask & bits)


def _deadlines(prepared: CompiledRules, known: Known, body: str, facts: Facts) -> tuple[DueDeadline, ...]:
    found = []
    for deadline, when in prepared.deadlines[body]:
        if when.holds(known) is not False:
            start = facts.get(deadline.origin)
            found.append(DueDeadline(deadline, due(start, deadline.delay) if isinstance(start, date) else None))
    return tuple(found)


def in_order(prepared: CompiledRules, known: Known, verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Sort recommended bodies by the order to act; the compiler proves that it leaves none unordered."""
    remaining = {verdict.body: verdict for verdict in verdicts}
    earlier = pairs_in_order(prepared, known, frozenset(remaining))
    ordered: list[Verdict] = []
    while remaining:
        free_now = [b for b in remaining if not any((a, b) in earlier for a in remaining)]
        chosen = free_now[0] if free_now else next(iter(remaining))
        ordered.append(remaining.pop(chosen))
    return ordered


def pairs_in_order(prepared: CompiledRules, known: Known, bodies: frozenset[str]) -> set[tuple[str, str]]:
    """Return the (before, after) pairs of these bodies that hold for what is known."""
    pairs: set[tuple[str, str]] = set()
    for chain in prepared.chains:
        if chain.when.common & known.false:
            continue
        present = [body for body in chain.bodies if body in bodies]
        if len(present) > 1 and chain.when.holds(known) and not chain.unless.holds(known):
            pairs.update((a, b) for i, a in enumerate(present) for b in present[i + 1:])
    return pairs


def first_formal_act(verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """Keep `main` for the first formal act; the later ones may run at the same time: `parallel`."""
    seen = False
    result = []
    for verdict in verdicts:
        if verdict.level == "main" and seen:
            verdict = Verdict(body=verdict.body, kind=verdict.kind, level="parallel", rule=verdict.rule,
                              presumes=verdict.presumes, deadlines=verdict.deadlines)
        seen = seen or verdict.level == "main"
        result.append(verdict)
    return tuple(result)


def kind_of_body(prepared: CompiledRules, known: Known, body: str) -> str:
    """Return the kind of verdict on one body, reading no more rules than it rests on."""
    rules = prepared.by_body[body]
    if rules.fallback is not None:                        # it rests on the rules of all bodies
        reading = read(prepared, known)
        return kind_of(reading.bodies[body], rules.possible, reading.values)[0]
    closed = prepared.closed.holds(known)
    values = {i: effective_value(prepared, known, closed, i) for i in rules.own}
    return kind_of(_first(rules.recommend, values), rules.possible, values)[0]
