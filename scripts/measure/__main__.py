"""python -m scripts.measure: the engine, the compiler, Python in browsers, three engines, old browsers; figures as Markdown."""

import argparse
from pathlib import Path

from scripts.measure import bounds, larger, old_browsers, own_words, tasks, three_engines
from scripts.measure import engine_speed as engine
from scripts.measure import guide_speed as guide
from scripts.measure import runtime_speed as runtime


def main() -> None:
    """Print the tables asked for."""
    parser = argparse.ArgumentParser(prog="python -m scripts.measure", description=__doc__)
    parts = ("all", "bounds", "engine", "runtime", "guide", "growth", "tasks", "words", "browsers", "engines")
    parser.add_argument("part", nargs="?", choices=parts, default="all")
    parser.add_argument("--thorough", action="store_true", help="the slow networks on a slow processor too: half an hour")
    parser.add_argument("--site", type=Path, help="tasks: a built site to walk as it is")
    parser.add_argument("--file", type=Path, help="words: labelled sentences to read, as those of tests/words/")
    options = parser.parse_args()
    if options.part in ("all", "bounds"):
        print(f"{bounds.tables()}\n", flush=True)
    if options.part in ("all", "engine"):
        print(engine.tables(), flush=True)
    if options.part in ("all", "runtime"):
        print(f"\n{runtime.tables(thorough=options.thorough)}", flush=True)
    if options.part in ("all", "guide"):
        print(f"\n{guide.tables()}", flush=True)
    if options.part in ("all", "tasks"):
        print(f"\n{tasks.tables(options.site)}", flush=True)
    if options.part in ("all", "words"):
        print(f"\n{own_words.tables(options.file)}", flush=True)
    if options.part in ("all", "engines"):
        print(f"\n{three_engines.tables()}", flush=True)
    if options.part in ("all", "browsers"):
        print(f"\n{old_browsers.tables()}", flush=True)
    if options.part in ("all", "growth"):
        print(f"\n{larger.tables()}", flush=True)


if __name__ == "__main__":
    main()
