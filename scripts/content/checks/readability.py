"""How plain a page is: length of sentences and reading ease, against what its readers are promised.

French: Kandel and Moles (1958), 207 − 1.015 × words a sentence − 73.6 × syllables a word.
English: Flesch (1948), 206.835 − 1.015 × words a sentence − 84.6 × syllables a word.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from decision_tree.authoring.read.knowledge import Knowledge
from decision_tree.authoring.read.problems import Problem
from scripts.content.page import Page
from scripts.content.prose import Sentence, sentences, syllables, words


@dataclass(frozen=True, slots=True)
class Promise:
    """What the readers of a page are promised: words a sentence on average and at most, reading ease at least."""

    mean: float
    longest: int
    ease: float


PROMISES = {"patients": Promise(14, 25, 65), "professionnels": Promise(18, 32, 50), "tous": Promise(18, 32, 50)}
MOST_LEFT_OUT = 0.15  # names and references among all words
FORMULAS = {"fr": (207.0, 1.015, 73.6), "en": (206.835, 1.015, 84.6)}


@dataclass(frozen=True, slots=True)
class Reading:
    """The measure of one page."""

    sentences: tuple[Sentence, ...]
    words: int
    syllables: int
    left_out: Counter[str]
    locale: str

    @property
    def lengths(self) -> list[int]:
        """The words of each sentence."""
        return [len(words(sentence.counted)) for sentence in self.sentences]

    @property
    def mean(self) -> float:
        return self.words / max(1, len(self.sentences))

    @property
    def ease(self) -> float:
        start, per_sentence, per_word = FORMULAS[self.locale]
        return start - per_sentence * self.mean - per_word * self.syllables / max(1, self.words)

    @property
    def share_left_out(self) -> float:
        """Words of the names and references left out, among all words; what does not break (L. 1110-3) is one word."""
        named = sum(len(name.split(" ")) * times for name, times in self.left_out.items())
        return named / max(1, named + self.words)


def measure(page: Page, facts: Knowledge | None = None) -> Reading:
    """Return the measure of a page."""
    found = tuple(sentence for sentence in sentences(page, facts) if words(sentence.counted))
    counted = [word for sentence in found for word in words(sentence.counted)]
    return Reading(
        found,
        len(counted),
        sum(syllables(word, page.locale) for word in counted),
        Counter(name for sentence in found for name in sentence.left_out),
        page.locale,
    )


def check(page: Page, facts: Knowledge | None = None) -> Iterator[Problem]:
    """Yield what makes a page harder to read than its readers are promised."""
    promise = PROMISES.get(page.meta.get("audience", "tous"), PROMISES["tous"])
    reading = measure(page, facts)
    for sentence in reading.sentences:
        length = len(words(sentence.counted))
        if length > promise.longest:
            yield page.problem(
                sentence.line,
                f"this sentence has {length} words, {promise.longest} at most here: “{sentence.shown[:90]}…”",
                "Cut it in two, or make a list of it.",
            )
    if reading.mean > promise.mean:
        yield page.problem(1, f"sentences have {reading.mean:.1f} words on average, {promise.mean:g} at most here", longest(reading))
    if reading.words and reading.ease < promise.ease:
        yield page.problem(1, f"the reading ease is {reading.ease:.0f}, {promise.ease:g} at least here", hardest(reading))
    if reading.share_left_out > MOST_LEFT_OUT:
        yield page.problem(
            1,
            f"names and references are {reading.share_left_out:.0%} of the words, {MOST_LEFT_OUT:.0%} at most",
            "Use short names (short=True), and give a source once for a group of sentences.",
        )


def longest(reading: Reading) -> str:
    """Return the advice that names the longest sentences."""
    ranked = sorted(reading.sentences, key=lambda sentence: -len(words(sentence.counted)))[:3]
    return "Cut the longest: " + "; ".join(f"line {sentence.line} ({len(words(sentence.counted))} words)" for sentence in ranked) + "."


def hardest(reading: Reading) -> str:
    """Return the advice that names the long words met most often."""
    met = Counter(word.lower() for sentence in reading.sentences for word in words(sentence.counted))
    costly = Counter({word: times * (count - 2) for word, times in met.items() if (count := syllables(word, reading.locale)) > 2})
    return "Shorter words and sentences help; the long words here: " + ", ".join(word for word, _ in costly.most_common(8)) + "."
