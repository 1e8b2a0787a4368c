"""The import of the official directory: records as DILA publishes them, whole and malformed, and what the guide then says."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from decision_tree.authoring.read.directory_files import FOLDER, directory, directory_json, load_directory
from decision_tree.authoring.read.load import knowledge
from decision_tree.authoring.read.problems import KnowledgeError
from decision_tree.guide.directory import Directory, departements_at, found_at, read_directory
from decision_tree.guide.forms import local_html
from decision_tree.guide.render import Say
from scripts.upkeep.directory import difference, entries, main, update

ON = date(2026, 11, 26)
DATASET = yaml.safe_load((FOLDER / "sources.yaml").read_text("utf-8"))["dataset"]


def service(id_: str, name: str, kind: str, postcode: str, **changes: Any) -> dict[str, Any]:
    """Return a service as the export writes it: lists of records are texts of JSON."""
    address = [{"type_adresse": "Adresse", "complement1": "Sample building", "complement2": "", "numero_voie": "1 rue de l’Exemple",
                "service_distribution": "CS 00000", "code_postal": postcode, "nom_commune": "Exempleville", "pays": "", "continent": "",
                "longitude": "0", "latitude": "0", "accessibilite": "ACC", "note_accessibilite": ""}]
    row = {"id": id_, "nom": name, "siret": "", "date_modification": "06/10/2026 09:30:00", "code_insee_commune": "00000",
           "pivot": json.dumps([{"type_service_local": kind, "code_insee_commune": ["00000"]}]), "adresse": json.dumps(address),
           "telephone": json.dumps([{"valeur": "36 46", "description": ""}]),
           "site_internet": json.dumps([{"libelle": "", "valeur": "https://exemple.fr/page"}])}
    return row | changes


def commune(code: str, name: str, *ids: str) -> dict[str, Any]:
    return {"code_insee_commune": code, "nom_commune": name, "code_type_service_local": "cpam", "id_service_local": json.dumps(list(ids))}


AIN = service("s-01", "Caisse primaire d’assurance maladie (CPAM) de l’Ain - Siège", "cpam", "01000")
FLANDRES = service("s-594", "CPAM des Flandres - siège", "cpam", "59140")
LILLE = service("s-595", "CPAM de Lille-Douai - siège de Lille", "cpam", "59000")
DESK = service("d-595", "CPAM de Lille-Douai - accueil de Seclin", "cpam", "59113")
DOCTORS = service("m-59", "Conseil départemental de l’Ordre des médecins du Nord", "medecins_dpt", "59000")
MAIRIE = service("x", "Mairie", "mairie", "00000", adresse=None)
RECORDS = [AIN, FLANDRES, LILLE, DESK, DOCTORS, MAIRIE]
COMMUNES = [commune("59350", "Lille", "s-595", "d-595"), commune("59183", "Dunkerque", "s-594"),
            commune("01053", "Bourg-en-Bresse", "s-01"), commune("59999", "Incertaine", "s-594", "s-595")]


def imported(tmp_path: Path) -> Directory:
    """Return our directory with what the sample gives."""
    folder = tmp_path / "directory"
    shutil.copytree(FOLDER, folder)
    (folder / "official.yaml").write_text(update(RECORDS, COMMUNES, DATASET, ON, directory())[1], "utf-8")
    return load_directory(knowledge(), folder)


def test_seats_councils_and_communes_are_taken_and_nothing_else() -> None:
    export, _ = update(RECORDS, COMMUNES, DATASET, ON, directory())
    assert {fund: one.id for fund, one in export.funds.items()} == {"011": "s-01", "594": "s-594", "595": "s-595"}
    assert {place: one.id for place, one in export.councils.items()} == {"59": "m-59"}
    assert export.communes == {"59350": ("Lille", "59", "595"), "59183": ("Dunkerque", "59", "594")}
    assert any("Incertaine" in notice for notice in export.notices)
    assert any("CPAM du Hainaut" in notice for notice in export.notices)
    assert export.funds["594"].address == ("Sample building", "1 rue de l’Exemple", "CS 00000", "59140 Exempleville")
    assert export.funds["594"].updated == date(2026, 10, 6)


def test_lists_may_come_as_lists_and_a_page_of_the_interface_as_its_results() -> None:
    bare = AIN | {key: json.loads(AIN[key]) for key in ("pivot", "adresse", "telephone", "site_internet")}
    once = update([AIN], COMMUNES, DATASET, ON, directory())[1]
    assert update({"total_count": 1, "results": [bare]}, COMMUNES, DATASET, ON, directory())[1] == once


@pytest.mark.parametrize(("row", "message"), [
    ("not a record", "records:2: this entry is not a record"),
    (AIN | {"pivot": "[{"}, "records:2: the field 'pivot' is not JSON"),
    (AIN | {"pivot": "[1]"}, "records:2: the field 'pivot' is not a list of records"),
    (AIN | {"id": ""}, "records:2: the field 'id' is missing or empty"),
    (AIN | {"nom": None}, "records:2: the field 'nom' is missing or empty"),
    (AIN | {"adresse": "[]"}, "has no address"),
    (AIN | {"adresse": json.dumps([{"type_adresse": "Adresse", "code_postal": "1000", "nom_commune": "X"}])}, "'1000' is not a postcode"),
    (AIN | {"telephone": json.dumps([{"valeur": "<b>36 46</b>"}])}, "is not a phone number"),
    (AIN | {"site_internet": json.dumps([{"valeur": "javascript:alert(1)"}])}, "is not the address of a page"),
    (AIN | {"date_modification": "2026-10-06"}, "is not a date such as"),
    (AIN, "are both '011'"),
    (service("s", "CPAM - siège", "cpam", "59000"), "is none that we know"),
    (service("s", "CPAM - siège", "cpam", "00000"), "is none that we know"),
])
def test_a_malformed_record_is_told_with_its_number(row: Any, message: str) -> None:
    with pytest.raises(KnowledgeError) as told_of:
        update([AIN, row], COMMUNES, DATASET, ON, directory())
    assert message in str(told_of.value) and str(told_of.value).count("\n") == 0


@pytest.mark.parametrize(("row", "message"), [
    ([], "competence:2: this entry is not a record"),
    (commune("5935", "Lille", "s"), "'5935' is not the INSEE code of a commune"),
    (commune("59350", "", "s"), "the field 'nom_commune' is missing or empty"),
    (commune("59350", "Lille") | {"id_service_local": "[\"s"}, "the field 'id_service_local' is not JSON"),
    (commune("59350", "Lille"), "the field 'id_service_local' names no service"),
])
def test_a_malformed_competence_is_told_with_its_number(row: Any, message: str) -> None:
    with pytest.raises(KnowledgeError, match="1"):
        update([AIN], [], DATASET, ON, directory())
    with pytest.raises(KnowledgeError) as told_of:
        update([AIN], [COMMUNES[2], row], DATASET, ON, directory())
    assert message in str(told_of.value)


def test_the_guide_gives_the_address_the_day_and_the_source(tmp_path: Path) -> None:
    found = imported(tmp_path)
    assert read_directory(json.loads(directory_json(found))) == found
    (place,) = departements_at(found, "Dunkerque")
    there = found_at(found, place, "medecin_generaliste", "Dunkerque")
    assert place.code == "59" and [fund.id for fund in there.funds] == ["594"]
    html = local_html(found, [there], [found_at(found, found.departements["01"], None)], Say(knowledge().model, "fr"))
    for said in ("1 rue de l’Exemple", "59140 Exempleville", "36 46", "26\u00a0novembre 2026", "DILA, Licence Ouverte"):
        assert said in html
    assert len(found_at(found, place, None, "59000").funds) == 4


def test_without_an_import_no_address_is_shown() -> None:
    found = directory()
    html = local_html(found, [found_at(found, found.departements["59"], "medecin_generaliste")], [], Say(knowledge().model, "fr"))
    assert found.taken or ("rue" not in html and "DILA" not in html)


def test_a_file_changed_by_hand_is_told(tmp_path: Path) -> None:
    imported(tmp_path)
    path = tmp_path / "directory" / "official.yaml"
    path.write_text(path.read_text("utf-8").replace('fund: "011"', 'fund: "012"'), "utf-8")
    with pytest.raises(KnowledgeError, match=r"official\.yaml:\d+: '012' is none of the directory"):
        load_directory(knowledge(), path.parent)


def files(tmp_path: Path, records: Any, communes: Any = COMMUNES) -> list[str]:
    for name, rows in (("records", records), ("competence", communes)):
        (tmp_path / f"{name}.json").write_text(json.dumps(rows), "utf-8")
    return [f"--records={tmp_path}/records.json", f"--competence={tmp_path}/competence.json", f"--to={tmp_path}/official.yaml",
            "--on=2026-11-26"]


def test_changes_are_shown_before_they_are_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = tmp_path / "official.yaml"
    assert main(files(tmp_path, RECORDS)) == 1 and not written.exists()
    assert main([*files(tmp_path, RECORDS), "--write"]) == 0 and "+ funds 594" in capsys.readouterr().out
    assert main(files(tmp_path, RECORDS)) == 0 and "0 changes" in capsys.readouterr().out
    before = written.read_text("utf-8")
    moved = FLANDRES | {"telephone": json.dumps([{"valeur": "01 02 03 04 05"}])}
    assert main(files(tmp_path, [AIN, moved, LILLE, DOCTORS])) == 1 and written.read_text("utf-8") == before
    shown = capsys.readouterr().out
    assert "~ funds 594" in shown and "01 02 03 04 05" in shown and "1 changes" in shown


def test_an_export_cut_short_or_unreadable_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = tmp_path / "official.yaml"
    assert main([*files(tmp_path, RECORDS), "--write"]) == 0
    before = written.read_text("utf-8")
    assert main([*files(tmp_path, [AIN], [COMMUNES[2]]), "--write"]) == 2 and "cut short" in capsys.readouterr().err
    assert main([*files(tmp_path, [AIN, "?"]), "--write"]) == 2 and "1 problems; nothing was written" in capsys.readouterr().err
    given = files(tmp_path, RECORDS)
    (tmp_path / "records.json").write_text("[{", "utf-8")
    assert main([*given, "--write"]) == 2 and "cannot be used" in capsys.readouterr().err
    assert written.read_text("utf-8") == before


def test_a_difference_has_a_line_for_what_comes_goes_and_changes() -> None:
    assert difference({"a": "1", "b": "2"}, {"b": "3", "c": "4"}) == ["- a: 1", "~ b: 2 → 3", "+ c: 4"]
    assert entries("") == {}
