"""What patients type has a page, and the answer stands in its first lines: one row of the table a question.

The table is `first_lines.yaml`: what is typed, the page, and words of the answer in each language.
"""

import re
from functools import cache
from pathlib import Path

import pytest
import yaml

from scripts.content.page import DOCS, Page
from scripts.content.prose import line_by_line

TABLE = yaml.safe_load(Path(__file__).with_name("first_lines.yaml").read_text(encoding="utf-8"))
FIRST_LINES = 12  # of text: the brief and what follows it; the longest page has some 130


def plain(text: str) -> str:
    """Return a text as one line, without marks of Markdown or of the measure."""
    return re.sub(r"\s+([.,])", r"\1", re.sub(r"[\s\u00a0\u202f]+", " ", re.sub(r"[\ue000-\ue00f*|]|<[^>]*>", "", text)))


@cache
def beginning(locale: str, path: str) -> str:
    """Return what a reader meets first on a page: its description, then its first lines of text."""
    file = DOCS / locale / path
    page = Page(locale, path, file.read_text(encoding="utf-8"))
    lines = [words for _, words in line_by_line(page) if words.strip()][:FIRST_LINES]
    return plain(" ".join([str(page.meta["description"]), *lines]))


def test_the_table_holds_the_questions_people_type() -> None:
    asked = [row["asks"] for row in TABLE]
    assert len(asked) == len(set(asked)) >= 40


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["asks"])
def test_a_typed_question_is_answered_in_the_first_lines_of_a_page(row: dict[str, str], locale: str) -> None:
    said, place = row[locale], f"docs/{locale}/{row['page']}"
    assert plain(said) in beginning(locale, row["page"]), f"{place}: “{said}” no longer answers “{row['asks']}”"


def test_an_answer_far_down_a_page_is_missed() -> None:
    assert "Suis-je obligé de faire quelque chose" not in beginning("fr", "patients/questions.md")
