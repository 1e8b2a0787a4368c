"""The model as exact diagrams and as the graph of states the guide walks.

Every variable of the diagrams is a question (each member of a set is one of its own); its cells are the classes of
values that no rule tells apart. The graph of states asks the core questions; what the other questions may change is kept
beside each final state as blocks ("if you live in…"). Equal states are one state.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from itertools import groupby
from math import prod
from typing import Any

from decision_tree.advice import in_force
from decision_tree.authoring.prove.diagram import Diagrams, Node
from decision_tree.authoring.read.as_of import MODEL_DAY
from decision_tree.authoring.read.yaml_text import gc_paused
from decision_tree.logic import bit_condition, days_told_apart, literal_holds, literal_table
from decision_tree.model import Condition, Literal, Model, Question, Rule, Value


@dataclass(frozen=True, slots=True)
class Variable:
    """One question of the diagrams, or one member of a question with several answers."""

    fact: str
    member: str | None
    cells: tuple[tuple[Value, ...], ...]   # classes of values no rule tells apart
    assumed: int                          # the cell a result page supposes

    @property
    def name(self) -> str:
        """Its name in listings."""
        return f"{self.fact}.{self.member}" if self.member else self.fact

    def cell_of(self, value: Value) -> int:
        """Return the cell of a value."""
        return next(number for number, cell in enumerate(self.cells) if value in cell)


def variables_of(model: Model, on: date) -> tuple[Variable, ...]:
    """Return the variables in the authors' order, core questions first."""
    found: list[Variable] = []
    for question in sorted(model.questions, key=lambda one: not one.core):
        fact = model.facts[question.fact]
        if fact.type == "set":
            found += [Variable(fact.id, member, ((False,), (True,)), 0) for member in fact.values]
            continue
        literals = [one for one in model.literals if one.fact == fact.id]
        classes: dict[Hashable, list[Value]] = {}
        for value in _values(model, question, literals, on):
            classes.setdefault(tuple(literal_holds(one, value, on) for one in literals), []).append(value)
        cells = tuple(tuple(group) for group in classes.values())
        assumed = next((number for number, cell in enumerate(cells) if question.assumed in cell), 0)
        found.append(Variable(fact.id, None, cells, assumed))
    return tuple(found)


def _values(model: Model, question: Question, literals: Sequence[Literal], on: date) -> tuple[Value, ...]:
    fact = model.facts[question.fact]
    if fact.type == "bool":
        return True, False
    if fact.type == "date":
        return on, *days_told_apart(literals, fact.id, on).values()
    return fact.values


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a situation leads to: bodies with the rule that decides, in the order to act."""

    recommended: tuple[tuple[str, str], ...]          # (body, rule)
    possible: tuple[tuple[str, str], ...]


class Space:
    """The diagrams of one model on one day: conditions, rules, bodies and the whole advice, every fact known."""

    def __init__(self, model: Model, on: date = MODEL_DAY) -> None:
        self.model = model
        self.on = on
        self.variables = variables_of(model, on)
        self.index = {(one.fact, one.member): number for number, one in enumerate(self.variables)}
        self.store = Diagrams(tuple(len(one.cells) for one in self.variables))
        self.true, self.false = self.store.terminal(True), self.store.terminal(False)
        self._memo: dict[str, dict[tuple[Node, Node], Node]] = {"and": {}, "or": {}}
        self._choices: dict[tuple[Node, Node, Node], Node] = {}
        self._outcomes: dict[tuple[tuple[int, Hashable], ...], Outcome] = {}
        self._restricted: dict[tuple[int, int], dict[Node, Node]] = {}
        self._not: dict[Node, Node] = {}
        self.derived: dict[str, Node] = {}
        for item in model.derived.values():
            self.derived[item.id] = self.condition(item.when)
        self.rules: Mapping[str, Rule] = {rule.id: rule for rule in model.rules if in_force(rule, on)}
        self.whens = {id_: self.condition(rule.when) for id_, rule in self.rules.items()}
        self.heard = self.effective_value()
        self.verdicts = {body: self._verdict(body) for body in model.bodies}
        self.chains = tuple(self.both(self.condition(chain.when), self.negated(self.condition(chain.unless)))
                            for chain in model.order)

    def both(self, one: Node, other: Node) -> Node:
        """Return the conjunction."""
        return self.store.combine(lambda a, b: bool(a) and bool(b), one, other, self._memo["and"], self._both_at_once)

    def _both_at_once(self, one: Node, other: Node) -> Node | None:
        if one == self.true or other == self.false:
            return other
        return one if other == self.true or one in (self.false, other) else None

    def either(self, one: Node, other: Node) -> Node:
        """Return the disjunction."""
        return self.store.combine(lambda a, b: bool(a) or bool(b), one, other, self._memo["or"], self._either_at_once)

    def _either_at_once(self, one: Node, other: Node) -> Node | None:
        if one == self.false or other == self.true:
            return other
        return one if other == self.false or one in (self.true, other) else None

    def negated(self, one: Node) -> Node:
        """Return the negation."""
        return self.store.map(lambda a: not a, one, self._not)

    def any(self, nodes: Sequence[Node]) -> Node:
        """Return the disjunction of several."""
        return reduce(self.either, nodes, self.false)

    def all(self, nodes: Sequence[Node]) -> Node:
        """Return the conjunction of several."""
        return reduce(self.both, nodes, self.true)

    def literal(self, literal: Literal) -> Node:
        """Return the diagram of one elementary test."""
        if literal.fact in self.derived:
            node = self.derived[literal.fact]
            return node if True in literal.values else self.negated(node)
        number = self.index[literal.fact, literal.member]
        return self.store.node(number, tuple(self.store.terminal(self._truth(literal, cell[0]))
                                             for cell in self.variables[number].cells))

    def _truth(self, literal: Literal, value: Value) -> bool:
        if literal.member is not None:
            return bool(value) is literal.positive
        return literal_holds(literal, value, self.on)

    def condition(self, condition: Condition) -> Node:
        """Return the diagram of a condition."""
        return self.any([self.all([self.literal(self.model.literals[number]) for number in term]) for term in condition])

    def effective_value(self) -> dict[str, Node]:
        """Return when each rule holds and nothing silences it."""
        open_ = self.negated(self.any([self.whens[id_] for id_, rule in self.rules.items() if rule.closes]))
        heard = {id_: self.whens[id_] if rule.closes or rule.always else self.both(self.whens[id_], open_)
                 for id_, rule in self.rules.items()}
        spoken = self.any([heard[id_] for id_, rule in self.rules.items()
                           if rule.standing == "recommended" and not rule.fallback])
        for id_, rule in self.rules.items():
            if rule.fallback:
                heard[id_] = self.both(heard[id_], self.negated(spoken))
        return heard

    def rules_of(self, body: str, standing: str) -> list[str]:
        """Return the ids of a body's rules of one standing, in the authors' order."""
        return [id_ for id_, rule in self.rules.items() if rule.body == body and rule.standing == standing]

    def recommended(self, body: str) -> Node:
        """Return when a body is recommended."""
        return self.any([self.heard[id_] for id_ in self.rules_of(body, "recommended")])

    def named(self, body: str) -> Node:
        """Return when a body is recommended or also possible."""
        return self.either(self.recommended(body), self.any([self.heard[id_] for id_ in self.rules_of(body, "possible")]))

    def restricted(self, variable: int, cell: int, node: Node) -> Node:
        """Return a function with one variable fixed to a cell."""
        return self.store.restrict(variable, cell, node, self._restricted.setdefault((variable, cell), {}))

    def _verdict(self, body: str) -> Node:
        """Return the verdict on a body: ("recommended" or "possible", rule), or None when it is excluded."""
        node = self.store.terminal(None)
        for standing in ("possible", "recommended"):
            for id_ in reversed(self.rules_of(body, standing)):
                spoken = standing, id_
                node = self.store.combine(lambda was, holds, said=spoken: said if holds else was,  # type: ignore[misc]
                                          node, self.heard[id_], known=lambda was, holds: was if holds == self.false else None)
        return node

    @property
    def parts(self) -> tuple[Node, ...]:
        """What the whole advice is made of: the verdict on every body, then whether each order applies."""
        return (*self.verdicts.values(), *self.chains)

    def choice(self, condition: Node, one: Node, other: Node) -> Node:
        """Return one function where a condition holds, another where it does not."""
        return self.store.choose(condition, one, other, self._choices)

    def gathered(self, node: Node, part: Node, mark: int) -> Node:
        """Return the function whose values also hold (mark, value) wherever the part says something.

        Where a part says nothing, nothing is looked at: what only one corner of the questions knows costs that corner.
        """
        return self.store.combine(lambda values, value: (*values, (mark, value)) if value else values,  # type: ignore[misc]
                                  node, part, known=lambda one, other: one if self.says_nothing(other) else None)

    def says_nothing(self, node: Node) -> bool:
        """Tell whether a function is empty everywhere."""
        return self.store.is_terminal(node) and not self.store.values[node]

    def outcome(self, said: Hashable) -> Outcome:
        """Return the advice that some parts make: ((number of the part, its value), …) of those that say something."""
        assert isinstance(said, tuple)
        if said not in self._outcomes:
            self._outcomes[said] = self._outcome(dict(said))
        return self._outcomes[said]

    def _outcome(self, said: Mapping[int, Any]) -> Outcome:
        verdicts = {body: said[number] for number, body in enumerate(self.model.bodies) if number in said}
        chains = [chain.bodies for number, chain in enumerate(self.model.order, start=len(self.model.bodies)) if number in said]
        ordered = ordered_by([body for body, (standing, _) in verdicts.items() if standing == "recommended"], chains)
        return Outcome(
            recommended=tuple((body, verdicts[body][1]) for body in ordered),
            possible=tuple((body, rule) for body, (standing, rule) in verdicts.items() if standing == "possible"),
        )

    def cells(self, facts: Mapping[str, Value]) -> list[int]:
        """Return the cell of every variable for a complete situation."""
        found = []
        for variable in self.variables:
            value = facts[variable.fact]
            if variable.member is not None:
                assert isinstance(value, frozenset)
                value = variable.member in value
            elif isinstance(value, date):
                value = self._day_like(variable, value)
            found.append(next(number for number, cell in enumerate(variable.cells) if value in cell))
        return found

    def _day_like(self, variable: Variable, day: date) -> Value:
        literals = [one for one in self.model.literals if one.fact == variable.fact]
        return next(cell[0] for cell in variable.cells
                    if all(literal_holds(one, cell[0], self.on) == literal_holds(one, day, self.on) for one in literals))

    def situation(self, cells: Mapping[int, int]) -> dict[str, Value]:
        """Return facts for some cells (variable → cell), one value of each class."""
        facts: dict[str, Value] = {}
        for number, cell in cells.items():
            variable = self.variables[number]
            if variable.member is None:
                facts[variable.fact] = variable.cells[cell][0]
            else:
                members = facts.get(variable.fact, frozenset())
                assert isinstance(members, frozenset)
                facts[variable.fact] = members | {variable.member} if cell else members
        return facts


def ordered_by(bodies: Sequence[str], chains: Sequence[Sequence[str]]) -> list[str]:
    """Return bodies in the order of the chains that apply; a body with fewer before it comes first."""
    present = [[body for body in chain if body in bodies] for chain in chains]
    pairs = {(a, b) for chain in present for i, a in enumerate(chain) for b in chain[i + 1:]}
    return sorted(bodies, key=lambda body: sum((other, body) in pairs for other in bodies))


@dataclass(slots=True)
class Simplify:
    """Fixes questions of a diagram: some everywhere, some only where a condition holds."""

    space: Space
    fixed: Mapping[int, int]                       # variable → cell
    fixed_where: Sequence[tuple[Node, int, int]]   # (condition, variable, cell)

    def __call__(self, node: Node) -> Node:
        support = self.space.store.support
        for variable, cell in self.fixed.items():
            if support[node] >> variable & 1:
                node = self.space.restricted(variable, cell, node)
        for condition, variable, cell in self.fixed_where:
            if support[node] >> variable & 1:
                node = self.space.choice(condition, self.space.restricted(variable, cell, node), node)
        return node


@dataclass(frozen=True, slots=True)
class Block:
    """What one answer outside the core would change of a final state."""

    fact: str
    values: tuple[Value, ...]              # any of these answers (for a set: this member)
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class State:
    """What is left to decide after some answers: a question, or a final advice."""

    number: int
    question: str | None
    wording: int | None                    # which of the question's wordings applies
    next: Mapping[Value, int]              # answer → number of the next state
    outcome: Outcome | None
    blocks: tuple[Block, ...]
    example: Mapping[str, Value]           # answers of one way that leads here


@dataclass(frozen=True, slots=True)
class Graph:
    """All states of the core questions, numbered from 1: questions as they are asked, then advices, like beside like."""

    states: tuple[State, ...]
    assumed: Mapping[str, Value]          # what final states value of the other questions
    situations: int                        # combinations of answers to the core questions

    def state(self, number: int) -> State:
        """Return a state by its number, as printed in the booklet."""
        return self.states[number - 1]

    @property
    def final(self) -> tuple[State, ...]:
        """The states that give advice."""
        return tuple(state for state in self.states if state.outcome is not None)

    def longest_way(self) -> int:
        """Return the largest number of questions before an advice."""
        lengths: dict[int, int] = {}
        for state in reversed(self.states):
            lengths[state.number] = 1 + max(lengths[n] for n in state.next.values()) if state.next else 0
        return lengths[1]

    def average_way(self) -> float:
        """Return the mean number of questions when every offered answer is as likely."""
        share = {state.number: 0.0 for state in self.states}
        share[1] = 1.0
        asked = 0.0
        for state in self.states:
            if state.next:
                asked += share[state.number]
                for number in state.next.values():
                    share[number] += share[state.number] / len(state.next)
        return asked


def compile_graph(model: Model, on: date = MODEL_DAY, space: Space | None = None) -> Graph:
    """Return the graph of states of the core questions."""
    with gc_paused():
        return _Compiler(space or Space(model, on)).graph()


@dataclass(frozen=True, slots=True)
class Variant:
    """What a result supposes of the questions left aside: the usual suppositions, or one of them answered otherwise."""

    fact: str                                      # the one answered otherwise; "" for the usual suppositions
    variable: int                                  # its variable, or one of them
    values: tuple[Value, ...]
    fixed: Mapping[int, int]                       # as in Simplify
    where: Sequence[tuple[Node, int, int]]


class _Compiler:
    def __init__(self, space: Space) -> None:
        self.space = space
        self.store = space.store
        self.questions = {question.fact: question for question in space.model.questions}
        self.outside = [number for number, variable in enumerate(space.variables)
                        if not self.questions[variable.fact].core]
        self.told = [(space.condition(told.when), number, space.variables[number].cell_of(told.value), told.shown)
                     for question in space.model.questions if question.core
                     for told in question.implied_by for number in [space.index[question.fact, None]]]
        self.variants = list(self._variants())
        self.table = literal_table(space.model)

    def _variants(self) -> Iterator[Variant]:
        """Yield the usual suppositions, then each with one of them answered otherwise."""
        usual = {number: self.space.variables[number].assumed for number in self.outside}
        where = [(condition, number, cell) for condition, number, cell, _ in self.told]
        yield Variant("", -1, (), usual, where)
        for number in self.outside:
            variable = self.space.variables[number]
            for cell, values in enumerate(variable.cells):
                if cell != variable.assumed:
                    shown = (variable.member,) if variable.member else values
                    yield Variant(variable.fact, number, shown, {**usual, number: cell}, where)
        for index, (condition, number, assumed, is_shown) in enumerate(self.told):
            variable = self.space.variables[number]
            for cell, values in enumerate(variable.cells):
                if is_shown and cell != assumed:
                    other = [*where[:index], (condition, number, cell), *where[index + 1:]]
                    yield Variant(variable.fact, number, values, usual, other)

    def graph(self) -> Graph:
        usual = [self._simplified(self.variants[0], part) for part in self.space.parts]
        touched = [self._touched(part) for part in self.space.parts]
        whole = self.store.terminal(())
        for number, part in enumerate(usual):
            whole = self.space.gathered(whole, part, number)
        changes = self.store.terminal(())
        for number, variant in enumerate(self.variants[1:], start=1):
            parts = [self._simplified(variant, part) if reached >> variant.variable & 1 else was
                     for part, was, reached in zip(self.space.parts, usual, touched, strict=True)]
            changes = self.space.gathered(changes, self._otherwise(whole, usual, parts), number)
        root = self.store.combine(self._with_blocks, whole, changes)
        return self._number(self._with_wordings(root))

    def _simplified(self, variant: Variant, part: Node) -> Node:
        return Simplify(self.space, variant.fixed, variant.where)(part)

    def _touched(self, part: Node) -> int:
        """Return the variables a part may rest on, one bit each: its own, and those that tell one of them."""
        found, before = self.store.support[part], 0
        while found != before:
            before = found
            for condition, number, _, _ in self.told:
                if found >> number & 1:
                    found |= self.store.support[condition]
        return found

    def _otherwise(self, whole: Node, usual: Sequence[Node], parts: Sequence[Node]) -> Node:
        """Return the advice that the parts make wherever it is another than the usual one, None elsewhere."""
        differing = self.store.terminal(())
        for number, (was, part) in enumerate(zip(usual, parts, strict=True)):
            if part != was:
                differing = self.space.gathered(differing, self._difference(was, part), number)
        nothing = self.store.terminal(None)
        return self.store.combine(self._other_outcome, whole, differing,
                                  known=lambda _, node: nothing if self.space.says_nothing(node) else None)

    def _difference(self, was: Node, part: Node) -> Node:
        """Return (value,) wherever a part has another value than it had, None elsewhere."""
        nothing = self.store.terminal(None)
        return self.store.combine(lambda before, now: None if before == now else (now,), was, part,
                                  known=lambda one, other: nothing if one == other else None)

    def _other_outcome(self, usual: Hashable, differing: Hashable) -> Hashable:
        assert isinstance(usual, tuple) and isinstance(differing, tuple)
        said = {**dict(usual), **{number: value for number, (value,) in differing}}
        outcome = self.space.outcome(tuple(sorted((number, value) for number, value in said.items() if value)))
        return None if outcome == self.space.outcome(usual) else outcome

    def _with_blocks(self, usual: Hashable, changes: Hashable) -> Hashable:
        assert isinstance(changes, tuple)
        return self.space.outcome(usual), tuple(Block(self.variants[number].fact, self.variants[number].values, outcome)
                                                for number, outcome in changes)

    def _with_wordings(self, root: Node) -> Node:
        """Keep apart the states whose questions are worded otherwise."""
        said = self.store.terminal(())
        wordings = [wording for question in self.space.model.questions for wording in question.wordings]
        for number, wording in enumerate(wordings):
            said = self.space.gathered(said, self.space.condition(wording.when), number)
        return self.store.combine(lambda value, worded: (value, worded), root, said)

    def _number(self, root: Node) -> Graph:
        examples: dict[Node, dict[str, Value]] = {root: {}}
        queue = [root]
        for node in queue:
            if self.store.is_terminal(node):
                continue
            variable = self.space.variables[self.store.variable[node]]
            for cell, child in zip(variable.cells, self.store.children[node], strict=True):
                if child not in examples:
                    examples[child] = {**examples[node], variable.fact: cell[0]}
                    queue.append(child)
        states = self._alike(sorted(queue, key=self._place))   # stable: where equal, nearest to the first question first
        numbers = {node: number for number, node in enumerate(states, start=1)}
        usual = {number: self.space.variables[number].assumed for number in self.outside}
        return Graph(states=tuple(self._state(node, numbers, examples[node]) for node in states),
                     assumed=self.space.situation(usual), situations=self._situations())

    def _alike(self, states: Sequence[Node]) -> list[Node]:
        """Order the states of each question by where their answers lead: neighbours then share most of their links, and pack smaller."""
        later: dict[Node, int] = {}
        found: list[Node] = []
        for _, group in groupby(reversed(states), key=self._place):
            for node in sorted(group, key=lambda one: [later[child] for child in self._next(one)], reverse=True):
                later[node] = -len(found)
                found.append(node)
        return found[::-1]

    def _next(self, node: Node) -> Sequence[Node]:
        return () if self.store.is_terminal(node) else self.store.children[node]

    def _place(self, node: Node) -> tuple[Hashable, ...]:
        """Return what orders the states: a state's question, or its advice, so that like texts stand together and pack small.

        A question leads only to questions asked after it, so every state's number is larger than those that lead to it.
        """
        if not self.store.is_terminal(node):
            return 0, self.store.variable[node]
        outcome, blocks = self._advice(node)
        changes = [(block.fact, str(block.values), block.outcome.recommended, block.outcome.possible) for block in blocks]
        return 1, outcome.recommended, outcome.possible, tuple(changes)

    def _advice(self, node: Node) -> tuple[Outcome, tuple[Block, ...]]:
        value: Any = self.store.values[node]
        while not isinstance(value[0], Outcome):
            value = value[0]
        outcome, blocks = value
        return outcome, blocks

    def _state(self, node: Node, numbers: Mapping[Node, int], example: Mapping[str, Value]) -> State:
        if self.store.is_terminal(node):
            outcome, blocks = self._advice(node)
            return State(numbers[node], None, None, {}, outcome, blocks, example)
        variable = self.space.variables[self.store.variable[node]]
        to = {value: numbers[child] for cell, child in zip(variable.cells, self.store.children[node], strict=True)
              for value in cell}
        offered = [option.value for option in self.questions[variable.fact].options]
        return State(numbers[node], variable.fact, self._wording(variable.fact, example),
                     {value: to[value] for value in offered}, None, (), example)

    def _wording(self, fact: str, example: Mapping[str, Value]) -> int | None:
        wordings = self.questions[fact].wordings
        if not wordings:
            return None
        known = self.table.known(example.items(), self.space.on)
        return next((index for index, wording in enumerate(wordings) if bit_condition(wording.when).holds(known)), None)

    def _situations(self) -> int:
        core = [variable for variable in self.space.variables if self.questions[variable.fact].core]
        return prod(sum(len(cell) for cell in variable.cells) for variable in core)
