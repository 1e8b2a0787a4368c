"""A practice's welcoming pack: made from one file, accessible, one page a sheet, the same words to paste, its mistakes said kindly."""

import random
import re
from pathlib import Path

import pypdf
import pytest
import yaml

from decision_tree.authoring.read.load import KNOWLEDGE
from decision_tree.locales import LOCALES
from scripts.content.loaded import knowledge
from scripts.leaflets.__main__ import main
from scripts.leaflets.kits import KitError, known_departements, load_kit
from scripts.leaflets.layouts import PACK
from scripts.leaflets.practice import load_texts, pasted, sheet, sheets
from scripts.leaflets.practice_kits import Practice, load_practice
from scripts.leaflets.validators import judge
from scripts.project.paths import ROOT
from tests.support.pdf import SAMPLE as FUND

SAMPLE = ROOT / "kits" / "cabinet-exemple" / "practice.yaml"
DEPARTEMENTS = known_departements(KNOWLEDGE / "directory")


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the sample practice's pack."""
    folder = tmp_path_factory.mktemp("pack")
    assert main(["--practice", str(SAMPLE), "--to", str(folder)]) == 0
    return folder / "cabinets" / "cabinet-exemple"


def changed(folder: Path, **values: object) -> Path:
    """Write the sample with some values changed (None takes one out), and return its path."""
    raw = yaml.load(SAMPLE.read_text("utf-8"), Loader=yaml.BaseLoader) | values
    path = folder / "practice.yaml"
    path.write_text(yaml.safe_dump({key: value for key, value in raw.items() if value is not None}, allow_unicode=True), "utf-8")
    return path


def test_the_pack_holds_eight_sheets_in_both_languages_each_with_its_words_to_paste(pack: Path) -> None:
    assert len(PACK) == 8
    names = {f"{id}-professionnels-{locale}" for id in PACK for locale in ("fr", "en")}
    posters = {path.stem for path in pack.glob("affiche-bienvenue-*.pdf")}
    assert len(posters) == 2
    assert {path.stem for path in pack.glob("*.pdf")} - posters == names == {path.stem for path in pack.glob("*.txt")}


def test_each_sheet_of_the_pack_passes_both_validators_on_one_page(pack: Path) -> None:
    files = sorted(pack.glob("*.pdf"))
    refused = {path.name: reasons for path, reasons in judge(files).items() if reasons}
    assert files and not refused
    assert [len(pypdf.PdfReader(path).pages) for path in files] == [1] * len(files)


def test_the_poster_that_welcomes_in_every_language_bears_the_practice_s_name(pack: Path) -> None:
    for path in pack.glob("affiche-bienvenue-*.pdf"):
        assert "Cabinet d’exemple du Val-Fleuri" in pypdf.PdfReader(path).pages[0].extract_text()


def test_a_practice_reads_its_own_name_hours_and_rule(pack: Path) -> None:
    rule = (pack / "cabinet-regle-professionnels-fr.txt").read_text("utf-8")
    assert "aucun nouveau patient depuis le 1er\u00a0septembre\u00a02026, quel qu’il soit" in rule
    assert "reçoit de nouveaux patients" not in rule and "Après 3 absences" in rule
    booking = (pack / "cabinet-reservation-professionnels-en.txt").read_text("utf-8")
    assert "Languages spoken: French, English, Portuguese." in booking and "[[" not in booking and ".." not in booking


def test_a_practice_that_takes_new_patients_says_only_that(tmp_path: Path) -> None:
    practice = load_practice(changed(tmp_path, new_patients="open", closed_since=None))
    words = pasted(sheet(knowledge(), "cabinet-regle", "fr", practice))
    assert "dans l’ordre des demandes" in words and "aucun nouveau patient" not in words


def test_without_a_practice_both_rules_and_lines_to_fill_in_are_printed() -> None:
    words = pasted(sheet(knowledge(), "cabinet-regle", "fr"))
    assert "dans l’ordre des demandes" in words and "aucun nouveau patient" in words and "………" in words


def test_the_reception_script_has_ten_exchanges_and_the_plan_five_things() -> None:
    blocks = {id: load_texts()["sheets"][id]["blocks"] for id in sheets()}
    assert [len(one["exchanges"]) for one in blocks["cabinet-accueil"] if "exchanges" in one] == [10]
    assert [len(one["plan"]["rows"]) for one in blocks["cabinet-point"] if "plan" in one] == [5]
    assert [len(one["quiz"]) for one in blocks["cabinet-seance"] if "quiz" in one] == [8]


def test_no_sheet_sorts_people_or_asks_for_money_to_book() -> None:
    for id in sheets():
        words = pasted(sheet(knowledge(), id, "fr"))
        assert "pas de C2S" not in words and "pas d’AME" not in words, id


def test_what_a_practice_writes_is_never_read_as_markup(tmp_path: Path) -> None:
    name = {"fr": "Cabinet **fort** {c2s_duration} #let x", "en": "Practice {nothing} *a* [[phone]]"}
    practice = load_practice(changed(tmp_path, name=name))
    for locale in ("fr", "en"):
        data = sheet(knowledge(), "cabinet-regle", locale, practice)
        assert name[locale] in pasted(data)
        assert main(["--practice", str(tmp_path / "practice.yaml"), "--to", str(tmp_path / "out")]) == 0


WRONG = """
code: "Cabinet des Tilleuls"
name: {fr: "Cabinet"}
adress: "1 rue"
opening: {fr: "de 9 h à 18 h", en: "9 to 6", de: "9 bis 18"}
access: {fr: [], en: ["lift"]}
languages: {fr: "français", en: ["French"]}
contacts: {fr: [{kind: phone, value: "abc"}], en: [{kind: phone, number: "01"}]}
new_patients: "no"
closed_since: "2026-13-01"
absences: "12"
colour: "#ffcc00"
"""


def test_all_mistakes_of_a_practice_are_said_at_once_and_an_unknown_field_names_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "practice.yaml"
    path.write_text(WRONG, "utf-8")
    with pytest.raises(KitError) as caught:
        load_practice(path)
    said = {one.where: one for one in caught.value.mistakes}
    assert sorted(said) == sorted([
        "practice.yaml:4: adress", "practice.yaml:2: code", "practice.yaml:3: name.en", "practice.yaml:1: address",
        "practice.yaml:5: opening.de", "practice.yaml:6: access.fr", "practice.yaml:7: languages.fr", "practice.yaml:8: contacts.fr[1]",
        "practice.yaml:8: contacts.en[1].number", "practice.yaml:9: new_patients", "practice.yaml:10: closed_since",
        "practice.yaml:11: absences", "practice.yaml:12: colour"])
    assert "Vouliez-vous écrire « address » ?" in said["practice.yaml:4: adress"].fr
    assert said["practice.yaml:4: adress"].en.endswith("Did you mean “address”?")


def test_a_fund_s_unknown_field_names_the_nearest_too(tmp_path: Path) -> None:
    path = tmp_path / "kit.yaml"
    path.write_text('code: "751"\nname: {fr: "Caisse", en: "Fund"}\ncolor: "#0b5f55"\n', "utf-8")
    with pytest.raises(KitError, match="Did you mean “colour”"):
        load_kit(path, DEPARTEMENTS)


ODD = (
    "", "[]", "- a", "a", "null", "? [a]\n: b", "name: {[a]: b}", "name: &x [1]", "name: *x",
    "name: !!python/object:os.system x", "\t", "%YAML 9", "---\na: b\n---\nc: d", "name: {fr: {en: x}}", "code: {a: b}", "code: [1]",
    "contacts: {fr: [[[]]], en: [{}]}", "contacts: [1]",
    "contacts: {fr: [{kind: [], value: {}}], en: [{kind: phone, value: [1], label: {}}]}", "colour: [1]", "colour: {a: 1}", "logo: [1]",
    "logo: {file: [1], alt: 3}", "departement: [1]", "departement: {a: b}", "qr: [1]", "absences: [3]", "closed_since: {a: b}",
    "new_patients: [open]", "name: 3\nname: 4", "access: {fr: [{}], en: [[]]}", "languages: {fr: [1, 2], en: {a: b}}", "lead_person: []",
    "fund_contact: {a: b}", "a: " * 40, "{" * 60,
)


@pytest.mark.parametrize("text", ODD)
def test_no_yaml_ends_in_a_traceback(text: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(text, "utf-8")
    for read in (load_practice, lambda path: load_kit(path, DEPARTEMENTS)):
        with pytest.raises(KitError) as caught:
            read(path)
        assert caught.value.mistakes and all(one.fr and one.en for one in caught.value.mistakes)


@pytest.mark.parametrize("sample", [SAMPLE, FUND], ids=["practice", "fund"])
def test_a_file_damaged_anywhere_is_refused_or_read_never_a_traceback(sample: Path, tmp_path: Path) -> None:
    path, good, chance = tmp_path / "kit.yaml", sample.read_bytes(), random.Random(7)
    (tmp_path / "logo.svg").write_bytes((FUND.parent / "logo.svg").read_bytes())
    for _ in range(400):
        at, size = chance.randrange(len(good)), chance.randrange(1, 12)
        path.write_bytes(good[:at] + bytes(chance.choice(b"{}[]:,#&*!|>'\"%@- \n\tx7\xff") for _ in range(size)) + good[at + size:])
        try:
            found = load_practice(path) if sample is SAMPLE else load_kit(path, DEPARTEMENTS)
        except KitError as error:
            assert error.mistakes
            continue
        if isinstance(found, Practice):
            assert pasted(sheet(knowledge(), "cabinet-affiche", "fr", found))


def test_the_english_of_the_pack_calls_the_health_insurance_office_by_its_one_name(pack: Path) -> None:
    words = {path.name: path.read_text("utf-8") for path in pack.glob("*-en.txt")}
    assert len(words) == len(PACK) and "CPAM" in words["cabinet-accueil-professionnels-en.txt"]
    assert not [name for name, text in words.items() if re.search(r"\b[Ff]unds?\b|\b[Rr]emed(?:y|ies)\b", text)]


def test_a_number_stays_on_the_line_of_the_word_it_counts(pack: Path) -> None:
    assert "1\u00a0rue de l’Exemple" in (pack / "cabinet-reservation-professionnels-fr.txt").read_text("utf-8")
    assert "9\u00a0am to 6\u00a0pm" in (pack / "cabinet-reservation-professionnels-en.txt").read_text("utf-8")


def test_the_counter_sheet_names_the_answer_as_the_guide_does() -> None:
    answer = next(one.label for question in knowledge().model.questions if question.fact == "asker"
                  for one in question.options if one.value == "conseiller")
    for locale in LOCALES:
        said = re.sub(r"\s", " ", pasted(sheet(knowledge(), "guichet", locale)))
        named = re.search(r"(?:choisissez « |choose “)(.+?)(?: »|”)", said)
        assert named is not None and answer[locale].startswith(named[1]), said
