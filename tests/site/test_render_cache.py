"""A page whose text or links changed is read again; all others come from what the last build kept."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from scripts.site import render_cache as rendered
from scripts.site.render_cache import keep_rendering, keep_sections, open_kept

Texts = dict[str, str]
SITE = {"a.md": "# Un\n\n## Deux\n\n[b](b.md#part), [ici](#deux)", "b.md": "# B\n\n## Part"}


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Texts], tuple[dict[str, Any], list[str]]]:
    """Return what reads a site: it gives the pages, and the paths of those that MkDocs turned into HTML."""
    docs = tmp_path / "docs"
    docs.mkdir()
    config = MkDocsConfig()
    config.load_dict({"site_name": "x", "docs_dir": str(docs), "site_dir": str(tmp_path / "site"), "plugins": [],
                      "theme": {"name": "material", "language": "fr"},
                      "validation": {"links": {"anchors": "warn"}}})
    assert config.validate() == ([], [])
    whole = Page.render

    def read(texts: Texts) -> tuple[dict[str, Any], list[str]]:
        turned: list[str] = []
        def noting(page: Page, *rest: Any) -> None:
            turned.append(page.file.src_uri)
            whole(page, *rest)

        monkeypatch.setattr(Page, "render", noting)
        for path, text in texts.items():
            (docs / path).write_text(text, "utf-8")
        files = Files([File(path, str(docs), config.site_dir, use_directory_urls=True) for path in texts])
        kept = open_kept(config, files, tmp_path / "kept")
        pages = {}
        for file in files:
            page = pages[file.src_uri] = Page(None, file, config)
            keep_rendering(page, kept)
            page.read_source(config)
            page.render(config, files)
        kept.write()
        for page in pages.values():
            page.validate_anchor_links(files=files, log_level=30)
        return pages, turned

    return read


def told(page: Any) -> tuple[Any, ...]:
    return page.content, str(page.toc), page.title, page.present_anchor_ids


def test_a_page_that_has_not_changed_comes_from_what_was_kept(build: Any) -> None:
    first, turned = build(SITE)
    assert turned == ["a.md", "b.md"]
    again, turned = build(SITE)
    assert turned == []
    assert {path: told(page) for path, page in again.items()} == {path: told(page) for path, page in first.items()}


def test_only_the_page_that_changed_is_read_again(build: Any) -> None:
    build(SITE)
    pages, turned = build({**SITE, "b.md": "# Nouveau\n\n## Part"})
    assert turned == ["b.md"]
    assert "Nouveau" in pages["b.md"].content


def test_a_new_page_may_be_the_target_of_any_link(build: Any) -> None:
    build(SITE)
    assert build({**SITE, "c.md": "# C"})[1] == ["a.md", "b.md", "c.md"]


def test_a_link_that_leads_nowhere_is_said_at_each_build(build: Any, caplog: pytest.LogCaptureFixture) -> None:
    lost = {**SITE, "a.md": "# Un\n\n[c](c.md)"}
    for _ in range(2):
        caplog.clear()
        assert "a.md" in build(lost)[1]
        assert "'c.md'" in caplog.text


def test_an_anchor_that_went_away_is_said_though_the_page_that_names_it_was_kept(build: Any, caplog: pytest.LogCaptureFixture) -> None:
    build(SITE)
    assert "b.md#part" not in caplog.text
    assert build({**SITE, "b.md": "# B"})[1] == ["b.md"]
    assert "b.md#part" in caplog.text


@pytest.mark.parametrize("content", [b"", b"\x80\x05", b"not a pickle"])
def test_a_spoilt_file_counts_as_nothing_kept(build: Any, tmp_path: Path, content: bytes) -> None:
    build(SITE)
    (kept,) = (tmp_path / "kept").iterdir()
    kept.write_bytes(content)
    assert build(SITE)[1] == ["a.md", "b.md"]


def test_another_version_of_a_library_reads_all_again(build: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    build(SITE)
    monkeypatch.setattr(rendered, "version", lambda name: "0.0")
    assert build(SITE)[1] == ["a.md", "b.md"]


def test_the_parts_for_the_search_follow_the_page(tmp_path: Path) -> None:
    asked: list[str] = []
    page = SimpleNamespace(content="<p>un</p>", url="a/", title="A", meta={})

    def sections() -> list[Any]:
        entries: list[Any] = []

        def add(one: Any) -> None:
            asked.append(one.content)
            entries.append({"text": one.content})

        index = SimpleNamespace(entries=entries, add_entry_from_context=add)
        kept = rendered.Kept(tmp_path / "kept", "settings", before)
        keep_sections(index, kept)
        index.add_entry_from_context(page)
        before.update(kept.now)
        return entries

    before: dict[str, Any] = {}
    assert sections() == sections() == [{"text": "<p>un</p>"}]
    assert asked == ["<p>un</p>"]
    page.content = "<p>deux</p>"
    assert sections() == [{"text": "<p>deux</p>"}]
