"""The words of a leaflet in one locale: quantities, contacts and laws in place, the typography of the locale, as runs.

A text of the card for two is not written again: `{card: danger_call}` takes it, in each locale.

A run is a piece of text with one look: `{"text": …}`, perhaps `strong`, perhaps `href`. Typst sets runs as they are and reads
nothing in them as markup.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from decision_tree.authoring.read.knowledge import Knowledge
from decision_tree.authoring.read.yaml_text import plain_value
from decision_tree.locales import REFERENCE, conventions
from decision_tree.model import Contact, Text
from scripts.content.card import pieces
from scripts.content.card_files import our_card
from scripts.content.checks.typography import mended
from scripts.content.set_apart import CLOSE, OPEN
from scripts.project.paths import ROOT

WORDS = ROOT / "leaflets" / "words.yaml"
PLACEHOLDER = re.compile(r"\{(?:(contact|law):([a-z0-9-]+)|([a-z0-9_]+))\}")
SCHEMES = {"phone": "tel:", "sms": "sms:", "email": "mailto:", "url": ""}

Run = dict[str, Any]
Said = Mapping[str, Any] | Sequence[Mapping[str, Any]] | Text
"""A text by locale, or {card: its name on the card}, or some of them one after the other."""


def one_line(text: str) -> str:
    """Return a text without the ends of lines of its file; `str.split` would also take the spaces that keep a number whole."""
    return re.sub(r"[ \t\n]+", " ", text).strip()


def typeset(text: str, locale: str) -> str:
    """Return a text in the typography of a locale; what is translated into a third language keeps its own."""
    return text if OPEN in text else mended(text, locale)


def day_in_words(day: date, locale: str) -> str:
    """Return a day as a sentence says it: "1er mars 2026", "1 March 2026"."""
    how = conventions(locale)
    return f"{how.first if day.day == 1 else day.day}\u00a0{how.months[day.month - 1]}\u00a0{day.year}"


class LeafletError(Exception):
    """The leaflets cannot be made as they are written; the message says where, why and what to write instead."""


@cache
def load_words() -> Mapping[str, Any]:
    """Return leaflets/words.yaml."""
    raw: Mapping[str, Any] = plain_value(WORDS.read_text("utf-8"))
    return raw


def shown_address(url: str) -> str:
    """Return a web address as one reads it on paper: without scheme, www nor final slash."""
    return re.sub(r"^https?://(?:www\.)?", "", url).rstrip("/")


def contact_run(contact: Contact) -> Run:
    """Return a contact as a run one can follow."""
    value = shown_address(contact.value) if contact.kind == "url" else contact.value.replace(" ", "\u00a0")
    return {"text": value, "strong": True} | ({"href": href} if (href := contact_href(contact.kind, contact.value)) else {})


def contact_href(kind: str, value: str) -> str | None:
    """Return where a contact leads: tel:, sms:, mailto:, a web address; None for a postal one."""
    if kind not in SCHEMES:
        return None
    return SCHEMES[kind] + (re.sub(r"[\s.]", "", value) if kind in ("phone", "sms") else value)


class Writer:
    """Turns texts of both locales into runs of one."""

    def __init__(self, knowledge: Knowledge, locale: str) -> None:
        self.knowledge, self.locale = knowledge, locale

    def word(self, key: str) -> str:
        """Return a word of words.yaml."""
        return self.plain(load_words()["words"][key])

    def plain(self, text: Said) -> str:
        """Return a text without looks nor links."""
        return "".join(run["text"] for run in self.runs(text))

    def runs(self, text: Said) -> list[Run]:
        """Return a text of words.yaml as runs."""
        if isinstance(text, Sequence):
            return [run for number, one in enumerate(text) for run in ([{"text": " "}] if number else []) + self.runs(one)]
        if isinstance(text, Mapping) and "card" in text:
            return self._of_card(text)
        filled = PLACEHOLDER.sub(self._quantity, one_line(text[self.locale]))
        parts = typeset(filled, self.locale).split("**")
        return [run for number, part in enumerate(parts) for run in self._linked(part, number % 2 == 1)]

    def said(self, text: Mapping[str, str] | Text) -> list[Run]:
        """Return a text of the knowledge, whose quantities are already words, as one run."""
        return [{"text": typeset(one_line(text[self.locale]), self.locale)}]

    def _of_card(self, named: Mapping[str, Any]) -> list[Run]:
        """Return a text of the card, with what follows it here (after); in French where its translation may not be shown."""
        card, key = our_card(), named["card"]
        if key not in card.texts:
            raise LeafletError(f"leaflets/words.yaml: no text of the card is called '{key}'; see languages/card.yaml.")
        third = load_words().get("third", "") if self.locale == REFERENCE else ""   # written while a third language is built
        if third in card.languages and (own := card.shown(third, key)):
            after = named.get("after", {}).get(REFERENCE, "")
            return self._pieces(OPEN + own + CLOSE, {**named, "after": {REFERENCE: after if OPEN in after else ""}}, REFERENCE)
        translated = None if self.locale == REFERENCE else card.shown(self.locale, key)
        if translated is None:
            return [run | ({} if self.locale == REFERENCE else {"lang": REFERENCE})
                    for run in self._pieces(card.texts[key].text, named, REFERENCE)]
        return self._pieces(translated, named, self.locale)

    def _pieces(self, said: str, named: Mapping[str, Any], locale: str) -> list[Run]:
        whole = said + (named["after"][locale] if "after" in named else "")
        return [{"text": one.text} | ({"strong": True} if named.get("strong") or one.kind == "contact" else {})
                | ({"href": one.href} if one.href else {}) for one in pieces(typeset(whole, locale), self.knowledge, locale)]

    def _quantity(self, found: re.Match[str]) -> str:
        if found[1]:
            return found[0]
        if found[3] not in self.knowledge.quantities:
            raise LeafletError(f"leaflets/words.yaml: no quantity is called '{found[3]}'; see decision_tree/knowledge/quantities.yaml.")
        return self.knowledge.quantities[found[3]].words(self.locale)

    def _linked(self, part: str, strong: bool) -> Iterator[Run]:
        start = 0
        for found in PLACEHOLDER.finditer(part):
            yield from self._piece(part[start:found.start()], strong)
            yield self.contact(found[2]) if found[1] == "contact" else self._law(found[2])
            start = found.end()
        yield from self._piece(part[start:], strong)

    @staticmethod
    def _piece(text: str, strong: bool) -> Iterator[Run]:
        if text:
            yield {"text": text} | ({"strong": True} if strong else {})

    def contact(self, id: str) -> Run:
        """Return a confirmed contact as a run.

        Raises:
            LeafletError: no contact has this id, or it is not confirmed.
        """
        return contact_run(self.confirmed(id))

    def confirmed(self, id: str) -> Contact:
        """Return a contact that leaflets may print."""
        contact = self.knowledge.contacts.get(id)
        if contact is None or contact.status != "confirmed":
            raise LeafletError(f"leaflets/words.yaml: '{id}' is not a confirmed contact of decision_tree/knowledge/contacts.yaml.")
        return contact

    def _law(self, id: str) -> Run:
        if id not in self.knowledge.laws:
            raise LeafletError(f"leaflets/words.yaml: no text of law has the id '{id}'; see decision_tree/knowledge/laws/.")
        law = self.knowledge.laws[id]
        return {"text": law.short[self.locale], "href": law.url, "lang": "fr"}
