"""Compressed copies beside the files of a site, made once per content and kept in .cache/compressed/."""

import argparse
import gzip
import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import brotli

from scripts.project.paths import ROOT

CACHE = ROOT / ".cache" / "compressed"
SUFFIXES = (".html", ".css", ".mjs", ".js", ".json", ".svg", ".xml", ".txt", ".webmanifest", ".wasm", ".zip", ".whl", ".ics", ".csv")
SMALLEST = 256       # bytes; below, a copy saves no packet
LARGE = 1_000_000
QUICK = "QUICK_COPIES"
"""Where this is set, as in the tests, large files are packed in a second instead of a minute, a sixth larger; no bound reads them."""
GAIN = 0.95          # a copy is kept when it is at least this much smaller


def compress_site(site: Path, cache: Path = CACHE) -> int:
    """Write .br and .gz copies of every file worth it; return how many files have one."""
    cache.mkdir(parents=True, exist_ok=True)
    files = sorted(worth_it(site))
    with ThreadPoolExecutor() as pool:
        return sum(pool.map(lambda file: compress_file(file, cache), files))


def worth_it(site: Path) -> Iterator[Path]:
    """Yield the files that shrink."""
    for file in site.rglob("*"):
        if file.suffix in SUFFIXES and file.is_file() and file.stat().st_size >= SMALLEST:
            yield file


def compress_file(file: Path, cache: Path = CACHE) -> bool:
    """Write the compressed copies of one file; return whether they were worth keeping."""
    content = file.read_bytes()
    name = hashlib.sha256(content).hexdigest()
    kept = False
    quality = 5 if QUICK in os.environ and len(content) > LARGE else 11
    for suffix, kept_as, shrink in ((".br", f".{quality}.br", partial(brotli.compress, quality=quality)), (".gz", ".gz", _gzip)):
        stored = cache / f"{name}{kept_as}"
        if not stored.exists():
            cache.mkdir(parents=True, exist_ok=True)
            unfinished = stored.with_name(f"{stored.name}.{os.getpid()}.{id(file)}")
            unfinished.write_bytes(shrink(content))
            unfinished.replace(stored)
        if stored.stat().st_size < len(content) * GAIN:
            put(stored, file.with_name(file.name + suffix))
            kept = True
    return kept


def put(stored: Path, copy: Path) -> None:
    """Put what is kept at `copy`: the same file under a second name where the disk can, since a thousand new ones take a second."""
    copy.unlink(missing_ok=True)
    try:
        copy.hardlink_to(stored)
    except OSError:      # another disk, or one without second names
        shutil.copyfile(stored, copy)


def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, compresslevel=9, mtime=0)


def main(arguments: Sequence[str] | None = None) -> None:
    """Compress a built site."""
    parser = argparse.ArgumentParser(prog="python -m scripts.site.compress", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("site", type=Path, nargs="?", default=ROOT / "site")
    print(f"compress: {compress_site(parser.parse_args(arguments).site)} files have compressed copies")


if __name__ == "__main__":
    main()
