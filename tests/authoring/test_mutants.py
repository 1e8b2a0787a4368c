"""No small mistake in a condition goes unseen."""

import pytest

from decision_tree.authoring.prove.mutations import mutants
from decision_tree.authoring.read.conditions import ALWAYS, All, AnyOf, Atom, Not, Tree
from decision_tree.authoring.read.load import knowledge
from decision_tree.authoring.read.problems import Place
from decision_tree.model import Literal
from scripts.upkeep.mutants import EQUIVALENT, judge

HERE = Place("rules.yaml", 1)


def atom(fact: str, *values: str) -> Atom:
    return Atom(Literal(fact, frozenset(values)), HERE)


@pytest.mark.prove
def test_every_mutant_is_killed_or_declared_equivalent() -> None:
    score = judge(knowledge())
    assert score.total > 1000
    assert score.survivors == []
    assert EQUIVALENT.keys() <= set(score.equivalent)


def changed(tree: Tree) -> list[tuple[str, Tree]]:
    return [(mutant.how, mutant.tree) for mutant in mutants(tree)]


def test_a_test_is_dropped_from_its_group_or_negated_where_it_stands() -> None:
    a, b = atom("a", "x"), atom("b", "y")
    assert changed(All((a, b))) == [("dropped", All((b,))), ("negated", All((Not(a), b))),
                                    ("dropped", All((a,))), ("negated", All((a, Not(b))))]


def test_a_group_that_loses_its_only_test_goes_with_it() -> None:
    a, b = atom("a", "x"), atom("b", "y")
    assert changed(AnyOf((All((a,)), b)))[0] == ("dropped", AnyOf((b,)))
    assert changed(Not(a)) == [("dropped", ALWAYS), ("negated", Not(Not(a)))]


def test_a_list_of_values_loses_each_in_turn() -> None:
    found = [mutant.tree for mutant in mutants(atom("a", "x", "y"), values=True) if mutant.how.startswith("without")]
    assert found == [atom("a", "y"), atom("a", "x")]
