"""The shape of each YAML file: one description that the loader checks and the JSON Schema for editors is made from."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from decision_tree.authoring.read.problems import Place, Problem, did_you_mean
from decision_tree.authoring.read.yaml_text import MappingNode, Node, ScalarNode, SequenceNode, is_plain, place_of, trap, truth
from decision_tree.locales import LOCALES
from decision_tree.model import Text

MAX_PROBLEMS = 200


@dataclass(slots=True)
class Reading:
    """One file being read: its name, what is wrong so far, and how placeholders in texts become words."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    fill: Callable[[str, str, Place], str] = lambda text, locale, place: text
    trail: list[str] = field(default_factory=list)
    texts: dict[str, tuple[Text, Place]] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)          # ids of entries with a mistake
    partial: list[dict[str, Any]] = field(default_factory=list)  # entries that cannot be used, as far as they were read

    def problem(self, node: Node, what: str, hint: str) -> None:
        """Note a mistake at a node."""
        self.problems.append(Problem(place_of(node, self.file), what, hint))


class Shape:
    """How one value is written. `read` returns the value, or None after noting a problem."""

    def read(self, node: Node, reading: Reading) -> Any:
        raise NotImplementedError

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the value."""
        raise NotImplementedError


def name_of(node: Node) -> str | None:
    """Return the id of a record, or the fact a question asks, or None."""
    if not isinstance(node, MappingNode):
        return None
    named = {key.value: value.value for key, value in node.value if isinstance(key, ScalarNode) and isinstance(value, ScalarNode)}
    return named.get("id") or named.get("fact") or named.get("value")


def kind_of_node(node: Node) -> str:
    """Return what a node is, in the reader's words."""
    if isinstance(node, MappingNode):
        return "a mapping (key: value)"
    if isinstance(node, SequenceNode):
        return "a list"
    return f"'{node.value}'"


@dataclass(frozen=True, slots=True)
class Str(Shape):
    """Plain text on which YAML must not stumble."""

    def read(self, node: Node, reading: Reading) -> str | None:
        if not isinstance(node, ScalarNode):
            reading.problem(node, f"text was expected, not {kind_of_node(node)}", "Write one sentence or one id.")
            return None
        if not node.value and is_plain(node):
            reading.problem(node, "nothing is written here", "Write it, or remove the line.")
            return None
        if misread := trap(node):
            reading.problem(node, f"unquoted {node.value} is read as {misread}",
                            f'Put it in quotes: "{node.value}".')
            return None
        if not node.value.strip():
            reading.problem(node, "this text is empty", "Write it, or remove the line.")
            return None
        return str(node.value)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1}


@dataclass(frozen=True, slots=True)
class OneOf(Shape):
    """One word of a closed list."""

    words: tuple[str, ...]

    def read(self, node: Node, reading: Reading) -> str | None:
        word = Str().read(node, reading)
        if word is not None and word not in self.words:
            reading.problem(node, f"'{word}' is not one of {', '.join(self.words)}",
                            did_you_mean(word, self.words, "choose one of them."))
            return None
        return word

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class Bool(Shape):
    """true or false, spelt so."""

    def read(self, node: Node, reading: Reading) -> bool | None:
        if (told := truth(node)) is not None:
            return told
        reading.problem(node, f"true or false was expected, not {kind_of_node(node)}", "Write true or false, without quotes.")
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Number(Shape):
    """A decimal number without unit."""

    def read(self, node: Node, reading: Reading) -> int | float | None:
        if isinstance(node, ScalarNode) and is_plain(node):
            try:
                return int(node.value) if node.value.lstrip("-").isdigit() else float(node.value)
            except ValueError:
                pass
        reading.problem(node, f"a number was expected, not {kind_of_node(node)}", "Write digits only, without quotes.")
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "number"}


@dataclass(frozen=True, slots=True)
class Day(Shape):
    """A date, ISO 8601; quoted or not."""

    def read(self, node: Node, reading: Reading) -> date | None:
        if isinstance(node, ScalarNode) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", node.value):
            try:
                return date.fromisoformat(node.value)
            except ValueError:
                pass
        reading.problem(node, f"a date was expected, not {kind_of_node(node)}", "Write it as 2026-11-22.")
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


@dataclass(frozen=True, slots=True)
class Localized(Shape):
    """A text in each published locale."""

    def read(self, node: Node, reading: Reading) -> Text | None:
        values = IN_EACH.read(node, reading)
        if values is None or any(values.get(locale) is None for locale in LOCALES):
            return None
        place = place_of(node, reading.file)
        reading.texts[".".join(reading.trail)] = Text({locale: values[locale] for locale in LOCALES}), place
        return Text({locale: reading.fill(values[locale], locale, place) for locale in LOCALES})

    def schema(self) -> dict[str, Any]:
        return IN_EACH.schema()


@dataclass(frozen=True, slots=True)
class Nullable(Shape):
    """The value, or null."""

    shape: Shape

    def read(self, node: Node, reading: Reading) -> Any:
        if isinstance(node, ScalarNode) and node.tag.endswith(":null"):
            return None
        return self.shape.read(node, reading)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [self.shape.schema(), {"type": "null"}]}


@dataclass(frozen=True, slots=True)
class ListOf(Shape):
    """A list of values of one shape."""

    shape: Shape
    least: int = 0

    def read(self, node: Node, reading: Reading) -> tuple[Any, ...] | None:
        if not isinstance(node, SequenceNode):
            reading.problem(node, f"a list was expected, not {kind_of_node(node)}", "Write [a, b] or one “- a” a line.")
            return None
        if len(node.value) < self.least:
            least = "one entry" if self.least == 1 else f"{self.least} entries"
            reading.problem(node, "this list is empty", f"Write at least {least}.")
            return None
        values = []
        for number, item in enumerate(node.value, 1):
            if len(reading.problems) >= MAX_PROBLEMS:
                reading.problem(item, f"this file has more than {MAX_PROBLEMS} mistakes, and is read no further", "Mend those above first.")
                break
            values.append(self._item(number, item, reading))
        return tuple(value for value in values if value is not None)

    def _item(self, number: int, item: Node, reading: Reading) -> Any:
        reading.trail.append(name_of(item) or str(number))
        value = self.shape.read(item, reading)
        reading.trail.pop()
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": self.shape.schema(), "minItems": self.least}


@dataclass(frozen=True, slots=True)
class RawNode(Shape):
    """A part read later, by a reader of its own (conditions)."""

    described: Mapping[str, Any]

    def read(self, node: Node, reading: Reading) -> Node:
        return node

    def schema(self) -> dict[str, Any]:
        return dict(self.described)


@dataclass(frozen=True, slots=True)
class PlacedStr(Shape):
    """A list of texts, each with the line it stands on."""

    def read(self, node: Node, reading: Reading) -> tuple[tuple[str, Place], ...] | None:
        texts = ListOf(Str()).read(node, reading)
        if texts is None or not isinstance(node, SequenceNode) or len(texts) < len(node.value):
            return None
        return tuple((text, place_of(item, reading.file)) for text, item in zip(texts, node.value, strict=True))

    def schema(self) -> dict[str, Any]:
        return ListOf(Str()).schema()


@dataclass(frozen=True, slots=True)
class AnyValue(Shape):
    """A value checked where its meaning is known: text, true or false, a number, or a list of texts."""

    def read(self, node: Node, reading: Reading) -> Any:
        if isinstance(node, SequenceNode):
            return ListOf(Str()).read(node, reading)
        if isinstance(node, ScalarNode) and is_plain(node) and node.value in ("true", "false"):
            return node.value == "true"
        return Str().read(node, reading)

    def schema(self) -> dict[str, Any]:
        return {"type": ["string", "boolean", "array"]}


@dataclass(frozen=True, slots=True)
class Record(Shape):
    """A mapping with known keys."""

    required: Mapping[str, Shape]
    optional: Mapping[str, Shape] = field(default_factory=dict)

    def read(self, node: Node, reading: Reading) -> dict[str, Any] | None:
        if not isinstance(node, MappingNode):
            reading.problem(node, f"a mapping (key: value) was expected, not {kind_of_node(node)}",
                            f"Write the keys {', '.join(self.required)}.")
            return None
        values: dict[str, Any] = {"": place_of(node, reading.file)}
        before = len(reading.problems)
        for key_node, value_node in node.value:
            if len(reading.problems) >= MAX_PROBLEMS:
                break
            self._read_pair(key_node, value_node, values, reading)
        for key in self.required:
            if key not in values:
                name = values.get("id")
                where = f"'{name}'" if isinstance(name, str) else "this entry"
                reading.problem(node, f"{where} lacks the key '{key}'", f"Add a line “{key}: …”.")
        if len(reading.problems) > before and isinstance(values.get("id"), str):
            reading.lost.add(values["id"])
        if any(values.get(key) is None for key in self.required if not isinstance(self.required[key], Nullable) or key not in values):
            reading.partial.append(values)
            return None
        return values

    def _read_pair(self, key_node: Node, value_node: Node, values: dict[str, Any], reading: Reading) -> None:
        key = Str().read(key_node, reading)
        if key is None:
            return
        shape = self.required.get(key) or self.optional.get(key)
        if shape is None:
            known = (*self.required, *self.optional)
            reading.problem(key_node, f"the key '{key}' is unknown here",
                            did_you_mean(key, known, f"use one of: {', '.join(known)}."))
        elif key in values:
            reading.problem(key_node, f"the key '{key}' is written twice", "Keep one of the two lines.")
        else:
            reading.trail.append(key)
            values[key] = shape.read(value_node, reading)
            reading.trail.pop()

    def schema(self) -> dict[str, Any]:
        keys = {key: shape.schema() for key, shape in (*self.required.items(), *self.optional.items())}
        return {"type": "object", "properties": keys, "required": list(self.required), "additionalProperties": False}


IN_EACH = Record({locale: Str() for locale in LOCALES})


@dataclass(frozen=True, slots=True)
class MapOf(Shape):
    """A mapping from ids to values of one shape."""

    shape: Shape

    def read(self, node: Node, reading: Reading) -> dict[str, Any] | None:
        if not isinstance(node, MappingNode):
            reading.problem(node, f"a mapping (id: …) was expected, not {kind_of_node(node)}", "Write one “id: …” a line.")
            return None
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = Str().read(key_node, reading)
            if key in found:
                reading.problem(key_node, f"'{key}' is written twice", "Keep one of the two lines.")
            elif key is not None:
                found[key] = self.shape.read(value_node, reading)
        return found

    def schema(self) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": self.shape.schema()}


def conditions_in(value: Any) -> list[Node]:
    """Return the parts of a value that are still to be read."""
    if isinstance(value, Node):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else ()
    return [node for one in inner for node in conditions_in(one)]


def read_list(node: Node | None, shape: Record, reading: Reading) -> list[dict[str, Any]]:
    """Read a file that is a list of records; an empty file is an empty list."""
    if node is None:
        return []
    values = ListOf(shape).read(node, reading)
    return list(values or ())


def unique(records: Iterable[dict[str, Any]], key: str, reading_problems: list[Problem]) -> dict[str, dict[str, Any]]:
    """Return records by id, noting ids used twice."""
    found: dict[str, dict[str, Any]] = {}
    for record in records:
        name = record[key]
        if name in found:
            reading_problems.append(Problem(record[""], f"the id '{name}' is used twice (first at {found[name]['']})",
                                            "Give each entry an id of its own."))
        else:
            found[name] = record
    return found
