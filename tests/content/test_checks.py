"""The pages keep their promises, and each check says so in words a writer understands when one does not."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from decision_tree.authoring.read.load import KNOWLEDGE
from scripts.content import front_matter
from scripts.content.checks import coverage, readability, spelling, typed, typography, vocabulary
from scripts.content.checks import rules as checks
from scripts.content.checks.rules import CHECKS, Content, read_content
from scripts.content.loaded import knowledge
from scripts.content.page import DOCS, Page
from scripts.content.prose import syllables

HEAD = """---
title: Une page
description: Ce que dit cette page.
audience: patients
statements: []
sources: []
compared: 2026-11-22
---
# Une page

"""


@pytest.fixture(scope="module")
def content() -> Content:
    return read_content()


def page(body: str, locale: str = "fr", path: str = "patients/une-page.md", head: str = HEAD) -> Page:
    return Page(locale, path, head + body, Path("docs"))


def test_there_are_pages_to_check(content: Content) -> None:
    assert all(len(pages) >= 50 for pages in content.pages.values())
    assert len(content.facts.statements) >= 300


@pytest.mark.parametrize("name", CHECKS)
def test_every_page_passes(name: str, content: Content) -> None:
    problems = checks.run(content, [name])[name]
    assert not problems, "\n" + "\n".join(map(str, problems))


# What each check finds, and the words in which it says so.

FAULTS: dict[str, tuple[Callable[..., object], str, str, str]] = {
    # name: (check, locale, line of the page, message without its place)
    "a delay in digits": (
        typed.check,
        "fr",
        "Vous recevez une réponse sous 8 jours.",
        (
            "“8 jours” is typed by hand. "
            'Write {{ n("…") }} with an id of quantities.yaml (add the quantity there with its source when it is missing).'
        ),
    ),
    "a delay in words": (typed.check, "fr", "Vous avez trois mois.", "“trois mois” is typed by hand"),
    "a delay by its rank": (typed.check, "fr", "Dans le premier mois.", "“premier mois” is typed by hand"),
    "a delay joined by a hyphen": (typed.check, "en", "After a 15-day wait.", "“15-day” is typed by hand"),
    "one year": (typed.check, "en", "You have one year.", "“one year” is typed by hand"),
    "a sum": (typed.check, "fr", "L’amende va jusqu’à 45 000 €.", "“45 000 €” is typed by hand"),
    "a sum in English": (typed.check, "en", "A fine of €45,000.", "“€45,000” is typed by hand"),
    "a phone number": (typed.check, "fr", "Appelez 01 53 62 40 30.", "looks like a phone number"),
    "a short number": (typed.check, "fr", "Le 39 28 répond.", "“39 28” looks like a phone number"),
    "an emergency number": (typed.check, "en", "Call 112.", "looks like a phone number. Write {{ contact("),
    "a postcode": (typed.check, "fr", "Écrivez à 75342 Paris.", "“75342” looks like a postcode"),
    "the name of a body": (
        typed.check,
        "fr",
        "Écrivez au Défenseur des droits.",
        'the name “Défenseur des droits” is typed by hand. Write {{ body("defenseur-des-droits", short=True) }}.',
    ),
    "a straight apostrophe": (typography.check, "fr", "C'est vrai.", "a typewriter apostrophe: “C'est vrai.”. Run `python"),
    "an ordinary space before a colon": (typography.check, "fr", "Voici :", "the space before a colon"),
    "an ordinary space before a mark": (typography.check, "fr", "Vraiment ?", "the space before ; ! ?"),
    "ordinary spaces in French quotation marks": (typography.check, "fr", "Il dit « non ».", "the space after «"),
    "three points": (typography.check, "en", "And so on...", "three points"),
    "straight quotation marks": (typography.check, "en", 'He says "no".', "straight quotation marks. Write “ ”."),
    "a long sentence": (
        readability.check,
        "fr",
        " ".join(["mot"] * 26) + ".",
        "this sentence has 26 words, 25 at most here: “mot mot",
    ),
    "long sentences": (
        readability.check,
        "fr",
        (" ".join(["mot"] * 16) + ".\n\n") * 3,
        "sentences have 16.0 words on average, 14 at most here",
    ),
    "hard words": (
        readability.check,
        "fr",
        "L’inopposabilité conventionnelle réglementaire nécessite une contextualisation.",
        "the reading ease is -",
    ),
    "too many names": (
        readability.check,
        "fr",
        'Voyez le {{ body("defenseur-des-droits", short=True) }}.',
        "names and references are 60% of the words, 15% at most",
    ),
    "a macro that cannot be read": (front_matter.check, "fr", '{{ src("cmc-3-mois" }}', "a macro cannot be read"),
    "a list that is not what the page cites": (
        front_matter.check,
        "fr",
        'Trois mois {{ src("cmc-3-mois") }}.',
        "'statements' does not list what the page cites. Run `python -m scripts.content stamp docs/fr/patients/une-page.md`.",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_and_said(name: str, content: Content) -> None:
    check, locale, line, message = FAULTS[name]
    problems = [str(problem) for problem in check(page(line, locale), content.facts)]  # type: ignore[attr-defined]
    assert any(message in problem for problem in problems), problems
    assert all(problem.startswith(f"docs/{locale}/patients/une-page.md:") for problem in problems)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            'Il y a des médiateurs {{ src("med-qui") }}.',
            "'med-qui' is of the past, and the sentence gives no year. Say when it was so: “en 2022, …”.",
        ),
        (
            'Un numéro répond {{ src("porte-ivg") }}.',
            "'porte-ivg' is not verified, and the sentence affirms it. Word it with caution: “à vérifier”, “en principe”, “selon …”.",
        ),
    ],
)
def test_a_page_for_re_readers_says_its_doubts_and_its_years(line: str, message: str, content: Content) -> None:
    (problem,) = coverage.check_wording(page(line, path="a-verifier.md"), content.facts)
    assert message in str(problem)


@pytest.mark.parametrize(("locale", "line"), [("fr", "Le numéro reste à vérifier."), ("en", "The number is to be checked.")])
def test_a_page_for_patients_puts_no_doubt_in_the_reader_s_way(locale: str, line: str, content: Content) -> None:
    (problem,) = coverage.check_wording(page(line, locale), content.facts)
    assert "this sentence hedges" in str(problem)


def test_a_fault_is_found_on_its_line(content: Content) -> None:
    problems = list(typed.check(page("Une ligne juste.\n\nSous 8 jours."), content.facts))
    assert [problem.place.line for problem in problems] == [13]


def test_what_macros_write_is_no_fault(content: Content) -> None:
    good = page(
        'Écrivez au {{ body("defenseur-des-droits", short=True) }} sous {{ n("acknowledgement") }}{{ contact("ddd-3928") }}.\n'
        'Voyez la loi {{ cite("csp-l1110-3") }}.\n'
    )
    assert not list(typed.check(good, content.facts))


@pytest.mark.parametrize("line", ["Le 15 juin 2022, ils parlaient.", "L’article 225-1 du code.", "Depuis le 5 janvier 2021."])
def test_dates_and_articles_are_not_delays(line: str, content: Content) -> None:
    assert not list(typed.check(page(line), content.facts))


def test_a_front_matter_that_lacks_something_says_what(content: Content) -> None:
    bare = page("", head="---\ntitle: Une page\naudience: tout le monde\ndescription: Deux phrases. Une de trop.\n---\n# Une page\n")
    problems = [str(problem) for problem in front_matter.check(bare, content.facts)]
    place = "docs/fr/patients/une-page.md"
    assert f"{place}:1: the front matter lacks 'compared'. Add a line “compared: …”." in problems
    assert f"{place}:3: the audience is 'tout le monde'. Write one of patients, professionnels, tous." in problems
    assert f"{place}:4: the description is not one sentence. Say in one sentence what the reader finds here." in problems


def test_an_unknown_id_names_the_nearest(content: Content) -> None:
    wrong = Content({"fr": (page('Sous {{ n("acknowledgment") }}, {{ foo("x") }}.'),), "en": ()}, content.facts)
    problems = [str(problem) for problem in checks.check_macros(wrong)]
    assert problems[0] == (
        "docs/fr/patients/une-page.md:11: no quantity has the id 'acknowledgment'. "
        "Did you mean 'acknowledgement'? Otherwise describe it in decision_tree/knowledge/quantities.yaml."
    )
    assert problems[1].startswith("docs/fr/patients/une-page.md:11: there is no macro 'foo'. Use one of body, cite,")


def test_a_quotation_of_words_the_law_does_not_say_is_found(content: Content) -> None:
    wrong = Content({"fr": (page('{{ quote("csp-l1110-3", start="Toute caisse") }}'),), "en": ()}, content.facts)
    assert "the extract of 'csp-l1110-3' does not say “Toute caisse”. Copy these words" in str(next(checks.check_macros(wrong)))


def typed_amounts(file: Path) -> list[str]:
    """The delays and sums written out in the texts of a file of the knowledge, where {quantity} was meant."""
    found: list[str] = []

    def look(node: yaml.Node, key: str) -> None:
        if isinstance(node, yaml.MappingNode):
            for name, value in node.value:
                look(value, name.value)
        elif isinstance(node, yaml.SequenceNode):
            for value in node.value:
                look(value, key)
        elif key in ("fr", "en"):
            place = f"{file.name}:{node.start_mark.line + 1}"
            found.extend(f"{place}: {said}" for said in typed.amounts(key).findall(str(node.value)))

    if root := yaml.compose(file.read_text(encoding="utf-8")):
        look(root, "")
    return found


def test_the_knowledge_types_no_delay_and_no_sum_in_its_texts() -> None:
    said_by_people = KNOWLEDGE / "match"  # words to recognise, which no page prints
    files = sorted(file for file in KNOWLEDGE.rglob("*.yaml") if not file.is_relative_to(said_by_people))
    assert len(files) > 50
    assert not [said for file in files for said in typed_amounts(file)]


def test_a_delay_typed_in_the_knowledge_is_found(tmp_path: Path) -> None:
    (tmp_path / "text.yaml").write_text('- text:\n    fr: "Sous 8 jours."\n    en: "Within {acknowledgement}."\n', encoding="utf-8")
    assert typed_amounts(tmp_path / "text.yaml") == ["text.yaml:2: 8 jours"]


def test_an_unverified_number_is_not_printed(content: Content) -> None:
    unverified = next(contact for contact in content.facts.contacts.values() if not contact.printed)
    wrong = Content({"fr": (page(f'Appelez {{{{ contact("{unverified.id}") }}}}.'),), "en": ()}, content.facts)
    assert "no page may print it" in str(next(checks.check_macros(wrong)))


def test_a_statement_no_page_states_is_missed(content: Content) -> None:
    problems = [str(problem) for problem in coverage.check([], content.facts)]
    assert len(problems) > 50
    assert any("no page states 'def-traiter-moins-bien' (current). Say it on a page with {{ src(" in problem for problem in problems)


def test_a_reason_for_an_unused_statement_must_stay_true(content: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage, "ROOT", tmp_path)
    monkeypatch.setattr(coverage, "UNUSED", tmp_path / "unused.yaml")
    (tmp_path / "unused.yaml").write_text("cmc-3-mois: said elsewhere\nno-such-id: because\n")
    problems = [str(problem) for problem in coverage.check(content.pages["fr"], content.facts)]
    assert problems == [
        "unused.yaml:1: 'cmc-3-mois' is listed as unused, but a page states it now. Take the line out.",
        "unused.yaml:1: 'no-such-id' is listed as unused, but no statement has this id. Take the line out.",
    ]


def test_most_statements_may_not_be_excused(content: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage, "ROOT", tmp_path)
    monkeypatch.setattr(coverage, "UNUSED", tmp_path / "unused.yaml")
    (tmp_path / "unused.yaml").write_text("".join(f"{id}: because\n" for id in list(content.facts.statements)[:40]))
    assert any("40 statements are listed as unused, 10% of" in str(problem) for problem in coverage.check([], content.facts))


def test_a_page_in_one_language_only_is_missed(content: Content) -> None:
    alone = Content({"fr": (page("Bonjour."),), "en": ()}, content.facts)
    assert [str(problem) for problem in checks.check_parity(alone)] == [
        "docs/fr/patients/une-page.md:1: this page exists in one language only. Write docs/en/patients/une-page.md."
    ]


def test_two_locales_that_differ_say_where() -> None:
    french = page('## Un\n\n{{ src("cmc-3-mois") }}\n\n## Deux\n')
    english = page('### One\n\n{{ src("cmc-depuis") }}\n', "en", head=HEAD.replace("audience: patients", "audience: tous"))
    problems = [str(problem) for problem in front_matter.check_pair(french, english)]
    assert problems == [
        "docs/en/patients/une-page.md:11: the heading “One” is of level 3, its French one of level 2. See docs/fr/patients/une-page.md:11.",
        (
            'docs/fr/patients/une-page.md:13: {{ src("cmc-3-mois") }} is called here more often than in docs/en/patients/une-page.md. '
            "Call it in both, or in neither."
        ),
        (
            'docs/en/patients/une-page.md:13: {{ src("cmc-depuis") }} is called here more often than in docs/fr/patients/une-page.md. '
            "Call it in both, or in neither."
        ),
        "docs/en/patients/une-page.md:4: 'audience' is tous, patients in French. Write the same in both locales.",
        (
            "docs/en/patients/une-page.md:1: nothing says which French text this translates. "
            "Run `python -m scripts.content stamp docs/en/patients/une-page.md`. Do so after reading both."
        ),
    ]


def test_a_misspelt_word_is_found_in_both_languages(content: Content) -> None:
    for locale, body, word in (("fr", "Le médecin refuze.", "refuze"), ("en", "The doctor refusses.", "refusses")):
        problems = [
            str(problem)
            for problem in spelling.check(
                [page(body, locale, head=HEAD.replace("Une page", "").replace("Ce que dit cette page.", ""))], locale, content.facts
            )
        ]
        assert problems == [
            (
                f"docs/{locale}/patients/une-page.md:11: the dictionary does not know “{word}”. "
                f"Correct it, or add it to scripts/content/checks/words.{locale}.txt."
            )
        ]


def test_typesetting_mends_what_the_check_finds() -> None:
    wrong = page("L'ordre dit : « non » ? Voyez [ici](x.md 'a') et `a : b`...\n")
    right = Page("fr", wrong.path, typography.typeset(wrong), wrong.docs)
    assert "L’ordre dit\u00a0: «\u202fnon\u202f»\u202f? Voyez [ici](x.md 'a') et `a : b`…" in right.text
    assert not list(typography.check(right))
    assert typography.typeset(right) == right.text


def test_a_stamp_lists_what_is_cited_and_marks_the_french_page(content: Content) -> None:
    french = page('Sous trois mois {{ src("cmc-3-mois") }}.\n')
    text = front_matter.stamped(french, None, content.facts)
    assert "statements: [cmc-3-mois]\nsources: [csp-l1110-3]\n" in text
    english = front_matter.stamped(page("Hello.\n", "en"), Page("fr", french.path, text), content.facts)
    assert f"translation_of: {Page('fr', french.path, text).hash}" in english.replace('"', "")
    assert front_matter.stamped(Page("en", french.path, english), Page("fr", french.path, text), content.facts) == english


def test_every_translation_is_marked_with_a_hash(content: Content) -> None:
    marks = {page.path: str(page.meta.get("translation_of")) for page in content.pages["en"]}
    assert all(len(mark) == 12 and int(mark, 16) >= 0 for mark in marks.values()), marks


def test_names_left_out_of_the_measure_come_from_the_knowledge(content: Content) -> None:
    readings = [readability.measure(page, content.facts) for page in content.all_pages]
    assert max(reading.share_left_out for reading in readings) <= 0.15
    assert sum(len(reading.left_out) for reading in readings) > 500
    assert (DOCS / "fr").is_dir()


def practice_page(line: str, locale: str = "fr") -> Page:
    return Page(locale, "professionnels/une-page.md", f"---\ntitle: Titre\n---\n{line}\n")


@pytest.mark.parametrize(
    ("locale", "line", "said"),
    [
        ("fr", "Le nom du téléservice est à vérifier.", "this sentence hedges: “à vérifier”"),
        ("fr", "Le nouveau texte reste à lire.", "this sentence hedges: “reste à lire”"),
        ("en", "The article is to be checked.", "this sentence hedges: “to be checked”"),
        ("fr", "{{ n(\"order_conciliations_success_2022\") }} ont abouti.", "neither the sentence nor its citation gives a year"),
    ],
)
def test_a_page_for_professionals_gives_the_door_and_leaves_the_doubt_to_the_citation(locale: str, line: str, said: str) -> None:
    found = [str(problem) for problem in coverage.check_wording(practice_page(line, locale), knowledge())]
    assert found and all(said in problem for problem in found), found


def test_a_citation_that_carries_year_and_doubt_is_enough_for_a_professional() -> None:
    lines = 'Un numéro répond {{ src("porte-ivg") }}.', 'Il y a un médiateur par caisse {{ src("med-qui") }}.'
    assert not [problem for line in lines for problem in coverage.check_wording(practice_page(line), knowledge())]


@pytest.mark.parametrize(
    ("locale", "line", "instead"),
    [
        ("en", "You have no remedy.", "ways to complain"),
        ("en", "They may not refuse you.", "must not"),
        ("en", "The fund answers.", "CPAM"),
        ("en", "Did nobody answer?", "a sentence with “if”"),
        ("en", "This is a prohibited ground.", "forbidden ground"),
        ("fr", "Écrivez à la commission de conciliation.", "commission mixte"),
    ],
)
def test_a_thing_has_one_name(locale: str, line: str, instead: str, content: Content) -> None:
    (problem,) = vocabulary.check(page(line, locale), content.facts)
    assert "has another name here" in str(problem) and instead in str(problem)


def test_the_first_order_of_an_english_page_says_its_french_name(content: Content) -> None:
    (problem,) = vocabulary.check(page("Write to the Order.\n\nThe Order (Ordre) answers.", "en"), content.facts)
    assert "without its French name" in str(problem)
    assert not list(vocabulary.check(page("Write to the Order (Ordre).\n\nThe Order answers.", "en"), content.facts))
    assert not list(vocabulary.check(page("Order a card.", "fr"), content.facts))


@pytest.mark.parametrize(
    "line", ["Call the fund.", "Write to their fund.", "You may not refuse.", "This remedy is free.", "Answer the summons."])
def test_professionals_read_the_same_english_as_patients(line: str, content: Content) -> None:
    (problem,) = vocabulary.check(practice_page(line, "en"), content.facts)
    assert "has another name here" in str(problem)


def test_a_word_that_says_one_thing_stands(content: Content) -> None:
    lines = "They may or may not answer.", "## Is it for you?", '{{ n("professional_summons") }}'
    assert not [line for line in lines for _ in vocabulary.check(page(line, "en"), content.facts)]


def test_a_link_may_be_called_as_the_page_it_opens(content: Content) -> None:
    assert not list(typed.check(page("- [Le Défenseur des droits](defenseur-des-droits.md) : une enquête."), content.facts))
    (problem,) = typed.check(page("Écrivez au [guide](guide.md) ou au Défenseur des droits."), content.facts)
    assert "is typed by hand" in str(problem)


def test_a_phone_number_is_dialled_and_not_read(content: Content) -> None:
    assert syllables("0\u00a0800\u00a008\u00a011\u00a011", "fr") == syllables("2026", "fr") == 4
