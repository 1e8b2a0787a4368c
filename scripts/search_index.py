"""The search index of one language: what MkDocs' search plugin collected, without markup, with the synonyms."""

import hashlib
import html
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
SYNONYMS = ROOT / "overrides" / "search" / "synonyms.yaml"
LEFT_OUT = ("recherche/", "plan-du-site/", "404.html")


def write_index(folder: Path, locale: str) -> str:
    """Write the index beside the one of the plugin, which it replaces; return its name, which holds its hash."""
    collected = folder / "search_index.json"
    index = {"synonyms": load_synonyms(locale), "pages": list(entries(json.loads(collected.read_text("utf-8"))["docs"]))}
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    name = f"index.{hashlib.sha256(text.encode()).hexdigest()[:10]}.json"
    (folder / name).write_text(text, "utf-8")
    collected.unlink()
    return name


def load_synonyms(locale: str, file: Path = SYNONYMS) -> Mapping[str, list[str]]:
    """Return word → words to look for as well, as the reader types them, folded as the page folds them."""
    return {str(word): [str(other) for other in others] for word, others in yaml.safe_load(file.read_text("utf-8"))[locale].items()}


def entries(docs: list[Mapping[str, str]]) -> Iterator[dict[str, Any]]:
    """Yield one entry a section: u address, t title of its page, h its own heading, x its text."""
    titles = {doc["location"]: plain(doc["title"]) for doc in docs if "#" not in doc["location"]}
    for doc in docs:
        page, _, part = doc["location"].partition("#")
        if page.startswith(LEFT_OUT):
            continue
        yield {"u": doc["location"], "t": titles.get(page, ""), "h": plain(doc["title"]) if part else "", "x": plain(doc["text"])}


def plain(marked: str) -> str:
    """Return the text of a piece of HTML on one line."""
    text = re.sub(r"<(?:svg|style|script)\b.*?</(?:svg|style|script)>", " ", marked, flags=re.DOTALL)
    text = re.sub(r"</?(?:p|li|ul|ol|td|th|tr|div|br|dt|dd|h\d|blockquote)\b[^>]*>", " ", text)
    text = html.unescape(re.sub(r"<[^>]+>", "", text))
    return re.sub(r"[ \t\n\r]+", " ", text).strip()
