"""The one script that stands inside a page: it must run before the page is read on, and wait for no network.

The policy of the guide's pages names it by its hash. Where a host's own header refuses it, the page holds its states as elements.
"""

from base64 import b64encode
from functools import cache
from hashlib import sha256

from scripts.project.paths import ROOT
from scripts.site.minify import minified

SOURCE = ROOT / "overrides" / "assets" / "js" / "guide-states.js"


@cache
def states_script() -> str:
    """Return the script that keeps the states of the guide as text, shortened.

    Raises:
        MinifyError: It is no ECMAScript 5, which old browsers read.
    """
    return minified(SOURCE.read_text("utf-8"), "--target=es5").strip()


def source_hash(text: str) -> str:
    """Return the hash of a script or of data, as a policy names it (Content Security Policy Level 3, hash-source)."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
