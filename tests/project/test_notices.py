"""The notices name everything that is locked, and are those the locks give today."""

import json
import re
from pathlib import Path

import pytest

from scripts.project import notices
from scripts.project.paths import ROOT

TEXT = (ROOT / "NOTICES.md").read_text("utf-8")


def test_the_notices_are_current() -> None:
    assert notices.main(["--check"]) == 0, "run: .venv/bin/python -m scripts.project.notices"


def test_every_locked_package_is_named() -> None:
    names = set(notices.PINNED.findall((ROOT / "requirements.txt").read_text("utf-8")))
    names |= {(path.rpartition("node_modules/")[2], entry["version"])
              for path, entry in json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"].items() if path}
    assert len(names) > 100
    assert not [name for name, version in names if f"| {name} | {version} |" not in TEXT and f"| {name} {version} |" not in TEXT]


def test_what_readers_receive_comes_with_the_text_of_its_licence() -> None:
    for name in ("minisearch", "docx", "pdfkit"):
        assert re.search(rf"### {name}\n\n```text\n.*?[Pp]ermission is hereby granted", TEXT, re.DOTALL), name


def test_a_package_without_a_licence_stops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent:
        def get_all(self, _key: str) -> None:
            return None

    monkeypatch.setattr(notices, "metadata", lambda _name: Silent())
    with pytest.raises(notices.NoticesError, match="does not say its licence"):
        notices.licence_of("mkdocs")


def test_an_old_file_is_seen_and_left(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    old = tmp_path / "NOTICES.md"
    old.write_text("old", "utf-8")
    monkeypatch.setattr(notices, "FILE", old)
    assert notices.main(["--check"]) == 1
    assert old.read_text("utf-8") == "old"
    assert notices.main([]) == 0
    assert old.read_text("utf-8") == TEXT


def test_the_licences_they_name_exist() -> None:
    for name in re.findall(r"\]\((LICENSE[\w.-]*)\)", TEXT):
        assert (ROOT / name).exists(), name
