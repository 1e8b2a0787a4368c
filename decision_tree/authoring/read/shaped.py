"""Files of our own outside the knowledge, read through the same door: a shape, and every mistake with its line."""

from pathlib import Path
from typing import Any

from decision_tree.authoring.read.problems import KnowledgeError
from decision_tree.authoring.read.shapes import Reading, Shape
from decision_tree.authoring.read.yaml_text import read_yaml


def read_shaped(path: Path, shape: Shape, shown: str | None = None) -> Any:
    """Return what a file says, in the form its shape gives.

    Args:
        shown: Its name in messages; its own name by default.

    Raises:
        KnowledgeError: It cannot be read, or does not have the shape; every mistake has its line and a hint.
    """
    reading = Reading(shown or path.name)
    node, problems = read_yaml(path, reading.file)
    value = shape.read(node, reading) if node is not None else None
    if problems := [*problems, *reading.problems]:
        raise KnowledgeError(problems)
    return value
