"""Build the site: French in site/, English in site/en/.

Everything is written to a folder beside site/ and takes its place at the end, in one step:
a build that fails or is interrupted leaves the site that was there whole.
"""

import argparse
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from filelock import FileLock

from scripts.project.paths import ROOT
from scripts.site.compress import compress_site

SITE = ROOT / "site"
WITHOUT_HISTORY = "1795305600"  # 22 November 2026, the day the texts were compared


class BuildError(Exception):
    """The site could not be built; the tool that failed has said why."""


def write_site(folder: Path) -> None:
    """Write the whole site, both locales, into an empty folder.

    MkDocs builds the French site, and its hooks the English one and all that comes after the pages.
    """
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, env=environment(), stderr=subprocess.PIPE, text=True, errors="replace") as process:
        try:
            show_messages(process.stderr or ())
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise BuildError("the site could not be built: see the messages above. The previous site/ was left as it was.")
    compress_site(folder)


def environment() -> Mapping[str, str]:
    """Return the environment of MkDocs: dated by the last commit, with the bytecode of all it reads kept in .cache/."""
    ours = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {"SOURCE_DATE_EPOCH": source_date(), "PYTHONPYCACHEPREFIX": str(ROOT / ".cache" / "bytecode"), **ours,
            "DISABLE_MKDOCS_2_WARNING": "true", "NO_MKDOCS_2_WARNING": "true"}


def show_messages(lines: Iterable[str]) -> None:
    """Print what MkDocs says that a writer must mend: warnings and errors."""
    for line in lines:
        if not line.startswith("INFO "):
            print(line, end="", file=sys.stderr, flush=True)


def source_date() -> str:
    """Return the time that stands in the built files: that of the last commit, so that a build can be repeated."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        return WITHOUT_HISTORY
    done = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or WITHOUT_HISTORY


def swap(new: Path, place: Path) -> None:
    """Put the folder `new` at `place`; what was there stands aside for a moment, and comes back should the second step fail."""
    if not place.exists():
        new.rename(place)
        return
    old = new.with_name(new.name + ".old")
    place.rename(old)
    try:
        new.rename(place)
    except OSError:
        old.rename(place)
        raise
    shutil.rmtree(old)


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """Let one build at a time write `place`, and remove what an interrupted one left beside it."""
    cache = ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    name = hashlib.sha256(os.fsencode(place)).hexdigest()[:8]
    with FileLock(cache / f"build-{name}.lock"):
        for left in place.parent.glob(f"{place.name}.new-*"):
            if left.name.endswith(".old") and not place.exists():
                left.rename(place)
            else:
                shutil.rmtree(left, ignore_errors=True)
        yield


def build(place: Path = SITE) -> None:
    """Build the site and put it at `place`.

    Raises:
        BuildError: A page, the knowledge or a template is wrong; `place` is as it was.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    with alone(place):
        new = Path(tempfile.mkdtemp(prefix=f"{place.name}.new-", dir=place.parent))
        new.chmod(0o755)
        try:
            write_site(new)
            swap(new, place)
        finally:
            shutil.rmtree(new, ignore_errors=True)


def stop(_signal: int, _frame: FrameType | None) -> None:
    """Turn a request to end into an exception, so that half a site is tidied away."""
    raise KeyboardInterrupt


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verb and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.site.build", description=__doc__)
    parser.add_argument("--to", type=Path, default=SITE, metavar="FOLDER", help="where to put the site (default: site/)")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, stop)
    started = time.perf_counter()
    try:
        build(options.to.resolve())
    except BuildError as error:
        print(f"build: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("build: interrupted; the previous site was left as it was.", file=sys.stderr)
        return 130
    pages = sum(1 for _ in options.to.rglob("*.html"))
    print(f"build: {pages} pages in {options.to} in {time.perf_counter() - started:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
