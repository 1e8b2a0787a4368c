"""Read and write WebAssembly modules: just what taking Pyodide's apart and putting a smaller one together needs.

Function bodies stay bytes; `instructions` walks one and says where each instruction starts, ends and what it names.
An instruction this does not know stops the build: nothing is guessed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from scripts.runtime.node import RuntimeBuildError

MAGIC = b"\0asm\1\0\0\0"
FUNCTION, TABLE, MEMORY, GLOBAL, TAG = range(5)
CALL, CALL_INDIRECT, REF_FUNC, END, UNREACHABLE = 0x10, 0x11, 0xD2, 0x0B, 0x00
RETURN_CALL, RETURN_CALL_INDIRECT = 0x12, 0x13
GLOBAL_GET, GLOBAL_SET = 0x23, 0x24
BLOCKS = (0x02, 0x03, 0x04)
BR_TABLE = 0x0E
SELECT_TYPED = 0x1C
MEMORY_ACCESS = range(0x28, 0x3F)
MEMORY_SIZE = (0x3F, 0x40)
CONSTANTS = (0x41, 0x42)
BULK = 0xFC
MEMORY_COPY, MEMORY_FILL = 10, 11
FIXED = {0x3F: 1, 0x40: 1, 0xD0: 1, 0x43: 4, 0x44: 8, SELECT_TYPED: 2}     # bytes after the opcode
ONE_NUMBER = frozenset((0x0C, 0x0D, CALL, RETURN_CALL, 0x20, 0x21, 0x22, GLOBAL_GET, GLOBAL_SET, 0x25, 0x26, REF_FUNC))
NO_NUMBER = frozenset((0x00, 0x01, 0x05, END, 0x0F, 0x1A, 0x1B, 0xD1, *range(0x45, 0xC5)))


def leb(data: bytes, at: int) -> tuple[int, int]:
    """Read an unsigned number; return it and the place after it."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def skip(data: bytes, at: int) -> int:
    """Return the place after a number."""
    while data[at] >= 0x80:
        at += 1
    return at + 1


def unsigned(value: int) -> bytes:
    """Write an unsigned number."""
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def signed(value: int) -> bytes:
    """Write a signed number."""
    out = bytearray()
    while not -0x40 <= value < 0x40:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value & 0x7F)
    return bytes(out)


def sized(data: bytes) -> bytes:
    """Write bytes after their length."""
    return unsigned(len(data)) + data


def vector(items: list[bytes]) -> bytes:
    """Write items after their count."""
    return unsigned(len(items)) + b"".join(items)


@dataclass(frozen=True, slots=True)
class Import:
    """Something the module wants from outside; `detail` describes it as the module does."""

    space: str
    name: str
    kind: int
    detail: bytes

    @property
    def type(self) -> int:
        """The number of a function's type."""
        return leb(self.detail, 0)[0]


@dataclass(slots=True)
class Module:
    """A module in parts. Functions, globals and tags number the imported ones first."""

    types: list[bytes]                   # each whole, as written
    imports: list[Import]
    functions: list[int]                 # types of the module's own functions
    tables: list[bytes]
    memory: tuple[int, int | None]       # pages
    tags: list[bytes]
    globals: list[bytes]                 # type, mutability, value, as written
    exports: dict[str, tuple[int, int]]
    table: dict[int, int]                # place in the table → function
    bodies: list[bytes]                  # locals and instructions, without the length
    data: list[tuple[int, bytes]] = field(default_factory=list)

    def imported(self, kind: int) -> list[Import]:
        """Return the imports of one kind, in the order of their numbers."""
        return [one for one in self.imports if one.kind == kind]

    def type_of(self, function: int) -> int:
        """Return the number of a function's type, imported or not."""
        outside = self.imported(FUNCTION)
        return outside[function].type if function < len(outside) else self.functions[function - len(outside)]


def sections(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield (id, start, end) of each section."""
    if data[:8] != MAGIC:
        raise RuntimeBuildError("this is not a WebAssembly module")
    at = 8
    while at < len(data):
        kind = data[at]
        size, start = leb(data, at + 1)
        yield kind, start, start + size
        at = start + size


def read_module(path: Path) -> Module:
    """Read a module. Its data is left out: the image replaces it."""
    data = path.read_bytes()
    places = {kind: start for kind, start, _ in sections(data) if kind}
    if 8 in places:
        raise RuntimeBuildError(f"{path.name} has a start function, which an image would run again. See docs/decisions/006-runtime.md.")
    return Module(
        types=_read_types(data, places[1]),
        imports=_read_imports(data, places[2]),
        functions=_numbers(data, places[3]),
        tables=_read_tables(data, places[4]),
        memory=_read_memory(data, places[5]),
        tags=_read_tags(data, places.get(13)),
        globals=_read_globals(data, places[6]),
        exports=_read_exports(data, places[7]),
        table=_read_table(data, places[9]),
        bodies=_read_bodies(data, places[10]),
    )


def _numbers(data: bytes, at: int) -> list[int]:
    count, at = leb(data, at)
    found = []
    for _ in range(count):
        number, at = leb(data, at)
        found.append(number)
    return found


def _read_types(data: bytes, at: int) -> list[bytes]:
    count, at = leb(data, at)
    found = []
    for _ in range(count):
        start = at
        if data[at] != 0x60:
            raise RuntimeBuildError(f"a type of form {data[at]:#x}: only functions were expected")
        at += 1
        for _ in range(2):
            size, at = leb(data, at)
            for _ in range(size):
                at += 2 if data[at] in (0x63, 0x64) else 1
        found.append(data[start:at])
    return found


def _read_limits(data: bytes, at: int) -> tuple[tuple[int, int | None], int]:
    flags = data[at]
    least, at = leb(data, at + 1)
    most: int | None = None
    if flags & 1:
        most, at = leb(data, at)
    return (least, most), at


def _read_imports(data: bytes, at: int) -> list[Import]:
    count, at = leb(data, at)
    found = []
    for _ in range(count):
        names = []
        for _ in range(2):
            size, at = leb(data, at)
            names.append(data[at:at + size].decode())
            at += size
        kind, start = data[at], at + 1
        if kind == FUNCTION:
            at = skip(data, start)
        elif kind == GLOBAL:
            at = start + 2
        else:
            raise RuntimeBuildError(f"Pyodide imports {names[0]}.{names[1]} of kind {kind}; functions and globals were expected.")
        found.append(Import(names[0], names[1], kind, data[start:at]))
    return found


def _read_tables(data: bytes, at: int) -> list[bytes]:
    count, at = leb(data, at)
    found = []
    for _ in range(count):
        start = at
        _, at = _read_limits(data, at + 1)
        found.append(data[start:at])
    return found


def _read_memory(data: bytes, at: int) -> tuple[int, int | None]:
    count, at = leb(data, at)
    if count != 1:
        raise RuntimeBuildError(f"{count} memories; one was expected")
    return _read_limits(data, at)[0]


def _read_tags(data: bytes, at: int | None) -> list[bytes]:
    if at is None:
        return []
    count, at = leb(data, at)
    found = []
    for _ in range(count):
        start, at = at, skip(data, at + 1)
        found.append(data[start:at])
    return found


def _read_globals(data: bytes, at: int) -> list[bytes]:
    count, at = leb(data, at)
    found = []
    for _ in range(count):
        start = at
        at = constant_end(data, at + 2)
        found.append(data[start:at])
    return found


def constant_end(data: bytes, at: int) -> int:
    """Return the place after a constant expression and its `end`."""
    for _, end, opcode, _ in instructions(data, at):
        if opcode == END:
            return end
    raise RuntimeBuildError("a constant expression without end")


def _read_exports(data: bytes, at: int) -> dict[str, tuple[int, int]]:
    count, at = leb(data, at)
    found = {}
    for _ in range(count):
        size, at = leb(data, at)
        name = data[at:at + size].decode()
        kind = data[at + size]
        number, at = leb(data, at + size + 1)
        found[name] = (kind, number)
    return found


def _read_table(data: bytes, at: int) -> dict[int, int]:
    count, at = leb(data, at)
    found = {}
    for _ in range(count):
        flags, at = leb(data, at)
        if flags or data[at] != 0x41:
            raise RuntimeBuildError("the table is filled in a way that was not expected")
        place, at = leb(data, at + 1)      # small and positive: the same bytes as an unsigned number, but for one bit
        number, at = leb(data, at + 1)
        for i in range(number):
            found[place + i], at = leb(data, at)
    return found


def _read_bodies(data: bytes, at: int) -> list[bytes]:
    count, at = leb(data, at)
    found = []
    for _ in range(count):
        size, at = leb(data, at)
        found.append(data[at:at + size])
        at += size
    return found


def code_start(body: bytes) -> int:
    """Return where the instructions of a body start, after its locals."""
    count, at = leb(body, 0)
    for _ in range(count):
        at = skip(body, at)
        at += 2 if body[at] in (0x63, 0x64) else 1
    return at


def instructions(body: bytes, at: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield (start, end, opcode, number) of each instruction from `at` to the end.

    The number is the first one the instruction carries: a function, a type, an offset in memory; for 0xFC, which one it is.
    """
    size = len(body)
    while at < size:
        start, opcode, number = at, body[at], 0
        at += 1
        if opcode in ONE_NUMBER:
            number, at = leb(body, at)
        elif opcode not in NO_NUMBER:
            number, at = _other(body, at, opcode)
        yield start, at, opcode, number


def _other(body: bytes, at: int, opcode: int) -> tuple[int, int]:
    """Read what follows a less common opcode; return its number and the place after it."""
    if opcode in MEMORY_ACCESS and not body[at] & 0x40:
        return leb(body, skip(body, at))
    if opcode in CONSTANTS or opcode in BLOCKS:
        return 0, skip(body, at)
    if opcode in FIXED:
        return 0, at + FIXED[opcode]
    number, at = leb(body, at)
    if opcode in (CALL_INDIRECT, RETURN_CALL_INDIRECT):
        return number, skip(body, at)
    if opcode == BR_TABLE:
        for _ in range(number + 1):
            at = skip(body, at)
        return number, at
    if opcode == BULK and (number < 8 or number in (MEMORY_COPY, MEMORY_FILL)):
        return number, at + {MEMORY_COPY: 2, MEMORY_FILL: 1}.get(number, 0)
    raise RuntimeBuildError(f"the instruction {opcode:#x} {number} in code that is kept was not expected")


def write_module(module: Module) -> bytes:
    """Return the module as bytes."""
    out = [MAGIC]

    def section(kind: int, content: bytes) -> None:
        out.append(bytes([kind]) + sized(content))

    section(1, vector(module.types))
    section(2, vector([sized(one.space.encode()) + sized(one.name.encode()) + bytes([one.kind]) + one.detail
                       for one in module.imports]))
    section(3, vector([unsigned(one) for one in module.functions]))
    section(4, vector(module.tables))
    section(5, vector([limits(*module.memory)]))
    if module.tags:
        section(13, vector(module.tags))
    section(6, vector(module.globals))
    section(7, vector([sized(name.encode()) + bytes([kind]) + unsigned(number) for name, (kind, number) in module.exports.items()]))
    section(9, vector([b"\0\x41" + signed(place) + b"\x0b" + vector([unsigned(one) for one in run])
                       for place, run in runs(module.table)]))
    section(10, vector([sized(body) for body in module.bodies]))
    section(11, vector([b"\0\x41" + signed(at) + b"\x0b" + sized(content) for at, content in module.data]))
    return b"".join(out)


def limits(least: int, most: int | None) -> bytes:
    """Write the limits of a memory."""
    return b"\0" + unsigned(least) if most is None else b"\1" + unsigned(least) + unsigned(most)


def runs(table: dict[int, int]) -> list[tuple[int, list[int]]]:
    """Return the entries of a table as (first place, functions) of unbroken runs."""
    found: list[tuple[int, list[int]]] = []
    for place in sorted(table):
        if found and found[-1][0] + len(found[-1][1]) == place:
            found[-1][1].append(table[place])
        else:
            found.append((place, [table[place]]))
    return found
