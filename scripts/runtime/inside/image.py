"""Runs in the bare interpreter that becomes the image: import the engine, then let go of everything it will not use again."""

import gc
import sys

from decision_tree.browser import answer, load


def entry(text: str) -> str:
    """Answer a request after "?"; load a guide after "=". One callable keeps the way in to a single address."""
    return answer(text[1:]) if text[:1] == "?" else load(text[1:])


# What C code of the interpreter may still look up by name: the error of the JSON reader, dates, the text encodings.
KEPT = {"__main__", "builtins", "sys", "json", "json.decoder", "datetime", "_datetime", "encodings", "encodings.utf_8", "codecs"}
for _name in set(sys.modules) - KEPT:
    del sys.modules[_name]
sys.meta_path.clear()
sys.path_hooks.clear()
sys.path_importer_cache.clear()
sys.path.clear()
sys.stdin = sys.stdout = sys.stderr = None
gc.collect()
gc.freeze()
gc.disable()
