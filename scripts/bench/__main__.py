"""python -m scripts.bench: the engine, the compiler and, where it is built, the browser; figures as Markdown."""

import argparse
from importlib.util import find_spec

from scripts.bench import engine


def main() -> None:
    """Print the tables asked for."""
    parser = argparse.ArgumentParser(prog="python -m scripts.bench", description=__doc__)
    parser.add_argument("part", nargs="?", choices=("all", "engine", "runtime"), default="all")
    part = parser.parse_args().part
    if part in ("all", "engine"):
        print(engine.tables(), flush=True)
    if part in ("all", "runtime") and find_spec("scripts.bench.runtime") is not None:
        from scripts.bench import runtime
        print()
        print(runtime.tables())


if __name__ == "__main__":
    main()
