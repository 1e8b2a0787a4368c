"""Legal cases: a situation and the advice the law gives it, as `tests/cases/*.yaml` write them."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from decision_tree.advice import Advice
from decision_tree.authoring.read.load import KNOWLEDGE
from decision_tree.authoring.read.problems import KnowledgeError, Place, Problem, did_you_mean
from decision_tree.authoring.read.shapes import (
    Bool,
    Day,
    ListOf,
    Localized,
    MapOf,
    RawNode,
    Reading,
    Record,
    Str,
    kind_of_node,
    unique,
)
from decision_tree.authoring.read.yaml_text import MappingNode, Node, place_of, read_yaml
from decision_tree.model import Fact, Facts, Model, Text, Value

CASES = KNOWLEDGE.parent.parent / "tests" / "cases"


IDS = ListOf(Str())
TEXT = Localized()
REASONS = MapOf(Record({"law": Str(), "says": TEXT}))
CASE = Record(
    {"id": Str(), "title": TEXT, "on": Day(), "facts": RawNode({"type": "object"}),
     "why": TEXT, "sources": ListOf(Str(), least=1)},
    {"expected": IDS, "recommend": IDS, "first": Str(), "offer": IDS, "not_recommended": IDS, "either": MapOf(Str()),
     "deadline": Record({"body": Str()}, {"latest": Day(), "due": Day(), "past": Bool()}), "says": ListOf(Str()),
     "story": RawNode({"type": "object"}), "has_order": Bool(), "optional": IDS, "must_not": IDS, "statements": IDS,
     "entry_hint": Str(), "uncertain": Str(), "also": REASONS, "not_possible": REASONS, "to_check": IDS, "deciding_rule": MapOf(Str())})


@dataclass(frozen=True, slots=True)
class Bodies:
    """The bodies of an advice: those recommended, in order; those also possible; those of an emergency, which come before a first step."""

    recommended: tuple[str, ...]
    possible: Set[str]
    urgent: Set[str]

    @classmethod
    def of(cls, advice: Advice) -> "Bodies":
        """Return those of an advice."""
        return cls(tuple(one.body for one in advice.recommended), {one.body for one in advice.also_possible},
                   {one.body for one in advice.recommended if one.level == "urgent"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Demands:
    """What must hold of an advice, where a case does not give the whole of it."""

    recommend: tuple[str, ...] = ()
    first: str | None = None
    offer: tuple[str, ...] = ()
    either: Mapping[str, str]
    not_recommended: tuple[str, ...] = ()
    limit: Mapping[str, Any]             # body; latest or due (days), or past
    says: tuple[str, ...] = ()
    today: date

    def bodies(self) -> list[str]:
        """Return every body it names."""
        one = [self.first] if self.first else []
        return [*self.recommend, *self.offer, *self.not_recommended, *self.either.values(), *one,
                *([self.limit["body"]] if self.limit else [])]

    def unmet(self, bodies: "Bodies") -> list[str]:
        """Return in plain words where the bodies of an advice depart from it."""
        found, named = [], {*bodies.recommended, *bodies.possible}
        if (kept := [body for body in bodies.recommended if body in self.recommend]) != list(self.recommend):
            found.append(f"recommends {', '.join(kept) or 'none'} of {', '.join(self.recommend)}, in this order")
        first = next((body for body in bodies.recommended if body not in bodies.urgent), None)
        if self.first and first != self.first:
            found.append(f"begins with {first} instead of {self.first}")
        found += [f"does not offer {body}" for body in self.offer if body not in named and self.either.get(body) not in named]
        return found + [f"recommends {body}" for body in self.not_recommended if body in bodies.recommended]

    def unsaid(self, advice: Advice) -> list[str]:
        """Return in plain words which time limits and words an advice lacks."""
        verdicts = {one.body: one for one in (*advice.recommended, *advice.also_possible)}
        found = []
        if self.limit:
            found += self._limit_differences([one.due for one in verdicts[self.limit["body"]].deadlines if one.due]
                                             if self.limit["body"] in verdicts else [])
        words = " ".join([one.rule.because.fr for one in verdicts.values() if one.rule]
                         + [due.deadline.text.fr for one in verdicts.values() for due in one.deadlines])
        if self.says and not any(said in words.replace("\u00a0", " ") for said in self.says):
            found.append(f"says none of: {', '.join(self.says)}")
        return found

    def _limit_differences(self, days: list[date]) -> list[str]:
        latest, due, past = (self.limit.get(key) for key in ("latest", "due", "past"))
        found = []
        if latest is not None and any(day > latest for day in days):
            found.append(f"lets a limit of {self.limit['body']} run after {latest}")
        if due is not None and due not in days:
            found.append(f"gives {self.limit['body']} no limit on {due}")
        if past is not None and past not in {day < self.today for day in days}:
            found.append(f"gives {self.limit['body']} no limit that is {'past' if past else 'to come'}")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A situation and the advice the law gives it.

    A case is exact when it has `expected`: the recommended list, and every possible body explained. Otherwise it says what must
    hold: `recommend` (in this order, others may stand between), `first`, `offer` (recommended or possible, or what `either`
    names instead), `must_not`, `not_recommended`, one time limit, words of which one must be said.

    `also` and `not_possible` give a body's law and reason; `deciding_rule` names the rule whose reason a body must give.
    """

    id: str
    title: Text
    on: date
    facts: Facts
    has_order: bool | None
    expected: tuple[str, ...]
    exact: bool                          # whether `expected` is the whole list
    demands: "Demands"
    optional: tuple[str, ...]
    must_not: tuple[str, ...]
    also: Mapping[str, tuple[str, Text]]
    not_possible: Mapping[str, tuple[str, Text]]
    to_check: tuple[str, ...]
    deciding_rule: Mapping[str, str]
    why: Text
    sources: tuple[str, ...]
    statements: tuple[str, ...]
    place: Place

    def differences(self, advice: Advice) -> list[str]:
        """Return in plain words where an advice departs from this case; nothing when it agrees."""
        found = [*self.unmet(Bodies.of(advice)), *self.demands.unsaid(advice)]
        unsure = tuple(verdict.body for verdict in advice.to_check)
        if self.exact and unsure != self.to_check:
            found.append(f"has to check {', '.join(unsure) or 'nothing'} instead of {', '.join(self.to_check) or 'nothing'}")
        for verdict in (*advice.recommended, *advice.also_possible):
            if verdict.rule is not None and verdict.rule.id != self.deciding_rule.get(verdict.body, verdict.rule.id):
                found.append(f"gives for {verdict.body} the reason of {verdict.rule.id} instead of {self.deciding_rule[verdict.body]}")
        return found

    def unmet(self, bodies: Bodies) -> list[str]:
        """Return in plain words where the bodies of an advice depart from this case; limits, words and reasons are not read here."""
        found = self.demands.unmet(bodies)
        found += [f"names {body}, which this case forbids" for body in self.must_not
                  if body in bodies.possible or body in bodies.recommended]
        return found + self._exactly(bodies.recommended, bodies.possible) if self.exact else found

    def _exactly(self, recommended: tuple[str, ...], possible: Set[str]) -> list[str]:
        found = []
        if recommended != self.expected:
            found.append(f"recommends {', '.join(recommended) or 'nothing'} instead of {', '.join(self.expected) or 'nothing'}")
        found += [f"does not make {body} possible" for body in self.optional
                  if body not in possible and body not in recommended and body not in self.not_possible]
        found += [f"makes {body} possible, though the case says why not" for body in self.not_possible if body in possible]
        found += [f"also makes {body} possible, which the case does not explain" for body in sorted(possible)
                  if body not in self.optional and body not in self.also]
        return found + [f"does not make {body} possible, though 'also' says so" for body in self.also if body not in possible]


def load_cases(model: Model, laws: Iterable[str], folder: Path = CASES, shown: str = "tests/cases") -> tuple[Case, ...]:
    """Read every case of a folder, in file order.

    Raises:
        KnowledgeError: With every problem found.
    """
    known_laws = frozenset(laws)
    problems: list[Problem] = []
    records: list[dict[str, Any]] = []
    for path in sorted(folder.glob("*.yaml")):
        records += _records(path, f"{shown}/{path.name}", problems)
    cases = [_case(record, model, known_laws, problems) for record in unique(records, "id", problems).values()]
    if problems:
        raise KnowledgeError(problems)
    return tuple(cases)


@cache
def cases() -> tuple[Case, ...]:
    """Return the project's own cases, read once per process."""
    from decision_tree.authoring.read.load import knowledge

    return load_cases(knowledge().model, knowledge().laws)


def _records(path: Path, shown: str, problems: list[Problem]) -> list[dict[str, Any]]:
    node, found = read_yaml(path, shown)
    problems += found
    if node is None:
        return []
    reading = Reading(shown)
    records = list(ListOf(CASE).read(node, reading) or ())
    problems += reading.problems
    return records


def _case(record: dict[str, Any], model: Model, laws: frozenset[str], problems: list[Problem]) -> Case:
    place: Place = record[""]
    facts = read_facts(record["facts"], model, place.file, problems)
    reasons = {key: {body: (one["law"], one["says"]) for body, one in (record.get(key) or {}).items() if one}
               for key in ("also", "not_possible")}
    demands = Demands(
        recommend=record.get("recommend") or (), first=record.get("first"), offer=record.get("offer") or (),
        either=record.get("either") or {}, not_recommended=record.get("not_recommended") or (),
        limit=record.get("deadline") or {}, says=record.get("says") or (), today=record["on"])
    named = [*(record.get("expected") or ()), *demands.bodies(), *(record.get("optional") or ()), *(record.get("must_not") or ()),
             *(record.get("to_check") or ()), *(record.get("deciding_rule") or ()), *reasons["also"], *reasons["not_possible"]]
    _known(named, model.bodies, place, f"the case '{record['id']}' names the body", problems)
    rules = [rule.id for rule in model.rules]
    _known((record.get("deciding_rule") or {}).values(), rules, place, f"the case '{record['id']}' expects the rule", problems)
    cited = [*record["sources"], *(law for group in reasons.values() for law, _ in group.values())]
    _known(cited, laws, place, f"the case '{record['id']}' cites the law", problems)
    return Case(
        id=record["id"], title=record["title"], on=record["on"], facts=facts, has_order=record.get("has_order"),
        expected=record.get("expected") or (), exact=record.get("expected") is not None,
        demands=demands, optional=record.get("optional") or (), must_not=record.get("must_not") or (),
        also=reasons["also"], not_possible=reasons["not_possible"], to_check=record.get("to_check") or (),
        deciding_rule=record.get("deciding_rule") or {}, why=record["why"],
        sources=record["sources"], statements=record.get("statements") or (), place=place)


def _known(names: Iterable[str], known: Iterable[str], place: Place, what: str, problems: list[Problem]) -> None:
    names_known = list(known)
    problems += [Problem(place, f"{what} '{name}', which no file describes", did_you_mean(name, names_known, "describe it in knowledge/."))
                 for name in names if name not in names_known]


def read_facts(node: Node, model: Model, file: str, problems: list[Problem]) -> dict[str, Value]:
    """Return the typed facts of a mapping node, noting what is not one."""
    reading = Reading(file)
    facts: dict[str, Value] = {}
    if not isinstance(node, MappingNode):
        reading.problem(node, f"facts are a mapping, not {kind_of_node(node)}", "Write {fact: value, …}.")
    else:
        for key_node, value_node in node.value:
            fact = model.facts.get(key_node.value) if isinstance(key_node.value, str) else None
            if fact is None:
                reading.problem(key_node, f"the fact '{key_node.value}' is unknown",
                                did_you_mean(str(key_node.value), model.facts, "describe it in knowledge/facts.yaml."))
            elif (value := _value(fact, value_node, reading)) is not None:
                facts[fact.id] = value
    problems += reading.problems
    return facts


def _value(fact: Fact, node: Node, reading: Reading) -> Value | None:
    if fact.type == "bool":
        return Bool().read(node, reading)
    if fact.type == "date":
        return Day().read(node, reading)
    if fact.type == "set":
        members = ListOf(Str()).read(node, reading)
        words: tuple[str, ...] = members or ()
    else:
        word = Str().read(node, reading)
        words = () if word is None else (word,)
    for word in words:
        if word not in fact.values:
            reading.problems.append(Problem(place_of(node, reading.file), f"'{word}' is not a value of '{fact.id}'",
                                            did_you_mean(word, fact.values, f"use one of: {', '.join(fact.values)}.")))
    return frozenset(words) if fact.type == "set" else words[0] if words else None
