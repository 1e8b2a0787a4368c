"""Measure our own errors in situations: how many had another advice, between two versions of the guide.

    python -m scripts.upkeep.corrections                        the versions of the page “What we corrected”, measured again
    python -m scripts.upkeep.corrections 1361d95 e29ac12        two others; the page then says these

Each version is exported by its own code, so that an old one is read as it was. Every situation is compared, each answer counting
as one. `touched` in decision_tree/knowledge/corrections.yaml says which situations and bodies an error concerns.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from decision_tree.authoring.show.diff import Compared, Version
from scripts.content.compared import FILE, compared
from scripts.content.loaded import knowledge
from scripts.upkeep.change_feed import exported

LEAST = 0.001
"""A body that comes or goes in fewer situations is not listed: one in a thousand."""


def percent(share: float) -> float:
    """Return a share as the page gives it, with three figures at most."""
    return float(f"{100 * share:.3g}")


def measured(old: Version, new: Version) -> dict[str, Any]:
    """Return what the page says of two versions."""
    errors = {one.id: one.touched for one in knowledge().corrections if one.touched is not None}
    found = Compared(old, new, [one.when for one in errors.values()])
    touched = {id_: percent(found.touched(one.when, one.bodies)) for id_, one in errors.items()}
    bodies = [{"body": one.body, "comes": percent(one.comes), "goes": percent(one.goes)}
              for one in found.bodies() if max(one.comes, one.goes) >= LEAST]
    return {"changed": percent(found.changed()), "corrections": touched, "bodies": bodies}


def written(versions: Sequence[str], found: Mapping[str, Any]) -> str:
    """Return the file of figures."""
    bodies = "".join(f"  - {{body: {one['body']}, comes: {one['comes']}, goes: {one['goes']}}}\n" for one in found["bodies"])
    touched = "".join(f"  - {{id: {id_}, share: {share}}}\n" for id_, share in found["corrections"].items())
    command = f"python -m scripts.upkeep.corrections {' '.join(versions)}"
    return (f"# Written by `{command}`: per cent of situations, each answer counting as one.\n"
            f'before: "{versions[0]}"\nafter: "{versions[1]}"\nchanged: {found["changed"]}\n'
            f"# Of the situations an error concerns, those whose advice changed.\ncorrections:\n{touched}"
            f"# Of all situations, those in which a body is newly advised, or no longer.\nbodies:\n{bodies}")


def main(arguments: Sequence[str] | None = None, file: Path = FILE) -> int:
    """Run the verb and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.upkeep.corrections", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("versions", nargs="*", metavar="REVISION", help="the older and the newer one (default: those of the page)")
    named = parser.parse_args(arguments).versions or [compared().before, compared().after]
    if len(named) != 2:
        parser.error("give two revisions, the older one first, or none")
    versions = [exported(one) for one in named]
    for name, version in zip(named, versions, strict=True):
        if version is None:
            print(f"corrections: the revision {name} cannot be read. Give a tag or a commit that holds decision_tree/.", file=sys.stderr)
            return 2
    old, new = (one for one in versions if one is not None)
    text = written(named, measured(old, new))
    file.write_text(text, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
