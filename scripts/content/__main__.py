"""Read the pages as their writers left them: report on them, check them, set their typography, stamp their translations."""

import argparse
import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from decision_tree.authoring.read.problems import KnowledgeError
from decision_tree.locales import REFERENCE
from scripts.content.checks import rules as checks
from scripts.content.checks import typography
from scripts.content.checks.report import stale_pages, write_report
from scripts.content.checks.rules import Content, read_content
from scripts.content.front_matter import stamped
from scripts.content.page import Page


def chosen(content: Content, paths: Sequence[str]) -> list[Page]:
    """Return the pages named on the command line, all of them when none is."""
    wanted = {Path(path).resolve() for path in paths}
    pages = [page for page in content.all_pages if not paths or page.file.resolve() in wanted]
    if len(pages) < len(wanted):
        known = {page.file.resolve() for page in pages}
        raise SystemExit(f"content: no page is called {', '.join(str(path) for path in sorted(wanted - known))}.")
    return pages


def report(content: Content) -> int:
    """Print the report."""
    print("\n".join(write_report(content)))
    return 0


def check(content: Content, names: Iterable[str]) -> int:
    """Print every problem, in file order; return 1 when there is one."""
    found = checks.run(content, names)
    for problem in sorted({problem for problems in found.values() for problem in problems}):
        print(problem)
    for page in stale_pages(content):
        print(f"{page.name}: the French page has changed since; readers see a notice. Read both, then stamp it.")
    total = sum(map(len, found.values()))
    print(f"content: {', '.join(f'{name} {len(problems)}' for name, problems in found.items())}; {total} to mend.")
    return 1 if total else 0


def possible_checks() -> list[str]:
    """Return the checks this machine can run: without hunspell, spelling is left to the tests, which install it."""
    if shutil.which("hunspell"):
        return list(checks.CHECKS)
    print("content: spelling is left out, for hunspell is not installed; `make test` installs it.")
    return [name for name in checks.CHECKS if name not in ("spelling", "made pages")]


def typeset(pages: Iterable[Page]) -> int:
    """Write the typography of pages as their locale wants it."""
    for page in pages:
        if (text := typography.typeset(page)) != page.text:
            page.file.write_text(text, encoding="utf-8")
            print(f"content: {page.name} typeset.")
    return 0


def stamp(content: Content, pages: Iterable[Page]) -> int:
    """Write what pages cite into their front matter, and into a translation the mark of the French page it was read against.

    A translation is marked as read, so stamp it only after reading both pages. The French page comes first: its mark changes
    with its front matter.
    """
    french = {page.path: page for page in content.pages[REFERENCE]}
    for page in sorted(pages, key=lambda page: page.locale != REFERENCE):
        source = french.get(page.path) if page.locale != REFERENCE else None
        text = stamped(page, source, content.facts)
        if text != page.text:
            page.file.write_text(text, encoding="utf-8")
            print(f"content: {page.name} stamped.")
        if page.locale == REFERENCE:
            french[page.path] = Page("fr", page.path, text, page.docs)
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.content", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("report", help="print pages, statements, sources, readability and stale translations, with a total")
    checking = verbs.add_parser("check", help="print what is to mend, each with its file, line and mend")
    checking.add_argument("--only", action="append", choices=list(checks.CHECKS), help="run this check alone (may be repeated)")
    for verb, help in (("typeset", "set French and English typography"), ("stamp", "mark translations as read, and list what pages cite")):
        verbs.add_parser(verb, help=help).add_argument("pages", nargs="*", help="files under docs/ (all when none)")
    options = parser.parse_args(arguments)
    try:
        content = read_content()
    except KnowledgeError as error:
        print(error)
        return 1
    if options.verb == "report":
        return report(content)
    if options.verb == "check":
        return check(content, options.only or possible_checks())
    pages = chosen(content, options.pages)
    return typeset(pages) if options.verb == "typeset" else stamp(content, pages)


if __name__ == "__main__":
    sys.exit(main())
