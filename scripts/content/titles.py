"""The title of each page, as its first line says it: the pages somebody wrote, and those made from the knowledge."""

import re
from collections.abc import Mapping
from functools import cache

from scripts.content import generated, language_pages, printable
from scripts.content.page import read_pages

FIRST = re.compile(r"^# (?P<title>.*?)(?: *\{[^}]*\})?$", re.MULTILINE)


@cache
def page_titles(locale: str) -> Mapping[str, str]:
    """Return address of a page, without its last slash → title."""
    made = ((path, text) for made_pages in (generated.made_pages, printable.made_pages, language_pages.made_pages)
            for path, text in made_pages(locale))
    texts = {**dict(made), **{page.path: page.markdown for page in read_pages(locale)}}
    return {path.removesuffix(".md").removesuffix("index").rstrip("/"): found["title"].strip()
            for path, text in texts.items() if (found := FIRST.search(text))}
