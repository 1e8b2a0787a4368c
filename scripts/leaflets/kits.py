"""A fund's kit: one YAML file and a logo, from which every leaflet is made with the fund's colours and contacts.

All mistakes are reported at once, in French and in English, for the person at the fund who wrote the file.
"""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from decision_tree.authoring.read.yaml_text import MappingNode, Node, ScalarNode, SequenceNode, plain_value, read_yaml
from decision_tree.locales import LOCALES
from scripts.leaflets.colours import ENOUGH, HEX, contrast, dark_enough
from scripts.project.paths import ROOT

KINDS = ("phone", "sms", "email", "url", "address")
CONTACT = ("kind", "value", "label")
FIELDS = ("code", "name", "departement", "colour", "logo", "contacts", "qr")
MESSAGES = ROOT / "leaflets" / "kit-messages.yaml"
LARGEST_LOGO = 300_000  # bytes
LONGEST_ADDRESS = 120   # signs: a longer one makes a QR code too fine for a cheap printer
ON_WHITE = ENOUGH + 1   # the tints behind links take some contrast away: one point more on white leaves enough everywhere
DARKEST_GROUND = "#d9d9d9"
CODE = re.compile(r"[0-9]{2}[0-9A-B][0-9]{0,3}|[a-z0-9][a-z0-9-]{1,30}")
VALUES = {
    "phone": re.compile(r"\+?[0-9][0-9 .]{1,18}"),
    "sms": re.compile(r"\+?[0-9][0-9 .]{1,18}"),
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}"),
    "url": re.compile(r"https://[^\s\"<>]+"),
    "address": re.compile(r".{5,160}", re.DOTALL),
}
PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a kit and how to mend it, in French and in English."""

    where: str
    fr: str
    en: str

    def __str__(self) -> str:
        return f"{self.where}\n  fr : {self.fr}\n  en: {self.en}"


class KitError(Exception):
    """A kit cannot be used; `mistakes` holds every reason."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join(map(str, mistakes)))


@cache
def messages() -> Mapping[str, Any]:
    """Return what is said of each mistake, by name, in both locales."""
    raw: Mapping[str, Any] = plain_value(MESSAGES.read_text("utf-8"))
    return raw


def mistake(where: str, name: str, **parts: object) -> Mistake:
    """Return a mistake in the words of leaflets/kit-messages.yaml; a number keeps the mark of its locale."""
    said = messages()[name]
    french = {key: f"{part:.1f}".replace(".", ",") if isinstance(part, float) else part for key, part in parts.items()}
    english = {key: f"{part:.1f}" if isinstance(part, float) else part for key, part in parts.items()}
    return Mistake(where, said["fr"].format(**french), said["en"].format(**english))


@dataclass(frozen=True, slots=True)
class FundContact:
    """One way to reach the fund, in one locale."""

    kind: str
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Logo:
    """A drawing with the words that say what it shows."""

    content: bytes
    svg: bool
    alt: Mapping[str, str]

    def data(self, locale: str) -> dict[str, Any]:
        """Return the logo as the templates take it: SVG as text, PNG as numbers."""
        return {"source": self.content.decode("utf-8") if self.svg else list(self.content), "alt": self.alt[locale]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """A fund: what leaflets print of it."""

    code: str
    name: Mapping[str, str]
    departement: str | None = None
    colour: str | None = None
    logo: Logo | None = None
    contacts: Mapping[str, tuple[FundContact, ...]] = field(default_factory=lambda: dict.fromkeys(LOCALES, ()))
    qr: Mapping[str, str] = field(default_factory=dict)
    address_from: str = "annuaire-service-public"

    def target(self, locale: str) -> str | None:
        """Return the address the QR code holds, when the fund has its own."""
        return self.qr.get(locale)


def read_kit_file(path: Path) -> tuple[Mapping[str, Any], dict[str, int]]:
    """Return the fields of a kit's file as text, and field → its line.

    Raises:
        KitError: the file is no plain YAML, or holds no fields.
    """
    node, problems = read_yaml(path, path.name)
    if problems:
        raise KitError([mistake(str(one.place), "unreadable") for one in problems])
    if not isinstance(node, MappingNode) or any(not isinstance(key, ScalarNode) for key in keys_of(node)):
        raise KitError([mistake(path.name, "not_fields")])
    raw: Mapping[str, Any] = plain_value(path.read_text("utf-8"), texts=True)
    twice = [key for number, (key, _) in enumerate(node.value) if key.value in [one.value for one, _ in node.value[:number]]]
    if twice:
        raise KitError([mistake(f"{path.name}:{key.start_mark.line + 1}: {key.value}", "twice") for key in twice])
    return raw, {key.value: key.start_mark.line + 1 for key, _ in node.value}


def keys_of(node: Node) -> Iterator[Node]:
    """Yield the key of every field, at any depth."""
    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield key
            yield from keys_of(value)
    elif isinstance(node, SequenceNode):
        for value in node.value:
            yield from keys_of(value)


def nearest(name: str, known: Sequence[str]) -> Mapping[str, str]:
    """Return what a field's name may have meant, in both locales; "" when nothing is near."""
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    return {locale: f" {text.format(near=near[0])}" if near else "" for locale, text in messages()["meant"].items()}


def unknown_field(where: str, name: str, known: Sequence[str]) -> Mistake:
    """Return the mistake of a field that does not exist, with the nearest one that does."""
    plain, meant = mistake(where, "no_such_field", known=", ".join(known)), nearest(name, known)
    return Mistake(plain.where, plain.fr + meant["fr"], plain.en + meant["en"])


def load_kit(path: Path, departements: frozenset[str]) -> Kit:
    """Read a kit.

    Args:
        path: The YAML file; the logo's path is relative to it.
        departements: The known codes of départements.

    Raises:
        KitError: With every mistake of the file.
    """
    raw, lines = read_kit_file(path)
    reader = _Reader(path, raw, lines, departements)
    found = list(reader.mistakes())
    if found:
        raise KitError(found)
    return reader.kit()


class _Reader:
    def __init__(self, path: Path, raw: Mapping[str, Any], lines: Mapping[str, int], departements: frozenset[str]) -> None:
        self.path, self.raw, self.lines, self.departements = path, raw, lines, departements

    def at(self, name: str) -> str:
        top = re.split(r"[.\[]", name)[0]
        return f"{self.path.name}:{self.lines.get(top, 1)}: {name}"

    def mistakes(self) -> Iterator[Mistake]:
        for name in self.raw:
            if name not in FIELDS:
                yield unknown_field(self.at(name), name, FIELDS)
        if not isinstance(self.raw.get("code"), str) or not CODE.fullmatch(self.raw["code"]):
            yield mistake(self.at("code"), "code")
        for locale in missing(self.raw.get("name")):
            yield mistake(self.at(f"name.{locale}"), "name", locale=locale)
        yield from self.others("name", self.raw.get("name"))
        if (code := self.raw.get("departement")) is not None and str(code) not in self.departements:
            yield mistake(self.at("departement"), "departement", code=code)
        yield from self.colour()
        yield from self.logo()
        yield from self.contacts()
        yield from self.qr()

    def others(self, where: str, texts: Any) -> Iterator[Mistake]:
        for name in (texts if isinstance(texts, dict) else ()):
            if name not in LOCALES:
                yield unknown_field(self.at(f"{where}.{name}"), str(name), LOCALES)

    def colour(self) -> Iterator[Mistake]:
        value = self.raw.get("colour")
        if value is None:
            return
        if not isinstance(value, str) or not HEX.fullmatch(value):
            yield mistake(self.at("colour"), "colour")
        elif (ratio := contrast(value.lower(), "#ffffff")) < ON_WHITE:
            better = dark_enough(value.lower(), on=DARKEST_GROUND)
            yield mistake(self.at("colour"), "contrast", colour=value, ratio=ratio, needed=ON_WHITE, better=better)

    def logo(self) -> Iterator[Mistake]:
        value = self.raw.get("logo")
        if value is None:
            return
        if not isinstance(value, dict) or not isinstance(value.get("file"), str) or not value["file"]:
            yield mistake(self.at("logo.file"), "logo_file")
            return
        for name in set(value) - {"file", "alt"}:
            yield unknown_field(self.at(f"logo.{name}"), name, ("file", "alt"))
        for locale in missing(value.get("alt")):
            yield mistake(self.at(f"logo.alt.{locale}"), "logo_alt", locale=locale)
        yield from self.others("logo.alt", value.get("alt"))
        yield from logo_mistakes(self.path.parent / str(value["file"]), self.at("logo.file"))

    def contacts(self) -> Iterator[Mistake]:
        value = self.raw.get("contacts", {})
        if not isinstance(value, dict) or not all(isinstance(one, list) for one in value.values()) or set(value) - set(LOCALES):
            yield mistake(self.at("contacts"), "contacts")
            return
        for locale, entries in value.items():
            for number, one in enumerate(entries, 1):
                yield from contact_mistakes(one, self.at(f"contacts.{locale}[{number}]"))
        if bool(value.get("fr")) != bool(value.get("en")):
            yield mistake(self.at("contacts"), "contacts_both")

    def qr(self) -> Iterator[Mistake]:
        value = self.raw.get("qr", {})
        entries = value if isinstance(value, dict) else {"": value}
        for locale, one in entries.items():
            if locale not in LOCALES or not isinstance(one, str) or not VALUES["url"].fullmatch(one) or len(one) > LONGEST_ADDRESS:
                yield mistake(self.at("qr"), "qr", longest=LONGEST_ADDRESS)

    def kit(self) -> Kit:
        raw = self.raw
        logo = None
        if "logo" in raw:
            content = (self.path.parent / raw["logo"]["file"]).read_bytes()
            logo = Logo(content, not content.startswith(PNG), dict(raw["logo"]["alt"]))
        given = raw.get("contacts", {})
        contacts = {locale: tuple(FundContact(one["kind"], one["value"].strip(), one.get("label", "").strip())
                                  for one in given.get(locale, ())) for locale in LOCALES}
        return Kit(code=raw["code"], name=dict(raw["name"]), departement=raw.get("departement"), logo=logo, contacts=contacts,
                   colour=raw["colour"].lower() if "colour" in raw else None, qr=dict(raw.get("qr", {})))


def missing(texts: Any) -> list[str]:
    """Return the locales in which a text is not written."""
    said = texts if isinstance(texts, dict) else {}
    return [locale for locale in LOCALES if not isinstance(said.get(locale), str) or not said[locale].strip()]


def contact_mistakes(one: Any, where: str) -> Iterator[Mistake]:
    """Yield what is wrong with one contact of a kit."""
    if not isinstance(one, dict) or one.get("kind") not in KINDS:
        yield mistake(where, "contact_kind", kinds=", ".join(KINDS))
    elif other := [name for name in one if name not in CONTACT]:
        yield from (unknown_field(f"{where}.{name}", name, CONTACT) for name in other)
    elif not isinstance(one.get("label", ""), str):
        yield mistake(where, "contact_label")
    elif not VALUES[one["kind"]].fullmatch(str(one.get("value", "")).strip()):
        yield mistake(where, "contact_value", value=one.get("value", ""), kind=one["kind"])


def logo_mistakes(path: Path, where: str) -> Iterator[Mistake]:
    """Yield what keeps a logo from being printed."""
    if not path.is_file():
        yield mistake(where, "logo_absent", file=path.name)
        return
    content = path.read_bytes()
    if len(content) > LARGEST_LOGO:
        yield mistake(where, "logo_heavy", size=len(content) // 1000, most=LARGEST_LOGO // 1000)
    elif not content.startswith(PNG) and (reason := svg_trouble(content)):
        yield mistake(where, "logo_kind", reason=reason)


def svg_trouble(content: bytes) -> str | None:
    """Return why an SVG cannot be printed safely: entities, text without its font, anything fetched from elsewhere."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "UTF-8"
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        return "DOCTYPE"
    try:
        root = ElementTree.fromstring(content)  # entities are refused above
    except (ElementTree.ParseError, ValueError):
        return "XML"
    if str(root.tag).rsplit("}", 1)[-1] != "svg":
        return "XML"
    for node in root.iter():
        name = str(node.tag).rsplit("}", 1)[-1]
        if name in ("text", "script", "image", "foreignObject", "style"):
            return f"<{name}>"
        if any(key.rsplit("}", 1)[-1] == "href" and not value.startswith("#") for key, value in node.attrib.items()):
            return "href"
    return None


def directory_kits(folder: Path) -> list[Kit]:
    """Return a kit for each fund of the directory: its name, and where its address is found."""
    raw = plain_value((folder / "funds.yaml").read_text("utf-8"))
    return [Kit(code=one["id"], name=dict.fromkeys(LOCALES, one["name"]), departement=next(iter(one["departements"]), None),
                address_from=raw["address_from"]) for one in raw["funds"]]


def known_departements(folder: Path) -> frozenset[str]:
    """Return the codes of the départements of the directory."""
    raw = plain_value((folder / "departements.yaml").read_text("utf-8"))
    return frozenset(one["code"] for one in (*raw["departements"], *raw["collectivites"]))
