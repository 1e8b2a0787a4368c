"""From a postcode or a département to the funds and the council of the Order: names and official links, with their warnings.

The place is the professional's, except for the mediator: the patient's own fund. An address is given only where the official
directory was imported (`scripts/upkeep/directory.py`), with the day it was taken.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from decision_tree.model import Locale, Text, text_of

COUNCIL_KNOWN = ("metropole", "outre_mer", "mayotte", "wallis_et_futuna")
"""Territories where a departmental council receives the complaint."""


@dataclass(frozen=True, slots=True)
class Departement:
    """A département or an overseas collectivity."""

    code: str
    name: str
    form: str                            # after a noun: "de l’Ain"
    region: str
    territory: str | None
    funds: tuple[str, ...]
    note: Text | None


@dataclass(frozen=True, slots=True)
class Fund:
    """A health insurance fund."""

    id: str
    name: str
    note: Text | None


@dataclass(frozen=True, slots=True)
class Order:
    """An Order, and how its competent council is called; {form} and {region} are those of the département."""

    id: str
    professions: tuple[str, ...]
    level: str                           # departement or region
    recipient: Text
    site: str
    note: Text | None


@dataclass(frozen=True, slots=True)
class Where:
    """How to reach a fund or a council, as the official directory says it; `updated` is a day, as text."""

    address: tuple[str, ...]             # lines
    phone: str | None
    page: str | None
    updated: str


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune of a département that several funds share, and its fund."""

    name: str
    departement: str
    fund: str


@dataclass(frozen=True, slots=True)
class Directory:
    """All of it, with the day it was compared; what was imported from the official directory, with the day it was taken."""

    compared: str
    official: str                        # the address of the official directory
    law: str                             # the text that says which council is competent
    departements: Mapping[str, Departement]
    funds: Mapping[str, Fund]
    orders: tuple[Order, ...]
    spanning: Mapping[str, tuple[str, ...]]
    misleading: Mapping[str, str]
    corsica: Mapping[str, str]
    taken: str = ""                      # empty until an import
    source: str = ""
    funds_where: Mapping[str, Where] = field(default_factory=dict)
    councils_where: Mapping[str, Where] = field(default_factory=dict)   # département → the council of the Order of doctors
    communes: tuple[Commune, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What stands at one place for one profession. `council` is None where no Order is known for it."""

    departement: Departement
    funds: tuple[Fund, ...]
    order: Order | None
    council: Text | None
    council_where: Where | None = None


def departements_at(directory: Directory, place: str) -> tuple[Departement, ...]:
    """Return the départements a person may mean by a postcode, a code, a name or a commune; several when a postcode spans them."""
    typed = place.strip().upper().replace(" ", "")
    if re.fullmatch(r"\d{5}", typed):
        return _of_postcode(directory, typed)
    if re.fullmatch(r"\d", typed):
        typed = f"0{typed}"
    if typed in directory.departements:
        return (directory.departements[typed],)
    wanted = plain(place)
    named = tuple(one for one in directory.departements.values() if wanted and plain(one.name) == wanted)
    return named or tuple(directory.departements[code] for code in dict.fromkeys(one.departement for one in _communes(directory, place)))


def _communes(directory: Directory, place: str) -> tuple[Commune, ...]:
    wanted = plain(place)
    return tuple(one for one in directory.communes if wanted and plain(one.name) == wanted)


def _of_postcode(directory: Directory, postcode: str) -> tuple[Departement, ...]:
    if postcode in directory.spanning:
        codes: Iterable[str] = directory.spanning[postcode]
    elif postcode in directory.misleading:
        codes = (directory.misleading[postcode],)
    elif postcode.startswith("20"):
        codes = (directory.corsica.get(postcode[:3], ""),)
    else:
        codes = (postcode[:3] if postcode.startswith(("97", "98")) else postcode[:2],)
    return tuple(directory.departements[code] for code in codes if code in directory.departements)


def plain(name: str) -> str:
    """Return a name without accents, capitals and marks, to compare what people type."""
    bare = "".join(letter for letter in unicodedata.normalize("NFD", name.lower()) if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", " ", bare).strip()


def found_at(directory: Directory, departement: Departement, profession: str | None, typed: str = "", named: str = "") -> Found:
    """Return the funds and the competent council of the Order for a profession practised there.

    Where several funds share the département, `typed` may name a commune that tells which, and `named` is the code of the
    fund that the page around the guide names: it comes first.
    Where the rules differ, and overseas for the Orders with regional councils, the council is left to the Order to say.
    """
    order = next((one for one in directory.orders if profession in one.professions), None)
    council = None
    known = ("metropole",) if order is not None and order.level == "region" else COUNCIL_KNOWN
    if order is not None and departement.territory in known:
        region = departement.region or departement.name
        council = Text({locale: text.format(form=departement.form, region=region) for locale, text in order.recipient.words.items()})
    told = tuple(one.fund for one in _communes(directory, typed) if one.departement == departement.code)
    funds = sorted(told if len(told) == 1 else departement.funds, key=lambda fund: fund != named)
    doctors = order is not None and "medecin_generaliste" in order.professions
    where = directory.councils_where.get(departement.code) if doctors else None
    return Found(departement, tuple(directory.funds[id_] for id_ in funds), order, council, where)


def several_funds(departement: Departement) -> bool:
    """Tell whether the commune decides between several funds."""
    return len(departement.funds) > 1


def warnings(found: Found, locale: Locale) -> tuple[str, ...]:
    """Return what to know before writing to what was found."""
    notes = (found.departement.note, *(fund.note for fund in found.funds), None if found.order is None else found.order.note)
    return tuple(dict.fromkeys(note[locale] for note in notes if note is not None))


def read_directory(data: Mapping[str, Any]) -> Directory:
    """Return the directory from the JSON that the build wrote.

    Raises:
        KeyError, TypeError, ValueError: This is not that JSON.
    """
    return Directory(
        compared=data["compared"], official=data["official"], law=data["law"],
        departements={row[0]: _departement(row) for row in data["departements"]},
        funds={row[0]: Fund(row[0], row[1], _text(row[2])) for row in data["funds"]},
        orders=tuple(Order(row[0], tuple(row[1]), row[2], text_of(row[3]), row[4], _text(row[5])) for row in data["orders"]),
        spanning={postcode: tuple(codes) for postcode, codes in data["spanning"].items()},
        misleading=dict(data["misleading"]), corsica=dict(data["corsica"]), taken=data["taken"], source=data["source"],
        funds_where=_wheres(data["funds_where"]), councils_where=_wheres(data["councils_where"]),
        communes=tuple(Commune(*row) for row in data["communes"]))


def _wheres(rows: Mapping[str, Any]) -> dict[str, Where]:
    return {key: Where(tuple(lines), phone, page, updated) for key, (lines, phone, page, updated) in rows.items()}


def _departement(row: Any) -> Departement:
    code, name, form, region, territory, funds, note = row
    return Departement(code, name, form, region, territory, tuple(funds), _text(note))


def _text(row: Any) -> Text | None:
    return None if row is None else text_of(row)
