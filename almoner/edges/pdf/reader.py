"""Run as a program: a PDF on standard input, its pages in a new PDF on standard output.

Otherwise one word on standard error says why not (``Why`` of the package). It has so much memory
and time of the processor, and no more.
"""

import resource
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import Any

MEMORY = 768 * 1024 * 1024
SECONDS = 12
MOST_OBJECTS = 200_000
_ACTS = frozenset(
    {
        "/AA", "/EF", "/EmbeddedFile", "/EmbeddedFiles", "/GoToE", "/GoToR", "/ImportData",
        "/JavaScript", "/JS", "/Launch", "/Movie", "/Rendition", "/RichMedia", "/Screen", "/Sound",
        "/SubmitForm", "/XFA",
    }
)  # fmt: skip
"""What runs, fetches, sends or carries another file: ISO 32000-1, 12.6.4, 7.11.4, 12.7.8, 13.2.

As the key of a dictionary, or as what one says that it is.
"""
_SAID_BY = ("/S", "/Type", "/Subtype", "/FS")


def main(most_pages: int, largest: int) -> str:
    """Why it is not kept; empty when its pages were written."""
    import pypdf  # noqa: PLC0415 (after the limits are set)

    reader = pypdf.PdfReader(BytesIO(sys.stdin.buffer.read()), strict=False)
    if reader.is_encrypted:
        return "locked"
    if not 0 < len(reader.pages) <= most_pages:
        return "too_many_pages" if len(reader.pages) else "unreadable"
    for seen, each in enumerate(_every(reader.trailer.get("/Root"))):
        if seen > MOST_OBJECTS:
            return "unreadable"
        if isinstance(each, dict) and _acts(each):
            return "acts"
    writer = pypdf.PdfWriter()
    for page in reader.pages:
        writer.add_page(page)
    writer.metadata = None
    out = BytesIO()
    writer.write(out)
    if out.tell() > largest:
        return "too_large"
    sys.stdout.buffer.write(out.getvalue())
    return ""


def _acts(told: dict[str, Any]) -> bool:
    if not _ACTS.isdisjoint(told):
        return True
    said = [told[name] for name in _SAID_BY if name in told]  # [] follows what stands elsewhere
    return any(isinstance(each, str) and each in _ACTS for each in said)


def _every(root: Any) -> Iterator[Any]:
    """Every object that the document leads to, each once."""
    waiting, known = [root], set()
    while waiting:
        each = waiting.pop()
        if hasattr(each, "idnum"):
            if each.idnum in known:
                continue
            known.add(each.idnum)
            each = each.get_object()
        yield each
        if isinstance(each, dict):
            waiting.extend(dict.values(each))
        elif isinstance(each, list):
            waiting.extend(list.__iter__(each))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        why = main(int(sys.argv[1]), int(sys.argv[2]))
    except Exception:  # noqa: BLE001 (whatever it is made of: it is not kept)
        why = "unreadable"
    if why:
        sys.stderr.write(f"\n{why}\n")
        sys.exit(1)
