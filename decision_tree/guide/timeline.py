"""The dates of a result as HTML: the form that asks for the days known, a drawing, and the list that says the same."""

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from math import log1p

from decision_tree.dates import written
from decision_tree.guide.calendar import Limit, act_by, origins
from decision_tree.guide.render import Say
from decision_tree.locales import conventions
from decision_tree.model import Deadline

WIDTH, MARGIN, STEP = 640, 24, 26


def dates_html(limits: Sequence[Limit], days: Mapping[str, date], on: date, say: Say) -> str:
    """Return the section of dates; nothing when no time limit applies.

    Args:
        limits: In the order of their days.
        days: Fact or event id → the day the person gave.
    """
    if not limits:
        return ""
    dated = [limit for limit in limits if limit.day is not None]
    waiting = [limit for limit in limits if limit.day is None]
    fields = "".join(_field(origin, days.get(origin), on, say) for origin in origins(limits))
    form = (f'<form data-dates aria-labelledby="dates" class="guide-form" novalidate>'
            f'<p class="guide-help">{say.word("guide.dates.note")}</p>{fields}'
            f'<button class="button button--quiet" type="submit">{say.word("guide.dates.do")}</button></form>')
    drawn = f"{drawing(dated, on, say)}{_list(dated, on, say)}{_files(dated, on, say)}" if dated else ""
    count = f" ({len(dated)})" if dated else ""
    return (f'<section class="guide-dates"><h3 id="dates" tabindex="-1">{say.word("guide.dates")}{count}</h3>'
            f"{drawn}{form}{_waiting(waiting, say)}</section>")


def _field(origin: str, given: date | None, on: date, say: Say) -> str:
    value = f' value="{given.isoformat()}"' if given is not None else ""
    fact = f' data-fact="{origin}"' if origin in say.model.facts else ""
    # a group: some readers say the parts of a date (day, month, year) without its label
    return (f'<p data-field="{origin}"{fact} role="group" aria-labelledby="d-{origin}-name">'
            f'<label id="d-{origin}-name" for="d-{origin}">{say.word(f"guide.dates.{origin}")}</label>'
            f'<input type="date" id="d-{origin}" name="{origin}" max="{on.isoformat()}"{value} '
            f'data-future="{say.word("guide.date_future")}" data-unread="{say.word("guide.date_unread")}"></p>')


def _list(limits: Sequence[Limit], on: date, say: Say) -> str:
    return f'<ol class="guide-limits">{"".join(_item(limit, on, say) for limit in limits)}</ol>'


def _item(limit: Limit, on: date, say: Say) -> str:
    assert limit.day is not None
    day, deadline = limit.day, limit.deadline
    past = f' ({say.word("guide.dates.passed")})' if day < on else ""
    before = act_by(limit)
    early = f' {say.word("guide.dates.not_working")} {written(before, say.locale)}.' if before != day else ""
    return (f'<li data-limit="{deadline.id}"><time datetime="{day.isoformat()}">{escape(written(day, say.locale))}</time>{past}{say.colon} '
            f"{say.body_page(deadline.body)}, {say.text(deadline.text)} ({say.law(deadline.law)}).{early}</li>")


def _waiting(limits: Sequence[Limit], say: Say) -> str:
    if not limits:
        return ""
    items = "".join(_undated(one.deadline, say) for one in limits)
    return f'<details class="guide-waiting"><summary>{say.word("guide.dates.none")}</summary><ul>{items}</ul></details>'


def _undated(deadline: Deadline, say: Say) -> str:
    opened, closed = conventions(say.locale).quotes
    origin = f'{opened}{say.word(f"guide.dates.{deadline.origin}")}{closed}'
    return (f'<li data-limit="{deadline.id}">{say.body_page(deadline.body)}, {say.text(deadline.text)} '
            f'({say.law(deadline.law)}){say.colon} {say.word("guide.dates.needs")}, {origin}.</li>')


def _files(limits: Sequence[Limit], on: date, say: Say) -> str:
    if all(limit.day is not None and limit.day < on for limit in limits):
        return ""
    return f'<p><button class="guide-plain" type="button" data-save="ics">{say.word("guide.dates.ics")}</button></p>'


def drawing(limits: Sequence[Limit], on: date, say: Say) -> str:
    """Return a line with a numbered mark a limit, at its place in time; the numbers are those of the list.

    Weeks and years stand on one line: places go by the logarithm of the days.
    """
    days = [limit.day for limit in limits if limit.day is not None]
    first = min([on, *days])
    span = log1p(max((max([on, *days]) - first).days, 1))

    def place(day: date) -> int:
        return MARGIN + round((WIDTH - 2 * MARGIN) * log1p((day - first).days) / span)

    marks: list[str] = []
    level: list[int] = []                # the last place taken on each level, so that numbers never touch
    for number, day in enumerate(days, 1):
        x = place(day)
        row = next((i for i, taken in enumerate(level) if x - taken >= STEP), len(level))
        level[row:row + 1] = [x]
        y = 40 - row * STEP
        marks.append(f'<path d="M{x} {y}V60" class="t-stem"/><circle cx="{x}" cy="{y}" r="11" class="t-mark"/>'
                     f'<text x="{x}" y="{y + 5}" class="t-number">{number}</text>')
    top = 40 - max(len(level) - 1, 0) * STEP - 14
    today = f'<path d="M{place(on)} 52V68" class="t-now"/>'
    return (f'<svg class="guide-timeline" viewBox="0 {top} {WIDTH} {74 - top}" role="img" aria-label="{say.word("guide.dates.timeline")}">'
            f'<path d="M{MARGIN} 60H{WIDTH - MARGIN}" class="t-line"/>{today}{"".join(marks)}</svg>')
