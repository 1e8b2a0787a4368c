"""Typst without its traps: our fonts only, no package, no network, warnings are errors, and a fixed time in the file.

A template that finds a text too long stops with `TOO-LONG` and a list; it becomes `TooLong`, in millimetres.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import typst

from scripts.project.paths import FONTS, ROOT

TEMPLATES = ROOT / "leaflets"
STANDARDS = ["ua-1", "a-2a"]
FOUND = re.compile(r"TOO-LONG (\[.*\])", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Overflow:
    """One text too long for its panel: by how many millimetres, in height or in width (then which word)."""

    panel: str
    mm: float
    way: str
    text: str = ""


class TooLong(Exception):
    """Texts do not fit; `overflows` lists every panel concerned."""

    def __init__(self, overflows: list[Overflow]) -> None:
        self.overflows = overflows
        super().__init__("; ".join(f"{one.panel}: {one.mm} mm ({one.way}) {one.text}".strip() for one in overflows))


class TypesettingError(Exception):
    """Typst refused a template or warned about it."""


class Typesetter:
    """One compiler, kept for all leaflets of a process: fonts are read once."""

    def __init__(self) -> None:
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
        nowhere = TEMPLATES / ".packages"   # does not exist: a template can import no package
        self.compiler = typst.Compiler(root=TEMPLATES, font_paths=fonts, package_path=nowhere, package_cache_path=nowhere)

    def pdf(self, template: str, data: Mapping[str, Any]) -> bytes:
        """Return a PDF/UA-1 and PDF/A-2a of a template with its data.

        Raises:
            TooLong: a panel does not hold its text.
            TypesettingError: anything else Typst refuses, or warns about.
        """
        day = datetime.fromisoformat(data["day"]).replace(tzinfo=UTC)
        return bytes(self._run(template, data, format="pdf", pdf_standards=STANDARDS, timestamp=day))

    def png(self, template: str, data: Mapping[str, Any], ppi: float) -> list[bytes]:
        """Return the pages of a template as pictures."""
        pages = self._run(template, data, format="png", ppi=ppi)
        return pages if isinstance(pages, list) else [pages]

    def _run(self, template: str, data: Mapping[str, Any], **options: Any) -> Any:
        inputs = {"data": json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))}
        try:
            done, warnings = self.compiler.compile_with_warnings(input=str(TEMPLATES / template), sys_inputs=inputs, **options)
        except typst.TypstError as error:
            raise self._why(template, error) from None
        if warnings:
            raise TypesettingError(f"{template}: {'; '.join(str(one) for one in warnings)}")
        return done

    @staticmethod
    def _why(template: str, error: typst.TypstError) -> Exception:
        message = getattr(error, "message", "") or str(error)
        if found := FOUND.search(message):
            rows = json.loads(found[1].replace('\\"', '"').replace("\\\\", "\\"))
            return TooLong([Overflow(row["panel"], row["mm"], row["way"], row.get("text", "")) for row in rows])
        return TypesettingError(f"{template}: {error}")
