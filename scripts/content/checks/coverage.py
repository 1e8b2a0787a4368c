"""Which statements the pages state, and how: once at least, the old ones with their date, the uncertain ones with caution."""

import re
from collections.abc import Iterable, Iterator, Mapping

from decision_tree.authoring.read.knowledge import Knowledge
from decision_tree.authoring.read.problems import Place, Problem
from decision_tree.authoring.read.shaped import read_shaped
from decision_tree.authoring.read.shapes import MapOf, Str
from scripts.content.charts import charts
from scripts.content.page import Page
from scripts.project.paths import ROOT

UNUSED = ROOT / "scripts" / "content" / "unused.yaml"  # statements no page states, with the reason
MOST_UNUSED = 0.10
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
CAUTIOUS = {  # words that make a sentence cautious
    "fr": r"à vérifier|vérifie[rz]|confirme[rz]|reste à|demandez|semble|peut-être|en principe|selon |d’après|pourrai|rait\b|raient\b"
    r"|n’avons pas|n’a pas été|sans promettre|pas certain|pas sûr|nous ne savons|varie|incertain",
    "en": r"to be checked|checked|to check|check (?:it|with|on|the|first)|confirm|remains to|ask |seems?\b|may\b|might|said to|in principle"
    r"|according to|could\b|we have not|we did not|has not been|not certain|not sure|we do not know|varies|uncertain",
}
CAUTION = {locale: re.compile(words, re.IGNORECASE) for locale, words in CAUTIOUS.items()}
IN_THE_CITATION = (  # rooms and pages whose citations carry the year and the doubt, never the sentence
    "professionnels/", "partenaires/", "patients/",
)
HEDGES = {  # words of a workshop: they leave the reader with the doubt and without the door
    "fr": r"à vérifier|à confirmer|reste(?:nt)? à (?:lire|relire|vérifier)|(?:n’avons|n’a) pas (?:été )?(?:lue?|trouvée?)|n’a été lue?",
    "en": r"to be (?:checked|confirmed|reread)|still to be read|(?:we have|was) not (?:been )?(?:read|found)",
}
HEDGE = {locale: re.compile(words, re.IGNORECASE) for locale, words in HEDGES.items()}


def uses(pages: Iterable[Page], facts: Knowledge) -> dict[str, set[str]]:
    """Return statement id → paths of the pages that state it: by src(), by a chart, by a contact, or as a body's page."""
    found: dict[str, set[str]] = {}
    for page in pages:
        for call in page.calls:
            for id in stated(call.macro, call.id, facts):
                found.setdefault(id, set()).add(page.path)
    for body in facts.bodies.values():
        for id in body.statements:
            found.setdefault(id, set()).add(f"organismes/{body.id}.md")
    return found


def stated(macro: str, id: str, facts: Knowledge) -> tuple[str, ...]:
    """Return the statements that one call of a macro states."""
    if macro == "src":
        return (id,)
    if macro == "chart" and id in charts():
        return tuple(charts()[id].statements)
    if macro == "contact" and id in facts.contacts and facts.contacts[id].statement:
        return (facts.contacts[id].statement or "",)
    return ()


def allowed_unused() -> Mapping[str, str]:
    """Return statement id → why no page states it."""
    return dict(read_shaped(UNUSED, MapOf(Str()), str(UNUSED.relative_to(ROOT))) or {}) if UNUSED.exists() else {}


def check(pages: Iterable[Page], facts: Knowledge) -> Iterator[Problem]:
    """Yield the statements that should be stated and are not, and a list of exceptions that has grown too long or stale."""
    used, allowed = uses(pages, facts), allowed_unused()
    expected = [statement for statement in facts.statements.values() if statement.status in ("current", "changed")]
    list_place = Place(str(UNUSED.relative_to(ROOT)), 1)
    for statement in expected:
        if statement.id not in used and statement.id not in allowed:
            yield Problem(
                statement.place,
                f"no page states '{statement.id}' ({statement.status})",
                f'Say it on a page with {{{{ src("{statement.id}") }}}}, or list it in {list_place.file} with the reason.',
            )
    for id in allowed:
        if id not in facts.statements or id in used:
            why = "no statement has this id" if id not in facts.statements else "a page states it now"
            yield Problem(list_place, f"'{id}' is listed as unused, but {why}", "Take the line out.")
    if len(allowed) > MOST_UNUSED * len(expected):
        what = f"{len(allowed)} statements are listed as unused, {MOST_UNUSED:.0%} of {len(expected)} at most"
        yield Problem(list_place, what, "State some of them.")


def check_wording(page: Page, facts: Knowledge) -> Iterator[Problem]:
    """Yield old statements without their date and uncertain ones without caution, where a page states them.

    In the rooms of `IN_THE_CITATION` the citation carries both, so there a sentence that hedges is the problem.
    """
    if page.path.startswith(IN_THE_CITATION):
        yield from check_citations(page, facts)
        return
    lines = page.text.split("\n")
    for call in page.calls:
        if call.macro not in ("src", "n"):
            continue
        entry = (facts.statements if call.macro == "src" else facts.quantities).get(call.id)
        around = " ".join(lines[max(0, call.line - 3) : call.line + 1])
        status = entry.status if entry else "current"
        if status == "historical" and not YEAR.search(around):
            what = f"'{call.id}' is of the past, and the sentence gives no year"
            yield page.problem(call.line, what, "Say when it was so: “en 2022, …”.")
        if status == "unverified" and call.macro == "src" and not CAUTION[page.locale].search(around):
            what = f"'{call.id}' is not verified, and the sentence affirms it"
            yield page.problem(call.line, what, "Word it with caution: “à vérifier”, “en principe”, “selon …”.")


def check_citations(page: Page, facts: Knowledge) -> Iterator[Problem]:
    """Yield the sentences that hedge, and the figures and statements of the past whose year stands nowhere near."""
    from scripts.content.macros import PageMacros  # here, for the macros read this package

    shown = PageMacros(page.locale, page.path, facts)
    lines = page.text.split("\n")
    for number, line in page.lines():
        if found := HEDGE[page.locale].search(re.sub(r"\{\{.*?\}\}", "", line)):
            hint = "Give the door in the sentence; the citation carries the mark by itself when its statement is unverified."
            yield page.problem(number, f"this sentence hedges: “{found[0]}”", hint)
    for call in page.calls:
        if call.macro not in ("src", "n"):
            continue
        entry = (facts.statements if call.macro == "src" else facts.quantities).get(call.id)
        if entry is None or entry.status != "historical":
            continue
        around = " ".join(lines[max(0, call.line - 3) : call.line + 1])
        cited = shown.src(call.id) if call.macro == "src" else ""
        if not YEAR.search(around) and not YEAR.search(cited):
            yield page.problem(call.line, f"'{call.id}' is of the past, and neither the sentence nor its citation gives a year",
                               "Say when it was so: “en 2022, …”.")
