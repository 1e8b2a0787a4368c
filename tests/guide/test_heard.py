"""A whole walk in Orca, by keyboard: each question, result, letter, date, error and Back is heard once, in order.

What Orca says is kept in tests/guide/heard/, one file a language. It is compared with a tolerance: of the words of each step, nine out of
ten are the same. So a sentence that is written better passes; a heading that falls silent, or speaks twice, does not. Within a step, what
is announced comes before or after what has the focus, and Orca names the page and its main part or not: that is its haste, not ours.
Orca's own words ("en-tête niveau 2") hang on its version: those kept are of 43.1, Debian 12's. What may never change is asserted apart,
with the words of the page itself. After a change that is meant: HEARD=write make prove, then read the difference.
"""

import difflib
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from scripts.project.paths import ROOT
from scripts.site.serve import SiteServer
from tests.support.guide_pages import DENTIST
from tests.support.orca import Reader, orca

HEARD = ROOT / "tests" / "guide" / "heard"
ALIKE = 0.9
# where one is, or the list one leaves, which Orca says or not
AROUND = re.compile(r"contenu principal|main content|document web|désélectionné|unselected|^\s*(?:sortie de la liste|leaving list)\.?\s*$")
SETTLED_S = 0.5     # after the focus is given, Orca begins to speak
SLOW_S = 6           # and on a busy machine, seconds later
LINES = 24      # read with the Down key from the heading of a result: all of the plan
OPTIONS = "[data-live] [data-state] :is(a[data-answer], summary)"
SHOWN = "[...document.querySelectorAll(arguments[0])].find((one) => one.getClientRects().length)?.innerText ?? ''"


@dataclass
class Walk:
    """What was done and heard, step by step."""

    reader: Reader
    steps: list[tuple[str, list[str]]] = field(default_factory=list)

    def step(self, done: str, heard: list[str]) -> list[str]:
        """Note a step and return what was heard."""
        self.steps.append((done, [re.sub(r"\s+", " ", one).strip() for one in heard if one.strip()]))
        return self.steps[-1][1]

    def press(self, key: str, until: str = "", quiet: float = 0.7) -> list[str]:
        """Press a key and note what is said, once `until` is true in the page: a busy machine takes its time."""
        self.reader.press(key)
        if until:
            self.reader.browser.wait(until, 30)
            time.sleep(SETTLED_S)
        heard = self.reader.heard(2 if until else quiet)
        if all(AROUND.search(line) for line in heard):       # where one is comes first, and on a busy machine what is there seconds later
            heard = [*heard, *self.reader.heard(SLOW_S)]
        return self.step(f"[{key}]", heard)

    def to(self, css: str) -> list[str]:
        """Go by Tab to an element and note what is said there."""
        return self.step("[Tab …]", self.reader.reach(css))

    def written(self) -> str:
        """Return the walk as the text that is kept: what is pressed, then, indented, what is heard."""
        return "".join(f"{done}\n" + "".join(f"    {line}\n" for line in heard) for done, heard in self.steps)


@pytest.fixture(params=["fr", "en"])
def walk(request: pytest.FixtureRequest) -> Iterator[tuple[Walk, str]]:
    with orca(request.param) as reader:
        yield Walk(reader), request.param


def text(walk: Walk, css: str) -> str:
    """Return the words of an element in sight, as they are heard."""
    return re.sub(r"\s+", " ", walk.reader.browser.run(SHOWN, css)).strip()


def focused(css: str) -> str:
    """Return the question whether an element of this selector has the focus."""
    return f"document.activeElement?.matches(`{css}`)"


def once(heard: list[str], words: str) -> None:
    """Assert that words are heard, and only once."""
    whole = " | ".join(heard)
    assert words and whole.count(words) == 1, f"{words!r} is heard {whole.count(words)} times in {whole!r}"


def answer(walk: Walk, given: str) -> None:
    """Hear the answers one by one with Tab as far as this one, opening the group it stands in; take it, and hear the next question."""
    browser = walk.reader.browser
    group = f'[data-live] .guide-group:not([open]):has(a[data-answer="{given}"]) > summary'
    if browser.run("document.querySelector(arguments[0]) !== null", group):
        walk.to(group)
        walk.press("Return")
    once(walk.to(f'[data-live] a[data-answer="{given}"]'), text(walk, f'[data-live] a[data-answer="{given}"]'))
    browser.run("new Promise((done) => setTimeout(done, 650))")
    heard = walk.press("Return", f"{focused('[data-live] h2')} && !document.querySelector(`[data-live] a[data-answer='{given}']`)")
    once(heard, text(walk, "[data-live] h2"))


def take_answers(walk: Walk, address: str) -> None:
    """From the address to the result."""
    reader = walk.reader
    reader.browser.open(address)
    reader.browser.wait("document.querySelector('[data-guide]').dataset.engine === 'python'", 60)
    walk.step("[open]", reader.heard(2))
    walk.press("Tab", focused(".skip a"))
    once(walk.press("Return", focused("[data-live] h2")), text(walk, "[data-live] h2"))
    for given in DENTIST:
        answer(walk, given)


def read_on(walk: Walk) -> None:
    """Read the plan from its heading, line by line."""
    heard: list[str] = []
    for _ in range(LINES):
        heard += walk.press("Down", quiet=0.5)
    whole = " ".join(heard)
    for css in ("[data-live] .plan-first h4", "[data-live] .plan-when", "[data-live] .plan-act .button"):
        assert text(walk, css) in whole, css
    places = [whole.find(text(walk, f'[data-body="{body}"] [translate="no"]')) for body in
              ("commission-mixte-conciliation", "mediateur-cpam", "defenseur-des-droits")]
    assert -1 not in places and places == sorted(places), "the bodies are heard in the order of the plan"


def dates(walk: Walk) -> None:
    """Give a day, and hear how many dates it makes, and the first of them."""
    walk.to("[data-live] details:has([data-dates]) > summary")
    walk.press("Return")
    once(walk.to("#d-facts_date"), text(walk, "label[for=d-facts_date]"))
    walk.reader.type("01022026")   # this Firefox writes days as Americans do
    walk.reader.heard()
    walk.to("[data-dates] button[type=submit]")
    once(walk.press("Return", focused("#dates")), text(walk, "#dates"))
    after = [line for _ in range(6) for line in walk.press("Down", quiet=0.5)]
    assert text(walk, "[data-live] .guide-limits time") in " ".join(after)


def wrong_place(walk: Walk) -> None:
    """Give a postal code that does not exist, and hear why, beside its field."""
    reader = walk.reader
    walk.step("[Shift+Tab …]", reader.reach("[data-live] details:has([data-local]) > summary", "shift+Tab"))
    walk.press("Return")
    walk.to("#p-place")
    reader.type("99999")
    reader.heard()
    once(walk.press("Return", focused("#p-place[aria-invalid]")), text(walk, "#p-place-error"))


def letter(walk: Walk) -> None:
    """Open a letter, hear what it lacks, fill it in, hear that it is ready, copy it, and come back to where it was opened."""
    reader, browser = walk.reader, walk.reader.browser
    walk.step("[Shift+Tab …]", reader.reach('[data-live] [data-letter="president-ordre"]', "shift+Tab"))
    once(walk.press("Return", focused("#letter-name")), text(walk, "[data-live] h2"))
    walk.to("[data-letter-form] button[type=submit]")
    heard = walk.press("Return", focused(".guide-errors"))
    lacking = browser.run("[...document.querySelectorAll('.guide-errors li')].map((one) => one.innerText.replace(/\\s+/g, ' ').trim())")
    once(heard, text(walk, ".guide-errors :is(h3, h4, p, strong)"))
    read = " ".join(line for _ in range(len(lacking) + 3) for line in walk.press("Down", quiet=0.5))
    places = [read.find(words) for words in lacking]
    assert places and -1 not in places and places == sorted(places), "what is lacking is heard, in order"
    for name in browser.run("[...document.querySelectorAll('[data-letter-form] [aria-invalid]')].map((one) => one.id)"):
        once(walk.to(f"#{name}"), text(walk, f"#{name}-error"))
        reader.type("Essai")
        reader.heard()
    walk.to("[data-letter-form] button[type=submit]")
    once(walk.press("Return", focused("#letter-ready")), text(walk, "#letter-ready"))
    walk.to('[data-letter-do="copy"]')
    once(walk.press("Return", "document.querySelector('[data-letter-said]').textContent"), text(walk, "[data-letter-said]"))
    opener = '[data-letter="president-ordre"]'
    once(walk.press("alt+Left", focused(opener)), text(walk, opener))


def back_and_erase(walk: Walk) -> None:
    """Go back one question, and hear it; erase all, and hear that too."""
    title = "[data-live] h2"
    undated = f"{focused(title)} && !document.querySelector('[data-live] .guide-limits')"
    once(walk.press("alt+Left", undated), text(walk, title))   # the days given made an entry
    once(walk.press("alt+Left", f"{focused(title)} && !document.querySelector('[data-final]')"), text(walk, title))
    once(walk.press("alt+Right", f"{focused(title)} && document.querySelector('[data-final]')"), text(walk, title))
    walk.to("[data-tool='erase']")
    heard = walk.press("Return", f"{focused(title)} && document.querySelector('[data-live] .guide-note')")
    once(heard, text(walk, "[data-live] .guide-note"))
    once(heard, text(walk, "[data-live] h2"))


@pytest.mark.early     # minutes of listening, in which others work
@pytest.mark.prove
def test_a_whole_walk_is_heard(walk: tuple[Walk, str], server: SiteServer) -> None:
    walked, locale = walk
    kept = HEARD / f"{locale}.txt"
    try:
        take_answers(walked, f"{server.url}{'en/' if locale == 'en' else ''}guide/")
        for part in (read_on, dates, wrong_place, letter, back_and_erase):
            part(walked)
    finally:
        if os.environ.get("HEARD") == "write":
            kept.parent.mkdir(exist_ok=True)
            kept.write_text(walked.written().replace(server.url, "/"), "utf-8")
    assert kept.exists(), f"no walk in {locale} is kept yet: HEARD=write make prove, then read it"
    far = differences(kept, walked.written().replace(server.url, "/"))
    assert not far, far


def differences(kept: Path, now: str) -> str:
    """Return where a walk is not the one that is kept, beyond what is tolerated; nothing when it is."""
    before, after = steps_of(kept.read_text("utf-8")), steps_of(now)
    assert [done for done, _ in before] == [done for done, _ in after], "the steps are no longer the same: HEARD=write"
    return "\n".join(f"{done}: {was!r} was heard, now {is_!r}" for (done, was), (_, is_) in zip(before, after, strict=True)
                     if difflib.SequenceMatcher(None, was.split(), is_.split(), autojunk=False).ratio() < ALIKE)


def steps_of(text: str) -> list[tuple[str, str]]:
    """Part what is kept into steps: what was pressed, and the words of the lines heard, in an order that haste does not change."""
    steps: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if not line.startswith("    "):
            steps.append((line, []))
        elif not AROUND.search(line):
            steps[-1][1].append(line.strip())
    return [(done, " ".join(sorted(heard))) for done, heard in steps]
