"""Reading YAML as a lawyer writes it: lines kept, traps named, nothing that explodes.

Only plain mappings, lists and scalars are accepted. Anchors and aliases are refused: they hide what is said, and a few
of them can expand without end. Long files are refused before they are read whole: time goes to each value, not to each byte.
"""

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from decision_tree.authoring.read.problems import Place, Problem

MAX_BYTES = 300_000
MAX_VALUES = 12_000
MAX_DEPTH = 24

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
TextLoader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)     # texts alone: "non" is a word there
Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
YamlError = yaml.YAMLError

__all__ = ["MappingNode", "Node", "ScalarNode", "SequenceNode", "gc_paused",
           "is_plain", "place_of", "plain_value", "read_yaml", "trap", "written"]


@contextmanager
def gc_paused() -> Iterator[None]:
    """Keep Python's garbage collector from walking what grows again and again: half the time of a large file, a tenth of a proof."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


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
    node, mistake = _composed(text)
    return node, [Problem(Place(shown, mistake.line), mistake.what, mistake.hint)] if mistake else []


class _Mistake(NamedTuple):
    line: int
    what: str
    hint: str


@lru_cache(maxsize=256)
def _composed(text: str) -> tuple[Node | None, _Mistake | None]:
    """Return the root node of a text, or what keeps it from being read; two versions of the knowledge share most texts."""
    try:
        with gc_paused():
            mistake = _directive(text) or _explosion(text)
            return (None, mistake) if mistake else (yaml.compose(text, Loader=Loader), None)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return None, _Mistake(mark.line + 1 if mark else 1, f"this is not YAML: {error.problem or error.context}",
                              "Look for a missing quote, colon or indent on this line or the one above.")
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return None, _Mistake(1, f"this is not YAML: {str(error).splitlines()[0]}", "Write plain text, without control characters.")


def _directive(text: str) -> _Mistake | None:
    """Return the first line that YAML takes for an order to its reader, of which a file may hold thousands."""
    found = re.search("^%", text, re.MULTILINE)
    return found and _Mistake(text.count("\n", 0, found.start()) + 1, "a line begins with '%', which YAML keeps for itself",
                              "Remove the line, or put its text in quotes after its key.")


def _explosion(text: str) -> _Mistake | None:
    """Return the first thing that repeats, nests or goes on without end."""
    depth = values = documents = 0
    for event in yaml.parse(text, Loader=Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            return _Mistake(line, f"the alias '*{event.anchor}' repeats another part", "Write the part out in full.")
        if isinstance(event, yaml.NodeEvent):
            values += 1
            if event.anchor:
                return _Mistake(line, f"the anchor '&{event.anchor}' is not allowed", "Write each part out in full.")
            if values > MAX_VALUES:
                return _Mistake(line, f"the file goes on after {MAX_VALUES:,} keys, values and lists", "Split it into several files.")
            depth += isinstance(event, yaml.CollectionStartEvent)
            if depth > MAX_DEPTH:
                return _Mistake(line, f"this is nested more than {MAX_DEPTH} levels deep", "Simplify it.")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                return _Mistake(line, "a second document begins here", "Keep one document a file: remove the line “---”.")
    return None


def place_of(node: Node, shown: str) -> Place:
    """Return where a node begins."""
    return Place(shown, node.start_mark.line + 1)


_SEXAGESIMAL = re.compile(r"^\d+(:[0-5]?\d)+$")


def is_plain(node: ScalarNode) -> bool:
    """Tell whether a scalar is written without quotes."""
    return not node.style


def truth(node: Node) -> bool | None:
    """Return what a scalar that spells true or false, without quotes, means; None for any other node."""
    return {"true": True, "false": False}.get(node.value) if isinstance(node, ScalarNode) and is_plain(node) else None


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


@lru_cache(maxsize=256)
def tree_of_text(text: str) -> Node | None:
    """Return the root node of a YAML text, for readers that edit the text in place; the node is shared, and to be left as it is.

    Raises:
        YamlError: It is not YAML.
    """
    root: Node | None = yaml.compose(text, yaml.SafeLoader)
    return root


def plain_value(text: str, *, texts: bool = False) -> Any:
    """Return what a YAML text says as plain mappings, lists and values; for files whose shape another reader checks.

    Args:
        texts: Read every value as text: "non" is a word, 01 a code.

    Raises:
        YamlError: It is not YAML.
    """
    return yaml.load(text, TextLoader if texts else Loader)


def written(value: Any) -> str:
    """Return a value as YAML, one line a text, letters as they are, keys in their order."""
    return str(yaml.dump(value, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=10_000))
