"""Ask a lean file and this very Python the same requests, and compare the answers byte for byte."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from decision_tree.guide import browser
from scripts.runtime.lean.build import Job, run_job
from scripts.runtime.lean.corpus import Asked, attachments, branches, whole

VALID = 0.3          # at least this part of the requests must be ones a person can make
FALLBACKS = 0.01     # at most this part of those may stop


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the answers compare: equal, stopped (the worker then asks the whole interpreter), or wrong, which must never be."""

    asked: Sequence[Asked]
    stopped: Sequence[Asked]
    wrong: Sequence[Asked]

    @property
    def valid(self) -> int:
        """How many requests a person can make."""
        return sum(one.valid for one in self.asked)

    @property
    def valid_stopped(self) -> int:
        """How many of those stop the lean file."""
        return sum(one.valid for one in self.stopped)

    @property
    def sound(self) -> bool:
        """Tell whether the lean file may be shipped: nothing wrong, and hardly ever stopped."""
        enough = self.valid >= VALID * len(self.asked)
        return not self.wrong and enough and self.valid_stopped <= FALLBACKS * self.valid

    def lines(self) -> list[str]:
        """Return what to print: the whole, then each branch of the request grammar."""
        asked, stopped = branches(self.asked), branches(self.stopped)
        whole = (f"{len(self.asked)} requests, {self.valid} of them valid: {len(self.wrong)} wrong, {len(self.stopped)} stopped, "
                 f"{self.valid_stopped} of them valid")
        return [whole, *(f"  {count:6} {branch}, {stopped.get(branch, 0)} stopped" for branch, count in asked.items())]


def compare(wasm: Path, model: str, asked: Sequence[Asked], fresh: int = 500) -> Comparison:
    """Compare a lean file with CPython.

    Args:
        wasm: pruned.wasm or guarded.wasm.
        model: The guide's JSON, in one locale.
        fresh: The number of requests after which a new copy starts.
    """
    attached = attachments()
    with tempfile.TemporaryDirectory() as folder:
        job = Path(folder, "job.json")
        content = {"model": model, "requests": [one.text for one in asked], "attached": attached, "offsets": {}, "fresh": [fresh]}
        job.write_text(json.dumps(content), "utf-8")
        answers = run_job(Job(wasm, job, Path(folder, "out.json")))["answers"]
    browser.load(model)
    wrong = [one for one, answer in zip(asked, answers, strict=True)
             if answer is not None and answer != browser.answer(whole(one.text, attached))]
    return Comparison(asked, [one for one, answer in zip(asked, answers, strict=True) if answer is None], wrong)
