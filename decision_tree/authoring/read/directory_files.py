"""From the YAML of the directory to the checked directory, and to the JSON the guide loads. Every mistake is reported at once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from decision_tree.authoring.read.knowledge import Knowledge
from decision_tree.authoring.read.load import KNOWLEDGE, knowledge
from decision_tree.authoring.read.problems import KnowledgeError, Problem, did_you_mean
from decision_tree.authoring.read.shapes import ListOf, Localized, Nullable, OneOf, Reading, Record, Shape, Str, unique
from decision_tree.authoring.read.yaml_text import MappingNode, Node, read_yaml
from decision_tree.guide.directory import Commune, Departement, Directory, Fund, Order, Where
from decision_tree.model import Text

FOLDER = KNOWLEDGE / "directory"
SHOWN = "decision_tree/knowledge/directory"


@dataclass(frozen=True, slots=True)
class Table(Shape):
    """A mapping from codes, written as text, to values of one shape."""

    shape: Shape

    def read(self, node: Node, reading: Reading) -> dict[str, Any] | None:
        if not isinstance(node, MappingNode):
            reading.problem(node, "a table was expected", "Write one “\"01200\": value” a line.")
            return None
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = Str().read(key_node, reading)
            if key in found:
                reading.problem(key_node, f"'{key}' is written twice", "Keep one of the two lines.")
            elif key is not None:
                found[key] = self.shape.read(value_node, reading)
        return found

    def schema(self) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": self.shape.schema()}


TEXT = Localized()
IDS = ListOf(Str())
PLACE = Record({"code": Str(), "name": Str(), "form": Str(), "territory": Nullable(Str()), "funds": IDS},
               {"region": Str(), "note": TEXT})
DEPARTEMENTS = Record({"compared": Str(), "departements": ListOf(PLACE, least=1), "collectivites": ListOf(PLACE),
                       "postcodes_spanning": Table(ListOf(Str(), least=2)), "postcodes_misleading": Table(Str()),
                       "postcodes_corsica": Table(Str())})
FUND = Record({"id": Str(), "kind": OneOf(("CPAM", "CCSS", "CGSS", "CSS", "CPS")), "name": Str(), "departements": IDS,
               "name_is": OneOf(("attested", "formatted", "law"))}, {"note": TEXT})
FUNDS = Record({"compared": Str(), "address_from": Str(), "funds": ListOf(FUND, least=1)})
ORDER = Record({"id": Str(), "professions": IDS, "name": TEXT, "level": OneOf(("departement", "region")), "recipient": TEXT,
                "site": Str(), "find": Nullable(Str()), "find_status": Nullable(Str()), "note": Nullable(TEXT)})
WHERE = {"name": Str(), "address": ListOf(Str(), least=1), "phone": Nullable(Str()), "page": Nullable(Str()), "updated": Str()}
OFFICIAL = Record({"compared": Str(), "source": Record({key: Str() for key in ("title", "publisher", "licence", "page")}),
                   "funds": ListOf(Record({"fund": Str(), **WHERE})), "councils": ListOf(Record({"departement": Str(), **WHERE})),
                   "communes": ListOf(Record({"code": Str(), "name": Str(), "departement": Str(), "fund": Str()}))})
ORDERS = Record({"compared": Str(), "law": Str(), "orders": ListOf(ORDER, least=1)})


def load_directory(known: Knowledge, folder: Path = FOLDER) -> Directory:
    """Read, check and return the directory.

    Raises:
        KnowledgeError: With every problem found, in file order.
    """
    problems: list[Problem] = []
    raw = {name: _read(folder, name, shape, problems)
           for name, shape in (("departements", DEPARTEMENTS), ("funds", FUNDS), ("orders", ORDERS))}
    if problems or any(part is None for part in raw.values()):
        raise KnowledgeError(problems)
    places, funds, orders = raw["departements"], raw["funds"], raw["orders"]
    by_code = unique([*places["departements"], *places["collectivites"]], "code", problems)
    by_id = unique(funds["funds"], "id", problems)
    _check_funds(by_code, by_id, problems)
    _check_codes(places, by_code, problems)
    _check_orders(orders, known, problems)
    imported = _read(folder, "official", OFFICIAL, problems) if (folder / "official.yaml").exists() else None
    if imported is not None:
        _check_official(imported, by_code, by_id, problems)
    official = known.contacts.get(funds["address_from"])
    if official is None:
        problems.append(Problem(funds[""], f"the contact '{funds['address_from']}' is described by no file", "Use an id of contacts.yaml."))
    if problems or official is None:
        raise KnowledgeError(problems)
    return Directory(
        compared=places["compared"], official=official.value, law=orders["law"],
        departements={code: _place(record) for code, record in by_code.items()},
        funds={id_: Fund(id_, record["name"], record.get("note")) for id_, record in by_id.items()},
        orders=tuple(_order(record, known) for record in orders["orders"]),
        spanning={postcode: tuple(codes) for postcode, codes in places["postcodes_spanning"].items()},
        misleading=places["postcodes_misleading"], corsica=places["postcodes_corsica"], **_imported(imported))


def _imported(record: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the fields of a directory that come from the official one; none until it is imported."""
    if record is None:
        return {}
    source = record["source"]
    return {"taken": record["compared"], "source": f"{source['title']} ({source['publisher']}, {source['licence']})",
            "funds_where": {one["fund"]: _where(one) for one in record["funds"]},
            "councils_where": {one["departement"]: _where(one) for one in record["councils"]},
            "communes": tuple(Commune(one["name"], one["departement"], one["fund"]) for one in record["communes"])}


def _where(record: Mapping[str, Any]) -> Where:
    return Where(tuple(record["address"]), record["phone"], record["page"], record["updated"])


def _check_official(record: Mapping[str, Any], places: Mapping[str, Any], funds: Mapping[str, Any], problems: list[Problem]) -> None:
    """What was imported names funds and départements we have."""
    again = "Run “python -m scripts.upkeep.directory --write” again."
    for part in ("funds", "councils", "communes"):
        for one in record[part]:
            for key, known in (("fund", funds), ("departement", places)):
                if one.get(key, next(iter(known))) not in known:
                    problems.append(Problem(one[""], f"'{one[key]}' is none of the directory", again))


def _read(folder: Path, name: str, shape: Shape, problems: list[Problem]) -> Any:
    shown = f"{SHOWN}/{name}.yaml"
    node, found = read_yaml(folder / f"{name}.yaml", shown)
    problems += found
    if node is None:
        return None
    reading = Reading(shown)
    value = shape.read(node, reading)
    problems += reading.problems
    return value


def _place(record: Mapping[str, Any]) -> Departement:
    return Departement(record["code"], record["name"], record["form"], record.get("region") or "", record.get("territory"),
                       tuple(record["funds"]), record.get("note"))


def _order(record: Mapping[str, Any], known: Knowledge) -> Order:
    return Order(record["id"], tuple(record["professions"]), record["level"], record["recipient"], known.contacts[record["site"]].value,
                 record.get("note"))


def _check_funds(places: Mapping[str, Any], funds: Mapping[str, Any], problems: list[Problem]) -> None:
    """A fund and a département name each other, or neither does."""
    for code, record in places.items():
        for fund in record["funds"]:
            if fund not in funds:
                problems.append(Problem(record[""], f"'{code}' names the fund '{fund}', which funds.yaml does not describe",
                                        did_you_mean(fund, funds, "describe it in funds.yaml.")))
            elif code not in funds[fund]["departements"]:
                problems.append(Problem(funds[fund][""], f"the fund '{fund}' does not name '{code}', which names it",
                                        "Add it to its departements, or take the fund off the département."))
    for fund, record in funds.items():
        for code in record["departements"]:
            if code not in places:
                problems.append(Problem(record[""], f"the fund '{fund}' names '{code}', which departements.yaml does not describe",
                                        did_you_mean(code, places, "describe it in departements.yaml.")))
            elif fund not in places[code]["funds"]:
                problems.append(Problem(places[code][""], f"'{code}' does not name the fund '{fund}', which names it",
                                        "Add it to its funds, or take the département off the fund."))


def _check_codes(places: Mapping[str, Any], by_code: Mapping[str, Any], problems: list[Problem]) -> None:
    tables: list[tuple[str, tuple[str, ...]]] = [(postcode, tuple(codes)) for postcode, codes in places["postcodes_spanning"].items()]
    tables += [(postcode, (code,)) for key in ("postcodes_misleading", "postcodes_corsica") for postcode, code in places[key].items()]
    for postcode, codes in tables:
        for code in codes:
            if code not in by_code:
                problems.append(Problem(places[""], f"the postcode '{postcode}' leads to '{code}', which no line describes",
                                        did_you_mean(code, by_code, "describe it among the départements.")))


def _check_orders(orders: Mapping[str, Any], known: Knowledge, problems: list[Problem]) -> None:
    professions = known.model.facts["profession"].values
    for record in orders["orders"]:
        for profession in record["professions"]:
            if profession not in professions:
                problems.append(Problem(record[""], f"the Order '{record['id']}' names the profession '{profession}'",
                                        did_you_mean(profession, professions, "use a value of the fact 'profession'.")))
        if record["site"] not in known.contacts:
            problems.append(Problem(record[""], f"the contact '{record['site']}' is described by no file",
                                    did_you_mean(record["site"], known.contacts, "describe it in contacts.yaml.")))


@cache
def directory() -> Directory:
    """Return the project's own directory."""
    return load_directory(knowledge())


def directory_json(found: Directory) -> str:
    """Return the directory as the guide loads it: one file for everybody."""
    return json.dumps({
        "compared": found.compared, "official": found.official, "law": found.law,
        "departements": [[one.code, one.name, one.form, one.region, one.territory, one.funds, _text(one.note)]
                         for one in found.departements.values()],
        "funds": [[one.id, one.name, _text(one.note)] for one in found.funds.values()],
        "orders": [[one.id, one.professions, one.level, _text(one.recipient), one.site, _text(one.note)] for one in found.orders],
        "spanning": found.spanning, "misleading": found.misleading, "corsica": found.corsica,
        "taken": found.taken, "source": found.source, "funds_where": _wheres(found.funds_where),
        "councils_where": _wheres(found.councils_where), "communes": [[one.name, one.departement, one.fund] for one in found.communes],
    }, ensure_ascii=False, separators=(",", ":"))


def _wheres(found: Mapping[str, Where]) -> dict[str, list[Any]]:
    return {key: [one.address, one.phone, one.page, one.updated] for key, one in found.items()}


def _text(text: Text | None) -> list[str] | None:
    return None if text is None else text.row


