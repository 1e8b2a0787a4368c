"""Macros show the knowledge in the page's language, with links that hold, and stop a build that asks for what does not exist."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from decision_tree.authoring.read.knowledge import Knowledge
from scripts.content.charts import charts
from scripts.content.loaded import knowledge
from scripts.content.macros import Missing, PageMacros, excerpt, page_url, settle_names, short_source
from scripts.project.paths import ROOT


@pytest.fixture(scope="module")
def facts() -> Knowledge:
    return knowledge()


@pytest.fixture
def fr(facts: Knowledge) -> PageMacros:
    return PageMacros("fr", "patients/preuves.md", facts)


@pytest.fixture
def en(facts: Knowledge) -> PageMacros:
    return PageMacros("en", "patients/preuves.md", facts)


def test_a_body_is_named_and_linked(fr: PageMacros, en: PageMacros) -> None:
    assert (
        settle_names(fr.body("defenseur-des-droits", short=True))
        == "[Défenseur des droits](../organismes/defenseur-des-droits.md){: .body translate=\"no\" }"
    )
    assert "../organismes/ars.md" in en.body("ars")
    assert settle_names(fr.body("ars", text="l’agence")) == "[l’agence](../organismes/ars.md){: .body }"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("Saisissez la {name}.", "Saisissez la commission mixte de conciliation."),
        ("{name} : vous écrivez.", "Commission mixte de conciliation : vous écrivez."),
        ("- {name}", "- Commission mixte de conciliation"),
        ("C’est fait. {name} attend.", "C’est fait. Commission mixte de conciliation attend."),
        ("| {name} | gratuit |", "| Commission mixte de conciliation | gratuit |"),
    ],
)
def test_a_name_has_a_small_letter_inside_a_sentence(line: str, shown: str, fr: PageMacros) -> None:
    settled = settle_names(line.format(name=fr.body("commission-mixte-conciliation", short=True)))
    assert re.sub(r"\[([^\]]*)\]\([^)]*\)\{[^}]*\}", r"\1", settled) == shown


def test_a_proper_name_keeps_its_capital(fr: PageMacros) -> None:
    assert "au [Défenseur" in settle_names(f"Écrivez au {fr.body('defenseur-des-droits', short=True)}.")


def test_a_quantity_is_said_in_the_language(fr: PageMacros, en: PageMacros) -> None:
    assert (fr.n("acknowledgement"), en.n("acknowledgement")) == ("8\u00a0jours", "8\u00a0days")
    assert (fr.n("penalty_max"), en.n("penalty_max")) == ("8\u202f010\u00a0€", "€8,010")
    assert (fr.n("posting"), en.n("posting")) == ("1 à 3\u00a0mois", "1 to 3\u00a0months")


def test_a_statement_gives_its_law_in_brackets(fr: PageMacros) -> None:
    assert fr.src("cmc-3-mois") == (
        '<span class="refs">([L.\u00a01110-3](../droit/csp-l1110-3.md)'
        '{: .ref title="article L.\u00a01110-3 du code de la santé publique" translate="no" })</span>'
    )


def test_a_statement_without_a_law_gives_its_document(fr: PageMacros, en: PageMacros) -> None:
    assert "[table ronde 2022](../sources.md#round-table)" in fr.src("ddd-testing")
    assert "[2018 fact sheet](../sources.md#practical-sheet)" in en.src("bp-rdv-multiples")


def test_several_statements_give_each_source_once(fr: PageMacros) -> None:
    assert fr.src("ddd-testing", "ddd-decision").count("round-table") == 1


def test_an_unverified_statement_says_so(fr: PageMacros) -> None:
    assert "[lu sur une copie](../a-verifier.md)" in fr.src("porte-ivg")


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("Service-Public, fiche F20849, 5 mars 2025", "Service-Public, 2025"),
        ("Association Equitas", "Association Equitas"),
        ("Law no. 68-1250 of 31 December 1968; Public Health Code", "Law no. 68-1250 of 31 December 1968"),
    ],
)
def test_a_document_is_named_by_who_and_when(source: str, shown: str) -> None:
    assert short_source(source) == shown


def test_a_law_is_named_in_brackets_or_in_words(fr: PageMacros) -> None:
    assert "([C.\u00a0pén.\u00a0225-1](../droit/cp-225-1.md)" in fr.cite("cp-225-1")
    assert fr.cite("cp-225-1", text="le code pénal") == "[le code pénal](../droit/cp-225-1.md){: .law }"
    assert fr.law_name(fr.law("casf-l251-1")).startswith("articles L.\u00a0251-1 à L.\u00a0251-3 du code")


def test_the_number_and_the_day_of_a_law_are_said_in_the_language_of_the_page(fr: PageMacros, en: PageMacros) -> None:
    assert fr.law_name(fr.law("decret-2020-1215")) == "décret n°\u00a02020-1215 du 2 octobre 2020"
    assert en.law_name(en.law("decret-2020-1215")) == "decree no.\u00a02020-1215 of 2 October 2020"
    assert en.law_name(en.law("casf-l251-1")).startswith("articles L.\u00a0251-1 to L.\u00a0251-3 of the")
    assert en.law_name(en.law("ce-2020-428680")) == "Conseil d’État, 9 April 2020, no.\u00a0428680"


def test_a_phone_number_is_a_link(fr: PageMacros) -> None:
    assert fr.contact("ddd-3928") == '[39\u00a028](tel:3928){: .contact translate="no" }'
    assert fr.contact("urgence-114").startswith("[114](sms:114)")


def test_a_word_of_the_glossary_is_linked(en: PageMacros) -> None:
    assert en.term("conciliation") == "[Conciliation](../glossaire.md#conciliation){: .term }"


def test_a_quotation_is_marked_with_its_article_and_date(fr: PageMacros, en: PageMacros) -> None:
    shown = fr.quote("csp-l1110-3", start="Aucune personne", end="aux soins.")
    assert '<blockquote lang="fr"' in shown
    assert "«\u202fAucune personne ne peut faire l’objet de discriminations dans l’accès à la prévention ou aux soins." in shown
    assert 'href="../../droit/csp-l1110-3/"' in shown
    assert "en vigueur depuis le 4\u00a0mars\u00a02022. Copie du 30\u00a0décembre\u00a02023." in shown
    assert "In plain words: Nobody" in en.quote("csp-l1110-3", start="Aucune personne", end="aux soins.")


def test_an_english_page_explains_the_words_it_quotes_and_no_more(en: PageMacros) -> None:
    shown = en.quote("csp-l1110-3", start="Aucune personne", end="aux soins.", meaning="Nobody may be discriminated against.")
    assert "In plain words: Nobody may be discriminated against.</span>" in shown
    law = en.law("csp-l1110-3")  # its own page says above what it means
    assert "In plain words" not in en.quotation(law, en.short_extract(law))


def test_a_quotation_says_where_it_was_cut(facts: Knowledge) -> None:
    law = facts.laws["csp-l1110-3"]
    assert excerpt(law, "Un professionnel de santé", "refuser de soigner")[0].startswith("[…] Un professionnel")
    assert excerpt(law, "Un professionnel de santé", "refuser de soigner")[0].endswith("[…]")


def test_words_the_law_does_not_say_cannot_be_quoted(fr: PageMacros) -> None:
    with pytest.raises(Missing, match="does not say “Toute caisse”"):
        fr.quote("csp-l1110-3", start="Toute caisse")


def test_a_text_nobody_read_cannot_be_quoted(fr: PageMacros) -> None:
    with pytest.raises(Missing, match="no official text of 'csp-r1110-8' was read"):
        fr.quote("csp-r1110-8")


@pytest.mark.parametrize(
    ("path", "url"), [("index.md", ""), ("guide.md", "guide/"), ("droit/index.md", "droit/"), ("droit/cp-8.md", "droit/cp-8/")]
)
def test_a_path_has_one_address(path: str, url: str) -> None:
    assert page_url(path) == url


@pytest.mark.parametrize("macro", ["body", "cite", "src", "n", "contact", "term", "chart", "picture", "quote"])
def test_an_unknown_id_is_missing(macro: str, fr: PageMacros) -> None:
    with pytest.raises(Missing, match="no-such-id"):
        getattr(fr, macro)("no-such-id")


def test_every_macro_that_takes_nothing_shows_everything(fr: PageMacros, facts: Knowledge) -> None:
    assert fr.bodies_table().count('<th scope="row">') == len(facts.bodies) >= 19
    assert fr.bodies().count('{: .body') == len(facts.bodies)
    assert fr.laws().count('.law translate="no" }') == len(facts.laws) >= 103
    assert fr.glossary().count("## ") == len(facts.glossary) >= 50
    assert "Mobiliser les recours juridiques" in fr.documents()
    assert charts()


def build(folder: Path, page: str) -> subprocess.CompletedProcess[str]:
    """Build a small site of one page with our macros."""
    (folder / "docs" / "fr").mkdir(parents=True)
    (folder / "docs" / "fr" / "index.md").write_text(page, encoding="utf-8")
    (folder / "mkdocs.yml").write_text(
        "site_name: Small\ndocs_dir: docs/fr\ntheme: {name: mkdocs}\nmarkdown_extensions: [attr_list]\n"
        "plugins:\n  - macros: {module_name: main, on_undefined: strict, on_error_fail: true}\n"
    )
    (folder / "main.py").write_text("from scripts.site.macros import define_env, on_post_build, on_post_page_macros\n")
    command = [sys.executable, "-m", "mkdocs", "build", "-f", str(folder / "mkdocs.yml"), "-d", str(folder / "site")]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_build_fails_with_every_unknown_id_its_file_and_line(tmp_path: Path) -> None:
    done = build(tmp_path, '# Page\n\nSous {{ n("acknowledgment") }}.\n\nVoyez {{ body("defenseur") }} et {{ src("cmc-3-mois") }}.\n')
    assert done.returncode != 0
    file = tmp_path / "docs" / "fr" / "index.md"
    assert f"{file}:3: no quantity has the id 'acknowledgment'. Did you mean 'acknowledgement'?" in done.stderr
    assert f"{file}:5: no body has the id 'defenseur'" in done.stderr
    assert "cmc-3-mois" not in done.stderr


def test_a_build_with_known_ids_passes(tmp_path: Path) -> None:
    done = build(tmp_path, '# Page\n\nSous {{ n("acknowledgement") }}.\n')
    assert done.returncode == 0, done.stderr
    assert "Sous 8\u00a0jours." in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")


def test_the_same_words_are_cited_once(fr: PageMacros) -> None:
    shown = fr.src("porte-112", "porte-114")
    assert shown.count("Service-Public, 2025") == 1


def test_a_number_of_a_secondary_source_is_printed_and_one_no_source_gives_is_not(fr: PageMacros) -> None:
    assert "tel:0800081111" in fr.contact("ivg-numero")
    with pytest.raises(Missing):
        fr.contact("ameli-contacts")
