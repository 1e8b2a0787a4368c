"""The security headers and caching, in one place: pages carry the policy as `<meta>`, servers send all of it as headers."""

import re
from dataclasses import dataclass
from functools import cache

from scripts.content.publisher import SiteError, load_publisher
from scripts.site.inline_script import source_hash, states_script

DIRECTIVES: tuple[tuple[str, str], ...] = (
    ("default-src", "'none'"),
    ("script-src", "'self'"),
    ("style-src", "'self'"),
    ("img-src", "'self'"),
    ("connect-src", "'self'"),
    ("worker-src", "'self'"),
    ("manifest-src", "'self'"),
    ("base-uri", "'none'"),
    ("form-action", "'none'"),
)
COMMON: tuple[tuple[str, str], ...] = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Strict-Transport-Security", "max-age=31536000"),
)
CACHE_PAGE = "public, max-age=300, stale-while-revalidate=86400"
CACHE_HASHED = "public, max-age=31536000, immutable"
HASHED_NAME = r"\.[0-9a-f]{10,}\.[a-z0-9.]+$"    # a name that changes with its content: site.0123456789.css

MEDIA_TYPES = {
    "atom": "application/atom+xml",
    "css": "text/css",
    "csv": "text/csv",
    "html": "text/html",
    "ico": "image/vnd.microsoft.icon",
    "ics": "text/calendar",
    "js": "text/javascript",
    "json": "application/json",
    "mjs": "text/javascript",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "txt": "text/plain",
    "vcf": "text/vcard",
    "wasm": "application/wasm",
    "webmanifest": "application/manifest+json",
    "webp": "image/webp",
    "whl": "application/zip",
    "woff2": "font/woff2",
    "xml": "application/xml",
    "zip": "application/zip",
}


@dataclass(frozen=True, slots=True)
class Route:
    """A part of the site whose headers differ: it runs our WebAssembly, holds the guide, shows our frames, or may be framed by anyone."""

    path: str                  # under the root of a language, without leading slash: "guide/"
    wasm: bool = False
    states: bool = False       # of the guide, and inside the page the script that keeps them as text
    frames: bool = False
    framed_anywhere: bool = False   # or by the sites that site.yaml lists
    shared: bool = False       # other sites may load it as a script


ORDINARY = Route("")
ROUTES: tuple[Route, ...] = (
    Route("guide/", wasm=True, states=True),
    Route("embed/", wasm=True, states=True, framed_anywhere=True),
    Route("partenaires/", frames=True),
    Route("embed.js", shared=True),
    Route("embed-", shared=True),   # embed-1.0.0.js: the versions whose integrity other sites hold
    Route("assets/", wasm=True),    # a worker obeys the policy of its own file, not that of the page
)


def route_of(url: str) -> Route:
    """Return the route that an address under the root of a language belongs to."""
    return next((route for route in ROUTES if url.startswith(route.path)), ORDINARY)


def meta_policy(route: Route, data: str = "") -> str:
    """Return the policy for `<meta>`, where `frame-ancestors` has no effect and is left out.

    Args:
        route: The part of the site the page stands in.
        data: The structured data that stands inside the page. Browsers never run it and so never ask; checkers do.
    """
    parts = dict(DIRECTIVES)
    if data:
        parts["script-src"] += f" {source_hash(data)}"
    if route.states:
        parts["script-src"] += f" {source_hash(states_script())}"
    if route.wasm:
        parts["script-src"] += " 'wasm-unsafe-eval'"
    if route.frames:
        parts["frame-src"] = "'self'"
    return "; ".join(f"{name} {value}" for name, value in parts.items())


def header_policy(route: Route) -> str:
    """Return the policy for the `Content-Security-Policy` header, which alone says who may frame the page."""
    ancestors = framed_by() if route.framed_anywhere else "'self'"
    return f"{meta_policy(route)}; frame-ancestors {ancestors}"


@cache
def framed_by() -> str:
    """Return who may show the embedded guide in their pages: everyone, or us and the sites of `framed_by` in site.yaml.

    Raises:
        SiteError: One of them is not the address of a site.
    """
    sites = load_publisher().text("framed_by").split()
    if sites == ["*"]:
        return "*"
    for site in sites:
        if not re.fullmatch(r"https://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?", site):
            raise SiteError(f"site.yaml: framed_by names '{site}'. Write * for every site, or addresses such as https://www.example.fr.")
    return " ".join(["'self'", *sites])


def route_headers(route: Route) -> tuple[tuple[str, str], ...]:
    """Return the headers that depend on the route, beside `COMMON` and caching."""
    headers = [("Content-Security-Policy", header_policy(route))]
    if not route.framed_anywhere:
        headers.append(("X-Frame-Options", "SAMEORIGIN"))
    if route.shared:
        headers += [("Access-Control-Allow-Origin", "*"), ("Cross-Origin-Resource-Policy", "cross-origin")]
    return tuple(headers)


def said_in_utf8(kind: str) -> bool:
    """Tell whether a type is that of a text, which is said with its encoding."""
    return kind.startswith("text/") or kind in ("application/json", "application/xml", "application/atom+xml")
