"""The pages of the card for two: the list of languages on both sites, and a page for each language on the French one.

A page of a language translates no French page: it says both languages itself, French beside the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from decision_tree.locales import REFERENCE
from scripts.content.card import Card, Language, Part, Piece, pieces
from scripts.content.card_files import our_card
from scripts.content.checks.typography import mended
from scripts.content.generated import front_matter
from scripts.content.loaded import knowledge
from scripts.content.macros import PageMacros
from scripts.content.templates import render, word

FOLDER = "langues"
PAPERS = (("carte-a-deux", "ui_sheet"), ("carte-de-poche", "ui_pocket"))   # layouts of scripts/leaflets, and what a page calls them
POSTERS = ("affiche-bienvenue-a3", "affiche-bienvenue-a4")


@dataclass(frozen=True, slots=True)
class Facing:
    """One text in French and, where it may be shown, in the other language; `state` where it was not read as far as the page is."""

    french: tuple[Piece, ...]
    other: tuple[Piece, ...]
    code: str
    direction: str
    state: "Facing | None" = None


@dataclass(frozen=True, slots=True)
class FacingPart:
    """A part of the card as a page shows it."""

    id: str
    heading: Facing
    texts: tuple[Facing, ...]
    show: bool


@dataclass(frozen=True, slots=True)
class File:
    """A paper to print."""

    href: str
    label: Facing


class CardPage:
    """The card in one language, for templates."""

    def __init__(self, card: Card, language: Language) -> None:
        self.card, self.language = card, language
        self.code, self.direction = language.code, language.direction
        self.overall = card.overall(language.code, tuple(card.texts))

    def text(self, key: str) -> Facing:
        """Return a text in both languages, with how far it was read where the page as a whole says otherwise."""
        state = self.card.apart(self.code, key, self.overall)
        return self.said(key, self.said(state) if state else None)

    def said(self, key: str, state: Facing | None = None) -> Facing:
        """Return a text in both languages."""
        facts = knowledge()
        other = self.card.shown(self.code, key)
        french = pieces(mended(self.card.texts[key].text, "fr"), facts)
        return Facing(french, () if other is None else pieces(other, facts, self.code), self.code, self.direction, state)

    def part(self, part: Part) -> FacingPart:
        """Return a part in both languages."""
        return FacingPart(part.id, self.text(part.id), tuple(map(self.text, part.texts)), part.show)

    @property
    def parts(self) -> tuple[FacingPart, ...]:
        """Danger first, then what is held out to the other person, then the rest."""
        order = sorted(self.card.parts, key=lambda part: 0 if part.id == "danger" else 1 if part.show else 2)
        return tuple(map(self.part, order))

    @property
    def shown(self) -> tuple[Facing, ...]:
        return tuple(text for part in self.parts if part.show for text in part.texts)

    @property
    def notices(self) -> tuple[Facing, ...]:
        return tuple(map(self.said, self.card.notices(self.code, tuple(self.card.texts))))

    @property
    def files(self) -> tuple[File, ...]:
        return tuple(File(f"../../depliants/{paper}-fr-{self.code}.pdf", self.said(label)) for paper, label in PAPERS)


def made_pages(locale: str) -> Iterator[tuple[str, str]]:
    """Yield (path, Markdown) of the list of languages, and on the French site of each language."""
    card = our_card()
    yield f"{FOLDER}/index.md", index_page(card, locale)
    if locale == REFERENCE:
        for language in card.languages.values():
            yield f"{FOLDER}/{language.code}.md", language_page(card, language)


def language_page(card: Card, language: Language) -> str:
    """Return the page of a language: raw HTML, which no search of the French site reads."""
    page = CardPage(card, language)
    title = word("fr", "language_title", own=language.own, name=language.name)
    relied = sorted({id for part in card.parts for id in part.relies})
    head = front_matter(title, word("fr", "language_description", name=language.name), statements=relied, sources=(),
                        alone=True, languages=True, crumb=language.own, search={"exclude": True})
    body = render("language_page.html", PageMacros("fr", f"{FOLDER}/{language.code}.md"), card=page)
    return head + "\n" + one_block(body) + "\n"


def one_block(html: str) -> str:
    """Return HTML without empty lines nor indents, which Markdown would read as paragraphs."""
    return "\n".join(line.strip() for line in html.splitlines() if line.strip())


def index_page(card: Card, locale: str) -> str:
    """Return the list of languages."""
    up = "" if locale == REFERENCE else f"../../{FOLDER}/"
    head = front_matter(word(locale, "languages_title"), word(locale, "languages_description"), statements=(), sources=(), languages=True)
    named = sorted(card.languages.values(), key=lambda one: one.code)
    body = render("languages_index.md", PageMacros(locale, f"{FOLDER}/index.md"), languages=named, up=up, files=poster_files(locale))
    return head + body + "\n"


def poster_files(locale: str) -> str:
    """Return the list of posters as Markdown."""
    root = "../depliants" if locale == REFERENCE else "../../depliants"
    names = {name: word(locale, name.replace("-", "_")) for name in POSTERS}
    return "\n".join(f'- <a href="{root}/{name}-langues.pdf" type="application/pdf">{label}</a>' for name, label in names.items())
