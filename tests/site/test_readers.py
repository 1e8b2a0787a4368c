"""What is left of our pages in reader modes (Readability, Firefox's own) and for those who gather pages (trafilatura)."""

import re
from collections import Counter
from pathlib import Path

import pytest
import trafilatura
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Page

from scripts.project.paths import ROOT
from tests.conftest import LOCALES, NewContext
from tests.support.lanes import sample
from tests.support.page_types import TYPES

READABILITY = ROOT / "node_modules" / "@mozilla" / "readability"
LEAST = 0.9
WORD = re.compile(r"\w+")
NOT_TEXT = "nav, form, script, noscript, button, svg, [hidden]"
# Pages of links, or a tool: there is little text to keep.
LISTS = {"section", "search", "map", "guide", "missing"}
TEXTS = [kind for kind in TYPES if kind not in LISTS]
IN_READER_MODE = [(locale, kind) for kind in dict.fromkeys(("home", "partners", "law", *TEXTS)) for locale in LOCALES]


def source(site: Path, locale: str, kind: str) -> str:
    return (site / ("en" if locale == "en" else "") / TYPES[kind] / "index.html").read_text("utf-8")


def is_of_links(part: Tag) -> bool:
    """Say whether a list has nothing but links: the way to other pages, which readers leave out."""
    items = part.find_all("li", recursive=False)
    linked = [" ".join(link.get_text() for link in item.find_all("a")) for item in items]
    return bool(items) and all(WORD.findall(item.get_text()) == WORD.findall(one) for item, one in zip(items, linked, strict=True))


def text_of(page: str) -> str:
    """Return what a person reads in a page, without its menus, its forms and its lists of links."""
    main = BeautifulSoup(page, "lxml").select("main")[0]
    for part in [*main.select(NOT_TEXT), *(one for one in main.select("ul, ol") if is_of_links(one))]:
        part.decompose()
    return main.get_text(" ")


def share(kept: str, whole: str) -> float:
    """Return how many of the words of `whole` are in `kept`, each as often as it is there."""
    wanted, found = (Counter(WORD.findall(text.lower())) for text in (whole, kept))
    return (wanted & found).total() / wanted.total()


def opened_for_readability(new_context: NewContext, site: Path, locale: str, kind: str) -> Page:
    page = new_context(bypass_csp=True).new_page()
    page.route("**/*", lambda route: route.abort())
    page.set_content(re.sub(r"<script.*?</script>", "", source(site, locale, kind), flags=re.DOTALL), wait_until="domcontentloaded")
    for name in ("Readability.js", "Readability-readerable.js"):
        page.add_script_tag(content=(READABILITY / name).read_text("utf-8"))
    return page


@pytest.mark.sampled
@pytest.mark.parametrize(("locale", "kind"), sample(IN_READER_MODE, 6))
def test_a_reader_mode_keeps_the_text(new_context: NewContext, site: Path, locale: str, kind: str) -> None:
    page = opened_for_readability(new_context, site, locale, kind)
    kept = page.evaluate("""() => {
      const found = new Readability(document.cloneNode(true)).parse();
      const text = document.createElement("div");
      text.innerHTML = found.content.replace(/</g, " <");
      return `${found.title} ${text.textContent}`;
    }""")
    assert share(kept, text_of(source(site, locale, kind))) >= LEAST


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", ["home", "partners", "page", "law"])
def test_reader_mode_is_offered(new_context: NewContext, site: Path, locale: str, kind: str) -> None:
    page = opened_for_readability(new_context, site, locale, kind)
    assert page.evaluate("isProbablyReaderable(document)")


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", TEXTS)
def test_who_gathers_pages_keeps_the_text(site: Path, locale: str, kind: str) -> None:
    page = source(site, locale, kind)
    kept = trafilatura.extract(page, include_tables=True) or ""
    assert share(kept, text_of(page)) >= LEAST


@pytest.mark.parametrize("kind", ["law", "body", "partners"])
def test_the_words_of_the_law_and_what_they_were_compared_with_are_kept(site: Path, kind: str) -> None:
    page = source(site, "fr", kind)
    kept = " ".join((trafilatura.extract(page, include_tables=True) or "").split())
    quoted = [" ".join(one.get_text().split()) for one in BeautifulSoup(page, "lxml").select("main blockquote > p")]
    assert kind != "law" or quoted
    assert [one for one in quoted if one.strip("« »\u00a0") not in kept] == []
