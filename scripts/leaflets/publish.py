"""The leaflets on the site: their words as a page, then each file with its paper, pages and weight; the files themselves."""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from posixpath import relpath

from decision_tree.authoring.prove.compile import compile_graph
from decision_tree.authoring.read.knowledge import Knowledge
from decision_tree.guide.render import KEPT as UNTRANSLATED
from decision_tree.locales import LOCALES, conventions, written_number
from scripts.content.loaded import knowledge
from scripts.content.page import DOCS
from scripts.leaflets.content import SELF_CHECK, Data, leaflet
from scripts.leaflets.factory import Job, Made, make_all, remove_others
from scripts.leaflets.layouts import EVERYONE, LAYOUTS, Layout, Source, file_name, what_for
from scripts.leaflets.practice import pasted, sheet
from scripts.leaflets.texts import WORDS, LeafletError, Run, Writer, load_words
from scripts.project.cache import cached, key_of
from scripts.project.paths import ROOT

FOLDER = ROOT / ".cache" / "leaflets" / "site"
PLACE = "depliants"                      # the folder of the site that holds the files
KEPT = "LEAFLETS_MADE"                   # in the environment: a folder of files made before
LIST = "made.json"                       # weights and pages, beside the files
ROOMS = ("decision_tree", "languages", "leaflets", "overrides/assets/illustrations", "scripts/leaflets", "scripts/content")
READ = (".py", ".yaml", ".typ", ".ttf", ".svg")
FILES = ("site.yaml", "overrides/assets/css/tokens.css", "overrides/assets/css/pictures.css",
         "scripts/content/macros.py", "scripts/content/pictures.py", "scripts/content/publisher.py")


@dataclass(frozen=True, slots=True)
class Published:
    """One file of the site."""

    layout: Layout
    audience: str
    locale: str
    made: Made


@cache
def published_folder() -> Path:
    """Return the folder of the files, made again only when something they are made from has changed.

    Raises:
        LeafletError: a leaflet cannot be made.
    """
    if kept := os.environ.get(KEPT):   # a site in a third language shows the files of the two published ones
        return Path(kept)
    names = "\n".join(path.relative_to(ROOT).as_posix() for path in sources())
    return cached("leaflets", key_of(version("typst"), version("segno"), names, *sources()), make)


@cache
def sources() -> tuple[Path, ...]:
    """Return every file the leaflets are made from: knowledge, words, templates, fonts, drawings, pages they quote, and our code."""
    pages = {SELF_CHECK, *re.findall(r"\bpage: ([\w/-]+\.md)", WORDS.read_text("utf-8"))}
    found: Iterable[Path] = (path for room in ROOMS for path in (ROOT / room).rglob("*") if path.suffix in READ and path.is_file())
    return tuple(sorted({*found, *(ROOT / file for file in FILES), *(DOCS / locale / page for page in pages for locale in LOCALES)}))


def make(folder: Path) -> None:
    """Make every file, only what changed since the last time, and put them into `folder` with a list."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    source = Source(knowledge(), lambda: compile_graph(knowledge().model))
    jobs = [Job(file_name(*kind), kind[0].template, source.data(*kind, None), kind[0].folded) for kind in kinds()]
    report = make_all(jobs, FOLDER.resolve(), record=FOLDER.parent / "site.json")
    remove_others(FOLDER, [job.file for job in jobs])
    if report.failed:
        raise LeafletError("; ".join(f"{one.file}: {one.reason or one.long}" for one in report.failed))
    for one in report.made:
        shutil.copyfile(FOLDER / one.file, folder / one.file)
    (folder / LIST).write_text(json.dumps([asdict(one) for one in report.made]), "utf-8")


def kinds() -> list[tuple[Layout, str, str]]:
    """Return what the site offers: each layout with its audiences and locales."""
    return [(layout, audience, locale) for layout in LAYOUTS.values() for audience, locale in what_for(layout)]


@cache
def published() -> tuple[Published, ...]:
    """Return what the site offers, made if need be.

    Raises:
        LeafletError: a leaflet cannot be made.
    """
    made = [Made(**one) for one in json.loads((published_folder() / LIST).read_text("utf-8"))]
    return tuple(Published(*kind, one) for kind, one in zip(kinds(), made, strict=True))


def publish(site: Path) -> None:
    """Put the files in a built site that has the page about them."""
    if not (site / PLACE).is_dir():
        return
    for one in published():
        shutil.copyfile(published_folder() / one.made.file, site / PLACE / one.made.file)


def weight(size: int, locale: str) -> str:
    """Return a number of bytes as one reads it: "75 ko", "4.5 MB"."""
    how = conventions(locale)
    if size >= 1_000_000:
        return f"{written_number(f'{size / 1e6:.1f}', locale)}\u00a0{how.megabytes}"
    return f"{round(size / 1000)}\u00a0{how.kilobytes}"


def address(file: str, locale: str, page: str) -> str:
    """Return the way from a page of a locale to a file.

    Args:
        file: The name of the file.
        locale: fr or en; English pages stand one folder deeper.
        page: The address of the page under its locale, without a leading slash.
    """
    root = "../" * conventions(locale).folder.count("/")
    return relpath(f"{root}{PLACE}/{file}", page or ".")


def files_list(locale: str, page: str, audience: str | None = None) -> str:
    """Return the list of files, as Markdown: those of one audience, or all under a heading for each.

    Args:
        locale: The locale of the page.
        page: The address of the page under its locale.
        audience: patients, professionnels, or None for all.
    """
    writer = Writer(knowledge(), locale)
    words = load_words()["site"]
    parts = []
    for kind in [audience] if audience else [*words["audiences"]]:
        shown = [one for one in published() if one.layout.listed and one.audience in (kind, *((EVERYONE,) if audience else ()))]
        rows = [row(writer, one, page) for one in sorted(shown, key=lambda one: locale not in one.locale)]
        if rows:
            title = "" if audience else f"### {writer.plain(words['audiences'][kind])}\n\n"
            parts.append(title + "\n".join([header(writer), *rows]))
    return "\n\n" + "\n\n".join(parts) + "\n\n"


def header(writer: Writer) -> str:
    """Return the first lines of the table of files."""
    cells = [writer.plain(one) for one in load_words()["site"]["columns"]]
    return f"| {' | '.join(cells)} |\n|{' --- |' * len(cells)}"


def row(writer: Writer, one: Published, page: str) -> str:
    """Return one file as a row: a link that says what it opens, the language, the paper, the pages, the weight."""
    words = load_words()["site"]
    name = writer.plain(words["layouts"][one.layout.id])
    language = one.made.language or writer.plain(words["languages"][one.locale])
    href = address(one.made.file, writer.locale, page)
    says = f'{name}<span class="unseen"> ({language}, PDF)</span>'
    cells = [f'<a href="{href}" type="application/pdf" download>{says}</a>', language, f"PDF {one.layout.paper}",
             str(one.made.pages), weight(one.made.bytes, writer.locale)]
    return f"| {' | '.join(cells)} |"


def sheet_links(id: str, locale: str, page: str) -> str:
    """Return links to one sheet of the pack of a practice, the page's own language first.

    Args:
        id: The sheet (guichet, cabinet-affiche).
        locale: The locale of the page.
        page: The address of the page under its locale.
    """
    writer, words = Writer(knowledge(), locale), load_words()["site"]
    found = sorted((one for one in published() if one.layout.id == id), key=lambda one: one.locale != locale)
    if not found:
        raise LeafletError(f"no sheet is called '{id}'. Write one of: {', '.join(LAYOUTS)}.")
    name = writer.plain(words["layouts"][id])
    return " · ".join(sheet_link(one, name, writer, page) for one in found)


def sheet_link(one: Published, name: str, writer: Writer, page: str) -> str:
    """Return a link to a file: its name in the page's own language, else its language alone."""
    language = writer.plain(load_words()["site"]["languages"][one.locale])
    shown = f'{name}<span class="unseen"> ({language}, PDF)</span>' if one.locale == writer.locale else f"{language}, PDF"
    return f'<a href="{address(one.made.file, writer.locale, page)}" type="application/pdf" download>{shown}</a>'


def pasted_text(known: Knowledge, id: str, locale: str) -> str:
    """Return the words of one sheet as plain text, with lines to fill in."""
    return pasted(sheet(known, id, locale))


def text_of(audience: str, locale: str, cite: Callable[..., str]) -> str:
    """Return the words of a leaflet as Markdown: its panels in reading order, each with its sources.

    Args:
        audience: patients or professionnels.
        locale: fr or en.
        cite: Statement ids → their references, as the page prints them.
    """
    if audience not in load_words()["leaflets"]:
        raise LeafletError(f"no leaflet is for '{audience}'. Write one of: {', '.join(load_words()['leaflets'])}.")
    panels = {one["place"]: one for one in leaflet(knowledge(), audience, locale)["panels"]}
    relied = {one["place"]: one["relies"] for one in load_words()["leaflets"][audience]["panels"]}
    writer = Writer(knowledge(), locale)
    first, *order = ("cover", "flap", "inside-1", "inside-2", "inside-3", "back")
    lines = [inline(panels[first]["lead"]), inline(panels[first]["emergency"])]
    for place in order:
        lines += [f"### {plain(panels[place]['title'])}", *(markdown(block) for block in panels[place]["blocks"])]
        if relied[place]:
            lines.append(f"{writer.word('sources')} {cite(*relied[place])}")
    return "\n\n" + "\n\n".join(lines) + "\n\n"


def markdown(block: Data) -> str:
    """Return one block of a panel as Markdown."""
    kind = block["kind"]
    if kind == "heading":
        return f"#### {plain(block['runs'])}"
    if kind in ("list", "steps"):
        return "\n".join(listed(block["items"], "1." if kind == "steps" else "-"))
    if kind == "bodies":
        return "\n\n".join(f"#### {one['name']}\n\n{inline(one['aim'])}\n\n{inline(one['how'])}" for one in block["items"])
    if kind == "contacts":
        return "\n".join(f"- {inline([contact_run(one)])} {one['label']}" for one in block["items"])
    return inline(block["runs"])


def contact_run(one: Mapping[str, str]) -> Run:
    """Return a contact of a panel as a run."""
    return {"text": one["value"], "strong": True} | ({"href": one["href"]} if one.get("href") else {})


def listed(items: Sequence[list[Run]], mark: str) -> Iterator[str]:
    """Yield the items of a list."""
    for number, item in enumerate(items, 1):
        yield f"{f'{number}.' if mark == '1.' else mark} {inline(item)}"


def plain(runs: Sequence[Run]) -> str:
    """Return runs without their looks."""
    return "".join(run["text"] for run in runs)


def inline(runs: Sequence[Run]) -> str:
    """Return runs as Markdown."""
    return "".join(marked(run) for run in runs)


def marked(run: Run) -> str:
    """Return one run as Markdown."""
    text = f"**{run['text']}**" if run.get("strong") else run["text"]
    kept = f"{{: {UNTRANSLATED} }}" if run.get("href", "").startswith(("tel:", "sms:")) else ""   # a browser that translates leaves numbers
    return f"[{text}]({run['href']}){kept}" if "href" in run else text
