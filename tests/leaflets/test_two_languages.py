"""The papers in two languages: accessible, and what a reader copies or searches is what was written, right to left too."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from scripts.content.card import Card, Language, pieces, plain
from scripts.content.card_files import our_card
from scripts.content.loaded import knowledge
from scripts.leaflets import two_languages
from scripts.leaflets.layouts import EVERYONE, LAYOUTS, POSTERS
from scripts.leaflets.two_languages import FONTS as OF_SCRIPTS
from scripts.leaflets.two_languages import runs
from scripts.leaflets.typeset_worker import set_to_fit
from scripts.leaflets.typesetting import Typesetter
from scripts.leaflets.validators import judge
from scripts.project.paths import FONTS
from tests.support.lanes import PROVING, first
from tests.support.pdf import default_files, kit_files, letters, text_of

CODES = sorted(our_card().languages)
PAPERS = ("carte-a-deux", "carte-de-poche")
SMALLEST = 8.0   # points, of the pocket card; the sheet is set in 10 at least, Tamil letters being larger at 8.7


def keys_of(paper: str) -> list[str]:
    card = our_card()
    if paper == "carte-de-poche":
        return [key for face in card.pocket for key in face]
    return ["title", "lead", *(key for part in card.parts for key in (part.id, *part.texts))]


def bare(text: str) -> str:
    """Return a text without spaces, joiners nor marks of direction, which readers of files write each in their way."""
    text = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in text if unicodedata.category(sign) not in ("Cf", "Cc", "Zs", "Zl", "Zp", "Cn"))


def only_letters(text: str) -> str:
    """Return the letters written from right to left: readers of files put Latin letters and full stops beside them each in their way."""
    return "".join(sign for sign in bare(text) if unicodedata.bidirectional(sign) == "AL")


def said(language: Language, key: str) -> str:
    text = our_card().shown(language.code, key)
    assert text is not None
    return plain(pieces(text, knowledge(), language.code))


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("code", CODES)
def test_what_is_extracted_equals_what_was_written(code: str, paper: str) -> None:
    language = our_card().languages[code]
    form = only_letters if language.direction == "rtl" else bare
    found = form(text_of(default_files()[f"{paper}-fr-{code}.pdf"]))
    missing = [key for key in keys_of(paper) if form(said(language, key)) not in found]
    assert not missing


@pytest.mark.parametrize("name", POSTERS)
@pytest.mark.parametrize("code", CODES)
def test_a_poster_says_in_each_language_what_was_written(code: str, name: str) -> None:
    language = our_card().languages[code]
    form = only_letters if language.direction == "rtl" else bare
    text = text_of(default_files()[f"{name}-langues.pdf"])
    for key in our_card().poster:   # word by word around names written from left to right, which readers of files place each in their way
        shown = our_card().shown(code, key)
        assert shown
        found = pieces(shown, knowledge(), code)
        apart = language.direction == "rtl" and any(one.kind for one in found)
        wanted = [word for one in found if not one.kind for word in one.text.split()] if apart else [said(language, key)]
        assert not [one for one in wanted if form(one) not in form(text)], key
        assert all(bare(one.text) in bare(text) for one in found if one.kind), key
    french = [plain(pieces(our_card().texts[key].text, knowledge())) for key in (*our_card().poster, "unread")]
    assert not [one for one in french if bare(one) not in bare(text)]


def stale(code: str, moved: Sequence[str]) -> Card:
    """Return the card as it would be had the French of some texts moved."""
    card = our_card()
    language = card.languages[code]
    noted = {key: replace(one, of="moved") if key in moved else one for key, one in language.noted.items()}
    return replace(card, languages={**card.languages, code: replace(language, noted=noted)})


@pytest.mark.parametrize("code", first(["ta", *(code for code in CODES if code != "ta")]))
def test_a_stale_text_says_so_beside_itself_on_paper_in_both_languages_and_all_of_them_fit(code: str, monkeypatch: pytest.MonkeyPatch,
                                                                                          tmp_path: Path) -> None:
    few = stale(code, ["help_fund", "danger_call"])
    monkeypatch.setattr(two_languages, "our_card", lambda: few)
    data = two_languages.card_for_two(knowledge(), f"fr-{code}")
    runs_of = {side: [run["text"] for run in data["danger"]["texts"][0][side]][-3:] for side in ("french", "own")}
    labels = {"french": few.texts["state_stale"].text, "own": few.languages[code].texts["state_stale"].text}
    assert runs_of == {side: [" (", label, ")"] for side, label in labels.items()}
    card = stale(code, list(few.texts))
    monkeypatch.setattr(two_languages, "our_card", lambda: card)
    setter = Typesetter()
    for paper, template, make in (("carte-a-deux", "card.typ", two_languages.card_for_two),
                                  ("carte-de-poche", "pocket.typ", two_languages.pocket_card)):
        data = make(knowledge(), f"fr-{code}") | {"size": LAYOUTS[paper].size}
        file = tmp_path / f"{paper}.pdf"
        file.write_bytes(set_to_fit(setter, template, data))
        text, language = text_of(file), card.languages[code]
        form = only_letters if language.direction == "rtl" else bare
        assert bare(text).count("*") >= 2 * len(keys_of(paper))
        assert bare(f"* {card.texts['state_stale'].text}") in bare(text) and form(language.texts["state_stale"].text) in form(text)
        assert bare(card.texts["stale"].text) in bare(text) and form(language.texts["stale"].text) in form(text)


def runs_from_left(path: Path) -> set[str]:
    """Return what is read from left to right on the lines of a file: Latin letters and digits, in the order of their places."""
    found: set[str] = set()
    for page in range(len(pypdfium2.PdfDocument(path))):
        latin = [one for one in letters(path, page) if one.sign.isascii()]
        lines: dict[int, list[tuple[float, str]]] = {}
        for one in latin:
            lines.setdefault(round(one.bottom), []).append((one.left, one.sign))
            lines.setdefault(round(one.bottom - 0.5), []).append((one.left, one.sign))
        found |= {"".join(sign for _, sign in sorted(set(line))) for line in lines.values()}
    return found


@pytest.mark.parametrize("code", ["ar", "fa"])
def test_numbers_and_names_are_read_from_left_to_right_inside_right_to_left(code: str) -> None:
    lines = runs_from_left(default_files()[f"carte-a-deux-fr-{code}.pdf"])
    for wanted in ("15", "112", "114", "3646", "3928", "C2S", "AME", "CPAM"):
        assert sum(wanted in line for line in lines) >= 2, wanted


def test_both_validators_accept_them_for_the_site_and_for_a_fund() -> None:
    names = [name for name in default_files() if name.startswith((*PAPERS, "affiche-bienvenue"))]
    assert len(names) == 2 * len(CODES) + 2
    some = ["carte-a-deux-fr-ar.pdf", "carte-de-poche-fr-ta.pdf", "affiche-bienvenue-a4-langues.pdf"]
    kept = [files[name] for files in (default_files(), kit_files()) for name in (names if PROVING else some)]
    refused = {path: reasons for path, reasons in judge(kept).items() if reasons}
    assert not refused


def test_a_fund_stands_on_its_cards_and_the_untranslated_is_said() -> None:
    card = our_card()
    for code in CODES:
        text = bare(text_of(kit_files()[f"carte-a-deux-fr-{code}.pdf"]))
        assert bare("val-fleuri") in text, code
        assert bare(plain(pieces(card.texts["unread"].text, knowledge()))) in text, code


def test_letters_are_large_enough() -> None:
    for code in CODES:
        assert min(one.size for one in letters(default_files()[f"carte-de-poche-fr-{code}.pdf"])) >= 5, code


def test_a_font_stands_for_each_script_with_its_licence_and_small() -> None:
    for script, names in OF_SCRIPTS.items():
        assert any(one.script == script for one in our_card().languages.values())
        for name in names:
            files = sorted(FONTS.glob(f"{name.replace(' ', '')}-*.ttf"))
            assert len(files) == 2, name
            assert sum(file.stat().st_size for file in files) < 250_000, name
            assert (FONTS / f"OFL-{name.replace(' ', '')}.txt").exists(), name


def test_a_text_that_may_not_be_shown_leaves_its_place_empty() -> None:
    assert runs(()) == []


def test_cards_stand_on_the_pages_of_languages_and_not_in_the_list_of_leaflets() -> None:
    for id in (*PAPERS, "affiche-bienvenue-a3", "affiche-bienvenue-a4"):
        assert not LAYOUTS[id].listed and LAYOUTS[id].audiences == (EVERYONE,)
    assert re.fullmatch(r"fr-[a-z]+", LAYOUTS["carte-a-deux"].locales[0])
