"""python -m scripts.measure: the engine, the compiler, Python in the browser, and how that grows; figures as Markdown."""

import argparse

from scripts.measure import bounds, larger, own_words
from scripts.measure import engine_speed as engine
from scripts.measure import guide_speed as guide
from scripts.measure import runtime_speed as runtime


def main() -> None:
    """Print the tables asked for."""
    parser = argparse.ArgumentParser(prog="python -m scripts.measure", description=__doc__)
    parser.add_argument("part", nargs="?", choices=("all", "bounds", "engine", "runtime", "guide", "growth", "words"), default="all")
    parser.add_argument("--thorough", action="store_true", help="the slow networks on a slow processor too: half an hour")
    options = parser.parse_args()
    if options.part in ("all", "bounds"):
        print(f"{bounds.tables()}\n", flush=True)
    if options.part in ("all", "engine"):
        print(engine.tables(), flush=True)
    if options.part in ("all", "runtime"):
        print(f"\n{runtime.tables(thorough=options.thorough)}", flush=True)
    if options.part in ("all", "guide"):
        print(f"\n{guide.tables()}", flush=True)
    if options.part in ("all", "words"):
        print(f"\n{own_words.tables()}", flush=True)
    if options.part in ("all", "growth"):
        print(f"\n{larger.tables()}", flush=True)


if __name__ == "__main__":
    main()
