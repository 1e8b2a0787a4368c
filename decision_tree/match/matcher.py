"""One sentence → what it is read as. Nothing here is an answer until the person confirms it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from decision_tree.match.lexicon import Condition, FactRules, Lexicon, OutsideRule, When
from decision_tree.match.patterns import Chart, Span

MOST_PAGES = 5
URGENT_PAGE = "patients/urgence/"
VAGUE = frozenset(("asker", "patient_age"))
"""Facts that any sentence may state: alone, they do not make it ours."""
FAINT = 40
"""Points under which a page is a guess."""
SOME_WORDS = 3


@dataclass(frozen=True, slots=True)
class Heard:
    """A fact the sentence states, and the words that state it."""

    fact: str
    value: str | bool
    heard: str


@dataclass(frozen=True, slots=True)
class Match:
    """What a sentence is read as."""

    facts: tuple[Heard, ...]
    pages: tuple[str, ...]
    urgent: bool
    outside: tuple[str, str] | None     # who answers, and the page that says so

    def plain(self) -> dict[str, Any]:
        """Return it as the command prints it."""
        return {"facts": [{"fact": one.fact, "value": one.value, "heard": one.heard} for one in self.facts],
                "pages": list(self.pages), "urgent": self.urgent,
                "outside": None if self.outside is None else {"to": self.outside[0], "page": self.outside[1]}}


class _Reading:
    """One sentence being read."""

    def __init__(self, lexicon: Lexicon, sentence: str) -> None:
        self.lexicon = lexicon
        self.sentence = sentence
        self.chart: Chart = lexicon.chart(sentence)
        self.facts: dict[str, dict[str | bool, Span]] = {}
        self._known: dict[str, list[Span]] = {}

    def spans(self, condition: Condition) -> list[Span]:
        """Return where a condition holds."""
        if condition.pattern is None:
            values = self.facts.get(condition.fact, {})
            return [span for value, span in values.items() if condition.value == "any" or _text(value) in condition.value.split("/")]
        text = condition.pattern.text
        if (known := self._known.get(text)) is None:
            known = self._known[text] = self.chart.find(condition.pattern)
        return known

    def holds(self, when: When) -> Span | None:
        """Return the first words that fulfil a rule, or None."""
        if when.entries and self.chart.spans.keys().isdisjoint(when.entries):
            return None
        found = [span for condition in when.any for span in self.spans(condition)]
        if not found:
            return None
        if when.not_in:
            around = [span for condition in when.not_in for span in self.spans(condition)]
            found = [span for span in found if not any(start <= span[0] and span[1] <= end for start, end in around)]
        if not found or not all(self.spans(condition) for condition in when.needs):
            return None
        return None if any(self.spans(condition) for condition in when.unless) else min(found)

    def find(self, rules: FactRules) -> None:
        """Note the value, or the values, of one fact."""
        found: dict[str | bool, Span] = {}
        for value, when in rules.values:
            if value not in found and (span := self.holds(when)) is not None:
                found[value] = span
                if rules.choose == "listed":
                    break
        if found and rules.choose == "said":
            value = min(found, key=lambda one: found[one])
            found = {value: found[value]}
        if found:
            self.facts.setdefault(rules.fact, {}).update(found)

    def heard(self, span: Span) -> str:
        """Return the words of the sentence."""
        tokens = self.chart.tokens[span[0]:span[1]]
        return self.sentence[tokens[0].start:tokens[-1].end] if tokens else ""


def _text(value: str | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else value


def match(lexicon: Lexicon, sentence: str) -> Match:
    """Return what a sentence is read as."""
    reading = _Reading(lexicon, sentence)
    for rules in lexicon.facts:
        reading.find(rules)
    urgent = True in reading.facts.get("urgency", {})
    points = _points(lexicon, reading, urgent)
    if not urgent and (rule := _elsewhere(lexicon, reading, points)) is not None:
        return Match((), (), False, (rule.to, rule.page))
    facts = tuple(Heard(fact, value, reading.heard(span)) for fact, values in reading.facts.items() for value, span in values.items())
    return Match(facts, _in_order(lexicon, points), urgent, None)


def _elsewhere(lexicon: Lexicon, reading: _Reading, points: Mapping[str, float]) -> OutsideRule | None:
    """Return the door elsewhere: of a rule that says so, or of the rule without words where nothing of ours was found."""
    for rule in lexicon.outside:
        if reading.holds(rule.when) is not None:
            return rule
    if reading.facts.keys() - VAGUE or max(points.values(), default=0) >= FAINT or len(reading.chart.tokens) < SOME_WORDS:
        return None
    return next((rule for rule in lexicon.outside if not rule.when.any), None)


def _in_order(lexicon: Lexicon, points: Mapping[str, float]) -> tuple[str, ...]:
    """Return the pages, best first; those that gather more than was asked stand second."""
    best_first = sorted(points, key=lambda page: -points[page])
    wide = {rule.page for rule in lexicon.pages if rule.beside}
    beside = [page for page in best_first if page in wide]
    others = [page for page in best_first if page not in wide]
    return (*others[:1], *beside, *others[1:])[:MOST_PAGES]


def _points(lexicon: Lexicon, reading: _Reading, urgent: bool) -> dict[str, float]:
    """Return the pages that answer, and how surely."""
    points: dict[str, float] = {}
    for number, rule in enumerate(lexicon.pages):
        if rule.points > points.get(rule.page, 0) and reading.holds(rule.when) is not None:
            points[rule.page] = rule.points - number / 10_000   # the first listed wins where two are as sure
    if urgent:
        points[URGENT_PAGE] = 1_000
    return points


