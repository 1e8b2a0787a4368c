"""python -m decision_tree: see --help."""

import io
import sys

from decision_tree.authoring.command import main

for stream in (sys.stdout, sys.stderr):
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")   # JSON is UTF-8, whatever the terminal says
sys.exit(main(sys.argv[1:]))
