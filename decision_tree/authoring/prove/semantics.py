"""Every rule, body and order to act as exact diagrams, for one version of their conditions.

A `RuleSemantics` reads conditions in a shared store, so that two versions are compared node by node: equal nodes, equal functions.
In a store whose variables may also be unknown, the same reading is the engine's own, with three values.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import combinations

from decision_tree.authoring.prove.compile import Space
from decision_tree.authoring.prove.diagram import Diagrams, Node
from decision_tree.authoring.read.conditions import All, AnyOf, Atom, Not, Tree
from decision_tree.authoring.read.knowledge import Knowledge
from decision_tree.authoring.read.problems import Place
from decision_tree.logic import literal_holds
from decision_tree.model import Condition, Literal, Model, Rule, Value

NOWHERE = Place("", 0)


@dataclass(frozen=True, slots=True)
class ActionOrder:
    """One order to act: bodies, and the condition under which it applies."""

    id: str
    bodies: tuple[str, ...]
    when: Tree
    unless: Tree


@dataclass(frozen=True, slots=True)
class ConditionTrees:
    """The conditions of one version of the knowledge, as trees."""

    derived: Mapping[str, Tree]
    rules: Mapping[str, Rule]              # in force, in the authors' order
    whens: Mapping[str, Tree]              # rule → its condition, exceptions included
    ways: tuple[ActionOrder, ...]

    def without_rule(self, rule: str) -> "ConditionTrees":
        """Return the same without one rule."""
        return replace(self, rules={id_: one for id_, one in self.rules.items() if id_ != rule})


def tree_of(condition: Condition, literals: Sequence[Literal], place: Place = NOWHERE) -> Tree:
    """Return terms of literal numbers as a tree, the shortest way to write it."""
    terms = [tuple(Atom(literals[number], place) for number in term) for term in condition]
    if len(terms) == 1:
        return terms[0][0] if len(terms[0]) == 1 else All(terms[0])
    return AnyOf(tuple(term[0] if len(term) == 1 else All(term) for term in terms))


def conditions_as_written(knowledge: Knowledge, rules: Mapping[str, Rule]) -> ConditionTrees:
    """Return the conditions as their authors wrote them, each test with its place."""
    whens = {}
    for id_ in rules:
        text = knowledge.rule_texts[id_]
        whens[id_] = All((text.when, *(Not(one.when) for one in text.unless))) if text.unless else text.when
    ways = orders_of(knowledge.model, knowledge.chain_places)
    return ConditionTrees(knowledge.derived_trees, rules, whens, ways)


def conditions_as_read(model: Model, rules: Mapping[str, Rule]) -> ConditionTrees:
    """Return the conditions as the engine reads them, term by term."""
    return ConditionTrees({id_: tree_of(one.when, model.literals) for id_, one in model.derived.items()}, rules,
                      {id_: tree_of(rule.when, model.literals) for id_, rule in rules.items()}, orders_of(model, {}))


def orders_of(model: Model, places: Mapping[str, Place]) -> tuple[ActionOrder, ...]:
    """Return the orders to act with their conditions as trees."""
    return tuple(ActionOrder(one.id, one.bodies, tree_of(one.when, model.literals, places.get(one.id, NOWHERE)),
                     tree_of(one.unless, model.literals, places.get(one.id, NOWHERE))) for one in model.order)


def kleene_and(one: Hashable, other: Hashable) -> Hashable:
    """Return the conjunction of two values that may be unknown."""
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def kleene_or(one: Hashable, other: Hashable) -> Hashable:
    """Return the disjunction of two values that may be unknown."""
    if one is True or other is True:
        return True
    return None if one is None or other is None else False


def kleene_not(one: Hashable) -> Hashable:
    """Return the negation of a value that may be unknown."""
    return None if one is None else not one


@dataclass(slots=True)
class BooleanAlgebra:
    """Conjunction, disjunction and tests over one store, remembered between semantics.

    `unknown` says of each variable whether it has one more cell, the last: not known.
    """

    space: Space
    unknown: tuple[bool, ...]
    store: Diagrams
    true: Node
    false: Node
    _and: dict[tuple[Node, Node], Node] = field(default_factory=dict)
    _or: dict[tuple[Node, Node], Node] = field(default_factory=dict)
    _not: dict[Node, Node] = field(default_factory=dict)
    _known: dict[Node, Node] = field(default_factory=dict)
    _tests: dict[Literal, Node] = field(default_factory=dict)

    def both(self, one: Node, other: Node) -> Node:
        """Return the conjunction."""
        return self.store.combine(kleene_and, one, other, self._and, self._both_at_once)

    def _both_at_once(self, one: Node, other: Node) -> Node | None:
        if one == self.true or other == self.false:
            return other
        return one if other == self.true or one in (self.false, other) else None

    def either(self, one: Node, other: Node) -> Node:
        """Return the disjunction."""
        return self.store.combine(kleene_or, one, other, self._or, self._either_at_once)

    def _either_at_once(self, one: Node, other: Node) -> Node | None:
        if one == self.false or other == self.true:
            return other
        return one if other == self.false or one in (self.true, other) else None

    def negated(self, one: Node) -> Node:
        """Return the negation."""
        return self.store.map(kleene_not, one, self._not)

    def surely(self, one: Node) -> Node:
        """Return when a condition is known to hold."""
        return self.store.map(lambda value: value is True, one, self._known)

    def any(self, nodes: Sequence[Node]) -> Node:
        """Return the disjunction of several."""
        return reduce(self.either, nodes, self.false)

    def all(self, nodes: Sequence[Node]) -> Node:
        """Return the conjunction of several."""
        return reduce(self.both, nodes, self.true)

    def but_not(self, one: Node, other: Node) -> Node:
        """Return when one holds and the other does not."""
        return self.both(one, self.negated(other))

    def test(self, literal: Literal) -> Node:
        """Return the diagram of one elementary test of an asked fact."""
        node = self._tests.get(literal)
        if node is None:
            number = self.space.index[literal.fact, literal.member]
            cells = [self.store.terminal(self._truth(literal, cell[0])) for cell in self.space.variables[number].cells]
            if self.unknown[number]:
                cells.append(self.store.terminal(None))
            node = self._tests[literal] = self.store.node(number, tuple(cells))
        return node

    def _truth(self, literal: Literal, value: Value) -> bool:
        if literal.member is not None:
            return bool(value) is literal.positive
        return literal_holds(literal, value, self.space.on)

    def example(self, node: Node, wanted: Callable[[Hashable], bool] = bool) -> dict[str, Value]:
        """Return the answers of one situation in which a function has a wanted value; nothing is said of what it does not need."""
        cells = self.store.witness(node, wanted) or {}
        return self.space.situation({number: cell for number, cell in cells.items()
                                     if cell < len(self.space.variables[number].cells)})


def complete(space: Space) -> BooleanAlgebra:
    """Return the algebra of complete situations."""
    return BooleanAlgebra(space, (False,) * len(space.variables), space.store, space.true, space.false)


def with_unknown(space: Space) -> BooleanAlgebra:
    """Return the algebra of situations in which any fact that is not presumed may be unknown."""
    unknown = tuple(space.model.facts[one.fact].presumed is None for one in space.variables)
    store = Diagrams(tuple(len(one.cells) + more for one, more in zip(space.variables, unknown, strict=True)))
    return BooleanAlgebra(space, unknown, store, store.terminal(True), store.terminal(False))


class RuleSemantics:
    """What every rule, body and order says in every situation, for one version of the conditions."""

    def __init__(self, algebra: BooleanAlgebra, conditions: ConditionTrees) -> None:
        self.algebra = algebra
        self.conditions = conditions
        self.derived: dict[str, Node] = {}
        for id_, tree in conditions.derived.items():
            self.derived[id_] = self.node(tree)
        self.whens = {id_: self.node(conditions.whens[id_]) for id_ in conditions.rules}
        self.heard = self.effective_value()
        self._ways: list[tuple[tuple[str, ...], Node]] | None = None
        self._recommended: dict[str, Node] = {}
        self._speaks: dict[str, Node] | None = None
        self._pairs: list[tuple[str, str, Node]] | None = None

    def node(self, tree: Tree) -> Node:
        """Return the diagram of a condition."""
        if isinstance(tree, Atom):
            return self._literal(tree.literal)
        if isinstance(tree, Not):
            return self.algebra.negated(self.node(tree.part))
        nodes = [self.node(part) for part in tree.parts]
        return self.algebra.all(nodes) if isinstance(tree, All) else self.algebra.any(nodes)

    def _literal(self, literal: Literal) -> Node:
        if literal.fact in self.derived:
            node = self.derived[literal.fact]
            return node if True in literal.values else self.algebra.negated(node)
        return self.algebra.test(literal)

    def effective_value(self) -> dict[str, Node]:
        algebra, rules = self.algebra, self.conditions.rules
        open_ = algebra.negated(algebra.any([self.whens[id_] for id_, rule in rules.items() if rule.closes]))
        heard = {id_: self.whens[id_] if rule.closes or rule.always else algebra.both(self.whens[id_], open_)
                 for id_, rule in rules.items()}
        self.open = open_
        spoken = algebra.any([heard[id_] for id_, rule in rules.items() if rule.standing == "recommended" and not rule.fallback])
        for id_, rule in rules.items():
            if rule.fallback:
                heard[id_] = algebra.but_not(heard[id_], spoken)
        return heard

    @property
    def bodies(self) -> Sequence[str]:
        """Every body, in the authors' order."""
        return list(self.algebra.space.model.bodies)

    def recommended(self, body: str) -> Node:
        """Return when a body is recommended."""
        node = self._recommended.get(body)
        if node is None:
            node = self._recommended[body] = self.algebra.any(
                [self.heard[id_] for id_, rule in self.conditions.rules.items()
                 if rule.body == body and rule.standing == "recommended"])
        return node

    def named(self, body: str) -> Node:
        """Return when a body is recommended or also possible."""
        return self.algebra.either(self.recommended(body), self.algebra.any(
            [self.heard[id_] for id_, rule in self.conditions.rules.items()
             if rule.body == body and rule.standing == "possible"]))

    def deciding_rules(self) -> dict[str, Node]:
        """Return when each rule is the one whose reason is given: the first that holds, recommending rules first."""
        if self._speaks is not None:
            return self._speaks
        said: dict[str, Node] = {}
        before: dict[str, Node] = {}
        for standing in ("recommended", "possible"):
            for id_, rule in self.conditions.rules.items():
                if rule.standing == standing:
                    earlier = before.get(rule.body, self.algebra.false)
                    said[id_] = self.algebra.but_not(self.heard[id_], earlier)
                    before[rule.body] = self.algebra.either(earlier, self.heard[id_])
        self._speaks = said
        return said

    def ways(self) -> list[tuple[tuple[str, ...], Node]]:
        """Return each order to act and when it applies; what is not known counts as not so."""
        if self._ways is None:
            algebra = self.algebra
            self._ways = [(way.bodies, algebra.but_not(algebra.surely(self.node(way.when)), algebra.surely(self.node(way.unless))))
                          for way in self.conditions.ways]
        return self._ways

    def before(self, one: str, other: str) -> Node:
        """Return when one body is written before another."""
        return self.algebra.any([node for bodies, node in self.ways()
                                 if one in bodies and other in bodies and bodies.index(one) < bodies.index(other)])

    def pairs(self) -> list[tuple[str, str, Node]]:
        """Return the bodies that may be recommended together, and when."""
        if self._pairs is None:
            found = [(one, other, self.algebra.both(self.recommended(one), self.recommended(other)))
                     for one, other in combinations(self.bodies, 2)]
            self._pairs = [(one, other, node) for one, other, node in found if node != self.algebra.false]
        return self._pairs

    def orders(self) -> list[Node]:
        """Return when the first body of a pair comes first, for the pairs that may stand either way."""
        found = []
        for one, other, together in self.pairs():
            first = self.algebra.both(together, self.before(one, other))
            if first not in (self.algebra.false, together):
                found.append(first)
        return found

    def advice_nodes(self) -> list[Node]:
        """Return the diagrams that say the whole advice: reasons, and the order where it varies."""
        return [*self.deciding_rules().values(), *self.orders()]
