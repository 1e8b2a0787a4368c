"""What is done to a built site whatever built it: one style sheet, names that change with their content."""

from pathlib import Path

LAYERS = ("tokens", "base", "components", "print")


def finish(site: Path) -> None:
    """Finish the site in place."""
    css = site / "assets" / "css"
    (css / "site.css").write_text(bundle(css), "utf-8")
    for layer in LAYERS:
        (css / f"{layer}.css").unlink()


def bundle(folder: Path) -> str:
    """Return the layers as one style sheet."""
    return f"@layer {', '.join(LAYERS)};" + "".join((folder / f"{name}.css").read_text("utf-8") for name in LAYERS)
