"""The one door from YAML to the checked model. Every mistake is reported at once; past this point nothing asks again."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from decision_tree.authoring.read import files
from decision_tree.authoring.read.as_of import MODEL_DAY
from decision_tree.authoring.read.conditions import (
    ALWAYS,
    MAX_WAYS,
    NEVER,
    All,
    AnyOf,
    LiteralNumbers,
    Not,
    TooManyWays,
    Tree,
    Vocabulary,
    atoms,
    read_condition,
)
from decision_tree.authoring.read.knowledge import (
    Budget,
    Correction,
    EquivalentOptions,
    FollowUp,
    Invariant,
    Keeps,
    Knowledge,
    Law,
    Quantity,
    Review,
    RuleText,
    Statement,
    Term,
    Touched,
    UnlessClause,
)
from decision_tree.authoring.read.match_words import MatchWords
from decision_tree.authoring.read.problems import KnowledgeError, Place, Problem, did_you_mean
from decision_tree.authoring.read.shapes import Reading, conditions_in, unique
from decision_tree.authoring.read.yaml_text import MAX_BYTES, Node, read_yaml
from decision_tree.model import (
    Body,
    Chain,
    Contact,
    Deadline,
    Delay,
    Derived,
    Fact,
    Group,
    How,
    Implication,
    LawReference,
    Literal,
    Migration,
    Model,
    Option,
    Plan,
    Question,
    Reply,
    Rule,
    Text,
    Value,
    Wording,
)

KNOWLEDGE = Path(__file__).resolve().parents[2] / "knowledge"
LENGTHS = ("days", "months", "years")    # units of a length of time
Records = dict[str, dict[str, Any]]


@dataclass(slots=True)
class LoadContext:
    """The state of one load: the root, what is wrong, every translated text by its path."""

    root: Path
    shown_root: str
    problems: list[Problem] = field(default_factory=list)
    texts: dict[str, tuple[Text, Place]] = field(default_factory=dict)
    quantities: dict[str, Quantity] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)          # ids of entries with a mistake: no more is said of what names them
    unread: set[str] = field(default_factory=set)        # patterns with a mistake in some file
    partial: list[dict[str, Any]] = field(default_factory=list)       # entries that cannot be used, still to be checked

    def records(self, pattern: str) -> list[dict[str, Any]]:
        """Read every file of a pattern and return its records in file order."""
        found: list[dict[str, Any]] = []
        paths = sorted(self.root.glob(pattern))
        if not paths:
            self.problem(Place(f"{self.shown_root}/{pattern}", 1), "no such file", "Write it, or restore it.")
        for path in paths:
            value = self._read(path, pattern)
            if isinstance(value, tuple):
                found.extend(value)
            elif value is not None:
                found.append(value)
        return found

    def _read(self, path: Path, pattern: str) -> Any:
        shown = f"{self.shown_root}/{path.relative_to(self.root).as_posix()}"
        node, problems = read_yaml(path, shown)
        self.problems += problems
        if node is None:
            if not problems and "*" in pattern:
                self.problem(Place(shown, 1), "the file is empty", "Write its entries, or remove it.")
            self.lost |= {path.stem, *re.findall(r"\bid:\s*[\"']?([\w-]+)", path.read_bytes()[:MAX_BYTES].decode(errors="replace"))}
            self.unread.add(pattern)
            return None
        reading = Reading(shown, fill=self.fill, trail=[path.relative_to(self.root).with_suffix("").as_posix()])
        value = files.FILES[pattern].read(node, reading)
        self.problems += reading.problems
        self.texts.update(reading.texts)
        if reading.problems:
            self.unread.add(pattern)
            self.lost |= reading.lost | {path.stem}
        self.partial += reading.partial
        return value

    def fill(self, text: str, locale: str, place: Place) -> str:
        """Replace {quantity_id} by the quantity in words."""
        def words(match: re.Match[str]) -> str:
            quantity = self.quantities.get(match[1])
            if quantity is None and match[1] in self.lost:
                return match[0]
            if quantity is None:
                self.problem(place, f"the text names the quantity '{match[1]}', which no file describes",
                             did_you_mean(match[1], self.quantities, "describe it in knowledge/quantities.yaml."))
                return match[0]
            return quantity.words(locale)
        return re.sub(r"\{([a-z0-9_]+)\}", words, text)

    def problem(self, place: Place, what: str, hint: str) -> None:
        """Note a mistake."""
        self.problems.append(Problem(place, what, hint))

    def by_id(self, pattern: str, key: str = "id") -> Records:
        """Read a pattern's records by id."""
        return unique(self.records(pattern), key, self.problems)

    def known(self, ids: Iterable[str], known: Mapping[str, Any], place: Place, what: str, where: str) -> None:
        """Note every id that no entry describes."""
        for name in ids:
            if name not in known and name not in self.lost:
                self.problem(place, f"{what} '{name}', which no file describes",
                             did_you_mean(name, known, f"describe it in {where}."))


def load_knowledge(root: Path = KNOWLEDGE, shown_root: str = "decision_tree/knowledge") -> Knowledge:
    """Read, check and return the knowledge.

    Args:
        root: The folder of YAML files.
        shown_root: How messages name that folder.

    Raises:
        KnowledgeError: With every problem found, in file order.
    """
    context = LoadContext(root, shown_root)
    _read_quantities(context)
    facts = _facts(context)
    trees = TreeReader(context, Vocabulary(facts, lost=context.lost), LiteralNumbers())
    derived_trees, derived, derived_places = _derived(context, trees)
    records = {name: context.by_id(pattern) for name, pattern in
               {"bodies": "bodies/*.yaml", "laws": "laws/*.yaml", "statements": "statements/*.yaml",
                "contacts": "contacts.yaml", "rules": "rules/*.yaml", "glossary": "glossary.yaml"}.items()}
    laws = {id_: _law(record) for id_, record in records["laws"].items()}
    plans = context.by_id("plans.yaml")
    bodies = {id_: _body(record, plans.get(id_)) for id_, record in records["bodies"].items()}
    statements = {id_: _statement(record) for id_, record in records["statements"].items()}
    contacts = {id_: _contact(record) for id_, record in records["contacts"].items()}
    _check_plans(context, plans, bodies, contacts)
    _check_references(context, records, laws, statements, bodies, contacts)
    questions, equivalent_options, question_places = _questions(context, trees, facts)
    rules, rule_texts = _rules(context, trees, records["rules"], bodies, laws)
    order, chain_places = _order(context, trees, bodies)
    deadlines = _deadlines(context, trees, bodies, laws)
    invariants = _invariants(context, trees, bodies, laws)
    migrations = _migrations(context, facts)
    corrections = _corrections(context, statements, trees, bodies)
    follow_ups = _follow_ups(context, laws)
    words = {record["id"]: record["text"] for record in context.by_id("words.yaml").values()}
    match = _match(context, facts)
    budget, as_of = _budget(context), _as_of(context)
    reviews = tuple(Review(what=one["what"], by=one["by"], day=one["day"], hash=one["hash"], note=one.get("note"), place=one[""])
                    for one in context.records("reviewed.yaml"))
    _check_partial(context, trees, {"body": bodies, "bodies": bodies, "sources": laws, "laws": laws, "law": laws,
                                    "statements": statements, "statement": statements, "contact": contacts})
    if context.problems:
        raise KnowledgeError(context.problems)
    literals = tuple(trees.numbers.numbers)
    cited = {id_ for rule in rules for id_ in rule.sources} | {d.law for d in deadlines}
    cited |= {id_ for body in bodies.values() for id_ in body.sources}
    model = Model(
        hash=model_hash(facts, derived, literals, questions, rules, order), facts=facts, derived=derived,
        literals=literals, questions=questions, rules=rules, order=order, bodies=bodies,
        laws={id_: LawReference(id_, law.short, law.url) for id_, law in laws.items() if id_ in cited},
        contacts=contacts, deadlines=deadlines, migrations=migrations, words=words,
    )
    return Knowledge(
        model=model, statements=statements, laws=laws, quantities=context.quantities,
        glossary={id_: _term(record) for id_, record in records["glossary"].items()},
        corrections=corrections, follow_ups=follow_ups, invariants=invariants,
        rule_texts=rule_texts, derived_trees=derived_trees, derived_places=derived_places,
        question_places=question_places, chain_places=chain_places, equivalent_options=equivalent_options,
        match=match, budget=budget, as_of=as_of, reviews=reviews, texts=context.texts,
    )


def _corrections(context: LoadContext, statements: Mapping[str, Statement], trees: "TreeReader",
                 bodies: Mapping[str, Body]) -> tuple[Correction, ...]:
    if not (context.root / "corrections.yaml").is_file():   # a knowledge older than this list
        return ()
    found = []
    for record in context.by_id("corrections.yaml").values():
        context.known(record["statements"], statements, record[""], f"the correction '{record['id']}' rests on the statement",
                      "knowledge/statements/")
        if record["corrected"] < record["since"]:
            context.problem(record[""], f"the correction '{record['id']}' was made before the error stood", "Exchange the two days.")
        touched = None
        if said := record.get("touched"):
            context.known(said["bodies"], bodies, record[""], f"the correction '{record['id']}' touched the body", "knowledge/bodies/")
            touched = Touched(trees.tree(said["when"], record[""]), tuple(said["bodies"]))
        found.append(Correction(**{key: value for key, value in record.items() if key not in ("", "touched")}, touched=touched,
                                place=record[""]))
    return tuple(found)


def _follow_ups(context: LoadContext, laws: Mapping[str, Law]) -> tuple[FollowUp, ...]:
    if not (context.root / "follow_ups.yaml").is_file():   # a knowledge older than this list
        return ()
    found = []
    for id_, record in context.by_id("follow_ups.yaml").items():
        context.known([record["law"]], laws, record[""], f"the follow-up '{id_}' cites the law", "knowledge/laws/")
        delay = context.quantities.get(record["delay"])
        if record["delay"] in context.lost:
            continue
        if delay is None or delay.unit not in LENGTHS or delay.value is None:
            context.problem(record[""], f"the follow-up '{id_}' comes after '{record['delay']}', which is no length of time",
                            did_you_mean(record["delay"], context.quantities, "describe it in knowledge/quantities.yaml."))
            continue
        found.append(FollowUp(**{key: value for key, value in record.items() if key not in ("", "delay")}, delay=delay, place=record[""]))
    return tuple(found)


def _match(context: LoadContext, facts: Mapping[str, Fact]) -> MatchWords:
    if not (context.root / "match").is_dir():   # a knowledge older than these words
        return MatchWords({}, [], [], [], {})
    records = {name: context.records(f"match/{name}.yaml") for name in ("facts", "pages", "outside", "spelling")}
    words = MatchWords.read(records, context.by_id("match/words/*.yaml"), facts)
    if not context.unread.intersection(one for one in files.FILES if one.startswith("match/")):
        context.problems += words.problems   # what names an entry with a mistake is not said twice
    return words


@cache
def knowledge() -> Knowledge:
    """Return the project's own knowledge, read once per process."""
    return load_knowledge()


def model_hash(facts: Mapping[str, Fact], derived: Mapping[str, Derived], literals: tuple[Literal, ...],
               questions: tuple[Question, ...], rules: tuple[Rule, ...], order: tuple[Chain, ...]) -> str:
    """Return eight hexadecimal digits that change with ids, conditions and order, not with words."""
    parts: list[Any] = [
        [[f.id, f.type, list(f.values), _plain(f.presumed)] for f in facts.values()],
        [[d.id, d.when] for d in derived.values()],
        [[one.fact, sorted(map(str, one.values)), one.member, one.years, one.positive, one.year_end] for one in literals],
        [[q.fact, q.core, [[one.when, _plain(one.value)] for one in q.implied_by], _plain(q.assumed), _plain(q.unknown)]
         for q in questions],
        [[r.id, r.body, r.standing, r.level, r.when, r.closes, r.always, r.fallback, str(r.in_force_from),
          str(r.in_force_to)] for r in rules],
        [[c.id, c.bodies, c.when, c.unless] for c in order],
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:8]


def _plain(value: Value | None) -> Any:
    return sorted(value) if isinstance(value, frozenset) else str(value) if value is not None else None


@dataclass(slots=True)
class TreeReader:
    """Reads conditions of any file with one vocabulary and one numbering of literals."""

    context: LoadContext
    vocabulary: Vocabulary
    numbers: LiteralNumbers

    def tree(self, node: Node | None, place: Place, default: Tree = ALWAYS) -> Tree:
        """Return the condition of a node, or the default where there is none."""
        if node is None:
            return default
        reading = Reading(place.file)
        tree = read_condition(node, self.vocabulary, reading)
        self.context.problems += reading.problems
        return tree if tree is not None else default

    def terms(self, tree: Tree) -> tuple[tuple[int, ...], ...]:
        """Return the condition as terms of literal numbers."""
        try:
            return self.numbers.condition(tree, self.vocabulary.facts)
        except TooManyWays:
            self.context.problem(atoms(tree)[0].place, f"this condition can hold in more than {MAX_WAYS} ways",
                                 "Name its parts in knowledge/derived.yaml, or write several rules.")
            return ()


def _read_quantities(context: LoadContext) -> None:
    for id_, record in context.by_id("quantities.yaml").items():
        value, least, most = record.get("value"), record.get("min"), record.get("max")
        if any(key in record and record[key] is None for key in ("value", "min", "max")):
            context.lost.add(id_)
            continue
        if (value is None) == (least is None or most is None):
            context.lost.add(id_)
            context.problem(record[""], f"the quantity '{id_}' needs a value, or min and max", "Write one or the other.")
            continue
        context.quantities[id_] = Quantity(
            id=id_, unit=record["unit"], value=value, least=least, most=most, status=record.get("status") or "current",
            law=record.get("law"), statement=record.get("statement"), place=record[""])


def _facts(context: LoadContext) -> dict[str, Fact]:
    facts = {}
    for id_, record in context.by_id("facts.yaml").items():
        values = record.get("values") or ()
        if (record["type"] in ("choice", "set")) != bool(values):
            context.lost.add(id_)
            context.problem(record[""], f"the fact '{id_}' of type {record['type']} and its values do not go together",
                            "Give a choice or a set its values, and the other types none.")
        facts[id_] = Fact(id_, record["type"], values, record["label"], _value_of(record.get("presumed")))
    return facts


def _value_of(value: Any) -> Any:
    return frozenset(value) if isinstance(value, tuple) else value


def _derived(context: LoadContext, trees: TreeReader) -> tuple[dict[str, Tree], dict[str, Derived], dict[str, Place]]:
    found: dict[str, Tree] = {}
    derived: dict[str, Derived] = {}
    places: dict[str, Place] = {}
    for id_, record in context.by_id("derived.yaml").items():
        if id_ in trees.vocabulary.facts:
            context.problem(record[""], f"'{id_}' is already a fact that is asked", "Choose another id.")
            continue
        found[id_] = trees.tree(record["when"], record[""])
        derived[id_] = Derived(id_, trees.terms(found[id_]), record["label"])
        places[id_] = record[""]
        trees.vocabulary.derived.add(id_)
    return found, derived, places


def _questions(context: LoadContext, trees: TreeReader,
               facts: Mapping[str, Fact]) -> tuple[tuple[Question, ...], tuple[EquivalentOptions, ...], dict[str, Place]]:
    questions, equivalent_options, places = [], [], {}
    for fact_id, record in context.by_id("questions.yaml", "fact").items():
        place = record[""]
        places[fact_id] = place
        fact = facts.get(fact_id)
        if fact is None:
            context.known([fact_id], facts, place, "the question asks for the fact", "knowledge/facts.yaml")
            continue
        options = tuple(Option(one["value"], one["label"], one.get("said")) for one in record.get("options") or ())
        _check_options(context, fact, options, place)
        equivalent_options += [EquivalentOptions(fact_id, group["values"], group["reason"], group[""])
                               for group in record.get("equivalent_options") or ()]
        core = record.get("core")
        questions.append(Question(
            fact=fact_id, ask=record["ask"], help=record.get("help"), options=options, core=core is not False,
            implied_by=tuple(Implication(trees.terms(trees.tree(one["when"], one[""])), _value_of(one["value"]), bool(one.get("shown")),
                                         bool(one.get("refine")))
                          for one in record.get("implied_by") or ()),
            assumed=_value_of(record.get("assumed")), unknown=record.get("unknown"),
            wordings=tuple(Wording(trees.terms(trees.tree(one["when"], place)), one["ask"], one.get("help"))
                           for one in record.get("wordings") or ()),
            groups=_groups(context, record, options),
            settled_by=() if record.get("settled_by") is None else trees.terms(trees.tree(record["settled_by"], place))))
    for missing in facts.keys() - places.keys():
        context.problem(Place(f"{context.shown_root}/questions.yaml", 1), f"no question asks for the fact '{missing}'",
                        "Add it: a rule cannot read what nobody asks.")
    return tuple(questions), tuple(equivalent_options), places


def _groups(context: LoadContext, record: dict[str, Any], options: tuple[Option, ...]) -> tuple[Group, ...]:
    """Return the groups of a question's answers; each answer of a group is one of the question's, and in no other group."""
    offered, seen = {option.value for option in options}, set()
    for group in record.get("groups") or ():
        for value in group["values"]:
            if value not in offered:
                context.problem(group[""], f"the group “{group['label'].fr}” names '{value}', which is no answer of '{record['fact']}'",
                                did_you_mean(str(value), map(str, offered), "take it out."))
            elif value in seen:
                context.problem(group[""], f"the answer '{value}' of '{record['fact']}' stands in two groups", "Keep it in one.")
            seen.add(value)
    return tuple(Group(group["label"], group["values"]) for group in record.get("groups") or ())


def _check_options(context: LoadContext, fact: Fact, options: tuple[Option, ...], place: Place) -> None:
    if fact.id in context.lost:
        return
    expected: tuple[str | bool, ...] = {"bool": (True, False), "date": ()}.get(fact.type, fact.values)
    offered = [option.value for option in options]
    for value in expected:
        if value not in offered:
            context.problem(place, f"the question '{fact.id}' does not offer '{_yaml(value)}'", "Add this option.")
    for value in offered:
        if value not in expected:
            context.problem(place, f"the question '{fact.id}' offers '{_yaml(value)}', which is no value of the fact",
                            did_you_mean(str(value), map(str, expected), "remove it, or add the value to facts.yaml."))


def _yaml(value: str | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else value


def _reply(record: Mapping[str, Any] | None) -> Reply | None:
    return None if record is None else Reply(record["answer"], record["instead"], record["page"])


def _rules(context: LoadContext, trees: TreeReader, records: Records, bodies: Mapping[str, Body],
           laws: Mapping[str, Law]) -> tuple[tuple[Rule, ...], dict[str, RuleText]]:
    rules, texts = [], {}
    for id_, record in records.items():
        place = record[""]
        context.known([record["body"]], bodies, place, f"rule '{id_}' names the body",
                      f"{context.shown_root}/bodies/{record['body']}.yaml")
        context.known(record["sources"], laws, place, f"rule '{id_}' cites the law", "knowledge/laws/")
        tree = trees.tree(record["when"], place)
        unless = tuple(UnlessClause(id=one["id"], when=trees.tree(one["when"], place, NEVER), leads_to=one["leads_to"],
                                    place=one[""]) for one in record.get("unless") or ())
        context.known([one.leads_to for one in unless], bodies, place, f"rule '{id_}' leads to the body", "knowledge/bodies/")
        until = record.get("in_force_to")
        if until is not None and until < record["in_force_from"]:
            context.problem(place, f"rule '{id_}' ends before it begins", "Mend in_force_from or in_force_to; both days count.")
        whole = All((tree, Not(AnyOf(tuple(one.when for one in unless))))) if unless else tree
        rules.append(Rule(
            id=id_, body=record["body"], standing=record.get("standing") or "recommended", level=record["level"],
            when=trees.terms(whole), because=record["because"], sources=record["sources"],
            in_force_from=record["in_force_from"], in_force_to=until,
            closes=bool(record.get("closes")), always=bool(record.get("always")), fallback=bool(record.get("fallback")),
            shown_by=record["shown_by"], reply=_reply(record.get("reply")), letter=record.get("letter")))
        texts[id_] = RuleText(id=id_, when=tree, unless=unless, place=place)
    for body in () if "rules/*.yaml" in context.unread else bodies.keys() - {rule.body for rule in rules}:
        context.problem(Place(f"{context.shown_root}/bodies/{body}.yaml", 1), f"no rule leads to the body '{body}'",
                        f"Write one in {context.shown_root}/rules/, or remove the body.")
    return tuple(rules), texts


def _order(context: LoadContext, trees: TreeReader, bodies: Mapping[str, Body]) -> tuple[tuple[Chain, ...], dict[str, Place]]:
    chains, places = [], {}
    for id_, record in context.by_id("order.yaml").items():
        place = record[""]
        context.known(record["bodies"], bodies, place, f"the order '{id_}' names the body", "knowledge/bodies/")
        if len(set(record["bodies"])) < len(record["bodies"]):
            context.problem(place, f"the order '{id_}' names a body twice", "Keep it once: nothing comes before itself.")
        chains.append(Chain(id_, record["bodies"], trees.terms(trees.tree(record.get("when"), place)),
                            trees.terms(trees.tree(record.get("unless"), place, NEVER))))
        places[id_] = place
    return tuple(chains), places


def _deadlines(context: LoadContext, trees: TreeReader, bodies: Mapping[str, Body],
               laws: Mapping[str, Law]) -> tuple[Deadline, ...]:
    deadlines = []
    for id_, record in context.by_id("deadlines.yaml").items():
        place = record[""]
        context.known([record["body"]], bodies, place, f"the time limit '{id_}' names the body", "knowledge/bodies/")
        context.known([record["law"]], laws, place, f"the time limit '{id_}' cites the law", "knowledge/laws/")
        lengths = [record["delay"], *([record["before"]] if record.get("before") else [])]
        if any(name in context.lost for name in lengths):
            continue
        units: dict[str, int] = {}
        for name, sign in zip(lengths, (1, -1), strict=False):
            quantity = context.quantities.get(name)
            if quantity is None or quantity.unit not in LENGTHS or quantity.value is None:
                context.problem(place, f"the time limit '{id_}' lasts '{name}', which is no length of time",
                                did_you_mean(name, context.quantities, "describe it in knowledge/quantities.yaml."))
                break
            units[quantity.unit] = units.get(quantity.unit, 0) + sign * int(quantity.value)
        else:
            deadlines.append(Deadline(
                id=id_, body=record["body"], origin=record["from"], delay=Delay(**units, year_end=bool(record.get("to_year_end"))),
                text=record["text"], law=record["law"], when=trees.terms(trees.tree(record.get("when"), place)),
                yours=bool(record.get("yours"))))
    return tuple(deadlines)


def _invariants(context: LoadContext, trees: TreeReader, bodies: Mapping[str, Body],
                laws: Mapping[str, Law]) -> tuple[Invariant, ...]:
    found = []
    for id_, record in context.by_id("invariants.yaml").items():
        place = record[""]
        named = [*(record.get("recommended") or ()), *(record.get("never") or ()), *(record.get("not_recommended") or ())]
        named += [record["first"]] if record.get("first") else []
        keeps = _keeps(record.get("keeps"), trees)
        named += [body for family in keeps.families for body in family] if keeps else []
        if not named:
            context.problem(place, f"the invariant '{id_}' says nothing of any body",
                            "Add recommended, first, not_recommended, never or keeps.")
        context.known(named, bodies, place, f"the invariant '{id_}' names the body", "knowledge/bodies/")
        context.known(record["sources"], laws, place, f"the invariant '{id_}' cites the law", "knowledge/laws/")
        found.append(Invariant(
            id=id_, says=record["says"], when=trees.tree(record["when"], place),
            recommended=record.get("recommended") or (), first=record.get("first"),
            not_recommended=record.get("not_recommended") or (), never=record.get("never") or (), keeps=keeps,
            sources=record["sources"], place=place))
    return tuple(found)


def _keeps(record: dict[str, Any] | None, trees: TreeReader) -> Keeps | None:
    if not record:
        return None
    fact = trees.vocabulary.facts.get(record["fact"])
    values = fact.values if fact else ()
    for word in (*record["from"], *(record.get("to") or ())):
        if word not in values:
            trees.context.problem(record[""], f"'{word}' is not a value of '{record['fact']}'", did_you_mean(word, values, "mend it."))
    after = record.get("to") or tuple(value for value in values if value not in record["from"])
    return Keeps(fact=record["fact"], before=record["from"], after=after, families=record["families"])


def _migrations(context: LoadContext, facts: Mapping[str, Fact]) -> tuple[Migration, ...]:
    found = []
    for record in context.records("migrations.yaml"):
        becomes = record.get("becomes_fact")
        if becomes is not None:
            context.known([becomes], facts, record[""], "the migration leads to the fact", "knowledge/facts.yaml")
        beside = record.get("with_fact")
        if beside is not None:
            context.known([beside], facts, record[""], "the migration looks at the fact", "knowledge/facts.yaml")
        found.append(Migration(record["fact"], record.get("value"), becomes, record.get("becomes_value"), beside, record.get("with_value")))
    return tuple(found)


def _budget(context: LoadContext) -> Budget:
    place = Place(f"{context.shown_root}/budget.yaml", 1)
    records = context.records("budget.yaml")
    if not records:
        return Budget(0, 0, 0, 0, place)
    one = records[0]
    return Budget(one["states"], one["core_states"], one["longest_way"], one["average_way"], place)


def _check_plans(context: LoadContext, plans: Mapping[str, dict[str, Any]], bodies: Mapping[str, Body],
                 contacts: Mapping[str, Contact]) -> None:
    """Every body has its first lines; each of them is of a body, and calls a contact that may be printed."""
    for id_, record in plans.items():
        if id_ not in bodies and id_ not in context.lost:
            context.problem(record[""], f"this plan is of '{id_}', which no file describes",
                            did_you_mean(id_, bodies, f"describe it in {context.shown_root}/bodies/{id_}.yaml."))
        call = record.get("call")
        if call is not None and (call not in contacts or contacts[call].status != "confirmed") and call not in context.lost:
            context.problem(record[""], f"the plan of '{id_}' calls '{call}', which is no confirmed contact",
                            did_you_mean(call, contacts, "confirm it in contacts.yaml."))
    if plans:
        for id_ in sorted(bodies.keys() - plans.keys()):
            context.problem(Place(f"{context.shown_root}/plans.yaml", 1), f"the body '{id_}' has no plan",
                            "Write its act, its cost and its delay, in a few words.")


def _as_of(context: LoadContext) -> date:
    records = context.records("as_of.yaml") if (context.root / "as_of.yaml").exists() else []
    day: date = records[0]["as_of"] if records else MODEL_DAY
    return day


def _body(record: dict[str, Any], plan: Mapping[str, Any] | None = None) -> Body:
    plain = {key: value for key, value in record.items() if key not in ("", "how")}
    how = tuple(How(one["by"], one["text"], one.get("contact")) for one in record["how"])
    if plan is None:
        return Body(**plain, how=how)
    first = Plan(plan["act"], plan["cost"], plan["delay"], plan.get("letter"), plan.get("call"), plan.get("page"))
    return Body(**plain, how=how, plan=first)


def _contact(record: dict[str, Any]) -> Contact:
    return Contact(record["id"], record["kind"], record["value"], record["label"], record["status"], record.get("statement"))


def _statement(record: dict[str, Any]) -> Statement:
    return Statement(
        id=record["id"], theme=Path(record[""].file).stem, status=record["status"], text=record["text"],
        source=record["source"], laws=record["laws"], compared_on=record["compared"]["day"],
        compared_with=record["compared"]["with"], note=record.get("note"), place=record[""])


def _law(record: dict[str, Any]) -> Law:
    watch = record.get("watch") or {}
    return Law(
        id=record["id"], code=record["code"], number=record["number"], title=record["title"], url=record["url"],
        legiarti=record.get("legiarti"), in_force_since=record.get("in_force_since"), since_note=record.get("since_note"),
        state=record["state"], extract=record.get("extract"), meaning=record["meaning"],
        compared_on=record["compared"]["day"], compared_with=record["compared"]["with"],
        copy_day=record["copy_day"], note=record.get("note"),
        watch_copy=watch.get("copy"), watch_id=watch.get("id_read"), watch_text=watch.get("text_read"), place=record[""])


def _term(record: dict[str, Any]) -> Term:
    return Term(id=record["id"], term=record["term"], definition=record["definition"], aliases=record.get("aliases") or (),
                statements=record.get("statements") or (), laws=record.get("laws") or (), place=record[""])


def _check_partial(context: LoadContext, trees: TreeReader, known: Mapping[str, Mapping[str, Any]]) -> None:
    """Check what an entry with a mistake names all the same, so that every problem is said at once."""
    for record in context.partial:
        for condition in conditions_in(record):
            trees.tree(condition, record[""])
        for key, entries in known.items():
            value = record.get(key)
            ids = value if isinstance(value, tuple) else (value,)
            context.known([one for one in ids if isinstance(one, str)], entries, record[""], f"'{key}' names", "knowledge/")


def _check_references(context: LoadContext, records: Mapping[str, Records], laws: Mapping[str, Law],
                      statements: Mapping[str, Statement], bodies: Mapping[str, Body],
                      contacts: Mapping[str, Contact]) -> None:
    for id_, record in records["bodies"].items():
        place = record[""]
        if Path(place.file).stem != id_:
            context.problem(place, f"the body '{id_}' is in a file of another name", f"Rename the file {id_}.yaml.")
        context.known(record["statements"], statements, place, f"the body '{id_}' relies on the statement", "knowledge/statements/")
        context.known(record["sources"], laws, place, f"the body '{id_}' cites the law", "knowledge/laws/")
        context.known([one["contact"] for one in record["how"] if one.get("contact")], contacts, place,
                      f"the body '{id_}' names the contact", "knowledge/contacts.yaml")
    for id_, record in records["statements"].items():
        context.known(record["laws"], laws, record[""], f"the statement '{id_}' cites the law", "knowledge/laws/")
    for id_, record in records["glossary"].items():
        context.known(record.get("statements") or (), statements, record[""],
                      f"the term '{id_}' relies on the statement", "knowledge/statements/")
        context.known(record.get("laws") or (), laws, record[""], f"the term '{id_}' cites the law", "knowledge/laws/")
    for id_, contact in contacts.items():
        if contact.statement:
            context.known([contact.statement], statements, records["contacts"][id_][""],
                          f"the contact '{id_}' relies on the statement", "knowledge/statements/")
    for quantity in context.quantities.values():
        place = Place(f"{context.shown_root}/quantities.yaml", 1)
        if quantity.law:
            context.known([quantity.law], laws, place, f"the quantity '{quantity.id}' cites the law", "knowledge/laws/")
        if quantity.statement:
            context.known([quantity.statement], statements, place,
                          f"the quantity '{quantity.id}' relies on the statement", "knowledge/statements/")
