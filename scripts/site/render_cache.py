"""The pages' Markdown turned into HTML, kept in .cache/pages/: only a page whose text, or whose links' targets, changed is read again.

Most builds change one page. What a page gives depends on its text after the macros, on
which files it may link to, on the settings of Markdown and on the versions of the libraries: together they are its key.
"""

import json
import logging
import pickle
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mkdocs.structure.pages import Page

from scripts.project.cache import key_of
from scripts.project.paths import ROOT
from scripts.site import tables

CACHE = ROOT / ".cache" / "pages"
LIBRARIES = ("mkdocs", "mkdocs-material", "markdown", "pymdown-extensions")


@dataclass(frozen=True, slots=True)
class Rendered:
    """What MkDocs notes of a page when it turns its Markdown into HTML."""

    content: str
    toc: Any
    title: str | None
    anchors: set[str]
    links: Mapping[str, Mapping[str, str]] | None      # source path of the page linked to → anchor → the link as written


@dataclass(slots=True)
class Kept:
    """The pages of one language: those of the last build, and those of this one."""

    file: Path
    settings: str
    before: Mapping[str, Any]
    now: dict[str, Any] = field(default_factory=dict)

    def take(self, key: str) -> Any:
        """Return what was kept under a key, and keep it on; None when there is nothing."""
        if key in self.before:
            self.now[key] = self.before[key]
        return self.before.get(key)

    def write(self) -> None:
        """Keep what this build used, and no more."""
        if self.now.keys() == self.before.keys():
            return
        with tempfile.NamedTemporaryFile(dir=self.file.parent, delete=False) as new:
            pickle.dump(self.now, new, protocol=5)
        Path(new.name).replace(self.file)


def open_kept(config: Any, files: Any, cache: Path = CACHE) -> Kept:
    """Return what is kept for the language of a build; files that cannot be read count as nothing kept.

    A third language (`third` in `extra`) keeps its own, and begins with those of the French.
    """
    cache.mkdir(parents=True, exist_ok=True)
    language = config.theme["language"]
    file = cache / f"{(config.extra.get('third') or language)}.pickle"
    before = _read(file) or _read(cache / f"{language}.pickle")
    places = sorted((one.src_uri, one.dest_uri) for one in files)
    markdown = (list(config.markdown_extensions), config.mdx_configs, dict(config.validation), config.use_directory_urls)
    versions = [version(name) for name in LIBRARIES]
    told = json.dumps((places, markdown, versions), default=_name)
    return Kept(file, key_of(told, Path(__file__), Path(tables.__file__)), before)


def _read(file: Path) -> Mapping[str, Any]:
    try:
        kept: Mapping[str, Any] = pickle.loads(file.read_bytes())
    except Exception:      # absent, cut short, or of another version of a library: it is only a copy
        return {}
    return kept


def keep_rendering(page: Any, kept: Kept) -> None:
    """Let a page take its HTML from what is kept when nothing it depends on has changed."""
    page.render = lambda config, files: _render(page, config, files, kept)


def keep_sections(index: Any, kept: Kept) -> None:
    """Let the search index take the sections of a page from what is kept when the page's HTML has not changed."""
    read = index.add_entry_from_context

    def add_entries(page: Any) -> None:
        told = (page.content, page.url, page.title, page.meta.get("search"), page.meta.get("tags"))
        key = key_of("search", kept.settings, repr(told))
        found = kept.take(key)
        if found is None:
            count = len(index.entries)
            read(page)
            kept.now[key] = index.entries[count:]
        else:
            index.entries += found

    index.add_entry_from_context = add_entries


def _render(page: Any, config: Any, files: Any, kept: Kept) -> None:
    key = key_of("page", kept.settings, page.file.src_uri, page.markdown)
    found: Rendered | None = kept.take(key)
    if found is None:
        with _Warnings() as warnings:
            Page.render(page, config, files)
        if not warnings.count:      # what a writer must mend is said at each build
            kept.now[key] = _noted(page)
        return
    page.content, page.toc, page._title_from_render, page.present_anchor_ids = found.content, found.toc, found.title, found.anchors
    if found.links is not None:
        page.links_to_anchors = {files.get_file_from_path(path): dict(links) for path, links in found.links.items()}


def _noted(page: Any) -> Rendered:
    links = page.links_to_anchors
    return Rendered(page.content, page.toc, page._title_from_render, page.present_anchor_ids,
                    None if links is None else {file.src_uri: dict(anchors) for file, anchors in links.items()})


def _name(thing: Any) -> str:
    """Name a function of the settings; its place in memory changes with each process."""
    return f"{thing.__module__}.{thing.__qualname__}" if hasattr(thing, "__qualname__") else repr(thing)


class _Warnings(logging.Handler):
    """Counts what is said while a page is read."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += 1

    def __enter__(self) -> "_Warnings":
        logging.getLogger().addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self)
