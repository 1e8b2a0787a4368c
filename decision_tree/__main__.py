"""python -m decision_tree: see --help."""

import sys

from decision_tree.cli import main

sys.exit(main(sys.argv[1:]))
