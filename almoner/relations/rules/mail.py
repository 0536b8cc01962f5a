"""Reading an e-mail that somebody answered with: their own words, and the quoted tail."""

import re

_HEADS = re.compile(
    r"^\s*(On\b.{0,200}\bwrote:|El\b.{0,200}\bescribió:|-{2,}\s*(Original Message|Mensaje original)"
    r"\s*-{2,}|_{10,})\s*$",
    re.IGNORECASE,
)


def without_quote(text: str) -> tuple[str, str]:
    """The words of an e-mail, and what of an earlier one stands under them.

    Cut at the line that heads a quotation, else at the lines marked with ``>`` at the end. An
    e-mail that is nothing but a quotation is left whole.
    """
    lines = text.splitlines()
    cut = next((at for at, line in enumerate(lines) if _HEADS.match(line)), len(lines))
    if cut == len(lines):
        while cut and (not lines[cut - 1].strip() or lines[cut - 1].startswith(">")):
            cut -= 1
    own, tail = "\n".join(lines[:cut]).strip(), "\n".join(lines[cut:]).strip()
    return (own, tail) if own and tail else (text.strip(), "")
