"""Time limits as dates: which ones a result has, what they fall on, and as files for a calendar or an address book.

Dates only: no hour, no time zone, no clock. The day of the export comes in from outside, so that a file can be made twice.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from decision_tree.advice import Advice
from decision_tree.dates import due, written
from decision_tree.locales import conventions
from decision_tree.model import Body, Deadline, Locale, Model

REMINDER = "-P6DT15H"                    # at nine in the morning, a week before: a whole-day event begins at midnight
LINE_OCTETS = 75                         # RFC 5545 and RFC 2426: longer lines are folded
PUBLISHER = "refus-de-soins"


@dataclass(frozen=True, slots=True)
class Limit:
    """One time limit of a result; `day` is None while the day it is counted from is not known."""

    deadline: Deadline
    start: date | None
    day: date | None


def limits(advice: Advice, days: Mapping[str, date]) -> tuple[Limit, ...]:
    """Return the time limits of the bodies named, those with a date first, in the order they fall.

    Args:
        days: Fact or event id → the day of it.
    """
    found = [Limit(one.deadline, start := days.get(one.deadline.origin), None if start is None else due(start, one.deadline.delay))
             for verdict in (*advice.recommended, *advice.also_possible) for one in verdict.deadlines]
    return tuple(sorted(found, key=lambda limit: (limit.day is None, limit.day or date.min)))


def origins(limits: Iterable[Limit]) -> tuple[str, ...]:
    """Return the facts and events the limits are counted from, once each."""
    return tuple(dict.fromkeys(limit.deadline.origin for limit in limits))


def easter(year: int) -> date:
    """Return Easter Sunday of a year of the Gregorian calendar (Meeus, Jones and Butcher)."""
    a, b, c = year % 19, *divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def holidays(year: int) -> frozenset[date]:
    """Return the public holidays kept everywhere in mainland France."""
    fixed = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
    moving = (1, 39, 50)                 # Easter Monday, Ascension Day, Whit Monday, in days after Easter
    return frozenset({date(year, month, day) for month, day in fixed} | {easter(year) + timedelta(days=gap) for gap in moving})


def working(day: date) -> bool:
    """Tell whether a day is neither a Saturday, a Sunday nor a public holiday."""
    return day.weekday() < 5 and day not in holidays(day.year)


def last_working_day(day: date) -> date:
    """Return the day itself, else the last working day before it.

    No text we read says that these limits wait for the next working day: whoever acts before is safe in any case.
    """
    while not working(day):
        day -= timedelta(days=1)
    return day


def act_by(limit: Limit) -> date:
    """Return the last day of a dated limit; for the person's own, the last working day: never a day later than the page says."""
    assert limit.day is not None
    return last_working_day(limit.day) if limit.deadline.yours else limit.day


def ics(model: Model, limits: Sequence[Limit], on: date, locale: Locale, mark: str = "", revision: int = 0) -> str:
    """Return the dated limits from the day `on` as an iCalendar file of whole-day events, each with a reminder.

    Args:
        mark: One for each person, so that two files never share an event, and one file corrected replaces the first.
        revision: Greater in each later file.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{PUBLISHER}//{locale.upper()}", "CALSCALE:GREGORIAN"]
    for limit in limits:
        if limit.day is not None and limit.day >= on:
            lines += _event(model, limit, on, locale, mark or f"{limit.day:%Y%m%d}", revision)
    return _folded([*lines, "END:VCALENDAR"])


def _event(model: Model, limit: Limit, on: date, locale: Locale, mark: str, revision: int) -> Iterator[str]:
    deadline, day, colon = limit.deadline, act_by(limit), conventions(locale).colon
    summary = f"{model.bodies[deadline.body].short[locale]}{colon} {deadline.text[locale]}"
    description = model.laws[deadline.law].short[locale]
    if limit.day is not None and day != limit.day:
        early = f'{model.words["guide.dates.not_working"][locale]} {written(day, locale)}.'
        summary += f" ({written(limit.day, locale)})"
        description = f"{written(limit.day, locale)}{colon} {early} {description}"
    yield from ("BEGIN:VEVENT", f"UID:{deadline.id}-{mark}@{PUBLISHER}", f"DTSTAMP:{on:%Y%m%d}T000000Z", f"SEQUENCE:{revision}",
                f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
                f"SUMMARY:{_text(summary)}", f"DESCRIPTION:{_text(description)}", "TRANSP:TRANSPARENT")
    yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_text(summary)}", f"TRIGGER:{REMINDER}", "END:VALARM", "END:VEVENT")


def vcf(model: Model, bodies: Iterable[Body], locale: Locale) -> str:
    """Return the bodies that have a confirmed number, page or address as vCards."""
    lines: list[str] = []
    for body in bodies:
        contacts = [model.contacts[how.contact] for how in body.how if how.contact is not None]
        known = [one for one in dict.fromkeys(contacts) if one.status == "confirmed"]
        if known:
            lines += ["BEGIN:VCARD", "VERSION:3.0", f"UID:{body.id}@{PUBLISHER}",
                      f"FN:{_text(body.name[locale])}", f"N:{_text(body.short[locale])};;;;",
                      f"ORG:{_text(body.name[locale])}", *(_contact(one.kind, one.value) for one in known),
                      f"NOTE:{_text(body.aim[locale])}", "END:VCARD"]
    return _folded(lines)


def _contact(kind: str, value: str) -> str:
    if kind == "address":
        return f"ADR;TYPE=WORK:;;{_text(value)};;;;"
    names = {"phone": "TEL;TYPE=VOICE", "sms": "TEL;TYPE=CELL", "email": "EMAIL", "url": "URL"}
    return f"{names[kind]}:{value if kind == 'url' else _text(value)}"


def _text(value: str) -> str:
    """Escape a text value of RFC 5545 and RFC 2426."""
    for mark in ("\\", ";", ","):
        value = value.replace(mark, f"\\{mark}")
    return value.replace("\n", "\\n")


def _folded(lines: Iterable[str]) -> str:
    return "".join(part + "\r\n" for line in lines for part in _parts(line))


def _parts(line: str) -> Iterator[str]:
    """Cut a line so that no part exceeds the octets allowed, never inside a character."""
    part, size = "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > LINE_OCTETS:
            yield part
            part, size = " ", 1
        part, size = part + letter, size + octets
    yield part
