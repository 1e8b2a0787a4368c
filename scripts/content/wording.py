"""Quantities, dates and references in words, in French and in English, with their non-breaking spaces."""

import re
from datetime import date
from typing import Protocol

from scripts.words import written_date

NBSP = "\u00a0"  # no-break space: before a unit, before a colon
NNBSP = "\u202f"  # narrow no-break space: inside a French number, before ; ! ?

UNITS = {
    "fr": {"days": ("jour", "jours"), "months": ("mois", "mois"), "years": ("an", "ans"), "hours": ("heure", "heures")},
    "en": {"days": ("day", "days"), "months": ("month", "months"), "years": ("year", "years"), "hours": ("hour", "hours")},
}
RANGE = {"fr": " à ", "en": " to "}
CODES = {  # the short name lawyers give a code, in references
    "Code de la santé publique": "CSP",
    "Code de la sécurité sociale": "CSS",
    "Code pénal": "C. pén.",
    "Code de procédure pénale": "CPP",
    "Code civil": "C. civ.",
    "Code de la consommation": "C. conso.",
    "Code de justice administrative": "CJA",
    "Code de l’action sociale et des familles": "CASF",
    "Code général des collectivités territoriales": "CGCT",
}


class Amount(Protocol):
    """What a quantity must say of itself to be put in words: one value, or a range from `min` to `max`."""

    @property
    def value(self) -> float | None: ...
    @property
    def min(self) -> float | None: ...
    @property
    def max(self) -> float | None: ...
    @property
    def unit(self) -> str: ...


def number(value: float, locale: str) -> str:
    """Return a number as written in the locale: 34 000 (narrow space) in French, 34,000 in English."""
    text = f"{value:,.10g}" if isinstance(value, float) and value % 1 else f"{int(value):,}"
    if locale == "en":
        return text
    return text.replace(",", NNBSP).replace(".", ",")


def with_unit(figure: str, value: float, unit: str, locale: str) -> str:
    """Return a written figure with its unit, in the singular below two in French, for one only in English."""
    if unit == "count":
        return figure
    if unit == "eur":
        return f"{figure}{NBSP}€" if locale == "fr" else f"€{figure}"
    if unit == "percent":
        return f"{figure}{NBSP}%" if locale == "fr" else f"{figure}%"
    one, many = UNITS[locale][unit]
    single = value < 2 if locale == "fr" else value == 1
    return f"{figure}{NBSP}{one if single else many}"


def quantity_in_words(quantity: Amount, locale: str) -> str:
    """Return a quantity as a reader reads it: "8 jours", "8 010 €", "1 à 3 mois"; "8 days", "€8,010", "1 to 3 months"."""
    if quantity.value is not None:
        return with_unit(number(quantity.value, locale), quantity.value, quantity.unit, locale)
    assert quantity.min is not None and quantity.max is not None
    low = number(quantity.min, locale)
    if quantity.unit == "eur" and locale == "en":
        low = f"€{low}"
    return low + RANGE[locale] + with_unit(number(quantity.max, locale), quantity.max, quantity.unit, locale)


def date_in_words(day: date | str, locale: str) -> str:
    """Return a date as read: "5 janvier 2021", "1er mars 2021"; "5 January 2021". A text that is no date is left as it is."""
    if isinstance(day, str):
        try:
            day = date.fromisoformat(day)
        except ValueError:
            return day
    return written_date(day, locale).replace(" ", NBSP)


def article_number(number: str) -> str:
    """Return an article number with the spaces French law prints: L.1110-3 → L. 1110-3 (no-break)."""
    return re.sub(r"\b([LRDA])\.?\s*(?=\d)", rf"\1.{NBSP}", number.replace("'", "’"))


def short_law(code: str, number: str) -> str:
    """Return the short reference of a text of law, put in brackets after a sentence: CSP L. 1110-3; loi n° 2008-496."""
    code, number = code.replace("'", "’"), article_number(number)
    if code in CODES:
        return f"{CODES[code]}{NBSP}{number}".replace(". ", f".{NBSP}")
    if code == "Jurisprudence":  # the number already names the court: "Conseil d’État, 9 avril 2020, n° 428680"
        return number.split(",")[0]
    return f"{code[0].lower()}{code[1:]} {number.split(' du ')[0]}".replace("n° ", f"n°{NBSP}")
