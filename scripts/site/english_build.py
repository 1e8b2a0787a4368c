"""The English build, in a process of its own beside the French one.

It is a copy of the process that starts it (fork), which has read the libraries already: reading them takes a second.
"""

import atexit
import gc
import multiprocessing
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import ClassVar

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort, BuildError

from scripts.project.paths import ROOT

CONFIG = ROOT / "mkdocs.en.yml"


class EnglishFailed(Exception):
    """The English site could not be built; the message holds what MkDocs said."""


class EnglishBuild:
    """Starts at once; `move_to` waits for its end and puts the site where it belongs."""

    running: ClassVar[list["EnglishBuild"]] = []

    def __init__(self, *, strict: bool) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="english-"))
        self.log = self.folder / "log"
        gc.disable()      # as CPython advises before a fork: what both share stays shared; neither lives long enough to need it
        gc.freeze()
        self.process = multiprocessing.get_context("fork").Process(target=write_english, args=(self.folder / "en", self.log, strict))
        self.process.start()
        EnglishBuild.running.append(self)

    def move_to(self, place: Path) -> None:
        """Wait for the English site and move it to `place`; pass on what a writer must mend.

        Raises:
            EnglishFailed: MkDocs stopped.
        """
        self.process.join()
        told = "\n".join(line for line in self.log.read_text("utf-8", "replace").splitlines() if not line.startswith("INFO"))
        if told:
            print(told, file=sys.stderr)
        failed = self.process.exitcode != 0
        if not failed:
            shutil.rmtree(place, ignore_errors=True)
            shutil.move(self.folder / "en", place)
        self.stop()
        if failed:
            raise EnglishFailed("the English site could not be built: see the messages above.")

    def stop(self) -> None:
        """End the build if it still runs, and remove what it left."""
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        shutil.rmtree(self.folder, ignore_errors=True)
        if self in EnglishBuild.running:
            EnglishBuild.running.remove(self)

    @classmethod
    def stop_all(cls) -> None:
        """End every build still running."""
        for one in list(cls.running):
            one.stop()


def write_english(place: Path, log: Path, strict: bool) -> None:
    """Build the English site, in the copied process, with all that MkDocs says in a file."""
    EnglishBuild.running.clear()      # they are the first process's, which stops them
    with log.open("w", encoding="utf-8") as said:
        for stream in (1, 2):
            os.dup2(said.fileno(), stream)
        try:
            config = load_config(str(CONFIG), site_dir=str(place), strict=strict)
            config.plugins.on_startup(command="build", dirty=False)
            build(config)
        except (Abort, BuildError) as error:      # as MkDocs' own command does
            sys.exit(f"ERROR - {error}")
        finally:
            sys.stdout.flush()
            sys.stderr.flush()


atexit.register(EnglishBuild.stop_all)
