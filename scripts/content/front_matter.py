"""The front matter of a page, the mark of a translation, and the same page in both locales."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

from decision_tree.authoring.read.knowledge import Knowledge
from decision_tree.authoring.read.problems import Problem
from decision_tree.locales import LOCALES
from scripts.content.backlinks import laws_of
from scripts.content.page import AUDIENCES, Page

KEYS = ("title", "description", "audience", "statements", "sources", "compared")
STAMP = "Run `python -m scripts.content stamp {name}`."


def check(page: Page, facts: Knowledge) -> Iterator[Problem]:
    """Yield what is wrong in the front matter of a page, and what keeps its macros from being read."""
    if page.syntax_problem:
        yield page.syntax_problem
    for key in KEYS:
        if key not in page.meta:
            hint = STAMP.format(name=page.name) if key in ("statements", "sources") else f"Add a line “{key}: …”."
            yield page.problem(1, f"the front matter lacks '{key}'", hint)
    meta = page.meta
    if meta.get("audience") not in AUDIENCES:
        yield page.problem(page.meta_line("audience"), f"the audience is '{meta.get('audience')}'", f"Write one of {', '.join(AUDIENCES)}.")
    if not isinstance(meta.get("compared"), date):
        yield page.problem(page.meta_line("compared"), "the day of comparison is no date", "Write it as 2026-11-22.")
    yield from check_summary(page)
    yield from check_lists(page, facts)


def check_summary(page: Page) -> Iterator[Problem]:
    """Yield what is wrong in the summary of a page: one sentence, not the title again."""
    summary = str(page.meta.get("description", "")).strip()
    if len(re.findall(r"[.!?…](?:\s|$)", summary)) != 1 or not summary.endswith((".", "?", "!", "…")):
        hint = "Say in one sentence what the reader finds here."
        yield page.problem(page.meta_line("description"), "the description is not one sentence", hint)


def used_statements(page: Page) -> tuple[str, ...]:
    """Return the statements a page cites, in order, once each."""
    return tuple(dict.fromkeys(call.id for call in page.calls if call.macro == "src"))


def check_lists(page: Page, facts: Knowledge) -> Iterator[Problem]:
    """Yield where `statements` and `sources` do not say what the macros of the page cite."""
    wanted = {"statements": list(used_statements(page)), "sources": sorted(laws_of(page, facts))}
    for key, ids in wanted.items():
        if sorted(map(str, page.meta.get(key) or [])) != sorted(ids):
            yield page.problem(page.meta_line(key), f"'{key}' does not list what the page cites", STAMP.format(name=page.name))


def stamped(page: Page, french: Page | None, facts: Knowledge) -> str:
    """Return the text of a page with `statements` and `sources` taken from its macros and, in English, the mark of its French page."""
    head, rest = page.text[4 : page.text.index("\n---\n", 3)], page.text[page.text.index("\n---\n", 3) :]
    values = {"statements": f"[{', '.join(used_statements(page))}]", "sources": f"[{', '.join(sorted(laws_of(page, facts)))}]"}
    if french is not None:
        values["translation_of"] = french.hash if not french.hash.isdigit() else f'"{french.hash}"'
    for key, value in values.items():
        line = f"{key}: {value}"
        head, found = re.subn(rf"^{key}:.*(?:\n\s*-.*)*$", line, head, count=1, flags=re.MULTILINE)
        head += "" if found else f"\n{line}"
    return f"---\n{head}{rest}"


def check_pair(french: Page, english: Page) -> Iterator[Problem]:
    """Yield where two pages of the same path do not say the same: headings, macros, audience, date."""
    yield from check_headings(french, english)
    yield from check_macros(french, english)
    for key in ("audience", "compared"):
        if french.meta.get(key) != english.meta.get(key):
            what = f"'{key}' is {english.meta.get(key)}, {french.meta.get(key)} in French"
            yield english.problem(english.meta_line(key), what, "Write the same in both locales.")
    if not english.meta.get("translation_of"):
        hint = f"{STAMP.format(name=english.name)} Do so after reading both."
        yield english.problem(1, "nothing says which French text this translates", hint)


def check_headings(french: Page, english: Page) -> Iterator[Problem]:
    """Yield the first heading that has no counterpart of its level in the other locale."""
    ours, theirs = french.headings, english.headings
    for here, there in zip(ours, theirs, strict=False):
        if here.level != there.level:
            what = f"the heading “{there.text}” is of level {there.level}, its French one of level {here.level}"
            yield english.problem(there.line, what, f"See {french.place(here.line)}.")
            return
    if len(ours) != len(theirs):
        extra, page, other = (ours[len(theirs)], french, english) if len(ours) > len(theirs) else (theirs[len(ours)], english, french)
        yield page.problem(extra.line, f"the heading “{extra.text}” has no counterpart", f"Add it to {other.name}, or take it out.")


def check_macros(french: Page, english: Page) -> Iterator[Problem]:
    """Yield each macro that one page calls more often than the other."""
    ours, theirs = (Counter((call.macro, call.id) for call in page.calls) for page in (french, english))
    for page, other, missing in ((french, english, ours - theirs), (english, french, theirs - ours)):
        for macro, id in missing:
            line = next(call.line for call in page.calls if (call.macro, call.id) == (macro, id))
            what = f'{{{{ {macro}("{id}") }}}} is called here more often than in {other.name}'
            yield page.problem(line, what, "Call it in both, or in neither.")


def pairs(pages: Mapping[str, tuple[Page, ...]]) -> Iterator[tuple[Page, Page] | Problem]:
    """Yield (French, English) for each path; a problem where a page exists in one locale only."""
    french, english = ({page.path: page for page in pages[locale]} for locale in LOCALES)
    for path in sorted(french.keys() | english.keys()):
        if path in french and path in english:
            yield french[path], english[path]
        else:
            page, other = (french.get(path) or english[path]), "en" if path in french else "fr"
            yield page.problem(1, "this page exists in one language only", f"Write docs/{other}/{path}.")
