"""The English build, in a process of its own beside the French one."""

import atexit
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import ClassVar

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
        command = [sys.executable, "-m", "mkdocs", "build", "-f", str(CONFIG), "--site-dir", str(self.folder / "en")]
        with self.log.open("w", encoding="utf-8") as said:
            self.process = subprocess.Popen([*command, *(["--strict"] if strict else [])], cwd=ROOT, stdout=said, stderr=said)
        EnglishBuild.running.append(self)

    def move_to(self, place: Path) -> None:
        """Wait for the English site and move it to `place`; pass on what a writer must mend.

        Raises:
            EnglishFailed: MkDocs stopped.
        """
        failed = self.process.wait() != 0
        told = "\n".join(line for line in self.log.read_text("utf-8", "replace").splitlines() if not line.startswith("INFO"))
        if told:
            print(told, file=sys.stderr)
        if not failed:
            shutil.rmtree(place, ignore_errors=True)
            shutil.move(self.folder / "en", place)
        self.stop()
        if failed:
            raise EnglishFailed("the English site could not be built: see the messages above.")

    def stop(self) -> None:
        """End the build if it still runs, and remove what it left."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
        if self in EnglishBuild.running:
            EnglishBuild.running.remove(self)

    @classmethod
    def stop_all(cls) -> None:
        """End every build still running."""
        for one in list(cls.running):
            one.stop()


atexit.register(EnglishBuild.stop_all)
