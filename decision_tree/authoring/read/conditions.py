"""Conditions as lawyers write them, read from YAML and turned into terms of literals."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import Any

from decision_tree.authoring.read.problems import Place, did_you_mean
from decision_tree.authoring.read.shapes import ListOf, Number, RawNode, Reading, Str
from decision_tree.authoring.read.yaml_text import MappingNode, Node, SequenceNode, place_of, truth
from decision_tree.model import Condition, Fact, Literal


@dataclass(frozen=True, slots=True)
class Atom:
    """One test of one fact."""

    literal: Literal
    place: Place


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Some part holds."""

    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Tree"


Tree = Atom | All | AnyOf | Not
ALWAYS = All(())
NEVER = AnyOf(())

CONDITION_SCHEMA: dict[str, Any] = {"$ref": "#/$defs/condition"}
CONDITION = RawNode(CONDITION_SCHEMA)


@dataclass(slots=True)
class Vocabulary:
    """The facts a condition may name. Derived facts join as they are defined."""

    facts: Mapping[str, Fact]
    derived: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)          # described with a mistake: no more is said of what names them

    def names(self) -> list[str]:
        """Return every name a condition may use."""
        return [*self.facts, *self.derived]


def read_condition(node: Node, vocabulary: Vocabulary, reading: Reading) -> Tree | None:
    """Return the condition of a node, or None after noting what is wrong."""
    if not isinstance(node, MappingNode) or len(node.value) != 1:
        reading.problem(node, "a condition has exactly one key",
                        "Write {fact: value}, or {all: […]}, {any: […]}, {not: …}.")
        return None
    key_node, value_node = node.value[0]
    key = Str().read(key_node, reading)
    if key is None:
        return None
    if key in ("all", "any"):
        return _group(key, value_node, vocabulary, reading)
    if key == "not":
        part = read_condition(value_node, vocabulary, reading)
        return Not(part) if part is not None else None
    return _atom(key, key_node, value_node, vocabulary, reading)


def _group(key: str, node: Node, vocabulary: Vocabulary, reading: Reading) -> Tree | None:
    if not isinstance(node, SequenceNode) or not node.value:
        reading.problem(node, f"'{key}' needs a list of conditions", "Write one “- {fact: value}” a line.")
        return None
    parts = [read_condition(item, vocabulary, reading) for item in node.value]
    if any(part is None for part in parts):
        return None
    kept = tuple(part for part in parts if part is not None)
    return All(kept) if key == "all" else AnyOf(kept)


def _atom(name: str, key_node: Node, node: Node, vocabulary: Vocabulary, reading: Reading) -> Tree | None:
    place = place_of(key_node, reading.file)
    fact = vocabulary.facts.get(name)
    if name in vocabulary.lost:
        return None
    if fact is None and name not in vocabulary.derived:
        reading.problem(key_node, f"the fact '{name}' is unknown",
                        did_you_mean(name, vocabulary.names(), "describe it in knowledge/facts.yaml or derived.yaml."))
        return None
    if fact is None or fact.type == "bool":
        return _bool_atom(name, node, place, reading)
    if fact.type == "date":
        return _date_atom(name, node, place, reading)
    if fact.type == "set":
        member = Str().read(node, reading)
        if member is None or not _known(member, fact, node, reading):
            return None
        return Atom(Literal(name, member=member), place)
    return _choice_atom(fact, node, place, reading)


def _bool_atom(name: str, node: Node, place: Place, reading: Reading) -> Tree | None:
    if (told := truth(node)) is not None:
        return Atom(Literal(name, frozenset({told})), place)
    reading.problem(node, f"'{name}' is true or false", f"Write {{{name}: true}} or {{{name}: false}}.")
    return None


def _date_atom(name: str, node: Node, place: Place, reading: Reading) -> Tree | None:
    if isinstance(node, MappingNode) and len(node.value) == 1 and node.value[0][0].value in ("within_years", "within_calendar_years"):
        years = Number().read(node.value[0][1], reading)
        year_end = node.value[0][0].value == "within_calendar_years"
        return Atom(Literal(name, years=int(years), year_end=year_end), place) if years is not None else None
    reading.problem(node, f"'{name}' is a date", f"Write {{{name}: {{within_years: 6}}}}.")
    return None


def _choice_atom(fact: Fact, node: Node, place: Place, reading: Reading) -> Tree | None:
    if isinstance(node, MappingNode):
        if len(node.value) != 1 or node.value[0][0].value != "in":
            reading.problem(node, f"'{fact.id}' is compared with one value or a list", f"Write {{{fact.id}: {{in: [a, b]}}}}.")
            return None
        words = ListOf(Str(), least=1).read(node.value[0][1], reading)
    else:
        word = Str().read(node, reading)
        words = None if word is None else (word,)
    if words is None or [word for word in words if not _known(word, fact, node, reading)]:
        return None
    return Atom(Literal(fact.id, frozenset(words)), place)


def _known(word: str, fact: Fact, node: Node, reading: Reading) -> bool:
    if word in fact.values:
        return True
    reading.problem(node, f"'{word}' is not a value of '{fact.id}'",
                    did_you_mean(word, fact.values, f"use one of: {', '.join(fact.values)}."))
    return False


def negate(literal: Literal, facts: Mapping[str, Fact]) -> Literal:
    """Return the literal that holds exactly when this one does not."""
    if literal.member is not None or literal.years is not None:
        return Literal(literal.fact, literal.values, literal.member, literal.years, not literal.positive, literal.year_end)
    return Literal(literal.fact, domain(literal.fact, facts) - literal.values)


def domain(fact: str, facts: Mapping[str, Fact]) -> frozenset[str | bool]:
    """Return every value of a closed fact; derived facts are true or false."""
    described = facts.get(fact)
    if described is None or described.type == "bool":
        return frozenset({True, False})
    return frozenset(described.values)


Term = frozenset[Literal]
MAX_WAYS = 200
"""How many ways one condition may have to hold: twenty lines of “any” under one “all” would have a billion."""


class TooManyWays(Exception):
    """A condition can hold in more ways than can be compared."""


def terms_of(tree: Tree, facts: Mapping[str, Fact], holds: bool = True) -> list[Term]:
    """Return the terms of a condition (or of its negation): any term, all of its literals.

    Raises:
        TooManyWays: There are more than MAX_WAYS terms, even before those that say the same are joined.
    """
    if isinstance(tree, Atom):
        return [frozenset({tree.literal if holds else negate(tree.literal, facts)})]
    if isinstance(tree, Not):
        return terms_of(tree.part, facts, not holds)
    parts = [terms_of(part, facts, holds) for part in tree.parts]
    joined = isinstance(tree, All) is holds
    if (prod if joined else sum)(map(len, parts)) > MAX_WAYS:
        raise TooManyWays
    if joined:
        combined = (_joined(literals, facts) for literals in product(*parts))
        return _shortest(term for term in combined if term is not None)
    return _shortest(term for part in parts for term in part)


def _joined(terms: Iterable[Term], facts: Mapping[str, Fact]) -> Term | None:
    by_fact: dict[str, frozenset[str | bool]] = {}
    others: set[Literal] = set()
    for literal in frozenset[Literal]().union(*terms):
        if literal.values or (literal.member is None and literal.years is None):
            by_fact[literal.fact] = by_fact.get(literal.fact, domain(literal.fact, facts)) & literal.values
        else:
            others.add(literal)
    if not all(by_fact.values()) or any(negate(literal, facts) in others for literal in others):
        return None
    return frozenset({Literal(fact, values) for fact, values in by_fact.items()} | others)


def _shortest(terms: Iterable[Term]) -> list[Term]:
    kept: list[Term] = []
    for term in sorted(dict.fromkeys(terms), key=len):
        if not any(other <= term for other in kept):
            kept.append(term)
    return kept


@dataclass(slots=True)
class LiteralNumbers:
    """Numbers every literal on first use."""

    numbers: dict[Literal, int] = field(default_factory=dict)

    def condition(self, tree: Tree, facts: Mapping[str, Fact]) -> Condition:
        """Return the condition as terms of literal numbers.

        Raises:
            TooManyWays: It has more than MAX_WAYS terms.
        """
        return tuple(
            tuple(sorted(self.numbers.setdefault(literal, len(self.numbers)) for literal in sorted_term(term)))
            for term in terms_of(tree, facts)
        )


def sorted_term(term: Term) -> list[Literal]:
    """Return literals in an order that does not depend on hashing."""
    return sorted(term, key=lambda one: (one.fact, sorted(map(str, one.values)), one.member or "", one.years or 0, one.year_end,
                                         one.positive))


def atoms(tree: Tree) -> list[Atom]:
    """Return every elementary test of a condition, in writing order."""
    if isinstance(tree, Atom):
        return [tree]
    if isinstance(tree, Not):
        return atoms(tree.part)
    return [atom for part in tree.parts for atom in atoms(part)]

