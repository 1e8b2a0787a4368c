"""From the knowledge to the guide that travels: model and numbered states."""

from functools import cache

from decision_tree.authoring.prove.compile import Graph, Space, compile_graph
from decision_tree.authoring.read.load import knowledge
from decision_tree.guide.states import Guide, GuideState
from decision_tree.model import Model


def guide_of(model: Model, graph: Graph) -> Guide:
    """Return the guide of a compiled graph."""
    return Guide(model, tuple(
        GuideState(state.number, state.question, state.wording, tuple(state.next.values())) for state in graph.states))


@cache
def compiled() -> tuple[Guide, Graph]:
    """Return the project's own guide and graph, compiled once per process."""
    model = knowledge().model
    graph = compile_graph(model, space=Space(model))
    return guide_of(model, graph), graph
