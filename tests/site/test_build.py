"""A build never leaves half a site."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts.site import build as verb
from scripts.site.build import BuildError, build, swap


def files(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def old_site(tmp_path: Path) -> Path:
    place = tmp_path / "site"
    place.mkdir()
    (place / "index.html").write_text("old")
    return place


def test_a_finished_build_takes_the_place_of_the_old_one(old_site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verb, "write_site", lambda folder: (folder / "index.html").write_text("new"))
    build(old_site)
    assert files(old_site) == {"index.html": "new"}
    assert [path.name for path in old_site.parent.iterdir()] == ["site"]


def test_a_failed_build_leaves_the_old_site_whole(old_site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(folder: Path) -> None:
        (folder / "index.html").write_text("half")
        raise BuildError("a page is wrong")

    monkeypatch.setattr(verb, "write_site", fail)
    with pytest.raises(BuildError):
        build(old_site)
    assert files(old_site) == {"index.html": "old"}
    assert [path.name for path in old_site.parent.iterdir()] == ["site"]


def test_what_a_killed_build_left_is_tidied_by_the_next(old_site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (old_site.parent / "site.new-killed").mkdir()
    monkeypatch.setattr(verb, "write_site", lambda folder: (folder / "index.html").write_text("new"))
    build(old_site)
    assert [path.name for path in old_site.parent.iterdir()] == ["site"]


def test_a_new_site_is_swapped_for_the_old_one(old_site: Path) -> None:
    new = old_site.with_name("site.new-1")
    new.mkdir()
    (new / "index.html").write_text("new")
    swap(new, old_site)
    assert files(old_site) == {"index.html": "new"}
    assert [path.name for path in old_site.parent.iterdir()] == ["site"]


def test_a_site_lost_between_two_renames_is_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = tmp_path / "site.new-1.old"
    lost.mkdir()
    (lost / "index.html").write_text("old")

    def fail(folder: Path) -> None:
        raise BuildError("a page is wrong")

    monkeypatch.setattr(verb, "write_site", fail)
    with pytest.raises(BuildError):
        build(tmp_path / "site")
    assert files(tmp_path / "site") == {"index.html": "old"}


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_build_leaves_the_old_site_whole(old_site: Path, root: Path, how: signal.Signals) -> None:
    started = old_site.parent / "started"
    program = (
        "import signal, sys, time, pathlib\n"
        "from scripts.site import build\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a job in the background is born deaf to interrupts
        "def slow(folder):\n"
        "    (folder / 'index.html').write_text('half')\n"
        f"    pathlib.Path({str(started)!r}).touch()\n"
        "    time.sleep(60)\n"
        "build.write_site = slow\n"
        f"sys.exit(build.main(['--to', {str(old_site)!r}]))\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program], cwd=root, env={**os.environ, "PYTHONPATH": str(root)})
    for _ in range(300):
        if started.exists():
            break
        time.sleep(0.1)
    process.send_signal(how)
    assert process.wait(30) != 0
    assert files(old_site) == {"index.html": "old"}
