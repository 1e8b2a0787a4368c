"""A practice's own file: one YAML from which its welcoming pack is made.

All mistakes are reported at once, in French and in English, for the person at the practice who wrote the file.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from decision_tree.locales import LOCALES
from scripts.leaflets.colours import HEX, contrast, dark_enough
from scripts.leaflets.kits import (
    DARKEST_GROUND,
    ON_WHITE,
    FundContact,
    Kit,
    KitError,
    Mistake,
    contact_mistakes,
    mistake,
    read_kit_file,
    unknown_field,
)
from scripts.leaflets.texts import day_in_words

FIELDS = ("code", "name", "address", "opening", "access", "languages", "contacts", "new_patients", "closed_since", "absences",
          "lead_person", "fund_contact", "colour")
TEXTS = {"name": 60, "opening": 110, "lead_person": 60}      # in both locales: field → its longest, in characters
LINES = {"address": 110, "fund_contact": 70}                 # the same in both
LISTS = {"access": 8, "languages": 12}                       # in both locales: field → how many at most
LONGEST_ITEM = 90
CHOICES = ("open", "closed")
CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """A practice: what its sheets print of it."""

    code: str
    name: Mapping[str, str]
    address: str
    opening: Mapping[str, str]
    access: Mapping[str, tuple[str, ...]]
    languages: Mapping[str, tuple[str, ...]]
    contacts: Mapping[str, tuple[FundContact, ...]]
    new_patients: str
    closed_since: date | None = None
    absences: str = "3"
    lead_person: Mapping[str, str] = field(default_factory=dict)
    fund_contact: str = ""
    colour: str | None = None

    def values(self, locale: str) -> dict[str, str]:
        """Return what takes the place of [[name]] and the like in one locale; "" where the practice says nothing."""
        reach = sorted(self.contacts[locale], key=lambda one: one.kind != "phone")[0].value
        return {
            "name": self.name[locale], "address": whole(self.address), "opening": sentence(whole(self.opening[locale])), "phone": reach,
            "languages": ", ".join(self.languages[locale]), "access": whole(", ".join(self.access[locale])), "absences": self.absences,
            "closed_since": day_in_words(self.closed_since, locale) if self.closed_since else "",
            "lead_person": self.lead_person.get(locale, ""), "fund_contact": self.fund_contact,
        }

    def as_fund(self) -> Kit:
        """Return the practice as a kit, whose name and contacts the templates already know how to print."""
        return Kit(code=self.code, name=self.name, colour=self.colour,
                   contacts={locale: (*self.contacts[locale], FundContact("address", whole(self.address), "")) for locale in LOCALES})


def whole(text: str) -> str:
    """Return a text whose numbers stay on the line of the word they count: “9 am”, “90 cm”, “1 rue”."""
    return re.sub(r"(?<=\d) (?=\w)", "\u00a0", text)


def sentence(text: str) -> str:
    """Return a text that ends like a sentence."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def load_practice(path: Path) -> Practice:
    """Read a practice's file.

    Raises:
        KitError: with every mistake of the file.
    """
    raw, lines = read_kit_file(path)
    found = list(mistakes(raw, lambda name: f"{path.name}:{lines.get(re.split(r'[.[]', name)[0], 1)}: {name}"))
    if found:
        raise KitError(found)
    return read(raw)


def mistakes(raw: Mapping[str, Any], at: Any) -> Iterator[Mistake]:
    """Yield what is wrong with a practice's fields.

    Args:
        raw: The fields, every value as text.
        at: field → its place, as messages give it.
    """
    yield from (unknown_field(at(name), name, FIELDS) for name in raw if name not in FIELDS)
    if not isinstance(raw.get("code"), str) or not CODE.fullmatch(raw["code"]):
        yield mistake(at("code"), "practice_code")
    for name, most in TEXTS.items():
        if name in raw or name != "lead_person":
            yield from in_both(raw.get(name), at, name, most)
    for name, most in LINES.items():
        if (name in raw or name == "address") and not short(raw.get(name), most):
            yield mistake(at(name), "practice_line", most=most)
    for name, most in LISTS.items():
        yield from lists(raw.get(name), at, name, most)
    yield from contacts(raw.get("contacts"), at)
    yield from rule(raw, at)
    yield from colour(raw.get("colour"), at)


def short(value: Any, most: int) -> bool:
    """Say whether a value is one line of text, not too long."""
    return isinstance(value, str) and 0 < len(value.strip()) <= most and "\n" not in value.strip()


def in_both(value: Any, at: Any, name: str, most: int) -> Iterator[Mistake]:
    """Yield what is wrong with a text that both locales say."""
    yield from other_locales(value, at, name)
    for locale in LOCALES:
        if not isinstance(value, dict) or not short(value.get(locale), most):
            yield mistake(at(f"{name}.{locale}"), "practice_text", locale=locale, most=most)


def lists(value: Any, at: Any, name: str, most: int) -> Iterator[Mistake]:
    """Yield what is wrong with a list that both locales say."""
    yield from other_locales(value, at, name)
    for locale in LOCALES:
        items = value.get(locale) if isinstance(value, dict) else None
        if not isinstance(items, list) or not 0 < len(items) <= most or not all(short(one, LONGEST_ITEM) for one in items):
            yield mistake(at(f"{name}.{locale}"), "practice_list", locale=locale, most=most)


def other_locales(value: Any, at: Any, name: str) -> Iterator[Mistake]:
    """Yield the keys that are no locale."""
    if isinstance(value, dict):
        yield from (unknown_field(at(f"{name}.{key}"), key, LOCALES) for key in value if key not in LOCALES)


def contacts(value: Any, at: Any) -> Iterator[Mistake]:
    """Yield what is wrong with the contacts: a list for each locale, a phone number at least."""
    if not isinstance(value, dict) or set(value) != set(LOCALES) or not all(isinstance(one, list) and one for one in value.values()):
        yield mistake(at("contacts"), "contacts")
        return
    for locale, entries in value.items():
        for number, one in enumerate(entries, 1):
            yield from contact_mistakes(one, at(f"contacts.{locale}[{number}]"))


def rule(raw: Mapping[str, Any], at: Any) -> Iterator[Mistake]:
    """Yield what is wrong with the rule: new patients taken or not and since when, and how many absences."""
    if raw.get("new_patients") not in CHOICES:
        yield mistake(at("new_patients"), "practice_choice")
    since = raw.get("closed_since")
    if (raw.get("new_patients") == "closed" or since is not None) and day(since) is None:
        yield mistake(at("closed_since"), "practice_since")
    if (absences := raw.get("absences", "3")) not in [str(number) for number in range(2, 10)]:
        yield mistake(at("absences"), "practice_absences", absences=absences)


def day(value: Any) -> date | None:
    """Return a day written as 2026-09-01, or None."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


def colour(value: Any, at: Any) -> Iterator[Mistake]:
    """Yield what keeps a colour from being read on white."""
    if value is None:
        return
    if not isinstance(value, str) or not HEX.fullmatch(value):
        yield mistake(at("colour"), "colour")
    elif (ratio := contrast(value.lower(), "#ffffff")) < ON_WHITE:
        better = dark_enough(value.lower(), on=DARKEST_GROUND)
        yield mistake(at("colour"), "contrast", colour=value, ratio=ratio, needed=ON_WHITE, better=better)


def read(raw: Mapping[str, Any]) -> Practice:
    """Return the practice that these fields describe."""
    given = {locale: tuple(FundContact(one["kind"], one["value"].strip(), one.get("label", "").strip()) for one in raw["contacts"][locale])
             for locale in LOCALES}
    return Practice(
        code=raw["code"], name=stripped(raw["name"]), address=raw["address"].strip(), opening=stripped(raw["opening"]),
        access={locale: tuple(raw["access"][locale]) for locale in LOCALES},
        languages={locale: tuple(raw["languages"][locale]) for locale in LOCALES}, contacts=given,
        new_patients=raw["new_patients"], closed_since=day(raw.get("closed_since")), absences=raw.get("absences", "3"),
        lead_person=stripped(raw.get("lead_person", {})), fund_contact=raw.get("fund_contact", "").strip(),
        colour=raw["colour"].lower() if "colour" in raw else None,
    )


def stripped(texts: Mapping[str, str]) -> dict[str, str]:
    """Return texts without the spaces around them."""
    return {locale: text.strip() for locale, text in texts.items()}
