"""The open copies of the law, and how each is written: one file an article, a whole code, rows of the LEGI base.

    Tricoteuses   git.tricoteuses.fr/codes/code_de_la_sante_publique: a Markdown file an article, its head says the version
    legalize-fr   a Markdown file a code, “Article L1110-3” before each text, no identifier; archeo-lex writes headings
    LEGI          the base of DILA: the SQLite made by the package `legi`, or its rows as JSON lines

Every reader returns a `Copy`: what it says of an article is a `Version`, and the watch compares.
"""

import hashlib
import json
import re
import sqlite3
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from decision_tree.authoring.read.knowledge import Law

NO_END_FROM = 2100
"""Copies write "no end" as a year far away (2222, 2999): such an end is not a date."""
CODES = {
    "LEGITEXT000006072665": "Code de la santé publique", "LEGITEXT000006073189": "Code de la sécurité sociale",
    "LEGITEXT000006070719": "Code pénal", "LEGITEXT000006071154": "Code de procédure pénale", "LEGITEXT000006070721": "Code civil",
    "LEGITEXT000006069565": "Code de la consommation", "LEGITEXT000006070933": "Code de justice administrative",
    "LEGITEXT000006074069": "Code de l’action sociale et des familles",
}
"""The texts of the LEGI base that hold articles we cite, by their identifier."""
ARTICLE = re.compile(r"^(?:#+ )?Article (?P<number>[LRD]?\*?\d[\w.*-]*)\s*$", re.MULTILINE)
FIRST_NUMBER = re.compile(r"[LRD]?\.?\s*\*?\d[\d-]*")


class CopyError(Exception):
    """A copy of the law cannot be read; the message says which, and what to do."""


@dataclass(frozen=True, slots=True)
class Version:
    """What a copy says of one article today."""

    id: str
    text: str | None                     # the hash of its text, where the copy holds it
    ends: date | None
    begins: date | None = None
    quoted: str | None = None            # its text, where the copy has no identifier: what we quote must stand in it


class Copy(Protocol):
    """A copy of the law: its name, the day it was made, and the version now in force of any version it knows."""

    @property
    def name(self) -> str: ...

    @property
    def day(self) -> date | None: ...

    def current(self, law: Law, on: date) -> Version | None: ...


@dataclass(frozen=True, slots=True)
class OpenData:
    """Articles with the days of their versions; an archive holds those that moved, a clone those in force."""

    name: str
    day: date | None
    histories: Mapping[str, tuple[Version, ...]]   # any version, or code and number → all versions

    def current(self, law: Law, on: date) -> Version | None:
        """Return the version in force that day, or the last one, by the version we read or by code and number."""
        history = self.histories.get(law.watch_id or "") or self.histories.get(named(law.code.fr, law.number), ())
        begun = [one for one in history if one.begins is not None and one.begins <= on]
        return max(begun, key=lambda one: one.begins or on, default=None)


@dataclass(frozen=True, slots=True)
class WholeCode:
    """A whole code as text, without identifiers."""

    name: str
    day: date | None
    texts: Mapping[str, str]             # code and number → the text of the article

    def current(self, law: Law, on: date) -> Version | None:
        """Return the article as the copy has it, by code and number."""
        text = self.texts.get(named(law.code.fr, law.number))
        return None if text is None else Version(self.name, text_hash(text), None, quoted=text)


def text_hash(text: str) -> str:
    """Return the first twelve digits of the SHA-256 of a text of law, spaces aside."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:12]


def squeezed(text: str) -> str:
    """Return a text with its letters and digits only: copies differ in spaces, dashes and apostrophes."""
    return re.sub(r"[\W_]+", "", text).lower()


def named(code: str, number: str) -> str:
    """Return one spelling of a code and the first number of a reference: “codedelasantepublique l1110-3”."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", code) if not unicodedata.combining(letter))
    found = FIRST_NUMBER.search(number)
    return f"{squeezed(plain)} {re.sub('[^0-9A-Za-z-]', '', found[0] if found else number).lower()}"


def last_day(text: str) -> date | None:
    """Return the last day of a version; none when it has no end."""
    day = date.fromisoformat(text[:10])
    return None if day.year >= NO_END_FROM else day


def read_article_files(folder: Path) -> OpenData:
    """Read a folder of one Markdown file an article, each with the version in its head; the folder is named as the code.

    Raises:
        CopyError: It is no folder, or holds no article of this form.
    """
    code = re.sub(r"^\d+[-_]", "", folder.resolve().name).replace("_", " ")
    histories: dict[str, tuple[Version, ...]] = {}
    for path in sorted(folder.rglob("*.md")):
        head = re.match(r"---\n(.*?)\n---\n", path.read_text(encoding="utf-8"), re.DOTALL)
        body = path.read_text(encoding="utf-8")[head.end():] if head else ""
        title = ARTICLE.search(body)
        said = dict(re.findall(r"^([^:\n]+): (.+)$", head[1], re.MULTILINE)) if head else {}
        if title is None or not {"Identifiant", "Date de début"} <= said.keys():
            continue
        version = _version(path.as_posix(), said["Identifiant"], said["Date de début"], said.get("Date de fin", "2999-01-01"))
        for key in (version.id, named(code, title["number"])):
            histories[key] = (*histories.get(key, ()), version)
    if not histories:
        raise CopyError(f"{folder}: no article stands in this folder. Clone git.tricoteuses.fr/codes/… and name the folder as the code.")
    return OpenData(folder.name, None, histories)


def _version(place: str, id_: str, begins: str, ends: str) -> Version:
    try:
        return Version(id_.strip(), None, last_day(ends.strip()), date.fromisoformat(begins.strip()[:10]))
    except ValueError:
        raise CopyError(f"{place}:1: the days of {id_} are no dates ({begins}, {ends}). Take a fresh copy.") from None


def read_whole_code(path: Path) -> WholeCode:
    """Read a whole code in one Markdown file: its name in the head, then “Article L1110-3” and its text, again and again.

    Raises:
        CopyError: It cannot be read, or holds no code of this form.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise CopyError(f"{path}: the code cannot be read ({error.strerror}). Give a Markdown file of a whole code.") from None
    head = dict(re.findall(r'^(title|last_updated): "?(.*?)"?$', text[:2000], re.MULTILINE))
    titles = list(ARTICLE.finditer(text))
    if "title" not in head or not titles:
        raise CopyError(f"{path}:1: no code is named in the head, or no article follows. Give a Markdown file of a whole code.")
    ends = [title.start() for title in titles[1:]] + [len(text)]
    texts = {named(head["title"], title["number"]): text[title.end():end].strip() for title, end in zip(titles, ends, strict=True)}
    return WholeCode(path.name, date.fromisoformat(head["last_updated"]) if head.get("last_updated") else None, texts)


def read_rows(path: Path) -> OpenData:
    """Read rows of the LEGI base: (id, num, date_debut, date_fin, cid) of its table `articles`, or the same as JSON lines.

    Raises:
        CopyError: It cannot be read, or holds no article.
    """
    articles: dict[tuple[str, str], tuple[Version, ...]] = {}
    for number, row in enumerate(_rows(path), 1):
        if row.get("num"):
            version = _version(f"{path}:{number}", str(row["id"]), str(row["date_debut"]), str(row["date_fin"]))
            key = str(row.get("cid")), str(row["num"])
            articles[key] = (*articles.get(key, ()), version)
    if not articles:
        raise CopyError(f"{path}: no row is an article. Give the SQLite of the package legi, or its rows as JSON lines.")
    histories = {named(CODES[text], number): history for (text, number), history in articles.items() if text in CODES}
    return OpenData(path.name, None, histories | {version.id: history for history in articles.values() for version in history})


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    names = ("id", "num", "date_debut", "date_fin", "cid")
    try:
        with path.open("rb") as file:
            if file.read(16) != b"SQLite format 3\x00":
                yield from (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
                return
        base = sqlite3.connect(f"file:{path.as_posix()}?mode=ro", uri=True)
        try:
            for row in base.execute(f"SELECT {', '.join(names)} FROM articles"):
                yield dict(zip(names, row, strict=True))
        finally:
            base.close()
    except (OSError, ValueError, sqlite3.Error) as error:
        hint = "Give the SQLite of the package legi, or its rows as JSON lines."
        raise CopyError(f"{path}: the rows cannot be read ({error}). {hint}") from None
