"""The pages to use without JavaScript: each letter to fill in by hand, the table of time limits, the funds by département.

They say what the guide says: the same letters, time limits and directory.
"""

import re
from collections.abc import Iterator
from datetime import date
from html import escape

from decision_tree.authoring.read.as_of import MODEL_DAY
from decision_tree.authoring.read.knowledge import Knowledge, Quantity
from decision_tree.dates import written
from decision_tree.guide.directory import Departement, Order
from decision_tree.guide.letters import (
    DOTS,
    FORM,
    GROUPS,
    HANDED,
    MESSAGE,
    Letter,
    Writing,
    compose,
    for_letter,
    needed,
)
from decision_tree.guide.render import KEPT, is_name
from decision_tree.locales import REFERENCE, conventions
from decision_tree.model import Deadline, Locale
from scripts.content.generated import front_matter
from scripts.content.interface_words import load_words, translator
from scripts.content.loaded import directory, knowledge, letters

WHERE = {                                # a council in general, for a list that names no département
    "fr": (("le département {form}", "votre département"), ("la région {region}", "votre région"), ("{form}", "de votre département")),
    "en": (("the département {form}", "your département"), ("the region {region}", "your region"), (" {form})", ")")),
}
ROOM = re.compile(f"{DOTS}(?:<br>{DOTS})*")
DAY = MODEL_DAY                          # stands in no page: a sheet to fill in has dots for its day


class Page:
    """What the pages of one locale share."""

    def __init__(self, locale: Locale) -> None:
        self.locale = locale
        self.facts: Knowledge = knowledge()
        self.t = translator(load_words(locale))

    @property
    def colon(self) -> str:
        """The colon of the locale, with the space before it."""
        return conventions(self.locale).colon

    def law(self, law_id: str, up: str) -> str:
        """Return a link to the page of a law."""
        return f"[{self.facts.laws[law_id].short[self.locale]}]({up}droit/{law_id}.md){{: {KEPT} }}"

    def body(self, body_id: str, up: str) -> str:
        """Return a link to the page of a body."""
        body = self.facts.bodies[body_id]
        mark = f"{{: {KEPT} }}" if is_name(body.name) else ""
        return f"[{body.short[self.locale]}]({up}organismes/{body_id}.md){mark}"


def made_pages(locale: Locale) -> Iterator[tuple[str, str]]:
    """Yield (path, Markdown) for each page."""
    page = Page(locale)
    yield "lettres/index.md", letters_page(page)
    for letter in letters().letters.values():
        yield f"lettres/{letter.id}.md", letter_page(letter, page)
    yield "delais.md", delays_page(page)
    yield "annuaire.md", directory_page(page)


def letters_page(page: Page) -> str:
    """Return the list of letters."""
    t = page.t
    text = [f"# {t('letters.title')}", t("letters.lead"), t("letters.guide")]
    for group in GROUPS:
        items = [f"- [{one.name[page.locale]}]({one.id}.md){page.colon} {one.about[page.locale]}"
                 for one in letters().letters.values() if one.group == group]
        text += [f"## {t(f'letters.{group}')}", "\n".join(items)]
    head = front_matter(t("letters.title"), t("letters.description"), statements=(), sources=(), compared=DAY)
    return head + "\n\n".join(text) + "\n"


def letter_page(letter: Letter, page: Page) -> str:
    """Return a letter to fill in: how to, the sheet in French, and in English a copy to read."""
    t, locale = page.t, page.locale
    fields = ", ".join(_within(letters().fields[name].label[locale]) for name in needed(letter, letter.voices[0]))
    bodies = ", ".join(page.body(body, "../") for body in letter.bodies)
    proof = [] if letter.proof == HANDED else [t("letter.proof")]
    sent = [t("letter.paste")] if letter.kind == MESSAGE else [
        t("letter.print"), t("letter.minimum", fields=fields), *([] if letter.kind == FORM else [t("letter.enclose")]), *proof]
    how = [*sent, t("letter.bodies", bodies=bodies), t("letter.law", law=page.law(letter.law, "../"))]
    text = [f"# {letter.name[locale]}", letter.about[locale], f"## {t('letter.how')}", "\n".join(f"- {line}" for line in how),
            f"## {t('letter.sheet')}", sheet(letter, "fr")]
    text += [part for voice in letter.voices[1:] for part in _other_voice(letter, voice, page)]
    if locale != REFERENCE:
        text += [f"## {t('letter.reading')}", sheet(letter, locale)]
    head = front_matter(letter.name[locale], letter.about[locale], statements=(), sources=(letter.law,), compared=DAY)
    return head + "\n\n".join(text) + "\n"


def _within(label: str) -> str:
    return label[0].lower() + label[1:]


def sheet(letter: Letter, locale: Locale) -> str:
    """Return the letter with dots, signed by whoever signs it first, as HTML inside Markdown."""
    paragraphs = compose(letter, blank(letter, locale, letter.voices[0]), DAY).split("\n\n")
    shown = "".join(f"<p>{'<br>'.join(map(escape, paragraph.splitlines()))}</p>" for paragraph in paragraphs)
    return f'<div class="admonition letter-sheet" lang="{locale}">{_said(shown, locale)}</div>'


def _said(sheet: str, locale: Locale) -> str:
    """Return a sheet whose room to write is heard as that, not as twenty points."""
    return ROOM.sub(lambda dots: f'<span role="img" aria-label="{load_words(locale)["letter.to_fill_in"]}">{dots[0]}</span>', sheet)


def blank(letter: Letter, locale: Locale, voice: str) -> Writing:
    """Return what a sheet is written from: nothing but who writes."""
    return for_letter(letter, Writing(letters(), letters().sample(voice), {}, locale, blank=True))


def _other_voice(letter: Letter, voice: str, page: Page) -> list[str]:
    """Return the opening of a letter that somebody else writes."""
    first = letter.voices[0]
    opening = blank(letter, "fr", voice).paragraphs(part for part in letter.parts if voice in part.voices and first not in part.voices)
    if not opening:
        return []
    said = f'<div class="admonition letter-sheet" lang="fr"><p>{_said(escape(opening[0]), "fr")}</p></div>'
    return [f"### {page.t(f'letter.{voice}')}", page.t("letter.replace"), said]


def delays_page(page: Page) -> str:
    """Return the table of the time limits the guide counts."""
    t = page.t
    head = " | ".join(t(f"delays.{key}") for key in ("body", "what", "how_long", "from", "law"))
    rows = [f"| {head} |", "|---|---|---|---|---|", *(_delay_row(one, page) for one in page.facts.model.deadlines)]
    text = [f"# {t('delays.title')}", f"{t('delays.lead')}\n{t('delays.early')}", t("delays.guide"), f"## {t('delays.table')}",
            "\n".join(rows)]
    laws = tuple(sorted({one.law for one in page.facts.model.deadlines}))
    return front_matter(t("delays.title"), t("delays.description"), statements=(), sources=laws, compared=DAY) + "\n\n".join(text) + "\n"


def _delay_row(deadline: Deadline, page: Page) -> str:
    origin = page.facts.model.words[f"guide.dates.{deadline.origin}"][page.locale]
    return (f"| {page.body(deadline.body, '')} | {deadline.text[page.locale]} | {_length(deadline, page)} "
            f"| {_within(origin)} | {page.law(deadline.law, '')} |")


def _length(deadline: Deadline, page: Page) -> str:
    """Return a length in words, such as "3 months" or "3 months less 15 days"."""
    parts = [(unit, value) for unit in ("years", "months", "days") if (value := getattr(deadline.delay, unit))]
    words = [Quantity(id=deadline.id, unit=unit, value=abs(value), least=None, most=None, status="current", law=None,
                      statement=None).words(page.locale) for unit, value in parts]
    return f" {page.t('delays.less')} ".join(words)


def directory_page(page: Page) -> str:
    """Return the funds by département and the councils of the Orders."""
    t, found = page.t, directory()
    day = written(date.fromisoformat(found.compared), page.locale)
    orders = [_order_item(one, page) for one in found.orders]
    head = " | ".join(t(f"directory.{key}") for key in ("code", "name", "funds"))
    rows = [f"| {head} |", "|---|---|---|", *(_place_row(one, page) for one in found.departements.values())]
    text = [f"# {t('directory.title')}", t("directory.lead", link=f"<{found.official}>"), t("directory.place"),
            t("directory.dated", date=day), f"## {t('directory.orders')}", t("directory.registered"), "\n".join(orders),
            f"## {t('directory.departements')}", "\n".join(rows)]
    meta = front_matter(t("directory.title"), t("directory.description"), statements=(), sources=(found.law,), compared=DAY)
    return meta + "\n\n".join(text) + "\n"


def _order_item(order: Order, page: Page) -> str:
    recipient = order.recipient[page.locale]
    for precise, general in WHERE[page.locale]:
        recipient = recipient.replace(precise, general)
    note = "" if order.note is None else f" {order.note[page.locale]}"
    return f"- {recipient}{page.colon} <{order.site}>.{note}"


def _place_row(place: Departement, page: Page) -> str:
    found = directory()
    names = ", ".join(f'<span lang="fr">{escape(found.funds[fund].name)}</span>' for fund in place.funds) or "–"
    several = f" ({page.t('directory.several')})" if len(place.funds) > 1 else ""
    note = "" if place.note is None else f" {' '.join(place.note[page.locale].split())}"
    return f"| {place.code} | {place.name} | {names}{several}{note} |"
