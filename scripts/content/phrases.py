"""Dates and article numbers in words, with their no-break spaces."""

import re
from datetime import date

from decision_tree.locales import REFERENCE, conventions
from scripts.content.interface_words import written_date

NBSP = "\u00a0"


def date_in_words(day: date, locale: str) -> str:
    """Return a date as read: "5 janvier 2021", "1er mars 2021"; "5 January 2021"."""
    return str(written_date(day, locale)).replace(" ", NBSP)


def article_number(number: str) -> str:
    """Return an article number with the spaces French law prints: L.1110-3 → L. 1110-3 (no-break)."""
    number = re.sub(r"n°\s", f"n°{NBSP}", number.replace("'", "’"))
    return re.sub(r"\b([LRDA])\.?\s*(?=\d)", rf"\1.{NBSP}", number)


def number_in_words(number: str, locale: str) -> str:
    """Return the number of a text as said in a sentence: "n° 2020-1215 du 2 octobre 2020"; "no. 2020-1215 of 2 October 2020"."""
    if locale != REFERENCE:
        for french, english in zip(conventions(REFERENCE).months, conventions(locale).months, strict=True):
            number = re.sub(rf"(\d)(?:er)? {french} (?=\d{{4}})", rf"\1 {english} ", number)
        number = re.sub(r"n°\s", f"no.{NBSP}", number)
        for french, english in ((r" du (?=\d)", " of "), (" à ", " to "), (" et suivants", " ff."), (" et ", " and ")):
            number = re.sub(french, english, number)
    return article_number(number)


SHORT_CODES = {  # "" where the letter of the number says enough, and the link goes to the page that says it all
    "Code de la santé publique": "",
    "Code de la sécurité sociale": "",
    "Code pénal": "C. pén.",
    "Code de procédure pénale": "CPP",
    "Code civil": "C. civ.",
    "Code de la consommation": "C. conso.",
    "Code de justice administrative": "CJA",
    "Code de l’action sociale et des familles": "CASF",
}


def reference(code: str, number: str) -> str:
    """Return a text of law as brackets after a sentence name it, unbroken: L. 1110-3, C. pén. 225-1, loi n° 2008-496.

    Args:
        code: The French name of the code, or the kind of text (Loi, Décret, Jurisprudence).
        number: The number of the article or of the text; of several articles, the first stands for all.
    """
    code = code.replace("'", "’")
    if code in SHORT_CODES:
        first = re.split(r" (?:à|et) ", number)[0]
        return f"{SHORT_CODES[code]} {article_number(first)}".strip().replace(" ", NBSP)
    if code == "Jurisprudence":  # the number names the court: "Conseil d’État, 9 avril 2020, n° 428680"
        return article_number(number).split(",")[0]
    number = article_number(re.sub(r"\sdu\s\d.*", "", number))
    return f"{code[0].lower()}{code[1:]} {number}"
