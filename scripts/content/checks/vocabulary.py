"""One name a thing: the words a page must not use, because the site has another for the same thing, or because they say two things.

A reader told “remedy” looks for a medicine; “may not” forbids or doubts; a question used as “if” stops a slow reader. Each row says
what to write instead, in which language, and in which rooms of the site (all of them when none is named).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from decision_tree.authoring.read.knowledge import Knowledge
from decision_tree.authoring.read.problems import Problem
from scripts.content.page import Page
from scripts.content.prose import OTHER_LANGUAGE

PATIENTS = ("patients/", "index.md")
PROFESSIONALS = ("professionnels/", "partenaires/")
READERS = PATIENTS + PROFESSIONALS


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must not stand in a language, and what to write instead."""

    locale: str
    pattern: str
    instead: str
    rooms: tuple[str, ...] = ()          # beginnings of paths; every page when empty
    flags: re.RegexFlag = field(default=re.IGNORECASE)


PHRASES = (
    Phrase("en", r"forbidden (?:reason|criteri\w+)s?|prohibited (?:ground|reason|criteri\w+)s?", "forbidden ground"),
    Phrase("en", r"users’ commission", "users’ committee"),
    Phrase("en", r"\bremed(?:y|ies)\b", "ways to complain, or what you can do", READERS),
    Phrase("en", r"(?<!may or )\bmay not\b", "must not, or might not", READERS),
    Phrase("en", r"\b(?:the|your|their|each|a|which|insurance) funds?\b", "health insurance office (CPAM), then the CPAM"),
    Phrase("en", r"\bsummons\b", "notice of the meeting", READERS),
    Phrase("en", r"judicial court", "civil court (tribunal judiciaire)", READERS),
    Phrase("en", r"\bjurists?\b", "lawyer, or legal adviser"),
    Phrase("en", r"^(?:Is|Are|Do|Does|Did|Has|Have|Was|Were) [^?]*\?\s*$", "a sentence with “if”", PATIENTS, re.RegexFlag(0)),
    Phrase("fr", r"commission (?:mixte )?de conciliation", "commission mixte", PATIENTS),
    Phrase("fr", r"médiateur (?:national )?de la Cnam", "médiateur national de l’assurance maladie", PATIENTS),
    Phrase("fr", r"à (?:la |vos |votre )?liste à cocher", "faire le point", PATIENTS),
)
HIDDEN = re.compile(rf"\{{\{{.*?\}}\}}|\]\([^)]*\)|{OTHER_LANGUAGE.pattern}")  # ids, addresses and words of the other language


def check(page: Page, facts: Knowledge) -> Iterator[Problem]:
    """Yield the words of a page for which the site has another name."""
    phrases = [phrase for phrase in PHRASES if phrase.locale == page.locale and (not phrase.rooms or page.path.startswith(phrase.rooms))]
    for number, line in page.lines():
        text = HIDDEN.sub(" ", line)
        for phrase in phrases:
            for match in re.finditer(phrase.pattern, text, phrase.flags):
                yield page.problem(number, f"“{match[0].strip()}” has another name here", f"Write: {phrase.instead}.")
    yield from _order(page)


def _order(page: Page) -> Iterator[Problem]:
    """Yield the first “Order” of an English page where nothing says which French word it stands for."""
    if page.locale != "en":
        return
    before = ""
    for number, line in page.lines():
        before += line
        if not line.startswith(("#", "???")) and re.search(r"\bOrders?\b", HIDDEN.sub(" ", line)):
            if "Ordre" not in before:
                yield page.problem(number, "“Order” is named for the first time without its French name", "Write: the Order (Ordre).")
            return
