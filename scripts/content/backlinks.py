"""Which pages and rules rely on a text of law or speak of a body."""

import pickle
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from decision_tree.authoring.read.knowledge import Knowledge
from scripts.content.page import Page, read_pages
from scripts.project.cache import cached, key_of

FOR_REVIEWERS = frozenset({"a-verifier.md"})  # a list of doubts, for those who read again: no page sends a reader there
FILE = "pages.pickle"
PAGE_CODE = Path(__file__).with_name("page.py")


@dataclass(frozen=True)
class Links:
    """Pages that rely on each law and name each body, and the rules of the guide that rest on each law."""

    laws: Mapping[str, frozenset[str]]  # law id → paths of pages
    bodies: Mapping[str, frozenset[str]]  # body id → paths of pages
    pages: Mapping[str, Page]
    law_rules: Mapping[str, tuple[Any, ...]]

    def to_law(self, id: str) -> list[tuple[str, str]]:
        """Return (title, path) of the pages that rely on a law, by title."""
        return self._titled(self.laws.get(id, frozenset()))

    def to_body(self, id: str) -> list[tuple[str, str]]:
        """Return (title, path) of the pages that name a body, by title."""
        return self._titled(self.bodies.get(id, frozenset()))

    def rules(self, law: str) -> tuple[Any, ...]:
        return self.law_rules.get(law, ())

    def _titled(self, paths: Iterable[str]) -> list[tuple[str, str]]:
        return sorted((str(self.pages[path].meta.get("title", path)), path) for path in paths if path not in FOR_REVIEWERS)


def laws_of(page: Page, facts: Knowledge) -> frozenset[str]:
    """Return the laws a page cites, quotes, or rests on through its statements."""
    direct = {call.id for call in page.calls if call.macro in ("cite", "quote")}
    cited = {call.id for call in page.calls if call.macro == "src"}
    through = {law for id in cited if id in facts.statements for law in facts.statements[id].laws}
    return frozenset((direct | through) & set(facts.laws))


def with_calls(pages: tuple[Page, ...]) -> tuple[Page, ...]:
    """Return pages whose macros are already read, from .cache/ when the same pages were read before."""
    def write(folder: Path) -> None:
        for page in pages:
            assert page.calls is not None   # read, and kept with the page
        (folder / FILE).write_bytes(pickle.dumps(pages, protocol=5))

    parts = [part for page in pages for part in (page.path, page.text)]
    kept = cached("calls", key_of(sys.version, PAGE_CODE, *parts), write)
    found: tuple[Page, ...] = pickle.loads((kept / FILE).read_bytes())
    return found


def read_links(locale: str, facts: Knowledge) -> Links:
    """Return the backlinks among the pages of a locale."""
    pages = {page.path: page for page in with_calls(read_pages(locale))}
    by_law: dict[str, set[str]] = {}
    by_body: dict[str, set[str]] = {}
    for path, page in pages.items():
        for law in laws_of(page, facts):
            by_law.setdefault(law, set()).add(path)
        for call in page.calls:
            if call.macro == "body":
                by_body.setdefault(call.id, set()).add(path)
    return Links(
        {id: frozenset(paths) for id, paths in by_law.items()},
        {id: frozenset(paths) for id, paths in by_body.items()},
        pages,
        {law: tuple(rule for rule in facts.model.rules if law in rule.sources) for law in facts.laws},
    )
