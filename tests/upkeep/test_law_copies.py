"""The open copies of the Code de la santé publique: invented extracts in the form of each, and what a newer version tells."""

import json
import sqlite3
from datetime import date
from pathlib import Path

import pytest

from decision_tree.authoring.read.load import knowledge
from scripts.upkeep import law_watch
from scripts.upkeep.law_copies import CopyError, OpenData, named, read_article_files, read_rows, read_whole_code
from scripts.upkeep.law_watch import findings, look, main

ON = date(2026, 11, 29)
HEALTH = "LEGITEXT000006072665"
MIDWIVES, INVENTED = "LEGIARTI000053302018", "LEGIARTI000099999999"


def article_file(folder: Path, number: str, id_: str, begins: str, ends: str = "2999-01-01", text: str = "Texte inventé.") -> None:
    """Write an article as a Tricoteuses repository holds it."""
    folder.mkdir(exist_ok=True)
    (folder / f"article_{number.lower()}.md").write_text(
        f"---\nÉtat: VIGUEUR\nType: AUTONOME\nDate de début: {begins}\nDate de fin: {ends}\nIdentifiant: {id_}\n"
        f"URL: article/LEGI/ARTI/{id_}.xml\n---\n\n###### Article {number}\n\n{text}\n", encoding="utf-8")


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A small clone: one article newer than ours, one with an older version than our reading, one that did not move."""
    folder = tmp_path / "code_de_la_sante_publique"
    article_file(folder, "R4321-58", INVENTED, "2026-11-01")
    article_file(folder, "R4127-328", INVENTED[:-1] + "8", "2026-01-15")
    article_file(folder, "R1110-11", "LEGIARTI000043530053", "2021-05-23")
    article_file(folder, "R1110-8", "LEGIARTI000042394866", "2020-10-05")
    article_file(folder, "R4127-7", "LEGIARTI000006912868", "2004-08-08")
    (folder / "README.md").write_text("# Code\n", encoding="utf-8")
    return folder


def test_a_number_and_a_code_have_one_spelling() -> None:
    assert named("Code de la santé publique", "R. 4321-58") == named("code de la sante publique", "R4321-58")
    social = "Code de l'action sociale et des familles"
    assert named(social.replace("'", "’"), "L. 251-1 à L. 251-3") == named(social, "L251-1")
    assert named("Code civil", "2224") != named("Code pénal", "2224")


def test_a_newer_article_is_a_change_and_names_what_rests_on_it(articles: Path) -> None:
    found = {one.law: one for one in findings(knowledge(), [read_article_files(articles)], ON)}["csp-r4321-58"]
    assert found.status == "changed" and found.fails
    said = "LEGIARTI000099999999 is in force since 2026-11-01; we read the article as it stood on 2026-02-08"
    assert found.said == [f"code_de_la_sante_publique: {said}"]
    assert {"docs/fr/droit/changements.md", "docs/fr/professionnels/la-loi-en-dix-lignes.md"} <= set(found.pages)
    assert {"def-kine-discrimination", "def-codes-2026"} <= set(found.statements)
    assert found.rules and found.bodies


def test_another_identifier_is_a_change_even_when_it_is_older_than_our_reading(articles: Path) -> None:
    law, copy = knowledge().laws["csp-r4127-328"], read_article_files(articles)
    assert law.watch_id == MIDWIVES and law.compared_on > date(2026, 1, 15)
    assert look(law, [copy], ON) == ("changed", [f"{copy.name}: now LEGIARTI000099999998, we read {MIDWIVES}"])
    assert look(knowledge().laws["csp-r1110-11"], [copy], ON)[0] == "unchanged"


def test_without_an_identifier_the_first_day_decides_and_without_a_day_a_person_does(articles: Path) -> None:
    copy = read_article_files(articles)
    assert look(knowledge().laws["csp-r1110-8"], [copy], ON)[0] == "unchanged"
    assert look(knowledge().laws["csp-r4127-7"], [copy], ON) == (
        "version not known", [f"{copy.name}: LEGIARTI000006912868 is in force since 2004-08-08; we never noted which version we read"])


def test_a_whole_code_must_still_hold_what_we_quote(tmp_path: Path) -> None:
    law = knowledge().laws["csp-r4321-58"]
    path = tmp_path / "LEGITEXT000006072665.md"
    head = '---\ntitle: "Code de la santé publique"\nidentifier: "LEGITEXT000006072665"\nlast_updated: "2026-04-03"\n---\n# Code\n\n'
    after = "Section 2\n\nArticle R4321-59\n\nAprès.\n"
    path.write_text(f"{head}Article R4321-57\n\nAvant.\n\nArticle R4321-58\n\n{law.extract}\n\n{after}", encoding="utf-8")
    copy = read_whole_code(path)
    assert copy.day == date(2026, 4, 3)
    assert look(law, [copy], ON) == ("unchanged", ["LEGITEXT000006072665.md: our quotation stands in it"])
    path.write_text(f"{head}Article R4321-58\n\nUn autre texte.\n", encoding="utf-8")
    status, said = look(law, [read_whole_code(path)], ON)
    assert status == "changed" and "our quotation no longer stands in it: “Le masseur-kinésithérapeute" in said[0]
    assert look(knowledge().laws["csp-r4321-92"], [copy], ON)[0] == "not covered"


ROWS = (
    (MIDWIVES, "R4127-328", "2026-01-01", "2026-11-01", HEALTH), (INVENTED, "R4127-328", "2026-11-01", "2999-01-01", HEALTH),
    ("LEGIARTI000006528553", "1", "1969-01-01", "2999-01-01", "JORFTEXT000000878035"),
    ("LEGIARTI1", None, "2000-01-01", "2999-01-01", HEALTH),
)
NAMES = ("id", "num", "date_debut", "date_fin", "cid")


def rows_as_sqlite(path: Path) -> Path:
    base = sqlite3.connect(path)
    base.execute("CREATE TABLE articles (id, section, num, etat, date_debut, date_fin, cid)")
    base.executemany(f"INSERT INTO articles ({', '.join(NAMES)}) VALUES (?, ?, ?, ?, ?)", ROWS)
    base.commit()
    base.close()
    return path


def rows_as_lines(path: Path) -> Path:
    path.write_text("\n".join(json.dumps(dict(zip(NAMES, row, strict=True))) for row in ROWS) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("write", [rows_as_sqlite, rows_as_lines], ids=["sqlite", "json lines"])
def test_rows_of_the_base_give_every_version(write: object, tmp_path: Path) -> None:
    copy: OpenData = read_rows(write(tmp_path / "legi"))  # type: ignore[operator]
    law = knowledge().laws["csp-r4127-328"]
    assert look(law, [copy], ON) == ("changed", [f"legi: now {INVENTED}, we read {MIDWIVES}"])
    assert look(law, [copy], date(2026, 10, 1))[0] == "ends soon"
    assert look(knowledge().laws["loi-68-1250"], [copy], ON)[0] == "unchanged"


@pytest.mark.parametrize("read", [read_article_files, read_whole_code, read_rows])
def test_what_is_no_copy_is_refused_in_words(read: object, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("not a copy\n", encoding="utf-8")
    place = tmp_path / ("folder" if read is read_article_files else "file")
    with pytest.raises(CopyError) as error:
        read(place)  # type: ignore[operator]
    assert str(place) in str(error.value) and error.value.args[0].endswith(".")


def test_at_least_seventy_articles_stand_in_a_copy_and_the_rest_have_a_day(
        articles: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--offline", "--on", str(ON), "--articles", str(articles)]) == 1
    said = capsys.readouterr().out
    counts = next(line for line in said.splitlines() if line.startswith("coverage: "))
    assert int(counts.split()[1]) >= 70
    alone = [law for law in knowledge().laws.values() if law.watch_copy == "none"]
    assert alone and all(f"{law.id} (last compared on {law.compared_on}, a person must look by " in counts for law in alone)
    assert "\nchanged                      csp-r4321-58" in said or said.startswith("changed                      csp-r4321-58")
    assert main(["--offline", "--articles", str(articles / "none")]) == 2


def test_every_article_names_a_copy_we_can_read() -> None:
    readable = {"legi-data", "tricoteuses", "legi", "none"}
    assert {law.watch_copy for law in knowledge().laws.values()} <= readable
    assert law_watch.PACKAGE.name == "legi-data"
