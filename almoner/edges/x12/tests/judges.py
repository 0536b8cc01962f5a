"""Others' tools, asked for their opinion of what we wrote."""

import logging
import tempfile
from io import StringIO
from pathlib import Path

import pyx12.error_handler
import pyx12.params
import pyx12.x12n_document


def pyx12_complaints(data: bytes) -> list[str]:
    """What pyx12 finds wrong with a file; empty when it holds it valid."""
    complaints: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: complaints.append(record.getMessage())
    logger = logging.getLogger("pyx12")
    logger.addHandler(handler)
    logger.setLevel(logging.ERROR)
    logger.propagate = False
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "file.edi")
            path.write_bytes(data)
            answer = StringIO()
            valid = pyx12.x12n_document.x12n_document(
                pyx12.params.ParamsBase(), str(path), answer, None
            )
    finally:
        logger.removeHandler(handler)
    if not valid:
        complaints += [line for line in answer.getvalue().split("~") if line.strip()] or ["invalid"]
    return complaints
