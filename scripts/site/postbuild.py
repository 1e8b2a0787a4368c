"""What is done to a built site whatever built it: one style sheet, a search index, names that change with the content.

MkDocs calls `finish` through the hooks; `python -m scripts.site.postbuild SITE` does the same for a site that another tool built.
"""

import argparse
import hashlib
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from decision_tree.guide.render import KEPT, is_name
from decision_tree.locales import LOCALES, conventions
from scripts.content.loaded import knowledge
from scripts.leaflets.publish import publish as publish_leaflets
from scripts.project.paths import ROOT
from scripts.site.embed import open_outside, publish
from scripts.site.guide import fill_guides
from scripts.site.search_index import write_index
from scripts.site.server_files import write_in_site
from scripts.site.service_worker import write_worker
from scripts.upkeep.change_feed import publish as publish_feeds

LAYERS = ("tokens", "base", "components", "print")
MINISEARCH = ROOT / "node_modules" / "minisearch" / "dist" / "es" / "index.js"
MINISEARCH_NOTICE = "/* MiniSearch, (c) Luca Ongaro, MIT licence */\n"
JOINED = ("embed-partner.mjs",)     # modules sent together with those they import
IMPORT = re.compile(r'^import \{[^}]*\} from "\./([\w.-]+)";\n', re.MULTILINE)
TOP_NAME = re.compile(r"^(?:export )?(?:const|let|function|class) (\w+)", re.MULTILINE)
HASHED = ("css", "js", "icons")
REFERENCE = re.compile(r"assets/(?:css|js|icons)/[\w./-]*\w")
SIBLING = re.compile(r"""(["'])\./([\w.-]+\.mjs)\1""")
TABLE = re.compile(r"<table(?P<rest>[^>]*)>(?P<inside>.*?)</table>", re.DOTALL)
SCROLLING = 'tabindex="0">'   # what stands before a table that already scrolls
ALIGNED = re.compile(r' style="text-align: (left|center|right);"')
CHUNK = 32   # pages a process takes at once
PRINTED_TEXT = (".html", ".webmanifest", ".xml", ".txt")


class FinishError(Exception):
    """The site cannot be finished; the message says which file to mend."""


def finish(site: Path) -> None:
    """Finish the site in place."""
    fill_guides(site)
    open_outside(site)
    keep_names(site)
    publish(site)
    publish_leaflets(site)
    publish_feeds(site)
    bundle_styles(site / "assets" / "css")
    bundle_scripts(site / "assets" / "js")
    names = rename(site / "assets") | index_names(site)
    pages = sorted(page for page in site.rglob("*") if page.suffix in PRINTED_TEXT and page.is_file())
    with ProcessPoolExecutor() as pool:
        list(pool.map(partial(rewrite, names=names), pages, chunksize=CHUNK))
    write_worker(site)
    write_in_site(site)


def keep_names(site: Path) -> None:
    """Let no browser that translates rename a body in the title of its page."""
    for body in knowledge().bodies.values():
        for page in (site / root / "organismes" / body.id / "index.html" for root in (conventions(one).folder for one in LOCALES)):
            if is_name(body.name) and page.exists():
                page.write_text(page.read_text("utf-8").replace("<h1", f"<h1 {KEPT}", 1), "utf-8")


def bundle_styles(folder: Path) -> None:
    """Join the layers into site.css, and compact every other style sheet."""
    layers = [folder / f"{name}.css" for name in LAYERS]
    text = "".join(flat(layer.read_text("utf-8")) for layer in layers)
    for layer in layers:
        layer.unlink()
    for other in folder.glob("*.css"):
        other.write_text(compact_css(flat(other.read_text("utf-8"))), "utf-8")
    (folder / "site.css").write_text(compact_css(text), "utf-8")
    home = folder / "home.css"               # the home page has pictures: one file for both
    if home.exists():
        home.write_text(home.read_text("utf-8") + (folder / "pictures.css").read_text("utf-8"), "utf-8")


def flat(css: str) -> str:
    """Return a layer's content without its `@layer` braces, so that a browser older than layers (2022) shows it too."""
    body = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL).strip()
    opened = re.match(r"@layer [a-z]+ \{", body)
    if not opened or not body.endswith("}"):
        raise FinishError(f"A style sheet does not stand in one @layer: {body[:60]!r}. Write all of it inside `@layer name {{ }}`.")
    return body[opened.end():-1]


def compact_css(css: str) -> str:
    """Return CSS without comments and without the spaces that mean nothing."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r"\s*([{};,])\s*", r"\1", css)
    return re.sub(r"(?<=[\w-]):\s+(?=[^{}]*[;}])", ":", css).replace(";}", "}").strip()


def bundle_scripts(folder: Path) -> None:
    """Add the search library, and leave the comments of our modules out of what is sent."""
    if MINISEARCH.exists():
        (folder / "minisearch.mjs").write_text(MINISEARCH.read_text("utf-8").rpartition("//# sourceMappingURL")[0], "utf-8")
    for entry in JOINED:
        if (folder / entry).exists():
            (folder / entry).write_text(joined(folder / entry), "utf-8")
    for module in folder.glob("*.mjs"):
        notice = MINISEARCH_NOTICE if module.name == "minisearch.mjs" else ""
        module.write_text(notice + without_comments(module.read_text("utf-8")), "utf-8")


def joined(module: Path) -> str:
    """Return a module with those it imports written in it, so that a page asks for one file.

    Raises:
        FinishError: two of them give one name to different things.
    """
    own = module.read_text("utf-8")
    parts = [re.sub(r"^export ", "", module.with_name(name).read_text("utf-8"), flags=re.MULTILINE) for name in IMPORT.findall(own)]
    text = "\n".join([*parts, IMPORT.sub("", own)])
    names = TOP_NAME.findall(text)
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise FinishError(f"{module.name} and the modules it imports all define {', '.join(twice)}. Rename one of them.")
    return text


def without_comments(script: str) -> str:
    """Return a script without the comments that have lines of their own, without indents and empty lines."""
    script = re.sub(r"^[ \t]*/\*(?:(?!\*/).)*\*/[ \t]*\n", "", script, flags=re.DOTALL | re.MULTILINE)
    lines = [line.rstrip() for line in script.splitlines()]
    if any(line.count("`") % 2 for line in lines):   # a template spans lines, where indents are text
        return "\n".join(line for line in lines if not line.lstrip().startswith("//")) + "\n"
    return "\n".join(line.lstrip() for line in lines if line and not line.lstrip().startswith("//")) + "\n"


def rename(assets: Path) -> dict[str, str]:
    """Give each asset a name that holds the hash of its content; return old → new path, from "assets/"."""
    names: dict[str, str] = {}
    for file in in_order(sorted(path for folder in HASHED for path in (assets / folder).rglob("*") if path.is_file())):
        content = file.read_bytes()
        if file.suffix == ".mjs":
            content = SIBLING.sub(lambda found: _sibling(found, names), content.decode()).encode()
        mark = hashlib.sha256(content).hexdigest()[:10]
        target = file.with_name(f"{file.stem}.{mark}{file.suffix}")
        file.unlink()
        target.write_bytes(content)
        old = file.relative_to(assets.parent).as_posix()
        names[old] = target.relative_to(assets.parent).as_posix()
    return names


def _sibling(found: re.Match[str], names: Mapping[str, str]) -> str:
    quote, name = found.groups()
    renamed = names.get(f"assets/js/{name}")
    return f"{quote}./{Path(renamed).name}{quote}" if renamed else found.group(0)


def in_order(files: list[Path]) -> Iterator[Path]:
    """Yield the files so that a module comes after those it names.

    Raises:
        FinishError: two modules name each other, so neither can hold the hash of the other.
    """
    waiting = {file: {other for other in _named(file) if other in files} for file in files}
    while waiting:
        ready = [file for file, needs in waiting.items() if not needs & waiting.keys()]
        if not ready:
            circle = ", ".join(file.name for file in waiting)
            raise FinishError(f"These modules name each other in a circle: {circle}. Move what they share to a third one.")
        for file in ready:
            del waiting[file]
        yield from ready


def _named(file: Path) -> set[Path]:
    if file.suffix != ".mjs":
        return set()
    return {file.with_name(name) for _, name in SIBLING.findall(file.read_text("utf-8"))} - {file}


def index_names(site: Path) -> dict[str, str]:
    """Write the search index of each language; return old → new path, from its own root."""
    return {
        f"{folder}search/index.json": f"{folder}search/{write_index(site / folder / 'search', locale)}"
        for folder, locale in ((conventions(one).folder, one) for one in LOCALES)
        if (site / folder / "search" / "search_index.json").exists()
    }


def rewrite(page: Path, names: Mapping[str, str]) -> None:
    """Point a page to the new names, and mend what Markdown cannot write."""
    before = page.read_text("utf-8")
    text = REFERENCE.sub(lambda found: names.get(found.group(0), found.group(0)), before)
    if page.suffix == ".html":
        folder = "en/" if 'data-search-locale="en"' in text else ""
        new = names.get(f"{folder}search/index.json", "").removeprefix(folder)
        text = text.replace("search/index.json", new) if new else text
        text = mend_tables(text)
    if text != before:
        page.write_text(text, "utf-8")


def mend_tables(page: str) -> str:
    """Let wide tables scroll by keyboard and touch, and say alignment by class: the policy forbids `style`."""
    return TABLE.sub(_table, page)


def _table(found: re.Match[str]) -> str:
    inside = ALIGNED.sub(lambda side: "" if side[1] == "left" else f' class="align-{side[1]}"', found["inside"])
    inside = re.sub(r"<th(?=[\s>])(?![^>]*scope)", '<th scope="col"', inside)
    table = f'<table{found["rest"]}>{inside}</table>'
    scrolls = found.string[: found.start()].rstrip().endswith(SCROLLING)
    return table if scrolls else f'<div class="scroll" tabindex="0">{table}</div>'


def main(arguments: list[str] | None = None) -> None:
    """Finish a site."""
    parser = argparse.ArgumentParser(prog="python -m scripts.site.postbuild", description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("site", type=Path, help="the folder that holds the built site")
    finish(parser.parse_args(arguments).site)


if __name__ == "__main__":
    main()
