"""The words that people's sentences are read with: from YAML to the lexicon of each language, every mistake with its line."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from decision_tree.answers import value_text
from decision_tree.authoring.read.problems import Place, Problem, did_you_mean
from decision_tree.locales import LOCALES
from decision_tree.match.lexicon import FORMAT, LINE, lexicon_of, short
from decision_tree.match.patterns import GAP, PatternError, read_pattern
from decision_tree.match.spelling import VOWELS, Spelling, fold, stem
from decision_tree.model import Fact

NAMED = re.compile(r"<(\w+)>")
SINGULAR = re.compile(r"(?<![\w<:-])[^\W\d_]+(?![\w*>:-])")
SINGLE = re.compile(r"[^\W_]+\*?")
PART = re.compile(r"(?:[^\W_]+\*?|<\w+>|num:\d+-\d+)(?:/(?:[^\W_]+\*?|<\w+>|num:\d+-\d+))*")
PARTS = ("when", "needs", "unless", "not_in")
Patterns = tuple[tuple[str, Place], ...]


@dataclass(slots=True)
class MatchWords:
    """What the files say, before it is made the lexicon of a language."""

    entries: dict[str, dict[str, Any]]           # id → record with fr and en
    facts: list[dict[str, Any]]
    pages: list[dict[str, Any]]
    outside: list[dict[str, Any]]
    spelling: dict[str, dict[str, Any]]
    order: tuple[str, ...] = ()                  # entries, each after those it names
    problems: list[Problem] = field(default_factory=list)

    def problem(self, place: Place, what: str, hint: str) -> None:
        """Note a mistake."""
        self.problems.append(Problem(place, what, hint))

    @classmethod
    def read(cls, records: Mapping[str, list[dict[str, Any]]], entries: dict[str, dict[str, Any]],
             facts: Mapping[str, Fact]) -> "MatchWords":
        """Return what the files of `match/` say, checked against the facts."""
        return _checked(cls(entries, records["facts"], records["pages"], records["outside"],
                            {one["id"]: one for one in records["spelling"]}), facts)

    def page_places(self) -> list[tuple[str, Place]]:
        """Return every page that is named, and where."""
        return [(one["page"], one[""]) for one in (*self.pages, *self.outside)]

    def lexicon(self, locale: str) -> dict[str, Any]:
        """Return the lexicon of one language in its plain form: the rules, the entries they reach, and the spelling."""
        spelling = {name: [text for text, _ in record.get(locale) or ()] for name, record in self.spelling.items()}
        rules = {
            "facts": [[one["fact"], one["choose"], [[value["value"], _when(value)] for value in one["values"]]] for one in self.facts],
            "pages": [[one["page"], one["points"], int(bool(one.get("beside"))), _when(one)] for one in self.pages],
            "outside": [[one["to"][locale], one["page"], _when(one)] for one in self.outside],
        }
        written = {name: [plainest(text) for text, _ in self.entries[name].get(locale) or ()] for name in self.order}
        patterns = {name: joined(telling(texts)) for name, texts in _inlined(written, json.dumps(rules)).items()}
        reached = _reached(set(NAMED.findall(json.dumps(rules))), patterns)
        entries = [[name, patterns[name]] for name in self.order if name in reached and patterns[name]]
        plain = {"format": FORMAT, "entries": entries, **rules, "small": spelling["small"], "slips": spelling["slips"]}
        return {**plain, "known": _taken_for_another(spelling["known"], lexicon_of({**plain, "known": ()}).spelling)}


def _taken_for_another(words: Sequence[str], spelling: Spelling) -> list[str]:
    """Return the words that would be read as a slip of another, or that an elision may precede: the others need not travel."""
    def changes(plain: str) -> bool:
        return plain[0] in VOWELS or any(spelling.forms(one) != ((stem(one), one),) for one in (plain, f"{plain}s"))

    return [word for word in words if changes(fold(word)) and not spelling.knows(fold(word))]


def telling(patterns: Sequence[str]) -> list[str]:
    """Return the patterns without those in which another of them stands: they are found all the same."""
    split = [tuple(text.split()) for text in dict.fromkeys(patterns)]
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for parts in split:
        if all(part == "..." or PART.fullmatch(part) for part in parts):
            for choice in parts[0].split("/"):
                by_first.setdefault(choice, []).append(parts)
    told: set[tuple[str, ...]] = set()
    for whole in split:
        if any(part != whole and part not in told and _stands_in(part, whole) for part in _likely(whole, by_first)):
            told.add(whole)
    return [" ".join(parts) for parts in split if parts not in told]


def _likely(whole: Sequence[str], by_first: Mapping[str, Sequence[tuple[str, ...]]]) -> Iterator[tuple[str, ...]]:
    """Yield the patterns whose first part finds a word of another: those that begin with it, or with some of its letters."""
    for choice in {choice for part in whole for choice in part.split("/")}:
        for first in (choice, *(f"{choice[:length]}*" for length in range(1, len(choice) + 1))):
            yield from by_first.get(first, ())


def _stands_in(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Return whether a run of the words of a pattern is found by another one."""
    return any(_begins_with(part, whole[start:]) for start in range(len(whole)))


def _begins_with(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Return whether a pattern finds the beginning of another one; its gap takes that of the other, a few of its words, or none."""
    if not part:
        return True
    if part[0] == "...":
        if whole and whole[0] == "..." and _begins_with(part[1:], whole[1:]):
            return True
        words = next((number for number, one in enumerate(whole) if "<" in one or not PART.fullmatch(one)), len(whole))
        return any(_begins_with(part[1:], whole[skip:]) for skip in range(min(GAP, words) + 1))
    return bool(whole) and _finds(part[0], whole[0]) and _begins_with(part[1:], whole[1:])


def _finds(one: str, other: str) -> bool:
    """Return whether a part of a pattern finds all that another one does."""
    if one == other:
        return True
    if not PART.fullmatch(one) or not PART.fullmatch(other):
        return False
    choices = one.split("/")
    beginnings = tuple(choice[:-1] for choice in choices if choice.endswith("*"))
    return all(choice in choices or (SINGLE.fullmatch(choice) and choice.startswith(beginnings)) for choice in other.split("/"))


def plainest(pattern: str) -> str:
    """Return a pattern that finds the same, its words in the singular and without accents, as they are compared."""
    return SINGULAR.sub(lambda word: one if stem(one := stem(fold(word[0]))) == one else word[0], pattern)


def _inlined(written: Mapping[str, Sequence[str]], rules: str) -> dict[str, list[str]]:
    """Return the patterns by entry; an entry that one other alone names, as a pattern of its own, stands inside that one."""
    named = NAMED.findall(rules) + [name for texts in written.values() for text in texts for name in NAMED.findall(text)]
    alone = {name for name in written if named.count(name) == 1}
    return {name: [one for text in texts for one in (written[text[1:-1]] if text[1:-1] in alone and text == f"<{text[1:-1]}>" else [text])]
            for name, texts in written.items()}


def joined(patterns: Sequence[str]) -> list[str]:
    """Return the patterns with those that differ in one part alone written as one, with all choices of that part."""
    left = [tuple(text.split()) for text in patterns]
    while alike := _most_alike(left):
        place, group = alike
        choices = "/".join(sorted({choice for parts in group for choice in parts[place].split("/")}))
        left = [parts for parts in left if parts not in group] + [(*group[0][:place], choices, *group[0][place + 1:])]
    return sorted(" ".join(parts) for parts in left)


def _most_alike(patterns: Sequence[tuple[str, ...]]) -> tuple[int, list[tuple[str, ...]]] | None:
    """Return where some patterns differ, and these patterns: those that spare most letters written as one."""
    groups: dict[tuple[int, tuple[str, ...], tuple[str, ...], bool], list[tuple[str, ...]]] = {}
    for parts in patterns:
        for place, part in enumerate(parts):
            if len(parts) > 1 and PART.fullmatch(part):
                key = place, parts[:place], parts[place + 1:], place == 0 and "<" in part   # words at the beginning are looked up at once
                groups.setdefault(key, []).append(parts)
    several = [(sum(len(" ".join(parts)) - len(parts[key[0]]) for parts in group[1:]), key, group)
               for key, group in groups.items() if len(group) > 1]
    if not several:
        return None
    _, key, group = max(several, key=lambda one: one[:2])
    return key[0], group


def _reached(names: set[str], patterns: Mapping[str, Sequence[str]]) -> set[str]:
    waiting = list(names)
    while waiting:
        more = set(NAMED.findall(" ".join(patterns.get(waiting.pop(), ())))) - names
        names |= more
        waiting += more
    return names


def dump_lexicon(words: MatchWords, locale: str) -> str:
    """Return the lexicon of one language as the compact JSON that travels: lines of text, in which entries and pages are numbers."""
    plain = words.lexicon(locale)
    numbers = {name: str(number) for number, (name, _) in enumerate(plain["entries"])}
    pages = sorted({page for page, *_ in plain["pages"]} | {page for _, page, _ in plain["outside"]})

    def numbered(text: str) -> str:
        return NAMED.sub(lambda found: f"<{numbers.get(found[1], 'none')}>", text)

    def line(*parts: object, when: Sequence[Sequence[str]]) -> str:
        conditions = (",".join(numbered(text).replace("<", "").replace(">", "") for text in part) for part in when)
        return "|".join([*map(str, parts), *conditions])

    facts = [part for fact, choose, values in plain["facts"]
             for part in (f"{fact}|{choose}", *(f" {line(value_text(value), when=when)}" for value, when in values))]
    return json.dumps({"format": FORMAT, **{key: LINE.join(lines) for key, lines in {
        "paths": [page.removesuffix("/") for page in pages], "facts": facts,
        "entries": [short("|".join(map(numbered, patterns))) for _, patterns in plain["entries"]],
        "pages": [line(pages.index(page), points, beside, when=when) for page, points, beside, when in plain["pages"]],
        "outside": [line(to, pages.index(page), when=when) for to, page, when in plain["outside"]],
        "small": plain["small"], "slips": _by_word(plain["slips"]), "known": plain["known"],
    }.items()}}, ensure_ascii=False, separators=(",", ":"))


def _by_word(slips: Sequence[str]) -> list[str]:
    """Return the slips of one word in one line: "kan = quand", "qd = quand" → "kan qd=quand"."""
    found: dict[str, list[str]] = {}
    for slip in slips:
        written, words = slip.split(" = ")
        found.setdefault(words, []).append(written)
    return [f"{' '.join(written)}={words}" for words, written in found.items()]


def _when(record: Mapping[str, Any]) -> list[list[str]]:
    parts = [[condition_text(text) for text, _ in record.get(part) or ()] for part in PARTS]
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return parts


def _names(text: str) -> list[str]:
    return [part for part in text.split() if part != "..."]


def condition_text(text: str) -> str:
    """Return a condition of a rule as a pattern: "refuse ... kine" → "<refuse> ... <kine>"."""
    return text if text.startswith("=") else " ".join(part if part == "..." else f"<{part}>" for part in text.split())


def _checked(words: MatchWords, facts: Mapping[str, Fact]) -> MatchWords:
    """Note what names an entry, a fact or a value that no file describes, and put the entries in order."""
    refs = {name: _entry_refs(words, name, record) for name, record in words.entries.items()}
    words.order = _ordered(words, refs)
    for rule in words.facts:
        fact = facts.get(rule["fact"])
        if fact is None:
            words.problem(rule[""], f"the words are said to state the fact '{rule['fact']}', which no file describes",
                          did_you_mean(rule["fact"], facts, "describe it in knowledge/facts.yaml."))
        for value in rule["values"]:
            if fact is not None:
                _check_value(words, fact, value["value"], value[""])
            _check_conditions(words, value, facts)
    for rule in (*words.pages, *words.outside):
        _check_conditions(words, rule, facts)
    _check_lists(words)
    return words


def _check_lists(words: MatchWords) -> None:
    for rule in words.outside:
        if any(mark in rule["to"][locale] for locale in LOCALES for mark in (LINE, "|")):
            words.problem(rule[""], "this text holds a sign that ends a line of the lexicon", "Write it without “;” and “|”.")
    for kind in ("small", "known", "slips"):
        if kind not in words.spelling:
            place = next((one[""] for one in words.spelling.values()), Place("knowledge/match/spelling.yaml", 1))
            words.problem(place, f"the list '{kind}' is missing", "Restore it.")
    for locale in LOCALES:
        for text, place in words.spelling.get("slips", {}).get(locale) or ():
            if len(text.split(" = ")) != 2:
                words.problem(place, f"'{text}' does not say what the slip stands for", "Write “jsuis = je suis”.")


def _check_value(words: MatchWords, fact: Fact, value: Any, place: Place) -> None:
    known: tuple[Any, ...] = (True, False) if fact.type == "bool" else fact.values
    if value not in known:
        words.problem(place, f"the fact '{fact.id}' cannot be '{value}'",
                      did_you_mean(str(value), map(str, known), "add the value to knowledge/facts.yaml."))


def _entry_refs(words: MatchWords, name: str, record: Mapping[str, Any]) -> list[tuple[str, Place]]:
    found: list[tuple[str, Place]] = []
    for locale in LOCALES:
        for text, place in record.get(locale) or ():
            try:
                found += [(ref, place) for ref in _named_by(text)]
            except PatternError as error:
                words.problem(place, f"the entry '{name}' cannot be read: {error}", "See the signs in decision_tree/match/patterns.py.")
    return found


@cache
def _named_by(pattern: str) -> tuple[str, ...]:
    """Return the entries that a pattern names; raises PatternError."""
    return tuple(sorted(read_pattern(pattern).refs))


def _ordered(words: MatchWords, refs: Mapping[str, list[tuple[str, Place]]]) -> tuple[str, ...]:
    """Return the entries, each after those it names."""
    done: dict[str, None] = {}
    under_way: list[str] = []

    def visit(name: str) -> None:
        under_way.append(name)
        for other, place in refs[name]:
            if other not in refs:
                words.problem(place, f"the entry '{name}' names '{other}', which no file describes",
                              did_you_mean(other, refs, "describe it in knowledge/match/words/."))
            elif other in under_way:
                words.problem(place, f"the entry '{name}' names '{other}', which comes back to it", "Let one of them name words only.")
            elif other not in done:
                visit(other)
        under_way.pop()
        done[name] = None

    for name in refs:
        if name not in done:
            visit(name)
    return tuple(done)


def _check_conditions(words: MatchWords, rule: Mapping[str, Any], facts: Mapping[str, Fact]) -> None:
    for part in PARTS:
        for text, place in rule.get(part) or ():
            if text.startswith("="):
                _check_fact_condition(words, text, place, facts)
                continue
            for name in _names(text):
                if name not in words.entries:
                    words.problem(place, f"the rule names the entry '{name}', which no file describes",
                                  did_you_mean(name, words.entries, "describe it in knowledge/match/words/."))


def _check_fact_condition(words: MatchWords, text: str, place: Place, facts: Mapping[str, Fact]) -> None:
    name, _, values = text[1:].partition(":")
    fact = facts.get(name)
    if fact is None:
        words.problem(place, f"the rule names the fact '{name}', which no file describes",
                      did_you_mean(name, facts, "describe it in knowledge/facts.yaml."))
        return
    for value in () if values == "any" else values.split("/"):
        _check_value(words, fact, {"true": True, "false": False}.get(value, value), place)
