"""Write the packet a person who speaks a language reads and signs; note what was read.

    python -m scripts.upkeep.language_review ar                        build/review/langue-ar.html (make review LANG=ar)
    python -m scripts.upkeep.language_review ar note [TEXT…]           the French of today is what these texts translate
    python -m scripts.upkeep.language_review ar back [TEXT…]           these second translations are made from the words of today
    python -m scripts.upkeep.language_review ar revised TEXT…          somebody went over them again
    python -m scripts.upkeep.language_review ar sign TEXT… --by "…"    a person who speaks it read them, today, in this role

A text is a draft until then. When its French moves it is stale, whoever read it; when its own words move, it is a draft again, and
its second translation, back into French, must be made anew.
"""

import argparse
import html
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from decision_tree.authoring.read.problems import KnowledgeError, did_you_mean
from scripts.content.card import Card, Language, Noted, mark, pieces
from scripts.content.card_files import LANGUAGES, NOTES, load_card, polarity, risky_in
from scripts.content.loaded import knowledge
from scripts.content.set_apart import isolated
from scripts.project.paths import ROOT

OUT = ROOT / "build" / "review"
HEAD = """\
# What was noted of each translation: the mark of the French it was made from (of), that of the words its second translation was made
# from (back); once read, its own mark (text), by whom, when.
# Written by python -m scripts.upkeep.language_review; a text without a status is a draft.
"""
STATUS = {"missing": "manque", "draft": "brouillon", "revised": "repris", "reviewed": "relu", "stale": "plus ancien que le français"}
STYLE = """
@page { size: A4; margin: 14mm; }
body { font: 11pt/1.5 system-ui, "Noto Sans", sans-serif; color: #111; background: #fff;
  max-inline-size: 62rem; margin: 0 auto; padding: 1rem; }
table { border-collapse: collapse; inline-size: 100%; table-layout: fixed; margin-block: 1em; }
th, td { border: 1px solid #777; padding: .4em .6em; text-align: start; vertical-align: top; overflow-wrap: break-word; }
tr { break-inside: avoid; } .own { font-size: 1.15em; } small { color: #444; } .read { inline-size: 7rem; }
mark { background: #fff3cd; color: #111; }
.line { display: inline-block; inline-size: 14rem; border-block-end: 1px solid #111; }
"""
HOW = (
    "Lisez chaque texte dans votre langue, puis en français : disent-ils la même chose ?",
    "Les mots à risque viennent d’abord : s’ils sont faux, la personne fait autre chose que ce qu’elle doit.",
    "Les nombres, les noms et les adresses viennent du site : ils ne se traduisent pas.",
    "« Retour » est une seconde traduction, faite du texte vers le français : elle aide à voir ce qui a bougé.",
    "Corrigez à la main. Cochez « lu » pour chaque ligne juste, puis signez : votre rôle suffit, sans votre nom si vous préférez.",
)
E = html.escape


def packet(card: Card, language: Language) -> str:
    """Return the packet of a language as one HTML page: risky words first, then text by text in two columns."""
    title = f"Relecture : {language.name} ({language.own})"
    parts = [f"<h1>{E(title)}</h1>", counts(card, language), "<ul>", *(f"<li>{E(line)}</li>" for line in HOW), "</ul>",
             "<h2>Les mots à risque</h2>", risky_table(card, language), "<h2>Les textes</h2>", texts_table(card, language), SIGN]
    return (f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{E(title)}</title><style>{STYLE}</style></head><body>'
            + "\n".join(parts) + "</body></html>\n")


SIGN = ('<h2>Signature</h2><p>Rôle de la personne qui a lu (interprète, médiatrice, soignant…) : <span class="line"></span></p>'
        '<p>Jour : <span class="line"></span> Signature : <span class="line"></span></p>')


def counts(card: Card, language: Language) -> str:
    """Return how many texts were read how far."""
    found: Counter[str] = Counter(card.status(language.code, key) for key in card.texts)
    return f"<p>{len(card.texts)} textes : {', '.join(f'{found[one]} {word}' for one, word in STATUS.items() if found[one])}.</p>"


def risky_table(card: Card, language: Language) -> str:
    """Return the risky words with the texts that hold them, the chosen and the forbidden renderings."""
    rows = []
    for word in card.risky:
        held = [key for key, one in card.texts.items() if word in risky_in(card, one.text)]
        use, never = (_alternatives(table.get(language.code, "")) for table in (word.use, word.never))
        without = word.none.get(language.code)
        forbidden = f"<td>{E(without)}</td>" if without else f"<td {_own(language)}>{E(never)}</td>"
        rows.append(f"<tr><td>{E(word.why)}<br><small>{E(', '.join(held))}</small></td>"
                    f"<td {_own(language)}>{E(use)}</td>{forbidden}<td class=\"read\">☐ lu</td></tr>")
    return table_of(("Ce que le mot doit dire", "Mot choisi", "Mots interdits", "Lu"), rows)


def texts_table(card: Card, language: Language) -> str:
    """Return every text, those that say no, only, first or after marked."""
    rows = []
    for key, french in card.texts.items():
        own = language.texts.get(key)
        marked = " <mark>non, seulement, d’abord, après</mark>" if polarity(french.text) else ""
        back = f"<br><small>Retour : {E(language.back[key].text)}</small>" if key in language.back else ""
        about = f"<br><small>{E(key)} · {STATUS[card.status(language.code, key)]}</small>{marked}"
        said = filled(own.text, language.code) if own else ""
        rows.append(f'<tr><td>{filled(french.text)}{about}{back}</td><td {_own(language)}>{said}</td><td class="read">☐ lu</td></tr>')
    return table_of(("Français", E(language.own), "Lu"), rows)


def table_of(heads: Sequence[str], rows: Iterable[str]) -> str:
    """Return a table."""
    return f"<table><thead><tr>{''.join(f'<th scope=col>{one}</th>' for one in heads)}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def filled(text: str, code: str = "fr") -> str:
    """Return a text with what comes from the knowledge, set apart."""
    return "".join(isolated(one.text, french=one.kind != "contact") if one.kind else E(one.text) for one in pieces(text, knowledge(), code))


def _own(language: Language) -> str:
    return f'class="own" lang="{language.code}" dir="{language.direction}"'


def _alternatives(pattern: str) -> str:
    return pattern.replace("\\b", "").replace("|", " / ")


def note(card: Card, code: str, keys: Sequence[str], status: str, by: str = "", day: date | None = None) -> dict[str, Noted]:
    """Return the notes of a language with those of some texts made anew from what they say today."""
    language = card.languages[code]
    made: dict[str, Noted] = {}
    for key in keys:
        before = language.noted.get(key, Noted(of=mark(card.texts[key].text)))
        if status == "back":
            made[key] = replace(before, back=mark(language.texts[key].text))
        elif status == "draft":
            made[key] = Noted(of=mark(card.texts[key].text), back=before.back)
        else:
            made[key] = Noted(of=mark(card.texts[key].text), back=before.back, status="reviewed" if by else "revised",
                              text=mark(language.texts[key].text), by=by, day=day)
    return {**language.noted, **made}


def write_notes(card: Card, noted: dict[str, dict[str, Noted]], folder: Path = LANGUAGES) -> None:
    """Write the notes of every language, in the order of the French texts."""
    lines = [HEAD]
    for code in sorted(noted):
        lines.append(f"{code}:\n")
        lines += [f"  {key}: {{{_line(noted[code][key])}}}\n" for key in card.texts if key in noted[code]]
    (folder / NOTES).write_text("".join(lines), "utf-8")


def _line(one: Noted) -> str:
    parts = {"of": f'"{one.of}"'} | ({"back": f'"{one.back}"'} if one.back else {})
    if one.status != "draft":
        parts |= {"status": one.status, "text": f'"{one.text}"'}
    if one.by:
        parts |= {"by": f'"{one.by}"', "day": f'"{one.day}"'}
    return ", ".join(f"{key}: {value}" for key, value in parts.items())


def mistake(card: Card, options: argparse.Namespace) -> str:
    """Return what keeps a note from being written, or nothing."""
    if options.code not in card.languages:
        return f"no card is in '{options.code}'. {did_you_mean(options.code, card.languages, 'begin it: make new-language.')}"
    for key in options.texts:
        if key not in card.texts:
            return f"no text is called '{key}'. {did_you_mean(key, card.texts, 'take its name from languages/card.yaml.')}"
    if options.what == "back" and (without := [key for key in options.texts if key not in card.languages[options.code].back]):
        return f"'{without[0]}' has no second translation. Write it under back in languages/{options.code}/card.yaml."
    if options.what in ("revised", "sign") and not options.texts:
        return "name the texts that were read."
    if options.what == "sign" and not options.by.strip():
        return 'a reading is signed in a role. Write --by "interprète", for one.'
    return ""


def moved(card: Card, language: Language, what: str) -> list[str]:
    """Return the texts whose note is out of date: for their second translation, or for their French."""
    if what == "back":
        noted = {key: one.back for key, one in language.noted.items()}
        return [key for key in language.back if key in language.texts and noted.get(key) != mark(language.texts[key].text)]
    return [key for key in card.texts if card.status(language.code, key) in ("stale", "missing")]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verb and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.upkeep.language_review", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("code", help="ar, ta…")
    parser.add_argument("what", nargs="?", choices=("note", "back", "revised", "sign"), help="what to note; nothing: write the packet")
    parser.add_argument("texts", nargs="*", metavar="TEXT", help="names of texts; for note and back, all that moved by default")
    parser.add_argument("--by", default="", help="the role of the person who read them")
    options = parser.parse_args(arguments)
    try:
        card = load_card(judged=options.what != "back")   # a second translation that is out of date is a problem until it is noted
    except KnowledgeError as error:
        print(error, file=sys.stderr)
        return 2
    if wrong := mistake(card, options):
        print(f"language_review: {wrong}", file=sys.stderr)
        return 2
    if options.what is None:
        OUT.mkdir(parents=True, exist_ok=True)
        (OUT / f"langue-{options.code}.html").write_text(packet(card, card.languages[options.code]), "utf-8")
        print(f"language_review: {OUT / f'langue-{options.code}.html'}")
        return 0
    status = {"note": "draft", "back": "back"}.get(options.what, "read")
    today = date.today() if options.what == "sign" else None
    keys = options.texts or moved(card, card.languages[options.code], options.what)
    noted = {code: dict(one.noted) for code, one in card.languages.items()}
    noted[options.code] = note(card, options.code, keys, status, options.by.strip(), today)
    write_notes(card, noted)
    print(f"language_review: {options.code}, {len(keys)} texts noted")
    return 0


if __name__ == "__main__":
    sys.exit(main())
