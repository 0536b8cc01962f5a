"""Paper: a Typst template and plain data become a PDF; no network, no clock, no system fonts.

A duty keeps its templates at ``<duty>/templates/<duty>/<name>.typ``. A template reads its data by
``json(bytes(sys.inputs.data))``; whatever stands in the data is text, never markup. It may import
the letterhead of the house::

    #import "/ground/templates/ground/paper.typ": letter, dollars

The same template, data and instant give the same bytes. Documents are tagged for screen readers
(PDF/UA-1), so a template sets a title.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

HOUSE = Path(__file__).resolve().parent.parent
_one_at_a_time = Lock()  # a compiler keeps its last input; two threads would mix theirs


class NoSuchTemplate(LookupError):
    """There is no template of that name."""


def pdf(template: str, *, data: Mapping[str, Any], at: datetime) -> bytes:
    """The document as PDF bytes.

    ``template`` is ``"ledger/receipt.typ"``; ``data`` anything JSON can say (money as cents,
    days as text); ``at`` becomes the document's creation time. Raises NoSuchTemplate, or
    typst.TypstError with the template's line when the template is wrong.
    """
    with _one_at_a_time:
        compiled = _compiler().compile(
            input=_path(template),
            format="pdf",
            sys_inputs={"data": json.dumps(data, sort_keys=True)},
            pdf_standards="ua-1",
            timestamp=int(at.timestamp()),
        )
    if not isinstance(compiled, bytes):
        raise TypeError(compiled)
    return compiled


def _path(template: str) -> Path:
    duty = template.partition("/")[0]
    path = (HOUSE / duty / "templates" / template).resolve()
    if not (path.is_relative_to(HOUSE / duty / "templates") and path.is_file()):
        raise NoSuchTemplate(template)
    return path


@cache
def _compiler() -> typst.Compiler:
    """One for the process: the first document pays for reading the fonts, the others do not."""
    return typst.Compiler(root=HOUSE, ignore_system_fonts=True)
