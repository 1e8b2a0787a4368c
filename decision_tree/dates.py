"""Time limits counted from date to date, as French law counts months and years. Dates only, never hours or time zones."""

from calendar import monthrange
from datetime import date, timedelta

from decision_tree.locales import conventions
from decision_tree.model import Delay


def add_months(start: date, months: int) -> date:
    """Return the same day `months` later; where that month has no such day, its last day.

    Source: code de procédure civile, art. 641.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, start.day if start.day <= 28 else min(start.day, monthrange(year, month + 1)[1]))


def due(start: date, delay: Delay) -> date:
    """Return the last day of `delay` counted from `start`; the day of the event itself does not count.

    Months and years first: days that must lie between, such as those of a summons, are counted back from that day.
    """
    if delay.year_end:
        return date(start.year + delay.years, 12, 31)
    return add_months(start, delay.years * 12 + delay.months) + timedelta(days=delay.days)


def within_years(day: date, years: int, on: date) -> bool:
    """Tell whether `on` is no later than the last day of `years` years counted from `day`."""
    return on <= add_months(day, years * 12)


def within_calendar_years(day: date, years: int, on: date) -> bool:
    """Tell whether `on` is no later than the last day of `years` years counted from 1 January after `day`.

    Source: loi n° 68-1250 du 31 décembre 1968, art. 1er.
    """
    return on.year <= day.year + years


def written(day: date, locale: str) -> str:
    """Return a date in words: "1er mars 2027", "1 March 2027"."""
    how = conventions(locale)
    return f"{how.first if day.day == 1 else day.day}\u00a0{how.months[day.month - 1]} {day.year}"
