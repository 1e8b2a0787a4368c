"""The archive: the same bytes wherever it is made, checksums that hold, pages that open from a disk."""

import hashlib
import shutil
import tarfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from scripts.project.paths import ROOT
from scripts.site.offline_copy import from_disk, write_offline
from scripts.site.release import files, pack
from tests.support.copies import MACHINES, copy_of_the_project, run_in


def made_in(project: Path, **environment: str) -> bytes:
    place = project.parent
    run_in(project, "-m", "scripts.site.release", "--to", str(place / "out"), **environment)
    (archive,) = (place / "out").glob("*.tar.gz")
    return archive.read_bytes()


@pytest.mark.early
@pytest.mark.prove
@pytest.mark.timeout(1_200)
def test_the_archive_is_the_same_to_the_byte_wherever_it_is_made(site: Path, tmp_path: Path) -> None:
    assert site.is_dir()     # so that .cache/ holds what a build in this folder makes
    here, there = (copy_of_the_project(tmp_path / name / "project") for name in ("one", "other, with spaces"))
    kept = ROOT / ".cache"
    kept.mkdir(exist_ok=True)
    (here / ".cache").symlink_to(kept)     # what this run has made in another folder already; `there` makes it again,
    for small in (kept / "runtime").glob("lean-*/"):     # but for the small Python, which tests/runtime makes in two folders
        shutil.copytree(small, there / ".cache" / "runtime" / small.name)
    one, other = (made_in(project, **machine) for project, machine in zip((here, there), MACHINES, strict=True))
    assert hashlib.sha256(one).hexdigest() == hashlib.sha256(other).hexdigest(), difference(one, other, tmp_path)
    (archive,) = (tmp_path / "one" / "out").glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        papers = {name.partition("/")[2] for name in tar.getnames() if name.endswith(".pdf")}
    assert {f"leaflets/{layout}-patients-fr.pdf" for layout in ("depliant", "page-a-page", "gros-caracteres", "affiche-a3")} <= papers


def content_of(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(member)
    return file.read() if file else b""


def difference(one: bytes, other: bytes, folder: Path) -> str:
    """Return the names of the files that differ between two archives."""
    marks = []
    for name, content in (("a", one), ("b", other)):
        (folder / f"{name}.tar.gz").write_bytes(content)
        with tarfile.open(folder / f"{name}.tar.gz") as tar:
            marks.append({(m.name, hashlib.sha256(content_of(tar, m)).hexdigest()) for m in tar})
    return "\n".join(sorted({name for name, _ in marks[0] ^ marks[1]})[:20])


def test_an_archive_forgets_the_machine(tmp_path: Path) -> None:
    marks = set()
    for number, mode in enumerate((0o600, 0o644)):
        folder = tmp_path / str(number) / "release"
        (folder / "b").mkdir(parents=True)
        for name in ("é.txt", "b/a.txt", "Z.txt") if number else ("Z.txt", "é.txt", "b/a.txt"):
            (folder / name).write_text(name, "utf-8")
            (folder / name).chmod(mode)
        pack(folder, tmp_path / f"{number}.tar.gz", 1_700_000_000)
        marks.add((tmp_path / f"{number}.tar.gz").read_bytes())
    assert len(marks) == 1


def test_links_name_their_files() -> None:
    page = (
        '<a href="../guide/#n5"></a><a href="."></a><a href=".."></a><a href="#x"></a>'
        '<a href="https://a.example/b/"></a><a href="tel:15"></a>'
    )
    assert from_disk(page) == (
        '<a href="../guide/index.html#n5"></a><a href="./index.html"></a><a href="../index.html"></a><a href="#x"></a>'
        '<a href="https://a.example/b/"></a><a href="tel:15"></a>'
    )


def test_the_pages_open_from_a_disk(site: Path, tmp_path: Path, browser: Browser) -> None:
    write_offline(site, tmp_path / "offline")
    assert not [file for file in files(tmp_path / "offline") if file.suffix in (".mjs", ".wasm", ".br")]
    context = browser.new_context()
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto((tmp_path / "offline" / "index.html").as_uri())
    page.get_by_role("link", name="Professionnels", exact=True).click()
    assert page.url.endswith("/professionnels/index.html")
    assert page.evaluate("getComputedStyle(document.querySelector('.brand')).display") == "flex"
    page.locator(".tool--language").click()
    assert page.url.endswith("/en/professionnels/index.html")
    page.locator(".tool--search").click()
    assert page.locator(".pages a").count() > 50
    assert not errors
    context.close()


def test_every_link_of_the_copy_for_disks_leads_somewhere(site: Path, tmp_path: Path) -> None:
    from scripts.site.site_check import problems

    write_offline(site, tmp_path / "offline")
    assert not (found := problems(tmp_path / "offline", ["links"])), "\n".join(found[:20])
