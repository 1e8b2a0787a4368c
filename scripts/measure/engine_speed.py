"""What the engine costs in CPython: one advice, the next question, loading, compiling, and how compiling grows."""

import os
import platform
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial
from statistics import median
from time import process_time
from typing import Any

from decision_tree.advice import advise
from decision_tree.authoring.prove.compile import compile_graph
from decision_tree.authoring.prove.knowledge_check import report
from decision_tree.authoring.read.load import load_knowledge
from decision_tree.authoring.read.yaml_text import plain_value
from decision_tree.authoring.show.compiled_guide import guide_of
from decision_tree.guide.compiled import dump_guide, load_guide
from decision_tree.model import Model, Value
from decision_tree.relevance import next_question
from scripts.measure.growth import more_options, more_questions, more_rules
from scripts.project.marked_blocks import write_block
from scripts.project.paths import FIGURES, ROOT

START, END = "<!-- engine figures: made by python -m scripts.measure engine -->", "<!-- end of engine figures -->"
CASES = ROOT / "tests" / "cases" / "reference.yaml"


def seconds(run: Callable[[], object], times: int) -> float:
    """Return the median processor time of one call, in seconds, over `times` rounds."""
    found = []
    for _ in range(times):
        start = process_time()
        run()
        found.append(process_time() - start)
    return median(found)


def situations() -> list[tuple[dict[str, Value], date]]:
    """Return the facts of the reference cases."""
    return [(facts_of(case["facts"]), date.fromisoformat(case["on"])) for case in plain_value(CASES.read_text("utf-8"))]


def facts_of(written: Mapping[str, Any]) -> dict[str, Value]:
    """Return facts as the engine reads them."""
    return {fact: frozenset(value) if isinstance(value, list) else date.fromisoformat(value) if fact == "facts_date" else value
            for fact, value in written.items()}


def rows() -> Iterable[tuple[str, str, str]]:
    """Yield (what, measured, bound)."""
    knowledge = load_knowledge()
    model = knowledge.model
    cases = situations()
    yield "read and check all YAML", f"{seconds(load_knowledge, 3) * 1000:,.0f} ms", ""
    count = len(cases)
    yield ("one advice (the reference cases)",
           f"{seconds(lambda: [advise(model, f, on) for f, on in cases], 50) / count * 1e6:.0f} µs", "100 µs")
    without = [({k: v for k, v in facts.items() if k not in ("recidive", "already")}, on) for facts, on in cases]
    yield ("one advice, presumed facts not given",
           f"{seconds(lambda: [advise(model, f, on) for f, on in without], 50) / count * 1e6:.0f} µs", "100 µs")
    yield "one advice, nothing given", f"{seconds(lambda: advise(model, {}, cases[0][1]), 500) * 1e6:.0f} µs", ""
    yield "next question", f"{seconds(lambda: [next_question(model, f, on) for f, on in without], 50) / count * 1e6:.0f} µs", "1,000 µs"
    graph = compile_graph(model)
    text = dump_guide(guide_of(model, graph))
    yield "load the compiled model", f"{seconds(lambda: load_guide(text), 20) * 1000:.1f} ms", "20 ms"
    yield "compile the graph of states", f"{seconds(lambda: compile_graph(model), 3):.2f} s", "5 s"
    yield "every proof of `check`", f"{seconds(lambda: report(knowledge), 1):.2f} s", ""


def growth(model: Model) -> Iterable[tuple[str, int, int, float]]:
    """Yield (what is multiplied, by how much, states, processor seconds to compile)."""
    makers: dict[str, Callable[[Model, int], Model]] = {"questions": more_questions, "options": more_options, "rules": more_rules}
    for name, make in makers.items():
        for times in (1, 2, 4):
            larger = make(model, times)
            yield name, times, len(compile_graph(larger).states), seconds(partial(compile_graph, larger), 3)


def tables() -> str:
    """Return both tables as Markdown."""
    lines = ["| engine (CPython) | measured | bound |", "|---|---|---|"]
    lines += [f"| {what} | {measured} | {bound} |" for what, measured, bound in rows()]
    lines += ["", "| multiplied | by | states | compile | of half as much |", "|---|---|---|---|---|"]
    before = 0.0
    for name, times, states, spent in growth(load_knowledge().model):
        lines.append(f"| {name} | {times} | {states:,} | {spent:.2f} s | {f'× {spent / before:.1f}' if times > 1 else ''} |")
        before = spent
    lines += ["", (f"`python -m scripts.measure engine`: CPython {platform.python_version()} on {os.cpu_count()} processors (load "
              f"{os.getloadavg()[0]:.1f}); medians of processor time. At most × 2.5 when the questions double.")]
    text = "\n".join(lines) + "\n"
    write_block(text, FIGURES, (START, END))
    return text
