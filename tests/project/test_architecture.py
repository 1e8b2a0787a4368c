"""The drawing of the architecture is that of the code, and the engine needs nobody."""

import re
from pathlib import Path

import pytest

from scripts.project import architecture
from scripts.project.architecture import PAGE, drawing, imports, with_drawing


def test_the_drawing_is_current() -> None:
    assert architecture.main(["--check"]) == 0, "run: .venv/bin/python -m scripts.project.architecture"


def test_the_engine_needs_no_other_room() -> None:
    assert {there for here, there in imports() if here == "decision_tree"} == {"decision_tree"}
    assert {there for here, there in imports() if here == "decision_tree/authoring"} == {"decision_tree", "decision_tree/authoring"}


def test_an_import_makes_an_arrow(tmp_path: Path) -> None:
    (tmp_path / "scripts" / "runtime").mkdir(parents=True)
    (tmp_path / "scripts" / "one.py").write_text("from scripts.runtime import build\n", "utf-8")
    (tmp_path / "scripts" / "runtime" / "__init__.py").write_text("", "utf-8")
    assert "  scripts --> scripts_runtime" in drawing(tmp_path)


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="the marks are missing"):
        with_drawing("nothing", "drawing")


@pytest.mark.parametrize("page", [PAGE, *sorted((PAGE.parent / "decisions").glob("*.md"))], ids=lambda page: page.name)
def test_every_file_it_links_to_exists(page: Path) -> None:
    text = page.read_text("utf-8")
    links = re.findall(r"\]\(([^):#]+)\)", text)
    assert not [link for link in links if not (page.parent / link).exists()]
    assert text.startswith("# ")


def test_decisions_are_numbered_listed_in_that_order_and_say_their_cost() -> None:
    paths = sorted((PAGE.parent / "decisions").glob("*.md"))
    assert len(paths) >= 10
    assert [path.name[:4] for path in paths] == [f"{number:03}-" for number in range(1, len(paths) + 1)]
    assert re.findall(r"\]\(decisions/([^)]+)\)", PAGE.read_text("utf-8")) == [path.name for path in paths]
    assert not [path.name for path in paths if not re.search(r"^(\*\*|## )What it costs", path.read_text("utf-8"), re.MULTILINE)]
