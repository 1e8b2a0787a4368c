"""What a style sheet asks of a browser, as names of MDN's compatibility data; and the sheet as an older browser reads it.

A browser drops a rule when it cannot read a part of its selector, and a declaration when it cannot read its name or value.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import tinycss2

Node = Any                  # tinycss2 has no types
Knows = Callable[[str], bool]
"""Whether the data has a feature of this name, or whether a browser reads it."""
LONG_COLOURS = (4, 8)       # digits of a colour that says how clear it is
UNITS = {"dvh": "dynamic", "dvw": "dynamic", "svh": "small", "svw": "small", "lvh": "large", "lvw": "large"}
FAMILIES = ("color", "gradient", "transform-function", "basic-shape", "filter-function", "easing-function", "image")


def rules(text: str) -> list[Node]:
    """Return the rules of a sheet, or of the block of one."""
    return list(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True))


def inner(rule: Node) -> list[Node]:
    """Return what stands in a block: rules and declarations."""
    return list(tinycss2.parse_blocks_contents(rule.content or [], skip_comments=True, skip_whitespace=True))


def features(sheet: str, known: Knows) -> Iterator[str]:
    """Yield the features of a sheet that nothing older stands in for."""
    for rule in rules(sheet):
        yield from _of_rule(rule, known)


def _of_rule(rule: Node, known: Knows) -> Iterator[str]:
    if rule.type == "at-rule":
        yield from at_rule(rule, known)
        if rule.content is not None:
            for one in inner(rule):
                if one.type != "declaration":
                    yield from _of_rule(one, known)
    elif rule.type == "qualified-rule":
        yield from selector(rule.prelude, known)
        parts = inner(rule)
        declarations = [one for one in parts if one.type == "declaration"]
        for one in parts:
            if one.type in ("qualified-rule", "at-rule"):
                yield "css.selectors.nesting"
                yield from _of_rule(one, known)
        seen: set[str] = set()
        for one in declarations:
            if one.lower_name not in seen:       # a second declaration of a name is for browsers that can read it
                yield from declaration(one, declarations, known)
            seen.add(one.lower_name)


def at_rule(rule: Node, known: Knows) -> Iterator[str]:
    """Yield the features of an at-rule and its conditions."""
    name = rule.lower_at_keyword
    yield from _if_known([f"css.at-rules.{name}"], known)
    if name == "media":
        for token in _all(rule.prelude):
            if token.type == "ident":
                feature = token.lower_value.removeprefix("min-").removeprefix("max-")
                yield from _if_known([f"css.at-rules.media.{feature}"], known)
            elif token.type == "literal" and token.value in ("<", ">", "<=", ">="):
                yield "css.at-rules.media.range_syntax"


def selector(tokens: Sequence[Node], known: Knows) -> Iterator[str]:
    """Yield the pseudo-classes and pseudo-elements of a selector, wherever in it."""
    before = None
    for token in tokens:
        if token.type == "function" or (token.type == "ident" and before == ":"):
            name = token.lower_name if token.type == "function" else token.lower_value
            yield from _if_known([f"css.selectors.{name}"], known)
            if name == "not" and not _is_simple(token.arguments):
                yield "css.selectors.not.selector_list"
        if token.type == "function":
            yield from selector(token.arguments, known)
        before = token.value if token.type == "literal" else None


def _is_simple(tokens: Iterable[Node]) -> bool:
    """Say whether a selector is one class, attribute, name or pseudo-class: all that :not() once took."""
    kinds = [token.value if token.type == "literal" else token.type for token in tokens if token.type != "whitespace"]
    return len([kind for kind in kinds if kind not in (":", ".")]) == 1


def declaration(one: Node, block: Sequence[Node], known: Knows) -> Iterator[str]:
    """Yield the features of a declaration: its property, and what its value is written with."""
    name = one.lower_name
    if name.startswith("--"):
        yield "css.properties.custom-property"
        yield from value("", one.value, known)
        return
    yield from _if_known([f"css.properties.{name}"], known)
    if name in ("gap", "row-gap", "column-gap") and _display(block) != "grid":
        yield f"css.properties.{name}.flex_context"
    if name == "content" and any(token.type == "literal" and token.value == "/" for token in one.value):
        yield "css.properties.content.alt_text"
    yield from value(name, one.value, known)


def _display(block: Sequence[Node]) -> str:
    shown = [token.lower_value for one in block if one.lower_name == "display" for token in one.value if token.type == "ident"]
    return shown[-1].removeprefix("inline-") if shown else ""


def value(name: str, tokens: Sequence[Node], known: Knows) -> Iterator[str]:
    """Yield what a value is written with: keywords, functions, units, colours."""
    for token in tokens:
        if token.type == "ident":
            yield from _if_known([f"css.properties.{name}.{token.lower_value}"], known)
        elif token.type == "dimension" and token.lower_unit in UNITS:
            yield f"css.types.length.viewport_percentage_units_{UNITS[token.lower_unit]}"
        elif token.type == "hash" and len(token.value) in LONG_COLOURS:
            yield "css.types.color.rgb_hexadecimal_notation.alpha_hexadecimal_notation"
        elif token.type == "function":
            function = token.lower_name
            yield from _if_known([f"css.properties.{name}.{function}", f"css.types.{function}",
                                  *(f"css.types.{family}.{function}" for family in FAMILIES if name != "clip")], known)
            yield from value(name, token.arguments, known)


def _if_known(names: Iterable[str], known: Knows) -> Iterator[str]:
    """Yield the first of some names that the data has."""
    yield from [name for name in names if known(name)][:1]


def _all(tokens: Iterable[Node]) -> Iterator[Node]:
    for token in tokens:
        yield token
        yield from _all(getattr(token, "content", None) or getattr(token, "arguments", None) or [])


def as_read(sheet: str, known: Knows, reads: Knows) -> str:
    """Return a sheet without what a browser cannot read.

    Args:
        known: Whether the data has a feature.
        reads: Whether the browser reads it.
    """
    return "".join(_rule_as_read(rule, known, reads) for rule in rules(sheet))


def _rule_as_read(rule: Node, known: Knows, reads: Knows) -> str:
    if rule.type not in ("at-rule", "qualified-rule") or rule.content is None:
        return ""
    style = rule.type == "qualified-rule"
    if not all(map(reads, selector(rule.prelude, known) if style else at_rule(rule, known))):
        return ""
    parts = inner(rule)
    declarations = [one for one in parts if one.type == "declaration"]
    kept = []
    for one in parts:
        if one.type != "declaration":
            kept.append("" if style and not reads("css.selectors.nesting") else _rule_as_read(one, known, reads))
        elif all(map(reads, declaration(one, declarations, known))):
            kept.append(f"{one.serialize()};")
    head = tinycss2.serialize(rule.prelude)
    return f"{'' if style else f'@{rule.at_keyword}'}{head}{{{''.join(kept)}}}\n"
