"""Where the checkout and its main folders are; everything that names a place of the project starts here."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"
CACHE = ROOT / ".cache"
KNOWLEDGE = ROOT / "decision_tree" / "knowledge"
FONTS = ROOT / "leaflets" / "fonts"
FIGURES = ROOT / "docs" / "figures.md"     # where measured figures are written
