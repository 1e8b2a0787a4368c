"""From the facts of a situation to the advice: which bodies, in which order, and why. Pure functions.

A body is recommended, also possible, excluded, or to check while a missing fact may still decide. Facts that are
presumed until answered are named by the verdicts that rest on them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, reduce
from operator import or_

from decision_tree.dates import due
from decision_tree.logic import MOST_READINGS, BitCondition, Known, LiteralTable, bit_condition, literal_table, shortest
from decision_tree.model import Deadline, Facts, Model, Rule, Value

Values = Mapping[int, bool | None]
"""The reading of rules, by index: True, or None while it is open. A rule that does not hold is left out: most do not."""
Kinds = Mapping[str, tuple[str, int | None]]
"""Body → the kind of its verdict and the index of the rule that speaks. A body that is left out is excluded."""


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
    places: dict[str, int]                                # the place of each body in the authors' order
    excluded: dict[str, Verdict]                          # the commonest verdict on each body, made once
    chains: tuple[CompiledOrder, ...]
    deadlines: dict[str, tuple[tuple[Deadline, BitCondition], ...]]
    presumed: tuple[tuple[str, Value], ...]               # presumed fact, and what is read until it is answered
    presumed_derived: tuple[tuple[int, BitCondition], ...]   # the derived facts built on them: their literals, and when they hold
    closing: dict[int, BitCondition]                      # each rule that closes the advice, and those of its terms no other implies
    quick: tuple[tuple[int, int, bool, Callable[[Known], bool | None]], ...]   # each rule: index, what every way of holding needs,
                                                          # whether that is the one way, and its reading
    speaks: tuple[tuple[str, str], ...]                   # of each rule, its body and its standing, or "fallback"
    said: tuple[Verdict, ...]                             # of each rule, the verdict it gives where nothing is presumed or due
    asked: tuple[tuple[str, int], ...]                    # each asked fact and its literals, in the authors' order of questions
    orders: dict[frozenset[str], tuple[tuple[CompiledOrder, tuple[tuple[str, str], ...]], ...]] = field(default_factory=dict, compare=False)


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
        places={body: place for place, body in enumerate(model.bodies)},
        excluded={body: Verdict(body=body, kind="excluded") for body in model.bodies},
        chains=chains,
        deadlines={body: tuple((d, bit_condition(d.when)) for d in model.deadlines if d.body == body)
                   for body in model.bodies},
        presumed=presumed,
        presumed_derived=_derived_from(table, presumed),
        quick=tuple((i, item.when.common, item.when.alone, item.when.holds) for i, item in enumerate(rules)),
        closing={i: BitCondition(tuple(term for term in item.when.terms if term in closed))
                 for i, item in enumerate(rules) if item.rule.closes},
        speaks=tuple((item.rule.body, "fallback" if item.rule.fallback else item.rule.standing) for item in rules),
        said=tuple(Verdict(body=item.rule.body, kind=item.rule.standing, level=item.rule.level, rule=item.rule) for item in rules),
        asked=tuple((question.fact, table.fact_bits.get(question.fact, 0)) for question in model.questions),
    )


def _derived_from(table: LiteralTable, presumed: Iterable[tuple[str, Value]]) -> tuple[tuple[int, BitCondition], ...]:
    """Return the derived facts that build on presumed facts."""
    reached = reduce(or_, [table.fact_bits.get(fact, 0) for fact, _ in presumed], 0)
    found = []
    for condition, positive, negative in table.derived:                 # each builds on those before it only
        if any(term & reached for term in condition.terms):
            reached |= positive | negative
            found.append((positive | negative, condition))
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
    return prepared.table.presuming(known, presumed, on) if presumed else known


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
    spoken = reading.kinds.keys() if plain is None else reading.kinds.keys() | plain.kinds.keys()
    verdicts = {body: _verdict(prepared, reading, plain, body, facts) for body in sorted(spoken, key=prepared.places.__getitem__)}
    first = in_order(prepared, reading.known, [body for body, one in verdicts.items() if one.kind == "recommended"])
    return Advice(recommended=first_formal_act([verdicts[body] for body in first]),
                  also_possible=tuple([one for one in verdicts.values() if one.kind == "possible"]),
                  to_check=tuple([one for one in verdicts.values() if one.kind == "to_check"]),
                  excluded=tuple([one for one in (prepared.excluded | verdicts).values() if one.kind == "excluded"]))


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known, and what it says of every rule and body."""

    known: Known
    values: Values
    kinds: Kinds
    behind: Mapping[str, int] = field(default_factory=dict)   # presumed fact that is not given → the literals it may still decide


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
    return reading, Reading(known.plain, without, body_kinds(prepared, without), _behind(prepared, known.plain, known.presumed))


def _behind(prepared: CompiledRules, known: Known, presumed: Sequence[str]) -> dict[str, int]:
    """Return for each presumed fact the literals it may still decide, those of derived facts included."""
    decided = known.true | known.false
    behind = {fact: prepared.table.fact_bits.get(fact, 0) for fact in presumed}
    for bits, condition in prepared.presumed_derived:     # each builds on those before it only
        if not bits & decided:
            literals = condition.open_literals(known)
            for fact, reached in behind.items():
                if literals & reached:
                    behind[fact] = reached | bits
    return behind


def _verdict(prepared: CompiledRules, reading: Reading, plain: Reading | None, body: str, facts: Facts) -> Verdict:
    kind, index = reading.kinds.get(body, ("excluded", None))
    if kind == "to_check":
        return Verdict(body=body, kind=kind, missing=open_facts(prepared, reading.known, reading.values, body))
    presumes: tuple[str, ...] = ()
    if plain is not None and plain.kinds.get(body, ("excluded", None))[0] != kind:
        bits = open_bits(prepared, plain.known, plain.values, body)
        presumes = tuple([fact for fact, behind in plain.behind.items() if bits & behind])
    if index is None:
        return Verdict(body=body, kind=kind, presumes=presumes) if presumes else prepared.excluded[body]
    deadlines = _deadlines(prepared, reading.known, body, facts)
    if not presumes and not deadlines and kind == prepared.said[index].kind:
        return prepared.said[index]
    rule = prepared.rules[index].rule
    return Verdict(body=body, kind=kind, level=rule.level, rule=rule, presumes=presumes, deadlines=deadlines)


def open_bits(prepared: CompiledRules, known: Known, values: Values, body: str) -> int:
    """Return the literals that may still decide on a body."""
    rules = prepared.by_body[body]
    own = [i for i in rules.own if values.get(i, False) is None]
    if rules.fallback is not None:
        own += [i for i, value in values.items() if value is None and prepared.speaks[i][1] != "possible"]
    bits = 0
    for i in own:
        bits |= prepared.rules[i].when.open_literals(known)
    if not prepared.suppressed.isdisjoint(own):
        bits |= open_closing(prepared, known, values)
    return bits


def open_closing(prepared: CompiledRules, known: Known, values: Values) -> int:
    """Return the literals that may still close the advice. `known` is complete by now."""
    if known.closing is None:
        open_ = [i for i in values if i in prepared.closing]
        decided = any(values[i] for i in open_)
        known.closing = 0 if decided else reduce(or_, [prepared.closing[i].open_literals(known) for i in open_], 0)
    return known.closing


def open_facts(prepared: CompiledRules, known: Known, values: Values, body: str) -> tuple[str, ...]:
    """Return the facts that may still decide on a body, in the authors' order of questions."""
    bits = prepared.table.reachable_inputs(open_bits(prepared, known, values, body), known)
    return tuple(fact for fact, mask in prepared.asked if mask & bits)


def _deadlines(prepared: CompiledRules, known: Known, body: str, facts: Facts) -> tuple[DueDeadline, ...]:
    return tuple([DueDeadline(deadline, due(start, deadline.delay) if isinstance(start := facts.get(deadline.origin), date) else None)
                  for deadline, when in prepared.deadlines[body] if when.holds(known) is not False])


def in_order(prepared: CompiledRules, known: Known, bodies: Sequence[str]) -> list[str]:
    """Sort recommended bodies by the order to act; the compiler proves that it leaves none unordered."""
    remaining = list(bodies)
    if len(remaining) < 2:
        return remaining
    earlier: dict[str, set[str]] = {body: set() for body in remaining}
    for before, after in pairs_in_order(prepared, known, frozenset(remaining)):
        earlier[after].add(before)
    ordered: list[str] = []
    while remaining:
        chosen = next((body for body in remaining if earlier[body].isdisjoint(remaining)), remaining[0])
        remaining.remove(chosen)
        ordered.append(chosen)
    return ordered


def pairs_in_order(prepared: CompiledRules, known: Known, bodies: frozenset[str]) -> set[tuple[str, str]]:
    """Return the (before, after) pairs of these bodies that hold for what is known."""
    pairs: set[tuple[str, str]] = set()
    for chain, in_chain in _orders_of(prepared, bodies):
        if chain.when.holds(known) and not chain.unless.holds(known):
            pairs.update(in_chain)
    return pairs


def _orders_of(prepared: CompiledRules, bodies: frozenset[str]) -> tuple[tuple[CompiledOrder, tuple[tuple[str, str], ...]], ...]:
    """Return the orders that name several of these bodies, and the pairs they make of them; kept, since few sets of bodies are met."""
    found = prepared.orders.get(bodies)
    if found is None:
        present = [(chain, [body for body in chain.bodies if body in bodies]) for chain in prepared.chains]
        found = tuple((chain, tuple((a, b) for i, a in enumerate(here) for b in here[i + 1:])) for chain, here in present if len(here) > 1)
        if len(prepared.orders) < MOST_READINGS:
            prepared.orders[bodies] = found
    return found


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
        return read(prepared, known).kinds.get(body, ("excluded", None))[0]
    closed = prepared.closed.holds(known)
    values = {i: value for i in rules.own if (value := effective_value(prepared, known, closed, i)) is not False}
    return body_kinds(prepared, values).get(body, ("excluded", None))[0]


def effective_value(prepared: CompiledRules, known: Known, closed: bool | None, i: int) -> bool | None:
    """Return the reading of one rule, as `rule_values` gives it."""
    value = prepared.rules[i].when.holds(known)
    if closed is False or value is False or i not in prepared.suppressed:
        return value
    return False if closed else None
