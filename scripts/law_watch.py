"""Compare the articles we cite with the newest open copies of the law, and say what relies on those that moved.

The copies: the npm package @socialgouv/legi-data (texts and identifiers of the Code de la sécurité sociale, read in
place), the article index of the same project's repository where a network exists, and any index file given. An article
has changed when its text has: by the hash of the text where a copy holds it, else by its identifier, never by a status.
Articles that no copy covers show the day they were last compared: over 12 months they warn, over 18 they fail.

Exit status 1 when an article changed, ended or went unread for 18 months and the knowledge does not say so; 2 when a copy
cannot be read.
"""

import argparse
import hashlib
import json
import re
import sys
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any, Protocol

from decision_tree.authoring.cases import cases
from decision_tree.authoring.knowledge import Knowledge, Law
from decision_tree.authoring.load import knowledge
from decision_tree.dates import add_months
from scripts.setup import ROOT

PACKAGE = ROOT / "node_modules" / "@socialgouv" / "legi-data"
CODE = "LEGITEXT000006073189"
INDEX_URL = "https://raw.githubusercontent.com/SocialGouv/legi-data/master/data/articles/index.json"
WARN_MONTHS, FAIL_MONTHS, SOON_MONTHS = 12, 18, 12
NO_END_FROM = 2100
"""Copies write "no end" as a year far away (2222, 2999): such an end is not a date."""

BAD = ("changed", "ended", "out of date")
ORDER = ("changed", "ended", "ends soon", "out of date", "to compare again", "unknown to this copy", "copy older than our reading",
         "unchanged", "not covered")


class CopyError(Exception):
    """A copy of the law cannot be read; the message says which, and what to do."""


@dataclass(frozen=True, slots=True)
class Version:
    """What a copy says of one article today."""

    id: str
    text: str | None                     # the hash of its text, where the copy holds it
    ends: date | None


class Copy(Protocol):
    """A copy of the law: its name, the day it was made, and the version now in force of any version it knows."""

    @property
    def name(self) -> str: ...

    @property
    def day(self) -> date | None: ...

    def current(self, version: str) -> Version | None: ...


@dataclass(frozen=True, slots=True)
class Package:
    """The npm package: articles with text, and every version each one had."""

    name: str
    day: date | None
    articles: Mapping[str, Version]      # cid → version in force
    cids: Mapping[str, str]              # any version → cid

    def current(self, version: str) -> Version | None:
        """Return the version in force of the article that had this version."""
        return self.articles.get(self.cids.get(version, ""))


@dataclass(frozen=True, slots=True)
class Index:
    """An index of articles: identifiers only."""

    name: str
    day: date | None
    articles: Mapping[str, str]          # cid → version in force
    cids: Mapping[str, str]              # any version → cid, as far as another copy knows

    def current(self, version: str) -> Version | None:
        """Return the version in force of the article that had this version."""
        found = self.articles.get(self.cids.get(version, version))
        return Version(found, None, None) if found else None


def text_hash(text: str) -> str:
    """Return the first twelve digits of the SHA-256 of a text of law, spaces aside."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:12]


def read_json(path: Path, what: str) -> Any:
    """Return a JSON file.

    Raises:
        CopyError: It is missing, empty, cut short or no JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CopyError(f"{path}: {what} cannot be read ({error.strerror}). Run “make setup”, or name another file.") from None
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise CopyError(f"{path}:{line}: {what} is empty, cut short or not JSON. Take a fresh copy.") from None


def read_package(folder: Path = PACKAGE, code: str = CODE) -> Package:
    """Read the npm package in place.

    Raises:
        CopyError: It is missing, or not in the form we know.
    """
    path = folder / "data" / f"{code}.json"
    whole = read_json(path, "the package's code")
    articles: dict[str, Version] = {}
    cids: dict[str, str] = {}
    try:
        day = date.fromisoformat(whole["data"]["dateModif"])
        for article in _articles(whole):
            cid = article["cid"]
            cids.update({version["id"]: cid for version in article.get("articleVersions") or ()})
            cids[article["id"]] = cids[cid] = cid
            articles[cid] = Version(article["id"], text_hash(article.get("texte") or ""), _end(article.get("dateFin")))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise CopyError(f"{path}:1: the package's code is not in the form we know. Look at what changed in the package.") from None
    if not articles:
        raise CopyError(f"{path}:1: the package's code holds no article. Take a fresh copy.")
    version = read_json(folder / "package.json", "the package's description").get("version", "?")
    return Package(f"legi-data {version}", day, articles, cids)


def _articles(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if one.get("type") == "article":
            yield one["data"]
        waiting += one.get("children") or ()


def _end(milliseconds: int | None) -> date | None:
    if milliseconds is None:
        return None
    day = datetime.fromtimestamp(milliseconds / 1000, tz=UTC).date()
    return None if day.year >= NO_END_FROM else day


def read_index(path: Path, day: date | None, package: Package | None) -> Index:
    """Read an index of articles: a list of {articleCid, articleId, codeId}.

    Raises:
        CopyError: It is not such a list.
    """
    return _index(read_json(path, "the index"), str(path), day, package)


def _index(rows: Any, name: str, day: date | None, package: Package | None) -> Index:
    if not isinstance(rows, list) or not rows:
        raise CopyError(f"{name}:1: the index is not a list of articles. Take data/articles/index.json of the project's repository.")
    articles: dict[str, str] = {}
    cids = dict(package.cids) if package else {}
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict) or not isinstance(row.get("articleCid"), str) or not isinstance(row.get("articleId"), str):
            raise CopyError(f"{name}:1: entry {number} of the index has no articleCid and articleId. Take a fresh copy.")
        cid = cids.setdefault(row["articleCid"], row["articleCid"])  # a row made by hand may name an old version for the cid
        articles[cid] = row["articleId"]
        cids.setdefault(row["articleId"], cid)
    return Index(name, day, articles, cids)


def fetch_index(package: Package | None, on: date) -> Index | None:
    """Return the index of the project's repository, or None where no network reaches it."""
    try:
        with urllib.request.urlopen(INDEX_URL, timeout=10) as answer:
            rows = json.load(answer)
    except (OSError, ValueError, HTTPException):
        return None
    return _index(rows, "legi-data repository", on, package)


@dataclass(slots=True)
class Finding:
    """What the copies say of one law, and what relies on it."""

    law: str
    number: str
    status: str
    said: list[str]
    known: bool                          # the knowledge already says that its new text was not read
    compared: str
    rules: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)

    @property
    def fails(self) -> bool:
        """Whether somebody has to act."""
        return self.status in BAD and not self.known


def look(law: Law, copies: Sequence[Copy], on: date) -> tuple[str, list[str]]:
    """Return the status of a law and what each copy says of it."""
    aged, since = age(law.compared_on, on)
    if law.watch_id is None:
        return aged, since
    found = [(copy.name, *_said(law, copy, on)) for copy in copies]
    known = [status for _, status, _ in found if status != "unknown to this copy"]
    if known:
        return min(known, key=ORDER.index), [f"{name}: {words}" for name, _, words in found]
    if law.watch_copy in (None, "none") or aged != "not covered" or not found:
        return aged, since
    return "unknown to this copy", [f"{name}: {words}" for name, _, words in found]


def _said(law: Law, copy: Copy, on: date) -> tuple[str, str]:
    assert law.watch_id is not None
    version = copy.current(law.watch_id)
    if version is None:
        return "unknown to this copy", "no such identifier"
    changed = version.text != law.watch_text if version.text and law.watch_text else version.id != law.watch_id
    if changed and version.text is None:
        return "changed", f"now {version.id}, we read {law.watch_id}"
    if changed:
        return "changed", f"its text is no longer the one we read ({version.id})"
    if version.ends is not None and version.ends <= on:
        return "ended", f"this version ended on {version.ends}"
    if version.ends is not None and version.ends <= add_months(on, SOON_MONTHS):
        return "ends soon", f"this version ends on {version.ends}"
    if law.legiarti not in (None, version.id) and law.legiarti != law.watch_id:
        return "copy older than our reading", f"it still has {version.id}; we already know of {law.legiarti}"
    return "unchanged", f"the text we read{f', on {copy.day}' if copy.day else ''}"


def age(compared: date, on: date) -> tuple[str, list[str]]:
    """Return the status of a law that no copy covers, by the day it was last compared."""
    for months, status in ((FAIL_MONTHS, "out of date"), (WARN_MONTHS, "to compare again")):
        if on > add_months(compared, months):
            return status, [f"last compared on {compared}, more than {months} months ago"]
    return "not covered", [f"last compared on {compared}"]


def findings(known: Knowledge, copies: Sequence[Copy], on: date) -> list[Finding]:
    """Return what the copies say of every law the knowledge cites, those to act on first."""
    pages = pages_by_law(known)
    found = []
    for law in known.laws.values():
        status, said = look(law, copies, on)
        rules = [rule.id for rule in known.model.rules if law.id in rule.sources]
        shown = {case for rule in known.model.rules if law.id in rule.sources for case in rule.shown_by}
        found.append(Finding(
            law=law.id, number=law.short.fr.replace("\u00a0", " "), status=status, said=said, known=law.state == "amended_unread",
            compared=law.compared_on.isoformat(), rules=rules, bodies=[body.id for body in known.bodies.values() if law.id in body.sources],
            statements=[one.id for one in known.statements.values() if law.id in one.laws],
            cases=sorted(shown | {case.id for case in cases() if law.id in case.sources}), pages=pages.get(law.id, [])))
    return sorted(found, key=lambda one: (ORDER.index(one.status), one.law))


def pages_by_law(known: Knowledge) -> dict[str, list[str]]:
    """Return for each law the French pages that name it, or a statement that rests on it."""
    laws_of: dict[str, set[str]] = {law: {law} for law in known.laws}
    for statement in known.statements.values():
        laws_of.setdefault(statement.id, set()).update(statement.laws)
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "docs" / "fr").rglob("*.md")):
        named = set(re.findall(r"[a-z][a-z0-9-]{3,}", path.read_text(encoding="utf-8"))) & laws_of.keys()
        for law in sorted({law for one in named for law in laws_of[one]}):
            found.setdefault(law, []).append(path.relative_to(ROOT).as_posix())
    return found


def table(found: Sequence[Finding]) -> str:
    """Return the findings for a reader: what moved with all that relies on it, the rest in a line each."""
    lines: list[str] = []
    for one in found:
        mark = " (the knowledge says so)" if one.known and one.status in BAD else ""
        since = f", {one.said[0]}" if one.status == "not covered" else ""
        lines.append(f"{one.status:28} {one.law:20} {one.number}{mark}{since}")
        if one.status not in ("unchanged", "not covered"):
            lines += [f"    {words}" for words in one.said]
            for name in ("rules", "bodies", "statements", "cases", "pages"):
                ids = getattr(one, name)
                lines += [f"    {name}: {', '.join(ids)}"] if ids else []
    return "\n".join(lines)


def summary(found: Sequence[Finding]) -> str:
    """Return one line of counts."""
    counts = {status: sum(one.status == status for one in found) for status in ORDER}
    said = ", ".join(f"{count} {status}" for status, count in counts.items() if count)
    return f"law-watch: {len(found)} articles: {said}; {sum(one.fails for one in found)} to act on"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verb and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.law_watch", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package", type=Path, default=PACKAGE, help="the folder of the npm package")
    parser.add_argument("--index", type=Path, action="append", default=[], help="an index file of the project's repository")
    parser.add_argument("--index-day", type=date.fromisoformat, help="the day that index was made")
    parser.add_argument("--offline", action="store_true", help="do not look for the repository's index")
    parser.add_argument("--on", type=date.fromisoformat, default=None, help="the day of the comparison (default: today)")
    parser.add_argument("--json", action="store_true", help="print the whole report as JSON")
    options = parser.parse_args(arguments)
    on = options.on or date.today()
    try:
        package = read_package(options.package)
        copies: list[Copy] = [package, *(read_index(path, options.index_day, package) for path in options.index)]
        if not options.offline:
            repository = fetch_index(package, on)
            copies += [repository] if repository else []
            if repository is None:
                print(f"law-watch: {INDEX_URL} could not be reached; the package and the files given are compared", file=sys.stderr)
    except CopyError as error:
        print(error, file=sys.stderr)
        return 2
    found = findings(knowledge(), copies, on)
    if options.json:
        told = [{"name": copy.name, "day": str(copy.day) if copy.day else None} for copy in copies]
        articles = [{**asdict(one), "fails": one.fails} for one in found]
        print(json.dumps({"on": on.isoformat(), "copies": told, "articles": articles}, ensure_ascii=False, indent=2))
    else:
        print(f"{table(found)}\n{summary(found)}")
    return 1 if any(one.fails for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
