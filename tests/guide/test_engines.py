"""What a person does here, in the engines of Firefox and of Safari as in Chromium, where every other test of the guide runs.

In one sitting: answers by links then by Python, back, reload, a copied link, dates and their file, the directory, a letter, paper.
Then: without a script, the search, a page from right to left; in `make prove`, without a network, and the way out.
The guide in a partner's page has its own file, tests/embed/test_engines.py. An engine that is not installed is an error that says
how to install it.
"""

import io
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import pytest
from pypdf import PdfReader

from scripts.project.engines import Browser, Chromium, EngineError, Firefox, firefox, webkit
from scripts.project.paths import ROOT
from scripts.site.inline_script import source_hash, states_script
from scripts.site.serve import Handler, SiteServer, serving
from tests.conftest import NewContext
from tests.support.guide_pages import COUNT, DENTIST, DENTIST_BODIES, FEW
from tests.support.lanes import PROVING

ENGINES: dict[str, Callable[[], AbstractContextManager[Browser]]] = {"Firefox": firefox, "WebKit": webkit}
BODIES = """[...document.querySelectorAll("[data-body]")].filter((one) => one.getClientRects().length).map((one) => one.dataset.body)"""
ANSWERED = """((answer) => ![...document.querySelectorAll(`a[data-answer="${answer}"]`)].some((one) => one.getClientRects().length))(%r)"""
NO_PYTHON = "document.querySelector('.guide-failed')"
READ_MS = 650        # as slowly as a person reads: what only repeats a press counts for nothing
NOTE_FILES = """(window.made = [], HTMLAnchorElement.prototype.click = () => {},   // a download would open the browser's own window
  URL.createObjectURL = (file) => { file.text().then((text) => window.made.push(text)); return "data:,"; }, true)"""


@pytest.fixture(params=["Firefox", "WebKit", *(["Chromium"] if PROVING else [])])
def browser(request: pytest.FixtureRequest, new_context: NewContext) -> Iterator[Browser]:
    """Each engine in turn; one that is not installed is an error that says how to install it."""
    if request.param == "Chromium":
        yield Chromium("", 0, new_context().new_page())
        return
    with ENGINES[request.param]() as opened:
        yield opened


def python(browser: Browser) -> None:
    """Wait until Python answers."""
    browser.wait("document.querySelector('[data-guide]').dataset.engine === 'python'", 60)


def read(browser: Browser) -> None:
    """Let the time pass in which a person reads."""
    browser.run("new Promise((done) => setTimeout(done, arguments[0]))", READ_MS)


def follow(browser: Browser, answers: tuple[str, ...] = DENTIST) -> None:
    """Give answers, as slowly as a person does."""
    for answer in answers:
        browser.wait(f"!({ANSWERED % answer})")
        for _ in range(5):
            read(browser)
            with suppress(EngineError):   # pressed again when Python took the screen meanwhile, as a person does
                browser.click(f'a[data-answer="{answer}"]')
                browser.wait(ANSWERED % answer, 3)
                break
        browser.wait(ANSWERED % answer)


def at_the_result(browser: Browser) -> bool:
    """Say whether the bodies are those of the answers, and the address says nothing of them."""
    browser.wait(f"{BODIES}.length")
    return bool(browser.run(BODIES) == DENTIST_BODIES and browser.run("location.hash") == "")


def fill(browser: Browser, fields: dict[str, str]) -> None:
    """Write in fields, folded or not."""
    browser.run("document.querySelectorAll('[data-live] details').forEach((fold) => { fold.open = true; })")
    for field, value in fields.items():
        browser.run("(document.querySelector(arguments[0]).value = arguments[1])", field, value)


def pages(browser: Browser) -> int:
    """Count the sheets that the printer would get; WebKitGTK's driver has no printer, and its styles of paper are those of the others."""
    try:
        return len(PdfReader(io.BytesIO(browser.pdf())).pages)
    except EngineError as error:
        if "unknown" in str(error).lower() and not isinstance(browser, Firefox):
            return 1
        raise


def test_a_whole_sitting(browser: Browser, server: SiteServer) -> None:
    browser.open(f"{server.url}guide/")
    follow(browser, DENTIST[:1])            # by a link, where Python is not there yet
    python(browser)
    follow(browser, DENTIST[1:])
    assert at_the_result(browser) and browser.run(COUNT) <= FEW
    browser.back()
    browser.wait(f"!({ANSWERED % DENTIST[-1]})")
    follow(browser, DENTIST[-1:])
    assert at_the_result(browser)
    browser.reload()
    python(browser)
    assert at_the_result(browser)
    browser.wait("document.querySelector('[data-live] [data-letters]')", 30)
    assert pages(browser) <= 2
    dates_and_their_file(browser)
    the_directory(browser)
    a_letter(browser)
    browser.open(f"{server.url}guide/#v=00000000&{'&'.join(DENTIST)}")
    python(browser)
    assert at_the_result(browser)


def press(browser: Browser, button: str, done: str, fields: dict[str, str] | None = None) -> None:
    """Press a button until it is done, as a person does when the screen was drawn again under her finger."""
    for _ in range(4):
        fill(browser, fields or {})
        browser.click(button)
        with suppress(EngineError):
            browser.wait(done, 8)
            return
    browser.wait(done)


def dates_and_their_file(browser: Browser) -> None:
    """Give two dates at a result, see what they lead to, and take the calendar's file."""
    fill(browser, {"#d-facts_date": "2026-09-15", "#d-complaint_received": "2026-11-01"})
    browser.click("[data-dates] button")
    browser.wait("document.querySelector('[data-limit=\"committee_meeting\"] time[datetime=\"2027-02-01\"]')")
    browser.wait("document.querySelector('[data-live] [data-letters]')", 30)   # the dates drew the screen again
    browser.run(NOTE_FILES)
    press(browser, '[data-save="ics"]', "window.made[0]")
    assert "DTSTART;VALUE=DATE:20270201" in browser.run("window.made[0]")


def the_directory(browser: Browser) -> None:
    """Say where it happened, and find the fund."""
    press(browser, "[data-local] button", "/CPAM du Rhône/.test(document.querySelector('[data-found]').textContent)",
          {"#p-place": "69003"})


def a_letter(browser: Browser) -> None:
    """Fill in a letter, have it written, and close it."""
    browser.click('[data-letter="president-ordre"]')
    browser.wait("document.querySelector('#l-name')")
    for name in browser.run("[...document.querySelectorAll('[data-letter-form] [required], #l-phone')].map((one) => one.id)"):
        browser.type(f"#{name}", f"Essai {name}")
    browser.click("[data-letter-form] button[type='submit']")
    browser.wait("document.querySelector('[data-letter-text], .guide-errors')")
    assert "Essai l-professional" in browser.run("document.querySelector('[data-letter-text]').value")
    browser.click("[data-close]")
    browser.wait(f"{BODIES}.length")


@contextmanager
def where_run(scripts: str, site: Path, folder: Path) -> Iterator[SiteServer]:
    """Serve the site where only these scripts may run."""
    for entry in site.iterdir():
        (folder / entry.name).symlink_to(entry)
    (folder / "_headers").unlink()
    (folder / "_headers").write_text(f"/*\n  Content-Security-Policy: script-src {scripts}\n", "utf-8")
    with serving(folder) as running:
        yield running


@pytest.fixture
def no_script(site: Path, tmp_path: Path) -> Iterator[SiteServer]:
    """The site where no script may run."""
    with where_run("'none'", site, tmp_path) as running:
        yield running


@pytest.fixture
def no_module(site: Path, tmp_path: Path) -> Iterator[SiteServer]:
    """The site where only the script inside the guide runs, as in a browser that knows no module."""
    with where_run(source_hash(states_script()), site, tmp_path) as running:
        yield running


def test_with_the_script_of_the_page_alone_the_links_lead_on_and_back(browser: Browser, no_module: SiteServer) -> None:
    browser.open(f"{no_module.url}guide/")
    for answer in DENTIST:
        browser.click(f'a[data-answer="{answer}"]')
        browser.wait(ANSWERED % answer)
    assert browser.run(BODIES) == DENTIST_BODIES
    assert browser.run("document.querySelector('[data-scripted]')") is None and browser.run(COUNT) <= FEW
    browser.reload()
    browser.wait(f"{BODIES}.length")
    assert browser.run(BODIES) == DENTIST_BODIES
    browser.back()
    browser.wait(f"!({ANSWERED % DENTIST[-1]})")


def test_without_a_script_then_words_looked_for_then_right_to_left(browser: Browser, server: SiteServer, no_script: SiteServer) -> None:
    browser.open(f"{no_script.url}guide/")
    for answer in DENTIST:
        browser.click(f'a[data-answer="{answer}"]')
    assert browser.run(BODIES) == DENTIST_BODIES
    assert browser.run("document.querySelector('[data-scripted]')") is None
    browser.back()
    browser.wait(f"!({ANSWERED % DENTIST[-1]})")
    browser.open(f"{server.url}recherche/")
    browser.wait("document.querySelector('#query')?.getClientRects().length")
    browser.type("#query", "dentiste")
    browser.wait("document.querySelector('[data-results] a[href*=\"csp-r4127-232\"]')")
    browser.open(f"{server.url}langues/ar/")
    assert browser.run("getComputedStyle(document.querySelector('.duo-part--danger .own')).direction") == "rtl"
    assert browser.run("document.documentElement.scrollWidth <= innerWidth")
    assert browser.run("""((part) => { const words = document.createRange(); words.selectNodeContents(part);
      const [box, text] = [part, words].map((one) => one.getBoundingClientRect());
      return box.right - text.right <= text.left - box.left; })(document.querySelector('.duo-part--danger .own'))""")


@pytest.mark.prove
def test_what_is_erased_is_gone(browser: Browser, server: SiteServer) -> None:
    browser.open(f"{server.url}guide/#v=00000000&{'&'.join(DENTIST)}")
    python(browser)
    assert at_the_result(browser)
    read(browser)
    browser.wait("document.querySelector('[data-live] [data-letter]')", 30)
    browser.click('[data-letter="president-ordre"]')
    browser.wait("document.querySelector('#l-name')")
    browser.type("#l-name", "Essai")
    read(browser)
    browser.click("[data-close]")
    assert at_the_result(browser)
    read(browser)
    browser.click("[data-tool='erase']")
    browser.wait("document.querySelector('[data-live] .guide-note')?.innerText.includes('effacé')")
    assert browser.run("Object.keys(history.state.answers ?? {})") == []
    browser.run("history.forward()")
    read(browser)
    assert browser.run(BODIES) == [] and browser.run("localStorage.length + sessionStorage.length") == 0
    follow(browser)
    browser.wait("document.querySelector('[data-live] [data-letter]')", 30)
    read(browser)
    browser.click('[data-letter="president-ordre"]')
    browser.wait("document.querySelector('#l-name')")
    assert not browser.run("[...document.querySelectorAll('[data-letter-form] :is(input:not([type=checkbox], [type=radio]), textarea)')]"
                           ".map((one) => one.value).join('')")


@pytest.fixture
def no_python(site: Path, tmp_path: Path) -> Iterator[SiteServer]:
    """The site where Python's files cannot be had."""
    def kept(folder: str, names: list[str]) -> set[str]:
        return {name for name in names if Path(folder).name == "runtime" or name.endswith((".br", ".gz"))}

    with serving(Path(shutil.copytree(site, tmp_path / "site", ignore=kept))) as running:
        yield running


@pytest.mark.prove
def test_a_result_reached_by_links_is_printed_alone(browser: Browser, no_python: SiteServer) -> None:
    browser.open(f"{no_python.url}guide/")
    browser.wait(NO_PYTHON, 60)
    follow(browser)
    assert browser.run(BODIES) == DENTIST_BODIES
    assert pages(browser) <= 4


@pytest.mark.prove
@pytest.mark.parametrize("engine", ENGINES)
def test_without_a_network_the_guide_answers_and_a_page_never_opened_says_so(site: Path, engine: str) -> None:
    serve = ("import sys, time; from pathlib import Path; from scripts.site.serve import serving\n"
             "with serving(Path(sys.argv[1])) as server: print(server.url, flush=True); time.sleep(600)")
    with ENGINES[engine]() as browser:
        with subprocess.Popen([sys.executable, "-c", serve, str(site)], cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            root = server.stdout.readline().strip()
            browser.open(root)
            browser.wait("navigator.serviceWorker.ready.then((found) => found.active.state === 'activated')", 30)
            browser.open(f"{root}guide/")
            python(browser)
            browser.wait("caches.keys().then(([name]) => caches.open(name)).then((one) => one.keys()).then((all) => "
                         "all.some(({ url }) => /model-fr/.test(url)) && all.some(({ url }) => /[.]wasm$/.test(url)))", 60)
            read(browser)
            server.kill()
        browser.open(root)
        browser.open(f"{root}guide/")   # the driver's own reload asks no worker; that of the page does
        python(browser)
        follow(browser, DENTIST[:2])
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
    end = time.monotonic() + 30
    while "/404.html" not in reached:
        assert time.monotonic() < end, "the other site was not reached"
        time.sleep(0.1)
    if not isinstance(browser, (Firefox, Chromium)):
        return   # WebKit's driver answers nothing more once another process has taken over
    browser.wait("location.pathname === '/404.html'", 20)
    browser.back()
    browser.wait("location.pathname !== '/404.html'", 20)
    assert not re.search("guide", browser.run("location.pathname"))
