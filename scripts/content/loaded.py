"""The knowledge the pages are written from, read again when one of its files changes (`make serve` stays up to date).

What was read and checked once is kept in .cache/, by the content of the files and of the code that reads them.
"""

import pickle
import sys
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from time import monotonic
from typing import Any

from decision_tree.authoring.read import directory_files as directory_files
from decision_tree.authoring.read import letter_files as letter_files
from decision_tree.authoring.read.knowledge import Knowledge
from decision_tree.authoring.read.load import KNOWLEDGE, load_knowledge
from decision_tree.guide.directory import Directory
from decision_tree.guide.letters import Letters
from scripts.project.cache import cached, key_of

PACKAGE = KNOWLEDGE.parent
LOOK_AGAIN = 0.3   # seconds: a page asks for the knowledge at each macro, and a look at every file costs milliseconds
FILE = "read.pickle"


def knowledge(folder: Path = KNOWLEDGE) -> Knowledge:
    """Return the checked knowledge.

    Raises:
        KnowledgeError: With every problem found, in file order.
    """
    return _loaded(folder, _newest(folder, int(monotonic() / LOOK_AGAIN)))


def letters() -> Letters:
    """Return the letters of our own knowledge, checked as `knowledge` is."""
    return _letters(_newest(KNOWLEDGE, int(monotonic() / LOOK_AGAIN)))


def directory() -> Directory:
    """Return the directory of our own knowledge, checked as `knowledge` is."""
    return _directory(_newest(KNOWLEDGE, int(monotonic() / LOOK_AGAIN)))


@lru_cache(maxsize=8)
def _newest(folder: Path, _moment: int) -> int:
    return max(file.stat().st_mtime_ns for file in folder.rglob("*.yaml"))


@cache
def _loaded(folder: Path, newest: int) -> Knowledge:
    found: Knowledge = _kept("knowledge", newest, load_knowledge) if folder == KNOWLEDGE else load_knowledge(folder)
    return found


@cache
def _letters(newest: int) -> Letters:
    found: Letters = _kept("letters", newest, lambda: letter_files.load_letters(knowledge()))
    return found


@cache
def _directory(newest: int) -> Directory:
    found: Directory = _kept("directory", newest, lambda: directory_files.load_directory(knowledge()))
    return found


def _kept(name: str, newest: int, read: Callable[[], Any]) -> Any:
    """Return what `read` gives, from .cache/ when it was given before."""
    def write(folder: Path) -> None:
        (folder / FILE).write_bytes(pickle.dumps(read(), protocol=5))

    return pickle.loads((cached(f"read-{name}", _key(newest), write) / FILE).read_bytes())


@lru_cache(maxsize=2)
def _key(_newest: int) -> str:
    """Return the key of the files of the knowledge, and of the code that reads them."""
    files = sorted(path for path in PACKAGE.rglob("*") if path.suffix in (".yaml", ".py"))
    return key_of(sys.version, "\n".join(str(path.relative_to(PACKAGE)) for path in files), *files)
