"""From a sentence as people type it to words that can be compared: accents, plurals, elisions, slips, words run together."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 600
"""Characters that are read: a sentence or a few, never a letter."""
MOST_WORDS = 90
_WORD = re.compile(r"(?:[^\W\d_]\.){2,}[^\W\d_]?|[^\W_]+")   # C.M.U. is one word
_HARD = re.compile(r"[.!?;\n\r…]")
_DIGITS_DOT = re.compile(r"(?<=\d)[.,\s](?=\d{3}\b)|(?<=\d)[.,](?=\d)")
_ELIDED = ("qu", "l", "d", "j", "m", "t", "s", "n", "c")
VOWELS = frozenset("aeiouyh")
TYPO_FROM = 6
"""Letters from which a word may be taken for another that differs by one letter."""


@lru_cache(maxsize=512)
def fold(word: str) -> str:
    """Return a word without capitals and accents."""
    plain = word.lower().replace("œ", "oe").replace("æ", "ae").replace("ß", "ss")
    return "".join(mark for mark in unicodedata.normalize("NFD", plain) if not unicodedata.combining(mark))


def stem(plain: str) -> str:
    """Return a folded word in the singular, as the site's search does."""
    if len(plain) > 5 and plain.endswith("aux"):
        return plain[:-3] + "al"
    if len(plain) > 4 and plain.endswith("ies"):
        return plain[:-3] + "y"
    if len(plain) > 3 and plain[-1] in "sx" and plain[-2] != "s":
        return plain[:-1]
    return plain


@lru_cache(maxsize=512)
def sound(word: str) -> str:
    """Return a word as it sounds: doubled letters once, ph as f, th as t, y as i, qu as k."""
    for written, heard in (("ph", "f"), ("th", "t"), ("qu", "k"), ("y", "i")):
        word = word.replace(written, heard)
    return re.sub(r"(.)\1+", r"\1", word)


def one_edit(one: str, other: str) -> bool:
    """Return whether two words differ by one letter more, less, changed, or by two neighbours exchanged."""
    if one == other:
        return True
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    a, b = one[start:], other[start:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (len(a) > 1 and a[0] == b[1] and a[1] == b[0] and a[2:] == b[2:])
    return a[1:] == b if len(a) > len(b) else a == b[1:]


def _other_ending(one: str, other: str) -> bool:
    """Return whether two words differ by their ending alone, as two forms of a verb do: deposer is no slip of depose."""
    shorter, longer = sorted((one, other), key=len)
    return longer[:-1] == shorter[:len(longer) - 1] and longer[-1] != "e"


@dataclass(frozen=True, slots=True)
class Token:
    """One word of the sentence: as compared, as it stood, and where."""

    word: str          # singular, mended
    plain: str         # folded, for what begins with…
    start: int
    end: int           # characters of the sentence, end not included
    clause: int        # words of one clause stand between the same full stops
    small: bool        # an article or the like, that a pattern may step over
    first: bool        # opens its clause


class Spelling:
    """The words a language's lexicon knows, and how slips become them."""

    def __init__(self, small: Iterable[str], slips: Mapping[str, tuple[str, ...]], known: Iterable[str],
                 words: Iterable[str], prefixes: Iterable[str]) -> None:
        self.small = frozenset(small)
        self.slips = slips
        self.words = frozenset(words)
        self.prefixes = frozenset(prefixes)
        self.known = frozenset(known) | self.small
        self._sounds = {sound(word): word for word in sorted(self.words) if len(word) > 4}
        self._near: dict[tuple[str, int], list[str]] = {}
        for word in sorted(self.words):
            if len(word) >= TYPO_FROM - 1:
                self._near.setdefault((word[:1], len(word)), []).append(word)
        self._near_prefixes: dict[str, list[str]] = {}
        for prefix in sorted(self.prefixes):
            if len(prefix) >= TYPO_FROM:
                self._near_prefixes.setdefault(prefix[:2], []).append(prefix)
        self._mended: dict[str, tuple[tuple[str, str], ...]] = {}

    def begins(self, plain: str) -> list[str]:
        """Return the beginnings of words the lexicon looks for and this word has."""
        return [plain[:length] for length in range(2, len(plain) + 1) if plain[:length] in self.prefixes]

    def knows(self, plain: str) -> bool:
        """Return whether a word stands in the lexicon as it is."""
        return (stem(plain) in self.words or plain in self.known or stem(plain) in self.known
                or any(2 * len(beginning) >= len(plain) for beginning in self.begins(plain)))

    def tokens(self, sentence: str) -> list[Token]:
        """Return the words of a sentence."""
        found: list[Token] = []
        clause, before, opens = 0, 0, True
        text = _DIGITS_DOT.sub("0", sentence[:LONGEST])   # 2,000 is one number; its digits do not matter, its length does
        for match in _WORD.finditer(text):
            if found and _HARD.search(text, before, match.start()):
                clause, opens = clause + 1, True
            before = match.end()
            for word, plain in self.forms(fold(match[0]).replace(".", "")):
                found.append(Token(word, plain, match.start(), match.end(), clause, plain in self.small, opens))
                opens = False
            if len(found) >= MOST_WORDS:
                break
        return found

    def forms(self, plain: str) -> tuple[tuple[str, str], ...]:
        """Return the words that one typed word is read as, each as compared and as folded."""
        if (known := self._mended.get(plain)) is None:
            known = tuple(self._mend(plain))
            if len(self._mended) < 1_000:
                self._mended[plain] = known
        return known

    def _mend(self, plain: str) -> Iterator[tuple[str, str]]:
        if slip := self.slips.get(plain):
            for word in slip:
                yield stem(word), word
            return
        if self.knows(plain) or plain.isdigit():
            yield stem(plain), plain
            return
        for letter in _ELIDED:   # lopital, dasthme, jsuis: an elision without its apostrophe
            rest = plain[len(letter):]
            if plain.startswith(letter) and len(rest) > 3 and rest[0] in VOWELS:
                rest = self.slips.get(rest, (rest,))[0]
                if self.knows(rest) or ((mended := self._near_word(rest)) and self.knows(rest := mended)):
                    yield letter, letter
                    yield stem(rest), rest
                    return
        mended = self._near_word(plain) or plain
        yield stem(mended), mended

    def _near_word(self, plain: str) -> str | None:
        """Return the word of the lexicon that a slip stands for: the same sound, or one letter away."""
        short = stem(plain)
        if (same := self._sounds.get(sound(short))) is not None:
            return same
        if len(short) < TYPO_FROM - 1:
            return None
        for length in (len(short), len(short) + 1, len(short) - 1):
            for word in self._near.get((short[:1], length), ()):
                if max(length, len(short)) >= TYPO_FROM and one_edit(word, short) and not _other_ending(word, short):
                    return word
        for prefix in self._near_prefixes.get(plain[:2], ()):
            for length in (len(prefix), len(prefix) + 1, len(prefix) - 1):
                if len(plain) >= length and one_edit(prefix, plain[:length]):
                    return prefix + plain[length:]
        return None
