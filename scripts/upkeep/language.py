"""Begin a third language, list every text it lacks, and see the site with it: what is not translated stays French, with a notice.

    python -m scripts.upkeep.language br --name breton      begin languages/br/, or go on; list what is missing (make new-language)
    python -m scripts.upkeep.language br --to build/br      build the site with it, at the place of French

A translation is laid over the French, and changes nothing of it: words.yaml by key, knowledge.yaml and leaflets.yaml by path, pages/ by
file name.
Numbers in words stay those of the French; publishing a third language beside the two others is a change of the code, which
docs/contribuer/GUIDE-TRADUCTION.md does not need.
"""

import argparse
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from decision_tree.authoring.read.load import KNOWLEDGE, load_knowledge
from decision_tree.authoring.read.problems import Place, Problem, did_you_mean
from decision_tree.authoring.read.shapes import name_of
from decision_tree.authoring.read.yaml_text import MappingNode, Node, ScalarNode, SequenceNode, YamlError, tree_of_text
from decision_tree.locales import LOCALES, REFERENCE
from scripts.project.paths import FONTS, ROOT

LANGUAGES = ROOT / "languages"
CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,8})?")
SHOWN = "decision_tree/knowledge"
WORDS = "overrides/words/fr.yaml"        # all words of the interface, in French
LEAFLETS = "leaflets/words.yaml"         # the words of the leaflets that are not in the knowledge
SETTINGS = """\
name: {name}          # in French, as in "traduite en {name}"
english: {name}       # in English
own: {name}           # in the language itself, in its own letters
direction: ltr        # rtl for a language written from right to left
script: latin         # arabic, bengali, cyrillic, devanagari, latin, tamil
"""
HEADS = {
    "words.yaml": "# The words around the pages, by the key the list of what is missing gives: nav.menu: \"…\"\n",
    "knowledge.yaml": "# The texts of the knowledge, by their path, as the list of what is missing gives it: bodies/ars.aim: \"…\"\n",
    "leaflets.yaml": "# The words of the leaflets, by their path, as the list of what is missing gives it: words.page: \"…\"\n",
}


class LanguageError(Exception):
    """The language cannot be begun or built; the message says why and what to write instead."""


@dataclass(frozen=True, slots=True)
class Source:
    """One French text and where it stands."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Overlay:
    """What has been translated: key or path → text and place, and the pages by name."""

    words: Mapping[str, Source]
    knowledge: Mapping[str, Source]
    leaflets: Mapping[str, Source]
    pages: frozenset[str]

    @property
    def texts(self) -> Mapping[str, Mapping[str, Source]]:
        """The texts by the file they stand in."""
        return {"words.yaml": self.words, "knowledge.yaml": self.knowledge, "leaflets.yaml": self.leaflets}

    def __len__(self) -> int:
        return sum(map(len, self.texts.values())) + len(self.pages)


def begin(code: str, name: str, languages: Path = LANGUAGES) -> Path:
    """Write the files of a language that are not there yet, and return its folder.

    Raises:
        LanguageError: The code is none, or is French or English.
    """
    if not CODE.fullmatch(code) or code in LOCALES:
        raise LanguageError(f"'{code}' cannot begin a language. Write its code, as in br or ar; fr and en are there.")
    folder = languages / code
    (folder / "pages").mkdir(parents=True, exist_ok=True)
    for file, text in ({"language.yaml": SETTINGS.format(name=name or code)} | HEADS).items():
        if not (folder / file).exists():
            (folder / file).write_text(text, "utf-8")
    return folder


def scalars(file: Path, shown: str) -> dict[str, Source]:
    """Read a file of “key: text” lines, with the line of each.

    Raises:
        LanguageError: The file cannot be read so.
    """
    try:
        node = tree_of_text(file.read_text("utf-8"))
    except (YamlError, UnicodeDecodeError) as error:
        raise LanguageError(f"{shown}: this file cannot be read ({str(error).splitlines()[0]}). Write one “key: text” a line.") from error
    if node is None:
        return {}
    if not isinstance(node, MappingNode) or not all(isinstance(value, ScalarNode) for _, value in node.value):
        raise LanguageError(f"{shown}:{node.start_mark.line + 1}: this is not a list of “key: text” lines. Write one a line.")
    return {key.value: Source(value.value, Place(shown, key.start_mark.line + 1)) for key, value in node.value}


def by_path(node: Node | None, shown: str, way: str = "") -> Iterator[tuple[str, Source]]:
    """Yield each French text of a YAML file under its path: keys, ids or numbers of entries, joined by dots."""
    if isinstance(node, MappingNode):
        inside = [(key.value, value) for key, value in node.value]
    elif isinstance(node, SequenceNode):
        inside = [(name_of(item) or str(number), item) for number, item in enumerate(node.value, 1)]
    else:
        return
    for name, value in inside:
        if name == REFERENCE and isinstance(value, ScalarNode):
            yield way, Source(value.value, Place(shown, value.start_mark.line + 1))
        else:
            yield from by_path(value, shown, f"{way}.{name}" if way else name)


def french(root: Path = ROOT) -> Overlay:
    """Return all French texts: words by key, knowledge and leaflets by path, names of pages."""
    knowledge = load_knowledge(KNOWLEDGE if root == ROOT else root / SHOWN, SHOWN)
    pages = frozenset(path.relative_to(root / "docs" / "fr").as_posix() for path in (root / "docs" / "fr").rglob("*.md"))
    return Overlay(scalars(root / WORDS, WORDS), {path: Source(text.fr, place) for path, (text, place) in knowledge.texts.items()},
                   dict(by_path(tree_of_text((root / LEAFLETS).read_text("utf-8")), LEAFLETS)), pages)


def overlay(folder: Path) -> Overlay:
    """Read what has been translated; an empty text, or a file that is not there, counts as missing."""
    shown = f"{folder.parent.name}/{folder.name}"
    words, known, leaflets = ({key: one for key, one in scalars(folder / file, f"{shown}/{file}").items() if one.text.strip()}
                              if (folder / file).exists() else {} for file in HEADS)
    pages = frozenset(path.relative_to(folder / "pages").as_posix() for path in (folder / "pages").rglob("*.md"))
    return Overlay(words, known, leaflets, pages)


def problems(folder: Path, root: Path = ROOT) -> tuple[list[Problem], list[Problem]]:
    """Return what is wrong in a translation, and what it lacks, each with its file and line."""
    known, done = french(root), overlay(folder)
    shown = f"{folder.parent.name}/{folder.name}"
    wrong = [one for file, texts in done.texts.items() for one in _wrong(texts, known.texts[file])]
    wrong += without_font([one for texts in done.texts.values() for one in texts.values()])
    wrong += [Problem(Place(f"{shown}/pages/{page}", 1), "no French page has this name",
                      did_you_mean(page, sorted(known.pages), "give it the name of its French page."))
              for page in sorted(done.pages - known.pages)]
    lacking = [Problem(one.place, f"'{key}' is not translated: “{_short(one.text)}”", f"Write it in {shown}/{file} as {key}.")
               for file, texts in known.texts.items() for key, one in texts.items() if key not in done.texts[file]]
    lacking += [Problem(Place(f"docs/fr/{page}", 1), "this page is not translated", f"Write it in {shown}/pages/{page}.")
                for page in sorted(known.pages - done.pages)]
    return sorted(wrong), sorted(lacking)


def _wrong(done: Mapping[str, Source], known: Mapping[str, Source]) -> Iterator[Problem]:
    for key, one in done.items():
        if key not in known:
            yield Problem(one.place, f"no French text has the key '{key}'",
                          did_you_mean(key, known, "take it from the list of what is missing."))
        elif _slots(one.text) != _slots(known[key].text):
            wanted = ", ".join(sorted(_slots(known[key].text))) or "none"
            yield Problem(one.place, f"the braces of '{key}' are not those of the French", f"Keep these, as they are: {wanted}.")


def without_font(texts: Iterable[Source], fonts: Path = FONTS) -> list[Problem]:
    """Return, once for each script, the first text with letters that no font of the leaflets has: it would stop the build, late."""
    from fontTools.ttLib import TTFont

    known = frozenset(sign for font in fonts.glob("*.ttf") for sign in TTFont(font, lazy=True).getBestCmap())
    found: dict[str, Problem] = {}
    for one in texts:
        lost = [sign for sign in one.text if sign.isalpha() and ord(sign) not in known]
        script = unicodedata.name(lost[0], "UNKNOWN").split()[0] if lost else ""
        if lost and script not in found:
            found[script] = Problem(one.place,
                                    f"no font of the leaflets has the letters “{''.join(dict.fromkeys(lost))}” ({script.lower()})",
                                    "Put a font of this script in leaflets/fonts/ with its licence, and its name in leaflets/parts.typ.")
    return list(found.values())


def _slots(text: str) -> set[str]:
    return set(re.findall(r"\{[\w:-]+\}", text))


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verb and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.upkeep.language", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("code", help="br, ar, uk…")
    parser.add_argument("--name", default="", help="its name in French, when it begins")
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="build the site with it there")
    options = parser.parse_args(arguments)
    try:
        folder = begin(options.code, options.name)
        wrong, lacking = problems(folder)
        if options.to:
            from scripts.upkeep.language_build import build  # here: it reads this module

            build(folder, options.to.resolve())
    except LanguageError as error:
        print(f"language: {error}", file=sys.stderr)
        return 2
    print("\n".join(map(str, (*wrong, *lacking))))
    print(f"language: {options.code}, {len(overlay(folder)):,} translated, {len(lacking):,} missing, {len(wrong)} wrong"
          + (f"; built in {options.to}" if options.to else "") + ".", file=sys.stderr)
    return 2 if wrong else 0


if __name__ == "__main__":
    from scripts.upkeep import language  # under its own name, as the build knows it: else its errors are of another class

    sys.exit(language.main())
