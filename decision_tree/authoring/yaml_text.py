"""Reading YAML as a lawyer writes it: lines kept, traps named, nothing that explodes.

Only plain mappings, lists and scalars are accepted. Anchors and aliases are refused: they hide what is said, and a few
of them can expand without end. Long files are refused before they are read whole: time goes to each value, not to each byte.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from decision_tree.authoring.problems import Place, Problem

MAX_BYTES = 300_000
MAX_VALUES = 12_000
MAX_DEPTH = 24

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

__all__ = ["MappingNode", "Node", "ScalarNode", "SequenceNode", "is_plain", "place_of", "read_yaml", "trap"]


def read_yaml(path: Path, shown: str) -> tuple[Node | None, list[Problem]]:
    """Return the root node of a file, or what keeps it from being read.

    Args:
        path: The file.
        shown: Its name in messages.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        return None, [Problem(Place(shown, 1), f"the file cannot be read ({error.strerror})", "Check its name and rights.")]
    if len(data) > MAX_BYTES:
        return None, [Problem(Place(shown, 1), f"the file has {len(data):,} bytes, more than {MAX_BYTES:,}",
                              "Split it into several files.")]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return None, [Problem(Place(shown, line), "these bytes are not UTF-8 text", "Save the file as UTF-8.")]
    return _compose(text, shown)


def _compose(text: str, shown: str) -> tuple[Node | None, list[Problem]]:
    try:
        problems = list(_directives(text, shown)) or list(_explosions(text, shown))
        if problems:
            return None, problems
        return yaml.compose(text, Loader=Loader), []
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        return None, [Problem(Place(shown, line), f"this is not YAML: {error.problem or error.context}",
                              "Look for a missing quote, colon or indent on this line or the one above.")]
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return None, [Problem(Place(shown, 1), f"this is not YAML: {str(error).splitlines()[0]}",
                              "Write plain text, without control characters.")]


def _directives(text: str, shown: str) -> Iterator[Problem]:
    """Note the first line that YAML takes for an order to its reader, of which a file may hold thousands."""
    if found := re.search("^%", text, re.MULTILINE):
        yield Problem(Place(shown, text.count("\n", 0, found.start()) + 1), "a line begins with '%', which YAML keeps for itself",
                      "Remove the line, or put its text in quotes after its key.")


def _explosions(text: str, shown: str) -> Iterator[Problem]:
    depth = values = documents = 0
    for event in yaml.parse(text, Loader=Loader):
        mark = event.start_mark
        place = Place(shown, mark.line + 1 if mark else 1)
        if isinstance(event, yaml.AliasEvent):
            yield Problem(place, f"the alias '*{event.anchor}' repeats another part", "Write the part out in full.")
            return
        if anchor := getattr(event, "anchor", None):
            yield Problem(place, f"the anchor '&{anchor}' is not allowed", "Write each part out in full.")
            return
        documents += isinstance(event, yaml.DocumentStartEvent)
        if documents > 1:
            yield Problem(place, "a second document begins here", "Keep one document a file: remove the line “---”.")
            return
        values += isinstance(event, yaml.NodeEvent)
        if values > MAX_VALUES:
            yield Problem(place, f"the file goes on after {MAX_VALUES:,} keys, values and lists", "Split it into several files.")
            return
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
            if depth > MAX_DEPTH:
                yield Problem(place, f"this is nested more than {MAX_DEPTH} levels deep", "Simplify it.")
                return
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1


def place_of(node: Node, shown: str) -> Place:
    """Return where a node begins."""
    return Place(shown, node.start_mark.line + 1)


_SEXAGESIMAL = re.compile(r"^\d+(:[0-5]?\d)+$")


def is_plain(node: ScalarNode) -> bool:
    """Tell whether a scalar is written without quotes."""
    return not node.style


def trap(node: ScalarNode) -> str | None:
    """Return how YAML would misread an unquoted scalar that is meant as text, or None."""
    if not is_plain(node):
        return None
    kind = node.tag.rsplit(":", 1)[-1]
    if kind == "bool":
        return "true or false"
    if kind == "null":
        return "nothing"
    if kind == "int":
        return "a number of minutes" if _SEXAGESIMAL.match(node.value) else "a number"
    if kind in ("float", "timestamp"):
        return {"float": "a number", "timestamp": "a date"}[kind]
    return None
