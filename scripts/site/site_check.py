"""Check a built site without a browser: policy, weight, links, translations, what search engines read.

    python -m scripts.site.site_check site/

Each problem is one line: page: what. How to mend it. Exit 1 when there is one.
"""

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from itertools import permutations
from pathlib import Path
from posixpath import normpath
from urllib.parse import unquote, urlsplit

import brotli

from decision_tree.locales import LOCALES, REFERENCE, conventions
from scripts.site.inline_script import states_script
from scripts.site.policy import meta_policy, route_of

FIRST_VIEW = 15_000  # bytes, brotli: a page with all it asks for at once
REQUESTS = 6
STYLES = 6_000  # bytes, brotli
SCRIPTS = 1_000  # bytes, brotli, on an ordinary page
HEAVY = ("guide/", "embed/")  # the guide has its own budget
SCRIPTED = ("recherche/", "guide/", "embed/", "partenaires/", "mon-dossier/")  # pages whose task needs a script
FETCHED = {
    "script": "src",
    "img": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "iframe": "src",
    "embed": "src",
    "object": "data",
}
LINKED = ("stylesheet", "icon", "preload", "modulepreload", "manifest", "apple-touch-icon")
STRUCTURED = "application/ld+json"
ALONE = re.compile(r"langues/[a-z-]+/")   # pages that say both languages themselves, and have no counterpart
OUTSIDE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)


@dataclass(slots=True)
class Tag:
    """One start tag."""

    name: str
    attributes: Mapping[str, str]
    line: int


@dataclass
class Page:
    """One HTML file of the site, and what a reader's browser would ask for with it."""

    site: Path
    file: Path
    tags: list[Tag] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    inline: list[tuple[int, str]] = field(default_factory=list)     # scripts, each with its line

    @property
    def name(self) -> str:
        return self.file.relative_to(self.site).as_posix()

    @property
    def url(self) -> str:
        """The address from the root of its language, without leading slash."""
        return self.name.removeprefix("en/").removesuffix("index.html")

    @property
    def locale(self) -> str:
        return next((one for one in LOCALES[1:] if self.name.startswith(conventions(one).folder)), REFERENCE)

    @cached_property
    def anchors(self) -> frozenset[str]:
        return frozenset(
            tag.attributes[key] for tag in self.tags for key in ("id", "name") if tag.attributes.get(key) and tag.name != "meta"
        )

    def having(self, name: str) -> Iterator[Tag]:
        return (tag for tag in self.tags if tag.name == name)

    def target(self, link: str) -> tuple[Path, str]:
        """Return the file a relative link leads to, and its anchor."""
        parts = urlsplit(link)
        path = unquote(parts.path)
        if not path:
            return self.file, unquote(parts.fragment)
        base = self.site if path.startswith("/") else self.file.parent
        found = Path(normpath((base / path.lstrip("/")).as_posix()))
        return (found / "index.html" if path.endswith(("/", ".", "..")) or found.is_dir() else found), unquote(parts.fragment)


class Reader(HTMLParser):
    """Collects the start tags of a page, the text of its data blocks and its inline scripts."""

    def __init__(self, page: Page) -> None:
        super().__init__(convert_charrefs=True)
        self.page = page
        self.block: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {key: value or "" for key, value in attrs}
        self.page.tags.append(Tag(tag, values, self.getpos()[0]))
        if tag == "script" and "src" not in values:
            self.block = []

    def handle_data(self, data: str) -> None:
        if self.block is not None:
            self.block.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self.block is not None:
            script, text = self.page.tags[-1], "".join(self.block)
            if script.attributes.get("type") == STRUCTURED:
                self.page.data.append(text)
            else:
                self.page.inline.append((script.line, text))
            self.block = None


def read_pages(site: Path) -> list[Page]:
    """Read every page of the site, in the order of their names."""
    pages = [Page(site, file) for file in sorted(site.rglob("*.html"))]
    for page in pages:
        Reader(page).feed(page.file.read_text("utf-8"))
    return pages


def check_policy(pages: Sequence[Page]) -> Iterator[str]:
    """Nothing inline, nothing from elsewhere, and the policy of the page's route."""
    for page in pages:
        policies = [
            tag.attributes.get("content")
            for tag in page.having("meta")
            if tag.attributes.get("http-equiv", "").lower() == "content-security-policy"
        ]
        route = route_of(page.url)
        wanted = meta_policy(route, page.data[0] if page.data else "")
        if policies != [wanted]:
            yield f"{page.name}: its policy is {policies or 'missing'}. The template writes: {wanted}"
        for line, script in page.inline:
            if not route.states or script != states_script():
                yield f"{page.name}:{line}: an inline script. Move it to overrides/assets/js."
        for tag in page.tags:
            yield from _inline(page, tag)
            yield from _elsewhere(page, tag)


def _inline(page: Page, tag: Tag) -> Iterator[str]:
    place = f"{page.name}:{tag.line}"
    if tag.name == "style" or "style" in tag.attributes:
        yield f"{place}: <{tag.name}> carries an inline style. Move it to overrides/assets/css."
    for key in tag.attributes:
        if key.startswith("on"):
            yield f"{place}: <{tag.name}> has the handler {key}. Listen to the event in a module of overrides/assets/js."


def _elsewhere(page: Page, tag: Tag) -> Iterator[str]:
    for address in requests_of(tag):
        if OUTSIDE.match(address) or address.startswith("data:"):
            yield f"{page.name}:{tag.line}: <{tag.name}> asks {address} of another site. Host the file here, or take it out."


def requests_of(tag: Tag) -> Iterator[str]:
    """Yield the addresses that a browser asks for because of a tag, whether or not the reader does anything."""
    if tag.name in FETCHED and tag.attributes.get(FETCHED[tag.name]):
        yield tag.attributes[FETCHED[tag.name]]
    if "srcset" in tag.attributes:
        yield from (part.split()[0] for part in tag.attributes["srcset"].split(",") if part.strip())
    if tag.name == "link" and set(tag.attributes.get("rel", "").split()) & {*LINKED, "preconnect", "dns-prefetch"}:
        yield tag.attributes.get("href", "")


def check_weight(pages: Sequence[Page]) -> Iterator[str]:
    """A page with all it asks for at once is light; so are its styles and its scripts."""
    packed: dict[Path, int] = {}

    def weight(file: Path) -> int:
        if file not in packed:
            ready = file.with_name(file.name + ".br")
            packed[file] = ready.stat().st_size if ready.exists() else len(brotli.compress(file.read_bytes()))
        return packed[file]

    for page in pages:
        asked = {
            page.target(address)[0]: tag
            for tag in page.tags
            for address in requests_of(tag)
            if _at_once(tag) and not OUTSIDE.match(address)
        }
        present = {file: tag for file, tag in asked.items() if file.exists()}
        styles = sum(weight(file) for file in present if file.suffix == ".css")
        scripts = sum(weight(file) for file in present if file.suffix in (".js", ".mjs"))
        total = weight(page.file) + sum(map(weight, present))
        if styles > STYLES and not page.url.startswith(HEAVY):
            yield f"{page.name}: its styles weigh {styles:,} bytes; the bound is {STYLES:,}."
        if scripts > SCRIPTS and not page.url.startswith(SCRIPTED):
            yield f"{page.name}: its scripts weigh {scripts:,} bytes; the bound is {SCRIPTS:,}."
        if total > FIRST_VIEW and not page.url.startswith(HEAVY):
            own = weight(page.file)
            yield f"{page.name}: the first view weighs {total:,} bytes; the bound is {FIRST_VIEW:,}. The page itself: {own:,}."
        if len(present) + 1 > REQUESTS and not page.url.startswith(HEAVY):
            yield f"{page.name}: the first view asks for {len(present) + 1} files; the bound is {REQUESTS}."


def _at_once(tag: Tag) -> bool:
    return tag.attributes.get("rel") not in ("apple-touch-icon", "manifest") and tag.attributes.get("loading") != "lazy"


def check_links(pages: Sequence[Page]) -> Iterator[str]:
    """Every internal link leads to a file, every anchor to an element, and every hashed file is named by something."""
    known = {page.file: page for page in pages}
    for page in pages:
        missing = page.url == "404.html"  # shown anywhere: its links start at the address of the site
        for tag in page.tags:
            for key in ("href", "src", "data-index"):
                link = tag.attributes.get(key, "")
                if not link or re.match(r"[a-z][a-z0-9+.-]*:", link) or OUTSIDE.match(link):
                    continue
                if link.startswith("/") and not missing:
                    yield f"{page.name}:{tag.line}: the link {link} starts with a slash. Make it relative."
                yield from _broken(page, tag, link, known)


def _broken(page: Page, tag: Tag, link: str, known: Mapping[Path, Page]) -> Iterator[str]:
    file, anchor = page.target(link)
    if not file.exists():
        yield f"{page.name}:{tag.line}: the link {link} leads to no file. Mend it, or write the page."
    elif anchor and file in known and anchor not in known[file].anchors and not anchor.startswith((":~:", "q=")):
        yield f"{page.name}:{tag.line}: the link {link} leads to no element named '{anchor}'."


def check_translations(pages: Sequence[Page]) -> Iterator[str]:
    """Every page is there in both languages and says so, to readers and to search engines."""
    urls = {locale: {page.url for page in pages if page.locale == locale} for locale in LOCALES}
    for locale, other in permutations(LOCALES, 2):
        for url in sorted(url for url in urls[locale] - urls[other] if not ALONE.fullmatch(url)):
            yield f"{url or 'index.html'}: this page exists in {locale} only. Write it in docs/{other}."
    for page in pages:
        html = next(page.having("html"), None)
        if html is None or html.attributes.get("lang") != page.locale:
            yield f'{page.name}: <html> does not say lang="{page.locale}".'
        yield from _addresses(page)


def _addresses(page: Page) -> Iterator[str]:
    if any(tag.attributes.get("name") == "robots" for tag in page.having("meta")):
        return
    links = [tag.attributes for tag in page.having("link")]
    canonical = [link.get("href", "") for link in links if link.get("rel") == "canonical"]
    others = {link["hreflang"]: link.get("href", "") for link in links if link.get("rel") == "alternate" and "hreflang" in link}
    if len(canonical) != 1 or not canonical[0].startswith("https://") or not canonical[0].endswith(page.url):
        yield f"{page.name}: its canonical address is {canonical}. The template partials/metadata.html writes it from site.yaml."
    if ALONE.fullmatch(page.url):
        if others:
            yield f"{page.name}: it translates no page, and says it is one of {others}. Mend partials/metadata.html."
    elif set(others) != {*LOCALES, "x-default"} or [others.get(page.locale)] != canonical or others["x-default"] != others[REFERENCE]:
        yield f"{page.name}: its addresses in the two languages do not agree: {others}."


def check_metadata(pages: Sequence[Page]) -> Iterator[str]:
    """A title, a description, one h1, and structured data that can be read; no title twice in one language."""
    titles: dict[tuple[str, str], str] = {}
    for page in pages:
        text = page.file.read_text("utf-8")
        title = (re.search(r"<title>(.*?)</title>", text, re.DOTALL) or [""])[1] if "<title>" in text else ""
        description = [tag.attributes.get("content", "") for tag in page.having("meta") if tag.attributes.get("name") == "description"]
        if not title or description in ([], [""]):
            yield f"{page.name}: it lacks a title or a description. Add them to its front matter."
        if (before := titles.setdefault((page.locale, title), page.name)) != page.name:
            yield f"{page.name}: its title is also that of {before}. Give each its own."
        if (count := len(list(page.having("h1")))) != 1:
            yield f"{page.name}: it has {count} titles of level 1. Keep one."
        for block in page.data:
            try:
                json.loads(block)
            except ValueError as error:
                yield f"{page.name}: its structured data cannot be read: {error}."


CHECKS: Mapping[str, Callable[[Sequence[Page]], Iterator[str]]] = {
    "policy": check_policy,
    "weight": check_weight,
    "links": check_links,
    "translations": check_translations,
    "metadata": check_metadata,
}


def problems(site: Path, names: Sequence[str] = tuple(CHECKS)) -> list[str]:
    """Return every problem of the site."""
    pages = read_pages(site)
    if not pages:
        return [f"{site}: there is no page. Build the site first: make build."]
    return [problem for name in names for problem in CHECKS[name](pages)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verb and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.site.site_check", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("site", type=Path, nargs="?", default=Path("site"))
    parser.add_argument("--only", choices=CHECKS, action="append", help="run only this check")
    options = parser.parse_args(arguments)
    found = problems(options.site, options.only or tuple(CHECKS))
    print("\n".join(found))
    print(f"site_check: {len(found)} problems", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
