"""Sites that show our guide, on another host name and another port: what the tests of the embedding walk through."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import BrowserContext, Frame, Page

from scripts.project.paths import ROOT
from scripts.site.embed import facts

HOSTS = ROOT / "tests" / "hosts"
PUBLISHED = re.compile(r"https://[\w.-]+\.example/")
POLICY = re.compile(r"^<!-- Content-Security-Policy: (.*?) -->")
COMMENTS = re.compile(r"\A(?:<!-- .*? -->\s*)+", re.DOTALL)

# Every message of every port and window, kept as text in the page that hears it, before our own scripts run.
RECORDER = """
  window.heard = [];
  const text = (data) => { try { return JSON.stringify(data); } catch { return "not JSON"; } };
  const keep = (way, data) => window.heard.push([way, text(data)]);
  addEventListener("message", (event) => keep("window", event.data));
  const post = MessagePort.prototype.postMessage;
  MessagePort.prototype.postMessage = function (data, ...rest) { keep("sent", data); return post.call(this, data, ...rest); };
  const handler = Object.getOwnPropertyDescriptor(MessagePort.prototype, "onmessage");
  Object.defineProperty(MessagePort.prototype, "onmessage", {
    ...handler,
    set(listener) { (window.ports ??= []).push(this); handler.set.call(this, (event) => { keep("port", event.data); listener(event); }); },
  });
  for (const name of ["ready", "height", "step", "end"]) {
    addEventListener("guide:" + name, (event) => (window.events ??= []).push([name, event.detail]));
  }
"""


def as_served(html: str, site: str) -> str:
    """Return what a partner pastes, with the address our site has here in place of the published one."""
    return PUBLISHED.sub(site, html)


def host_page(name: str, site: str, folder: Path = HOSTS) -> tuple[str, str]:
    """Return a host page as sent, and its policy (empty when it has none)."""
    found = facts()
    text = (folder / name).read_text("utf-8")
    known = {"SITE": site, "ORIGIN": site.rstrip("/"), "FILE": found["file"], "INTEGRITY": found["integrity"]}
    for key, value in known.items():
        text = text.replace(f"{{{key}}}", value)
    policy = POLICY.match(text)
    return COMMENTS.sub("", text), policy[1] if policy else ""


class Handler(BaseHTTPRequestHandler):
    """Answers with the host pages, each with its policy."""

    server: "HostServer"

    def do_GET(self) -> None:
        name = self.path.partition("?")[0].lstrip("/")
        folder = next((folder for folder in self.server.folders if (folder / name).is_file()), None)
        if folder is None:
            self.send_error(404)
            return
        text, policy = host_page(name, self.server.site, folder)
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        if policy:
            self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""


class HostServer(ThreadingHTTPServer):
    """A site that shows our guide."""

    daemon_threads = True

    def __init__(self, site: str, folders: tuple[Path, ...]) -> None:
        self.site, self.folders = site, folders
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        """Our site is at localhost: this one has another name, and another port."""
        return f"http://127.0.0.1:{self.server_port}/"


@contextmanager
def hosting(site: str, *folders: Path) -> Iterator[HostServer]:
    """Serve host pages for as long as the block lasts."""
    with HostServer(site, folders or (HOSTS,)) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


def open_host(context: BrowserContext, address: str, *, python: bool = False) -> Page:
    """Open a host page; every message is recorded in `heard`, every event in `events`.

    Unless a test is about Python, the guide goes by its links: starting Python takes seconds of the processor.
    """
    context.add_init_script(RECORDER)
    if not python:
        context.route("**/runtime/**", lambda route: None)   # as on a network that takes for ever
    page = context.new_page()
    page.goto(address)
    return page


def guide_frame(page: Page, number: int = 0, *, ready: bool = True) -> Frame:
    """Return the frame of a guide, once it has said it is ready."""
    page.wait_for_function("number => document.querySelectorAll('iframe').length > number", arg=number)
    handle = page.locator("iframe").nth(number).element_handle()
    handle.scroll_into_view_if_needed()
    frame = handle.content_frame()
    assert frame is not None
    if ready:
        page.wait_for_function("number => (window.events ?? []).filter(([name]) => name === 'ready').length > number", arg=number)
    return frame
