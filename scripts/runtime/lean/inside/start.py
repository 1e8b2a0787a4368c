"""Runs in the bare interpreter that becomes the image: import the engine, then let go of the way modules are found.

What is imported stays known: C code of the interpreter looks some modules up by name (`time` for a date in words, `json.decoder`
for its error). What nobody uses costs nothing once the memory that was never touched is left out.
"""

import gc
import sys

from decision_tree.guide.browser import answer, load


def entry(text: str) -> str:
    """Answer a request after "?"; load a guide after "=". One callable keeps the way in to a single address."""
    return answer(text[1:]) if text[:1] == "?" else load(text[1:])


for _way in (sys.meta_path, sys.path_hooks, sys.path_importer_cache, sys.path):
    _way.clear()
sys.stdin = sys.stdout = sys.stderr = None
gc.collect()
gc.freeze()
gc.disable()
