"""The modules of a built site: the search library beside them, and those sent together joined."""

from pathlib import Path

from scripts.project.paths import ROOT
from scripts.site.minify import bundle, minified

MINISEARCH = ROOT / "node_modules" / "minisearch" / "dist" / "es" / "index.js"
MINISEARCH_NOTICE = "/*! MiniSearch, (c) Luca Ongaro, MIT licence */\n"
JOINED = ("embed-partner.mjs", "page.mjs", "page-exit.mjs")     # modules sent together with those they import
PARTS = ("exit.mjs", "offline.mjs", "wide.mjs")  # of the two last, and of nothing else
CLASSIC = "my-file.js"                           # no module: it runs from a disk too


def join_modules(folder: Path) -> None:
    """Add the search library, and write into some modules those they import, so that a page asks for one file."""
    if MINISEARCH.exists():
        (folder / "minisearch.mjs").write_text(MINISEARCH_NOTICE + MINISEARCH.read_text("utf-8"), "utf-8")
    for entry in JOINED:
        if (folder / entry).exists():
            bundle(folder / entry)
    for part in PARTS:
        (folder / part).unlink(missing_ok=True)
    if (folder / CLASSIC).exists():
        (folder / CLASSIC).write_text(minified((folder / CLASSIC).read_text("utf-8"), "--target=es2020"), "utf-8")
