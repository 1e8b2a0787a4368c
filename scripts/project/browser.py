"""Find the Chromium that the tests and the screenshots drive; with --install, install one when there is none.

In this order: $BROWSER_PATH, Chromium without its windows, a Chromium or Chrome on the machine, Playwright's own, Debian's package,
Playwright's download. Without windows each new page costs a third: as root on Debian, --install brings that one.
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts.project.paths import FONTS
from scripts.project.setup import SetupError, SystemPackage, install_debian

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
# A quiet browser: no sandbox (we are often root in a container), no traffic of its own, steady drawing.
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--disable-default-apps",
    "--disable-extensions", "--disable-domain-reliability", "--disable-client-side-phishing-detection", "--metrics-recording-only",
    "--no-default-browser-check", "--no-pings", "--force-color-profile=srgb", "--font-render-hinting=none",
)
DEBIAN = SystemPackage("chromium-headless-shell", "the browser of the tests", command="chromium-headless-shell")


@contextmanager
def fonts_of_every_script() -> Iterator[None]:
    """Let browsers started in the block find the leaflets' fonts too: a phone has those of every script, a server has few."""
    before = os.environ.get("FONTCONFIG_FILE")
    with TemporaryDirectory(prefix="fonts-") as folder:
        config = Path(folder, "fonts.conf")
        config.write_text('<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
                          f'<include>{before or "/etc/fonts/fonts.conf"}</include>'
                          f"<dir>{FONTS}</dir><cachedir>{folder}/cache</cachedir></fontconfig>", "utf-8")
        os.environ["FONTCONFIG_FILE"] = str(config)
        try:
            yield
        finally:
            os.environ.pop("FONTCONFIG_FILE")
            if before:
                os.environ["FONTCONFIG_FILE"] = before


def candidates() -> Iterator[Path]:
    """Yield the places where a browser may be, the preferred ones first."""
    if chosen := os.environ.get("BROWSER_PATH"):
        yield Path(chosen)
        return
    for name in NAMES:
        if found := shutil.which(name):
            yield Path(found)
    yield MAC
    if own := playwright_path():
        yield own


def playwright_path() -> Path | None:
    """Return where Playwright keeps, or would keep, its own Chromium."""
    from playwright.sync_api import sync_playwright

    try:
        with sync_playwright() as playwright:
            return Path(playwright.chromium.executable_path)
    except Exception:
        return None


def runs(path: Path) -> bool:
    """Return whether the program starts: some systems ship a `chromium` that only says where to get one."""
    if not path.is_file() or not os.access(path, os.X_OK):
        return False
    try:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and any(char.isdigit() for char in done.stdout)


@cache
def find_browser() -> Path:
    """Return an executable Chromium.

    Raises:
        SetupError: There is none; the message says how to install one.
    """
    for path in candidates():
        if runs(path):
            return path
    raise SetupError(
        "no Chromium on this machine. Install one with:\n"
        f"    sudo apt-get update && sudo apt-get install --yes {DEBIAN.name}\n"
        f"or:\n    {sys.executable} -m playwright install --with-deps chromium\n"
        "or set BROWSER_PATH to the one you have."
    )


def install_browser() -> Path:
    """Return a Chromium, installed first when the machine has none: Debian's, else Playwright's own."""
    try:
        found = find_browser()
        return quicker() or found
    except SetupError as missing:
        if os.environ.get("BROWSER_PATH"):
            raise
        for install in (install_from_debian, install_from_playwright):
            try:
                install()
                return find_browser()
            except SetupError as error:
                print(f"browser: {error}", file=sys.stderr)
        raise missing from None


def quicker() -> Path | None:
    """Return Debian's Chromium without windows, installed beside Debian's Chromium where that is allowed; None elsewhere."""
    if os.environ.get("BROWSER_PATH") or DEBIAN.present() or not Path("/usr/lib/chromium/chromium").exists() or os.geteuid():
        return None
    try:
        install_from_debian()
    except SetupError:
        return None
    return Path(shutil.which(DEBIAN.name) or "")


def install_from_debian() -> None:
    """Install Debian's package; Ubuntu's is an empty shell, which `find_browser` will refuse."""
    install_debian([DEBIAN])


def install_from_playwright() -> None:
    """Let Playwright download its own build."""
    done = subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], stdout=sys.stderr, check=False)
    if done.returncode:
        raise SetupError("Playwright could not download its Chromium.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verb and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.project.browser", description=__doc__)
    parser.add_argument("--install", action="store_true", help="install one when there is none, rather than print where it is")
    options = parser.parse_args(arguments)
    try:
        if options.install:
            install_browser()
        else:
            print(find_browser())
    except SetupError as error:
        print(f"browser: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
