"""The lexicon of one language: entries of patterns, and the rules that make facts, pages and doors elsewhere of them."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from decision_tree.match.patterns import Chart, Pattern, read_pattern
from decision_tree.match.spelling import Spelling, Token, fold, stem

FORMAT = 3
_NUMBER = re.compile(r"<(\d+)")
LINE = ";"
"""What ends a line of the lexicon that travels: JSON writes it in one byte."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A pattern of entries, or a fact already found ("=place:pharmacie")."""

    pattern: Pattern | None
    fact: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class When:
    """One of `any` stands in the sentence, outside of `not_in`; all of `needs` do; none of `unless` does."""

    any: tuple[Condition, ...]
    needs: tuple[Condition, ...]
    unless: tuple[Condition, ...]
    not_in: tuple[Condition, ...]
    entries: frozenset[str] = frozenset()           # without any of these in the sentence it does not hold; empty where nothing is known


@dataclass(frozen=True, slots=True)
class FactRules:
    """How one fact is found: the value that is said first, or that is listed first, or each (for a set)."""

    fact: str
    choose: str                                     # said, listed or each
    values: tuple[tuple[str | bool, When], ...]


@dataclass(frozen=True, slots=True)
class PageRule:
    """A page that answers, and how surely, from 1 to 100."""

    page: str
    points: int
    beside: bool             # it gathers more than the sentence asks: the second to be shown
    when: When


@dataclass(frozen=True, slots=True)
class OutsideRule:
    """What is no matter of this site, and who answers."""

    to: str
    page: str
    when: When


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All of one language."""

    spelling: Spelling
    entries: tuple[tuple[str, tuple[Pattern, ...]], ...]
    by_word: Mapping[str, tuple[tuple[int, int], ...]]       # first word → (entry, pattern)
    by_prefix: Mapping[str, tuple[tuple[int, int], ...]]
    by_entry: tuple[tuple[tuple[int, tuple[str, ...]], ...], ...]   # by entry: patterns that begin with another, and which
    facts: tuple[FactRules, ...]
    pages: tuple[PageRule, ...]
    outside: tuple[OutsideRule, ...]

    def chart(self, sentence: str) -> Chart:
        """Return where every entry stands in a sentence."""
        tokens = self.spelling.tokens(sentence)
        chart = Chart(tokens)
        seen = self._seen(tokens)
        spans = chart.spans
        for number, (name, patterns) in enumerate(self.entries):
            if number in seen:
                for which, starts in seen[number].items():
                    chart.add(name, chart.find(patterns[which], starts))
            for which, refs in self.by_entry[number]:
                if not refs or not spans.keys().isdisjoint(refs):
                    chart.add(name, chart.find(patterns[which]))
        return chart

    def _seen(self, tokens: list[Token]) -> dict[int, dict[int, list[int]]]:
        """Return by entry and pattern the places where the first word of the pattern stands."""
        seen: dict[int, dict[int, list[int]]] = {}
        for position, token in enumerate(tokens):
            hits = set(self.by_word.get(token.word, ()))
            if token.plain != token.word:
                hits |= set(self.by_word.get(token.plain, ()))
            for prefix in self.spelling.begins(token.plain):
                hits |= set(self.by_prefix.get(prefix, ()))
            for entry, which in hits:
                seen.setdefault(entry, {}).setdefault(which, []).append(position)
        return seen


def short(pattern: str) -> str:
    """Return a pattern as it travels: "<12> ... kine" → "<12+kine"."""
    return pattern.replace(" ... ", "+").replace(">", "")


def written_out(text: str) -> str:
    """Return a pattern that travelled as the lexicon writes it."""
    return _NUMBER.sub(r"<\1>", text).replace("+", " ... ")


def load_lexicon(text: str) -> Lexicon:
    """Return the lexicon that travels as compact JSON (see `authoring`).

    Raises:
        ValueError: The text is no lexicon of this format.
    """
    data = json.loads(text)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ValueError(f"not a lexicon of format {FORMAT}")
    paths = [f"{path}/" for path in data["paths"].split(LINE)]
    lines = {key: [line.split("|") for line in data[key].split(LINE)] for key in ("entries", "facts", "pages", "outside")}
    facts: list[tuple[str, str, list[tuple[str | bool, list[list[str]]]]]] = []
    for first, *parts in lines["facts"]:
        if first.startswith(" "):                          # a value of the fact named before
            value = first.strip()
            facts[-1][2].append(({"true": True, "false": False}.get(value, value), _conditions(parts)))
        else:
            facts.append((first, parts[0], []))
    return lexicon_of({
        "entries": [(str(number), [written_out(text) for text in patterns]) for number, patterns in enumerate(lines["entries"])],
        "facts": facts,
        "pages": [(paths[int(page)], int(points), beside == "1", _conditions(when)) for page, points, beside, *when in lines["pages"]],
        "outside": [(to, paths[int(page)], _conditions(when)) for to, page, *when in lines["outside"]],
        "slips": [f"{slip} = {words}" for slips, words in (line.split("=") for line in data["slips"].split(LINE))
                  for slip in slips.split()],
        **{key: data[key].split(LINE) for key in ("small", "known")}})


def _conditions(parts: list[str]) -> list[list[str]]:
    """Return a rule's conditions; numbers there are entries."""
    return [[one if one.startswith("=") else " ".join(word if word == "..." else f"<{word}>" for word in one.split())
             for one in part.split(",")] if part else [] for part in parts]


def lexicon_of(data: Mapping[str, Any]) -> Lexicon:
    """Return a lexicon from its plain form."""
    entries = tuple((name, tuple(map(read_pattern, patterns))) for name, patterns in data["entries"])
    facts = tuple(FactRules(fact, choose, tuple((value, _when(when)) for value, when in values)) for fact, choose, values in data["facts"])
    pages = tuple(PageRule(page, points, bool(beside), _when(when)) for page, points, beside, when in data["pages"])
    outside = tuple(OutsideRule(to, page, _when(when)) for to, page, when in data["outside"])
    items = [item for _, patterns in entries for pattern in patterns for item in pattern.items]
    spelling = Spelling(
        small=map(fold, data["small"]),
        slips={fold(slip): tuple(map(fold, words.split())) for slip, words in (one.split(" = ") for one in data["slips"])},
        known=(form for word in map(fold, data["known"]) for form in (word, stem(word))),
        words={word for item in items for word in item.words}, prefixes={prefix for item in items for prefix in item.prefixes})
    by_word: dict[str, list[tuple[int, int]]] = {}
    by_prefix: dict[str, list[tuple[int, int]]] = {}
    by_entry: list[list[tuple[int, tuple[str, ...]]]] = [[] for _ in entries]
    for number, which, pattern in _numbered(entries):
        first = pattern.items[1] if pattern.items[0].kind == "begin" else pattern.items[0]
        if first.refs or first.numbers:
            by_entry[number].append((which, () if first.words or first.prefixes or first.numbers else first.refs))
            continue
        for word in first.words:
            by_word.setdefault(word, []).append((number, which))
        for prefix in first.prefixes:
            by_prefix.setdefault(prefix, []).append((number, which))
    return Lexicon(spelling, entries, {key: tuple(value) for key, value in by_word.items()},
                   {key: tuple(value) for key, value in by_prefix.items()},
                   tuple(map(tuple, by_entry)), facts, pages, outside)


def _numbered(entries: tuple[tuple[str, tuple[Pattern, ...]], ...]) -> Iterator[tuple[int, int, Pattern]]:
    for number, (_, patterns) in enumerate(entries):
        for which, pattern in enumerate(patterns):
            yield number, which, pattern


def _when(data: list[list[str]]) -> When:
    """Return a rule's conditions; parts at the end that are empty are not written."""
    any_of, needs, unless, not_in = (tuple(map(read_condition, part)) for part in (*data, *[[]] * (4 - len(data))))
    first = [one.pattern.wanted[0] if one.pattern and one.pattern.wanted else () for one in any_of]
    return When(any_of, needs, unless, not_in, frozenset(ref for refs in first for ref in refs) if all(first) else frozenset())


def read_condition(text: str) -> Condition:
    """Return a condition; raises PatternError."""
    if text.startswith("="):
        fact, _, value = text[1:].partition(":")
        return Condition(None, fact, value)
    return Condition(read_pattern(text))
