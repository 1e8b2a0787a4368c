"""Run Lighthouse, as on a phone, on one page of each type that search engines may list, and print the median of three.

    python -m scripts.measure.lighthouse              all types, both languages
    python -m scripts.measure.lighthouse --readme     write the figures in docs/figures.md too, between its two marks

A copy of the site is measured in which canonical links name the local address: Lighthouse takes no other for itself.
With --host, the page of another site is measured instead: without the guide, with it far below, with it in sight.
Lighthouse asks for a newer Node than ours and says so in a warning.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from decision_tree.locales import LOCALES, conventions
from scripts.content.publisher import load_publisher
from scripts.project.browser import FLAGS, find_browser
from scripts.project.marked_blocks import write_block
from scripts.project.paths import FIGURES, ROOT
from scripts.site.build import SITE, build
from scripts.site.compress import compress_file
from scripts.site.embed import facts
from scripts.site.page_types import TYPES
from scripts.site.serve import serving

PAGES = {name: place for name, place in TYPES.items() if name not in ("languages", "missing")}
MARKS = ("<!-- lighthouse: written by `python -m scripts.measure.lighthouse --readme` -->", "<!-- end of lighthouse -->")
Scores = Mapping[str, float]


def at_home(site: Path, folder: Path, address: str) -> None:
    """Copy the site, with the local address in place of the publisher's."""
    published = load_publisher().text("address")
    shutil.copytree(site, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.html.br", "*.html.gz"))
    for name in PAGES.values():
        for page in (folder / name / "index.html", folder / "en" / name / "index.html"):
            page.write_text(page.read_text("utf-8").replace(published, address), "utf-8")
            compress_file(page)


def report_of(address: str) -> dict[str, Any]:
    """Return what Lighthouse says of a page in one run."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [
            "node", str(ROOT / "node_modules" / "lighthouse" / "cli" / "index.js"), address,
            "--quiet", "--output=json", f"--output-path={report}", f"--chrome-flags={' '.join(('--headless', *FLAGS))}",
        ]
        environment = {**os.environ, "CHROME_PATH": str(find_browser())}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if not report.exists():
            raise RuntimeError(f"Lighthouse gave no report for {address}:\n{done.stderr[-2000:]}")
        read: dict[str, Any] = json.loads(report.read_text("utf-8"))
    return read


def measure(address: str) -> Scores:
    """Return category → score out of 100 for one run."""
    found = report_of(address)
    for audit in failing(found):
        print(f"    {address}: {audit}", file=sys.stderr)
    return {category["title"]: round(100 * (category["score"] or 0)) for category in found["categories"].values()}


def failing(report: Mapping[str, object]) -> list[str]:
    """Return the audits of a report that cost points."""
    audits, categories = report["audits"], report["categories"]
    assert isinstance(audits, dict) and isinstance(categories, dict)
    weighted = {entry["id"] for category in categories.values() for entry in category["auditRefs"] if entry["weight"]}
    told = {name: audits[name] for name in sorted(weighted) if audits[name]["scoreDisplayMode"] in ("binary", "numeric")}
    return [f"{name}: {audit['title']}" for name, audit in told.items() if (audit["score"] or 0) < 0.9]


HOST = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="La page d’une caisse."><title>Une caisse</title></head>
<body><main><h1>Une caisse</h1>{first}{text}{last}</main></body></html>
"""
PARAGRAPH = "<p>Vos droits, vos démarches et nos accueils, près de chez vous.</p>"
EMBEDDED = """<p><a data-embed href="{site}guide/">Un soin vous a été refusé ? Voyez qui peut vous aider.</a></p>
<script async src="{site}{file}" integrity="{integrity}" crossorigin="anonymous"></script>"""
TOLD = {"first-contentful-paint": "first paint, ms", "largest-contentful-paint": "largest paint, ms", "total-blocking-time": "blocked, ms",
        "cumulative-layout-shift": "shift", "total-byte-weight": "bytes"}


def compare_hosts(site: str, runs: int) -> int:
    """Print what embedding the guide costs a page of another site; return 1 when a guide far below costs more than two points.

    The two are at `localhost` and `127.0.0.1`: were they one site for the browser, they would share one processor's work.
    """
    known = facts()
    guide = EMBEDDED.format(site=site, file=known["file"], integrity=known["integrity"])
    scores = []
    print(f"| guide | score | {' | '.join(TOLD.values())} |\n|---|{'---|' * (len(TOLD) + 1)}")
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        for name, first, last in (("without", "", ""), ("far-below", "", guide), ("in-sight", guide, "")):
            (Path(folder) / f"{name}.html").write_text(HOST.format(first=first, text=300 * PARAGRAPH, last=last), "utf-8")
            reports = [report_of(f"{server.url.replace('localhost', '127.0.0.1')}{name}.html") for _ in range(runs)]
            scores.append(statistics.median(100 * one["categories"]["performance"]["score"] for one in reports))
            told = [statistics.median(one["audits"][audit]["numericValue"] for one in reports) for audit in TOLD]
            print(f"| {name.replace('-', ' ')} | {scores[-1]:.0f} | {' | '.join(f'{round(one, 3):,g}' for one in told)} |", flush=True)
    return int(scores[1] < scores[0] - 2)


def median(runs: Sequence[Scores]) -> Scores:
    """Return the median of each category."""
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verb and return its exit code: 1 when a page misses 100 in one of the four categories."""
    parser = argparse.ArgumentParser(prog="python -m scripts.measure.lighthouse", description=__doc__)
    parser.add_argument("pages", nargs="*", choices=[*PAGES, []], help="types of page (default: all)")
    parser.add_argument("--runs", type=int, default=3, help="runs of which the median is taken (default: 3)")
    parser.add_argument("--locale", choices=LOCALES, action="append", help="default: both")
    parser.add_argument("--readme", action="store_true", help="write the figures in docs/figures.md")
    parser.add_argument("--site", type=Path, help="a built site to take as it is (default: build site/)")
    parser.add_argument("--host", action="store_true", help="measure the page of another site, without the guide and with it")
    options = parser.parse_args(arguments)
    if options.site is None:
        build()
    if options.host:
        with serving(options.site or SITE) as server:
            return compare_hosts(server.url, options.runs)
    perfect = True
    rows: list[str] = []
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        at_home(options.site or SITE, Path(folder), server.url)
        for locale in options.locale or LOCALES:
            for name in options.pages or PAGES:
                path = conventions(locale).folder + PAGES[name]
                scores = median([measure(server.url + path) for _ in range(options.runs)])
                if not rows:
                    rows = [f"| page | {' | '.join(scores)} |", f"|---|{'--:|' * len(scores)}"]
                    print("\n".join(rows))
                rows.append(f"| {name} ({locale}) | {' | '.join(f'{score:.0f}' for score in scores.values())} |")
                print(rows[-1], flush=True)
                perfect &= all(score == 100 for score in list(scores.values())[:4])
    if options.readme:
        write_block("\n".join(rows) + "\n", FIGURES, MARKS)
    return 0 if perfect else 1


if __name__ == "__main__":
    sys.exit(main())
