"""One process that sets leaflets: a JSON object a line in, a JSON object a line out. It knows Typst and nothing of the knowledge.

In: {"template", "data", "out", "folded"}. Out: {"sha256", "bytes", "pages"}, or {"long": […]}, or {"error": "…"}; always {"memory"}.
"""

import hashlib
import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scripts.leaflets.memory import peak_kib
from scripts.leaflets.pdf import back_last, clear_ends, with_bleed
from scripts.leaflets.typesetting import TooLong, Typesetter, TypesettingError

PAGES = re.compile(rb"/Type/Pages/Count (\d+)")
STEP, SMALLEST = 0.3, 10.0  # points: a text a little too long may be set a little smaller, never below this


def set_to_fit(setter: Typesetter, template: str, data: dict[str, Any]) -> bytes:
    """Return the PDF, in the largest type that fits, where the template takes its size from the data.

    Raises:
        TooLong: even the smallest size does not fit; in millimetres at that size.
    """
    while True:
        try:
            return setter.pdf(template, data)
        except TooLong:
            if data.get("size", 0) - STEP < data.get("smallest", SMALLEST):
                raise
            data["size"] = round(data["size"] - STEP, 1)


def make(setter: Typesetter, job: Mapping[str, Any]) -> dict[str, Any]:
    """Make one file and say what came of it."""
    try:
        pdf = set_to_fit(setter, job["template"], job["data"])
    except TooLong as error:
        return {"long": [[one.panel, one.mm, one.way, one.text] for one in error.overflows]}
    except TypesettingError as error:
        return {"error": str(error)}
    if job["folded"]:
        pdf = back_last(pdf)
    if job["data"].get("variant") == "print":
        pdf = with_bleed(pdf)
    pdf = clear_ends(pdf)
    write_whole(Path(job["out"]), pdf)
    found = PAGES.search(pdf)
    return {"sha256": hashlib.sha256(pdf).hexdigest(), "bytes": len(pdf), "pages": int(found[1]) if found else 0}


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one step, so that an interrupted run leaves no half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    new.write_bytes(content)
    new.replace(path)


def main() -> None:
    """Answer each line until there are no more."""
    setter = Typesetter()
    for line in sys.stdin:
        done = make(setter, json.loads(line)) | {"memory": peak_kib()}
        print(json.dumps(done), flush=True)


if __name__ == "__main__":
    main()
