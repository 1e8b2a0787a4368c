"""How well sentences in people's own words are read: our labelled sentences against what `match` answers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from decision_tree.authoring.read.knowledge import Knowledge
from decision_tree.authoring.read.yaml_text import plain_value
from decision_tree.locales import LOCALES
from decision_tree.match.lexicon import Lexicon, lexicon_of
from decision_tree.match.matcher import Match, match
from scripts.content.loaded import knowledge
from scripts.project.paths import ROOT

FOLDER = ROOT / "tests" / "words"
SETS = ("learnt", "apart")
"""Sentences the lexicon was tuned on, and sentences it was not."""


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
    urgent_right: int = 0
    outside: int = 0               # of ours, how many are no matter of the site
    outside_found: int = 0
    misread: list[str] = field(default_factory=list)

    @property
    def rates(self) -> Mapping[str, float]:
        """The targets' figures, from 0 to 1."""
        return {"first": self.first / self.with_page, "in_three": self.in_three / self.with_page,
                "precision": self.right / self.proposed, "recall": self.found / self.due,
                "urgent": self.urgent_right / self.sentences, "outside": self.outside_found / self.outside}


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
    known, total = knowledge(), Score()
    lexicons = {locale: lexicon(locale) for locale in LOCALES}
    for one in sentences(name):
        total.sentences += 1
        _count(total, one, match(lexicons[one["locale"]], one["text"]), known)
    return total


@lru_cache(maxsize=1)
def figures() -> Mapping[str, float]:
    """Return what the method page says: how many sentences were kept apart, and how often of 100 the right page comes."""
    apart = score("apart")
    return {"words_sentences": apart.sentences, **{f"words_{name}": round(100 * apart.rates[name]) for name in ("first", "in_three")}}


def _count(total: Score, one: Mapping[str, Any], found: Match, known: Knowledge) -> None:
    proposed = {(heard.fact, heard.value) for heard in found.facts}
    due = set(labelled(one.get("facts"), known))
    may = due | set(labelled(one.get("maybe"), known))
    urgent = found.urgent == bool(one.get("urgent"))
    total.urgent_right += urgent
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
    if not urgent or proposed - may or (found.outside is not None) != bool(one.get("outside")):
        total.misread.append(one["text"])
