"""A page as its writer wrote it: front matter, Markdown, headings and the macros it calls, each with its line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, TemplateSyntaxError, nodes

from decision_tree.authoring.read.problems import Place, Problem
from decision_tree.authoring.read.yaml_text import YamlError, plain_value
from scripts.project.paths import ROOT

DOCS = ROOT / "docs"
FENCE = "---\n"
AUDIENCES = ("patients", "professionnels", "tous")


@dataclass(frozen=True, slots=True)
class Call:
    """A macro called in a page: `{{ src("cmc-3-mois") }}` is Call("src", "cmc-3-mois", …); with two ids it is two calls."""

    macro: str
    id: str
    line: int
    options: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a page, with its level (1 to 6) and line."""

    level: int
    text: str
    line: int


@dataclass(frozen=True)
class Page:
    """One Markdown page of one locale; `path` is the same in both locales (patients/preuves.md)."""

    locale: str
    path: str
    text: str
    docs: Path = DOCS

    @property
    def file(self) -> Path:
        return self.docs / self.locale / self.path

    @property
    def name(self) -> str:
        """The path a writer opens, for messages."""
        return str(self.file.relative_to(ROOT) if self.file.is_relative_to(ROOT) else self.file)

    def place(self, line: int = 1) -> Place:
        return Place(self.name, line)

    def problem(self, line: int, what: str, hint: str) -> Problem:
        return Problem(self.place(line), what, hint)

    @cached_property
    def _split(self) -> tuple[str, str]:
        """The front matter and the Markdown; the first is empty when the page has none."""
        if not self.text.startswith(FENCE) or FENCE not in self.text[4:]:
            return "", self.text
        head, _, rest = self.text[4:].partition("\n" + FENCE)
        return head, rest

    @cached_property
    def meta(self) -> dict[str, Any]:
        """The front matter; empty when it cannot be read."""
        try:
            found = plain_value(self._split[0])
        except YamlError:
            return {}
        return found if isinstance(found, dict) else {}

    @cached_property
    def markdown(self) -> str:
        """What follows the front matter."""
        return self._split[1]

    @cached_property
    def first_line(self) -> int:
        """The line of the file where the Markdown begins."""
        return self.text.count("\n") - self.markdown.count("\n") + 1

    @cached_property
    def hash(self) -> str:
        """The mark a translation keeps of the French it was made from."""
        return sha256(self.text.encode()).hexdigest()[:12]

    def lines(self) -> Iterator[tuple[int, str]]:
        """Yield each line of the Markdown with its number in the file."""
        yield from enumerate(self.markdown.split("\n"), self.first_line)

    def meta_line(self, key: str) -> int:
        """Return the line of a key of the front matter (1 when it is absent)."""
        for number, line in enumerate(self.text.split("\n"), 1):
            if line.startswith(f"{key}:"):
                return number
        return 1

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        found = (re.match(r"(#{1,6})\s+(.*?)\s*(?:\{[^}]*\})?$", line) for _, line in self.lines())
        return tuple(Heading(len(match[1]), match[2], number) for (number, _), match in zip(self.lines(), found, strict=True) if match)

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """The macros the page calls with an id, in order; empty when Jinja cannot read the page."""
        try:
            tree = Environment().parse(self.markdown)
        except TemplateSyntaxError:
            return ()
        calls = (
            Call(node.node.name, argument.value, node.lineno + self.first_line - 1, options_of(node))
            for node in tree.find_all(nodes.Call)
            if isinstance(node.node, nodes.Name)
            for argument in node.args
            if isinstance(argument, nodes.Const)
        )
        return tuple(sorted(calls, key=lambda call: call.line))

    @cached_property
    def syntax_problem(self) -> Problem | None:
        """What keeps the macros of the page from being read, if anything."""
        try:
            Environment().parse(self.markdown)
        except TemplateSyntaxError as error:
            return self.problem(
                error.lineno + self.first_line - 1, f"a macro cannot be read: {error.message}", 'Write it as in {{ src("cmc-3-mois") }}.'
            )
        return None


def options_of(call: nodes.Call) -> tuple[tuple[str, Any], ...]:
    """Return the options of a call: (start, "Aucune personne"), …"""
    return tuple((option.key, option.value.value) for option in call.kwargs if isinstance(option.value, nodes.Const))


def read_pages(locale: str, docs: Path = DOCS) -> tuple[Page, ...]:
    """Return the pages of a locale, sorted by path."""
    folder = docs / locale
    files = sorted(folder.rglob("*.md"))
    return tuple(Page(locale, file.relative_to(folder).as_posix(), file.read_text(encoding="utf-8"), docs) for file in files)
