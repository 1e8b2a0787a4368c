"""Checks before memory is touched: every load and store of a module first looks at the byte of its 64-byte block in a map.

What a check may leave out is what an earlier one has shown: the same place, from the same value of the same local, on every
way to this instruction; and the C stack, which is always there. A store whose address is no local's calls a small function, since
the check needs the address that lies under the value.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace

from scripts.runtime.lean import wasm
from scripts.runtime.lean.wasm import Module, leb, signed, unsigned

BLOCK = 64
SHIFT = 6
FIRST_STORE = 0x36
I32, I64, F32, F64 = 0x7F, 0x7E, 0x7D, 0x7C
KINDS: Mapping[int, int] = {
    0x28: I32, 0x29: I64, 0x2A: F32, 0x2B: F64, **dict.fromkeys(range(0x2C, 0x30), I32), **dict.fromkeys(range(0x30, 0x36), I64),
    0x36: I32, 0x37: I64, 0x38: F32, 0x39: F64, 0x3A: I32, 0x3B: I32, 0x3C: I64, 0x3D: I64, 0x3E: I64,
}
BINARY = frozenset((*range(0x46, 0x50), *range(0x51, 0x67), *range(0x6A, 0x79), *range(0x7C, 0x8B), *range(0x92, 0x99), *range(0xA0, 0xA7)))
ADD, SUB = 0x6A, 0x6B
STACK_POINTER = 0                        # the first global of a module that `lean` wrote
Symbol = tuple[str, int, int] | None     # ("local", number, version), one of the two below, or unknown
ON_STACK = ("stack", 0, 0)               # a place in the C stack: its pointer, or that and a constant
CONSTANT = ("constant", 0, 0)


@dataclass(frozen=True, slots=True)
class Access:
    """One load, store, copy or fill, and whether an earlier check already covers it."""

    start: int
    end: int
    opcode: int
    offset: int                          # for 0xFC, which of the bulk instructions
    checked: bool
    local: int | None                    # a local that holds the address


@dataclass(slots=True)
class Frame:
    """An open block: what to return to at its end."""

    stack: list[Symbol]
    facts: frozenset[tuple[Symbol, int]]
    results: int
    assigned: set[int] = field(default_factory=set)


class Reader:
    """Follows one body and says which of its accesses still need a check."""

    def __init__(self, module: Module, body: bytes) -> None:
        self.module = module
        self.body = body
        self.stack: list[Symbol] = []
        self.facts: frozenset[tuple[Symbol, int]] = frozenset()
        self.frames: list[Frame] = []
        self.versions: dict[int, int] = {}
        self.on_stack: set[tuple[int, int]] = set()
        self.fresh = 0
        self.once = assigned_once(body)

    def accesses(self) -> list[Access]:
        """Return every access to memory, in order."""
        found = []
        for start, end, opcode, number in wasm.instructions(self.body, wasm.code_start(self.body)):
            if opcode in wasm.MEMORY_ACCESS:
                found.append(self.access(start, end, opcode, number))
            elif opcode == wasm.BULK and number in (wasm.MEMORY_COPY, wasm.MEMORY_FILL):
                self.pop(3)
                found.append(Access(start, end, opcode, number, False, None))
            else:
                self.follow(start, opcode, number)
        return found

    def access(self, start: int, end: int, opcode: int, offset: int) -> Access:
        """Follow a load or store."""
        if opcode >= FIRST_STORE:
            self.pop(1)
        address = self.pop(1)
        if opcode < FIRST_STORE:
            self.stack.append(None)
        local = address[1] if address is not None and address[0] == "local" and self.local(address[1]) == address else None
        checked = address == ON_STACK or (address, offset) in self.facts
        if address is not None and address[0] == "local":
            self.facts |= {(address, offset)}
        return Access(start, end, opcode, offset, checked, local)

    def pop(self, count: int) -> Symbol:
        """Take values off the stack; return the last one taken."""
        value: Symbol = None
        for _ in range(count):
            value = self.stack.pop() if self.stack else None
        return value

    def push(self, count: int) -> None:
        self.stack += [None] * count

    def local(self, number: int) -> Symbol:
        """Return what a local holds."""
        version = self.versions.get(number, 0)
        return ON_STACK if (number, version) in self.on_stack else ("local", number, version)

    def assign(self, number: int, value: Symbol) -> None:
        """Give a local a new value."""
        self.fresh += 1
        self.versions[number] = self.fresh
        if value == ON_STACK and number in self.once:
            self.on_stack.add((number, self.fresh))
        for frame in self.frames:
            frame.assigned.add(number)

    def follow(self, start: int, opcode: int, number: int) -> None:
        """Follow any other instruction."""
        if opcode in wasm.BLOCKS:
            self.open(start, opcode)
        elif opcode == wasm.END:
            self.close()
        elif opcode == 0x05:
            self.otherwise()
        elif opcode == 0x20:
            self.stack.append(self.local(number))
        elif opcode == 0x21:
            self.assign(number, self.pop(1))
        elif opcode == 0x22:
            self.assign(number, self.pop(1))
            self.stack.append(self.local(number))
        elif opcode == wasm.GLOBAL_GET:
            self.stack.append(ON_STACK if number == STACK_POINTER else None)
        elif opcode == 0x41:
            self.stack.append(CONSTANT)
        elif opcode in (ADD, SUB):
            right, left = self.pop(1), self.pop(1)
            self.stack.append(ON_STACK if left == ON_STACK and right == CONSTANT else None)
        else:
            taken, given = self.effect(opcode, number)
            self.pop(taken)
            self.push(given)

    def effect(self, opcode: int, number: int) -> tuple[int, int]:
        """Return how many values an instruction takes and gives."""
        if opcode == wasm.CALL:
            return signature(self.module.types[self.module.functions[number]])
        if opcode == wasm.CALL_INDIRECT:
            taken, given = signature(self.module.types[number])
            return taken + 1, given
        if opcode in BINARY:
            return 2, 1
        if opcode in (0x1B, wasm.SELECT_TYPED):
            return 3, 1
        if opcode in (0x1A, 0x0D, wasm.GLOBAL_SET):
            return 1, 0
        if opcode in (*wasm.CONSTANTS, 0x43, 0x44):
            return 0, 1
        if opcode in (0x00, 0x0C, wasm.BR_TABLE, 0x0F):
            return len(self.stack), 0
        return (0, 0) if opcode == 0x01 else (1, 1)

    def open(self, start: int, opcode: int) -> None:
        """Enter a block; a loop may come back with other locals, so nothing is known at its start."""
        if opcode == 0x04:
            self.pop(1)
        kind = self.body[start + 1]
        taken, given = (0, kind != 0x40) if 0x40 <= kind < 0x80 else signature(self.module.types[leb(self.body, start + 1)[0]])
        self.pop(taken)
        self.frames.append(Frame(self.stack, self.facts, int(given)))
        self.stack = [None] * taken
        if opcode == 0x03:
            self.facts = frozenset()

    def otherwise(self) -> None:
        """Enter the other branch of an `if`: what the first one checked is not known."""
        frame = self.frames[-1]
        self.stack = []
        self.facts = frame.facts
        self.renew(frame.assigned)

    def close(self) -> None:
        """Leave a block: known is what was known before it, of locals it did not change."""
        if not self.frames:
            return
        frame = self.frames.pop()
        self.stack = [*frame.stack, *[None] * frame.results]
        self.facts = frame.facts
        self.renew(frame.assigned)

    def renew(self, assigned: set[int]) -> None:
        for number in assigned:
            self.fresh += 1
            self.versions[number] = self.fresh


def assigned_once(body: bytes) -> Container[int]:
    """Return the locals that one instruction alone gives a value."""
    counts: dict[int, int] = {}
    for _, _, opcode, number in wasm.instructions(body, wasm.code_start(body)):
        if opcode in (0x21, 0x22):
            counts[number] = counts.get(number, 0) + 1
    return {number for number, count in counts.items() if count == 1}


def signature(type_: bytes) -> tuple[int, int]:
    """Return how many values a function takes and gives."""
    taken, at = leb(type_, 1)
    return taken, leb(type_, at + taken)[0]


def local_count(module: Module, body: bytes, function: int) -> int:
    """Return how many locals a body has, its parameters included."""
    total = signature(module.types[module.functions[function]])[0]
    groups, at = leb(body, 0)
    for _ in range(groups):
        count, at = leb(body, at)
        total, at = total + count, at + 1
    return total


def with_local(body: bytes) -> bytes:
    """Return a body with one more local, an i32, which is the last."""
    groups, at = leb(body, 0)
    start = wasm.code_start(body)
    return unsigned(groups + 1) + body[at:start] + b"\x01\x7f" + body[start:]


def watched(module: Module, check: bytes, pages: int) -> Module:
    """Return the module with its accesses to memory checked.

    Args:
        check: What is done with the number of a block on the stack; it leaves nothing there.
        pages: The size of the memory.
    """
    helpers: dict[tuple[int, int], int] = {}
    bodies = [checked_body(module, number, check, helpers) for number in range(len(module.bodies))]
    types, functions = list(module.types), list(module.functions)
    for opcode, offset in helpers:
        type_, body = bulk(offset, check) if opcode == wasm.BULK else single(opcode, offset, check)
        if type_ not in types:
            types.append(type_)
        functions.append(types.index(type_))
        bodies.append(body)
    return replace(module, types=types, functions=functions, bodies=bodies, memory=(pages, pages))


def checked_body(module: Module, function: int, check: bytes, helpers: dict[tuple[int, int], int]) -> bytes:
    """Return a body with its accesses checked; small functions that it calls are noted in `helpers`."""
    body = module.bodies[function]
    found = Reader(module, body).accesses()
    spare = local_count(module, body, function)
    out = bytearray()
    done = 0
    used = False
    for one in found:
        out += body[done:one.start]
        done = one.end
        code = body[one.start:one.end]
        if one.checked:
            out += code
        elif one.opcode != wasm.BULK and one.local is not None:
            out += block_of(one.local, one.offset) + check + code
        elif one.opcode < FIRST_STORE:
            out += b"\x21" + unsigned(spare) + block_of(spare, one.offset) + check + b"\x20" + unsigned(spare) + code
            used = True
        else:
            key = (one.opcode, one.offset)
            out += b"\x10" + unsigned(helpers.setdefault(key, len(module.bodies) + len(helpers)))
    whole = bytes(out) + body[done:]
    return with_local(whole) if used else whole


def block_of(local: int, offset: int) -> bytes:
    """Return code that gives the block of a local's address and an offset."""
    return b"\x20" + unsigned(local) + (b"\x41" + signed(offset) + b"\x6a" if offset else b"") + b"\x41" + signed(SHIFT) + b"\x76"


def single(opcode: int, offset: int, check: bytes) -> tuple[bytes, bytes]:
    """Return the type and the body of a checked load or store."""
    store = opcode >= FIRST_STORE
    kind = bytes([KINDS[opcode]])
    type_ = b"\x60\x02\x7f" + kind + b"\0" if store else b"\x60\x01\x7f\x01" + kind
    do = b"\x20\0" + (b"\x20\x01" if store else b"") + bytes([opcode, 0]) + unsigned(offset)
    return type_, b"\0" + block_of(0, offset) + check + do + b"\x0b"


def bulk(number: int, check: bytes) -> tuple[bytes, bytes]:
    """Return the type and the body of a checked memory.copy or memory.fill."""
    def each_block(start: int) -> bytes:          # local 3 goes from the first block of the range to its last, local 4
        first = b"\x20" + unsigned(start) + b"\x41\x06\x76\x21\x03"
        last = b"\x20" + unsigned(start) + b"\x20\x02\x6a\x41\x01\x6b\x41\x06\x76\x21\x04"
        return first + last + b"\x03\x40\x20\x03" + check + b"\x20\x03\x41\x01\x6a\x22\x03\x20\x04\x4d\x0d\0\x0b"

    ranges = each_block(0) + (each_block(1) if number == wasm.MEMORY_COPY else b"")
    do = b"\x20\0\x20\x01\x20\x02\xfc" + unsigned(number) + (b"\0\0" if number == wasm.MEMORY_COPY else b"\0")
    return b"\x60\x03\x7f\x7f\x7f\0", b"\x01\x02\x7f" + b"\x20\x02\x04\x40" + ranges + b"\x0b" + do + b"\x0b"
