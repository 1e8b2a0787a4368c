"""As a new reader: from the home page, the subject of every reference case is at most three steps away.

By search: open the search, type the title of the case, open one of the first results. By the links alone: three of them.
A page is about a case when it states one of the statements the case rests on, or is the page of a body it leads to.
"""

import json
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any

import pytest
import yaml
from bs4 import BeautifulSoup

from scripts.content.macros import page_url
from scripts.content.page import read_pages
from scripts.project.paths import ROOT

CASES = yaml.safe_load((ROOT / "tests" / "cases" / "reference.yaml").read_text(encoding="utf-8"))
FOLDERS = {"fr": "", "en": "en/"}
STEPS = 3
FIRST_RESULTS = 8


@cache
def statements_by_page(locale: str) -> Mapping[str, frozenset[str]]:
    """Address of each written page → the statements it states."""
    return {page_url(page.path): frozenset(call.id for call in page.calls if call.macro == "src") for page in read_pages(locale)}


def pages_about(case: dict[str, Any], locale: str) -> set[str]:
    """The addresses of the pages about a case."""
    told = {url for url, stated in statements_by_page(locale).items() if stated & set(case["statements"])}
    return told | {f"organismes/{body}/" for body in case["expected"]}


@pytest.fixture(scope="session")
def results(site: Path) -> dict[str, dict[str, list[str]]]:
    """Locale → id of a case → the pages its title finds, best first."""
    found = {}
    for locale, folder in FOLDERS.items():
        index = next((site / folder / "search").glob("index.*.json"))
        asked = json.dumps({"index": str(index), "queries": [case["title"][locale] for case in CASES]})
        done = subprocess.run(["node", "tests/site/search_titles.mjs"], input=asked, text=True, capture_output=True, check=True, cwd=ROOT)
        pages = [[address.partition("#")[0] for address in addresses] for addresses in json.loads(done.stdout)]
        found[locale] = dict(zip([case["id"] for case in CASES], pages, strict=True))
    return found


@pytest.fixture(scope="session")
def near(site: Path) -> dict[str, dict[str, int]]:
    """Locale → address of a page → links to follow from the home page, three at most."""
    return {locale: steps_from_home(site / folder) for locale, folder in FOLDERS.items()}


def steps_from_home(folder: Path) -> dict[str, int]:
    steps, edge = {"": 0}, [""]
    for step in range(1, STEPS + 1):
        found = {link for url in edge for link in links(folder, url)} - steps.keys()
        steps |= dict.fromkeys(found, step)
        edge = sorted(found)
    return steps


def links(folder: Path, url: str) -> set[str]:
    """The pages of the same language that a page links to, by address."""
    file = folder / url / "index.html"
    if not file.exists():
        return set()
    soup = BeautifulSoup(file.read_text(encoding="utf-8"), "lxml")
    hrefs = {str(anchor["href"]).partition("#")[0] for anchor in soup.find_all("a", href=True)}
    inside = {normpath(join("/", dirname(f"{url}x"), href)) for href in hrefs if href and ":" not in href}
    return {f"{path.strip('/')}/" if path != "/" else "" for path in inside}


def test_there_are_cases_to_walk() -> None:
    assert len(CASES) >= 50
    assert all(case["statements"] or case["expected"] for case in CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"]["fr"])
@pytest.mark.parametrize("locale", ["fr", "en"])
def test_the_title_of_a_case_finds_a_page_about_it(case: dict[str, Any], locale: str, results: dict[str, dict[str, list[str]]]) -> None:
    found = results[locale][case["id"]][:FIRST_RESULTS]
    assert set(found) & pages_about(case, locale), f"“{case['title'][locale]}” finds {found}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"]["fr"])
@pytest.mark.parametrize("locale", ["fr", "en"])
def test_links_lead_to_a_page_about_a_case(case: dict[str, Any], locale: str, near: dict[str, dict[str, int]]) -> None:
    reached = pages_about(case, locale) & near[locale].keys()
    assert reached, f"no page about “{case['title'][locale]}” is {STEPS} links away from the home page"
    told = {id for url in near[locale] for id in statements_by_page(locale).get(url, ())}
    assert set(case["statements"]) & told or not case["statements"]


def test_the_search_is_two_steps_from_home(site: Path) -> None:
    for folder in FOLDERS.values():
        assert "recherche/" in links(site / folder, "")


def test_a_case_no_page_treats_is_missed(results: dict[str, dict[str, list[str]]]) -> None:
    case = {"id": "none", "title": {"fr": "Rien"}, "statements": ["no-such-statement"], "expected": []}
    assert not pages_about(case, "fr")
