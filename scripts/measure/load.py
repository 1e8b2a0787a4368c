"""Measure the built site behind nginx on this machine, beside a page of stock Material with the same text.

    python -m scripts.measure.load                 print the figures
    python -m scripts.measure.load --readme        write them in docs/figures.md too, between its two marks

nginx and wrk run on the loopback alone, one process each, for a few seconds a line. A page view is the page with every file of
its own server that it asks for at once, gzip accepted, nothing kept between views. An answer that is not 2xx or 3xx fails the verb.
"""

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import ClassVar

from scripts.project.engines import free_port
from scripts.project.marked_blocks import write_block
from scripts.project.paths import FIGURES
from scripts.project.setup import SetupError, find_command
from scripts.site.build import SITE, BuildError, build
from scripts.site.compress import compress_site
from scripts.site.server_files import nginx
from scripts.site.site_check import OUTSIDE, Page, Reader, requests_of

PAGE = "patients/premiers-pas/"
PAGES = (("Home page", ""), ("Page for patients", PAGE), ("Page of a body", "organismes/defenseur-des-droits/"), ("Guide", "guide/"))
CONNECTIONS = 32
SECONDS = 5
LINE_BYTES_S = 100e6 / 8
MARKS = ("<!-- load: written by `python -m scripts.measure.load --readme` -->", "<!-- end of load -->")
STOCK_CONFIG = "site_name: Stock\ntheme: material\n"
SCRIPT = """
local paths, headers, turn = {%s}, {["Accept-Encoding"] = "gzip", ["Host"] = "localhost"}, 0
request = function()
  turn = turn %% #paths + 1
  return wrk.format("GET", paths[turn], headers)
end
done = function(summary, latency, requests)
  local e = summary.errors
  local wrong = e.connect + e.read + e.write + e.status + e.timeout
  io.write(string.format('{"requests":%%d,"bytes":%%d,"us":%%d,"wrong":%%d,"p50_us":%%d,"p99_us":%%d}\\n',
    summary.requests, summary.bytes, summary.duration, wrong, latency:percentile(50), latency:percentile(99)))
end
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What one line of load gave."""

    name: str
    files: int             # of a page view, the page included
    view_bytes: int        # as sent, headers included
    requests_s: float
    views_s: float
    p50_ms: float
    p99_ms: float
    errors: int


def files_of(site: Path, place: str) -> list[str]:
    """Return the paths a view of a page asks its own server for, the page first."""
    page = Page(site, site / place / "index.html")
    Reader(page).feed(page.file.read_text("utf-8"))
    asked = [address for tag in page.tags for address in requests_of(tag)
             if tag.attributes.get("rel") not in ("manifest", "apple-touch-icon") and tag.attributes.get("loading") != "lazy"]
    own = [page.target(address)[0] for address in asked if not OUTSIDE.match(address)]
    return [f"/{place}", *dict.fromkeys(f"/{file.relative_to(site).as_posix()}" for file in own if file.is_file())]


def read_figures(output: str, name: str, files: int) -> Measure:
    """Read what the script of wrk printed last."""
    found = json.loads(output.strip().splitlines()[-1])
    seconds = found["us"] / 1e6
    requests_s = found["requests"] / seconds
    return Measure(
        name=name, files=files, view_bytes=round(found["bytes"] / max(found["requests"], 1) * files), requests_s=requests_s,
        views_s=requests_s / files, p50_ms=found["p50_us"] / 1000, p99_ms=found["p99_us"] / 1000, errors=found["wrong"],
    )


def put_load(address: str, name: str, paths: Sequence[str], seconds: int) -> Measure:
    """Ask for the paths in turn, over and over."""
    wrk = needed("wrk")
    with tempfile.TemporaryDirectory(prefix="load-") as folder:
        script = Path(folder, "paths.lua")
        script.write_text(SCRIPT % ", ".join(f'"{path}"' for path in paths), "utf-8")
        command = [wrk, "--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{seconds}s", "--timeout", "10s",
                   "--script", str(script), address]
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60, check=False)
    if done.returncode:
        raise SetupError(f"wrk failed:\n{done.stdout}{done.stderr}")
    return read_figures(done.stdout, name, len(paths))


def needed(command: str) -> str:
    """Return the path of a command.

    Raises:
        SetupError: The machine lacks it.
    """
    if path := find_command(command):
        return path
    raise SetupError(f"{command} is missing. Install it, on Debian or Ubuntu with: sudo apt-get install --yes {command}")


@contextmanager
def behind_nginx(site: Path) -> Iterator[str]:
    """Serve a folder with the settings we ship, one worker, on a free port of the loopback."""
    program = needed("nginx")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="load-nginx-") as name:
        folder = Path(name)
        temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        user = "user root; " if os.geteuid() == 0 else ""   # a folder of our own, on the loopback: any reader will do
        (folder / "nginx.conf").write_text(
            f"{user}daemon off; pid {folder}/pid; error_log stderr; worker_processes 1; events {{ worker_connections 1024; }}\n"
            f"http {{ {temporary} sendfile on; tcp_nopush on;\n{nginx(str(site), f'127.0.0.1:{port}')}}}\n")
        with subprocess.Popen([program, "-e", "stderr", "-c", str(folder / "nginx.conf")], stderr=subprocess.PIPE, text=True) as process:
            try:
                wait_for(port, process)
                yield f"http://127.0.0.1:{port}"
            finally:
                process.terminate()
                process.wait(10)


def wait_for(port: int, process: subprocess.Popen[str]) -> None:
    """Wait until something listens.

    Raises:
        SetupError: The server ended, or does not answer in ten seconds.
    """
    for _ in range(200):
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            raise SetupError(f"nginx could not start:\n{process.stderr.read() if process.stderr else ''}")
        time.sleep(0.05)
    raise SetupError("nginx does not answer.")


class Words(HTMLParser):
    """Collects the text of a page as plain Markdown: headings, paragraphs, items."""

    BEGIN: ClassVar = {"h1": "# ", "h2": "## ", "h3": "### ", "p": "", "li": "- "}

    def __init__(self) -> None:
        super().__init__()
        self.inside = False
        self.lines: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "article":
            self.inside = True
        if self.inside and tag in self.BEGIN:
            self.lines.append("\n" + self.BEGIN[tag])

    def handle_endtag(self, tag: str) -> None:
        if tag == "article":
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside and self.lines:
            self.lines[-1] += re.sub(r"\s+", " ", data)


def build_stock(site: Path, folder: Path) -> Path:
    """Build a page of ours with stock Material, and compress it as we compress ours; return the built site."""
    words = Words()
    words.feed((site / PAGE / "index.html").read_text("utf-8"))
    page = folder / "docs" / PAGE.rstrip("/") / "index.md"
    page.parent.mkdir(parents=True)
    page.write_text("\n".join(words.lines), "utf-8")
    (folder / "docs" / "index.md").write_text("# Stock\n", "utf-8")
    (folder / "mkdocs.yml").write_text(STOCK_CONFIG, "utf-8")
    environment = {**os.environ, "DISABLE_MKDOCS_2_WARNING": "true", "NO_MKDOCS_2_WARNING": "true"}
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(folder / "site")]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"stock Material could not be built:\n{done.stderr}")
    compress_site(folder / "site")
    return folder / "site"


def measure(site: Path, seconds: int) -> list[Measure]:
    """Return the figures of our pages, then of the stock page."""
    with behind_nginx(site) as address:
        found = [put_load(address, name, files_of(site, place), seconds) for name, place in PAGES]
    with tempfile.TemporaryDirectory(prefix="stock-") as folder:
        stock = build_stock(site, Path(folder))
        with behind_nginx(stock) as address:
            found.append(put_load(address, "Same text, stock Material", files_of(stock, PAGE), seconds))
    return found


def table(found: Sequence[Measure]) -> str:
    """Return the figures as a Markdown table."""
    heads = ("page view", "files", "kB sent", "requests/s", "views/s", "views/s in 100 Mbit/s", "median, ms", "99 of 100, ms",
             "errors")
    rows = [f"| {' | '.join(heads)} |", "|---" + "|--:" * (len(heads) - 1) + "|"]
    rows += [f"| {one.name} | {one.files} | {one.view_bytes / 1000:.1f} | {one.requests_s:,.0f} | {one.views_s:,.0f} "
             f"| {LINE_BYTES_S / one.view_bytes:,.0f} | {one.p50_ms:.1f} | {one.p99_ms:.1f} | {one.errors} |" for one in found]
    return "\n".join(rows) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verb and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.measure.load", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=int, default=SECONDS, help=f"for each page (default: {SECONDS})")
    parser.add_argument("--site", type=Path, default=SITE, help="a built site (default: site/, built when it is not there)")
    parser.add_argument("--readme", action="store_true", help="write the figures in docs/figures.md")
    options = parser.parse_args(arguments)
    try:
        if options.site == SITE and not SITE.exists():
            build()
        found = measure(options.site.resolve(), options.seconds)
    except (BuildError, SetupError) as error:
        print(f"load: {error}", file=sys.stderr)
        return 1
    text = table(found)
    print(f"nginx, 1 worker; wrk, {CONNECTIONS} connections, {options.seconds} s a line; {os.cpu_count()} processors, "
          f"load {os.getloadavg()[0]:.1f}\n\n{text}")
    if options.readme:
        write_block(text, FIGURES, MARKS)
    return 1 if any(one.errors for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
