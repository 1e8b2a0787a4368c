"""What changes for people between two versions of the knowledge: the situations whose advice differs, in groups.

Both versions are read as diagrams over the same questions, so that every situation is compared, not a sample. A group
holds the situations in which the same bodies come, go or change places; it has one example, in words.
"""

import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from itertools import combinations
from pathlib import Path

from decision_tree.advice import advise, in_force
from decision_tree.authoring.prove.compile import Space, Variable, ordered_by
from decision_tree.authoring.prove.diagram import Diagrams, Node
from decision_tree.authoring.prove.semantics import BooleanAlgebra, RuleSemantics, complete, conditions_as_read
from decision_tree.authoring.read.as_of import MODEL_DAY
from decision_tree.authoring.read.cases import Case, load_cases
from decision_tree.authoring.read.conditions import Tree, atoms
from decision_tree.authoring.read.load import load_knowledge
from decision_tree.authoring.read.problems import KnowledgeError, Place, Problem
from decision_tree.authoring.read.shaped import read_shaped
from decision_tree.authoring.read.shapes import Localized, MapOf
from decision_tree.explain import fact_words
from decision_tree.guide.compiled import load_guide, plain
from decision_tree.locales import conventions, written_number
from decision_tree.model import Body, Contact, Fact, Facts, Locale, Migration, Model, Question, Rule, Text, Value


@dataclass(frozen=True, slots=True, eq=False)
class Version:
    """One version: its model, and the cases that stand beside it."""

    model: Model
    cases: tuple[Case, ...]


MOST_GROUPS = 200
"""Beyond that, nobody reads which bodies change together: each is told alone, and a situation may stand in several groups."""


@dataclass(frozen=True, slots=True)
class Group:
    """Situations in which the advice changes in the same way."""

    comes: tuple[str, ...]               # recommended now, not before
    goes: tuple[str, ...]                # recommended before, not now
    may_come: tuple[str, ...]            # also possible now, not named before
    may_go: tuple[str, ...]              # also possible before, not named now
    reordered: bool                      # the same bodies, in another order
    share: float                         # of all situations, between 0 and 1
    example: Facts
    before: tuple[str, ...]              # the recommended list of the example
    after: tuple[str, ...]
    rules: tuple[str, ...]               # whose reason is given in only one of the two, in the example

    @property
    def bodies(self) -> tuple[str, ...]:
        """Every body that changes."""
        return (*self.comes, *self.goes, *self.may_come, *self.may_go)


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs between two versions."""

    groups: tuple[Group, ...]            # the largest first
    reasons: tuple[str, ...]             # rules whose reason is given elsewhere, though the bodies stay
    reworded: tuple[str, ...]            # rules whose sentence or sources changed
    added: tuple[str, ...]               # rules
    removed: tuple[str, ...]
    asked: tuple[str, ...]               # facts, answers ("fact=value") and bodies that only the newer one knows
    dropped: tuple[str, ...]             # those that only the older one knows
    cases: tuple[str, ...]               # cases whose advice changed: to be read again
    shown: tuple[str, ...]               # cases that name a rule which changed: to be read again


def read_version(path: Path) -> Version:
    """Read a knowledge folder, a folder that holds one, or an exported model.

    Raises:
        KnowledgeError: It cannot be read.
    """
    if path.is_dir():
        folders = (path, path / "knowledge", path / "decision_tree" / "knowledge")
        root = next((one for one in folders if (one / "facts.yaml").is_file()), None)
        if root is None:
            raise _unreadable(path, "this folder holds no facts.yaml", "Name a knowledge folder, or the folder above it.")
        knowledge = load_knowledge(root, str(root))
        folder = root.parent.parent / "tests" / "cases"
        return Version(knowledge.model, load_cases(knowledge.model, knowledge.laws, folder, str(folder)) if folder.is_dir() else ())
    try:
        return Version(load_guide(_completed(path.read_text(encoding="utf-8"))).model, ())
    except OSError as error:
        raise _unreadable(path, f"the file cannot be read ({error.strerror})", "Check its name and rights.") from None
    except (ValueError, LookupError, TypeError, AttributeError):
        raise _unreadable(path, "this is not an exported model", "Make one with “python -m decision_tree export”.") from None


_RECORDS = {"facts": Fact, "questions": Question, "rules": Rule, "bodies": Body, "contacts": Contact, "migrations": Migration}


def _completed(text: str) -> str:
    """Return an export of an older version with the fields its records did not have yet: they are only ever added at the end."""
    data = json.loads(text)
    for kind, record in _RECORDS.items():
        for row in data["model"][kind]:
            row += [plain(one.default) for one in fields(record)[len(row):]]
    return json.dumps(data)


def _unreadable(path: Path, what: str, hint: str) -> KnowledgeError:
    return KnowledgeError([Problem(Place(str(path), 1), what, hint)])


def difference(old: Version, new: Version) -> Difference:
    """Compare two versions over every situation.

    Raises:
        KnowledgeError: A fact changed its type, so that no situation can be put to both.
    """
    algebra = complete(Space(_shared(old.model, new.model), MODEL_DAY))
    before, after = _world(algebra, old.model), _world(algebra, new.model)
    old_rules, new_rules = ({rule.id: rule for rule in version.model.rules} for version in (old, new))
    kept = [id_ for id_ in new_rules if id_ in old_rules]
    moved = [id_ for id_ in kept if before.deciding_rules().get(id_) != after.deciding_rules().get(id_)]
    groups = tuple(sorted(_groups(before, after, old.model, new.model), key=lambda one: (-one.share, one.bodies)))
    changed = {*moved, *(id_ for id_ in new_rules if id_ not in old_rules), *(id_ for id_ in old_rules if id_ not in new_rules)}
    cases = [case for case in new.cases or old.cases if _can_tell(old.model, case) and _can_tell(new.model, case)]
    differing = [case.id for case in cases if signature(old.model, case) != signature(new.model, case)]
    return Difference(
        groups=groups, reasons=tuple(moved),
        reworded=tuple(id_ for id_ in kept if _wording(old_rules[id_]) != _wording(new_rules[id_])),
        added=tuple(id_ for id_ in new_rules if id_ not in old_rules), removed=tuple(id_ for id_ in old_rules if id_ not in new_rules),
        asked=_only_in(new.model, old.model), dropped=_only_in(old.model, new.model), cases=tuple(differing),
        shown=tuple(sorted({id_ for rule in (*old_rules.values(), *new_rules.values()) if rule.id in changed for id_ in rule.shown_by}
                           - set(differing))))


@dataclass(frozen=True, slots=True)
class Share:
    """How often a body comes or goes, among all situations: each between 0 and 1."""

    body: str
    comes: float
    goes: float


class Compared:
    """Two versions, situation by situation: how many have another advice, each answer counting as one.

    Only situations that the older one could tell count: a question it did not ask stands as presumed.

    Args:
        told_apart: Conditions on the facts asked, to be asked of `touched`: answers no rule tells apart may differ there.
    """

    def __init__(self, old: Version, new: Version, told_apart: Iterable[Tree] = ()) -> None:
        shared = _shared(old.model, new.model)
        literals = dict.fromkeys([*shared.literals, *(atom.literal for tree in told_apart for atom in atoms(tree))])
        self.algebra = complete(Space(replace(shared, literals=tuple(literals)), MODEL_DAY))
        self.before, self.after = _world(self.algebra, old.model), _world(self.algebra, new.model)
        self.weights = _Weights(self.algebra, self.algebra.store, [_known_to(old.model, one) for one in self.algebra.space.variables])

    def _part(self, node: Node) -> float:
        return self.weights.share(node, True)

    def changed(self) -> float:
        """Return the share of the situations in which the bodies to turn to, or their order, are others."""
        either = self.algebra.either
        turned = [either(self.algebra.but_not(was, is_), self.algebra.but_not(is_, was)) for was, is_ in self._recommended()]
        return self._part(self.algebra.any([*turned, _reordered(self.before, self.after)]))

    def _recommended(self) -> list[tuple[Node, Node]]:
        return [(self.before.recommended(body), self.after.recommended(body)) for body in self.before.bodies]

    def bodies(self) -> list[Share]:
        """Return how often each body comes and goes, those that do; the largest first."""
        found = [Share(body, self._part(self.algebra.but_not(is_, was)), self._part(self.algebra.but_not(was, is_)))
                 for body, (was, is_) in zip(self.before.bodies, self._recommended(), strict=True)]
        return sorted((one for one in found if one.comes or one.goes), key=lambda one: -(one.comes + one.goes))

    def touched(self, when: Tree, bodies: Sequence[str]) -> float:
        """Return how often the place or the reason of one of these bodies changed, among the situations that name one of them."""
        algebra, named, changed = self.algebra, [], []
        for body in bodies:
            named += [self.before.named(body), self.after.named(body)]
            was, is_ = self._said(self.before, body), self._said(self.after, body)
            changed.append(algebra.store.combine(lambda one, other: one != other, was, is_))
        here = algebra.both(self.after.node(when), algebra.any(named))
        whole = self._part(here)
        return self._part(algebra.both(here, algebra.any(changed))) / whole if whole else 0.0

    def _said(self, semantics: RuleSemantics, body: str) -> Node:
        """Return which rule gives the reason of a body, None where the body is not named."""
        said = self.algebra.store.terminal(None)
        for id_, node in semantics.deciding_rules().items():
            if semantics.conditions.rules[id_].body == body:
                said = self.algebra.store.combine(lambda was, holds, id_=id_: was or (id_ if holds else None), said, node)  # type: ignore[misc]
        return said


def _can_tell(model: Model, case: Case) -> bool:
    """Tell whether a model knows every fact of a case, with the value it has there."""
    return all(fact in model.facts and _takes(model.facts[fact], value) for fact, value in case.facts.items())


def _takes(fact: Fact, value: Value) -> bool:
    if fact.type == "choice":
        return value in fact.values
    return not isinstance(value, frozenset) or value <= set(fact.values)


def _only_in(model: Model, other: Model) -> tuple[str, ...]:
    facts = [id_ for id_ in model.facts if id_ not in other.facts]
    values = [f"{id_}={value}" for id_, fact in model.facts.items() if id_ in other.facts
              for value in fact.values if value not in other.facts[id_].values]
    return (*facts, *values, *(id_ for id_ in model.bodies if id_ not in other.bodies))


def _wording(rule: Rule) -> object:
    return rule.because, rule.sources


def signature(model: Model, case: Case) -> object:
    """Return what makes two advices on a case the same: the bodies in order, and those also possible."""
    advice = advise(model, case.facts, case.on)
    return [one.body for one in advice.recommended], sorted(one.body for one in advice.also_possible)


def _shared(old: Model, new: Model) -> Model:
    """Return the questions and tests of both, without rules."""
    facts: dict[str, Fact] = dict(new.facts)
    for id_, fact in old.facts.items():
        if id_ in facts and facts[id_].type != fact.type:
            raise KnowledgeError([Problem(Place("facts.yaml", 1), f"the fact '{id_}' was a {fact.type} and is a {facts[id_].type}",
                                          "Give the new one another id: answers to the old one mean something else.")])
        values = (*facts[id_].values, *(value for value in fact.values if value not in facts[id_].values)) if id_ in facts else fact.values
        facts[id_] = replace(facts.get(id_, fact), values=values)
    asked = {question.fact for question in new.questions}
    literals = tuple(dict.fromkeys([*new.literals, *old.literals]))
    return replace(new, facts=facts, bodies={**old.bodies, **new.bodies}, derived={}, rules=(), order=(), literals=literals,
                   questions=(*new.questions, *(one for one in old.questions if one.fact not in asked)))


def _world(algebra: BooleanAlgebra, model: Model) -> RuleSemantics:
    return RuleSemantics(algebra, conditions_as_read(model, {rule.id: rule for rule in model.rules if in_force(rule, algebra.space.on)}))


def _groups(before: RuleSemantics, after: RuleSemantics, old: Model, new: Model) -> Iterator[Group]:
    store = before.algebra.store
    root = store.terminal(())
    alone = [store.combine(lambda was, is_, body=body: () if was == is_ else ((body, was, is_),),  # type: ignore[misc]
                           _standing(before, body), _standing(after, body)) for body in before.bodies]
    for change in alone:
        root = store.combine(lambda changes, one: (*changes, *one), root, change)  # type: ignore[misc]
        if len(store.terminals(root)) > MOST_GROUPS:
            for body in alone:
                yield from _groups_of(body, before, after, old, new)
            return
    root = store.combine(lambda changes, moved: "order" if moved and not changes else changes, root, _reordered(before, after))
    yield from _groups_of(root, before, after, old, new)


def _groups_of(root: Node, before: RuleSemantics, after: RuleSemantics, old: Model, new: Model) -> Iterator[Group]:
    algebra, store = before.algebra, before.algebra.store
    weigh = _Weights(algebra, store)
    for value in store.terminals(root) - {()}:
        cells = store.witness(root, lambda found, value=value: found == value)  # type: ignore[misc]
        assert cells is not None
        yield _group(before, after, value, cells, weigh.share(root, value))


def _standing(semantics: RuleSemantics, body: str) -> Node:
    return semantics.algebra.store.combine(lambda recommended, named: 2 if recommended else 1 if named else 0,
                                       semantics.recommended(body), semantics.named(body))


def _reordered(before: RuleSemantics, after: RuleSemantics) -> Node:
    """Return when some pair of bodies recommended in both stands the other way round."""
    algebra = before.algebra
    found = []
    for one, other in combinations(before.bodies, 2):
        together = algebra.all([semantics.recommended(body) for semantics in (before, after) for body in (one, other)])
        if together != algebra.false:
            was, is_ = before.before(one, other), after.before(one, other)
            turned = algebra.either(algebra.but_not(was, is_), algebra.but_not(is_, was))
            found.append(algebra.both(together, turned))
    return algebra.any(found)


def _known_to(model: Model, variable: Variable) -> list[int]:
    """Return how many answers of each cell a model knows; of a question it does not ask, the first answer alone."""
    fact = model.facts.get(variable.fact)
    if fact is None:
        return [int(number == variable.assumed) for number in range(len(variable.cells))]
    if variable.member is not None:
        return [1, int(variable.member in fact.values)]
    return [sum(value in fact.values for value in cell) if fact.type == "choice" else len(cell) for cell in variable.cells]


@dataclass(slots=True)
class _Weights:
    """Counts situations, each answer as one."""

    algebra: BooleanAlgebra
    store: Diagrams
    sizes: Sequence[Sequence[int]] = ()                   # how many answers of each cell count: all of them by default

    def share(self, root: Node, value: Hashable) -> float:
        """Return the share of all situations in which a diagram has a value."""
        sizes = self.sizes or [[len(cell) for cell in variable.cells] for variable in self.algebra.space.variables]

        @cache
        def below(node: Node) -> float:
            if self.store.is_terminal(node):
                return float(self.store.values[node] == value)
            weights = sizes[self.store.variable[node]]
            return sum(weight * below(child) for weight, child in zip(weights, self.store.children[node], strict=True)) / sum(weights)

        return below(root)


def _group(before: RuleSemantics, after: RuleSemantics, value: Hashable, cells: Mapping[int, int], share: float) -> Group:
    space, store = before.algebra.space, before.algebra.store
    changes: Sequence[tuple[str, int, int]] = () if value == "order" else value  # type: ignore[assignment]
    whole = [cells.get(number, variable.assumed) for number, variable in enumerate(space.variables)]

    def holds(node: Node) -> bool:
        return bool(store.values[store.walk(node, whole)])

    speaking = [{id_ for id_, node in semantics.deciding_rules().items() if holds(node)} for semantics in (before, after)]
    return Group(
        comes=tuple(body for body, was, is_ in changes if is_ == 2 and was < 2),
        goes=tuple(body for body, was, is_ in changes if was == 2 and is_ < 2),
        may_come=tuple(body for body, was, is_ in changes if (was, is_) == (0, 1)),
        may_go=tuple(body for body, was, is_ in changes if (was, is_) == (1, 0)),
        reordered=value == "order", share=share, example=space.situation(cells), before=_listed(before, holds), after=_listed(after, holds),
        rules=tuple(sorted(speaking[0] ^ speaking[1])))


def _listed(semantics: RuleSemantics, holds: Callable[[Node], bool]) -> tuple[str, ...]:
    recommended = [body for body in semantics.bodies if holds(semantics.recommended(body))]
    return tuple(ordered_by(recommended, [bodies for bodies, node in semantics.ways() if holds(node)]))


@cache
def words() -> Mapping[str, Text]:
    """Return what a difference is told with, by name."""
    found: Mapping[str, Text] = read_shaped(Path(__file__).with_name("words.yaml"), MapOf(Localized()))
    return found


def compare(old: Version, new: Version, locale: Locale) -> str:
    """Return what differs between two versions, in words."""
    found = difference(old, new)
    lines = [words()["none"][locale]] if not found.groups else [f"{_label('groups', locale)} {len(found.groups)}"]
    for group in found.groups:
        lines += ["", *_group_words(group, old.model, new.model, locale)]
    lists = [("asked", found.asked), ("dropped", found.dropped),
             ("reasons", found.reasons), ("reworded", found.reworded), ("added", found.added), ("removed", found.removed),
             ("cases", found.cases), ("shown", found.shown)]
    said = [f"{_label(word, locale)} {', '.join(ids)}" for word, ids in lists if ids]
    return "\n".join([*lines, *([""] if said else []), *said])


def _label(word: str, locale: Locale) -> str:
    return words()[word][locale] + conventions(locale).colon


def _group_words(group: Group, old: Model, new: Model, locale: Locale) -> Iterator[str]:
    bodies = {**old.bodies, **new.bodies}
    for word, ids in (("comes", group.comes), ("goes", group.goes), ("may_come", group.may_come), ("may_go", group.may_go)):
        if ids:
            yield f"- {_label(word, locale)} {', '.join(bodies[id_].short[locale] for id_ in ids)}"
    if group.reordered:
        yield f"- {words()['reordered'][locale]}"
    rules = f"{conventions(locale).semicolon} {_label('rules', locale)} {', '.join(group.rules)}" if group.rules else ""
    yield f"  {_percent(group.share, locale)} {words()['share'][locale]}{rules}"
    model = replace(new, facts={**old.facts, **new.facts}, questions=(*new.questions, *old.questions))
    said = f"{conventions(locale).semicolon} ".join(fact_words(model, group.example, fact, locale) for fact in group.example)
    yield f"  {_label('example', locale)} {said}"
    for word, ids in (("before", group.before), ("after", group.after)):
        yield f"    {_label(word, locale)} {', '.join(bodies[id_].short[locale] for id_ in ids) or words()['nothing'][locale]}"


def _percent(share: float, locale: Locale) -> str:
    shown = f"{100 * share:.2g}" if share >= 0.0001 else "<\u00a00.01"
    return conventions(locale).percent.format(written_number(shown, locale))
