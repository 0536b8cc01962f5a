"""Copy the few files of npm's libraries that pages use to where static files are found."""

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = (
    "htmx.org/dist/htmx.min.js",
    "htmx.org/dist/ext/hx-csp.min.js",
    "htmx.org/dist/ext/hx-sse.min.js",
)


def copy(source: Path, target: Path) -> None:
    """Copy each listed file, by its bare name; FileNotFoundError when npm did not bring it."""
    target.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copyfile(source / name, target / Path(name).name)


if __name__ == "__main__":
    try:
        copy(ROOT / "node_modules", ROOT / "almoner" / "ground" / "static" / "vendor")
    except FileNotFoundError as missing:
        sys.exit(f"{missing.filename} is not there; run: make setup")
