"""The pages of languages: each part in its voice and direction, one tap to show a sentence, no script, nothing wider than a phone."""

import re
from pathlib import Path

import pytest

from scripts.content.card_files import our_card
from scripts.site.serve import SiteServer, serving
from tests.conftest import NewContext, OpenPage
from tests.site.test_files import nu_messages
from tests.site.test_offline import visit, wait_kept
from tests.site.test_pages import WIDER, violations

CODES = sorted(our_card().languages)
LOOKED_AT = ("ar", "ta", "fa")


def html(site: Path, place: str) -> str:
    return (site / place / "index.html").read_text("utf-8")


def test_every_language_has_a_page_with_its_papers_and_no_counterpart(site: Path) -> None:
    for code in CODES:
        page = html(site, f"langues/{code}")
        assert 'rel="alternate" hreflang' not in page
        assert not (site / "en" / "langues" / code).exists()
        for paper in re.findall(r'href="(\.\./\.\./depliants/[^"]+)"', page):
            assert (site / "langues" / code / paper).resolve().is_file(), paper
        assert page.count("depliants/carte-") == 2


def test_both_sites_name_each_language_in_its_own_letters(site: Path) -> None:
    for place in ("langues", "en/langues"):
        page = html(site, place)
        for one in our_card().languages.values():
            assert f'lang="{one.code}" dir="{one.direction}">{one.own}</span>' in page, (place, one.code)
            assert re.search(rf'href="(?:\.\./\.\./langues/)?{one.code}/"', page), (place, one.code)


def test_the_first_screen_of_every_page_leads_to_each_language_by_its_own_name(site: Path) -> None:
    pages = [file for file in site.rglob("index.html") if "embed" not in file.parts]
    assert len(pages) > 300
    for file in pages:
        text = file.read_text("utf-8")
        if "<header" in text:
            names = text.partition('<p class="tongues">')[2].partition("</p>")[0]
            linked = re.findall(r'<a href="([^"]+)" lang="([a-z]+)"(?: dir="rtl")?>([^<]+)</a>', names)
            assert [code for _, code, _ in linked][:4] == ["ar", "bn", "ta", "ru"], file
            assert sorted((code, own) for _, code, own in linked) == [(one, our_card().languages[one].own) for one in CODES], file
            for href, code, _ in linked:
                assert (file.parent / href / "index.html").resolve() == (site / "langues" / code / "index.html").resolve(), (file, href)


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_the_names_of_languages_take_one_line(open_page: OpenPage, width: int) -> None:
    page = open_page("", width=width)
    box = page.locator(".tongues").bounding_box()
    assert box and box["height"] <= 46 and box["y"] + box["height"] <= 360      # a finger's height, and the end of a scroll bar
    assert len(set(page.locator(".tongues a").evaluate_all("all => all.map((one) => Math.round(one.getBoundingClientRect().bottom))"))) == 1


@pytest.mark.parametrize(("place", "javascript"), [("", True), ("guide/", False), ("en/patients/premiers-pas/", True)])
def test_one_tap_on_the_line_opens_any_language_on_a_small_phone(open_page: OpenPage, axe_source: str, place: str,
                                                                  javascript: bool) -> None:
    page = open_page(place, width=320, javascript=javascript)
    names = page.locator(".tongues a[lang]")
    assert names.count() == len(CODES)
    shown = [box for name in names.all() if (box := name.bounding_box()) and box["x"] + box["width"] <= 320]
    assert len(shown) >= 4, "a phone shows one name of each script before anything moves"
    last = names.last
    last.focus()
    box = last.bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 320 and box["height"] >= 24, "the keyboard moves the line"
    assert not page.evaluate(WIDER)
    if javascript:   # axe waits for timers, which never come without it; the guide is gone through in test_pages.py
        page.evaluate(axe_source)
        found = violations(page)
        assert not found, "\n".join(found)
    page.locator(".tongues a[lang=ta]").click()
    assert page.locator("h1 [lang=ta]").is_visible()


@pytest.mark.parametrize("code", ["ar", "ta"])
def test_a_page_of_a_language_is_valid_html(server: SiteServer, java: Path, code: str) -> None:
    assert not (found := nu_messages(java, server, [server.site / "langues" / code / "index.html"])), "\n".join(found)


def test_a_visited_page_of_a_language_shows_its_sentences_without_a_network(site: Path, new_context: NewContext) -> None:
    page = new_context(service_workers="allow").new_page()
    with serving(site) as server:
        address = f"{server.url}langues/ar/"
        visit(page, address)
        page.goto(address)
        wait_kept(page, "/langues/ar/")
        wait_kept(page, "/css/languages.")
    page.context.set_offline(True)
    page.goto(address)
    page.locator(".duo-sentence").nth(4).click()
    shown = page.locator(".duo-show:target")
    assert "C’est urgent" in shown.inner_text()
    assert shown.evaluate("(box) => getComputedStyle(box).position") == "fixed", "no style"


@pytest.mark.parametrize("code", LOOKED_AT)
def test_axe_finds_nothing_in_either_direction(open_page: OpenPage, axe_source: str, code: str) -> None:
    for place in (f"langues/{code}/", f"langues/{code}/#montrer-3"):
        page = open_page(place)
        page.evaluate(axe_source)
        found = violations(page)
        assert not found, "\n".join(found)


@pytest.mark.parametrize("code", CODES)
def test_nothing_is_wider_than_a_small_phone(open_page: OpenPage, code: str) -> None:
    page = open_page(f"langues/{code}/", width=320)
    assert not page.evaluate(WIDER)
    page = open_page(f"langues/{code}/#montrer-11", width=320)
    assert not page.evaluate(WIDER)


@pytest.mark.parametrize("code", ["ar", "ta"])
def test_one_tap_shows_a_sentence_on_the_whole_screen_without_a_script(open_page: OpenPage, code: str) -> None:
    page = open_page(f"langues/{code}/", width=375, javascript=False)
    sentence = page.locator(".duo-sentence").nth(4)
    sentence.click()
    shown = page.locator(".duo-show:target")
    box, size = shown.bounding_box(), page.viewport_size
    assert box and size and (box["width"], box["height"]) == (size["width"], size["height"])
    assert "C’est urgent" in shown.inner_text()
    letters = shown.locator(".french").evaluate("(p) => parseFloat(getComputedStyle(p).fontSize)")
    assert letters >= 36
    own = shown.locator(".own")
    assert (own.get_attribute("lang"), own.get_attribute("dir")) == (code, "rtl" if code == "ar" else "ltr")
    shown.locator("a").click()
    assert page.locator(".duo-show:target").count() == 0
    assert page.locator(".duo-sentence").nth(4).is_visible()


def test_a_number_keeps_its_order_among_arabic_letters(open_page: OpenPage) -> None:
    page = open_page("langues/ar/", width=375)
    link = page.locator(".duo-part--danger .own a[href='sms:114']")
    assert link.inner_text() == "114"
    assert link.locator("bdi").get_attribute("dir") == "ltr"
    assert page.locator(".duo-part--danger .own").first.evaluate("(p) => getComputedStyle(p).direction") == "rtl"


def test_a_page_of_a_language_is_printed_with_both_languages_side_by_side(open_page: OpenPage) -> None:
    page = open_page("langues/ar/", width=800)
    page.emulate_media(media="print")
    pair = page.locator(".duo-list > li").first
    french, own = (pair.locator(name).bounding_box() for name in (".french", ".own"))
    assert french and own and french["x"] + french["width"] <= own["x"] + 1
    assert not page.locator(".duo-files").is_visible()
