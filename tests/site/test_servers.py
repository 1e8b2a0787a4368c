"""The server files we ship, tried: nginx and Caddy serve the built site, and each kind of address is asked."""

import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from scripts.measure.load import behind_nginx
from scripts.project.engines import free_port
from scripts.site.policy import CACHE_HASHED, CACHE_PAGE, COMMON, ORDINARY, header_policy, route_of
from scripts.site.serve import SiteServer
from scripts.site.server_files import apache, caddy, headers_file, nginx


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class SameAddress(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def ask(address: str, **headers: str) -> Answer:
    request = urllib.request.Request(address, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urllib.request.build_opener(SameAddress).open(request, timeout=10) as answer:
            return Answer(answer.status, {key.lower(): value for key, value in answer.headers.items()}, answer.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, {key.lower(): value for key, value in error.headers.items()}, error.read())


def needed(command: str) -> str:
    path = shutil.which(command) or shutil.which(command, path="/usr/sbin:/sbin")
    assert path, f"{command} is needed to try the server files. Install it with: sudo apt-get install --yes {command}"
    return path


@contextmanager
def running(command: list[str], port: int) -> Iterator[str]:
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        try:
            for _ in range(200):
                with socket.socket() as trial:
                    if trial.connect_ex(("127.0.0.1", port)) == 0:
                        break
                assert process.poll() is None, process.stderr.read() if process.stderr else ""
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


@contextmanager
def nginx_server(site: Path, folder: Path) -> Iterator[str]:
    with behind_nginx(site) as address:
        yield address


@contextmanager
def caddy_server(site: Path, folder: Path) -> Iterator[str]:
    port = free_port()
    text = "{\n\tadmin off\n\tauto_https off\n}\n" + caddy(str(site), f"http://127.0.0.1:{port}")
    (folder / "Caddyfile").write_text(text)
    with running([needed("caddy"), "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"], port) as address:
        yield address


@contextmanager
def our_server(site: Path, folder: Path) -> Iterator[str]:
    from scripts.site.serve import serving

    with serving(site) as server:
        yield server.url.rstrip("/")


SERVERS: dict[str, Callable[[Path, Path], object]] = {"nginx": nginx_server, "caddy": caddy_server, "ours, from _headers": our_server}


@pytest.fixture(scope="module")
def small_site(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy with compressed copies of two files, and the addresses that other parts of the build provide."""
    from scripts.site.compress import compress_file

    copy = tmp_path_factory.mktemp("served") / "site"
    shutil.copytree(site, copy)
    (copy.parent).chmod(0o755)
    for folder in ("embed", "en/embed"):
        (copy / folder).mkdir(exist_ok=True)
        (copy / folder / "index.html").write_text("<!doctype html><title>embed</title>")
    (copy / "embed.js").write_text("// embed\n")
    for file in (copy / "index.html", next((copy / "assets" / "css").glob("site.*.css"))):
        compress_file(file)
    (copy / "_headers").write_text(headers_file(copy))
    return copy


@pytest.fixture(scope="module", params=SERVERS)
def address(request: pytest.FixtureRequest, small_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("server")
    for parent in (folder, *folder.parents[:3], *small_site.parents[:3]):
        if parent.is_dir() and parent.stat().st_mode & 0o077 == 0:
            parent.chmod(0o755)
    with SERVERS[request.param](small_site, folder) as running_at:  # type: ignore[attr-defined]
        yield running_at


@pytest.mark.parametrize(
    "path", ["/", "/en/", "/patients/", "/en/patients/", "/guide/", "/en/guide/", "/recherche/", "/embed/", "/en/embed/"]
)
def test_each_page_has_its_headers(address: str, path: str) -> None:
    answer = ask(address + path)
    assert answer.status == 200
    assert answer.headers["content-type"].lower().replace('"', "") == "text/html; charset=utf-8"
    route = route_of(path.removeprefix("/").removeprefix("en/"))
    assert answer.headers["content-security-policy"] == header_policy(route)
    assert ("x-frame-options" in answer.headers) is not route.framed_anywhere
    assert answer.headers["cache-control"] == CACHE_PAGE
    for name, value in COMMON:
        assert answer.headers[name.lower()] == value


def test_only_the_embedded_guide_may_be_framed_by_others(address: str) -> None:
    assert "frame-ancestors *" in ask(f"{address}/embed/").headers["content-security-policy"]
    assert "frame-ancestors 'self'" in ask(f"{address}/guide/").headers["content-security-policy"]


def test_other_sites_may_load_the_embedding_script(address: str) -> None:
    answer = ask(f"{address}/embed.js")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "access-control-allow-origin" not in ask(f"{address}/").headers


def test_hashed_files_are_kept_for_good(address: str, small_site: Path) -> None:
    for file in (next((small_site / "assets" / "css").glob("*.css")), next((small_site / "assets" / "js").glob("search.*.mjs"))):
        answer = ask(f"{address}/{file.relative_to(small_site).as_posix()}")
        assert answer.status == 200
        assert answer.headers["cache-control"] == CACHE_HASHED
        assert answer.headers["content-type"].split(";")[0] == {".css": "text/css", ".mjs": "text/javascript"}[file.suffix]


def test_an_unknown_address_shows_the_page_of_its_language(address: str) -> None:
    for path, sentence in (("/nulle-part/", "Cette page n’existe pas"), ("/en/nowhere/", "This page does not exist")):
        answer = ask(address + path)
        assert answer.status == 404
        assert sentence in answer.body.decode()


def test_a_folder_without_its_slash_leads_to_it(address: str) -> None:
    answer = ask(f"{address}/guide")
    assert answer.status in (301, 302, 307, 308)
    assert answer.headers["location"].endswith("/guide/")


def test_the_compressed_copy_is_sent_to_those_who_take_it(address: str) -> None:
    plain, packed = ask(f"{address}/"), ask(f"{address}/", Accept_Encoding="gzip")
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.body) < len(plain.body) / 2
    assert packed.headers["content-type"] == plain.headers["content-type"]


def test_brotli_is_sent_where_the_server_knows_it(small_site: Path, tmp_path: Path) -> None:
    with caddy_server(small_site, tmp_path) as address:
        assert ask(f"{address}/", Accept_Encoding="br, gzip").headers["content-encoding"] == "br"


def test_no_header_stands_in_two_rules_that_match_one_address(small_site: Path) -> None:
    from scripts.site.serve import read_header_rules

    rules = read_header_rules((small_site / "_headers").read_text("utf-8"))
    for file in small_site.rglob("*.html"):
        path = "/" + file.relative_to(small_site).as_posix().removesuffix("index.html")
        names = [name for rule in rules if rule.matches(path) for name, _ in rule.headers]
        assert len(names) == len(set(names)), path


def test_apache_says_the_same() -> None:
    text = apache()
    assert header_policy(ORDINARY) in text
    for name, value in COMMON:
        assert f'Header always set {name} "{value}"' in text


def test_the_server_of_make_serve_reads_our_headers(server: SiteServer) -> None:
    assert ask(server.url).headers["content-security-policy"] == header_policy(ORDINARY)


def test_nginx_reads_its_settings_without_a_warning(site: Path, tmp_path: Path) -> None:
    settings = tmp_path / "nginx.conf"
    inside = nginx(str(site), "127.0.0.1:8099")
    settings.write_text(f"pid {tmp_path}/nginx.pid; error_log stderr; events {{}}\nhttp {{\n{inside}}}\n", "utf-8")
    tried = subprocess.run([needed("nginx"), "-t", "-e", "stderr", "-c", str(settings)], capture_output=True, text=True, check=False)
    assert "[warn]" not in tried.stderr and "test is successful" in tried.stderr, tried.stderr
