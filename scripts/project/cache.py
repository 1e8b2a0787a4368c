"""What is built once per content and kept in .cache/runtime/: a folder a key, complete or absent."""

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

from scripts.project.paths import ROOT

CACHE = ROOT / ".cache" / "runtime"
KEPT = 8


def key_of(*parts: bytes | str | Path) -> str:
    """Return the key of some contents; a path stands for the content of its file."""
    total = hashlib.sha256()
    for part in parts:
        content = part.read_bytes() if isinstance(part, Path) else part.encode() if isinstance(part, str) else part
        total.update(hashlib.sha256(content).digest())
    return total.hexdigest()[:32]


def cached(name: str, key: str, make: Callable[[Path], None], cache: Path = CACHE) -> Path:
    """Return the folder `name`-`key`, made by `make` when it is not there; one process at a time makes it."""
    place = cache / f"{name}-{key}"
    if place.is_dir():
        return place
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(cache / f"{name}.lock"):
        if not place.is_dir():
            new = Path(tempfile.mkdtemp(prefix="new-", dir=cache))
            try:
                make(new)
                new.rename(place)
            finally:
                shutil.rmtree(new, ignore_errors=True)
            forget_old(name, cache)
    return place


def forget_old(name: str, cache: Path) -> None:
    """Keep the newest folders of a name, and remove the others."""
    folders = sorted(cache.glob(f"{name}-*"), key=lambda folder: folder.stat().st_mtime)
    for folder in folders[:-KEPT]:
        shutil.rmtree(folder, ignore_errors=True)
