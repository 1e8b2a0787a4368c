"""Each fact has one home, and the citation says who said it and when."""

from dataclasses import replace

import pytest

from decision_tree.model import Text
from scripts.content.checks import one_home
from scripts.content.checks.rules import read_content, without_quotations
from scripts.content.loaded import knowledge
from scripts.content.page import Page

HEAD = "---\ntitle: Essai\ndescription: Un essai.\n---\n"


def test_no_two_statements_say_the_same() -> None:
    assert len(knowledge().statements) > 300
    assert not [str(one) for one in one_home.twins(knowledge())]


def test_a_statement_said_twice_in_other_words_is_found() -> None:
    facts = knowledge()
    first = facts.statements["pra-lapin"]
    french = "Un rendez-vous manqué ne se facture pas : le médecin ne demande des honoraires que pour des actes faits."
    again = replace(first, id="acces-lapin", text=Text({"fr": french}))
    found = [str(one) for one in one_home.twins(replace(facts, statements={**facts.statements, "acces-lapin": again}))]
    assert len(found) == 1 and "'acces-lapin' says the same as 'pra-lapin'" in found[0]


@pytest.mark.parametrize(("locale", "line"), [
    ("fr", "Selon le Défenseur des droits en 2022, il attend la réunion."),
    ("fr", "Il a expliqué en 2022 qu’il attend la réunion."),
    ("fr", "En 2022, le médiateur national disait que c’est difficile."),
    ("fr", "Selon la fiche de 2018, la télétransmission aide."),
    ("en", "According to the national mediator in 2022, it changes nothing."),
    ("en", "According to the 2018 sheet, it helps."),
    ("en", "It explained in 2022 that it waits."),
])
def test_who_spoke_and_when_is_found_in_a_sentence(locale: str, line: str) -> None:
    assert len(list(one_home.speakers([Page(locale, "patients/essai.md", HEAD + line + "\n")]))) == 1


def test_a_date_that_changes_what_the_reader_does_may_stay() -> None:
    line = "Les commissions fonctionnent depuis le 5 janvier 2021. En 2022, il a reçu des réclamations."
    assert not list(one_home.speakers([Page("fr", "patients/essai.md", HEAD + line + "\n")]))
    past = Page("fr", "chiffres/index.md", HEAD + "Selon la fiche de 2018, c’était plus fréquent.\n")
    assert not list(one_home.speakers([past]))


def test_no_page_says_who_spoke_in_which_year() -> None:
    content = read_content()
    assert not [str(one) for one in one_home.speakers((*content.all_pages, *map(without_quotations, content.made)))]
