"""What the project takes from outside is pinned, hashed, and says nothing of where it was fetched."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.project import setup
from scripts.project.paths import ROOT
from scripts.project.setup import SetupError, SystemPackage, install_debian

LOCKS = ("requirements.txt", "requirements-dev.txt")
ABSENT = SystemPackage("no-such-package", "shows what is said", command="no-such-command")


@pytest.mark.parametrize("name", LOCKS)
def test_each_python_package_is_pinned_with_its_hashes(root: Path, name: str) -> None:
    entries = re.split(r"\n(?=\S)", (root / name).read_text().strip())
    assert len(entries) > 10
    for entry in entries:
        assert re.match(r"[a-z0-9.\-]+==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry


@pytest.mark.parametrize("name", LOCKS)
def test_no_lock_says_where_python_packages_come_from(root: Path, name: str) -> None:
    assert not re.search(r"https?://|--index-url|--find-links", (root / name).read_text())


NPM = sorted(["package-lock.json", *(str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("package-lock.json"))])


@pytest.mark.parametrize("name", NPM)
def test_no_lock_says_where_npm_packages_come_from(root: Path, name: str) -> None:
    packages = json.loads((root / name).read_text())["packages"]
    assert len(packages) > 3
    for path, package in packages.items():
        assert "resolved" not in package, path
        assert not path or "integrity" in package or package.get("inBundle"), path


def test_what_is_made_for_one_platform_is_there_for_each(root: Path) -> None:
    packages = json.loads((root / "package-lock.json").read_text())["packages"]
    bound = {name: package for name, package in packages.items() if "cpu" in package or "os" in package}
    assert all(package.get("optional") for package in bound.values())    # npm leaves out those of other platforms
    families: dict[str, set[tuple[str, str]]] = {}
    for name, package in bound.items():
        scope = name.rpartition("/")[0]
        families.setdefault(scope, set()).update((system, cpu) for system in package["os"] for cpu in package["cpu"])
    computers = {(system, cpu) for system in ("linux", "darwin", "win32") for cpu in ("x64", "arm64")}
    assert all(computers <= family for family in families.values()), families


@pytest.mark.parametrize("name", NPM)
def test_npm_versions_are_exact(root: Path, name: str) -> None:
    package = json.loads((root / name).with_name("package.json").read_text())
    for version in [*package["dependencies"].values(), *package.get("devDependencies", {}).values()]:
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)


def test_setting_up_again_does_nothing(root: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "scripts.project.setup", "--quiet"], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout == ""


def test_without_root_the_exact_command_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(SetupError, match="apt-get install --yes --no-install-recommends no-such-package"):
        install_debian([ABSENT])


def test_a_stamp_of_the_tests_answers_for_the_build(tmp_path: Path) -> None:
    setup.write_stamp(tmp_path, "test", "abc")
    assert setup.installed(tmp_path, "build", "abc")
    setup.write_stamp(tmp_path, "build", "abc")
    assert not setup.installed(tmp_path, "test", "abc")
    assert not setup.installed(tmp_path, "build", "other")


def test_the_engine_depends_on_nothing(root: Path) -> None:
    assert "\ndependencies = []\n" in (root / "pyproject.toml").read_text()


@pytest.mark.parametrize("verb", ["project.setup", "site.build", "site.serve", "project.test",
                                  "project.check", "project.lock", "project.browser"])
def test_each_verb_explains_itself(root: Path, verb: str) -> None:
    done = subprocess.run([sys.executable, "-m", f"scripts.{verb}", "--help"], cwd=root, capture_output=True, text=True, check=True)
    assert len(done.stdout) > 100


def test_help_names_every_verb(root: Path) -> None:
    done = subprocess.run(["make", "help"], cwd=root, capture_output=True, text=True, check=True)
    for verb in ("setup", "serve", "build", "test", "check", "leaflets", "bench", "release", "law-watch"):
        assert f"make {verb} " in done.stdout


@pytest.mark.parametrize(("kind", "install"), [("VENV", setup.install_python), ("NODE_MODULES", setup.install_node)])
def test_nothing_is_installed_through_a_link_to_another_checkout(
    kind: str, install: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "ours").symlink_to(tmp_path / "theirs")
    monkeypatch.setattr(setup, kind, tmp_path / "ours")
    monkeypatch.setattr(setup, "run", lambda *_: pytest.fail("something is installed there"))
    monkeypatch.setattr(setup, "create_venv", lambda: pytest.fail("something is made there"))
    install("build")
    assert not list((tmp_path / "theirs").iterdir())
