"""Run what is exhaustive, at full strength, and end with pytest's own summary.

First the generated inputs: the loader, the command line, the messages. Then every test marked `prove` or `sampled`,
on a site whose guide has the small Python. Arguments go to pytest.
"""

import subprocess
import sys
from collections.abc import Sequence

from scripts.project.paths import ROOT

FIRST = (("scripts.upkeep.fuzz",),)


def main(arguments: Sequence[str]) -> int:
    """Run the verbs that come first, then the tests."""
    if arguments[:1] in (["--help"], ["-h"]):
        print(__doc__)
        return 0
    for verb in () if arguments else FIRST:
        if subprocess.run([sys.executable, "-m", *verb], cwd=ROOT, check=False).returncode:
            print(f"prove: python -m {' '.join(verb)} failed: see above.", file=sys.stderr)
            return 1
    return subprocess.run([sys.executable, "-m", "scripts.project.test", "--prove", *arguments], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
