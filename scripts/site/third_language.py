"""Finish a site built in a third language, at the place of French: scripts/upkeep/language.py builds it, in a copy of the project.

    python -m scripts.site.third_language SITE --code ar --direction rtl --script arabic [--leaflets FOLDER]

What the language changes is made: styles and scripts, the feeds, the language of each part of each page. The guide walks by its
links: Python for the browser and the offline copy are left out, and the leaflets are made before (scripts/leaflets/third.py).
"""

import argparse
import re
import shutil
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from decision_tree.locales import REFERENCE
from scripts.content.set_apart import CLOSE, OPEN, bare
from scripts.site import embed
from scripts.site.hashing import point, rename
from scripts.site.language_parts import Tongues, marked
from scripts.site.postbuild import CHUNK, PRINTED_TEXT, index_names, shorten
from scripts.upkeep.change_feed import publish as publish_feeds

TEXTS = (".atom", ".json", ".xml", ".txt", ".webmanifest", ".svg")
HEADING = re.compile(r"<h[1-6][^>]*>(.*?)</h[1-6]>", re.DOTALL)
PAPERS = "depliants"


def finish(site: Path, language: Tongues, leaflets: Path | None = None) -> None:
    """Finish the site in place."""
    embed.publish(site)
    publish_feeds(site, [REFERENCE])
    if leaflets and (site / PAPERS).is_dir():
        for paper in leaflets.glob("*.pdf"):
            shutil.copyfile(paper, site / PAPERS / paper.name)
    for file in site.rglob("*"):
        if file.suffix in TEXTS and file.is_file():
            unmark(file)
    shorten(site / "assets")
    names = rename(site / "assets") | index_names(site)
    pages = sorted(page for page in site.rglob("*") if page.suffix in PRINTED_TEXT and page.is_file())
    language = Tongues(language.code, language.direction, language.other_letters, titles_of(pages))
    with ProcessPoolExecutor() as pool:
        list(pool.map(partial(finish_page, names=names, language=language), pages, chunksize=CHUNK))


def titles_of(pages: Sequence[Path]) -> frozenset[str]:
    """Return the headings of translated pages: menus and trails repeat them without their marks."""
    found = (title for page in pages if page.suffix == ".html" for title in HEADING.findall(page.read_text("utf-8")) if OPEN in title)
    return frozenset(bare(re.sub(f"<[^>]+>|[{OPEN}{CLOSE}]", "", title)).strip() for title in found)


def finish_page(page: Path, names: dict[str, str], language: Tongues) -> None:
    """Point a page to the new names, and say the language of its parts."""
    point(page, names)
    if page.suffix == ".html":
        page.write_text(marked(page.read_text("utf-8"), language), "utf-8")


def unmark(file: Path) -> None:
    """Leave no mark in a file that is no page."""
    text = file.read_text("utf-8")
    if OPEN in text or CLOSE in text or "\\u2063" in text:
        file.write_text(bare(text).replace("\\u2063", "").replace("\\u2064", ""), "utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Finish a site."""
    parser = argparse.ArgumentParser(prog="python -m scripts.site.third_language", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("site", type=Path)
    parser.add_argument("--code", required=True)
    parser.add_argument("--direction", choices=("ltr", "rtl"), required=True)
    parser.add_argument("--script", required=True)
    parser.add_argument("--leaflets", type=Path, help="the leaflets made for this site")
    options = parser.parse_args(arguments)
    finish(options.site, Tongues(options.code, options.direction, options.script != "latin"), options.leaflets)


if __name__ == "__main__":
    main()
