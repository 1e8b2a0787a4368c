"""The macros of our Markdown pages: `{{ body("ars") }}`, `{{ src("cmc-3-mois") }}`, `{{ n("committee_meeting") }}`…

What a page takes from the knowledge goes through `PageMacros`; it knows neither MkDocs nor the leaflets. The site registers
the macros, and adds those that list the leaflets' files.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from html import escape
from posixpath import dirname, relpath
from typing import Any, TypeVar
from unicodedata import combining, normalize

from decision_tree.authoring.read.knowledge import Knowledge, Quantity, Statement
from decision_tree.authoring.read.problems import did_you_mean
from decision_tree.guide.render import KEPT, is_name
from decision_tree.locales import REFERENCE, conventions, written_number
from scripts.content.audit import audit
from scripts.content.charts import charts, figure
from scripts.content.compared import compared
from scripts.content.compiled_guide import counts
from scripts.content.loaded import knowledge
from scripts.content.my_file import my_file
from scripts.content.own_words import figures
from scripts.content.phrases import NBSP, date_in_words, number_in_words, reference
from scripts.content.pictures import names as picture_names
from scripts.content.pictures import picture
from scripts.content.templates import render, word

PROPER = re.compile(r"[^\W\d_]*[A-Z]{2}|Défenseur|France|Santé Info")  # names that keep their capital inside a sentence
NAMES = (
    *("body", "cite", "src", "n", "count", "contact", "quote", "term", "chart", "picture"),
    *("bodies_table", "bodies", "laws", "glossary", "documents", "corrections", "versions", "my_file"),
    *("audit", "audited"),
)
OF_LEAFLETS = ("leaflets", "leaflet", "sheet", "pasted")  # registered by the site, which knows the files
SHELL = ("site",)  # what the shell gives pages: values of site.yaml
LEAST_SHOWN = 0.01                                         # per cent
SCHEMES = {"phone": "tel:", "sms": "sms:", "email": "mailto:", "url": ""}
DOCUMENTS = {"15 juin 2022": "round_table", "fiche pratique": "practical_sheet"}  # part of a source text → its short name

LONGEST_LINE = 20  # letters of a reference kept on one line: it fits a list on a phone of 320 px, widely spaced
LONGEST_QUOTE = 1200  # letters: beyond, the page of a law shows the beginning and links to the official text
NAME = "\ue000"  # stands before a name until `settle_names` knows whether it begins a sentence

T = TypeVar("T")


class Missing(LookupError):
    """A macro cannot show what it was asked for: what is wrong, and how to mend it."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.what, self.hint = what, hint


def find(table: Mapping[str, T], id: str, kind: str, room: str) -> T:
    """Return the entry of this id, or raise `Missing` naming the nearest one."""
    if id in table:
        return table[id]
    raise Missing(f"no {kind} has the id '{id}'", did_you_mean(id, table, f"describe it in decision_tree/knowledge/{room}."))


def page_url(src_uri: str) -> str:
    """Return the address of a page from its source: droit/index.md → droit/, guide.md → guide/ (no leading slash)."""
    stem = src_uri.removesuffix(".md")
    return "" if stem == "index" else stem.removesuffix("index") if stem.endswith("/index") else f"{stem}/"


class PageMacros:
    """What a page may show of the knowledge, in its locale, with links that hold from where the page stands."""

    def __init__(self, locale: str, here: str, facts: Knowledge | None = None) -> None:
        """Take the locale, the page's source path under its docs folder, and the knowledge (ours, unless a test has its own)."""
        self.locale, self.here, self.knowledge = locale, here, facts or knowledge()

    # What a page is made of; the readability measure writes these otherwise.

    def link(self, text: str, target: str, css: str, title: str = "", *, name: bool = False) -> str:
        """Return a Markdown link to a page of the site (`droit/x.md#part`), relative to this one; `title` says more on hover.

        A name is left as it is by a browser that translates: whoever looks for a body needs the name it has. `name` says it is one,
        where the words alone do not.
        """
        path, _, part = target.partition("#")
        href = relpath(path, dirname(self.here) or ".") + (f"#{part}" if part else "")
        more = (f' title="{escape(title)}"' if title else "") + (f" {KEPT}" if name or is_named(self.knowledge, text, path) else "")
        return f"[{text}]({href}){{: .{css}{more} }}"

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
        name = text or NAME + (body.short if short else body.name)[self.locale]
        return self.link(name, f"organismes/{id}.md", "body")

    def cite(self, id: str, text: str | None = None) -> str:
        """Return the short reference of a text of law in brackets, or `text`, linked to the page of the law."""
        return self.link(text, f"droit/{self.law(id).id}.md", "law") if text else self.reference([self.law_reference(id)])

    def law(self, id: str) -> Any:
        return find(self.knowledge.laws, id, "law", "laws/")

    def law_name(self, law: Any) -> str:
        """Return the full name of a text of law, as said in a sentence."""
        code, number = law.code[self.locale], number_in_words(law.number, self.locale)
        if law.code.fr.startswith("Code "):
            pattern = word(self.locale, "articles_of_code" if re.search(" (?:à|et) ", law.number) else "article_of_code")
            return pattern.format(number=number, code=code[0].lower() + code[1:] if self.locale == REFERENCE else code)
        return number if law.state == "decision" else f"{code[0].lower()}{code[1:]} {number}"

    def src(self, *ids: str) -> str:
        """Return where statements come from, in brackets and once each: their laws, else their documents; "to be checked" if need be."""
        statements = [self.statement(id) for id in ids]
        links = [link for statement in statements for link in self.origins(statement)]
        if self.here != "a-verifier.md" and any(statement.status == "unverified" for statement in statements):
            links += self.mark()
        return self.reference(list({link.partition("](")[0]: link for link in reversed(links)}.values())[::-1])  # the same words once

    def mark(self) -> list[str]:
        """Return the mark of what was read in an old, undated or secondary copy only."""
        return [self.link(word(self.locale, "to_check"), "a-verifier.md", "ref")]

    def origins(self, statement: Statement) -> list[str]:
        return [self.law_reference(law) for law in statement.laws] or [self.document_reference(statement)]

    def statement(self, id: str) -> Statement:
        return find(self.knowledge.statements, id, "statement", "statements/")

    def law_reference(self, id: str) -> str:
        law = self.law(id)
        text = reference(law.code.fr, law.number)
        return self.link(text, f"droit/{id}.md", reference_class(text), title=self.law_name(law), name=True)

    def document_reference(self, statement: Any) -> str:
        """Return the document behind a statement that no text of law carries, linked to the page of sources."""
        source = statement.source.fr.lower()
        if named := sorted((source.index(part), key) for part, key in DOCUMENTS.items() if part in source):
            key = named[0][1]  # the document named first
            return self.link(word(self.locale, key), f"sources.md#{key.replace('_', '-')}", "ref", title=statement.source[self.locale])
        text = short_source(statement.source[self.locale])
        return self.link(text, "sources.md", reference_class(text), title=statement.source[self.locale])

    def n(self, id: str) -> str:
        """Return a quantity in words: "8 jours", "8 days"."""
        return self.quantity(id).words(self.locale)

    def count(self, id: str) -> str:
        """Return how large the knowledge is, as `python -m decision_tree check` prints it: states, rules, situations…"""
        value = find(figures() if id.startswith("words_") else counts(), id, "count", "authoring/check.py")
        shown = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
        return written_number(shown, self.locale)

    def quantity(self, id: str) -> Quantity:
        return find(self.knowledge.quantities, id, "quantity", "quantities.yaml")

    def contact(self, id: str, text: str | None = None) -> str:
        """Return a phone number, address or site that a source gives, as a link where it can be one."""
        contact = find(self.knowledge.contacts, id, "contact", "contacts.yaml")
        if not contact.printed:
            raise Missing(
                f"the contact '{id}' is {contact.status}: no page may print it",
                "Say where the reader finds it (the official directory), or confirm it in decision_tree/knowledge/contacts.yaml.",
            )
        shown = text or re.sub(r"^https?://(www\.)?|/$", "", contact.value)
        shown = shown.replace(" ", NBSP) if contact.kind in ("phone", "sms") else shown
        if contact.kind == "address":
            return shown.replace("Libre réponse ", f"Libre réponse{NBSP}").replace("75342 ", f"75342{NBSP}")
        value = contact.value.replace(" ", "") if contact.kind in ("phone", "sms") else contact.value
        kept = f" {KEPT}" if not text or re.search(r"\d", text) else ""
        return f"[{shown}]({SCHEMES[contact.kind]}{value}){{: .contact{kept} }}"

    def term(self, id: str, text: str | None = None) -> str:
        """Return a word of the glossary linked to what it means."""
        entry = find(self.knowledge.glossary, id, "word of the glossary", "glossary.yaml")
        return self.link(text or entry.term[self.locale], f"glossaire.md#{id}", "term")

    def quote(self, id: str, start: str | None = None, end: str | None = None, meaning: str | None = None) -> str:
        """Return a marked quotation of a law, word for word, from `start` to `end` (both included), with article and date.

        On an English page it says what these words mean: `meaning`, or what the whole text means.
        """
        law = self.law(id)
        return f"\n\n{self.quotation(law, excerpt(law, start, end), meaning or law.meaning[self.locale])}\n\n"

    def quotation(self, law: Any, passages: tuple[str, ...], meaning: str = "") -> str:
        """Return passages of a law as a marked quotation in French, with what they mean on an English page when it is told."""
        return render("quote.html", self, law=law, passages=passages, meaning=meaning)

    def short_extract(self, law: Any) -> tuple[str, ...]:
        """Return the first paragraphs of what was read of a law; nothing of a text whose new wording nobody has read."""
        if not law.extract or law.state in ("amended_unread", "unread"):
            return ()
        kept: list[str] = []
        for paragraph in excerpt(law, None, None):
            room = LONGEST_QUOTE - sum(map(len, kept))
            if len(paragraph) > room:
                return (*kept, f"{paragraph[:room].rpartition('. ')[0]}. […]" if not kept else "[…]")
            kept.append(paragraph)
        return tuple(kept)

    def contact_or_nothing(self, id: str) -> str:
        """Return a contact in brackets, or nothing while it is unverified: the text beside it says where to look."""
        return f"({self.contact(id)})" if find(self.knowledge.contacts, id, "contact", "contacts.yaml").printed else ""

    def chart(self, id: str) -> str:
        """Return a chart, its table, its source and its limits."""
        return f"\n\n{figure(find(charts(), id, 'chart', f'figures/{id}.yaml'), self)}\n\n"

    def bodies_table(self) -> str:
        """Return the table that compares all bodies: aim, cost, who may ask, time limits, next steps, limits, combinations."""
        return "\n\n" + render("bodies_table.html", self, bodies=list(self.knowledge.bodies.values())) + "\n\n"

    def bodies(self) -> str:
        """Return the list of all bodies by kind, each linked to its page."""
        return "\n\n" + render("bodies.md", self, kinds=grouped(self.knowledge.bodies.values(), lambda body: body.kind)) + "\n\n"

    def laws(self) -> str:
        """Return the list of all texts of law by code, those we rest on most first, each linked to its page."""
        rests = Counter(law for statement in self.knowledge.statements.values() for law in statement.laws)
        codes = grouped(self.knowledge.laws.values(), lambda law: law.code[self.locale])
        ranked = sorted(codes.items(), key=lambda pair: -sum(rests[law.id] for law in pair[1]))
        return "\n\n" + render("laws.md", self, codes=dict(ranked)) + "\n\n"

    def documents(self) -> str:
        """Return the list of the documents our statements come from, with how many each."""
        said = (part for one in self.knowledge.statements.values() for part in re.split(r"\s?;\s", one.source[self.locale].rstrip(".")))
        counted = Counter(re.sub(r" \([^)]*\)(?:, notes? .*)?$", "", part) for part in said)
        codes = {law.code[self.locale] for law in self.knowledge.laws.values()}
        shown = {name: count for name, count in counted.items() if not name.startswith(("art.", *codes))}
        return "\n\n" + render("documents.md", self, documents=sorted(shown.items(), key=lambda pair: (-pair[1], pair[0]))) + "\n\n"

    def glossary(self) -> str:
        """Return the words of the glossary in the order of the alphabet, each with an anchor for `term`."""
        entries = sorted(self.knowledge.glossary.values(), key=lambda entry: alphabetical(entry.term[self.locale]))
        return "\n\n" + render("glossary.md", self, entries=entries) + "\n\n"

    def corrections(self) -> str:
        """Return the list of our own errors, the newest and the most harmful first, with whom each touched and for how long."""
        order = ("wrong", "outdated", "incomplete", "attribution")
        found = sorted(self.knowledge.corrections, key=lambda one: (-one.corrected.toordinal(), order.index(one.kind)))
        return "\n\n" + render("corrections.md", self, corrections=found, figures=compared(), percent=self._percent) + "\n\n"

    def versions(self) -> str:
        """Return in how many situations the advice of two versions differs, and which bodies come or go."""
        return "\n\n" + render("compared.md", self, figures=compared(), percent=self._percent) + "\n\n"

    def _percent(self, value: float) -> str:
        shown = f"<\u00a0{LEAST_SHOWN}" if 0 < value < LEAST_SHOWN else f"{value:.0f}" if value >= 10 else f"{value:.2g}"
        return conventions(self.locale).percent.format(written_number(shown, self.locale))

    def my_file(self) -> str:
        """Return the file a person keeps of her case: a form for the device, and the same to fill in by hand."""
        return "\n\n" + my_file(self) + "\n\n"

    def audit(self) -> str:
        """Return the pages we went through with the RGAA, and the grid of its criteria."""
        return "\n\n" + render("audit.md", self, audit=audit()) + "\n\n"

    def audited(self, what: str) -> str:
        """Return a figure of that grid: its "day", and how many criteria: "all", "C", "NC", "NA", "measured", "tested"."""
        found = audit()
        if what == "day":
            return str(date_in_words(found.day, self.locale))
        known = {**found.counts(), "all": len(found.criteria), "measured": found.measured, "tested": found.tested}
        return str(find(known, what, "figure", "../../docs/audit/rgaa.yaml"))

    def picture(self, name: str) -> str:
        """Return an illustration drawn for this locale, inside the page."""
        if name not in picture_names():
            raise Missing(f"no illustration is called '{name}'", f"Describe it in overrides/pictures/{name}.yaml, or take its name out.")
        return "\n\n" + picture(name, self.locale, self.n, self.href) + "\n\n"


def grouped(entries: Iterable[T], key: Callable[[T], str]) -> dict[str, list[T]]:
    """Return the entries by key, in the order the knowledge gives them."""
    groups: dict[str, list[T]] = {}
    for entry in entries:
        groups.setdefault(key(entry), []).append(entry)
    return groups


def alphabetical(term: str) -> str:
    """Return a word as a dictionary orders it: accents and capitals do not count."""
    return "".join(letter for letter in normalize("NFD", term.casefold()) if not combining(letter))


def excerpt(law: Any, start: str | None, end: str | None) -> tuple[str, ...]:
    """Return the paragraphs of a law's extract from `start` to `end`, with […] where something was cut."""
    if not law.extract:
        what = f"no official text of '{law.id}' was read, so nothing of it can be quoted"
        raise Missing(what, "Say what it means in plain words, with cite() or src().")
    text = law.extract.replace("'", "’")
    first, last = (start or "").replace("'", "’"), (end or "").replace("'", "’")
    begin = text.find(first)
    stop = text.find(last, begin) + len(last) if last else len(text)
    for said, where in ((first, begin), (last, stop - len(last))):
        if where < 0:
            hint = "Copy these words from its `extract:` in decision_tree/knowledge/laws/."
            raise Missing(f"the extract of '{law.id}' does not say “{said}”", hint)
    cut = text[begin:stop].strip()
    cut = ("" if begin == 0 else "[…] ") + cut + ("" if stop >= len(text) or cut.endswith(("[…]", ".")) else " […]")
    return tuple(part.strip() for part in cut.split("\n") if part.strip())


def reference_class(text: str) -> str:
    """Return the classes of a short reference: one as long as "Service-Public, 2025" stays on one line, a longer one may break."""
    return "ref" if len(text) <= LONGEST_LINE else "ref .long"


def short_source(source: str) -> str:
    """Return who said it and when: "Service-Public, fiche F20849, 5 mars 2025" → "Service-Public, 2025"."""
    first = re.split(r"\s?;\s", source)[0]
    years = re.findall(r"\b(?:19|20)\d\d\b", first)
    name = first.split(",")[0].rstrip(".").strip()
    return ", ".join([name, *(year for year in years[-1:] if year not in name)])


def is_named(facts: Knowledge, text: str, path: str) -> bool:
    """Tell whether words that lead to a page say the name of its body, or the number of its text of law."""
    room, _, id = path.removesuffix(".md").rpartition("/")
    if room == "organismes" and id in facts.bodies:
        body = facts.bodies[id]
        names = {*body.name.words.values(), *body.short.words.values()}
        return is_name(body.name) and any(name.casefold() in text.casefold() for name in names)
    number = re.search(r"\d[\d-]*", facts.laws[id].number) if room == "droit" and id in facts.laws else None
    return number is not None and number[0] in text


def settle_names(markdown: str) -> str:
    """Return a page whose names of bodies have a small letter inside a sentence, unless the word is a proper noun."""
    out = []
    for line in markdown.split("\n"):
        before, *rest = line.split(NAME)
        for name in rest:
            begins = re.search(r"(^|[.!?|]|^\s*[-*+]|^\s*\d+\.|^#+)[\s*_\[(\"“«:\ue001]*$", before)
            before += name if begins or PROPER.match(name) else name[:1].lower() + name[1:]
        out.append(before)
    return "\n".join(out)
