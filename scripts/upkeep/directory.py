"""Bring the official directory of the administration (DILA) into the knowledge: addresses, phones, pages, and the fund of a commune.

    python -m scripts.upkeep.directory              fetch both datasets and say what would change
    python -m scripts.upkeep.directory --write      and write decision_tree/knowledge/directory/official.yaml
    python -m scripts.upkeep.directory --records services.json --competence communes.json     from exports taken elsewhere

The datasets are those of decision_tree/knowledge/directory/sources.yaml: the services, and for each commune the services
competent for it. Only the seats of the health insurance funds and the departmental councils of the Order of doctors are
taken; the other Orders have no type there. A record that cannot be read is told with its number in the export, and then
nothing is written: the guide goes on with names alone.

Exit status 0 when nothing changes or all was written, 1 when something would change, 2 when an export cannot be used.
"""

import argparse
import json
import re
import sys
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from decision_tree.authoring.read.directory_files import FOLDER, directory
from decision_tree.authoring.read.problems import KnowledgeError, Place, Problem
from decision_tree.authoring.read.yaml_text import plain_value
from decision_tree.guide.directory import Directory, Fund, departements_at, plain, several_funds

FILE = FOLDER / "official.yaml"
FUND, DOCTORS = "cpam", "medecins_dpt"
PHONE = re.compile(r"\+?[0-9][0-9 .]{1,19}")
LEAST_KEPT = 0.9
"""An export that has lost more than a tenth of what we have is taken for one cut short."""
COMMON = frozenset("cpam ccss cgss css cps caisse primaire assurance maladie de du des la le les l d et siege".split())

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service of the export, as far as we use it."""

    id: str
    name: str
    kind: str                            # FUND or DOCTORS
    address: tuple[str, ...]             # lines
    postcode: str
    phone: str | None
    page: str | None
    updated: date
    place: Place


@dataclass(slots=True)
class Export:
    """What both exports give: the seat of each fund, the council of each département, the fund of a commune."""

    funds: dict[str, Service] = field(default_factory=dict)
    councils: dict[str, Service] = field(default_factory=dict)
    communes: dict[str, tuple[str, str, str]] = field(default_factory=dict)   # INSEE code → name, département, fund
    notices: list[str] = field(default_factory=list)


def fetch(address: str, where: str) -> Any:
    """Return a whole dataset that the official interface exports.

    Raises:
        OSError, ValueError: It cannot be reached, or is not JSON.
    """
    query = urllib.parse.urlencode({"where": where})
    with urllib.request.urlopen(f"{address.removesuffix('/records')}/exports/json?{query}", timeout=120) as answer:
        return json.load(answer)


def read_services(rows: Any, shown: str) -> tuple[list[Service], list[Problem]]:
    """Return the funds' seats and the doctors' councils of an export, with every record that cannot be read."""
    problems: list[Problem] = []
    found: list[Service] = []
    for place, row in _records(rows, shown, problems):
        try:
            kind = next((one.get("type_service_local") for one in _listed(row, "pivot")
                         if one.get("type_service_local") in (FUND, DOCTORS)), None)
            if kind is not None and (kind == DOCTORS or "siege" in plain(_text(row, "nom")).split()):
                found.append(_service(row, kind, place))
        except ValueError as error:
            problems.append(Problem(place, str(error), MEND))
    return found, problems


MEND = "Take a fresh export; if it says the same, its form has changed: mend scripts/upkeep/directory.py"


def _records(rows: Any, shown: str, problems: list[Problem]) -> Iterator[tuple[Place, Row]]:
    """Yield each record with its number; the numbers of an export stand for the lines of a file."""
    if isinstance(rows, dict) and isinstance(rows.get("results"), list):
        rows = rows["results"]           # one page of the interface, rather than an export
    if not isinstance(rows, list) or not rows:
        problems.append(Problem(Place(shown, 1), "this is not a list of records", MEND))
        return
    for number, row in enumerate(rows, 1):
        if isinstance(row, dict):
            yield Place(shown, number), row
        else:
            problems.append(Problem(Place(shown, number), "this entry is not a record", MEND))


def _service(row: Row, kind: str, place: Place) -> Service:
    addresses = _listed(row, "adresse")
    postal = next((one for one in addresses if one.get("type_adresse") == "Adresse"), addresses[0] if addresses else None)
    if postal is None:
        raise ValueError(f"the service '{_text(row, 'nom')}' has no address")
    postcode, town = _text(postal, "code_postal"), _text(postal, "nom_commune")
    if not re.fullmatch(r"\d{5}", postcode):
        raise ValueError(f"'{postcode}' is not a postcode")
    lines = [str(postal.get(key) or "").strip() for key in ("complement1", "complement2", "numero_voie", "service_distribution")]
    page = _first(row, "site_internet")
    if page is not None and not re.fullmatch(r"https?://[^\s\"<>]+", page):
        raise ValueError(f"'{page}' is not the address of a page")
    phone = _first(row, "telephone")
    if phone is not None and not PHONE.fullmatch(phone):
        raise ValueError(f"'{phone}' is not a phone number")
    return Service(id=_text(row, "id"), name=_text(row, "nom"), kind=kind, address=(*filter(None, lines), f"{postcode} {town}"),
                   postcode=postcode, phone=phone, page=page, updated=_day(_text(row, "date_modification")), place=place)


def _text(row: Row, key: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"the field '{key}' is missing or empty")
    return " ".join(value.split())


def _listed(row: Row, key: str) -> list[Row]:
    """Return a field that holds records: a list, or the same written as JSON; an absent one is empty."""
    value = row.get(key) or []
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise ValueError(f"the field '{key}' is not JSON") from None
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise ValueError(f"the field '{key}' is not a list of records")
    return value


def _first(row: Row, key: str) -> str | None:
    values = [str(one.get("valeur") or "").strip() for one in _listed(row, key)]
    return next(filter(None, values), None)


def _day(text: str) -> date:
    try:
        return datetime.strptime(text.split(" ")[0], "%d/%m/%Y").date()
    except ValueError:
        raise ValueError(f"'{text}' is not a date such as 06/10/2026 09:30:00") from None


def read_competence(rows: Any, shown: str) -> tuple[dict[str, tuple[str, tuple[str, ...]]], list[Problem]]:
    """Return for each commune, by its INSEE code, its name and the services of the funds competent for it."""
    problems: list[Problem] = []
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for place, row in _records(rows, shown, problems):
        try:
            if _text(row, "code_type_service_local") != FUND:
                continue
            code = _text(row, "code_insee_commune")
            if not re.fullmatch(r"\d[0-9AB]\d{3}", code):
                raise ValueError(f"'{code}' is not the INSEE code of a commune")
            name, before = found.get(code, (_text(row, "nom_commune"), ()))
            found[code] = name, (*before, *_ids(row))
        except ValueError as error:
            problems.append(Problem(place, str(error), MEND))
    return found, problems


def _ids(row: Row) -> tuple[str, ...]:
    value = row.get("id_service_local")
    if isinstance(value, str) and value.startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            raise ValueError("the field 'id_service_local' is not JSON") from None
    ids = value if isinstance(value, list) else [value]
    if not ids or not all(isinstance(one, str) and one for one in ids):
        raise ValueError("the field 'id_service_local' names no service")
    return tuple(ids)


def match(
    known: Directory, services: Iterable[Service], competence: Mapping[str, tuple[str, Sequence[str]]],
) -> tuple[Export, list[Problem]]:
    """Return which service is which fund or council, and the fund of each commune where several share a département."""
    export, problems = Export(), list[Problem]()
    for service in services:
        places = departements_at(known, service.postcode)
        if service.kind == DOCTORS:
            _put(export.councils, places[0].code if len(places) == 1 else "", service, problems)
        else:
            _put(export.funds, _fund_of(known, service, [id_ for place in places for id_ in place.funds]), service, problems)
    seats = {service.id: fund for fund, service in export.funds.items()}
    for code, (name, ids) in sorted(competence.items()):
        place = known.departements.get(code[:3] if code.startswith("97") else code[:2])
        if place is None or not several_funds(place):
            continue
        funds = {seats[one] for one in ids if one in seats} & set(place.funds)
        if len(funds) == 1:
            export.communes[code] = name, place.code, funds.pop()
        else:
            export.notices.append(f"{name} ({code}): {len(funds)} funds; it is left to the official directory")
    export.notices += [f"{fund.name} ({id_}): no seat in the export; it stays without address"
                       for id_, fund in known.funds.items() if id_ not in export.funds]
    return export, problems


def _put(found: dict[str, Service], key: str, service: Service, problems: list[Problem]) -> None:
    if not key:
        problems.append(Problem(service.place, f"the service '{service.name}', {service.postcode}, is none that we know",
                                "Add what it is to decision_tree/knowledge/directory/"))
    elif key in found:
        problems.append(Problem(service.place, f"the services '{found[key].name}' and '{service.name}' are both '{key}'",
                                "Tell them apart in decision_tree/knowledge/directory/funds.yaml"))
    else:
        found[key] = service


def _fund_of(known: Directory, service: Service, ids: Sequence[str]) -> str:
    """Return the fund a seat is: the only one there, else the one whose own words its name has most of."""
    if len(set(ids)) == 1:
        return ids[0]
    shared = {id_: len(_words(known.funds[id_]) & set(plain(service.name).split())) for id_ in ids}
    best = [id_ for id_, count in shared.items() if count and count == max(shared.values())]
    return best[0] if len(best) == 1 else ""


def _words(fund: Fund) -> set[str]:
    return set(plain(fund.name).split()) - COMMON


def official_yaml(export: Export, dataset: Mapping[str, str], on: date) -> str:
    """Return the file: one line a fund, a council, a commune; JSON texts are YAML."""
    said: Callable[[object], str] = lambda value: json.dumps(value, ensure_ascii=False)  # noqa: E731
    lines = ["# Written by `python -m scripts.upkeep.directory --write`: change nothing here by hand.", "",
             f"compared: {said(on.isoformat())}",
             "source: {" + ", ".join(f"{key}: {said(dataset[key])}" for key in ("title", "publisher", "licence", "page")) + "}", ""]
    for title, key, found in (("funds", "fund", export.funds), ("councils", "departement", export.councils)):
        lines.append(f"{title}:" if found else f"{title}: []")
        lines += [f"  - {{{key}: {said(id_)}, name: {said(one.name)}, address: {said(list(one.address))}, phone: {said(one.phone)}, "
                  f"page: {said(one.page)}, updated: {said(one.updated.isoformat())}}}" for id_, one in sorted(found.items())]
        lines.append("")
    lines.append("communes:" if export.communes else "communes: []")
    lines += [f"  - {{code: {said(code)}, name: {said(name)}, departement: {said(place)}, fund: {said(fund)}}}"
              for code, (name, place, fund) in sorted(export.communes.items())]
    return "\n".join(lines) + "\n"


def entries(text: str) -> dict[str, str]:
    """Return each entry of the file by what it is of, to compare two of them."""
    data = plain_value(text) if text else {}
    keys = (("funds", "fund"), ("councils", "departement"), ("communes", "code"))
    return {f"{part} {one[key]}": json.dumps(one, ensure_ascii=False) for part, key in keys for one in data.get(part, [])}


def difference(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    """Return a line for each entry that comes, goes or changes."""
    found = []
    for key in sorted(old.keys() | new.keys()):
        if old.get(key) != new.get(key):
            mark = "+" if key not in old else "-" if key not in new else "~"
            found.append(f"{mark} {key}: {' → '.join(filter(None, (old.get(key), new.get(key))))}")
    return found


def update(records: Any, competence: Any, dataset: Mapping[str, str], on: date, known: Directory,
           shown: tuple[str, str] = ("records", "competence")) -> tuple[Export, str]:
    """Return what both exports give, and the file that says it.

    Raises:
        KnowledgeError: With every record that cannot be read or placed.
    """
    services, wrong = read_services(records, shown[0])
    communes, more = read_competence(competence, shown[1])
    export, unknown = match(known, services, communes)
    if problems := [*wrong, *more, *unknown]:
        raise KnowledgeError(problems)
    return export, official_yaml(export, dataset, on)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verb and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.upkeep.directory", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=Path, help="an export of the services (default: fetch it)")
    parser.add_argument("--competence", type=Path, help="an export of the competence of the services (default: fetch it)")
    parser.add_argument("--on", type=date.fromisoformat, help="the day the exports were taken (default: today)")
    parser.add_argument("--write", action="store_true", help="write what changes")
    parser.add_argument("--to", type=Path, default=FILE, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    dataset = plain_value((FOLDER / "sources.yaml").read_text("utf-8"))["dataset"]
    try:
        records = _taken(options.records, dataset["records"], f'pivot like "{FUND}" or pivot like "{DOCTORS}"')
        competence = _taken(options.competence, dataset["competence"], f'code_type_service_local="{FUND}"')
        shown = (str(options.records or dataset["records"]), str(options.competence or dataset["competence"]))
        export, text = update(records, competence, dataset, options.on or date.today(), directory(), shown)
    except KnowledgeError as error:
        print(f"{error}\nupdate-directory: {len(error.problems)} problems; nothing was written", file=sys.stderr)
        return 2
    except (OSError, ValueError) as error:
        print(f"update-directory: an export cannot be used ({error}). Take it again, or give files with --records and --competence. "
              "Nothing was written.", file=sys.stderr)
        return 2
    old, new = entries(options.to.read_text("utf-8") if options.to.exists() else ""), entries(text)
    if len(new) < LEAST_KEPT * len(old):
        print(f"update-directory: {len(new)} entries where {len(old)} are known: this export looks cut short. Take it again; if it is "
              f"whole, delete {options.to.name} first. Nothing was written.", file=sys.stderr)
        return 2
    changes = difference(old, new)
    print("\n".join([*changes, *(f"  {notice}" for notice in export.notices)]))
    print(f"update-directory: {len(export.funds)} funds, {len(export.councils)} councils, {len(export.communes)} communes; "
          f"{len(changes)} changes")
    if options.write:
        options.to.write_text(text, "utf-8")
    return 1 if changes and not options.write else 0


def _taken(path: Path | None, address: str, where: str) -> Any:
    return fetch(address, where) if path is None else json.loads(path.read_text("utf-8"))


if __name__ == "__main__":
    sys.exit(main())
