"""The licences of what others wrote: NOTICES.md, made from the locks.

    python -m scripts.project.notices            write NOTICES.md again, after a change in a lock
    python -m scripts.project.notices --check    say whether it is current, and change nothing

Names and versions come from requirements*.txt and package-lock.json; licences from the installed packages and the lock of npm.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from scripts.project.paths import ROOT

FILE = ROOT / "NOTICES.md"
APPS = ROOT / "tests" / "embed" / "apps"
MODULES = ROOT / "node_modules"
PINNED = re.compile(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)", re.MULTILINE)
PREFIX = "License :: OSI Approved :: "
SHORT = {
    "MIT License": "MIT", "Apache Software License": "Apache-2.0", "Apache 2.0": "Apache-2.0", "Apache": "Apache-2.0", "BSD License": "BSD",
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later", "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "GNU General Public License v2 (GPLv2)": "GPL-2.0 with the Classpath exception",
}
UNSAID = {"png-js": "MIT"}   # whose lock says nothing, read in the package
# What readers receive, in the site or in a leaflet, with where its licence stands. All other packages only build and check.
SENT: Mapping[str, str] = {
    "minisearch": "the search page",
    "docx": "the letter as a document, when asked for",
    "pdfkit": "the letter as a PDF, when asked for",
    "qrcode-generator": "QR codes made on the device, in the guide",
    "pyodide": "Python in the guide (its own notice is sent with it: `assets/runtime/notices.*.txt`)",
}
OTHERS = """\
| what | where | licence |
|---|---|---|
| CPython and its standard library | inside Pyodide, in the guide | PSF-2.0 |
| Material Design Icons, by Pictogrammers, as mkdocs-material ships them | drawings beside words, in the pages | Apache-2.0 |
| IBM Plex Sans and IBM Plex Serif | letters of the leaflets; their licences are in `leaflets/fonts/` | OFL-1.1 |
| Noto Naskh Arabic, Noto Sans Bengali and Noto Sans Tamil | letters of the cards; licences in `leaflets/fonts/` | OFL-1.1 |
| départements | `decision_tree/knowledge/directory/`, from public data | Licence Ouverte |
| list of funds | the same folder, partly from a nomenclature of the assurance maladie | MPL-2.0 |
"""


@dataclass(frozen=True, slots=True)
class Package:
    """One locked package."""

    name: str
    version: str
    licence: str


class NoticesError(Exception):
    """The notices cannot be written; the message says what is missing."""


def python_packages(lock: Path) -> Iterator[Package]:
    """Yield the packages of a lock, with the licence each says it has.

    Raises:
        NoticesError: A package is not installed, or says nothing of its licence.
    """
    for name, version in PINNED.findall(lock.read_text("utf-8")):
        try:
            yield Package(name, version, licence_of(name))
        except PackageNotFoundError as error:
            raise NoticesError(f"{lock.name}: {name} is locked, but not installed. Run: make setup") from error


def licence_of(name: str) -> str:
    """Return the licence an installed package says it has, as short as it can be said."""
    found = metadata(name)
    said, loose = (" ".join(found.get_all(key) or [""]) for key in ("License-Expression", "License"))
    classes = [one.removeprefix(PREFIX) for one in found.get_all("Classifier") or [] if one.startswith(PREFIX)]
    text = said or ", ".join(classes) or loose.partition("\n")[0]
    if not text or text == "UNKNOWN":
        raise NoticesError(f"{name} does not say its licence."
                           " Look at its source, then add the answer to SHORT in scripts/project/notices.py.")
    return SHORT.get(text, text)


def node_packages(lock: Path) -> Iterator[Package]:
    """Yield the packages of the lock of npm, each once."""
    seen = set()
    for path, entry in sorted(json.loads(lock.read_text("utf-8"))["packages"].items()):
        name = path.rpartition("node_modules/")[2]
        if not name or (name, entry["version"]) in seen:
            continue
        seen.add((name, entry["version"]))
        yield Package(name, entry["version"], entry.get("license") or UNSAID[name])


def asked_by(manifest: Path) -> Iterator[Package]:
    """Yield the packages that an application of the tests asks for by name."""
    wanted = json.loads(manifest.read_text("utf-8"))["dependencies"]
    return (one for one in node_packages(manifest.with_name("package-lock.json")) if wanted.get(one.name) == one.version)


def table(packages: Sequence[Package]) -> str:
    """Return packages as a table."""
    rows = [f"| {one.name} | {one.version} | {one.licence} |" for one in sorted(packages, key=lambda one: (one.name.lower(), one.version))]
    return "\n".join(["| package | version | licence |", "|---|---|---|", *rows]) + "\n"


def licence_text(name: str) -> str:
    """Return the licence file of an npm package, when it ships one."""
    files = sorted(path for path in (MODULES / name).iterdir() if path.name.upper().startswith("LICEN") and path.is_file())
    return files[0].read_text("utf-8").strip() if files else ""


def notices() -> str:
    """Return the whole document."""
    node = list(node_packages(ROOT / "package-lock.json"))
    sent = [one for one in node if one.name in SENT]
    if lacking := set(SENT) - {one.name for one in sent}:
        raise NoticesError(f"scripts/project/notices.py: {', '.join(sorted(lacking))} is no longer locked. Remove it from SENT.")
    rows = "\n".join(f"| {one.name} {one.version} | {SENT[one.name]} | {one.licence} |" for one in sent)
    texts = "\n".join(f"### {one.name}\n\n```text\n{text}\n```\n" for one in sent if (text := licence_text(one.name)))
    apps = [one for folder in sorted(APPS.glob("*/package.json")) for one in asked_by(folder)]
    build = list(python_packages(ROOT / "requirements.txt"))
    check = [one for one in python_packages(ROOT / "requirements-dev.txt") if one not in build]
    return f"""# What others wrote

Made by `python -m scripts.project.notices` from the locks. The licence of our own code is in [LICENSE](LICENSE), that of the texts in
[LICENSE-CONTENT.md](LICENSE-CONTENT.md).

## Sent to readers

| package | where | licence |
|---|---|---|
{rows}

{OTHERS}
{texts}
## Only used to build the site

{table(build)}
## Only used to check it

{table(check)}
## npm packages, used to build and check, but for those sent to readers

{table([one for one in node if one.name not in SENT])}
## npm packages of the sites and editors our code is tried in, for `make prove` alone

What these need in turn is named with its licence in their locks, under `tests/embed/apps/`.

{table(apps)}"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verb and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.project.notices", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when the file is not current")
    options = parser.parse_args(arguments)
    try:
        text = notices()
    except NoticesError as error:
        print(f"notices: {error}", file=sys.stderr)
        return 1
    current = FILE.exists() and FILE.read_text("utf-8") == text
    if options.check and not current:
        print("notices: NOTICES.md is not current. Run: .venv/bin/python -m scripts.project.notices", file=sys.stderr)
        return 1
    if not current:
        FILE.write_text(text, "utf-8")
    print("notices: NOTICES.md is current.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
