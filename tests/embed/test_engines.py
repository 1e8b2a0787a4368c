"""The guide in the pages of other sites, in two more engines: WebKit, that of every browser of an iPhone, and Firefox.

WebKit says that a frame has loaded at each link to a place inside it, and gives a frame with loading="lazy" no history.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager

import pytest

from scripts.project.engines import Browser, firefox, webkit
from scripts.site.embed import VERSIONS
from scripts.site.serve import SiteServer
from tests.support.hosts import HOSTS, hosting
from tests.support.lanes import sample

READY = "document.querySelector('a[data-embed]').style.display === 'none'"
FRAMES = "document.querySelectorAll('iframe').length"
FITS = "document.documentElement.scrollHeight <= innerHeight + 1"


ENGINES: Mapping[str, Callable[[], AbstractContextManager[Browser]]] = {"webkit": webkit, "firefox": firefox}


@pytest.fixture(params=list(ENGINES))
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    with ENGINES[request.param]() as opened:
        yield opened


def answer(browser: Browser) -> None:
    """Give the first answer to the question in sight, and wait for the next."""
    answers = """[...document.querySelectorAll('a[data-answer]')].filter((one) => one.getClientRects().length)
      .map((one) => one.dataset.answer).join()"""
    before = browser.run(answers)
    time.sleep(0.7)   # a press just after a new screen answers nothing
    browser.click("a[data-answer]")
    browser.wait(f"{answers} !== {before!r}")


@pytest.mark.sampled
@pytest.mark.parametrize("version", sample(sorted(folder.name for folder in VERSIONS.glob("*.*.*"))))
def test_the_guide_stays_while_the_person_answers(server: SiteServer, browser: Browser, version: str) -> None:
    with hosting(server.url, VERSIONS / version) as host:   # localhost and 127.0.0.1: two sites
        browser.open(f"{host.url}host.html")
        browser.wait(READY)
        browser.frame()
        answer(browser)    # by a link
        browser.wait("document.querySelector('[data-engine=python]')", 60)
        browser.wait("performance.getEntriesByType('resource').some(({ name }) => /letters/.test(name))")
        time.sleep(1)
        answer(browser)    # by Python, its letters loaded
        answer(browser)
        time.sleep(11)
        assert browser.run("document.querySelector('.guide-failed')") is None
        answer(browser)
        browser.wait(FITS)
        browser.top()
        assert browser.run(FRAMES) == 1 and browser.run(READY)


@pytest.mark.prove
def test_a_guide_that_is_down_leaves_no_hole(server: SiteServer, browser: Browser) -> None:
    with hosting(server.url, HOSTS) as host:
        browser.open(f"{host.url}down.html")
        browser.wait(f"{FRAMES} === 1")
        assert browser.run("document.querySelector('iframe').offsetHeight") == 0
        browser.wait(f"{FRAMES} === 0", 25)
        assert not browser.run(READY)
