"""Our code in a real WordPress: written in its view of the code, then pasted into its editor.

An administrator may publish any code; of what an author writes, WordPress keeps what is harmless.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from scripts.site.embed import facts
from scripts.site.serve import SiteServer
from tests.conftest import NewContext
from tests.embed.conftest import KINDS
from tests.embed.test_sanitizers import PASTING, all_that_is_left_is_a_link, copied
from tests.support.hosts import as_served, guide_frame, open_host
from tests.support.wordpress import WordPress, publish_from_editor, wordpress

pytestmark = [pytest.mark.prove, pytest.mark.early]

CONTENT = "document.querySelector('.entry-content').innerHTML"


@pytest.fixture(scope="module")
def partner() -> Iterator[WordPress]:
    with wordpress() as running:
        yield running


@pytest.fixture
def codes(codes: dict[str, str], server: SiteServer) -> dict[str, str]:
    """The codes of the page for partners, for our site as it is served here."""
    return {kind: as_served(code, server.url) for kind, code in codes.items()}


def leads_to_the_guide(page: Page, server: SiteServer) -> None:
    """The link of the page is seen, and opens the guide's first question."""
    link = page.locator('.entry-content a[href*="/guide/"]')
    expect(link).to_have_count(1)
    link.click()
    page.wait_for_url(re.compile(re.escape(f"{server.url}guide/")))
    expect(page.locator('a[data-answer="asker=victime"]:visible')).to_have_count(1)


def answers(frame_page: Page) -> None:
    """The guide stands in the page, tall enough for its question, and goes to the next one."""
    frame = guide_frame(frame_page)
    expect(frame_page.locator('a[href*="/guide/"]')).to_be_hidden()
    frame.locator('a[data-answer="asker=victime"]:visible').click()
    expect(frame.locator('a[data-answer="ground=c2s"]:visible')).to_have_count(1)
    assert frame_page.locator("iframe").evaluate("one => one.offsetHeight") > 300


@pytest.mark.parametrize("kind", ["link", "upgrade"])
def test_an_administrator_shows_the_guide(partner: WordPress, new_context: NewContext, codes: dict[str, str], kind: str) -> None:
    page = open_host(new_context(), partner.publish("administrator", codes[kind]))
    if kind == "upgrade":
        answers(page)
    else:
        expect(page.locator('.entry-content a[href*="/guide/"]')).to_be_visible()


def test_an_administrator_shows_the_frame_alone(partner: WordPress, new_context: NewContext, codes: dict[str, str]) -> None:
    page = open_host(new_context(), partner.publish("administrator", codes["frame"]))
    frame = page.frame_locator("iframe")
    frame.locator('a[data-answer="asker=victime"]:visible').click()
    expect(frame.locator('a[data-answer="ground=c2s"]:visible')).to_have_count(1)


@pytest.mark.parametrize("kind", KINDS)
def test_an_author_keeps_a_link_that_leads(
    partner: WordPress, new_context: NewContext, codes: dict[str, str], server: SiteServer, kind: str
) -> None:
    page = open_host(new_context(), partner.publish("author", codes[kind]))
    all_that_is_left_is_a_link(kind, page.evaluate(CONTENT))
    leads_to_the_guide(page, server)


def test_an_authors_link_becomes_the_guide_where_the_theme_has_the_script(
    partner: WordPress, new_context: NewContext, codes: dict[str, str], server: SiteServer
) -> None:
    page = open_host(new_context(), partner.publish("author", codes["upgrade"]))
    page.add_script_tag(url=f"{server.url}{facts()['file']}")
    answers(page)


@pytest.mark.parametrize("user", ["administrator", "author"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_copied_code_pasted_into_the_text_is_a_link(
    partner: WordPress, new_context: NewContext, server: SiteServer, kind: str, user: str
) -> None:
    context = new_context(**PASTING)
    copied(context, server, kind)
    page = partner.editor(context, user)
    page.keyboard.press("Enter")
    page.keyboard.press("Control+V")
    page.wait_for_function("wp.data.select('core/editor').getEditedPostContent().includes('refus')")
    shown = open_host(new_context(), publish_from_editor(page))
    assert "&lt;" not in shown.evaluate(CONTENT)
    link = shown.locator('.entry-content a[href*="/guide/"]')
    expect(link).to_be_visible()
    assert ("#embed" in str(link.get_attribute("href"))) == (kind == "upgrade")
