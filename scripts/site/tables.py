"""Tables as our pages need them, made so by Markdown itself: they scroll, their headings say what they head.

Where one is wider than the screen, wide.mjs makes it a stop of the keyboard with a name.

How a column is aligned is said by class: the security policy forbids `style`.
"""

from typing import Any
from xml.etree.ElementTree import Element

from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

AFTER_LINE_BREAKS = 1     # lower than the priority of Markdown's own "prettify", which would set the table on lines of its own


class Tables(Treeprocessor):
    """Wraps each table, and mends its cells."""

    def run(self, root: Element) -> None:
        for parent in list(root.iter()):
            for index, child in enumerate(list(parent)):
                if child.tag == "table":
                    parent[index] = scrolling(child)


def scrolling(table: Element) -> Element:
    """Return a box that scrolls around a table."""
    for cell in table.iter():
        if cell.tag in ("th", "td"):
            cell.attrib = attributes(cell)
    box = Element("div", {"class": "scroll"})
    box.tail, table.tail = table.tail, None
    box.append(table)
    return box


def attributes(cell: Element) -> dict[str, str]:
    """Return a cell's attributes: what it heads, and its alignment as a class unless it is the usual one."""
    found = {"scope": "col"} if cell.tag == "th" and "scope" not in cell.attrib else {}
    for name, value in cell.attrib.items():
        side = value.removeprefix("text-align: ").removesuffix(";")
        if name != "style":
            found[name] = value
        elif side != "left":
            found["class"] = f"align-{side}"
    return found


class TablesExtension(Extension):
    """The extension as Markdown loads it."""

    def extendMarkdown(self, md: Any) -> None:      # noqa: N802 (Markdown's name)
        md.treeprocessors.register(Tables(md), "our_tables", AFTER_LINE_BREAKS)


def makeExtension(**settings: Any) -> TablesExtension:      # noqa: N802 (Markdown's name)
    """Return the extension."""
    return TablesExtension(**settings)
