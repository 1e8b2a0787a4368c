"""The knowledge the pages are written from, read again when one of its files changes (`make serve` stays up to date)."""

from functools import cache, lru_cache
from pathlib import Path
from time import monotonic

from decision_tree.authoring.knowledge import Knowledge
from decision_tree.authoring.load import KNOWLEDGE, load_knowledge

ROOT = Path(__file__).resolve().parents[2]
LOOK_AGAIN = 0.3   # seconds: a page asks for the knowledge at each macro, and a look at every file costs milliseconds


def knowledge(folder: Path = KNOWLEDGE) -> Knowledge:
    """Return the checked knowledge.

    Raises:
        KnowledgeError: With every problem found, in file order.
    """
    return _loaded(folder, _newest(folder, int(monotonic() / LOOK_AGAIN)))


@lru_cache(maxsize=8)
def _newest(folder: Path, _moment: int) -> int:
    return max(file.stat().st_mtime_ns for file in folder.rglob("*.yaml"))


@cache
def _loaded(folder: Path, _newest: int) -> Knowledge:
    return load_knowledge(folder)
