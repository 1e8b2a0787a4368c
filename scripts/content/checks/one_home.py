"""Each fact has one home: no two statements say the same, and who said it in which year stands in the citation, not in the sentence."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from decision_tree.authoring.read.knowledge import Knowledge
from decision_tree.authoring.read.problems import Problem
from scripts.content.page import Page

ALIKE = 0.6
"""From this share of words in common, two statements say the same: the nearest two that do not have 0.53."""
FEWEST = 4  # words; below, a share says nothing
WORD = re.compile(r"[^\W\d_]{4,}")
YEARS = r"20(?:18|19|20|21|22)"
SPOKEN = {  # somebody said in a year …: the sentence of a workshop
    "fr": rf"(?:[Ss]elon|[Dd]’après)\s[^.;:|]{{3,60}}\s(?:en|de)\s{YEARS}\b|\ba\s(?:expliqué|dit|rappelé|indiqué)\sen\s{YEARS}\b"
    rf"|\b[Ee]n\s{YEARS},\s[^.;:|]{{3,60}}\s(?:disait|citait|expliquait|rappelait|indiquait|présentait|reconnaissai\w+)",
    "en": rf"[Aa]ccording\sto\s[^.;:|]{{3,70}}\sin\s{YEARS}\b|[Aa]ccording\sto\sthe\s{YEARS}\b"
    rf"|(?<!was )\b(?:explained|said|recalled)\sin\s{YEARS}\b"
    rf"|\b[Ii]n\s{YEARS},\s[^.;:|]{{3,60}}\s(?:said|named|explained|recalled|presented|admitted)\b",
}
SAID: Mapping[str, re.Pattern[str]] = {locale: re.compile(pattern) for locale, pattern in SPOKEN.items()}
OF_THE_PAST = ("chiffres/", "sources.md", "droit/", "a-verifier.md", "methode.md", "corrections.md")
"""Pages whose subject is a year: figures, the history of the law, our sources, our own work."""


def words(text: str) -> frozenset[str]:
    """Return the long words of a sentence, quantities apart."""
    return frozenset(WORD.findall(re.sub(r"\{[^}]*\}", "", text.lower())))


def twins(facts: Knowledge) -> Iterator[Problem]:
    """Yield each pair of statements whose French says the same."""
    said = [(one, words(one.text.fr)) for one in facts.statements.values()]
    for (first, some), (second, others) in combinations([pair for pair in said if len(pair[1]) >= FEWEST], 2):
        if len(some & others) >= ALIKE * len(some | others):
            what = f"'{second.id}' says the same as '{first.id}' ({first.place.file}:{first.place.line})"
            yield Problem(second.place, what, "Keep one, with the sources of both, and cite it on every page.")


def speakers(pages: Iterable[Page]) -> Iterator[Problem]:
    """Yield each sentence that says who spoke in which year, where the date changes nothing for the reader."""
    for page in pages:
        if page.path.startswith(OF_THE_PAST):
            continue
        for number, line in page.lines():
            if found := SAID[page.locale].search(line):
                yield page.problem(number, f"“{found[0]}” says who spoke and when", "Say the thing; the citation gives who and when.")
