"""The guide in the pages of other sites: site and host have two names and two ports on this machine."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Frame, Page, expect

from decision_tree.authoring.load import knowledge
from scripts.embed import VERSIONS
from scripts.serve import SiteServer
from tests.embed_hosts import HostServer, guide_frame, hosting, open_host
from tests.conftest import NewContext


@pytest.fixture(scope="module")
def host(server: SiteServer) -> Iterator[HostServer]:
    with hosting(server.url) as running:
        yield running


def height(page: Page, number: int = 0) -> float:
    box = page.locator("iframe").nth(number).bounding_box()
    assert box is not None
    return box["height"]


def answer(frame: Frame, fact: str, value: str) -> None:
    frame.locator(f'a[data-answer="{fact}={value}"]:visible').first.click()


def steps(page: Page) -> list[list[int]]:
    return [detail for name, detail in page.evaluate("window.events ?? []") if name == "step"]


def walk_to_the_end(page: Page, frame: Frame) -> list[str]:
    """Answer each question with its first answer; return the answers given."""
    given = []
    for _ in range(15):
        link = frame.locator("a[data-answer]:visible").first
        if not link.count():
            break
        given.append(str(link.get_attribute("data-answer")))
        link.click()
        page.wait_for_function(
            "n => window.events.filter(([name]) => name === 'step' || name === 'end').length > n", arg=len(given)
        )
        if page.evaluate("window.events.some(([name]) => name === 'end')"):
            break
    return given


def test_a_link_becomes_the_guide(host: HostServer, new_context: NewContext) -> None:
    page = open_host(new_context(), f"{host.url}plain.html")
    frame = guide_frame(page)
    assert frame.url.startswith(host.site + "embed/")
    assert page.locator("iframe").get_attribute("title") == "Un soin vous a été refusé ? Voyez qui peut vous aider."
    expect(page.locator("a[data-embed]")).to_be_hidden()
    expect(frame.locator("h1")).to_have_count(1)
    assert frame.title().startswith("Le guide")
    assert page.evaluate("scrollY") == 0
    assert page.evaluate("document.activeElement === document.body")


def test_the_frame_grows_and_shrinks_with_the_guide(host: HostServer, new_context: NewContext) -> None:
    page = open_host(new_context(width=375), f"{host.url}plain.html")
    frame = guide_frame(page)
    page.wait_for_function("window.events.some(([name]) => name === 'height')")
    first = height(page)
    answer(frame, "asker", "victime")
    page.wait_for_function("first => document.querySelector('iframe').offsetHeight > first + 200", arg=first)
    tall = height(page)
    frame.evaluate("history.back()")
    page.wait_for_function("tall => document.querySelector('iframe').offsetHeight < tall - 200", arg=tall)
    assert frame.evaluate("document.documentElement.scrollHeight <= innerHeight")
