"""Write the packet a jurist reads and signs: every question, derived fact, rule, body, source and case, in both languages.

    python -m scripts.upkeep.review                              build/review/packet.html and packet.pdf
    python -m scripts.upkeep.review sign rules/ars.agency_possible --by "…"   note a reading, made today

Rules and results carry the numbers of the guide's sections, as printed in the booklet. What was read and has not changed
since is marked; the rest says "not yet read by a jurist".
"""

import argparse
import html
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from decision_tree.authoring.prove.compile import Graph
from decision_tree.authoring.read.cases import Case, cases
from decision_tree.authoring.read.knowledge import Knowledge
from decision_tree.authoring.read.load import KNOWLEDGE, knowledge
from decision_tree.authoring.read.reviews import Entry, entries, standing
from decision_tree.authoring.show.compiled_guide import compiled
from decision_tree.explain import fact_words, value_words
from decision_tree.locales import LOCALES, REFERENCE
from decision_tree.model import Literal, Model, Text
from scripts.project.paths import ROOT

OUT = ROOT / "build" / "review"
TITLE = "Dossier de relecture"
STYLE = """
@page { size: A4; margin: 16mm 14mm 18mm; @bottom-right { content: counter(page) " / " counter(pages); font: 9pt sans-serif; } }
body { font: 10.5pt/1.45 "DejaVu Sans", system-ui, sans-serif; max-inline-size: 60rem; margin: 0 auto; padding: 1rem; }
:root { color: #111; background: #fff; }
h1 { font-size: 1.7em; } h2 { font-size: 1.35em; margin-block-start: 2em; border-block-end: 2px solid; break-after: avoid; }
article { border: 1px solid #777; border-radius: 4px; padding: .6em .9em; margin-block: .9em; break-inside: avoid-page; }
h3 { margin: 0 0 .3em; font-size: 1.05em; break-after: avoid; } tr { break-inside: avoid; } code { font-size: .9em; }
dl { display: grid; grid-template-columns: 9rem 1fr; gap: .15em .8em; margin: 0; }
dt { font-weight: 600; } dd { margin: 0; } .other { color: #444; }
pre { white-space: pre-wrap; font-size: .82em; margin: .4em 0 0; }
.read { color: #0a5c2b; }
.sign { margin-block-start: .6em; border-block-start: 1px dashed #777; padding-block-start: .4em; font-size: .9em; }
table { border-collapse: collapse; font-size: .8em; inline-size: 100%; margin-block: .9em 2em; }
th, td { border: 1px solid #999; padding: .15em .35em; text-align: start; vertical-align: top; }
"""

E = html.escape
NARROW, NO_BREAK = "\u202f", "\u00a0"
STATES = {"in_force": "en vigueur, texte lu", "amended_unread": "modifié, nouvelle rédaction non lue", "unread": "texte officiel non lu",
          "decision": "décision de justice"}
STATUSES = {"current": "actuel", "changed": "a changé : le nouvel état est dit", "historical": "passé, à dater dans la phrase",
            "unverified": "non vérifié, à dire avec prudence"}
STANDINGS = {"recommended": "conseillé", "possible": "possible"}
LEVELS = {"urgent": "urgent", "main": "premier acte", "parallel": "en même temps", "support": "aide"}
HOW = (
    "Chaque cadre est une entrée, en français puis en anglais ; le français fait foi. Son chemin, après le titre, est celui du fichier.",
    "Une règle nomme un organisme quand ses conditions sont remplies. Les faits déduits qu’elles nomment sont définis avant les règles.",
    "Ses conditions sont données telles qu’elles sont écrites, puis en tableau après les règles d’un organisme, une ligne par cas.",
    "Les numéros sont ceux des sections du guide et du livret imprimé.",
    "Signez chaque entrée lue. La lecture vaut pour l’entrée telle qu’elle est ici : dès qu’une de ses lignes change, elle est à relire.",
)
Status = Callable[[str], str]


def both(text: Text) -> str:
    """Return a text in French, then in English."""
    others = "".join(f'<br><span class="other" lang="{locale}">{E(text[locale])}</span>' for locale in LOCALES if locale != REFERENCE)
    return f'<span lang="{REFERENCE}">{E(text.fr)}</span>{others}'


def rows(pairs: Sequence[tuple[str, str]]) -> str:
    """Return labels and contents; empty ones are left out."""
    return "<dl>" + "".join(f"<dt>{E(label)}</dt><dd>{content}</dd>" for label, content in pairs if content) + "</dl>"


def numbered(items: Iterable[str]) -> str:
    """Return a numbered list; nothing when there is nothing to number."""
    lines = "".join(f"<li>{item}</li>" for item in items)
    return f"<ol>{lines}</ol>" if lines else ""


def card(path: str, title: str, content: str, status: str) -> str:
    """Return one entry to read."""
    return (f'<article id="{E(path)}"><h3>{title} <code>{E(path)}</code></h3>{content}'
            f'<p class="sign">{status}</p></article>')


def status_of(found: Mapping[str, Entry], known: Knowledge) -> Status:
    """Return the words on who read an entry, and whether the reading still holds."""
    def words(path: str) -> str:
        read = standing(found[path], known.reviews)
        if read is None:
            return "Pas encore lu par un juriste. Lu par : ____________________ le : __________ ☐ juste ☐ à corriger"
        review, holds = read
        said = f"Lu par {E(review.by)} le {review.day.isoformat()}" + (f" : {E(review.note)}" if review.note else "")
        return f'<span class="read">{said}</span>' if holds else f"{said}, mais modifié depuis : à relire."

    return words


def numbers_of(graph: Graph) -> tuple[Mapping[str, int], Mapping[str, list[int]]]:
    """Return the first section that asks each question, and the results in which each rule speaks."""
    asked: dict[str, int] = {}
    spoken: dict[str, list[int]] = {}
    for state in graph.states:
        if state.question is not None:
            asked.setdefault(state.question, state.number)
        if state.outcome is not None:
            for _, rule in (*state.outcome.recommended, *state.outcome.possible):
                spoken.setdefault(rule, []).append(state.number)
    return asked, spoken


def packet(known: Knowledge, all_cases: Sequence[Case], graph: Graph) -> str:
    """Return the whole packet as one HTML document."""
    found = entries(known, all_cases)
    status = status_of(found, known)
    read = sum(1 for entry in found.values() if (one := standing(entry, known.reviews)) and one[1])
    parts = (("Questions", questions_part(known, graph, status)), ("Faits déduits", derived_part(known, found, status)),
             ("Règles", rules_part(known, found, graph, status)), ("Organismes", bodies_part(known, status)),
             ("Textes", laws_part(known, status)), ("Énoncés", statements_part(known, status)),
             ("Cas", cases_part(known, all_cases, status)))
    written = {name: "".join(part) for name, part in parts}
    counted = f"{len(found)} entrées ; {read} lues par un juriste et inchangées depuis. Modèle {known.model.hash}."
    contents = "".join(f'<li><a href="#{E(slug(name))}">{E(name)}</a> ({part.count("<article ")})</li>' for name, part in written.items())
    body = "".join(f'<h2 id="{E(slug(name))}">{E(name)}</h2>{part}' for name, part in written.items())
    how = "".join(f"<p>{E(line)}</p>" for line in (counted, *HOW))
    return french(f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{TITLE}</title><style>{STYLE}</style></head>'
                  f"<body><main><h1>{TITLE}</h1>{how}<ul>{contents}</ul>{body}</main></body></html>")


def slug(name: str) -> str:
    """Return the anchor of a part."""
    return "partie-" + name.lower().replace(" ", "-").replace("é", "e").replace("è", "e")


def french(page: str) -> str:
    """Keep high punctuation on the line of its word, in the words of the packet itself; style and YAML stay as they are."""
    kept = re.split(r"(<style>.*?</style>|<pre>.*?</pre>)", page, flags=re.DOTALL)
    return "".join(part if number % 2 else re.sub(" (?=[;!?])", NARROW, part).replace(" :", f"{NO_BREAK}:")
                   for number, part in enumerate(kept))


def questions_part(known: Knowledge, graph: Graph, status: Status) -> Iterator[str]:
    """Yield the questions, numbered as the booklet."""
    asked, _ = numbers_of(graph)
    for question in known.model.questions:
        path = f"questions.{question.fact}"
        options = numbered(f"<code>{E(str(one.value).lower())}</code> {both(one.label)}" for one in question.options)
        number = f"n° {asked[question.fact]}" if question.fact in asked else "sur les résultats"
        yield card(path, f"{E(question.ask.fr)} ({number})", rows([
            ("Question", both(question.ask)), ("Aide", both(question.help) if question.help else ""),
            ("Réponses", options if question.options else "")]), status(path))


def derived_part(known: Knowledge, found: Mapping[str, Entry], status: Status) -> Iterator[str]:
    """Yield the facts that rules name and nobody is asked, each with what makes it true."""
    for derived in known.model.derived.values():
        path = f"derived.{derived.id}"
        yield card(path, E(derived.label.fr), rows([("Sens", both(derived.label))]) + f"<pre>{E(found[path].lines)}</pre>", status(path))


def rules_part(known: Knowledge, found: Mapping[str, Entry], graph: Graph, status: Status) -> Iterator[str]:
    """Yield the rules, body by body, each body with its decision table."""
    _, spoken = numbers_of(graph)
    paths = {path.split(".", 1)[1]: path for path in found if path.startswith("rules/")}
    for body in known.bodies.values():
        yield f"<h3>{both(body.name)}</h3>"
        for rule in (one for one in known.model.rules if one.body == body.id):
            numbers = spoken.get(rule.id, [])
            listed = ", ".join(map(str, numbers[:12])) + (f" et {len(numbers) - 12} autres" if len(numbers) > 12 else "")
            yield card(paths[rule.id], E(rule.id), rows([
                ("Raison donnée", both(rule.because)), ("Textes", cited(known, rule.sources)),
                ("Cas", E(", ".join(rule.shown_by))), ("Résultats n°", listed)])
                + f"<pre>{E(found[paths[rule.id]].lines)}</pre>", status(paths[rule.id]))
        yield table(known, body.id)


def cited(known: Knowledge, ids: Sequence[str]) -> str:
    """Return references, linked to the packet's own entries."""
    return ", ".join(f'<a href="#{E(law_path(known, id_))}">{E(known.laws[id_].short.fr)}</a>' for id_ in ids)


def law_path(known: Knowledge, law: str) -> str:
    """Return the path of a law."""
    return f"laws/{Path(known.laws[law].place.file).stem}.{law}"


def table(known: Knowledge, body: str) -> str:
    """Return the decision table of a body: one line for each combination of facts that is enough."""
    lines = []
    for rule in (one for one in known.model.rules if one.body == body):
        until = f" au {rule.in_force_to.isoformat()}" if rule.in_force_to else ""
        head = (f"<code>{E(rule.id)}</code>", f"{STANDINGS[rule.standing]}, {LEVELS[rule.level]}"
                + (", clôt le conseil" if rule.closes else ""), f"depuis le {rule.in_force_from.isoformat()}{until}")
        for term in rule.when:
            conditions = "<br>".join(E(condition(known.model, known.model.literals[number])) for number in term)
            cells = (*head, conditions or "toujours", cited(known, rule.sources))
            lines.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    titles = "".join(f"<th>{title}</th>" for title in ("Règle", "Conseil", "En vigueur", "Quand tout ceci est vrai", "Textes"))
    return f"<table><thead><tr>{titles}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def condition(model: Model, literal: Literal) -> str:
    """Return one test of a rule in French words."""
    if literal.fact in model.derived:
        return model.derived[literal.fact].label.fr if True in literal.values else f"pas ceci : {model.derived[literal.fact].label.fr}"
    fact, question = model.facts[literal.fact], next(one for one in model.questions if one.fact == literal.fact)
    if literal.member is not None:
        return f"{fact.label.fr} : {'' if literal.positive else 'pas '}{quoted(value_words(question, frozenset({literal.member}), 'fr'))}"
    if literal.years is not None:
        counted = ", comptés du 1er janvier suivant" if literal.year_end else ""
        return f"{fact.label.fr} : il y a {'moins' if literal.positive else 'plus'} de {literal.years} ans{counted}"
    held, others = ([quoted(value_words(question, value, "fr")) for value in (fact.values or (True, False))
                     if (value in literal.values) is wanted] for wanted in (True, False))
    return f"{fact.label.fr} : {' ou '.join(held) if len(held) <= len(others) else 'pas ' + ', ni '.join(others)}"


def quoted(words: str) -> str:
    """Return words between French quotation marks."""
    return f"«{NARROW}{words}{NARROW}»"


def bodies_part(known: Knowledge, status: Status) -> Iterator[str]:
    """Yield what is said of each body."""
    for body in known.bodies.values():
        lists = [("Qui", body.who), ("À envoyer", body.send), ("Délais", body.time_limits), ("Ensuite", body.next),
                 ("Avec les autres", body.interaction), ("Quand ce n’est pas la voie", body.not_when)]
        yield card(f"bodies/{body.id}", E(body.name.fr), rows([
            ("Nom", both(body.name)), ("But", both(body.aim)), ("Rôle", both(body.does)), ("Coût", both(body.cost)),
            ("Comment", "<br>".join(both(one.text) for one in body.how)),
            *((label, "<br>".join(map(both, texts))) for label, texts in lists), ("Textes", cited(known, body.sources))]),
            status(f"bodies/{body.id}"))


def laws_part(known: Knowledge, status: Status) -> Iterator[str]:
    """Yield the texts of law, with what was read of each."""
    for law in known.laws.values():
        yield card(law_path(known, law.id), E(law.short.fr), rows([
            ("Titre", both(law.title)), ("État", STATES[law.state]), ("Extrait", f"<q>{E(law.extract)}</q>" if law.extract else ""),
            ("Sens", both(law.meaning)), ("Comparé", f"{law.compared_on.isoformat()} : {both(law.compared_with)}"),
            ("Note", both(law.note) if law.note else ""), ("Adresse", f'<a href="{E(law.url)}">{E(law.url)}</a>')]),
            status(law_path(known, law.id)))


def statements_part(known: Knowledge, status: Status) -> Iterator[str]:
    """Yield the sourced sentences."""
    for one in known.statements.values():
        path = f"statements/{one.theme}.{one.id}"
        yield card(path, E(one.id), rows([
            ("Énoncé", both(one.text)), ("État", STATUSES[one.status]), ("Source", both(one.source)),
            ("Textes", cited(known, one.laws)), ("Note", both(one.note) if one.note else "")]), status(path))


def cases_part(known: Knowledge, all_cases: Sequence[Case], status: Status) -> Iterator[str]:
    """Yield the cases: a situation in words, and the advice the law gives it."""
    names = {body.id: body.name.fr for body in known.bodies.values()}
    for case in all_cases:
        situation = " ; ".join(fact_words(known.model, case.facts, fact, "fr") for fact in case.facts)
        reasons = (*case.also.items(), *case.not_possible.items())
        explained = "<br>".join(f"{E(names[body])} : {both(says)} ({cited(known, [law])})" for body, (law, says) in reasons)
        yield card(f"cases.{case.id}", both(case.title), rows([
            ("Le jour", case.on.isoformat()), ("Situation", E(situation)), ("Conseil", numbered(E(names[one]) for one in case.expected)),
            ("Aussi possible", E(", ".join(names[one] for one in case.optional))),
            ("Jamais", E(", ".join(names[one] for one in case.must_not))), ("Précisions", explained),
            ("Pourquoi", both(case.why)), ("Textes", cited(known, case.sources))]), status(f"cases.{case.id}"))


def print_pdf(page: Path, to: Path) -> None:
    """Print the packet with the machine's browser."""
    from playwright.sync_api import sync_playwright

    from scripts.project.browser import FLAGS, find_browser

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), headless=True, args=list(FLAGS))
        tab = browser.new_page(java_script_enabled=False)
        tab.goto(page.as_uri())
        tab.pdf(path=to, prefer_css_page_size=True, tagged=True, outline=True)
        browser.close()


def sign(path: str, by: str, on: date, note: str | None) -> None:
    """Add a reading to knowledge/reviewed.yaml.

    Raises:
        KeyError: No entry has this path.
    """
    entry = entries(knowledge(), cases())[path]
    file = KNOWLEDGE / "reviewed.yaml"
    kept = [line for line in file.read_text(encoding="utf-8").splitlines() if line != "[]"]
    words = {"what": path, "by": by, "day": on.isoformat(), "hash": entry.hash, **({"note": note} if note else {})}
    kept.append("- {" + ", ".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in words.items()) + "}")
    file.write_text("\n".join(kept) + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verb and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.upkeep.review", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", metavar="command")
    signing = commands.add_parser("sign", help="note that somebody read an entry")
    signing.add_argument("path", help="the entry, as the packet names it")
    signing.add_argument("--by", required=True, help="who read it")
    signing.add_argument("--on", type=date.fromisoformat, default=None, help="the day (default: today)")
    signing.add_argument("--note", help="a remark")
    parser.add_argument("--html-only", action="store_true", help="write no PDF")
    options = parser.parse_args(arguments)
    if options.command == "sign":
        try:
            sign(options.path, options.by, options.on or date.today(), options.note)
        except KeyError:
            print(f"no entry has the path '{options.path}'. Take it from the packet.", file=sys.stderr)
            return 2
        print(f"{options.path}: read by {options.by}")
        return 0
    OUT.mkdir(parents=True, exist_ok=True)
    page = OUT / "packet.html"
    page.write_text(packet(knowledge(), cases(), compiled()[1]), encoding="utf-8")
    written = [page]
    if not options.html_only:
        print_pdf(page, OUT / "packet.pdf")
        written.append(OUT / "packet.pdf")
    print("\n".join(f"{path.relative_to(ROOT)} ({path.stat().st_size:,} bytes)" for path in written))
    return 0


if __name__ == "__main__":
    sys.exit(main())
