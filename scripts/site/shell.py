"""What the templates of the shell show: menus, trail, addresses in both languages, dates.

Everything here is computed from the page, the navigation and `site.yaml`; `scripts/site/hooks.py` hands it to MkDocs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from posixpath import dirname, join
from typing import Any
from urllib.parse import quote

from decision_tree.dates import add_months
from decision_tree.locales import LOCALES, REFERENCE, conventions
from scripts.content.card import Language
from scripts.content.card_files import our_card
from scripts.content.interface_words import written_date
from scripts.content.loaded import knowledge
from scripts.content.publisher import Publisher
from scripts.project.paths import ROOT
from scripts.site.last_changed import last_changes
from scripts.site.policy import meta_policy, route_of
from scripts.site.structured_data import structured_data

OTHER = dict(zip(LOCALES, (*LOCALES[1:], REFERENCE), strict=True))   # the language the header leads to
FOLDER = {locale: conventions(locale).folder for locale in LOCALES}   # where each stands under the address of the site

MENU = (
    ("patients", "patients/", "nav.patients", "material/account-heart-outline"),
    ("professionals", "professionnels/", "nav.professionals", "material/stethoscope"),
    ("wide", "organismes/", "nav.bodies", ""),
    ("wide", "droit/", "nav.law", ""),
    ("guide", "guide/", "nav.guide", "material/sign-direction"),
)
MENU_MORE = (
    (True, "organismes/", "nav.bodies"),
    (True, "droit/", "nav.law"),
    (False, "lettres/", "nav.letters"),
    (False, "delais/", "nav.deadlines"),
    (False, "annuaire/", "nav.directory"),
    (False, "chiffres/", "nav.figures"),
    (False, "glossaire/", "nav.glossary"),
    (False, "depliants/", "nav.leaflets"),
    (False, "methode/", "nav.method"),
    (False, "plan-du-site/", "nav.all"),
)
EVERYTHING = "all"                  # the feed of what changes anywhere
REVIEW_MONTHS = 6
"""How long after a comparison a page is due for the next one; `make law-watch` speaks sooner when a text moves."""
FOOT = (
    ("footer.find", (("patients/", "nav.patients_long"), ("professionnels/", "nav.professionals_long"),
                     ("organismes/", "nav.bodies"), ("droit/", "nav.law"), ("plan-du-site/", "footer.map"))),
    ("footer.about", (("methode/", "footer.method"), ("sources/", "footer.sources"),
                      ("corrections/", "footer.corrected"), ("contribuer/", "footer.contribute"),
                      ("partenaires/", "footer.partners"))),
    ("footer.rules", (("accessibilite/", "footer.accessibility"), ("confidentialite/", "footer.privacy"),
                      ("mentions-legales/", "footer.legal"), ("licence/", "footer.licence"))),
)
LANGUAGES = "langues/"
NAMED = ("ar", "bn", "ta", "ru")   # seen at once on the line of the header: one of each script, commonest first
TYPES = {"home.html": "home", "guide.html": "guide", "search.html": "search", "map.html": "map"}


WITH_EXIT = ("guide/", "patients/", "lettres/", "mon-dossier/", "organismes/", "delais/", "professionnels/temoin/", "recherche/")
"""Where fear, proof, complaint or the words looked for are on the screen: a way out stands at the top."""
WITHOUT_EXIT = ("organismes/comparer/",)   # a table of all bodies, which tells nothing of its reader, at the bound of its weight
LONGEST_SECTION = 36
AROUND = 5     # pages shown before and after this one in a longer section
TOC_FROM = 4   # headings from which a page shows its list of them


@dataclass(frozen=True, slots=True)
class Step:
    """One place of the trail or of a list of pages; `url` is None where there is nothing to open."""

    title: str
    url: str | None
    current: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """The pages before and after, within the section."""

    previous: Any = None
    next: Any = None


@dataclass(frozen=True, slots=True)
class Site:
    """What does not change from page to page within one language."""

    locale: str
    publisher: Publisher
    words: Mapping[str, str]
    emergency: Mapping[str, str]
    repository: Path = field(default=ROOT)

    @property
    def title(self) -> str:
        return self.publisher.text("name", self.locale)

    @property
    def address(self) -> str:
        return self.publisher.text("address")


EMERGENCY = {"samu": "samu-15", "european": "urgence-112", "sms": "urgence-114"}   # where a page shows a number → its contact


def emergency_numbers() -> Mapping[str, str]:
    """Return the three emergency numbers, as the knowledge holds them."""
    return {use: knowledge().contacts[name].value for use, name in EMERGENCY.items()}


def page_type(path: str, meta: Mapping[str, Any]) -> str:
    """Return the kind of page, from its template, else from its folder."""
    if meta.get("template") in TYPES:
        return TYPES[meta["template"]]
    folder = path.split("/")[0]
    if meta.get("made"):
        return {"organismes": "body", "droit": "law"}.get(folder, "page")
    return {"chiffres": "figures", "glossaire.md": "glossary"}.get(folder, "page")


def page_context(site: Site, page: Any, nav: Any, base_url: str) -> dict[str, Any]:
    """Return what the templates need for one page.

    Args:
        site: What does not change from page to page.
        page: A MkDocs page, already rendered.
        nav: The MkDocs navigation.
        base_url: The way from the page to the root of its language, "." or "../..".
    """
    meta, source = page.meta, page.file.src_uri
    kind = page_type(source, meta)
    trail = trail_of(site, page)
    addresses = {locale: site.address + FOLDER[locale] + page.url.removeprefix("./") for locale in FOLDER}
    alone = bool(meta.get("alone"))      # a page that says several languages itself, and has no counterpart
    data = structured_data(site, page, kind, trail, addresses[site.locale])
    return common_context(site, base_url, LANGUAGES if alone else page.url) | {
        "alone": alone,
        "lang": meta.get("lang"),          # of a page in a third language, as its direction
        "direction": meta.get("direction"),
        "bilingual": bool(meta.get("languages")),
        "page_type": kind,
        "page_title": plain(meta.get("title") or page.title),
        "full_title": full_title(site, page, kind),
        "description": meta.get("description", site.words["manifest.description"]),
        "indexable": True,
        "addresses": addresses,
        "audience": meta.get("audience", ""),
        "pictured": kind == "home" or 'class="scene"' in page.content,
        "trail": trail,
        "siblings": siblings_of(page),
        "section_title": page.parent.title if page.parent else "",
        "near": near_of(page),
        "policy": meta_policy(route_of(page.url), data),
        "structured_data": data,
        "exit_url": site.publisher.text("exit") if page.url.startswith(WITH_EXIT) and not page.url.startswith(WITHOUT_EXIT) else "",
        "report_url": report_url(site, page.title, addresses[site.locale]),
        "followed": followed(page.url, meta),
    } | dates(site, page) | parts(page)


def followed(url: str, meta: Mapping[str, Any]) -> str:
    """Return the name of the feed that follows a page: that of its body or its text of law, else "all"."""
    room, _, name = url.strip("/").partition("/")
    return name if name and meta.get("made") and room in ("organismes", "droit") else EVERYTHING


def parts(page: Any) -> dict[str, Any]:
    """Return the page in two, before and from its first heading under the title, and the headings when they are many."""
    headings = [item for top in page.toc for item in top.children]
    opening, mark, rest = page.content.partition("<h2")
    return {"opening": opening, "rest": mark + rest, "toc_items": headings if len(headings) >= TOC_FROM else []}


def bare_context(site: Site, base_url: str, kind: str) -> dict[str, Any]:
    """Return what the templates need for a page shown in place of another: "missing" or "offline"."""
    title = site.words[f"{kind}.title"]
    return common_context(site, base_url, "") | {
        "page_type": kind,
        "page_title": title,
        "full_title": f"{title} – {site.title}",
        "description": site.words[f"{kind}.description"],
        "indexable": False,
        "policy": meta_policy(route_of("")),
        "trail": [], "siblings": [], "near": Near(), "followed": EVERYTHING,
    }


def common_context(site: Site, base_url: str, url: str) -> dict[str, Any]:
    """Return what every template may use, the 404 page included."""
    root = base_url.rstrip("/")
    to_root = f"{root}/{'../' * FOLDER[site.locale].count('/')}"
    to_other = to_root + FOLDER[OTHER[site.locale]]
    return {
        "site_title": site.title,
        "site_address": site.address,
        "asset_root": to_root.rstrip("/"),
        "home_url": f"{root}/",
        "other_locale": OTHER[site.locale],
        "other_url": to_other + url.removeprefix("./"),
        "emergency": site.emergency,
        "tongues": tongues(),
        "publisher": site.publisher,
        "menu": [{"kind": kind, "path": path, "word": word, "icon": icon, "current": current(path, url)}
                 for kind, path, word, icon in MENU],
        "menu_more": [{"narrow": narrow, "path": path, "word": word, "current": current(path, url)}
                      for narrow, path, word in MENU_MORE],
        "foot": [{"word": word, "links": [{"path": path, "word": name} for path, name in links]} for word, links in FOOT],
    }


@cache
def tongues() -> tuple[Language, ...]:
    """Return the languages of the header, those a phone shows at once first; its one line is moved with a finger or by keyboard."""
    languages = our_card().languages
    return tuple(languages[code] for code in (*NAMED, *sorted(languages.keys() - {*NAMED})) if code in languages)


def current(path: str, url: str) -> str:
    """Return the value of aria-current for a menu entry: the page itself, or the section it stands in."""
    if path == url:
        return "page"
    return "true" if url.startswith(path) else ""


def plain(title: str) -> str:
    """Return a title without the marks of Markdown."""
    return title.replace("`", "").replace("*", "")


def full_title(site: Site, page: Any, kind: str) -> str:
    """Return the title for tabs and search engines; that of the home page begins with the name of the site."""
    if kind == "home":
        return f"{site.title} – {plain(page.meta['title'])}"
    name = plain(page.meta.get("title") or page.title)
    if kind == "law":   # two texts may bear one title: the article tells them apart
        name = f"{name} ({page.meta['description'].rstrip('.')})"
    return f"{name} – {site.title}"


def trail_of(site: Site, page: Any) -> list[Step]:
    """Return the way from the home page to this one; a section leads to its first page when that is its index."""
    if page.is_homepage:
        return []
    steps = [Step(site.words["home.crumb"], ".")]
    for section in reversed(page.ancestors):
        index = index_of(section)
        if index is not page:
            steps.append(Step(section.title, index.url if index else None))
    return [*steps, Step(page.meta.get("crumb") or page.title, page.url, current=True)]


def index_of(section: Any) -> Any:
    """Return the page that opens a section, or None; a section that gathers several folders has none."""
    pages = [child for child in section.children if child.is_page]
    if len({dirname(page.file.src_uri) for page in pages}) != 1:
        return None
    return next((page for page in pages if page.file.name == "index"), None)


def siblings_of(page: Any) -> list[Step]:
    """Return the pages of the section; of a long one, its first page and those around this one."""
    if page.parent is None:
        return []
    pages = [child for child in page.parent.children if child.is_page]
    if len(pages) > LONGEST_SECTION:
        place = pages.index(page)
        pages = pages[:1] + pages[max(place - AROUND, 1) : place + AROUND + 1]
    return [Step(child.meta.get("crumb") or child.title, child.url, child is page) for child in pages]


def near_of(page: Any) -> Near:
    """Return the neighbours of the page in its own section, so that nobody leaves a subject unawares."""
    if page.parent is None:
        return Near()
    pages = [child for child in page.parent.children if child.is_page]
    place = pages.index(page)
    return Near(pages[place - 1] if place else None, pages[place + 1] if place + 1 < len(pages) else None)


def dates(site: Site, page: Any) -> dict[str, str]:
    """Return the day the page's texts were compared, the day they are due again, and the day its file changed; no day, no line."""
    compared, changed = page.meta.get("compared"), page.meta.get("changed_on")
    return {
        "compared": written_date(_day(compared), site.locale) if compared else "",
        "review_due": written_date(add_months(_day(compared), REVIEW_MONTHS), site.locale) if compared else "",
        "changed": written_date(changed, site.locale) if changed else "",
    }


def changed_on(site: Site, page: Any) -> date | None:
    """Return the day the file of the page, or the knowledge it is made from, last changed."""
    made = made_from(site.repository, page.file.src_uri) if page.meta.get("made") else None
    source = made or _relative(site.repository, page.file.abs_src_path)
    return last_changes(site.repository).get(source) if source else None


def made_from(repository: Path, path: str) -> str | None:
    """Return the file of the knowledge that a made page shows."""
    folder, _, name = path.removesuffix(".md").partition("/")
    if folder == "organismes":
        return f"decision_tree/knowledge/bodies/{name}.yaml"
    return law_file(name) if folder == "droit" else None


def law_file(name: str) -> str | None:
    """Return the file in which a text of law stands, or None."""
    law = knowledge().laws.get(name)
    return law.place.file if law else None


def report_url(site: Site, title: str, address: str) -> str:
    """Return where a mistake is reported, with the page named when that is an e-mail address."""
    report = site.publisher.text("report", site.locale)
    if not report.startswith("mailto:"):
        return report
    subject = quote(f"{site.words['page.report_subject']} {plain(title)}")
    return f"{report}?subject={subject}&body={quote(address)}"


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _relative(repository: Path, path: str | None) -> str | None:
    if path is None or not Path(path).is_relative_to(repository):
        return None
    return join(*Path(path).relative_to(repository).parts)
