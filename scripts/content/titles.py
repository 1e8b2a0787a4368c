"""The title of each page, as its first line says it: the pages somebody wrote, and those made from the knowledge."""

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from scripts.content import generated, language_pages, printable
from scripts.content.page import read_pages
from scripts.project.cache import cached, key_of
from scripts.project.paths import ROOT

FIRST = re.compile(r"^# (?P<title>.*?)(?: *\{[^}]*\})?$", re.MULTILINE)
MADE_FROM = ("decision_tree", "docs", "kits", "languages", "leaflets", "overrides", "scripts")
READ = (".html", ".md", ".py", ".yaml")


@cache
def page_titles(locale: str) -> Mapping[str, str]:
    """Return address of a page, without its last slash → title; each language's build asks for both, and one of them makes it."""
    def write(folder: Path) -> None:
        (folder / "titles.json").write_text(json.dumps(titles_of(locale), ensure_ascii=False), "utf-8")

    key = key_of(*(part for path in made_from() for part in (str(path.relative_to(ROOT)), path)))
    folder = cached(f"titles-{locale}", key, write)
    found: dict[str, str] = json.loads((folder / "titles.json").read_text("utf-8"))
    return found


def made_from() -> Iterable[Path]:
    """Return every file a title may come from; whose text does not matter costs a second making, and no wrong title."""
    return sorted(path for room in MADE_FROM for path in (ROOT / room).rglob("*") if path.suffix in READ)


def titles_of(locale: str) -> dict[str, str]:
    """Return what `page_titles` does, made from the texts."""
    made = ((path, text) for made_pages in (generated.made_pages, printable.made_pages, language_pages.made_pages)
            for path, text in made_pages(locale))
    texts = {**dict(made), **{page.path: page.markdown for page in read_pages(locale)}}
    return {path.removesuffix(".md").removesuffix("index").rstrip("/"): found["title"].strip()
            for path, text in texts.items() if (found := FIRST.search(text))}
