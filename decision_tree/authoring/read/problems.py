"""What is wrong with the knowledge, said to the person who will mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line of a file; the line counts from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in the data: where, what we read and why it cannot stand, what to write instead."""

    place: Place
    what: str
    hint: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}. {self.hint}"


class KnowledgeError(Exception):
    """The knowledge cannot be used; `problems` lists every mistake, in file order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return a mend that names the nearest known word, or how to create this one."""
    near = get_close_matches(word, list(known), n=1)
    return f"Did you mean '{near[0]}'? Otherwise {otherwise}" if near else otherwise[0].upper() + otherwise[1:]
