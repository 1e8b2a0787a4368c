"""What people type, and the page whose first lines answer: `match` leads there, and the opening box says so."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from decision_tree.authoring.read.yaml_text import plain_value
from decision_tree.match.matcher import match
from scripts.content.own_words import lexicon
from scripts.content.page import DOCS, Page

FOLDER = Path(__file__).with_name("typed_questions")
LEAST = 20


@dataclass(frozen=True, slots=True)
class Question:
    """One question in one language: the words typed, the page expected and what its opening box says."""

    locale: str
    asked: str
    page: str
    says: str


def questions() -> list[Question]:
    """Return every question of every file, in both languages."""
    raw: list[dict[str, Any]] = [one for file in sorted(FOLDER.glob("*.yaml")) for one in plain_value(file.read_text("utf-8"))]
    return [Question(locale, one["asked"][locale], one["page"], one["says"][locale]) for one in raw for locale in ("fr", "en")]


def opening(locale: str, page: str) -> str:
    """Return the words of the box at the head of a page, without macros, marks or no-break spaces."""
    stem = page.rstrip("/")
    path = next(name for name in (f"{stem}.md", f"{stem}/index.md") if (DOCS / locale / name).exists())
    text = Page(locale, path, (DOCS / locale / path).read_text("utf-8")).markdown
    box = text[text.index("!!! brief"):].split("\n\n", 1)[0]
    return re.sub(r"\s+", " ", re.sub(r"\{\{.*?\}\}|\*\*|\[|\]\([^)]*\)", "", box))


def test_there_are_twenty_questions_of_professionals_at_least() -> None:
    rooms = "professionnels/", "partenaires/"
    assert len({one.asked for one in questions() if one.locale == "fr" and one.page.startswith(rooms)}) >= LEAST


@pytest.mark.parametrize("one", questions(), ids=lambda one: f"{one.locale}: {one.asked}")
def test_the_first_lines_of_the_page_answer(one: Question) -> None:
    assert re.sub(r"\s+", " ", one.says) in opening(one.locale, one.page)


@pytest.mark.parametrize("one", questions(), ids=lambda one: f"{one.locale}: {one.asked}")
def test_the_typed_words_lead_to_the_page(one: Question) -> None:
    found = match(lexicon(one.locale), one.asked).plain()["pages"]
    assert one.page in found[:3], found
