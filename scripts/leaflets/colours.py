"""Colours on paper: those of the site's light tokens, a fund's own, and their contrast."""

import re
from collections.abc import Mapping
from functools import cache

from scripts.project.paths import ROOT

TOKENS = ROOT / "overrides" / "assets" / "css" / "tokens.css"
ENOUGH = 4.5  # WCAG 2.2, text at its usual size
HEX = re.compile(r"#[0-9a-fA-F]{6}")

Colours = dict[str, str]


@cache
def tokens() -> Mapping[str, str]:
    """Return token name → #rrggbb, from the first (light) block of tokens.css."""
    light = TOKENS.read_text("utf-8").split("@media", 1)[0]
    return {name: whole(value) for name, value in re.findall(r"--([a-z-]+):\s*(#[0-9a-fA-F]{3,6})\b", light)}


def whole(value: str) -> str:
    """Return a colour with six digits: #fff → #ffffff."""
    return "#" + "".join(digit * 2 for digit in value[1:]) if len(value) == 4 else value.lower()


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, as WCAG defines it."""
    parts = [int(colour[index:index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(one: str, other: str, share: float) -> str:
    """Return `one` with `share` (0 to 1) of `other`."""
    parts = (round(int(one[i:i + 2], 16) * (1 - share) + int(other[i:i + 2], 16) * share) for i in (1, 3, 5))
    return "#" + "".join(f"{part:02x}" for part in parts)


def dark_enough(colour: str, on: str = "#ffffff") -> str:
    """Return the nearest darker shade of a colour that reads on `on`."""
    return next(shade for step in range(101) if contrast(shade := mixed(colour, "#000000", step / 100), on) >= ENOUGH)


def paper(audience: str, main: str | None = None) -> Colours:
    """Return the colours of a leaflet, by the names the templates use.

    Args:
        audience: patients or professionnels, each with its own cover.
        main: A fund's colour for headings, discs and links; the site's accent without one.
    """
    site = tokens()
    room = {"patients": "patients", "professionnels": "professionals"}[audience]
    accent = main or site["accent"]
    return {
        "ink": site["ink"], "soft": site["soft"], "edge": site["edge"], "paper": "#ffffff", "sand": site["paper"],
        "accent": accent, "link": accent, "heading": accent if main else site["accent-strong"],
        "tint": mixed("#ffffff", accent, 0.1) if main else site["accent-tint"],
        "cover": mixed("#ffffff", accent, 0.14) if main else site[room],
        "on-cover": mixed(accent, "#000000", 0.35) if main else site[f"on-{room}"],
        "night": site["night"], "on-night": site["on-night"], "line": site["line"],
    }


def high_contrast(colours: Colours) -> Colours:
    """Return the same palette for eyes that tire: black on white, and tints almost white."""
    black = dict.fromkeys(("ink", "soft", "link", "heading", "on-cover", "night"), "#000000")
    white = dict.fromkeys(("paper", "sand", "on-night"), "#ffffff")
    return colours | black | white | {name: mixed("#ffffff", colours[name], 0.5) for name in ("tint", "cover")}


PAIRS = (("ink", "paper"), ("ink", "sand"), ("ink", "tint"), ("soft", "paper"), ("soft", "sand"), ("link", "paper"), ("link", "sand"),
         ("link", "tint"), ("heading", "paper"), ("heading", "sand"), ("on-cover", "cover"), ("on-night", "night"))
"""What stands on what in the templates; white on the accent is checked beside."""


def weak_pairs(colours: Colours) -> list[tuple[str, str, float]]:
    """Return the pairs of a palette that read badly: text, ground, contrast."""
    pairs = [*PAIRS, ("paper", "accent")]
    return [(text, ground, ratio) for text, ground in pairs if (ratio := contrast(colours[text], colours[ground])) < ENOUGH]
