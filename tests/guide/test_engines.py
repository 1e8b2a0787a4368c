"""The guide in the engines of Firefox and of Safari: by links and by Python, back, reload, letter, paper, offline, the way out.

Chromium is what every other test of the guide runs in.
"""

import io
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from pypdf import PdfReader

from scripts.project.paths import ROOT
from scripts.site.serve import Handler, SiteServer, serving
from tests.support.engines import Browser, EngineError, Firefox, firefox, webkit
from tests.support.guide_pages import DENTIST, DENTIST_BODIES

ENGINES: dict[str, Callable[[], AbstractContextManager[Browser]]] = {"Firefox": firefox, "WebKit": webkit}
BODIES = """[...document.querySelectorAll("[data-body]")].filter((one) => one.getClientRects().length).map((one) => one.dataset.body)"""
ANSWERED = """((answer) => ![...document.querySelectorAll(`a[data-answer="${answer}"]`)].some((one) => one.getClientRects().length))(%r)"""
NO_PYTHON = "document.querySelector('.guide-failed')"


@pytest.fixture(params=ENGINES)
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """Each engine in turn; one that is not installed is an error that says how to install it."""
    with ENGINES[request.param]() as opened:
        yield opened


def python(browser: Browser) -> None:
    """Wait until Python answers."""
    browser.wait("document.querySelector('[data-guide]').dataset.engine === 'python'", 60)


def follow(browser: Browser, answers: tuple[str, ...] = DENTIST) -> None:
    """Give answers, as slowly as a person does."""
    for answer in answers:
        link = f'a[data-answer="{answer}"]'
        browser.wait(f"!({ANSWERED % answer})")
        browser.run("new Promise((done) => setTimeout(done, 650))")
        browser.click(link)
        browser.wait(ANSWERED % answer)


@pytest.mark.prove
def test_answers_by_python_lead_to_the_bodies_back_and_again(browser: Browser, server: SiteServer) -> None:
    browser.open(f"{server.url}guide/")
    python(browser)
    follow(browser)
    browser.wait(f"{BODIES}.length")
    assert browser.run(BODIES) == DENTIST_BODIES and browser.run("location.hash") == ""
    browser.back()
    browser.wait(f"!({ANSWERED % DENTIST[-1]})")
    follow(browser, DENTIST[-1:])
    browser.reload()
    python(browser)
    assert browser.run(BODIES) == DENTIST_BODIES
    browser.open(f"{server.url}guide/#v=00000000&{'&'.join(DENTIST)}")
    python(browser)
    assert browser.run(BODIES) == DENTIST_BODIES and browser.run("location.hash") == ""


@pytest.mark.prove
def test_a_letter_is_written_and_what_is_erased_is_gone(browser: Browser, server: SiteServer) -> None:
    browser.open(f"{server.url}guide/#v=00000000&{'&'.join(DENTIST)}")
    python(browser)
    browser.wait("document.querySelector('[data-live] [data-letter]')", 30)
    browser.click('[data-letter="president-ordre"]')
    browser.wait("document.querySelector('#l-name')")
    for name in browser.run("[...document.querySelectorAll('[data-letter-form] [required], #l-phone')].map((one) => one.id)"):
        browser.type(f"#{name}", f"Essai {name}")
    browser.click("[data-letter-form] button[type='submit']")
    browser.wait("document.querySelector('[data-letter-text], .guide-errors')")
    assert "Essai l-professional" in browser.run("document.querySelector('[data-letter-text]').value")
    browser.click("[data-close]")
    browser.wait(f"{BODIES}.length")
    browser.run("new Promise((done) => setTimeout(done, 650))")
    browser.click("[data-tool='erase']")
    browser.wait("document.querySelector('[data-live] .guide-note')?.innerText.includes('effacé')")
    assert browser.run("Object.keys(history.state.answers ?? {})") == []
    browser.run("history.forward()")
    browser.run("new Promise((done) => setTimeout(done, 400))")
    assert browser.run(BODIES) == []


@pytest.fixture
def no_python(site: Path, tmp_path: Path) -> Iterator[SiteServer]:
    """The site where Python's files cannot be had."""
    def kept(folder: str, names: list[str]) -> set[str]:
        return {name for name in names if Path(folder).name == "runtime" or name.endswith((".br", ".gz"))}

    with serving(Path(shutil.copytree(site, tmp_path / "site", ignore=kept))) as running:
        yield running


def pages(browser: Browser) -> int:
    """Count the sheets that the printer would get."""
    return len(PdfReader(io.BytesIO(browser.pdf())).pages)


@pytest.mark.prove
def test_a_result_reached_by_links_is_printed_alone(browser: Browser, no_python: SiteServer) -> None:
    browser.open(f"{no_python.url}guide/")
    browser.wait(NO_PYTHON, 60)
    follow(browser)
    assert browser.run(BODIES) == DENTIST_BODIES
    try:
        assert pages(browser) <= 4
    except EngineError as error:   # WebKitGTK's driver has no printer; its paper styles are those of the others
        assert "print" in str(error).lower() or "unknown" in str(error).lower()


@pytest.mark.prove
def test_a_page_never_opened_says_so_without_a_network(site: Path) -> None:
    serve = ("import sys, time; from pathlib import Path; from scripts.site.serve import serving\n"
             "with serving(Path(sys.argv[1])) as server: print(server.url, flush=True); time.sleep(600)")
    with firefox() as browser:
        with subprocess.Popen([sys.executable, "-c", serve, str(site)], cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            root = server.stdout.readline().strip()
            browser.open(root)
            browser.wait("navigator.serviceWorker.ready.then((found) => found.active.state === 'activated')", 30)
            browser.run("new Promise((done) => setTimeout(done, 1500))")
            browser.reload()
            server.kill()
        address = f"{root}chiffres/"
        browser.open(address)
        assert browser.text("h1") == "Vous êtes hors ligne" and browser.run("location.href") == address


@pytest.mark.prove
def test_the_way_out_leaves_the_guide(browser: Browser, server: SiteServer, monkeypatch: pytest.MonkeyPatch) -> None:
    reached: list[str] = []
    send_head = Handler.send_head

    def noted(handler: Handler) -> object:
        reached.append(handler.path)
        return send_head(handler)

    monkeypatch.setattr(Handler, "send_head", noted)
    browser.open(f"{server.url}guide/")
    browser.wait("document.querySelector('[data-guide][data-scripted]')")
    follow(browser, DENTIST[:2])
    elsewhere = server.url.replace("localhost", "127.0.0.1") + "404.html"   # another site, on this machine
    browser.run("document.querySelector('[data-exit]').setAttribute('href', arguments[0])", elsewhere)
    browser.run("void setTimeout(() => document.querySelector('[data-exit]').click(), 100)")   # a driver waits for what has left
    while "/404.html" not in reached:
        time.sleep(0.1)
    if not isinstance(browser, Firefox):
        return   # WebKit's driver answers nothing more once another process has taken over
    browser.wait("location.pathname === '/404.html'", 20)
    browser.back()
    browser.wait("location.pathname !== '/404.html'", 20)
    assert not re.search("guide", browser.run("location.pathname"))
