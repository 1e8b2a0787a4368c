"""Real sites made with the tools of npm, to see our guide in them, and an old browser: installed from their own locks, built once.

    with application("next", site) as address:
        page.goto(f"{address}/aide")

Their packages are many, so they are not those of the project: tests/embed/apps/NAME/ has its own lock, and only tests marked `prove`
ask for it. What is installed and built is kept in .cache/apps/NAME/ until a file of it changes.
"""

import hashlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import brotli
from filelock import FileLock

from scripts.project.engines import free_port
from scripts.project.paths import ROOT
from scripts.site.embed import facts

APPS = ROOT / "tests" / "embed" / "apps"
KEPT = ROOT / ".cache" / "apps"
BUILD = {"next": ("node_modules/.bin/next", "build"), "nuxt": ("node_modules/.bin/nuxt", "build"), "editors": (), "old-chromium": ()}
START = {"next": ("node_modules/.bin/next", "start", "--hostname", "127.0.0.1"), "nuxt": ("node", ".output/server/index.mjs")}
QUIET = {"NEXT_TELEMETRY_DISABLED": "1", "NUXT_TELEMETRY_DISABLED": "1", "NODE_ENV": "production", "CI": "1"}
START_S = 60


class AppError(Exception):
    """An application cannot be installed, built or started; the message says what its tool said."""


def installed(name: str) -> Path:
    """Return the folder where an application is installed and built, doing both when its sources have changed."""
    source, kept = APPS / name, KEPT / name
    KEPT.mkdir(parents=True, exist_ok=True)
    with FileLock(str(kept) + ".lock"):
        mark = _mark(source)
        if (kept / ".made").exists() and (kept / ".made").read_text("utf-8") == mark:
            return kept
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(source, kept)
        # Not `npm ci`: an optional package of Windows that the registry no longer has would stop it. The lock is followed all the same.
        run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], kept)
        if BUILD[name]:
            run(BUILD[name], kept)
        (kept / ".made").write_text(mark, "utf-8")
    return kept


def _mark(source: Path) -> str:
    files = sorted(path for path in source.rglob("*") if path.is_file())
    return hashlib.sha256(b"".join(str(path.relative_to(source)).encode() + path.read_bytes() for path in files)).hexdigest()


def run(command: Sequence[str], folder: Path, told: Mapping[str, str] = {}, text: str = "") -> str:
    """Run a command in a folder, with more in its environment and a text to read; return what it prints.

    Raises:
        AppError: It fails, or is not there; the message ends with what it said.
    """
    try:
        done = subprocess.run(command, cwd=folder, env={**os.environ, **QUIET, **told}, input=text, capture_output=True, text=True,
                              errors="replace", check=False)
    except FileNotFoundError:
        raise AppError(f"{command[0]} is not on this machine; `make prove` installs it") from None
    if done.returncode:
        raise AppError(f"{folder.name}: {' '.join(command)}\n{(done.stdout + done.stderr).strip()[-3_000:]}")
    return done.stdout


def old_chromium() -> Path:
    """Return Chromium 64, unpacked: it opens a page, prints it or tells what it holds, and ends."""
    folder = installed("old-chromium")
    program = folder / "chromium"
    with FileLock(str(program) + ".lock"):
        if not program.exists():
            unpacked = brotli.decompress((folder / "node_modules" / "chrome-aws-lambda" / "bin" / "chromium.br").read_bytes())
            part = program.with_suffix(".part")
            part.write_bytes(unpacked)
            part.chmod(0o755)
            part.rename(program)
    return program


@contextmanager
def application(name: str, site: str) -> Iterator[str]:
    """Serve an application that shows the guide of `site`, and give its address, without a final slash.

    Raises:
        AppError: It does not answer.
    """
    folder = installed(name)
    port = str(free_port())
    said = facts()
    values = {"SITE": site.rstrip("/"), "FILE": said["file"], "INTEGRITY": said["integrity"]}
    told = {**values, **{f"NUXT_PUBLIC_{key}": value for key, value in values.items()}, "PORT": port, "HOST": "127.0.0.1"}
    with subprocess.Popen(START[name], cwd=folder, env={**os.environ, **QUIET, **told}, stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            address = f"http://127.0.0.1:{port}"
            until_it_answers(address)
            yield address
        finally:
            running.terminate()


def until_it_answers(address: str) -> None:
    """Wait until an address answers.

    Raises:
        AppError: It does not in START_S seconds, or answers with an error.
    """
    def answers() -> bool:
        try:
            with urlopen(address, timeout=5):
                return True
        except HTTPError as error:
            raise AppError(f"{address} answers {error.code}") from None
        except (URLError, OSError):
            return False

    until(answers, f"{address} does not answer")


def until(is_so: Callable[[], bool], otherwise: str) -> None:
    """Wait until something is so.

    Raises:
        AppError: It is not after START_S seconds.
    """
    end = time.monotonic() + START_S
    while not is_so():
        if time.monotonic() > end:
            raise AppError(f"{otherwise} after {START_S} s")
        time.sleep(0.2)
