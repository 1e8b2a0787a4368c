"""A fund's kit: one YAML file and a logo, from which every leaflet is made with the fund's colours and contacts.

All mistakes are reported at once, in French and in English, for the person at the fund who wrote the file.
"""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from decision_tree.authoring.yaml_text import read_yaml
from scripts.leaflets.colours import ENOUGH, HEX, contrast, dark_enough

LOCALES = ("fr", "en")
KINDS = ("phone", "sms", "email", "url", "address")
FIELDS = ("code", "name", "departement", "colour", "logo", "contacts", "qr")
LARGEST_LOGO = 300_000  # bytes
CODE = re.compile(r"[0-9]{2}[0-9A-B][0-9]{0,3}|[a-z0-9][a-z0-9-]{1,30}")
VALUES = {
    "phone": re.compile(r"\+?[0-9][0-9 .]{1,18}"),
    "sms": re.compile(r"\+?[0-9][0-9 .]{1,18}"),
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}"),
    "url": re.compile(r"https://[^\s\"<>]+"),
    "address": re.compile(r".{5,160}", re.DOTALL),
}


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
    contacts: Mapping[str, tuple[FundContact, ...]] = field(default_factory=lambda: {locale: () for locale in LOCALES})
    qr: Mapping[str, str] = field(default_factory=dict)
    address_from: str = "annuaire-service-public"

    def target(self, locale: str) -> str | None:
        """Return the address the QR code holds, when the fund has its own."""
        return self.qr.get(locale)


def load_kit(path: Path, departements: frozenset[str]) -> Kit:
    """Read a kit.

    Args:
        path: The YAML file; the logo's path is relative to it.
        departements: The known codes of départements.

    Raises:
        KitError: With every mistake of the file.
    """
    node, problems = read_yaml(path, path.name)
    if node is None:
        raise KitError([Mistake(str(one.place), f"Le fichier YAML est illisible : {one.what}.", f"{one.what}. {one.mend}") for one in problems])
    raw = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
    if not isinstance(raw, dict):
        raise KitError([Mistake(path.name, "Écrivez des champs, comme « name: … ».", "Write fields, such as “name: …”.")])
    lines = {key.value: key.start_mark.line + 1 for key, _ in node.value if hasattr(key, "value")}
    reader = _Reader(path, raw, lines, departements)
    mistakes = list(reader.mistakes())
    if mistakes:
        raise KitError(mistakes)
    return reader.kit()


class _Reader:
    def __init__(self, path: Path, raw: Mapping[str, Any], lines: Mapping[str, int], departements: frozenset[str]) -> None:
        self.path, self.raw, self.lines, self.departements = path, raw, lines, departements

    def at(self, name: str) -> str:
        return f"{self.path.name}:{self.lines.get(name.split('.')[0], 1)}: {name}"

    def mistakes(self) -> Iterator[Mistake]:
        yield from self.unknown()
        yield from self.text("code", CODE, "Écrivez le code de la caisse, entre guillemets : \"751\".", "Write the fund’s code, in quotes: \"751\".")
        yield from self.both("name", "le nom de la caisse", "the fund’s name")
        if (code := self.raw.get("departement")) is not None and code not in self.departements:
            yield Mistake(self.at("departement"), f"Aucun département n’a le code « {code} ».", f"No département has the code “{code}”.")
        yield from self.colour()
        yield from self.logo()
        yield from self.contacts()
        yield from self.qr()

    def unknown(self) -> Iterator[Mistake]:
        known = ", ".join(FIELDS)
        for name in self.raw:
            if name not in FIELDS:
                yield Mistake(self.at(name), f"Ce champ n’existe pas. Champs possibles : {known}.", f"There is no such field. Fields: {known}.")

    def text(self, name: str, pattern: re.Pattern[str], fr: str, en: str) -> Iterator[Mistake]:
        value = self.raw.get(name)
        if not isinstance(value, str) or not pattern.fullmatch(value):
            yield Mistake(self.at(name), fr, en)

    def both(self, name: str, fr: str, en: str) -> Iterator[Mistake]:
        value = self.raw.get(name)
        for locale in LOCALES:
            if not isinstance(value, dict) or not str(value.get(locale, "")).strip():
                yield Mistake(self.at(f"{name}.{locale}"), f"Il manque {fr}, en {locale}.", f"{en[0].upper()}{en[1:]} is missing, in {locale}.")

    def colour(self) -> Iterator[Mistake]:
        value = self.raw.get("colour")
        if value is None:
            return
        if not isinstance(value, str) or not HEX.fullmatch(value):
            yield Mistake(self.at("colour"), "Écrivez une couleur à six chiffres, entre guillemets : \"#0b5f55\".",
                          "Write a colour with six digits, in quotes: \"#0b5f55\".")
        elif (ratio := contrast(value.lower(), "#ffffff")) < ENOUGH + 1:
            # The tints behind links take some contrast away: one point more on white leaves enough everywhere.
            better = dark_enough(value.lower(), on="#d9d9d9")
            yield Mistake(self.at("colour"),
                          f"{value} ne se lit pas assez sur le blanc : contraste de {ratio:.1f}, il faut {ENOUGH + 1:.1f}. La nuance {better} convient.",
                          f"{value} does not read well enough on white: contrast {ratio:.1f}, {ENOUGH + 1:.1f} is needed. The shade {better} does.")

    def logo(self) -> Iterator[Mistake]:
        value = self.raw.get("logo")
        if value is None:
            return
        if not isinstance(value, dict) or not value.get("file"):
            yield Mistake(self.at("logo.file"), "Nommez le fichier du logo, en SVG ou en PNG.", "Name the logo’s file, SVG or PNG.")
            return
        alt = value.get("alt")
        for locale in LOCALES:
            if not isinstance(alt, dict) or not str(alt.get(locale, "")).strip():
                yield Mistake(self.at(f"logo.alt.{locale}"), f"Dites en quelques mots ce que montre le logo, en {locale}.",
                              f"Say in a few words what the logo shows, in {locale}.")
        yield from logo_mistakes(self.path.parent / str(value["file"]), self.at("logo.file"))

    def contacts(self) -> Iterator[Mistake]:
        value = self.raw.get("contacts", {})
        if not isinstance(value, dict):
            yield Mistake(self.at("contacts"), "Écrivez une liste pour `fr:` et une pour `en:`.", "Write a list for `fr:` and one for `en:`.")
            return
        for locale in LOCALES:
            for number, one in enumerate(value.get(locale) or (), 1):
                yield from contact_mistakes(one, self.at(f"contacts.{locale}[{number}]"))
        if bool(value.get("fr")) != bool(value.get("en")):
            yield Mistake(self.at("contacts"), "Donnez les contacts dans les deux langues.", "Give the contacts in both languages.")

    def qr(self) -> Iterator[Mistake]:
        value = self.raw.get("qr", {})
        found = value.values() if isinstance(value, dict) else [value]
        for one in found:
            if not isinstance(one, str) or not VALUES["url"].fullmatch(one) or len(one) > 120:
                yield Mistake(self.at("qr"), "Écrivez une adresse en https://, de 120 signes au plus, pour `fr:` et `en:`.",
                              "Write an address with https://, at most 120 characters, for `fr:` and `en:`.")

    def kit(self) -> Kit:
        raw = self.raw
        logo = raw.get("logo")
        drawn = None
        if logo:
            content = (self.path.parent / logo["file"]).read_bytes()
            drawn = Logo(content, not content.startswith(b"\x89PNG"), dict(logo["alt"]))
        contacts = {locale: tuple(FundContact(one["kind"], one["value"].strip(), one.get("label", "").strip())
                                  for one in raw.get("contacts", {}).get(locale) or ()) for locale in LOCALES}
        return Kit(code=raw["code"], name=dict(raw["name"]), departement=raw.get("departement"), logo=drawn, contacts=contacts,
                   colour=raw["colour"].lower() if "colour" in raw else None, qr=dict(raw.get("qr", {})))


def contact_mistakes(one: Any, where: str) -> Iterator[Mistake]:
    """Yield what is wrong with one contact of a kit."""
    kinds = ", ".join(KINDS)
    if not isinstance(one, dict) or one.get("kind") not in KINDS:
        yield Mistake(where, f"Écrivez `kind:` suivi d’un de ces mots : {kinds}.", f"Write `kind:` and one of these words: {kinds}.")
    elif not VALUES[one["kind"]].fullmatch(str(one.get("value", "")).strip()):
        yield Mistake(where, f"« {one.get('value', '')} » n’est pas un contact de la sorte « {one['kind']} ».",
                      f"“{one.get('value', '')}” is not a contact of the kind “{one['kind']}”.")


def logo_mistakes(path: Path, where: str) -> Iterator[Mistake]:
    """Yield what keeps a logo from being printed."""
    if not path.is_file():
        yield Mistake(where, f"Le fichier {path.name} n’est pas à côté du kit.", f"The file {path.name} is not beside the kit.")
        return
    content = path.read_bytes()
    if len(content) > LARGEST_LOGO:
        yield Mistake(where, f"Le logo pèse {len(content):,} octets : {LARGEST_LOGO:,} au plus.".replace(",", " "),
                      f"The logo weighs {len(content):,} bytes: {LARGEST_LOGO:,} at most.")
    elif not content.startswith(b"\x89PNG\r\n\x1a\n") and (reason := svg_trouble(content)):
        yield Mistake(where, f"Le logo n’est ni un PNG ni un SVG simple ({reason}).", f"The logo is neither a PNG nor a plain SVG ({reason}).")


def svg_trouble(content: bytes) -> str | None:
    """Return why an SVG cannot be printed safely: entities, text without its font, anything fetched from elsewhere."""
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        return "DOCTYPE"
    try:
        root = ElementTree.fromstring(content)  # entities are refused above
    except (ElementTree.ParseError, ValueError):
        return "XML"
    if not root.tag.endswith("}svg") and root.tag != "svg":
        return "XML"
    for node in root.iter():
        name = str(node.tag).rsplit("}", 1)[-1]
        if name in ("text", "script", "image", "foreignObject"):
            return f"<{name}>"
        if any(key.rsplit("}", 1)[-1] == "href" and not value.startswith("#") for key, value in node.attrib.items()):
            return "href"
    return None


def directory_kits(folder: Path) -> list[Kit]:
    """Return a kit for each fund of the directory: its name, and where its address is found."""
    raw = yaml.safe_load((folder / "funds.yaml").read_text("utf-8"))
    return [Kit(code=one["id"], name={locale: one["name"] for locale in LOCALES}, departement=next(iter(one["departements"]), None),
                address_from=raw["address_from"]) for one in raw["funds"]]


def known_departements(folder: Path) -> frozenset[str]:
    """Return the codes of the départements of the directory."""
    raw = yaml.safe_load((folder / "departements.yaml").read_text("utf-8"))
    return frozenset(one["code"] for one in (*raw["departements"], *raw["collectivites"]))
