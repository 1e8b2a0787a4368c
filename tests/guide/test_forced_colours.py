"""Forced colours, by picture, in Chromium and Firefox: words, numbers, drawings and the focus are seen; no computed colour tells it."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Page

from scripts.project.engines import Browser, firefox
from scripts.site.serve import SiteServer
from tests.conftest import OpenPage
from tests.support.guide_pages import DENTIST

FORCED = {"browser.display.document_color_use": 2, "browser.display.use_system_colors": False}   # Firefox: the person's colours, always
RESULT = f"guide/#v=00000000&{'&'.join(DENTIST)}"
NUMBER = ".picture--numbered li"
WORDS = {"patients/preuves/": ["[data-exit]", ".menu-item--guide a"], RESULT: ["[data-tool='print']", ".plan-first .plan-act .button"],
         "langues/ar/#montrer-1": [".duo-close a"]}
DRAWN = {"": [".hero svg, .scene svg, main svg", ".brand-mark"], "chiffres/": ["figure.chart svg"]}
REACHED = {"patients/preuves/": ["[data-exit]", ".menu-item--guide a", "main p a", ".emergency a"], "guide/": ["[data-answer]", "summary"],
           RESULT: ["[data-tool='print']", ".plan-first .plan-act .button", "[data-live] summary"], "recherche/": ["#query"]}
SEEN = 100     # greys between the darkest and the lightest: black on white is 255
RING_PX = 8    # the focus is drawn around its element

BOX = """(() => {
  const drawn = [...document.querySelectorAll(arguments[0])].find((one) => one.getClientRects().length && !one.closest(".skip"));
  if (arguments[1]) drawn.focus({ focusVisible: true });
  drawn.scrollIntoView({ block: "center", behavior: "instant" });
  const { x, y, width, height } = drawn.getBoundingClientRect();
  return [x, y, x + width, y + height];
})()"""


@dataclass
class Looker:
    """Someone with forced colours: opens a page, runs a question in it, looks at the window."""

    open: Callable[[str], Any]
    run: Callable[..., Any]
    view: Callable[[], bytes]

    def at(self, css: str, around: int = 0, focused: bool = False) -> Image.Image:
        """Return the first element of a selector that is drawn, in greys."""
        left, top, right, bottom = self.run(BOX, css, focused)
        window = Image.open(io.BytesIO(self.view())).convert("L")
        return window.crop((max(0, int(left) - around), max(0, int(top) - around),
                            min(window.width, round(right) + around), min(window.height, round(bottom) + around)))


@pytest.fixture(params=["Chromium", "Firefox"])
def looker(request: pytest.FixtureRequest, open_page: OpenPage, server: SiteServer) -> Iterator[Looker]:
    if request.param == "Chromium":
        page = open_page("", forced_colors="active", width=1280)
        yield Looker(lambda path: in_chromium(page, f"{server.url}{path}"), lambda script, *given: page.evaluate(
            f"(given) => (function () {{ return {script}; }}).apply(null, given)", list(given)), page.screenshot)
        return
    with firefox(settings=FORCED) as browser:
        yield Looker(lambda path: in_firefox(browser, f"{server.url}{path}"), browser.run, browser.view)


READY = """document.readyState === "complete" && matchMedia("(forced-colors: active)").matches
  && (!document.querySelector("[data-guide]") || document.querySelector("[data-live] :is([data-answer], [data-letters])") !== null)"""


def in_chromium(page: Page, address: str) -> None:
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_function(f"() => {READY}", timeout=60_000)


def in_firefox(browser: Browser, address: str) -> None:
    browser.open("about:blank")
    browser.open(address)
    browser.wait(READY, 60)


def tones(picture: Image.Image) -> int:
    """Return how far the darkest point of a picture is from the lightest."""
    low, high = picture.getextrema()
    return int(high) - int(low)   # type: ignore[arg-type]


def middle(picture: Image.Image) -> Image.Image:
    """Return what is within the words of a button, away from its edge."""
    across, down = picture.width, picture.height
    return picture.crop((across // 4, down * 2 // 5, across * 3 // 4, down * 3 // 5))


def number(picture: Image.Image) -> Image.Image:
    """Return what is within the disc before a line, away from its edge."""
    return picture.crop((7, 6, 19, 20))


@pytest.mark.prove
def test_words_numbers_drawings_and_the_focus_are_seen(looker: Looker) -> None:
    unseen = []
    for path in dict.fromkeys([*WORDS, *DRAWN, *REACHED]):
        looker.open(path)
        unseen += [f"{css}: one block of a colour" for css in WORDS.get(path, ()) if tones(middle(looker.at(css))) < SEEN]
        unseen += [f"{css}: one block of a colour" for css in DRAWN.get(path, ()) if tones(looker.at(css)) < SEEN]
        if path == "patients/preuves/" and tones(number(looker.at(NUMBER))) < SEEN:
            unseen.append(f"{NUMBER}: no number")
        for css in REACHED.get(path, ()):
            before, after = looker.at(css, RING_PX), looker.at(css, RING_PX, focused=True)
            changed = sum(ImageChops.difference(before, after).point(lambda grey: grey > SEEN // 2).histogram()[1:])
            if changed < 2 * (before.width + before.height):
                unseen.append(f"{css}: the focus changes {changed} points")
    assert not unseen, "\n".join(unseen)
