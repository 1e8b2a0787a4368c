"""The content security policy, in one place: pages carry it as `<meta>`, servers send it as a header."""

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Route:
    """A part of the site whose policy differs: it runs our WebAssembly, shows our frames, or may be framed by anyone."""

    path: str                  # under the root of a language, without leading slash: "guide/"
    wasm: bool = False
    frames: bool = False
    framed_anywhere: bool = False


ORDINARY = Route("")
ROUTES: tuple[Route, ...] = (
    Route("guide/", wasm=True),
    Route("embed/", wasm=True, framed_anywhere=True),
    Route("partenaires/", frames=True),
)


def route_of(url: str) -> Route:
    """Return the route that a page under the root of a language belongs to."""
    return next((route for route in ROUTES if url.startswith(route.path)), ORDINARY)


def meta_policy(route: Route) -> str:
    """Return the policy for `<meta>`, where `frame-ancestors` has no effect and is left out."""
    parts = dict(DIRECTIVES)
    if route.wasm:
        parts["script-src"] += " 'wasm-unsafe-eval'"
    if route.frames:
        parts["frame-src"] = "'self'"
    return "; ".join(f"{name} {value}" for name, value in parts.items())


def header_policy(route: Route) -> str:
    """Return the policy for the `Content-Security-Policy` header, which alone says who may frame the page."""
    ancestors = "*" if route.framed_anywhere else "'self'"
    return f"{meta_policy(route)}; frame-ancestors {ancestors}"
