"""The leaflets the tests look at, made once for all of them, and what a test reads in a PDF: tags in order, pixels, letters."""

import ctypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2
import pypdfium2.raw as pdfium
from filelock import FileLock
from PIL import Image

from decision_tree.authoring.prove.compile import Graph, compile_graph
from decision_tree.authoring.read.load import KNOWLEDGE
from scripts.content.loaded import knowledge
from scripts.leaflets.__main__ import jobs_for
from scripts.leaflets.factory import make_all
from scripts.leaflets.kits import Kit, known_departements, load_kit
from scripts.leaflets.layouts import LAYOUTS, Source
from scripts.leaflets.publish import published, published_folder
from scripts.project.paths import ROOT

SAMPLE = ROOT / "kits" / "exemple" / "kit.yaml"
KIT_FOLDER = ROOT / ".cache" / "leaflets" / "kit"
MM = 72 / 25.4


@cache
def graph() -> Graph:
    """The compiled graph."""
    return compile_graph(knowledge().model)


@cache
def source() -> Source:
    """What makes the data of leaflets."""
    return Source(knowledge(), graph)


@cache
def sample_kit() -> Kit:
    """The kit that ships with the project."""
    return load_kit(SAMPLE, known_departements(KNOWLEDGE / "directory"))


@cache
def default_files() -> dict[str, Path]:
    """The leaflets of the site, by name."""
    return {one.made.file: published_folder() / one.made.file for one in published()}


@cache
def kit_files() -> dict[str, Path]:
    """The leaflets of the sample kit, by name."""
    KIT_FOLDER.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{KIT_FOLDER}.lock"):
        report = make_all(jobs_for(source(), list(LAYOUTS.values()), sample_kit()), KIT_FOLDER, record=KIT_FOLDER.with_suffix(".json"))
    assert not report.failed, report.failed
    return {Path(one.file).name: KIT_FOLDER / one.file for one in report.made}


LINES = {"H1", "H2", "H3", "H4", "P", "LI", "TR", "Caption", "Figure"}   # roles that begin a line for a screen reader


@dataclass(frozen=True)
class Said:
    """One line a screen reader reads: its role, its language where it has its own, its words."""

    role: str
    lang: str | None
    text: str


def reading(path: Path) -> list[Said]:
    """Return what a screen reader reads, in its order."""
    reader = pypdf.PdfReader(path)
    words = marked_words(path)
    numbers = {page.indirect_reference.idnum: number for number, page in enumerate(reader.pages) if page.indirect_reference}
    found: list[list[Any]] = []

    def add(text: str, lang: str | None) -> None:
        found[-1][2] += text
        found[-1][1] = found[-1][1] or (lang if text.strip() else None)

    def walk(node: Any, lang: str | None, page: int | None) -> None:
        lang = str(node["/Lang"]) if "/Lang" in node else lang
        page = numbers[node.raw_get("/Pg").idnum] if "/Pg" in node else page
        if (role := str(node["/S"])[1:]) in LINES or not found:
            found.append([role, None, str(node.get("/Alt", ""))])
        kids = node.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            one = kid if isinstance(kid, int) else kid.get_object()
            if isinstance(one, int):
                add(words.get((page, one), ""), lang)
            elif "/S" in one:
                walk(one, lang, page)
            elif "/MCID" in one:
                add(words.get((numbers[one.raw_get("/Pg").idnum] if "/Pg" in one else page, int(one["/MCID"])), ""), lang)

    root = reader.root_object["/StructTreeRoot"]
    for kid in root["/K"]:  # type: ignore[index]
        walk(kid.get_object(), None, None)
    return [Said(role, lang, " ".join(text.split(" "))) for role, lang, text in found if text.strip()]


def marked_words(path: Path) -> dict[tuple[int | None, int], str]:
    """Return (page, mark) → text."""
    found: dict[tuple[int | None, int], str] = {}
    document = pypdfium2.PdfDocument(path)
    for number, page in enumerate(document):
        letters = page.get_textpage()
        for one in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
            mark = pdfium.FPDFPageObj_GetMarkedContentID(one.raw)
            size = pdfium.FPDFTextObj_GetText(one.raw, letters.raw, None, 0)
            buffer = ctypes.create_string_buffer(size)
            pdfium.FPDFTextObj_GetText(one.raw, letters.raw, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
            found[number, mark] = found.get((number, mark), "") + buffer.raw.decode("utf-16-le").rstrip("\0")
    document.close()
    return found


def text_of(path: Path) -> str:
    """Return all the text of a file, as a reader's search sees it."""
    document = pypdfium2.PdfDocument(path)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def picture(path: Path, page: int = 0, dpi: float = 144) -> Image.Image:
    """Return a page as pixels."""
    document = pypdfium2.PdfDocument(path)
    shown: Image.Image = document[page].render(scale=dpi / 72).to_pil().convert("RGB")
    return shown


@dataclass(frozen=True)
class Letter:
    """A letter with the box of its ink, in millimetres from the top left, and its size in points."""

    sign: str
    left: float
    top: float
    right: float
    bottom: float
    size: float


def letters(path: Path, page: int = 0) -> list[Letter]:
    """Return the letters of a page."""
    document = pypdfium2.PdfDocument(path)
    sheet = document[page]
    left, _, _, top = sheet.get_mediabox()
    text = sheet.get_textpage()
    found = []
    for index in range(text.count_chars()):
        sign = chr(pdfium.FPDFText_GetUnicode(text.raw, index))
        if sign.isspace() or pdfium.FPDFText_IsGenerated(text.raw, index) == 1:
            continue
        x1, y1, x2, y2 = text.get_charbox(index)
        size = pdfium.FPDFText_GetFontSize(text.raw, index)
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(text.raw, index, matrix)
        found.append(Letter(sign, (x1 - left) / MM, (top - y2) / MM, (x2 - left) / MM, (top - y1) / MM, size * abs(matrix.d or 1)))
    return found
