"""The drawing of the architecture is that of the code, and imports go down only."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.project import architecture
from scripts.project.architecture import PAGE, drawing, with_drawing


def test_the_drawing_is_current() -> None:
    assert architecture.main(["--check"]) == 0, "run: .venv/bin/python -m scripts.project.architecture"


def contracts(folder: Path) -> subprocess.CompletedProcess[str]:
    """Hold the imports of a checkout against the contracts of its pyproject.toml."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_imports_go_down_only(root: Path) -> None:
    assert contracts(root).returncode == 0, contracts(root).stdout


@pytest.mark.parametrize(("file", "line"), [
    ("decision_tree/dates.py", "import decision_tree.advice"),
    ("decision_tree/guide/letters.py", "import decision_tree.authoring.read.load"),
    ("scripts/content/page.py", "import scripts.site.build"),
    ("scripts/leaflets/pdf.py", "import scripts.runtime.node"),
    ("scripts/content/macros.py", "import mkdocs"),
])
def test_an_import_that_goes_up_is_refused(file: str, line: str, root: Path, tmp_path: Path) -> None:
    for name in ("decision_tree", "scripts"):
        shutil.copytree(root / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.yaml"))
    shutil.copy(root / "pyproject.toml", tmp_path)
    with (tmp_path / file).open("a", encoding="utf-8") as module:
        module.write(f"\n{line}\n")
    refused = contracts(tmp_path)
    assert refused.returncode != 0
    assert "BROKEN" in refused.stdout


def test_an_import_makes_an_arrow_and_a_longer_way_takes_the_short_one_away(tmp_path: Path) -> None:
    modules = {"site/one": "from scripts.runtime import build\nimport scripts.project.two\n",
               "runtime/__init__": "import scripts.project.two\n", "project/two": ""}
    for name, text in modules.items():
        (tmp_path / "scripts" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "scripts" / f"{name}.py").write_text(text, "utf-8")
    arrows = [line.strip() for line in drawing(tmp_path).splitlines() if "-->" in line]
    assert arrows == ["scripts_runtime --> scripts_project", "scripts_site --> scripts_runtime"]


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
