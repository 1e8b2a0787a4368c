"""Set the project up: the virtual environment, the npm packages and, for the tests, a browser and Debian's tools.

Run by the machine's own Python, before anything is installed: standard library only.
Doing it again costs a few hashes: a stamp beside each installation says what it was made from.
"""

from __future__ import annotations

import argparse
import ctypes
import fcntl
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.project.paths import NODE_MODULES, ROOT, VENV, VENV_PYTHON

OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20

BUILD = ("requirements.txt",)
TEST = ("requirements.txt", "requirements-dev.txt")


class SetupError(Exception):
    """The machine lacks something we could not install; the message says what to do."""


@dataclass(frozen=True)
class SystemPackage:
    """A Debian package the tests use, and how to see that it is there."""

    name: str
    use: str
    command: str = ""
    file: str = ""
    library: str = ""  # of Linux; other systems bring their own
    module: str = ""  # of the Python that runs this

    def present(self) -> bool:
        """Return whether the machine already has what the package brings, wherever it came from."""
        if self.command:
            return find_command(self.command) is not None
        if self.library:
            return sys.platform != "linux" or can_load(self.library)
        if self.module:
            importlib.invalidate_caches()
            return importlib.util.find_spec(self.module) is not None
        return Path(self.file).exists()


SYSTEM_PACKAGES = (
    SystemPackage("nginx", "serves the built site with the headers we ship", command="nginx"),
    SystemPackage("caddy", "serves the built site with the headers we ship", command="caddy"),
    SystemPackage("hunspell", "checks spelling", command="hunspell"),
    SystemPackage("hunspell-fr", "French dictionary", file="/usr/share/hunspell/fr.dic"),
    SystemPackage("hunspell-en-gb", "English dictionary", file="/usr/share/hunspell/en_GB.dic"),
    SystemPackage("libatomic1", "is needed by the Node that Playwright brings", library="libatomic.so.1"),
    SystemPackage("fonts-liberation", "gives the browser letters to measure", file="/usr/share/fonts/truetype/liberation"),
    SystemPackage("firefox-esr", "is the second engine the guide is tried in", command="firefox-esr"),
    SystemPackage("webkit2gtk-driver", "is the third, the one of Safari", command="WebKitWebDriver"),
    SystemPackage("xvfb", "is the screen that WebKit asks for", command="Xvfb"),
    SystemPackage("orca", "reads the guide aloud, as people hear it", command="orca"),
    SystemPackage("at-spi2-core", "tells Orca what a page holds", file="/usr/libexec/at-spi-bus-launcher"),
    SystemPackage("dbus", "carries what it tells", command="dbus-daemon"),
    SystemPackage("xdotool", "presses the keys that Orca hears", command="xdotool"),
    SystemPackage("openbox", "gives the window its keyboard", command="openbox"),
)
PROOF_PACKAGES = (
    SystemPackage("php-cli", "runs the WordPress our code is pasted into", command="php"),
    SystemPackage("php-mysql", "leads it to its database", file="/usr/share/doc/php-mysql"),
    SystemPackage("mariadb-server-core", "is that database", command="mariadbd"),
)
LOAD_PACKAGES = (
    SystemPackage("nginx", "serves the built site under load", command="nginx"),
    SystemPackage("wrk", "sends the load", command="wrk"),
)


def can_load(library: str) -> bool:
    """Return whether the system finds a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def find_command(name: str) -> str | None:
    """Return the path of a command, looking also where Debian puts servers, outside an ordinary PATH."""
    return shutil.which(name) or shutil.which(name, path="/usr/local/sbin:/usr/sbin:/sbin")


def say(message: str) -> None:
    """Print one line of progress at once."""
    print(f"setup: {message}", flush=True)


def run(command: Sequence[str | Path], failure: str) -> None:
    """Run a command in the project; its output is shown only when it fails, under `failure`."""
    done = subprocess.run(
        [str(part) for part in command], cwd=ROOT, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
    )
    if done.returncode:
        shown = " ".join(str(part) for part in command)
        raise SetupError(f"{failure}\n    {shown}\n{done.stdout.strip()}")


def digest(paths: Sequence[Path], *words: str) -> str:
    """Return the hash of some files and words: equal means nothing to install."""
    total = hashlib.sha256(json.dumps(words).encode())
    for path in paths:
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def installed(folder: Path, level: str, stamp: str) -> bool:
    """Return whether `folder` was completed from these very files; the test level includes the build level."""
    levels = ("test",) if level == "test" else ("test", "build")
    return any(read_stamp(folder, each) == stamp for each in levels)


def read_stamp(folder: Path, level: str) -> str:
    """Return what the last installation of this level was made from, or nothing."""
    path = folder / f".installed-{level}"
    return path.read_text().strip() if path.exists() else ""


def write_stamp(folder: Path, level: str, stamp: str) -> None:
    """Say what was installed, and forget what was there before."""
    for old in folder.glob(".installed-*"):
        old.unlink()
    (folder / f".installed-{level}").write_text(stamp + "\n")


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let a second setup wait for the first one."""
    cache = ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    with (cache / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def require_python() -> None:
    """Stop on a Python that is too old for the project."""
    if sys.version_info < OLDEST_PYTHON:
        raise SetupError(f"Python {platform.python_version()} is too old: 3.11 or newer is needed. Run `make PYTHON=python3.11 …`.")


def venv_works() -> bool:
    """Return whether .venv/ has pip and was made by the Python that runs this."""
    if not VENV_PYTHON.exists():
        return False
    done = subprocess.run([VENV_PYTHON, "-c", "import pip, sys; print(sys.version)"], capture_output=True, text=True, check=False)
    return done.stdout.strip() == sys.version


def create_venv() -> None:
    """Create .venv/ unless a working one is there."""
    if venv_works():
        return
    say("creating .venv/")
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    try:
        run(command, "Python could not create a virtual environment:")
    except SetupError:
        # Debian splits `venv` from Python.
        name = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        install_debian([SystemPackage(name, "creates .venv/", module="ensurepip")])
        run(command, "Python could not create a virtual environment:")


def lent(folder: Path) -> bool:
    """Return whether a folder is a link to that of another checkout: to install there would empty it under the other's feet."""
    return folder.is_symlink() and folder.exists()


def install_python(level: str) -> None:
    """Install the locked Python packages into .venv/, each checked against its hash."""
    files = TEST if level == "test" else BUILD
    # Both levels are stamped with both files, so that the test level can answer for the build level.
    stamp = digest([ROOT / name for name in TEST], sys.version, str(ROOT))
    if lent(VENV) or (VENV_PYTHON.exists() and installed(VENV, level, stamp)):
        return
    create_venv()
    say(f"installing the Python packages of {' and '.join(files)}")
    wanted = [part for name in files for part in ("-r", name)]
    run([VENV_PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input",
         "--require-hashes", "--no-deps", *wanted], "pip could not install the locked packages:")
    write_stamp(VENV, level, stamp)


def require_node() -> None:
    """Stop when Node or npm is missing or too old."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        raise SetupError(f"Node is missing: install Node {OLDEST_NODE} or newer with npm, then run the same command again.")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.lstrip("v").split(".")[0]) < OLDEST_NODE:
        raise SetupError(f"Node {version} is too old: {OLDEST_NODE} or newer is needed.")


def install_node(level: str) -> None:
    """Install the locked npm packages; no package may run a script of its own."""
    stamp = digest([ROOT / "package-lock.json", ROOT / "package.json"], str(ROOT))
    if lent(NODE_MODULES) or installed(NODE_MODULES, level, stamp):
        return
    require_node()
    say("installing the npm packages of package-lock.json")
    omit = [] if level == "test" else ["--omit=dev"]
    run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", *omit], "npm could not install the locked packages:")
    write_stamp(NODE_MODULES, level, stamp)


def install_debian(packages: Sequence[SystemPackage]) -> None:
    """Install what is missing with apt-get when root; otherwise say the exact command and fail.

    Raises:
        SetupError: A package is missing and cannot be installed from here.
    """
    missing = [package for package in packages if not package.present()]
    if not missing:
        return
    names = [package.name for package in missing]
    command = f"apt-get update && apt-get install --yes --no-install-recommends {' '.join(names)}"
    reasons = "".join(f"\n    {package.name}: {package.use}" for package in missing)
    if os.geteuid() or not shutil.which("apt-get"):
        raise SetupError(f"the machine lacks:{reasons}\nInstall them, on Debian or Ubuntu with:\n    sudo sh -c '{command}'")
    say(f"installing {', '.join(names)} from Debian")
    environment = ["env", "DEBIAN_FRONTEND=noninteractive"]
    options = ["-qq", "-o", "Acquire::Retries=3", "-o", "DPkg::Lock::Timeout=120"]
    run([*environment, "apt-get", *options, "update"], "apt-get could not read the list of packages:")
    run([*environment, "apt-get", *options, "install", "--yes", "--no-install-recommends", *names], "apt-get could not install packages:")
    if left := [package.name for package in missing if not package.present()]:
        raise SetupError(f"installed, yet not found: {', '.join(left)}. Install them by hand:\n    {command}")


def install_browser() -> None:
    """Let .venv's Python find or install a browser: it alone has Playwright."""
    done = subprocess.run([VENV_PYTHON, "-m", "scripts.project.browser", "--install"], cwd=ROOT, check=False)
    if done.returncode:
        raise SetupError("no browser for the tests: see above.")


def set_up(level: str, *, system: bool = False) -> None:
    """Install what `level` ("build" or "test") needs, and with `system` the browser and Debian's packages."""
    require_python()
    with one_at_a_time():
        install_python(level)
        install_node(level)
        if system:
            install_debian(SYSTEM_PACKAGES)
            install_browser()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verb and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.project.setup", description=__doc__)
    parser.add_argument("--for", dest="level", choices=("build", "test"), default="test",
                        help="build: only what builds the site; test: what checks it too (default)")
    parser.add_argument("--system", action="store_true", help="also a browser and Debian's packages, which the tests need")
    parser.add_argument("--proofs", action="store_true", help="also what `make prove` needs from Debian")
    parser.add_argument("--load", action="store_true", help="also what `make load` needs from Debian")
    parser.add_argument("--quiet", action="store_true", help="say nothing when nothing had to be done")
    options = parser.parse_args(arguments)
    try:
        set_up(options.level, system=options.system)
        for asked, packages in ((options.proofs, PROOF_PACKAGES), (options.load, LOAD_PACKAGES)):
            if asked:
                install_debian(packages)
    except SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    if not options.quiet:
        say("ready")
    return 0


if __name__ == "__main__":
    sys.exit(main())
