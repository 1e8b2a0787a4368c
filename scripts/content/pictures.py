"""Illustrations: the drawn scenes of overrides/assets/illustrations with the words of overrides/pictures."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import jinja2

from decision_tree.authoring.read.shaped import read_shaped
from decision_tree.authoring.read.shapes import ListOf, Localized, OneOf, Record, Str
from decision_tree.model import Text
from scripts.project.paths import ROOT

SCENES = ROOT / "overrides" / "assets" / "illustrations"
PICTURES = ROOT / "overrides" / "pictures"
COLOURS = ROOT / "overrides" / "assets" / "css" / "pictures.css"
PICTURE = Record({"layout": OneOf(("steps", "places", "numbered", "speech")), "title": Localized(),
                  "parts": ListOf(Record({"text": Localized()}, {"title": Localized(), "scene": Str(), "page": Str()}), least=1)},
                 {"scene": Str()})
QUANTITY = re.compile(r"\{([a-z_]+)\}")


def names() -> list[str]:
    """Return the names that `{{ picture("…") }}` may take."""
    return sorted(file.stem for file in PICTURES.glob("*.yaml"))


def picture(name: str, locale: str, quantity: Callable[[str], str], href: Callable[[str], str] = str) -> str:
    """Return an illustration as HTML on lines that Markdown leaves alone.

    Args:
        name: One of `names()`.
        locale: fr or en.
        quantity: Quantity id → the quantity in the locale's words.
        href: Source path of a page → its address, from the page that shows the illustration.

    Raises:
        KeyError: no illustration has that name.
    """
    file = PICTURES / f"{name}.yaml"
    if not file.exists():
        raise KeyError(f"no illustration is called '{name}'; write one of: {', '.join(names())}.")
    raw = read_shaped(file, PICTURE)
    say = _sayer(locale, quantity)
    parts = [
        {
            "scene": scene(part["scene"]) if "scene" in part else "",
            "title": say(part.get("title")),
            "text": say(part["text"]),
            "href": href(part["page"]) if "page" in part else "",
        }
        for part in raw["parts"]
    ]
    html = _template().render(
        layout=raw["layout"], title=say(raw["title"]), scene=scene(raw["scene"]) if "scene" in raw else "", parts=parts
    )
    return re.sub(r"\n\s*\n", "\n", html.strip())


def _sayer(locale: str, quantity: Callable[[str], str]) -> Callable[[Text | None], str]:
    def say(text: Text | None) -> str:
        return QUANTITY.sub(lambda found: quantity(found[1]), text[locale]) if text else ""

    return say


@cache
def scene(name: str) -> str:
    """Return a drawn scene for the inside of a page, where the style sheet colours it."""
    return (SCENES / f"{name}.svg").read_text("utf-8").strip().replace(' xmlns="http://www.w3.org/2000/svg"', "")


def coloured(name: str) -> str:
    """Return a drawn scene that stands alone, with the light colours of the style sheet, for paper and sharing."""
    colours = palette()
    drawn = (SCENES / f"{name}.svg").read_text("utf-8")
    drawn = re.sub(
        r'class="(?:line|hollow) c-([a-z-]+)"',
        lambda found: f'style="fill:none;stroke:{colours[found[1]]};stroke-linecap:round;stroke-linejoin:round"',
        drawn,
    )
    return re.sub(r'class="c-([a-z-]+)(?: tag)?"', lambda found: f'fill="{colours[found[1]]}"', drawn)


@cache
def palette() -> Mapping[str, str]:
    """Return colour name → value, from the first (light) block of pictures.css."""
    light = COLOURS.read_text("utf-8").split("@media", 1)[0]
    return dict(re.findall(r"--p-([a-z-]+):\s*([^;]+);", light))


@cache
def _template() -> Any:
    loader = jinja2.FileSystemLoader(PICTURES)
    return jinja2.Environment(loader=loader, trim_blocks=True, lstrip_blocks=True, autoescape=False).get_template("picture.html")
