"""Compiled templates, kept in .cache/templates/ by their content."""

import hashlib
from collections.abc import Callable
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, Template

from scripts.setup import ROOT

CACHE = ROOT / ".cache" / "templates"


def bytecode() -> FileSystemBytecodeCache:
    """Return where Jinja keeps what it has compiled."""
    CACHE.mkdir(parents=True, exist_ok=True)
    return FileSystemBytecodeCache(str(CACHE))


def keeping_texts(env: Environment) -> Callable[..., Template]:
    """Return an `env.from_string` that keeps what it compiles, as Jinja does for files alone."""
    kept = bytecode()

    def from_string(source: str, globals: Any = None, template_class: type[Template] | None = None) -> Template:
        name = hashlib.sha256(source.encode()).hexdigest()
        bucket = kept.get_bucket(env, name, None, source)
        if bucket.code is None:
            bucket.code = env.compile(source)
            kept.set_bucket(bucket)
        return (template_class or env.template_class).from_code(env, bucket.code, env.make_globals(globals))

    return from_string
