"""The guide as the templates show it: every state as a section, and the addresses of the files Python needs.

A template asks for `guide.section(…)`, or, where only a sentence is read, for `guide.reader(…)`. The first that asks has them made: a
site without a guide makes nothing.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from html import escape
from pathlib import Path

from decision_tree.authoring.show.static_guide import REST, REST_END
from decision_tree.guide.states import Guide
from decision_tree.locales import LOCALES
from decision_tree.match.lexicon import LINE
from scripts.content.compiled_guide import PACKAGE, built_folder, compiled_parts
from scripts.content.interface_words import load_words
from scripts.content.titles import page_titles
from scripts.project.cache import cached, key_of
from scripts.project.paths import FONTS, ROOT
from scripts.runtime import build as build_runtime
from scripts.runtime import packed_engine
from scripts.runtime.manifest import Asset, Manifest, place
from scripts.runtime.packed_engine import Engine
from scripts.site.inline_script import states_script

OPENING = re.compile(r"^<div data-guide[^>]*>")
SAID_WITHOUT_PYTHON = ("guide.failed", "letter.write", "letter.copied", "letter.saved", "letter.failed", "letter.beside", "letter.lacks",
                       "shared.label", "shared.note", "keep.label", "keep.note",
                       "safety.erase", "safety.erased", "safety.restarted", "safety.resume", "safety.kept", "safety.not_kept",
                       "safety.code_note")
MODULES = ROOT / "node_modules"
LIBRARIES = {                            # asset → (file, notice): what is loaded only when a person asks for it
    "docx.mjs": (MODULES / "docx" / "dist" / "index.mjs", "docx, MIT licence"),
    "pdfkit.mjs": (MODULES / "pdfkit" / "js" / "pdfkit.standalone.js", "PDFKit with fontkit, MIT licence"),
    "qrcode.mjs": (MODULES / "qrcode-generator" / "dist" / "qrcode.mjs", "QR Code Generator, (c) Kazuhiko Arase, MIT licence"),
}


@dataclass(frozen=True, slots=True)
class BuiltGuide:
    """The compiled guide, what of it travels to the browser, and its static section in each locale with links from "../"."""

    guide: Guide
    engine: Engine
    sections: Mapping[str, str]
    letters: str                         # JSON
    directory: str                       # JSON
    lexicons: Mapping[str, str]          # JSON, by locale


class GuidePages:
    """What the templates of one language put into their pages.

    Args:
        assets: The folder of the site's assets, where the files go; None where the build of the other language puts them there.
        links_only: Of a language the site is not published in: the guide walks by its links alone, and there are no files.
    """

    def __init__(self, assets: Path | None, *, links_only: bool = False) -> None:
        self.links_only = links_only
        self._assets = assets
        self._folder = assets / "runtime" if assets else None

    def section(self, locale: str, root: str, assets: str) -> str:
        """Return every state of the guide.

        Args:
            root: The way from the page to the root of its language, with its last slash.
            assets: The way from the page to the assets, with its last slash.
        """
        if self.links_only:
            section = compiled_parts().sections[locale].replace(REST, "", 1).replace(REST_END, "", 1)
            return section.replace('href="../', f'href="{root}')
        section = self._built.sections[locale]
        if root != "../":
            section = section.replace('href="../', f'href="{root}').replace('data-root="../"', f'data-root="{root}"', 1)
        before, _, rest = section.partition(REST)
        states, _, after = rest.partition(REST_END)
        # Where the script runs, all up to the closing tag is text, and no hundred thousand elements.
        section = f"{before}<script>{states_script()}</script>{one_byte(states)}<noscript></noscript>{after}"
        words = {key: self._built.guide.model.words[key][locale] for key in SAID_WITHOUT_PYTHON}
        opening = OPENING.match(section)
        assert opening is not None
        added = (f' data-folder="{escape(assets)}runtime/" data-files="{escape(self._python.json())}" '
                 f'data-more="{escape(json.dumps(self._more, separators=(",", ":")))}" '
                 f'data-words="{escape(json.dumps(words, ensure_ascii=False))}">')
        return opening[0][:-1] + added + section[opening.end():]

    def reader(self, locale: str, assets: str) -> str:
        """Return the address of the list of files that reading a sentence needs."""
        return f"{assets}runtime/{self._readers[locale].name}"

    @cached_property
    def _built(self) -> BuiltGuide:
        return build_guide()

    @cached_property
    def _python(self) -> Manifest:
        return build_runtime(self._assets, self._built.guide, self._built.engine)

    @cached_property
    def _more(self) -> dict[str, dict[str, object]]:
        return place_more(self._folder, self._built)

    @cached_property
    def _readers(self) -> Mapping[str, Asset]:
        return {locale: place(self._folder, f"reader-{locale}.json", reader_files(self._python, self._more, locale))
                for locale in LOCALES}


def one_byte(text: str) -> str:
    """Write what lies beyond Latin-1 as numbers: a browser then keeps five million letters in one byte each, not in two."""
    return text.encode("latin-1", "xmlcharrefreplace").decode("latin-1")


def reader_files(files: Manifest, more: Mapping[str, object], locale: str) -> bytes:
    """Return what a page asks for before it reads a sentence: the files of Python and of the lexicon, and what it then says."""
    words = f"words-{locale}"
    python = asdict(files) | {"model": {locale: asdict(files.model[locale])}}
    said = {key.removeprefix("own."): text for key, text in load_words(locale).items() if key.startswith("own.")}
    return json.dumps({"files": python, "more": {words: more[words]}, "words": said}, ensure_ascii=False, separators=(",", ":")).encode()


def own_words(lexicon: str, locale: str) -> bytes:
    """Return what reads a sentence in the person's own words: the lexicon, and the titles of the pages it names."""
    titles = page_titles(locale)
    named = [titles.get(page, "") for page in json.loads(lexicon)["paths"].split(LINE)]
    return json.dumps({"lexicon": lexicon, "titles": named}, ensure_ascii=False, separators=(",", ":")).encode()


def place_more(folder: Path | None, built: BuiltGuide) -> dict[str, dict[str, object]]:
    """Write what the guide loads beside Python: letters and directory at once, the rest when it is asked for."""
    contents = {"letters.json": built.letters.encode(), "directory.json": built.directory.encode(),
                "font.ttf": (FONTS / "IBMPlexSans-Regular.ttf").read_bytes()}
    contents |= {f"words-{locale}.json": own_words(text, locale) for locale, text in built.lexicons.items()}
    for name, (path, notice) in LIBRARIES.items():
        source = re.sub(r"\n//# sourceMappingURL=.*", "", path.read_text("utf-8"))
        contents[name] = f"/*! {notice} */\n{source}".encode()
    place(folder, "font-licence.txt", FONTS / "OFL-IBMPlexSans.txt")
    return {name.partition(".")[0]: asdict(place(folder, name, content)) for name, content in contents.items()}


def build_guide() -> BuiltGuide:
    """Return the compiled guide with its static sections, and the engine that travels to the browser."""
    parts = compiled_parts()
    engine = cached("engine", key_of(built_folder() / "guide.json", *sorted(PACKAGE.rglob("*.py")), Path(packed_engine.__file__)),
                    lambda new: write_engine(parts.guide, new))
    return BuiltGuide(parts.guide, Engine(**json.loads((engine / "engine.json").read_text("utf-8"))), parts.sections,
                      parts.letters, parts.directory, parts.lexicons)


def write_engine(guide: Guide, folder: Path) -> None:
    """Write what of the guide travels to the browser."""
    (folder / "engine.json").write_text(json.dumps(asdict(packed_engine.read_engine(packed_engine.models_of(guide)))), "utf-8")
