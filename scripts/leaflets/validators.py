"""Two validators that share no code: `page`, in Rust, and veraPDF, in Java. A file is good when both say so, twice."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.leaflets.typesetting import ROOT


def judge(paths: Sequence[Path]) -> dict[Path, list[str]]:
    """Return path → what either validator finds against PDF/UA-1 or PDF/A-2a; nothing for a good file."""
    vera = by_verapdf(paths)
    return {path: [*by_page(path), *vera[str(path)]] for path in paths}


def by_page(path: Path) -> list[str]:
    """Return what page-validation finds."""
    import page

    found = []
    for profile in (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_2A):
        report = page.validate_pdf(str(path), profile=profile, limits=page.SafetyLimits.unlimited())
        found += [f"page {profile.value} {one.rule_id}: {one.message}" for one in report.failures]
        if not report.is_compliant and not report.failures:
            found.append(f"page {profile.value}: not compliant")
    return found


def by_verapdf(paths: Sequence[Path]) -> dict[str, list[str]]:
    """Return what veraPDF finds, in one Java machine for all files."""
    command = [sys.executable, "-m", "scripts.leaflets.verapdf", *map(str, paths)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"veraPDF could not be asked: {done.stderr.strip()[-2000:]}")
    found: dict[str, list[str]] = json.loads(done.stdout.strip().splitlines()[-1])
    return found
