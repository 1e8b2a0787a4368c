"""What `make load` asks for and prints, without the load itself."""

import re
from pathlib import Path

import pytest

from scripts.measure.load import MARKS, PAGE, PAGES, Measure, Words, files_of, read_figures, table
from scripts.project.marked_blocks import write_block
from scripts.project.paths import ROOT

PRINTED = """Running 1s test @ http://127.0.0.1:1
  2 threads
{"requests":1000,"bytes":4000000,"us":2000000,"wrong":3,"p50_us":4500,"p99_us":90000}
"""


@pytest.mark.parametrize(("name", "place"), PAGES)
def test_a_view_is_a_page_with_the_files_of_its_own_server(site: Path, name: str, place: str) -> None:
    paths = files_of(site, place)
    assert paths[0] == f"/{place}"
    assert any(re.search(r"/css/(site|guide)[.]", path) for path in paths), name
    assert all((site / path.lstrip("/")).exists() for path in paths)


def test_figures_are_those_wrk_printed() -> None:
    found = read_figures(PRINTED, "Page", 4)
    assert found == Measure(name="Page", files=4, view_bytes=16000, requests_s=500, views_s=125, p50_ms=4.5, p99_ms=90, errors=3)
    assert "| Page | 4 | 16.0 | 500 | 125 | 781 | 4.5 | 90.0 | 3 |" in table([found])


def test_the_stock_page_holds_the_same_words(site: Path) -> None:
    words = Words()
    words.feed((site / PAGE / "index.html").read_text("utf-8"))
    text = "\n".join(words.lines)
    assert text.count("\n## ") >= 3
    assert len(text) > 3_000


def test_the_block_of_the_readme_is_replaced_and_nothing_else(tmp_path: Path) -> None:
    document = tmp_path / "README.md"
    document.write_text(f"before\n{MARKS[0]}\nold\n{MARKS[1]}\nafter\n", "utf-8")
    write_block("new\n", document, MARKS)
    assert document.read_text("utf-8") == f"before\n{MARKS[0]}\nnew\n{MARKS[1]}\nafter\n"


def test_a_document_without_marks_is_left_alone(tmp_path: Path) -> None:
    document = tmp_path / "README.md"
    document.write_text("nothing\n", "utf-8")
    with pytest.raises(ValueError, match="the marks are missing"):
        write_block("new\n", document, MARKS)


def test_the_readme_has_the_marks() -> None:
    text = (ROOT / "docs" / "figures.md").read_text("utf-8")
    assert all(text.count(mark) == 1 for mark in MARKS)
