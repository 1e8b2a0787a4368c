"""French and English typography: spaces that do not break, quotation marks, apostrophes."""

import re
from collections.abc import Callable, Iterator

from decision_tree.authoring.read.knowledge import Knowledge
from decision_tree.authoring.read.problems import Problem
from decision_tree.locales import conventions
from scripts.content.page import Page

NBSP, NNBSP = "\u00a0", "\u202f"
BLANK = "[ \u00a0\u202f\t]"
KEPT = re.compile(  # what typography leaves alone: macros, code, addresses, targets of links, tags, attributes, table rules
    r"^description:|\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|`[^`]*`|https?://\S+|\]\([^)]*\)|<[^>\s][^>]*>|\{:?\s*(?:[.#]|[a-z]+=)[^}]*\}|^\s*!!!.*?(?=\"|$)"
    r"|^\|[\s:|-]+\|$|^\s*(?:\[\^?[^\]]+\]:|\*\[[^\]]+\]:)|\b\d{1,2}:\d\d\b|:[a-z]+-[a-z-]+:"
)

FRENCH: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile("'"), "’", "a typewriter apostrophe"),
    (re.compile(r"\.\.\."), "…", "three points"),
    (re.compile(f"«{BLANK}*"), f"«{NNBSP}", "the space after «"),
    (re.compile(f"{BLANK}*»"), f"{NNBSP}»", "the space before »"),
    (re.compile(rf"(?<=[^\s«(\[!?;:|]){BLANK}*([;!?])(?![\w;!?])"), rf"{NNBSP}\1", "the space before ; ! ?"),
    (re.compile(rf"(?<=[^\s«(\[|:]){BLANK}*:(?=[\s*_]|$)"), f"{NBSP}:", "the space before a colon"),
    (re.compile(rf"(?<=\d){BLANK}+(?=[€%])"), NBSP, "the space before € or %"),
    (re.compile(rf"\bn°{BLANK}+(?=\d)"), f"n°{NBSP}", "the space after n°"),
)
ENGLISH: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r"(?<=\w)'(?=\w)|(?<=s)'(?=\s)"), "’", "a typewriter apostrophe"),
    (re.compile(r"\.\.\."), "…", "three points"),
    (re.compile(rf"(?<=\w){BLANK}+([;!?:])(?=\s|$)"), r"\1", "a space before a mark, which English does not put"),
)
NOTE = re.compile(r'^\s*(?:!!!|\?\?\?\+?)[^"]*"(?P<title>[^"]*)"\s*$')
RULES = {"fr": FRENCH, "en": ENGLISH}


def outside(line: str, change: Callable[[str], str]) -> str:
    """Return a line with what a reader reads changed, and macros, code and addresses kept as they are.

    What is kept stands as one letter meanwhile, so that a mark after a macro still has something before it.
    """
    kept: list[str] = []

    def hide(match: re.Match[str]) -> str:
        kept.append(match[0])
        return "\ue010"

    changed = change(KEPT.sub(hide, line))
    parts = iter(kept)
    return re.sub("\ue010", lambda _match: next(parts), changed)


def mended(line: str, locale: str) -> str:
    """Return a line as the typography of the locale wants it."""

    def change(text: str) -> str:
        for pattern, right, _name in RULES[locale]:
            text = pattern.sub(right, text)
        return text

    if locale == "en":  # French words inside an English page keep the French typography
        parts = re.split(r"(<span lang=\"fr\">.*?</span>)", line)
        return "".join(mended(part, "fr") if part.startswith("<span lang") else outside(part, change) for part in parts)
    return outside(line, change)


def check(page: Page, _facts: Knowledge | None = None) -> Iterator[Problem]:
    """Yield what is wrong in the typography of a page, and what to write."""
    for number, line in page_lines(page):
        if (right := mended(line, page.locale)) != line:
            what = f"{said(line, page.locale)}: “{around(line, right)}”"
            yield page.problem(number, what, f"Run `python -m scripts.content typeset {page.name}`.")
        elif straight_quote(line):
            mark = " ".join(one.strip("\u202f") for one in conventions(page.locale).quotes)
            yield page.problem(number, "straight quotation marks", f"Write {mark}.")


def said(line: str, locale: str) -> str:
    """Return what is wrong in a line, in words."""
    shown = KEPT.sub("\ue010", line)
    names = (name for pattern, right, name in (*RULES[locale], *FRENCH) if pattern.sub(right, shown) != shown)
    return next(names, "the typography")


def straight_quote(line: str) -> bool:
    """Return whether a line shows straight quotation marks to the reader; those of a macro, a tag or a note's title are not shown."""
    note = NOTE.match(line)
    if line.startswith("description:"):  # quotation marks of YAML
        return False
    return '"' in (note["title"] if note else KEPT.sub("", line))


def page_lines(page: Page) -> Iterator[tuple[int, str]]:
    """Yield the title and description of the front matter, then each line of the page outside fenced code."""
    for number, line in enumerate(page.text.split("\n")[: page.first_line - 1], 1):
        if line.startswith("description:"):
            yield number, line
    fenced = False
    for number, line in page.lines():
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced:
            yield number, line


def around(line: str, right: str) -> str:
    """Return the words around the first difference."""
    at = next((i for i, (a, b) in enumerate(zip(line, right, strict=False)) if a != b), min(len(line), len(right)))
    return line[max(0, at - 20) : at + 15].strip()


def typeset(page: Page) -> str:
    """Return the whole text of a page with its typography mended."""
    lines = page.text.split("\n")
    for number, line in page_lines(page):
        lines[number - 1] = mended(line, page.locale)
    return "\n".join(lines)
