"""The day each file last changed, read once from git; pages without history show none."""

import subprocess
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from scripts.project.paths import ROOT


@lru_cache(maxsize=4)
def last_changes(root: Path = ROOT) -> Mapping[str, date]:
    """Return path → day of the last commit that touched it (author date, as written there).

    Outside a git checkout the mapping is empty, so that an unpacked archive builds the same pages everywhere.
    """
    command = ["git", "-C", str(root), "log", "--format=%x00%as", "--name-only", "--no-renames"]
    try:
        log = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8").stdout
    except (OSError, subprocess.CalledProcessError):
        return {}
    days: dict[str, date] = {}
    for entry in log.split("\0")[1:]:
        day, *paths = entry.split("\n")
        for path in filter(None, paths):
            days.setdefault(path, date.fromisoformat(day))
    return days
