"""A real WordPress, Debian's, with its database and its theme, to see what it makes of our code.

    with wordpress() as site:
        page.goto(site.publish("author", code))

Its packages are unpacked and not installed, since Debian's wants a web server of its own; they are kept in .cache/apps/wordpress/.
The database and the server are the machine's (`mariadb-server-core`, `php-cli`, `php-mysql`), started for the tests in a folder of theirs.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock
from playwright.sync_api import BrowserContext, Page

from scripts.project.engines import free_port
from scripts.project.paths import ROOT
from scripts.project.setup import find_command
from tests.support.apps import KEPT, AppError, run, until, until_it_answers

SOURCES = ROOT / "tests" / "embed" / "wordpress"
PACKAGES = ("wordpress", "wordpress-theme-twentytwentythree", "libjs-underscore")
THEME = Path("wp-content", "themes", "twentytwentythree")
PASSWORD = "password of tests"


@dataclass(frozen=True, slots=True)
class WordPress:
    """A site that runs: where it is served, and where its code lies."""

    address: str
    code: Path
    environment: Mapping[str, str]

    def publish(self, user: str, html: str) -> str:
        """Publish a page as a user may, as from the editor's view of the code; return its address."""
        return self.php("publish.php", user, text=html)

    def php(self, name: str, *arguments: str, text: str = "") -> str:
        """Run a script of tests/embed/wordpress/ and return what it prints."""
        return run(["php", "-d", "display_errors=stderr", str(SOURCES / name), *arguments], self.code, self.environment, text)

    def editor(self, context: BrowserContext, user: str) -> Page:
        """Open the editor on a new page, as a user who has just signed in."""
        page = context.new_page()
        page.goto(f"{self.address}/wp-login.php")
        page.locator("#user_login").fill(user)
        page.locator("#user_pass").fill(PASSWORD)
        page.locator("#wp-submit").click()
        page.goto(f"{self.address}/wp-admin/post-new.php")
        page.locator(".editor-post-title__input").fill("Nos aides")
        return page


def publish_from_editor(page: Page) -> str:
    """Save what an editor holds as a visitor will get it; return its address."""
    page.evaluate("""async () => {
      await wp.data.dispatch("core/editor").editPost({ status: "publish" });
      await wp.data.dispatch("core/editor").savePost();
    }""")
    return str(page.evaluate("wp.data.select('core/editor').getPermalink()"))


def unpacked() -> Path:
    """Return the folder of WordPress's code, with its theme.

    Raises:
        AppError: Debian's packages cannot be reached.
    """
    kept = KEPT / "wordpress"
    kept.mkdir(parents=True, exist_ok=True)
    with FileLock(str(kept) + ".lock"):
        code = kept / "usr" / "share" / "wordpress"
        if not (code / THEME).is_dir():
            run(["apt-get", "-qq", "download", *PACKAGES], kept)
            for package in kept.glob("*.deb"):
                run(["dpkg-deb", "--extract", str(package), str(kept)], kept)
        shutil.copy(SOURCES / "wp-config.php", code)
    return code


@contextmanager
def wordpress() -> Iterator[WordPress]:
    """Serve a WordPress just installed, for as long as the block lasts.

    Raises:
        AppError: A package is missing, or something does not start.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "data").mkdir()
        stack.enter_context(_running([
            "mariadbd", "--no-defaults", "--user=root", f"--datadir={folder / 'data'}", f"--socket={folder / 'socket'}",
            "--skip-networking", "--skip-grant-tables", "--innodb-buffer-pool-size=16M",
        ], folder))
        until((folder / "socket").exists, "the database is not there")
        host = f"127.0.0.1:{free_port()}"
        told = {"WORDPRESS_SOCKET": str(folder / "socket"), "WORDPRESS_ADDRESS": f"http://{host}", "WORDPRESS_PASSWORD": PASSWORD,
                "PHP_CLI_SERVER_WORKERS": "4"}
        site = WordPress(f"http://{host}", unpacked(), told)
        site.php("install.php")
        stack.enter_context(_running(["php", "-S", host, "-t", str(site.code)], folder, told))
        until_it_answers(site.address)
        yield site


@contextmanager
def _running(command: list[str], folder: Path, told: Mapping[str, str] = {}) -> Iterator[None]:
    program = find_command(command[0])
    if program is None:
        raise AppError(f"{command[0]} is not on this machine; `make prove` installs it")
    with subprocess.Popen([program, *command[1:]], cwd=folder, env={**os.environ, **told}, stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True) as running:
        try:
            yield
        finally:
            os.killpg(running.pid, 15)
