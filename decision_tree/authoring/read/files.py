"""What each knowledge file contains, key by key. Editors get the same description as a JSON Schema."""

from typing import Any

from decision_tree.authoring.read.conditions import CONDITION
from decision_tree.authoring.read.shapes import (
    AnyValue,
    BothLocales,
    Day,
    ListOf,
    Nothing,
    Number,
    OneOfWords,
    Record,
    Shape,
    TrueFalse,
    Words,
)

TEXT = BothLocales()
IDS = ListOf(Words())
STATUS = OneOfWords(("current", "changed", "historical", "unverified"))
COMPARED = Record({"day": Day(), "with": TEXT})

FACT = Record({"id": Words(), "type": OneOfWords(("bool", "choice", "set", "date")), "label": TEXT},
              {"values": ListOf(Words(), least=2), "presumed": AnyValue()})
DERIVED = Record({"id": Words(), "label": TEXT, "when": CONDITION})
OPTION = Record({"value": AnyValue(), "label": TEXT}, {"said": TEXT})
WORDING = Record({"when": CONDITION, "ask": TEXT}, {"help": TEXT})
TOLD_BY = Record({"when": CONDITION, "suppose": AnyValue()}, {"shown": TrueFalse()})
ALIKE = Record({"values": ListOf(Words(), least=2), "reason": TEXT})
QUESTION = Record({"fact": Words(), "ask": TEXT},
                  {"help": TEXT, "options": ListOf(OPTION, least=2), "core": TrueFalse(), "supposed": AnyValue(),
                   "unknown": AnyValue(), "told_by": ListOf(TOLD_BY, least=1), "alike": ListOf(ALIKE), "wordings": ListOf(WORDING)})
UNLESS = Record({"id": Words(), "when": CONDITION, "leads_to": Words()})
RULE = Record({"id": Words(), "body": Words(), "level": OneOfWords(("urgent", "main", "parallel", "support")),
               "when": CONDITION, "because": TEXT, "sources": ListOf(Words(), least=1),
               "in_force_from": Day(), "shown_by": ListOf(Words(), least=1)},
              {"in_force_to": Day(), "standing": OneOfWords(("recommended", "possible")), "closes": TrueFalse(),
               "always": TrueFalse(), "fallback": TrueFalse(), "unless": ListOf(UNLESS, least=1)})
CHAIN = Record({"id": Words(), "bodies": ListOf(Words(), least=2)}, {"when": CONDITION, "unless": CONDITION})
HOW = Record({"by": OneOfWords(("online", "post", "phone", "in_person")), "text": TEXT}, {"contact": Words()})
TEXTS = ListOf(TEXT)
BODY = Record({"id": Words(), "name": TEXT, "short": TEXT, "kind": Words(), "aim": TEXT, "does": TEXT, "who": TEXTS,
               "cost": TEXT, "how": ListOf(HOW), "send": TEXTS, "time_limits": TEXTS, "next": TEXTS,
               "interaction": TEXTS, "not_when": TEXTS, "statements": IDS, "sources": IDS})
CONTACT = Record({"id": Words(), "kind": OneOfWords(("phone", "sms", "url", "address", "email")), "value": Words(),
                  "label": TEXT, "status": OneOfWords(("confirmed", "unverified"))}, {"statement": Nothing(Words())})
DEADLINE = Record({"id": Words(), "body": Words(), "from": Words(), "delay": Words(), "law": Words(), "text": TEXT},
                  {"before": Words(), "yours": TrueFalse(), "when": CONDITION})
QUANTITY = Record({"id": Words(), "unit": OneOfWords(("days", "months", "years", "hours", "eur", "percent", "count"))},
                  {"value": Number(), "min": Number(), "max": Number(), "status": STATUS,
                   "law": Nothing(Words()), "statement": Nothing(Words())})
STATEMENT = Record({"id": Words(), "status": STATUS, "text": TEXT, "source": TEXT, "laws": IDS, "compared": COMPARED},
                   {"note": Nothing(TEXT)})
LAW = Record({"id": Words(), "code": TEXT, "number": Words(), "title": TEXT, "url": Words(),
              "state": OneOfWords(("in_force", "amended_unread", "unread", "decision")), "meaning": TEXT,
              "compared": COMPARED},
             {"legiarti": Nothing(Words()), "in_force_since": Nothing(Day()), "since_note": Nothing(TEXT),
              "extract": Nothing(Words()), "note": Nothing(TEXT),
              "watch": Nothing(Record({"copy": Words()}, {"id_read": Nothing(Words()), "text_read": Nothing(Words())}))})
TERM = Record({"id": Words(), "term": TEXT, "definition": TEXT},
              {"aliases": IDS, "statements": IDS, "laws": IDS})
INVARIANT = Record({"id": Words(), "says": TEXT, "when": CONDITION, "sources": ListOf(Words(), least=1)},
                   {"recommended": IDS, "first": Words(), "not_recommended": IDS, "never": IDS})
MIGRATION = Record({"fact": Words()}, {"value": Words(), "becomes_fact": Words(), "becomes_value": Words()})
WORD = Record({"id": Words(), "text": TEXT})
REVIEW = Record({"what": Words(), "by": Words(), "day": Day(), "hash": Words()}, {"note": Words()})
BUDGET = Record({"states": Number(), "core_states": Number(), "longest_way": Number(), "average_way": Number()})

FILES: dict[str, Shape] = {
    "facts.yaml": ListOf(FACT, least=1),
    "derived.yaml": ListOf(DERIVED),
    "questions.yaml": ListOf(QUESTION, least=1),
    "rules/*.yaml": ListOf(RULE, least=1),
    "order.yaml": ListOf(CHAIN, least=1),
    "bodies/*.yaml": BODY,
    "contacts.yaml": ListOf(CONTACT),
    "deadlines.yaml": ListOf(DEADLINE),
    "quantities.yaml": ListOf(QUANTITY),
    "statements/*.yaml": ListOf(STATEMENT, least=1),
    "laws/*.yaml": ListOf(LAW, least=1),
    "glossary.yaml": ListOf(TERM),
    "invariants.yaml": ListOf(INVARIANT, least=1),
    "migrations.yaml": ListOf(MIGRATION),
    "words.yaml": ListOf(WORD, least=1),
    "budget.yaml": BUDGET,
    "reviewed.yaml": ListOf(REVIEW),
}

_CONDITION: dict[str, Any] = {
    "description": "{fact: value}, {fact: {in: [a, b]}}, {date: {within_years: 6}}, or {all: […]}, {any: […]}, {not: …}",
    "type": "object", "minProperties": 1, "maxProperties": 1,
    "properties": {"all": {"type": "array", "items": {"$ref": "#/$defs/condition"}, "minItems": 1},
                   "any": {"type": "array", "items": {"$ref": "#/$defs/condition"}, "minItems": 1},
                   "not": {"$ref": "#/$defs/condition"}},
}


def json_schema(pattern: str) -> dict[str, Any]:
    """Return the JSON Schema of the files that match a pattern of `FILES`."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema",
              "title": f"decision_tree/knowledge/{pattern}", **FILES[pattern].schema()}
    return {**schema, "$defs": {"condition": _CONDITION}}


def schema_name(pattern: str) -> str:
    """Return the file name of the schema of a pattern: rules/*.yaml → rules.schema.json."""
    return pattern.removesuffix(".yaml").removesuffix("/*") + ".schema.json"
