"""What an answer costs in the guide itself: from the click to the next question, by Python, slowed down, and by links before Python.

Each figure is a median over the same way, walked again and again on the built page. "Answered" ends when the next question
is in the page and laid out; "painted" one frame later: the bounds are for that. A person reads a question before answering it,
and Python works ahead meanwhile; the figures of who answers at once stand beside. The browser's own throttling slows the page
alone; stopping the process slows Python's worker too.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from scripts.measure.runtime_speed import SLOWER, launched
from scripts.measure.slow import slowed
from scripts.site.build import build
from scripts.site.serve import serving

WAY = ("asker=victime", "ground=c2s", "refusal=refus_rdv", "place=cabinet", "profession=chirurgien_dentiste",
       "professional_identified=true", "goal=reconnaissance")
ROUNDS = 5               # and a page for each figure: a browser stops a page that goes to 200 places in 10 seconds
READING_MS = 400         # short for a person: what takes longer to work out ahead is not yet there
READY_MS, SLOWED_MS = 16, 50
"""Bounds of a median, once Python is ready: as it comes, and on a processor four times slower."""
BY_PYTHON = """async ([way, rounds, reading]) => {
  const step = document.querySelector("[data-live] > div");
  const changed = () => new Promise((done) => {
    const seen = new MutationObserver(() => { seen.disconnect(); done(); });
    seen.observe(step, { childList: true });
  });
  const found = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const answer of way) {
      await new Promise((done) => setTimeout(done, reading));
      const shown = changed(), start = performance.now();
      step.querySelector(`a[data-answer="${answer}"]`).click();
      await shown;
      step.getBoundingClientRect();
      const answered = performance.now() - start;
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      found.push([answered, performance.now() - start]);
    }
    const again = changed();
    step.querySelector("a[data-restart]").click();
    await again;
  }
  return found;
}"""
BY_LINKS = """async ([way, rounds, reading]) => {
  const found = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const answer of way) {
      const link = [...document.querySelectorAll(`a[data-answer="${answer}"]`)].find((one) => one.getClientRects().length);
      await new Promise((done) => setTimeout(done, reading));
      const start = performance.now();
      link.click();
      if (!document.querySelector(link.hash).getClientRects().length) throw new Error("the next question is not shown at once");
      const answered = performance.now() - start;
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      found.push([answered, performance.now() - start]);
    }
    location.hash = "n1";
    await new Promise((done) => setTimeout(done));
  }
  return found;
}"""


@contextmanager
def site() -> Iterator[Path]:
    """The built site: that of SITE, else one of our own."""
    if given := os.environ.get("SITE"):
        yield Path(given).resolve()
        return
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder) / "site")
        yield Path(folder) / "site"


def opened(browser: Browser, url: str, *, python: bool) -> Page:
    """Open the guide; with Python ready, or with Python held back for good."""
    page = browser.new_context(base_url=url, service_workers="block", reduced_motion="reduce").new_page()
    if not python:
        page.route("**/assets/runtime/**", lambda _route: None)
    page.goto("guide/")
    if python:
        page.wait_for_selector('[data-guide][data-engine="python"]', timeout=180_000)
    return page


def medians(page: Page, script: str, reading: int = READING_MS) -> tuple[float, float]:
    """Return how long an answer took (ms): answered, painted. `reading` (ms) passes before each."""
    pairs = page.evaluate(script, [list(WAY), ROUNDS, reading])
    return median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)


def tables() -> str:
    """Return the figures as Markdown."""
    lines = ["| one answer in the guide | answered, ms | painted, ms | bound, ms |", "|---|--:|--:|--:|"]
    with site() as folder, sync_playwright() as playwright, serving(folder) as server, launched(playwright) as (browser, pid):
        for name, rate, slower, reading, bound in (
            ("by Python", 1, 1, READING_MS, str(READY_MS)), (f"the page {SLOWER}× slower", SLOWER, 1, READING_MS, str(SLOWED_MS)),
            (f"page and worker {SLOWER}× slower", 1, SLOWER, READING_MS, str(SLOWED_MS)),
            ("by Python, answered at once", 1, 1, 0, "–"), (f"the page {SLOWER}× slower, answered at once", SLOWER, 1, 0, "–"),
        ):
            page = opened(browser, server.url, python=True)
            tier = page.locator("[data-guide]").get_attribute("data-runtime")
            page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})
            with slowed(pid, slower) if slower > 1 else nullcontext():
                answered, painted = medians(page, BY_PYTHON, reading)
            lines.append(f"| {name} ({tier}) | {answered:.1f} | {painted:.1f} | {bound} |")
            page.context.close()
        page = opened(browser, server.url, python=False)
        asked: list[str] = []
        page.on("request", lambda request: None if "favicon" in request.url or "/runtime/" in request.url else asked.append(request.url))
        answered, painted = medians(page, BY_LINKS)
        lines.append(f"| by links, before Python ({len(asked)} requests) | {answered:.1f} | {painted:.1f} | – |")
    return "\n".join(lines)
