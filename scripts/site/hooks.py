"""The hooks of MkDocs, thin on purpose: each hands over to a module that knows nothing of MkDocs."""

import gc
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from mkdocs.exceptions import BuildError  # noqa: E402
from mkdocs.plugins import event_priority  # noqa: E402

from decision_tree.guide.render import is_name  # noqa: E402
from decision_tree.locales import REFERENCE  # noqa: E402
from scripts.content.interface_words import load_words, translator  # noqa: E402
from scripts.content.loaded import knowledge  # noqa: E402
from scripts.content.pictures import SCENES, scene  # noqa: E402
from scripts.content.publisher import load_publisher  # noqa: E402
from scripts.content.set_apart import opened_page  # noqa: E402
from scripts.content.templates import bytecode  # noqa: E402
from scripts.site.embed import choices as embed_choices  # noqa: E402
from scripts.site.embed import facts as embed_facts  # noqa: E402
from scripts.site.embed import open_outside  # noqa: E402
from scripts.site.english_build import EnglishBuild, EnglishFailed  # noqa: E402
from scripts.site.guide import GuidePages  # noqa: E402
from scripts.site.inline_script import SOURCE as INLINE  # noqa: E402
from scripts.site.navigation import expand  # noqa: E402
from scripts.site.render_cache import keep_rendering, keep_sections, open_kept  # noqa: E402
from scripts.site.shell import FOLDER, Site, bare_context, changed_on, emergency_numbers, page_context  # noqa: E402
from scripts.site.template_cache import keeping_texts, list_ours_alone  # noqa: E402

TABLES = "scripts.site.tables"      # here, since MkDocs reads its settings before it knows where our modules are
TYPES_ONLY = (".d.ts", ".d.mts")   # what tsc reads and no browser does

gc.set_threshold(100_000)           # a build keeps nearly all it makes: looked through as often as Python does, it takes a tenth longer


def on_config(config: Any) -> Any:
    """Take the name and the address of the site from site.yaml."""
    locale = str(config.theme["language"])
    publisher = load_publisher()
    site = Site(locale, publisher, load_words(locale), emergency_numbers())
    config.extra["site"] = site
    list_ours_alone(config.theme)
    config.site_name = site.title
    config.markdown_extensions.append(TABLES)
    config.plugins["macros"].variables["site"] = lambda key: publisher.html(key, locale)   # {{ site("contact") }}
    if not (config.site_url or "").startswith("http://localhost"):
        config.site_url = site.address + FOLDER[locale]
    return config


def on_files(files: Any, config: Any) -> Any:
    """Leave the theme's own bundle and our sources out of the site, and expand the patterns of `nav`."""
    first = config.extra["site"].locale == REFERENCE
    for file in list(files):
        if not file.is_documentation_page() and not _served(file, config, first):
            files.remove(file)
    pages = {file.src_uri: file for file in files.documentation_pages()}
    if config.nav:
        config.nav = expand(config.nav, pages, lambda path: _rank(pages[path]))
    return files


def _served(file: Any, config: Any, first: bool) -> bool:
    """Say whether a file that is not a page goes to the site; assets are shared and stand under / alone."""
    source = Path(file.abs_src_path or "")
    if source.is_relative_to(config.docs_dir) or file.abs_src_path is None:
        return True
    ours = source.is_relative_to(ROOT / "overrides" / "assets") and not source.is_relative_to(SCENES)
    return first and ours and not file.src_uri.endswith(TYPES_ONLY) and source != INLINE


def _rank(file: Any) -> tuple[float, str]:
    """Order pages by `order` in their front matter, then by name."""
    head = file.content_string.split("\n---", 1)[0]
    order = next((line.split(":", 1)[1] for line in head.splitlines() if line.startswith("order:")), "1000")
    return float(order), file.src_uri


def on_nav(nav: Any, config: Any, files: Any) -> Any:
    """Open what is kept of earlier builds: the pages' compiled macros, their HTML, their part of the search index."""
    macros = config.plugins["macros"].env
    macros.from_string = keeping_texts(macros)
    config.extra["kept"] = open_kept(config, files)
    keep_sections(config.plugins["material/search"].search_index, config.extra["kept"])
    return nav


def on_pre_page(page: Any, config: Any, files: Any) -> Any:
    """Let a page that has not changed take its HTML from what is kept."""
    keep_rendering(page, config.extra["kept"])
    return page


def on_env(env: Any, config: Any, files: Any) -> Any:
    """Give the templates their words."""
    site = config.extra["site"]
    assets = Path(config.site_dir) / "assets" if site.locale == REFERENCE else None     # Python's files are those of all languages
    env.globals.update(t=translator(site.words), locale=site.locale, scene=scene, embed=embed_facts(), embed_choices=embed_choices,
                       words_of=words_of, is_body_name=is_body_name, guide=GuidePages(assets, links_only="third" in config.extra))
    env.filters["open_outside"] = open_outside
    env.trim_blocks = env.lstrip_blocks = True
    env.bytecode_cache = bytecode()
    return env


def is_body_name(url: str) -> bool:
    """Tell whether a page is that of a body called by a name, which a browser that translates the page must leave."""
    body = knowledge().model.bodies.get(url.removeprefix("organismes/").rstrip("/"))
    return url.startswith("organismes/") and body is not None and is_name(body.name)


def words_of(locale: str, key: str) -> str:
    """Return a text in a given language, whatever the language of the page."""
    return load_words(locale)[key]


def on_page_content(html: str, page: Any, config: Any, files: Any) -> str:
    """Note the day the page changed, for the site map, which is written before the pages."""
    if day := changed_on(config.extra["site"], page):
        page.meta["changed_on"] = day
    return opened_page(html) if page.meta.get("lang") else html   # of a page in a third language


def on_page_context(context: Any, page: Any, config: Any, nav: Any) -> Any:
    """Give a page what the templates show around it."""
    context.update(page_context(config.extra["site"], page, nav, context["base_url"]))
    return context


def on_template_context(context: Any, template_name: str, config: Any) -> Any:
    """Give the 404 page, the offline page, the site map and the other files without a page what they show."""
    site = config.extra["site"]
    context.update(bare_context(site, context["base_url"], "offline" if template_name == "offline.html" else "missing"))
    context["locales"] = FOLDER
    return context


def on_pre_build(config: Any) -> None:
    """Start the English build beside the French one: they share nothing but what they read."""
    if is_primary_locale(config):
        config.extra["english"] = EnglishBuild(strict=config.strict)


@event_priority(-100)
def on_post_build(config: Any) -> None:
    """Keep the pages for the next build; put the English site inside the French one, then finish both."""
    config.extra["kept"].write()
    if not is_primary_locale(config):
        return
    try:
        config.extra["english"].move_to(Path(config.site_dir) / "en")
    except EnglishFailed as failed:
        raise BuildError(str(failed)) from None
    from scripts.site.postbuild import finish  # here, since the English build, which does not finish, need not read all this

    finish(Path(config.site_dir))


def on_build_error(error: Exception, **_: Any) -> None:
    """Leave no English build behind a French one that failed."""
    EnglishBuild.stop_all()


def on_shutdown() -> None:
    """Leave what was made to the system: looking through it once more takes most of a second."""
    gc.freeze()


def is_primary_locale(config: Any) -> bool:
    """Say whether this build brings the other language with it; `alone` in `extra` leaves it at one."""
    return config.extra["site"].locale == REFERENCE and not config.extra.get("alone")
