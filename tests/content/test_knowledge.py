"""The knowledge as it stands: every proof holds, it asks few questions, and it keeps within its budget."""

from collections.abc import Mapping
from functools import cache

from decision_tree.authoring.prove.compile import Graph, compile_graph
from decision_tree.authoring.prove.knowledge_check import report
from decision_tree.authoring.read.cases import cases
from decision_tree.authoring.read.load import knowledge
from decision_tree.authoring.show.compiled_guide import guide_of
from decision_tree.guide.states import Guide
from decision_tree.model import Value


@cache
def graph() -> Graph:
    return compile_graph(knowledge().model)


def test_the_knowledge_is_proved_and_counted() -> None:
    problems, counts = report(knowledge(), graph=graph())
    assert problems == []
    assert counts.situations > 1_000_000
    assert counts.core_lists > 100
    assert counts.longest_way <= 15
    assert counts.average_way <= 9


def test_the_situations_people_bring_ask_few_questions() -> None:
    """The average weighs situations as the cases do, which are drawn from what people brought."""
    guide = guide_of(knowledge().model, graph())
    asked = [questions_of(guide, one.facts) for one in cases()]
    assert sum(asked) / len(asked) <= 9
    assert max(asked) <= 15


def questions_of(guide: Guide, facts: Mapping[str, Value]) -> int:
    """Return how many questions the links ask of a person who answers by a case, and by what is presumed where it is silent."""
    number, asked = 1, 0
    while (fact := guide.state(number).question) is not None:
        question = guide.question(fact)
        value = facts.get(fact, guide.model.facts[fact].presumed)
        answers: list[Value | None] = [option.value for option in question.options]
        number, asked = guide.state(number).next[answers.index(question.unknown if value is None else value)], asked + 1
    return asked
