"""The site in a real old browser, Chromium 64 of January 2018: no script of ours runs, pages are read, the guide is walked, all is printed.

It has no driver: it opens one address, prints it or says what it holds, and ends. One that does not end has met a loop.
"""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html
from pypdf import PdfReader

from scripts.site.serve import SiteServer
from tests.support.apps import old_chromium
from tests.support.guide_pages import DENTIST

pytestmark = pytest.mark.prove
QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--single-process", "--no-zygote", "--homedir=/tmp")


def printed(url: str, folder: Path) -> PdfReader:
    """Return a page as this browser prints it."""
    paper = folder / "page.pdf"
    subprocess.run([old_chromium(), *QUIET, f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={paper}", url],
                   capture_output=True, timeout=90, check=False)
    return PdfReader(paper)


def words(text: str) -> str:
    """Return a text with plain spaces."""
    return re.sub(r"\s+", " ", text)


def walk(page: Path) -> Iterator[tuple[str, str]]:
    """Yield the number and the heading of each state on the dentist's way, as the links of the page lead."""
    tree = html.parse(str(page))
    number = "n1"
    for answer in (*DENTIST, ""):
        state = tree.find(f".//*[@id='{number}']")
        yield number, words("".join(state.find(".//h2").itertext())).strip()
        if answer:
            number = state.find(f".//a[@data-answer='{answer}']").get("href").lstrip("#")


def test_each_state_of_a_way_is_shown_and_printed_alone(site: Path, server: SiteServer, tmp_path: Path) -> None:
    states = list(walk(site / "guide" / "index.html"))
    assert len(states) == len(DENTIST) + 1
    for number, heading in states:
        paper = printed(f"{server.url}guide/#{number}", tmp_path)
        text = words(" ".join(sheet.extract_text() for sheet in paper.pages))
        assert heading.replace("\u00a0", " ") in text, number
        assert len(paper.pages) <= 5, number


@pytest.mark.parametrize(("path", "sheets"), [("", 5), ("lettres/mediateur/", 6), ("patients/urgence/", 5), ("en/recherche/", 20)])
def test_a_page_is_read_and_printed(site: Path, server: SiteServer, tmp_path: Path, path: str, sheets: int) -> None:
    paper = printed(f"{server.url}{path}", tmp_path)
    heading = words("".join(html.parse(str(site / path / "index.html")).find(".//h1").itertext())).strip()
    text = words(" ".join(sheet.extract_text() for sheet in paper.pages))
    assert heading in text and len(text) > 800
    assert len(paper.pages) <= sheets


def test_a_letter_to_write_by_hand_is_the_whole_of_its_page(server: SiteServer, tmp_path: Path) -> None:
    text = words(" ".join(sheet.extract_text() for sheet in printed(f"{server.url}lettres/president-ordre/", tmp_path).pages))
    for part in ("Fait à …", "Objet : refus de soins", "Mots employés", "Je vous saisis d’un refus de soins"):
        assert part in text
