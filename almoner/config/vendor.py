"""Fetch the JavaScript our pages use out of ``node_modules`` into the ignored static folder.

`python -m almoner.config.vendor` after `npm ci`. Every source file must be, byte for byte, the one
that was reviewed; anything else stops here. Sources of one target are joined, so that an extension
is there before the library starts.
"""

import hashlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TARGET = ROOT / "almoner/ground/static/vendor"

FILES: dict[str, list[tuple[str, str]]] = {
    "htmx.js": [
        (
            "htmx.org/dist/htmx.min.js",
            "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130",
        ),
        (
            "htmx.org/dist/ext/hx-csp.min.js",
            "a7e1e6711ae6c3e50ad300fba7936cbe8d07599cdae313414a179ddd6b26e143",
        ),
    ],
}


class NotTheReviewedFile(Exception):
    """A library file is missing or differs from the one whose digest is written here."""


def vendor(modules: Path = ROOT / "node_modules", target: Path = TARGET) -> list[Path]:
    """Write each target; answer their paths.

    Raises NotTheReviewedFile before anything is written.
    """
    joined = {name: _joined(modules, sources) for name, sources in FILES.items()}
    target.mkdir(parents=True, exist_ok=True)
    for name, body in joined.items():
        (target / name).write_bytes(body)
    return [target / name for name in joined]


def _joined(modules: Path, sources: list[tuple[str, str]]) -> bytes:
    parts = []
    for source, digest in sources:
        path = modules / source
        if not path.exists():
            raise NotTheReviewedFile(source, "is missing: run `npm ci --ignore-scripts`.")
        body = path.read_bytes()
        if hashlib.sha256(body).hexdigest() != digest:
            raise NotTheReviewedFile(source, "is not the reviewed file: its digest differs.")
        # Maps point at sources we do not serve.
        lines = [line for line in body.splitlines() if not line.startswith(b"//# sourceMappingURL")]
        parts.append(b"\n".join(lines))
    return b";\n".join(parts) + b"\n"


def main() -> int:
    try:
        made = vendor()
    except NotTheReviewedFile as refused:
        print(*refused.args, file=sys.stderr)
        return 1
    for path in made:
        print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
