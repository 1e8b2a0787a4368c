"""Every check of the pages, each a function that yields problems; the tests and `python -m scripts.content check` run them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from decision_tree.authoring.knowledge import Knowledge
from decision_tree.authoring.problems import Problem
from decision_tree.model import LOCALES
from scripts.content import coverage, front_matter, readability, spelling, typed, typography
from scripts.content.knowledge import knowledge
from scripts.content.page import DOCS, Page, read_pages
from scripts.macros import NAMES, SHELL, Missing, PageMacros


@dataclass(frozen=True)
class Content:
    """The pages of both locales, and the knowledge they are written from."""

    pages: dict[str, tuple[Page, ...]]
    facts: Knowledge

    @cached_property
    def all_pages(self) -> tuple[Page, ...]:
        return tuple(page for pages in self.pages.values() for page in pages)


def read_content(docs: Path = DOCS) -> Content:
    """Return the content as it stands."""
    return Content({locale: read_pages(locale, docs) for locale in LOCALES}, knowledge())


def check_macros(content: Content) -> Iterator[Problem]:
    """Yield each macro that does not exist or asks for what the knowledge does not hold."""
    for page in content.all_pages:
        shown = PageMacros(page.locale, page.path, content.facts)
        for call in page.calls:
            if call.macro in SHELL:
                continue
            if call.macro not in NAMES:
                yield page.problem(call.line, f"there is no macro '{call.macro}'", f"Use one of {', '.join(NAMES)}.")
                continue
            try:
                if call.macro != "quote":  # its words are looked for when the page is made
                    getattr(shown, call.macro)(call.id)
            except Missing as missing:
                yield page.problem(call.line, missing.what, missing.mend)


def check_front_matter(content: Content) -> Iterator[Problem]:
    for page in content.all_pages:
        yield from front_matter.check(page, content.facts)


def check_typed(content: Content) -> Iterator[Problem]:
    for page in content.all_pages:
        yield from typed.check(page, content.facts)


def check_coverage(content: Content) -> Iterator[Problem]:
    yield from coverage.check(content.pages["fr"], content.facts)


def check_dated(content: Content) -> Iterator[Problem]:
    for page in content.all_pages:
        yield from coverage.check_wording(page, content.facts)


def check_parity(content: Content) -> Iterator[Problem]:
    for pair in front_matter.pairs(content.pages):
        yield from [pair] if isinstance(pair, Problem) else front_matter.check_pair(*pair)


def check_plain(content: Content) -> Iterator[Problem]:
    for page in content.all_pages:
        yield from readability.check(page, content.facts)


def check_typography(content: Content) -> Iterator[Problem]:
    for page in content.all_pages:
        yield from typography.check(page)


def check_spelling(content: Content) -> Iterator[Problem]:
    for locale, pages in content.pages.items():
        yield from spelling.check(pages, locale, content.facts)


CHECKS: dict[str, Callable[[Content], Iterator[Problem]]] = {
    "macros": check_macros,
    "front matter": check_front_matter,
    "typed by hand": check_typed,
    "statements": check_coverage,
    "old or uncertain statements": check_dated,
    "both locales": check_parity,
    "plain language": check_plain,
    "typography": check_typography,
    "spelling": check_spelling,
}


def run(content: Content, names: Iterable[str] = CHECKS) -> dict[str, list[Problem]]:
    """Return the problems of each check, in file order."""
    return {name: sorted(set(CHECKS[name](content))) for name in names}
