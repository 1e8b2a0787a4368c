"""Answers as text: in the fragment of an address, and in the FACTS.json of the command line. Nothing is guessed."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

from decision_tree.model import UNKNOWN, Fact, Model, Value, value_of


@dataclass(frozen=True, slots=True)
class Decoded:
    """Answers read from a fragment; `migrated` tells that it was written for another version of the model."""

    answers: Mapping[str, Value]
    migrated: bool


def encode(model: Model, answers: Mapping[str, Value]) -> str:
    """Return answers as a fragment without its "#": "v=1a2b3c4d&asker=victime"."""
    parts = [f"v={model.hash}"]
    parts += [f"{fact}={value_text(answers[fact])}" for fact in model.facts if fact in answers]
    return "&".join(parts)


def value_text(value: Value) -> str:
    """Return a value as links carry it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return ",".join(sorted(value))
    return value


def decode(model: Model, fragment: str) -> Decoded:
    """Return the answers of a fragment. What the model does not know is migrated or left out, never guessed."""
    answers: dict[str, Value] = {}
    parts = [(name, text) for name, _, text in (part.partition("=") for part in fragment.removeprefix("#").split("&"))]
    version = next((text for name, text in reversed(parts) if name == "v"), "")
    said = {name: text for name, text in parts if name != "v" and version != model.hash}
    for name, text in parts:
        if name != "v":
            answers.update(migrate(model, name, text, said))
    return Decoded(answers, bool(version) and version != model.hash)


def migrate(model: Model, fact: str, text: str, said: Mapping[str, str]) -> list[tuple[str, Value]]:
    """Return the answer as the model writes it today: renamed, or nothing when it was removed.

    Args:
        said: All answers of an older link: some values change their name only beside another.
    """
    for step in model.migrations:
        if step.fact == fact and step.value in (None, text) and (step.with_fact is None or said.get(step.with_fact) == step.with_value):
            if step.becomes_fact is None:
                return []
            fact, text = step.becomes_fact, text if step.becomes_value is None else step.becomes_value
    if fact not in model.facts:
        return []
    if text == UNKNOWN:
        return [(fact, UNKNOWN)]
    value = value_of(model, fact, text)
    return [] if value is None else [(fact, value)]


@dataclass(frozen=True, slots=True)
class FactsError(Exception):
    """FACTS.json cannot be read; `problems` lists every mistake with its place and its hint."""

    problems: tuple[str, ...]


def read_facts(model: Model, text: str, on: date, name: str = "FACTS.json") -> tuple[dict[str, Value], frozenset[str]]:
    """Return the facts of a JSON object, and those answered "unknown".

    Raises:
        FactsError: With every problem, as "place: what. mend".
    """
    try:
        data = json.loads(text, object_pairs_hook=_pairs, parse_int=_number)
    except RecursionError:
        raise FactsError((f"{name}:1: this JSON is nested too deep. Write one flat object.",)) from None
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        said = getattr(error, "msg", error)
        raise FactsError((f'{name}:{line}: this is not JSON ({said}). Write one object: {{"asker": "victime", …}}.',)) from None
    if not isinstance(data, _Pairs):
        raise FactsError((f"{name}:1: one JSON object was expected. Write {{\"asker\": \"victime\", …}}.",))
    facts: dict[str, Value] = {}
    unknown: set[str] = set()
    seen: set[str] = set()
    problems: list[str] = []
    for (key, value), line in zip(data.pairs, _key_lines(text), strict=True):
        place = f"{name}:{line}"
        if key in seen:
            problems.append(f"{place}: the fact '{_key_words(key)}' is given twice. Keep one.")
        seen.add(key)
        if problem := _problem(model, key, value, on):
            problems.append(f"{place}: {problem}")
        elif value == UNKNOWN:
            unknown.add(key)
        else:
            facts[key] = _value(model.facts[key], value)
    if problems:
        raise FactsError(tuple(problems))
    return facts, frozenset(unknown)


_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def iso_day(text: str) -> date | None:
    """Return the day written as 2026-09-15, or None. Python would also read weeks (2026-W01-1) and bare digits."""
    try:
        return date.fromisoformat(text) if _ISO_DAY.fullmatch(text) else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class _Pairs:
    pairs: list[tuple[str, Any]]


def _pairs(pairs: list[tuple[str, Any]]) -> _Pairs:
    return _Pairs(pairs)


def _number(digits: str) -> int | float:
    return int(digits) if len(digits) < 20 else float(digits)   # Python refuses an integer of thousands of digits


_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[\[\]{}]')


def _key_lines(text: str) -> Iterator[int]:
    """Yield the line of each key of the outer object, in its order. The text is known to be one JSON object."""
    depth, line, counted = 0, 1, 0
    for token in _TOKEN.finditer(text):
        if token[0] in ("{", "["):
            depth += 1
        elif token[0] in ("}", "]"):
            depth -= 1
        elif depth == 1 and token[1]:
            line += text.count("\n", counted, token.start())
            counted = token.start()
            yield line


def _problem(model: Model, key: str, value: Any, on: date) -> str | None:
    if key in model.derived:
        return f"'{key}' is computed from other facts. Remove it."
    fact = model.facts.get(key)
    if fact is None:
        near = get_close_matches(key, list(model.facts), n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"Known facts: {', '.join(model.facts)}."
        return f"the fact '{_key_words(key)}' is unknown. {hint}"
    if value == UNKNOWN and isinstance(value, str):
        return None
    return _value_problem(fact, value, on)


def _value_problem(fact: Fact, value: Any, on: date) -> str | None:
    shown = _shown(value)
    if fact.type == "bool":
        return None if isinstance(value, bool) else f"'{fact.id}' is true or false, not {shown}. Write true, false or \"unknown\"."
    if fact.type == "date":
        return _date_problem(fact, value, shown, on)
    if fact.type == "set":
        if not isinstance(value, list):
            return f"'{fact.id}' is a list, not {shown}. Write [] for none of these."
        wrong = [item for item in value if not isinstance(item, str) or item not in fact.values]
        if wrong:
            listed = ", ".join(map(_shown, wrong))
            return f"'{fact.id}' cannot hold {listed}. Use any of: {', '.join(fact.values)}."
        return f"'{fact.id}' names a value twice. Keep one." if len(set(value)) < len(value) else None
    if isinstance(value, str) and value in fact.values:
        return None
    near = get_close_matches(value, fact.values, n=1) if isinstance(value, str) else []
    hint = f"Did you mean '{near[0]}'?" if near else f"Use one of: {', '.join(fact.values)}, unknown."
    return f"'{fact.id}' cannot be {shown}. {hint}"


def _shown(value: Any) -> str:
    if isinstance(value, _Pairs):
        return "an object"
    return _short(json.dumps(value, ensure_ascii=False, default=lambda _: {}))


def _key_words(key: str) -> str:
    return _short(json.dumps(key, ensure_ascii=False)[1:-1])     # a key may hold a line break, a problem may not


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"


def _date_problem(fact: Fact, value: Any, shown: str, on: date) -> str | None:
    day = iso_day(value) if isinstance(value, str) else None
    if day is None:
        return f"'{fact.id}' is a date, not {shown}. Write it as 2026-09-15."
    if day > on:
        return f"'{fact.id}' is {value}, after the day of the advice ({on.isoformat()}). Give a past day, or a later --on."
    return None


def _value(fact: Fact, value: Any) -> Value:
    if fact.type == "set":
        return frozenset(value)
    return date.fromisoformat(value) if fact.type == "date" else value
