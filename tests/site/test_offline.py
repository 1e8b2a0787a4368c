"""A visited site is read without a network; what is kept is the site's own files; a switch ends it all."""

import hashlib
import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from scripts.project.paths import ROOT
from scripts.site import service_worker
from scripts.site.minify import minified
from scripts.site.serve import Handler, SiteServer, serving
from scripts.site.service_worker import CORE, ServiceWorkerError, listed, write_worker
from tests.conftest import NewContext
from tests.support.guide_pages import DENTIST, DENTIST_BODIES, bodies, follow, unfold, unfold_letter, wait_for_python
from tests.support.lanes import first
from tests.support.letters import TYPED

READY = "async () => { await navigator.serviceWorker.ready; return true }"
KEPT = """async () => {
  const found = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const bytes = await crypto.subtle.digest("SHA-256", await (await cache.match(request)).arrayBuffer());
      found[request.url] = [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    }
  }
  return found;
}"""
BASES = ("/guides/refus/", "/")
ANSWER = "[data-guide] a[data-answer]:visible"


@pytest.fixture
def copy(site: Path, tmp_path: Path) -> Path:
    """The site in a folder that a test may change; without its compressed copies, so that a change shows."""
    return Path(shutil.copytree(site, tmp_path / "site", ignore=shutil.ignore_patterns("*.br", "*.gz")))


@pytest.fixture
def person(new_context: NewContext) -> Callable[..., BrowserContext]:
    """A browser that lets service workers run."""
    def open_one(**options: Any) -> BrowserContext:
        return new_context(service_workers="allow", **options)

    return open_one


@contextmanager
def asked() -> Iterator[list[str]]:
    """Record the paths that the servers of this process are asked for."""
    seen: list[str] = []
    plain = Handler.send_head

    def send_head(self: Handler) -> object:
        seen.append(self.path)
        return plain(self)

    Handler.send_head = send_head  # type: ignore[method-assign]
    try:
        yield seen
    finally:
        Handler.send_head = plain  # type: ignore[method-assign]


def visit(page: Page, address: str) -> None:
    """Open a page and wait until the worker has kept what it keeps at once."""
    page.goto(address)
    page.evaluate(READY)
    page.wait_for_function("async () => (await navigator.serviceWorker.ready).active.state === 'activated'")


def wait_kept(page: Page, part: str, *, gone: bool = False) -> None:
    """Wait until a kept address holds `part`."""
    page.wait_for_function(
        """async ([part, gone]) => {
          const keys = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
          return keys.flat().some(({ url }) => url.includes(part)) !== gone;
        }""",
        arg=[part, gone],
    )


@pytest.mark.parametrize(("base", "folder", "locale"), first([
    ("/guides/refus/", "en/", "en"), ("/", "", "fr"), ("/", "en/", "en"), ("/guides/refus/", "", "fr")]))
def test_a_visited_site_is_read_without_a_network(
    site: Path, person: Callable[..., BrowserContext], base: str, folder: str, locale: str
) -> None:
    context = person(locale=locale)
    page = context.new_page()
    with serving(site, base=base) as server:
        root = server.url + folder
        visit(page, f"{root}patients/preuves/")
        page.goto(f"{root}organismes/ars/")
    context.set_offline(True)   # and the server has stopped
    for place in ("patients/preuves/", "organismes/ars/", "patients/urgence/", ""):
        page.goto(root + place)
        assert page.locator("html").get_attribute("lang") == locale
        assert page.evaluate("getComputedStyle(document.querySelector('.emergency')).display") != "inline", f"{place}: no style"
    page.goto(f"{root}guide/")
    page.locator(ANSWER).first.click()
    page.locator('a[data-answer^="asker="]:visible').first.wait_for(state="hidden")

    page.goto(f"{root}patients/mediateur/")   # never opened
    assert page.locator("h1").inner_text() == {"fr": "Vous êtes hors ligne", "en": "You are offline"}[locale]
    assert page.url == f"{root}patients/mediateur/", "reloading must ask for the page again"
    assert page.evaluate("getComputedStyle(document.querySelector('.emergency')).display") != "inline"
    page.locator(".prose a[href$='premiers-pas/']").click()
    page.wait_for_url(f"{root}patients/premiers-pas/")
    assert page.locator("h1").count() == 1


@pytest.mark.parametrize("base", first(BASES))
def test_python_answers_and_writes_a_letter_without_a_network_once_it_has_been_used(
    site: Path, person: Callable[..., BrowserContext], base: str
) -> None:
    context = person()
    page = context.new_page()
    with serving(site, base=base) as server:
        root = server.url
        visit(page, f"{root}patients/")
        assert not any("/runtime/" in address for address in page.evaluate(KEPT)), "Python weighs: it is kept once used, not before"
        page.goto(f"{root}guide/")
        wait_for_python(page)
        for part in ("model-fr", "letters", "directory"):
            wait_kept(page, f"/runtime/{part}.")
    context.set_offline(True)
    page.reload()
    wait_for_python(page)
    follow(page, DENTIST)
    assert bodies(page) == DENTIST_BODIES
    unfold(page)
    page.locator('[data-live] [data-letter="mediateur"]').first.click()
    page.wait_for_selector("[data-letter-form]")
    unfold_letter(page)
    for name, value in TYPED.items():
        if (field := page.locator(f"#l-{name}")).count():
            field.fill(value)
    page.locator("[data-letter-form] button").click()
    page.wait_for_selector("[data-letter-text]")
    assert len(page.locator("[data-letter-text]").input_value()) > 500


def test_python_is_kept_on_a_first_visit_that_starts_with_the_guide(site: Path, person: Callable[..., BrowserContext]) -> None:
    context = person()
    page = context.new_page()
    with serving(site) as server:
        page.goto(f"{server.url}guide/")
        wait_for_python(page)
        with asked() as seen:
            wait_kept(page, "/runtime/model-fr.")
            files = json.loads(page.locator("[data-guide]").get_attribute("data-files") or "")
            tier = page.locator("[data-guide]").get_attribute("data-runtime") or ""
            for file in files[tier].values():
                wait_kept(page, f"/runtime/{file['name']}")
        names = tuple(file["name"] for file in files[tier].values())
        assert names and not [path for path in seen if path.endswith(names)], "it must come from what the browser holds"
    context.set_offline(True)
    page.reload()
    wait_for_python(page)


def test_who_saves_data_fetches_the_page_alone_until_the_first_touch(site: Path, person: Callable[..., BrowserContext]) -> None:
    page = person().new_page()
    page.add_init_script("Object.defineProperty(navigator, 'connection', { value: { saveData: true } })")
    with serving(site) as server, asked() as seen:
        page.goto(f"{server.url}guide/")
        page.wait_for_selector("[data-guide][data-scripted]")
        page.wait_for_timeout(1_000)
        assert seen and not [path for path in seen if "/runtime/" in path or path.endswith(("/sw.js", "/search/"))]
        page.locator(ANSWER).first.click()
        wait_for_python(page)
        assert [path for path in seen if "/runtime/" in path] and not [path for path in seen if path.endswith("/sw.js")]


def test_nothing_is_kept_but_the_files_of_the_site(site: Path, person: Callable[..., BrowserContext]) -> None:
    context = person()
    page = context.new_page()
    page.add_init_script("""const post = ServiceWorker.prototype.postMessage;
      globalThis.told = 0;
      ServiceWorker.prototype.postMessage = function (...said) { told += 1; return post.apply(this, said); };""")
    with serving(site) as server:
        visit(page, f"{server.url}guide/?from=letter#n1")
        wait_for_python(page)
        for _ in range(3):
            page.locator(ANSWER).first.click()
            page.wait_for_timeout(100)
        assert 1 <= page.evaluate("globalThis.told") <= 2, "the worker is told once what the page used, once what runs Python"
        page.goto(f"{server.url}recherche/#q=dentiste")
        page.wait_for_selector("[data-results] li")
        wait_kept(page, "/search/index.")
        kept = page.evaluate(KEPT)
        root = server.url
    assert len(kept) > 10
    for address, digest in kept.items():
        assert not re.search(r"[?#]", address), address
        place = address.removeprefix(root)
        file = site / (f"{place}index.html" if place.endswith("/") or not place else place)
        assert hashlib.sha256(file.read_bytes()).hexdigest() == digest, f"{address} is not the site's own file"
    assert context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert page.evaluate("async () => (await indexedDB.databases()).length") == 0


def test_the_other_language_is_kept_from_its_first_page_on(site: Path, person: Callable[..., BrowserContext]) -> None:
    page = person().new_page()
    with serving(site) as server:
        visit(page, server.url)
        assert not any("/en/" in address for address in page.evaluate(KEPT)), "a language nobody reads costs nothing"
        page.goto(f"{server.url}en/patients/preuves/")
        wait_kept(page, "/en/offline.html")
        wait_kept(page, "/en/guide/")


def test_a_new_version_fetches_only_what_changed(copy: Path, person: Callable[..., BrowserContext]) -> None:
    page = person().new_page()
    with serving(copy) as server:
        visit(page, server.url)
        for place in ("patients/preuves/", "patients/mediateur/"):
            page.goto(server.url + place)
            wait_kept(page, place)
        old_style = next((copy / "assets" / "css").glob("home.*.css"))
        changed = copy / "patients" / "preuves" / "index.html"
        changed.write_text(changed.read_text("utf-8").replace("</h1>", " (nouveau)</h1>", 1), "utf-8")
        text = old_style.read_bytes() + b"/* new */"
        style = old_style.with_name(f"home.{hashlib.sha256(text).hexdigest()[:10]}.css")
        old_style.unlink()
        style.write_bytes(text)
        for home in (copy / "index.html", copy / "en" / "index.html"):
            home.write_text(home.read_text("utf-8").replace(old_style.name, style.name), "utf-8")
        write_worker(copy)
        with asked() as seen:
            page.evaluate("""async () => {
              const registration = await navigator.serviceWorker.ready;
              await registration.update();
              const fresh = registration.installing ?? registration.waiting;
              while (fresh.state === "installing") await new Promise((done) => setTimeout(done, 20));
            }""")
        assert sorted(set(seen)) == sorted(["/sw.js", "/", "/patients/preuves/", f"/assets/css/{style.name}"])
        page.close()   # the worker takes over once no page of the old one is open
        page = page.context.new_page()
        page.goto(f"{server.url}patients/mediateur/")
        wait_kept(page, old_style.name, gone=True)
    page.context.set_offline(True)
    page.goto(f"{server.url}patients/preuves/")
    assert "(nouveau)" in page.locator("h1").inner_text()


def test_the_switch_ends_the_worker_and_drops_its_copies(copy: Path, person: Callable[..., BrowserContext]) -> None:
    page = person().new_page()
    with serving(copy) as server:
        visit(page, server.url)
        assert page.evaluate("async () => (await caches.keys()).length") == 1
        service_worker.main([str(copy), "--off"])
        page.evaluate("async () => { await (await navigator.serviceWorker.ready).update().catch(() => {}) }")
        page.wait_for_function("async () => (await caches.keys()).length === 0")
        page.goto("about:blank")
        page.goto(f"{server.url}404.html")   # with or without our script, the switched-off worker keeps nothing
        page.wait_for_timeout(500)
        assert page.evaluate("async () => (await caches.keys()).length") == 0


def test_a_site_that_says_no_sends_the_switch(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Says:
        def text(self, _key: str) -> str:
            return "no"

    monkeypatch.setattr(service_worker, "load_publisher", Says)
    write_worker(copy)
    assert "unregister" in (copy / "sw.js").read_text("utf-8")


def test_no_worker_starts_in_a_frame_nor_on_the_embedded_guide(
    site: Path, tmp_path: Path, person: Callable[..., BrowserContext], serve_folder: Callable[..., SiteServer]
) -> None:
    page = person().new_page()
    count = "async () => (await navigator.serviceWorker.getRegistrations()).length"
    with serving(site) as server:
        host = tmp_path / "host"
        host.mkdir()
        (host / "index.html").write_text(f'<!doctype html><title>Host</title><iframe src="{server.url}embed/"></iframe>')
        page.goto(serve_folder(host).url)
        frame = page.frames[1]
        frame.wait_for_selector("[data-guide]")
        page.wait_for_load_state("load")
        assert frame.evaluate(count) == 0
        page.goto(f"{server.url}embed/")
        page.wait_for_load_state("load")
        page.wait_for_timeout(300)
        assert page.evaluate(count) == 0
        page.goto(f"{server.url}partenaires/")   # here the worker runs: the frames of this page are left to the network
        page.evaluate(READY)
        assert not any("/embed/" in address for address in page.evaluate(KEPT))


def test_no_page_of_the_embedded_guide_names_the_worker(site: Path) -> None:
    pages = [*site.glob("embed/**/*.html"), *site.glob("en/embed/**/*.html")]
    assert pages
    assert not [page for page in pages if re.search(r"js/offline[.-]|js/page[.-]| data-offline", page.read_text("utf-8"))]
    assert re.search(r"js/page\.[0-9a-f]{10}\.mjs\" data-offline", (site / "index.html").read_text("utf-8"))


def test_a_file_that_is_not_what_its_name_says_is_not_kept(copy: Path, person: Callable[..., BrowserContext]) -> None:
    index = next((copy / "search").glob("index.*.json"))
    index.write_text(index.read_text("utf-8").replace("dentiste", "dentixte", 1), "utf-8")
    page = person().new_page()
    with serving(copy) as server:
        visit(page, f"{server.url}recherche/")
        page.goto(f"{server.url}recherche/#q=plainte")
        page.wait_for_selector("[data-results] li")
        page.wait_for_timeout(300)
        assert not any("/search/index." in address for address in page.evaluate(KEPT))


def test_a_server_that_fails_or_is_slow_gives_way_to_the_copy(copy: Path, person: Callable[..., BrowserContext]) -> None:
    page = person().new_page()
    with serving(copy) as server:
        visit(page, server.url)
        page.goto(f"{server.url}patients/preuves/")
        title = page.locator("h1").inner_text()
        wait_kept(page, "patients/preuves/")
        plain = Handler.send_head

        def fail(self: Handler) -> None:
            self.send_error(503)

        def hang(self: Handler) -> object:
            time.sleep(8)
            return plain(self)

        for trouble in (fail, hang):
            Handler.send_head = trouble  # type: ignore[method-assign]
            try:
                page.goto(f"{server.url}patients/preuves/", wait_until="commit")
                assert page.locator("h1").inner_text(timeout=7_000) == title
            finally:
                Handler.send_head = plain  # type: ignore[method-assign]


def test_the_list_names_the_pages_kept_at_once_and_no_embedded_page(site: Path) -> None:
    found = listed(site)
    pages = found["pages"]
    assert isinstance(pages, dict)
    assert {*CORE, *(f"en/{place}" for place in CORE)} <= pages.keys()
    assert not [place for place in pages if "embed/" in place or "404" in place]


def test_a_page_kept_at_once_that_does_not_exist_fails_the_build(copy: Path) -> None:
    (copy / "en" / "patients" / "urgence" / "index.html").unlink()
    with pytest.raises(ServiceWorkerError, match="CORE names en/patients/urgence/"):
        listed(copy)


def test_every_page_pays_little_for_it(site: Path) -> None:
    import brotli

    source = ROOT / "overrides" / "assets" / "js" / "offline.mjs"
    assert len(brotli.compress(minified(source.read_text("utf-8"), "--format=esm").encode())) <= 300
    (whole,) = (site / "assets" / "js").glob("page-exit.*.mjs")
    assert len(brotli.compress(whole.read_bytes())) <= 1000
