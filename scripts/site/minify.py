"""Scripts and styles in few bytes, by esbuild: no comments, no spaces that mean nothing, short names for what a file keeps to itself.

A comment that begins with `/*!` stays: it is the notice of a licence, or the version of a script.
"""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from scripts.project.paths import ROOT

ESBUILD = ROOT / "node_modules" / "esbuild" / "bin" / "esbuild"
# No newer syntax than the sources have: esbuild shortens, and translates nothing.
SHORT = ("--minify", "--charset=utf8", "--log-level=error", "--tsconfig-raw={}")
MODULE = ("--format=esm", "--target=es2022")


class MinifyError(Exception):
    """esbuild cannot read a file; the message is its own, with file and line."""


def minify(folder: Path, files: Sequence[Path]) -> None:
    """Shorten modules and style sheets where they stand, each by itself.

    Raises:
        MinifyError: One of them cannot be read.
    """
    _run([*SHORT, *MODULE, f"--outdir={folder}", f"--outbase={folder}", "--allow-overwrite", "--out-extension:.js=.mjs",
          *map(str, files)])


def bundle(entry: Path) -> None:
    """Write the modules that a module imports into it, where it stands.

    Raises:
        MinifyError: One of them cannot be read, or is not there.
    """
    _run(["--bundle", *SHORT, *MODULE, f"--outfile={entry}", "--allow-overwrite", str(entry)])


def minified(script: str, *options: str) -> str:
    """Return a script that is no module, shortened.

    Raises:
        MinifyError: It cannot be read.
    """
    return _run([*SHORT, "--loader=js", *options], script)


def _run(arguments: Sequence[str], text: str = "") -> str:
    if not ESBUILD.exists():
        raise MinifyError("esbuild is missing. Run: make setup")
    done = subprocess.run(["node", str(ESBUILD), *arguments], input=text, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise MinifyError(done.stderr.strip())
    return done.stdout
