"""Take pictures of the site as people see it: six types of page, two widths, both languages, light and dark, and four ways' ends.

They go to docs/screenshots/ (PNG of few colours, 200 kB at most each). The best are in the README.
"""

import argparse
import io
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from decision_tree.locales import LOCALES, conventions
from scripts.project.browser import FLAGS, find_browser, fonts_of_every_script
from scripts.project.paths import ROOT
from scripts.site.build import SITE, build
from scripts.site.serve import serving

OUT = ROOT / "docs" / "screenshots"
PAGES = {
    "home": "",
    "guide": "guide/",
    "page": "patients/commission-mixte/",
    "body": "organismes/",
    "law": "droit/csp-l1110-3/",
    "search": "recherche/#q=dentiste",
}
LANGUAGES = {"ar": "langues/ar/", "ta": "langues/ta/"}   # on a phone only: one written from right to left, one in wide letters
ENDS = {   # the answers that lead to each
    "patient": "asker=victime&ground=c2s&refusal=refus_rdv&place=cabinet&profession=chirurgien_dentiste&professional_identified=true"
               "&goal=reconnaissance",
    "relative": "asker=proche&victim_signs=true&patient_age=majeur&ground=handicap&protection=secu_seule&place=hopital_public"
                "&refusal=refus_rdv&profession=medecin_specialiste&professional_identified=true&goal=reconnaissance",
    "clerk": "asker=conseiller&ground=ame&refusal=refus_rdv&place=cabinet&profession=medecin_generaliste&professional_identified=true"
             "&goal=reconnaissance",
    "professional": "asker=professionnel_mis_en_cause&practice_question=absence",
}
ENDS_SHOWN = (("patient", "fr", 360), ("patient", "en", 1366), ("relative", "fr", 360), ("clerk", "fr", 360), ("clerk", "en", 360),
              ("professional", "fr", 360))
WIDTHS = {360: 640, 375: 812, 1280: 800, 1366: 768}
LARGEST = 200_000   # bytes
COLOURS = (256, 128, 64, 32)


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture to take."""

    page: str
    locale: str
    width: int
    scheme: str

    @property
    def name(self) -> str:
        return f"{self.page}-{self.locale}-{self.width}{'' if self.scheme == 'light' else '-dark'}.png"

    @property
    def path(self) -> str:
        if self.page == "language":
            return LANGUAGES[self.locale]
        if self.page in ENDS:
            return f"{conventions(self.locale).folder}guide/"
        return conventions(self.locale).folder + PAGES[self.page]


def shots() -> Iterator[Shot]:
    """Yield every picture: all pages in the light, two in the dark too, two pages of languages, and where four ways end."""
    for page in PAGES:
        for locale in LOCALES:
            for width in (375, 1280):
                yield Shot(page, locale, width, "light")
    for page in ("home", "page"):
        for width in (375, 1280):
            yield Shot(page, "fr", width, "dark")
    for code in LANGUAGES:
        yield Shot("language", code, 375, "light")
    for page, locale, width in ENDS_SHOWN:
        yield Shot(page, locale, width, "light")


def take(site: Path, out: Path) -> list[Path]:
    """Take every picture and return their files."""
    from playwright.sync_api import sync_playwright

    out.mkdir(parents=True, exist_ok=True)
    taken: list[Path] = []
    with serving(site) as server, fonts_of_every_script(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        for shot in shots():
            page = browser.new_page(
                viewport={"width": shot.width, "height": WIDTHS[shot.width]},
                color_scheme="dark" if shot.scheme == "dark" else "light",
                reduced_motion="reduce",
            )
            page.goto(server.url + shot.path, wait_until="networkidle")
            if shot.page in ENDS:
                page.evaluate("answers => { location.hash = `v=${document.querySelector('[data-guide]').dataset.model}&${answers}`; }",
                              ENDS[shot.page])
                page.wait_for_selector("[data-live] [data-letters]")
            page.wait_for_timeout(300)
            (out / shot.name).write_bytes(small(page.screenshot()))
            taken.append(out / shot.name)
            page.close()
        browser.close()
    return taken


def small(picture: bytes) -> bytes:
    """Return the picture with as many colours as fit in 200 kB."""
    from PIL import Image

    with Image.open(io.BytesIO(picture)) as image:
        for colours in COLOURS:
            packed = io.BytesIO()
            image.convert("RGB").quantize(colours, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
            if packed.tell() <= LARGEST:
                return packed.getvalue()
    raise ValueError(f"a picture weighs more than {LARGEST:,} bytes even with {COLOURS[-1]} colours")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verb and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.measure.screenshots", description=__doc__)
    parser.add_argument("--site", type=Path, help="a built site to take as it is (default: build site/)")
    parser.add_argument("--to", type=Path, default=OUT, help="where to put the pictures (default: docs/screenshots/)")
    options = parser.parse_args(arguments)
    if options.site is None:
        build()
    taken = take(options.site or SITE, options.to)
    print(f"screenshots: {len(taken)} pictures, the largest {max(file.stat().st_size for file in taken):,} bytes, in {options.to}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
