"""Hold functions to a length that can be read at once: 60 lines, docstring included, in Python and in JavaScript.

    python -m scripts.project.long_functions

A longer one says why in its docstring, or in the comment above it: "In one piece because …".
"""

import ast
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from scripts.project.paths import ROOT

LIMIT = 60
REASON = "In one piece because"
FOLDERS = ("decision_tree", "overrides", "scripts", "tests")
JAVASCRIPT = Path(__file__).with_suffix(".mjs")


def long_functions(root: Path) -> Iterator[str]:
    """Yield a message for each function of a checkout that is too long and gives no reason."""
    files = sorted(file for folder in FOLDERS for file in (root / folder).rglob("*") if file.is_file())
    for file in files:
        if file.suffix == ".py":
            yield from (_message(str(file.relative_to(root)), *found) for found in in_python(file.read_text("utf-8")))
    scripts = [str(file.relative_to(root)) for file in files if file.suffix in (".js", ".mjs")]
    command = ["node", str(JAVASCRIPT), str(LIMIT), REASON, *scripts]
    printed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    for line in printed.splitlines():
        file_name, number, found = line.split(":", 2)
        name, _, lines = found.strip().rpartition(" ")
        yield _message(file_name, int(number), name, int(lines))


def in_python(text: str) -> Iterator[tuple[int, str, int]]:
    """Yield (line, name, number of lines) for each function that is too long and gives no reason."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LIMIT and REASON not in " ".join((ast.get_docstring(node) or "").split()):
                yield node.lineno, node.name, lines


def _message(file: str, line: int, name: str, lines: int) -> str:
    return f"{file}:{line}: {name} has {lines} lines; {LIMIT} can be read at once. Split it, or say above it “{REASON} …”."


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what is too long; return 1 when there is some."""
    messages = list(long_functions(Path(arguments[0]) if arguments else ROOT))
    print(*messages, sep="\n", end="\n" if messages else "")
    return 1 if messages else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
