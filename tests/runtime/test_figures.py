"""What `make bench` says of Python in the browser: a missed bound is named, new figures replace the old, docs/figures.md has them."""

import re
from pathlib import Path

from scripts.measure import larger, three_engines
from scripts.measure.runtime_speed import CONDITIONS, END, HERE, START, Condition, Variant, bounds, judged
from scripts.project.marked_blocks import write_block

VARIANTS = [Variant(name, "", None, ()) for name in ("stock npm", "A, whole", "C, image", "D, guarded", "MicroPython, for scale")]
NAMES = [variant.name for variant in VARIANTS]
SIZES = dict(zip(NAMES, (1000, 750, 300, 100, 50), strict=True))
TIMES = dict(zip(NAMES, ((1000.0, 1.0), (400.0, 1.0), (120.0, 1.0), (100.0, 1.0), (70.0, 1.0)), strict=True))


def said(sizes: dict[str, int], times: dict[Condition, dict[str, tuple[float, float]]]) -> str:
    return judged(bounds(VARIANTS, sizes, times))


def test_what_keeps_to_its_bounds_is_said_and_nothing_else() -> None:
    found = bounds(VARIANTS, SIZES, dict.fromkeys(CONDITIONS, TIMES))
    assert len(found) == 9 and all(one.measured <= one.most for one in found)
    assert "Missed" not in judged(found)


def test_every_bound_that_is_missed_is_named() -> None:
    for name in ("A, whole", "C, image", "D, guarded"):
        assert f"**Missed**: {name[0]}: bytes" in said({**SIZES, name: SIZES[name] + 1}, {HERE: TIMES})
        assert f"**Missed**: {name[0]}: time" in said(SIZES, {HERE: {**TIMES, name: (TIMES[name][0] + 1, 1.0)}})
    slow = {condition: {**TIMES, "D, guarded": (101.0, 1.0)} for condition in CONDITIONS if condition.network}
    assert said(SIZES, {HERE: TIMES, **slow}).count("D: time at") == 2
    assert "beside MicroPython" in said(SIZES, {HERE: {**TIMES, "MicroPython, for scale": (66.0, 1.0)}}).split("Missed")[1]


def test_figures_take_the_place_of_the_old_ones(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n\n{START}\n| old |\n{END}\n\nafter\n", "utf-8")
    write_block("| new |\n", readme, (START, END))
    assert readme.read_text("utf-8") == f"before\n\n{START}\n| new |\n{END}\n\nafter\n"


def test_the_readme_holds_figures_of_every_variant_and_condition(root: Path) -> None:
    text = (root / "docs" / "figures.md").read_text("utf-8").partition(START)[2].partition(END)[0]
    for row in ("stock npm package", "A, trimmed", "C, one image", "D, memory guarded", "MicroPython", "4×"):
        assert re.search(rf"^\| {row}.*\d", text, re.MULTILINE), row
    for condition in CONDITIONS:
        assert condition.name in text
    assert re.search(r"medians of ([5-9]|\d\d)", text)


def test_the_readme_says_how_the_figures_grow_with_the_model(root: Path) -> None:
    text = (root / "docs" / "figures.md").read_text("utf-8").partition(larger.START)[2].partition(larger.END)[0]
    for times in larger.TIMES:
        assert re.search(rf"^\| {times}× \| .*lean \|$", text, re.MULTILINE), times


def test_the_bounds_of_each_engine_are_named_when_they_are_missed() -> None:
    names = list(three_engines.ENGINES)
    paint = {"Chromium": 100.0, "Firefox": 300.0, "WebKit": 130.0}
    memories, phone = {name: [300.0, 310.0, 320.0] for name in names}, dict.fromkeys(names, (4.0, 4.5))
    assert "Missed" not in three_engines.judged(paint, memories, phone)
    for name in names:
        assert f"memory in {name}" in three_engines.judged(paint, {**memories, name: [300.0, 300.0, 331.0]}, phone).split("Missed")[1]
        assert f"first answer in {name}" in three_engines.judged(paint, memories, {**phone, name: (4.1, 4.5)}).split("Missed")[1]
        assert f"after it in {name}" in three_engines.judged(paint, memories, {**phone, name: (4.0, 3.9)}).split("Missed")[1]
    assert "first paint in WebKit" in three_engines.judged({**paint, "WebKit": 131.0}, memories, phone).split("Missed")[1]


def test_the_figures_of_the_three_engines_stand_side_by_side(root: Path) -> None:
    text = (root / "docs" / "figures.md").read_text("utf-8").partition(three_engines.START)[2].partition(three_engines.END)[0]
    for name in three_engines.ENGINES:
        assert re.search(rf"^\| {name} \| [\d,]+ \|", text, re.MULTILINE), name
    for purpose in ("the page", "Python", "letters and directory", "copies"):
        assert re.search(rf"^\| {purpose}.* \| [\d,]+ \|$", text, re.MULTILINE), purpose
