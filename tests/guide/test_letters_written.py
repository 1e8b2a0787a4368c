"""Letters of each kind: who signs, in whose words, what is named, what is left out, and the results that offer them."""

import re
from collections import Counter
from datetime import date

import pytest

from decision_tree.advice import advise
from decision_tree.authoring.read.cases import cases
from decision_tree.authoring.read.letter_files import letters
from decision_tree.authoring.read.load import knowledge
from decision_tree.guide.letters import (
    HEIR,
    MESSAGE,
    PROFESSIONAL,
    RELATIVE,
    REPRESENTATIVE,
    SELF,
    WITNESS,
    Letter,
    Writing,
    compose,
    needed,
    offered,
)
from decision_tree.guide.render import letter_of
from decision_tree.locales import LOCALES
from decision_tree.model import Locale, Value
from tests.support.letters import DAY, MORE, SITUATIONS, expected

Answers = dict[str, Value]
UNSAID = {  # answers that no letter says: nothing is known, or the line would say nothing
    "ground": {"aucun", "inconnu"}, "protection": {"autre", "inconnu"},
    "asker": {"victime", "victime_mineure", "proche", "heritier", "conseiller", "temoin", "association_agreee", "association",
              "professionnel_temoin", "professionnel_mis_en_cause"},
}
OF_ARTICLE_225_1 = (
    "origine, sexe, situation de famille, grossesse, apparence physique, économique, nom, lieu de résidence, état de santé, "
    "perte d’autonomie, handicap, caractéristiques génétiques, mœurs, orientation sexuelle, identité de genre, âge, opinions politiques, "
    "activités syndicales, autre langue, nationalité, religion, critère cité").split(", ")
"""The grounds of article 225-1 of the criminal code, as our phrases say them; one more word stands for a ground not told."""


def text_of(letter: str, answers: Answers, locale: Locale = "fr", typed: dict[str, str] | None = None) -> str:
    return compose(letters().letters[letter], Writing(letters(), answers, MORE if typed is None else typed, locale), DAY)


def offers(answers: Answers, on: date = DAY) -> list[str]:
    """Return the letters that the advice for some facts offers."""
    found = advise(knowledge().model, answers, on)
    return [one.id for one in offered(letters(), answers, [one.body for one in found.recommended],
                                      [one.body for one in found.also_possible])]


@pytest.mark.parametrize("name", SITUATIONS)
def test_a_situation_gives_its_letter(name: str) -> None:
    assert text_of(*SITUATIONS[name]) == expected(name)


@pytest.mark.parametrize("name", SITUATIONS)
def test_the_reading_copy_has_the_same_lines(name: str) -> None:
    french, english = (text_of(*SITUATIONS[name], locale) for locale in LOCALES)
    assert [len(part.splitlines()) for part in french.split("\n\n")] == [len(part.splitlines()) for part in english.split("\n\n")]
    assert "[" not in french + english


def test_every_kind_of_letter_is_shown_by_a_situation_or_a_reference_case() -> None:
    from tests.support.letters import LETTERS

    shown = {letter for letter, _ in SITUATIONS.values()} | set(LETTERS.values())
    assert shown >= set(letters().letters)


@pytest.mark.parametrize("name", SITUATIONS)
def test_a_line_with_nothing_to_say_is_left_out(name: str) -> None:
    letter, answers = SITUATIONS[name]
    described = letters().letters[letter]
    voice = Writing(letters(), answers, {}, "fr", allowed=described.voices).voice
    typed = {field: MORE.get(field, "x") for field in (*needed(described, voice), "email")}
    text = text_of(letter, answers, typed=typed)
    assert "[" not in text
    assert not [line for line in text.splitlines() if re.search(r"[:»]\s*$", line) and "Faits que" not in line
                and "passé" not in line and "Signature" not in line and "recevoir" not in line]
    assert "…" not in "".join(text.split("\n\n")[4:])


@pytest.mark.parametrize("letter", ["president-ordre", "mediateur", "defenseur-des-droits", "hopital", "procureur", "signalement-ars",
                                    "directeur-caisse", "signalement-caisse", "personne-qualifiee"])
def test_a_letter_names_both_of_two_grounds(letter: str) -> None:
    answers: Answers = {"asker": "victime", "refusal": "refus_soin", "ground": "origine"}
    said = {"fr": ("l’origine", "s’y ajouter : le handicap"), "en": ("origin or", "play a part: le handicap")}
    for locale, (first, second) in said.items():
        text = text_of(letter, answers, locale).replace("\u00a0", " ")
        assert first in text and second in text
        assert "handicap" not in text_of(letter, answers, locale, MORE | {"other_ground": ""})
    assert "s’y ajouter" not in text_of(letter, answers | {"ground": "aucun"})


def test_a_button_opens_the_letter_of_the_rule_and_else_of_the_plan() -> None:
    model = knowledge().model
    asked = [advise(model, one.facts, DAY) for one in cases() if one.id in ("f01", "f31")]
    opened = {letter_of(one, model.bodies[one.body]) for found in asked for one in found.recommended if one.body == "acces-dossier"}
    assert opened == {"dossier-ayant-droit", "dossier-medical"}
    bodies_of = {body: [one.id for one in letters().letters.values() if body in one.bodies] for body in model.bodies}
    for body in ("ordre-national", "caisse-recours", "personne-qualifiee", "acces-dossier", "cci"):
        assert bodies_of[body], body


@pytest.mark.parametrize("fact", ["profession", "place", "refusal", "ground", "protection", "goal", "already", "asker"])
def test_every_answer_has_its_words(fact: str) -> None:
    assert set(knowledge().model.facts[fact].values) == set(letters().phrases[fact]) | UNSAID.get(fact, set())


@pytest.mark.parametrize(("answers", "voices"), [
    ({"asker": "victime", "patient_age": "mineur"}, (SELF,)),
    ({"asker": "conseiller"}, (SELF,)),
    ({"asker": "proche", "victim_signs": True}, (SELF, RELATIVE)),
    ({"asker": "proche", "victim_signs": False}, (RELATIVE, SELF)),
    ({"asker": "proche", "capacity": "hors_etat"}, (RELATIVE,)),
    ({"asker": "parent", "patient_age": "majeur", "capacity": "hors_etat"}, (RELATIVE,)),
    ({"asker": "tuteur", "patient_age": "majeur_protege"}, (REPRESENTATIVE, SELF)),
    ({"asker": "tuteur", "patient_age": "majeur"}, (SELF, REPRESENTATIVE, RELATIVE)),
    ({"asker": "heritier"}, (HEIR,)),
    ({"asker": "proche", "capacity": "decede"}, (HEIR,)),
    ({"asker": "tuteur", "capacity": "decede"}, (RELATIVE, HEIR)),
    ({"asker": "temoin"}, (WITNESS,)),
    ({"asker": "professionnel_temoin", "victim_signs": False}, (WITNESS,)),
    ({"asker": "professionnel_temoin", "victim_signs": True}, (SELF, WITNESS)),
    ({"asker": "professionnel_mis_en_cause"}, (PROFESSIONAL,)),
])
def test_the_answers_tell_who_may_sign(answers: Answers, voices: tuple[str, ...]) -> None:
    assert letters().who_signs(answers).voices == voices


def test_a_relative_is_never_taken_for_the_patient() -> None:
    text = text_of("hopital", {"asker": "proche", "victim_signs": False})
    assert "En tant que proche ou aidant de Sacha Exemple, je vous adresse" in text
    signed = text_of("hopital", {"asker": "proche", "victim_signs": True})
    assert "Sacha" not in signed and "Je vous adresse une réclamation" in signed


@pytest.mark.parametrize("ground", knowledge().model.facts["ground"].values)
def test_a_criminal_complaint_names_a_ground_of_article_225_1(ground: str) -> None:
    said = [part for part in text_of("procureur", {"asker": "victime", "ground": ground}).split("\n\n") if part.startswith("Le motif")]
    if ground in ("aucun", "inconnu"):
        assert not said
        return
    assert len(said) == 1 and "225-1" in said[0]
    assert any(word in said[0] for word in OF_ARTICLE_225_1), said
    assert not re.search(r"C2S|AME|Complémentaire", said[0])


@pytest.mark.parametrize(("answers", "said", "unsaid"), [
    ({"ground": "handicap"}, ["semblent constituer une discrimination"], ["service public"]),
    ({}, ["semblent constituer une discrimination"], ["service public"]),
    ({"ground": "aucun", "place": "hopital_public"}, ["service public"], ["discriminat"]),
    ({"ground": "inconnu", "place": "caisse"}, ["service public"], ["discriminat"]),
    ({"ground": "aucun", "place": "cabinet"}, [], ["discriminat", "service public"]),
    ({"ground": "origine", "place": "hopital_public"}, ["semblent constituer une discrimination"], ["service public"]),
])
def test_the_defender_is_told_of_discrimination_only_where_a_ground_is(answers: Answers, said: list[str], unsaid: list[str]) -> None:
    text = text_of("defenseur-des-droits", {"asker": "victime", **answers})
    assert all(words in text for words in said) and not any(words in text for words in unsaid)


@pytest.mark.parametrize(("answers", "said", "unsaid"), [
    ({"asker": "victime", "ground": "origine"}, ["225-2", "récépissé"], ["223-6", "injure", "contre X"]),
    ({"asker": "heritier", "ground": "aucun"}, ["223-6"], ["225-1", "récépissé"]),
    ({"asker": "heritier", "ground": "inconnu"}, ["223-6"], ["225-1"]),
    ({"asker": "heritier", "ground": "handicap"}, ["223-6", "225-2"], []),
    ({"asker": "victime", "ground": "origine", "refusal": "attitude"}, ["injure", "semblent tenir à ceci"], ["225-2", "motif de ce refus"]),
    ({"asker": "victime", "ground": "origine", "professional_identified": False}, ["contre X"], []),
    ({"asker": "victime", "ground": "origine", "professional_identified": True}, [], ["contre X"]),
])
def test_a_criminal_complaint_opens_with_what_the_facts_may_be(answers: Answers, said: list[str], unsaid: list[str]) -> None:
    text = text_of("procureur", answers)
    assert all(words in text for words in said) and not any(words in text for words in unsaid)
    assert "artie civile" not in text


def test_a_person_joins_as_a_civil_party_only_in_their_own_words() -> None:
    text = text_of("procureur", {"asker": "victime"}, typed=MORE | {"civil_party": "Je souhaite me constituer partie civile."})
    assert "Partie civile\u00a0: Je souhaite me constituer partie civile." in text
    assert "civil_party" in letters().letters["procureur"].asks


def test_who_signs_for_themselves_writes_in_the_first_person() -> None:
    answers: Answers = {"protection": "c2s", "goal": "sanction", "ground": "origine"}
    for letter in letters().letters.values():
        if SELF in letter.voices and letter.kind == "letter":
            text = text_of(letter.id, {**answers, "asker": "victime"})
            assert "la personne refusée a" not in text and "santé de la personne refusée" not in text, letter.id
            assert re.search(r"\b([Jj]e|[Jj]’|[Mm]a|[Mm]e)\b", text), letter.id
    told_of = text_of("mediateur", {**answers, "asker": "parent", "patient_age": "mineur"})
    assert "santé de la personne refusée" in told_of and "Ce que je souhaite" not in told_of


def test_an_answer_to_a_review_says_nothing_of_anybody() -> None:
    letter = letters().letters["reponse-avis"]
    assert letter.kind == MESSAGE and (*letter.needs, *letter.asks) == ("practice_phone",)
    answers: Answers = {fact: described.values[0] for fact, described in knowledge().model.facts.items() if described.values}
    assert text_of("reponse-avis", {**answers, "asker": "professionnel_mis_en_cause"}) == text_of("reponse-avis", {})


def test_letters_of_professionals_carry_no_answer_about_a_patient() -> None:
    answers: Answers = {fact: described.values[0] for fact, described in knowledge().model.facts.items() if described.values}
    for letter in letters().letters.values():
        if letter.group == "professional":
            assert letter.voices == (PROFESSIONAL,)
            assert text_of(letter.id, {**answers, "asker": "professionnel_mis_en_cause"}) == text_of(letter.id, {})


def test_a_colleague_who_writes_gives_no_name() -> None:
    for letter in (one for one in letters().letters.values() if WITNESS in one.voices and one.kind == "letter"):
        text = text_of(letter.id, {"asker": "professionnel_temoin", "victim_signs": False})
        assert "secret professionnel" in text and "Sacha" not in text, letter.id


def test_a_witness_statement_holds_what_article_202_asks_for() -> None:
    text = text_of("attestation-temoin", {"asker": "temoin"})
    said = "Camille Exemple|1er mai 1990|rue des Lilas|Comptable|aucun|produite en justice|sanctions pénales|identité"
    for asked in said.split("|"):
        assert asked in text
    assert letters().letters["attestation-temoin"].law == "cpc-202"


def test_needs_and_what_follows_are_asked_for_in_every_letter_that_complains() -> None:
    for letter in letters().letters.values():
        if letter.group in ("complain", "chase"):
            text = text_of(letter.id, {"asker": "victime"})
            assert "j’ai besoin de ceci\u00a0: un interprète en langue des signes." in text and "dire la suite donnée" in text, letter.id


def test_every_button_of_a_plan_opens_a_letter_that_somebody_there_may_sign() -> None:
    wrong = []
    for case in cases():
        for verdict in advise(knowledge().model, case.facts, case.on).recommended:
            plan = knowledge().model.bodies[verdict.body].plan
            if plan is not None and plan.letter is not None and plan.letter not in offers(dict(case.facts), case.on):
                wrong.append((case.id, plan.letter))
    assert not wrong


def test_every_letter_is_offered_by_some_case_and_only_to_those_it_serves() -> None:
    counted = Counter(letter for case in cases() for letter in offers(dict(case.facts), case.on))
    assert set(counted) == set(letters().letters)
    for case in cases():
        of_professionals = {one for one in offers(dict(case.facts), case.on) if letters().letters[one].group == "professional"}
        assert not of_professionals or case.facts.get("asker") == "professionnel_mis_en_cause", case.id


@pytest.mark.parametrize(("case", "there", "absent"), [
    ("c01", {"president-ordre", "procuration"},
     {"relance-accuse", "relance-commission", "remboursement", "signalement-caisse", "reclamation-caisse", "reponse-avis"}),
    ("c43", {"relance-accuse"}, {"relance-commission"}),
    ("t08", {"relance-commission", "directeur-caisse", "signalement-caisse"}, {"relance-accuse"}),
    ("f02", {"signalement-caisse", "reclamation-caisse", "remboursement", "demande-motifs"}, {"directeur-caisse", "procureur"}),
    ("f22", {"recours-caisse"}, {"signalement-caisse", "reclamation-caisse", "demande-motifs"}),
    ("f01", {"dossier-ayant-droit"}, {"dossier-medical", "president-ordre"}),
    ("f31", {"dossier-medical"}, {"dossier-ayant-droit", "demande-motifs"}),
    ("f24", {"conseil-national"}, {"relance-accuse"}),
    ("c33", {"reponse-plainte", "fin-de-suivi", "reponse-avis"}, {"attestation-temoin", "president-ordre"}),
])
def test_a_result_offers_the_letters_it_calls_for(case: str, there: set[str], absent: set[str]) -> None:
    facts = next(dict(one.facts) for one in cases() if one.id == case)
    assert there <= set(offers(facts)) and not absent & set(offers(facts))


def test_no_letter_asks_twice_for_the_same_thing() -> None:
    def fields(letter: Letter) -> list[str]:
        return [*letter.needs, *letter.asks]

    assert all(len(fields(one)) == len(set(fields(one))) for one in letters().letters.values())
    used = {field for one in letters().letters.values() for field in fields(one)} | {"patient", "association"}
    assert used == set(letters().fields)
