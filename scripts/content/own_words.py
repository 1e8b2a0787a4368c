"""How well sentences in people's own words are read: our labelled sentences against what `match` answers."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from decision_tree.authoring.read.knowledge import Knowledge
from decision_tree.authoring.read.yaml_text import plain_value
from decision_tree.match.lexicon import Lexicon, lexicon_of
from decision_tree.match.matcher import Match, match
from scripts.content.compiled_guide import sources
from scripts.content.loaded import knowledge
from scripts.project.cache import cached, key_of
from scripts.project.paths import ROOT

FOLDER = ROOT / "tests" / "words"
SETS = ("learnt", "apart")
"""Sentences the lexicon was tuned on, and sentences it was not."""
DANGERS = ("dangers_learnt", "dangers_apart")
"""The same for sentences labelled for danger alone."""


@dataclass(slots=True)
class Score:
    """What was counted over some sentences."""

    sentences: int = 0
    with_page: int = 0             # those that have an acceptable page
    first: int = 0
    in_three: int = 0
    proposed: int = 0              # facts
    right: int = 0
    due: int = 0
    found: int = 0
    dangers: int = 0
    dangers_heard: int = 0
    false_alarms: int = 0
    outside: int = 0               # of ours, how many are no matter of the site
    outside_found: int = 0
    misread: list[str] = field(default_factory=list)

    @property
    def rates(self) -> Mapping[str, float]:
        """The targets' figures, from 0 to 1; those that no sentence is labelled for are left out."""
        calm = self.sentences - self.dangers
        counts = {"first": (self.first, self.with_page), "in_three": (self.in_three, self.with_page),
                  "precision": (self.right, self.proposed), "recall": (self.found, self.due),
                  "danger": (self.dangers_heard, self.dangers), "calm": (calm - self.false_alarms, calm),
                  "outside": (self.outside_found, self.outside)}
        return {name: part / whole for name, (part, whole) in counts.items() if whole}


def sentences(name: str) -> Sequence[Mapping[str, Any]]:
    """Return our labelled sentences of one set."""
    found: list[Mapping[str, Any]] = plain_value((FOLDER / f"{name}.yaml").read_text("utf-8"))
    return found


@lru_cache(maxsize=4)
def lexicon(locale: str, known: Knowledge | None = None) -> Lexicon:
    """Return the lexicon of a language."""
    return lexicon_of((known or knowledge()).match.lexicon(locale))


def labelled(facts: Mapping[str, Any] | None, known: Knowledge) -> Iterator[tuple[str, Any]]:
    """Yield (fact, value) of a label; values the knowledge does not have yet are left out."""
    for name, values in (facts or {}).items():
        fact = known.model.facts.get(name)
        for value in values if isinstance(values, list) else [values]:
            if fact is not None and (fact.type == "bool" or value in fact.values):
                yield name, value


def score(name: str) -> Score:
    """Return how well one set is read."""
    return score_of(sentences(name))


def score_of(labels: Iterable[Mapping[str, Any]]) -> Score:
    """Return how well some labelled sentences are read; one without `facts` is labelled for danger alone."""
    known, total = knowledge(), Score()
    for one in labels:
        total.sentences += 1
        found = match(lexicon(one["locale"]), one["text"])
        right = _count_danger(total, bool(one.get("urgent")), found.urgent)
        if "facts" in one:
            right &= _count(total, one, found, known)
        if not right:
            total.misread.append(one["text"])
    return total


@lru_cache(maxsize=1)
def figures() -> Mapping[str, float]:
    """Return what the method page says: how many sentences were kept apart, and how often of 100 the right page comes."""
    def write(folder: Path) -> None:
        apart = score("apart")
        said = {"words_sentences": apart.sentences, **{f"words_{name}": round(100 * apart.rates[name]) for name in ("first", "in_three")}}
        (folder / "figures.json").write_text(json.dumps(said), "utf-8")

    folder = cached("words-figures", key_of(*sorted(sources()), FOLDER / "apart.yaml", Path(__file__)), write)
    found: dict[str, float] = json.loads((folder / "figures.json").read_text("utf-8"))
    return found


def _count_danger(total: Score, danger: bool, said: bool) -> bool:
    total.dangers += danger
    total.dangers_heard += danger and said
    total.false_alarms += said and not danger
    return danger == said


def _count(total: Score, one: Mapping[str, Any], found: Match, known: Knowledge) -> bool:
    """Count the facts and the pages, and say whether nothing was proposed that is not so."""
    proposed = {(heard.fact, heard.value) for heard in found.facts}
    due = set(labelled(one.get("facts"), known))
    may = due | set(labelled(one.get("maybe"), known))
    total.proposed += len(proposed)
    total.right += len(proposed & may)
    total.due += len(due)
    total.found += len(due & proposed)
    pages = one.get("pages") or ()
    if one.get("outside"):
        total.outside += 1
        total.outside_found += found.outside is not None
    elif pages:
        total.with_page += 1
        total.first += bool(found.pages) and found.pages[0] in pages
        total.in_three += any(page in pages for page in found.pages[:3])
    return not proposed - may and (found.outside is not None) == bool(one.get("outside"))
