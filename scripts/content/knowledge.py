"""The knowledge the pages are written from, read again when one of its files changes (`make serve` stays up to date)."""

from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from decision_tree.authoring.knowledge import Knowledge
from decision_tree.authoring.load import KNOWLEDGE, Loading, _body, _contact, _law, _read_quantities, _statement, _term, load_knowledge
from decision_tree.authoring.problems import KnowledgeError

ROOT = Path(__file__).resolve().parents[2]


def knowledge(folder: Path = KNOWLEDGE) -> Knowledge:
    """Return the checked knowledge.

    Raises:
        KnowledgeError: With every problem found, in file order.
    """
    return _loaded(folder, max(file.stat().st_mtime_ns for file in folder.rglob("*.yaml")))


@cache
def _loaded(folder: Path, _newest: int) -> Any:
    try:
        return load_knowledge(folder)
    except KnowledgeError:
        return _partial(folder)


def _partial(folder: Path) -> Any:
    loading = Loading(folder, "decision_tree/knowledge")
    _read_quantities(loading)
    makers = {"bodies/*.yaml": _body, "laws/*.yaml": _law, "statements/*.yaml": _statement, "contacts.yaml": _contact, "glossary.yaml": _term}
    found = {pattern.split(".")[0].split("/")[0]: {i: make(r) for i, r in loading.by_id(pattern).items()} for pattern, make in makers.items()}
    return SimpleNamespace(**found, quantities=loading.quantities, model=SimpleNamespace(rules=()))
