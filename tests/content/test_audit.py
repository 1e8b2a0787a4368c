"""The grid of the RGAA: whole, proven, and naming tests that exist."""

import re
from pathlib import Path

import pytest

from decision_tree.authoring.read.problems import KnowledgeError
from scripts.content.audit import FILE, RESULTS, AuditError, audit
from scripts.project.paths import ROOT


def test_the_grid_has_its_106_criteria_on_ten_pages_and_each_its_proof() -> None:
    found = audit()
    assert len(found.criteria) == sum(found.counts().values()) == 106 and len(found.pages) == 10
    assert all(one.proof and len(one.results) == 10 for one in found.criteria)
    assert set(found.counts()) == set(RESULTS)


def test_the_tests_it_names_exist() -> None:
    written = {name for file in (ROOT / "tests").rglob("test_*.py") for name in re.findall(r"def (test_\w+)", file.read_text("utf-8"))}
    missing = {name for one in audit().criteria for name in one.tests} - written
    assert not missing
    assert audit().measured + audit().tested == 106 and audit().measured > 90


@pytest.mark.parametrize(("old", "new", "said"), [
    ('- id: "1.2"', '- id: "1.12"', "1.2 is missing"),
    ('  result: "NA NA C ', '  result: "NA C ', "1.1 needs 10 results"),
    ('  result: "NA NA C ', '  result: "NA OUI C ', "1.1 needs 10 results"),
])
def test_a_grid_that_cannot_stand_says_why(tmp_path: Path, old: str, new: str, said: str) -> None:
    copy = tmp_path / "rgaa.yaml"
    copy.write_text(FILE.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(AuditError, match=said):
        audit(copy)


def test_a_key_that_is_unknown_is_said_with_its_line(tmp_path: Path) -> None:
    copy = tmp_path / "rgaa.yaml"
    copy.write_text(FILE.read_text("utf-8").replace("  proof:", "  prof:", 1), "utf-8")
    with pytest.raises(KnowledgeError, match=r"rgaa\.yaml:\d+"):
        audit(copy)
