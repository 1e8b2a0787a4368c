"""What the leaflets say: from the knowledge, in both languages, drawn from the compiled graph, with fonts that keep their spaces apart."""

import re
from dataclasses import replace
from typing import Any

import pytest
from fontTools.ttLib import TTFont

from decision_tree.authoring.prove.compile import Graph
from decision_tree.locales import LOCALES
from scripts.content.card import pieces, plain
from scripts.content.card_files import our_card
from scripts.content.checks.typography import mended
from scripts.content.loaded import knowledge
from scripts.content.macros import PageMacros
from scripts.leaflets import texts, wall
from scripts.leaflets.booklet import booklet
from scripts.leaflets.content import AUDIENCES, facing, leaflet, panel, self_check
from scripts.leaflets.layouts import LAYOUTS, what_for
from scripts.leaflets.page_lists import numbered
from scripts.leaflets.publish import address, files_list, text_of, weight
from scripts.leaflets.texts import LeafletError, Writer, load_words
from scripts.leaflets.typesetting import TEMPLATES
from scripts.leaflets.wall import bodies_for, combinations, ends, load_walls
from scripts.project.paths import FONTS
from scripts.upkeep.language import french
from tests.support.pdf import graph, source

FACES = sorted(FONTS.glob("*.ttf"))
APART = (" ", "\u00a0", "-", "\u2019", "\u00ad")


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.stem)
def test_a_font_has_its_own_glyph_for_each_space_and_hyphen_and_its_licence(face: Any) -> None:
    glyphs = TTFont(face).getBestCmap()
    latin = ord("a") in glyphs            # a script's own font brings its letters alone: the rest is set in ours
    if latin:
        assert len({glyphs[ord(sign)] for sign in APART}) == len(APART)
    if 0x202F in glyphs:
        assert glyphs[0x202F] not in (glyphs[0x20], glyphs[0xA0])
    family = face.stem.split("-")[0]
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / f"OFL-{family}.txt").read_text("utf-8")


def strings(value: Any) -> list[str]:
    """Return every text of some data."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for key, one in value.items() if key not in ("scene", "logo", "code", "colours", "href") for text in strings(one)]
    return [text for one in value for text in strings(one)] if isinstance(value, list | tuple) else []


def test_the_text_font_has_every_letter_of_every_leaflet() -> None:
    glyphs = TTFont(FONTS / "IBMPlexSans-Regular.ttf").getBestCmap()
    for layout in (one for one in LAYOUTS.values() if one.listed):      # those of other scripts have their fonts, and tests, of their own
        for audience, locale in what_for(layout):
            missing = {sign for text in strings(source().data(layout, audience, locale, None)) for sign in text if ord(sign) not in glyphs}
            assert not missing, (layout.id, audience, locale)


def test_no_number_parts_from_its_thousands_nor_from_its_unit() -> None:
    for layout in LAYOUTS.values():
        for audience, locale in what_for(layout):
            said = strings(source().data(layout, audience, locale, None))
            assert not [text for text in said if re.search(r"\d \d{3}\b(?! \d\d)|\d €", text)], (layout.id, audience, locale)


def test_templates_read_no_markup_from_data_and_import_no_package() -> None:
    for template in TEMPLATES.glob("*.typ"):
        text = re.sub(r"//.*", "", template.read_text("utf-8"))
        assert "eval(" not in text and "@preview" not in text and "hyphenate: true" not in text, template.name


@pytest.mark.parametrize("audience", AUDIENCES)
def test_both_languages_show_the_same_blocks(audience: str) -> None:
    shapes = [[(one["place"], [(block["kind"], len(block.get("items", ()))) for block in one["blocks"]])
               for one in leaflet(knowledge(), audience, locale)["panels"]] for locale in LOCALES]
    assert shapes[0] == shapes[1]


def test_a_panel_relies_on_known_and_certain_statements_only() -> None:
    writer = Writer(knowledge(), "fr")
    unverified = next(id for id, one in knowledge().statements.items() if one.status == "unverified")
    for id, reason in (("no-such", "does not exist"), (unverified, "is unverified")):
        with pytest.raises(LeafletError, match=reason):
            panel(writer, {"place": "flap", "title": {"fr": "T", "en": "T"}, "relies": [id]})


@pytest.mark.parametrize(("text", "reason"), [
    ("{no_such}", "no quantity"), ("{contact:no-such-contact}", "not a confirmed"), ("{law:x}", "no text"),
])
def test_a_text_names_only_what_the_knowledge_holds(text: str, reason: str) -> None:
    with pytest.raises(LeafletError, match=reason):
        Writer(knowledge(), "fr").runs({"fr": text, "en": text})


def test_runs_carry_quantities_contacts_and_emphasis() -> None:
    runs = Writer(knowledge(), "fr").runs({"fr": "Sous **{acknowledgement}** : le {contact:ddd-3928} !", "en": ""})
    assert runs == [{"text": "Sous "}, {"text": "8\u00a0jours", "strong": True}, {"text": "\u00a0: le "},
                    {"text": "39\u00a028", "strong": True, "href": "tel:3928"}, {"text": "\u202f!"}]


def test_the_ten_lines_and_the_boxes_come_from_the_pages() -> None:
    for locale in LOCALES:
        assert len(numbered("professionnels/la-loi-en-dix-lignes.md", locale, knowledge())) == 10
        data = self_check(knowledge(), locale)
        assert len(data["parts"]) >= 6 and sum(len(part["items"]) for part in data["parts"]) >= 30
        assert not any("{{" in text or "](" in text for text in strings(data))


def test_french_leaflets_have_french_spaces() -> None:
    for audience in AUDIENCES:
        for text in strings(leaflet(knowledge(), audience, "fr")["panels"]):
            assert not re.search(r"[^\s\u202f«][;!?](?!\w)|[^\u00a0\s]:(?=\s)|'", text), text


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_ends_of_the_wall_sheet_are_where_the_graph_leads(audience: str) -> None:
    said = load_walls()
    for branch, found in ends(graph(), audience):
        for end in found:
            assert 1 <= len(end.bodies) <= said["most"]
            for row in end.rows:
                for one in list(combinations({**branch["answers"], **row["answers"]}))[::9]:
                    bodies = bodies_for(graph(), {**said["walls"][audience]["supposes"], **one})
                    assert bodies[:len(end.bodies)] == end.bodies


def test_a_branch_that_mixes_different_ends_stops_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    raw: dict[str, Any] = {"most": 3, "rows": {}, "walls": {"patients": dict(load_walls()["walls"]["patients"])}}
    everywhere = {"ground": ["c2s"], "place": ["cabinet", "hopital_public"], "profession": ["medecin_generaliste"]}
    raw["walls"]["patients"]["branches"] = [{"label": {"fr": "Partout", "en": "Anywhere"}, "answers": everywhere}]
    monkeypatch.setattr(wall, "load_walls", lambda: raw)
    with pytest.raises(LeafletError, match="Partout.*hopital_public.*leads first to 'commission-usagers'"):
        ends(graph(), "patients")


@pytest.fixture(scope="module")
def compiled() -> Graph:
    return graph()


@pytest.mark.prove
def test_the_booklet_has_every_state_under_its_number_on_the_site(compiled: Graph) -> None:
    data = booklet(knowledge(), compiled, "fr")
    assert [state["n"] for state in data["states"]] == [state.number for state in compiled.states]
    for shown, state in zip(data["states"], compiled.states, strict=True):
        if state.question:
            assert {one["to"] for one in shown["answers"]} == set(state.next.values())
            assert sum(len(one["labels"]) for one in shown["answers"]) >= len(state.next)
        else:
            assert state.outcome is not None
            assert [one["name"] for one in shown["bodies"]] == [knowledge().bodies[body].short.fr for body, _ in state.outcome.recommended]
            assert all(1 <= note <= len(data["notes"]) for note in shown["notes"])
    assert len(set(data["notes"])) == len(data["notes"])


def test_the_site_lists_each_file_with_its_paper_pages_and_weight() -> None:
    said = files_list("fr", "depliants/", "patients")
    assert '<a href="depliant-patients-fr.pdf" type="application/pdf" download>' in said
    assert re.search(r"\| français \| PDF A4 \| 2 \| \d+\u00a0ko \|", said)
    assert "professionnels" not in said and "livret-fr.pdf" in said
    assert all(word in files_list("en", "depliants/") for word in ("### For patients", "### For professionals", "### For everyone"))
    assert address("x.pdf", "en", "depliants/patients/") == "../../../depliants/x.pdf"
    assert weight(4_523_576, "fr") == "4,5\u00a0Mo" and weight(74_616, "en") == "75\u00a0kB"


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_page_of_a_leaflet_says_its_words_with_their_sources(audience: str, locale: str) -> None:
    said = text_of(audience, locale, PageMacros(locale, f"depliants/{audience}.md").src)
    assert said.count("### ") >= 5 and 'class="refs"' in said
    assert Writer(knowledge(), locale).word("sources") in said
    assert not re.search(r"\{[a-z_:-]+\}(?!\s*\.)", re.sub(r"\{: ?\.[^}]*\}", "", said))


def test_every_layout_has_a_name_on_the_site() -> None:
    assert set(load_words()["site"]["layouts"]) == {id for id, layout in LAYOUTS.items() if layout.listed}


OF_CARD = ("title", "danger", "danger_call", "danger_text", "note_what", "note_keep", "note_witness", "note_copies", "danger_right",
           "help_care", "help_fund", "help_free")   # what the facing sheet and the card both say


def joined(said: Any) -> str:
    """Return every text of some data as one line, runs in order."""
    return re.sub(r"\s+", " ", " ".join("".join(run["text"] for run in one) if isinstance(one, list) else one for one in lines(said)))


def lines(said: Any) -> list[Any]:
    if isinstance(said, dict):
        return [line for one in said.values() for line in lines(one)]
    if isinstance(said, list) and said and all(isinstance(one, dict) and "text" in one for one in said):
        return [said]
    return [line for one in said for line in lines(one)] if isinstance(said, list) else [said] if isinstance(said, str) else []


def test_the_facing_sheet_says_the_texts_of_the_card_in_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    card, facts = our_card(), knowledge()
    shown = [joined(side["panels"]) for side in facing(facts, "patients")["sides"]]
    for locale, sheet in zip(LOCALES, shown, strict=True):
        for key in OF_CARD:
            text = card.texts[key].text if locale == "fr" else card.shown(locale, key)
            assert text and re.sub(r"\s+", " ", plain(pieces(mended(text, locale), facts, locale))) in sheet, (locale, key)
    moved = replace(card, texts={**card.texts, "note_keep": replace(card.texts["note_keep"], text="Gardez tout.")})
    monkeypatch.setattr(texts, "our_card", lambda: moved)
    assert "Gardez tout." in joined(facing(facts, "patients")["sides"][0]["panels"])


def test_no_leaflet_writes_a_text_of_the_card_again() -> None:
    card = {one.text for one in our_card().texts.values() if " " in one.text}
    assert not [path for path, one in french().leaflets.items() if one.text.replace("**", "") in card]


def test_a_text_of_the_card_must_exist_and_falls_back_on_french(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LeafletError, match="no text of the card is called 'help_fre'"):
        Writer(knowledge(), "fr").runs({"card": "help_fre"})
    card = our_card()
    english = replace(card.languages["en"], texts={})
    monkeypatch.setattr(texts, "our_card", lambda: replace(card, languages={**card.languages, "en": english}))
    assert Writer(knowledge(), "en").runs({"card": "help_free"}) == [{"text": card.texts["help_free"].text, "lang": "fr"}]
