"""Draw how the rooms of the project depend on each other, from the imports of its modules.

    python -m scripts.project.architecture           write the drawing in docs/architecture.md
    python -m scripts.project.architecture --check   say whether it is current

A drawing that is not current fails the tests.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from scripts.project.paths import ROOT

PAGE = ROOT / "docs" / "architecture.md"
MARKS = ("<!-- drawing: written by `python -m scripts.project.architecture` -->", "<!-- end of drawing -->")
ROOMS = {                             # folder → what the drawing calls it; the longest name that fits a file is its room
    "decision_tree": "engine: facts in, advice out",
    "decision_tree/guide": "guide: what a person walks",
    "decision_tree/authoring/read": "read: YAML to a checked knowledge",
    "decision_tree/authoring/prove": "prove: the graph and its proofs",
    "decision_tree/authoring/show": "show: differences, tables, drawings",
    "scripts/project": "project: places, cache, set-up, checks",
    "scripts/content": "content: what pages say",
    "scripts/leaflets": "leaflets: paper, with Typst",
    "scripts/runtime": "runtime: Python for the browser",
    "scripts/upkeep": "upkeep: law, directory, words kept current",
    "scripts/site": "site: MkDocs and what surrounds it",
    "scripts/measure": "measure: every figure",
    "overrides/assets/js": "scripts in the browser",
}
COMMAND_LINES = ("__main__.py", "command.py")   # they call what they like, and stay on this side of the browser
IMPORT_JS = re.compile(r"""(?:from|import\(|new URL\()\s*["'](\.[^"']+\.mjs)["']""")


def room_of(path: str) -> str | None:
    """Return the room of a file, or of a folder that ends with a slash; None outside of all."""
    inside = [room for room in ROOMS if path.startswith(f"{room}/")]
    return max(inside, key=len, default=None)


def imports(root: Path = ROOT) -> Iterator[tuple[str, str]]:
    """Yield (room, room it imports from) for each import of ours."""
    for file in sorted((*root.glob("decision_tree/**/*.py"), *root.glob("scripts/**/*.py"))):
        here = room_of(file.relative_to(root).as_posix())
        for module in modules_of(ast.parse(file.read_text("utf-8"))):
            there = room_of(module.replace(".", "/") + "/")
            if here and there and file.name not in COMMAND_LINES:
                yield here, there
    for script in sorted(root.glob("overrides/assets/js/*.mjs")):
        if IMPORT_JS.search(script.read_text("utf-8")):
            yield "overrides/assets/js", "overrides/assets/js"


def modules_of(tree: ast.Module) -> Iterator[str]:
    """Yield the modules of ours that a module imports, wherever in it."""
    for node in ast.walk(tree):
        names = [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
        if isinstance(node, ast.ImportFrom) and node.module in ("scripts", "decision_tree"):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        yield from (name for name in names if name.split(".")[0] in ("scripts", "decision_tree"))


def drawing(root: Path = ROOT) -> str:
    """Return the drawing of which room imports which; an arrow that others imply is left out."""
    edges = sorted(steps({(here, there) for here, there in imports(root) if here != there}))
    name = {room: room.replace("/", "_") for room in ROOMS}
    lines = ["```mermaid", "flowchart BT", *(f'  {name[room]}["{room}/<br>{said}"]' for room, said in ROOMS.items())]
    lines += [f"  {name[here]} --> {name[there]}" for here, there in edges]
    return "\n".join([*lines, "```"]) + "\n"


def steps(edges: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return the arrows that no way through other rooms replaces: the steps of the ladder."""
    def reaches(start: str, goal: str, seen: frozenset[str]) -> bool:
        return any(there == goal or reaches(there, goal, seen | {there}) for here, there in edges if here == start and there not in seen)

    return {(here, there) for here, there in edges
            if not any(reaches(middle, there, frozenset({here, middle})) for start, middle in edges if start == here and middle != there)}


def with_drawing(page: str, text: str) -> str:
    """Return a page with the drawing between its marks.

    Raises:
        ValueError: The marks are missing.
    """
    before, start, rest = page.partition(MARKS[0])
    _, end, after = rest.partition(MARKS[1])
    if not (start and end):
        raise ValueError(f"{PAGE.name}: the marks are missing. Write these two lines where the drawing goes:\n{MARKS[0]}\n{MARKS[1]}")
    return f"{before}{start}\n{text}{end}{after}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verb and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.project.architecture", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when the drawing is not current")
    options = parser.parse_args(arguments)
    before = PAGE.read_text("utf-8")
    after = with_drawing(before, drawing())
    if options.check and before != after:
        print("architecture: the drawing is not current. Run: .venv/bin/python -m scripts.project.architecture", file=sys.stderr)
        return 1
    if before != after:
        PAGE.write_text(after, "utf-8")
    print("architecture: the drawing is current.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
