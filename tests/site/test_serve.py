"""The local server sends the types, headers and pages a real host must send."""

import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import brotli
import pytest
from playwright.sync_api import Browser

from scripts.site.serve import SiteServer, headers_for, read_header_rules, serving

HEADERS = """\
# one source for all hosts
/*
  X-Content-Type-Options: nosniff
  Content-Security-Policy: frame-ancestors 'self'
/embed/*
  ! Content-Security-Policy
  Cache-Control: no-store
"""


@pytest.fixture
def small_site(tmp_path: Path) -> Path:
    files = {
        "index.html": "<!doctype html><title>Accueil</title><h1>Accueil</h1>",
        "404.html": "<h1>Page introuvable</h1>",
        "en/404.html": "<h1>Page not found</h1>",
        "guide/index.html": "<h1>Guide</h1>",
        "embed/guide/index.html": "<h1>Guide</h1>",
        "assets/worker.mjs": "export const answer = 1;",
        "assets/python.wasm": "\0asm",
        "_headers": HEADERS,
    }
    for name, text in files.items():
        path = tmp_path / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    page = tmp_path / "site" / "guide" / "index.html"
    page.with_name("index.html.br").write_bytes(brotli.compress(page.read_bytes()))
    return tmp_path / "site"


@pytest.fixture
def small_server(small_site: Path) -> Iterator[SiteServer]:
    with serving(small_site) as server:
        yield server


def get(server: SiteServer, path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/assets/worker.mjs", "text/javascript; charset=utf-8"),
        ("/assets/python.wasm", "application/wasm"),
    ],
)
def test_each_kind_of_file_has_its_type(small_server: SiteServer, path: str, kind: str) -> None:
    response, _ = get(small_server, path)
    assert response.status == 200
    assert response.headers["Content-Type"] == kind


def test_a_missing_page_is_told_in_the_language_of_its_path(small_server: SiteServer) -> None:
    french, english = get(small_server, "/nulle-part/"), get(small_server, "/en/nowhere/")
    assert (french[0].status, english[0].status) == (404, 404)
    assert b"introuvable" in french[1]
    assert b"not found" in english[1]


def test_a_folder_without_its_slash_is_redirected(small_server: SiteServer) -> None:
    response, _ = get(small_server, "/guide")
    assert response.status == 301
    assert response.headers["Location"].endswith("/guide/")


def test_the_compressed_copy_goes_to_those_who_take_it(small_server: SiteServer) -> None:
    response, body = get(small_server, "/guide/", **{"Accept-Encoding": "gzip, br"})
    assert response.headers["Content-Encoding"] == "br"
    assert brotli.decompress(body) == get(small_server, "/guide/")[1]


def test_the_headers_are_those_the_site_ships(small_server: SiteServer) -> None:
    assert get(small_server, "/")[0].headers["Content-Security-Policy"] == "frame-ancestors 'self'"
    embedded = get(small_server, "/embed/guide/")[0].headers
    assert "Content-Security-Policy" not in embedded
    assert embedded["Cache-Control"] == "no-store"


def test_nothing_outside_the_site_is_served(small_server: SiteServer, small_site: Path) -> None:
    (small_site.parent / "secret.txt").write_text("secret")
    for path in ("/../secret.txt", "/%2e%2e/secret.txt", "/assets/../../secret.txt"):
        assert get(small_server, path)[0].status == 404


def test_a_site_under_a_sub_path_knows_nothing_above_it(small_site: Path) -> None:
    with serving(small_site, base="/guides/refus/") as server:
        assert get(server, "/guides/refus/guide/")[0].status == 200
        assert get(server, "/guide/")[0].status == 404
        assert server.url.endswith("/guides/refus/")


def test_a_later_rule_has_the_last_word() -> None:
    rules = read_header_rules("/*\n  A: one\n/en/*\n  A: two\n")
    assert headers_for(rules, "/guide/") == {"A": "one"}
    assert headers_for(rules, "/en/guide/") == {"A": "two"}


def test_the_browser_reads_a_page(browser: Browser, small_server: SiteServer) -> None:
    page = browser.new_page()
    page.goto(small_server.url)
    assert page.title() == "Accueil"
    page.close()


def test_a_writer_sees_each_change_at_once(small_site: Path) -> None:
    with SiteServer(small_site, fresh=True) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        assert get(server, "/embed/guide/")[0].headers["Cache-Control"] == "no-cache"
        thread.join()
