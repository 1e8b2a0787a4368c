"""Browsers driven by the WebDriver protocol, and Chromium in the same words: what a test or a bench asks of a page.

    with webkit() as browser:
        browser.open(address)
        browser.click("#n1 a")

WebKitGTK is the engine of Safari. Its driver and its bare browser come from Debian: webkit2gtk-driver and xvfb. So does Firefox,
firefox-esr, which is driven by its own protocol, Marionette: the same commands under other names.
"""

import base64
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from playwright.sync_api import ElementHandle, Error, Frame, Page
from playwright.sync_api import TimeoutError as TooLate

WEBKIT_BROWSER = "webkit2gtk-4.1/MiniBrowser"
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"   # the key the protocol gives an element
START_S = 40
PATIENCE_MS = (1_000, 2_000, 4_000, 8_000)
"""How long a click waits before it looks again: it clings to the element it found first, and another may stand in its place."""


class EngineError(Exception):
    """The browser is not here, or refuses what was asked; the message says which."""


@dataclass(frozen=True, slots=True)
class Browser:
    """One session of a browser; `address` is that of the session, without a final slash, `process` what was started for it."""

    address: str
    process: int

    def open(self, url: str) -> None:
        """Go to a page and wait until it is loaded."""
        self._post("url", url=url)

    def run(self, script: str, *arguments: Any) -> Any:
        """Return the value of an expression in the page or frame at hand; `arguments` are its `arguments`."""
        return self._post("execute/sync", script=f"return ({script})", args=list(arguments))

    def click(self, css: str) -> None:
        """Click the first element of this selector that is drawn, as a person does."""
        self._post(f"element/{self._drawn(css)}/click")

    def frame(self, number: int = 0) -> None:
        """From here on, speak of what is in a frame of this page."""
        self._post("frame", id=number)

    def top(self) -> None:
        """From here on, speak of the page itself."""
        self._post("frame", id=None)

    def back(self) -> None:
        """Press Back."""
        self._post("back")

    def reload(self) -> None:
        """Load the page again."""
        self._post("refresh")

    def text(self, css: str) -> str:
        """Return the text of the first element of this selector that is drawn; nothing when there is none."""
        return str(self.run("""([...document.querySelectorAll(arguments[0])].find((one) => one.getClientRects().length)
          ?.innerText ?? "")""", css))

    def type(self, css: str, text: str) -> None:
        """Write in the first field of this selector, as its reader does: key by key."""
        found = self._post("execute/sync", args=[css], script="return document.querySelector(arguments[0])")
        self._post(f"element/{found[ELEMENT]}/value", text=text)

    def pdf(self) -> bytes:
        """Return what the printer would get."""
        return base64.b64decode(self._post("print"))

    def view(self) -> bytes:
        """Return a picture of what the window shows (PNG): Firefox only."""
        return base64.b64decode(self._post("picture", id=None, full=False, hash=False))

    def _drawn(self, css: str) -> str:
        """Bring the first element of this selector that is drawn into sight, and return its id."""
        found = self._post("execute/sync", args=[css], script="""
          const drawn = [...document.querySelectorAll(arguments[0])].find((one) => one.getClientRects().length);
          drawn?.scrollIntoView({ block: "center", behavior: "instant" });
          return drawn ?? null""")
        if found is None:
            raise EngineError(f"nothing is drawn for {css}")
        return str(found[ELEMENT])

    def wait(self, script: str, seconds: float = 15) -> Any:
        """Return the value of an expression once it is true; a page that is being left cannot be asked, and the next one is."""
        end = time.monotonic() + seconds
        while True:
            why = ""
            try:
                if found := self.run(script):
                    return found
            except (EngineError, Error) as error:
                why = f" ({error})"
            if time.monotonic() > end:
                raise EngineError(f"after {seconds} s this is still false: {script}{why}")
            time.sleep(0.05)

    def _post(self, path: str, **body: Any) -> Any:
        return _ask("POST", f"{self.address}/{path}", body)


@dataclass(frozen=True, slots=True)
class Firefox(Browser):
    """One session of Firefox; `address` is empty, `line` speaks Marionette: one message, its length before it, then the answer."""

    line: socket.socket

    def _post(self, path: str, **body: Any) -> Any:
        if path.startswith("element/"):
            _, element, act = path.split("/")
            command, body = {"click": "ElementClick", "value": "ElementSendKeys"}[act], {"id": element, **body}
        else:
            command = MARIONETTE[path]
        found = say(self.line, f"WebDriver:{command}", body)
        return found["value"] if set(found) == {"value"} else found


@dataclass(frozen=True, slots=True)
class Chromium(Browser):
    """A page of Playwright's, asked in the words of the other browsers; `frames` is the way down to the frame at hand."""

    page: Page
    frames: list[Frame] = field(default_factory=list)

    def open(self, url: str) -> None:
        self.frames.clear()
        self.page.goto(url)

    def run(self, script: str, *arguments: Any) -> Any:
        return self._here().evaluate(f"(given) => (function () {{ return ({script}) }}).apply(null, given)", list(arguments))

    def click(self, css: str) -> None:
        for patience_ms in PATIENCE_MS:
            with suppress(TooLate):
                self._element(css).click(timeout=patience_ms)
                return
        self._element(css).click()

    def frame(self, number: int = 0) -> None:
        self.frames.append(self._here().child_frames[number])

    def top(self) -> None:
        self.frames.clear()

    def back(self) -> None:
        self.page.go_back()

    def reload(self) -> None:
        self.page.reload()

    def type(self, css: str, text: str) -> None:
        self._here().locator(css).first.press_sequentially(text)

    def pdf(self) -> bytes:
        return self.page.pdf()

    def _here(self) -> Frame:
        return self.frames[-1] if self.frames else self.page.main_frame

    def _element(self, css: str) -> ElementHandle:
        found = self._here().evaluate_handle("""(css) => [...document.querySelectorAll(css)]
          .find((one) => one.getClientRects().length)""", css).as_element()
        if found is None:
            raise EngineError(f"nothing is drawn for {css}")
        return found


MARIONETTE = {"url": "Navigate", "execute/sync": "ExecuteScript", "frame": "SwitchToFrame", "back": "Back", "refresh": "Refresh",
              "print": "Print", "picture": "TakeScreenshot"}


def say(line: socket.socket, command: str, body: Mapping[str, Any]) -> Any:
    """Give Firefox a command and return its answer.

    Raises:
        EngineError: It refuses.
    """
    message = json.dumps([0, 1, command, body]).encode()
    line.sendall(str(len(message)).encode() + b":" + message)
    _, _, error, found = heard(line)
    if error is not None:
        raise EngineError(f"{error['error']}: {error['message']}")
    return found


def heard(line: socket.socket) -> Any:
    """Return the next message of Firefox."""
    size = b""
    while not size.endswith(b":"):
        size += line.recv(1)
    left, parts = int(size[:-1]), []
    while left:
        parts.append(line.recv(left))
        left -= len(parts[-1])
    return json.loads(b"".join(parts))


QUIET = {"app.update.auto": False, "browser.shell.checkDefaultBrowser": False, "datareporting.policy.dataSubmissionEnabled": False,
         "network.captive-portal-service.enabled": False, "network.connectivity-service.enabled": False,
         "extensions.update.enabled": False, "app.normandy.enabled": False, "browser.aboutwelcome.enabled": False,
         "services.settings.server": "data:,", "toolkit.telemetry.server": "data:,", "browser.safebrowsing.update.enabled": False,
         "browser.sessionstore.interval": 500}
"""What Firefox does by itself when it starts, and need not do here; what it remembers of a session is written twice a second."""


@contextmanager
def firefox(profile: Path | None = None, *, environment: Mapping[str, str] | None = None, locale: str = "fr",
            settings: Mapping[str, Any] | None = None) -> Iterator[Browser]:
    """Open a clean Firefox; it is closed after the block, and the profile, when one is given, stays.

    It has a window where `environment` names a screen, none otherwise; `settings` are those of about:config.

    Raises:
        EngineError: Firefox is not installed.
    """
    program = needed("firefox-esr", "firefox-esr")
    with tempfile.TemporaryDirectory() as own:
        folder = profile or Path(own)
        folder.mkdir(exist_ok=True)
        port = free_port()
        values = {**QUIET, "marionette.port": port, "intl.accept_languages": locale, **(settings or {})}
        lines = [f"user_pref({json.dumps(key)}, {json.dumps(value)});" for key, value in values.items()]
        (folder / "user.js").write_text("\n".join(lines), "utf-8")
        with subprocess.Popen([program, *([] if environment else ["--headless"]), "--marionette", "--no-remote", "--profile", str(folder)],
                              env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
            try:
                _until_it_listens(port)
                with socket.create_connection(("127.0.0.1", port), timeout=90) as line:
                    heard(line)   # it says who it is
                    say(line, "WebDriver:NewSession", {})
                    yield Firefox("", running.pid, line)
                    say(line, "Marionette:Quit", {"flags": ["eForceQuit"]})
                running.wait(timeout=30)
            finally:
                running.terminate()


def _ask(method: str, address: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    try:
        with urlopen(Request(address, data, {"Content-Type": "application/json"}, method=method), timeout=90) as answer:
            return json.load(answer)["value"]
    except HTTPError as error:
        found = json.load(error)["value"]
        raise EngineError(f"{found['error']}: {found['message']}") from None


def needed(program: str, package: str) -> str:
    """Return where a program is.

    Raises:
        EngineError: It is not installed; the message says what brings it.
    """
    found = shutil.which(program)
    if found is None:
        raise EngineError(f"{program} is not installed. Debian has it: apt-get install {package}")
    return found


def _browser(name: str, package: str) -> str:
    found = sorted(Path("/usr/lib").glob(f"*/{name}"))
    if not found:
        raise EngineError(f"{name} is not installed. Debian has it: apt-get install {package}")
    return str(found[0])


def free_port() -> int:
    """Return a port of this machine that nothing listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def screen() -> Iterator[str]:
    """Give the name of a screen nobody sees."""
    read, write = os.pipe()
    with subprocess.Popen([needed("Xvfb", "xvfb"), "-displayfd", str(write), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"],
                          pass_fds=[write], stderr=subprocess.DEVNULL) as server:
        try:
            os.close(write)
            with os.fdopen(read) as said:
                yield f":{said.readline().strip()}"
        finally:
            server.terminate()


@contextmanager
def webkit() -> Iterator[Browser]:
    """Open a clean WebKit; it is closed after the block.

    Raises:
        EngineError: WebKit, its driver or Xvfb is not installed.
    """
    driver = needed("WebKitWebDriver", "webkit2gtk-driver")
    options = {"binary": _browser(WEBKIT_BROWSER, "webkit2gtk-driver"), "args": ["--automation"]}
    port = free_port()
    with screen() as shown:
        environment = {**os.environ, "DISPLAY": shown, "LIBGL_ALWAYS_SOFTWARE": "1", "WEBKIT_DISABLE_DMABUF_RENDERER": "1"}
        with subprocess.Popen([driver, f"--port={port}"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
            try:
                root = f"http://127.0.0.1:{port}"
                _until_it_listens(port)
                asked = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
                session = f"{root}/session/{_ask('POST', f'{root}/session', asked)['sessionId']}"
                try:
                    yield Browser(session, running.pid)
                finally:
                    _ask("DELETE", session)
            finally:
                running.terminate()


def _until_it_listens(port: int) -> None:
    end = time.monotonic() + START_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > end:
                raise EngineError(f"the driver did not start in {START_S} s") from None
            time.sleep(0.05)
        else:
            return
