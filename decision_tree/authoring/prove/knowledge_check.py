"""Everything that is proved before the knowledge may be used, and the counts that say how large it is.

Source: the rules are checked on exact diagrams (`proofs`), the texts against what was read in both languages
(`translations`), the schemas against the loader (`schemas`).
"""

import re
from dataclasses import dataclass
from pathlib import Path

from decision_tree.authoring.prove.compile import Graph, Space, compile_graph
from decision_tree.authoring.prove.diagram import Node
from decision_tree.authoring.prove.proofs import later_advice_holds, proofs, values_fit
from decision_tree.authoring.prove.semantics import RuleSemantics
from decision_tree.authoring.read.cases import load_cases
from decision_tree.authoring.read.knowledge import Knowledge
from decision_tree.authoring.read.load import KNOWLEDGE
from decision_tree.authoring.read.problems import KnowledgeError, Problem
from decision_tree.authoring.read.reviews import review_problems
from decision_tree.authoring.read.schemas import schema_problems
from decision_tree.authoring.read.translations import lock_problems
from decision_tree.authoring.read.yaml_text import gc_paused


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How large the knowledge is."""

    rules: int
    bodies: int
    questions: int
    core_questions: int
    statements: int
    laws: int
    texts: int
    invariants: int
    situations: int                      # combinations of answers to the core questions
    core_states: int
    final_states: int
    states: int                          # states of all questions that lead to another list of bodies
    lists: int                           # distinct lists of recommended bodies, over all facts
    core_lists: int                      # the same, over the core questions
    longest_way: int
    average_way: float

    def __str__(self) -> str:
        return (
            f"{self.rules} rules, {self.bodies} bodies, {self.questions} questions ({self.core_questions} core), "
            f"{self.statements} statements, {self.laws} laws, {self.invariants} invariants, {self.texts:,} texts in two languages\n"
            f"{self.situations:,} situations; {self.core_states:,} states, {self.final_states:,} of them final; "
            f"at most {self.longest_way} questions, {self.average_way:.1f} on average\n"
            f"{self.lists:,} distinct lists of bodies over all facts ({self.states:,} states), {self.core_lists:,} over the core questions")


@gc_paused()
def report(knowledge: Knowledge, root: Path = KNOWLEDGE, graph: Graph | None = None) -> tuple[list[Problem], Counts]:
    """Return every problem of the knowledge, in file order, and its counts.

    Args:
        knowledge: What was loaded from `root`.
        root: The folder of YAML files, for the lock and the schemas.
        graph: The compiled graph, where it is already known.
    """
    space = Space(knowledge.model, knowledge.as_of)
    graph = graph or compile_graph(knowledge.model, space=Space(knowledge.model, knowledge.as_of))
    prepared = proofs(knowledge, space)
    counts = counts_of(knowledge, graph, prepared.semantics)
    problems = [*prepared.all(graph), *later_advice_holds(knowledge), *values_fit(knowledge), *over_budget(knowledge, counts),
                *cases_exist(knowledge, root), *articles_followed(knowledge), *lock_problems(knowledge, root), *schema_problems(root)]
    return sorted(set(problems)), counts


def counts_of(knowledge: Knowledge, graph: Graph, semantics: RuleSemantics) -> Counts:
    """Return the counts of a model."""
    model = knowledge.model
    root = lists_of_bodies(semantics)
    store = semantics.algebra.store
    below = list(store.reachable(root))
    core_lists = {tuple(body for body, _ in state.outcome.recommended) for state in graph.final if state.outcome is not None}
    return Counts(
        rules=len(model.rules), bodies=len(model.bodies), questions=len(model.questions),
        core_questions=sum(question.core for question in model.questions), statements=len(knowledge.statements),
        laws=len(knowledge.laws), texts=len(knowledge.texts), invariants=len(knowledge.invariants),
        situations=graph.situations, core_states=len(graph.states), final_states=len(graph.final), states=len(below),
        lists=sum(store.is_terminal(node) for node in below), core_lists=len(core_lists),
        longest_way=graph.longest_way(), average_way=round(graph.average_way(), 2))


def lists_of_bodies(semantics: RuleSemantics) -> Node:
    """Return the diagram whose values are the recommended lists: one bit a body, one a pair that may stand either way."""
    store = semantics.algebra.store
    root = store.terminal(0)
    for number, node in enumerate((*map(semantics.recommended, semantics.bodies), *semantics.orders())):
        bit = 1 << number
        root = store.combine(lambda bits, holds, bit=bit: bits | bit if holds else bits, root, node)  # type: ignore[misc]
    return root


_ARTICLE = re.compile(r"\b([LRD]\.) ?(\d+(?:-\w+)*)")
_RANGE = re.compile(r"([LRD]\.) (\d+(?:-\d+)*)-(\d+) à \1 \2-(\d+)")


def articles_followed(knowledge: Knowledge) -> list[Problem]:
    """Return each article that the source of a statement names and its laws do not hold: nobody would see it change."""
    articles = {law.id: _articles(law.number) for law in knowledge.laws.values()}
    return [Problem(statement.place, f"the source of the statement '{statement.id}' names {article}, which none of its laws is",
                    "Add its id to 'laws' of the statement; to knowledge/laws/ too, with how to watch it, where it is not there.")
            for statement in knowledge.statements.values()
            for article in sorted(_articles(statement.source.fr).difference(*(articles[law] for law in statement.laws)))]


def _articles(text: str) -> set[str]:
    """Return the articles of codes that a text names, spelt one way; of a range, those between its ends too."""
    text = text.replace("\u00a0", " ")
    between = {f"{letter} {stem}-{number}" for letter, stem, low, high in _RANGE.findall(text) for number in range(int(low), int(high) + 1)}
    return {" ".join(one) for one in _ARTICLE.findall(text)} | between


def over_budget(knowledge: Knowledge, counts: Counts) -> list[Problem]:
    """Return the bounds that the compiled graph passes."""
    budget = knowledge.budget
    found: tuple[tuple[str, float, float], ...] = (
        ("states", counts.states, budget.states), ("core_states", counts.core_states, budget.core_states),
        ("longest_way", counts.longest_way, budget.longest_way), ("average_way", counts.average_way, budget.average_way))
    return [Problem(budget.place, f"'{name}' is {value:,}, more than the budget of {most:,}",
                    "Look at the question or rule you changed: it multiplies the states. Raise the budget only on purpose.")
            for name, value, most in found if value > most]


def cases_exist(knowledge: Knowledge, root: Path) -> list[Problem]:
    """Return the rules that name a case that no file describes, where the cases stand beside the package, and readings of nothing."""
    folder = root.parent.parent / "tests" / "cases"
    if not folder.is_dir():
        return review_problems(knowledge, None)
    try:
        cases = load_cases(knowledge.model, knowledge.laws, folder)
    except KnowledgeError as error:
        return error.problems
    known = {case.id for case in cases}
    return review_problems(knowledge, cases) + [
        Problem(knowledge.rule_texts[rule.id].place, f"rule '{rule.id}' is shown by the case '{case}', which no file describes",
                "Write the case in tests/cases/, or name one that needs the rule.")
        for rule in knowledge.model.rules for case in rule.shown_by if case not in known]
