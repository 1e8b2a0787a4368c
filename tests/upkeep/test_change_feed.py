"""What changed between published versions, for those who follow a body or a law."""

import json
import shutil
import subprocess
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from decision_tree.authoring.read.load import KNOWLEDGE, knowledge
from decision_tree.authoring.show.diff import read_version
from scripts.content.compared import compared
from scripts.project.paths import ROOT
from scripts.upkeep import corrections
from scripts.upkeep.change_feed import changes, exported, feed, main, print_since, tags, write_feeds

ATOM = "{http://www.w3.org/2005/Atom}"
ADDRESS = "https://example.org/"


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """A repository with two published versions: the second has a shorter criminal limit and another sentence."""
    shutil.copytree(KNOWLEDGE.parent, tmp_path / "decision_tree", ignore=shutil.ignore_patterns("__pycache__"))

    def git(*arguments: str) -> None:
        subprocess.run(["git", "-C", str(tmp_path), "-c", "user.name=n", "-c", "user.email=e@example.org", *arguments],
                       check=True, capture_output=True, env={"GIT_COMMITTER_DATE": "2026-12-01T12:00:00Z", "PATH": "/usr/bin:/bin"})

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "one")
    git("tag", "v1.0.0")
    edits = (("plainte-penale", "- {facts_date: {within_years: 6}}", "- {facts_date: {within_years: 5}}"),
             ("ars", "L’agence peut contrôler l’établissement ou signaler un praticien public.", "L’agence reçoit un signalement."))
    for file, old, new in edits:
        path = tmp_path / f"decision_tree/knowledge/rules/{file}.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    git("commit", "-qam", "two")
    git("tag", "v1.1.0")
    git("tag", "unpublished")
    return tmp_path


def test_each_change_reaches_the_feeds_of_its_bodies_and_laws(history: Path, tmp_path: Path) -> None:
    assert tags(history) == [("v1.0.0", date(2026, 12, 1)), ("v1.1.0", date(2026, 12, 1))]
    found = changes([(tag, day, exported(tag, history)) for tag, day in tags(history)])
    assert {body for one in found for body in one.bodies} >= {"plainte-penale", "ars"}
    assert {one.version for one in found} == {"v1.1.0"}
    out = tmp_path / "site"
    write_feeds(out, found, ADDRESS)
    assert json.loads((out / "changes.json").read_text())[0]["version"] == "v1.1.0"
    counts = {name: len(ElementTree.parse(out / "feeds" / f"{name}.atom").getroot().findall(f"{ATOM}entry"))
              for name in ("all", "plainte-penale", "cp-225-1", "ars", "dgccrf", "cc-l121-11")}
    assert counts["all"] == len(found)
    assert counts["plainte-penale"] >= 1
    assert counts["cp-225-1"] >= 1
    assert counts["ars"] == 1
    assert (counts["dgccrf"], counts["cc-l121-11"]) == (0, 0)
    english = (out / "en" / "feeds" / "plainte-penale.atom").read_text()
    assert "No longer advised (Criminal complaint)" in english
    assert "For example: " in english
    french = (out / "feeds" / "plainte-penale.atom").read_text()
    assert "Ne sont plus conseillés (" in french and ">Plus " not in french
    ids = [{entry.findtext(f"{ATOM}id") for entry in ElementTree.fromstring(text).iter(f"{ATOM}entry")} for text in (french, english)]
    assert ids[0] and not ids[0] & ids[1]
    links = {(link.get("rel"), link.get("type"), link.get("href")) for link in ElementTree.fromstring(english).findall(f"{ATOM}link")}
    assert ("alternate", "text/html", f"{ADDRESS}en/organismes/plainte-penale/") in links
    assert ("alternate", "application/atom+xml", f"{ADDRESS}feeds/plainte-penale.atom") in links
    assert not [entry for entry in ElementTree.fromstring(french).iter(f"{ATOM}content") if not (entry.text or "").endswith(".")]


def test_without_two_versions_the_feeds_are_empty_and_well_formed(tmp_path: Path) -> None:
    files = write_feeds(tmp_path, [], ADDRESS)
    assert len(files) == 1 + 2 * (1 + len(knowledge().bodies) + len(knowledge().laws))
    assert json.loads((tmp_path / "changes.json").read_text()) == []
    for path in files[1:]:
        root = ElementTree.parse(path).getroot()
        assert [child.tag.removeprefix(ATOM) for child in root] == ["id", "title", "updated", "author", "link", "link", "link"]


def test_the_same_version_twice_is_no_change() -> None:
    version = read_version(ROOT)
    assert changes([("v1", date(2026, 1, 1), version), ("v2", date(2026, 2, 1), version)]) == []


def test_a_version_that_cannot_be_read_is_said(history: Path) -> None:
    assert exported("v0.0.0", history) is None
    version = read_version(ROOT)
    found = changes([("v1", date(2026, 1, 1), version), ("v2", date(2026, 2, 1), None), ("v3", date(2026, 3, 1), version)])
    said = [(one.version, one.says["fr"]) for one in found]
    assert said == [("v2", "La version v2 ne se relit plus : ce qu’elle change n’est pas listé")]


def test_words_in_a_feed_are_escaped() -> None:
    assert ElementTree.fromstring(feed("all", "a < b & c", [], "fr", ADDRESS)).findtext(f"{ATOM}title") == "a < b & c"


def test_a_revision_is_compared_with_the_knowledge_in_words(history: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert print_since("v1.0.0", "fr", history) == 0
    said = capsys.readouterr().out
    assert "Plainte pénale" in said or "plainte" in said.lower()
    assert print_since("v1.1.0", "fr", history) == 0
    assert "Aucune situation ne reçoit un autre conseil" in capsys.readouterr().out
    assert main(["--since", "no-such-revision"]) == 2
    assert "the revision no-such-revision cannot be read" in capsys.readouterr().err


def test_our_errors_are_measured_between_two_revisions(history: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                       capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "compared.yaml"
    monkeypatch.setattr(corrections, "exported", lambda name: exported(name, history))
    assert corrections.main(["v1.0.0", "v1.1.0"], file) == 0
    assert "body: plainte-penale, comes: 0.0" in capsys.readouterr().out
    figures = compared(file)
    assert (figures.before, figures.after) == ("v1.0.0", "v1.1.0") and 0 < figures.changed < 100
    assert {one.body for one in figures.bodies} <= {"plainte-penale", "info-simple"}
    assert set(figures.touched) == {one.id for one in knowledge().corrections if one.touched is not None}
    assert figures.touched["nouvelle-caledonie-polynesie"] == 0
    assert corrections.main(["v1.0.0", "no-such-revision"], file) == 2
    assert compared(file) == figures
