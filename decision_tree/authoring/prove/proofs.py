"""What is proved of every situation, exactly, on diagrams: no sample, no search that might miss one.

Each proof returns the problems it finds, with one situation as an example.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations

from decision_tree.authoring.prove.compile import Graph, Space
from decision_tree.authoring.prove.diagram import Node
from decision_tree.authoring.prove.mutations import Mutant, mutants, written
from decision_tree.authoring.prove.semantics import (
    ActionOrder,
    BooleanAlgebra,
    ConditionTrees,
    RuleSemantics,
    complete,
    conditions_as_read,
    conditions_as_written,
    with_unknown,
)
from decision_tree.authoring.read.conditions import ALWAYS, NEVER
from decision_tree.authoring.read.knowledge import Invariant, Keeps, Knowledge
from decision_tree.authoring.read.problems import Place, Problem
from decision_tree.model import Question, Value

SHOWN = "decision_tree/knowledge"


@dataclass(slots=True)
class Proofs:
    """One model, with every rule and body as a diagram."""

    knowledge: Knowledge
    space: Space
    semantics: RuleSemantics

    @property
    def algebra(self) -> BooleanAlgebra:
        """The algebra of complete situations."""
        return self.semantics.algebra

    def place_of_rule(self, rule: str) -> Place:
        """Return where a rule is written."""
        return self.knowledge.rule_texts[rule].place

    def all(self, graph: Graph) -> list[Problem]:
        """Return every problem of the model."""
        found = [*rules_decide(self), *bodies_are_named(self), *self.everywhere()]
        if not found:                    # a broken model makes most conditions look redundant
            found += [*conditions_matter(self), *exceptions_lead_somewhere(self), *options_differ(self), *questions_matter(self, graph)]
        return found

    def everywhere(self) -> Iterator[Problem]:
        """Yield what is wrong with the advice of some situation."""
        yield from some_body(self)
        yield from invariants_hold(self)
        yield from order_is_total(self)


def later_advice_holds(knowledge: Knowledge, since: date | None = None) -> Iterator[Problem]:
    """On each later day on which a rule begins or has ended, the advice of every situation is whole, lawful and in order."""
    rules = knowledge.model.rules
    days = {rule.in_force_from for rule in rules} | {rule.in_force_to + timedelta(days=1) for rule in rules if rule.in_force_to}
    for day in sorted(day for day in days if day > (since or knowledge.as_of)):
        for problem in proofs(knowledge, Space(knowledge.model, day)).everywhere():
            yield replace(problem, what=f"from {day.isoformat()} on, as rules begin or end, {problem.what}")


def proofs(knowledge: Knowledge, space: Space) -> Proofs:
    """Prepare the proofs of a model."""
    return Proofs(knowledge, space, RuleSemantics(complete(space), conditions_as_written(knowledge, space.rules)))


def situation_words(facts: Mapping[str, Value]) -> str:
    """Return a situation as an author writes it, shortest form."""
    shown = []
    for fact, value in facts.items():
        if isinstance(value, frozenset):
            shown.append(f"{fact}: [{', '.join(sorted(value))}]")
        else:
            shown.append(f"{fact}: {str(value).lower() if isinstance(value, bool) else value}")
    return "{" + ", ".join(shown) + "}"


def example_of(algebra: BooleanAlgebra, node: Node) -> str:
    """Return one situation in which a condition holds, in words."""
    return situation_words(algebra.example(node, lambda value: value is True))


def rules_decide(p: Proofs) -> Iterator[Problem]:
    """Each rule gives the reason of its body in some situation."""
    for id_, node in p.semantics.deciding_rules().items():
        if node == p.algebra.false:
            never = p.semantics.heard[id_] == p.algebra.false
            yield Problem(p.place_of_rule(id_), f"rule '{id_}' is never {'heard' if never else 'the one whose reason is given'}",
                          "Its condition cannot hold, or other rules are always heard first: mend its condition, or remove it.")


def bodies_are_named(p: Proofs) -> Iterator[Problem]:
    """Each body is named in some situation."""
    for body in p.semantics.bodies:
        if p.semantics.named(body) == p.algebra.false:
            yield Problem(Place(f"{SHOWN}/bodies/{body}.yaml", 1), f"no situation leads to the body '{body}'",
                          "Mend the conditions of its rules, or remove it.")


def some_body(p: Proofs) -> Iterator[Problem]:
    """Every complete situation recommends at least one body."""
    nobody = p.algebra.negated(p.algebra.any([p.semantics.recommended(body) for body in p.semantics.bodies]))
    if nobody != p.algebra.false:
        yield Problem(Place(f"{SHOWN}/rules/info-simple.yaml", 1),
                      f"no body is recommended in some situations, such as {example_of(p.algebra, nobody)}",
                      "Write a rule that holds there.")


def invariants_hold(p: Proofs) -> Iterator[Problem]:
    """Each law of the whole model holds in every situation."""
    for invariant in p.knowledge.invariants:
        when = p.semantics.node(invariant.when)
        if when == p.algebra.false:
            yield Problem(invariant.place, f"the invariant '{invariant.id}' deciding_rules of no situation", "Mend its condition.")
        for said, broken in _breaches(p.semantics, invariant, when):
            if broken != p.algebra.false:
                yield Problem(invariant.place, f"the invariant '{invariant.id}' does not hold: {said} when {example_of(p.algebra, broken)}",
                              "Mend the rule that says so, or the invariant if the law is otherwise.")


def _breaches(semantics: RuleSemantics, invariant: Invariant, when: Node) -> Iterator[tuple[str, Node]]:
    algebra = semantics.algebra
    for body in invariant.recommended:
        yield f"'{body}' is not recommended", algebra.but_not(when, semantics.recommended(body))
    for body in invariant.not_recommended:
        yield f"'{body}' is recommended", algebra.both(when, semantics.recommended(body))
    for body in invariant.never:
        yield f"'{body}' is named", algebra.both(when, semantics.named(body))
    if invariant.keeps:
        yield from _taken_away(semantics, invariant.keeps, when)
    if invariant.first:
        first = algebra.both(when, semantics.recommended(invariant.first))
        for body in semantics.bodies:
            if body != invariant.first:
                both = algebra.both(first, semantics.recommended(body))
                yield f"'{body}' may come before '{invariant.first}'", algebra.but_not(both, semantics.before(invariant.first, body))


def _taken_away(semantics: RuleSemantics, keeps: Keeps, when: Node) -> Iterator[tuple[str, Node]]:
    """Yield where a family of bodies is named with one answer and not with another, all else equal."""
    algebra, space = semantics.algebra, semantics.algebra.space
    number = space.index[keeps.fact, None]
    before, after = (dict.fromkeys(map(space.variables[number].cell_of, values)) for values in (keeps.before, keeps.after))
    for family in keeps.families:
        named = algebra.any([semantics.named(body) for body in family])
        for one in before:
            here = algebra.store.restrict(number, one, algebra.both(when, named))
            for other in after:
                value = space.variables[number].cells[other][0]
                yield (f"'{family[0]}' is taken away by {keeps.fact}: {value}",
                       algebra.but_not(here, algebra.store.restrict(number, other, named)))


def order_is_total(p: Proofs) -> Iterator[Problem]:
    """Bodies recommended together stand in one order, whatever is known; never in a circle."""
    unknown = with_unknown(p.space)
    yield from unordered(p.semantics, p.knowledge)
    yield from unordered(RuleSemantics(unknown, conditions_as_read(p.knowledge.model, p.space.rules)), p.knowledge)


@dataclass(frozen=True, slots=True)
class PartlyKnown:
    """Situations in which some facts are not known yet: an order that decides nothing once all is known may be needed there."""

    knowledge: Knowledge
    space: Space
    unknown: BooleanAlgebra

    def orders_all(self, conditions: ConditionTrees) -> bool:
        """Tell whether these orders leave no two bodies unordered, whatever is known."""
        read = conditions_as_read(self.knowledge.model, self.space.rules)
        return not any(unordered(RuleSemantics(self.unknown, replace(read, ways=conditions.ways)), self.knowledge))


def unordered(semantics: RuleSemantics, knowledge: Knowledge) -> Iterator[Problem]:
    """Return the pairs of bodies recommended together that no order, two orders or a circle leave open."""
    algebra = semantics.algebra
    surely = {body: algebra.surely(semantics.recommended(body)) for body in semantics.bodies}
    pairs: dict[tuple[str, str], Node] = {}
    for one, other in combinations(semantics.bodies, 2):
        together = algebra.both(surely[one], surely[other])
        if together == algebra.false:
            continue
        pairs[one, other] = algebra.both(together, semantics.before(one, other))
        pairs[other, one] = algebra.both(together, semantics.before(other, one))
        neither = algebra.but_not(together, algebra.either(pairs[one, other], pairs[other, one]))
        if neither != algebra.false:
            yield Problem(_order_place(knowledge), f"nothing says whether '{one}' comes before '{other}' "
                          f"when {example_of(algebra, neither)}", "Name both in an order that applies there.")
        twice = algebra.both(pairs[one, other], pairs[other, one])
        if twice != algebra.false:
            yield Problem(_order_place(knowledge), f"'{one}' comes both before and after '{other}' when {example_of(algebra, twice)}",
                          "Let one order apply there, with “when” or “unless”.")
    yield from _circles(semantics, knowledge, pairs)


def _circles(semantics: RuleSemantics, knowledge: Knowledge, pairs: Mapping[tuple[str, str], Node]) -> Iterator[Problem]:
    algebra = semantics.algebra
    for a, b, c in combinations(semantics.bodies, 3):
        for one, two, three in ((a, b, c), (a, c, b)):
            steps = [pairs.get(step, algebra.false) for step in ((one, two), (two, three), (three, one))]
            if algebra.false in steps:
                continue
            circle = algebra.all(steps)
            if circle != algebra.false:
                yield Problem(_order_place(knowledge), f"'{one}', '{two}' and '{three}' each come before the next, in a circle, when "
                              f"{example_of(algebra, circle)}", "Let one order apply there, with “when” or “unless”.")


def _order_place(knowledge: Knowledge) -> Place:
    return min(knowledge.chain_places.values())


def conditions_matter(p: Proofs) -> Iterator[Problem]:
    """Dropping or negating any test of a rule, an exception, a derived fact or an order changes some situation."""
    partly = PartlyKnown(p.knowledge, p.space, with_unknown(p.space))
    for where, mutant, version in versions(p.semantics.conditions):
        if mutant.tree == ALWAYS and where.startswith("rule"):
            continue                     # the only test of a rule: it has to say when
        if same_advice(RuleSemantics(p.algebra, version), p.semantics) and partly.orders_all(version):
            yield Problem(mutant.atom.place, f"in {where}, the test “{written(mutant.atom)}” can be {mutant.how} and no situation changes",
                          "Remove it: a test that decides nothing misleads its reader.")
    usual = p.semantics.conditions
    for number, way in enumerate(usual.ways):
        fewer = replace(usual, ways=(*usual.ways[:number], *usual.ways[number + 1:]))
        if same_advice(RuleSemantics(p.algebra, fewer), p.semantics) and partly.orders_all(fewer):
            yield Problem(p.knowledge.chain_places[way.id], f"the order '{way.id}' can be removed and no situation changes",
                          "Remove it: the other orders already say it.")


def versions(usual: ConditionTrees, *, values: bool = False) -> Iterator[tuple[str, Mutant, ConditionTrees]]:
    """Yield every version of the conditions that differs by one test, with where the test stands."""
    for id_, tree in usual.whens.items():
        for mutant in mutants(tree, values=values):
            yield f"rule '{id_}'", mutant, replace(usual, whens={**usual.whens, id_: mutant.tree})
    for id_, tree in usual.derived.items():
        for mutant in mutants(tree, values=values):
            yield f"the derived fact '{id_}'", mutant, replace(usual, derived={**usual.derived, id_: mutant.tree})
    for number, way in enumerate(usual.ways):
        for mutant in mutants(way.when, values=values):
            yield f"the order '{way.id}'", mutant, _with_way(usual, number, replace(way, when=mutant.tree))
        for mutant in mutants(way.unless, values=values):
            tree = NEVER if mutant.tree == ALWAYS and mutant.how == "dropped" else mutant.tree
            yield f"the order '{way.id}'", mutant, _with_way(usual, number, replace(way, unless=tree))


def _with_way(usual: ConditionTrees, number: int, way: ActionOrder) -> ConditionTrees:
    return replace(usual, ways=(*usual.ways[:number], way, *usual.ways[number + 1:]))


def same_advice(semantics: RuleSemantics, usual: RuleSemantics) -> bool:
    """Tell whether two versions give every situation the same advice, its reasons and its order."""
    if semantics.deciding_rules() != usual.deciding_rules():
        return False
    if semantics.conditions.ways is usual.conditions.ways and semantics.derived == usual.derived:
        return True
    return all(semantics.algebra.both(together, semantics.before(*pair)) == usual.algebra.both(together, usual.before(*pair))
               for one, other, together in usual.pairs() for pair in ((one, other), (other, one)))


def exceptions_lead_somewhere(p: Proofs) -> Iterator[Problem]:
    """Where an exception holds, the body it leads to can be named; two exceptions that hold together are written in an order."""
    algebra, semantics = p.algebra, p.semantics
    for id_, rule in semantics.conditions.rules.items():
        text = p.knowledge.rule_texts[id_]
        heard = semantics.node(text.when) if rule.closes or rule.always else algebra.both(semantics.node(text.when), semantics.open)
        nodes = {one.id: algebra.both(heard, semantics.node(one.when)) for one in text.unless}
        for one in text.unless:
            if algebra.both(nodes[one.id], semantics.named(one.leads_to)) == algebra.false:
                yield Problem(one.place, f"the exception '{one.id}' of rule '{id_}' leads to '{one.leads_to}', which is never named there",
                              "Mend where it leads, or write the rule that names this body.")
        for one, other in combinations(text.unless, 2):
            if one.leads_to != other.leads_to:
                order = algebra.either(semantics.before(one.leads_to, other.leads_to), semantics.before(other.leads_to, one.leads_to))
                open_ = algebra.but_not(algebra.both(nodes[one.id], nodes[other.id]), order)
                if open_ != algebra.false:
                    yield Problem(other.place, f"the exceptions '{one.id}' and '{other.id}' of rule '{id_}' lead to different bodies "
                                  f"together, and no order is written when {example_of(algebra, open_)}",
                                  f"Name '{one.leads_to}' and '{other.leads_to}' in an order that applies there.")


def options_differ(p: Proofs) -> Iterator[Problem]:
    """Options that nothing tells apart are declared equivalent_options, and those declared equivalent_options are."""
    for question in p.knowledge.model.questions:
        fact = p.knowledge.model.facts[question.fact]
        if fact.type == "set":
            yield from _members_differ(p, question)
        elif fact.type != "date":
            yield from _classes_declared(p, question)


def _members_differ(p: Proofs, question: Question) -> Iterator[Problem]:
    place = p.knowledge.question_places[question.fact]
    for option in question.options:
        number = p.space.index[question.fact, str(option.value)]
        if len(set(cell_keys(p.semantics, number))) == 1:
            yield Problem(place, f"the option '{option.value}' of '{question.fact}' changes nothing",
                          "Write the rule that reads it, or remove it.")


def _classes_declared(p: Proofs, question: Question) -> Iterator[Problem]:
    place = p.knowledge.question_places[question.fact]
    classes = [frozenset(map(_word, group)) for group in told_apart(p.semantics, p.space, question.fact)]
    if len(classes) == 1:
        yield Problem(place, f"no answer to '{question.fact}' changes anything", "Write the rule that reads it, or remove the question.")
        return
    declared = [group for group in p.knowledge.equivalent_options if group.fact == question.fact]
    for group in declared:
        if not any(frozenset(group.values) <= one for one in classes):
            yield Problem(group.place, f"'{question.fact}' declares {', '.join(group.values)} alike, but a rule tells them apart",
                          "Keep together only the options that no rule tells apart.")
    for one in classes:
        if len(one) > 1 and not any(frozenset(group.values) == one for group in declared):
            yield Problem(place, f"nothing tells the options {', '.join(sorted(one))} of '{question.fact}' apart",
                          "Write the rule that does, or an “equivalent_options” line with exactly these values and its reason.")


def _word(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def told_apart(semantics: RuleSemantics, space: Space, fact: str) -> list[tuple[Value, ...]]:
    """Return the classes of values of a fact that give every situation the same advice."""
    number = space.index[fact, None]
    classes: dict[object, tuple[Value, ...]] = {}
    for key, cell in zip(cell_keys(semantics, number), space.variables[number].cells, strict=True):
        classes[key] = (*classes.get(key, ()), *cell)
    return list(classes.values())


def cell_keys(semantics: RuleSemantics, variable: int) -> list[tuple[Node, ...]]:
    """Return for each cell of a variable what the advice becomes there; equal keys, equal advice."""
    store = semantics.algebra.store
    nodes = [node for node in semantics.advice_nodes() if _asks(semantics, node, variable)]
    return [tuple(store.restrict(variable, cell, node) for node in nodes) for cell in range(store.sizes[variable])]


def _asks(semantics: RuleSemantics, node: Node, variable: int) -> bool:
    store = semantics.algebra.store
    return any(store.variable[one] == variable for one in store.reachable(node))


def questions_matter(p: Proofs, graph: Graph) -> Iterator[Problem]:
    """Each core question is asked in some state; each other one changes some result, and says so in words."""
    asked = {state.question for state in graph.states}
    changed = {(block.fact, value) for state in graph.final for block in state.blocks for value in block.values}
    for question in p.knowledge.model.questions:
        place = p.knowledge.question_places[question.fact]
        if question.core and question.fact not in asked:
            yield Problem(place, f"the question '{question.fact}' is never asked", "Write the rule that needs it, or remove it.")
        if not question.core and not any(fact == question.fact for fact, _ in changed):
            yield Problem(place, f"the question '{question.fact}' changes no result", "Write the rule that needs it, or remove it.")
        shown = {value for fact, value in changed if fact == question.fact}
        for group in _groups_shown(p, question, shown):
            if not any(option.said for option in question.options if option.value in group):
                yield Problem(place, f"results show what '{_word(min(group, key=str))}' of '{question.fact}' would change, in no words",
                              "Add “said: {fr: Si …, en: If …}” to this option.")


def _groups_shown(p: Proofs, question: Question, shown: set[Value]) -> Iterator[set[Value]]:
    if not question.options:
        return
    for variable in p.space.variables:
        if variable.fact == question.fact:
            groups = [{variable.member}] if variable.member else variable.cells
            yield from (set(group) for group in groups if shown.intersection(group))


def values_fit(knowledge: Knowledge) -> Iterator[Problem]:
    """What a question supposes, or goes on with, is a value of its fact."""
    for question in knowledge.model.questions:
        place = knowledge.question_places[question.fact]
        offered = [option.value for option in question.options]
        said = [("implied_by", one.value) for one in question.implied_by]
        said += [(key, value) for key, value in (("unknown", question.unknown), ("assumed", question.assumed)) if value is not None]
        for key, value in said:
            if not _fits(knowledge, question, offered, value):
                yield Problem(place, f"'{key}' of the question '{question.fact}' is '{_word(value)}', which is no answer to it",
                              f"Use one of: {', '.join(map(_word, offered)) or 'recent'}.")
        if not question.core and question.assumed is None:
            yield Problem(place, f"the question '{question.fact}' is not core, and nothing says what results suppose of it",
                          "Add “assumed: …” with one of its values.")


def _fits(knowledge: Knowledge, question: Question, offered: Sequence[Value], value: Value) -> bool:
    fact = knowledge.model.facts[question.fact]
    if fact.type == "date":
        return value == "recent"
    if fact.type == "set":
        return isinstance(value, frozenset) and value <= frozenset(map(str, offered))
    return any(value is one or (isinstance(value, str) and value == one) for one in offered)
