"""Templates: kept compiled in .cache/templates/ by their content, and listed without what no page uses."""

import hashlib
from collections.abc import Callable
from typing import Any

from jinja2 import Environment, FileSystemLoader, Template

from scripts.content.templates import bytecode
from scripts.project.paths import ROOT

OURS = ROOT / "overrides"


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


def list_ours_alone(theme: Any) -> None:
    """Let MkDocs look for files to copy in our folder alone: of Material's fourteen thousand, icons mostly, it would copy none."""
    make = theme.get_env

    def get_env() -> Environment:
        env: Environment = make()
        env.loader.list_templates = FileSystemLoader(str(OURS)).list_templates  # type: ignore[method-assign, union-attr]
        return env

    theme.get_env = get_env
