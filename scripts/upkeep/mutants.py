"""Break each condition, rule and option in turn, and count what neither a case nor a proof sees.

Every test of every rule, exception, derived fact and order is dropped, negated, and loses each of its values; every rule
is removed; every two options that the rules tell apart are swapped. A mutant is killed when a case then departs from the
advice the law gives, or when a proof of `check` fails. One that changes no situation at all must be declared in
EQUIVALENT with its reason. Exit status 1 while one survives.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import combinations

from decision_tree.advice import in_force
from decision_tree.authoring.prove.compile import Space, ordered_by
from decision_tree.authoring.prove.mutations import written
from decision_tree.authoring.prove.proofs import (
    PartlyKnown,
    Proofs,
    invariants_hold,
    proofs,
    rules_decide,
    same_advice,
    some_body,
    unordered,
    versions,
)
from decision_tree.authoring.prove.semantics import ConditionTrees, RuleSemantics, with_unknown
from decision_tree.authoring.read.as_of import MODEL_DAY
from decision_tree.authoring.read.cases import Bodies, Case, cases
from decision_tree.authoring.read.conditions import All, AnyOf, Atom, Not, Tree
from decision_tree.authoring.read.knowledge import Knowledge
from decision_tree.authoring.read.load import knowledge
from decision_tree.model import Literal, Model, Value

SAYS_WHEN = "A rule has to say when. Here nothing else is possible once the rules that close the advice are silent."
PLAIN_MEANING = "Without a reason given or known the advice is closed before this is read; the fact keeps its plain meaning."
EQUIVALENT: Mapping[str, str] = {
    "rule 'association_helps': “forbidden_ground: true” dropped": SAYS_WHEN,
    "rule 'nothing_left': “accused: false” dropped": SAYS_WHEN,
    "rule 'defender_beside_delegate': “quick_care: true” dropped": "A rule has to say when. Elsewhere the rules above it speak first.",
    "the derived fact 'criminal_ground': “ground: {in: [ame, aucun, c2s, c2s_expiree, inconnu, langue]}” without 'aucun'": PLAIN_MEANING,
    "the derived fact 'criminal_ground': “ground: {in: [ame, aucun, c2s, c2s_expiree, inconnu, langue]}” without 'inconnu'": PLAIN_MEANING,
    "the derived fact 'agency_reach': “place: {in: [ehpad, hopital_public, regulation]}” without 'regulation'":
        "A rule of its own sends the emergency line to the agency; the fact keeps its plain meaning.",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One small mistake: what it is, its kind, and the conditions that hold it."""

    name: str
    kind: str
    conditions: ConditionTrees


@dataclass(slots=True)
class Score:
    """What became of the mutants."""

    by_case: int = 0
    by_proof: int = 0
    equivalent: list[str] = field(default_factory=list)
    survivors: list[tuple[str, str]] = field(default_factory=list)
    kinds: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All mutants."""
        return self.by_case + self.by_proof + len(self.equivalent) + len(self.survivors)


def changes(usual: ConditionTrees, space: Space) -> Iterator[Change]:
    """Yield every mutant of the knowledge."""
    for where, mutant, version in versions(usual, values=True):
        kind = "value" if mutant.how.startswith("without") else mutant.how
        yield Change(f"{where}: “{written(mutant.atom)}” {mutant.how}", kind, version)
    for rule in usual.rules:
        yield Change(f"rule '{rule}' removed", "rule", usual.without_rule(rule))
    for number, way in enumerate(usual.ways):
        yield Change(f"order '{way.id}' removed", "order", replace(usual, ways=(*usual.ways[:number], *usual.ways[number + 1:])))
    for fact in space.model.facts.values():
        values: Sequence[Value] = (True, False) if fact.type == "bool" else fact.values
        for one, other in combinations(values, 2):
            name = "yes and no" if fact.type == "bool" else f"'{one}' and '{other}'"
            yield Change(f"options {name} of {fact.id} swapped", "option", swapped(usual, fact.id, one, other))


def declared_alike(knowledge_: Knowledge, change: Change) -> bool:
    """Tell whether a mutant swaps two options that a line of questions.yaml declares equivalent_options, with its reason."""
    return any(change.name == f"options '{one}' and '{other}' of {group.fact} swapped"
               for group in knowledge_.equivalent_options
               for one, other in combinations([value for value in knowledge_.model.facts[group.fact].values if value in group.values], 2))


def every_value_apart(model: Model) -> Model:
    """Return the model with one test more for each value, so that no two share a cell of the diagrams."""
    apart = [Literal(fact.id, frozenset({value})) for fact in model.facts.values() if fact.type == "choice" for value in fact.values]
    return replace(model, literals=(*model.literals, *apart))


def swapped(usual: ConditionTrees, fact: str, one: Value, other: Value) -> ConditionTrees:
    """Return the conditions with two values of a fact read for each other."""
    def turn(tree: Tree) -> Tree:
        if isinstance(tree, All | AnyOf):
            return type(tree)(tuple(turn(part) for part in tree.parts))
        if isinstance(tree, Not):
            return Not(turn(tree.part))
        literal = tree.literal
        if literal.fact != fact:
            return tree
        names: dict[Value, Value] = {one: other, other: one}
        values = frozenset(names.get(value, value) for value in literal.values)
        member = literal.member if literal.member is None else str(names.get(literal.member, literal.member))
        return Atom(replace(literal, values=values, member=member), tree.place)  # type: ignore[arg-type]

    return ConditionTrees(
        {id_: turn(tree) for id_, tree in usual.derived.items()}, usual.rules, {id_: turn(tree) for id_, tree in usual.whens.items()},
        tuple(replace(way, when=turn(way.when), unless=turn(way.unless)) for way in usual.ways))


@dataclass(frozen=True, slots=True)
class Reading:
    """What the conditions of a mutant answer: nodes of the diagrams, in the order of the bodies."""

    semantics: RuleSemantics
    bodies: tuple[tuple[str, int, int], ...]      # body, where it is recommended, where it is named at all
    rules: Mapping[str, int]                      # rule → where its reason is the one given
    ways: tuple[tuple[Sequence[str], int], ...]   # an order of bodies, where it applies

    @classmethod
    def of(cls, semantics: RuleSemantics) -> "Reading":
        """Read some conditions."""
        return cls(semantics, tuple((body, semantics.recommended(body), semantics.named(body)) for body in semantics.bodies),
                   semantics.deciding_rules(), tuple(semantics.ways()))


@dataclass
class MutationRun:
    """Judges mutants: by the cases, then by the proofs."""

    knowledge: Knowledge
    usual: Proofs
    reading: Reading                              # of the rules as they are
    partly_known: PartlyKnown
    cases: tuple[tuple[Case, list[int]], ...] = ()

    @cached_property
    def urgent(self) -> Set[str]:
        """The bodies of an emergency."""
        return {rule.body for rule in self.knowledge.model.rules if rule.level == "urgent"}

    def by_case(self, semantics: RuleSemantics) -> str | None:
        """Return the first case that a mutant breaks."""
        reading, usual = Reading.of(semantics), self.reading
        if (reading.bodies, reading.rules, reading.ways) == (usual.bodies, usual.rules, usual.ways):
            return None
        return next((case.id for case, cells in self.cases if self.departs(reading, case, cells)), None)

    def departs(self, reading: Reading, case: Case, cells: list[int]) -> bool:
        """Tell whether a reading departs from a case."""
        store = self.usual.algebra.store

        def holds(node: int) -> bool:
            return bool(store.values[store.walk(node, cells)])

        recommended = [body for body, node, _ in reading.bodies if holds(node)]
        possible = {body for body, _, node in reading.bodies if holds(node)} - set(recommended)
        if any(rule not in reading.rules or not holds(reading.rules[rule]) for rule in case.deciding_rule.values()):
            return True
        if case.exact and set(recommended) != set(case.expected):
            return True                          # the order need not be worked out
        ordered = ordered_by(recommended, [chain for chain, node in reading.ways if holds(node)])
        return bool(case.unmet(Bodies(tuple(ordered), possible, self.urgent)))

    def by_proof(self, semantics: RuleSemantics) -> str | None:
        """Return the first proof that fails."""
        p = Proofs(self.knowledge, self.usual.space, semantics)
        for proof in (some_body, invariants_hold, rules_decide):
            if next(iter(proof(p)), None) is not None:
                return proof.__name__
        if next(iter(unordered(semantics, self.knowledge)), None) is not None:
            return "unordered"
        same_orders = semantics.conditions.ways is self.usual.semantics.conditions.ways
        return None if same_orders or self.partly_known.orders_all(semantics.conditions) else "orders_all"


def court(knowledge_: Knowledge) -> MutationRun:
    """Prepare the judgement on the model's own day; cases of other days speak only where the same rules are in force.

    A case that leaves a presumed fact open speaks of the situation where it is what the rules presume. Where it leaves out what
    nobody asks there (the mandate of who is no association), any value will do, if the rules as they are agree with the case.
    """
    space = Space(every_value_apart(knowledge_.model), MODEL_DAY)
    usual = proofs(knowledge_, space)
    bench = MutationRun(knowledge_, usual, Reading.of(usual.semantics), PartlyKnown(knowledge_, space, with_unknown(space)))
    rules = [rule for rule in knowledge_.model.rules if in_force(rule, MODEL_DAY)]
    whole = [(case, space.cells({**left_out(knowledge_.model, case.on), **case.facts})) for case in cases()
             if rules == [rule for rule in knowledge_.model.rules if in_force(rule, case.on)]]
    return replace(bench, cases=tuple((case, cells) for case, cells in whole if not bench.departs(bench.reading, case, cells)))


def left_out(model: Model, today: date) -> dict[str, Value]:
    """Return what the rules presume of each fact, and some value of every other."""
    some: Mapping[str, Value] = {"bool": False, "date": today, "set": frozenset()}
    return {fact.id: fact.presumed if fact.presumed is not None else some[fact.type] if fact.type in some else fact.values[0]
            for fact in model.facts.values()}


def judge(knowledge_: Knowledge) -> Score:
    """Return what becomes of every mutant."""
    bench = court(knowledge_)
    score = Score()
    for change in changes(bench.usual.semantics.conditions, bench.usual.space):
        score.kinds[change.kind] = score.kinds.get(change.kind, 0) + 1
        semantics = RuleSemantics(bench.usual.algebra, change.conditions)
        if bench.by_case(semantics) is not None:
            score.by_case += 1
        elif bench.by_proof(semantics) is not None:
            score.by_proof += 1
        elif (change.name in EQUIVALENT or declared_alike(knowledge_, change)) and same_advice(semantics, bench.usual.semantics):
            score.equivalent.append(change.name)
        else:
            score.survivors.append((change.name, example(bench, semantics)))
    return score


def example(bench: MutationRun, semantics: RuleSemantics) -> str:
    """Return a situation that a mutant answers otherwise, to write a case from."""
    from decision_tree.authoring.prove.proofs import situation_words

    algebra, usual = bench.usual.algebra, bench.usual.semantics
    for body in semantics.bodies:
        for mine, theirs in ((semantics.recommended(body), usual.recommended(body)), (semantics.named(body), usual.named(body))):
            if mine != theirs:
                other = algebra.either(algebra.but_not(mine, theirs), algebra.but_not(theirs, mine))
                return f"'{body}' when {situation_words(algebra.example(other, lambda value: value is True))}"
    for rule, node in usual.deciding_rules().items():
        if semantics.deciding_rules().get(rule) != node:
            return f"only the reason given, of rule '{rule}'"
    return "no situation at all: declare it equivalent, or remove it" if same_advice(semantics, usual) else "only the order"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verb and return its exit code."""
    argparse.ArgumentParser(prog="python -m scripts.upkeep.mutants", description=__doc__,
                            formatter_class=argparse.RawDescriptionHelpFormatter).parse_args(arguments)
    started = time.perf_counter()
    score = judge(knowledge())
    for name, where in score.survivors:
        print(f"survives: {name}\n    changes {where}")
    killed = score.by_case + score.by_proof
    stale = EQUIVALENT.keys() - set(score.equivalent)
    for name in sorted(stale):
        print(f"no longer equivalent, or gone: {name}\n    take it out of EQUIVALENT")
    kinds = ", ".join(f"{count} {kind}" for kind, count in score.kinds.items())
    print(f"mutants: {score.total} ({kinds}); {killed} killed ({score.by_case} by a case, {score.by_proof} by a proof), "
          f"{len(score.equivalent)} equivalent with a reason, {len(score.survivors)} survivors; {time.perf_counter() - started:.0f} s")
    return 1 if score.survivors or stale else 0


if __name__ == "__main__":
    sys.exit(main())
