"""What each knowledge file contains, key by key. Editors get the same description as a JSON Schema."""

from typing import Any

from decision_tree.authoring.read.conditions import CONDITION
from decision_tree.authoring.read.shapes import (
    AnyValue,
    Bool,
    Day,
    ListOf,
    Localized,
    Nullable,
    Number,
    OneOf,
    PlacedStr,
    Record,
    Shape,
    Str,
)
from decision_tree.locales import LOCALES

TEXT = Localized()
IDS = ListOf(Str())
STATUS = OneOf(("current", "changed", "historical", "unverified"))
COMPARED = Record({"day": Day(), "with": TEXT})

FACT = Record({"id": Str(), "type": OneOf(("bool", "choice", "set", "date")), "label": TEXT},
              {"values": ListOf(Str(), least=2), "presumed": AnyValue()})
DERIVED = Record({"id": Str(), "label": TEXT, "when": CONDITION})
OPTION = Record({"value": AnyValue(), "label": TEXT}, {"said": TEXT})
WORDING = Record({"when": CONDITION, "ask": TEXT}, {"help": TEXT})
IMPLIED_BY = Record({"when": CONDITION, "value": AnyValue()}, {"shown": Bool(), "refine": Bool()})
EQUIVALENT = Record({"values": ListOf(Str(), least=2), "reason": TEXT})
GROUP = Record({"label": TEXT, "values": ListOf(AnyValue(), least=2)})
QUESTION = Record({"fact": Str(), "ask": TEXT},
                  {"help": TEXT, "options": ListOf(OPTION, least=2), "core": Bool(), "assumed": AnyValue(),
                   "unknown": AnyValue(), "implied_by": ListOf(IMPLIED_BY, least=1), "equivalent_options": ListOf(EQUIVALENT),
                   "wordings": ListOf(WORDING), "groups": ListOf(GROUP), "settled_by": CONDITION})
UNLESS = Record({"id": Str(), "when": CONDITION, "leads_to": Str()})
REPLY = Record({"answer": TEXT, "instead": TEXT, "page": Str()})
RULE = Record({"id": Str(), "body": Str(), "level": OneOf(("urgent", "main", "parallel", "support")),
               "when": CONDITION, "because": TEXT, "sources": ListOf(Str(), least=1),
               "in_force_from": Day(), "shown_by": ListOf(Str(), least=1)},
              {"in_force_to": Day(), "standing": OneOf(("recommended", "possible")), "closes": Bool(),
               "always": Bool(), "fallback": Bool(), "unless": ListOf(UNLESS, least=1), "reply": REPLY, "letter": Str()})
CHAIN = Record({"id": Str(), "bodies": ListOf(Str(), least=2)}, {"when": CONDITION, "unless": CONDITION})
HOW = Record({"by": OneOf(("online", "post", "phone", "in_person")), "text": TEXT}, {"contact": Str()})
TEXTS = ListOf(TEXT)
BODY = Record({"id": Str(), "name": TEXT, "short": TEXT, "kind": Str(), "aim": TEXT, "does": TEXT, "who": TEXTS,
               "cost": TEXT, "how": ListOf(HOW), "send": TEXTS, "time_limits": TEXTS, "next": TEXTS,
               "interaction": TEXTS, "not_when": TEXTS, "statements": IDS, "sources": IDS},
              {"place": OneOf(("professional", "patient")), "authority": Bool()})
PLAN = Record({"id": Str(), "act": TEXT, "cost": TEXT, "delay": TEXT}, {"letter": Str(), "call": Str(), "page": Str()})
CONTACT = Record({"id": Str(), "kind": OneOf(("phone", "sms", "url", "address", "email")), "value": Str(),
                  "label": TEXT, "status": OneOf(("confirmed", "probable", "unverified"))}, {"statement": Nullable(Str())})
DEADLINE = Record({"id": Str(), "body": Str(), "from": Str(), "delay": Str(), "law": Str(), "text": TEXT},
                  {"before": Str(), "yours": Bool(), "when": CONDITION, "to_year_end": Bool()})
QUANTITY = Record({"id": Str(), "unit": OneOf(("days", "months", "years", "hours", "minutes", "eur", "percent", "count"))},
                  {"value": Number(), "min": Number(), "max": Number(), "status": STATUS,
                   "law": Nullable(Str()), "statement": Nullable(Str())})
STATEMENT = Record({"id": Str(), "status": STATUS, "text": TEXT, "source": TEXT, "laws": IDS, "compared": COMPARED},
                   {"note": Nullable(TEXT)})
LAW = Record({"id": Str(), "code": TEXT, "number": Str(), "title": TEXT, "url": Str(),
              "state": OneOf(("in_force", "amended_unread", "unread", "decision")), "meaning": TEXT,
              "compared": COMPARED, "copy_day": Nullable(Day())},
             {"legiarti": Nullable(Str()), "in_force_since": Nullable(Day()), "since_note": Nullable(TEXT),
              "extract": Nullable(Str()), "note": Nullable(TEXT),
              "watch": Nullable(Record({"copy": Str()}, {"id_read": Nullable(Str()), "text_read": Nullable(Str())}))})
CORRECTION = Record({"id": Str(), "said": TEXT, "now": TEXT, "who": TEXT, "kind": OneOf(("wrong", "outdated", "incomplete", "attribution")),
                     "since": Day(), "corrected": Day(), "statements": ListOf(Str(), least=1)},
                    {"touched": Record({"when": CONDITION, "bodies": ListOf(Str(), least=1)})})
FOLLOW_UP = Record({"id": Str(), "letters": ListOf(Str(), least=1), "delay": Str(), "law": Str(),
                    "awaited": TEXT, "otherwise": TEXT, "page": Str()})
TERM = Record({"id": Str(), "term": TEXT, "definition": TEXT},
              {"aliases": IDS, "statements": IDS, "laws": IDS})
KEEPS = Record({"fact": Str(), "from": IDS, "families": ListOf(IDS, least=1)}, {"to": IDS})
INVARIANT = Record({"id": Str(), "says": TEXT, "when": CONDITION, "sources": ListOf(Str(), least=1)},
                   {"recommended": IDS, "first": Str(), "not_recommended": IDS, "never": IDS, "keeps": KEEPS})
MIGRATION = Record({"fact": Str()}, {"value": Str(), "becomes_fact": Str(), "becomes_value": Str(),
                                     "with_fact": Str(), "with_value": Str()})
WORD = Record({"id": Str(), "text": TEXT})
REVIEW = Record({"what": Str(), "by": Str(), "day": Day(), "hash": Str()}, {"note": Str()})
PATTERNS = PlacedStr()
CONDITIONS = {"needs": PATTERNS, "unless": PATTERNS, "not_in": PATTERNS}
ENTRY = Record({"id": Str()}, dict.fromkeys(LOCALES, PATTERNS))
SPELLING = Record({"id": OneOf(("small", "known", "slips")), **dict.fromkeys(LOCALES, PATTERNS)})
FACT_WORDS = Record({"fact": Str(), "choose": OneOf(("said", "listed", "each")),
                     "values": ListOf(Record({"value": AnyValue(), "when": PATTERNS}, CONDITIONS), least=1)})
PAGE_WORDS = Record({"page": Str(), "points": Number(), "when": PATTERNS}, CONDITIONS | {"beside": Bool()})
OUTSIDE = Record({"id": Str(), "to": TEXT, "page": Str(), "when": PATTERNS}, CONDITIONS)
AS_OF = Record({"as_of": Day()})
BUDGET = Record({"states": Number(), "core_states": Number(), "longest_way": Number(), "average_way": Number()})

FILES: dict[str, Shape] = {
    "facts.yaml": ListOf(FACT, least=1),
    "derived.yaml": ListOf(DERIVED),
    "questions.yaml": ListOf(QUESTION, least=1),
    "rules/*.yaml": ListOf(RULE, least=1),
    "order.yaml": ListOf(CHAIN, least=1),
    "bodies/*.yaml": BODY,
    "plans.yaml": ListOf(PLAN),
    "contacts.yaml": ListOf(CONTACT),
    "deadlines.yaml": ListOf(DEADLINE),
    "quantities.yaml": ListOf(QUANTITY),
    "statements/*.yaml": ListOf(STATEMENT, least=1),
    "laws/*.yaml": ListOf(LAW, least=1),
    "glossary.yaml": ListOf(TERM),
    "corrections.yaml": ListOf(CORRECTION),
    "follow_ups.yaml": ListOf(FOLLOW_UP),
    "invariants.yaml": ListOf(INVARIANT, least=1),
    "migrations.yaml": ListOf(MIGRATION),
    "words.yaml": ListOf(WORD, least=1),
    "match/spelling.yaml": ListOf(SPELLING, least=1),
    "match/words/*.yaml": ListOf(ENTRY, least=1),
    "match/facts.yaml": ListOf(FACT_WORDS, least=1),
    "match/pages.yaml": ListOf(PAGE_WORDS, least=1),
    "match/outside.yaml": ListOf(OUTSIDE, least=1),
    "as_of.yaml": AS_OF,
    "budget.yaml": BUDGET,
    "reviewed.yaml": ListOf(REVIEW),
}

_CONDITION: dict[str, Any] = {
    "description": ("{fact: value}, {fact: {in: [a, b]}}, {date: {within_years: 6}}, {date: {within_calendar_years: 4}}, "
                    "or {all: […]}, {any: […]}, {not: …}"),
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
    return pattern.removesuffix(".yaml").removesuffix("/*").replace("/", "-") + ".schema.json"
