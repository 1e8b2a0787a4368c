"""The search page: what people type, what they find, with a keyboard, from a copied address, and when the index cannot come."""

import json
import re
import subprocess
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, Request, expect

from scripts.project.paths import ROOT
from scripts.site.search_index import load_words
from tests.conftest import LOCALES, NewContext, OpenPage

SEARCH = Path(__file__).with_name("search_titles.mjs")
FINDS = [
    ("fr", "cmu", "patients/droits-c2s-ame/", 3),
    ("fr", "CMU-C", "patients/droits-c2s-ame/", 4),
    ("fr", "dentiste", "droit/csp-r4127-232/", 2),
    ("fr", "dentistes", "droit/csp-r4127-232/", 2),
    ("fr", "hopitaux", "patients/hopital-clinique/", 1),
    ("fr", "hôpital", "patients/hopital-clinique/", 1),
    ("fr", "medecin traitant", "glossaire/", 5),
    ("fr", "médecin traitant", "glossaire/", 5),
    ("fr", "plainte penale", "patients/plainte-penale/", 1),
    ("fr", "L. 1110-3", "droit/csp-l1110-3/", 1),
    ("fr", "sans papiers", "patients/droits-c2s-ame/", 3),
    ("fr", "enceinte", "patients/motifs-interdits/", 2),
    ("fr", "je suis sourd", "patients/handicap/", 1),
    ("fr", "je suis sourd", "patients/telephone-et-relais/", 2),
    ("fr", "garde à vue", "patients/prison/", 1),
    ("fr", "langue des signes", "patients/handicap/", 1),
    ("fr", "langue des signes", "patients/interpretes/", 2),
    ("fr", "EHPAD", "patients/ehpad/", 1),
    ("fr", "avortement", "patients/ivg-contraception/", 1),
    ("fr", "méthadone", "patients/traitement-de-substitution/", 1),
    ("fr", "VSL", "patients/transport/", 1),
    ("fr", "SDF", "patients/sans-domicile/", 1),
    ("fr", "curatelle", "patients/aider-quelqu-un/", 1),
    ("fr", "IRM", "patients/refus-de-soins/", 1),
    ("fr", "transgenre", "patients/motifs-interdits/", 1),
    ("fr", "un patient a porté plainte contre moi", "professionnels/mis-en-cause/", 1),
    ("fr", "médecin part à la retraite", "patients/trouver-un-soin/", 1),
    ("fr", "le dentiste refuse ma CMU", "guide/", 1),
    ("fr", "le dentiste refuse ma CMU", "patients/refus-de-soins/", 4),
    ("en", "complaint against me", "professionnels/mis-en-cause/", 1),
    ("en", "abortion", "patients/ivg-contraception/", 1),
    ("en", "EHIC", "patients/visiteurs-europeens/", 1),
    ("fr", "doctolib", "patients/teleconsultation/", 1),
    ("en", "dentists", "droit/css-l162-9/", 2),
    ("en", "cmu", "patients/droits-c2s-ame/", 3),
    ("en", "pregnant", "patients/motifs-interdits/", 3),
    ("en", "deposit", "patients/caution-hopital/", 1),
    ("en", "deposit", "patients/ce-qu-on-peut-vous-facturer/", 2),
    ("en", "undocumented", "patients/droits-c2s-ame/", 4),
    # What was typed during the trials of the site, in the order of their reports.
    ("fr", "subutex", "patients/traitement-de-substitution/", 1),
    ("fr", "radiologie", "patients/refus-de-soins/", 1),
    ("fr", "mammographie", "patients/refus-de-soins/", 1),
    ("fr", "vaccin", "patients/motifs-interdits/", 1),
    ("fr", "LSF", "patients/handicap/", 1),
    ("fr", "LSF", "patients/interpretes/", 2),
    ("fr", "chien guide", "patients/handicap/", 1),
    ("fr", "chien", "professionnels/handicap/", 1),
    ("fr", "injure", "patients/refus-de-soins/", 2),
    ("fr", "ukrainien", "patients/asile-ame/", 1),
    ("fr", "militaire", "patients/pension-militaire/", 2),
    ("fr", "vacances", "patients/visiteurs-europeens/", 1),
    ("fr", "gros", "patients/motifs-interdits/", 1),
    ("fr", "SAMU refuse de venir", "patients/garde-et-samu/", 2),
    ("fr", "le médecin ne prend pas l'AME", "patients/droits-c2s-ame/", 1),
    ("fr", "médecin traitant introuvable", "patients/medecin-traitant/", 1),
    ("fr", "médecin de garde", "patients/garde-et-samu/", 1),
    ("fr", "116 117", "patients/garde-et-samu/", 1),
    ("fr", "carte vitale perdue", "patients/sans-carte-vitale/", 1),
    ("fr", "tiers payant refusé", "patients/ce-qu-on-peut-vous-facturer/", 2),
    ("fr", "mutuelle tiers payant refusé", "patients/ce-qu-on-peut-vous-facturer/", 2),
    ("fr", "dépassement C2S", "patients/ce-qu-on-peut-vous-facturer/", 1),
    ("fr", "refus de vente pilule", "patients/ivg-contraception/", 3),
    ("fr", "fauteuil roulant", "patients/handicap/", 1),
    ("fr", "interprète", "patients/interpretes/", 1),
    ("fr", "caution hôpital", "patients/caution-hopital/", 1),
    ("fr", "urgences refusées", "patients/hopital-clinique/", 2),
    ("fr", "demandeur d’asile", "patients/asile-ame/", 1),
    ("fr", "récépissé", "patients/asile-ame/", 1),
    ("fr", "titre expiré", "patients/asile-ame/", 1),
    ("fr", "délai réponse commission", "patients/combien-de-temps/", 3),
    ("fr", "délai de plainte", "patients/plainte-penale/", 2),
    ("fr", "la police refuse ma plainte", "patients/si-rien-ne-se-passe/", 2),
    ("fr", "sans papiers, j’ai peur de la police", "patients/sans-papiers-et-police/", 1),
    ("fr", "avis Google", "patients/avis-et-enregistrement/", 1),
    ("fr", "diffamation", "patients/avis-et-enregistrement/", 1),
    ("fr", "enregistrer l’appel", "patients/avis-et-enregistrement/", 1),
    ("fr", "bloqué sur Doctolib", "patients/teleconsultation/", 1),
    ("fr", "en retard", "patients/rendez-vous-manque/", 1),
    ("fr", "lapin", "patients/rendez-vous-manque/", 1),
    ("fr", "un patient ne vient jamais", "professionnels/rendez-vous-manques/", 1),
    ("fr", "patient violent que faire", "professionnels/violence/", 1),
    ("fr", "ADRi comment faire", "professionnels/droits-a-jour/", 1),
    ("fr", "comment facturer l’AME", "professionnels/etre-paye/", 1),
    ("fr", "je suis médecin, on m’accuse", "professionnels/mis-en-cause/", 2),
    ("fr", "part de patients C2S dans mon cabinet", "professionnels/contacts-caisse/", 1),
    ("fr", "fin de suivi, lettre", "lettres/fin-de-suivi/", 3),
    ("fr", "dossier médical", "patients/dossier-medical/", 1),
    ("fr", "certificat refusé", "patients/dossier-medical/", 3),
    ("fr", "refus de transport", "patients/transport/", 2),
    ("fr", "VSL partagé", "patients/transport/", 1),
    ("fr", "visite à domicile", "patients/soins-a-domicile/", 1),
    ("fr", "domiciliation", "patients/sans-domicile/", 1),
    ("fr", "devis dentaire", "patients/cent-pour-cent-sante/", 1),
    ("fr", "100 % Santé", "patients/cent-pour-cent-sante/", 1),
    ("fr", "obésité", "patients/motifs-interdits/", 1),
    ("fr", "tatouage", "patients/motifs-interdits/", 1),
    ("fr", "VIH", "patients/motifs-interdits/", 1),
    ("fr", "modèle de procuration", "lettres/procuration/", 2),
    ("fr", "relance", "patients/si-rien-ne-se-passe/", 1),
    ("fr", "enfant refusé", "patients/aider-quelqu-un/", 2),
    ("fr", "aider quelqu’un", "patients/aider-quelqu-un/", 1),
    ("fr", "plainte anonyme", "patients/peur-des-suites/", 1),
    ("en", "can a doctor refuse me without carte vitale", "patients/sans-carte-vitale/", 4),
    ("en", "English speaking doctor", "patients/trouver-un-soin/", 1),
    ("en", "hospital asks for deposit", "patients/caution-hopital/", 2),
    ("en", "tourist", "patients/visiteurs-europeens/", 1),
    ("en", "sign language", "patients/handicap/", 1),
    ("en", "nursing home", "patients/ehpad/", 1),
    ("en", "methadone", "patients/traitement-de-substitution/", 1),
    ("en", "homeless", "patients/sans-domicile/", 1),
    ("en", "deaf", "patients/handicap/", 1),
    ("en", "guide dog", "patients/handicap/", 1),
    ("en", "vaccine", "patients/motifs-interdits/", 1),
    ("en", "expired permit", "patients/asile-ame/", 1),
    ("en", "asylum seeker", "patients/asile-ame/", 1),
    ("en", "police custody", "patients/prison/", 1),
    ("en", "radiology", "patients/refus-de-soins/", 1),
    ("en", "violent patient", "professionnels/violence/", 1),
    ("en", "missed appointment", "patients/rendez-vous-manque/", 1),
    ("en", "interpreter", "patients/interpretes/", 1),
    ("en", "medical records", "patients/dossier-medical/", 1),
    ("en", "recording the call", "patients/avis-et-enregistrement/", 2),
    ("en", "Google review", "patients/avis-et-enregistrement/", 1),
    ("en", "doctor retires", "patients/trouver-un-soin/", 1),
    ("en", "on-call doctor", "patients/garde-et-samu/", 1),
    ("en", "refused transport", "patients/transport/", 2),
]
Answers = dict[tuple[str, str], list[str]]


def search(page: Page, query: str) -> None:
    page.locator("#query").fill(query)
    expect(page.locator("[data-count]")).to_contain_text(query)
    page.wait_for_function("() => !document.querySelector('[data-count]').textContent.includes('…')")


@pytest.fixture(scope="module")
def answers(site: Path) -> Answers:
    """What the page's own module finds in the built index: language and query → pages, best first."""
    found: Answers = {}
    for locale, folder in (("fr", site / "search"), ("en", site / "en" / "search")):
        queries = [query for asked, query, *_ in FINDS if asked == locale]
        job = {"index": str(next(folder.glob("index.*.json"))), "queries": queries}
        done = subprocess.run(["node", str(SEARCH)], input=json.dumps(job), capture_output=True, text=True, check=True, cwd=ROOT)
        for query, addresses in zip(queries, json.loads(done.stdout), strict=True):
            found[locale, query] = list(dict.fromkeys(address.split("#")[0] for address in addresses))
    return found


@pytest.mark.parametrize(("locale", "query", "wanted", "within"), FINDS)
def test_what_people_type_finds_the_page(answers: Answers, locale: str, query: str, wanted: str, within: int) -> None:
    assert wanted in answers[locale, query][:within], answers[locale, query][:6]


@pytest.mark.parametrize(("locale", "query"), [("fr", "garde à vue"), ("fr", "je suis sourd"), ("en", "violent patient")])
def test_the_page_shows_what_its_module_finds(
    open_page: OpenPage, answers: Answers, locale: str, query: str
) -> None:
    page = open_page("recherche/", locale=locale)
    search(page, query)
    found = page.eval_on_selector_all("[data-results] a", "links => links.map((link) => link.href)")
    root = page.url.split("recherche/")[0]
    shown = [address.removeprefix(root).split("#")[0] for address in found]
    assert len(shown) > 1 and shown == answers[locale, query][:len(shown)]


@pytest.mark.parametrize(("query", "most"), [
    ("garde à vue", 60), ("langue des signes", 20), ("SAMU refuse de venir", 20),
])
def test_words_that_say_nothing_bring_no_flood(open_page: OpenPage, query: str, most: int) -> None:
    page = open_page("recherche/")
    search(page, query)
    counted = re.match(r"\d+", page.locator("[data-count]").text_content() or "")
    assert counted is not None and int(counted[0]) <= most


def test_each_result_says_for_whom_it_is(open_page: OpenPage) -> None:
    page = open_page("recherche/")
    search(page, "interprète")
    rooms = page.locator("[data-results] .search-room").all_text_contents()
    assert {"Patients", "Professionnels"} <= set(rooms)


SENTENCE = {"fr": "le dentiste refuse ma CMU", "en": "the dentist refuses my CMU"}
URGENT = {"fr": "ma fille respire mal et la clinique la refuse", "en": "my daughter cannot breathe and the clinic refuses her"}
OUTSIDE = {"fr": "refaire ma carte vitale perdue", "en": "I lost my carte vitale, how do I get a new one"}


def told(page: Page, sentence: str) -> None:
    """Type a sentence and ask what is understood, by the keyboard alone."""
    search(page, sentence)
    button = page.locator("[data-own]")
    expect(button).to_be_visible()
    button.focus()
    page.keyboard.press("Enter")


@pytest.mark.parametrize("locale", LOCALES)
def test_a_sentence_is_read_beside_the_results_and_what_is_confirmed_goes_to_the_guide(open_page: OpenPage, locale: str) -> None:
    page = open_page("recherche/", locale=locale, width=320)
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    search(page, "caution" if locale == "fr" else "deposit")
    assert not page.locator("[data-own]").is_visible()
    told(page, SENTENCE[locale])
    chips = page.locator(".own-words-chips input")
    chips.first.wait_for()
    assert page.url.endswith("/recherche/") and page.locator("[data-results] li").count() > 3
    said = {chip.get_attribute("data-fact"): chip.get_attribute("data-value") for chip in chips.all()}
    assert said["profession"] == "chirurgien_dentiste" and said["protection"] == "c2s"
    assert page.evaluate("document.activeElement.tagName") == "H2"
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.type") == "checkbox"
    page.locator(".own-words-chips input[data-fact=asker]").uncheck()
    page.locator("[data-own-found] button").click()
    page.wait_for_url("**/guide/")
    page.locator('[data-answers*="profession"]').wait_for(state="attached", timeout=60_000)
    answers = json.loads(page.locator("[data-answers]").get_attribute("data-answers") or "{}")
    assert answers["profession"] == "chirurgien_dentiste" and "asker" not in answers
    assert page.evaluate("window.name") == ""
    assert not [one.url for one in asked if "CMU" in unquote(one.url) + (one.post_data or "")]
    assert "CMU" not in page.evaluate("[history.state, {...localStorage}, {...sessionStorage}].map((one) => JSON.stringify(one)).join()")


@pytest.mark.parametrize("locale", LOCALES)
def test_danger_in_a_sentence_comes_first_on_the_search_page(open_page: OpenPage, locale: str) -> None:
    page = open_page("recherche/", locale=locale, width=320)
    told(page, URGENT[locale])
    alert = page.locator("[data-own-found] [role=alert]")
    alert.wait_for()
    assert alert.locator("a[href='tel:15']").is_visible() and alert.locator("a[href='tel:112']").is_visible()
    assert page.evaluate("document.querySelector('[data-own-found]').firstElementChild.getAttribute('role')") == "alert"
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("locale", LOCALES)
def test_a_sentence_that_is_not_for_us_is_sent_elsewhere_from_the_search_page(open_page: OpenPage, locale: str) -> None:
    page = open_page("recherche/", locale=locale)
    told(page, OUTSIDE[locale])
    page.locator("[data-own-said]").get_by_text("36 46").wait_for()
    assert page.locator(".own-words-chips").count() == 0
    search(page, SENTENCE[locale])
    expect(page.locator("[data-own-said]")).to_have_text("")


def test_python_comes_to_the_search_page_only_for_a_sentence(open_page: OpenPage) -> None:
    page = open_page("recherche/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    search(page, SENTENCE["fr"])
    assert not [one for one in asked if "/runtime/" in one or "own-search" in one]


def test_where_python_cannot_come_a_sentence_says_so(new_context: NewContext) -> None:
    page = new_context().new_page()
    page.goto("recherche/")
    page.route("**/runtime/**", lambda route: route.abort())
    told(page, SENTENCE["fr"])
    expect(page.locator("[data-own-said]")).to_contain_text("Cela ne fonctionne pas", timeout=30_000)
    assert page.locator("[data-results] li").count() > 3


def test_accents_and_plurals_change_nothing(open_page: OpenPage) -> None:
    page = open_page("recherche/")
    lists = []
    for query in ("delai", "délais", "DÉLAI"):
        search(page, query)
        lists.append(page.locator("[data-results] a").all_text_contents())
    assert lists[0] == lists[1] == lists[2] != []


def test_the_count_is_announced_and_the_words_are_marked(open_page: OpenPage) -> None:
    page = open_page("recherche/")
    search(page, "caution")
    assert page.locator("[data-count]").get_attribute("role") == "status"
    expect(page.locator("[data-count]")).to_have_text(re.compile("^[0-9]+ résultats pour «\u202fcaution\u202f»$"))
    assert page.locator("[data-results] mark").first.text_content() == "caution"
    search(page, "xyzzy")
    expect(page.locator("[data-count]")).to_contain_text("Aucun résultat")


def test_the_words_looked_for_are_in_no_address_nor_entry(open_page: OpenPage) -> None:
    page = open_page("recherche/")
    search(page, "délai d’appel")
    assert page.url.endswith("/recherche/")
    page.locator("[data-results] a").first.click()
    page.go_back()
    expect(page.locator("#query")).to_have_value("")
    assert page.evaluate("history.state") is None


def test_the_index_comes_only_when_someone_searches(open_page: OpenPage) -> None:
    page = open_page("plan-du-site/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page.url.replace("plan-du-site/", "recherche/"), wait_until="networkidle")
    assert not [url for url in asked if "/search/" in url or "minisearch" in url]
    page.locator("#query").focus()
    expect(page.locator("#query")).to_be_focused()
    page.wait_for_function("() => performance.getEntriesByType('resource').some((entry) => entry.name.includes('/search/index'))")


def test_the_keyboard_alone_searches_and_opens_a_result(open_page: OpenPage) -> None:
    page = open_page("recherche/")
    page.locator("#query").focus()
    page.keyboard.type("caution")
    page.keyboard.press("Enter")
    expect(page.locator("[data-results] li").first).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('[data-results]') !== null")
    page.keyboard.press("Enter")
    page.wait_for_url("**/caution-hopital/**")


def test_more_results_take_the_focus(open_page: OpenPage) -> None:
    page = open_page("recherche/")
    search(page, "ordre")
    before = page.locator("[data-results] li").count()
    page.locator("[data-next]").click()
    assert page.locator("[data-results] li").count() > before
    assert page.evaluate("(n) => document.activeElement.closest('li') === document.querySelectorAll('[data-results] li')[n]", before)


def test_when_the_index_cannot_come_a_sentence_says_so_and_the_pages_stay(new_context: NewContext) -> None:
    page = new_context().new_page()
    page.route("**/search/index.*.json", lambda route: route.abort())
    page.goto("recherche/")
    page.locator("#query").fill("caution")
    expect(page.locator("[data-count]")).to_contain_text("La recherche n’a pas démarré")
    assert page.locator(".pages a").count() > 50


def test_what_is_typed_is_shown_as_text(open_page: OpenPage) -> None:
    page = open_page("recherche/")
    search(page, "<b>caution</b>")
    assert page.locator("[data-count] b").count() == 0


def test_each_language_has_its_own_index(site: Path) -> None:
    texts = {}
    for locale, folder in (("fr", site / "search"), ("en", site / "en" / "search")):
        files = list(folder.glob("index.*.json"))
        assert len(files) == 1
        texts[locale] = json.loads(files[0].read_text("utf-8"))
    for locale, index in texts.items():
        named = {page for pages in load_words("answers", locale).values() for page in pages}
        assert named <= {entry["u"] for entry in index["pages"]}
    assert {entry["u"].split("#")[0] for entry in texts["fr"]["pages"]} == {entry["u"].split("#")[0] for entry in texts["en"]["pages"]}
    assert not [entry for entry in texts["en"]["pages"] if entry["h"] == "En clair"]
