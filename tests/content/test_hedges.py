"""A doubt is one mark in a citation, never a sentence in the reader's way; our own errors are said, with their days."""

from datetime import date

from decision_tree.authoring.read.load import knowledge
from decision_tree.authoring.read.problems import Place
from decision_tree.model import Text
from scripts.content.checks import hedges
from scripts.content.checks.rules import read_content
from scripts.content.compared import compared
from scripts.content.macros import PageMacros
from scripts.content.page import Page

HEAD = "---\ntitle: Essai\ndescription: Un essai à vérifier.\n---\n"


def page(path: str, *lines: str, locale: str = "fr") -> Page:
    return Page(locale, path, HEAD + "\n".join(lines) + "\n")


def test_a_doubt_is_counted_where_it_stands_and_the_head_is_not_read() -> None:
    doubtful = page("patients/essai.md", "Ce délai est à vérifier.", "Nous n’avons pas lu ce texte.", "Vérifiez votre carte.")
    assert hedges.found(doubtful) == [(5, "à vérifier"), (6, "n’avons pas lu")]
    english = page("patients/essai.md", "The limit is to be checked.", "This text has not been read.", locale="en")
    assert [words for _, words in hedges.found(english)] == ["to be checked", "has not been read"]


def test_a_page_for_today_holds_no_doubt_and_the_others_only_so_many() -> None:
    urgent = [str(one) for one in hedges.check([page("patients/urgence.md", "Le numéro est à confirmer.")])]
    assert len(urgent) == 1 and "docs/fr/patients/urgence.md:5: “à confirmer” stands in the way" in urgent[0]
    doubts = ["Ce délai est à vérifier."] * hedges.MOST
    assert not list(hedges.check([page("patients/essai.md", *doubts)]))
    assert len(list(hedges.check([page("patients/essai.md", *doubts, doubts[0])]))) == hedges.MOST + 1
    assert not list(hedges.check([page("a-verifier.md", *doubts, doubts[0])]))


def test_a_body_holds_no_doubt_and_the_rules_count_with_the_pages() -> None:
    def text(fr: str, en: str) -> tuple[Text, Place]:
        return Text({"fr": fr, "en": en}), Place("decision_tree/knowledge/essai.yaml", 7)

    wrong = {"bodies/essai.time_limits.1": text("Nos sources ne disent pas toutes la même chose.", "We found no time limit.")}
    found = [str(one) for one in hedges.check([], wrong)]
    assert len(found) == 2
    assert ("decision_tree/knowledge/essai.yaml:7: “Nos sources ne disent” stands in the text 'bodies/essai.time_limits.1' of a body,"
            " which is a door") in found[0]
    assert not list(hedges.check([], {"statements/essai.note": wrong["bodies/essai.time_limits.1"]}))
    rule = {"rules/essai.one.because": text("C’est admis, à vérifier.", "It is accepted.")}
    doubts = ["Ce délai est à vérifier."] * hedges.MOST
    assert not list(hedges.check([page("patients/essai.md", *doubts[1:])], rule))
    assert len(list(hedges.check([page("patients/essai.md", *doubts)], rule))) == hedges.MOST + 1


def test_the_pages_of_the_public_hold_few_doubts() -> None:
    content = read_content()
    assert len(list(hedges.public(content.all_pages))) > 100
    assert {path for page in content.all_pages for path in [page.path]} >= set(hedges.NONE_AT_ALL)
    assert len([path for path in content.facts.texts if path.startswith(hedges.OF_GUIDE)]) > 500
    assert not list(hedges.check((*content.all_pages, *content.made), content.facts.texts))


def test_our_errors_are_said_with_their_days_and_whom_they_touched() -> None:
    errors = knowledge().corrections
    assert len(errors) >= 16
    first = next(one for one in errors if one.id == "kinesitherapeutes")
    assert (first.since, first.corrected, first.days) == (date(2026, 11, 22), date(2026, 11, 29), 7)
    for locale in ("fr", "en"):
        shown = PageMacros(locale, "corrections.md", knowledge()).corrections()
        assert shown.count("### ") == len(errors)
        assert all(one.who[locale] in shown for one in errors)
    assert compared().touched.keys() == {one.id for one in errors if one.touched is not None}
    said = PageMacros("fr", "corrections.md", knowledge()).corrections()
    assert "Situations du guide concernées dont le conseil a changé\u00a0: 100\u00a0%." in said
    assert "Du 22\u00a0novembre\u00a02026 au 29\u00a0novembre\u00a02026, soit 7\u00a0jours." in said
