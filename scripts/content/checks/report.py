"""The report on the content: pages, statements, sources, plain language and translations, in lines of text."""

from collections import Counter
from collections.abc import Iterator

from decision_tree.locales import REFERENCE
from scripts.content.checks import coverage, hedges
from scripts.content.checks.readability import Reading, measure
from scripts.content.checks.rules import Content, without_quotations
from scripts.content.front_matter import pairs
from scripts.content.page import Page


def write_report(content: Content) -> Iterator[str]:
    """Yield the lines of the report; the last one is the total."""
    readings = {page: measure(page, content.facts) for page in content.all_pages}
    yield from pages_and_reading(readings)
    yield from statements(content)
    yield from sources(content)
    yield from names_left_out(readings)
    yield from doubts(content)
    yield from doors(content)
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
    used, allowed = coverage.uses(content.pages[REFERENCE], content.facts), coverage.allowed_unused()
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


def doubts(content: Content) -> Iterator[str]:
    """Yield a line a page of the public that says a doubt in its sentences, most first, then the sum of each language."""
    yield ""
    yield "DOUBTS IN THE READER'S WAY"
    counted = doubts_by_page(content)
    for page, count in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0].name)):
        if count:
            yield f"{count:4}  {page.name}"
    yield f"doubts: {sum_of_doubts(content)}; {hedges.MOST} at most in a language"


def doubts_by_page(content: Content) -> dict[Page, int]:
    """Return how many sentences of each page of the public say a doubt."""
    return {page: len(hedges.found(page)) for page in hedges.public((*content.all_pages, *map(without_quotations, content.made)))}


def sum_of_doubts(content: Content) -> str:
    """Return the sum of each language: “fr 12, en 14”."""
    counted = doubts_by_page(content)
    sums = {locale: sum(count for page, count in counted.items() if page.locale == locale) for locale in content.pages}
    return ", ".join(f"{locale} {count}" for locale, count in sums.items())


def doors(content: Content) -> Iterator[str]:
    """Yield the contacts that pages give, confirmed ones and marked ones, and those that wait."""
    yield ""
    yield "DOORS"
    given = {call.id for page in (*content.pages[REFERENCE], *(page for page in content.made if page.locale == REFERENCE))
             for call in page.calls if call.macro == "contact"}
    given |= {how.contact for body in content.facts.bodies.values() for how in body.how if how.contact}
    contacts = content.facts.contacts.values()
    for contact in contacts:
        yield f"{contact.id:34} {contact.status:11} {'given' if contact.id in given else 'not given'}"
    yield (f"doors: {sum(one.id in given for one in contacts)} given of {len(contacts)}, "
           f"{sum(one.status == 'confirmed' for one in contacts)} confirmed")


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
    used, allowed = coverage.uses(content.pages[REFERENCE], content.facts), coverage.allowed_unused()
    expected = [one.id for one in content.facts.statements.values() if one.status in ("current", "changed")]
    unused = {id for id in expected if id not in used}
    missing = sum(1 for pair in pairs(content.pages) if not isinstance(pair, tuple))
    return (
        f"content: {len(content.pages[REFERENCE])} pages written and {len(content.made) // 2} made in each language, {missing} missing; "
        f"{len(expected)} statements to use, "
        f"{len(unused & set(allowed))} unused with a reason, {len(unused - set(allowed))} unused without reason; "
        f"{len(stale_pages(content))} stale translations; doubts in the reader's way: {sum_of_doubts(content)}."
    )
