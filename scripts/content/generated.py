"""The pages made from the knowledge: one for each body and each text of law; also tooltips and the notice of a stale page."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from decision_tree.authoring.read.knowledge import Knowledge
from decision_tree.authoring.read.yaml_text import written
from scripts.content.backlinks import Links, read_links
from scripts.content.loaded import knowledge, letters
from scripts.content.macros import PageMacros, settle_names
from scripts.content.page import DOCS, Page
from scripts.content.templates import render


def made_pages(locale: str, facts: Knowledge | None = None) -> Iterator[tuple[str, str]]:
    """Yield (path, Markdown) for each page made from the knowledge.

    Args:
        locale: fr or en.
        facts: The knowledge; ours, unless a test has its own.
    """
    facts = facts or knowledge()
    links = read_links(locale, facts)
    for body in facts.bodies.values():
        yield body_page(body, locale, links, facts)
    for law in facts.laws.values():
        yield law_page(law, locale, links, facts)


def body_page(body: Any, locale: str, links: Links, facts: Knowledge) -> tuple[str, str]:
    """Return the path and Markdown of a body's page."""
    path = f"organismes/{body.id}.md"
    statements = [facts.statements[id] for id in body.statements]
    text = render("body_page.md", PageMacros(locale, path, facts), body=body, statements=statements,
                  letters=[one for one in letters().letters.values() if body.id in one.bodies], backlinks=links.to_body(body.id))
    compared = max((statement.compared_on for statement in statements), default=None)
    head = front_matter(body.name[locale], body.aim[locale], statements=body.statements, sources=body.sources, compared=compared)
    return path, head + settle_names(text) + "\n"


def law_page(law: Any, locale: str, links: Links, facts: Knowledge) -> tuple[str, str]:
    """Return the path and Markdown of the page of a text of law."""
    path = f"droit/{law.id}.md"
    page = PageMacros(locale, path, facts)
    statements = [statement for statement in facts.statements.values() if law.id in statement.laws]
    text = render("law_page.md", page, law=law, statements=statements, backlinks=links.to_law(law.id), rules=links.rules(law.id))
    name = page.law_name(law)
    head = front_matter(
        law.title[locale],
        f"{name[0].upper()}{name[1:]}.",
        statements=[statement.id for statement in statements],
        sources=[law.id],
        compared=law.compared_on,
    )
    return path, head + settle_names(text) + "\n"


def front_matter(title: str, description: str, **rest: object) -> str:
    """Return the front matter of a made page; it says so with `made: true`, for there is no source file to edit.

    It holds no macro any more, and need not be searched for some.
    """
    meta = {"title": title, "description": " ".join(description.split()), "audience": "tous", "made": True, "render_macros": False} | rest
    plain = {key: list(value) if isinstance(value, tuple) else value for key, value in meta.items()}
    return f"---\n{written(plain)}---\n"


ABBREVIATION = re.compile(r"[A-Z][A-Z0-9-]*[A-Z0-9][a-z]?")
EXPLAINED = re.compile(rf"(?P<short>{ABBREVIATION.pattern}) \((?P<long>.+)\)")  # C2S (Complémentaire santé solidaire)


def tooltips(locale: str, facts: Knowledge | None = None) -> dict[str, str]:
    """Return what the abbreviations of the glossary mean, for the abbr extension of Markdown.

    A term says it between brackets; otherwise the first sentence of its definition does.
    """
    found: dict[str, str] = {}
    for entry in (facts or knowledge()).glossary.values():
        term = entry.term[locale]
        if explained := EXPLAINED.fullmatch(term):
            found[explained["short"]] = explained["long"]
        elif ABBREVIATION.fullmatch(term):
            found[term] = re.split(r"(?<=[.!?])\s", entry.definition[locale])[0]
    return found


@cache
def french_hash(path: Path) -> str | None:
    """Return the mark of the French page a translation was made from; None when there is none."""
    return Page("fr", path.name, path.read_text(encoding="utf-8")).hash if path.exists() else None


def is_stale(path: str, meta: Mapping[str, Any], docs: Path = DOCS) -> bool:
    """Return whether the French page has changed since this translation of it."""
    current = french_hash(docs / "fr" / path)
    return current is not None and current != str(meta.get("translation_of"))
