"""Doubts in the reader's way: a doubt is one mark in a citation, never a sentence. This counts the sentences."""

import re
from collections.abc import Iterable, Iterator, Mapping

from decision_tree.authoring.read.problems import Place, Problem
from decision_tree.model import Text
from scripts.content.page import Page

FRENCH = (
    r"à (?:vérifier|confirmer|relire)\b", r"rest(?:e|ent) à (?:lire|vérifier|confirmer)",
    r"n’avons pas (?:pu )?(?:lu|vérifi\w+|trouvé|confirm\w+)", r"n’(?:a|ont) pas été (?:lu|vérifié|trouvé)",
    r"n’est pas (?:vérifié|confirmé)", r"\bnon (?:lu|vérifié)", r"onnaissance générale",
    r"nos sources ne disent", r"aucun texte lu", r"\bn’a été relevée?\b",
)
ENGLISH = (
    r"\bto be (?:checked|confirmed|read again)", r"(?:still|remains?) to (?:check|be checked|be confirmed)",
    r"(?:have|did) not (?:been )?(?:read|check|checked|verif\w+)", r"could not (?:check|verify|confirm)",
    r"has not been (?:read|checked|verified|found)", r"\bnot (?:read|verified|confirmed) word", r"eneral knowledge",
    r"our sources (?:dis|do not)", r"\bwe found no\b", r"\bno text we read",
)
HEDGES: Mapping[str, re.Pattern[str]] = {
    "fr": re.compile("|".join(FRENCH), re.IGNORECASE), "en": re.compile("|".join(ENGLISH), re.IGNORECASE)}
FOR_REVIEWERS = ("a-verifier.md", "methode.md", "contribuer.md")
"""Pages about our own work: doubts are their subject."""
OF_GUIDE = ("bodies/", "rules/")
"""The texts of the knowledge that the guide and the pages of the bodies show, by the beginning of their path."""
DOORS = "bodies/"
"""A body is a door: its texts hold no doubt at all."""
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


def said(texts: Mapping[str, tuple[Text, Place]]) -> Iterator[tuple[str, str, Place, str]]:
    """Yield (locale, path, place, words) of each doubt in the texts that the guide shows."""
    for path, (text, place) in texts.items():
        if path.startswith(OF_GUIDE):
            for locale, pattern in HEDGES.items():
                yield from ((locale, path, place, match[0]) for match in pattern.finditer(text[locale]))


def check(pages: Iterable[Page], texts: Mapping[str, tuple[Text, Place]] | None = None) -> Iterator[Problem]:
    """Yield each doubt where none may stand, and, when a language holds too many, all of them."""
    hint = "Give the door in the sentence; put the doubt in the citation, by the status of its statement."
    by_locale: dict[str, list[tuple[Place, str, str | None]]] = {}
    for page in public(pages):
        for line, words in found(page):
            nowhere = "in the way of somebody who needs care today" if page.path in NONE_AT_ALL else None
            by_locale.setdefault(page.locale, []).append((page.place(line), words, nowhere))
    for locale, path, place, words in said(texts or {}):
        nowhere = f"in the text '{path}' of a body, which is a door" if path.startswith(DOORS) else None
        by_locale.setdefault(locale, []).append((place, words, nowhere))
    for all_of_it in by_locale.values():
        for place, words, nowhere in all_of_it:
            if nowhere:
                yield Problem(place, f"“{words}” stands {nowhere}", hint)
            elif len(all_of_it) > MOST:
                yield Problem(place, f"“{words}” is one doubt of {len(all_of_it)} in what the public reads; {MOST} at most", hint)
