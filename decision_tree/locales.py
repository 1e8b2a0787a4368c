"""The languages the site is published in, and how each writes what is no word: dates, numbers, marks. One row a language.

French is the reference: what another language lacks is said in French, and read as French writes it. Standard library only.
"""

from dataclasses import dataclass

REFERENCE = "fr"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conventions:
    """How one language writes."""

    region: str                          # where it is written so, ISO 3166
    folder: str                          # of its pages, under the address of the site
    months: tuple[str, ...]
    first: str                           # the first day of a month
    colon: str
    semicolon: str
    quotes: tuple[str, str]
    thousands: str
    decimal: str
    percent: str
    euros: str
    units: dict[str, tuple[str, str]]    # unit → one, several
    one_only: bool                       # only 1 is singular ("0 days"), or all that is less than 2 ("0 jour")
    span: str                            # between two numbers
    kilobytes: str
    megabytes: str


CONVENTIONS = {
    "fr": Conventions(
        region="FR", folder="",
        months=("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"),
        first="1er", colon="\u00a0:", semicolon="\u202f;", quotes=("«\u202f", "\u202f»"),
        thousands="\u202f", decimal=",", percent="{}\u00a0%", euros="{}\u00a0€",
        units={"days": ("jour", "jours"), "months": ("mois", "mois"), "years": ("an", "ans"), "hours": ("heure", "heures"),
               "minutes": ("minute", "minutes")},
        one_only=False, span="à", kilobytes="ko", megabytes="Mo"),
    "en": Conventions(
        region="GB", folder="en/",
        months=("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"),
        first="1", colon=":", semicolon=";", quotes=("“", "”"),
        thousands=",", decimal=".", percent="{}%", euros="€{}",
        units={"days": ("day", "days"), "months": ("month", "months"), "years": ("year", "years"), "hours": ("hour", "hours"),
               "minutes": ("minute", "minutes")},
        one_only=True, span="to", kilobytes="kB", megabytes="MB"),
}
LOCALES = tuple(CONVENTIONS)


def conventions(locale: str) -> Conventions:
    """Return how a language writes; French for one that is not published."""
    return CONVENTIONS.get(locale) or CONVENTIONS[REFERENCE]


def written_number(shown: str, locale: str) -> str:
    """Return a number written as Python writes it (1,234.5) as the language does."""
    how = conventions(locale)
    return shown.replace(",", "\0").replace(".", how.decimal).replace("\0", how.thousands)


def unit(name: str, value: float, locale: str) -> str:
    """Return a unit in the number that an amount asks for: "jour", "days"."""
    how = conventions(locale)
    one, several = how.units[name]
    singular = value == 1 if how.one_only else abs(value) < 2
    return one if singular else several
