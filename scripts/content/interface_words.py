"""The words of the shell (menus, labels), one table a locale, and dates written out."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

from decision_tree.authoring.read.shaped import read_shaped
from decision_tree.authoring.read.shapes import MapOf, Str
from decision_tree.locales import conventions
from scripts.project.paths import ROOT

FOLDER = ROOT / "overrides" / "words"


def load_words(locale: str, folder: Path = FOLDER) -> Mapping[str, str]:
    """Return key → text for the locale, after checking that both tables have the same keys.

    Raises:
        KeyError: a key that one table has and the other lacks; the message names both files.
    """
    return _words(locale, tuple((path, path.stat().st_mtime_ns) for path in sorted(folder.glob("*.yaml"))))


@lru_cache(maxsize=16)
def _words(locale: str, files: Sequence[tuple[Path, int]]) -> Mapping[str, str]:
    tables = {path.stem: _table(path, changed) for path, changed in files}
    for other, table in tables.items():
        if lacking := sorted(set(table) - set(tables[locale])):
            raise KeyError(f"{files[0][0].parent.name}/{locale}.yaml lacks {', '.join(lacking)}, which {other}.yaml has.")
    return {key: str(text) for key, text in tables[locale].items()}


@lru_cache(maxsize=16)
def _table(path: Path, _changed: int) -> Mapping[str, object]:
    found: Mapping[str, object] = read_shaped(path, MapOf(Str()), f"{path.parent.name}/{path.name}")
    return found


def translator(table: Mapping[str, str]) -> Callable[..., str]:
    """Return `t(key, **values)`, which fails on an unknown key instead of showing it."""

    def t(key: str, **values: object) -> str:
        if key not in table:
            raise KeyError(f"overrides/words has no text named '{key}'.")
        return table[key].format(**values) if values else table[key]

    return t


def written_date(day: date, locale: str) -> str:
    """Return the day in words: "1er mars 2026", "1 March 2026"."""
    how = conventions(locale)
    return f"{how.first if day.day == 1 else day.day} {how.months[day.month - 1]} {day.year}"
