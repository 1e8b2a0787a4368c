"""The papers in two languages: accessible, and what a reader copies or searches is what was written, right to left too."""

import re
import unicodedata
from pathlib import Path

import pypdfium2
import pytest

from scripts.content.card import Language, pieces, plain
from scripts.content.card_files import our_card
from scripts.content.loaded import knowledge
from scripts.leaflets.layouts import EVERYONE, LAYOUTS
from scripts.leaflets.two_languages import FONTS as OF_SCRIPTS
from scripts.leaflets.two_languages import runs
from scripts.leaflets.typesetting import FONTS
from scripts.leaflets.validators import judge
from tests.support.lanes import PROVING
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
