"""The three values of a condition: true, false, or unknown until more is known (Kleene's strong logic).

Literals are numbered once per model; what is known of them fits in two integers of bits, so reading a rule is a few
machine operations. Knowing more facts can turn unknown into true or false, never true into false or back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import reduce
from operator import and_

from decision_tree.dates import add_months, within_calendar_years, within_years
from decision_tree.model import Condition, Fact, Literal, Model, Value

MOST_READINGS = 1000
"""How many readings of days and sets a table keeps: a person meets some tens, a proof of all situations never ends."""


@dataclass(slots=True)
class Known:
    """Which literals are known to hold (`true`) and known not to (`false`), one bit each."""

    true: int = 0
    false: int = 0
    dependencies: tuple[tuple[int, int], ...] | None = None      # see LiteralTable.dependencies; kept because many bodies ask
    closing: int | None = None           # the literals that may still close the advice; kept because many bodies ask
    plain: "Known | None" = None         # the same without presumptions, where some were made
    presumed: tuple[str, ...] = ()       # the facts presumed


@dataclass(frozen=True, slots=True)
class BitCondition:
    """A condition as masks: one integer a term."""

    terms: tuple[int, ...]
    common: int = 0                      # the literals every term needs: one of them false decides at once
    alone: bool = False                  # whether they are the only term: all of them true decide at once

    def holds(self, known: Known) -> bool | None:
        """Return True or False when what is known decides it, None while it does not."""
        true, false, undecided = known.true, known.false, False
        if self.common & false:
            return False
        for term in self.terms:
            if term & false:
                continue
            if term & true == term:
                return True
            undecided = True
        return None if undecided else False

    def open_literals(self, known: Known) -> int:
        """Return the bits of the literals that may still decide the condition; none once it is decided."""
        bits = 0
        if self.common & known.false:
            return 0
        for term in self.terms:
            if not term & known.false:
                if term & known.true == term:
                    return 0
                bits |= term & ~known.true
        return bits


def bit_condition(condition: Condition) -> BitCondition:
    """Turn terms of literal numbers into masks."""
    terms = tuple(sum(1 << number for number in set(term)) for term in condition)
    return BitCondition(terms, reduce(and_, terms) if terms else 0, len(terms) == 1)


def shortest(terms: Iterable[int]) -> tuple[int, ...]:
    """Return terms without those that another one implies."""
    kept: list[int] = []
    for term in sorted(set(terms), key=int.bit_count):
        if not any(other & term == other for other in kept):
            kept.append(term)
    return tuple(kept)


def literal_holds(literal: Literal, value: Value, on: date) -> bool:
    """Tell whether a known value of the literal's fact makes it true, on the day `on`."""
    if literal.member is not None:
        assert isinstance(value, frozenset)
        return (literal.member in value) is literal.positive
    if literal.years is not None:
        assert isinstance(value, date)
        within = within_calendar_years if literal.year_end else within_years
        return within(value, literal.years, on) is literal.positive
    return value in literal.values


def days_told_apart(literals: Iterable[Literal], fact: str, on: date) -> dict[tuple[int, bool], date]:
    """Return for each limit of a date, (years, whether counted from the next 1 January), the last day that is past it."""
    limits = {(one.years, one.year_end) for one in literals if one.fact == fact and one.years is not None}
    return {(years, year_end): date(on.year - years - 1, 12, 31) if year_end else add_months(on, -12 * years) - timedelta(days=1)
            for years, year_end in sorted(limits)}


DerivedBits = tuple[tuple[BitCondition, int, int, int], ...]
"""Each derived fact: when it holds, the literals that are true of it if so, if not, and both. Each builds on those before it only."""


@dataclass(frozen=True, slots=True)
class LiteralTable:
    """What each known value says of the literals, those of derived facts it decides alone included. Computed once per model."""

    by_fact: Mapping[str, tuple[tuple[int, Literal], ...]]
    by_value: Mapping[str, Mapping[Value, Known]]
    derived: DerivedBits
    fact_bits: Mapping[str, int]
    readings: dict[tuple[str, Value, date], Known] = field(default_factory=dict, compare=False)   # of days and sets, met before

    def known(self, facts: Iterable[tuple[str, Value]], on: date) -> Known:
        """Return what `facts` decide, derived facts included."""
        return self._decided(Known(), facts, on, self.derived)

    def presuming(self, known: Known, presumed: Sequence[tuple[str, Value]], on: date, derived: DerivedBits) -> Known:
        """Return what is decided once these facts are presumed too; `derived` are those that build on presumed facts."""
        found = self._decided(known, presumed, on, derived)
        found.plain, found.presumed = known, tuple([fact for fact, _ in presumed])
        return found

    def _decided(self, known: Known, facts: Iterable[tuple[str, Value]], on: date, derived: DerivedBits) -> Known:
        true, false = known.true, known.false
        for fact, value in facts:
            values = self.by_value.get(fact)
            said = values[value] if values is not None else self._read(fact, value, on)
            true |= said.true
            false |= said.false
        return derive(derived, true, false)

    def _read(self, fact: str, value: Value, on: date) -> Known:
        if (found := self.readings.get((fact, value, on))) is not None:
            return found
        pairs = self.by_fact.get(fact, ())
        holding = sum(bit for bit, literal in pairs if literal_holds(literal, value, on))
        said = derive(self.derived, holding, sum(bit for bit, _ in pairs) ^ holding)
        if len(self.readings) < MOST_READINGS:
            self.readings[fact, value, on] = said
        return said

    def dependencies(self, known: Known) -> tuple[tuple[int, int], ...]:
        """Return, for each derived fact still open, its own literals and all that may decide it. `known` is complete by now."""
        if known.dependencies is None:
            decided = known.true | known.false
            found: list[tuple[int, int]] = []
            for condition, _, _, mask in self.derived:
                if mask and not mask & decided:
                    found.append((mask, _closure(condition.open_literals(known), found)))
            known.dependencies = tuple(found)
        return known.dependencies

    def reachable_inputs(self, bits: int, known: Known) -> int:
        """Return these literals, and those behind derived facts that are still open."""
        return _closure(bits, self.dependencies(known))

    def facts_of(self, bits: int, known: Known) -> frozenset[str]:
        """Return the asked facts behind these literals, looking through derived facts that are still open."""
        bits = self.reachable_inputs(bits, known)
        return frozenset(fact for fact, mask in self.fact_bits.items() if mask & bits)


def _closure(bits: int, dependencies: Iterable[tuple[int, int]]) -> int:
    found = bits
    for mask, behind in dependencies:
        if mask & bits:
            found |= behind
    return found


def literal_table(model: Model) -> LiteralTable:
    """Number the model's literals and read every closed list of values once."""
    by_fact: dict[str, list[tuple[int, Literal]]] = {}
    for number, literal in enumerate(model.literals):
        by_fact.setdefault(literal.fact, []).append((1 << number, literal))
    asked = {fact: tuple(pairs) for fact, pairs in by_fact.items() if fact in model.facts}
    derived = []
    for item in model.derived.values():
        positive, negative = _sides(by_fact.get(item.id, []))
        derived.append((bit_condition(item.when), positive, negative, positive | negative))
    return LiteralTable(
        by_fact=asked,
        by_value={id_: _values(fact, asked.get(id_, ()), tuple(derived)) for id_, fact in model.facts.items()
                  if fact.type in ("bool", "choice")},
        derived=tuple(derived),
        fact_bits={fact: sum(bit for bit, _ in pairs) for fact, pairs in asked.items()},
    )


def _sides(pairs: list[tuple[int, Literal]]) -> tuple[int, int]:
    positive = sum(bit for bit, literal in pairs if True in literal.values)
    return positive, sum(bit for bit, literal in pairs if True not in literal.values)


def _values(fact: Fact, pairs: tuple[tuple[int, Literal], ...], derived: DerivedBits) -> dict[Value, Known]:
    values: tuple[str | bool, ...] = (True, False) if fact.type == "bool" else fact.values
    table: dict[Value, Known] = {}
    for value in values:
        holding = sum(bit for bit, literal in pairs if value in literal.values)
        table[value] = derive(derived, holding, sum(bit for bit, _ in pairs) ^ holding)
    return table


def derive(derived: DerivedBits, true: int, false: int) -> Known:
    """Return what these literals decide, derived facts included."""
    decided = true | false
    for condition, when_true, when_false, both in derived:
        if both & decided:
            continue
        if condition.common & false:
            holds = False
        else:
            undecided = holds = False
            for term in condition.terms:                  # as `BitCondition.holds`, without a Known for each
                if term & false:
                    continue
                if term & true == term:
                    holds = True
                    break
                undecided = True
            if undecided and not holds:
                continue
        true |= when_true if holds else when_false
        false |= when_false if holds else when_true
        decided |= both
    return Known(true, false)
