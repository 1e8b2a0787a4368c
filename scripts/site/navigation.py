"""Patterns in `nav`: `patients/*.md` stands for the pages of the folder not named elsewhere."""

import re
from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from typing import Any

NavItem = Any  # a path, {title: path} or {title: [items]}, as MkDocs writes it


def is_pattern(path: str) -> bool:
    """Say whether an entry stands for several pages."""
    return bool(re.search(r"[*?\[]", path))


def expand(nav: list[NavItem], paths: Iterable[str], rank: Callable[[str], tuple[float, str]]) -> list[NavItem]:
    """Return `nav` with each pattern replaced by the pages it matches that no entry names.

    Args:
        nav: The list from mkdocs.yml.
        paths: Every page of the site, as a path under docs_dir.
        rank: The place of a page among those of one pattern.
    """
    taken = set(_named(nav))
    left = [path for path in paths if path not in taken]
    return list(_expanded(nav, left, rank))


def _named(nav: list[NavItem]) -> Iterable[str]:
    for item in nav:
        if isinstance(item, str):
            if not is_pattern(item):
                yield item
            continue
        for value in item.values():
            yield from _named(value if isinstance(value, list) else [value])


def _expanded(nav: list[NavItem], left: list[str], rank: Callable[[str], tuple[float, str]]) -> Iterable[NavItem]:
    for item in nav:
        if isinstance(item, dict):
            for title, value in item.items():
                inner = list(_expanded(value, left, rank)) if isinstance(value, list) else value
                if inner:
                    yield {title: inner}
        elif is_pattern(item):
            found = sorted((path for path in left if fnmatchcase(path, item)), key=rank)
            for path in found:
                left.remove(path)
            yield from found
        else:
            yield item
