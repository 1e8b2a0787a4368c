"""The guide while the browser translates it: it goes on, and no body, article or number changes its name."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from decision_tree.authoring.read.load import knowledge
from decision_tree.guide.render import is_name
from tests.conftest import OpenPage

# What a browser's translation does to a page: each text in two new elements, again as the page changes; the language changes too.
TRANSLATION = """() => {
  const kept = (node) => node.parentElement?.closest("[translate=no], script, style, textarea, font") != null;
  const translate = (root) => {
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT), texts = [];
    while (walk.nextNode()) if (walk.currentNode.data.trim() && !kept(walk.currentNode)) texts.push(walk.currentNode);
    for (const text of texts) {
      const outer = document.createElement("font"), inner = document.createElement("font");
      inner.textContent = text.data.replace(/\\p{L}+/gu, "слово");
      outer.append(inner);
      text.replaceWith(outer);
    }
  };
  document.documentElement.lang = "uk";
  document.documentElement.classList.add("translated-ltr");
  translate(document.body);
  new MutationObserver((seen) => {
    for (const { addedNodes } of seen) for (const one of addedNodes) if (one.isConnected && one.nodeType === 1) translate(one);
  }).observe(document.body, { childList: true, subtree: true });
}"""


def walk(page: Page) -> None:
    """Answer each question with its first answer, as slowly as a person reads."""
    for _ in range(20):
        link = page.locator("[data-live] [data-state] a[data-answer]:visible").first
        if not link.count():
            return
        link.click()
        page.wait_for_timeout(700)


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_a_translated_guide_goes_to_its_result_and_keeps_the_names_of_bodies(open_page: OpenPage, locale: str) -> None:
    page = open_page("guide/", locale=locale, width=375)
    page.evaluate(TRANSLATION)
    page.wait_for_selector('[data-guide][data-engine="python"]', timeout=60_000)
    walk(page)
    cards = page.locator("[data-live] [data-body]:visible")
    expect(cards.first).to_be_visible()
    model = knowledge().model
    shown = page.locator("[data-live]").inner_text()
    assert "слово" in shown
    ids = cards.evaluate_all("all => all.map((one) => one.dataset.body)")
    named = [model.bodies[body] for body in ids if is_name(model.bodies[body].name)]
    assert named and all(body.short[locale].split("\u00a0")[0] in shown for body in named)
    numbers = page.locator("[data-live] a[href^='tel:']").evaluate_all("all => all.map((one) => one.textContent)")
    assert all(re.search(r"\d", number) for number in numbers)
    page.go_back()
    expect(page.locator("[data-live] a[data-answer]:visible").first).to_be_visible()


@pytest.mark.parametrize("page", ["organismes/defenseur-des-droits/index.html", "en/organismes/ars/index.html"])
def test_the_page_of_a_body_keeps_its_name(site: Path, page: str) -> None:
    assert re.search(r'<h1 [^>]*translate="no"[^>]*>', (site / page).read_text("utf-8"))


def test_what_is_only_words_is_translated() -> None:
    names = {body.id for body in knowledge().bodies.values() if is_name(body.name)}
    assert {"defenseur-des-droits", "commission-mixte-conciliation", "ars"} <= names
    assert not {"aide-acces-soins", "info-simple", "urgences"} & names
