"""Leaflets in a third language written from right to left: accessible, turned around, read and copied as they were written."""

import re
import shutil
import sys
import unicodedata
from pathlib import Path

import pypdf
import pytest
import yaml

from scripts.content.card_files import our_card
from scripts.content.set_apart import opened
from scripts.leaflets.factory import Failed
from scripts.leaflets.layouts import LAYOUTS
from scripts.leaflets.publish import LIST
from scripts.leaflets.third import TEMPLATES, Third, parts, refused
from scripts.leaflets.validators import judge
from scripts.project.paths import ROOT
from scripts.upkeep.language import begin, french
from scripts.upkeep.language_build import copy_project, lay_over, run
from tests.leaflets.test_two_languages import bare, only_letters, runs_from_left
from tests.support.lanes import PROVING
from tests.support.pdf import default_files, letters, reading, text_of

ARABIC = Third("ar", "العربية", "rtl", other_letters=True)
PATIENTS = "leaflets.patients.panels"
LEAFLETS = {
    f"{PATIENTS}.1.lead": "حقوقك، ومن يمكنك مخاطبته.",
    f"{PATIENTS}.2.title": "احتفظ بالأدلة",
    f"{PATIENTS}.2.blocks.1.list.3": "احتفظ بشهادة حقوقك لذلك اليوم.",
    f"{PATIENTS}.2.blocks.3.list.2": "شكوى جنائية: **{criminal_limit}** من يوم الوقائع.",
    f"{PATIENTS}.3.title": "ماذا يقول القانون",
    f"{PATIENTS}.3.blocks.1.text": "لا يجوز التمييز ضد أحد في الحصول على العلاج ({law:csp-l1110-3}).",
    f"{PATIENTS}.3.blocks.3.list.1": "لديك **C2S** أو **AME**؛",
    f"{PATIENTS}.5.blocks.1.bodies.defenseur-des-droits.how": "على الإنترنت أو بالرقم {contact:ddd-3928}.",
    f"{PATIENTS}.6.title": "تحدث مع شخص",
    "words.page": "صفحة",
    "words.to": "من",
    "words.guide": "الدليل على الإنترنت:",
}
KNOWN = {"bodies/defenseur-des-droits.aim": "إثبات التمييز وتذكير المهني بالقانون."}
OF_CARD = ("title", "danger_call", "danger_text", "note_what", "note_keep", "note_witness", "note_copies", "danger_right", "help_care",
           "help_fund", "help_free")


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The leaflets of a site in Arabic, some of their texts translated."""
    place = tmp_path_factory.mktemp("arabic")
    folder = begin("ar", "arabe", place / "languages")
    shutil.copyfile(ROOT / "languages" / "ar" / "language.yaml", folder / "language.yaml")
    for file, texts in (("leaflets.yaml", LEAFLETS), ("knowledge.yaml", KNOWN)):
        (folder / file).write_text(yaml.safe_dump(texts, allow_unicode=True, width=1_000), "utf-8")
    copy_project(place / "copy")
    lay_over(folder, place / "copy")
    published = next(iter(default_files().values())).parent
    run([sys.executable, "-m", "scripts.leaflets.third", "ar", "--name", ARABIC.name, "--direction", "rtl", "--script", "arabic",
         "--published", str(published), "--to", str(place / "papers")], place / "copy")
    return place / "papers"


def own(papers: Path) -> dict[str, Path]:
    """Return the leaflets that are not those published."""
    return {name: papers / name for name, file in default_files().items() if (papers / name).read_bytes() != file.read_bytes()}


def test_what_reads_like_a_page_is_made_in_the_language_and_the_rest_stays_as_it_was(papers: Path) -> None:
    layouts = [layout.id for layout in LAYOUTS.values() if layout.template in TEMPLATES]
    assert set(own(papers)) == {f"{id}-{audience}-fr.pdf" for id in layouts for audience in ("patients", "professionnels")}
    made = yaml.safe_load((papers / LIST).read_text("utf-8"))
    assert {one["file"] for one in made if one["language"] == ARABIC.name} == set(own(papers))
    assert [one["file"] for one in made] == list(default_files())


def test_both_validators_accept_them(papers: Path) -> None:
    kept = [path for name, path in own(papers).items() if PROVING or name in ("depliant-patients-fr.pdf", "page-a-page-patients-fr.pdf")]
    assert kept
    assert not {path: reasons for path, reasons in judge(kept).items() if reasons}


@pytest.mark.parametrize("layout", ["depliant", "page-a-page", "gros-caracteres"])
def test_what_is_extracted_equals_what_was_written(papers: Path, layout: str) -> None:
    text = text_of(papers / f"{layout}-patients-fr.pdf")
    card = our_card().languages["ar"].texts
    written = [*(value for key, value in (LEAFLETS | KNOWN).items() if layout != "depliant" or key not in ("words.page", "words.to")),
               *(card[key].text for key in OF_CARD)]
    missing = [one for one in written if only_letters(re.sub(r"\{[^}]*\}", "", one)) not in only_letters(text)]
    assert not missing
    untranslated = french().leaflets[f"{PATIENTS}.4.blocks.1.steps.2"].text.replace("**", "")
    in_order = "".join(page.extract_text() for page in pypdf.PdfReader(papers / f"{layout}-patients-fr.pdf").pages)
    assert bare(untranslated) in bare(in_order), "what is not translated is there, in French"
    lines = reading(papers / f"{layout}-patients-fr.pdf")
    heard = {lang: "".join(one.text for one in lines if one.lang == lang) for lang in ("fr-FR", None)}
    assert "pouvez" in heard["fr-FR"] and "pouvez" not in heard[None], "and says so"


@pytest.mark.parametrize("layout", ["depliant", "page-a-page"])
def test_numbers_articles_and_french_names_are_read_from_left_to_right(papers: Path, layout: str) -> None:
    lines = runs_from_left(papers / f"{layout}-patients-fr.pdf")
    for wanted in ("15", "112", "114", "3646", "3928", "C2S", "AME", "CPAM", "1110", "6ans"):
        assert any(wanted in line for line in lines), wanted


def test_the_document_says_its_language_and_the_french_parts_theirs(papers: Path) -> None:
    paper = papers / "page-a-page-patients-fr.pdf"
    assert str(pypdf.PdfReader(paper).root_object["/Lang"]) == "ar"
    assert {one.lang for one in reading(paper)} == {None, "fr-FR"}


def test_the_folded_sheet_turns_around(papers: Path) -> None:
    """In French the cover is on the right of its side and panels go from the left; in Arabic the cover is on the left."""
    for path, lefts in ((papers / "depliant-patients-fr.pdf", (0, 100)), (default_files()["depliant-patients-fr.pdf"], (197, 297))):
        biggest = max(letters(path, 0), key=lambda one: one.size)
        assert lefts[0] <= biggest.left <= lefts[1], path


def test_arabic_begins_at_the_right_edge_of_its_page(papers: Path) -> None:
    for name, edge in (("page-a-page-patients-fr.pdf", 183), ("depliant-patients-fr.pdf", 288.5)):
        signs = [one for one in letters(papers / name, 0) if "ARABIC" in unicodedata.name(one.sign, "")]
        assert abs(max(one.right for one in signs) - edge) < 1.5, name


def test_parts_are_cut_where_their_language_changes() -> None:
    assert parts([{"text": opened("اتصل بالرقم 15 (CPAM).")}, {"text": " Puis attendez."}, {"text": "39 28", "strong": True}], ARABIC) == [
        {"text": "اتصل بالرقم "}, {"text": "15", "foreign": True, "french": False}, {"text": " ("},
        {"text": "CPAM", "foreign": True, "french": True}, {"text": ")."},
        {"text": " Puis attendez.", "foreign": True, "french": True}, {"text": "39 28", "strong": True, "foreign": True, "french": False}]
    breton = Third("br", "brezhoneg", "ltr", other_letters=False)
    assert parts([{"text": opened("Galvit 15")}, {"text": ", puis attendez"}], breton) == [
        {"text": "Galvit 15"}, {"text": ", puis attendez", "foreign": True, "french": True}]


def test_a_panel_too_long_says_which_and_where_to_shorten_it() -> None:
    (said,) = refused(Failed("depliant-patients-fr.pdf", "", (("inside-2", 3.4, "height", ""),)), ARABIC)
    assert said == ("depliant-patients-fr.pdf: the panel 'inside-2' is 3.4 mm too long in height. "
                    "Shorten its texts in languages/ar/leaflets.yaml or knowledge.yaml.")
    assert refused(Failed("livret-fr.pdf", "no font"), ARABIC) == ["livret-fr.pdf: no font"]


def test_a_language_that_says_nothing_on_a_leaflet_leaves_it_french(tmp_path: Path) -> None:
    folder = begin("br", "breton", tmp_path / "languages")
    copy_project(tmp_path / "copy")
    lay_over(folder, tmp_path / "copy")
    published = next(iter(default_files().values())).parent
    run([sys.executable, "-m", "scripts.leaflets.third", "br", "--name", "brezhoneg", "--direction", "ltr", "--script", "latin",
         "--published", str(published), "--to", str(tmp_path / "papers")], tmp_path / "copy")
    assert not own(tmp_path / "papers")
