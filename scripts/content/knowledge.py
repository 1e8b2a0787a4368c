"""The knowledge the pages are written from, read again when one of its files changes (`make serve` stays up to date)."""

from functools import cache
from pathlib import Path

from decision_tree.authoring.knowledge import Knowledge
from decision_tree.authoring.load import KNOWLEDGE, load_knowledge

ROOT = Path(__file__).resolve().parents[2]


def knowledge(folder: Path = KNOWLEDGE) -> Knowledge:
    """Return the checked knowledge.

    Raises:
        KnowledgeError: With every problem found, in file order.
    """
    return _loaded(folder, max(file.stat().st_mtime_ns for file in folder.rglob("*.yaml")))


@cache
def _loaded(folder: Path, _newest: int) -> Knowledge:
    return load_knowledge(folder)
