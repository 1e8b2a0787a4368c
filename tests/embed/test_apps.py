"""The guide in sites made with Next and Nuxt: what React and Vue take over, draw again and leave keeps its guide, or its link.

The applications are real, built from the locks in tests/embed/apps/.
"""

import re
from collections.abc import Iterator
from urllib.request import urlopen

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from scripts.site.serve import SiteServer
from tests.conftest import NewContext
from tests.support.apps import application
from tests.support.hosts import open_host

pytestmark = [pytest.mark.prove, pytest.mark.early]

SLOW_MS = 2_500     # for each file of the application: a phone on a bad line
HOLE_MS = 1_000     # the script looks three times a second
TALL = "[...document.querySelectorAll('iframe')].filter((one) => one.offsetHeight > 300).length"
FIRST = re.compile(r'<script type="module" src="([^"]+)"')

# Every tenth of a second: is a link of ours to be seen, or else its frame, with a height? And what came and went.
WATCH = """
  window.longest = 0; window.removed = 0;
  let hole = 0, last = performance.now();
  setInterval(() => {
    const now = performance.now(), seen = [...document.querySelectorAll('a[href*="/guide/#"]')].every((link) =>
      link.getClientRects().length || [...link.parentNode.querySelectorAll("iframe")].some((one) => one.offsetHeight > 100));
    hole = seen ? 0 : hole + now - last;
    last = now;
    window.longest = Math.max(window.longest, hole);
  }, 100);
  new MutationObserver((changes) => changes.forEach((one) => one.removedNodes.forEach((node) => {
    window.removed += node.nodeName === "IFRAME";
  }))).observe(document, { childList: true, subtree: true });
"""


@pytest.fixture(scope="module")
def next_app(server: SiteServer) -> Iterator[str]:
    with application("next", server.url) as address:
        yield address


@pytest.fixture(scope="module")
def nuxt_app(server: SiteServer) -> Iterator[str]:
    with application("nuxt", server.url) as address:
        yield address


def first_file(address: str) -> str:
    """Return the path of the file an application begins with."""
    with urlopen(address, timeout=30) as answer:
        return FIRST.findall(answer.read().decode())[0]   # type: ignore[no-any-return]


def opened(context: BrowserContext, address: str, slow: str = "") -> tuple[Page, list[str]]:
    """Open a page of an application; return what its console and its scripts complain of, too.

    Args:
        slow: "all", each file of the application is late; "parts", those its first one asks for are: the page has loaded long before.
    """
    said: list[str] = []
    first = first_file(address) if slow == "parts" else ""

    def late(route: Route) -> None:
        if not first or first not in route.request.url:
            page.wait_for_timeout(SLOW_MS)
        route.continue_()

    context.add_init_script(WATCH)
    context.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    context.on("weberror", lambda error: said.append(str(error.error)))
    page = open_host(context, "about:blank")
    if slow:
        page.route("**/_n*xt/**", late)
    page.goto(address, wait_until="commit")
    return page, said


def shows_the_guide(page: Page, number: int = 1) -> None:
    page.wait_for_function("() => document.documentElement.dataset.alive === 'yes'", timeout=40_000)
    expect(page.locator("iframe")).to_have_count(number, timeout=20_000)
    for frame in page.locator("iframe").all():
        frame.scroll_into_view_if_needed()
    page.wait_for_function(f"number => {TALL} === number", arg=number, timeout=20_000)
    expect(page.locator('a[href*="/guide/#"]:visible')).to_have_count(0)


MISMATCH = "Minified React error #418"   # where the frame came while React was at work: it draws the page again


@pytest.mark.parametrize("slow", ["", "all"], ids=["fast", "slow"])
def test_react_takes_over_a_page_with_our_code(next_app: str, new_context: NewContext, slow: str) -> None:
    page, said = opened(new_context(), f"{next_app}/aide", slow)
    shows_the_guide(page, 2)
    assert [one for one in said if MISMATCH not in one] == []
    page.get_by_role("button", name="Dessiné 0 fois").click()
    expect(page.get_by_role("button", name="Dessiné 1 fois")).to_be_visible()
    shows_the_guide(page, 2)
    assert page.evaluate("window.longest") < HOLE_MS


@pytest.mark.parametrize("slow", ["", "all"], ids=["fast", "slow"])
@pytest.mark.parametrize("path", ["modele", "html"])
def test_react_complains_of_nothing_where_our_code_stands_as_we_say(next_app: str, new_context: NewContext, path: str, slow: str) -> None:
    """As the page for partners says for applications: the script once the page is alive, or the code as HTML React does not look into."""
    page, said = opened(new_context(), f"{next_app}/{path}", slow)
    shows_the_guide(page)
    assert said == []


@pytest.mark.parametrize("app", ["next_app", "nuxt_app"])
def test_a_page_reached_without_loading_has_its_guide_and_leaves_none_behind(
    request: pytest.FixtureRequest, new_context: NewContext, app: str
) -> None:
    page, said = opened(new_context(), request.getfixturevalue(app))
    page.wait_for_function("() => document.documentElement.dataset.alive === 'yes' || document.readyState === 'complete'")
    for _ in range(2):
        page.get_by_role("link", name="Aide").click()
        page.get_by_role("heading", name="Aide").wait_for()
        shows_the_guide(page)
        page.get_by_role("link", name="Accueil").click()
        page.get_by_role("heading", name="Une caisse").wait_for()
        expect(page.locator("iframe")).to_have_count(0)
    assert said == []


@pytest.mark.parametrize("slow", ["", "all", "parts"], ids=["fast", "slow", "slow in parts"])
def test_vue_takes_over_a_page_whose_head_has_our_script(nuxt_app: str, new_context: NewContext, slow: str) -> None:
    page, _ = opened(new_context(), f"{nuxt_app}/aide", slow)
    shows_the_guide(page)
    page.get_by_role("button", name="Dessiné 0 fois").click()
    expect(page.get_by_role("button", name="Dessiné 1 fois")).to_be_visible()
    shows_the_guide(page)
    assert page.evaluate("window.longest") < HOLE_MS
    if slow == "parts":
        assert page.evaluate("window.removed") == 1, "Vue took the frame away, and it came again"
    page.unroute_all(behavior="ignoreErrors")   # a late file may still be on its way
