"""Set apart what stays as it is inside another language: numbers, phones, articles of law, French names.

One element does it everywhere, `<bdi dir="ltr" translate="no">`: text written from right to left would show “114 par SMS” as
“par SMS 114”. A name or an article is French and says so; a number keeps the voice of the language around it.
"""

import re
from collections.abc import Iterator
from html import escape

OPEN, CLOSE = "\u2063", "\u2064"
"""Invisible separator, invisible plus: while a third language is built, what stands between them is translated."""
ATTRIBUTES = {"dir": "ltr", "translate": "no"}
FRENCH = {"lang": "fr"}
LATIN = "A-Za-zÀ-ÖØ-öø-ÿŒœ"
APART = re.compile(rf"[{LATIN}\d+][{LATIN}\d\u00a0\u202f ’'./:°@_+-]*[{LATIN}\d%€]|[{LATIN}\d]")   # a name, an article, a phone, a number
HAS_LATIN = re.compile(f"[{LATIN}]")
OF_MACROS = re.compile(r'(<a (?=[^>]*\bclass="(body|law|ref|contact|term|law ref|ref law)")[^>]*>)(.*?)(</a>)', re.DOTALL)
TEXT = re.compile(r">([^<]*[^<\s][^<]*)(?=<)")


def attributes(*, french: bool) -> dict[str, str]:
    """Return the attributes of the element that sets something apart."""
    return {**ATTRIBUTES, **(FRENCH if french else {})}


def isolated(text: str, *, french: bool, markup: bool = False) -> str:
    """Return a text set apart, as HTML.

    Args:
        text: What is shown.
        french: It is a name or an article, and read in French.
        markup: The text is HTML already.
    """
    said = " ".join(f'{name}="{value}"' for name, value in attributes(french=french).items())
    return f"<bdi {said}>{text if markup else escape(text, quote=False)}</bdi>"


def set_apart(html: str) -> str:
    """Return the HTML of a page with what macros print set apart: numbers, and names and articles as French; not what is translated."""
    return OF_MACROS.sub(lambda found: found[0] if OPEN in found[3] else
                         found[1] + isolated(found[3], french=found[2] != "contact", markup=True) + found[4], html)


def runs(text: str) -> Iterator[tuple[str, bool | None]]:
    """Yield (part, None) for words of a language in other letters, (part, True) for a French name, (part, False) for a number."""
    start = 0
    for found in APART.finditer(text):
        if found.start() > start:
            yield text[start:found.start()], None
        yield found[0], HAS_LATIN.search(found[0]) is not None
        start = found.end()
    if start < len(text):
        yield text[start:], None


def opened(text: str) -> str:
    """Return a translated text between the marks."""
    return f"{OPEN}{text}{CLOSE}"


def bare(text: str) -> str:
    """Return a text without the marks."""
    return text.replace(OPEN, "").replace(CLOSE, "")


def opened_page(html: str) -> str:
    """Return the HTML of a translated page with each of its texts between the marks, what macros print set apart."""
    return TEXT.sub(lambda found: found[0] if OPEN in found[1] or CLOSE in found[1] else f">{opened(found[1])}", set_apart(html))
