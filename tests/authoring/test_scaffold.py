"""A new body starts from the scaffold, which lists all that is missing."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.project.paths import ROOT


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for folder in ("decision_tree", "scripts", "tests/cases"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def scaffold(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "scripts.upkeep.scaffold", *arguments], cwd=folder,
                          capture_output=True, text=True, check=False)


def test_a_new_body_comes_with_the_list_of_what_is_missing(copy: Path) -> None:
    done = scaffold(copy, "body", "maison-des-usagers")
    assert (done.returncode, done.stderr) == (0, "")
    missing = done.stdout.split("Still missing:")[1]
    assert "decision_tree/knowledge/bodies/maison-des-usagers.yaml:3: this text is empty. Write it, or remove the line." in missing
    assert "decision_tree/knowledge/rules/maison-des-usagers.yaml:6: a condition has exactly one key" in missing
    assert "decision_tree/knowledge/rules/maison-des-usagers.yaml:9: this list is empty" in missing
    assert missing.count("bodies/maison-des-usagers.yaml") == 9


@pytest.mark.prove      # the whole knowledge is proved with it
def test_filled_in_it_asks_for_the_proof(copy: Path) -> None:
    scaffold(copy, "body", "maison-des-usagers")
    body, rule = (copy / f"decision_tree/knowledge/{kind}/maison-des-usagers.yaml" for kind in ("bodies", "rules"))
    body.write_text(body.read_text().replace('fr: ""', 'fr: "Une phrase."').replace('en: ""', 'en: "A sentence."'))
    rule.write_text(rule.read_text().replace('fr: ""', 'fr: "Une raison."').replace('en: ""', 'en: "A reason."')
                    .replace("when: {}", "when: {in_facility: true}").replace("sources: []", "sources: [csp-l1112-3]"))
    plans = copy / "decision_tree/knowledge/plans.yaml"
    plans.write_text(plans.read_text().replace('fr: ""', 'fr: "Une phrase."').replace('en: ""', 'en: "A sentence."'))
    done = subprocess.run([sys.executable, "-m", "decision_tree", "check"], cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "tests/cases/maison-des-usagers.yaml:3: this text is empty" in done.stderr
    assert "'bodies/maison-des-usagers.name' is not in translations.lock.yaml" in done.stderr


def test_nothing_that_exists_is_overwritten(copy: Path) -> None:
    before = (copy / "decision_tree/knowledge/rules/ars.yaml").read_bytes()
    done = scaffold(copy, "body", "ars")
    assert done.returncode == 2
    assert "this file exists" in done.stderr
    assert (copy / "decision_tree/knowledge/rules/ars.yaml").read_bytes() == before


@pytest.mark.parametrize("name", ["Ars", "../x", "a b", "é", "-a"])
def test_an_id_is_plain(copy: Path, name: str) -> None:
    assert scaffold(copy, "body", "--", name).returncode == 2
