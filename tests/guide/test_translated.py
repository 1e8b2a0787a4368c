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
    for (const link of root.querySelectorAll("a[href]")) link.dataset.was ??= link.textContent;
    if (root.matches("a[href]")) root.dataset.was ??= root.textContent;
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT), texts = [];
    while (walk.nextNode()) if (walk.currentNode.data.trim() && !kept(walk.currentNode)) texts.push(walk.currentNode);
    for (const text of texts) {
      const outer = document.createElement("font"), inner = document.createElement("font");
      inner.textContent = text.data.replace(/\\p{L}+/gu, "слово").replace(/\\d/g, "٣");   // some languages write digits of their own
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


DRAWN = "all => all.map((one) => [one.getAttribute('href'), one.dataset.was, one.textContent])"


def changed_names(page: Page, inside: str = "") -> tuple[int, list[tuple[str, str, str]]]:
    """Return how many links call, or lead to a body or to a text of law, and those that lost a number or a name (href, before, after)."""
    css = ", ".join(f"{inside} a[href{kind}]" for kind in ("^='tel:'", "^='sms:'", "*='organismes/'", "*='droit/'"))
    found = [tuple(one) for one in page.locator(css).evaluate_all(DRAWN)]
    bodies = knowledge().model.bodies
    lost = []
    for href, before, after in found:
        numbers = re.findall(r"\d[\d\s.–-]*", before)
        body = bodies.get(href.rstrip("/").rpartition("/")[2])
        names = [name for name in (*body.short.words.values(), *body.name.words.values()) if name in before] if (
            body and is_name(body.name)) else []
        if not all(part.strip() in after for part in (*numbers, *names)):
            lost.append((href, before, after))
    return len(found), lost


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
    count, lost = changed_names(page)
    assert count > 10 and lost == []
    page.go_back()
    expect(page.locator("[data-live] a[data-answer]:visible").first).to_be_visible()


@pytest.mark.parametrize("path", ["", "organismes/", "organismes/defenseur-des-droits/", "patients/urgence/"])
def test_a_translated_page_keeps_numbers_articles_and_names_of_bodies(open_page: OpenPage, path: str) -> None:
    page = open_page(path)
    page.evaluate(TRANSLATION)
    count, lost = changed_names(page)
    assert count and lost == []


@pytest.mark.parametrize("page", ["organismes/defenseur-des-droits/index.html", "en/organismes/ars/index.html"])
def test_the_page_of_a_body_keeps_its_name(site: Path, page: str) -> None:
    assert re.search(r'<h1 [^>]*translate="no"[^>]*>', (site / page).read_text("utf-8"))


def test_what_is_only_words_is_translated() -> None:
    names = {body.id for body in knowledge().bodies.values() if is_name(body.name)}
    assert {"defenseur-des-droits", "commission-mixte-conciliation", "ars"} <= names
    assert not {"aide-acces-soins", "info-simple", "urgences"} & names
