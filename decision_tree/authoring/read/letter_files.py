"""From the YAML of the letters to checked letters, and to the JSON the guide loads. Every mistake is reported at once."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from decision_tree.authoring.read.knowledge import Knowledge
from decision_tree.authoring.read.load import KNOWLEDGE, knowledge
from decision_tree.authoring.read.problems import KnowledgeError, Place, Problem, did_you_mean
from decision_tree.authoring.read.shapes import Bool, ListOf, Localized, Number, OneOf, Reading, Record, Shape, Str, unique
from decision_tree.authoring.read.yaml_text import MappingNode, Node, read_yaml, truth
from decision_tree.guide.letters import (
    ASSOCIATION,
    CONTACT,
    GROUPS,
    KINDS,
    NAMED,
    PROOFS,
    RECEIPT,
    REPRESENTATIVE,
    SELF,
    VOICES,
    Field,
    Letter,
    Letters,
    Part,
    Signers,
)
from decision_tree.guide.letters import LETTER as ONE_LETTER
from decision_tree.model import Text

FOLDER = KNOWLEDGE / "letters"
SHOWN = "decision_tree/knowledge/letters"


@dataclass(frozen=True, slots=True)
class Answer(Shape):
    """One value of a fact: a word, or true or false."""

    def read(self, node: Node, reading: Reading) -> str | bool | None:
        told = truth(node)
        return Str().read(node, reading) if told is None else told

    def schema(self) -> dict[str, Any]:
        return {"type": ["string", "boolean"]}


ANSWER = Answer()


@dataclass(frozen=True, slots=True)
class Choices(Shape):
    """A mapping from facts to lists of their values."""

    def read(self, node: Node, reading: Reading) -> dict[str, tuple[str | bool, ...]] | None:
        if not isinstance(node, MappingNode):
            reading.problem(node, "answers were expected", "Write {fact: [value, …]}.")
            return None
        found = {}
        for key_node, value_node in node.value:
            key, values = Str().read(key_node, reading), ListOf(ANSWER, least=1).read(value_node, reading)
            if key is not None and values is not None:
                found[key] = tuple(values)
        return found

    def schema(self) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": {"type": "array", "items": ANSWER.schema()}}


TEXT = Localized()
IDS = ListOf(Str())
PART = Record({}, {"voice": ListOf(OneOf(VOICES), least=1), "when": Choices(), "unless": Choices(),
                   "lines": ListOf(TEXT, least=1), "block": Str()})
FIELD = Record({"id": Str(), "kind": OneOf(("line", "text", "day", CONTACT)), "label": TEXT}, {"fill": Str(), "help": TEXT})
PHRASE = Record({"fact": Str(), "value": Str(), "text": TEXT})
SIGNERS = Record({"sign": ListOf(OneOf(VOICES), least=1)}, {"when": Choices(), "themselves": Bool()})
BLOCK = Record({"id": Str(), "parts": ListOf(PART, least=1)})
LETTER = Record(
    {"id": Str(), "order": Number(), "group": OneOf(GROUPS), "bodies": ListOf(Str(), least=1), "law": Str(), "name": TEXT, "about": TEXT,
     "to": ListOf(TEXT), "subject": TEXT, "needs": ListOf(Str(), least=1), "asks": IDS, "parts": ListOf(PART, least=1)},
    {"kind": OneOf(KINDS), "proof": OneOf(PROOFS), "voices": ListOf(OneOf(VOICES), least=1), "first": Bool(),
     "when": Choices(), "unless": Choices()})
USUAL_VOICES = (SELF, REPRESENTATIVE, ASSOCIATION)


@dataclass(slots=True)
class _Reader:
    """One load: where, against which knowledge, what is wrong so far."""

    folder: Path
    known: Knowledge
    problems: list[Problem] = field(default_factory=list)
    texts: dict[str, tuple[Text, Place]] = field(default_factory=dict)

    def read(self, name: str, shape: Shape) -> Any:
        shown = f"{SHOWN}/{name}"
        node, problems = read_yaml(self.folder / name, shown)
        self.problems += problems
        if node is None:
            return None
        reading = Reading(shown, fill=self._fill, trail=["letters", Path(name).stem])
        value = shape.read(node, reading)
        self.problems += reading.problems
        self.texts |= reading.texts
        return value

    def _fill(self, text: str, locale: str, place: Place) -> str:
        for id_, quantity in self.known.quantities.items():
            text = text.replace(f"{{{id_}}}", quantity.words(locale))
        if "{" in text:
            self.problem(place, "the text names a quantity that no file describes", "Use an id of quantities.yaml between braces.")
        return text

    def problem(self, place: Place, what: str, hint: str) -> None:
        self.problems.append(Problem(place, what, hint))


def load_letters(known: Knowledge, folder: Path = FOLDER) -> Letters:
    """Read, check and return the letters.

    Raises:
        KnowledgeError: With every problem found, in file order.
    """
    reader = _Reader(folder, known)
    fields = {record["id"]: _field(record) for record in reader.read("shared/fields.yaml", ListOf(FIELD, least=1)) or ()}
    phrases = _phrases(reader)
    names = {*fields, *phrases}
    blocks = unique(reader.read("shared/blocks.yaml", ListOf(BLOCK, least=1)) or (), "id", reader.problems)
    parts = {id_: _parts(record["parts"], {}, names, reader) for id_, record in blocks.items()}
    records = [record for path in sorted(folder.glob("*.yaml")) if (record := reader.read(path.name, LETTER)) is not None]
    records.sort(key=lambda record: float(record["order"]))
    found = {id_: _letter(record, parts, fields, names, reader) for id_, record in unique(records, "id", reader.problems).items()}
    signers = _signers(reader)
    if "sender" not in parts:
        reader.problem(Place(f"{SHOWN}/shared/blocks.yaml", 1), "no block is called 'sender'", "Restore it: every letter begins with it.")
    _check_opened(found, reader)
    if reader.problems:
        raise KnowledgeError(reader.problems)
    return Letters(fields, phrases, parts["sender"], signers, found)


def _check_opened(letters: Mapping[str, Any], reader: _Reader) -> None:
    """Check that each letter a rule or a plan opens exists, and is to the body named."""
    model = reader.known.model
    opened = [(reader.known.rule_texts[rule.id].place, f"the rule '{rule.id}'", rule.body, rule.letter)
              for rule in model.rules if rule.letter]
    opened += [(reader.known.texts[f"plans.{body.id}.act"][1], f"the plan of '{body.id}'", body.id, body.plan.letter)
               for body in model.bodies.values() if body.plan is not None and body.plan.letter]
    for place, who, body, letter in opened:
        if letter not in letters:
            reader.problem(place, f"{who} opens the letter '{letter}', which no file describes", did_you_mean(letter, letters, "write it."))
        elif body not in letters[letter].bodies:
            reader.problem(place, f"{who} opens the letter '{letter}', which is not to '{body}'", f"Add it to 'bodies' of {letter}.yaml.")


def _field(record: Mapping[str, Any]) -> Field:
    return Field(record["id"], record["kind"], record.get("fill"), record["label"], record.get("help"))


def _phrases(reader: _Reader) -> dict[str, dict[str, Text]]:
    found: dict[str, dict[str, Text]] = {}
    for record in reader.read("shared/phrases.yaml", ListOf(PHRASE, least=1)) or ():
        _check_answer(record["fact"], (record["value"],), record[""], reader)
        found.setdefault(record["fact"], {})[record["value"]] = record["text"]
    return found


def _signers(reader: _Reader) -> tuple[Signers, ...]:
    records = reader.read("shared/voices.yaml", ListOf(SIGNERS, least=1)) or ()
    for record in records:
        for fact, values in (record.get("when") or {}).items():
            _check_answer(fact, values, record[""], reader)
    for record in records[:-1]:
        if not record.get("when"):
            reader.problem(record[""], "this line applies everywhere: those after it never speak", "Give it answers that call for it.")
    if records and records[-1].get("when"):
        reader.problem(records[-1][""], "no line says who signs elsewhere", "End with a line that has no 'when'.")
    for voice in VOICES:
        if not any(record["sign"][0] == voice for record in records):
            reader.problem(Place(f"{SHOWN}/shared/voices.yaml", 1), f"nobody most likely signs as '{voice}'",
                           "Add the line whose answers call for it.")
    return tuple(Signers(tuple(record["sign"]), record.get("when") or {}, bool(record.get("themselves"))) for record in records)


def _check_answer(fact: str, values: Iterable[str | bool], place: Place, reader: _Reader) -> None:
    described = reader.known.model.facts.get(fact)
    if described is None:
        reader.problem(place, f"the fact '{fact}' is described by no file",
                       did_you_mean(fact, reader.known.model.facts, "use an id of facts.yaml."))
        return
    allowed: tuple[str | bool, ...] = (True, False) if described.type == "bool" else described.values
    for value in values:
        if value not in allowed:
            reader.problem(place, f"'{fact}' cannot be '{value}'", did_you_mean(str(value), map(str, allowed), "use a value it has."))


def _parts(records: Iterable[Mapping[str, Any]], blocks: Mapping[str, tuple[Part, ...]], names: Iterable[str],
           reader: _Reader) -> tuple[Part, ...]:
    found: list[Part] = []
    for record in records:
        if "block" in record:
            if record["block"] not in blocks:
                reader.problem(record[""], f"no block is called '{record['block']}'",
                               did_you_mean(record["block"], blocks, "describe it in shared/blocks.yaml."))
            found += blocks.get(record["block"], ())
        elif "lines" not in record:
            reader.problem(record[""], "this part says nothing", "Add its lines, or the name of a block.")
        else:
            when, unless = record.get("when") or {}, record.get("unless") or {}
            for fact, values in (*when.items(), *unless.items()):
                _check_answer(fact, values, record[""], reader)
            for text in record["lines"]:
                _check_names(text, names, record[""], reader)
            found.append(Part(tuple(record.get("voice") or ()), when, unless, tuple(record["lines"])))
    return tuple(found)


def _check_names(text: Text, names: Iterable[str], place: Place, reader: _Reader) -> None:
    if len({tuple(sorted(NAMED.findall(words))) for words in text.words.values()}) > 1:
        shown = ", ".join(f"“{words}”" for words in text.words.values())
        reader.problem(place, f"the two locales name different fields: {shown}", "Name the same between brackets in both.")
    for name in NAMED.findall(text.fr):
        if name not in names:
            reader.problem(place, f"'[{name}]' is neither a field nor an answer with phrases",
                           did_you_mean(name, names, "describe it in shared/fields.yaml or shared/phrases.yaml."))


def _letter(record: Mapping[str, Any], blocks: Mapping[str, tuple[Part, ...]], fields: Mapping[str, Field], names: Iterable[str],
            reader: _Reader) -> Letter:
    place = record[""]
    for body in record["bodies"]:
        if body not in reader.known.bodies:
            reader.problem(place, f"the letter '{record['id']}' names the body '{body}', which no file describes",
                           did_you_mean(body, reader.known.bodies, "use an id of bodies/."))
    if record["law"] not in reader.known.laws:
        reader.problem(place, f"the letter '{record['id']}' names the law '{record['law']}', which no file describes",
                       did_you_mean(record["law"], reader.known.laws, "use an id of laws/."))
    for name in (*record["needs"], *record["asks"]):
        if name not in fields:
            reader.problem(place, f"the letter '{record['id']}' asks for '{name}', which is no field",
                           did_you_mean(name, fields, "describe it in shared/fields.yaml."))
    for text in (*record["to"], record["subject"]):
        _check_names(text, names, place, reader)
    when, unless = record.get("when") or {}, record.get("unless") or {}
    for fact, values in (*when.items(), *unless.items()):
        _check_answer(fact, values, place, reader)
    return Letter(
        id=record["id"], group=record["group"], bodies=tuple(record["bodies"]), law=record["law"], kind=record.get("kind") or ONE_LETTER,
        proof=record.get("proof") or RECEIPT, voices=tuple(record.get("voices") or USUAL_VOICES), first=bool(record.get("first")),
        when=when, unless=unless,
        name=record["name"], about=record["about"], to=tuple(record["to"]), subject=record["subject"], needs=tuple(record["needs"]),
        asks=tuple(record["asks"]), parts=_parts(record["parts"], blocks, names, reader))


@cache
def letters() -> Letters:
    """Return the project's own letters."""
    return load_letters(knowledge())


def letters_json(book: Letters) -> str:
    """Return the letters as the guide loads them."""
    return json.dumps({
        "fields": [[one.id, one.kind, one.fill, _text(one.label), None if one.help is None else _text(one.help)]
                   for one in book.fields.values()],
        "phrases": {fact: {value: _text(text) for value, text in values.items()} for fact, values in book.phrases.items()},
        "sender": _plain(book.sender),
        "signers": [[one.voices, dict(one.when), one.themselves] for one in book.signers],
        "letters": [{"id": one.id, "group": one.group, "bodies": one.bodies, "law": one.law, "kind": one.kind, "proof": one.proof,
                     "voices": one.voices, "first": one.first, "when": dict(one.when), "unless": dict(one.unless), "name": _text(one.name),
                     "about": _text(one.about), "to": [_text(text) for text in one.to], "subject": _text(one.subject),
                     "needs": one.needs, "asks": one.asks, "parts": _plain(one.parts)} for one in book.letters.values()],
    }, ensure_ascii=False, separators=(",", ":"))


def _text(text: Text) -> list[str]:
    return text.row


def _plain(parts: Iterable[Part]) -> list[Any]:
    return [[part.voices, dict(part.when), dict(part.unless), [_text(text) for text in part.lines]] for part in parts]
