"""What only the publisher knows (`site.yaml`), and how pages show a value still to be completed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path

from decision_tree.authoring.read.problems import KnowledgeError
from decision_tree.authoring.read.shaped import read_shaped
from decision_tree.authoring.read.shapes import Bool, MapOf, Record, Str
from decision_tree.locales import LOCALES
from scripts.content.interface_words import load_words
from scripts.project.paths import ROOT

VALUES = MapOf(Record({}, {"value": Str(), **dict.fromkeys(LOCALES, Str()), "sample": Bool()}))


class SiteError(ValueError):
    """A value of site.yaml that cannot stand; the message names the file, the key and the hint."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of site.yaml, in each locale; `sample` until the publisher has written theirs."""

    texts: Mapping[str, str]
    sample: bool

    def text(self, locale: str) -> str:
        return self.texts[locale]

    def html(self, locale: str) -> str:
        """Return the text for a page, followed by a visible mark while it is a sample."""
        text = escape(self.texts[locale])
        if not self.sample:
            return text
        missing = load_words(locale)["site.to_complete"]
        return f'{text} <mark class="sample">{missing}</mark>'


@dataclass(frozen=True, slots=True)
class Publisher:
    """All entries of site.yaml, by key."""

    entries: Mapping[str, Entry]

    def text(self, key: str, locale: str = "fr") -> str:
        return self._entry(key).text(locale)

    def html(self, key: str, locale: str) -> str:
        return self._entry(key).html(locale)

    def is_sample(self, key: str) -> bool:
        return self._entry(key).sample

    def _entry(self, key: str) -> Entry:
        if key not in self.entries:
            known = ", ".join(self.entries)
            raise SiteError(f"site.yaml: no value named '{key}'. Write one of: {known}.")
        return self.entries[key]


def load_entries(path: Path) -> dict[str, Entry]:
    """Return the values of a file such as site.yaml, by key.

    Raises:
        SiteError: It cannot be read, or a key has no text; every mistake has its line.
    """
    try:
        return {key: _entry(path.name, key, value) for key, value in read_shaped(path, VALUES).items()}
    except KnowledgeError as error:
        raise SiteError(str(error)) from None


def load_publisher(path: Path = ROOT / "site.yaml") -> Publisher:
    """Read site.yaml.

    Raises:
        SiteError: a key without text, or an address without scheme or final slash.
    """
    return _publisher(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _publisher(path: Path, _changed: int) -> Publisher:
    entries = load_entries(path)
    address = entries["address"].text("fr")
    if not (address.startswith(("https://", "http://")) and address.endswith("/")):
        raise SiteError(f"{path.name}: address is '{address}'. Write it with https:// and a final slash.")
    way_out = entries["exit"].text("fr")
    if not way_out.startswith("https://") or way_out.startswith(address):
        raise SiteError(f"{path.name}: exit is '{way_out}'. Write the https:// address of another site.")
    return Publisher(entries)


def _entry(file: str, key: str, raw: Mapping[str, object]) -> Entry:
    both = {locale: str(raw.get(locale, raw.get("value", ""))) for locale in LOCALES}
    missing = [locale for locale, text in both.items() if not text]
    if missing:
        raise SiteError(f"{file}: '{key}' has no text in {' and '.join(missing)}. Write `value:`, or `fr:` and `en:`.")
    return Entry(both, bool(raw.get("sample", False)))
