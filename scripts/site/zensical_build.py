"""Build the site with Zensical, the successor of Material for MkDocs, and hold it to the same checks.

Advisory: the site is published with MkDocs until Zensical runs hooks and macros. Here MkDocs hands over the pages
after their macros; Zensical turns them into HTML, checks their links and makes the search index; our templates, called from
Python, put the shell around; the same last steps and the same checks follow. What still needs MkDocs is what is left to replace.

    python -m scripts.site.zensical_build --to build/zensical
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from decision_tree.authoring.read.yaml_text import written
from decision_tree.locales import REFERENCE
from scripts.project.paths import ROOT
from scripts.site.hooks import TABLES
from scripts.site.postbuild import finish
from scripts.site.shell import parts
from scripts.site.site_check import problems

VERSION = "zensical"          # the newest that this Python can install
TOOL = ROOT / ".cache" / "zensical"
MARKER = "<!--shell-->"
KEPT = "https://kept.invalid/"    # before a relative address inside HTML: Zensical rewrites those too, MkDocs does not
PLAIN = f"{{{{ page.toc | tojson }}}}{MARKER}{{{{ page.content }}}}"
CONFIG = """site_name: {name}
site_url: {address}
docs_dir: docs
site_dir: out
theme: {{name: material, custom_dir: overrides, language: {locale}, font: false}}
plugins: [search]
"""
Pages = Mapping[str, Mapping[str, Any]]     # address of a page → what its templates show


def install() -> Path:
    """Return Zensical's command, installed in an environment of its own."""
    command = TOOL / "bin" / "zensical"
    if not command.exists():
        venv.create(TOOL, with_pip=True)
        subprocess.run([TOOL / "bin" / "python", "-m", "pip", "install", "--quiet", VERSION], check=True)
    return command


def export(locale: str, site: Path, work: Path) -> tuple[Pages, Any]:
    """Build one language with MkDocs, and write its pages, macros done, where Zensical will read them; return what templates show."""
    from mkdocs.commands.build import build
    from mkdocs.config import load_config
    from mkdocs.plugins import BasePlugin, event_priority

    shown: dict[str, Mapping[str, Any]] = {}
    templates: list[Any] = []

    class Export(BasePlugin):     # type: ignore[no-untyped-call, type-arg]
        """Listens to the build."""

        @event_priority(-200)
        def on_page_markdown(self, markdown: str, page: Any, **_: Any) -> str:
            file = work / "docs" / page.file.src_uri
            file.parent.mkdir(parents=True, exist_ok=True)
            head = written({"title": page.title})
            kept = markdown.replace('href="../', f'href="{KEPT}../')
            file.write_text(f"---\n{head}---\n{kept}", "utf-8")
            return markdown

        @event_priority(-200)
        def on_env(self, env: Any, **_: Any) -> Any:
            templates.append(env)
            return env

        @event_priority(-200)
        def on_page_context(self, context: Any, page: Any, **_: Any) -> Any:
            shown[page.url.removeprefix("./")] = {**context, "template": page.meta.get("template", "main.html")}
            return context

    config = load_config(str(ROOT / ("mkdocs.yml" if locale == REFERENCE else f"mkdocs.{locale}.yml")), site_dir=str(site))
    config.extra["alone"] = True
    config.plugins["export"] = Export()
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    address, extensions = config.site_url, extension_names((ROOT / "mkdocs.base.yml").read_text("utf-8"))
    head = CONFIG.format(name=json.dumps(config.site_name), address=address, locale=locale)
    (work / "mkdocs.yml").write_text(head + _extensions(extensions), "utf-8")
    return shown, templates[0]


def extension_names(configuration: str) -> list[str]:
    """Return the Markdown extensions a configuration names; the settings of some are Python's, which plain YAML cannot read."""
    listed = configuration.partition("markdown_extensions:\n")[2].partition("\n\n")[0]
    return re.findall(r"^  ([\w.]+):", listed, re.MULTILINE)


def _extensions(extensions: Sequence[str]) -> str:
    names = "".join(f"  - {name}\n" for name in extensions if name not in ("toc", "pymdownx.emoji"))
    return (
        f"markdown_extensions:\n{names}"
        f"  - {TABLES}\n"
        "  - toc: {permalink: false}\n"
        "  - pymdownx.emoji:\n"
        "      emoji_index: !!python/name:material.extensions.emoji.twemoji\n"
        "      emoji_generator: !!python/name:material.extensions.emoji.to_svg\n"
    )


def render_all(shown: Pages, env: Any, made: Path, site: Path) -> None:
    """Put our shell around each page that Zensical made."""
    for url, context in shown.items():
        toc, _, content = (made / url / "index.html").read_text("utf-8").replace(KEPT, "").partition(MARKER)
        known = context["page"]
        page = SimpleNamespace(url=known.url, meta=known.meta, title=known.title, content=content, toc=_headings(json.loads(toc)))
        html = env.get_template(context["template"]).render({**context, **parts(page), "page": page})
        (site / url / "index.html").write_text(html, "utf-8")


def _headings(items: Sequence[Mapping[str, Any]]) -> list[SimpleNamespace]:
    return [SimpleNamespace(title=item["title"], url=item["url"], children=_headings(item["children"])) for item in items]


def hand_over_index(made: Path, site: Path) -> None:
    """Write Zensical's search index in the words of MkDocs'."""
    items = json.loads((made / "search.json").read_text("utf-8"))["items"]
    docs = [{"location": item["location"], "title": item["title"], "text": item["text"]} for item in items]
    (site / "search" / "search_index.json").write_text(json.dumps({"docs": docs}), "utf-8")


def build_with_zensical(out: Path) -> list[str]:
    """Build the site with Zensical into a folder, and return what the checks say of it."""
    command = install()
    shutil.rmtree(out, ignore_errors=True)
    for locale, site in (("fr", out / "site"), ("en", out / "site" / "en")):
        work = out / locale
        (work / "overrides").mkdir(parents=True)
        (work / "overrides" / "main.html").write_text(PLAIN, "utf-8")
        shown, env = export(locale, site, work)
        subprocess.run([command, "build", "--clean"], cwd=work, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
        render_all(shown, env, work / "out", site)
        hand_over_index(work / "out", site)
    finish(out / "site")
    return problems(out / "site")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verb and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.site.zensical_build", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--to", type=Path, default=ROOT / "build" / "zensical", metavar="FOLDER")
    out = parser.parse_args(arguments).to.resolve()
    found = build_with_zensical(out)
    print("\n".join(found[:40]))
    version = subprocess.run([install(), "--version"], capture_output=True, text=True, check=False).stdout.strip()
    pages = len(list((out / "site").rglob("*.html")))
    print(f"zensical_build: Zensical {version}, {pages} pages, {len(found)} problems, in {out / 'site'}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
