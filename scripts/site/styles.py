"""The style sheets of a built site: the layers in one file; what a few pages have, in the file of each.

The guide waits for one file, with the layers in it: nothing is drawn before the last one has come.
"""

import re
from pathlib import Path

LAYERS = ("tokens", "base", "components", "print")
SHARED = {"own-words": ("home", "guide", "search"), "site": ("guide",)}     # sheet → those it is sent with, before their own rules
ALONE_TOO = ("site",)          # sent by itself to the pages that share it with no other
LAYER = re.compile(r"\A(?:\s|/\*.*?\*/)*@layer [a-z]+ \{(?P<rules>.*)\}\s*\Z", re.DOTALL)


class StyleError(Exception):
    """A style sheet cannot be sent; the message says which and why."""


def join_styles(folder: Path) -> None:
    """Join the layers into site.css; take the `@layer` off every other style sheet."""
    texts = {sheet.stem: flat(sheet.read_text("utf-8")) for sheet in folder.glob("*.css")}
    texts["site"] = "".join(texts.pop(layer) for layer in LAYERS)
    if "home" in texts:               # the home page has pictures: one file for both
        texts["home"] += texts["pictures"]
    for sheet, pages in SHARED.items():
        text = texts.get(sheet, "") if sheet in ALONE_TOO else texts.pop(sheet, "")
        texts |= {page: text + texts[page] for page in pages if page in texts}
    for file in folder.glob("*.css"):
        if file.stem not in texts:
            file.unlink()
    for name, text in texts.items():
        (folder / f"{name}.css").write_text(text, "utf-8")


def flat(css: str) -> str:
    """Return a layer's content without its `@layer` braces, so that a browser older than layers (2022) shows it too.

    Raises:
        StyleError: The sheet holds something outside its layer.
    """
    found = LAYER.match(css)
    if not found:
        raise StyleError(f"A style sheet does not stand in one @layer: {css[:60]!r}. Write all of it inside `@layer name {{ }}`.")
    return found["rules"]
