"""The tools that make the lean file, on small modules written by hand: numbers, segments, removed functions, guarded memory."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.runtime.full import WASM
from scripts.runtime.lean import build as lean
from scripts.runtime.lean import wasm
from scripts.runtime.lean.guard import BLOCK, Reader
from scripts.runtime.lean.image import Image
from scripts.runtime.lean.prune import pruned, segments
from scripts.runtime.lean.wasm import FUNCTION, GLOBAL, Import, Module, signed, unsigned
from scripts.runtime.node import RuntimeBuildError

CALLS = """
const [file, calls] = process.argv.slice(1);
const fs = require("node:fs");
const {exports} = new WebAssembly.Instance(new WebAssembly.Module(fs.readFileSync(file)));
const results = JSON.parse(calls).map(([name, ...rest]) => {
  try { return exports[name](...rest) ?? null; } catch (e) { return e.message; }
});
console.log(JSON.stringify(results));
"""
STOPPED = "unreachable"
I32, GET0, GET1, GET2 = b"\x7f", b"\x20\0", b"\x20\1", b"\x20\2"
UNARY, BINARY_NONE, TERNARY_NONE = b"\x60\x01\x7f\x01\x7f", b"\x60\x02\x7f\x7f\0", b"\x60\x03\x7f\x7f\x7f\0"


def run(file: Path, module: Module, calls: Sequence[Sequence[object]]) -> list[object]:
    file.write_bytes(wasm.write_module(module))
    done = subprocess.run(["node", "-e", CALLS, str(file), json.dumps(calls)], capture_output=True, text=True, check=True)
    found: list[object] = json.loads(done.stdout)
    return found


def memory_module() -> Module:
    """load, store, copy, fill, twice (two loads of one address), and next (a load 8 bytes on)."""
    bodies = {
        "load": (UNARY, GET0 + b"\x28\x02\0\x0b"),
        "store": (BINARY_NONE, GET0 + GET1 + b"\x36\x02\0\x0b"),
        "copy": (TERNARY_NONE, GET0 + GET1 + GET2 + b"\xfc\x0a\0\0\x0b"),
        "fill": (TERNARY_NONE, GET0 + GET1 + GET2 + b"\xfc\x0b\0\x0b"),
        "twice": (UNARY, GET0 + b"\x28\x02\0" + GET0 + b"\x28\x02\0\x6a\x0b"),
        "next": (UNARY, GET0 + b"\x28\x02\x08\x0b"),
        "computed": (UNARY, GET0 + b"\x41\x04\x6c\x28\x02\0\x0b"),
    }
    types = [UNARY, BINARY_NONE, TERNARY_NONE]
    functions = [types.index(kind) for kind, _ in bodies.values()]
    return Module(types=types, imports=[], functions=functions, tables=[b"\x70\0\0"], memory=(2, 2), tags=[],
                  globals=[b"\x7f\x01\x41\0\x0b"], exports={name: (FUNCTION, i) for i, name in enumerate(bodies)}, table={},
                  bodies=[b"\0" + body for _, body in bodies.values()])


def image(memory: bytes) -> Image:
    return Image(memory, 0, [], {"__stack_pointer": 0}, {})


@given(st.integers(0, 2**32 - 1))
def test_unsigned_numbers_are_read_as_written(number: int) -> None:
    assert wasm.leb(unsigned(number), 0) == (number, len(unsigned(number)))


@given(st.integers(-2**31, 2**31 - 1))
def test_signed_numbers_end_where_their_bytes_say(number: int) -> None:
    written = signed(number)
    assert wasm.skip(written, 0) == len(written)


@given(st.lists(st.tuples(st.integers(0, 40), st.binary(max_size=30)), max_size=12))
def test_segments_rebuild_the_memory(parts: list[tuple[int, bytes]]) -> None:
    memory = b"".join(bytes(zeros) + content for zeros, content in parts)
    again = bytearray(len(memory))
    for start, content in segments(memory):
        again[start:start + len(content)] = content
    assert bytes(again) == memory


def test_every_function_of_pyodide_is_read_to_its_end() -> None:
    """But for those that use exceptions of WebAssembly, which the kept code must not; each ends with its last instruction."""
    module = wasm.read_module(WASM)
    odd = 0
    for body in module.bodies[::7]:
        try:
            *_, last = wasm.instructions(body, wasm.code_start(body))
            assert last[1:3] == (len(body), wasm.END)
        except RuntimeBuildError:
            odd += 1
    assert odd < len(module.bodies[::7]) / 20


def test_an_instruction_nobody_expected_stops_the_build() -> None:
    with pytest.raises(RuntimeBuildError, match="0xfd"):
        list(wasm.instructions(b"\xfd\x00\x00\x00", 0))


def test_memory_that_was_never_touched_is_guarded(tmp_path: Path) -> None:
    """Block 1 was touched; 2 was not; 3 is zeros; 4 was not touched."""
    memory = b"".join(bytes([number or 9]) * BLOCK for number in (1, 2, 3)) + bytes(BLOCK) + b"\x05" * BLOCK
    module = lean.guarded(memory_module(), image(memory), [0, 1])
    one, two, three, four = (number * BLOCK for number in (1, 2, 3, 4))
    expected: list[tuple[list[object], object]] = [
        (["load", one], 0x02020202),
        (["load", two], STOPPED),
        (["load", two - 2], 0x03030202),            # reaches two bytes into the absent block, which keeps its first eight
        (["load", three], 0),                       # zeros need no bytes
        (["load", four], STOPPED),
        (["store", four, 1], STOPPED),
        (["store", three, 7], None),
        (["load", three], 7),
        (["twice", one], 0x04040404),
        (["twice", two], STOPPED),
        (["next", two - 8], STOPPED),
        (["next", one - 8], 0x02020202),
        (["computed", two // 4], STOPPED),
        (["computed", one // 4], 0x02020202),
        (["copy", three, one, 64], None),
        (["load", three], 0x02020202),
        (["copy", three, one, 65], STOPPED),        # its last byte comes from the absent block
        (["copy", one - 1, three, 66], STOPPED),    # its last byte goes there
        (["fill", three, 1, 65], STOPPED),
        (["fill", three, 1, 64], None),
        (["fill", two, 1, 0], None),                # nothing is touched
    ]
    assert run(tmp_path / "guarded.wasm", module, [call for call, _ in expected]) == [result for _, result in expected]


def test_noting_and_guarding_look_at_the_same_accesses(tmp_path: Path) -> None:
    module = memory_module()
    found = [Reader(module, body).accesses() for body in module.bodies]
    assert [[one.checked for one in accesses] for accesses in found] == [
        [False], [False], [False], [False], [False, True], [False], [False]]


@pytest.mark.parametrize(("code", "checked"), [
    (GET0 + b"\x28\x02\0\x1a" + GET0 + b"\x41\x04\x6a\x21\0" + GET0 + b"\x28\x02\0\x0b", [False, False]),               # assigned between
    (b"\x02\x40" + GET0 + b"\x28\x02\0\x0d\0\x0b" + GET0 + b"\x28\x02\0\x0b", [False, False]),                          # after a block
    (GET0 + b"\x28\x02\0\x1a\x02\x40" + GET0 + b"\x28\x02\0\x1a\x0b" + GET0 + b"\x28\x02\0\x0b", [False, True, True]),  # before it
    (GET0 + b"\x28\x02\0\x1a\x03\x40" + GET0 + b"\x28\x02\0\x21\0\x0b" + GET0 + b"\x28\x02\0\x0b", [False, False, False]),  # a loop
    (GET0 + b"\x04\x40" + GET0 + b"\x28\x02\0\x1a\x05" + GET0 + b"\x28\x02\0\x1a\x0b" + GET0 + b"\x28\x02\0\x0b", [False, False, False]),
    (GET0 + b"\x28\x02\0\x1a" + GET0 + b"\x28\x02\x40\x0b", [False, False]),                                            # another offset
])
def test_a_check_is_left_out_only_where_an_earlier_one_always_ran(code: bytes, checked: list[bool]) -> None:
    module = memory_module()
    assert [one.checked for one in Reader(module, b"\0" + code).accesses()] == checked


def test_a_function_that_never_ran_stops_who_calls_it(tmp_path: Path) -> None:
    """kept calls the imported trampoline and gone; the table holds both functions of one argument."""
    types = [UNARY, b"\x60\x04\x7f\x7f\x7f\x7f\x01\x7f"]
    names = ("malloc", "free", "PyUnicode_FromStringAndSize", "PyUnicode_AsUTF8AndSize", "PyObject_CallOneArg", "Py_DecRef")
    double, gone = GET0 + GET0 + b"\x6a\x0b", GET0 + b"\x0b"
    through = GET0 + b"\x41\x15\x41\0\x41\0\x10\0\x0b"                      # trampoline(function, 21, 0, 0)
    calls_gone = GET0 + b"\x10\x02\x0b"
    bodies = [double, gone, through, calls_gone, double, double]
    module = Module(types=types, imports=[Import("env", "_PyEM_TrampolineCall_JS", FUNCTION, b"\x01")], functions=[0] * 6,
                    tables=[b"\x70\0\x08"], memory=(1, None), tags=[], globals=[b"\x7f\x01\x41\x10\x0b", b"\x7f\0\x41\x2a\x0b"],
                    exports={name: (FUNCTION, number) for name, number in zip(names, (1, 1, 3, 4, 5, 6), strict=True)}
                    | {"__stack_pointer": (GLOBAL, 0), "entry": (GLOBAL, 1), "memory": (2, 0)},
                    table={1: 1, 2: 2, 3: 5}, bodies=[b"\0" + body for body in bodies])
    small = pruned(module, image(b""), [0, 2, 3, 4, 5], 1)
    assert small.imports == [] and len(small.bodies) == 6
    found = run(tmp_path / "small.wasm", small, [["malloc", 4], ["PyUnicode_FromStringAndSize", 1], ["PyUnicode_FromStringAndSize", 3],
                                                 ["PyUnicode_FromStringAndSize", 2], ["PyUnicode_AsUTF8AndSize", 5]])
    assert found[:3] == [8, 42, 42]
    assert all(isinstance(one, str) for one in found[3:]), "an empty place in the table, and a call of what is gone"


NEEDS = {f"request {number}": {0, number % 5} for number in range(40)}       # the functions that each runs
FIVES = {"fr": [one for one in NEEDS if one.endswith(("0", "5"))] * 2 + list(NEEDS)[1:], "en": list(NEEDS)}


class Pretended(lean.Corpus):
    """A corpus whose modules are the functions they keep; the whole one keeps all."""

    def watch(self, module: Any, what: str, count: int, asked: Mapping[str, Sequence[str]]) -> lean.Watched:
        answers = {locale: {one: answer_of(one, module) for one in requests} for locale, requests in asked.items()}
        some = [one for requests in asked.values() for one in requests]
        noted = {number for one in some for number in NEEDS.get(one, ()) if number in module} | ({99} if what == "blocks" else set())
        stopped = [one for one in some if answer_of(one, module) is None]
        return lean.Watched(noted, answers, {"unreachable": stopped[0]} if stopped else {})


def answer_of(request: str, module: Any) -> str | None:
    if request == "wrong":
        return str(len(module))
    return f"answer to {request}" if NEEDS.get(request, {7}) <= set(module) else None


@pytest.fixture
def pretended(monkeypatch: pytest.MonkeyPatch) -> Pretended:
    monkeypatch.setattr(lean, "counting", lambda _: range(5))
    monkeypatch.setattr(lean, "pruned", lambda _whole, _image, ran, _pages: frozenset(ran))
    monkeypatch.setattr(lean, "touching", lambda small: small)
    return Pretended({}, {}, image(b""), Path())


def test_what_the_first_share_of_the_requests_does_not_run_is_kept_too(pretended: Pretended) -> None:
    _, ran, touched = lean.watch_all(pretended, memory_module(), FIVES)
    assert ran == [0, 1, 2, 3, 4]
    assert touched == {0, 1, 2, 3, 4, 99}
    _, few, _ = lean.watch_all(pretended, memory_module(), {"fr": ["request 1", "request 6"]})
    assert few == [0, 1]


def test_a_request_that_stops_the_whole_interpreter_stops_the_build(pretended: Pretended) -> None:
    with pytest.raises(RuntimeBuildError, match="unreachable: impossible"):
        lean.watch_all(pretended, memory_module(), {"fr": ["impossible", *NEEDS]})


def test_another_answer_of_the_pruned_interpreter_stops_the_build(pretended: Pretended) -> None:
    with pytest.raises(RuntimeBuildError, match="answers otherwise"):
        lean.watch_all(pretended, memory_module(), {"fr": ["request 1", *["wrong"] * 6]})
