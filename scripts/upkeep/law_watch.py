"""Compare the articles we cite with the newest open copies of the law, and say what relies on those that moved.

The copies: the npm package @socialgouv/legi-data (texts and identifiers of the Code de la sécurité sociale, read in
place); where a network exists, the article index of the same project's repository and the newest archives of Légifrance's
open data, which hold the articles of all codes that moved that day; any index, archive, folder of articles, whole code or
rows of LEGI given. An article has changed when its text has: by the hash of the text where a copy holds it, else by its
identifier, never by a status, and even when the version in force is older than our reading: we may have read an old copy.
Where we never had an identifier, a version that begins after the one we read is a change. Our quotation must still stand in
the text of a whole code.
Each article names the open copy that holds it (`watch: {copy: …}`); one that no copy of this run covers shows the day a
person must look: over 12 months since the last comparison it warns, over 18 it fails.

Exit status 1 when an article changed, ended or went unread for 18 months and the knowledge does not say so; 2 when a copy
cannot be read.
"""

import argparse
import json
import re
import sys
import tarfile
import urllib.request
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from http.client import HTTPException
from pathlib import Path
from typing import IO, Any
from xml.etree import ElementTree

from decision_tree.authoring.read.cases import cases
from decision_tree.authoring.read.knowledge import Knowledge, Law
from decision_tree.authoring.read.load import knowledge
from decision_tree.dates import add_months
from scripts.project.paths import ROOT
from scripts.upkeep.law_copies import (
    Copy,
    CopyError,
    OpenData,
    Version,
    last_day,
    named,
    read_article_files,
    read_rows,
    read_whole_code,
    squeezed,
    text_hash,
)

PACKAGE = ROOT / "node_modules" / "@socialgouv" / "legi-data"
CODE = "LEGITEXT000006073189"
INDEX_URL = "https://raw.githubusercontent.com/SocialGouv/legi-data/master/data/articles/index.json"
OPEN_DATA_URL = "https://echanges.dila.gouv.fr/OPENDATA/LEGI/"
OPEN_DATA_ARCHIVES = 5
"""How many of the newest archives are fetched: one a working day, of some megabytes, so a week."""
BROKEN_ARCHIVE = (OSError, EOFError, ValueError, zlib.error, tarfile.TarError, ElementTree.ParseError)
WARN_MONTHS, FAIL_MONTHS, SOON_MONTHS = 12, 18, 12

BAD = ("changed", "ended", "out of date")
ORDER = ("changed", "ended", "ends soon", "out of date", "to compare again", "version not known", "unknown to this copy",
         "copy older than our reading", "unchanged", "not covered")


@dataclass(frozen=True, slots=True)
class Package:
    """The npm package: articles with text, and every version each one had."""

    name: str
    day: date | None
    articles: Mapping[str, Version]      # cid → version in force
    cids: Mapping[str, str]              # any version → cid

    def current(self, law: Law, on: date) -> Version | None:
        """Return the version in force of the article that had the version we read."""
        return self.articles.get(self.cids.get(law.watch_id or "", ""))


@dataclass(frozen=True, slots=True)
class Index:
    """An index of articles: identifiers only."""

    name: str
    day: date | None
    articles: Mapping[str, str]          # cid → version in force
    cids: Mapping[str, str]              # any version → cid, as far as another copy knows

    def current(self, law: Law, on: date) -> Version | None:
        """Return the version in force of the article that had the version we read."""
        found = self.articles.get(self.cids.get(law.watch_id, law.watch_id)) if law.watch_id else None
        return Version(found, None, None) if found else None


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
    return None if milliseconds is None else last_day(datetime.fromtimestamp(milliseconds / 1000, tz=UTC).date().isoformat())


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


def read_open_data(path: Path) -> OpenData:
    """Read an archive of Légifrance's open data (LEGI_….tar.gz), or a folder of its articles.

    Raises:
        CopyError: It cannot be read, or holds no article.
    """
    try:
        if path.is_dir():
            histories = _histories(one.read_bytes() for one in sorted(path.rglob("LEGIARTI*.xml")))
        else:
            with path.open("rb") as file:
                histories = _histories(_articles_of(file))
    except BROKEN_ARCHIVE as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else "empty, cut short or no archive of articles"
        raise CopyError(f"{path}: the open data cannot be read ({why}). Take it again from {OPEN_DATA_URL}.") from None
    if not histories:
        raise CopyError(f"{path}: the open data holds no article. Take a LEGI_….tar.gz of {OPEN_DATA_URL}.")
    return OpenData(path.name, _archive_day(path.name), histories)


def _archive_day(name: str) -> date | None:
    found = re.search(r"LEGI_(\d{4})(\d\d)(\d\d)-", name)
    return date(*map(int, found.groups())) if found else None


def _articles_of(file: IO[bytes]) -> Iterator[bytes]:
    with tarfile.open(fileobj=file, mode="r|gz") as archive:
        for member in archive:
            if re.search(r"LEGIARTI\d+\.xml$", member.name) and (content := archive.extractfile(member)):
                yield content.read()


def _histories(articles: Iterable[bytes]) -> dict[str, tuple[Version, ...]]:
    found: dict[str, tuple[Version, ...]] = {}
    for article in articles:
        root = ElementTree.fromstring(article)
        links = [link.attrib for link in root.iterfind("VERSIONS/VERSION/LIEN_ART")]
        history = tuple(Version(link["id"], None, last_day(link["fin"]), date.fromisoformat(link["debut"]))
                        for link in links if link.keys() >= {"id", "debut", "fin"})
        title = root.find("CONTEXTE/TEXTE/TITRE_TXT")
        code = (title.get("c_titre_court") or title.text or "") if title is not None else ""
        for name in (*(one.id for one in history), named(code, root.findtext("META/META_SPEC/META_ARTICLE/NUM") or "")):
            found[name] = history
    return found


def fetch_open_data(on: date) -> list[OpenData]:
    """Return the newest archives of the open data up to a day; none where no network reaches them, or one is broken."""
    try:
        with urllib.request.urlopen(OPEN_DATA_URL, timeout=10) as answer:
            names = sorted(set(re.findall(r"LEGI_\d{8}-\d{6}\.tar\.gz", answer.read().decode(errors="replace"))))
        copies = []
        for name in [one for one in names if (_archive_day(one) or on) <= on][-OPEN_DATA_ARCHIVES:]:
            with urllib.request.urlopen(OPEN_DATA_URL + name, timeout=60) as answer:
                copies.append(OpenData(name, _archive_day(name), _histories(_articles_of(answer))))
    except (*BROKEN_ARCHIVE, HTTPException):
        return []
    return copies


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
    copy: str | None = None              # the kind of open copy that holds it; None when a person must look

    @property
    def fails(self) -> bool:
        """Whether somebody has to act."""
        return self.status in BAD and not self.known


def look(law: Law, copies: Sequence[Copy], on: date) -> tuple[str, list[str]]:
    """Return the status of a law and what each copy says of it."""
    aged, since = age(law.compared_on, on)
    found = [(copy.name, *_said(law, copy, on)) for copy in copies]
    known = [status for _, status, _ in found if status != "unknown to this copy"]
    if known:
        return min(known, key=ORDER.index), [f"{name}: {words}" for name, status, words in found if law.watch_id or status in known]
    if law.watch_id is None or law.watch_copy != "legi-data" or aged != "not covered" or not found:
        return aged, since
    return "unknown to this copy", [f"{name}: {words}" for name, _, words in found]


def _said(law: Law, copy: Copy, on: date) -> tuple[str, str]:
    version = copy.current(law, on)
    if version is None:
        return "unknown to this copy", "no such identifier"
    if version.quoted is not None:
        return _quoted(law, version.quoted)
    if law.watch_id is None:
        return _by_day(law, version)
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


def _quoted(law: Law, whole: str) -> tuple[str, str]:
    """Return whether what we quote still stands in the text of the copy."""
    passages = [part for part in re.split(r"\[…\]|\n", law.extract or "") if part.strip()]
    if not passages:
        return "unknown to this copy", "we quote nothing from it, so its text says nothing new"
    lost = [part.strip() for part in passages if squeezed(part) not in squeezed(whole)]
    return ("changed", f"our quotation no longer stands in it: “{lost[0][:60]}…”") if lost else ("unchanged", "our quotation stands in it")


def _by_day(law: Law, version: Version) -> tuple[str, str]:
    """Return whether the version in force began after the one we read, whose identifier we never had."""
    read = law.in_force_since or law.copy_day
    if version.begins is None or read is None:
        since = f" since {version.begins}" if version.begins else ""
        return "version not known", f"{version.id} is in force{since}; we never noted which version we read"
    if version.begins > read:
        return "changed", f"{version.id} is in force since {version.begins}; we read the article as it stood on {read}"
    return "unchanged", f"{version.id}, no version has begun since {read}"


def age(compared: date, on: date) -> tuple[str, list[str]]:
    """Return the status of a law that no copy covers, by the day it was last compared."""
    for months, status in ((FAIL_MONTHS, "out of date"), (WARN_MONTHS, "to compare again")):
        if on > add_months(compared, months):
            return status, [f"last compared on {compared}, more than {months} months ago"]
    return "not covered", [f"last compared on {compared}, a person must look by {add_months(compared, WARN_MONTHS)}"]


def findings(known: Knowledge, copies: Sequence[Copy], on: date) -> list[Finding]:
    """Return what the copies say of every law the knowledge cites, those to act on first."""
    pages = pages_by_law(known)
    found = []
    for law in known.laws.values():
        status, said = look(law, copies, on)
        statements = [one.id for one in known.statements.values() if law.id in one.laws]
        bodies = [body.id for body in known.bodies.values() if law.id in body.sources or set(statements) & set(body.statements)]
        rules = [rule.id for rule in known.model.rules if law.id in rule.sources]
        if not rules:                    # no rule cites it: those that lead to a body which says what it says
            rules = [rule.id for rule in known.model.rules if rule.body in bodies]
        shown = {case for rule in known.model.rules if law.id in rule.sources for case in rule.shown_by}
        found.append(Finding(
            law=law.id, number=law.short.fr.replace("\u00a0", " "), status=status, said=said, known=law.state == "amended_unread",
            compared=law.compared_on.isoformat(), rules=rules, bodies=bodies, statements=statements,
            copy=None if law.watch_copy == "none" else law.watch_copy,
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
    return f"{coverage(found)}\nlaw-watch: {len(found)} articles: {said}; {sum(one.fails for one in found)} to act on"


def coverage(found: Sequence[Finding]) -> str:
    """Return how many articles an open copy we can read holds, by copy, how many one of this run covered, and the rest by name."""
    kinds = Counter(one.copy for one in found if one.copy)
    read = sum(one.status not in ("not covered", "to compare again", "out of date") for one in found)
    rest = [f"{one.law} ({one.said[0]})" for one in found if one.copy is None]
    return (f"coverage: {sum(kinds.values())} of {len(found)} articles stand in an open copy we can read "
            f"({', '.join(f'{name} {count}' for name, count in kinds.most_common())}); a copy of this run covered {read}; "
            f"for a person: {', '.join(rest) or 'none'}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verb and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.upkeep.law_watch", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package", type=Path, default=PACKAGE, help="the folder of the npm package")
    parser.add_argument("--index", type=Path, action="append", default=[], help="an index file of the project's repository")
    parser.add_argument("--index-day", type=date.fromisoformat, help="the day that index was made")
    parser.add_argument("--open-data", type=Path, action="append", default=[], metavar="ARCHIVE",
                        help="an archive of Légifrance's open data, or a folder of its articles")
    parser.add_argument("--articles", type=Path, action="append", default=[], metavar="FOLDER",
                        help="a folder of one Markdown file an article, named as its code (a clone of git.tricoteuses.fr/codes/…)")
    parser.add_argument("--code", type=Path, action="append", default=[], metavar="FILE",
                        help="a whole code in Markdown (legalize-fr, archeo-lex)")
    parser.add_argument("--rows", type=Path, action="append", default=[], metavar="FILE",
                        help="rows of LEGI: the SQLite of the package legi, or JSON lines")
    parser.add_argument("--offline", action="store_true", help="look for nothing on the network")
    parser.add_argument("--on", type=date.fromisoformat, default=None, help="the day of the comparison (default: today)")
    parser.add_argument("--json", action="store_true", help="print the whole report as JSON")
    options = parser.parse_args(arguments)
    on = options.on or date.today()
    try:
        package = read_package(options.package)
        copies: list[Copy] = [package, *(read_index(path, options.index_day, package) for path in options.index),
                              *(read_open_data(path) for path in options.open_data),
                              *(read_article_files(path) for path in options.articles),
                              *(read_whole_code(path) for path in options.code), *(read_rows(path) for path in options.rows)]
        if not options.offline:
            repository = fetch_index(package, on)
            copies += [repository] if repository else []
            if repository is None:
                print(f"law-watch: {INDEX_URL} could not be reached; the package and the files given are compared", file=sys.stderr)
            copies += (archives := fetch_open_data(on))
            if not archives:
                print(f"law-watch: {OPEN_DATA_URL} could not be reached; the files given are compared", file=sys.stderr)
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
