"""Run our Node programs; what they print to standard output is their result, as JSON."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scripts.project.paths import ROOT

HERE = Path(__file__).resolve().parent
LEAN = HERE / "lean"
PYODIDE = ROOT / "node_modules" / "pyodide"


class RuntimeBuildError(Exception):
    """The runtime cannot be built; the message says what to look at."""


def run_node(program: str, arguments: Sequence[str | Path], options: Sequence[str] = ()) -> Any:
    """Run `program` of this folder and return the JSON it prints.

    Raises:
        RuntimeBuildError: Node failed, or printed something else.
    """
    command = ["node", *options, str(HERE / program), *(str(argument) for argument in arguments)]
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeBuildError(f"scripts/runtime/{program} failed:\n{done.stderr.strip() or done.stdout.strip()}")
    try:
        return json.loads(done.stdout.splitlines()[-1])
    except (ValueError, IndexError):
        raise RuntimeBuildError(f"scripts/runtime/{program} printed no result:\n{done.stdout[-2000:]}") from None
