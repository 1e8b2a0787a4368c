"""Runs inside Pyodide, under Node: compile what the engine really imports, with this very Python.

The modules in use after the engine has answered are those of the standard library a browser needs.
"""

import ast
import importlib
import importlib.util
import io
import marshal
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import CodeType

LIBRARY = f"/lib/python{sys.version_info[0]}{sys.version_info[1]}.zip"
EPOCH = (2020, 1, 1, 0, 0, 0)


def pack(sources: Mapping[str, str], entry: str, model: str, requests: Sequence[str]) -> dict[str, object]:
    """Return the zip of bytecode and what stands in it.

    Args:
        sources: The engine: module → source. A name ending in "." is a package.
        requests: Asked once each, so that modules imported late are seen.
    """
    write_sources(sources)
    browser = importlib.import_module(entry)
    browser.load(model)
    for request in requests:
        browser.answer(request)
    for source in sources.values():
        for name in imported(source):
            importlib.import_module(name)
    library = sorted(library_modules())
    return {
        "zip": write_zip(sources, library),
        "magic": importlib.util.MAGIC_NUMBER.hex(),
        "python": ".".join(map(str, sys.version_info[:3])),
        "library": [name for name, _ in library],
    }


def write_sources(sources: Mapping[str, str]) -> None:
    """Put the engine where this Python can import it."""
    for name, source in sources.items():
        path = Path("/engine", file_name(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, "utf-8")
    sys.path.insert(0, "/engine")


def file_name(name: str) -> str:
    """Return the file of a module; a package's name ends with a dot."""
    return name.replace(".", "/") + ("__init__.py" if name.endswith(".") else ".py")


def imported(source: str) -> Iterator[str]:
    """Yield the modules of the standard library that a source names, inside functions too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def library_modules() -> Iterator[tuple[str, str]]:
    """Yield (module, file in the zip) of every module in use that came from the standard library."""
    for name, module in list(sys.modules.items()):
        origin = getattr(getattr(module, "__spec__", None), "origin", None) or ""
        if origin.startswith(LIBRARY + "/"):
            yield name, origin.removeprefix(LIBRARY + "/")


def write_zip(sources: Mapping[str, str], library: Sequence[tuple[str, str]]) -> bytes:
    """Return a stored zip: under brotli it is smaller on the wire than a deflated one."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(LIBRARY) as stock, zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as packed:
        for _, file in library:
            source = stock.read(file)
            add(packed, file, source, without_lines(compile(source, file, "exec", dont_inherit=True, optimize=library_level(file))))
        for name, text in sources.items():
            file = file_name(name)
            add(packed, file, text.encode(), without_lines(compile(for_a_browser(text), file, "exec", dont_inherit=True)))
    return buffer.getvalue()


def library_level(file: str) -> int:
    """Drop docstrings and assertions, save where Pyodide reads its own docstrings."""
    return 0 if file.startswith(("pyodide", "_pyodide")) else 2


def for_a_browser(source: str) -> ast.Module:
    """Return a module of ours without its docstrings and the types of its functions, which nobody reads in a browser; its assertions stay.

    The docstring of a class is kept as a point: without one, `dataclass` would write the signature in its place, at each start.
    """
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.annotation = None
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node, clean=False) is not None:
            text = node.body[0]
            node.body[0] = ast.copy_location(ast.Expr(ast.copy_location(ast.Constant("."), text)) if isinstance(node, ast.ClassDef)
                                             else ast.Pass(), text)
    return tree


def without_lines(code: CodeType) -> CodeType:
    """Return code without its table of lines: a fifth of the library, two fifths of ours, and no reader sees a line."""
    constants = tuple(without_lines(one) if isinstance(one, CodeType) else one for one in code.co_consts)
    return code.replace(co_linetable=b"", co_consts=constants)


def add(packed: zipfile.ZipFile, file: str, source: bytes, code: CodeType) -> None:
    """Add one module as bytecode that is never compared with a source."""
    hashed = (1).to_bytes(4, "little") + importlib.util.source_hash(source)     # 1: known by its hash, which is not compared
    data = importlib.util.MAGIC_NUMBER + hashed + marshal.dumps(code)
    packed.writestr(zipfile.ZipInfo(file + "c", EPOCH), data)
