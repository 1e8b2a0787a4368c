"""How much a test does in each lane: a sample in `make test`, all of it in `make prove`.

    @settings(max_examples=examples(2500))
    @pytest.mark.parametrize("locale", sample(LOCALES))

    @pytest.mark.parametrize("width", first([375, 320, 1280]))

A test marked `prove` runs in `make prove` alone; one marked `sampled` runs in both, on a sample first and on the whole then.
With `first`, one instance of a kind runs in `make test` and the others in `make prove`.
"""

import os
from collections.abc import Sequence
from typing import Any, TypeVar

import pytest

T = TypeVar("T")
PROVING = os.environ.get("LANE") == "prove"
FEWEST = 60
SHARE = 8


def examples(whole: int) -> int:
    """Return how many generated examples to try: `whole` of them when proving, an eighth otherwise, never under sixty."""
    return whole if PROVING else max(min(whole, FEWEST), whole // SHARE)


def sample(whole: Sequence[T], most: int = 1) -> Sequence[T]:
    """Return `whole` when proving, and its first `most` otherwise."""
    return whole if PROVING else whole[:most]


def spread(whole: Sequence[T], least: int) -> Sequence[T]:
    """Return `whole` when proving, and otherwise at least `least` of it, as far from one another as they can be."""
    return whole if PROVING else whole[::max(1, len(whole) // least)]


def first(whole: Sequence[Any], most: int = 1) -> list[Any]:
    """Return the parameters of a test whose first `most` run in `make test`, and the others in `make prove`; a tuple is several."""
    rest = [one if isinstance(one, tuple) else (one,) for one in whole[most:]]
    return [*whole[:most], *(pytest.param(*one, marks=pytest.mark.prove) for one in rest)]
