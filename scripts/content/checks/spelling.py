"""Spelling, by Debian's hunspell with the French and British dictionaries, our own words, and the names of the knowledge."""

import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from decision_tree.authoring.read.knowledge import Knowledge
from decision_tree.authoring.read.problems import Problem
from scripts.content.page import Page
from scripts.content.prose import CITED, OTHER_LANGUAGE, clean, line_by_line

DICTIONARIES = {"fr": "fr", "en": "en_GB"}
OWN = Path(__file__).parent  # words.fr.txt, words.en.txt: one word a line, # for comments
WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
NOTE = re.compile(r"^\s*(?:!!!|\?\?\?\+?)\s+\w+(?:\s+\w+)*")  # `!!! brief "…"`: the word before the title is not shown
ADDRESS = re.compile(r"\S*(?:https?:|www\.|@|\w\.\w{2,})\S*|\{[^}]*\}|<[^>]*>")
CODE = re.compile(r"`[^`]*`")


def own_words(locale: str) -> set[str]:
    """Return the words our list adds to the dictionary of a locale."""
    lines = (OWN / f"words.{locale}.txt").read_text(encoding="utf-8").splitlines()
    return {word for line in lines if (word := line.split("#")[0].strip())}


def names(facts: Knowledge) -> set[str]:
    """Return the words of the names the knowledge gives: bodies, laws, contacts, in French even on an English page."""
    texts: list[str] = []
    for body in facts.bodies.values():
        texts += [body.name.fr, body.short.fr]
    for law in facts.laws.values():
        texts += [law.code.fr, law.number]
    texts += [contact.value for contact in facts.contacts.values()]
    texts += [name for entry in facts.glossary.values() for name in (entry.term.fr, *entry.aliases)]
    return {word for text in texts for word in WORD.findall(text)}


def unknown_words(words: Iterable[str], locale: str) -> set[str]:
    """Return the words hunspell does not know.

    Raises:
        FileNotFoundError: hunspell is not installed (`make setup` and `make test` install it).
    """
    known = own_words(locale)
    asked = sorted({word for word in words if word not in known and word.lower() not in known})
    command = ["hunspell", "-d", DICTIONARIES[locale], "-i", "UTF-8", "-l"]
    answer = subprocess.run(command, input="\n".join(asked) + "\n", text=True, capture_output=True, check=True)
    return set(answer.stdout.split())


def words_of(page: Page, facts: Knowledge) -> Iterator[tuple[int, str]]:
    """Yield (line, word) for each word a reader reads on a page, front matter included."""
    for key in ("title", "description"):
        for word in WORD.findall(str(page.meta.get(key, ""))):
            yield page.meta_line(key), word.replace("’", "'")
    for number, line in line_by_line(page, facts):
        shown = CITED.sub(" ", clean(CODE.sub(" ", OTHER_LANGUAGE.sub(" ", NOTE.sub("", line)))))
        for word in WORD.findall(ADDRESS.sub(" ", shown)):
            yield number, word.replace("’", "'")


def check(pages: Iterable[Page], locale: str, facts: Knowledge) -> Iterator[Problem]:
    """Yield each word of the pages of a locale that no dictionary knows, once a page."""
    found = {page: list(words_of(page, facts)) for page in pages}
    allowed = {word.replace("’", "'") for word in names(facts)}
    wrong = unknown_words((word for said in found.values() for _, word in said), locale) - allowed
    wrong -= made_of_known_words(wrong, allowed, locale)
    for page, said in found.items():
        first = {word: number for number, word in reversed(said) if word in wrong}
        for word, number in first.items():
            hint = f"Correct it, or add it to scripts/content/checks/words.{locale}.txt."
            yield page.problem(number, f"the dictionary does not know “{word}”", hint)


def made_of_known_words(words: Iterable[str], allowed: set[str], locale: str) -> set[str]:
    """Return the words joined from words that are all known: l'AME, C2S-AME."""
    parts = {word: {part for part in re.split(r"['-]", word) if len(part) > 1} for word in words if re.search(r"['-]", word)}
    unknown = unknown_words((part for joined in parts.values() for part in joined), locale) - allowed
    return {word for word, joined in parts.items() if not joined & unknown}
