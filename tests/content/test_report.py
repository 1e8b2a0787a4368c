"""The command of the content: a report that ends with its total, a check that fails, typesetting, stamps; and stale notices."""

import re
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from scripts.content import __main__ as verbs
from scripts.content import generated
from scripts.content.__main__ import main
from scripts.content.checks import report
from scripts.content.checks.rules import Content, read_content
from scripts.content.page import DOCS, Page
from scripts.site import generated_pages as hooks


@pytest.fixture(scope="module")
def content() -> Content:
    return read_content()


@pytest.fixture(scope="module")
def lines(content: Content) -> list[str]:
    return list(report.write_report(content))


def test_the_report_ends_with_a_total_where_nothing_is_missing(lines: list[str]) -> None:
    assert re.fullmatch(
        r"content: \d+ pages written and \d+ made in each language, 0 missing; \d+ statements to use, \d+ unused with a reason, "
        r"0 unused without reason; \d+ stale translations; doubts in the reader's way: fr \d+, en \d+\.",
        lines[-1],
    ), lines[-1]


def test_the_report_gives_doubts_by_page_and_doors(lines: list[str]) -> None:
    said = "\n".join(lines)
    assert re.search(r"^doubts: fr \d+, en \d+; \d+ at most in a language$", said, re.M)
    assert re.search(r"^doors: [1-9]\d* given of \d+, [1-9]\d* confirmed$", said, re.M)


def test_the_report_names_every_page_statement_and_source(lines: list[str], content: Content) -> None:
    said = "\n".join(lines)
    assert all(page.name in said for page in content.all_pages)
    assert all(re.search(rf"^{re.escape(id)} ", said, re.M) for id in content.facts.statements)
    assert "csp-l1110-3" in said and "NAMES AND REFERENCES LEFT OUT OF THE MEASURE" in said
    assert re.search(r"^ *\d+  Défenseur des droits$", said, re.M)


def test_the_total_counts_what_is_missing(content: Content) -> None:
    french = content.pages["fr"]
    short = Content({"fr": french[:3], "en": content.pages["en"][:2]}, content.facts)
    assert "3 pages written" in report.total(short)
    assert ", 1 missing;" in report.total(short)
    assert int(re.search(r"(\d+) unused without reason", report.total(short))[1]) > 50  # type: ignore[index]


def test_the_report_lists_stale_translations(content: Content) -> None:
    changed = tuple(
        Page("fr", page.path, page.text + "\nUne phrase de plus.\n") if page.path == "guide.md" else page for page in content.pages["fr"]
    )
    stale = report.stale_pages(Content({**content.pages, "fr": changed}, content.facts))
    assert [page.path for page in stale if page.path == "guide.md"] == ["guide.md"]


def test_the_command_reports(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report"]) == 0
    assert capsys.readouterr().out.strip().split("\n")[-1].startswith("content: ")


def test_the_command_checks_and_fails_on_a_fault(
    content: Content, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["check", "--only", "typography"]) == 0
    text = content.pages["fr"][0].text + "C'est faux.\n"
    broken = Content({"fr": (Page("fr", content.pages["fr"][0].path, text),), "en": ()}, content.facts)
    monkeypatch.setattr(verbs, "read_content", lambda: broken)
    assert main(["check", "--only", "typography"]) == 1
    said = capsys.readouterr().out
    assert f"docs/fr/{content.pages['fr'][0].path}:{text.count(chr(10))}: a typewriter apostrophe" in said
    assert said.strip().endswith("content: typography 1; 1 to mend.")


def test_without_hunspell_the_command_says_what_it_leaves_out(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert "spelling" not in verbs.possible_checks()
    assert "spelling is left out, for hunspell is not installed" in capsys.readouterr().out


@pytest.fixture
def small_docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two pages of one path, in a folder of their own."""
    for locale in ("fr", "en"):
        (tmp_path / locale).mkdir()
        shutil.copy(DOCS / locale / "glossaire.md", tmp_path / locale / "glossaire.md")
    monkeypatch.setattr(verbs, "read_content", lambda: read_content(tmp_path))
    return tmp_path


def test_the_command_sets_typography(small_docs: Path) -> None:
    file = small_docs / "fr" / "glossaire.md"
    file.write_text(file.read_text(encoding="utf-8") + "\nC'est vrai ?\n", encoding="utf-8")
    assert main(["typeset", str(file)]) == 0
    assert file.read_text(encoding="utf-8").endswith("\nC’est vrai\u202f?\n")


def test_the_command_stamps_a_translation_once_read(small_docs: Path) -> None:
    french, english = small_docs / "fr" / "glossaire.md", small_docs / "en" / "glossaire.md"
    french.write_text(french.read_text(encoding="utf-8") + "\nUne phrase de plus.\n", encoding="utf-8")
    assert generated.is_stale("glossaire.md", Page("en", "glossaire.md", english.read_text(encoding="utf-8")).meta, small_docs)
    generated.french_hash.cache_clear()
    assert main(["stamp", str(english)]) == 0
    assert not generated.is_stale("glossaire.md", Page("en", "glossaire.md", english.read_text(encoding="utf-8")).meta, small_docs)


def test_the_command_knows_its_pages(small_docs: Path) -> None:
    with pytest.raises(SystemExit, match=r"no page is called .*no-such\.md"):
        main(["stamp", str(small_docs / "fr" / "no-such.md")])


def notice(monkeypatch: pytest.MonkeyPatch, stale: bool, docs: str) -> str:
    monkeypatch.setattr(hooks, "is_stale", lambda path, meta: stale)
    page: Any = SimpleNamespace(meta={"translation_of": "0"}, file=SimpleNamespace(src_uri="patients/preuves.md"), url="patients/preuves/")
    config: Any = SimpleNamespace(docs_dir=docs)
    files: Any = None
    return hooks.on_page_markdown("# Keep evidence\n\nText.\n", page, config, files)


def test_a_stale_translation_says_so_under_its_title(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = notice(monkeypatch, True, "docs/en")
    assert shown.startswith('# Keep evidence\n\n!!! warning "The French version has changed"\n')
    assert '<a href="../../../patients/preuves/" hreflang="fr">Read it in French</a>' in shown
    assert shown.endswith("\nText.\n")


def test_a_fresh_translation_and_a_french_page_say_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert notice(monkeypatch, False, "docs/en") == notice(monkeypatch, True, "docs/fr") == "# Keep evidence\n\nText.\n"
