"""A third language: begun by one command, listed for all it lacks, built with French where it says nothing, never with a gap."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from decision_tree.authoring.read.load import load_knowledge
from scripts.content.language_pages import set_apart
from scripts.project.paths import ROOT
from scripts.upkeep import language
from scripts.upkeep.language import LanguageError, begin, build, copy_project, french, lay_over, problems


@pytest.fixture
def breton(tmp_path: Path) -> Path:
    """Two translated texts."""
    folder = begin("br", "breton", tmp_path / "languages")
    (folder / "words.yaml").write_text('nav.guide: "Kregiñ gant ar sturlevr"\n', "utf-8")
    (folder / "knowledge.yaml").write_text('bodies/ars.name: "Ajañs ranndirel ar yec’hed"\n', "utf-8")
    return folder


def test_beginning_again_keeps_what_was_written(breton: Path) -> None:
    before = {file.name: file.read_text("utf-8") for file in breton.glob("*.yaml")}
    begin("br", "another name", breton.parent)
    assert {file.name: file.read_text("utf-8") for file in breton.glob("*.yaml")} == before


@pytest.mark.parametrize("code", ["fr", "en", "Breton", "../x", "b", ""])
def test_a_code_is_that_of_another_language(tmp_path: Path, code: str) -> None:
    with pytest.raises(LanguageError, match="cannot begin a language"):
        begin(code, "", tmp_path)


def test_every_text_that_lacks_is_listed_with_its_file_and_line(breton: Path) -> None:
    words, known, pages = french()
    wrong, lacking = problems(breton)
    assert not wrong
    assert len(lacking) == len(words) + len(known) + len(pages) - 2
    for problem in lacking:
        lines = (ROOT / problem.place.file).read_text("utf-8").splitlines()
        assert 1 <= problem.place.line <= len(lines)
    said = [str(problem) for problem in lacking]
    assert not [line for line in said if "'nav.guide' " in line or "'bodies/ars.name' " in line]
    (menu,) = [line for line in said if "'nav.menu' is not translated: “Menu”. Write it in languages/br/words.yaml as nav.menu." in line]
    assert re.match(r"overrides/words/fr\.yaml:\d+: ", menu)
    assert "docs/fr/patients/preuves.md:1: this page is not translated. Write it in languages/br/pages/patients/preuves.md." in said


def test_a_key_or_a_page_that_french_has_not_is_wrong(breton: Path) -> None:
    (breton / "words.yaml").write_text('nav.guid: "…"\n', "utf-8")
    (breton / "pages" / "nothing.md").write_text("# Nothing\n", "utf-8")
    wrong, _ = problems(breton)
    page, word = map(str, wrong)
    assert page.startswith("languages/br/pages/nothing.md:1: no French page has this name.")
    assert word.startswith("languages/br/words.yaml:1: no French text has the key 'nav.guid'. Did you mean 'nav.guide'?")


def test_a_number_must_stay_where_the_knowledge_puts_it(breton: Path) -> None:
    (breton / "words.yaml").write_text('search.count_many: "disoc’hoù"\n', "utf-8")
    wrong, _ = problems(breton)
    assert str(wrong[0]).endswith("Keep these, as they are: {count}, {query}.")
    with pytest.raises(LanguageError, match="the translation cannot be used"):
        build(breton, breton / "site")


def test_a_file_that_cannot_be_read_says_so(breton: Path) -> None:
    (breton / "words.yaml").write_text("- a\n- b\n", "utf-8")
    with pytest.raises(LanguageError, match=r"languages/br/words\.yaml:1: this is not a list"):
        problems(breton)


def test_a_text_takes_the_place_of_the_french_wherever_it_stands(breton: Path, tmp_path: Path) -> None:
    _, known, _ = french()
    done = {path: f"« {number} »" + "".join(re.findall(r"\{\w+\}", one.text)) for number, (path, one) in enumerate(known.items())}
    (breton / "knowledge.yaml").write_text(yaml.safe_dump(done, allow_unicode=True, width=1_000), "utf-8")
    copy = tmp_path / "copy"
    copy.mkdir()
    copy_project(copy)
    lay_over(breton, copy)
    laid = load_knowledge(copy / "decision_tree" / "knowledge").texts
    assert {path: text.fr for path, (text, _) in laid.items()} == done
    english = {path: text.en for path, (text, _) in load_knowledge().texts.items()}
    assert {path: text.en for path, (text, _) in laid.items()} == english


def test_letters_without_a_font_are_told_before_the_build_with_their_line(breton: Path) -> None:
    texts = 'bodies/ars.name: "العربية"\nbodies/ars.aim: "አማርኛ"\nbodies/dgccrf.aim: "አማ"\n'
    (breton / "knowledge.yaml").write_text(texts, "utf-8")
    wrong, _ = problems(breton)
    (one,) = map(str, wrong)
    assert one.startswith("languages/br/knowledge.yaml:2: no font of the leaflets has the letters “አማርኛ” (ethiopic). Put a font of")


def test_numbers_names_and_articles_are_set_apart_on_a_page_written_from_right_to_left() -> None:
    html = '<p>الرقم <a class="contact" href="tel:15">15</a> (<a class="law" href="../x/">CSP, L. 1110-3</a>) <a href="y/">نص</a></p>'
    assert set_apart(html) == (
        '<p>الرقم <a class="contact" href="tel:15"><bdi dir="ltr" translate="no">15</bdi></a> '
        '(<a class="law" href="../x/"><bdi dir="ltr" translate="no" lang="fr">CSP, L. 1110-3</bdi></a>) <a href="y/">نص</a></p>')


def test_a_failed_build_always_says_something(breton: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    silent = subprocess.CompletedProcess([], 1, "", "")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: silent)
    with pytest.raises(LanguageError, match="mkdocs said nothing, and left 1"):
        build(breton, breton / "site")


@pytest.mark.prove
def test_the_site_is_built_with_french_and_a_notice_where_nothing_is_translated(breton: Path, tmp_path: Path) -> None:
    page = breton / "pages" / "patients" / "urgence.md"
    page.parent.mkdir()
    shutil.copyfile(ROOT / "docs" / "fr" / "patients" / "urgence.md", page)
    site = tmp_path / "site"
    build(breton, site)
    home = (site / "index.html").read_text("utf-8")
    assert "Kregiñ gant ar sturlevr" in home
    assert "Ajañs ranndirel ar yec’hed" in (site / "organismes" / "ars" / "index.html").read_text("utf-8")
    for file in site.rglob("*.html"):
        text, place = file.read_text("utf-8"), file.relative_to(site).as_posix()
        translated = place == "patients/urgence/index.html"
        french_page = not place.startswith("en/") and not translated
        assert ("data-untranslated" in text) is french_page, place
        assert f'<html lang="{"br" if translated else "en" if place.startswith("en/") else "fr"}"' in text, place
        assert len(text) > 2_000, place
    assert "pas encore traduite en breton : elle est en français" in home


def test_the_command_says_what_is_missing_and_refuses_only_what_is_wrong(
    breton: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(language, "LANGUAGES", breton.parent)
    monkeypatch.setattr(language, "begin", lambda code, name: begin(code, name, breton.parent))
    assert language.main(["br"]) == 0
    said = capsys.readouterr()
    assert said.err.startswith("language: br, 2 translated, ")
    assert said.out.count(" is not translated") > 2_000
    (breton / "words.yaml").write_text('nav.guid: "Sturlevr"\n', "utf-8")
    assert language.main(["br"]) == 2
    assert "no French text has the key 'nav.guid'" in capsys.readouterr().out
