"""No function is longer than can be read at once, unless it says why."""

from pathlib import Path

import pytest

from scripts.project.long_functions import LIMIT, REASON, in_python, long_functions


@pytest.fixture
def checkout(tmp_path: Path, root: Path) -> Path:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "node_modules").symlink_to(root / "node_modules")
    return tmp_path


def python(lines: int, docstring: str = "Count.") -> str:
    return "\n".join(["def count():", f'    """{docstring}"""', *["    print(1)"] * (lines - 2), ""])


def javascript(lines: int, comment: str = "") -> str:
    return "\n".join([comment, "export const count = () => {", *["  print(1);"] * (lines - 2), "};", ""])


def test_a_function_of_the_limit_passes_and_one_line_more_does_not(checkout: Path) -> None:
    (checkout / "scripts/one.py").write_text(python(LIMIT), "utf-8")
    (checkout / "scripts/one.mjs").write_text(javascript(LIMIT), "utf-8")
    assert list(long_functions(checkout)) == []
    (checkout / "scripts/one.py").write_text(python(LIMIT + 1), "utf-8")
    (checkout / "scripts/one.mjs").write_text(javascript(LIMIT + 1), "utf-8")
    found = list(long_functions(checkout))
    assert [message.partition(" ")[0] for message in found] == ["scripts/one.py:1:", "scripts/one.mjs:2:"]
    assert all(f"{LIMIT + 1} lines" in message for message in found)


def test_one_that_says_why_passes(checkout: Path) -> None:
    (checkout / "scripts/one.mjs").write_text(javascript(LIMIT + 9, f"/** {REASON} its parts share everything. */"), "utf-8")
    assert list(long_functions(checkout)) == []
    assert not list(in_python(python(LIMIT + 9, f"Count. {REASON} a table reads best whole.")))


def test_ours_can_be_read_at_once(root: Path) -> None:
    assert list(long_functions(root)) == []
