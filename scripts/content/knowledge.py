"""The knowledge the pages are written from: bodies, laws, statements, quantities, contacts and glossary, by id."""

from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
KNOWLEDGE = ROOT / "decision_tree" / "knowledge"


class Text(dict):
    fr = property(lambda self: self["fr"])
    en = property(lambda self: self["en"])


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        if set(value) == {"fr", "en"}:
            return Text(value)
        return SimpleNamespace(**{("with_" if k == "with" else k): _frozen(v) for k, v in value.items()})
    if isinstance(value, list):
        return tuple(_frozen(part) for part in value)
    return value


def _load(folder: Path, name: str) -> dict[str, Any]:
    files = sorted((folder / name).glob("*.yaml")) or [f for f in [folder / f"{name}.yaml"] if f.exists()]
    found: dict[str, Any] = {}
    for file in files:
        content = yaml.safe_load(file.read_text(encoding="utf-8")) or []
        for entry in content if isinstance(content, list) else [content]:
            found[entry["id"]] = _frozen({"value": None, "min": None, "max": None, **entry} if name == "quantities" else entry)
    return found


def knowledge(folder: Path = KNOWLEDGE) -> Any:
    """Return the whole knowledge, read again when one of its files has changed (`make serve` stays up to date)."""
    return _loaded(folder, max(file.stat().st_mtime_ns for file in folder.rglob("*.yaml")))


@cache
def _loaded(folder: Path, _newest: int) -> Any:
    names = ("bodies", "statements", "laws", "quantities", "contacts", "glossary")
    return SimpleNamespace(**{name: _load(folder, name) for name in names})
