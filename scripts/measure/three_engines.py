"""The guide in Chromium, Firefox and WebKit, side by side in one run: first paint, memory over many answers, a prepaid phone's network.

Each figure is what the page itself has noted, in a clean browser; the engines take turns, so that a busy moment hits all. Memory is that
of all processes of the browser, what they share counted once. The slow network is a proxy, the slow processor a signal (`slow.py`).
"""

import json
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Any

from lxml import html
from playwright.sync_api import sync_playwright

from decision_tree.locales import REFERENCE
from scripts.measure.guide_speed import BY_PYTHON, WAY, site
from scripts.measure.runtime_speed import launched, sent
from scripts.measure.slow import Network, family, shaped, slowed
from scripts.project.browser import fonts_of_every_script
from scripts.project.engines import Browser, Chromium, firefox, webkit
from scripts.project.marked_blocks import write_block
from scripts.project.paths import FIGURES
from scripts.site.serve import serving
from scripts.site.service_worker import listed, shell

START, END = "<!-- engines: written by `python -m scripts.measure engines` -->", "<!-- end of engines -->"
ROUNDS = 5
PHONE, SLOWER = Network("400 kbit/s, 400 ms", 4e5, 0.4), 6
WALKS = 8                # of seven answers each
READING_MS = 400
SETTLE_S = 3
PATIENCE_S = 120         # for a page on a slow line with a slow processor
PAINT, FLAT, TAP_S = 1.3, 1.1, 4.0
"""Bounds: WebKit's first paint beside Chromium's; memory at the end beside that after a first walk; the first answer on the phone."""
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
TO_TAP = """([...document.querySelectorAll("#n1 a[data-answer]")].some((one) => one.getClientRects().length)
  && performance.getEntriesByName("first-contentful-paint").length && performance.now())"""
TAPPED = """((link) => { link?.click(); return !link; })(
  [...document.querySelectorAll("#n1 a[data-answer]")].find((one) => one.getClientRects().length))"""
WORKER = "performance.getEntriesByType('resource').find(({ name }) => /worker[.]/.test(name))?.startTime ?? 0"


@contextmanager
def chromium() -> Iterator[Browser]:
    """Open a clean Chromium; it is closed after the block."""
    with sync_playwright() as playwright, launched(playwright) as (browser, process):
        page = browser.new_context(locale="fr-FR", viewport={"width": 1024, "height": 768}).new_page()
        page.set_default_timeout(180_000)
        yield Chromium("", process, page)


ENGINES: Mapping[str, Callable[[], AbstractContextManager[Browser]]] = {
    "Chromium": chromium,
    "Firefox": lambda: firefox(settings={"network.http.accept-encoding": "gzip, deflate, br"}),   # as it says over HTTPS
    "WebKit": webkit,
}


def first_paint(engine: str, url: str) -> float:
    """Return when the guide is first painted, coming from a small page of the site, in milliseconds from the start of navigation."""
    with ENGINES[engine]() as browser:
        settle(browser, url)
        browser.open(f"{url}guide/")
        return float(browser.wait(PAINTED))


def settle(browser: Browser, url: str) -> None:
    """Let a browser end what it does when it starts, and draw a small page of the site."""
    browser.open(f"{url}offline.html")
    browser.wait(PAINTED)
    time.sleep(SETTLE_S)


def memory(engine: str, url: str) -> list[float]:
    """Return the memory of a browser, in MiB: once Python answers, after each walk of seven answers."""
    with ENGINES[engine]() as browser:
        browser.open(f"{url}guide/")
        browser.wait("document.querySelector('[data-guide]').dataset.engine === 'python'", 180)
        found = [settled(browser.process)]
        for _ in range(WALKS):
            browser.run(f"({BY_PYTHON})(arguments[0])", [list(WAY), 1, READING_MS])
            found.append(settled(browser.process))
        return found


def settled(process: int) -> float:
    """Return the memory of a process and all it started, in MiB, a moment after it has worked."""
    time.sleep(2)
    total = 0
    for one in family(process):
        with suppress(OSError):
            total += int(re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{one}/smaps_rollup").read_text(), re.MULTILINE)[1])  # type: ignore[index]
    return total / 1024


def on_a_phone(engine: str, port: int) -> tuple[float, float]:
    """Return when the first answer can be tapped on a slow line with a slow processor, and when Python is asked for, in seconds.

    The port is another than before: nothing of the site is kept by the browser.
    """
    with ENGINES[engine]() as browser, shaped(port, PHONE) as far:
        settle(browser, f"http://localhost:{port}/")
        with slowed(browser.process, SLOWER):
            return first_tap(browser, f"http://localhost:{far}/guide/")


def first_tap(browser: Browser, address: str) -> tuple[float, float]:
    """Go to the guide, tap the first answer as soon as it is there, and return both moments, in seconds."""
    browser.run("void setTimeout((to) => location.assign(to), 0, arguments[0])", address)
    to_tap = browser.wait(f"location.href === {json.dumps(address)} && {TO_TAP}", PATIENCE_S)
    browser.wait(TAPPED, PATIENCE_S)
    asked = browser.wait(WORKER, PATIENCE_S)
    return to_tap / 1000, asked / 1000


def purposes(folder: Path) -> dict[str, int]:
    """Return the bytes of a first visit to the guide by what they are for, as sent with brotli."""
    page = folder / "guide" / "index.html"
    data = html.parse(str(page)).find(".//*[@data-guide]").attrib
    files, more = json.loads(data["data-files"]), json.loads(data["data-more"])
    python = [*(files["lean"] or files["full"]).values(), files["model"][REFERENCE]]
    needed = {"guide/index.html", *shell(folder, [page])}
    kept: Mapping[str, Any] = listed(folder)
    core = [f"{place}index.html" if place.endswith("/") or not place else place for place in kept["core"][""]]
    of = {
        "the page: text, styles, scripts": needed,
        f"Python ({'small' if files['lean'] else 'whole'}), once the page is drawn": [f"assets/runtime/{one['name']}" for one in python],
        "letters and directory, once Python answers": [f"assets/runtime/{more[name]['name']}" for name in ("letters", "directory")],
        "copies for when there is no network, once the page is loaded": {"sw.js", *kept["shell"], *core} - needed,
        "to read a sentence, once one is written": [f"assets/runtime/{more[f'words-{REFERENCE}']['name']}"],
        "a letter as a document, as a PDF, a code to scan, each when asked for":
            [f"assets/runtime/{more[name]['name']}" for name in ("docx", "pdfkit", "font", "qrcode")],
    }
    return {purpose: sum(sent(folder, name) for name in names) for purpose, names in of.items()}


def engines_table(paint: Mapping[str, float], memories: Mapping[str, list[float]], phone: Mapping[str, tuple[float, float]]) -> str:
    """Return what was measured of each engine."""
    told = ("engine", "first paint, ms", "of Chromium's", "memory with Python, MiB", "after 7 answers", "after 56", "grown by",
            "on the phone: first answer to tap, s", "Python asked for, s")
    rows = [f"| {' | '.join(told)} |", f"|---|{'--:|' * (len(told) - 1)}"]
    for name in ENGINES:
        start, first, last = memories[name][0], memories[name][1], memories[name][-1]
        rows.append(f"| {name} | {paint[name]:,.0f} | {paint[name] / paint['Chromium']:.2f} | {start:.0f} | {first:.0f} | {last:.0f} | "
                    f"{last / first - 1:+.0%} | {phone[name][0]:.1f} | {phone[name][1]:.1f} |")
    return "\n".join(rows)


def judged(paint: Mapping[str, float], memories: Mapping[str, list[float]], phone: Mapping[str, tuple[float, float]]) -> str:
    """Say which bounds are kept, and which are missed."""
    found = [(f"first paint in WebKit {paint['WebKit'] / paint['Chromium']:.2f} × Chromium's (at most {PAINT})",
              paint["WebKit"] <= PAINT * paint["Chromium"])]
    for name in ENGINES:
        grown = memories[name][-1] / memories[name][1]
        found.append((f"memory in {name} {grown:.2f} × that of the first answers (at most {FLAT})", grown <= FLAT))
        found.append((f"first answer in {name} {phone[name][0]:.1f} s (at most {TAP_S:g})", phone[name][0] <= TAP_S))
        found.append((f"Python asked for after it in {name}", phone[name][1] >= phone[name][0]))
    kept, missed = ([words for words, held in found if held is wanted] for wanted in (True, False))
    return "\n".join((f"Held: {'; '.join(kept)}.", *([f"**Missed**: {'; '.join(missed)}."] if missed else [])))


def tables(rounds: int = ROUNDS) -> str:
    """Return the figures as Markdown, and put them into docs/figures.md."""
    with site() as folder, serving(folder) as server, fonts_of_every_script():
        tier = "small" if list(folder.glob("assets/runtime/lean.*.wasm")) else "whole"
        loads = [os.getloadavg()[0]]
        memories = {name: memory(name, server.url) for name in ENGINES}
        paints, phones = [], []
        for _ in range(rounds):
            loads.append(os.getloadavg()[0])
            paints.append({name: first_paint(name, server.url) for name in ENGINES})
            phones.append({name: on_a_phone(name, server.server_port) for name in ENGINES})
        weights = purposes(folder)
    paint = {name: median(one[name] for one in paints) for name in ENGINES}
    phone = {name: (median(one[name][0] for one in phones), median(one[name][1] for one in phones)) for name in ENGINES}
    rows = [f"| {name} | {size:,} |" for name, size in weights.items()]
    bytes_table = "\n".join(["| a first visit to the guide | bytes |", "|---|--:|", *rows])
    load = f"load {min(loads):.0f} to {max(loads):.0f}"
    how = (f"`python -m scripts.measure engines`: medians of {rounds}, on {os.cpu_count()} processors ({load}). "
           "First paint: coming from a page of the site; WebKitGTK draws on a screen in memory, without a graphics card. "
           "Each finds the fonts of the leaflets, as a phone has those of every alphabet. "
           f"The phone: {PHONE.name}, a processor {SLOWER} times slower, nothing kept. Memory: once, with the {tier} Python. "
           "Bytes: as sent with brotli.")
    text = "\n\n".join((engines_table(paint, memories, phone), judged(paint, memories, phone), bytes_table, how))
    write_block(f"{text}\n", FIGURES, (START, END))
    return text
