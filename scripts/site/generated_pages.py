"""Hooks of MkDocs for the pages made from the knowledge: each body, each text of law, letters, time limits, funds, languages.

MkDocs calls the `on_…` functions (`hooks:` in mkdocs.base.yml).
"""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import BuildError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page as BuiltPage

from decision_tree.authoring.read.problems import KnowledgeError
from decision_tree.locales import LOCALES, REFERENCE
from scripts.content import generated, language_pages, printable
from scripts.content.generated import french_hash, is_stale, tooltips
from scripts.content.templates import word


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Show the meaning of each abbreviation wherever it stands."""
    try:
        config.mdx_configs.setdefault("abbr", {})["glossary"] = tooltips(Path(config.docs_dir).name)
    except KnowledgeError as error:
        raise BuildError(f"\n{error}") from None
    french_hash.cache_clear()
    return config


@event_priority(100)  # before the patterns of `nav` are expanded
def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages made from the knowledge; a page somebody wrote at the same path stays."""
    locale = next(one for one in LOCALES if one == Path(config.docs_dir).name)
    for path, text in (*generated.made_pages(locale), *printable.made_pages(locale), *language_pages.made_pages(locale)):
        if files.get_file_from_path(path) is None:
            files.append(File.generated(config, path, content=text))
    return files


def on_page_markdown(markdown: str, page: BuiltPage, config: MkDocsConfig, files: Files) -> str:
    """Say at the top of a translation that the French page has changed since."""
    locale = Path(config.docs_dir).name
    if locale == REFERENCE or page.meta.get("made") or not is_stale(page.file.src_uri, page.meta):
        return markdown
    french = "../" * (page.url.count("/") + 1) + page.url  # from /en/patients/preuves/ to /patients/preuves/
    notice = f'!!! warning "{word(locale, "stale_title")}"\n    {word(locale, "stale", link=french)}\n'
    title, _, rest = markdown.partition("\n")
    return f"{title}\n\n{notice}\n{rest}" if title.startswith("# ") else f"{notice}\n{markdown}"
