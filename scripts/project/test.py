"""Run the tests of a lane, three at a time where there are two processors, and end with pytest's own summary.

    python -m scripts.project.test             what holds a change back: kinds whole, instances on samples
    python -m scripts.project.test --prove     everything exhaustive, at full strength
    python -m scripts.project.test --prove --part 1/2     one half of it: the same tests each time

Other arguments go to pytest: `python -m scripts.project.test tests/engine/test_advice.py -k minor`.
"""

import os
import sys
from collections.abc import Sequence

from scripts.project.paths import ROOT

ALL = ("--durations=15", "--durations-min=2")


def command(arguments: list[str]) -> list[str]:
    """Return the pytest command; without other arguments, all tests of the lane on every processor."""
    lane, arguments = ("prove", arguments[1:]) if arguments[:1] == ["--prove"] else ("test", arguments)
    if arguments and arguments[0] != "--part":
        return [sys.executable, "-m", "pytest", "--lane", lane, *arguments]
    workers = min((os.cpu_count() or 1) + 1, 4)     # one more than processors: a test waits for its browser half of the time
    parallel = ["-n", str(workers), "--dist", "worksteal"] if workers > 1 else []
    return [sys.executable, "-m", "pytest", "--lane", lane, *parallel, *ALL, *arguments]


def main(arguments: Sequence[str]) -> None:
    """Become pytest."""
    if arguments[:1] in (["--help"], ["-h"]):
        print(__doc__)
        return
    os.chdir(ROOT)
    os.execv(sys.executable, command(list(arguments)))


if __name__ == "__main__":
    main(sys.argv[1:])
