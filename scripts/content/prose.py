"""What a reader reads of a page: its sentences, without macros or Markdown, with names and references set apart.

Names of laws and bodies, and references in brackets, are left out of the measure of plain language. They stand between two
marks while the sentences are cut, so that they can be counted and printed.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pyphen import Pyphen

from decision_tree.authoring.read.knowledge import Knowledge
from scripts.content.loaded import knowledge
from scripts.content.macros import NAME, NAMES, Missing, PageMacros, settle_names
from scripts.content.page import Page

OPEN, CLOSE = "\ue001", "\ue002"  # around a name that is left out of the count
CALL = re.compile(r"\{\{(.*?)\}\}")
OTHER_LANGUAGE = re.compile(r"<span lang=.*?</span>")   # words of a page that are in another language than the page
CITED = re.compile(f"{OPEN}([^{CLOSE}]*){CLOSE}")
SENTENCE_END = re.compile(r"(?<=[.!?…])[\s\u202f\u00a0]*[»”\")]?\s+(?=[^\sa-zà-ÿ])")
SHORTEST = 4  # a line without a final point is a label, not a sentence, below this many words


class PlainMacros(PageMacros):
    """The macros as plain words: no links, no quotation, no chart; names and references between marks."""

    def link(self, text: str, target: str, css: str, title: str = "", *, name: bool = False) -> str:
        shown = text.replace(NAME, "")
        named = css.split()[0] in ("law", "ref") or (css == "body" and NAME in text)
        return f"{OPEN}{NAME if NAME in text else ''}{shown}{CLOSE}" if named else shown

    def reference(self, links: list[str]) -> str:
        return " ".join(links)

    def mark(self) -> list[str]:
        return []

    def contact(self, id: str, text: str | None = None) -> str:
        return re.sub(r"\[([^\]]*)\]\([^)]*\)\{[^}]*\}", r"\1", super().contact(id, text))

    def quote(self, id: str, start: str | None = None, end: str | None = None, meaning: str | None = None) -> str:
        return "\n\n"

    def chart(self, id: str) -> str:
        return "\n\n"

    def bodies_table(self) -> str:
        return "\n\n"

    bodies = laws = glossary = documents = audit = versions = bodies_table

    def leaflets(self, audience: str | None = None) -> str:
        return "\n\n"

    def leaflet(self, audience: str) -> str:
        return "\n\n"

    sheet = pasted = leaflet

    def picture(self, name: str) -> str:
        return "\n\n"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a page, with marks around the names in it, and the line where it begins."""

    marked: str
    line: int

    @property
    def counted(self) -> str:
        """The sentence without the names and references that are left out."""
        return CITED.sub(" ", self.marked)

    @property
    def shown(self) -> str:
        return self.marked.replace(OPEN, "").replace(CLOSE, "")

    @property
    def left_out(self) -> list[str]:
        return CITED.findall(self.marked)


def plain_line(line: str, macros: PageMacros) -> str:
    """Return a line of Markdown with its macros in plain words; what only the build knows, or an unknown id, leaves nothing."""

    def said(match: re.Match[str]) -> str:
        try:  # a call of a macro is written as Python writes it
            call = ast.parse(match[1].strip(), mode="eval").body
        except SyntaxError:
            return ""
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id not in NAMES:
            return ""
        args = [ast.literal_eval(argument) for argument in call.args]
        options = {str(option.arg): ast.literal_eval(option.value) for option in call.keywords}
        try:
            return str(getattr(macros, call.func.id)(*args, **options))
        except Missing:
            return ""

    return settle_names(CALL.sub(said, line)) if "{{" in line else line


def line_by_line(page: Page, facts: Knowledge | None = None) -> Iterator[tuple[int, str]]:
    """Yield (line, plain words) for each line of a page: macros that write several lines count as the line they stand on."""
    macros = PlainMacros(page.locale, page.path, facts or knowledge())
    for number, line in page.lines():
        if "{%" not in line and "{#" not in line:
            yield number, " ".join(plain_line(line, macros).split("\n"))


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of running text that belong together: a paragraph, a list item, a cell."""

    lines: tuple[tuple[int, str], ...]


def sentences(page: Page, facts: Knowledge | None = None) -> tuple[Sentence, ...]:
    """Return the sentences of a page in order: paragraphs, list items and cells; no headings, quotations or labels."""
    return tuple(sentence for block in blocks(line_by_line(page, facts)) for sentence in cut(block) if is_sentence(sentence.shown))


def is_sentence(text: str) -> bool:
    """Return whether a line is one to measure: it ends as a sentence does, or has words enough to be one."""
    return len(words(text)) >= (1 if re.search(r"[.!?…:;]\W*$", text) else SHORTEST)


MARKER = re.compile(r"^\s*(?:[-*+]|\d+\.)\s+(?:\[[ x]\]\s+)?")
SKIPPED = re.compile(r"^\s*(?:#|<|\[[^\]]+\]:|\*\[|\{[:.#]|:?-{3,}|\|[\s:|-]+\|$)")
ADMONITION = re.compile(r"^\s*(?:!!!|\?\?\?\+?)\s+\w+(?:\s+\w+)*(?:\s+\"[^\"]*\")?\s*$")


def blocks(lines: Iterator[tuple[int, str]]) -> Iterator[Block]:
    """Yield the blocks of running text among the lines of a page."""
    current: list[tuple[int, str]] = []
    for number, line in lines:
        starts = MARKER.match(line)
        apart = not line.strip() or SKIPPED.match(line) or ADMONITION.match(line) or line.lstrip().startswith("|")
        if (starts or apart) and current:
            yield Block(tuple(current))
            current = []
        if line.lstrip().startswith("|") and not SKIPPED.match(line):
            yield from (Block(((number, clean(cell)),)) for cell in line.strip().strip("|").split("|") if cell.strip())
        elif not apart:
            current.append((number, clean(MARKER.sub("", line))))
    if current:
        yield Block(tuple(current))


def clean(line: str) -> str:
    """Return a line of Markdown as read: links by their words, no emphasis, no attributes, no tags, no words of the other language."""
    line = re.sub(r"<span lang=\"\w\w\">.*?</span>", "", line)
    line = re.sub(r"!\[([^\]]*)\]\([^)]*\)", "", line)
    line = re.sub(r"\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])", r"\1", line)
    line = re.sub(r"<https?://([^>]*)>", r"\1", line)
    line = re.sub(r"\{:?\s*[.#][^}]*\}|</?[a-zA-Z][^>]*>|:[a-z]+-[a-z0-9-]+:", "", line)
    return re.sub(r"(\*\*|__|\*|`|\[\^\w+\])", "", line).strip()


def cut(block: Block) -> Iterator[Sentence]:
    """Yield the sentences of a block, each with the line where it begins."""
    text = " ".join(part for _, part in block.lines)
    starts, at = [], 0
    for number, part in block.lines:
        starts.append((at, number))
        at += len(part) + 1
    begin = 0
    unbroken = CITED.sub(lambda match: "x" * len(match[0]), text)  # a name has points of its own: art. L. 1110-3
    for end in [match.end() for match in SENTENCE_END.finditer(unbroken)] + [len(text)]:
        said = text[begin:end].strip()
        if said:
            yield Sentence(said, max(number for start, number in starts if start <= begin))
        begin = end


def words(text: str) -> list[str]:
    """Return the words of a text: letters and digits, an apostrophe or a hyphen joins nothing in French (l’accès is two)."""
    return re.findall(r"[^\W_]+(?:[.,\u202f\u00a0]?\d+)*", text.replace("’", " ").replace("'", " "))


VOWELS = {
    "fr": re.compile(r"eau|œu|[aeo]u|[aeo]i|[iu][eoa]i?|[aeiouyœæàâäèêëîïôöùûü]|é"),
    "en": re.compile(r"[aeiouy]+"),
}
MUTE = {"fr": re.compile(r"(?<=[^aeiouyéèê\s])e(?:s|nt)?$"), "en": re.compile(r"(?<=[^aeiouyl\W])e(?:s|d)?$")}
PYPHEN = {"fr": Pyphen(lang="fr"), "en": Pyphen(lang="en_US")}


@lru_cache(maxsize=50_000)
def syllables(word: str, locale: str) -> int:
    """Return the syllables of a word: its hyphenation or its groups of vowels, whichever is more.

    Hyphenation alone undercounts: it never parts one letter (éga-li-té) nor two vowels (cré-é).
    A number counts as about one syllable a digit, up to four: a longer one is dialled, not read.
    """
    if word[0].isdigit():
        return min(4, sum(letter.isdigit() for letter in word))
    lower = word.lower()
    spoken = MUTE[locale].sub("", lower) or lower
    return max(1, len(PYPHEN[locale].positions(lower)) + 1, len(VOWELS[locale].findall(spoken)))
