"""The PDF files themselves: accessible, archivable, readable, exact, the same each time."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pypdf
import pytest
import zxingcpp

from scripts.content.loaded import knowledge
from scripts.leaflets.colours import ENOUGH, luminance
from scripts.leaflets.pdf import back_last, clear_ends, objects, with_objects
from scripts.leaflets.texts import shown_address
from scripts.leaflets.validators import judge
from scripts.project.paths import ROOT
from tests.support.lanes import PROVING
from tests.support.pdf import MM, default_files, kit_files, letters, picture, reading, sample_kit, text_of

SNAPSHOTS = ROOT / "tests" / "leaflet_snapshots"
READ = ("depliant-patients-fr", "depliant-professionnels-en", "affiche-a3-patients-fr", "face-a-face-patients-fr-en")
BOOKLET = "livret-"
SIDE = {"A3": (297, 420), "A4": (210, 297), "A5": (148, 210)}


def all_files() -> dict[str, Path]:
    return default_files() | {f"kit/{name}": path for name, path in kit_files().items()}


def test_every_layout_is_there_for_the_site_and_for_the_sample_kit() -> None:
    assert len(default_files()) == len(kit_files()) == 74
    assert set(default_files()) == set(kit_files())


READING = """
import sys
from pathlib import Path
opened = set()
sys.addaudithook(lambda event, arguments: opened.add(str(arguments[0])) if event == "open" else None)
from scripts.content.loaded import knowledge
from scripts.leaflets.layouts import LAYOUTS, Source, what_for
from scripts.leaflets.publish import kinds, sources
from scripts.project.paths import ROOT
from scripts.leaflets.wall import load_walls
from tests.support.lanes import PROVING
load_walls()
source = Source(knowledge(), lambda: None)
for layout, audience, locale in kinds():
    if layout.template not in ("wall.typ", "booklet.typ"):     # these compute long, from the same files
        source.data(layout, audience, locale, None)
read = {Path(path).resolve() for path in opened if Path(path).suffix in (".yaml", ".md", ".svg", ".css", ".typ", ".ttf")}
ours = {path for path in read if path.is_relative_to(ROOT) and not {".venv", ".cache", "node_modules"} & {*path.relative_to(ROOT).parts}}
print("\\n".join(sorted(str(path) for path in ours - set(sources()))), len(ours))
"""


def test_leaflets_are_made_again_when_anything_they_read_has_changed() -> None:
    """What is read while their words are set must be among the files whose content names the kept copy."""
    done = subprocess.run([sys.executable, "-c", READING], cwd=ROOT, capture_output=True, text=True, check=True)
    *forgotten, count = done.stdout.split()
    assert not forgotten
    assert int(count) > 5


def one_of_each_layout(files: Sequence[Path]) -> list[Path]:
    """Return one file of each layout: what stands before the first dash of the name."""
    return list({path.name.partition("-")[0]: path for path in files}.values())


@pytest.mark.sampled
@pytest.mark.timeout(1_200)
def test_two_validators_find_every_file_accessible_and_archivable() -> None:
    """The booklets, of ten million bytes each, are judged in `make prove`."""
    files = list(all_files().values())
    small = [path for path in files if not path.name.startswith(BOOKLET)]
    refused = {path.name: reasons for path, reasons in judge(files if PROVING else one_of_each_layout(small)).items() if reasons}
    assert not refused


BREAKS = {
    "no alt text": (rb"/Alt(?:\((?:[^()\\]|\\.)*\)|<[0-9A-F]*>)", b""),
    "no language": (rb"/Lang\([^)]*\)", b""),
    "no tags": (rb"/StructTreeRoot \d+ 0 R(?=/MarkInfo)", b""),
    "no title display": (rb"/DisplayDocTitle true", b"/DisplayDocTitle false"),
    "skipped heading": (rb"/S/H3(?=/)", b"/S/H5"),
    "link without description": (rb"(?<=/Subtype/Link)(.*?)/Contents(?:\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f]*>)", rb"\1"),
}


def broken(pdf: bytes, find: bytes, put: bytes) -> bytes:
    """Return the file with one thing taken out of its objects."""
    changed = {number: re.sub(find, put, part, flags=re.DOTALL) for number, part in objects(pdf).items() if b"stream" not in part}
    after = with_objects(pdf, changed)
    assert after != pdf, "nothing was broken"
    return after


def test_six_deliberate_breaks_are_all_caught(tmp_path: Path) -> None:
    whole = kit_files()["depliant-patients-fr.pdf"].read_bytes()
    files = {}
    for name, (find, put) in BREAKS.items():
        files[name] = tmp_path / f"{name}.pdf"
        files[name].write_bytes(broken(whole, find, put))
    found = judge(list(files.values()))
    caught = {name: bool(found[path]) for name, path in files.items()}
    assert caught == dict.fromkeys(BREAKS, True)


def test_the_title_is_shown_the_language_set_and_every_font_embedded() -> None:
    for name, path in all_files().items():
        reader = pypdf.PdfReader(path)
        root = reader.root_object
        assert root["/ViewerPreferences"]["/DisplayDocTitle"], name  # type: ignore[index]
        assert str(root["/Lang"]) == ("en-GB" if name.endswith("-en.pdf") and "fr-en" not in name else "fr-FR"), name
        assert reader.metadata and reader.metadata.title
        assert reader.outline, name
        for one in objects(path.read_bytes()).values():
            if b"/Type/FontDescriptor" in one:
                assert re.search(rb"/FontFile[23]? ", one), name


def test_links_open_something_and_say_what() -> None:
    for name, path in default_files().items():
        if name.startswith("livret"):
            continue
        links = [note for page in pypdf.PdfReader(path).pages for note in page.get("/Annots", [])]
        assert links or name.startswith(("auto-evaluation", "affiche-bienvenue")), name
        for link in links:
            assert link.get_object().get("/Contents"), name


def test_pages_have_their_size_and_the_printers_file_its_bleed() -> None:
    for name, path in all_files().items():
        page = pypdf.PdfReader(path).pages[1 if "livret" in name else 0]
        size = sorted(round(float(side) / 72 * 25.4, 2) for side in (page.trimbox.width, page.trimbox.height))
        paper = "A5" if "livret" in name else "A3" if "-a3" in name else "A4"
        assert size == pytest.approx(SIDE[paper], abs=0.02), name
        bleed = (float(page.mediabox.width) - float(page.trimbox.width)) / 2 / 72 * 25.4
        assert bleed == pytest.approx(3 if "impression" in name else 0, abs=0.01), name
        assert page.bleedbox == pytest.approx(page.mediabox, abs=0.01), name


def test_nothing_is_printed_on_a_fold_or_over_the_edge() -> None:
    for name in ("depliant-patients-fr.pdf", "depliant-professionnels-en.pdf"):
        for files in (default_files(), kit_files()):
            for page, folds in ((0, (97, 197)), (1, (100, 200))):
                for one in letters(files[name], page):
                    assert one.left >= 6 and one.right <= 291 and one.top >= 6 and one.bottom <= 205, (name, page, one)
                    assert not any(one.left < fold + 4 and one.right > fold - 4 for fold in folds), (name, page, one)


def test_letters_stand_out_in_colour_and_in_grey() -> None:
    for path in (default_files()["depliant-patients-fr.pdf"], kit_files()["depliant-professionnels-fr.pdf"],
                 kit_files()["gros-caracteres-patients-en.pdf"], default_files()["affiche-a4-patients-fr.pdf"]):
        dpi = 400
        shown = picture(path, 0, dpi)
        seen = 0
        for one in letters(path)[::7]:
            if one.size < 9 or not one.sign.isalnum():
                continue
            sides = (one.left - 0.3, one.top - 0.3, one.right + 0.3, one.bottom + 0.3)
            left, top, right, bottom = (round(side / 25.4 * dpi) for side in sides)
            pixels = shown.crop((left, top, right, bottom)).getcolors(1 << 20) or []
            tones = sorted(luminance(f"#{bytes(colour).hex()}") for _, colour in pixels)  # type: ignore[arg-type]
            assert (tones[-1] + 0.05) / (tones[0] + 0.05) >= ENOUGH, (path.name, one)
            seen += 1
        assert seen > 20, path.name


def test_the_qr_code_holds_the_address_printed_beside_it() -> None:
    for files, address in ((default_files(), "refus-de-soins.example/guide"), (kit_files(), "val-fleuri.example/guide")):
        for name in ("depliant-patients-fr.pdf", "affiche-a4-professionnels-fr.pdf"):
            found = [code.text for code in zxingcpp.read_barcodes(picture(files[name], 0, 200))]
            assert any(address in text for text in found), (name, found)
            assert address in text_of(files[name]).replace("\r\n", "")


def copied_by_hand() -> set[str]:
    """Return what nobody must read over two lines, without its spaces: numbers, web and e-mail addresses, the lines of a postal one."""
    ours = [(one.kind, one.value) for one in knowledge().contacts.values() if one.printed]
    theirs = [(one.kind, one.value) for some in sample_kit().contacts.values() for one in some]
    parts = [part for kind, value in (*ours, *theirs)
             for part in (re.findall(r"[^,]*\d[^,]*", value) if kind == "address" else [shown_address(value)])]
    return {"".join(part.split()) for part in parts if len(part) > 3}


def over_two_lines(path: Path, wanted: set[str]) -> tuple[int, list[str]]:
    """Return how many of them a file prints, and those that are broken."""
    count, found = 0, []
    for page in range(len(pypdf.PdfReader(path).pages)):
        printed = letters(path, page)
        said = "".join(one.sign for one in printed)
        for part in wanted:
            for place in re.finditer(rf"(?<!\d){re.escape(part)}(?!\d)", said):
                line = printed[place.start():place.end()]
                count += 1
                if max(one.top for one in line) - min(one.top for one in line) > line[0].size / MM:
                    found.append(f"{path.name}, page {page + 1}: {part}")
    return count, found


def test_no_number_nor_address_is_broken_over_two_lines() -> None:
    wanted = copied_by_hand()
    counted = {name: over_two_lines(path, wanted) for name, path in all_files().items()
               if PROVING or "livret" not in name}     # a booklet has six hundred pages
    assert sum(count for count, _ in counted.values()) > 200
    assert [one for _, broken in counted.values() for one in broken] == []


def test_large_print_is_eighteen_points_at_least() -> None:
    for name in ("gros-caracteres-patients-fr.pdf", "gros-caracteres-professionnels-en.pdf"):
        assert min(one.size for one in letters(default_files()[name], 1)) >= 17.99


def test_what_the_wall_sheet_says_first_is_read_at_two_metres() -> None:
    sizes = [one.size for one in letters(default_files()["affiche-a3-patients-fr.pdf"])]
    assert sum(size >= 20 for size in sizes) / len(sizes) > 0.5
    # The first body to turn to stands in 28 points: an x-height of five millimetres.
    assert max(size for size in sizes if size < 32) == pytest.approx(28)


@pytest.mark.parametrize("name", READ)
def test_a_screen_reader_hears_the_leaflet_in_the_right_order(name: str) -> None:
    """Write the snapshots again with LEAFLET_SNAPSHOTS=write, and read the difference."""
    said = "".join(f"{one.role}{f' [{one.lang}]' if one.lang else ''}: {one.text}\n" for one in reading(default_files()[f"{name}.pdf"]))
    kept = SNAPSHOTS / f"{name}.txt"
    if os.environ.get("LEAFLET_SNAPSHOTS") == "write":
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(said, "utf-8")
    assert said == kept.read_text("utf-8")


def test_the_back_of_the_folded_leaflet_is_read_last() -> None:
    headings = [one.text for one in reading(default_files()["depliant-patients-fr.pdf"]) if one.role in ("H1", "H2")]
    assert [re.sub(r"\W+$", "", text) for text in headings] == [
        "On refuse de vous soigner", "Gardez une trace", "Ce que dit la loi", "Que faire", "À qui vous adresser", "Parler à quelqu’un"]


def test_words_stay_findable() -> None:
    said = " ".join(page.extract_text() for page in pypdf.PdfReader(default_files()["auto-evaluation-professionnels-fr.pdf"]).pages)
    assert "rendez-vous" in said and "urgence" in said
    folded = " ".join(page.extract_text() for page in pypdf.PdfReader(default_files()["depliant-patients-fr.pdf"]).pages)
    assert "peut-être" in folded and "Que faire\u202f?" in folded and "préjudice" not in folded
    assert "\xad" not in folded


def test_a_stream_that_ends_like_a_line_is_made_clear() -> None:
    pdf = default_files()["depliant-patients-fr.pdf"].read_bytes()
    assert clear_ends(pdf) == pdf and b"\r\nendstream" not in pdf.replace(b"\r\r\nendstream", b"")
    assert with_objects(pdf, {}) == pdf
    with pytest.raises(ValueError, match="panels with a heading"):
        back_last(default_files()["affiche-a4-patients-fr.pdf"].read_bytes())


def copy_of_the_project(folder: Path) -> None:
    for name in ("decision_tree", "languages", "scripts", "leaflets", "docs", "overrides", "kits"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "illustrations/*.png"))
    shutil.copy(ROOT / "site.yaml", folder)


@pytest.mark.prove
def test_the_same_bytes_elsewhere_later_and_without_a_network(tmp_path: Path) -> None:
    folder = tmp_path / "ailleurs, au loin"
    copy_of_the_project(folder)
    out = tmp_path / "out"
    command = [sys.executable, "-m", "scripts.leaflets", "--layout", "depliant", "--layout", "affiche-a4", "--to", str(out)]
    alone = ["unshare", "--net"] if subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False).returncode == 0 else []
    elsewhere = {"HOME": str(tmp_path), "TZ": "Pacific/Noumea", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "7"}
    environment = {"PATH": os.environ["PATH"]} | elsewhere
    done = subprocess.run([*alone, *command], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    made = sorted(path.name for path in out.iterdir())
    assert [name for name in made if not name.endswith(".pdf")] == ["SHA256SUMS"]
    for line in (out / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(default_files()[name].read_bytes()).hexdigest() == digest, name
