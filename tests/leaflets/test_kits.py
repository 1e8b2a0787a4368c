"""A fund's kit: its mistakes said in two languages at once, its words never read as markup, and many funds made fast."""

import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pypdf
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from decision_tree.authoring.read.load import KNOWLEDGE
from scripts.leaflets.__main__ import jobs_for, main, mistakes_of
from scripts.leaflets.colours import ENOUGH, contrast, dark_enough, paper, weak_pairs
from scripts.leaflets.factory import Job, make_all, write_sums
from scripts.leaflets.kits import FIELDS, Kit, KitError, directory_kits, known_departements, load_kit, svg_trouble
from scripts.leaflets.layouts import LAYOUTS, OF_ALL_FUNDS
from tests.support.lanes import examples
from tests.support.pdf import SAMPLE, default_files, sample_kit, source, text_of

DEPARTEMENTS = known_departements(KNOWLEDGE / "directory")
WRONG = """
code: 7 51
name: {fr: "Caisse"}
colour: "#ffcc00"
couleur: red
departement: "999"
logo: {file: absent.svg, alt: {fr: "x"}}
contacts:
  fr:
    - {kind: phone, value: "abc"}
    - {kind: fax, value: "01"}
qr: http://x
"""


def written(folder: Path, **changed: Any) -> Path:
    """Write the sample kit with some values changed, and return its path."""
    shutil.copytree(SAMPLE.parent, folder, dirs_exist_ok=True)
    raw = yaml.safe_load(SAMPLE.read_text("utf-8")) | changed
    path = folder / "kit.yaml"
    path.write_text(yaml.safe_dump(raw, allow_unicode=True), "utf-8")
    return path


def test_all_mistakes_of_a_kit_are_said_at_once_in_french_and_english(tmp_path: Path) -> None:
    path = tmp_path / "kit.yaml"
    path.write_text(WRONG, "utf-8")
    with pytest.raises(KitError) as caught:
        load_kit(path, DEPARTEMENTS)
    where = [one.where for one in caught.value.mistakes]
    assert where == ["kit.yaml:5: couleur", "kit.yaml:2: code", "kit.yaml:3: name.en", "kit.yaml:6: departement", "kit.yaml:4: colour",
                     "kit.yaml:7: logo.alt.en", "kit.yaml:7: logo.file", "kit.yaml:8: contacts.fr[1]", "kit.yaml:8: contacts.fr[2]",
                     "kit.yaml:8: contacts", "kit.yaml:12: qr"]
    said = {one.where: one for one in caught.value.mistakes}
    assert said["kit.yaml:4: colour"].fr.endswith("contraste de 1,5, il en faut 5,5. La nuance #735c00 convient.")
    assert said["kit.yaml:4: colour"].en.endswith("its contrast is 1.5, 5.5 is needed. The shade #735c00 will do.")


def test_a_text_too_long_names_its_panel_and_its_millimetres(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = {"fr": "Caisse primaire de la vallée " * 14, "en": "Anticonstitutionnellementindivisiblementextraordinaire"}
    kit = written(tmp_path / "kit", name=name)
    assert main(["--kit", str(kit), "--layout", "depliant", "--to", str(tmp_path / "out")]) == 1
    said = capsys.readouterr().err
    assert "Dans la couverture, le texte est trop long de" in said and "In the cover, the text is" in said and " mm too long" in said
    assert "est trop large de" in said and "Anticonstitutionnellement" in said


def test_the_shade_a_kit_is_offered_reads_on_every_ground() -> None:
    for colour in ("#ffcc00", "#ff8800", "#88ccee", "#d0d0d0", "#00ff00"):
        shade = dark_enough(colour, on="#d9d9d9")
        assert contrast(shade, "#ffffff") >= ENOUGH + 1
        assert not weak_pairs(paper("patients", shade)), shade


def test_our_own_colours_read_on_every_ground() -> None:
    assert not weak_pairs(paper("patients")) and not weak_pairs(paper("professionnels"))


@pytest.mark.parametrize(("content", "reason"), [
    (b'<svg xmlns="http://www.w3.org/2000/svg"><text>A</text></svg>', "<text>"),
    (b'<svg xmlns="http://www.w3.org/2000/svg"><image href="https://x.example/a.png"/></svg>', "<image>"),
    (b'<svg xmlns="http://www.w3.org/2000/svg"><use href="https://x.example/a.svg#b"/></svg>', "href"),
    (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg/>', "DOCTYPE"),
    (b"GIF89a", "XML"),
    (b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h1v1z"/></svg>', None),
])
def test_a_logo_fetches_nothing_and_needs_no_font(content: bytes, reason: str | None) -> None:
    assert svg_trouble(content) == reason


def test_words_of_a_kit_are_never_read_as_markup(tmp_path: Path) -> None:
    tricky = '#panic("x") *a* _b_ $c$ [d] <e> @f'
    kit = load_kit(written(tmp_path / "kit", name={"fr": tricky, "en": tricky}), DEPARTEMENTS)
    report = make_all(jobs_for(source(), [LAYOUTS["page-a-page"]], kit), tmp_path / "out", 1, record=tmp_path / "made.json")
    assert not report.failed, report.failed
    said = text_of(tmp_path / "out" / report.made[0].file)
    assert all(part in said for part in ('#panic("x")', "*a*", "_b_", "$c$", "[d]", "<e>", "@f"))


def test_words_with_ligatures_and_hyphens_stay_whole(tmp_path: Path) -> None:
    name = "Caisse du cœur, rendez-vous en difficulté, efficacité"
    kit = load_kit(written(tmp_path / "kit", name={"fr": name, "en": name}), DEPARTEMENTS)
    report = make_all(jobs_for(source(), [LAYOUTS["depliant"]], kit), tmp_path / "out", 1, record=tmp_path / "made.json")
    said = text_of(tmp_path / "out" / report.made[0].file)
    assert all(word in said for word in ("cœur", "rendez-vous", "difficulté", "efficacité"))


def test_a_png_logo_is_printed_with_its_words(tmp_path: Path) -> None:
    from PIL import Image

    folder = tmp_path / "kit"
    kit = written(folder, logo={"file": "logo.png", "alt": {"fr": "Une fleur", "en": "A flower"}})
    Image.new("RGB", (80, 40), "#6a2a5b").save(folder / "logo.png")
    report = make_all(jobs_for(source(), [LAYOUTS["page-a-page"]], load_kit(kit, DEPARTEMENTS)), tmp_path / "out", 1, record=tmp_path / "m")
    assert not report.failed
    assert b"/Alt(Une fleur)" in (tmp_path / "out" / report.made[0].file).read_bytes()


def few_jobs(kits: list[Kit]) -> list[Job]:
    return [job for kit in kits for job in jobs_for(source(), [LAYOUTS[id] for id in OF_ALL_FUNDS], kit)]


def test_a_second_run_makes_only_what_changed(tmp_path: Path) -> None:
    kits = directory_kits(KNOWLEDGE / "directory")[:2]
    record, out = tmp_path / "made.json", tmp_path / "out"
    first = make_all(few_jobs(kits), out, 2, record=record)
    again = make_all(few_jobs(kits), out, 2, record=record)
    assert [one.new for one in first.made] == [True] * 24 and [one.new for one in again.made] == [False] * 24
    (out / first.made[3].file).write_bytes(b"spoilt")
    changed = [kits[0], sample_kit()]
    third = make_all(few_jobs(changed), out, 2, record=record)
    assert [one.file for one in third.made if one.new] == [first.made[3].file, *(job.file for job in few_jobs([sample_kit()]))]
    assert write_sums(out) == 36


def test_a_file_that_cannot_be_made_leaves_the_others_whole(tmp_path: Path) -> None:
    good = few_jobs(directory_kits(KNOWLEDGE / "directory")[:1])[:1]
    report = make_all([Job("bad.pdf", "folded.typ", {"nothing": 1}), *good], tmp_path, 1, record=tmp_path / "made.json")
    assert [one.file for one in report.failed] == ["bad.pdf"] and [one.file for one in report.made] == [good[0].file]
    assert mistakes_of(report.failed)[0].fr.startswith("Ce dépliant ne se compose pas")
    assert not list(tmp_path.glob(".*"))


def test_every_fund_of_the_directory_has_a_kit() -> None:
    kits = directory_kits(KNOWLEDGE / "directory")
    assert len(kits) > 100 and len({kit.code for kit in kits}) == len(kits)
    assert len(few_jobs(kits[:1])) == 12


VALUE: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-9, 99), st.floats(allow_nan=False), st.text(max_size=8), st.dates(),
              st.sampled_from(["751", "75", "#0b5f55", "https://a.example/", "phone", "logo.svg", "01 23 45 67 89", "fr", "é"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["fr", "en", "br", "file", "alt", "kind", "value", "label", "lable"]) | st.integers(0, 3), inner, max_size=4),
    max_leaves=12)
FIELD = st.sampled_from([*FIELDS, "contact", "nom", "on", "1"])


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """The sample kit with a few cuts, repeats and insertions."""
    data = SAMPLE.read_bytes()
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        stop = min(len(data), start + draw(st.integers(0, 40)))
        new = draw(st.sampled_from([b"[a, b]", b"{x: y}", b"*a", b"&a", b"!!python/name:os", b"\t", b"\x00", b"- ", b": ", b"<<: *a", b"~"])
                   | st.binary(max_size=6) | st.just(data[start:stop] * 2))
        data = data[:start] + new + data[stop:]
    return data


def changed(fields: dict[str, Any]) -> bytes:
    """Return the sample kit with some fields put in the place of its own."""
    return yaml.safe_dump(yaml.safe_load(SAMPLE.read_text("utf-8")) | fields, allow_unicode=True).encode()


@pytest.mark.sampled
@settings(max_examples=examples(5_000), suppress_health_check=list(HealthCheck))
@given(damaged() | damaged() | st.dictionaries(FIELD, VALUE, max_size=8).map(changed) | st.binary(max_size=80))
def test_any_document_is_a_kit_or_earns_a_sentence_in_each_language(data: bytes) -> None:
    folder = generated_folder()
    (folder / "kit.yaml").write_bytes(data)
    try:
        kit = load_kit(folder / "kit.yaml", DEPARTEMENTS)
    except KitError as error:
        assert error.mistakes
        for one in error.mistakes:
            assert one.where.startswith("kit.yaml") and one.fr and one.en and one.fr != one.en
            assert "Traceback" not in str(one)
        return
    assert all(isinstance(kit.name[locale], str) and kit.name[locale].strip() for locale in ("fr", "en"))
    contacts = [*kit.contacts["fr"], *kit.contacts["en"]]
    assert all(isinstance(part, str) for one in contacts for part in (one.kind, one.value, one.label))
    if kit.logo is not None:
        assert all(isinstance(kit.logo.data(locale)["alt"], str) for locale in ("fr", "en"))


@cache
def generated_folder() -> Path:
    """A folder with the sample's logo, where generated kits are written."""
    folder = Path(tempfile.mkdtemp(prefix="kits-"))
    shutil.copy(SAMPLE.parent / "logo.svg", folder)
    return folder


@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-16", "utf-8-sig"])
def test_a_logo_in_another_encoding_is_printed_or_refused_clearly(tmp_path: Path, encoding: str) -> None:
    kit = written(tmp_path / "kit")
    drawing = '<?xml version="1.0" encoding="%s"?><svg xmlns="http://www.w3.org/2000/svg"><title>é</title><path d="M0 0h1v1z"/></svg>'
    (kit.parent / "logo.svg").write_bytes((drawing % encoding.removesuffix("-sig")).encode(encoding))
    try:
        logo = load_kit(kit, DEPARTEMENTS).logo
    except KitError as error:
        assert "UTF-8" in error.mistakes[0].fr and "PNG" in error.mistakes[0].fr
    else:
        assert logo is not None and logo.data("fr")["source"].lstrip("\ufeff").startswith("<?xml")
        assert encoding == "utf-8-sig"


def test_a_message_in_french_has_no_english_in_it(tmp_path: Path) -> None:
    path = tmp_path / "kit.yaml"
    path.write_text('code: "751"\nname: {fr: [a\n', "utf-8")
    with pytest.raises(KitError) as caught:
        load_kit(path, DEPARTEMENTS)
    assert [one.where for one in caught.value.mistakes] and not any("expected" in one.fr for one in caught.value.mistakes)


@pytest.mark.parametrize("kept", [0.5, 0.9])
def test_a_damaged_picture_is_said_in_each_language_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str], kept: float) -> None:
    from PIL import Image

    kit = written(tmp_path / "kit", logo={"file": "logo.png", "alt": {"fr": "Une fleur", "en": "A flower"}})
    picture = kit.parent / "logo.png"
    Image.effect_noise((120, 60), 60).save(picture)
    picture.write_bytes(picture.read_bytes()[: int(kept * picture.stat().st_size)])
    assert main(["--kit", str(kit), "--layout", "depliant", "--to", str(tmp_path / "out")]) == 1
    said = capsys.readouterr().err.splitlines()
    assert said and all("decode" not in line and "Traceback" not in line for line in said)
    assert any(line.strip().startswith("fr : Ce dépliant ne se compose pas. Vérifiez le logo") for line in said)
    assert not list((tmp_path / "out").rglob("*.pdf"))


def test_a_number_stays_whole_and_a_postal_address_is_on_the_poster(tmp_path: Path) -> None:
    contacts = [{"kind": "phone", "value": "+33 1 23 45 67 89"}, {"kind": "email", "value": "mediateur@val-fleuri.example"},
                {"kind": "address", "value": "12 rue des Tilleuls, 00000 Val-Fleuri"}]
    kit = load_kit(written(tmp_path / "kit", contacts={"fr": contacts, "en": [dict(one) for one in contacts]}), DEPARTEMENTS)
    report = make_all(jobs_for(source(), [LAYOUTS["affiche-a4"]], kit), tmp_path / "out", 1, record=tmp_path / "made.json")
    assert not report.failed, report.failed
    for made in report.made:
        said = text_of(tmp_path / "out" / made.file)
        assert all(str(one["value"]) in said for one in contacts[:2])   # on one line each
        assert "12 rue des Tilleuls" in " ".join(said.split())


def test_the_long_name_of_a_place_breaks_at_its_hyphens(tmp_path: Path) -> None:
    name = "Caisse de l’Île-d’Aÿ-lès-Œuvres-et-Saint-Barthélemy-d’Anjou"
    kit = load_kit(written(tmp_path / "kit", name={"fr": name, "en": name}), DEPARTEMENTS)
    report = make_all(jobs_for(source(), [LAYOUTS["depliant"]], kit), tmp_path / "out", 1, record=tmp_path / "made.json")
    assert not report.failed, report.failed


def test_the_sheet_in_two_languages_holds_the_deadlines() -> None:
    said = " ".join(text_of(default_files()["face-a-face-patients-fr-en.pdf"]).split())
    assert "Gardez une trace" in said and "6 ans" in said.replace("\u00a0", " ")


@pytest.mark.parametrize(("audience", "titles"), [
    ("patients", ("Gardez une trace", "Ce que dit la loi", "Que faire", "À qui vous adresser", "Parler à quelqu’un")),
    ("professionnels", ("Exclure sans le vouloir", "La loi en dix lignes", "Refuser dans les règles", "Vous êtes mis en cause",
                        "Témoin d’un refus")),
])
def test_the_sheet_in_two_languages_holds_every_block_of_the_folded_one(audience: str, titles: tuple[str, ...]) -> None:
    for name in (f"depliant-{audience}-fr.pdf", f"face-a-face-{audience}-fr-en.pdf"):
        said = " ".join(text_of(default_files()[name]).split())
        assert [one for one in titles if one not in said] == [], name


@pytest.mark.parametrize("name", [f"{kind}-{audience}-{locale}.pdf" for kind in ("gros-caracteres", "page-a-page")
                                  for audience in ("patients", "professionnels") for locale in ("fr", "en")])
def test_no_leaflet_ends_on_a_sheet_with_three_lines(name: str) -> None:
    last = pypdf.PdfReader(default_files()[name]).pages[-1].extract_text()
    assert len(last.splitlines()) > 6
