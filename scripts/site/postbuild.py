"""What is done to a built site whatever built it: one style sheet, a search index, names that change with the content.

MkDocs calls `finish` through the hooks; `python -m scripts.site.postbuild SITE` does the same for a site that another tool built.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from decision_tree.locales import LOCALES, conventions
from scripts.leaflets.publish import publish as publish_leaflets
from scripts.site.embed import publish
from scripts.site.hashing import point, rename
from scripts.site.minify import minify
from scripts.site.modules import join_modules
from scripts.site.search_index import write_index
from scripts.site.server_files import write_in_site
from scripts.site.service_worker import write_worker
from scripts.site.styles import join_styles
from scripts.upkeep.change_feed import publish as publish_feeds

CHUNK = 32   # pages a process takes at once
PRINTED_TEXT = (".html", ".webmanifest", ".xml", ".txt")


def finish(site: Path) -> None:
    """Finish the site in place."""
    publish(site)
    publish_leaflets(site)
    publish_feeds(site)
    shorten(site / "assets")
    names = rename(site / "assets") | index_names(site)
    pages = sorted(page for page in site.rglob("*") if page.suffix in PRINTED_TEXT and page.is_file())
    with ProcessPoolExecutor() as pool:
        list(pool.map(partial(point, names=names), pages, chunksize=CHUNK))
    write_worker(site)
    write_in_site(site)


def shorten(assets: Path) -> None:
    """Join the styles, and some modules with those they import; send all of them in few bytes."""
    join_styles(assets / "css")
    join_modules(assets / "js")
    minify(assets, sorted([*(assets / "css").glob("*.css"), *(assets / "js").glob("*.mjs")]))


def index_names(site: Path) -> dict[str, str]:
    """Write the search index of each language; return old → new path, from its own root."""
    return {
        f"{folder}search/index.json": f"{folder}search/{write_index(site / folder / 'search', locale)}"
        for folder, locale in ((conventions(one).folder, one) for one in LOCALES)
        if (site / folder / "search" / "search_index.json").exists()
    }


def main(arguments: list[str] | None = None) -> None:
    """Finish a site."""
    parser = argparse.ArgumentParser(prog="python -m scripts.site.postbuild", description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("site", type=Path, help="the folder that holds the built site")
    finish(parser.parse_args(arguments).site)


if __name__ == "__main__":
    main()
