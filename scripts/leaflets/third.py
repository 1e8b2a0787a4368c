"""The leaflets of a third language, at the place of French: what reads like a page, in its direction; the others stay as they are.

    python -m scripts.leaflets.third ar --name العربية --direction rtl --script arabic --published FOLDER --to FOLDER

Run in the copy of the project where the translation stands in place of the French (scripts/upkeep/language_build.py), between marks.
What is not translated is French and says so; in text written from right to left, numbers and French names are set apart, as on pages.
"""

import argparse
import json
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from decision_tree.authoring.prove.compile import compile_graph
from decision_tree.locales import REFERENCE
from scripts.content.loaded import knowledge
from scripts.content.set_apart import CLOSE, OPEN, bare, runs
from scripts.leaflets.content import Data
from scripts.leaflets.factory import Failed, Job, Made, make_all
from scripts.leaflets.layouts import LAYOUTS, Source, file_name
from scripts.leaflets.publish import LIST
from scripts.leaflets.texts import LeafletError, Run
from scripts.project.paths import CACHE

TEMPLATES = ("folded.typ", "linear.typ")     # those that turn around: panels, lists, footers
SHOWN = ("name", "label", "value")           # texts of a panel that are no runs
MARKS = re.compile(f"([{OPEN}{CLOSE}])")
FOLDER = CACHE / "leaflets" / "languages"


@dataclass(frozen=True, slots=True)
class Third:
    """A language: its code, its own name, its direction, whether its letters are not Latin."""

    code: str
    name: str
    direction: str
    other_letters: bool


def jobs(source: Source, language: Third) -> list[Job]:
    """Return the leaflets that say something in the language."""
    found = []
    for layout in (one for one in LAYOUTS.values() if one.template in TEMPLATES):
        for audience in layout.audiences:
            data = source.data(layout, audience, REFERENCE, None)
            if OPEN in json.dumps(data, ensure_ascii=False):
                found.append(Job(file_name(layout, audience, REFERENCE), layout.template, in_language(data, language), layout.folded))
    return found


def in_language(data: Data, language: Third) -> Data:
    """Return the data of a French leaflet with each part in its language, for templates that turn around."""
    said = {key: _said(value, key, language) for key, value in data.items()}
    return said | {
        "third": {"code": language.code, "direction": language.direction},
        "shown-title": parts([{"text": data["title"]}], language),
        "words": {key: parts([{"text": word}], language) for key, word in data["words"].items()},
    }


def _said(value: Any, key: str, language: Third) -> Any:
    if isinstance(value, Mapping):
        return {inner: _said(one, inner, language) for inner, one in value.items()}
    if isinstance(value, list):
        if value and all(isinstance(one, Mapping) and "text" in one for one in value):
            return parts(value, language)
        return [_said(one, key, language) for one in value]
    if isinstance(value, str):
        return parts([{"text": value}], language) if key in SHOWN and value else bare(value)
    return value


def parts(said: Sequence[Run], language: Third) -> list[Run]:
    """Return the runs of one text cut where its language changes: French ones say so, and what must not turn around is set apart."""
    found: list[Run] = []
    inside = False
    for run in said:
        for piece in MARKS.split(run["text"]):
            if piece in (OPEN, CLOSE):
                inside = piece == OPEN
            elif piece:
                found += _pieces(run | {"text": piece}, language, inside=inside)
    return found


def _pieces(run: Run, language: Third, *, inside: bool) -> list[Run]:
    text = run["text"]
    letters = [sign for sign in text if sign.isalpha()]
    french = all(sign < "\u0250" for sign in letters) if language.other_letters else not inside
    if letters and french:
        return [run | {"foreign": True, "french": True}]
    if language.direction == "ltr" or not language.other_letters:
        return [run]
    return [run | {"text": part} | ({} if latin is None else {"foreign": True, "french": latin}) for part, latin in runs(text)]


def make(language: Third, published: Path, to: Path) -> None:
    """Put the published leaflets at `to`, with those of the language in place of the French.

    Raises:
        LeafletError: A leaflet cannot be made; the message names the panel and the files to shorten.
    """
    source = Source(knowledge(), lambda: compile_graph(knowledge().model))
    folder = FOLDER / language.code
    folder.mkdir(parents=True, exist_ok=True)
    report = make_all(jobs(source, language), folder, record=FOLDER / f"{language.code}.json")
    if report.failed:
        raise LeafletError("\n".join(line for one in report.failed for line in refused(one, language)))
    shutil.copytree(published, to)
    own = {one.file: replace(one, language=language.name) for one in report.made}
    for file in own:
        shutil.copyfile(folder / file, to / file)
    made = [Made(**one) for one in json.loads((published / LIST).read_text("utf-8"))]
    (to / LIST).write_text(json.dumps([asdict(own.get(one.file, one)) for one in made], ensure_ascii=False), "utf-8")


def refused(failed: Failed, language: Third) -> list[str]:
    """Return why a leaflet could not be made, a line for each panel."""
    where = f"Shorten its texts in languages/{language.code}/leaflets.yaml or knowledge.yaml."
    return [f"{failed.file}: the panel '{panel}' is {mm} mm too long in {way}. {where}" for panel, mm, way, _ in failed.long] or [
        f"{failed.file}: {failed.reason}"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the leaflets and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.leaflets.third", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("code")
    parser.add_argument("--name", required=True, help="the name of the language in its own letters")
    parser.add_argument("--direction", choices=("ltr", "rtl"), required=True)
    parser.add_argument("--script", required=True)
    parser.add_argument("--published", type=Path, required=True, help="the leaflets of the published languages")
    parser.add_argument("--to", type=Path, required=True)
    options = parser.parse_args(arguments)
    try:
        make(Third(options.code, options.name, options.direction, options.script != "latin"), options.published, options.to)
    except LeafletError as error:
        print(f"leaflets: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
