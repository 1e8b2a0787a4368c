"""What of the project travels to the browser: the engine's modules and its compiled model."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from decision_tree.guide.compiled import dump_guide
from decision_tree.guide.states import Guide
from decision_tree.locales import LOCALES
from decision_tree.model import Body, Text, same_in_all
from scripts.project.paths import ROOT
from scripts.runtime.node import RuntimeBuildError

PACKAGE = "decision_tree"
ENTRY = "decision_tree.guide.browser"      # load(model: str), answer(request: str) -> str


@dataclass(frozen=True, slots=True)
class Engine:
    """The sources of the engine by module name, and the JSON of the guide it loads, by locale."""

    sources: Mapping[str, str]
    models: Mapping[str, str]


def models_of(guide: Guide) -> dict[str, str]:
    """Return the guide of each locale: the words of the other are left out, since its page has its own."""
    return {locale: dump_guide(in_locale(guide, locale)) for locale in LOCALES}


def in_locale(value: Any, locale: str) -> Any:
    """Return a value with each text in one locale: asked for another, the guide shows this one, never nothing.

    A body keeps what each language calls it: that tells a name from words, which a browser may translate.
    """
    if isinstance(value, Body):
        texts = {field.name: in_locale(getattr(value, field.name), locale) for field in fields(value)}
        return replace(value, **{**texts, "name": value.name})
    if isinstance(value, Text):
        return same_in_all(value[locale])
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: in_locale(getattr(value, field.name), locale) for field in fields(value)})
    if isinstance(value, tuple):
        return tuple(in_locale(item, locale) for item in value)
    if isinstance(value, dict):
        return {key: in_locale(item, locale) for key, item in value.items()}
    return value


def read_engine(models: Mapping[str, str], folder: Path = ROOT) -> Engine:
    """Read the entry module and all modules of ours that it imports, wherever the import stands.

    Raises:
        RuntimeBuildError: The entry is missing.
    """
    sources: dict[str, str] = {}
    waiting = [PACKAGE, ENTRY]
    while waiting:
        name = waiting.pop()
        path = module_path(folder, name)
        if path is None or name in sources:
            continue
        sources[name] = path.read_text("utf-8")
        waiting += [found for found in imported(sources[name]) if found.split(".")[0] == PACKAGE]
    if ENTRY not in sources:
        raise RuntimeBuildError(f"{ENTRY} is missing: the worker calls its load() and answer().")
    return Engine(dict(sorted(sources.items())), models)


def module_path(folder: Path, name: str) -> Path | None:
    """Return the file of a module; None for a name inside a module, or a package without __init__.py."""
    plain = folder / Path(*name.split("."))
    for path in (plain / "__init__.py", plain.with_suffix(".py")):
        if path.is_file():
            return path
    return None


def imported(source: str) -> Iterator[str]:
    """Yield the modules that a source imports, those inside functions too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)

