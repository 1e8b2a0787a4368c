"""Orca, the screen reader of Linux, with Firefox on a screen nobody sees: what it says, key by key.

    with orca("fr") as reader:
        reader.browser.open(address)
        reader.press("Tab")
        assert reader.heard() == ["…"]

Orca, the bus of accessibility, a keyboard and a window manager come from Debian: orca, at-spi2-core, dbus, xdotool, openbox.
Orca speaks into a file instead of a loudspeaker: what it takes back within the tenth of a second nobody would have heard.
"""

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock

from scripts.project.engines import Browser, EngineError, firefox, needed, screen

CUT_S = 0.1          # what is taken back sooner is never heard
QUIET_S = 0.7        # after so long without a word, Orca has said all it has to say
LONGEST_S = 12
MOST_STOPS = 150     # of the Tab key, on the longest result
PACKAGES = {"orca": "orca", "dbus-daemon": "dbus", "xdotool": "xdotool", "openbox": "openbox"}

EAR = '''
"""Read by Orca when it starts: each thing said, and each stop, is a line of a file, with its moment."""
import json, os, time
from orca import settings, speech

FILE = open(os.environ["ORCA_SPEECH"], "a", buffering=1, encoding="utf-8")


def note(kind, text=""):
    FILE.write(json.dumps([time.time(), kind, text], ensure_ascii=False) + "\\n")


speech.init = lambda: None
speech._speak = lambda text, acss, interrupt: note("say", text)
speech.speakKeyEvent = lambda event, acss=None: None
speech.speakCharacter = lambda character, acss=None: note("say", character)
speech.stop = lambda: note("stop")
settings.enableEchoByCharacter = settings.enableEchoByWord = settings.enableKeyEcho = False
note("ready")
'''
"""Orca's own place for a person's changes to it."""


@dataclass
class Reader:
    """A person at the keyboard, with a screen reader; `heard` empties what `press` made it say."""

    browser: Browser
    speech: Path
    locale: str
    environment: Mapping[str, str]
    read: int = field(default=0)

    def press(self, *keys: str) -> None:
        """Press keys, one after the other, as X names them: "Tab", "Return", "Down", "alt+Left"; a hand lets go of "alt" last."""
        for key in keys:
            *held, last = key.split("+")
            pressed = [word for one in held for word in ("keydown", one)]
            released = [word for one in held for word in ("keyup", one)]
            subprocess.run(["xdotool", *pressed, "key", last, *released], env=self.environment, check=True)

    def type(self, text: str) -> None:
        """Write a text, letter by letter."""
        subprocess.run(["xdotool", "type", "--delay", "30", text], env=self.environment, check=True)

    def reach(self, css: str, key: str = "Tab") -> list[str]:
        """Press Tab until an element of this selector has the focus; return what is said on the last press alone."""
        here = "document.activeElement?.matches(arguments[0])"
        for _ in range(MOST_STOPS):
            self.press(key)
            if self.browser.run(here, css):
                break
        else:
            raise EngineError(f"the keyboard does not reach {css}")
        self.press("Tab" if key == "shift+Tab" else "shift+Tab")
        self.heard()
        self.press(key)
        return self.heard()

    def heard(self, quiet: float = QUIET_S) -> list[str]:
        """Return what is said until it is quiet, in order; what is cut at once is left out."""
        end = time.monotonic() + LONGEST_S
        size = -1
        while (now := self.speech.stat().st_size) != size and time.monotonic() < end:
            size = now
            time.sleep(quiet)
        lines = [json.loads(line) for line in self.speech.read_text("utf-8").splitlines()]
        new, self.read = lines[self.read:], len(lines)
        stops = [moment for moment, kind, _ in new if kind == "stop"]
        return [text for moment, kind, text in new if kind == "say" and not any(0 < stop - moment < CUT_S for stop in stops)]


@contextmanager
def orca(locale: str) -> Iterator[Reader]:
    """Start Firefox and Orca in a language; both end after the block.

    Raises:
        EngineError: Something is not installed.
    """
    for program, package in PACKAGES.items():
        needed(program, package)
    with ExitStack() as stack:
        stack.enter_context(FileLock(str(Path(tempfile.gettempdir()) / "orca-of-the-tests.lock")))   # one Orca stops another
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        speech = home / "speech.jsonl"
        speech.touch()
        environment = {**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "XDG_CONFIG_HOME": str(home / "config"),
                       "XDG_CACHE_HOME": str(home / "cache"), "XDG_RUNTIME_DIR": str(home), "GSETTINGS_BACKEND": "memory",
                       "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "LANGUAGE": locale, "GTK_MODULES": "gail:atk-bridge",
                       "GNOME_ACCESSIBILITY": "1", "NO_AT_BRIDGE": "0", "ORCA_SPEECH": str(speech)}
        (home / "data" / "orca").mkdir(parents=True)
        (home / "data" / "orca" / "orca-customizations.py").write_text(EAR, "utf-8")
        environment["DISPLAY"] = stack.enter_context(screen())
        environment["DBUS_SESSION_BUS_ADDRESS"] = stack.enter_context(bus(environment))
        for command in (["openbox"], ["/usr/libexec/at-spi-bus-launcher", "--launch-immediately", "--a11y=1", "--screen-reader=1"]):
            stack.enter_context(running(command, environment))
        browser = stack.enter_context(firefox(home / "profile", environment=environment, locale=locale))
        stack.enter_context(running(["orca", "--replace"], environment))
        end = time.monotonic() + 40
        while '"ready"' not in speech.read_text("utf-8"):
            if time.monotonic() > end:
                raise EngineError("Orca does not start")
            time.sleep(0.1)
        reader = Reader(browser, speech, locale, environment)
        reader.heard(2)
        yield reader


@contextmanager
def bus(environment: Mapping[str, str]) -> Iterator[str]:
    """Give the address of a bus for one session."""
    with subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--print-address"], env=environment,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as daemon:
        assert daemon.stdout is not None
        try:
            yield daemon.stdout.readline().strip()
        finally:
            daemon.terminate()


@contextmanager
def running(command: list[str], environment: Mapping[str, str]) -> Iterator[None]:
    """Let a program run during the block."""
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as program:
        try:
            yield
        finally:
            program.terminate()
            try:
                program.wait(timeout=5)
            except subprocess.TimeoutExpired:
                program.kill()
