"""Generated documents: whatever is thrown at the loader and the command line is taken, or refused with a place and a mend."""

import subprocess
import sys

import pytest

from scripts.project.paths import ROOT


@pytest.mark.early
@pytest.mark.prove
@pytest.mark.parametrize("half", ["loader", "commands"])
def test_no_generated_document_crashes_hangs_or_is_half_answered(half: str) -> None:
    verb = [sys.executable, "-m", "scripts.upkeep.fuzz", "--only", half]
    done = subprocess.run(verb, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("fuzz: 10,000 documents"), done.stdout
