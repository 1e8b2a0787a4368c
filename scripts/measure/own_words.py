"""How well and how quickly sentences are read: our labelled ones or those of a file, and ten thousand random strings; and in a browser.

`python -m scripts.measure words` scores our sets, and writes the table in docs/figures.md; with `--file F.yaml`, a file with the labels of
tests/words/: its figures by theme, and ten sentences of each kind.
"""

import random
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from os import getloadavg
from pathlib import Path
from statistics import median, quantiles
from time import process_time
from typing import Any

from playwright.sync_api import sync_playwright

from decision_tree.authoring.read.yaml_text import plain_value
from decision_tree.locales import LOCALES
from decision_tree.match.matcher import Match, match
from scripts.content.compiled_guide import compiled_parts
from scripts.content.own_words import DANGERS, SETS, Score, lexicon, score, score_of, sentences
from scripts.measure.runtime_speed import launched, write_page
from scripts.project.marked_blocks import write_block
from scripts.project.paths import FIGURES
from scripts.site.serve import serving

RANDOM = 10_000
SLOW_MS = 4
SHOWN = 10
MOST_IN_BROWSER_MS = 15
TIERS = {"lean": "the lean interpreter", "full": "the whole one"}
IN_BROWSER = """async ({files, lexicon, locale, sentences}) => {
  const {startEngine} = await import(new URL("../assets/js/runtime.mjs", document.baseURI).href);
  let tier, engine;
  const begin = async () => {
    engine = startEngine({folder: "../assets/runtime/", files}, locale, (found) => (tier = found));
    await engine.ready;
  };
  const ask = async (text) => {
    const start = performance.now();
    await engine.ask(JSON.stringify({do: "match", locale, on: "2000-01-01", lexicon, text}));
    return performance.now() - start;
  };
  await begin();
  const wanted = tier, first = await ask(sentences[0]), times = [], stopped = [];
  for (const text of sentences) {
    const taken = await ask(text);
    if (tier === wanted) { times.push(taken); continue; }
    stopped.push(text);     // the small interpreter gave way: begin again with it
    engine.stop();
    await begin();
    await ask(sentences[0]);
  }
  engine.stop();
  return {tier: wanted, first, times, stopped};
}"""
LETTERS = "abcdefghijklmnopqrstuvwxyzéèàçùœ'’ -.,;!?«»0123456789\n\t😀ßİ\u0301\u202f<>/*\\\"[]"
TARGETS = {"first": 0.80, "in_three": 0.95, "precision": 0.95, "recall": 0.75, "danger": 1.0, "calm": None, "outside": 0.80}
NAMES = {"first": "right page first", "in_three": "right page in the first three", "precision": "facts proposed that are right",
         "recall": "facts stated that are proposed", "danger": "dangers heard",
         "calm": "no danger, and none said", "outside": "not for us, said so"}
TITLES = {"learnt": "tuned on", "apart": "kept apart", "dangers_learnt": "on danger, tuned on", "dangers_apart": "on danger, last round"}
MARKS = ("<!-- words: written by `python -m scripts.measure words` -->", "<!-- end of words -->")

# What may be said of one sentence, by the score it has alone; the first that holds.
KINDS: Mapping[str, Callable[[Score, Match], bool]] = {
    "a danger that was missed": lambda one, found: one.dangers > one.dangers_heard,
    "a false alarm": lambda one, found: one.false_alarms > 0,
    "a danger": lambda one, found: one.dangers > 0,
    "not for us, and taken for ours": lambda one, found: one.outside > one.outside_found,
    "not for us": lambda one, found: one.outside > 0,
    "ours, and sent elsewhere": lambda one, found: found.outside is not None,
    "a fact that is not so": lambda one, found: one.proposed > one.right,
    "a fact that was not heard": lambda one, found: one.due > one.found,
    "another page first": lambda one, found: one.with_page > one.first,
    "as labelled": lambda one, found: True,
}


def tables(file: Path | None = None) -> str:
    """Return the scores and the times of our sets as Markdown, written in the figures too; or what is said of a file.

    Args:
        file: Labelled sentences, a list or `sentences:`; a `theme` is for these tables alone.
    """
    return of_file(file) if file else of_our_sets()


def of_our_sets() -> str:
    """Return the scores of our sets and the times of random strings, and write them in the figures."""
    scores = {f"{TITLES[name]}, {(one := score(name)).sentences} sentences": one for name in (*SETS, *DANGERS)}
    typical, longest = times()
    how = (f"{RANDOM:,} random strings, no exception: {typical:.2f} ms each, the slowest {longest:.1f} ms "
           f"(`python -m scripts.measure words`, CPython, load {getloadavg()[0]:.1f}; what seems slow is measured once more).")
    text = f"{table('in people’s own words', scores)}\n\n{how}\n\n{in_browser()}"
    write_block(f"{text}\n", FIGURES, MARKS)
    return text


def of_file(file: Path) -> str:
    """Return what is said of a file: its figures by theme, then sentences of each kind."""
    read = plain_value(file.read_text("utf-8"))
    labels: Sequence[Mapping[str, Any]] = read["sentences"] if isinstance(read, Mapping) else read
    themes: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    kinds: dict[str, list[str]] = defaultdict(list)
    for one in labels:
        themes[str(one.get("theme", "no theme"))].append(one)
        found, alone = match(lexicon(one["locale"]), one["text"]), score_of([one])
        kinds[next(kind for kind, holds in KINDS.items() if holds(alone, found))].append(f"- “{one['text']}” → {read_as(found)}")
    rows = {f"all, {len(labels)}": score_of(labels), **{f"{name}, {len(some)}": score_of(some) for name, some in sorted(themes.items())}}
    shown = [f"{kind}, {len(kinds[kind])}:\n\n" + "\n".join(kinds[kind][:: max(1, len(kinds[kind]) // SHOWN)][:SHOWN])
             for kind in KINDS if kinds[kind]]
    return "\n\n".join([by_row(file.name, rows), *shown])


def read_as(found: Match) -> str:
    """Return in one line what a sentence was read as."""
    facts = [f"{one.fact}: {one.value} (“{one.heard}”)" for one in found.facts]
    parts = ["urgent" if found.urgent else "", f"elsewhere: {found.outside[0]}" if found.outside else "",
             ", ".join(facts), ", ".join(found.pages)]
    return "; ".join(filter(None, parts)) or "nothing"


def table(title: str, scores: Mapping[str, Score]) -> str:
    """Return one figure a row, one set a column."""
    lines = [f"| {title} | target | {' | '.join(scores)} |", f"|---|--:|{'--:|' * len(scores)}"]
    for key, target in TARGETS.items():
        wanted = "–" if target is None else f"{target:.0%}"
        lines.append(f"| {NAMES[key]} | {wanted} | {' | '.join(_rate(one, key) for one in scores.values())} |")
    return "\n".join(lines)


def by_row(title: str, scores: Mapping[str, Score]) -> str:
    """Return one set a row, one figure a column."""
    lines = [f"| {title} | {' | '.join(NAMES[key] for key in TARGETS)} |", f"|---|{'--:|' * len(TARGETS)}"]
    return "\n".join([*lines, *(f"| {name} | {' | '.join(_rate(one, key) for key in TARGETS)} |" for name, one in scores.items())])


def _rate(one: Score, key: str) -> str:
    return f"{one.rates[key]:.1%}" if key in one.rates else "–"


def in_browser() -> str:
    """Return as Markdown how long a sentence takes in Chromium, from the page to the worker and back, with each interpreter."""
    lines = [(f"| a sentence in the browser, ms (at most {MOST_IN_BROWSER_MS}) | median | 95 of 100 | the first, which reads the lexicon | "
             "given way to the whole one |"), "|---|--:|--:|--:|--:|"]
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        manifest = write_page(Path(temporary))
        with serving(Path(temporary)) as server, launched(playwright) as (browser, _):
            for locale in LOCALES:
                said = [one["text"] for one in sentences("learnt") if one["locale"] == locale]
                for tier, name in TIERS.items():
                    page = browser.new_page()
                    page.goto(f"{server.url}page/")
                    files = asdict(manifest if tier == "lean" else replace(manifest, lean=None))
                    found = page.evaluate(IN_BROWSER, {"files": files, "lexicon": compiled_parts().lexicons[locale], "locale": locale,
                                                       "sentences": said})
                    page.close()
                    assert found["tier"] == tier, f"{found['tier']} answered for {tier}"
                    lines.append(f"| {locale}, {name} | {median(found['times']):.1f} | {quantiles(found['times'], n=20)[-1]:.1f} "
                                 f"| {found['first']:.0f} | {len(found['stopped'])} of {len(said)} |")
    return "\n".join(lines)


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
