"""What a page types by hand although the knowledge holds it: delays, sums, phone numbers, postcodes, names of bodies.

The knowledge says each of them once; a page takes it by macro, so that a change reaches every page.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from decision_tree.authoring.read.knowledge import Knowledge
from decision_tree.authoring.read.problems import Problem
from scripts.content.page import Page

NUMBERS = {
    "fr": "deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|quarante|soixante|cent|mille",
    "en": "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|sixty|a hundred|a thousand",
}
RANKS = {  # “the first month” is a delay of one month; “the first year” of a committee is none
    "fr": "(?:premi(?:er|ère)|deuxième|seconde?|troisième|quatrième|cinquième|sixième) (?:mois|semaine)",
    "en": "(?:first|second|third|fourth|fifth|sixth) (?:month|week)",
}
UNITS = {"fr": "jours?|semaines?|mois|ans?|années?|heures?|minutes?|euros?", "en": "days?|weeks?|months?|years?|hours?|minutes?|euros?"}
SPACE = r"[\s\u00a0\u202f-]"
DIGITS = r"\d+(?:[.,\s\u00a0\u202f]\d+)*"

PHONE = re.compile(
    rf"(?<![\w.-])(?:\+33{SPACE}?\d|0\d)(?:{SPACE}?[.]?{SPACE}?\d\d){{4}}(?!\d)"  # 01 23 45 67 89
    rf"|(?<![\w.,-])(?:3\d{SPACE}\d\d|3[0-9]\d\d|116{SPACE}?\d{{3}}|0{SPACE}?8\d\d(?:{SPACE}\d\d\d){{2}})(?![\w-])"  # 39 28, 116 006
    r"|(?<![\w.,-])(?:112|114|115|119)(?![\w-])"  # emergency numbers
    rf"|\b(?:appelez|faites|composez|call|dial|ring)\s(?:(?:le|au|the)\s)?{DIGITS}",
    re.IGNORECASE,
)
POSTCODE = re.compile(r"(?<![\d.,-])\d{5}(?![\d-])|\b[Cc]edex\b")
HIDDEN = re.compile(r"\{\{.*?\}\}|\{#.*?#\}|`[^`]*`|<!--.*?-->|https?://\S+|\]\([^)]*\)|<[a-z/][^>]*>", re.IGNORECASE)
LINKED = re.compile(r"\[[^\]]*\]\([^)]*\.md[^)]*\)")  # a link of the site may be called as the page it opens
COMMON = frozenset(  # names of bodies that are also ordinary words of a sentence
    "association agréée|trouver un professionnel|plainte pénale|chambre disciplinaire|approved association|finding a professional"
    "|criminal complaint|demander une indemnité|sanction par la caisse".split("|")
)


@cache
def amounts(locale: str) -> re.Pattern[str]:
    """Return the pattern of a number or a rank with a unit of time or euros, in digits or letters."""
    units, numbers = UNITS[locale], NUMBERS[locale]
    single = r"\bune?\s(?:an|année|mois|semaine)\b" if locale == "fr" else r"\b(?:one|a|an)[\s-](?:year|month|week|hour)\b"
    money = rf"{DIGITS}{SPACE}*€|€{SPACE}*{DIGITS}"
    return re.compile(rf"\b(?:{DIGITS}|{numbers})\b{SPACE}+(?:{units})\b|\b{RANKS[locale]}\b|{single}|{money}", re.IGNORECASE)


@cache
def names_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of these names as whole words, the longest first."""
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in longest_first), re.IGNORECASE)


def body_names(facts: Knowledge, locale: str) -> Mapping[str, str]:
    """Return the names of bodies that no page types: name in small letters → id of the body."""
    named = {name[locale].lower(): body.id for body in facts.bodies.values() for name in (body.short, body.name)}
    return {name: id for name, id in named.items() if name not in COMMON}


def visible(line: str) -> str:
    """Return a line with macros, links' targets, code and tags blanked, at the same columns."""
    return HIDDEN.sub(lambda match: " " * len(match[0]), line)


def check(page: Page, facts: Knowledge) -> Iterator[Problem]:
    """Yield what a page types by hand instead of taking it from the knowledge."""
    names = body_names(facts, page.locale)
    lines = [(page.meta_line(key), str(page.meta.get(key, ""))) for key in ("title", "description")]
    for number, line in (*lines, *page.lines()):
        text = visible(line)
        for said in amounts(page.locale).findall(text):
            yield page.problem(number, f"“{said}” is typed by hand", amount_mend(number, page))
        for match in PHONE.finditer(text):
            yield page.problem(number, f"“{match[0]}” looks like a phone number", 'Write {{ contact("…") }} with an id of contacts.yaml.')
        for said in POSTCODE.findall(text):
            hint = 'Write {{ contact("…") }}, or send the reader to the official directory.'
            yield page.problem(number, f"“{said}” looks like a postcode", hint)
        if names and number >= page.first_line and not line.startswith("#"):
            yield from typed_names(page, number, visible(LINKED.sub("", line)), names)


def amount_mend(number: int, page: Page) -> str:
    """Return what to write instead of a sum or a delay typed at this line."""
    if number < page.first_line:
        return "The front matter knows no macros: say it without the figure."
    return 'Write {{ n("…") }} with an id of quantities.yaml (add the quantity there with its source when it is missing).'


def typed_names(page: Page, number: int, text: str, names: Mapping[str, str]) -> Iterator[Problem]:
    """Yield the names of bodies typed in a line of running text."""
    for said in names_pattern(tuple(names)).findall(text):
        yield page.problem(number, f"the name “{said}” is typed by hand", f'Write {{{{ body("{names[said.lower()]}", short=True) }}}}.')
