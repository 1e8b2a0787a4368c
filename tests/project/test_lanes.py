"""Which tests a run holds."""

from argparse import ArgumentTypeError

import pytest

from tests.conftest import in_part, part

TESTS = [f"tests/room/test_{number}.py::test_it[{value}]" for number in range(40) for value in ("fr", "en")]


@pytest.mark.parametrize("of", [1, 2, 3])
def test_each_test_is_in_one_part_and_no_part_is_small(of: int) -> None:
    parts = [[test for test in TESTS if in_part(test, (which, of))] for which in range(1, of + 1)]
    assert sorted(test for one in parts for test in one) == sorted(TESTS)
    assert min(map(len, parts)) > len(TESTS) / of / 2


@pytest.mark.parametrize("text", ["0/2", "3/2", "one", "1"])
def test_a_part_that_there_is_not_is_refused(text: str) -> None:
    assert part("2/2") == (2, 2)
    with pytest.raises(ArgumentTypeError, match="write 1/2"):
        part(text)
