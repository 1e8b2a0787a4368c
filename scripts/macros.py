"""The macros of our Markdown pages: `{{ body("ars") }}`, `{{ src("cmc-3-mois") }}`, `{{ n("committee_meeting") }}`…

mkdocs-macros-plugin calls `define_env` for each build. What a page takes from the knowledge goes through `PageMacros`, which
tests and the readability measure call without MkDocs. A macro given an id nobody knows leaves a `Problem` with its file
and line; all problems of a build are reported at once, and the build fails.
"""

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from posixpath import dirname, relpath
from typing import Any, TypeVar

from mkdocs.exceptions import BuildError

from scripts.content.charts import figure
from scripts.content.knowledge import ROOT, knowledge
from scripts.content.problems import Place, Problem
from scripts.content.templates import render, word
from scripts.content.wording import NBSP, article_number, date_in_words, quantity_in_words, short_law

NAMES = ("body", "cite", "src", "n", "contact", "quote", "term", "chart", "picture")
PICTURES = ROOT / "overrides" / "assets" / "illustrations"
SCHEMES = {"phone": "tel:", "sms": "sms:", "email": "mailto:", "url": ""}
DOCUMENTS = {"15 juin 2022": "round_table", "fiche pratique": "practical_sheet"}  # part of a source text → its short name

T = TypeVar("T")


class Missing(LookupError):
    """A macro cannot show what it was asked for: what is wrong, and how to mend it."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.what, self.mend = what, mend


def find(table: Mapping[str, T], id: str, kind: str, room: str) -> T:
    """Return the entry of this id, or raise `Missing` naming the nearest one."""
    if id in table:
        return table[id]
    near = get_close_matches(id, table, n=1, cutoff=0.5)
    guess = f"Did you mean '{near[0]}'? Otherwise" if near else "Take an id that exists, or"
    raise Missing(f"no {kind} has the id '{id}'.", f"{guess} describe it in decision_tree/knowledge/{room}.")


def page_url(src_uri: str) -> str:
    """Return the address of a page from its source: droit/index.md → droit/, guide.md → guide/ (no leading slash)."""
    stem = src_uri.removesuffix(".md")
    return "" if stem == "index" else stem.removesuffix("index") if stem.endswith("/index") else f"{stem}/"


class PageMacros:
    """What a page may show of the knowledge, in its locale, with links that hold from where the page stands."""

    def __init__(self, locale: str, here: str, facts: Any = None) -> None:
        """Take the locale, the page's source path under its docs folder, and the knowledge (ours, unless a test has its own)."""
        self.locale, self.here, self.knowledge = locale, here, facts or knowledge()

    # What a page is made of; the readability measure writes these otherwise.

    def link(self, text: str, target: str, css: str) -> str:
        """Return a Markdown link to a page of the site (`droit/x.md#part`), relative to this one."""
        path, _, part = target.partition("#")
        href = relpath(path, dirname(self.here) or ".") + (f"#{part}" if part else "")
        return f"[{text}]({href}){{: .{css} }}"

    def reference(self, links: list[str]) -> str:
        """Return short references in brackets."""
        return f'<span class="refs">({", ".join(links)})</span>'

    def href(self, target: str) -> str:
        """Return the address of a page of the site, for HTML that Markdown will not read."""
        path, _, part = target.partition("#")
        here = page_url(self.here) or "."
        return relpath(page_url(path) or ".", here) + "/" + (f"#{part}" if part else "")

    # The macros.

    def body(self, id: str, short: bool = False, text: str | None = None) -> str:
        """Return a body's name (its short name, or `text`) linked to its page."""
        body = find(self.knowledge.bodies, id, "body", f"bodies/{id}.yaml")
        name = text or (body.short if short else body.name)[self.locale]
        return self.link(name, f"organismes/{id}.md", "body")

    def cite(self, id: str, text: str | None = None) -> str:
        """Return "article L. 1110-3 du code de la santé publique", linked to the page of the law."""
        law = find(self.knowledge.laws, id, "law", "laws/")
        return self.link(text or self.law_name(law), f"droit/{id}.md", "law")

    def law_name(self, law: Any) -> str:
        """Return the full name of a text of law, as said in a sentence."""
        code, number = law.code[self.locale], article_number(law.number)
        if law.code.fr.startswith("Code "):
            pattern = word(self.locale, "article_of_code")
            return pattern.format(number=number, code=code[0].lower() + code[1:] if self.locale == "fr" else code)
        return number if law.state == "decision" else f"{code[0].lower()}{code[1:]} {number}".replace("n° ", f"n°{NBSP}")

    def src(self, id: str) -> str:
        """Return where a statement comes from, in brackets: its laws, else its document; "to be checked" when it is unverified."""
        statement = find(self.knowledge.statements, id, "statement", "statements/")
        links = [self.law_reference(law) for law in statement.laws] or [self.document_reference(statement)]
        if statement.status == "unverified":
            links.append(self.link(word(self.locale, "to_check"), "a-verifier.md", "ref"))
        return self.reference(links)

    def law_reference(self, id: str) -> str:
        law = find(self.knowledge.laws, id, "law", "laws/")
        return self.link(short_law(law.code.fr, law.number), f"droit/{id}.md", "ref")

    def document_reference(self, statement: Any) -> str:
        """Return the document behind a statement that no text of law carries, linked to the page of sources."""
        for part, key in DOCUMENTS.items():
            if part in statement.source.fr.lower():
                return self.link(word(self.locale, key), f"sources.md#{key.replace('_', '-')}", "ref")
        return self.link(statement.source[self.locale].split(" ; ")[0].rstrip("."), "sources.md", "ref")

    def n(self, id: str) -> str:
        """Return a quantity in words: "8 jours", "8 days"."""
        return quantity_in_words(find(self.knowledge.quantities, id, "quantity", "quantities.yaml"), self.locale)

    def contact(self, id: str, text: str | None = None) -> str:
        """Return a confirmed phone number, address or site, as a link where it can be one."""
        contact = find(self.knowledge.contacts, id, "contact", "contacts.yaml")
        if contact.status != "confirmed":
            raise Missing(
                f"the contact '{id}' is {contact.status}: no page may print it.",
                "Say where the reader finds it (the official directory), or confirm it in decision_tree/knowledge/contacts.yaml.",
            )
        shown = text or re.sub(r"^https?://(www\.)?|/$", "", contact.value)
        shown = shown.replace(" ", NBSP) if contact.kind in ("phone", "sms") else shown
        if contact.kind == "address":
            return shown.replace("Libre réponse ", f"Libre réponse{NBSP}").replace("75342 ", f"75342{NBSP}")
        value = contact.value.replace(" ", "") if contact.kind in ("phone", "sms") else contact.value
        return f"[{shown}]({SCHEMES[contact.kind]}{value}){{: .contact }}"

    def term(self, id: str, text: str | None = None) -> str:
        """Return a word of the glossary linked to what it means."""
        entry = find(self.knowledge.glossary, id, "word of the glossary", "glossary.yaml")
        return self.link(text or entry.term[self.locale], f"glossaire.md#{id}", "term")

    def quote(self, id: str, start: str | None = None, end: str | None = None) -> str:
        """Return a marked quotation of a law, word for word, from `start` to `end` (both included), with article and date."""
        law = find(self.knowledge.laws, id, "law", "laws/")
        return "\n\n" + render("quote", self, law=law, passages=excerpt(law, start, end)) + "\n\n"

    def chart(self, id: str) -> str:
        """Return a chart, its table, its source and its limits."""
        return "\n\n" + figure(id, self) + "\n\n"

    def picture(self, name: str) -> str:
        """Return an illustration drawn for this locale, inside the page."""
        file = PICTURES / f"{name}.{self.locale}.svg"
        if not file.exists():
            raise Missing(f"no illustration is called '{name}'.", f"Draw overrides/assets/illustrations/{file.name}, or take its name out.")
        return "\n\n" + re.sub(r"\n\s*\n", "\n", file.read_text(encoding="utf-8").strip()) + "\n\n"


def excerpt(law: Any, start: str | None, end: str | None) -> tuple[str, ...]:
    """Return the paragraphs of a law's extract from `start` to `end`, with […] where something was cut."""
    if not law.extract:
        raise Missing(
            f"no official text of '{law.id}' was read, so nothing of it can be quoted.", "Say what it means in plain words, with cite() or src()."
        )
    text = law.extract.replace("'", "’")
    first, last = (start or "").replace("'", "’"), (end or "").replace("'", "’")
    begin = text.find(first)
    stop = text.find(last, begin) + len(last) if last else len(text)
    for said, where in ((first, begin), (last, stop - len(last))):
        if where < 0:
            raise Missing(f"the extract of '{law.id}' does not say “{said}”.", "Copy these words from its `extract:` in decision_tree/knowledge/laws/.")
    cut = text[begin:stop].strip()
    cut = ("" if begin == 0 else "[…] ") + cut + ("" if stop >= len(text) or cut.endswith(("[…]", ".")) else " […]")
    return tuple(part.strip() for part in cut.split("\n") if part.strip())


def call_line(source: str, macro: str, id: str) -> int:
    """Return the line of a page where a macro is first called with this id (1 when it cannot be found)."""
    found = re.search(rf"{macro}\(\s*[\"']{re.escape(id)}[\"']", source)
    return source.count("\n", 0, found.start()) + 1 if found else 1


def define_env(env: Any) -> None:
    """Give every page of this build its macros; called by mkdocs-macros-plugin."""
    locale = Path(env.conf["docs_dir"]).name
    problems: list[Problem] = []
    env.variables["content_problems"] = problems

    def for_page(name: str) -> Callable[..., str]:
        def macro(id: str, *rest: Any, **options: Any) -> str:
            try:
                return str(getattr(PageMacros(locale, env.page.file.src_uri), name)(id, *rest, **options))
            except Missing as missing:
                problems.append(Problem(place_of(env.page.file, name, id), missing.what, missing.mend))
                return f"[{id}?]"

        macro.__name__ = name
        macro.__doc__ = getattr(PageMacros, name).__doc__
        return macro

    for name in NAMES:
        env.macro(for_page(name))


def place_of(file: Any, macro: str, id: str) -> Place:
    """Return where a page calls a macro; a page made from the knowledge has no line of its own."""
    if not file.abs_src_path or not Path(file.abs_src_path).exists():
        return Place(file.src_uri, 1)
    path = Path(file.abs_src_path)
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return Place(str(shown), call_line(path.read_text(encoding="utf-8"), macro, id))


def on_post_build(env: Any) -> None:
    """Fail a build whose pages ask for something the knowledge does not hold, with every problem in file order."""
    problems: list[Problem] = env.variables["content_problems"]
    if problems:
        raise BuildError("\n" + "\n".join(str(problem) for problem in sorted(set(problems))))
