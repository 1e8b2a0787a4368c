"""Put the guide into the pages that ask for it: every state as a section, and the addresses of the files Python needs.

A page asks with an empty `<div data-guide data-root="…" data-assets="…" data-locale="…"></div>`; one that only has sentences read
asks with `data-python="…"`, the way to its assets, and gets the address of the list of files that this needs.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from html import escape, unescape
from pathlib import Path

from decision_tree.authoring.show.static_guide import REST, REST_END
from decision_tree.guide.states import Guide
from decision_tree.locales import LOCALES, conventions
from decision_tree.match.lexicon import LINE
from scripts.content.compiled_guide import PACKAGE, built_folder, compiled_parts
from scripts.content.interface_words import load_words
from scripts.project.cache import cached, key_of
from scripts.project.paths import ROOT
from scripts.runtime import build as build_runtime
from scripts.runtime import packed_engine
from scripts.runtime.manifest import Asset, Manifest, place
from scripts.runtime.packed_engine import Engine
from scripts.site.inline_script import states_script

ASKED = re.compile(r'<div data-guide data-root="(?P<root>[^"]*)" data-assets="(?P<assets>[^"]*)" data-locale="(?P<locale>[^"]*)">'
                   r"</div>")
READS = re.compile(r'data-locale="(?P<locale>[^"]*)" data-python="(?P<assets>[^"]*)"')
TITLE = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
OPENING = re.compile(r"^<div data-guide[^>]*>")
SAID_WITHOUT_PYTHON = ("guide.failed", "letter.write", "letter.copied", "letter.saved", "letter.failed", "letter.beside", "letter.lacks",
                       "shared.label", "shared.note", "keep.label", "keep.note",
                       "safety.erase", "safety.erased", "safety.restarted", "safety.resume", "safety.kept", "safety.not_kept",
                       "safety.code_note")
MODULES = ROOT / "node_modules"
FONTS = ROOT / "leaflets" / "fonts"
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


def fill_guides(site: Path) -> None:
    """Fill each page that asks for the guide, or for the files that read a sentence; write the runtime once for all of them."""
    pages = [(page, text) for page in sorted(site.rglob("index.html"))
             if ASKED.search(text := page.read_text("utf-8")) or READS.search(text)]
    if not pages:
        return
    built = build_guide()
    files = build_runtime(site / "assets", built.guide, built.engine)
    more = place_more(site, built)
    readers = {locale: place(site / "assets" / "runtime", f"reader-{locale}.json", reader_files(files, more, locale)) for locale in LOCALES}
    packed = json.dumps(more, separators=(",", ":"))
    for page, text in pages:
        text = ASKED.sub(lambda asked: section_for(built, asked, files.json(), packed), text)
        page.write_text(READS.sub(lambda asked: reader_for(asked, readers), text), "utf-8")


def reader_files(files: Manifest, more: Mapping[str, object], locale: str) -> bytes:
    """Return what a page asks for before it reads a sentence: the files of Python and of the lexicon, and what it then says."""
    words = f"words-{locale}"
    python = asdict(files) | {"model": {locale: asdict(files.model[locale])}}
    said = {key.removeprefix("own."): text for key, text in load_words(locale).items() if key.startswith("own.")}
    return json.dumps({"files": python, "more": {words: more[words]}, "words": said}, ensure_ascii=False, separators=(",", ":")).encode()


def reader_for(asked: re.Match[str], readers: Mapping[str, Asset]) -> str:
    """Return the attribute that says where these files are named, each with its hash."""
    return f'data-locale="{asked["locale"]}" data-reader="{asked["assets"]}runtime/{readers[asked["locale"]].name}"'


def own_words(site: Path, lexicon: str, locale: str) -> bytes:
    """Return what reads a sentence in the person's own words: the lexicon, and the titles of the pages it names."""
    folder = site / conventions(locale).folder
    titles = [unescape(re.sub("<[^>]+>", "", found[1])).strip()
              if (file := folder / page / "index.html").is_file() and (found := TITLE.search(file.read_text("utf-8"))) else ""
              for page in json.loads(lexicon)["paths"].split(LINE)]
    return json.dumps({"lexicon": lexicon, "titles": titles}, ensure_ascii=False, separators=(",", ":")).encode()


def place_more(site: Path, built: BuiltGuide) -> dict[str, dict[str, object]]:
    """Write what the guide loads beside Python: letters and directory at once, the rest when it is asked for."""
    folder = site / "assets" / "runtime"
    contents = {"letters.json": built.letters.encode(), "directory.json": built.directory.encode(),
                "font.ttf": (FONTS / "IBMPlexSans-Regular.ttf").read_bytes()}
    contents |= {f"words-{locale}.json": own_words(site, text, locale) for locale, text in built.lexicons.items()}
    for name, (path, notice) in LIBRARIES.items():
        source = re.sub(r"\n//# sourceMappingURL=.*", "", path.read_text("utf-8"))
        contents[name] = f"/*! {notice} */\n{source}".encode()
    place(folder, "font-licence.txt", FONTS / "OFL-IBMPlexSans.txt")
    return {name.partition(".")[0]: asdict(place(folder, name, content)) for name, content in contents.items()}


def section_for(built: BuiltGuide, asked: re.Match[str], files: str, more: str) -> str:
    """Return the section a page asks for.

    Args:
        files: The manifest of Python's files, as JSON.
        more: The manifest of the other files, as JSON.
    """
    root, assets, locale = asked["root"], asked["assets"], asked["locale"]
    section = built.sections[locale]
    if root != "../":
        section = section.replace('href="../', f'href="{root}').replace('data-root="../"', f'data-root="{root}"', 1)
    # Where the script runs, all up to the closing tag is text, and no hundred thousand elements.
    section = section.replace(REST, f"<script>{states_script()}</script>", 1).replace(REST_END, "<noscript></noscript>", 1)
    words = {key: built.guide.model.words[key][locale] for key in SAID_WITHOUT_PYTHON}
    opening = OPENING.match(section)
    assert opening is not None
    added = (f' data-folder="{escape(assets)}runtime/" data-files="{escape(files)}" data-more="{escape(more)}" '
             f'data-words="{escape(json.dumps(words, ensure_ascii=False))}">')
    return opening[0][:-1] + added + section[opening.end():]


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
