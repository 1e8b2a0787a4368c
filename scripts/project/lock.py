"""Pin every dependency again: hashes for pip, a lock file without addresses for npm.

Add a package: one line in requirements.in (building), requirements-dev.in (testing) or package.json, then `make lock`.
Versions already pinned stay as they are, unless --upgrade asks for newer ones.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.project.paths import ROOT

APPS = ROOT / "tests" / "embed" / "apps"   # sites that show our guide: each has a lock of its own, for `make prove`
COMPILE = (sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11",
           "--generate-hashes", "--no-emit-index-url", "--no-header", "--no-annotate")
NPM = ("npm", "install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def lock_python(name: str, upgrade: Sequence[str]) -> None:
    """Write `name`.txt from `name`.in."""
    subprocess.run([*COMPILE, *upgrade, f"{name}.in", "-o", f"{name}.txt"], cwd=ROOT, check=True)


def lock_node(folder: Path = ROOT) -> None:
    """Write package-lock.json, and refuse one that says where its packages were fetched."""
    subprocess.run([*NPM, "--omit-lockfile-registry-resolved"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    lock = folder / "package-lock.json"
    if '"resolved"' in lock.read_text():
        raise SystemExit(f"lock: {lock.relative_to(ROOT)} names addresses. Check omit-lockfile-registry-resolved in .npmrc, "
                         "remove it, lock again.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verb and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.project.lock", description=__doc__)
    parser.add_argument("--upgrade", action="store_true", help="take the newest version of every Python package")
    options = parser.parse_args(arguments)
    for name in ("requirements", "requirements-dev"):
        lock_python(name, ["--upgrade"] if options.upgrade else [])
    for folder in (ROOT, *(path.parent for path in sorted(APPS.glob("*/package.json")))):
        lock_node(folder)
    print("lock: requirements.txt, requirements-dev.txt and package-lock.json are up to date; `make setup` installs them.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
