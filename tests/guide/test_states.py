"""The two thousand states of the guide: elements where no script runs, text where ours does, and whole either way."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from decision_tree.locales import LOCALES
from scripts.site.serve import Handler, SiteServer
from tests.conftest import NewContext, OpenPage
from tests.guide.test_static import guide_page, sections
from tests.support.guide_pages import COUNT, DENTIST, DENTIST_BODIES, FEW, bodies, follow, heading, wait_for_python
from tests.support.lanes import first

SHOWN = "[...document.querySelectorAll('.guide-state')].filter((one) => one.getClientRects().length).map((one) => one.id)"
EVERY = """Object.fromEntries([...document.querySelectorAll('.guide-states > .guide-state')]
  .map((one) => { one.removeAttribute("data-shown"); return [one.id.slice(1), one.outerHTML]; }))"""

READ_FOR_THE_READER_VIEW = """Math.max(...[...document.querySelectorAll("p, pre, article")].map((one) => one.textContent.length))"""


def without_modules(page: Page) -> Page:
    """A browser that knows no module: of our scripts, only the one inside the page runs."""
    page.route("**/*.mjs", lambda route: route.abort())
    return page


@pytest.mark.parametrize("locale", first(LOCALES))
def test_a_browser_that_runs_scripts_holds_few_elements_and_every_state(open_page: OpenPage, site: Path, locale: str) -> None:
    page = open_page("guide/", locale=locale, width=375)
    wait_for_python(page)
    assert page.evaluate(COUNT) <= FEW
    follow(page, DENTIST)
    assert page.evaluate(COUNT) <= FEW
    page.evaluate("guideStates.every()")
    found, written = page.evaluate(EVERY), open_page("guide/", locale=locale, javascript=False)
    assert [*map(int, found)] == [*sections(guide_page(site, locale))]
    assert found == written.evaluate(EVERY)
    assert written.evaluate(COUNT) > 10 * FEW


def test_no_element_whose_text_firefox_reads_after_each_answer_holds_the_states(open_page: OpenPage) -> None:
    """Firefox reads the text of each, to offer its reader view: with the states in one, that cost ten MiB an answer."""
    page = open_page("guide/")
    wait_for_python(page)
    follow(page, DENTIST)
    assert page.evaluate(READ_FOR_THE_READER_VIEW) < 10_000
    assert page.evaluate("document.querySelector('.guide-states > noscript').textContent.length") > 1_000_000


def test_without_modules_the_links_lead_on_and_back(open_page: OpenPage) -> None:
    page = without_modules(open_page(may_fail=True))
    page.goto("guide/")
    follow(page, DENTIST)
    assert bodies(page) == DENTIST_BODIES and page.evaluate(COUNT) <= FEW
    there = page.evaluate(SHOWN)
    page.reload()
    assert page.evaluate(SHOWN) == there and bodies(page) == DENTIST_BODIES
    page.go_back()
    page.locator(f'a[data-answer="{DENTIST[-1]}"]:visible').wait_for()
    page.go_forward()
    page.wait_for_function(f"({SHOWN})[0] === {there[0]!r}")
    page.locator(".guide-restart a:visible").click()
    page.wait_for_function(f"({SHOWN})[0] === 'n1'")
    assert len(page.evaluate(SHOWN)) == 1


def test_where_the_script_of_the_page_is_refused_its_states_are_there(open_page: OpenPage) -> None:
    page = open_page(may_fail=True)

    def refuse(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers=answer.headers | {"content-security-policy": "script-src 'self' 'wasm-unsafe-eval'"})

    page.route("**/guide/", refuse)
    page.goto("guide/")
    assert page.evaluate(COUNT) > 10 * FEW and page.evaluate("window.guideStates") is None
    follow(page, DENTIST[:3])
    wait_for_python(page)
    follow(page, DENTIST[3:])
    assert bodies(page) == DENTIST_BODIES


@pytest.mark.parametrize("modules", [True, False], ids=["Python", "no module"])
def test_every_state_can_be_had_at_once(open_page: OpenPage, site: Path, modules: bool) -> None:
    page = open_page(may_fail=True)
    if not modules:
        without_modules(page)
    page.goto("guide/#all")
    if modules:
        wait_for_python(page)
    assert page.evaluate(SHOWN) == [f"n{number}" for number in sections(guide_page(site, "fr"))]


class Halting(SiteServer):
    """Sends the first half of the guide, and the rest when it is told to."""

    def __init__(self, site: Path) -> None:
        super().__init__(site)
        self.go_on = threading.Event()
        self.page = guide_page(site, "fr").encode()

    def finish_request(self, request: Any, client_address: Any) -> None:
        HalfAPage(request, client_address, self, directory=str(self.site))


class HalfAPage(Handler):
    """Answers for a `Halting` server."""

    server: Halting

    def do_GET(self) -> None:  # noqa: N802
        if self.path != "/guide/":
            super().do_GET()
            return
        page, half = self.server.page, len(self.server.page) // 2
        self.encoding = ""
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page[:half])
        self.server.go_on.wait(60)
        self.wfile.write(page[half:])


@pytest.fixture
def halting(site: Path) -> Iterator[Halting]:
    """A site whose guide comes in two parts."""
    with Halting(site) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.go_on.set()
        running.shutdown()


def test_an_answer_given_while_the_page_still_comes_is_kept(halting: Halting, new_context: NewContext) -> None:
    page = new_context().new_page()
    page.goto(f"{halting.url}guide/", wait_until="commit")
    page.locator(f'#n1 a[data-answer="{DENTIST[0]}"]').click()
    assert heading(page) == "Qui êtes-vous\u202f?"
    halting.go_on.set()
    page.locator("#n1").wait_for(state="hidden")
    follow(page, DENTIST[1:])
    assert bodies(page) == DENTIST_BODIES
