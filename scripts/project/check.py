"""Check what needs no browser: the knowledge, the pages, the Python (ruff, mypy) and the JavaScript (tsc).

All of them run, so that one reading shows all there is to mend; it fails when one of them does.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

from scripts.project.paths import ROOT

CHECKS: Mapping[str, Sequence[str]] = {
    "knowledge": (sys.executable, "-m", "decision_tree", "check"),
    "content": (sys.executable, "-m", "scripts.content", "check"),
    "ids": (sys.executable, "-m", "scripts.content.checks.ids"),
    "ruff": (sys.executable, "-m", "ruff", "check", "--quiet", "."),
    "imports": (sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"),
    "functions": (sys.executable, "-m", "scripts.project.long_functions"),
    "mypy": (sys.executable, "-m", "mypy", "--no-error-summary"),
    "tsc": ("node", "node_modules/typescript/bin/tsc", "--project", "tsconfig.json"),
}


def passes(name: str) -> bool:
    """Run one check, let it speak, and say in a line how it went."""
    started = time.perf_counter()
    done = subprocess.run(CHECKS[name], cwd=ROOT, stdin=subprocess.DEVNULL, check=False)
    verdict = "passed" if done.returncode == 0 else "FAILED"
    print(f"check: {name} {verdict} in {time.perf_counter() - started:.1f} s", flush=True)
    return done.returncode == 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verb and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.project.check", description=__doc__)
    parser.add_argument("only", nargs="*", metavar="CHECK", help=f"run only these: {', '.join(CHECKS)}")
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.only if name not in CHECKS]:
        parser.error(f"no check is named {', '.join(unknown)}; there are {', '.join(CHECKS)}")
    results = [passes(name) for name in options.only or CHECKS]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
