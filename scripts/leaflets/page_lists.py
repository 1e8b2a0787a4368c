"""Lists that a leaflet takes from a page of the site: numbered lines, and boxes to tick."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from decision_tree.authoring.read.knowledge import Knowledge
from scripts.content.macros import PageMacros, settle_names
from scripts.content.page import DOCS

CITATION = re.compile(r"\s*\{\{\s*(?:src|cite)\(.*?\)\s*\}\}")
CALL = re.compile(r"\{\{\s*(n|body|contact)\(\s*\"([^\"]+)\".*?\)\s*\}\}")
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)(?:\{[^}]*\})?")
NUMBERED = re.compile(r"^\d+\. (.+)$")
BOX = re.compile(r"^- ☐ (.+)$")


@dataclass(frozen=True, slots=True)
class Part:
    """A heading of a page with the boxes to tick under it."""

    title: str
    items: tuple[str, ...]


def source(path: str, locale: str) -> list[str]:
    """Return the lines of a page, without its front matter."""
    text = (DOCS / locale / path).read_text("utf-8")
    return text.split("\n---\n", 1)[1].splitlines()


def plain(line: str, page: PageMacros) -> str:
    """Return a line of a page as paper shows it: names and quantities in words, without links nor references."""
    def words(found: re.Match[str]) -> str:
        macro = getattr(page, found[1])
        return str(macro(found[2], short=True) if found[1] == "body" else macro(found[2]))

    return LINK.sub(r"\1", settle_names(CALL.sub(words, CITATION.sub("", line)))).replace("**", "").strip()


def numbered(path: str, locale: str, knowledge: Knowledge) -> list[str]:
    """Return the lines of the first numbered list of a page."""
    page = PageMacros(locale, path, knowledge)
    found: list[str] = []
    for line in source(path, locale):
        if match := NUMBERED.match(line):
            found.append(plain(match[1], page))
        elif found and line.startswith("#"):
            break
    return found


def boxes(path: str, locale: str, knowledge: Knowledge) -> list[Part]:
    """Return the boxes to tick of a page, under their headings."""
    page = PageMacros(locale, path, knowledge)

    def parts() -> Iterator[Part]:
        title = ""
        items: list[str] = []
        for line in source(path, locale):
            if line.startswith("## "):
                if items:
                    yield Part(title, tuple(items))
                title, items = line[3:].strip(), []
            elif match := BOX.match(line):
                items.append(plain(match[1], page))
        if items:
            yield Part(title, tuple(items))

    return list(parts())


def heading(path: str, locale: str, number: int = 1) -> str:
    """Return the title of a page (1), or its last part's (-1)."""
    found = [line.lstrip("# ").strip() for line in source(path, locale) if re.match(r"#{1,2} ", line)]
    return found[0] if number == 1 else found[-1]


def table_header(path: str, locale: str) -> list[str]:
    """Return the header cells of the first table of a page."""
    row = next(line for line in source(path, locale) if line.startswith("| "))
    return [cell.strip() for cell in row.strip("|").split("|")]


def brief(path: str, locale: str) -> list[str]:
    """Return the lines of the note "In brief" of a page."""
    lines = source(path, locale)
    start = next(index for index, line in enumerate(lines) if line.startswith("!!! brief"))
    found = []
    for line in lines[start + 1:]:
        if not line.startswith("    - "):
            break
        found.append(LINK.sub(r"\1", CITATION.sub("", line[6:])))
    return found
