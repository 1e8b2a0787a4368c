"""The sheets of a practice that welcomes everyone, and the counter sheet: their data for Typst, and their words to paste.

Every text stands in leaflets/practice.yaml. A practice's own values (its name, its hours, its rule) take the place of [[name]] and
the like; without a practice, a line to fill in by hand does.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from decision_tree.authoring.read.knowledge import Knowledge
from decision_tree.authoring.read.yaml_text import plain_value
from decision_tree.locales import conventions
from scripts.leaflets.colours import paper
from scripts.leaflets.content import Data, code, common, fund, guide_address
from scripts.leaflets.practice_kits import Practice
from scripts.leaflets.texts import LeafletError, Run, Writer
from scripts.project.paths import ROOT

TEXTS = ROOT / "leaflets" / "practice.yaml"
OWN = re.compile(r"\[\[([a-z_]+)\]\]")
OPEN, CLOSE = "\uf710", "\uf711"        # stand around the name of a practice's own value while its sentence is set
KEPT = re.compile(f"{OPEN}([a-z_]+){CLOSE}")
WITH_CODE = ("cabinet-affiche", "guichet")  # the sheets the public looks at: they lead to the guide
WIDTHS = {3: (1.35, 1.2, 1.0), 4: (1.15, 1.3, 1.0, 1.0)}  # how the columns of a table share the width


@cache
def load_texts() -> Mapping[str, Any]:
    """Return leaflets/practice.yaml."""
    raw: Mapping[str, Any] = plain_value(TEXTS.read_text("utf-8"))
    return raw


def sheets() -> tuple[str, ...]:
    """Return the ids of all sheets, in the order of their file."""
    return tuple(load_texts()["sheets"])


def sheet(knowledge: Knowledge, id: str, locale: str, practice: Practice | None = None) -> Data:
    """Return the data of one sheet, for one practice or none.

    Raises:
        LeafletError: it relies on a statement nobody knows, or one that is not certain.
    """
    raw = load_texts()["sheets"][id]
    check_relied(knowledge, id, raw["relies"])
    filler = Filler(knowledge, locale, practice)
    data = common(filler.writer, "professionnels")
    words = load_texts()["words"]
    return data | {
        "title": filler.plain(raw["title"]), "description": filler.plain(raw["description"]), "heading": filler.runs(raw["title"]),
        "lead": filler.runs(raw["lead"]), "poster": bool(raw.get("poster")), "size": float(raw["size"]),
        "blocks": list(filler.blocks(raw["blocks"])),
        "words": data["words"] | {key: filler.plain(words[key]) for key in words}, "with-code": id in WITH_CODE,
        "ways": filler.ways() if id == "cabinet-affiche" else [], "code": code(address(id, locale)),
        "more": filler.plain(words["guide" if id in WITH_CODE else "pages"]),
        "fund": fund(filler.writer, practice.as_fund()) if practice else None,
        "colours": paper("professionnels", practice.colour if practice else None),
    }


def address(id: str, locale: str) -> str:
    """Return where a sheet leads: to the guide when the public reads it, else to the pages for professionals."""
    guide = guide_address(locale)
    return guide if id in WITH_CODE else guide.removesuffix("guide/") + "professionnels/"


def check_relied(knowledge: Knowledge, id: str, relied: Sequence[str]) -> None:
    """Raise when a sheet relies on a statement nobody knows, or one that is not certain."""
    for one in relied:
        statement = knowledge.statements.get(one)
        if statement is None or statement.status == "unverified":
            state = "is unverified" if statement else "does not exist"
            raise LeafletError(f"leaflets/practice.yaml: the sheet '{id}' relies on the statement '{one}', which {state}.")


class Filler:
    """Turns the texts of practice.yaml into runs of one locale, with a practice's own values or lines to fill in."""

    def __init__(self, knowledge: Knowledge, locale: str, practice: Practice | None) -> None:
        self.writer, self.locale, self.practice = Writer(knowledge, locale), locale, practice
        self.own = practice.values(locale) if practice else {}

    def runs(self, text: Mapping[str, str]) -> list[Run]:
        """Return a text as runs; what the practice wrote is put in last, so that nothing in it is read as markup."""
        kept = {self.locale: OWN.sub(lambda found: f"{OPEN}{found[1]}{CLOSE}", text[self.locale])}
        blank = load_texts()["blank"][self.locale]
        return [run | {"text": KEPT.sub(lambda found: self.own.get(found[1]) or blank, run["text"])} for run in self.writer.runs(kept)]

    def plain(self, text: Mapping[str, str]) -> str:
        """Return a text without looks."""
        return "".join(run["text"] for run in self.runs(text))

    def blocks(self, raw: Sequence[Mapping[str, Any]]) -> Iterator[Data]:
        """Yield the blocks of a sheet that concern this practice."""
        for one in raw:
            if self.concerned(one.get("when", {})):
                (kind, value), = ((key, value) for key, value in one.items() if key != "when")
                yield {"kind": kind} | self.block(kind, value)

    def concerned(self, when: Mapping[str, str]) -> bool:
        """Say whether a block is for this practice; without a practice, all are."""
        return self.practice is None or all(getattr(self.practice, key) == value for key, value in when.items())

    def block(self, kind: str, value: Any) -> Data:
        """Return one block as the template takes it."""
        if kind in ("heading", "text", "note"):
            return {"runs": self.runs(value)}
        if kind in ("list", "steps", "boxes"):
            return {"items": [self.runs(one) for one in value]}
        if kind == "access":
            return {"kind": "list", "items": self.access()}
        if kind == "lines":
            return {"count": int(value)}
        if kind in ("exchanges", "quiz"):
            return {"rows": [[self.runs(part) for part in one.values()] for one in value]}
        if kind in ("table", "plan"):
            rows = [self.runs(row) if kind == "plan" else [self.runs(cell) for cell in row] for row in value["rows"]]
            header = [self.runs(cell) for cell in value["header"]]
            return {"header": header, "rows": rows, "widths": WIDTHS.get(len(header), (1.0,) * len(header))}
        raise LeafletError(f"leaflets/practice.yaml: no block is called '{kind}'.")

    def access(self) -> list[list[Run]]:
        """Return what the practice says of its access, or lines to fill in."""
        lines = self.practice.access[self.locale] if self.practice else ()
        return [[{"text": line}] for line in lines or (load_texts()["blank"][self.locale],) * 3]

    def ways(self) -> list[Data]:
        """Return the hours and languages a poster shows at its foot."""
        words = load_texts()["words"]
        found = (("opening", self.own.get("opening")), ("languages", self.own.get("languages")))
        return [{"label": self.plain(words[key]) + (conventions(self.locale).colon), "value": value} for key, value in found if value]


def pasted(data: Data) -> str:
    """Return the words of a sheet as plain text, to paste in a booking tool, a message or a word processor."""
    lines = [plain(data["heading"]), plain(data["lead"]), ""]
    for one in data["blocks"]:
        lines += [*said(one, data["words"]), ""]
    if data["fund"]:
        lines += [data["fund"]["name"], *(f"{contact['value']} {contact['label']}".strip() for contact in data["fund"]["contacts"])]
    return "\n".join(lines).strip() + "\n"


def said(block: Data, words: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines of one block as plain text."""
    kind = block["kind"]
    if kind == "heading":
        yield plain(block["runs"]).upper()
    elif kind in ("text", "note"):
        yield plain(block["runs"])
    elif kind in ("list", "boxes"):
        yield from (f"{'- [ ]' if kind == 'boxes' else '-'} {plain(item)}" for item in block["items"])
    elif kind == "steps":
        yield from (f"{number}. {plain(item)}" for number, item in enumerate(block["items"], 1))
    elif kind == "lines":
        yield from ["_" * 40] * block["count"]
    elif kind == "exchanges":
        yield from (f"- {words['heard']} « {plain(heard)} »\n  {words['say']} « {plain(say)} »" for heard, say in block["rows"])
    elif kind == "quiz":
        yield from (f"{number}. {plain(ask)}" for number, (ask, _) in enumerate(block["rows"], 1))
        yield f"\n{words['answers']}"
        yield from (f"{number}. {plain(answer)}" for number, (_, answer) in enumerate(block["rows"], 1))
    elif kind == "plan":
        yield from (f"{number}. {plain(row)}: ________ ________" for number, row in enumerate(block["rows"], 1))
    else:
        heads = [plain(cell) for cell in block["header"]]
        yield from (" ; ".join(f"{head}: {plain(cell)}" for head, cell in zip(heads, row, strict=True)) for row in block["rows"])


def plain(runs: Sequence[Run]) -> str:
    """Return runs without their looks."""
    return "".join(run["text"] for run in runs)
