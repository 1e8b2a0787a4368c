"""Put the guide into the pages that ask for it: every state as a section, and the addresses of the files Python needs.

A page asks with an empty `<section data-guide data-root="…" data-assets="…" data-locale="…"></section>`.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path

from decision_tree.compiled import load_guide
from decision_tree.guide import Guide
from decision_tree.model import LOCALES
from scripts.cache import cached, key_of
from scripts.runtime import build as build_runtime
from scripts.runtime import engine as engine_files
from scripts.runtime.engine import Engine, models_of, read_engine
from scripts.runtime.manifest import place
from scripts.setup import ROOT

PACKAGE = ROOT / "decision_tree"
ASKED = re.compile(r'<section data-guide data-root="(?P<root>[^"]*)" data-assets="(?P<assets>[^"]*)" data-locale="(?P<locale>[^"]*)">'
                   r"</section>")
OPENING = re.compile(r"^<section data-guide[^>]*>")
SAID_WITHOUT_PYTHON = ("guide.failed", "letter.write", "letter.copied", "letter.saved", "letter.failed", "safety.exit", "safety.exit_help",
                       "safety.erase", "safety.erased", "safety.resume", "safety.kept", "safety.not_kept", "safety.code_note")
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


def fill_guides(site: Path) -> None:
    """Fill each page that asks for the guide; write the runtime once for all of them."""
    pages = [(page, text) for page in sorted(site.rglob("index.html")) if ASKED.search(text := page.read_text("utf-8"))]
    if not pages:
        return
    built = build_guide()
    files = build_runtime(site / "assets", built.guide, built.engine).json()
    more = json.dumps(place_more(site / "assets" / "runtime", built), separators=(",", ":"))
    for page, text in pages:
        page.write_text(ASKED.sub(lambda asked: section_for(built, asked, files, more), text), "utf-8")


def place_more(folder: Path, built: BuiltGuide) -> dict[str, dict[str, object]]:
    """Write what the guide loads beside Python: letters and directory at once, the libraries when a file is asked for."""
    contents = {"letters.json": built.letters.encode(), "directory.json": built.directory.encode(),
                "font.ttf": (FONTS / "IBMPlexSans-Regular.ttf").read_bytes()}
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
    words = {key: built.guide.model.words[key][locale] for key in SAID_WITHOUT_PYTHON}
    opening = OPENING.match(section)
    assert opening is not None
    added = (f' data-folder="{escape(assets)}runtime/" data-files="{escape(files)}" data-more="{escape(more)}" '
             f'data-words="{escape(json.dumps(words, ensure_ascii=False))}">')
    return opening[0][:-1] + added + section[opening.end():]


def built_folder() -> Path:
    """Return the folder of all that is made from the knowledge alone, made again only when it or the engine has changed."""
    return cached("guide", key_of(*sorted(sources()), Path(__file__), Path(engine_files.__file__)), make)


def counts() -> dict[str, float]:
    """Return how large the knowledge is: the fields of `decision_tree.authoring.check.Counts`."""
    found: dict[str, float] = json.loads((built_folder() / "counts.json").read_text("utf-8"))
    return found


def build_guide() -> BuiltGuide:
    """Return the compiled guide with its static sections."""
    folder = built_folder()
    engine = Engine(**json.loads((folder / "engine.json").read_text("utf-8")))
    return BuiltGuide(load_guide((folder / "guide.json").read_text("utf-8")), engine,
                      {locale: (folder / f"{locale}.html").read_text("utf-8") for locale in LOCALES},
                      (folder / "letters.json").read_text("utf-8"), (folder / "directory.json").read_text("utf-8"))


def sources() -> Iterable[Path]:
    """Return all that the guide is made from."""
    return (path for path in PACKAGE.rglob("*") if path.suffix in (".py", ".yaml"))


def make(folder: Path) -> None:
    """Write the compiled guide and both static sections, in a process of its own: knowledge is kept once per process."""
    subprocess.run([sys.executable, "-m", "scripts.guide_site", str(folder)], cwd=ROOT, check=True)


def write(folder: Path) -> None:
    """Compile the knowledge and write what it gives."""
    from decision_tree.authoring.check import report
    from decision_tree.authoring.directory import directory, directory_json
    from decision_tree.authoring.guide import compiled
    from decision_tree.authoring.letters import letters, letters_json
    from decision_tree.authoring.load import knowledge
    from decision_tree.authoring.pages import static_guide
    from decision_tree.compiled import dump_guide

    guide, graph = compiled()
    (folder / "counts.json").write_text(json.dumps(asdict(report(knowledge(), graph=graph)[1])), "utf-8")
    (folder / "guide.json").write_text(dump_guide(guide), "utf-8")
    (folder / "engine.json").write_text(json.dumps(asdict(read_engine(models_of(guide)))), "utf-8")
    (folder / "letters.json").write_text(letters_json(letters()), "utf-8")
    (folder / "directory.json").write_text(directory_json(directory()), "utf-8")
    for locale in LOCALES:
        (folder / f"{locale}.html").write_text(static_guide(guide, graph, locale), "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
