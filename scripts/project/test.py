"""Run the tests of a lane, three at a time where there are two processors, and end with pytest's own summary.

    python -m scripts.project.test             what holds a change back: kinds whole, instances on samples
    python -m scripts.project.test --prove     everything exhaustive, at full strength
    python -m scripts.project.test --prove --part 1/2     one half of it: the same tests each time

Other arguments go to pytest: `python -m scripts.project.test tests/engine/test_advice.py -k minor`.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from scripts.project.paths import ROOT

ALL = ("--durations=15", "--durations-min=2")


def command(arguments: Sequence[str]) -> list[str]:
    """Return the pytest command; where no tests are named, all those of the lane or the part on every processor."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--prove", action="store_true")
    parser.add_argument("--part")
    ours, others = parser.parse_known_args(arguments)
    pytest = [sys.executable, "-m", "pytest", "--lane", "prove" if ours.prove else "test", *(["--part", ours.part] if ours.part else [])]
    if others:
        return [*pytest, *others]
    workers = min((os.cpu_count() or 1) + 1, 4)     # one more than processors: a test waits for its browser half of the time
    return [*pytest, *(["-n", str(workers), "--dist", "worksteal"] if workers > 1 else []), *ALL]


def main(arguments: Sequence[str]) -> None:
    """Become pytest."""
    if arguments[:1] in (["--help"], ["-h"]):
        print(__doc__)
        return
    os.chdir(ROOT)
    os.execv(sys.executable, command(arguments))


if __name__ == "__main__":
    main(sys.argv[1:])
