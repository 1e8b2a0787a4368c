"""How well and how quickly sentences are read: our labelled ones, and ten thousand random strings."""

import random
from time import process_time

from decision_tree.locales import LOCALES
from decision_tree.match.matcher import match
from scripts.content.own_words import SETS, Score, lexicon, score, sentences

RANDOM = 10_000
SLOW_MS = 4
LETTERS = "abcdefghijklmnopqrstuvwxyzéèàçùœ'’ -.,;!?«»0123456789\n\t😀ßİ\u0301\u202f<>/*\\\"[]"
TARGETS = {"first": 0.80, "in_three": 0.95, "precision": 0.95, "recall": 0.75, "urgent": 1.0, "outside": 0.80}
NAMES = {"first": "right page first", "in_three": "right page in the first three", "precision": "facts proposed that are right",
         "recall": "facts stated that are proposed", "urgent": "urgent or not, rightly", "outside": "not for us, said so"}


def tables() -> str:
    """Return the scores and the times as Markdown."""
    scores = {name: score(name) for name in SETS}
    lines = [f"| in people's own words | target | {' | '.join(_title(name, one) for name, one in scores.items())} |",
             f"| --- | --- |{' --- |' * len(scores)}"]
    for key, target in TARGETS.items():
        lines.append(f"| {NAMES[key]} | {target:.0%} | {' | '.join(f'{one.rates[key]:.1%}' for one in scores.values())} |")
    typical, longest = times()
    return "\n".join([*lines, "", f"{RANDOM:,} random strings, no exception: {typical:.2f} ms each, the slowest {longest:.1f} ms."])


def _title(name: str, one: Score) -> str:
    return f"{one.sentences} sentences {'tuned on' if name == 'learnt' else 'kept apart'}"


def random_strings(count: int, seed: int = 21) -> list[str]:
    """Return strings of letters, and of words of our sentences in any order."""
    chance = random.Random(seed)
    words = [word for name in SETS for one in sentences(name) for word in one["text"].split()]
    return ["".join(chance.choices(LETTERS, k=chance.randrange(200))) if number % 2
            else " ".join(chance.choices(words, k=chance.randrange(60))) for number in range(count)]


def times() -> tuple[float, float]:
    """Return the mean and the longest time of a random string, in milliseconds; what seems slow is measured again."""
    taken = [_milliseconds(number, text) for number, text in enumerate(random_strings(RANDOM))]
    return sum(taken) / len(taken), max(taken)


def _milliseconds(number: int, text: str, again: bool = True) -> float:
    start = process_time()
    match(lexicon(LOCALES[number % 2]), text)
    taken = (process_time() - start) * 1000
    return min(taken, _milliseconds(number, text, False)) if again and taken > SLOW_MS else taken
