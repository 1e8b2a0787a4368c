"""The card two people read together: its French texts, what each language says of them, and how far each text was read.

`languages/card.yaml` holds the French, `languages/CODE/card.yaml` a translation. No translation writes a number, an address or a
name itself: these stand in braces and come from the knowledge, as `Piece`s which pages and papers set apart from the text around.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Literal

from decision_tree.authoring.read.knowledge import Knowledge
from decision_tree.authoring.read.problems import Place
from decision_tree.locales import LOCALES, conventions
from scripts.content.macros import SCHEMES
from scripts.content.phrases import NBSP
from scripts.content.publisher import load_publisher

FRENCH = "fr"
SLOT = re.compile(r"\{(?:(contact|term|body):([a-z0-9-]+)|(guide))\}")
Status = Literal["missing", "draft", "revised", "reviewed", "stale"]
Direction = Literal["ltr", "rtl"]
READ: tuple[Status, ...] = ("draft", "revised", "reviewed")                                            # the least read first
SAID: Mapping[Status, tuple[str, ...]] = {"draft": ("unread",), "revised": ("revised", "unread"), "reviewed": ("read",)}


@dataclass(frozen=True, slots=True)
class Source:
    """One text and where it stands."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text: words of the language, or, with `kind`, what comes from the knowledge and stays French."""

    text: str
    kind: Literal["", "contact", "term", "body", "guide"] = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with its texts; the texts of a part with `show` are held out to the other person."""

    id: str
    texts: tuple[str, ...]
    relies: tuple[str, ...]
    show: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What was noted of one translation: the French it was made from, and who read it, when, in which words.

    `back` is the mark of the words its second translation was made from.
    """

    of: str
    back: str = ""
    status: Literal["draft", "revised", "reviewed"] = "draft"
    text: str = ""
    by: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One language beside the French."""

    code: str
    name: str                            # in French
    english: str
    own: str                             # in the language itself
    direction: Direction
    script: str
    texts: Mapping[str, Source]
    back: Mapping[str, Source]           # a second translation, back into French
    noted: Mapping[str, Noted]


@dataclass(frozen=True, slots=True)
class RiskyWord:
    """A word that changes the way when it is wrong. Patterns: of the French; chosen and forbidden, by language.

    `none` says why a language has no forbidden word.
    """

    id: str
    fr: str
    why: str
    use: Mapping[str, str]
    never: Mapping[str, str]
    none: Mapping[str, str]
    place: Place


@dataclass(frozen=True, slots=True)
class NumberWord:
    """A number written in letters. Patterns of whole words: of the French, and by language; `none` says why a language has none."""

    value: str
    fr: str
    words: Mapping[str, str]
    none: Mapping[str, str]
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The French, its order on each surface, and the languages."""

    parts: tuple[Part, ...]
    pocket: tuple[tuple[str, ...], ...]
    poster: tuple[str, ...]
    texts: Mapping[str, Source]
    languages: Mapping[str, Language]
    risky: tuple[RiskyWord, ...]
    numbers: tuple[NumberWord, ...]

    def status(self, code: str, key: str) -> Status:
        """Return how far a text of a language was read: a text whose French has moved since is stale, whoever read it."""
        language = self.languages[code]
        if key not in language.texts:
            return "missing"
        noted = language.noted.get(key)
        if noted is None or noted.of != mark(self.texts[key].text):
            return "stale"
        if noted.status != "draft" and noted.text != mark(language.texts[key].text):
            return "draft"
        return noted.status

    def shown(self, code: str, key: str) -> str | None:
        """Return a text of a language, or None where only the French may stand: missing, or stale with other numbers or names."""
        translated = self.languages[code].texts.get(key)
        if translated is None or slots(translated.text) != slots(self.texts[key].text):
            return None
        return translated.text

    def overall(self, code: str, keys: Sequence[str]) -> Status:
        """Return how far some texts were read as a whole: as far as the least read of them, those that are stale left aside."""
        found = {self.status(code, key) for key in keys}
        return next((one for one in READ if one in found), "draft")

    def apart(self, code: str, key: str, overall: Status) -> str | None:
        """Return the text to set beside a text that was not read as far as the whole, or further; None when it was read as far."""
        status = self.status(code, key)
        return None if status == overall or self.shown(code, key) is None else f"state_{status}"

    def notices(self, code: str, keys: Sequence[str]) -> tuple[str, ...]:
        """Return the texts that say how far some texts were read."""
        stale = ("stale",) if any(self.status(code, key) == "stale" for key in keys) else ()
        return (*SAID[self.overall(code, keys)], *stale, "french_counts")


def mark(text: str) -> str:
    """Return the short hash of a text, as notes hold it."""
    return sha256(text.encode()).hexdigest()[:12]


def slots(text: str) -> list[str]:
    """Return what a text takes from the knowledge, in alphabetical order: languages order their words as they need."""
    return sorted(found[0] for found in SLOT.finditer(text))


def guide_address(code: str) -> str:
    """Return the address of the guide: in English for who reads English, else in French."""
    return load_publisher().text("address") + (conventions(code).folder if code in LOCALES else "") + "guide/"


def pieces(text: str, facts: Knowledge, code: str = FRENCH) -> tuple[Piece, ...]:
    """Return a text in parts, each number and name taken from the knowledge."""
    found: list[Piece] = []
    start = 0
    for slot in SLOT.finditer(text):
        found += [Piece(text[start:slot.start()])] if slot.start() > start else []
        found.append(_filled(slot, facts, code))
        start = slot.end()
    return (*found, *([Piece(text[start:])] if start < len(text) else []))


def _filled(slot: re.Match[str], facts: Knowledge, code: str) -> Piece:
    kind, id = slot[1], slot[2]
    if kind == "contact":
        contact = facts.contacts[id]
        return Piece(contact.value.replace(" ", NBSP), "contact", SCHEMES[contact.kind] + contact.value.replace(" ", ""))
    if kind == "term":
        return Piece(facts.glossary[id].term.fr.partition(" (")[0], "term")
    if kind == "body":
        return Piece(facts.bodies[id].short.fr, "body")
    address = guide_address(code)
    return Piece(re.sub(r"^https?://(?:www\.)?", "", address).rstrip("/"), "guide", address)


def plain(parts: Sequence[Piece]) -> str:
    """Return the words of some parts."""
    return "".join(one.text for one in parts)
