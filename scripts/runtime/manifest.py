"""The files of the runtime as a page names them: each under a name that changes with its content, with its hash."""

import hashlib
import json
import shutil
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: its name in assets/runtime/, its SHA-256 as `integrity` wants it, its size."""

    name: str
    integrity: str
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """All the worker may fetch. `lean` is None where the site runs the whole interpreter alone."""

    pyodide: str
    model: Mapping[str, Asset]           # locale → the compiled guide in its words
    full: Mapping[str, Asset]            # loader, module, wasm, library, lock
    lean: Mapping[str, Asset] | None = None   # wasm, and the addresses in it

    def json(self) -> str:
        """Return the manifest as the page carries it, in a `data-` attribute."""
        return json.dumps(asdict(self), separators=(",", ":"))


def place(folder: Path | None, name: str, content: bytes | Path) -> Asset:
    """Copy a file or some bytes into `folder` under a name with its hash; without a folder, only name it."""
    data = content.read_bytes() if isinstance(content, Path) else content
    digest = hashlib.sha256(data)
    stem, _, suffix = name.partition(".")
    placed = f"{stem}.{digest.hexdigest()[:10]}.{suffix}"
    if folder and not (folder / placed).exists():
        folder.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Path):
            shutil.copyfile(content, folder / placed)
        else:
            (folder / placed).write_bytes(data)
    return Asset(placed, f"sha256-{b64encode(digest.digest()).decode()}", len(data))
