"""Situations for property tests: complete, partial, and what more answers may add."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from decision_tree.authoring.read.load import knowledge
from decision_tree.model import Fact, Value

ON = date(2026, 11, 22)
MODEL = knowledge().model
PRESUMED = frozenset(fact.id for fact in MODEL.facts.values() if fact.presumed is not None)


def value_of(fact: Fact) -> st.SearchStrategy[Any]:
    """Return the values a fact may have."""
    if fact.type == "bool":
        return st.booleans()
    if fact.type == "date":
        return st.integers(0, 8 * 365).map(lambda days: ON - timedelta(days=days))
    if fact.type == "set":
        return st.frozensets(st.sampled_from(fact.values))
    return st.sampled_from(fact.values)


VALUES = {fact.id: value_of(fact) for fact in MODEL.facts.values()}


def complete() -> st.SearchStrategy[dict[str, Value]]:
    """Return situations in which every fact is known."""
    return st.fixed_dictionaries(VALUES)


def partial() -> st.SearchStrategy[dict[str, Value]]:
    """Return situations in which any fact may be unknown."""
    return st.fixed_dictionaries({}, optional=VALUES)


@st.composite
def growing(draw: st.DrawFn) -> tuple[dict[str, Value], dict[str, Value]]:
    """Return a situation and the same with more known."""
    whole = draw(complete())
    later = draw(st.sets(st.sampled_from(sorted(whole))))
    sooner = draw(st.sets(st.sampled_from(sorted(later)))) if later else set()
    return {fact: whole[fact] for fact in sooner}, {fact: whole[fact] for fact in later}
