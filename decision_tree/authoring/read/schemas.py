"""The JSON Schemas that give editors completion, written from the shapes the loader checks."""

import json
from pathlib import Path

from decision_tree.authoring.read.files import FILES, json_schema, schema_name
from decision_tree.authoring.read.load import KNOWLEDGE
from decision_tree.authoring.read.problems import Place, Problem

FOLDER = "schemas"
VERB = "python -m decision_tree schemas"


def schema_texts() -> dict[str, str]:
    """Return every schema by its file name."""
    return {schema_name(pattern): json.dumps(json_schema(pattern), ensure_ascii=False, indent=1) + "\n" for pattern in FILES}


def write_schemas(root: Path = KNOWLEDGE) -> list[Path]:
    """Write the schemas that changed, remove those of no file, and return what was touched."""
    folder = root / FOLDER
    folder.mkdir(exist_ok=True)
    touched = []
    texts = schema_texts()
    for name, text in texts.items():
        path = folder / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            touched.append(path)
    for path in folder.glob("*.json"):
        if path.name not in texts:
            path.unlink()
            touched.append(path)
    return touched


def schema_problems(root: Path = KNOWLEDGE, shown_root: str = "decision_tree/knowledge") -> list[Problem]:
    """Return the schemas that are missing, left over, or not what the loader checks."""
    folder = root / FOLDER
    texts = schema_texts()
    found = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.json"))} if folder.is_dir() else {}
    problems = [Problem(Place(f"{shown_root}/{FOLDER}/{name}", 1),
                        "this schema is missing" if name not in found else "this schema is not what the loader checks",
                        f"Run “{VERB}”.") for name, text in texts.items() if found.get(name) != text]
    return problems + [Problem(Place(f"{shown_root}/{FOLDER}/{name}", 1), "this schema describes no file", f"Run “{VERB}”.")
                       for name in found if name not in texts]
