"""Letters: what each case gives, the minimum of the law, both languages, and mistakes in their files told with their place."""

import re
import shutil
from pathlib import Path

import pytest

from decision_tree.advice import advise
from decision_tree.authoring.read.directory_files import FOLDER as DIRECTORY
from decision_tree.authoring.read.directory_files import directory, directory_json, load_directory
from decision_tree.authoring.read.letter_files import FOLDER, letters, letters_json, load_letters
from decision_tree.authoring.read.load import knowledge
from decision_tree.authoring.read.problems import KnowledgeError
from decision_tree.authoring.show.compiled_guide import compiled
from decision_tree.guide.directory import departements_at, found_at, read_directory, several_funds, warnings
from decision_tree.guide.forms import letter_form_html
from decision_tree.guide.letters import (
    ASSOCIATION,
    REPRESENTATIVE,
    SELF,
    TO_COME,
    Writing,
    compose,
    for_letter,
    missing,
    needed,
    read_letters,
    unfinished,
)
from decision_tree.guide.render import Say
from decision_tree.guide.screen import told
from decision_tree.guide.states import Guide, result
from decision_tree.locales import LOCALES
from decision_tree.model import Locale, Value
from tests.support.letters import DAY, LETTERS, TYPED, expected, way_of

WRITTEN = {name: letter for name, letter in LETTERS.items() if letter is not None}
MINIMUM = {"name", "address", "contact", "professional", "facts"}


@pytest.fixture(scope="module")
def guide() -> Guide:
    return compiled()[0]


def writing(guide: Guide, name: str, locale: Locale) -> Writing:
    answers = way_of(guide, name).answers
    return Writing(letters(), told(guide, answers, result(guide, answers, DAY), DAY), TYPED, locale)


@pytest.mark.parametrize("name", WRITTEN)
def test_a_case_gives_its_letter(guide: Guide, name: str) -> None:
    assert compose(letters().letters[WRITTEN[name]], writing(guide, name, "fr"), DAY) == expected(name)


@pytest.mark.parametrize("name", WRITTEN)
def test_the_reading_copy_says_as_much(guide: Guide, name: str) -> None:
    letter = letters().letters[WRITTEN[name]]
    french, english = (compose(letter, writing(guide, name, locale), DAY) for locale in LOCALES)
    assert [len(part.splitlines()) for part in french.split("\n\n")] == [len(part.splitlines()) for part in english.split("\n\n")]
    assert "[" not in french + english


def test_a_letter_says_nothing_that_was_not_answered(guide: Guide) -> None:
    """The first answer of a question that was skipped, or what a result supposes, never goes into a letter."""
    answers: dict[str, Value] = {"asker": "victime", "ground": "c2s", "place": "pharmacie", "refusal": "refus_delivrance"}
    said = told(guide, answers, result(guide, answers, DAY), DAY)
    assert said == {**answers, "profession": "pharmacien", "protection": "c2s", "capacity": "capable"}


@pytest.mark.parametrize("name", ["president-ordre", "directeur-caisse"])
def test_both_doors_ask_for_the_minimum_of_the_law(name: str) -> None:
    letter = letters().letters[name]
    assert set(letter.needs) >= MINIMUM and letter.law == "csp-r1110-11"
    for field in MINIMUM:
        typed = "email" if field == "contact" else field
        lacking = Writing(letters(), {}, {key: value for key, value in TYPED.items() if key != typed}, "fr")
        assert missing(letter, lacking) == (field,)
    assert missing(letter, Writing(letters(), {}, {**TYPED, "facts": "  \n "}, "fr")) == ("facts",)


def test_a_telephone_or_an_email_is_enough_and_each_has_its_line() -> None:
    letter = letters().letters["president-ordre"]
    without = {key: value for key, value in TYPED.items() if key != "email"}
    assert missing(letter, Writing(letters(), {}, {**without, "phone": "01 23 45 67 89"}, "fr")) == ()
    text = compose(letter, Writing(letters(), {}, {**TYPED, "phone": "01 23 45 67 89"}, "fr"), DAY)
    assert "75011 Paris\n01 23 45 67 89\ncamille@exemple.fr\n\n" in text


def test_a_letter_that_grows_has_dots_only_for_what_it_needs() -> None:
    letter = letters().letters["president-ordre"]
    text = compose(letter, unfinished(letter, Writing(letters(), {"asker": "victime"}, {"facts": "Rien."}, "fr")), DAY)
    assert text.startswith(f"{TO_COME}\n") and "Rien." in text and f"Professionnel concerné\u00a0: {TO_COME}\n" in text
    assert "Heure" not in text and "Témoins" not in text and "[" not in text
    whole = Writing(letters(), {}, {**TYPED, "council": "Conseil départemental"}, "fr")
    assert compose(letter, unfinished(letter, whole), DAY) == compose(letter, whole, DAY)


@pytest.mark.parametrize("name", letters().letters)
def test_a_letter_asks_for_little_and_folds_the_rest(guide: Guide, name: str) -> None:
    letter, say = letters().letters[name], Say(guide.model, "fr")
    html = letter_form_html(letter, for_letter(letter, Writing(letters(), {"asker": "victime"}, {}, "fr")), "", say)
    first, _, folded = html.partition("<details")
    assert len(needed(letter, letter.voices[0])) <= 6
    assert first.count("data-field=") <= 7
    assert folded.count("data-field=") == len([field for field in letter.asks if f'data-field="{field}"' not in first])
    assert "<details" in html or not letter.asks


@pytest.mark.parametrize(("answers", "voice", "more"), [
    ({"asker": "victime"}, SELF, set()),
    ({"asker": "parent"}, REPRESENTATIVE, {"patient"}),
    ({"asker": "parent", "patient_age": "majeur"}, SELF, set()),
    ({"asker": "tuteur", "patient_age": "majeur_protege"}, REPRESENTATIVE, {"patient"}),
    ({"asker": "association_agreee", "victim_signs": True}, ASSOCIATION, {"patient", "association"}),
    ({"asker": "association_agreee", "mandate": False}, SELF, set()),
    ({"asker": "association", "victim_signs": True}, SELF, set()),
])
def test_who_writes_depends_on_the_answers(answers: dict[str, Value], voice: str, more: set[str]) -> None:
    letter = letters().letters["president-ordre"]
    assert Writing(letters(), answers, {}, "fr").voice == voice
    assert set(needed(letter, voice)) == set(letter.needs) | more
    assert Writing(letters(), answers, {"voice": "self"}, "fr").voice == SELF
    assert Writing(letters(), {"asker": "victime"}, {"voice": "association"}, "fr").voice == SELF


def test_no_letter_affirms_that_someone_discriminated() -> None:
    careful = re.compile(r"estime|semble|peuvent constituer|commission|Objet|en application")
    for name in letters().letters:
        text = compose(letters().letters[name], Writing(letters(), {}, {}, "fr", blank=True), DAY)
        for sentence in re.split(r"(?<=[.…])\s|\n", text):
            assert "discriminat" not in sentence or careful.search(sentence), sentence


def test_the_letter_to_the_defender_carries_the_confirmed_address() -> None:
    address = knowledge().contacts["ddd-courrier"]
    lines = [text.fr for text in letters().letters["defenseur-des-droits"].to]
    assert address.status == "confirmed" and ", ".join(lines) == address.value


def test_letters_and_directory_travel_as_json() -> None:
    import json

    assert read_letters(json.loads(letters_json(letters()))) == letters()
    assert read_directory(json.loads(directory_json(directory()))) == directory()


def test_each_letter_serves_bodies_that_some_case_is_sent_to() -> None:
    from decision_tree.authoring.read.cases import cases

    named = {one.body for case in cases() for advice in [advise(knowledge().model, case.facts, case.on)]
             for one in (*advice.recommended, *advice.also_possible)}
    assert all(set(letter.bodies) & named for letter in letters().letters.values())


def broken(tmp_path: Path, source: Path, file: str, old: str, new: str) -> Path:
    folder = tmp_path / source.name
    shutil.copytree(source, folder)
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return folder


@pytest.mark.parametrize(("file", "old", "new", "message"), [
    ("mediateur.yaml", "asks: [own_fund,", "asks: [own_found,", r"mediateur\.yaml:\d+: .*'own_found'.*Did you mean 'own_fund'"),
    ("mediateur.yaml", "bodies: [mediateur-cpam]", "bodies: [mediateur]", r"'mediateur'.*no file describes"),
    ("mediateur.yaml", "law: css-l217-7-1", "law: css-l217", r"'css-l217'"),
    ("procureur.yaml", "{block: facts}", "{block: fact}", r"no block is called 'fact'.*Did you mean 'facts'"),
    ("shared/phrases.yaml", "value: refus_rdv", "value: refus_rv", r"phrases\.yaml:\d+: 'refusal' cannot be 'refus_rv'"),
    ("shared/blocks.yaml", 'en: "Time: [hour]"', 'en: "Time"', r"different fields"),
    ("shared/blocks.yaml", "{acknowledgement}", "{acknowledgment}", r"names a quantity"),
    ("shared/fields.yaml", "kind: day", "kind: date", r"fields\.yaml:\d+"),
    ("shared/voices.yaml", "asker: [heritier]", "asker: [heriter]", r"voices\.yaml:4: 'asker' cannot be 'heriter'.*'heritier'"),
    ("shared/voices.yaml", "victim_signs: [true]", "victim_signs: [oui]", r"voices\.yaml:12: 'victim_signs' cannot be 'oui'"),
    ("shared/voices.yaml", "- {sign: [self], themselves: true}", "", r"voices\.yaml:19: no line says who signs elsewhere"),
    ("shared/voices.yaml", "- {sign: [professional], when", "- {sign: [self], when", r"nobody most likely signs as 'professional'"),
    ("shared/voices.yaml", ", when: {asker: [proche]}", "", r"voices\.yaml:13: this line applies everywhere"),
])
def test_a_mistake_in_a_letter_is_told_with_its_place(tmp_path: Path, file: str, old: str, new: str, message: str) -> None:
    with pytest.raises(KnowledgeError) as told_of:
        load_letters(knowledge(), broken(tmp_path, FOLDER, file, old, new))
    assert re.search(message, str(told_of.value)), str(told_of.value)


@pytest.mark.parametrize(("file", "old", "new", "message"), [
    ("departements.yaml", 'funds: ["011"]', 'funds: ["012"]', r"departements\.yaml:\d+: '01' names the fund '012'"),
    ("funds.yaml", 'id: "021"', 'id: "011"', r"used twice"),
    ("departements.yaml", '"01200": ["01", "74"]', '"01200": ["01", "7A"]', r"'01200' leads to '7A'"),
    ("departements.yaml", 'code: "01"', "code: 01", r"departements\.yaml:\d+"),
    ("orders.yaml", "chirurgien_dentiste", "dentiste", r"'dentiste'"),
    ("orders.yaml", "site: ordre-medecins", "site: ordre-medecin", r"'ordre-medecin'.*Did you mean 'ordre-medecins'"),
])
def test_a_mistake_in_the_directory_is_told_with_its_place(tmp_path: Path, file: str, old: str, new: str, message: str) -> None:
    with pytest.raises(KnowledgeError) as told_of:
        load_directory(knowledge(), broken(tmp_path, DIRECTORY, file, old, new))
    assert re.search(message, str(told_of.value)), str(told_of.value)


@pytest.mark.parametrize(("typed", "codes"), [
    ("75011", ["75"]), ("01200", ["01", "74"]), ("20000", ["2A"]), ("20200", ["2B"]), ("97110", ["971"]), ("97150", ["978"]),
    ("97133", ["977"]), ("94390", ["91"]), ("98799", ["989"]), ("98600", ["986"]), ("2a", ["2A"]), ("1", ["01"]), ("01", ["01"]),
    ("Côte d'or", ["21"]), ("seine maritime", ["76"]), ("  59 ", ["59"]), ("99999", []), ("", []), ("Lutèce", []), ("7501", [])])
def test_a_postcode_a_code_or_a_name_leads_to_its_departement(typed: str, codes: list[str]) -> None:
    assert [one.code for one in departements_at(directory(), typed)] == codes


def test_every_departement_has_its_funds_and_every_order_its_council() -> None:
    found = directory()
    assert len(found.departements) == 109 and len(found.funds) == 109
    for place in found.departements.values():
        assert place.funds or place.note is not None
        for order in found.orders:
            there = found_at(found, place, order.professions[0])
            assert there.council is None or "{" not in "".join(there.council.words.values())
            assert there.council is not None or place.territory != "metropole"
    assert [place.code for place in found.departements.values() if several_funds(place)] == ["59", "62", "64", "76"]


def test_warnings_say_what_is_not_sure() -> None:
    found = directory()
    nurses = found_at(found, found.departements["23"], "infirmier")
    assert any("regroupés" in warning for warning in warnings(nurses, "fr"))
    overseas = found_at(found, found.departements["974"], "pharmacien")
    assert overseas.council is None and warnings(overseas, "en")
    assert found_at(found, found.departements["986"], "medecin_generaliste").council is not None
    assert found_at(found, found.departements["988"], "medecin_generaliste").council is None
    assert found_at(found, found.departements["75"], "opticien").order is None
