"""What search engines and sharing read: structured data, cards, maps of the site, and the few files they ask for."""

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from scripts.content.publisher import SiteError, load_publisher
from scripts.site.site_check import ALONE, Page, Reader

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def read(site: Path, name: str) -> Page:
    page = Page(site, site / name)
    Reader(page).feed(page.file.read_text("utf-8"))
    return page


def graph(site: Path, name: str) -> dict[str, dict[str, Any]]:
    (block,) = read(site, name).data
    return {thing["@type"]: thing for thing in json.loads(block)["@graph"]}


def test_a_page_says_where_it_stands(site: Path) -> None:
    found = graph(site, "en/patients/preuves/index.html")
    steps = found["BreadcrumbList"]["itemListElement"]
    assert [step["position"] for step in steps] == [1, 2, 3]
    assert steps[0]["item"].endswith("/en/") and steps[-1]["item"] == found["WebPage"]["url"]


def test_only_a_service_of_the_state_is_said_to_be_one(site: Path) -> None:
    assert "GovernmentService" in graph(site, "organismes/defenseur-des-droits/index.html")
    association = graph(site, "organismes/association-agreee/index.html")
    assert "Service" in association and "GovernmentService" not in association
    assert "Service" not in graph(site, "organismes/info-simple/index.html")


def test_questions_and_answers_are_those_of_the_page(site: Path) -> None:
    text = (site / "patients/questions/index.html").read_text("utf-8")
    entries = graph(site, "patients/questions/index.html")["FAQPage"]["mainEntity"]
    assert len(entries) >= 10     # the headings that ask; the others say what a person would type
    for entry in entries:
        assert entry["name"].replace("'", "’") in text.replace("&nbsp;", "\u00a0")
        assert entry["acceptedAnswer"]["text"]


def test_no_publisher_is_invented(site: Path) -> None:
    publisher = load_publisher()
    if publisher.is_sample("publisher"):
        assert "publisher" not in graph(site, "index.html")["WebPage"]
        assert "à compléter par l’éditeur" in (site / "mentions-legales/index.html").read_text("utf-8")


def test_a_value_without_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text('name: {fr: "Nom"}\naddress: {value: "https://a.example/"}\n', "utf-8")
    with pytest.raises(SiteError, match=r"'name' has no text in en"):
        load_publisher(tmp_path / "site.yaml")


@pytest.mark.parametrize("folder", ["", "en/"])
def test_the_site_map_names_every_page_in_both_languages(site: Path, folder: str) -> None:
    root = ET.parse(site / folder / "sitemap.xml").getroot()
    address = load_publisher().text("address")
    named = {(url.findtext("s:loc", "", NAMES)) for url in root.findall("s:url", NAMES)}
    files = {file.relative_to(site).as_posix().removesuffix("index.html") for file in (site / folder).rglob("index.html")}
    pages = {f"{address}{name}" for name in files if name.startswith("en/") == bool(folder) and "embed/" not in name}
    assert pages <= named
    for url in root.findall("s:url", NAMES):
        others = {link.get("hreflang"): link.get("href") for link in url.findall("x:link", NAMES)}
        place = url.findtext("s:loc", "", NAMES)
        if ALONE.fullmatch(place.removeprefix(address)):   # it says both its languages, and translates no page
            assert not others, place
        else:
            assert set(others) == {"fr", "en"} and place in others.values(), place


def test_robots_and_security_say_where_to_look(site: Path) -> None:
    robots = (site / "robots.txt").read_text("utf-8")
    assert robots.count("Sitemap: https://") == 2
    security = (site / ".well-known" / "security.txt").read_text("utf-8")
    assert re.search(r"^Contact: (mailto|https):", security, re.MULTILINE)
    assert re.search(r"^Expires: \d{4}-\d\d-\d\dT", security, re.MULTILINE)


@pytest.mark.parametrize("folder", ["", "en/"])
def test_the_manifest_leads_to_its_icons(site: Path, folder: str) -> None:
    manifest = json.loads((site / folder / "manifest.webmanifest").read_text("utf-8"))
    for icon in manifest["icons"]:
        assert (site / folder / icon["src"]).resolve().is_file(), icon


def test_the_card_for_sharing_has_its_image(site: Path) -> None:
    tags = {tag.attributes.get("property"): tag.attributes.get("content", "") for tag in read(site, "index.html").having("meta")}
    image = tags["og:image"].removeprefix(load_publisher().text("address"))
    assert (site / image).is_file()
    assert tags["og:url"] == load_publisher().text("address")
    assert tags["og:image:alt"] and (tags["og:image:width"], tags["og:image:height"]) == ("1200", "630")
    assert not re.search(r"share|social|tracking|advert", image), "lists that block what is social hide such a name"


# As Fanboy's lists, EasyList and EasyPrivacy write them: parts of addresses, and classes.
BLOCKED = re.compile(r"(?:^|[-_/.])(?:ads?|advert\w*|analytics|banner|beacon|cookie-?(?:banner|consent|notice)|newsletter|pixel|popup"
                     r"|promo|shar(?:e|ing)|social|sponsor\w*|track(?:er|ing)?)(?:[-_/.\d]|$)")


def test_no_file_and_no_class_bears_a_name_that_blockers_hide(site: Path) -> None:
    assert BLOCKED.search("/assets/icons/share.png") and BLOCKED.search("social-links")
    files = [f"/{path.relative_to(site).as_posix()}" for path in site.rglob("*") if path.is_file()]
    assert len(files) > 400 and [name for name in files if BLOCKED.search(name)] == []
    pages = [page.read_text("utf-8") for page in site.rglob("*.html")]
    classes = {name for page in pages for found in re.findall(r'\bclass="([^"]*)"', page) for name in found.split()}
    assert len(classes) > 50 and [name for name in sorted(classes) if BLOCKED.search(name)] == []


@pytest.mark.parametrize(("page", "followed"), [
    ("index.html", "all"), ("organismes/ars/index.html", "ars"), ("en/droit/csp-l1110-3/index.html", "csp-l1110-3")])
def test_each_page_names_the_feed_that_follows_it(site: Path, page: str, followed: str) -> None:
    found = [tag.attributes for tag in read(site, page).having("link") if tag.attributes.get("type") == "application/atom+xml"]
    assert len(found) == 1
    feed = ((site / page).parent / found[0]["href"]).resolve()
    assert feed == (site / ("en" if page.startswith("en/") else "") / "feeds" / f"{followed}.atom").resolve()
    assert feed.is_file()
    shown = [tag.attributes["href"] for tag in read(site, page).having("a") if tag.attributes.get("type") == "application/atom+xml"]
    feeds = [((site / page).parent / href).resolve() for href in shown]
    assert feed in feeds and feed.with_name("all.atom") in feeds, "a person sees it, in the page or at its foot"
