"""The card for two: no number, name or address but the knowledge's, risky words and words of no held, quality said text by text."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from decision_tree.authoring.read.problems import KnowledgeError
from scripts.content.card import Card, mark, pieces, plain, slots
from scripts.content.card_files import LANGUAGES, french_names, load_card, our_card, polarity
from scripts.content.language_pages import language_page, made_pages
from scripts.content.loaded import knowledge

WANTED = {"ar", "bn", "en", "es", "fa", "ht", "pt", "ro", "ru", "ta", "tr", "uk"}


@pytest.fixture
def languages(tmp_path: Path) -> Path:
    """A copy of the languages, to break."""
    folder = tmp_path / "languages"
    shutil.copytree(LANGUAGES, folder)
    return folder


def change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text, (file, old)
    path.write_text(text.replace(old, new, 1), "utf-8")


def problems(folder: Path) -> list[str]:
    with pytest.raises(KnowledgeError) as found:
        load_card(folder)
    return [str(one) for one in found.value.problems]


def words_of(card: Card) -> int:
    facts = knowledge()
    return sum(len(plain(pieces(card.texts[key].text, facts)).split()) for part in card.parts if not part.show for key in part.texts)


def test_the_card_speaks_twelve_languages_and_is_short() -> None:
    card = our_card()
    assert set(card.languages) == WANTED
    assert 200 <= words_of(card) <= 350
    assert [len(part.texts) for part in card.parts if part.show] == [12]
    assert len(card.risky) >= 60
    for word in card.risky:
        assert set(word.use) == WANTED, word.id
        assert {*word.never, *word.none} == WANTED and not word.never.keys() & word.none.keys(), word.id
    assert sum(len(word.none) for word in card.risky) <= 20, "a reason stands for a forbidden word in a few places only"
    assert {"2", "3", "10", "100"} <= {number.value for number in card.numbers}


def test_numbers_and_names_are_those_of_the_french_in_every_language() -> None:
    card, facts = our_card(), knowledge()
    numbers = {one.text for text in card.texts.values() for one in pieces(text.text, facts) if one.kind == "contact"}
    assert numbers == {"15", "112", "114", "36\u00a046", "39\u00a028"}
    for code in card.languages:
        for key, french in card.texts.items():
            shown = card.shown(code, key)
            assert shown is not None, (code, key)
            assert slots(shown) == slots(french.text), (code, key)


@pytest.mark.parametrize(("old", "new", "said"), [
    ("{contact:samu-15} veya", "15 veya", "the translation writes the number 15"),
    ("{contact:samu-15} veya", "{contact:samu-15} veya ٣", "the translation writes the number ٣"),
    ("{contact:samu-15} veya", "", "the braces of 'danger_call' are not those of the French"),
    ("söyler: {guide}", "söyler: www.guide.fr", "the translation writes an address"),
    ("{term:ame} hakkım var", "AME hakkım var", "the translation writes the French name AME"),
    ("Tehlike varsa", "Опасность tehlike", "“Опасность” is not of the script of turc"),
    ("Tehlike varsa", "*Tehlike* varsa", "the translation holds marks of code or of direction"),
    ("reddetmeye izin yoktur", "ertelemeye izin yoktur", "has none of the chosen words for “refuse”"),
    ("bulunmak zorunda değilsiniz", "edemezsiniz, zorunda değilsiniz", "which is forbidden for “not-obliged”"),
    ('  help_free: "Vous n’êtes pas obligé de déposer', '  help_free: "Vous devez déposer',
     "translated back, 'help_free' says nothing of the kind where the French says no"),
    ('  danger: "Tehlike varsa"\n', "", "'danger' is not translated: “En danger”"),
    ("  danger:", "  dangr:", "no French text is called 'dangr'. Did you mean 'danger'?"),
])
def test_a_translation_that_could_change_the_way_is_refused(languages: Path, old: str, new: str, said: str) -> None:
    change(languages, "tr/card.yaml", old, new)
    found = problems(languages)
    assert any(said in line for line in found), found
    assert all(line.startswith("languages/tr/card.yaml:") for line in found)


def test_a_word_of_no_needs_a_second_translation_back(languages: Path) -> None:
    text = (languages / "uk" / "card.yaml").read_text("utf-8")
    (languages / "uk" / "card.yaml").write_text("\n".join(line for line in text.splitlines() if "Pourquoi dites-vous non" not in line),
                                                "utf-8")
    assert any("'say_why' says no, only, first or after, and has no second translation back" in line for line in problems(languages))


def test_a_second_translation_holds_to_the_words_it_was_made_from(languages: Path) -> None:
    change(languages, "tr/card.yaml", "Resmî şikâyette bulunmak zorunda değilsiniz.", "Resmî şikâyet yapmak zorunda değilsiniz.")
    line = next(number for number, text in enumerate((languages / "tr" / "card.yaml").read_text("utf-8").splitlines(), 1)
                if text.startswith('  help_free: "Vous'))
    (found,) = problems(languages)
    assert found == (f"languages/tr/card.yaml:{line}: the translation of 'help_free' has moved since it was translated back. "
                     "Translate it back from its words alone, then run "
                     "“python -m scripts.upkeep.language_review tr back help_free”.")
    change(languages, "notes.yaml", ', back: "', ', status: draft} # "')
    assert any("nothing says which words 'danger_text' was translated back from" in one for one in problems(languages))


@pytest.mark.parametrize(("file", "old", "new", "said"), [
    ("risky.yaml", '    ar: "تأخير"\n', "", "the risky word 'refuse' has no forbidden renderings in 'ar' and does not say why"),
    ("risky.yaml", '    ar: "رفض|رفضوا"\n', "", "the risky word 'refuse' has no chosen rendering in 'ar'"),
    ("risky.yaml", "languages: [fa, ta]", "languages: [fa, ta, ar]",
     "the risky word 'slowly' has forbidden renderings in 'ar' and a reason to have none"),
    ("risky.yaml", '    ar: "تأخير"', '    ar: "(تأخير"', "this pattern cannot be read"),
    ("numbers.yaml", '    en: "two|twice|both|second"\n', "", "the number 2 has no words in 'en' and does not say why"),
])
def test_every_risky_word_and_number_has_its_words_in_every_language_or_says_why(languages: Path, file: str, old: str, new: str,
                                                                                said: str) -> None:
    change(languages, file, old, new)
    found = problems(languages)
    assert any(said in line for line in found), found
    assert all(re.match(rf"languages/{file}:\d+: ", line) for line in found)


@pytest.mark.parametrize(("code", "word"), [
    ("ar", "وثلاثة"), ("ar", "يومين"), ("bn", "তিনটি"), ("en", "Three"), ("es", "tres"), ("fa", "سه"), ("ht", "twa"), ("pt", "três"),
    ("ro", "trei"), ("ru", "трёх"), ("ta", "மூன்று"), ("tr", "İki"), ("uk", "п’ять"),
])
def test_a_number_in_letters_is_refused_where_the_french_has_none(languages: Path, code: str, word: str) -> None:
    change(languages, f"{code}/card.yaml", '  danger_say: "', f'  danger_say: "{word} ')
    (found,) = problems(languages)
    assert re.match(rf"languages/{code}/card\.yaml:\d+: the translation writes the number \d+ \(“{word}”\) where", found), found


def test_a_word_that_only_begins_as_a_number_does_is_none(languages: Path) -> None:
    for code, word in (("bn", "তিনি"), ("en", "tender"), ("fa", "پنجره"), ("ru", "семья"), ("tr", "yüzünden"), ("ta", "ஏழை")):
        change(languages, f"{code}/card.yaml", '  danger_say: "', f'  danger_say: "{word} ')
    assert load_card(languages)


def test_polarity_is_read_in_french() -> None:
    assert polarity("Vous n’êtes pas obligé de porter plainte.") == {"no"}
    assert polarity("Soignez-vous d’abord : vous pourrez agir après.") == {"first", "after"}
    assert polarity("Envoyez seulement des copies.") == {"only"}
    assert polarity("Ne payez jamais avant.") == {"no", "never", "first"}
    assert polarity("Demandez une réponse écrite.") == frozenset()


def test_a_contact_nobody_confirmed_is_refused(languages: Path) -> None:
    change(languages, "card.yaml", "{contact:ddd-3928}", "{contact:ddd-nowhere}")
    assert any("{contact:ddd-nowhere} names nothing of the knowledge" in line for line in problems(languages))


def test_every_text_begins_as_a_draft_and_page_says_so_in_both_languages() -> None:
    card = our_card()
    assert {card.status(code, key) for code in card.languages for key in card.texts} == {"draft"}
    for code, language in card.languages.items():
        page = language_page(card, language)
        assert card.texts["unread"].text in page
        assert language.texts["unread"].text in page, code


def test_a_text_is_stale_when_its_french_moves_and_a_draft_again_when_its_own_words_do(languages: Path) -> None:
    french, own = (yaml.safe_load((languages / file).read_text("utf-8"))["texts"]["ui_all"] for file in ("card.yaml", "es/card.yaml"))
    notes = (languages / "notes.yaml").read_text("utf-8")
    before, after = notes.split("\nes:\n")
    read = f'ui_all: {{of: "{mark(french)}", status: reviewed, text: "{mark(own)}", by: "interprète", day: "2026-11-29"}}'
    after = after.replace(f'ui_all: {{of: "{mark(french)}"}}', read, 1)
    (languages / "notes.yaml").write_text(f"{before}\nes:\n{after}", "utf-8")
    assert load_card(languages).status("es", "ui_all") == "reviewed"
    change(languages, "es/card.yaml", own, "Los demás idiomas")
    assert load_card(languages).status("es", "ui_all") == "draft"
    change(languages, "card.yaml", french, "Les autres langues")
    card = load_card(languages)
    assert card.status("es", "ui_all") == "stale"
    assert card.shown("es", "ui_all") == "Los demás idiomas"
    assert card.notices("es", ["ui_all"]) == ("unread", "stale", "french_counts")


def read_as(folder: Path, code: str, key: str, status: str) -> None:
    """Note that a text of a language was read."""
    french, own = (yaml.safe_load((folder / file).read_text("utf-8"))["texts"][key] for file in ("card.yaml", f"{code}/card.yaml"))
    before, after = (folder / "notes.yaml").read_text("utf-8").split(f"\n{code}:\n")
    by = ', by: "interprète", day: "2026-11-29"' if status == "reviewed" else ""
    note = f'of: "{mark(french)}", status: {status}, text: "{mark(own)}"{by}'
    after = re.sub(rf'^  {key}: {{of: "\w+"', f"  {key}: {{{note}", after, count=1, flags=re.MULTILINE)
    (folder / "notes.yaml").write_text(f"{before}\n{code}:\n{after}", "utf-8")


def test_a_text_read_further_than_its_page_or_stale_says_so_beside_itself_in_both_languages(languages: Path) -> None:
    read_as(languages, "ar", "danger_say", "reviewed")
    read_as(languages, "ar", "desk_written", "revised")
    change(languages, "card.yaml", "Gardez les messages, les photos et les papiers.", "Gardez les photos et les papiers.")
    change(languages, "card.yaml", "C’est urgent. J’ai très mal.", "C’est urgent. J’ai vraiment très mal.")
    card = load_card(languages)
    page = language_page(card, card.languages["ar"])
    for key, state, shown in (("danger_say", "reviewed", 1), ("desk_written", "revised", 1), ("note_keep", "stale", 1),
                              ("say_urgent", "stale", 2)):
        own, french = (re.escape(texts[key].text) for texts in (card.languages["ar"].texts, card.texts))
        own_said, french_said = (texts[f"state_{state}"].text for texts in (card.languages["ar"].texts, card.texts))
        assert len(re.findall(rf'lang="ar" dir="rtl">{own} <small class="duo-state">\({own_said}\)</small>', page)) == shown, key
        assert len(re.findall(rf'lang="fr" dir="ltr">{french} <small class="duo-state">\({french_said}\)</small>', page)) == shown, key
    assert page.count('class="duo-state"') == 2 * 5


def test_a_page_says_as_a_whole_how_far_the_least_read_of_its_texts_was_read(languages: Path) -> None:
    card = load_card(languages)
    keys = tuple(card.texts)
    assert card.notices("es", keys) == ("unread", "french_counts")
    for key in keys:
        read_as(languages, "es", key, "revised" if key == "danger" else "reviewed")
    card = load_card(languages)
    assert card.overall("es", keys) == "revised"
    assert card.notices("es", keys) == ("revised", "unread", "french_counts")
    assert card.apart("es", "danger", "revised") is None
    assert card.apart("es", "danger_say", "revised") == "state_reviewed"
    assert card.notices("es", ["danger_say"]) == ("read", "french_counts")


def test_a_stale_text_with_other_numbers_leaves_the_french_alone(languages: Path) -> None:
    change(languages, "card.yaml", "Appelez le {contact:samu-15} ou le {contact:urgence-112}.", "Appelez le {contact:urgence-112}.")
    card = load_card(languages)
    assert card.status("ar", "danger_call") == "stale"
    assert card.shown("ar", "danger_call") is None
    page = language_page(card, card.languages["ar"])
    assert "اتصل بالرقم <" not in page.partition("</section>")[0]


def test_nobody_reviews_without_a_role_and_a_day(languages: Path) -> None:
    change(languages, "notes.yaml", '{of: "', '{status: reviewed, of: "')
    assert any("a text cannot be reviewed by nobody" in line for line in problems(languages))


def test_what_stays_french_is_set_apart_on_every_page() -> None:
    names = french_names(knowledge())
    for path, text in made_pages("fr"):
        if path == "langues/index.md":
            continue
        body = text.partition("<div")[2]
        for line in body.splitlines():
            if 'dir="rtl"' in line:
                own = line.partition('dir="rtl"')[2]
                bare = re.sub(r"<bdi.*?</bdi>", "", re.split(r'<(?!bdi)\w+[^>]*lang="fr"', own)[0])
                shown = re.sub(r"^[^>]*>|<[^>]*>", "", bare)
                assert not re.search(r"\d|[A-Za-z]", shown), (path, shown)
    assert "AME" in names
