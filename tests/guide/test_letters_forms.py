"""From the home page to the letter, with a keyboard alone; files made on the device; nothing kept, sent or asked for."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import pypdf
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Download, Page
from pypdf import PdfReader

from decision_tree.authoring.show.compiled_guide import compiled
from decision_tree.locales import LOCALES
from scripts.leaflets.validators import by_verapdf
from scripts.site.serve import Handler, SiteServer
from tests.conftest import NewContext, OpenPage
from tests.support.guide_pages import DENTIST, DENTIST_BODIES, bodies, follow, reset, unfold, unfold_letter, wait_for_python
from tests.support.lanes import PROVING, first, sample
from tests.support.letters import DAY, LETTERS, TYPED, case, expected, way_of

NOON = datetime(DAY.year, DAY.month, DAY.day, 12)


def tab_to(page: Page, selector: str, limit: int = 400) -> None:
    """Press Tab until this is focused."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        if page.evaluate("selector => Boolean(document.activeElement?.matches(selector))", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector} on {page.url}")


def by_keyboard(page: Page, selector: str) -> None:
    tab_to(page, selector)
    page.keyboard.press("Enter")


def to_result(page: Page, links: tuple[str, ...]) -> None:
    """Go from the home page to a result by keyboard."""
    by_keyboard(page, 'main a[href$="guide/"], .hero a[href*="guide/"], .menu-item--guide a')
    wait_for_python(page)
    for link in links:
        group = f'[data-live] .guide-group:not([open]):has(a[data-answer="{link}"]) > summary'
        page.locator(f'[data-live] a[data-answer="{link}"]').wait_for(state="attached")
        if page.locator(group).count():
            by_keyboard(page, group)
        by_keyboard(page, f'[data-live] a[data-answer="{link}"]')
        page.wait_for_function("link => !document.querySelector(`[data-live] a[data-answer=\"${link}\"]`)", arg=link)


def write_letter(page: Page, letter: str) -> str:
    """Open a letter by keyboard, type what it asks for, and return its text."""
    unfold(page)
    reset(page)
    by_keyboard(page, f'[data-live] [data-letter="{letter}"]')
    page.wait_for_selector("[data-letter-form]")
    if page.locator("[data-letter-form] details:not([open])").count():
        by_keyboard(page, "[data-letter-form] summary")
    for name, value in TYPED.items():
        if page.locator(f"#l-{name}").count():
            tab_to(page, f"#l-{name}")
            for number, line in enumerate(value.split("\n")):
                if number:
                    page.keyboard.press("Enter")
                page.keyboard.insert_text(line)
    page.locator("[data-letter-form] button").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-letter-text]")
    return page.locator("[data-letter-text]").input_value()


PROFESSIONAL = {"reponse-plainte", "fin-de-suivi", "reponse-avis"}     # what a professional may write of a complaint


@pytest.mark.sampled
@pytest.mark.parametrize("width", sample([320, 1280]))
@pytest.mark.parametrize("locale", sample(LOCALES))
def test_every_case_goes_from_the_home_page_to_its_letter_by_keyboard(open_page: OpenPage, locale: str, width: int) -> None:
    guide, _ = compiled()
    page = open_page(locale=locale, width=width)
    page.clock.set_fixed_time(NOON)
    home, wrong = page.url, []
    for name in LETTERS if PROVING else ("c01", "c20", "c33"):
        letter = LETTERS[name]
        page.goto(home)
        way = way_of(guide, name)
        to_result(page, way.links)
        for fact, value in way.refined.items():
            refine(page, fact, value)
        if bodies(page) != list(case(name).expected):
            wrong.append(f"{name}: {bodies(page)}")
        elif letter is None:
            page.wait_for_selector("[data-live] [data-letter]", state="attached")     # folded
            offered = page.eval_on_selector_all("[data-live] [data-letter]", "all => all.map((one) => one.dataset.letter)")
            assert set(offered) == PROFESSIONAL, offered
        elif (text := write_letter(page, letter)) != expected(name):
            wrong.append(f"{name}: {text}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not wrong, "\n\n".join(wrong)


def refine(page: Page, fact: str, value: str) -> None:
    """Answer a question of the result by keyboard, once a press there counts."""
    reset(page)
    tab_to(page, "[data-live] details:has([data-refine]) > summary")
    page.keyboard.press("Enter")
    page.locator(f'[data-refine] input[name="{fact}"][value="{value}"]').focus()
    page.keyboard.press("Space")
    page.locator("[data-refine] button").focus()
    page.keyboard.press("Enter")
    page.wait_for_function(
        "([fact, value]) => JSON.parse(document.querySelector('[data-live] [data-answers]').dataset.answers)[fact] === value",
        arg=[fact, value])


def result_with_letter(open_page: OpenPage, letter: str = "president-ordre", **options: object) -> Page:
    page = open_page("guide/", **options)  # type: ignore[arg-type]
    wait_for_python(page)
    follow(page, DENTIST)
    unfold(page)
    page.locator(f'[data-letter="{letter}"]').click()
    page.wait_for_selector("[data-letter-form]")
    return page


def fill(page: Page) -> None:
    unfold_letter(page)
    for name, value in TYPED.items():
        if page.locator(f"#l-{name}").count():
            page.locator(f"#l-{name}").fill(value)
    page.locator("[data-letter-form] button").click()
    page.wait_for_selector("[data-letter-text]")


def saved(page: Page, kind: str) -> Download:
    with page.expect_download() as waiting:
        page.locator(f'[data-letter-do="{kind}"]').click()
    return waiting.value


def test_missing_fields_are_listed_linked_and_marked(open_page: OpenPage) -> None:
    page = result_with_letter(open_page, locale="en", width=375)
    reset(page)
    page.locator("[data-letter-form] button").click()
    errors = page.locator(".guide-errors")
    errors.wait_for()
    page.wait_for_function("() => document.activeElement.className === 'guide-errors'")   # once the tree has settled
    assert errors.locator("li").count() == 5 and "R. 1110-11" in errors.inner_text().replace("\u00a0", " ")
    assert page.locator("[aria-invalid=true]").count() == 5
    errors.locator("a[data-to]").nth(3).click()
    assert page.evaluate("document.activeElement.id") == "l-professional"
    assert not page.locator("[data-letter-text]").count()


@pytest.mark.parametrize("locale", LOCALES)
def test_the_letter_is_seen_as_it_grows_and_its_details_are_folded(open_page: OpenPage, locale: str) -> None:
    page = result_with_letter(open_page, locale=locale, width=375)
    page.clock.set_fixed_time(NOON)
    seen = page.locator("[data-preview] [lang=fr]")
    assert "Madame, Monsieur," in seen.inner_text() and "…" in seen.inner_text()
    assert page.locator("#l-facts").is_visible() and not page.locator("#l-said").is_visible()
    assert page.locator("[data-letter-form] > [data-field]:visible").count() == 5
    page.locator("#l-name").fill("Camille Exemple")
    page.locator("#l-phone").fill("01 23 45 67 89")
    page.locator("#l-email").fill("camille@exemple.fr")
    seen.get_by_text("01 23 45 67 89").wait_for()
    assert seen.inner_text().startswith("Camille Exemple\n")
    if locale == "en":
        reading = page.locator("[data-preview] .letter-reading:not([lang])")
        assert "Dear Sir or Madam," in reading.inner_text() and reading.inner_text().startswith("Camille Exemple\n")
    fill(page)
    assert not page.locator(".letter-preview").is_visible()
    assert page.locator("[data-letter-text]").input_value().startswith("Camille Exemple\n1 rue des Lilas\n75011 Paris\n01 23 45 67 89\n")


def test_the_letter_is_french_whatever_the_language_and_may_be_corrected(open_page: OpenPage) -> None:
    page = result_with_letter(open_page, locale="en")
    page.clock.set_fixed_time(NOON)
    fill(page)
    text = page.locator("[data-letter-text]")
    assert text.get_attribute("lang") == "fr" and text.input_value() == expected("c01")
    assert page.get_by_text("registered post with acknowledgement of receipt").is_visible()
    assert "Dear Sir or Madam," in page.locator("[data-written] .letter-reading").inner_text()
    text.fill(text.input_value().replace("Docteur Modèle", "Docteur Corrigé"))
    assert "Docteur Corrigé" in Path(saved(page, "txt").path()).read_text("utf-8")


@pytest.mark.sampled
def test_the_files_hold_the_letter_and_the_pdf_says_its_structure(open_page: OpenPage, tmp_path: Path) -> None:
    page = result_with_letter(open_page)
    page.clock.set_fixed_time(NOON)
    fill(page)
    lines = [line for line in expected("c01").splitlines() if line]
    document = zipfile.ZipFile(io.BytesIO(Path(saved(page, "docx").path()).read_bytes()))
    words = re.sub(r"<[^>]+>", "\n", document.read("word/document.xml").decode()).replace("&apos;", "'")
    assert all(line in words for line in lines)
    path = tmp_path / "letter.pdf"
    saved(page, "pdf").save_as(path)
    reader = PdfReader(path)
    catalogue: Any = reader.trailer["/Root"]
    assert catalogue["/Lang"] == "fr-FR" and catalogue["/MarkInfo"]["/Marked"]
    text = " ".join("".join(one.extract_text() for one in reader.pages).split())
    assert all(" ".join(line.split()) in text for line in lines if "…" not in line)
    assert [rule for rule in by_verapdf([path])[str(path)] if rule.startswith("PDFUA")] == []


def test_the_letter_is_copied_and_printed_alone(open_page: OpenPage) -> None:
    page = result_with_letter(open_page, permissions=["clipboard-read", "clipboard-write"])
    page.evaluate("() => { window.print = () => { window.printed = document.querySelector('.letter-print').innerText; }; }")
    fill(page)
    page.locator('[data-letter-do="copy"]').click()
    page.locator("[data-letter-said]").get_by_text("copiée").wait_for()
    assert "Docteur Modèle" in page.evaluate("navigator.clipboard.readText()")
    page.locator('[data-letter-do="print"]').click()
    page.wait_for_function("() => window.printed?.includes('Docteur Modèle')")
    page.emulate_media(media="print")
    assert not page.locator("main").is_visible() and page.locator(".letter-print").is_visible()


def test_the_fund_and_the_council_go_into_the_letters(open_page: OpenPage) -> None:
    page = open_page("guide/")
    wait_for_python(page)
    follow(page, DENTIST)
    unfold(page)
    page.locator("#p-place").fill("69003")
    page.locator("#p-own").fill("01")
    page.locator("[data-local] button").click()
    page.locator("[data-found]").get_by_text("CPAM du Rhône").wait_for()
    page.locator('[data-letter="directeur-caisse"]').click()
    page.wait_for_selector("#l-fund")
    assert page.locator("#l-fund").input_value() == "CPAM du Rhône"
    page.locator("[data-close]").click()
    page.locator("[data-letter-form]").wait_for(state="detached")
    reset(page)
    unfold(page)
    page.locator('[data-live] [data-letter="mediateur"]').click()
    page.wait_for_selector("#l-own_fund")
    assert page.locator("#l-own_fund").input_value() == "CPAM de l’Ain"
    assert "69003" not in page.url


def session(new_context: NewContext, answers: tuple[str, ...], place: str, letter: str, locale: str) -> tuple[list[str], str, str]:
    """Use the guide from end to end; return what was asked, what was stored, and the address.

    The browser also asks its own cache for the icon of the site at each entry of the history: what reaches the server says so.
    """
    context = new_context(locale=locale)
    asked: list[str] = []
    context.on("request", lambda request: None if "favicon" in request.url else asked.append(request.url))
    page = context.new_page()
    page.goto("en/guide/" if locale == "en" else "guide/")
    wait_for_python(page)
    follow(page, answers)
    unfold(page)
    if page.locator("#p-place").count():
        page.locator("#p-place").fill(place)
        page.locator("[data-local] button").click()
        page.locator("[data-found] h4").first.wait_for()
    page.locator(f'[data-letter="{letter}"]').click()
    page.wait_for_selector("[data-letter-form]")
    fill(page)
    for kind in ("txt", "docx", "pdf"):
        saved(page, kind)
    stored = page.evaluate("JSON.stringify([localStorage.length, sessionStorage.length, document.cookie])")
    return asked, stored, page.url


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that reach the server."""
    paths: list[str] = []
    send_head = Handler.send_head

    def noted(handler: Handler) -> Any:
        paths.append(handler.path)
        return send_head(handler)

    monkeypatch.setattr(Handler, "send_head", noted)
    return paths


def in_order(asked: list[str]) -> tuple[list[str], list[str]]:
    """Return what was asked, in its order; our scripts apart, by name: they come all at once, before any answer."""
    scripts = [url for url in asked if "/assets/js/" in url]
    return sorted(set(scripts)), list(dict.fromkeys(url for url in asked if url not in scripts))


@pytest.mark.parametrize("locale", first(LOCALES))
def test_two_different_persons_ask_the_same_files_in_the_same_order(
    new_context: NewContext, server: SiteServer, reached: list[str], locale: str
) -> None:
    guide, _ = compiled()
    one = session(new_context, DENTIST, "59000", "president-ordre", locale)
    first = sorted(reached)
    reached.clear()
    other = session(new_context, way_of(guide, "c29").links, "2A", "directeur-caisse", locale)
    assert in_order(one[0]) == in_order(other[0]) and len(one[0]) > 8
    assert first == sorted(reached) and len(first) > 8
    assert all(address.startswith((server.url, "blob:")) for address in one[0])
    assert not any("#" in address or "?" in address for address in one[0])
    for _, stored, address in (one, other):
        assert json.loads(stored) == [0, 0, ""]
        assert not any(word in address for word in ("Camille", "Docteur", "59000", "2A", "exemple"))


def test_answers_are_kept_only_when_asked_and_erased_at_once(open_page: OpenPage) -> None:
    page = open_page("guide/")
    wait_for_python(page)
    follow(page, DENTIST)
    unfold(page)
    page.locator('[data-tool="keep"]').click()
    page.get_by_text("gardées sur cet appareil, jusqu").wait_for()
    assert "goal=reconnaissance" in page.evaluate("localStorage.getItem('guide')")
    page.goto("about:blank")
    page.goto("/guide/")
    wait_for_python(page)
    page.get_by_role("button", name="Reprendre les réponses").click()
    page.locator('[data-live] [data-body="mediateur-cpam"]').wait_for()
    assert bodies(page) == DENTIST_BODIES
    page.locator('[data-tool="erase"]').click()
    page.locator('[data-live] a[data-answer="asker=victime"]').wait_for()
    assert page.evaluate("localStorage.length") == 0 and "asker" not in page.url


def test_a_code_made_on_the_device_reopens_the_result(open_page: OpenPage) -> None:
    page = open_page("guide/", device_scale_factor=2)
    wait_for_python(page)
    follow(page, DENTIST)
    unfold(page)
    page.locator('[data-tool="code"]').click()
    code = page.locator(".guide-code")
    code.wait_for()
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(code.screenshot())))
    assert [one.text.partition("#v=")[0] for one in found] == [page.url]
    other = page.context.new_page()
    other.goto(found[0].text)
    wait_for_python(other)
    assert bodies(other) == DENTIST_BODIES


def test_the_result_prints_on_one_sheet_and_in_detail_when_asked(open_page: OpenPage) -> None:
    page = open_page("guide/", width=375)
    wait_for_python(page)
    follow(page, DENTIST)
    unfold(page)
    assert len(pypdf.PdfReader(io.BytesIO(page.pdf())).pages) == 1
    page.emulate_media(media="print")
    sheet = page.locator(".plan-sheet")
    assert sheet.locator("ol > li").count() == len(DENTIST_BODIES) and "39 28" in sheet.inner_text().replace("\u00a0", " ")
    assert not page.locator(".guide-tools").is_visible() and not page.locator(".menu").is_visible()
    page.emulate_media(media="screen")
    page.evaluate("() => { window.print = () => { window.shown = document.querySelectorAll('[data-live] .guide-more[open]').length; }; }")
    page.locator('[data-tool="print-all"]').click()
    assert page.evaluate("() => window.shown") >= len(DENTIST_BODIES)


def test_the_browsers_own_print_unfolds_too_and_folds_again(open_page: OpenPage) -> None:
    page = open_page("guide/", width=375)
    wait_for_python(page)
    follow(page, DENTIST)
    folded = "() => document.querySelectorAll('[data-live] :is(.guide-given, .guide-more:not([data-ask])):not([open])').length"
    before = page.evaluate(folded)
    assert before > len(DENTIST_BODIES)
    page.evaluate("() => { window.addEventListener('beforeprint', () => { window.left = (" + folded + ")(); }); }")
    page.pdf()
    assert page.evaluate("() => window.left") == 0
    assert page.evaluate(folded) == before


@pytest.mark.sampled
@pytest.mark.parametrize("locale", first(LOCALES))
def test_axe_finds_nothing_in_a_question_a_result_and_a_letter(open_page: OpenPage, axe_source: str, locale: str) -> None:
    page = open_page("guide/", locale=locale, width=375)
    wait_for_python(page)
    page.evaluate(axe_source)
    run: Callable[[], list[str]] = lambda: page.evaluate(  # noqa: E731
        "async () => (await axe.run('[data-live]')).violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120))}`)")
    assert run() == []
    follow(page, DENTIST)
    unfold(page)
    page.evaluate("document.querySelectorAll('[data-live] details').forEach((fold) => fold.setAttribute('open', ''))")
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        assert run() == []
    page.locator('[data-letter="president-ordre"]').click()
    page.wait_for_selector("[data-letter-form]")
    reset(page)
    page.locator("[data-letter-form] button").click()
    page.wait_for_selector(".guide-errors")
    assert run() == []
    fill(page)
    assert run() == []
