"""Build the site in a third language: a copy of the project where the translation stands in place of the French.

Only this language's pages are built, those that have not changed taken from the last time; Python for the browser, the English pages
and the posters are not made again. The leaflets that read like a page are set in the language too. What is translated stands
between two marks nobody sees, so that each part can say its language (scripts/site/third_language.py).
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from filelock import FileLock

from decision_tree.authoring.read.shapes import name_of
from decision_tree.authoring.read.yaml_text import MappingNode, Node, ScalarNode, SequenceNode, plain_value, tree_of_text
from scripts.content.set_apart import opened
from scripts.project.paths import CACHE, ROOT
from scripts.upkeep.language import LEAFLETS, SHOWN, WORDS, LanguageError, overlay, problems

COPIES = CACHE / "languages"
LAST_LINES = 40   # of what a failed build said
COPIED = ("decision_tree", "docs", "embed", "kits", "languages", "leaflets", "overrides", "scripts",
          "mkdocs.yml", "mkdocs.en.yml", "mkdocs.base.yml", "site.yaml", "package.json", "package-lock.json", "pyproject.toml")
LINKED = ("node_modules", ".cache", ".venv", "tests")   # tests: sentences whose figures the method page gives
CONFIG = "mkdocs.third.yml"
SETTINGS = "INHERIT: mkdocs.yml\nextra:\n  alone: true\n  third: {code}\n"
PAPERS = "from scripts.leaflets.publish import published_folder; print(published_folder())"
GUIDE = "from scripts.content.compiled_guide import built_folder; built_folder()"
HEADER = '{% block header %}{% include "partials/header.html" %}{% endblock %}\n'


def build(folder: Path, to: Path) -> None:
    """Build the site in a third language, and put it at `to`.

    Raises:
        LanguageError: The translation is wrong, or the build failed.
    """
    wrong, _ = problems(folder)
    if wrong:
        raise LanguageError("the translation cannot be used:\n" + "\n".join(map(str, wrong)))
    code, settings = folder.name, settings_of(folder)
    COPIES.mkdir(parents=True, exist_ok=True)
    with FileLock(COPIES / f"{code}.lock"):
        to.parent.mkdir(parents=True, exist_ok=True)
        copy = COPIES / code
        shutil.rmtree(copy, ignore_errors=True)
        copy_project(copy)
        lay_over(folder, copy)
        (copy / CONFIG).write_text(SETTINGS.format(code=code), "utf-8")
        papers = papers_in(copy, code, settings)
        new = to.with_name(f"{to.name}.new")
        shutil.rmtree(new, ignore_errors=True)
        environment = {"LEAFLETS_MADE": papers}
        with subprocess.Popen([sys.executable, "-c", GUIDE], cwd=copy, env=surroundings(environment), stderr=subprocess.DEVNULL):
            run([sys.executable, "-m", "mkdocs", "build", "-f", str(copy / CONFIG), "--strict", "--site-dir", str(new)], copy, environment)
        run([sys.executable, "-m", "scripts.site.third_language", str(new), "--code", code, "--direction", settings["direction"],
             "--script", settings["script"], "--leaflets", papers], copy, environment)
        shutil.rmtree(to, ignore_errors=True)
        new.rename(to)


def papers_in(copy: Path, code: str, settings: Mapping[str, str]) -> str:
    """Return the folder of all leaflets: those of the published languages, and in place of the French ones those of this language."""
    published = run([sys.executable, "-c", PAPERS], ROOT).strip().splitlines()[-1]
    own = copy / "papers"
    run([sys.executable, "-m", "scripts.leaflets.third", code, "--name", settings["own"], "--direction", settings["direction"],
         "--script", settings["script"], "--published", published, "--to", str(own)], copy)
    return str(own)


def surroundings(more: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a step: compiled modules are kept, and Python for the browser is left out."""
    return {**os.environ, "PYTHONPYCACHEPREFIX": str(CACHE / "bytecode"), "RUNTIME": "full", "DISABLE_MKDOCS_2_WARNING": "true",
            "NO_MKDOCS_2_WARNING": "true", **more}


def run(command: Sequence[str], place: Path, more: Mapping[str, str] | None = None) -> str:
    """Run a step and return what it printed.

    Raises:
        LanguageError: It failed; the message holds the last of what it said.
    """
    done = subprocess.run(command, cwd=place, env=surroundings(more or {}), capture_output=True, text=True, check=False)
    if done.returncode:
        said = [line for line in f"{done.stderr}\n{done.stdout}".splitlines() if line.strip() and not line.startswith("INFO")]
        step = command[command.index("-m") + 1] if "-m" in command else "python"
        raise LanguageError("the site could not be built:\n"
                            + ("\n".join(said[-LAST_LINES:]) or f"{step} said nothing, and left {done.returncode}"))
    return done.stdout


def settings_of(folder: Path) -> Mapping[str, str]:
    """Return what languages/CODE/language.yaml says."""
    found: Mapping[str, str] = plain_value((folder / "language.yaml").read_text("utf-8"))
    return found


def copy_project(copy: Path) -> None:
    """Copy what a build reads; link what it does not change."""
    copy.mkdir(parents=True, exist_ok=True)
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            shutil.copyfile(source, copy / name)
    for name in LINKED:
        if (ROOT / name).exists():
            (copy / name).symlink_to(ROOT / name)


def lay_over(folder: Path, copy: Path) -> None:
    """Put the translated texts in place of the French ones, in a copy of the project."""
    done, settings = overlay(folder), settings_of(folder)
    by_file: dict[Path, dict[str, str]] = {copy / WORDS: {key: opened(one.text) for key, one in done.words.items()}}
    for path, one in done.knowledge.items():
        stem, _, way = path.partition(".")
        by_file.setdefault(copy / SHOWN / f"{stem}.yaml", {})[f"{way}.fr"] = opened(one.text)
    by_file[copy / LEAFLETS] = {f"{way}.fr": opened(one.text) for way, one in done.leaflets.items()}
    for file, texts in by_file.items():
        replace_texts(file, texts)
    with (copy / LEAFLETS).open("a", encoding="utf-8") as words:
        words.write(f"\nthird: {folder.name}\n")   # the card's texts on the leaflets are those of this language, where it has a card
    added = f"---\nlang: {folder.name}\ndirection: {settings['direction']}\n"
    for page in done.pages:
        text = (folder / "pages" / page).read_text("utf-8")
        (copy / "docs" / "fr" / page).write_text(text.replace("---\n", added, 1), "utf-8")
    say_untranslated(copy / "overrides" / "base.html", settings, folder.name)


def replace_texts(file: Path, texts: Mapping[str, str]) -> None:
    """Write other texts in a YAML file, each at the end of its way."""
    source = file.read_text("utf-8")
    tree = tree_of_text(source)
    edits = []
    for way, text in texts.items():
        node = at(tree, way)
        start, end = node.start_mark.index, node.end_mark.index
        old = source[start:end]
        edits.append((start, end, json.dumps(text, ensure_ascii=False) + old[len(old.rstrip()):]))
    for start, end, new in sorted(edits, reverse=True):
        source = source[:start] + new + source[end:]
    file.write_text(source, "utf-8")


def at(node: Node | None, way: str) -> Node:
    """Return the node at the end of a way: keys, ids or numbers of entries, joined by dots; an id may hold dots itself."""
    if isinstance(node, ScalarNode) and not way:
        return node
    inside: list[tuple[str, Node]] = []
    if isinstance(node, MappingNode):
        inside = [(key.value, value) for key, value in node.value]
    elif isinstance(node, SequenceNode):
        inside = [(name, item) for number, item in enumerate(node.value, 1) for name in (name_of(item), str(number)) if name]
    found = max((one for one in inside if f"{way}.".startswith(f"{one[0]}.")), key=lambda one: len(one[0]), default=None)
    if found is None:
        raise LanguageError(f"scripts/upkeep/language_build.py: nothing stands at {way}. Mend `at`, which follows the paths of the loader.")
    return at(found[1], way[len(found[0]) + 1:])


def say_untranslated(template: Path, settings: Mapping[str, str], code: str) -> None:
    """Let each page that is still French say so, as the shell says the language of each translated one."""
    text = template.read_text("utf-8")
    said = settings.get("notice")
    own = f'<p lang="{code}" dir="{settings["direction"]}">{escape(said)}</p>' if said else ""
    notice = (f'{{% if locale == "fr" and not (page and page.meta.lang) %}}<aside class="notes" data-untranslated aria-label="Langue">'
              f'<p>Cette page n’est pas encore traduite en {escape(settings["name"])} : elle est en français.</p>{own}'
              '</aside>{% endif %}\n')
    if HEADER not in text:
        raise LanguageError("scripts/upkeep/language_build.py: overrides/base.html has changed."
                            " Mend `say_untranslated`, which adds the notice to it.")
    template.write_text(text.replace(HEADER, HEADER + notice), "utf-8")
