"""The search page: what people type, what they find, with a keyboard, from a copied address, and when the index cannot come."""

import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, Request, expect

from tests.conftest import LOCALES, NewContext, OpenPage

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
]


def search(page: Page, query: str) -> None:
    page.locator("#query").fill(query)
    expect(page.locator("[data-count]")).to_contain_text(query)
    page.wait_for_function("() => !document.querySelector('[data-count]').textContent.includes('…')")


@pytest.mark.parametrize(("locale", "query", "wanted", "within"), FINDS)
def test_what_people_type_finds_the_page(open_page: OpenPage, locale: str, query: str, wanted: str, within: int) -> None:
    page = open_page("recherche/", locale=locale)
    search(page, query)
    found = page.eval_on_selector_all("[data-results] a", "links => links.map((link) => link.href)")
    root = page.url.split("recherche/")[0]
    pages = [address.removeprefix(root).split("#")[0] for address in found]
    assert wanted in pages[:within], pages[:6]


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


def test_where_python_cannot_come_a_sentence_says_so(open_page: OpenPage) -> None:
    page = open_page("recherche/")
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
    expect(page.locator("[data-count]")).to_contain_text("La recherche n’a pas pu démarrer")
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
    assert {entry["u"].split("#")[0] for entry in texts["fr"]["pages"]} == {entry["u"].split("#")[0] for entry in texts["en"]["pages"]}
    assert not [entry for entry in texts["en"]["pages"] if entry["h"] == "En clair"]
