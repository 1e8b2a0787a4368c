"""The search index of one language: what MkDocs' search plugin collected, without markup, with the synonyms."""

import hashlib
import html
import json
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from decision_tree.authoring.read.match_words import MatchWords
from decision_tree.authoring.read.yaml_text import plain_value
from decision_tree.match.spelling import fold, stem
from scripts.content.loaded import knowledge
from scripts.project.paths import ROOT

WORDS = ROOT / "overrides" / "search" / "words.yaml"
PAGES_LEFT_OUT = ("recherche/", "plan-du-site/", "404.html")
SURE = 60          # points from which a page answers words that stand alone
TOPIC_PAGES = 3
ARTICLE = re.compile(r"droit/[a-z]+-[a-z]*(\d[\d-]*)/")


def write_index(folder: Path, locale: str) -> str:
    """Write the index beside the one of the plugin, which it replaces; return its name, which holds its hash."""
    collected = folder / "search_index.json"
    docs = json.loads(collected.read_text("utf-8"))["docs"]
    words = knowledge().match
    small = {fold(word) for word, _ in words.spelling["small"][locale]} | set(load_words("small", locale))
    index = {"synonyms": load_words("synonyms", locale), "pages": list(entries(docs, load_words("left_out", locale))),
             "small": sorted(small), "topics": topics(words, locale, small) | load_words("answers", locale)}
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    name = f"index.{hashlib.sha256(text.encode()).hexdigest()[:10]}.json"
    (folder / name).write_text(text, "utf-8")
    collected.unlink()
    return name


def topics(words: MatchWords, locale: str, small: Collection[str]) -> dict[str, list[str]]:
    """Return the pages that answer some words, best first, from the rules that read people's sentences.

    A key is one to four words, folded as the page folds what is typed, without the `small` ones unless fewer than two would be left;
    `avort*` is any word that begins so.
    """
    facts = {(rule["fact"], str(one["value"])): one for rule in words.facts for one in rule["values"] if not one.get("needs")}
    found: dict[str, dict[str, int]] = {}
    for rule in words.pages:
        if rule.get("needs") or rule["points"] < SURE:
            continue
        for phrase in sorted(_phrases(words, facts, rule, locale)):
            every = [fold(word) for word in phrase.split()]
            some = [word for word in every if word not in small]
            key = " ".join(map(stem, some if len(some) > 1 else every))   # "against me" is more than "against"
            pages = found.setdefault(key, {})
            pages[rule["page"]] = max(rule["points"], pages.get(rule["page"], 0))
    return {key: sorted(pages, key=lambda page: -pages[page])[:TOPIC_PAGES] for key, pages in sorted(found.items()) if len(key) > 2}


def _phrases(words: MatchWords, facts: Mapping[tuple[str, str], Mapping[str, Any]], rule: Mapping[str, Any], locale: str) -> set[str]:
    """Return the words alone that fulfil a rule: not those that must stand beside others."""
    found: set[str] = set()
    for condition, _ in rule["when"]:
        if condition.startswith("="):
            fact, _, values = condition[1:].partition(":")
            for value in values.split("/"):
                if one := facts.get((fact, value)):
                    found |= _phrases(words, facts, one, locale)
        elif condition in words.entries:
            found |= _literals(words, condition, locale)
    return found


def _literals(words: MatchWords, entry: str, locale: str) -> set[str]:
    found: set[str] = set()
    for pattern, _ in words.entries[entry].get(locale) or ():
        if name := re.fullmatch(r"<(\w+)>", pattern):
            found |= _literals(words, name[1], locale)
        elif re.fullmatch(r"[^\W_]+\*?(?: [^\W_]+\*?){0,4}", pattern):
            found.add(pattern)
    return found


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
