"""Every check of the pages, each a function that yields problems; the tests and `python -m scripts.content check` run them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from decision_tree.authoring.read.knowledge import Knowledge
from decision_tree.authoring.read.load import KNOWLEDGE
from decision_tree.authoring.read.problems import Problem
from decision_tree.locales import LOCALES, REFERENCE
from scripts.content import front_matter
from scripts.content.checks import coverage, hedges, one_home, readability, spelling, typed, typography, vocabulary
from scripts.content.generated import made_pages
from scripts.content.loaded import knowledge
from scripts.content.macros import NAMES, OF_LEAFLETS, SHELL, Missing, PageMacros
from scripts.content.page import DOCS, Page, read_pages

Check = Callable[["Content"], Iterator[Problem]]


@dataclass(frozen=True)
class Content:
    """The pages of both locales, and the knowledge they are written from."""

    pages: dict[str, tuple[Page, ...]]
    facts: Knowledge

    @cached_property
    def made(self) -> tuple[Page, ...]:
        """The pages made from the knowledge, as they are built."""
        return tuple(Page(locale, path, text) for locale in self.pages for path, text in made_pages(locale, self.facts))

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
            if call.macro in SHELL + OF_LEAFLETS:     # the site gives these, and its build reads what they ask for
                continue
            if call.macro not in NAMES:
                yield page.problem(call.line, f"there is no macro '{call.macro}'", f"Use one of {', '.join(NAMES + OF_LEAFLETS)}.")
                continue
            try:
                getattr(shown, call.macro)(call.id, **dict(call.options))
            except Missing as missing:
                yield page.problem(call.line, missing.what, missing.hint)


def check_parity(content: Content) -> Iterator[Problem]:
    """Yield the pages one language lacks, and where two pages of the same path do not say the same."""
    for pair in front_matter.pairs(content.pages):
        yield from [pair] if isinstance(pair, Problem) else front_matter.check_pair(*pair)


def check_spelling(content: Content) -> Iterator[Problem]:
    """Yield the words no dictionary knows; all pages of a locale are asked about at once."""
    for locale, pages in content.pages.items():
        yield from spelling.check(pages, locale, content.facts)


def check_made(content: Content) -> Iterator[Problem]:
    """Yield what is hard to read, badly set or misspelt in the pages made from the knowledge, quotations of the law apart."""
    pages = [without_quotations(page) for page in content.made]
    for locale in content.pages:
        yield from spelling.check([page for page in pages if page.locale == locale], locale, content.facts)
    for page in pages:
        for problem in (*readability.check(page, content.facts), *typography.check(page)):
            if not 1 < problem.place.line < page.first_line:  # the front matter was written by a program
                yield Problem(problem.place, problem.what, f"{problem.hint} The words of this page are in {KNOWLEDGE.name}/.")


def without_quotations(page: Page) -> Page:
    """Return a made page without its HTML, which holds the words of the law."""
    lines = ("" if line.startswith("<") else line for line in page.text.split("\n"))
    return Page(page.locale, page.path, "\n".join(lines), page.docs)


def on_each_page(check: Callable[[Page, Knowledge], Iterator[Problem]]) -> Check:
    """Return a check of the content from a check of one page."""

    def check_all(content: Content) -> Iterator[Problem]:
        for page in content.all_pages:
            yield from check(page, content.facts)

    return check_all


CHECKS: dict[str, Check] = {
    "macros": check_macros,
    "front matter": on_each_page(front_matter.check),
    "typed by hand": on_each_page(typed.check),
    "statements": lambda content: coverage.check(content.pages[REFERENCE], content.facts),
    "old or uncertain statements": on_each_page(coverage.check_wording),
    "one name a thing": on_each_page(vocabulary.check),
    "both locales": check_parity,
    "plain language": on_each_page(readability.check),
    "typography": on_each_page(typography.check),
    "spelling": check_spelling,
    "made pages": check_made,
    "one home a fact": lambda content: one_home.twins(content.facts),
    "who said it": lambda content: one_home.speakers((*content.all_pages, *map(without_quotations, content.made))),
    "doubts in the way": lambda content: hedges.check(
        (*content.all_pages, *map(without_quotations, content.made)), content.facts.texts),
}


def run(content: Content, names: Iterable[str] = CHECKS) -> dict[str, list[Problem]]:
    """Return the problems of each check, in file order."""
    return {name: sorted(set(CHECKS[name](content))) for name in names}
