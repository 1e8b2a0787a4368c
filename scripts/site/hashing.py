"""Names that change with the content: each asset's name holds its hash, and what names it follows."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from scripts.site.boxes import mend

HASHED = ("css", "js", "icons")
REFERENCE = re.compile(r"assets/(?:css|js|icons)/[\w./-]*\w")
SIBLING = re.compile(r"""(["'])\./([\w.-]+\.mjs)\1""")


class HashingError(Exception):
    """Names cannot hold their hashes; the message says which file to mend."""


def rename(assets: Path) -> dict[str, str]:
    """Give each asset a name that holds the hash of its content; return old → new path, from "assets/"."""
    names: dict[str, str] = {}
    for file in in_order(sorted(path for folder in HASHED for path in (assets / folder).rglob("*") if path.is_file())):
        content = file.read_bytes()
        if file.suffix == ".mjs":
            content = SIBLING.sub(lambda found: _sibling(found, names), content.decode()).encode()
        mark = hashlib.sha256(content).hexdigest()[:10]
        target = file.with_name(f"{file.stem}.{mark}{file.suffix}")
        file.unlink()
        target.write_bytes(content)
        old = file.relative_to(assets.parent).as_posix()
        names[old] = target.relative_to(assets.parent).as_posix()
    return names


def _sibling(found: re.Match[str], names: Mapping[str, str]) -> str:
    quote, name = found.groups()
    renamed = names.get(f"assets/js/{name}")
    return f"{quote}./{Path(renamed).name}{quote}" if renamed else found.group(0)


def in_order(files: list[Path]) -> Iterator[Path]:
    """Yield the files so that a module comes after those it names.

    Raises:
        HashingError: Two modules name each other, so neither can hold the hash of the other.
    """
    waiting = {file: {other for other in _named(file) if other in files} for file in files}
    while waiting:
        ready = [file for file, needs in waiting.items() if not needs & waiting.keys()]
        if not ready:
            circle = ", ".join(file.name for file in waiting)
            raise HashingError(f"These modules name each other in a circle: {circle}. Move what they share to a third one.")
        for file in ready:
            del waiting[file]
        yield from ready


def _named(file: Path) -> set[Path]:
    if file.suffix != ".mjs":
        return set()
    return {file.with_name(name) for _, name in SIBLING.findall(file.read_text("utf-8"))} - {file}


def point(page: Path, names: Mapping[str, str]) -> None:
    """Point a page to the new names, and give it what neither a template nor Markdown writes.

    Args:
        page: A file that names assets, or the search index of its language.
        names: Old → new path, from the root of the site; that of an index, from the root of its language.
    """
    before = page.read_text("utf-8")
    text = mend(before) if page.suffix == ".html" else before
    text = REFERENCE.sub(lambda found: names.get(found.group(0), found.group(0)), text)
    if page.suffix == ".html":
        folder = "en/" if 'data-search-locale="en"' in text else ""
        new = names.get(f"{folder}search/index.json", "").removeprefix(folder)
        text = text.replace("search/index.json", new) if new else text
    if text != before:
        page.write_text(text, "utf-8")
