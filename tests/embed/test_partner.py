"""The page for partners, and what its form writes; the colour of a site is readable, whatever it is."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

from scripts.project.paths import ROOT
from scripts.site.embed import TOKENS, facts
from tests.conftest import NewContext, OpenPage

GROUNDS = ("--paper", "--card", "--sand")


def themes() -> list[list[str]]:
    """Return the backgrounds of the light theme, then of the dark one."""
    text = TOKENS.read_text("utf-8")
    values = [re.findall(rf"{name}: (#[0-9a-f]+);", text)[:2] for name in GROUNDS]
    return [list(theme) for theme in zip(*values, strict=True)]


def test_any_colour_becomes_readable_and_any_fragment_can_be_read() -> None:
    command = ["node", str(ROOT / "tests" / "embed" / "units.mjs"), json.dumps(themes())]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    counted = json.loads(done.stdout)
    assert counted["worst"] >= 4.5 and 0 < counted["kept"] < counted["colours"] == 10_000


def test_the_form_judges_colours_on_the_grounds_of_the_site() -> None:
    script = (ROOT / "overrides" / "assets" / "js" / "embed-partner.mjs").read_text("utf-8")
    light = re.search(r"const LIGHT = \[(.*)\];", script)
    assert light is not None
    assert [one.replace("#ffffff", "#fff") for one in re.findall(r"#[0-9a-f]+", light[1])] == themes()[0]


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_without_scripts_the_page_gives_the_codes(open_page: OpenPage, locale: str) -> None:
    page = open_page("partenaires/", locale=locale, javascript=False)
    given = "all => all.map((one) => one.dataset.code)"
    assert page.locator("code[data-code]").evaluate_all(given) == ["link", "upgrade", "frame"]
    assert page.locator("a[data-seen]").is_visible() and str(page.locator("a[data-seen]").get_attribute("href")).endswith("guide/")
    technical = open_page("partenaires/integrer/", locale=locale, javascript=False)
    assert technical.locator("code[data-code]").evaluate_all(given) == ["script", "markdown", "application"]
    assert "/guide/#embed)" in technical.locator('code[data-code="markdown"]').inner_text()
    assert facts()["integrity"] in technical.locator('code[data-code="application"]').inner_text()
    assert "<a href=" in page.locator('code[data-code="frame"]').inner_text()   # where a frame is removed, a link is left
    expect(page.locator("form[data-embed-maker]")).to_be_hidden()
    assert facts()["integrity"] in page.locator('code[data-code="upgrade"]').inner_text()


def test_the_form_writes_the_codes_and_shows_the_guide(open_page: OpenPage) -> None:
    page = open_page("partenaires/", width=375)
    page.select_option("#maker-asker", "professionnel_temoin")
    page.select_option("#maker-ground", "ame")
    page.fill("#maker-dep", "59")
    page.select_option("#maker-caisse", label="CPAM des Flandres")
    page.fill("#maker-accent", "#ffcc00")
    assert page.locator("iframe, script[data-preview]").count() == 0   # nothing is loaded before it is asked for
    page.get_by_role("button", name="Écrire le code").click()
    code = page.locator('code[data-code="upgrade"]').inner_text()
    assert "guide/#embed&amp;dep=59&amp;caisse=594&amp;accent=ffcc00&amp;asker=professionnel_temoin&amp;ground=ame" in code
    expect(page.locator("[data-done]")).to_contain_text("le guide utilisera #")
    seen = page.locator("a[data-seen]")
    assert str(seen.get_attribute("href")).endswith("guide/#dep=59&caisse=594&accent=ffcc00&asker=professionnel_temoin&ground=ame")
    page.locator("iframe").scroll_into_view_if_needed()
    expect(page.locator("[data-place] a")).to_be_hidden()
    frame = page.frame_locator("iframe")
    expect(frame.locator("a[data-answer]:visible").first).to_be_visible()
    expect(frame.locator('a[data-answer^="asker="]:visible, a[data-answer^="ground="]:visible')).to_have_count(0)
    assert page.frames[1].evaluate("document.documentElement.style.getPropertyValue('--host-accent')") != "#ffcc00"
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


def test_a_field_that_cannot_be_read_says_what_to_write(open_page: OpenPage) -> None:
    page = open_page("partenaires/")
    before = page.locator('code[data-code="link"]').inner_text()
    page.fill("#maker-dep", "99")
    page.get_by_role("button", name="Écrire le code").click()
    assert page.evaluate("document.activeElement.id") == "maker-dep"
    assert page.locator("#maker-dep").get_attribute("aria-invalid") == "true"
    expect(page.locator("#maker-dep-hint")).to_contain_text("Ce département n’existe pas.")
    assert page.locator('code[data-code="link"]').inner_text() == before
    page.fill("#maker-dep", "2a")
    page.get_by_role("button", name="Écrire le code").click()
    assert page.locator("#maker-dep").get_attribute("aria-invalid") is None
    assert "#dep=2A" in page.locator('code[data-code="link"]').inner_text()


@pytest.mark.parametrize(("locale", "colour", "width"), [("fr", "light", 375), ("en", "dark", 1280)])
def test_axe_finds_nothing_on_the_page_for_partners(
    open_page: OpenPage, axe_source: str, locale: str, colour: str, width: int
) -> None:
    page = open_page("partenaires/", locale=locale, width=width, color_scheme=colour)  # type: ignore[arg-type]
    page.fill("#maker-dep", "99")
    page.locator("form[data-embed-maker] [type=submit]").click()
    page.evaluate(axe_source)
    found = page.evaluate("axe.run(document, { iframes: false })")
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found["violations"]] == []


@pytest.mark.parametrize(("kind", "mark"), [("upgrade", "#embed"), ("markdown", "#embed"), ("frame", "/guide/"), ("link", "/guide/")])
def test_a_copied_code_is_a_link_for_a_visual_editor_and_code_for_the_others(open_page: OpenPage, kind: str, mark: str) -> None:
    place = "partenaires/integrer/" if kind == "markdown" else "partenaires/"
    page = open_page(place, permissions=["clipboard-read", "clipboard-write"])
    page.locator(f'button[data-copy="{kind}"]').click()
    expect(page.locator(f'button[data-copy="{kind}"] + [role=status]')).to_have_text("Le code est copié.")
    page.evaluate("""() => {
      document.body.innerHTML = '<div contenteditable id="visual"></div><textarea id="source"></textarea>';
    }""")
    for box in ("#visual", "#source"):
        page.focus(box)
        page.keyboard.press("Control+V")
    assert mark in str(page.locator("#visual a").get_attribute("href"))
    shown = " ".join(page.locator("#visual").inner_text().split())   # no-break spaces too
    assert shown == "Un soin vous a été refusé ? Voyez qui peut vous aider."
    source = page.locator("#source").input_value()
    assert mark in source and ("<a" in source or "](" in source)


@pytest.mark.parametrize(("kind", "link"), [("upgrade", True), ("frame", True), ("link", True), ("script", False)])
def test_a_code_selected_and_copied_by_hand_is_what_the_button_gives(open_page: OpenPage, kind: str, link: bool) -> None:
    page = open_page("partenaires/integrer/" if kind == "script" else "partenaires/", permissions=["clipboard-read", "clipboard-write"])
    code = page.locator(f'code[data-code="{kind}"]')
    text = code.inner_text()
    code.evaluate("code => getSelection().selectAllChildren(code)")
    page.keyboard.press("Control+C")
    kinds = page.evaluate("""async () => {
      const [item] = await navigator.clipboard.read();
      return Object.fromEntries(await Promise.all(item.types.map(async (type) => [type, await (await item.getType(type)).text()])));
    }""")
    assert kinds["text/plain"].split() == text.split()
    assert bool(re.search(r"<a href=[^>]*/guide/", kinds.get("text/html", ""))) is link
    assert "&lt;iframe" not in kinds.get("text/html", "") or not link


def test_a_part_of_a_code_is_copied_as_it_is(open_page: OpenPage) -> None:
    page = open_page("partenaires/", permissions=["clipboard-read", "clipboard-write"])
    page.locator('code[data-code="upgrade"]').evaluate("code => getSelection().setBaseAndExtent(code.firstChild, 0, code.firstChild, 9)")
    page.keyboard.press("Control+C")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator('code[data-code="upgrade"]').inner_text()[:9]


def test_a_frame_pasted_alone_keeps_its_height_under_a_theme_that_takes_it_away(open_page: OpenPage, new_context: NewContext) -> None:
    code = re.sub('src="[^"]*"', "", open_page("partenaires/", javascript=False).locator('code[data-code="frame"]').inner_text())
    page = new_context().new_page()
    page.set_content(f"<!doctype html><style>iframe {{ height: auto !important }}</style>{code}")
    box = page.locator("iframe").bounding_box()
    assert box is not None and box["height"] == 800


def test_the_frozen_pages_name_no_file_of_the_build() -> None:
    for page in (ROOT / "embed" / "versions").glob("*/host.html"):
        assert re.findall(r"\{\w+\}", page.read_text("utf-8")) == ["{SITE}"] * 2, Path(page).name
