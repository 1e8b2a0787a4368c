"""What the tests of the guide share: the ways of some cases, and how to wait for Python."""

from collections.abc import Iterable
from contextlib import suppress

from playwright.sync_api import Frame, Locator, Page
from playwright.sync_api import TimeoutError as TooLate

from scripts.project.engines import PATIENCE_MS

DENTIST = ("asker=victime", "ground=c2s", "refusal=refus_rdv", "place=cabinet", "profession=chirurgien_dentiste",
           "professional_identified=true", "goal=reconnaissance")
DENTIST_BODIES = ["commission-mixte-conciliation", "mediateur-cpam", "defenseur-des-droits"]
ACCUSED = ("asker=professionnel_mis_en_cause", "practice_question=plainte", "ground=c2s")
ACCUSED_BODIES = ["regularisation-pro"]
ASKING = ("asker=professionnel_mis_en_cause", "practice_question=absence")
WAYS = {"c01": (DENTIST, DENTIST_BODIES), "a professional accused": (ACCUSED, ACCUSED_BODIES),
        "a professional asking": (ASKING, ACCUSED_BODIES)}

FEW = 1_200
"""Elements, at most, of the guide where its script runs: a tenth of what is asked of the page."""
COUNT = "document.querySelectorAll('*').length"


def wait_for_python(page: Page) -> None:
    """Wait until Python answers for the guide."""
    page.wait_for_selector('[data-guide][data-engine="python"]', timeout=60_000)


def follow(page: Page, answers: Iterable[str]) -> None:
    """Give answers by their links, one a screen: what only repeats a press counts for nothing, so another key says the screen was seen."""
    for answer in answers:
        link = page.locator(f'a[data-answer="{answer}"]:visible')
        page.keyboard.press("Control")
        open_group(page, answer)
        press(link)
        for _ in range(10):
            try:
                link.wait_for(state="hidden", timeout=700)
                break
            except TooLate:
                with suppress(TooLate):
                    link.click(timeout=3_000)
        link.wait_for(state="hidden")


def open_group(page: Page | Frame, answer: str) -> None:
    """Open the group an answer stands in, where it is folded."""
    shown = page.locator(f'a[data-answer="{answer}"]')
    folded = page.locator(f'.guide-group:visible:not([open]):has(a[data-answer="{answer}"]) > summary')
    shown.first.wait_for(state="attached")
    if not page.locator(f'a[data-answer="{answer}"]:visible').count() and folded.count():
        folded.first.click()


def given(page: Page) -> dict[str, str]:
    """Return the answers of the history entry the page is at."""
    found: dict[str, str] = page.evaluate("history.state?.answers ?? {}")
    return found


def reset(page: Page) -> None:
    """Let the time pass in which a second press counts for nothing."""
    page.wait_for_timeout(650)


def press(link: Locator) -> None:
    """Click a link that Python may replace by its own at any moment: a click clings to the element it found first, so look again."""
    link.wait_for()
    for patience in PATIENCE_MS:
        try:
            link.click(timeout=patience)
        except TooLate:
            if not link.count():
                return   # clicked, and only the wait after it was too long
        else:
            return
    link.click()


def unfold(page: Page) -> None:
    """Open all that a result folds, once its letters are there."""
    page.wait_for_selector("[data-letters]")
    page.evaluate("() => document.querySelectorAll('[data-live] details').forEach((fold) => { fold.open = true; })")


def open_result(page: Page) -> None:
    """Come to the dentist's result by its link."""
    page.evaluate("link => { location.hash = link; }", f"v=00000000&{'&'.join(DENTIST)}")
    page.wait_for_selector("[data-final][data-letters]")


def work_out_dates(page: Page, facts_date: str = "2026-01-02") -> None:
    """Unfold a result, say when it happened, and unfold what the dates have drawn."""
    unfold(page)
    page.locator("#d-facts_date").fill(facts_date)
    page.locator("[data-dates] button[type=submit]").click()
    page.locator(".guide-limits").wait_for()
    unfold(page)


def unfold_letter(page: Page) -> None:
    """Open the details of a letter."""
    page.evaluate("() => document.querySelectorAll('[data-letter-form] details').forEach((fold) => { fold.open = true; })")


def bodies(page: Page) -> list[str]:
    """Return the recommended bodies on the screen, in order."""
    found: list[str] = page.locator("[data-body]:visible").evaluate_all("cards => cards.map((card) => card.dataset.body)")
    return found


def heading(page: Page) -> str:
    """Return the heading of the state on the screen."""
    return page.locator("[data-guide] h2:visible").first.inner_text()


def write_any_letter(page: Page) -> None:
    """Fill what the open letter needs, whatever it is, and have it written."""
    for field in page.locator("[data-letter-form] :is([required], fieldset:has(.guide-needed) [type=tel])").all():
        field.fill("Essai")
    page.locator("[data-letter-form] button[type=submit]").click()
    page.locator("[data-letter-text]").wait_for()
