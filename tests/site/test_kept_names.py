"""What a browser's translation must leave: every link that calls, or leads to a body or a text of law, keeps its number and its name."""

import re
from pathlib import Path
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from bs4.filter import SoupStrainer

from decision_tree.authoring.read.load import knowledge
from decision_tree.guide.render import is_name
from tests.conftest import LOCALES

NUMBER = re.compile(r"\d[\d\s.–-]*\d|\d")


def translated(link: Tag) -> str:
    """Return the words of a link that a browser may translate."""
    return "".join(text for text in link.descendants if isinstance(text, NavigableString)
                   and not any(above.get("translate") == "no" for above in text.parents))


def lost(link: Tag, address: str) -> list[str]:
    """Return the numbers and the names that a link of the page at this address would lose."""
    href, words = urljoin(address, str(link["href"])), translated(link)
    room, _, part = href.partition("#")[0].rstrip("/").rpartition("/")
    body = knowledge().bodies.get(part) if room.endswith("organismes") else None
    names = {*body.short.words.values(), *body.name.words.values()} if body and is_name(body.name) else set()
    law = knowledge().laws.get(part) if room.endswith("droit") else None
    numbers = NUMBER.findall(words if href.startswith(("tel:", "sms:")) else "")
    article = re.findall(r"\d[\d-]*", law.number)[:1] if law else []
    return [*numbers, *(one for one in article if one in words), *(name for name in names if name.casefold() in words.casefold())]


@pytest.mark.parametrize("locale", LOCALES)
def test_no_link_of_any_page_loses_a_number_or_a_name(site: Path, locale: str) -> None:
    pages = [page for page in site.rglob("index.html") if (page.relative_to(site).parts[0] == "en") == (locale == "en")]
    assert len(pages) > 100
    links = SoupStrainer("a", href=True)
    read = {f"http://site/{page.parent.relative_to(site)}/": BeautifulSoup(page.read_bytes(), "lxml", parse_only=links).select("a")
            for page in pages}
    assert sum(map(len, read.values())) > 5_000
    assert [(gone, address, str(link)[:200]) for address, some in read.items() for link in some if (gone := lost(link, address))] == []
