"""The articles we cite, compared with the open copies of the law. The day is fixed: nothing fails by growing old."""

import io
import json
import shutil
import tarfile
from datetime import date
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from decision_tree.authoring.read.load import knowledge
from scripts.project.paths import ROOT
from scripts.upkeep import law_watch
from scripts.upkeep.law_copies import CopyError, Version, text_hash
from scripts.upkeep.law_watch import (
    Finding,
    Index,
    Package,
    age,
    fetch_open_data,
    findings,
    look,
    main,
    read_index,
    read_open_data,
    read_package,
)

ON = date(2026, 11, 22)
INDEX = ROOT / "tests" / "law" / "index.json"
"""Identifiers of 20 August 2026: six articles that had changed by then, and eleven that had not."""

CHANGED = {"css-l162-5-13", "css-l114-17-1", "css-l114-17-2", "css-l161-36-3", "css-l217-7-1"}
STABLE = {"css-l861-3", "css-l861-5", "css-l162-1-14-1", "css-r147-13", "css-l162-9", "css-l165-6", "css-l861-1", "css-d861-2",
          "css-d861-8", "css-l162-5-3"}


@cache
def package() -> Package:
    return read_package()


@cache
def found() -> dict[str, Finding]:
    index = read_index(INDEX, date(2026, 8, 20), package())
    return {one.law: one for one in findings(knowledge(), [package(), index], ON)}


def test_the_changed_articles_are_named_and_none_of_ten_stable_ones() -> None:
    assert {law for law, one in found().items() if one.status == "changed"} == CHANGED
    assert {found()[law].status for law in STABLE} == {"unchanged"}
    assert len(STABLE) == 10


def test_a_row_may_name_an_article_by_any_version_a_copy_knows(tmp_path: Path) -> None:
    old, new = "LEGIARTI000036431135", "LEGIARTI000054711323"
    index = tmp_path / "index.json"
    index.write_text(json.dumps([{"articleCid": old, "articleId": new, "codeId": law_watch.CODE}]))
    law = knowledge().laws["css-l162-5-13"]
    assert law.watch_id == old
    for known in (package(), None):
        assert look(law, [read_index(index, None, known)], ON) == ("changed", [f"{index}: now {new}, we read {old}"])


def test_a_changed_article_comes_with_what_relies_on_it() -> None:
    mediator = found()["css-l217-7-1"]
    assert "mediator_without_order" in mediator.rules
    assert "mediateur-cpam" in mediator.bodies
    assert "c02" in mediator.cases
    assert "docs/fr/droit/changements.md" in mediator.pages
    assert "med-sinon-reclamation" in mediator.statements
    assert mediator.known
    assert not mediator.fails


def test_the_package_knows_that_we_read_further_than_it_goes() -> None:
    assert package().day == date(2026, 3, 14)
    status, said = look(knowledge().laws["css-l162-5-13"], [package()], ON)
    assert status == "copy older than our reading"
    assert said == ["legi-data 2.513.0: it still has LEGIARTI000036431135; we already know of LEGIARTI000054711323"]


def test_every_text_we_read_in_the_package_is_still_the_one_it_holds() -> None:
    covered = [law for law in knowledge().laws.values() if law.watch_copy == "legi-data"]
    assert len(covered) >= 30
    assert all(law.watch_text for law in covered)
    assert not [law.id for law in covered if look(law, [package()], ON)[0] == "changed"]


def test_a_version_that_ended_is_named_and_a_far_away_end_is_no_end() -> None:
    assert found()["css-l162-16-7"].status == "ended"
    assert look(knowledge().laws["css-l162-16-7"], [package()], date(2026, 8, 31))[0] == "ends soon"
    assert look(knowledge().laws["css-l861-3"], [package()], ON)[0] == "unchanged"


def one_article(version: Version) -> Package:
    return Package("a copy", ON, {"CID": version}, {"LEGIARTI000045292668": "CID"})


def test_the_hash_of_the_text_decides_not_the_identifier() -> None:
    law = knowledge().laws["css-l162-1-14-1"]
    assert law.watch_text is not None
    assert look(law, [one_article(Version("LEGIARTI000099999999", law.watch_text, None))], ON)[0] == "unchanged"
    assert look(law, [one_article(Version("LEGIARTI000045292668", text_hash("Autre texte."), None))], ON)[0] == "changed"
    assert text_hash("un  texte\n") == text_hash("un texte")


def test_an_identifier_no_copy_knows_is_unknown_and_never_repealed() -> None:
    law = knowledge().laws["css-l162-1-14-1"]
    status, said = look(law, [Index("an index", ON, {"A": "B"}, {})], ON)
    assert status == "unknown to this copy"
    assert said == ["an index: no such identifier"]


@pytest.mark.parametrize(("compared", "status"), [
    (date(2025, 11, 22), "not covered"), (date(2025, 11, 21), "to compare again"),
    (date(2025, 5, 22), "to compare again"), (date(2025, 5, 21), "out of date"),
])
def test_what_no_copy_covers_warns_after_twelve_months_and_fails_after_eighteen(compared: date, status: str) -> None:
    assert age(compared, ON)[0] == status
    law = knowledge().laws["csp-l1110-3"]
    assert look(law, [], ON)[0] == "not covered"
    assert look(law, [package()], date(2028, 6, 1))[0] == "out of date"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(["--offline", *arguments])
    out, err = capsys.readouterr()
    return status, out, err


def test_the_report_is_a_table_or_json(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(law_watch, "read_package", lambda folder: package())
    status, out, _ = run(capsys, "--index", str(INDEX), "--on", "2026-11-22")
    assert status == 0
    assert "changed                      css-l217-7-1         art. L. 217-7-1 CSS (the knowledge says so)" in out
    assert "    rules: mediator_for_cover" in out
    assert "not covered                  csp-l1110-3          art. L. 1110-3 CSP, last compared on 2026-11-29" in out
    assert out.splitlines()[-1].startswith(f"law-watch: {len(knowledge().laws)} articles: 5 changed, 1 ended, ")
    status, out, _ = run(capsys, "--index", str(INDEX), "--on", "2026-11-22", "--json")
    articles = json.loads(out)["articles"]
    assert {one["law"] for one in articles if one["status"] == "changed"} == CHANGED
    assert run(capsys, "--on", "2028-06-01")[0] == 1


@pytest.mark.parametrize(("text", "what"), [
    ("", "is empty, cut short or not JSON"), ('[{"articleCid": "LEGI', "is empty, cut short or not JSON"),
    ("[]", "is not a list of articles"), ("{}", "is not a list of articles"), ("null", "is not a list of articles"),
    ('[{"articleCid": "A"}]', "entry 1 of the index has no articleCid and articleId"), ("[" * 100_000, "is empty, cut short or not JSON"),
])
def test_a_broken_index_is_refused_in_words(tmp_path: Path, text: str, what: str, capsys: pytest.CaptureFixture[str],
                                            monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(law_watch, "read_package", lambda folder: package())
    path = tmp_path / "index.json"
    path.write_text(text)
    status, out, err = run(capsys, "--index", str(path))
    assert (status, out) == (2, "")
    assert what in err
    assert "Traceback" not in err


@pytest.mark.parametrize(("text", "what"), [
    (None, "cannot be read (No such file or directory)"), ("", "is empty, cut short or not JSON"), ("{}", "is not in the form we know"),
    ('{"data": {"dateModif": "2026-03-14"}, "children": []}', "holds no article"),
    ('{"data": {"dateModif": 3}}', "is not in the form we know"),
    ('{"data": {"dateModif": "2026-03-14"}, "children": [{"type": "article", "data": {}}]}', "is not in the form we know"),
])
def test_a_broken_package_is_refused_in_words(tmp_path: Path, text: str | None, what: str) -> None:
    (tmp_path / "data").mkdir()
    if text is not None:
        (tmp_path / "data" / f"{law_watch.CODE}.json").write_text(text)
    with pytest.raises(CopyError) as error:
        read_package(tmp_path)
    assert what in str(error.value)


def test_without_a_network_the_other_copies_are_compared(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(law_watch, "read_package", lambda folder: package())
    monkeypatch.setattr(law_watch, "INDEX_URL", "http://127.0.0.1:9/index.json")
    monkeypatch.setattr(law_watch, "OPEN_DATA_URL", "http://127.0.0.1:9/LEGI/")
    assert main(["--on", "2026-11-22"]) == 0
    out, err = capsys.readouterr()
    assert err.count("could not be reached") == 2
    assert f"{len(knowledge().laws)} articles" in out


def article(code: str, number: str, *versions: tuple[str, str, str]) -> bytes:
    """Return an article as the open data writes it: id, first day and last day of each version."""
    links = "".join(f'<VERSION etat="MODIFIE"><LIEN_ART debut="{begins}" etat="MODIFIE" fin="{ends}" id="{id_}" num="{number}" '
                    'origine="LEGI"/></VERSION>' for id_, begins, ends in versions)
    return (f'<?xml version="1.0" encoding="UTF-8"?><ARTICLE><META><META_COMMUN><ID>{versions[-1][0]}</ID></META_COMMUN><META_SPEC>'
            f'<META_ARTICLE><NUM>{number}</NUM></META_ARTICLE></META_SPEC></META><CONTEXTE><TEXTE><TITRE_TXT c_titre_court="{code}">'
            f'{code}</TITRE_TXT></TEXTE></CONTEXTE><VERSIONS>{links}</VERSIONS></ARTICLE>').encode()


def archive(folder: Path, *articles: bytes) -> Path:
    path = folder / "LEGI_20261120-204512.tar.gz"
    with tarfile.open(path, "w:gz") as file:
        for number, content in enumerate(articles):
            member = tarfile.TarInfo(f"20261120-204512/legi/global/code_et_TNC_en_vigueur/LEGIARTI{number:012}.xml")
            member.size = len(content)
            file.addfile(member, io.BytesIO(content))
    return path


PENAL = article("Code pénal", "225-2", ("LEGIARTI000066666666", "2026-12-01", "2999-01-01"))


def test_the_open_data_covers_every_code(tmp_path: Path) -> None:
    laws, health, social = knowledge().laws, "Code de la santé publique", "Code de l'action sociale et des familles"
    read, newer = "LEGIARTI000045292687", "LEGIARTI000099999999"
    copy = read_open_data(archive(
        tmp_path, PENAL, article(health, "L1110-3", (read, "2022-03-04", "2026-11-19"), (newer, "2026-11-19", "2999-01-01")),
        article(health, "R1110-11", ("LEGIARTI000043530053", "2021-05-23", "2999-01-01")),
        article(social, "R1110-9", ("LEGIARTI000088888888", "2026-11-01", "2999-01-01"))))
    assert copy.day == date(2026, 11, 20)
    assert look(laws["csp-l1110-3"], [copy], ON) == ("changed", [f"{copy.name}: now {newer}, we read {read}"])
    assert look(laws["csp-l1110-3"], [copy], date(2026, 11, 18)) == ("ends soon", [f"{copy.name}: this version ends on 2026-11-19"])
    assert look(laws["csp-r1110-11"], [copy], ON)[0] == "unchanged"
    assert look(laws["csp-r1110-9"], [package(), copy], ON)[0] == "not covered"
    assert look(laws["cp-225-2"], [package(), copy], ON)[0] == "not covered"
    assert look(laws["cp-225-2"], [package(), copy], date(2026, 12, 1)) == (
        "changed", [f"{copy.name}: LEGIARTI000066666666 is in force since 2026-12-01; we read the article as it stood on 2026-04-03"])


def test_a_broken_archive_is_refused_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(law_watch, "read_package", lambda folder: package())
    whole, broken, empty = (archive(tmp_path, *articles).read_bytes() for articles in ((PENAL,), (b"<ARTICLE>",), ()))
    for content in (b"", b"not an archive", whole[:len(whole) // 2], broken, empty):
        (tmp_path / "LEGI_1.tar.gz").write_bytes(content)
        status, out, err = run(capsys, "--open-data", str(tmp_path / "LEGI_1.tar.gz"))
        assert (status, out) == (2, "")
        assert "LEGI_1.tar.gz: the open data" in err
    assert run(capsys, "--open-data", str(tmp_path / "none"))[0] == 2


def test_the_newest_archives_are_fetched_where_a_network_exists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = archive(tmp_path, PENAL)
    for day in range(10, 20):
        shutil.copyfile(one, tmp_path / f"LEGI_202611{day}-204512.tar.gz")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(tmp_path))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setattr(law_watch, "OPEN_DATA_URL", f"http://127.0.0.1:{server.server_port}/")
        copies = fetch_open_data(date(2026, 11, 19))
        assert [copy.day.day for copy in copies if copy.day] == [15, 16, 17, 18, 19]
        assert look(knowledge().laws["cp-225-2"], copies, date(2026, 12, 1))[0] == "changed"
        (tmp_path / "LEGI_20261119-204512.tar.gz").write_bytes(one.read_bytes()[:60])
        assert fetch_open_data(date(2026, 11, 19)) == []
        server.shutdown()
