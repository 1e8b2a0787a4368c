"""Small changes of a condition, one at a time: a test dropped, negated, or with one value fewer."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from decision_tree.authoring.read.conditions import ALWAYS, All, AnyOf, Atom, Not, Tree


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed condition: which test, how, and the whole tree after the change."""

    atom: Atom
    how: str                              # dropped, negated, or without 'value'
    tree: Tree


def mutants(tree: Tree, *, values: bool = False) -> Iterator[Mutant]:
    """Yield every condition that differs by one test; a dropped root always holds.

    Args:
        values: Also take each single value out of the lists of values.
    """
    for atom, how, changed in _changes(tree, values):
        yield Mutant(atom, how, ALWAYS if changed is None else changed)


def _changes(tree: Tree, values: bool) -> Iterator[tuple[Atom, str, Tree | None]]:
    if isinstance(tree, Atom):
        yield tree, "dropped", None
        yield tree, "negated", Not(tree)
        if values and len(tree.literal.values) > 1:
            for value in sorted(map(str, tree.literal.values)):
                kept = frozenset(one for one in tree.literal.values if str(one) != value)
                yield tree, f"without '{value}'", Atom(replace(tree.literal, values=kept), tree.place)
    elif isinstance(tree, Not):
        for atom, how, part in _changes(tree.part, values):
            yield atom, how, None if part is None else Not(part)
    else:
        yield from _group_changes(tree, values)


def _group_changes(tree: All | AnyOf, values: bool) -> Iterator[tuple[Atom, str, Tree | None]]:
    for number, part in enumerate(tree.parts):
        for atom, how, changed in _changes(part, values):
            kept = () if changed is None else (changed,)
            parts = (*tree.parts[:number], *kept, *tree.parts[number + 1:])
            yield atom, how, type(tree)(parts) if parts else None


def written(atom: Atom) -> str:
    """Return a test as an author writes it: "goal: soin_rapide"."""
    literal = atom.literal
    if literal.member is not None:
        return f"{literal.fact}: {literal.member}"
    if literal.years is not None:
        return f"{literal.fact}: {{within_{'calendar_' if literal.year_end else ''}years: {literal.years}}}"
    shown = sorted(str(value).lower() if isinstance(value, bool) else str(value) for value in literal.values)
    return f"{literal.fact}: {shown[0]}" if len(shown) == 1 else f"{literal.fact}: {{in: [{', '.join(shown)}]}}"
