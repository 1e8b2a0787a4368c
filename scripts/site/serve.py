"""Build the site and serve it at localhost, with the types and headers a real host must send.

The headers are those of site/_headers, the file we ship for hosts that read one: what works here works there.
"""

import argparse
import os
import re
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from scripts.project.paths import ROOT
from scripts.site.build import SITE, BuildError, build
from scripts.site.policy import MEDIA_TYPES, said_in_utf8

DEFAULT_PORT = 8000
TYPES = {"": "application/octet-stream", **{f".{suffix}": f"{kind}; charset=utf-8" if said_in_utf8(kind) else kind
                                             for suffix, kind in MEDIA_TYPES.items()}}
WATCHED = ("docs", "decision_tree", "overrides", "scripts", "site.yaml", "mkdocs.base.yml", "mkdocs.yml", "mkdocs.en.yml")
QUIET_S = 0.5  # an editor writes a file in several steps
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


@dataclass(frozen=True, slots=True)
class HeaderRule:
    """Headers for the paths that match; `*` stands for anything."""

    path: str
    headers: tuple[tuple[str, str], ...]

    def matches(self, path: str) -> bool:
        pattern = ".*".join(re.escape(part) for part in self.path.split("*"))
        return re.fullmatch(pattern, path) is not None


def read_header_rules(text: str) -> tuple[HeaderRule, ...]:
    """Read a `_headers` file: a path, then its headers indented below; `! Name` takes a header away."""
    rules: list[HeaderRule] = []
    path, headers = "", list[tuple[str, str]]()
    for line in [*text.splitlines(), "/"]:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line[0].isspace():
            name, _, value = line.strip().partition(":")
            headers.append((name.strip(), value.strip()))
            continue
        if path and headers:
            rules.append(HeaderRule(path, tuple(headers)))
        path, headers = line.strip(), []
    return tuple(rules)


def headers_for(rules: Sequence[HeaderRule], path: str) -> Mapping[str, str]:
    """Return the headers of one path; a later rule has the last word."""
    chosen: dict[str, str] = {}
    for rule in rules:
        if not rule.matches(path):
            continue
        for name, value in rule.headers:
            if name.startswith("!"):
                chosen.pop(name.lstrip("! "), None)
            else:
                chosen[name] = value
    return chosen


class Handler(SimpleHTTPRequestHandler):
    """One request for a file of the site."""

    protocol_version = "HTTP/1.1"
    extensions_map = TYPES
    server: "SiteServer"

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.encoding = ""
        super().__init__(*arguments, **options)

    def send_head(self) -> Any:
        """Answer with the file, its compressed copy when the browser takes it, or the 404 page of the locale."""
        self.encoding = ""
        asked = Path(self.translate_path(self.path))
        if asked.is_dir() and not urlsplit(self.path).path.endswith("/"):
            return super().send_head()
        path = asked / "index.html" if asked.is_dir() else asked
        if not path.is_file():
            return self.send_missing()
        return self.send_file(path, HTTPStatus.OK)

    def send_missing(self) -> Any:
        """Answer with the 404 page, English under /en/."""
        site = Path(self.directory)
        under = urlsplit(self.path).path.removeprefix(self.server.base)
        page = site / "en" / "404.html" if under.startswith("en/") else site / "404.html"
        if page.is_file():
            return self.send_file(page, HTTPStatus.NOT_FOUND)
        self.send_error(HTTPStatus.NOT_FOUND)
        return None

    def send_file(self, path: Path, status: HTTPStatus) -> Any:
        """Send the headers of a file and return it open."""
        accepted = self.headers.get("Accept-Encoding", "")
        chosen = path
        for encoding, suffix in ENCODINGS:
            copy = path.with_name(path.name + suffix)
            if re.search(rf"\b{encoding}\b", accepted) and copy.is_file():
                chosen, self.encoding = copy, encoding
                break
        file = chosen.open("rb")
        self.send_response(status)
        self.send_header("Content-Type", TYPES.get(path.suffix, TYPES[""]))
        self.send_header("Content-Length", str(chosen.stat().st_size))
        self.send_header("Last-Modified", self.date_time_string(path.stat().st_mtime))
        self.end_headers()
        return file

    def end_headers(self) -> None:
        """Add the headers the site ships, then what this answer needs."""
        path = "/" + unquote(urlsplit(self.path).path).removeprefix(self.server.base)
        headers = dict(headers_for(self.server.rules, path))
        if self.encoding:
            headers["Content-Encoding"] = self.encoding
            headers.setdefault("Vary", "Accept-Encoding")
        if self.server.fresh:
            headers["Cache-Control"] = "no-cache"
        headers.setdefault("X-Content-Type-Options", "nosniff")
        for name, value in headers.items():
            self.send_header(name, value)
        super().end_headers()

    def translate_path(self, path: str) -> str:
        """Return the file behind a path; a site served under a sub-path knows nothing outside it."""
        base = self.server.base
        route = urlsplit(path).path
        if not route.startswith(base):
            return str(Path(self.directory) / "outside-the-site")
        return super().translate_path("/" + route.removeprefix(base))

    def version_string(self) -> str:
        """Name no software."""
        return "site"

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing of each request, as the shipped hosts should."""


class SiteServer(ThreadingHTTPServer):
    """A local host for a folder, under `/` or a sub-path such as `/guides/refus/`.

    A `fresh` one has the browser ask again for each file, as a writer wants; otherwise it may keep what the shipped headers allow.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, site: Path, *, host: str = "127.0.0.1", port: int = 0, base: str = "/", fresh: bool = False) -> None:
        self.site = site
        self.fresh = fresh
        self.base = base
        super().__init__((host, port), Handler)

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Answer one connection from the folder as it is now."""
        Handler(request, client_address, self, directory=str(self.site))

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Let a browser that hangs up pass; report any other mistake of ours."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    @property
    def rules(self) -> tuple[HeaderRule, ...]:
        """The headers the site ships, as they are on the disk now."""
        path = self.site / "_headers"
        return read_header_rules(path.read_text(encoding="utf-8")) if path.is_file() else ()

    @property
    def url(self) -> str:
        """The address of the site, with its final slash."""
        return f"http://localhost:{self.server_port}{self.base}"


@contextmanager
def serving(site: Path, *, port: int = 0, base: str = "/") -> Iterator[SiteServer]:
    """Serve a folder in the background for as long as the block lasts, on a free port unless one is given."""
    with SiteServer(site, port=port, base=base) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class Changes(FileSystemEventHandler):
    """Remembers that a source of the site changed."""

    def __init__(self) -> None:
        self.seen = threading.Event()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Note a change; reading a file, or Python keeping its bytecode, is none."""
        if event.event_type in ("created", "modified", "deleted", "moved") and "__pycache__" not in str(event.src_path):
            self.seen.set()


def rebuild_on_change(changes: Changes) -> None:
    """Build again after each change, for ever; a failed build leaves the last good site in place."""
    while changes.seen.wait():
        while changes.seen.is_set():
            changes.seen.clear()
            time.sleep(QUIET_S)
        started = time.perf_counter()
        try:
            build()
        except BuildError as error:
            print(f"serve: {error}", file=sys.stderr, flush=True)
        else:
            print(f"serve: built again in {time.perf_counter() - started:.1f} s; reload the page", flush=True)


def watch() -> None:
    """Follow the sources in the background and build when one changes."""
    changes, observer = Changes(), Observer()
    for name in WATCHED:
        if (ROOT / name).exists():
            observer.schedule(changes, str(ROOT / name), recursive=True)
    observer.daemon = True
    observer.start()
    threading.Thread(target=rebuild_on_change, args=(changes,), daemon=True).start()


def open_server(host: str, port: int | None) -> SiteServer:
    """Return a server on `port`, or on the first free one from the usual port when none is given."""
    if port is not None:
        return SiteServer(SITE, host=host, port=port, fresh=True)
    for candidate in range(DEFAULT_PORT, DEFAULT_PORT + 50):
        try:
            return SiteServer(SITE, host=host, port=candidate, fresh=True)
        except OSError:
            continue
    return SiteServer(SITE, host=host, fresh=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verb and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.site.serve", description=__doc__)
    parser.add_argument("--port", type=int, help=f"the port (default: the first free one from {DEFAULT_PORT})")
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 to try the site on a phone of the same network")
    parser.add_argument("--no-build", action="store_true", help="serve site/ as it is")
    parser.add_argument("--watch", action="store_true", help="build again whenever a page, a rule or a template changes")
    options = parser.parse_args(arguments)
    os.environ.setdefault("RUNTIME", "cached")     # a writer does not wait minutes for the small runtime
    try:
        if not options.no_build:
            build()
        server = open_server(options.host, options.port)
    except BuildError as error:
        print(f"serve: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"serve: port {options.port} cannot be used ({error.strerror}). Choose another: make serve PORT=8080", file=sys.stderr)
        return 1
    if options.watch:
        watch()
    print(f"serve: French   {server.url}\nserve: English  {server.url}en/\nserve: Ctrl+C to stop", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print()
    finally:
        server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
