"""Doubts in the reader's way: a doubt is one mark in a citation, never a sentence. This counts the sentences."""

import re
from collections.abc import Iterable, Iterator, Mapping

from decision_tree.authoring.read.problems import Problem
from scripts.content.page import Page

FRENCH = (
    r"à (?:vérifier|confirmer|relire)\b", r"rest(?:e|ent) à (?:lire|vérifier|confirmer)",
    r"n’avons pas (?:pu )?(?:lu|vérifi\w+|trouvé|confirm\w+)", r"n’(?:a|ont) pas été (?:lu|vérifié|trouvé)",
    r"n’est pas (?:vérifié|confirmé)", r"\bnon (?:lu|vérifié)", r"onnaissance générale",
)
ENGLISH = (
    r"\bto be (?:checked|confirmed|read again)", r"(?:still|remains?) to (?:check|be checked|be confirmed)",
    r"(?:have|did) not (?:been )?(?:read|check|checked|verif\w+)", r"could not (?:check|verify|confirm)",
    r"has not been (?:read|checked|verified|found)", r"\bnot (?:read|verified|confirmed) word", r"eneral knowledge",
)
HEDGES: Mapping[str, re.Pattern[str]] = {
    "fr": re.compile("|".join(FRENCH), re.IGNORECASE), "en": re.compile("|".join(ENGLISH), re.IGNORECASE)}
FOR_REVIEWERS = ("a-verifier.md", "methode.md", "contribuer.md")
"""Pages about our own work: doubts are their subject."""
NONE_AT_ALL = ("patients/trouver-un-soin.md", "patients/qui-appeler.md", "patients/urgence.md")
"""Pages for somebody who needs care today: the door, and nothing else."""
MOST = 20
"""How many sentences of doubt all pages of the public may hold, in one language: 40 were allowed, 3 stand."""


def found(page: Page) -> list[tuple[int, str]]:
    """Return (line, words) of each doubt a page says in its sentences, the head of the page apart."""
    pattern = HEDGES[page.locale]
    lines = enumerate(page.text.split("\n"), 1)
    return [(number, match[0]) for number, line in lines if number >= page.first_line for match in pattern.finditer(line)]


def public(pages: Iterable[Page]) -> Iterator[Page]:
    """Yield the pages that the public reads."""
    yield from (page for page in pages if page.path not in FOR_REVIEWERS)


def check(pages: Iterable[Page]) -> Iterator[Problem]:
    """Yield each doubt on a page that may hold none, and, when a language holds too many, all of them."""
    by_locale: dict[str, list[tuple[Page, int, str]]] = {}
    for page in public(pages):
        by_locale.setdefault(page.locale, []).extend((page, line, words) for line, words in found(page))
    hint = "Give the door in the sentence; put the doubt in the citation, by the status of its statement."
    for all_of_it in by_locale.values():
        for page, line, words in all_of_it:
            if page.path in NONE_AT_ALL:
                yield page.problem(line, f"“{words}” stands in the way of somebody who needs care today", hint)
            elif len(all_of_it) > MOST:
                yield page.problem(line, f"“{words}” is one doubt of {len(all_of_it)} in the pages of the public; {MOST} at most", hint)
