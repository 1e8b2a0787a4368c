"""What five tasks cost a hand and an eye on a small phone: taps, pixels scrolled, words read, from the home page to their end.

A person reads from the top of the screen down to what she taps, and scrolls only as far as it takes to bring that into sight.
Folds that hide it are taps too. Words are those drawn between the top of the screen on arrival and the end of what is tapped.
"""

import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Locator, Page, ViewportSize, sync_playwright

from scripts.project.browser import FLAGS, find_browser
from scripts.site.build import build
from scripts.site.serve import serving

PHONE: ViewportSize = {"width": 360, "height": 640}
MOST = 40        # taps: a task that takes more does not end
START = 'main a[href$="guide/"], .menu-item--guide a'
LETTER = "[data-live] a[data-letter], [data-live] button[data-letter]"


class TaskError(Exception):
    """A task cannot be done to its end; the message says where it stops."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a person wants: her answers, whatever their order; then what she presses, the last one being the end."""

    name: str
    answers: Mapping[str, str] = field(default_factory=dict)
    then: Sequence[str] = ()


PATIENT = {"asker": "victime", "ground": "c2s", "refusal": "refus_rdv", "place": "cabinet", "profession": "chirurgien_dentiste",
           "professional_identified": "true", "goal": "reconnaissance"}
TASKS = (
    Task("a patient with the C2S, refused by a dentist: the form of her first letter", PATIENT, (LETTER,)),
    Task("a relative of a disabled person, refused by a hospital: the form of the first letter",
         {**PATIENT, "asker": "proche", "victim_signs": "true", "patient_age": "majeur", "ground": "handicap", "protection": "secu_seule",
          "place": "hopital_public"},
         (LETTER,)),
    Task("a clerk for a person with the AME: the plan on the screen, to print",
         {**PATIENT, "asker": "conseiller", "ground": "ame", "profession": "medecin_generaliste"}, ("[data-tool=print]",)),
    Task("a professional with a complaint against him: the page that says what to do first",
         {"asker": "professionnel_mis_en_cause", "practice_question": "plainte", "ground": "c2s"},
         ("[data-live] [data-body] a, [data-live] a[href*=professionnels]",)),
    Task("someone who finds no doctor: the number of the fund", {}, ('main a[href*="trouver-un-soin"]', 'main a[href="tel:3646"]')),
)
SEEN = """(target) => {
  const end = target.getBoundingClientRect().bottom;
  let words = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    const said = node.textContent.trim();
    if (!said || !node.parentElement.checkVisibility({ visibilityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.height > 2 && box.top < end && box.bottom > 0) words += said.split(/\\s+/).length;
  }
  return [words, Math.max(0, Math.round(end - innerHeight))];
}"""


@dataclass(slots=True)
class Cost:
    """What it took so far."""

    taps: int = 0
    scrolled: int = 0
    words: int = 0


def tap(page: Page, css: str, cost: Cost) -> bool:
    """Tap the first element of a selector that is there, opening what folds it; say whether there was one."""
    if not page.locator(css).count():
        return False
    shown = page.locator(f":is({css}):visible")
    if not shown.count():
        fold = page.locator("details:visible:not([open])").filter(has=page.locator(css.replace("[data-live] ", ""))).locator("> summary")
        if not fold.count():
            return False
        press(page, fold.first, cost)
    press(page, shown.first, cost)
    return True


def press(page: Page, target: Locator, cost: Cost) -> None:
    """Count what is read and scrolled down to a target, and tap it."""
    words, scrolled = target.evaluate(SEEN)
    cost.taps, cost.scrolled, cost.words = cost.taps + 1, cost.scrolled + scrolled, cost.words + words
    page.keyboard.press("Control")     # the screen was seen: a press that only repeats the one before answers nothing
    target.click()
    page.wait_for_timeout(400)


def do(page: Page, task: Task) -> Cost:
    """Do a task from the home page and return what it took.

    Raises:
        TaskError: It cannot be done to its end.
    """
    cost = Cost()
    if task.answers:
        tap(page, START, cost)
        page.wait_for_selector('[data-guide][data-engine="python"]', timeout=60_000)
    left = dict(task.answers)
    while left and cost.taps < MOST:
        asked = next((fact for fact, value in left.items() if page.locator(f'[data-live] a[data-answer="{fact}={value}"]').count()), None)
        if asked is None:
            break
        given = f'[data-live] a[data-answer="{asked}={left.pop(asked)}"]'
        tap(page, given, cost)
        page.locator(given).wait_for(state="detached")
    for css in task.then:
        page.wait_for_timeout(500)
        if not tap(page, css, cost):
            asked = page.locator("[data-live] a[data-answer]").evaluate_all("all => all.map((one) => one.dataset.answer)")
            raise TaskError(f"{task.name}: nothing here for {css}. The guide asks: {', '.join(asked) or 'nothing'}.")
    return cost


def tables(site: Path | None = None) -> str:
    """Return the figures as Markdown, for a built site or for the one the sources make."""
    with tempfile.TemporaryDirectory() as folder:
        if site is None:
            build(Path(folder))
        rows = [f"| {name} | {cost.taps} | {cost.scrolled:,} | {cost.words:,} |" if cost else f"| {name} | cannot be done | | |"
                for name, cost in measure(site or Path(folder))]
    return "\n".join(["| From the home page, at 360 × 640, in French | Taps | Pixels scrolled | Words read |", "|---|--:|--:|--:|", *rows])


def measure(site: Path) -> list[tuple[str, Cost | None]]:
    """Return what each task takes on a built site; nothing for one that cannot be done there, with the reason on standard error."""
    found: list[tuple[str, Cost | None]] = []
    with serving(site) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        for task in TASKS:
            page = browser.new_page(viewport=PHONE, has_touch=True, is_mobile=True, reduced_motion="reduce", service_workers="block")
            page.goto(server.url)
            try:
                found.append((task.name, do(page, task)))
            except TaskError as problem:
                print(f"tasks: {problem}", file=sys.stderr)
                found.append((task.name, None))
            page.close()
        browser.close()
    return found
