"""The guide compiled from the knowledge, its states as links, and how large the knowledge is; made once per content."""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from decision_tree.guide.compiled import load_guide
from decision_tree.guide.states import Guide
from decision_tree.locales import LOCALES
from scripts.project.cache import cached, key_of
from scripts.project.paths import ROOT

PACKAGE = ROOT / "decision_tree"


@dataclass(frozen=True, slots=True)
class CompiledGuide:
    """The compiled guide, its static section in each locale with links from "../", letters, directory and lexicons as JSON."""

    guide: Guide
    sections: Mapping[str, str]
    letters: str
    directory: str
    lexicons: Mapping[str, str]


def built_folder() -> Path:
    """Return the folder of all that is made from the knowledge alone, made again only when it or the engine has changed."""
    return cached("guide", key_of(*sorted(sources()), Path(__file__)), make)


def counts() -> dict[str, float]:
    """Return how large the knowledge is: the fields of `decision_tree.authoring.prove.knowledge_check.Counts`."""
    found: dict[str, float] = json.loads((built_folder() / "counts.json").read_text("utf-8"))
    return found


def compiled_parts() -> CompiledGuide:
    """Return the compiled guide with all that is made beside it."""
    folder = built_folder()

    def text(name: str) -> str:
        return (folder / name).read_text("utf-8")

    return CompiledGuide(load_guide(text("guide.json")), {locale: text(f"{locale}.html") for locale in LOCALES},
                         text("letters.json"), text("directory.json"), {locale: text(f"lexicon-{locale}.json") for locale in LOCALES})


def sources() -> Iterable[Path]:
    """Return all that the guide is made from."""
    return (path for path in PACKAGE.rglob("*") if path.suffix in (".py", ".yaml"))


def make(folder: Path) -> None:
    """Write the compiled guide and both static sections, in a process of its own: knowledge is kept once per process."""
    subprocess.run([sys.executable, "-m", "scripts.content.compiled_guide", str(folder)], cwd=ROOT, check=True)


def write(folder: Path) -> None:
    """Compile the knowledge and write what it gives."""
    from decision_tree.authoring.prove.knowledge_check import report
    from decision_tree.authoring.read.directory_files import directory, directory_json
    from decision_tree.authoring.read.letter_files import letters, letters_json
    from decision_tree.authoring.read.load import knowledge
    from decision_tree.authoring.read.match_words import dump_lexicon
    from decision_tree.authoring.show.compiled_guide import compiled
    from decision_tree.authoring.show.static_guide import static_guide
    from decision_tree.guide.compiled import dump_guide

    guide, graph = compiled()
    (folder / "counts.json").write_text(json.dumps(asdict(report(knowledge(), graph=graph)[1])), "utf-8")
    (folder / "guide.json").write_text(dump_guide(guide), "utf-8")
    (folder / "letters.json").write_text(letters_json(letters()), "utf-8")
    (folder / "directory.json").write_text(directory_json(directory()), "utf-8")
    for locale in LOCALES:
        (folder / f"lexicon-{locale}.json").write_text(dump_lexicon(knowledge().match, locale), "utf-8")
        (folder / f"{locale}.html").write_text(static_guide(guide, graph, locale), "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
