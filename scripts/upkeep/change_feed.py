"""Write what changed for people between the published versions: changes.json, and an Atom feed per body and per law.

    python -m scripts.upkeep.change_feed site/
    python -m scripts.upkeep.change_feed --since v1.0.0     whose advice changed since then, in words (make changes SINCE=v1.0.0)

A published version is a git tag that begins with v. Each is exported by its own code, so that an old one is read as it was;
then each is compared with the one before it, over every situation. Without two tags the feeds are empty, and say so.
"""

import argparse
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from decision_tree.authoring.read.as_of import MODEL_DAY
from decision_tree.authoring.read.load import KNOWLEDGE
from decision_tree.authoring.read.problems import KnowledgeError
from decision_tree.authoring.read.shaped import read_shaped
from decision_tree.authoring.read.shapes import Localized, MapOf
from decision_tree.authoring.show.diff import Difference, Group, Version, compare, difference, read_version
from decision_tree.explain import fact_words
from decision_tree.locales import LOCALES, REFERENCE, conventions
from decision_tree.model import Locale, Model, Text
from scripts.content.loaded import knowledge
from scripts.content.publisher import load_publisher
from scripts.project.paths import ROOT

FEEDS = "feeds"


@cache
def words() -> Mapping[str, Text]:
    """Return what the feeds say."""
    found: Mapping[str, Text] = read_shaped(Path(__file__).with_suffix(".yaml"), MapOf(Localized()))
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """One change between two versions: which bodies and laws it concerns, in words."""

    id: str
    version: str
    day: str
    bodies: tuple[str, ...]
    laws: tuple[str, ...]
    says: Mapping[str, str]              # locale → one sentence
    example: Mapping[str, str]           # locale → one situation; empty when only words changed


def tags(root: Path = ROOT) -> list[tuple[str, date]]:
    """Return the published versions, oldest first; none outside a git checkout."""
    command = ["git", "-C", str(root), "for-each-ref", "--sort=creatordate", "--format=%(refname:short) %(creatordate:short)",
               "refs/tags/v*"]
    try:
        lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        return []
    return [(name, date.fromisoformat(day)) for name, day in (line.rsplit(" ", 1) for line in lines)]


def exported(tag: str, root: Path = ROOT) -> Version | None:
    """Return a version as its own code exports it, or None when it cannot be read any more."""
    with tempfile.TemporaryDirectory() as folder:
        archive = subprocess.run(["git", "-C", str(root), "archive", tag, "decision_tree"], capture_output=True, check=False)
        if archive.returncode:
            return None
        with tarfile.open(fileobj=BytesIO(archive.stdout)) as files:
            files.extractall(folder, filter="data")
        path = Path(folder) / "model.json"
        alone = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        with path.open("wb") as out:
            done = subprocess.run([sys.executable, "-m", "decision_tree", "export"], cwd=folder, stdout=out, stderr=subprocess.DEVNULL,
                                  env=alone, check=False)
        try:
            return read_version(path) if done.returncode == 0 else None
        except KnowledgeError:
            return None


def changes(versions: Sequence[tuple[str, date, Version | None]]) -> list[Change]:
    """Return all changes between consecutive versions, newest first; a version that cannot be read is one of them."""
    found: list[Change] = []
    readable = [(tag, day, version) for tag, day, version in versions if version is not None]
    for (_, _, old), (tag, day, new) in pairwise(readable):
        found[:0] = list(changes_between(old, new, tag, day))
    unread = [_unread(tag, day) for tag, day, version in versions if version is None]
    return sorted([*unread, *found], key=lambda one: one.day, reverse=True)


def _unread(tag: str, day: date) -> Change:
    says: dict[str, str] = {locale: words()["unread"][locale].format(tag=tag) for locale in LOCALES}
    return Change(id=f"{tag}-unread", version=tag, day=day.isoformat(), bodies=(), laws=(), says=says, example=dict.fromkeys(LOCALES, ""))


def changes_between(old: Version, new: Version, tag: str, day: date) -> Iterator[Change]:
    """Yield each group of situations whose advice changes, then the rules whose words or sources do."""
    found = difference(old, new)
    model = _both(old.model, new.model)
    for number, group in enumerate(found.groups, 1):
        yield Change(id=f"{tag}-{number}", version=tag, day=day.isoformat(), bodies=_bodies(group), laws=_laws(old, new, group.rules),
                     says={locale: _sentence(group, model, locale) for locale in LOCALES},
                     example={locale: _situation(group, model, locale) for locale in LOCALES})
    yield from _reworded(found, old, new, tag, day)


def _situation(group: Group, model: Model, locale: Locale) -> str:
    return f"{conventions(locale).semicolon} ".join(fact_words(model, group.example, fact, locale) for fact in group.example)


def _reworded(found: Difference, old: Version, new: Version, tag: str, day: date) -> Iterator[Change]:
    by_body: dict[str, list[str]] = {}
    for rule in new.model.rules:
        if rule.id in found.reworded:
            by_body.setdefault(rule.body, []).append(rule.id)
    for body, rules in by_body.items():
        says: dict[str, str] = {locale: f"{new.model.bodies[body].name[locale]} ({words()['reworded'][locale]})" for locale in LOCALES}
        yield Change(id=f"{tag}-{body}", version=tag, day=day.isoformat(), bodies=(body,), laws=_laws(old, new, rules), says=says,
                     example=dict.fromkeys(LOCALES, ""))


def _both(old: Model, new: Model) -> Model:
    return replace(new, facts={**old.facts, **new.facts}, bodies={**old.bodies, **new.bodies}, questions=(*new.questions, *old.questions))


def _bodies(group: Group) -> tuple[str, ...]:
    return group.before if group.reordered else group.bodies


def _laws(old: Version, new: Version, rules: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted({law for version in (old, new) for rule in version.model.rules if rule.id in rules for law in rule.sources}))


def _sentence(group: Group, model: Model, locale: Locale) -> str:
    parts = [words()["reordered"][locale]] if group.reordered else []
    for word in ("comes", "goes", "may_come", "may_go"):
        if ids := getattr(group, word):
            parts.append(f"{words()[word][locale]} ({', '.join(model.bodies[id_].short[locale] for id_ in ids)})")
    said = f"{conventions(locale).semicolon} ".join(parts)
    return said[0].upper() + said[1:]


def feed(name: str, title: str, found: Sequence[Change], locale: Locale, address: str, locales: Sequence[Locale] = LOCALES) -> str:
    """Return one Atom feed, which names those of the other locales; its entries have ids of their own in each language."""
    here = address + conventions(locale).folder
    updated = f"{found[0].day if found else MODEL_DAY.isoformat()}T00:00:00Z"
    page = f'<link rel="alternate" type="text/html" hreflang="{locale}" href={quoteattr(here + page_of(name))}/>'
    entries = "".join(
        f"<entry><id>{escape(here)}changes.json#{escape(one.id)}</id><title>{escape(one.says[locale])}</title>"
        f"<updated>{one.day}T00:00:00Z</updated>{page}"
        f"<content type=\"text\">{escape(one.says[locale])}.{_example(one, locale)}</content></entry>" for one in found)
    others = "".join(f'<link rel="alternate" type="application/atom+xml" hreflang="{other}" '
                     f"href={quoteattr(f'{address}{conventions(other).folder}{FEEDS}/{name}.atom')}/>"
                     for other in locales if other != locale)
    return (f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{locale}">'
            f"<id>{escape(here)}{FEEDS}/{escape(name)}.atom</id><title>{escape(title)}</title><updated>{updated}</updated>"
            f"<author><name>{escape(load_publisher().text('name', locale))}</name></author>"
            f"<link rel=\"self\" type=\"application/atom+xml\" href={quoteattr(f'{here}{FEEDS}/{name}.atom')}/>{page}{others}"
            f"{entries}</feed>\n")


def page_of(name: str) -> str:
    """Return the page of what a feed follows: a body, a law, or the guide as a whole."""
    known = knowledge()
    return f"organismes/{name}/" if name in known.bodies else f"droit/{name}/" if name in known.laws else "guide/"


def _example(one: Change, locale: Locale) -> str:
    colon = conventions(locale).colon
    return escape(f" {words()['example'][locale]}{colon} {one.example[locale]}.") if one.example[locale] else ""


def write_feeds(folder: Path, found: Sequence[Change], address: str, locales: Sequence[Locale] = LOCALES) -> list[Path]:
    """Write changes.json and every feed of these locales; return the files."""
    known = knowledge()
    names: dict[str, Text] = {"all": words()["title"]}
    names |= {body.id: body.name for body in known.bodies.values()} | {law.id: law.short for law in known.laws.values()}
    files = {folder / "changes.json": json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1) + "\n"}
    for name, called in names.items():
        own = [one for one in found if name == "all" or name in one.bodies or name in one.laws]
        for locale in locales:
            title = called[locale] if name == "all" else f"{words()['title'][locale]} – {called[locale]}"
            files[folder / conventions(locale).folder / FEEDS / f"{name}.atom"] = feed(name, title, own, locale, address, locales)
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(files)


def publish(folder: Path, locales: Sequence[Locale] = LOCALES) -> tuple[int, int, int]:
    """Write the feeds of a site with pages in these locales; return how many versions, changes and files there are.

    What cannot be read is said.
    """
    versions = [(tag, day, exported(tag)) for tag, day in tags()]
    found = changes(versions)
    for tag, _, version in versions:
        if version is None:
            print(f"change_feed: the version {tag} cannot be read any more; the feeds say so", file=sys.stderr)
    return len(versions), len(found), len(write_feeds(folder, found, load_publisher().text("address"), locales))


def print_since(revision: str, locale: Locale, root: Path = ROOT) -> int:
    """Print whose advice changed between a revision and the knowledge as it stands; 2 when the revision cannot be read."""
    old = exported(revision, root)
    if old is None:
        print(f"change_feed: the revision {revision} cannot be read. Give a tag or a commit that holds decision_tree/.", file=sys.stderr)
        return 2
    print(compare(old, read_version(root / KNOWLEDGE.relative_to(ROOT)), locale))
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verb and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.upkeep.change_feed", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "site", help="where to write (default: site/)")
    parser.add_argument("--since", metavar="REVISION", help="say in words whose advice changed since a revision, and write nothing")
    parser.add_argument("--locale", choices=LOCALES, default=REFERENCE, help="the language of --since")
    options = parser.parse_args(arguments)
    if options.since:
        return print_since(options.since, options.locale)
    versions, found, written = publish(options.folder)
    print(f"change_feed: {versions} published versions, {found} changes, {written} files")
    return 0


if __name__ == "__main__":
    sys.exit(main())
