"""A model made larger, to see how compiling grows: more options, more rules, or whole trees side by side."""

from collections.abc import Mapping
from dataclasses import replace

from decision_tree.model import Chain, Condition, Derived, Fact, Literal, Model, Option, Question, Rule, same_in_all

TREE = "tree"


def more_options(model: Model, times: int) -> Model:
    """Return the model with every option of a choice offered `times` times under names of its own."""
    facts = {id_: replace(fact, values=_copies(fact.values, times)) if fact.type == "choice" else fact
             for id_, fact in model.facts.items()}
    literals = tuple(replace(one, values=frozenset(_all_copies(one.values, times))) if _is_choice(model, one) else one
                     for one in model.literals)
    questions = tuple(_with_options(question, model, times) for question in model.questions)
    return replace(model, facts=facts, literals=literals, questions=questions)


def _is_choice(model: Model, literal: Literal) -> bool:
    fact = model.facts.get(literal.fact)
    return fact is not None and fact.type == "choice"


def _copies(values: tuple[str, ...], times: int) -> tuple[str, ...]:
    return tuple(name for value in values for name in _all_copies([value], times))


def _all_copies(values: object, times: int) -> list[str]:
    assert isinstance(values, (list, tuple, frozenset))
    return [value if copy == 0 else f"{value}_{copy}" for value in sorted(values) for copy in range(times)]


def _with_options(question: Question, model: Model, times: int) -> Question:
    if model.facts[question.fact].type != "choice":
        return question
    return replace(question, options=tuple(Option(name, option.label) for option in question.options
                                           for name in _all_copies([option.value], times)))


def more_rules(model: Model, times: int) -> Model:
    """Return the model with every rule written `times` times."""
    rules = tuple(rule if copy == 0 else replace(rule, id=f"{rule.id}_{copy}") for rule in model.rules for copy in range(times))
    return replace(model, rules=rules)


def more_questions(model: Model, times: int) -> Model:
    """Return `times` trees side by side, with questions and rules of their own, behind one question that chooses.

    The first tree keeps its names, so that the guide shows it as it is.
    """
    if times == 1:
        return model
    label = same_in_all("arbre")
    names = tuple(str(copy) for copy in range(times))
    facts: dict[str, Fact] = {TREE: Fact(TREE, "choice", names, label)}
    literals: list[Literal] = [Literal(TREE, frozenset({name})) for name in names]
    questions: list[Question] = [Question(fact=TREE, ask=label, options=tuple(Option(name, label) for name in names), unknown="0")]
    derived: dict[str, Derived] = {}
    rules: list[Rule] = []
    order: list[Chain] = []
    for copy in range(times):
        known = {id_: f"{id_}_{copy}" if copy else id_ for id_ in (*model.facts, *model.derived)}
        first = len(literals)
        literals += [replace(one, fact=known[one.fact]) for one in model.literals]

        def moved(condition: Condition, first: int = first, copy: int = copy, *, chosen: bool = False) -> Condition:
            here = (copy,) if chosen else ()
            return tuple((*here, *(number + first for number in term)) for term in condition)

        facts |= {known[id_]: replace(fact, id=known[id_]) for id_, fact in model.facts.items()}
        derived |= {known[id_]: replace(one, id=known[id_], when=moved(one.when)) for id_, one in model.derived.items()}
        questions += [_moved_question(question, known, moved) for question in model.questions]
        rules += [_moved_rule(rule, copy, moved(rule.when, chosen=True)) for rule in model.rules]
        order += [replace(one, id=f"{one.id}_{copy}", when=moved(one.when, chosen=True), unless=moved(one.unless))
                  for one in model.order]
    return replace(model, facts=facts, derived=derived, literals=tuple(literals), rules=tuple(rules), order=tuple(order),
                   questions=tuple(sorted(questions, key=lambda one: not one.core)), deadlines=())


def _moved_question(question: Question, known: Mapping[str, str], moved: object) -> Question:
    assert callable(moved)
    return replace(question, fact=known[question.fact], implied_by=tuple(replace(one, when=moved(one.when)) for one in question.implied_by),
                   wordings=tuple(replace(one, when=moved(one.when, chosen=True)) for one in question.wordings))


def _moved_rule(rule: Rule, copy: int, when: Condition) -> Rule:
    return replace(rule, id=f"{rule.id}_{copy}", when=when)
