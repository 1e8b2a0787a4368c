"""Build the lean runtime into .cache/, and say what it holds; with --fuzz, throw unseen requests at it.

`python -m scripts.runtime` builds, or finds the build in the cache. With `--fuzz 20000 --seed 7` it then compares with CPython,
request by request: no answer may be wrong, and of the requests a person can make, a third of all at least, one in a hundred may stop.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from decision_tree.locales import LOCALES
from scripts.content.compiled_guide import compiled_parts
from scripts.runtime import corpus_of, parts_of
from scripts.runtime.lean.build import build_lean
from scripts.runtime.lean.compare import Comparison, compare
from scripts.runtime.lean.corpus import HELD_OUT, Asked, invented
from scripts.runtime.node import RuntimeBuildError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verb and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.runtime", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--fuzz", type=int, default=0, metavar="COUNT", help="how many unseen requests to compare")
    parser.add_argument("--seed", type=int, default=HELD_OUT, help="another seed gives other requests")
    options = parser.parse_args(arguments)
    started = time.perf_counter()
    try:
        guide = compiled_parts().guide
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
    jobs = [(lean.guarded, engine.models[locale], list(invented(guide, options.seed + number, options.fuzz // 2)))
            for number, locale in enumerate(LOCALES)]
    with ProcessPoolExecutor(len(jobs)) as pool:
        found = list(pool.map(compared, jobs))
    for locale, one in zip(LOCALES, found, strict=True):
        print(f"runtime: {locale}: " + "\n".join(one.lines()))
        for asked in one.wrong[:3]:
            print(f"runtime: wrong answer to {asked.text}", file=sys.stderr)
    return 0 if all(one.sound for one in found) else 1


def compared(job: tuple[Path, str, list[Asked]]) -> Comparison:
    """Compare in a process of its own."""
    return compare(*job)


if __name__ == "__main__":
    sys.exit(main())
