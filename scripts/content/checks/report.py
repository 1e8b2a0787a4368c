"""The report on the content: pages, statements, sources, plain language and translations, in lines of text."""

from collections import Counter
from collections.abc import Iterator

from scripts.content.checks import coverage
from scripts.content.checks.readability import Reading, measure
from scripts.content.checks.rules import Content
from scripts.content.front_matter import pairs
from scripts.content.page import Page


def write_report(content: Content) -> Iterator[str]:
    """Yield the lines of the report; the last one is the total."""
    readings = {page: measure(page, content.facts) for page in content.all_pages}
    yield from pages_and_reading(readings)
    yield from statements(content)
    yield from sources(content)
    yield from names_left_out(readings)
    yield from translations(content)
    yield total(content)


def pages_and_reading(readings: dict[Page, Reading]) -> Iterator[str]:
    """Yield a line a page: sentences, words a sentence, longest, reading ease, share of names and references left out."""
    yield "PAGES                                                        sentences  mean  longest  ease  left out"
    for page, reading in readings.items():
        if reading.sentences:
            sizes = f"{len(reading.sentences):9}  {reading.mean:4.1f}  {max(reading.lengths):7}"
            yield f"{page.name:60} {sizes}  {reading.ease:4.0f}  {reading.share_left_out:8.0%}"
        else:
            yield f"{page.name:60}         0"


def statements(content: Content) -> Iterator[str]:
    """Yield a line a statement: its status and the pages that state it, or why none does."""
    used, allowed = coverage.uses(content.pages["fr"], content.facts), coverage.allowed_unused()
    yield ""
    yield "STATEMENTS"
    for statement in content.facts.statements.values():
        where = ", ".join(sorted(used.get(statement.id, ()))) or f"UNUSED {allowed.get(statement.id, '')}".strip()
        yield f"{statement.id:34} {statement.status:11} {where}"


def sources(content: Content) -> Iterator[str]:
    """Yield a line a source: how many statements rest on it."""
    yield ""
    yield "SOURCES"
    by_law = Counter(law for statement in content.facts.statements.values() for law in statement.laws)
    documents = Counter(statement.source.fr for statement in content.facts.statements.values() if not statement.laws)
    for name, count in [*by_law.most_common(), *documents.most_common()]:
        yield f"{count:4}  {name}"


def names_left_out(readings: dict[Page, Reading]) -> Iterator[str]:
    """Yield the names and references left out of the measure of plain language, with how often each was met."""
    yield ""
    yield "NAMES AND REFERENCES LEFT OUT OF THE MEASURE"
    met: Counter[str] = Counter()
    for reading in readings.values():
        met += reading.left_out
    for name, count in met.most_common():
        yield f"{count:4}  {name}"


def stale_pages(content: Content) -> list[Page]:
    """Return the translations made from an older French page."""
    both = (pair for pair in pairs(content.pages) if isinstance(pair, tuple))
    return [english for french, english in both if str(english.meta.get("translation_of")) != french.hash]


def translations(content: Content) -> Iterator[str]:
    """Yield the stale translations."""
    yield ""
    yield "STALE TRANSLATIONS"
    yield from ([page.name for page in stale_pages(content)] or ["none"])


def total(content: Content) -> str:
    """Return the last line: what is missing or unused without a reason, in one sentence."""
    used, allowed = coverage.uses(content.pages["fr"], content.facts), coverage.allowed_unused()
    expected = [one.id for one in content.facts.statements.values() if one.status in ("current", "changed")]
    unused = {id for id in expected if id not in used}
    missing = sum(1 for pair in pairs(content.pages) if not isinstance(pair, tuple))
    return (
        f"content: {len(content.pages['fr'])} pages written and {len(content.made) // 2} made in each language, {missing} missing; "
        f"{len(expected)} statements to use, "
        f"{len(unused & set(allowed))} unused with a reason, {len(unused - set(allowed))} unused without reason; "
        f"{len(stale_pages(content))} stale translations."
    )
