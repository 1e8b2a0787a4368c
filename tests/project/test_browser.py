"""The tests find their browsers, install them, or say exactly how to: they never skip."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from scripts.project import browser, engines
from scripts.project.setup import SetupError


@pytest.fixture(autouse=True)
def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "find_browser", browser.find_browser.__wrapped__)
    monkeypatch.delenv("BROWSER_PATH", raising=False)


def program(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_the_chosen_browser_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = program(tmp_path / "mine", "echo Chromium 1.2")
    monkeypatch.setenv("BROWSER_PATH", str(mine))
    assert browser.find_browser() == mine


def test_an_empty_shell_of_a_browser_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shell = program(tmp_path / "chromium", "echo 'install the snap' >&2; exit 1")
    real = program(tmp_path / "google-chrome", "echo Google Chrome 1.2")
    monkeypatch.setattr(browser, "candidates", lambda: iter((shell, real)))
    assert browser.find_browser() == real


def test_without_a_browser_the_exact_command_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "candidates", lambda: iter(()))
    with pytest.raises(SetupError, match="apt-get install --yes chromium"):
        browser.find_browser()


def test_debian_comes_before_a_download(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "chromium"
    monkeypatch.setattr(browser, "candidates", lambda: iter((place,)))
    monkeypatch.setattr(browser, "install_from_debian", lambda: program(place, "echo Chromium 1.2"))
    monkeypatch.setattr(browser, "install_from_playwright", lambda: pytest.fail("nothing should be downloaded"))
    assert browser.install_browser() == place


def test_the_browser_without_windows_is_preferred_where_there_are_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("chromium", "chromium-headless-shell"):
        program(tmp_path / name, "echo Chromium 1.2")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert browser.find_browser() == tmp_path / "chromium-headless-shell"


def test_when_nothing_can_be_installed_the_verb_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise SetupError("no network")

    monkeypatch.setattr(browser, "candidates", lambda: iter(()))
    monkeypatch.setattr(browser, "install_from_debian", fail)
    monkeypatch.setattr(browser, "install_from_playwright", fail)
    assert browser.main(["--install"]) == 1
    assert "apt-get install --yes chromium" in capsys.readouterr().err


@pytest.mark.parametrize(("opened", "package"), [(engines.firefox, "firefox-esr"), (engines.webkit, "webkit2gtk-driver")])
def test_an_engine_that_is_missing_is_an_error_with_its_command(
    monkeypatch: pytest.MonkeyPatch, opened: Callable[[], AbstractContextManager[engines.Browser]], package: str
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(engines.EngineError, match=f"apt-get install {package}"), opened():
        pytest.fail("there is none")
