"""The project in another folder: what is made there must be what is made here."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.project.paths import ROOT

MACHINES = (
    {"TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
    {"TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "LANG": "fr_FR.UTF-8", "PYTHONHASHSEED": "2"},
)
"""What differs between two machines."""


def copy_of_the_project(place: Path) -> Path:
    """Copy what git knows, with its history, and lend what `make setup` installed."""
    place.mkdir(parents=True)
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, place / name)
    shutil.copytree(ROOT / ".git", place / ".git", ignore=shutil.ignore_patterns("*.lock"))
    (place / "node_modules").symlink_to(ROOT / "node_modules")
    return place


def run_in(project: Path, *arguments: str, **environment: str) -> None:
    """Run Python on a copy of the project."""
    subprocess.run([sys.executable, *arguments], cwd=project, env={**os.environ, "PYTHONPATH": str(project), **environment},
                   check=True, stdout=subprocess.DEVNULL)
