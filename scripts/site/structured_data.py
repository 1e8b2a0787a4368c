"""Structured data (JSON-LD) that is true of a page: where it stands, and what kind of thing it describes."""

import html
import json
import re
from pathlib import Path
from typing import Any

from decision_tree.locales import conventions
from scripts.content.loaded import knowledge

NO_SERVICE = ("information", "practice")     # bodies that are advice of this site, not a service of an organisation
QUESTIONS_FROM = 3     # headings that ask, from which a page is one of questions and answers
QUESTION = re.compile(r"<h(?P<level>[23])[^>]*>(?P<asked>[^<]*\?)\s*</h(?P=level)>\s*(?P<answer>.*?)(?=<h[23]|\Z)", re.DOTALL)
TAG = re.compile(r"<[^>]+>")


def structured_data(site: Any, page: Any, kind: str, trail: list[Any], address: str) -> str:
    """Return the JSON-LD of a page, safe inside `<script type="application/ld+json">`."""
    things = (_page(site, page, kind, address), _trail(site, trail), _service(site, page, kind, address), _questions(page))
    graph = [thing for thing in things if thing]
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def _page(site: Any, page: Any, kind: str, address: str) -> dict[str, Any]:
    about = {"law": {"@type": "Legislation", "name": page.title, "legislationJurisdiction": "FR"}, "body": {"@id": f"{address}#service"}}
    found = {
        "@type": "WebPage",
        "@id": address,
        "url": address,
        "name": page.meta.get("title") or page.title,
        "description": page.meta.get("description", ""),
        "inLanguage": site.locale,
        "isPartOf": {"@type": "WebSite", "name": site.title, "url": site.address},
        "about": about.get(kind),
        "dateModified": str(page.meta["changed_on"]) if page.meta.get("changed_on") else None,
        "publisher": None if site.publisher.is_sample("publisher") else _publisher(site),
    }
    return {key: value for key, value in found.items() if value}


def _publisher(site: Any) -> dict[str, str]:
    return {"@type": "Organization", "name": site.publisher.text("publisher", site.locale)}


def _trail(site: Any, trail: list[Any]) -> dict[str, Any] | None:
    steps = [step for step in trail if step.url is not None]
    if len(steps) < 2:
        return None
    folder = conventions(site.locale).folder
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": step.title, "item": site.address + folder + step.url.lstrip("./")}
            for place, step in enumerate(steps, 1)
        ],
    }


def _service(site: Any, page: Any, kind: str, address: str) -> dict[str, Any] | None:
    """Describe the service of a body; a service of the State only where it is one."""
    name = Path(page.file.src_uri).stem
    body = knowledge().bodies.get(name)
    if kind != "body" or body is None or body.kind in NO_SERVICE:
        return None
    public = body.authority
    return {
        "@type": "GovernmentService" if public else "Service",
        "@id": f"{address}#service",
        "name": body.name[site.locale],
        "description": body.aim[site.locale],
        "provider": {"@type": "GovernmentOrganization" if public else "Organization", "name": body.short.fr},
        "areaServed": {"@type": "Country", "name": "France"},
    }


def _questions(page: Any) -> dict[str, Any] | None:
    """Describe a page whose headings ask, with the first paragraph of each answer, as the reader sees it."""
    asked = [(_plain(found["asked"]), _first_paragraph(found["answer"])) for found in QUESTION.finditer(page.content)]
    asked = [(question, answer) for question, answer in asked if answer]
    if len(asked) < QUESTIONS_FROM:
        return None
    return {
        "@type": "FAQPage",
        "mainEntity": [
            {"@type": "Question", "name": question, "acceptedAnswer": {"@type": "Answer", "text": answer}} for question, answer in asked
        ],
    }


def _first_paragraph(answer: str) -> str:
    found = re.search(r"<p>(.*?)</p>", answer, re.DOTALL)
    return _plain(re.sub(r'<span class="refs">.*?</span>', "", found[1], flags=re.DOTALL)) if found else ""


def _plain(marked: str) -> str:
    return re.sub(r"\s+([.,])", r"\1", " ".join(html.unescape(TAG.sub("", marked)).split()))
