"""Charts of the figures page, drawn at build time from decision_tree/knowledge/figures/*.yaml.

The drawing is a template, overrides/macros/chart.svg: attributes only, no style and no script, which our security policy forbids.
A chart takes its numbers from quantities.yaml, so that a figure changes in one place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any

from decision_tree.authoring.read.knowledge import Quantity
from decision_tree.authoring.read.load import KNOWLEDGE
from decision_tree.authoring.read.yaml_text import plain_value
from decision_tree.model import Text
from scripts.content.templates import environment, render

FIGURES = KNOWLEDGE / "figures"
WIDTH, ROW, MARGIN, LEFT = 360, 46, 12, 20   # the width of a phone, so that letters keep their size there
ACROSS = WIDTH - MARGIN - LEFT               # of the longest bar the axis has room for
AXIS = 22                                    # below the bars, for the numbers
STEPS = (1, 2, 2.5, 5)                       # times a power of ten: what an axis counts by
MOST_STEPS = 4


@dataclass(frozen=True, slots=True)
class Row:
    """One bar: its label and the quantity it shows, a value or a range."""

    label: Text
    quantity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One chart: what it shows, its rows, where they come from and what they do not say."""

    id: str
    title: Text
    summary: Text
    year: str
    rows: tuple[Row, ...]
    statements: tuple[str, ...]
    limits: Text


def charts() -> Mapping[str, Chart]:
    """Return all charts by id, read again when a file has changed."""
    return _read(FIGURES, max((file.stat().st_mtime_ns for file in FIGURES.glob("*.yaml")), default=0))


@cache
def _read(folder: Path, _newest: int) -> dict[str, Chart]:
    entries = (plain_value(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.yaml")))
    return {entry["id"]: read_chart(entry) for entry in entries}


def read_chart(entry: dict[str, Any]) -> Chart:
    """Return a chart from what its file says."""
    texts = {key: Text(entry[key]) for key in ("title", "summary", "limits")}
    rows = tuple(Row(Text(row["label"]), row["quantity"]) for row in entry["rows"])
    return Chart(id=entry["id"], year=str(entry["year"]), rows=rows, statements=tuple(entry["statements"]), **texts)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar ready to draw: from `least` to `most`, with its label and its value in words."""

    label: str
    least: float
    most: float
    words: str


def bar(row: Row, quantity: Quantity, locale: str) -> Bar:
    """Return the bar of a row: a value starts at zero, a range where it starts."""
    most = quantity.most if quantity.value is None else quantity.value
    assert most is not None
    return Bar(row.label[locale], quantity.least or 0, most, quantity.words(locale))


def ticks(highest: float) -> list[float]:
    """Return what an axis from zero says: few round numbers, and no more room after the longest bar than they need."""
    power = 10 ** (len(str(ceil(highest))) - 2)
    counts = [(step * scale, ceil(highest / (step * scale))) for scale in (power, power * 10) for step in STEPS]
    step, count = min(((step, count) for step, count in counts if 1 < count <= MOST_STEPS), key=lambda one: (one[0] * one[1], one[0]))
    return [step * number for number in range(count + 1)]


def draw(chart: Chart, bars: tuple[Bar, ...], unit: Quantity, locale: str) -> str:
    """Return a chart as an SVG image named by its title and described by its summary; `unit` is any of its quantities."""
    axis = ticks(max(bar.most for bar in bars))

    def along(value: float) -> float:
        return round(value / axis[-1] * ACROSS, 2)

    rows = [(bar, ROW * number, along(bar.least), max(along(bar.most - bar.least), 1)) for number, bar in enumerate(bars)]
    return environment().get_template("chart.svg").render(
        chart=chart, locale=locale, rows=rows, ticks=[(along(value), replace(unit, value=value).words(locale)) for value in axis],
        width=WIDTH, height=ROW * len(bars) + AXIS + 2 * MARGIN, across=ACROSS, bottom=ROW * len(bars), margin=MARGIN, margin_left=LEFT)


def figure(chart: Chart, page: Any) -> str:
    """Return a chart as a page shows it: the drawing, the same numbers in a table, the source and the limits."""
    quantities = [page.quantity(row.quantity) for row in chart.rows]
    bars = tuple(bar(row, quantity, page.locale) for row, quantity in zip(chart.rows, quantities, strict=True))
    return render("chart.md", page, chart=chart, bars=bars, drawing=draw(chart, bars, quantities[0], page.locale))
