"""Build the lean runtime into .cache/, and say what it holds; with --fuzz, throw unseen requests at it.

`python -m scripts.runtime` builds, or finds the build in the cache. With `--fuzz 20000 --seed 7` it then compares with CPython,
request by request.
"""

import argparse
import sys
import time
from collections.abc import Sequence

from decision_tree.model import LOCALES
from scripts.guide_site import build_guide
from scripts.runtime import corpus_of, parts_of
from scripts.runtime.compare import compare
from scripts.runtime.corpus import invented
from scripts.runtime.lean import build_lean
from scripts.runtime.node import RuntimeBuildError

FALLBACKS = 0.01     # of the requests a person can make


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verb and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.runtime", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--fuzz", type=int, default=0, metavar="COUNT", help="how many unseen requests to compare")
    parser.add_argument("--seed", type=int, default=20_261_122, help="another seed gives other requests")
    options = parser.parse_args(arguments)
    started = time.perf_counter()
    try:
        guide = build_guide().guide
        engine, full = parts_of(guide)
        lean = build_lean(engine, full, lambda: corpus_of(guide))
    except RuntimeBuildError as error:
        print(f"runtime: {error}", file=sys.stderr)
        return 1
    said = lean.report
    print(f"runtime: {said['functions']} of {said['of_functions']} functions and {said['blocks']} blocks of 64 bytes serve "
          f"{said['requests']} requests; {lean.guarded.stat().st_size:,} bytes in {time.perf_counter() - started:.0f} s")
    if not options.fuzz:
        return 0
    sound = True
    for number, locale in enumerate(LOCALES):
        asked = list(invented(guide, options.seed + number, options.fuzz // 2))
        found = compare(lean.guarded, engine.models[locale], asked)
        print(f"runtime: {locale}: " + "\n".join(found.lines()))
        for one in found.wrong[:3]:
            print(f"runtime: wrong answer to {one.text}", file=sys.stderr)
        sound = sound and not found.wrong and found.valid_stopped <= FALLBACKS * found.valid
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
