"""The modules of a built site: the search library beside them, and those sent together joined."""

from pathlib import Path

from scripts.project.paths import ROOT
from scripts.site.minify import bundle

MINISEARCH = ROOT / "node_modules" / "minisearch" / "dist" / "es" / "index.js"
MINISEARCH_NOTICE = "/*! MiniSearch, (c) Luca Ongaro, MIT licence */\n"
JOINED = ("embed-partner.mjs",)     # modules sent together with those they import


def join_modules(folder: Path) -> None:
    """Add the search library, and write into some modules those they import, so that a page asks for one file."""
    if MINISEARCH.exists():
        (folder / "minisearch.mjs").write_text(MINISEARCH_NOTICE + MINISEARCH.read_text("utf-8"), "utf-8")
    for entry in JOINED:
        if (folder / entry).exists():
            bundle(folder / entry)
