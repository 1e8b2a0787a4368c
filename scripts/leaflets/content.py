"""The data of a leaflet: what one audience reads in one locale, for one fund or none, as the templates take it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

import segno

from decision_tree.authoring.read.knowledge import Knowledge
from decision_tree.locales import LOCALES, conventions
from scripts.content.pictures import coloured
from scripts.content.publisher import load_publisher
from scripts.leaflets.colours import paper
from scripts.leaflets.kits import Kit
from scripts.leaflets.page_lists import boxes, brief, heading, numbered, table_header
from scripts.leaflets.texts import LeafletError, Run, Writer, contact_href, day_in_words, load_words, shown_address

AUDIENCES = ("patients", "professionnels")
SELF_CHECK = "professionnels/auto-evaluation.md"

Data = dict[str, Any]


def compared_on(knowledge: Knowledge) -> date:
    """Return the last day the statements were compared with their sources."""
    return max(statement.compared_on for statement in knowledge.statements.values())


def leaflet(knowledge: Knowledge, audience: str, locale: str) -> Data:
    """Return the data of a leaflet, for every layout that shows its panels."""
    writer = Writer(knowledge, locale)
    raw = load_words()["leaflets"][audience]
    panels = [panel(writer, one) for one in raw["panels"]]
    return common(writer, audience) | {
        "title": writer.plain(raw["title"]), "description": writer.plain(raw["description"]),
        "panels": panels, "scene": coloured(raw["scene"]), "size": float(raw["size"]),
    }


def common(writer: Writer, audience: str) -> Data:
    """Return what every layout needs, whatever it shows."""
    locale = writer.locale
    compared = day_in_words(compared_on(writer.knowledge), locale)
    colophon = {key: text.replace("{compared}", compared) for key, text in load_words()["colophon"].items()}
    publisher = load_publisher()
    return {
        "locale": locale, "region": conventions(locale).region, "audience": audience,
        "author": publisher.text("name", locale), "keywords": keywords(locale),
        "words": {key: writer.word(key) for key in load_words()["words"]},
        "colophon": writer.runs(colophon), "day": compared_on(writer.knowledge).isoformat(),
        "colours": paper(audience), "code": code(guide_address(locale)), "fund": None,
        "variant": "screen", "marks": False,
    }


def with_kit(data: Data, knowledge: Knowledge, audience: str, kit: Kit | None) -> Data:
    """Return the data of a leaflet with a fund's name, contacts, colours and address; the same data without a kit."""
    if kit is None:
        return dict(data)
    own = of_fund(knowledge, data["locale"], kit) | {"colours": paper(audience, kit.colour)}
    if "sides" in data:
        own["sides"] = [side | of_fund(knowledge, side["locale"], kit) for side in data["sides"]]
    return data | own


def of_fund(knowledge: Knowledge, locale: str, kit: Kit) -> Data:
    """Return what a fund prints of its own in one locale."""
    target = kit.target(locale)
    return {"fund": fund(Writer(knowledge, locale), kit)} | ({"code": code(target)} if target else {})


WHOLE = ("phone", "sms", "email")                       # on one line
HYPHENATED = re.compile(r"(?=.{31})[^\W\d_’'.]+(?:[-’'.][^\W\d_’'.]+)+")   # a long name, that may break at its hyphens


def keywords(locale: str) -> list[str]:
    """Return the words a document is found by."""
    return list(load_words()["keywords"][locale])


def guide_address(locale: str) -> str:
    """Return the address of the guide on the site."""
    return load_publisher().text("address", locale) + conventions(locale).folder + "guide/"


@cache
def code(address: str) -> Data:
    """Return a QR code as rows of 0 and 1, with its address as a link and as paper shows it."""
    matrix = segno.make(address, error="m", micro=False).matrix
    return {"rows": ["".join("1" if cell else "0" for cell in row) for row in matrix], "href": address, "shown": shown_address(address)}


def fund(writer: Writer, kit: Kit) -> Data:
    """Return a fund's own part of a leaflet."""
    contacts = [
        {"value": shown_address(one.value) if one.kind == "url" else one.value, "label": one.label,
         "href": contact_href(one.kind, one.value), "whole": one.kind in WHOLE}
        for one in kit.contacts[writer.locale]
    ]
    if not contacts:
        directory = writer.confirmed(kit.address_from)
        contacts = [{"value": shown_address(directory.value), "label": "", "href": directory.value, "whole": False}]
    return {
        "name": kit.name[writer.locale], "contacts": contacts, "note": "" if kit.contacts[writer.locale] else writer.word("fund-address"),
        "name-words": pieces([kit.name[writer.locale]]),
        "unbroken": pieces([kit.name[writer.locale], *(str(one["value"]) for one in contacts)]),
        "logo": kit.logo.data(writer.locale) if kit.logo else None,
    }


def pieces(lines: Iterable[str]) -> list[str]:
    """Return what no line can break: words, the parts of an address between slashes, those of a long name between hyphens."""
    words = [piece for line in lines for piece in re.split(r"(?<=/)|\s+", line) if piece]
    return [part for word in words for part in (re.split(r"(?<=-)", word) if HYPHENATED.fullmatch(word) else [word]) if part]


def panel(writer: Writer, raw: Mapping[str, Any]) -> Data:
    """Return one panel: its place, its title, its blocks.

    Raises:
        LeafletError: it relies on a statement nobody knows, or one that is not certain.
    """
    for id in raw["relies"]:
        statement = writer.knowledge.statements.get(id)
        if statement is None or statement.status == "unverified":
            state = "is unverified" if statement else "does not exist"
            title = writer.plain(raw["title"])
            raise LeafletError(f"leaflets/words.yaml: the panel “{title}” relies on the statement '{id}', which {state}.")
    found: Data = {"place": raw["place"], "title": writer.runs(raw["title"])}
    for key in ("lead", "emergency"):
        if key in raw:
            found[key] = writer.runs(raw[key])
    if "scene" in raw:
        found["scene"] = coloured(raw["scene"])
    return found | {"blocks": [block for one in raw.get("blocks", ()) for block in blocks(writer, one)]}


def blocks(writer: Writer, raw: Mapping[str, Any]) -> Iterator[Data]:
    """Yield a block of words.yaml as the templates take it."""
    (kind, value), = raw.items()
    if kind in ("heading", "text", "note"):
        yield {"kind": kind, "runs": writer.runs(value)}
    elif kind in ("list", "steps"):
        yield {"kind": kind, "items": items(writer, value)}
    elif kind == "bodies":
        yield {"kind": kind, "items": [body(writer, one) for one in value]}
    elif kind == "contacts":
        yield {"kind": kind, "items": [contact(writer, one["contact"]) for one in value]}
    else:
        raise LeafletError(f"leaflets/words.yaml: no block is called '{kind}'. Write heading, text, note, list, steps, bodies or contacts.")


def items(writer: Writer, value: Any) -> list[list[Run]]:
    """Return the items of a list, written here or taken from a page of the site."""
    if isinstance(value, dict):
        return [[{"text": line}] for line in numbered(value["page"], writer.locale, writer.knowledge)]
    return [writer.runs(one) for one in value]


def body(writer: Writer, raw: Mapping[str, Any]) -> Data:
    """Return a body as the knowledge names it and says its aim, with how to reach it."""
    known = writer.knowledge.bodies.get(raw["id"])
    if known is None:
        raise LeafletError(f"leaflets/words.yaml: no body has the id '{raw['id']}'.")
    return {"name": known.short[writer.locale], "aim": writer.said(known.aim), "how": writer.runs(raw["how"]) if "how" in raw else []}


def contact(writer: Writer, id: str) -> Data:
    """Return a confirmed contact with its label, which does not repeat its value."""
    known = writer.confirmed(id)
    run = writer.contact(id)
    label = writer.said(known.label)[0]["text"]
    if label.startswith(run["text"]):
        label = label.removeprefix(run["text"]).lstrip(" ,")
        label = label[:1].upper() + label[1:]
    return {"value": run["text"], "href": run.get("href"), "label": label}


def self_check(knowledge: Knowledge, locale: str) -> Data:
    """Return the list a practice ticks by hand, from the page of the site."""
    writer = Writer(knowledge, locale)
    title = heading(SELF_CHECK, locale)
    return common(writer, "professionnels") | {
        "title": title, "description": title, "brief": brief(SELF_CHECK, locale),
        "parts": [{"title": part.title, "items": list(part.items)} for part in boxes(SELF_CHECK, locale, knowledge)],
        "changes": {"title": heading(SELF_CHECK, locale, -1), "header": table_header(SELF_CHECK, locale), "rows": 5},
    }


def facing(knowledge: Knowledge, audience: str) -> Data:
    """Return the sheet that shows French and English side by side: the panels of both locales, block by block."""
    both = {locale: leaflet(knowledge, audience, locale) for locale in LOCALES}
    french = both["fr"]
    return french | {
        "title": f"{french['title']} · {both['en']['title']}",
        "sides": [{key: both[locale][key] for key in ("locale", "region", "panels", "words", "colophon", "fund", "code", "title")}
                  for locale in LOCALES],
    }
