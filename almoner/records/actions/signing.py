"""Signing a form: complete, agreed to, named, and sealed into a paper that stays as it is."""

import hashlib
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from django.db import transaction
from PIL import Image, UnidentifiedImageError

from almoner.ground import paper
from almoner.records import queries, rules
from almoner.records.actions import proposing, sealing
from almoner.records.actions.consenting import consent
from almoner.records.actions.filling import Unseen, opened, record, settle, write
from almoner.records.actions.hands import Hand
from almoner.records.models import ElectronicConsent, Signature
from almoner.records.rules import State

SHORTEST_NAME = 2
LARGEST_DRAWING = 200_000  # bytes, as it comes
WIDEST, TALLEST = 1600, 800
_DATA = "data:image/png;base64,"
_INK, _LEAST_INK = 128, 40  # darker than this; so many pixels are more than a slip


class CannotSign(Exception):
    """It cannot be signed like this: a code (`rules.WORDS`) for each question that is open.

    What is wrong about the signature itself is named ``sign:name``, ``sign:capacity`` (nobody may
    sign so for this patient), ``sign:agrees`` (nobody agreed to sign electronically),
    ``sign:drawing`` or ``sign:right`` (an answer that is needed stands in the record, and nobody
    has said that it is right).
    """

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(", ".join(faults))
        self.faults = dict(faults)


class NotADrawing(Exception):
    """What was drawn is no picture of a signature: unreadable, too large, or empty."""


@dataclass(frozen=True, slots=True)
class Signing:
    """What the one who signs says: the name typed, as whom, and that it may be done so.

    ``drawing`` is a PNG as a browser's canvas gives it, or empty: the name alone is enough.
    ``right``: what the record says of them on the page is right.
    """

    name: str
    capacity: str = "self"
    drawing: str = ""
    agrees: bool = False
    right: bool = False


@transaction.atomic
def sign(
    *,
    hand: Hand,
    filling_id: int,
    signing: Signing,
    seen: rules.Answers,
    language: str,
    zone: str,
    at: datetime,
    known: rules.Known | None = None,
) -> Signature:
    """Sign and seal. The day is the one it is in ``zone``.

    ``known`` is what stood on the page unasked. What was said in check-in, and what is right,
    becomes an answer like the others, and the paper says from where it is.

    ``seen`` are the answers as they stood before whoever signs: nobody signs what another device
    wrote meanwhile. Raises PermissionDenied, Settled, Unseen, or CannotSign; then nothing was
    written.
    """
    hand.check()
    filling = opened(filling_id)
    version = queries.version(filling.version_id)
    answers = queries.answers(filling.pk)
    definition = version.definition
    shown = {name: tuple(values) for name, values in seen.items() if values}
    if rules.with_rows(definition, answers) != rules.with_rows(definition, shown):
        raise Unseen
    agreed = _agreed(filling.patient_id)
    name, drawing, faults = _judged(signing, agreed=agreed is not None)
    if signing.capacity not in queries.may_sign(
        filling.patient_id, at_the_desk=hand.officer is not None, at=at
    ):
        faults["sign:capacity"] = "no_capacity"
    confirmed = rules.confirmed(known or {}, right=signing.right)
    taken_over = rules.carried(definition, answers, confirmed)
    faults = _open(definition, answers, known or {}, taken_over) | faults
    if faults:
        raise CannotSign(faults)
    write(filling, hand, taken_over, at)
    if agreed is None:
        agreed = consent(hand=hand, patient_id=filling.patient_id, language=language, at=at)
    row = Signature(
        filling=filling,
        patient_id=filling.patient_id,
        name=name,
        capacity=signing.capacity,
        drawing=drawing,
        consent=agreed,
        at=at,
        zone=zone,
        address=hand.address,
        session=hand.session,
        seen_by_id=hand.id,
        text_sha256=version.sha256,
    )
    filling.language = language
    _seal(row, version, answers, language, confirmed)
    row.save()
    settle(filling, State.SIGNED, hand, on=at.astimezone(ZoneInfo(zone)).date(), at=at)
    proposing.propose(filling, version.definition, answers)
    record("records.signed", filling, hand, at, name=name, signature_id=str(row.pk))
    return row


def _agreed(patient_id: int) -> ElectronicConsent | None:
    """The consent that holds; to another text than the one in use it is asked again."""
    agreed = queries.consent_of(patient_id)
    return agreed if agreed is not None and agreed.text == rules.ESIGN else None


def _open(
    definition: rules.Definition,
    answers: rules.Answers,
    known: rules.Known,
    taken_over: rules.Answers,
) -> dict[str, str]:
    """What is open in the answers; what only waits to be said right is one fault, of that word."""
    faults = rules.faults(definition, {**answers, **taken_over})
    waiting = rules.carried(definition, answers, known)
    asked = {name: code for name, code in faults.items() if name not in waiting}
    return asked if asked == faults else asked | {"sign:right": "not_right"}


def _judged(signing: Signing, *, agreed: bool) -> tuple[str, bytes | None, dict[str, str]]:
    """The name and the drawing as they are kept, and what is wrong about them."""
    faults: dict[str, str] = {}
    name = " ".join(signing.name.split())
    if len(name) < SHORTEST_NAME:
        faults["sign:name"] = "no_name"
    drawing = None
    try:
        drawing = drawn(signing.drawing) if signing.drawing else None
    except NotADrawing:
        faults["sign:drawing"] = "no_drawing"
    if not agreed and not signing.agrees:
        faults["sign:agrees"] = "no_consent"
    return name, drawing, faults


def _seal(
    row: Signature,
    version: queries.Version,
    answers: rules.Answers,
    language: str,
    known: rules.Known,
) -> None:
    data = sealing.paper_data(row, version, answers, language=language, known=known)
    row.pdf = paper.pdf("records/signed.typ", data=data, at=row.at)
    row.sha256 = hashlib.sha256(row.pdf).digest()


def drawn(typed: str) -> bytes:
    """A signature as drawn, black on white, encoded anew. Raises NotADrawing."""
    if not typed.startswith(_DATA) or len(typed) > LARGEST_DRAWING:
        raise NotADrawing
    try:
        with Image.open(BytesIO(b64decode(typed[len(_DATA) :])), formats=("PNG",)) as picture:
            if picture.width > WIDEST or picture.height > TALLEST:
                raise NotADrawing
            ink = picture.convert("RGBA")
    except (
        UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError,
    ) as error:  # fmt: skip
        raise NotADrawing from error
    page = Image.new("RGBA", ink.size, "white")
    page.alpha_composite(ink)
    black = page.convert("L").point(lambda shade: 0 if shade < _INK else 255)
    if black.histogram()[0] < _LEAST_INK:
        raise NotADrawing
    out = BytesIO()
    black.convert("1").save(out, "PNG", optimize=True)
    return out.getvalue()
