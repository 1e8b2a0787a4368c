"""What the templates put on the built pages: help in an emergency, and that this is information, once each."""

from pathlib import Path

import pytest
from lxml import html

from scripts.content.macros import page_url
from scripts.content.page import Page, read_pages

FOLDERS = {"fr": "", "en": "en/"}
ADVICE = {"fr": "Ce n’est pas un conseil juridique.", "en": "It is not legal advice."}
NUMBERS = {"tel:15", "tel:112", "sms:114"}


def built(site: Path, page: Page) -> html.HtmlElement:
    return html.fromstring((site / FOLDERS[page.locale] / page_url(page.path) / "index.html").read_bytes())


def patient_pages(locale: str) -> list[Page]:
    return [page for page in read_pages(locale) if page.meta["audience"] == "patients"]


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_every_patient_page_says_once_whom_to_call_in_an_emergency(site: Path, locale: str) -> None:
    assert len(patient_pages(locale)) >= 25
    for page in patient_pages(locale):
        asides = built(site, page).xpath("//aside[contains(concat(' ', @class, ' '), ' emergency ')]")
        assert len(asides) == 1, page.name
        assert set(asides[0].xpath(".//a/@href")) == NUMBERS, page.name


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_every_patient_page_says_once_that_it_is_no_legal_advice(site: Path, locale: str) -> None:
    for page in patient_pages(locale):
        assert " ".join(built(site, page).xpath("//body//text()")).count(ADVICE[locale]) == 1, page.name
        assert ADVICE[locale] not in page.text, page.name


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_every_page_has_its_summary_and_its_day_of_comparison(site: Path, locale: str) -> None:
    for page in read_pages(locale):
        assert built(site, page).xpath("//meta[@name='description']/@content") == [page.meta["description"]], page.name


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_no_macro_is_left_unread_on_a_page(site: Path, locale: str) -> None:
    for page in read_pages(locale):
        [main] = built(site, page).xpath("//main")
        text = " ".join(main.itertext())
        assert "{{" not in text and "{:" not in text and "\ue000" not in text and "[?]" not in text, page.name


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_references_lead_to_pages_that_exist(site: Path, locale: str) -> None:
    met = 0
    for page in read_pages(locale):
        folder = site / FOLDERS[locale] / page_url(page.path)
        for address in built(site, page).xpath("//span[contains(concat(' ', @class, ' '), ' refs ')]//a/@href"):
            met += 1
            target = (folder / address.partition("#")[0]).resolve()
            assert (target / "index.html").exists(), f"{page.name}: {address}"
    assert met > 800
