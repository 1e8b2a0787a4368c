"""The engine and a second, plain reading of the same rules agree on random situations and on every reference case."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
import yaml

from decision_tree import advise
from decision_tree.authoring.prove.compile import compile_graph
from decision_tree.authoring.read.load import knowledge
from scripts.project.paths import ROOT
from tests.support.plain_reading import recommended

ON = date(2026, 11, 22)
SITUATIONS = 20_000
COMPLETIONS = 10
REFERENCE = yaml.load((ROOT / "tests" / "cases" / "reference.yaml").read_text("utf-8"), yaml.CSafeLoader)


def situation(random: Random) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for fact in knowledge().model.facts.values():
        if fact.type == "bool":
            facts[fact.id] = random.random() < 0.5
        elif fact.type == "date":
            facts[fact.id] = ON - timedelta(days=random.choice([0, 100, 1461, 1462, 1500, 1826, 1827, 2000, 2191, 2192, 3000]))
        elif fact.type == "set":
            facts[fact.id] = frozenset(value for value in fact.values if random.random() < 0.15)
        else:
            facts[fact.id] = random.choice(fact.values)
    return facts


def test_the_engine_reads_the_rules_as_a_careful_reader_does() -> None:
    random = Random(20261122)
    model = knowledge().model
    differing = []
    for _ in range(SITUATIONS):
        facts = situation(random)
        engine = [verdict.body for verdict in advise(model, facts, ON).recommended]
        if engine != recommended(facts, ON):
            differing.append((facts, engine, recommended(facts, ON)))
    assert not differing, f"{len(differing)} of {SITUATIONS} situations differ, first: {differing[0]}"


@pytest.mark.parametrize("case", REFERENCE, ids=lambda case: str(case["title"]["en"]))
def test_the_plain_reading_gives_the_reference_advice(case: dict[str, Any]) -> None:
    facts = {fact: date.fromisoformat(value) if fact == "facts_date" else value for fact, value in case["facts"].items()}
    assert recommended(facts, date.fromisoformat(case["on"])) == case["expected"]


def test_both_programs_agree_on_every_final_state() -> None:
    random, model = Random(20261129), knowledge().model
    final = compile_graph(model).final
    differing = []
    for state in final:
        for _ in range(COMPLETIONS):     # what the guide did not ask is anything
            facts = situation(random) | dict(state.example)
            engine = [verdict.body for verdict in advise(model, facts, ON).recommended]
            if engine != recommended(facts, ON):
                differing.append((state.number, facts, engine, recommended(facts, ON)))
    assert len(final) > 400
    print(f"two programs agree on {len(final):,} final states, each with {COMPLETIONS} ways to answer the rest")
    assert not differing, f"{len(differing)} of {len(final)} final states differ, first: {differing[0]}"
