"""Structured data (JSON-LD) that is true of a page: where it stands, and what kind of thing it describes."""

import json
from typing import Any


def structured_data(site: Any, page: Any, kind: str, trail: list[Any], address: str) -> str:
    """Return the JSON-LD of a page, safe inside `<script type="application/ld+json">`."""
    graph = [thing for thing in (_page(site, page, address), _trail(site, trail)) if thing]
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def _page(site: Any, page: Any, address: str) -> dict[str, Any]:
    return {
        "@type": "WebPage",
        "@id": address,
        "url": address,
        "name": page.meta.get("title") or page.title,
        "description": page.meta.get("description", ""),
        "inLanguage": site.locale,
        "isPartOf": {"@type": "WebSite", "name": site.title, "url": site.address},
    }


def _trail(site: Any, trail: list[Any]) -> dict[str, Any] | None:
    steps = [step for step in trail if step.url is not None]
    if len(steps) < 2:
        return None
    folder = "" if site.locale == "fr" else "en/"
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": step.title,
             "item": site.address + folder + step.url.removeprefix("./").removeprefix(".")}
            for place, step in enumerate(steps, 1)
        ],
    }
