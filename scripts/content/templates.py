"""Our Jinja templates in overrides/macros/, in the words of overrides/words/."""

from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined

from decision_tree.guide.render import kept_mark
from scripts.content.interface_words import load_words, translator
from scripts.content.phrases import date_in_words
from scripts.content.set_apart import isolated
from scripts.project.paths import ROOT

MACROS = ROOT / "overrides" / "macros"
CACHE = ROOT / ".cache" / "templates"


def bytecode() -> FileSystemBytecodeCache:
    """Return where Jinja keeps what it has compiled."""
    CACHE.mkdir(parents=True, exist_ok=True)
    return FileSystemBytecodeCache(str(CACHE))


def word(locale: str, key: str, **parts: object) -> str:
    """Return words of our templates, with their `{parts}` filled."""
    return translator(load_words(locale))(key, **parts)


@cache
def environment() -> Environment:
    """Return our templates, failing on anything undefined."""
    env = Environment(loader=FileSystemLoader(MACROS), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
                      bytecode_cache=bytecode())
    env.filters["date_in_words"] = date_in_words
    env.globals["isolated"] = isolated
    return env


def render(name: str, page: Any, **shown: Any) -> str:
    """Return a template of overrides/macros/ as written for a page: in its locale, with links that hold from there."""
    t = translator(load_words(page.locale))
    return environment().get_template(name).render(page=page, locale=page.locale, t=t, kept=kept_mark, **shown).strip()
