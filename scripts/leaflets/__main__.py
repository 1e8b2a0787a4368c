"""Write the leaflets to dist/: PDF files and their checksums.

Without options, makes every layout for patients and professionals, in French and English, with no fund's name.
`--practice FILE` makes the welcoming pack of one practice, with the same words to paste. `--kit FILE` makes all layouts for one fund;
`--all` makes the folded, page-by-page and large-print leaflets of every fund of the directory. Nothing is fetched, and what has not
changed is not made again.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from decision_tree.authoring.prove.compile import Graph, compile_graph
from decision_tree.authoring.read.load import KNOWLEDGE
from decision_tree.authoring.read.problems import KnowledgeError
from decision_tree.locales import LOCALES, written_number
from scripts.content.loaded import knowledge
from scripts.leaflets.factory import Failed, Job, Report, make_all, remove_others, write_sums
from scripts.leaflets.kits import Kit, KitError, Mistake, directory_kits, known_departements, load_kit, messages, mistake
from scripts.leaflets.layouts import EVERYONE, LAYOUTS, OF_ALL_FUNDS, PACK, POSTERS, PRACTICE, Layout, Source, file_name, what_for
from scripts.leaflets.practice import pasted, sheet
from scripts.leaflets.practice_kits import Practice, load_practice
from scripts.leaflets.texts import LeafletError
from scripts.leaflets.two_languages import ALL
from scripts.project.paths import ROOT

T = TypeVar("T")
DIST = ROOT / "dist"
FUNDS = "caisses"
PRACTICES = "cabinets"


def jobs_for(source: Source, layouts: Sequence[Layout], kit: Kit | None) -> list[Job]:
    """Return the files of some layouts, for one fund or none."""
    folder = f"{FUNDS}/{kit.code}/" if kit else ""
    return [Job(folder + file_name(layout, audience, locale), layout.template, source.data(layout, audience, locale, kit), layout.folded)
            for layout in layouts for audience, locale in what_for(layout)]


def pack_of(source: Source, practice: Practice) -> list[Job]:
    """Return the files of a practice's pack: its sheets in both languages, and the poster that welcomes in every language."""
    folder = f"{PRACTICES}/{practice.code}/"
    sheets = [Job(folder + file_name(LAYOUTS[id], "professionnels", locale), PRACTICE, sheet(knowledge(), id, locale, practice))
              for id in PACK for locale in LOCALES]
    posters = [Job(folder + file_name(LAYOUTS[id], EVERYONE, ALL), LAYOUTS[id].template,
                   source.data(LAYOUTS[id], EVERYONE, ALL, practice.as_fund())) for id in POSTERS]
    return [*sheets, *posters]


def write_texts(jobs: Sequence[Job], folder: Path) -> int:
    """Write the words of each sheet of a pack beside its PDF, to be pasted; return how many there are."""
    sheets = [job for job in jobs if job.template == PRACTICE]
    for job in sheets:
        (folder / job.file).with_suffix(".txt").write_text(pasted(job.data), "utf-8")
    return len(sheets)


def mistakes_of(failed: Sequence[Failed]) -> list[Mistake]:
    """Return what went wrong with files, in French and English: a reason, or each text too long."""
    found: list[Mistake] = []
    for one in failed:
        if not one.long:
            found.append(mistake(one.file, "not_set", reason=one.reason))
        found += [too_long(one.file, *long) for long in one.long]
    return found


def too_long(file: str, panel: str, mm: float, way: str, text: str) -> Mistake:
    """Return the mistake of one text that does not fit."""
    names = messages()["panels"].get(panel, dict.fromkeys(LOCALES, panel))
    said = messages()["too_wide" if way == "width" else "too_high"]
    amounts = {locale: written_number(f"{mm:.1f}", locale) for locale in LOCALES}
    return Mistake(file, *(said[locale].format(panel=names[locale], mm=amounts[locale], text=text) for locale in LOCALES))


class Bar:
    """A progress bar on a terminal; a line every tenth elsewhere."""

    def __init__(self) -> None:
        self.told = -1

    def __call__(self, done: int, wanted: int) -> None:
        if sys.stderr.isatty():
            filled = 30 * done // max(wanted, 1)
            end = "\n" if done == wanted else ""
            print(f"\rleaflets: [{'█' * filled}{'·' * (30 - filled)}] {done}/{wanted}", end=end, file=sys.stderr, flush=True)
        elif (tenth := 10 * done // max(wanted, 1)) > self.told and wanted > 50:
            self.told = tenth
            print(f"leaflets: {done} of {wanted}", file=sys.stderr, flush=True)


def parser() -> argparse.ArgumentParser:
    """Return the options of the verb."""
    found = argparse.ArgumentParser(prog="python -m scripts.leaflets", description=__doc__)
    which = found.add_mutually_exclusive_group()
    which.add_argument("--kit", type=Path, action="append", metavar="FILE", help="make every layout for the fund this YAML file describes")
    which.add_argument("--practice", type=Path, action="append", metavar="FILE", help="make the pack of the practice this file describes")
    which.add_argument("--all", action="store_true", help="make three layouts for each fund of the directory")
    found.add_argument("--layout", action="append", choices=list(LAYOUTS), help="make only this layout (may be repeated)")
    found.add_argument("--to", type=Path, default=DIST, metavar="FOLDER", help="where to put the files (default: dist/)")
    found.add_argument("--marks", action="store_true", help="add crop marks to the variant for printers")
    found.add_argument("--jobs", type=int, metavar="N", help="how many processes (default: one a processor)")
    found.add_argument("--time", action="store_true", help="say how many files, seconds and MiB")
    found.add_argument("--check", action="store_true", help="ask two validators whether each file is PDF/UA-1 and PDF/A-2a")
    return found


def graph_once() -> Callable[[], Graph]:
    """Return a function that compiles the graph the first time it is asked."""
    kept: list[Graph] = []

    def graph() -> Graph:
        if not kept:
            kept.append(compile_graph(knowledge().model))
        return kept[0]

    return graph


def wanted(options: argparse.Namespace) -> list[Job]:
    """Return the files the options ask for.

    Raises:
        KitError: with the mistakes of every kit.
    """
    source = Source(knowledge(), graph_once(), options.marks)
    layouts = [LAYOUTS[id] for id in options.layout or (OF_ALL_FUNDS if options.all else LAYOUTS)]
    if options.all:
        return [job for kit in directory_kits(KNOWLEDGE / "directory") for job in jobs_for(source, layouts, kit)]
    if options.practice:
        return [job for practice in read_all(options.practice, load_practice) for job in pack_of(source, practice)]
    if options.kit:
        departements = known_departements(KNOWLEDGE / "directory")
        return [job for kit in read_all(options.kit, lambda path: load_kit(path, departements)) for job in jobs_for(source, layouts, kit)]
    return jobs_for(source, layouts, None)


def read_all(paths: Sequence[Path], read: Callable[[Path], T]) -> list[T]:
    """Return what every file describes, or raise the mistakes of all."""
    found: list[T] = []
    mistakes: list[Mistake] = []
    for path in paths:
        try:
            found.append(read(path))
        except KitError as error:
            mistakes += error.mistakes
    if mistakes:
        raise KitError(mistakes)
    return found


def tell(report: Report, folder: Path, timed: bool) -> None:
    """Say what was made."""
    new = sum(one.new for one in report.made)
    weight = sum(one.bytes for one in report.made) / 1e6
    line = f"leaflets: {len(report.made)} files in {folder}, {new} new, {weight:.1f} MB"
    print(line + (f"; {report.seconds:.1f} s, {report.memory:.0f} MiB at the peak of all processes" if timed else ""))


def checked(report: Report, folder: Path) -> int:
    """Ask the validators about the files, and return how many they refuse."""
    from scripts.leaflets.validators import judge

    refused = {path: reasons for path, reasons in judge([folder / one.file for one in report.made]).items() if reasons}
    for path, reasons in refused.items():
        print(f"leaflets: {path} is not accessible or not archivable:", *reasons, sep="\n  ", file=sys.stderr)
    return len(refused)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verb and return its exit code."""
    options = parser().parse_args(arguments)
    folder = options.to.resolve()
    try:
        jobs = wanted(options)
    except (KitError, KnowledgeError, LeafletError) as error:
        print(error, file=sys.stderr)
        return 1
    report = make_all(jobs, folder, options.jobs, Bar())
    if not (options.layout or options.kit or options.practice or options.all):
        remove_others(folder, [job.file for job in jobs])
    if report.made:
        write_sums(folder)
    if report.failed:
        print(KitError(mistakes_of(report.failed)), file=sys.stderr)
        return 1
    tell(report, folder, options.time)
    if options.practice:
        print(f"leaflets: {write_texts(jobs, folder)} texts to paste beside them")
    return 1 if options.check and checked(report, folder) else 0


if __name__ == "__main__":
    sys.exit(main())
