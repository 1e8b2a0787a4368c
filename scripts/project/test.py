"""Run every test, two at a time where there are two processors, and end with pytest's own summary.

Arguments go to pytest: `python -m scripts.project.test tests/engine/test_advice.py -k minor`.
"""

import os
import sys
from collections.abc import Sequence

from scripts.project.paths import ROOT

ALL = ("--durations=15", "--durations-min=2")


def command(arguments: Sequence[str]) -> list[str]:
    """Return the pytest command; alone, without arguments, it runs all tests on every processor."""
    if arguments:
        return [sys.executable, "-m", "pytest", *arguments]
    workers = min(os.cpu_count() or 1, 4)
    parallel = ["-n", str(workers), "--dist", "worksteal"] if workers > 1 else []
    return [sys.executable, "-m", "pytest", *parallel, *ALL]


def main(arguments: Sequence[str]) -> None:
    """Become pytest."""
    if arguments[:1] in (["--help"], ["-h"]):
        print(__doc__)
        return
    os.chdir(ROOT)
    os.execv(sys.executable, command(arguments))


if __name__ == "__main__":
    main(sys.argv[1:])
