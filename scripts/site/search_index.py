"""The search index of one language: what MkDocs' search plugin collected, without markup, with the synonyms."""

import hashlib
import html
import json
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from decision_tree.authoring.read.yaml_text import plain_value
from scripts.project.paths import ROOT

WORDS = ROOT / "overrides" / "search" / "words.yaml"
PAGES_LEFT_OUT = ("recherche/", "plan-du-site/", "404.html")
ARTICLE = re.compile(r"droit/[a-z]+-[a-z]*(\d[\d-]*)/")


def write_index(folder: Path, locale: str) -> str:
    """Write the index beside the one of the plugin, which it replaces; return its name, which holds its hash."""
    collected = folder / "search_index.json"
    docs = json.loads(collected.read_text("utf-8"))["docs"]
    index = {"synonyms": load_words("synonyms", locale), "pages": list(entries(docs, load_words("left_out", locale)))}
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    name = f"index.{hashlib.sha256(text.encode()).hexdigest()[:10]}.json"
    (folder / name).write_text(text, "utf-8")
    collected.unlink()
    return name


def load_words(kind: str, locale: str, file: Path = WORDS) -> Any:
    """Return the synonyms, or the headings left out, of one language."""
    return plain_value(file.read_text("utf-8"), texts=True)[kind][locale]


def entries(docs: list[Mapping[str, str]], headings_left_out: Collection[str]) -> Iterator[dict[str, str]]:
    """Yield one entry a section: u address, t title of its page, h its own heading, x its text, n the number of an article."""
    titles = {doc["location"]: plain(doc["title"]) for doc in docs if "#" not in doc["location"]}
    for doc in docs:
        page, _, part = doc["location"].partition("#")
        heading = plain(doc["title"]) if part else ""
        if page.startswith(PAGES_LEFT_OUT) or heading in headings_left_out:
            continue
        entry = {"u": doc["location"], "t": titles.get(page, ""), "h": heading, "x": plain(doc["text"])}
        if not part and (number := ARTICLE.match(page)):
            entry["n"] = number[1]
        yield entry


def plain(marked: str) -> str:
    """Return the text of a piece of HTML on one line."""
    text = re.sub(r"<(?:svg|style|script)\b.*?</(?:svg|style|script)>", " ", marked, flags=re.DOTALL)
    text = re.sub(r"</?(?:p|li|ul|ol|td|th|tr|div|br|dt|dd|h\d|blockquote)\b[^>]*>", " ", text)
    text = html.unescape(re.sub(r"<[^>]+>", "", text))
    return re.sub(r"[ \t\n\r]+", " ", text).strip()
