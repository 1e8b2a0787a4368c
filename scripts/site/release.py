"""Make one archive to put on a server or a USB stick: the site, a copy to open from the disk, server files, leaflets, checksums.

The same commit gives the same bytes, whatever the folder, the time zone, the language of the machine.
"""

import argparse
import gzip
import hashlib
import os
import shutil
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from scripts.leaflets.publish import PLACE
from scripts.project.paths import ROOT
from scripts.site.build import BuildError, source_date, write_site
from scripts.site.offline_copy import write_offline
from scripts.site.server_files import write_all

OUT = ROOT / "build"
SERVER_ROOT = "/srv/refus-de-soins/site"
READ_ME = """This archive holds the site, ready to be served, and nothing that runs on a server.

site/       the site: put it behind any server of files; its copies in .br and .gz save the server the work
servers/    settings for nginx, Caddy, Apache and hosts that read _headers: security headers and caching
offline/    the same pages, to open from a disk: start with offline/index.html
leaflets/   the leaflets, as PDF
SHA256SUMS  checksums of all of these: sha256sum --check SHA256SUMS
"""


def release(out: Path) -> Path:
    """Write the archive into a folder and return it. Its leaflets are those of the site, whatever was in dist/ before.

    Raises:
        BuildError: The site could not be built.
    """
    out.mkdir(parents=True, exist_ok=True)
    name = f"refus-de-soins-{version()}"
    with tempfile.TemporaryDirectory(prefix="release-") as temporary:
        folder = Path(temporary) / name
        (folder / "site").mkdir(parents=True)
        write_site(folder / "site")
        write_offline(folder / "site", folder / "offline")
        write_all(folder / "servers", folder / "site", SERVER_ROOT)
        shutil.copy(ROOT / "Containerfile", folder / "servers")
        (folder / "leaflets").mkdir()
        for leaflet in sorted((folder / "site" / PLACE).glob("*.pdf")):
            shutil.copyfile(leaflet, folder / "leaflets" / leaflet.name)
        (folder / "README.txt").write_text(READ_ME, "utf-8")
        (folder / "SHA256SUMS").write_text("".join(checksums(folder)), "utf-8")
        archive = out / f"{name}.tar.gz"
        pack(folder, archive, int(os.environ.get("SOURCE_DATE_EPOCH") or source_date()))
    return archive


def version() -> str:
    """Return the version of the project."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"])


def checksums(folder: Path) -> Iterator[str]:
    """Yield one line for each file, as sha256sum writes them."""
    for file in files(folder):
        yield f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(folder).as_posix()}\n"


def files(folder: Path) -> list[Path]:
    """Return every file of a folder, in an order that no language of the machine changes."""
    return sorted((file for file in folder.rglob("*") if file.is_file()), key=lambda file: file.relative_to(folder).as_posix().encode())


def pack(folder: Path, archive: Path, when: int) -> None:
    """Write a folder as .tar.gz: no owner, no time but `when`, one order."""
    partial = archive.with_name(archive.name + ".part")
    with (
        partial.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=9, mtime=when) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar,
    ):
        for file in files(folder):
            entry = tarfile.TarInfo((Path(folder.name) / file.relative_to(folder)).as_posix())
            entry.size, entry.mtime, entry.mode = file.stat().st_size, when, 0o644
            with file.open("rb") as content:
                tar.addfile(entry, content)
    partial.replace(archive)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verb and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.site.release", description=__doc__)
    parser.add_argument("--to", type=Path, default=OUT, metavar="FOLDER", help="where to put the archive (default: build/)")
    options = parser.parse_args(arguments)
    try:
        archive = release(options.to.resolve())
    except BuildError as error:
        print(f"release: {error}", file=sys.stderr)
        return 1
    mark = hashlib.sha256(archive.read_bytes()).hexdigest()
    archive.with_name(archive.name + ".sha256").write_text(f"{mark}  {archive.name}\n", "utf-8")
    print(f"{mark}  {archive.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
