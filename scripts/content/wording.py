"""Dates and article numbers in words, with their no-break spaces."""

import re
from datetime import date

from scripts.words import written_date

NBSP = "\u00a0"


def date_in_words(day: date, locale: str) -> str:
    """Return a date as read: "5 janvier 2021", "1er mars 2021"; "5 January 2021"."""
    return str(written_date(day, locale)).replace(" ", NBSP)


def article_number(number: str) -> str:
    """Return an article number with the spaces French law prints: L.1110-3 → L. 1110-3 (no-break)."""
    return re.sub(r"\b([LRDA])\.?\s*(?=\d)", rf"\1.{NBSP}", number.replace("'", "’"))


def reference(short: str) -> str:
    """Return a short reference as a page prints it, unbroken: art. L. 1110-3 CSP; loi n° 2008-496 (without its day)."""
    short = re.sub(r"(n° [\d-]+) du \d.*", r"\1", short)
    return article_number(short).replace("n° ", f"n°{NBSP}").replace("art. ", f"art.{NBSP}")
