"""Forced colours, by picture, in Chromium and Firefox: words and drawings are seen; no computed colour tells it."""

import io
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from playwright.sync_api import Page

from scripts.project.engines import firefox
from scripts.site.serve import SiteServer
from tests.conftest import OpenPage
from tests.support.guide_pages import DENTIST

FORCED = {"browser.display.document_color_use": 2, "browser.display.use_system_colors": False}   # Firefox: the person's colours, always
RESULT = f"guide/#v=00000000&{'&'.join(DENTIST)}"
WORDS = {"patients/preuves/": ["[data-exit]", ".menu-item--guide a"], RESULT: ["[data-tool='print']", ".plan-first .plan-act .button"]}
DRAWN = {"": [".hero svg, .scene svg, main svg", ".brand-mark"], "chiffres/": ["figure.chart svg"]}
SEEN = 100     # greys between the darkest and the lightest: black on white is 255

Look = Callable[[str, str], Image.Image]   # the address of a page, a selector → what is drawn


@pytest.fixture(params=["Chromium", "Firefox"])
def look(request: pytest.FixtureRequest, open_page: OpenPage, server: SiteServer) -> Iterator[Look]:
    if request.param == "Chromium":
        page = open_page("", forced_colors="active", width=1280)
        yield lambda path, css: in_chromium(page, f"{server.url}{path}", css)
        return
    with firefox(settings=FORCED) as browser:
        def in_firefox(path: str, css: str) -> Image.Image:
            browser.open("about:blank")
            browser.open(f"{server.url}{path}")
            browser.wait("matchMedia('(forced-colors: active)').matches")
            browser.wait(f"[...document.querySelectorAll(`{css}`)].some((one) => one.getClientRects().length)", 60)
            return Image.open(io.BytesIO(browser.picture(css))).convert("L")

        yield in_firefox


def in_chromium(page: Page, address: str, css: str) -> Image.Image:
    page.goto("about:blank")
    page.goto(address)
    shown = page.locator(css).locator("visible=true").first
    shown.wait_for(timeout=60_000)
    return Image.open(io.BytesIO(shown.screenshot())).convert("L")


def tones(picture: Image.Image) -> int:
    """Return how far the darkest point of a picture is from the lightest."""
    low, high = picture.getextrema()
    return int(high) - int(low)   # type: ignore[arg-type]


def middle(picture: Image.Image) -> Image.Image:
    """Return what is within the words of a button, away from its edge."""
    across, down = picture.width, picture.height
    return picture.crop((across // 4, down * 2 // 5, across * 3 // 4, down * 3 // 5))


@pytest.mark.prove
def test_words_and_drawings_are_seen(look: Look) -> None:
    flat = [css for path, some in WORDS.items() for css in some if tones(middle(look(path, css))) < SEEN]
    flat += [css for path, some in DRAWN.items() for css in some if tones(look(path, css)) < SEEN]
    assert not flat, "one block of a colour"
