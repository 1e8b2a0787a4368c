"""Say the language and the direction of each part of a page in a third language: what is not translated is French, left to right.

Translated words come between two marks that nobody sees (`scripts.content.set_apart.opened`). All else is French, and the largest
element that holds nothing else says so. Inside words written from right to left, numbers and French names are set apart as on the
pages of languages.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from lxml import etree
from lxml import html as lxml_html

from scripts.content.set_apart import CLOSE, OPEN, attributes, bare, runs

FRENCH = {"lang": "fr", "dir": "ltr"}
NOT_READ = ("script", "style", "bdi")                       # code, and what is set apart already
ONLY_TEXT = ("title", "option", "textarea")                 # no element may stand in them
TOLD = ("aria-label", "alt", "title", "placeholder")        # attributes that are read aloud or shown
Tongue = Literal["own", "french"]


@dataclass(frozen=True, slots=True)
class Tongues:
    """A third language: its code, its direction, whether its letters are not Latin, and titles known to be in it."""

    code: str
    direction: str
    other_letters: bool
    titles: frozenset[str] = field(default=frozenset())


def marked(page: str, language: Tongues) -> str:
    """Return a built page, with marks around translated words, as one that says the language of each part."""
    root = lxml_html.document_fromstring(page)
    parts = _Parts(language)
    parts.read(root)
    parts.write(root)
    root.set("lang", language.code)
    root.set("dir", language.direction)
    return bare(lxml_html.tostring(root, encoding="unicode", doctype="<!doctype html>"))


class _Parts:
    """One page, read in order."""

    def __init__(self, language: Tongues) -> None:
        self.language = language
        self.inside = False                               # between the marks
        self.of: dict[etree._Element, set[Tongue]] = {}   # what an element says, with all in it
        self.texts: dict[tuple[etree._Element, bool], list[tuple[str, Tongue | None]]] = {}   # (element, its tail) → its pieces

    def read(self, element: etree._Element) -> set[Tongue]:
        """Note what an element says, its tail left out."""
        said = not isinstance(element.tag, str) or element.tag in NOT_READ or (element.tag != "html" and element.get("lang"))
        self.of[element] = set() if said else self.inner(element)
        return self.of[element]

    def inner(self, element: etree._Element) -> set[Tongue]:
        was_inside = self.inside
        found = self.note(element, element.text, tail=False)
        for child in element:
            found |= self.read(child)
            found |= self.note(child, child.tail, tail=True)
        for name in TOLD:
            found |= {tongue for _, tongue in self.pieces(element.get(name) or "") if tongue}
        self.inside = was_inside   # words cut short open nothing beyond their element
        return found

    def note(self, element: etree._Element, text: str | None, *, tail: bool) -> set[Tongue]:
        pieces = list(self.pieces(text or ""))
        self.texts[element, tail] = pieces
        return {tongue for _, tongue in pieces if tongue}

    def pieces(self, text: str) -> Iterator[tuple[str, Tongue | None]]:
        """Yield the pieces of a text with their language; None for what has no letters."""
        own_title = bare(text).strip() in self.language.titles
        part = ""
        for sign in text:
            if sign not in (OPEN, CLOSE):
                part += sign
                continue
            if part:
                yield part, self.tongue(part, own_title)
            part, self.inside = "", sign == OPEN
        if part:
            yield part, self.tongue(part, own_title)

    def tongue(self, text: str, own_title: bool) -> Tongue | None:
        letters = [sign for sign in text if sign.isalpha()]
        if not letters:
            return None
        if self.language.other_letters:
            return "french" if all(sign < "\u0250" for sign in letters) else "own"
        return "own" if self.inside or own_title else "french"

    def write(self, element: etree._Element) -> None:
        """Mark the largest elements that are French, and the French pieces of the others."""
        if self.of[element] == {"french"} and element.tag not in ("html", "head"):
            self.say_french(element)
            return
        if self.of[element] or element.tag in ("html", "head"):
            children = list(element)
            if element.tag not in ONLY_TEXT:
                self.write_text(element, None)
            for child in children:
                self.write(child)
                if element.tag not in ONLY_TEXT:
                    self.write_text(child, element)

    def say_french(self, element: etree._Element) -> None:
        element.set("lang", "fr")
        if element.tag != "svg":
            element.set("dir", "ltr")

    def write_text(self, element: etree._Element, parent: etree._Element | None) -> None:
        """Put the pieces of a text in elements of their own where they need it; with a parent, the text after the element."""
        pieces = [made for text, tongue in self.texts.get((element, parent is not None), ()) for made in self.made(text, tongue)]
        if all(said is None for _, said in pieces):
            return
        box, last = (element, None) if parent is None else (parent, element)
        _set(box, last, "")
        for text, said in pieces:
            if said is None:
                _set(box, last, ((box.text if last is None else last.tail) or "") + text)
                continue
            tag, about = said
            new = etree.Element(tag, about)
            new.text = text
            box.insert(0 if last is None else box.index(last) + 1, new)
            last = new

    def made(self, text: str, tongue: Tongue | None) -> Iterator[tuple[str, tuple[str, dict[str, str]] | None]]:
        """Yield the parts of a piece with the element each needs."""
        if tongue == "french":
            yield text, ("span", FRENCH)
        elif not self.language.other_letters or self.language.direction == "ltr":
            yield text, None
        else:
            for part, french in runs(text):
                yield part, None if french is None else ("bdi", attributes(french=french))


def _set(box: etree._Element, last: etree._Element | None, text: str) -> None:
    """Write the text after a child, or before all of them."""
    if last is None:
        box.text = text
    else:
        last.tail = text
