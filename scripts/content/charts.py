"""Charts of the figures page, drawn at build time from decision_tree/knowledge/figures/*.yaml.

leather draws with presentation attributes only: no inline style and no script, which our content security policy forbids.
A chart takes its numbers from quantities.yaml, so that a figure changes in one place.
"""

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import leather
from leather import theme

from decision_tree.authoring.read.knowledge import Quantity
from decision_tree.authoring.read.load import KNOWLEDGE
from decision_tree.authoring.read.yaml_text import plain_value
from decision_tree.model import Text
from scripts.content.templates import render

FIGURES = KNOWLEDGE / "figures"
WIDTH, ROW, MARGIN, LABEL = 360, 46, 12, 14  # the width of a phone, so that letters keep their size there

theme.background_color = "none"
theme.tick_color = theme.zero_color = theme.label_color = "currentColor"
theme.tick_font_family = "inherit"
theme.tick_font_size = theme.tick_font_char_height = 12
theme.margin = MARGIN / WIDTH


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


class LabelledBars(leather.Bars):  # type: ignore[misc]
    """Bars with their label and value written above them, so that both fit the width of a phone."""

    def __init__(self, bars: tuple[Bar, ...]) -> None:
        super().__init__("currentColor")
        self.bars = {bar.label: bar for bar in bars}

    def to_svg(self, width: Any, height: Any, x_scale: Any, y_scale: Any, series: Any, palette: Any) -> ET.Element:
        group = ET.Element("g", {"class": "series bars"})
        for datum in series.data():
            shown = self.bars[datum.y]
            bottom, top = y_scale.project_interval(datum.y, height, 0)
            left, right = (x_scale.project(Decimal(str(value)), 0, width) for value in (shown.least, shown.most))
            group.append(text(shown.label, 0, top + LABEL, "start"))
            group.append(text(shown.words, width, top + LABEL, "end", weight="bold"))
            group.append(rectangle(left, top + LABEL + 5, max(right - left, Decimal(1)), bottom - top - LABEL - 7))
        return group


def figures(value: Any) -> str:
    """Return a coordinate with two decimals at most."""
    return f"{Decimal(value):.2f}".rstrip("0").rstrip(".")


def text(words: str, x: Any, y: Any, anchor: str, weight: str = "normal") -> ET.Element:
    """Return a line of text of a chart."""
    size = str(theme.tick_font_size + 1)
    attributes = {"x": figures(x), "y": figures(y), "text-anchor": anchor, "font-size": size, "font-weight": weight, "fill": "currentColor"}
    element = ET.Element("text", attributes)
    element.text = words
    return element


def rectangle(x: Any, y: Any, width: Any, height: Any) -> ET.Element:
    """Return the body of a bar; CSS gives `.chart-bar` its colour."""
    shape = {"x": figures(x), "y": figures(y), "width": figures(width), "height": figures(height)}
    return ET.Element("rect", {"class": "chart-bar", "fill": "currentColor"} | shape)


def draw(chart: Chart, bars: tuple[Bar, ...], unit: Quantity, locale: str) -> str:
    """Return a chart as an SVG image named by its title and described by its summary; `unit` is any of its quantities."""
    highest = max(bar.most for bar in bars)
    drawing = leather.Chart()
    drawing.add_x_scale(0, highest)
    drawing.add_y_axis(tick_formatter=lambda *_: "")
    drawing.add_x_axis(tick_formatter=lambda value, *_: replace(unit, value=float(value)).words(locale))
    series = leather.Series([(bar.most, bar.label) for bar in reversed(bars)])
    drawing.add_series(series, LabelledBars(bars))
    height = ROW * len(bars) + 2 * MARGIN + 28
    body = drawing.to_svg_group(WIDTH, height)
    tidy(body)
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {WIDTH} {height}",
            "role": "img",
            "aria-labelledby": f"{chart.id}-title {chart.id}-summary",
        },
    )
    for tag, part, words in (("title", "title", chart.title[locale]), ("desc", "summary", chart.summary[locale])):
        ET.SubElement(root, tag, {"id": f"{chart.id}-{part}"}).text = words
    root.append(body)
    return ET.tostring(root, encoding="unicode")


def tidy(body: ET.Element) -> None:
    """Take out of a drawing what it does not need: the background, the axis of labels, long decimals."""
    for parent in list(body.iter()):
        for child in list(parent):
            if child.get("class") == "axis left" or (child.tag == "rect" and child.get("fill") == "none"):
                parent.remove(child)
    for element in body.iter():
        for key in ("x", "y", "x1", "x2", "y1", "y2"):
            if key in element.attrib:
                element.set(key, figures(element.attrib[key]))
        if element.tag == "line":
            element.set("stroke-opacity", "0.25")


def figure(chart: Chart, page: Any) -> str:
    """Return a chart as a page shows it: the drawing, the same numbers in a table, the source and the limits."""
    quantities = [page.quantity(row.quantity) for row in chart.rows]
    bars = tuple(bar(row, quantity, page.locale) for row, quantity in zip(chart.rows, quantities, strict=True))
    return render("chart.md", page, chart=chart, bars=bars, drawing=draw(chart, bars, quantities[0], page.locale))
