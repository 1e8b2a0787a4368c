"""Sentences in people's own words: what is read, what is not, and how well on the whole."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from shutil import copytree

import brotli
import pytest

from decision_tree.authoring.read.match_words import dump_lexicon, joined, telling
from decision_tree.match.lexicon import load_lexicon
from decision_tree.match.matcher import Match, match
from decision_tree.match.patterns import PatternError, read_pattern
from decision_tree.match.spelling import fold, one_edit, stem
from scripts.content.loaded import knowledge
from scripts.content.own_words import lexicon, score, score_of
from scripts.measure.own_words import random_strings
from scripts.project.paths import ROOT
from tests.support.lanes import examples


def read(text: str, locale: str = "fr") -> Match:
    return match(lexicon(locale), text)


def facts(text: str, locale: str = "fr") -> dict[str, object]:
    return {one.fact: one.value for one in read(text, locale).facts}


SAME = [
    "Le dentiste refuse ma C2S", "le DENTISTE refuse ma c2s !!", "le dentisste refuse ma CMU",
    "l’orthodontiste refuse ma complémentaire santé solidaire",
    "dentiste refus ma cmu", "le dentiste, refuse ma C.M.U et ma c2s",
]


@pytest.mark.parametrize("text", SAME)
def test_the_same_thing_is_read_however_it_is_written(text: str) -> None:
    found = facts(text)
    assert found["profession"] == "chirurgien_dentiste" and found["protection"] == "c2s" and found["ground"] == "c2s"


NEGATED = [
    ("je n'ai pas la CMU, le dentiste me refuse", "protection", "c2s"),
    ("vague à l'âme depuis des mois", "protection", "ame"),
    ("sans mutuelle on me refuse", "protection", "mutuelle"),
    ("l'ordre fait le mort depuis sept mois", "asker", "heritier"),
    ("noir sur blanc : pas de CMU", "ground", "origine"),
    ("la CPAM refuse mon dossier AME", "ground", "ame"),
    ("ma collègue a une mutuelle et pas moi", "protection", "mutuelle"),
]


@pytest.mark.parametrize(("text", "fact", "value"), NEGATED)
def test_what_a_sentence_does_not_state_is_not_proposed(text: str, fact: str, value: str) -> None:
    assert facts(text).get(fact) != value


def test_a_complaint_against_me_is_the_accused_professional() -> None:
    found = read("un patient a porté plainte contre moi")
    assert [one.value for one in found.facts if one.fact == "asker"] == ["professionnel_mis_en_cause"]
    assert found.pages[0] == "professionnels/mis-en-cause/"
    assert facts("a patient filed a complaint against me", "en")["asker"] == "professionnel_mis_en_cause"


def test_mon_ame_in_a_sentence_about_a_doctor_is_the_aid() -> None:
    assert facts("le docteur ne veut pas de mon ame")["protection"] == "ame"


URGENT = [
    ("ma fille respire très mal et la clinique la refuse", True), ("ma fille respirait mal, c'était l'an dernier", False),
    ("je saigne enormement le docteur veut pas me voir", True), ("mon père est mort d'une hémorragie il y a deux ans", False),
    ("les urgences m'ont renvoyé avec un infarctus il y a 3 ans", False), ("mon fils de deux ans ne respire plus", True),
    ("j'ai envie d'en finir, personne ne me prend", True), ("aucun kiné après mon AVC", False),
    ("crise dasthme la pharmacie refuse la ventoline", True), ("cabinet menacé par un patient", False),
]


@pytest.mark.parametrize(("text", "urgent"), URGENT)
def test_danger_now_comes_first_and_danger_past_does_not(text: str, urgent: bool) -> None:
    found = read(text)
    assert found.urgent is urgent
    assert (found.pages[0] == "patients/urgence/") is urgent


@pytest.mark.parametrize("text", ["il y a deux ans le dentiste a refusé ma CMU", "depuis 3 ans aucun médecin ne me prend",
                                  "le dentiste a refusé, il y a 2 ans"])
def test_how_long_ago_it_was_is_nobody_s_age(text: str) -> None:
    assert not {"patient_age"} & {one.fact for one in read(text).facts}


OUTSIDE = ["refaire ma carte vitale perdue", "erreur médicale à l'opération", "mon propriétaire veut m'expulser", "l'école refuse mon fils",
           "combien est remboursée une semelle", "visa refusé par le consulat"]


@pytest.mark.parametrize("text", OUTSIDE)
def test_what_is_not_for_us_is_sent_where_it_is_heard(text: str) -> None:
    found = read(text)
    assert found.outside is not None and found.outside[0] and not found.facts and not found.pages


@pytest.mark.parametrize("text", ["le dentiste a refusé ma carte vitale perdue", "le médecin refuse de recevoir mon fils avant l'école",
                                  "l'hôpital refuse de réparer son erreur médicale parce que j'ai la CMU"])
def test_a_refusal_of_care_is_ours_whatever_else_is_said(text: str) -> None:
    assert read(text).outside is None


def test_a_sentence_is_heard_in_its_own_words() -> None:
    text = "Ma sœur, sourde, s’est vu refuser un RDV chez l'ophtalmo"
    assert all(one.heard and one.heard in text for one in read(text).facts)


def test_few_pages_and_none_twice() -> None:
    for text in random_strings(200):
        pages = read(text).pages
        assert len(pages) <= 5 and len(set(pages)) == len(pages)


def test_any_string_is_answered() -> None:
    for text in (*random_strings(600), "", " ", "\n", "’", "a" * 5_000, "é" * 300, "refuse " * 400, "\x00", "<script>", "١٥ ans", "²³"):
        found = read(text).plain()
        assert json.loads(json.dumps(found)) == found
        read(text, "en")


# The targets of `make bench`, held where the sentences were not looked at; each figure may only go up. No danger may be missed.
LEAST = {"learnt": {"first": 0.92, "in_three": 0.98, "precision": 0.97, "recall": 0.97, "danger": 1.0, "calm": 1.0, "outside": 1.0},
         "apart": {"first": 0.90, "in_three": 0.97, "precision": 0.95, "recall": 0.93, "danger": 1.0, "calm": 0.98, "outside": 0.95},
         "dangers_learnt": {"danger": 1.0, "calm": 1.0}, "dangers_apart": {"danger": 1.0, "calm": 0.93}}


@pytest.mark.parametrize("name", LEAST)
def test_sentences_are_read_as_well_as_was_promised(name: str) -> None:
    found = score(name)
    assert found.sentences >= (60 if name.startswith("dangers") else 80) and found.dangers >= 5
    short = {key: round(found.rates[key], 3) for key, least in LEAST[name].items() if found.rates[key] < least}
    assert not short, f"below what was promised: {short}; misread: {'not to be looked at' if name.endswith('apart') else found.misread}"


def test_a_danger_that_is_missed_and_a_false_alarm_are_two_figures() -> None:
    missed = {"locale": "fr", "text": "le dentiste refuse ma CMU", "urgent": True}
    alarm = {"locale": "fr", "text": "j'étouffe"}
    assert score_of([missed, alarm]).rates == {"danger": 0.0, "calm": 0.0}
    assert score_of([{**missed, "urgent": False}, {**alarm, "urgent": True}]).rates == {"danger": 1.0, "calm": 1.0}


DANGERS = {
    "fr": (
        "mon bb respire pa", "il arive plu a respirer et le docteur repond pas", "ma mamie par terre elle bouge plus",
        "mon fils a avalé une pile et la pharmacie me renvoie", "il a bu de la javel",
        "papa est tout gris il transpire et il a mal au bras gauche", "elle a la bouche tordue depuis ce matin",
        "son doigt est coupé il y a du sang partout", "je perds du liquide je suis enceinte de 7 mois",
        "j’ai envie de crever, le psy annule encore", "ma fille se scarifie ce soir", "il a laissé une lettre d’adieu",
        "je veux disparaître, plus la force de vivre", "le bébé a 40 de température et il est tout mou",
        "ma sœur a la langue qui gonfle après des cacahuètes", "piqûre de guêpe, les lèvres enflent",
        "mon mari s’est écroulé, les yeux révulsés", "il s’est brûlé avec de l’huile bouillante",
        "elle est tombée du 2e étage et l’hôpital refuse", "ça sent la fuite de gaz et j’ai la tête qui tourne",
        "douleur atroce au testicule depuis cette nuit", "mordu par une vipère, le centre médical refuse",
        "envie de pousser, la maternité dit d’attendre", "mon père fait une attaque"),
    "en": (
        "my baby is all floppy and grey", "she can’t catch her breath and the clinic turned us away", "he drank antifreeze",
        "grandad keeled over and is not responding", "my lips are swelling after a sting", "better off dead, nobody answers",
        "he left a goodbye note tonight", "I feel the urge to push and they sent me home", "hot oil all over his hands",
        "my son fell from a window", "his mouth is crooked and he talks gibberish", "smell of gas and we all have a headache",
        "screaming in pain since this morning", "she is on fire with fever and has purple spots", "he cut off his finger with a saw"),
}
NO_DANGER = {
    "fr": (
        "je suis enceinte et le laboratoire a refusé ma prise de sang", "analyse d’urine et de sang refusée sans carte vitale",
        "aux urgences on m’a refusé la semaine dernière", "je suis diabétique et cardiaque, le médecin ne prend pas la C2S",
        "je suis tombée enceinte et le gynéco est complet", "j’ai accouché il y a deux mois et la sage-femme refuse de venir",
        "l’audioprothésiste refuse de me faire une radio du thorax", "saignements de gencives, le dentiste refuse ma CMU",
        "mon médecin veut en finir avec les patients à l’AME", "ma chute de cheveux, le dermatologue refuse"),
    "en": (
        "the audiologist refused the fitting of my hearing aid", "I walk with a limp and the practice has stairs",
        "the dentist refused a crown on the bridge", "they refused my blood test without a card",
        "I fell pregnant and no midwife takes the AME", "I hurt myself at work last month and the doctor refused the form"),
}


@pytest.mark.parametrize("locale", DANGERS)
def test_a_danger_is_heard_however_it_is_said_and_a_word_of_danger_alone_is_none(locale: str) -> None:
    words = lexicon(locale)
    assert not [text for text in DANGERS[locale] if not match(words, text).urgent]
    assert not [text for text in NO_DANGER[locale] if match(words, text).urgent]


@cache
def travelling(locale: str) -> str:
    return dump_lexicon(knowledge().match, locale)


@pytest.mark.sampled
def test_what_travels_reads_as_the_command_does() -> None:
    for locale in ("fr", "en"):
        travelled = load_lexicon(travelling(locale))
        for text in random_strings(examples(150)):
            assert match(travelled, text) == match(lexicon(locale), text)
    with pytest.raises(ValueError, match="not a lexicon"):
        load_lexicon("{}")


def test_patterns_that_another_finds_are_left_out_and_those_alike_are_one() -> None:
    assert telling(["pas de mutuelle", "ai pas de mutuelle", "refus*", "a refuse", "<soin> ... kine", "^ pas"]) == [
        "pas de mutuelle", "refus*", "<soin> ... kine", "^ pas"]
    apart = ["mal ... dos", "mal ... _ dos", "mal au <dos>", "mal a b c d e f dos"]             # a gap takes five words
    assert telling([*apart, "mal dos", "mal au dos", "mal le long du dos", "si mal ... dos"]) == apart
    assert joined(["perd du sang", "perd son sang", "sang"]) == ["perd du/son sang", "sang"]
    assert joined(["kine refuse", "<soin> refuse"]) == ["<soin> refuse", "kine refuse"]      # a word at the beginning is looked up at once


def test_the_words_weigh_little() -> None:
    """1,200 of these bytes were added for dangers that went unheard. tests/guide/ holds the whole cost of a sentence."""
    for locale in ("fr", "en"):
        assert len(brotli.compress(travelling(locale).encode())) < 30_200


def test_pages_that_are_named_exist() -> None:
    generated = ("organismes/", "droit/", "lettres/", "delais/")
    missing = [f"{place}: {page}" for page, place in knowledge().match.page_places()
               if not page.startswith(generated) and not any((ROOT / "docs" / "fr" / f"{page.rstrip('/')}{end}").is_file()
                                                            for end in (".md", "/index.md"))]
    assert not missing


def test_the_command_answers_one_sentence_a_line_from_a_copy_of_the_package_alone(tmp_path: Path) -> None:
    copytree(ROOT / "decision_tree", tmp_path / "decision_tree")
    answer = subprocess.run([sys.executable, "-m", "decision_tree", "match", "--locale", "fr", "--on", "2026-11-29", "-"],
                            input="le dentiste refuse ma CMU\n\nj'étouffe\n", cwd=tmp_path, capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in answer.stdout.splitlines()]
    assert len(lines) == 3 and [line["urgent"] for line in lines] == [False, False, True]
    assert set(lines[0]) == {"facts", "pages", "urgent", "outside"} and {"fact", "value", "heard"} == set(lines[0]["facts"][0])


@pytest.mark.parametrize(("pattern", "why"), [
    ("... kine", "any word"), ("_ kine", "any word"), ("kine~", "any word"), ("ki;ne", "no sign"), ("", "nothing"),
])
def test_a_pattern_that_cannot_be_read_says_why(pattern: str, why: str) -> None:
    with pytest.raises(PatternError, match=why):
        read_pattern(pattern)


def test_spelling_folds_what_people_vary() -> None:
    assert (fold("SŒUR"), stem("hopitaux"), stem("refus"), stem("accès")) == ("soeur", "hopital", "refu", "accè")
    assert one_edit("dentiste", "dentisste") and one_edit("kine", "knie") and not one_edit("pere", "frere")
