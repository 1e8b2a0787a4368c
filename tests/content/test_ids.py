"""A body or a text of law is named by the knowledge, never by code."""

from pathlib import Path

import pytest

from scripts.content.checks import ids


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for folder in ids.FOLDERS:
        (tmp_path / folder).mkdir()
    return tmp_path


def test_our_code_names_none() -> None:
    assert list(ids.check()) == []


@pytest.mark.parametrize(("file", "text", "line"), [
    ("scripts/one.py", 'PLACES = (\n    "mediateur-cpam",\n)\n', 2),
    ("decision_tree/one.py", "def law():\n    return 'csp-r1110-11'\n", 2),
    ("overrides/one.mjs", "const body = `defenseur-des-droits`;\n", 1),
])
def test_an_id_in_code_is_refused(checkout: Path, file: str, text: str, line: int) -> None:
    (checkout / file).write_text(text, "utf-8")
    (found,) = ids.check(checkout)
    assert str(found).startswith(f"{file}:{line}: the code names '")


def test_words_that_hold_an_id_are_no_id(checkout: Path) -> None:
    (checkout / "scripts/one.py").write_text('"""As mediateur-cpam does."""\nPAGE = "organismes/mediateur-cpam.md"\n', "utf-8")
    assert list(ids.check(checkout)) == []
