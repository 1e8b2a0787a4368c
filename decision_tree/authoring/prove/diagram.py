"""Decision diagrams: the exact function of a set of questions, in its smallest form.

A node asks one variable and has one child per cell; a terminal holds a value. Nodes whose children are all equal do not
exist and equal nodes are one node, so two functions are equal exactly when their nodes are, and a variable is on the way
only where its answer can still change something.

Source: R. E. Bryant, "Graph-Based Algorithms for Boolean Function Manipulation", IEEE Trans. Computers, 1986, with
many-valued variables and terminals.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field

Node = int


@dataclass(slots=True)
class Diagrams:
    """A store of nodes over variables 0, 1, 2… with `sizes[v]` cells each."""

    sizes: tuple[int, ...]
    variable: list[int] = field(default_factory=list)
    children: list[tuple[Node, ...]] = field(default_factory=list)
    values: list[Hashable] = field(default_factory=list)
    support: list[int] = field(default_factory=list)       # the variables a node still asks, one bit each
    _nodes: dict[tuple[int, tuple[Node, ...]], Node] = field(default_factory=dict)
    _terminals: dict[Hashable, Node] = field(default_factory=dict)

    def terminal(self, value: Hashable) -> Node:
        """Return the node that holds a value."""
        node = self._terminals.get(value)
        if node is None:
            node = self._terminals[value] = self._add(len(self.sizes), (), value)
        return node

    def node(self, variable: int, children: tuple[Node, ...]) -> Node:
        """Return the node that asks a variable, or its only child."""
        first = children[0]
        if children.count(first) == len(children):
            return first
        key = variable, children
        node = self._nodes.get(key)
        if node is None:
            node = self._nodes[key] = self._add(variable, children, None)
        return node

    def _add(self, variable: int, children: tuple[Node, ...], value: Hashable) -> Node:
        self.variable.append(variable)
        self.children.append(children)
        self.values.append(value)
        asked = 1 << variable if children else 0
        for child in children:
            asked |= self.support[child]
        self.support.append(asked)
        return len(self.variable) - 1

    def is_terminal(self, node: Node) -> bool:
        """Tell whether nothing is left to ask."""
        return self.variable[node] == len(self.sizes)

    def combine(self, operation: Callable[[Hashable, Hashable], Hashable], one: Node, other: Node,
                memo: dict[tuple[Node, Node], Node] | None = None,
                known: Callable[[Node, Node], Node | None] | None = None) -> Node:
        """Return the function that applies an operation to the values of two functions.

        Args:
            memo: What the operation gave before.
            known: Returns the result of two nodes where it needs no look below them, else None.
        """
        if known is not None and (at_once := known(one, other)) is not None:
            return at_once
        memo = {} if memo is None else memo
        found = memo.get((one, other))
        if found is not None:
            return found
        first, second = self.variable[one], self.variable[other]
        combine = self.combine
        if first < second:
            result = self.node(first, tuple([combine(operation, child, other, memo, known) for child in self.children[one]]))
        elif second < first:
            result = self.node(second, tuple([combine(operation, one, child, memo, known) for child in self.children[other]]))
        elif first < len(self.sizes):
            pairs = zip(self.children[one], self.children[other], strict=True)
            result = self.node(first, tuple([combine(operation, a, b, memo, known) for a, b in pairs]))
        else:
            result = self.terminal(operation(self.values[one], self.values[other]))
        memo[one, other] = result
        return result

    def choose(self, condition: Node, one: Node, other: Node, memo: dict[tuple[Node, Node, Node], Node]) -> Node:
        """Return the function that is `one` where a condition holds and `other` where it does not."""
        if one == other:
            return one
        if self.is_terminal(condition):
            return one if self.values[condition] else other
        key = condition, one, other
        found = memo.get(key)
        if found is None:
            variable = min(self.variable[node] for node in key)
            below = zip(*[self.children[node] if self.variable[node] == variable else (node,) * self.sizes[variable] for node in key],
                        strict=True)
            found = memo[key] = self.node(variable, tuple([self.choose(when, a, b, memo) for when, a, b in below]))
        return found

    def map(self, operation: Callable[[Hashable], Hashable], node: Node, memo: dict[Node, Node] | None = None) -> Node:
        """Return the function that applies an operation to every value."""
        memo = {} if memo is None else memo
        found = memo.get(node)
        if found is None:
            if self.is_terminal(node):
                found = self.terminal(operation(self.values[node]))
            else:
                found = self.node(self.variable[node],
                                  tuple([self.map(operation, child, memo) for child in self.children[node]]))
            memo[node] = found
        return found

    def restrict(self, variable: int, cell: int, node: Node, memo: dict[Node, Node] | None = None) -> Node:
        """Return the function with one variable fixed to a cell."""
        memo = {} if memo is None else memo
        if not self.support[node] >> variable & 1:
            return node
        found = memo.get(node)
        if found is None:
            children = self.children[node]
            found = memo[node] = (children[cell] if self.variable[node] == variable else
                                  self.node(self.variable[node], tuple([self.restrict(variable, cell, child, memo)
                                                                        for child in children])))
        return found

    def reachable(self, root: Node) -> Iterator[Node]:
        """Yield every node below a root, the root first, each once, breadth first."""
        seen = {root}
        queue = [root]
        for node in queue:
            yield node
            for child in self.children[node]:
                if child not in seen:
                    seen.add(child)
                    queue.append(child)

    def terminals(self, root: Node) -> set[Hashable]:
        """Return the values a function can take."""
        return {self.values[node] for node in self.reachable(root) if self.is_terminal(node)}

    def witness(self, root: Node, wanted: Callable[[Hashable], bool]) -> dict[int, int] | None:
        """Return cells (variable → cell) that lead to a wanted value, or None."""
        hopeless: set[Node] = set()

        def search(node: Node) -> dict[int, int] | None:
            if node in hopeless:
                return None
            if self.is_terminal(node):
                if wanted(self.values[node]):
                    return {}
            else:
                for cell, child in enumerate(self.children[node]):
                    way = search(child)
                    if way is not None:
                        return {self.variable[node]: cell, **way}
            hopeless.add(node)
            return None

        return search(root)

    def walk(self, node: Node, cells: Sequence[int]) -> Node:
        """Return the terminal that cells (one per variable) lead to."""
        while not self.is_terminal(node):
            node = self.children[node][cells[self.variable[node]]]
        return node
