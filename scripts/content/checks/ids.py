"""Ids of bodies and of texts of law stand in the knowledge, not in code: a reform is an edit of YAML.

python -m scripts.content.checks.ids
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from decision_tree.authoring.read.problems import Place, Problem
from scripts.content.loaded import knowledge
from scripts.project.paths import ROOT

FOLDERS = ("decision_tree", "scripts", "overrides")
QUOTED = re.compile(r"""["'`]([a-z0-9-]+)["'`]""")


def check(root: Path = ROOT) -> Iterator[Problem]:
    """Yield a problem for each id that Python or JavaScript names."""
    ids = {*knowledge().bodies, *knowledge().laws}
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*")):
            named = {".py": in_python, ".js": in_javascript, ".mjs": in_javascript}.get(file.suffix)
            for line, name in named(file.read_text("utf-8")) if named else ():
                if name in ids:
                    yield Problem(Place(file.relative_to(root).as_posix(), line), f"the code names '{name}'",
                                  "Say it in the knowledge: a key of the body, of the letter or of the text of law, that the code reads.")


def in_python(text: str) -> Iterator[tuple[int, str]]:
    """Yield (line, text) for each constant text of a module."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def in_javascript(text: str) -> Iterator[tuple[int, str]]:
    """Yield (line, text) for each quoted text that may be an id."""
    for number, line in enumerate(text.splitlines(), 1):
        for name in QUOTED.findall(line):
            yield number, name


def main() -> int:
    """Print what code names; return 1 when there is some."""
    found = list(check())
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
