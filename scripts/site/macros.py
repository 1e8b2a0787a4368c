"""The macros as MkDocs gets them: those of the content, and those that list the leaflets' files.

mkdocs-macros-plugin calls `define_env` for each build. A macro given an id nobody knows leaves a `Problem` with its file
and line; all problems of a build are reported at once, and the build fails.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mkdocs.exceptions import BuildError

from decision_tree.authoring.read.problems import Place, Problem
from scripts.content.macros import NAMES, OF_LEAFLETS, Missing, PageMacros, page_url, settle_names
from scripts.leaflets.publish import files_list, pasted_text, sheet_links, text_of
from scripts.project.paths import ROOT


class SiteMacros(PageMacros):
    """What a page of the site may show: the knowledge, and the leaflets that were made from it."""

    def leaflets(self, audience: str | None = None) -> str:
        """Return the list of the leaflets' files, for one audience or all: paper, pages, weight."""
        return files_list(self.locale, page_url(self.here), audience)

    def leaflet(self, audience: str) -> str:
        """Return the words of a leaflet, to read on the page."""
        return text_of(audience, self.locale, self.src)

    def sheet(self, id: str) -> str:
        """Return links to one sheet of the pack of a practice, in this page's language first."""
        return sheet_links(id, self.locale, page_url(self.here))

    def pasted(self, id: str) -> str:
        """Return the words of one sheet, to be selected and pasted."""
        lines = pasted_text(self.knowledge, id, self.locale).rstrip().split("\n")
        return "\n\n" + "\n>\n".join(f"> {line}" for line in lines if line.strip()) + "\n\n"


def call_line(source: str, macro: str, id: str) -> int:
    """Return the line of a page where a macro is first called with this id (1 when it cannot be found)."""
    found = re.search(rf"{macro}\(\s*[\"']?{re.escape(id)}[\"')]", source)
    return source.count("\n", 0, found.start()) + 1 if found else 1


def define_env(env: Any) -> None:
    """Give every page of this build its macros; called by mkdocs-macros-plugin."""
    locale = Path(env.conf["docs_dir"]).name
    problems: list[Problem] = []
    env.variables["content_problems"] = problems

    def for_page(name: str) -> Callable[..., str]:
        def macro(*args: Any, **options: Any) -> str:
            try:
                return str(getattr(SiteMacros(locale, env.page.file.src_uri), name)(*args, **options))
            except Missing as missing:
                problems.append(Problem(place_of(env.page.file, name, *args[:1]), missing.what, missing.hint))
                return f"[{name}?]"

        macro.__name__ = name
        macro.__doc__ = getattr(SiteMacros, name).__doc__
        return macro

    for name in NAMES + OF_LEAFLETS:
        env.macro(for_page(name))


def place_of(file: Any, macro: str, id: str = "") -> Place:
    """Return where a page calls a macro; a page made from the knowledge has no line of its own."""
    if not file.abs_src_path or not Path(file.abs_src_path).exists():
        return Place(file.src_uri, 1)
    path = Path(file.abs_src_path)
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return Place(str(shown), call_line(path.read_text(encoding="utf-8"), macro, id))


def on_post_page_macros(env: Any) -> None:
    """Give names their capital or small letter, once the page's sentences are whole."""
    env.markdown = settle_names(env.markdown)


def on_post_build(env: Any) -> None:
    """Fail a build whose pages ask for something the knowledge does not hold, with every problem in file order."""
    problems: list[Problem] = env.variables["content_problems"]
    if problems:
        raise BuildError("\n" + "\n".join(str(problem) for problem in sorted(set(problems))))
