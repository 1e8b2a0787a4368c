"""The service worker of a built site: what it keeps, and how to switch it off.

    python -m scripts.site.service_worker SITE            write sw.js again for the site as it is
    python -m scripts.site.service_worker SITE --off      write the sw.js that ends the worker of everyone who comes back

The build writes it last. `offline: "no"` in site.yaml switches it off for good: no page starts it, and sw.js ends it.
"""

import argparse
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from posixpath import normpath
from urllib.parse import urlsplit

from decision_tree.locales import LOCALES, conventions
from scripts.content.publisher import load_publisher
from scripts.project.paths import ROOT
from scripts.site.minify import minified
from scripts.site.policy import HASHED_NAME

SOURCES = ROOT / "overrides" / "offline"
FOLDERS = tuple(conventions(locale).folder for locale in LOCALES)
CORE = ("", "guide/", "patients/urgence/", "patients/premiers-pas/", "langues/", "offline.html")   # kept from the first visit on
NEVER = ("404.html", "embed/")
MARK = 8   # characters of a page's hash: enough to see that it changed
NEEDED = re.compile(r'<(?:link|script)[^>]*?(?:href|src)="([^"]+)"')
IMPORTED = re.compile(r"""["']\./([\w.-]+\.mjs)["']""")


class ServiceWorkerError(Exception):
    """The worker cannot be written; the message says what is missing."""


def write_worker(site: Path, on: bool | None = None) -> None:
    """Write sw.js, as site.yaml says unless `on` does; the pages must be final.

    Raises:
        ServiceWorkerError: A page that is kept from the first visit on does not exist.
    """
    wanted = load_publisher().text("offline") == "yes" if on is None else on
    source = (SOURCES / ("sw.js" if wanted else "off.js")).read_text("utf-8")
    if wanted:
        source = source.replace('"LIST"', json.dumps(listed(site), separators=(",", ":")))
    (site / "sw.js").write_text(minified(source, "--target=es2022"), "utf-8")


def listed(site: Path) -> Mapping[str, object]:
    """Return what the worker knows of the site: pages with their hash, what is kept at once, all files named by their hash."""
    pages = {place_of(site, page): page for page in sorted(site.rglob("*.html"))}
    kept = {place: page for place, page in pages.items() if not place.removeprefix("en/").startswith(NEVER)}
    core = {folder: [folder + place for place in CORE] for folder in FOLDERS}
    if missing := [place for places in core.values() for place in places if place not in kept]:
        raise ServiceWorkerError(f"scripts/site/service_worker.py: CORE names {', '.join(missing)}, which the site has not. Mend the list.")
    return {
        "pages": {place: hashlib.sha256(page.read_bytes()).hexdigest()[:MARK] for place, page in kept.items()},
        "core": core,
        "shell": sorted(shell(site, [kept[place] for places in core.values() for place in places])),
        "files": sorted(file.relative_to(site).as_posix() for file in site.rglob("*") if re.search(HASHED_NAME, file.name) and _sent(file)),
    }


def _sent(file: Path) -> bool:
    return file.is_file() and file.suffix not in (".br", ".gz")


def place_of(site: Path, page: Path) -> str:
    """Return the address of a page under the root."""
    path = page.relative_to(site).as_posix()
    return path.removesuffix("index.html") if path.endswith("/index.html") or path == "index.html" else path


def shell(site: Path, pages: Iterable[Path]) -> set[str]:
    """Return the files named by their hash that some pages need: styles, icons, scripts and what these import."""
    found: set[str] = set()
    for page in pages:
        for link in NEEDED.findall(page.read_text("utf-8")):
            if re.search(HASHED_NAME, link):
                found.add(normpath((page.parent.relative_to(site) / urlsplit(link).path).as_posix()))
    waiting = list(found)
    while waiting:
        file = site / waiting.pop()
        if file.suffix != ".mjs":
            continue
        for other in IMPORTED.findall(file.read_text("utf-8")):
            place = file.with_name(other).relative_to(site).as_posix()
            if place not in found:
                found.add(place)
                waiting.append(place)
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the service worker of a built site."""
    parser = argparse.ArgumentParser(prog="python -m scripts.site.service_worker", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("site", type=Path)
    parser.add_argument("--off", action="store_true", help="end the worker of everyone who comes back, and drop its copies")
    options = parser.parse_args(arguments)
    write_worker(options.site, on=not options.off)
    for copy in (".br", ".gz"):
        (options.site / f"sw.js{copy}").unlink(missing_ok=True)   # of the one before
    print(f"service_worker: {'off' if options.off else 'on'}, {options.site / 'sw.js'}")


if __name__ == "__main__":
    main()
