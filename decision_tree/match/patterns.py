"""Patterns of words, as the lexicon writes them, and where they stand in a sentence.

A pattern is a few items with spaces between:
    kine            the word, in the singular or the plural, a slip of one letter allowed in long words
    refus*          any word that begins so
    a/b/<c>         one of these
    <dentist>       whatever the entry `dentist` finds
    num:0-17        a number, both ends included
    _               any word
    ...             up to five words of the same sentence, or none
    le~             may be there
    !mars           what follows is not this
    ^               the sentence, or a part of it between full stops, begins here (an article or a greeting may stand before)
Small words (articles and the like) are stepped over where the pattern does not name them.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from decision_tree.match.spelling import Token, fold, stem

GAP = 5
OPENERS = frozenset(("le", "la", "l", "les", "un", "une", "the", "a", "an", "bonjour", "bonsoir", "hello", "hi", "alors", "moi", "suis"))
_NAME = re.compile(r"<([a-z0-9_]+)>")
_WORDS = re.compile(r"[^\W_]+")


class PatternError(ValueError):
    """A pattern that cannot be read; its text says why."""


@dataclass(frozen=True, slots=True)
class Item:
    """One step of a pattern."""

    kind: str                              # word, any, gap, begin
    words: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()
    numbers: tuple[tuple[int, int], ...] = ()
    optional: bool = False
    unless: bool = False

    def fits(self, token: Token) -> bool:
        """Return whether one word fits."""
        return (self.kind == "any" or token.word in self.words or token.plain in self.words
                or (bool(self.prefixes) and token.plain.startswith(self.prefixes))
                or (bool(self.numbers) and token.plain.isdecimal() and len(token.plain) < 7
                and any(least <= int(token.plain) <= most for least, most in self.numbers)))


@dataclass(frozen=True, slots=True)
class Pattern:
    """A few items in a row."""

    text: str
    items: tuple[Item, ...]
    wanted: tuple[tuple[str, ...], ...]     # of each, one entry must stand in the sentence

    @property
    def only(self) -> str:
        """The entry it is, where it is nothing else."""
        return self.wanted[0][0] if len(self.items) == len(self.wanted) == 1 and len(self.wanted[0]) == 1 else ""

    @property
    def refs(self) -> frozenset[str]:
        """The entries it names."""
        return frozenset(ref for item in self.items for ref in item.refs)


def read_pattern(text: str) -> Pattern:
    """Return a pattern.

    Raises:
        PatternError: It cannot be read.
    """
    items = tuple(_item(part) for part in text.split())
    if not items:
        raise PatternError("nothing is written here")
    first = items[1] if items[0].kind == "begin" and len(items) > 1 else items[0]
    if first.kind != "word" or first.optional or first.unless:
        raise PatternError(f"'{text}' begins with something that any word may be")
    return Pattern(text, items, tuple(item.refs for item in items if item.refs and not (
        item.words or item.prefixes or item.numbers or item.optional or item.unless)))


def _item(part: str) -> Item:
    if part == "...":
        return Item("gap")
    if part in ("_", "_~"):
        return Item("any", optional=part == "_~")
    if part == "^":
        return Item("begin")
    unless, optional = part.startswith("!"), part.endswith("~")
    words, prefixes, refs, numbers = [], [], [], []
    for piece in part.lstrip("!").rstrip("~").split("/"):
        if name := _NAME.fullmatch(piece):
            refs.append(name[1])
        elif between := re.fullmatch(r"num:(\d+)-(\d+)", piece):
            numbers.append((int(between[1]), int(between[2])))
        elif piece.endswith("*") and _WORDS.fullmatch(piece[:-1]) and len(piece) > 2:
            prefixes.append(fold(piece[:-1]))
        elif _WORDS.fullmatch(piece):
            words += [stem(fold(piece))]
        else:
            raise PatternError(f"'{piece}' is no word and no sign of a pattern")
    return Item("word", frozenset(words), tuple(prefixes), tuple(refs), tuple(numbers), optional, unless)


Span = tuple[int, int]


class Chart:
    """Where each entry of the lexicon stands in one sentence."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.spans: dict[str, dict[int, set[int]]] = {}

    def add(self, name: str, spans: Iterable[Span]) -> None:
        """Note where an entry stands."""
        for start, end in spans:
            self.spans.setdefault(name, {}).setdefault(start, set()).add(end)

    def find(self, pattern: Pattern, starts: Iterable[int] | None = None) -> list[Span]:
        """Return where a pattern stands, the shortest reading of each beginning."""
        spans = self.spans
        for refs in pattern.wanted:
            if spans.keys().isdisjoint(refs):
                return []
        if name := pattern.only:
            return [(start, min(ends)) for start, ends in spans[name].items()]
        found = []
        for start in self._starts(pattern) if starts is None else starts:
            if ends := self._ends(pattern.items, start):
                found.append((start, min(ends)))
        return found

    def _starts(self, pattern: Pattern) -> list[int]:
        first = pattern.items[1] if pattern.items[0].kind == "begin" else pattern.items[0]
        known = {start for ref in first.refs for start in self.spans.get(ref, ())}
        if first.words or first.prefixes or first.numbers:
            known |= {number for number, token in enumerate(self.tokens) if first.fits(token)}
        return sorted(known)

    def _ends(self, items: Sequence[Item], start: int) -> Collection[int]:
        here = {start}
        clause = self.tokens[start].clause
        for number, item in enumerate(items):
            step: set[int] = set()
            for position in here:
                if item.kind == "begin":
                    step |= {position} if self._opens(position) else set()
                elif item.kind == "gap":
                    step |= self._gap(position, clause)
                elif item.unless:
                    step |= set() if self._after(item, position, clause, number > 0) else {position}
                else:
                    step |= self._after(item, position, clause, number > 0)
                    step |= {position} if item.optional else set()
            if not step:
                return ()
            here = step
        return here

    def _opens(self, position: int) -> bool:
        while position and not self.tokens[position].first and self.tokens[position - 1].plain in OPENERS:
            position -= 1
        return self.tokens[position].first

    def _gap(self, position: int, clause: int) -> set[int]:
        found, passed = {position}, 0
        while position < len(self.tokens) and self.tokens[position].clause == clause and passed < GAP:
            passed += not self.tokens[position].small
            position += 1
            found.add(position)
        return found

    def _after(self, item: Item, position: int, clause: int, step_over: bool) -> set[int]:
        found: set[int] = set()
        tokens = self.tokens
        while position < len(tokens) and tokens[position].clause == clause:
            if item.fits(tokens[position]):
                found.add(position + 1)
            for ref in item.refs:
                found |= self.spans.get(ref, {}).get(position, set())
            if not step_over or not tokens[position].small:
                break
            position += 1
        return found
