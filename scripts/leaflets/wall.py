"""The wall sheet: the decision tree as a drawing short enough to read at two metres.

`leaflets/walls.yaml` says which answers a branch and a row stand for. Where they lead is walked on the compiled graph, every
combination of them, and what they all begin with is drawn; if they begin with nothing in common, the build stops and says which.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from decision_tree.authoring.prove.compile import Graph
from decision_tree.authoring.read.knowledge import Knowledge
from decision_tree.authoring.read.yaml_text import plain_value
from decision_tree.model import Value
from scripts.content.pictures import coloured
from scripts.leaflets.content import Data, common
from scripts.leaflets.texts import LeafletError, Writer, load_words
from scripts.project.paths import ROOT

WALLS = ROOT / "leaflets" / "walls.yaml"
Bodies = tuple[str, ...]
Answers = Mapping[str, Value]


@cache
def load_walls(path: Path = WALLS) -> Mapping[str, Any]:
    """Return leaflets/walls.yaml."""
    raw: Mapping[str, Any] = plain_value(path.read_text("utf-8"))
    return raw


def bodies_for(graph: Graph, answers: Answers) -> Bodies:
    """Return the bodies the graph leads to, in the order to act.

    Raises:
        LeafletError: a question on the way has no answer, or not this one.
    """
    state = graph.state(1)
    while state.question is not None:
        value = answers.get(state.question)
        if value is None or value not in state.next:
            raise LeafletError(f"leaflets/walls.yaml: the question '{state.question}' has no answer '{value}'. Answer it in `supposes`.")
        state = graph.state(state.next[value])
    assert state.outcome is not None
    return tuple(body for body, _ in state.outcome.recommended)


def combinations(answers: Mapping[str, list[Value]]) -> Iterator[dict[str, Value]]:
    """Yield every way to give one of the answers to each fact."""
    for values in product(*answers.values()):
        yield dict(zip(answers, values, strict=True))


def shared_beginning(graph: Graph, answers: Mapping[str, list[Value]], supposed: Answers, most: int, where: str) -> Bodies:
    """Return the bodies that all combinations of answers begin with, in order, `most` at most.

    Raises:
        LeafletError: two combinations lead to different first bodies.
    """
    found: Bodies | None = None
    for one in combinations(answers):
        bodies = bodies_for(graph, {**supposed, **one})[:most]
        found = bodies if found is None else common_start(found, bodies)
        if not found:
            said = ", ".join(f"{fact}: {value}" for fact, value in one.items())
            raise LeafletError(f"leaflets/walls.yaml: in {where}, {said} leads first to '{bodies[0]}', unlike the others. Give it a row.")
    return found or ()


def common_start(one: Bodies, other: Bodies) -> Bodies:
    """Return what two lists begin with."""
    length = next((index for index, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[:length]


@dataclass(frozen=True, slots=True)
class End:
    """Rows of a branch that lead to the same bodies."""

    rows: tuple[Mapping[str, Any], ...]
    bodies: Bodies


def ends(graph: Graph, audience: str) -> list[tuple[Mapping[str, Any], list[End]]]:
    """Return each branch of a wall sheet with its ends; rows that lead to the same bodies make one."""
    raw = load_walls()
    wall = raw["walls"][audience]
    found = []
    for branch in wall["branches"]:
        said: dict[Bodies, tuple[Mapping[str, Any], ...]] = {}
        for row in [raw["rows"][id] for id in branch.get("rows", ())] or [{"answers": {}, "label": branch["label"]}]:
            where = f"“{branch['label']['fr']}”, “{row['label']['fr']}”"
            bodies = shared_beginning(graph, {**branch["answers"], **row["answers"]}, wall["supposes"], raw["most"], where)
            said[bodies] = (*said.get(bodies, ()), row)
        found.append((branch, [End(rows, bodies) for bodies, rows in said.items()]))
    return found


def wall_sheet(knowledge: Knowledge, graph: Graph, audience: str, locale: str) -> Data:
    """Return the data of a wall sheet."""
    writer = Writer(knowledge, locale)
    wall = load_walls()["walls"][audience]
    leaflet = load_words()["leaflets"][audience]
    cover = next(one for one in leaflet["panels"] if one["place"] == "cover")
    return common(writer, audience) | {
        "title": writer.plain(wall["title"]), "lead": writer.runs(wall["lead"]), "description": writer.plain(wall["description"]),
        "note": writer.runs(wall["note"]), "emergency": writer.runs(cover["emergency"]), "scene": coloured(leaflet["scene"]),
        "question": writer.runs(wall["question"]),
        "branches": [branch_data(writer, branch, said) for branch, said in ends(graph, audience)],
    }


def branch_data(writer: Writer, branch: Mapping[str, Any], said: list[End]) -> Data:
    """Return one branch as the template takes it. A branch with one end needs no label before it."""
    return {
        "label": writer.runs(branch["label"]), "such": writer.runs(branch["such-as"]) if "such-as" in branch else [],
        "ends": [{"label": joined(writer, end.rows) if len(said) > 1 else "", "such": such(writer, end.rows) if len(said) > 1 else "",
                  "bodies": [writer.knowledge.bodies[body].short[writer.locale] for body in end.bodies]} for end in said],
    }


def joined(writer: Writer, rows: Iterable[Mapping[str, Any]]) -> str:
    """Return the labels of rows that lead to the same bodies, as one."""
    first, *rest = [writer.plain(row["label"]) for row in rows]
    return f" {writer.word('or')} ".join([first, *(one[:1].lower() + one[1:] for one in rest)])


def such(writer: Writer, rows: tuple[Mapping[str, Any], ...]) -> str:
    """Return the examples of a row that stands alone."""
    return writer.plain(rows[0]["such-as"]) if len(rows) == 1 and "such-as" in rows[0] else ""
