"""Take functions out of a module: what never ran is gone, and calling it stops the program."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from scripts.runtime.lean import wasm
from scripts.runtime.lean.image import Image
from scripts.runtime.lean.wasm import FUNCTION, GLOBAL, Import, Module, signed, unsigned

EXPORTS = ("malloc", "free", "PyUnicode_FromStringAndSize", "PyUnicode_AsUTF8AndSize", "PyObject_CallOneArg", "Py_DecRef")
TRAMPOLINE = "_PyEM_TrampolineCall_JS"
STOP = bytes([wasm.UNREACHABLE])
ELSE = 0x05
TABLE_ACCESS = (0x25, 0x26)
LEAVES = (0x00, 0x0C, 0x0E, 0x0F)        # unreachable, br, br_table, return: nothing after them runs before the block ends
PARTS = re.compile(rb"[^\0]+(?:\0{1,64}[^\0]+)*")     # some zeros are cheaper to send than the head of another segment


def segments(memory: bytes) -> list[tuple[int, bytes]]:
    """Return the parts of a memory that are not zero, as (start, bytes)."""
    return [(found.start(), found.group()) for found in PARTS.finditer(memory)]


def with_image(module: Module, image: Image, pages: int) -> Module:
    """Return the module with the image as its data, its globals as they were, and the entry as one more."""
    names = {number: name for name, (kind, number) in module.exports.items() if kind == GLOBAL}
    first = len(module.imported(GLOBAL))
    globals_ = []
    for number, one in enumerate(module.globals, first):
        if one[1] and one[0] == 0x7F and number in names:
            one = one[:2] + b"\x41" + signed(image.globals[names[number]]) + b"\x0b"
        globals_.append(one)
    exports = {**module.exports, "entry": (GLOBAL, first + len(globals_))}
    globals_.append(b"\x7f\0\x41" + signed(image.entry) + b"\x0b")
    return replace(module, globals=globals_, exports=exports, memory=(pages, None), data=segments(image.memory))


def pruned(module: Module, image: Image, kept: Iterable[int], pages: int) -> Module:
    """Return the module with only the functions that ran, and no import at all.

    A call of a function that is gone becomes `unreachable`; its place in the table is empty, and calling that stops too.

    Args:
        kept: Own functions that ran, counted from the first one of the module itself.
        pages: The size of the memory, which no longer grows.
    """
    outside = module.imported(FUNCTION)
    ran = sorted({number + len(outside) for number in kept} | {module.exports[name][1] for name in EXPORTS})
    numbers = {old: new for new, old in enumerate(ran)}
    numbers[next(i for i, one in enumerate(outside) if one.name == TRAMPOLINE)] = len(ran)
    types = Numbering(module.types)
    globals_ = Numbering([*(imported_global(one, image) for one in module.imported(GLOBAL)), *module.globals])
    unnamed = hidden_globals(module)
    globals_.renumber(module.exports["__stack_pointer"][1])
    bodies = []
    for old in ran:
        editor = Editor(numbers, types, globals_, unnamed, pages)
        bodies.append(editor.body(module.bodies[old - len(outside)]))
    table = {place: numbers[old] for place, old in module.table.items() if old in numbers}
    arity = {place: arity_of(module.types[module.type_of(old)]) for place, old in module.table.items() if old in numbers}
    bodies.append(trampoline({place: count for place, count in arity.items() if count is not None and count < 3}, types))
    functions = [types.number_of(module.types[module.type_of(old)]) for old in ran] + [types.number_of(function_type(4, 1))]
    exports = {name: (FUNCTION, numbers[module.exports[name][1]]) for name in EXPORTS}
    exports["entry"] = (GLOBAL, globals_.renumber(module.exports["entry"][1]))
    exports["memory"] = module.exports["memory"]
    return replace(module, types=types.items, imports=[], functions=functions, tables=module.tables[:1], memory=(pages, pages), tags=[],
                   globals=globals_.items, exports=exports, table=table, bodies=bodies)


class Numbering:
    """Gives numbers to the things that are used, in the order they are first used."""

    def __init__(self, all_items: Sequence[bytes]) -> None:
        self.all_items = all_items
        self.items: list[bytes] = []
        self._numbers: dict[bytes | int, int] = {}

    def renumber(self, old: int) -> int:
        """Return the new number of something by its old one."""
        if old not in self._numbers:
            self._numbers[old] = len(self.items)
            self.items.append(self.all_items[old])
        return self._numbers[old]

    def number_of(self, item: bytes) -> int:
        """Return the new number of something by what it is."""
        if item not in self._numbers:
            self._numbers[item] = self.items.index(item) if item in self.items else len(self.items)
            if item not in self.items:
                self.items.append(item)
        return self._numbers[item]


def imported_global(one: Import, image: Image) -> bytes:
    """Return an imported global as one of our own, with the value it had."""
    if one.detail[:1] != b"\x7f":
        return one.detail + b"\x0b"
    return one.detail + b"\x41" + signed(image.offsets[f"{one.space}.{one.name}"]) + b"\x0b"


def hidden_globals(module: Module) -> frozenset[int]:
    """Return the globals that can change and are not exported: their value in the image is not known."""
    shown = {number for kind, number in module.exports.values() if kind == GLOBAL}
    first = len(module.imported(GLOBAL))
    return frozenset(number for number, one in enumerate(module.globals, first) if one[1] and number not in shown)


def function_type(parameters: int, results: int) -> bytes:
    """Return the type of a function of i32."""
    return b"\x60" + unsigned(parameters) + b"\x7f" * parameters + unsigned(results) + b"\x7f" * results


def arity_of(type_: bytes) -> int | None:
    """Return how many i32 a function that returns one i32 takes; None for another kind of function."""
    return next((count for count in range(4) if type_ == function_type(count, 1)), None)


def trampoline(fewer: Mapping[int, int], types: Numbering) -> bytes:
    """Return the body of (function, a, b, c) → i32, which calls a C function that may take fewer arguments.

    `call_indirect` itself checks the type, so that a function that is not in `fewer` takes three or stops.
    """
    low, high = min(fewer), max(fewer)
    cases = [fewer.get(place, 3) for place in range(low, high + 1)]
    code = b"\x02\x40" * 4 + b"\x20\0\x41" + signed(low) + b"\x6b"
    code += b"\x0e" + wasm.vector([unsigned(case) for case in cases]) + unsigned(3)
    for count in range(4):
        arguments = b"".join(b"\x20" + unsigned(number + 1) for number in range(count))
        code += b"\x0b" + arguments + b"\x20\0\x11" + unsigned(types.number_of(function_type(count, 1))) + b"\0\x0f"
    return b"\0" + code + b"\0\x0b"


@dataclass(frozen=True, slots=True)
class Editor:
    """Rewrites the bodies of functions for their new numbers."""

    numbers: Mapping[int, int]           # old function → new
    types: Numbering
    globals: Numbering
    unnamed: frozenset[int]
    pages: int

    def body(self, body: bytes) -> bytes:
        """Return a body whose calls, types and globals have their new numbers, without the code after a certain stop."""
        start = wasm.code_start(body)
        out = bytearray(body[:start])
        stopped, depth = False, 0        # after a certain stop, code is skipped up to the end of its block
        for at, end, opcode, number in wasm.instructions(body, start):
            if stopped and (depth or opcode not in (wasm.END, ELSE)):
                depth += (opcode in wasm.BLOCKS) - (opcode == wasm.END)
                continue
            written = self.instruction(body[at:end], opcode, number)
            stopped = written == STOP or opcode in LEAVES
            out += written
        return bytes(out)

    def instruction(self, code: bytes, opcode: int, number: int) -> bytes:
        """Return one instruction as it stands in the new module."""
        if opcode == wasm.CALL:
            return STOP if number not in self.numbers else b"\x10" + unsigned(self.numbers[number])
        if opcode == wasm.CALL_INDIRECT:
            return b"\x11" + unsigned(self.types.renumber(number)) + b"\0"
        if opcode in (wasm.GLOBAL_GET, wasm.GLOBAL_SET):
            if number in self.unnamed:
                return STOP
            return bytes([opcode]) + unsigned(self.globals.renumber(number))
        if opcode == wasm.MEMORY_SIZE[0]:
            return b"\x41" + signed(self.pages)
        if opcode == wasm.MEMORY_SIZE[1] or opcode in (wasm.REF_FUNC, *TABLE_ACCESS):
            return STOP
        if opcode in wasm.BLOCKS and not 0x40 <= code[1] < 0x80:
            return bytes([opcode]) + signed(self.types.renumber(wasm.leb(code, 1)[0]))
        return code

