"""What was signed, declined or handed over, as it is kept."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from almoner.access.models import Officer
from almoner.access.queries import Reading
from almoner.records.models import Signature, Upload
from almoner.records.queries.definitions import digest

STATES: Mapping[str, tuple[str, Promise]] = {
    "open": ("wait", _("Begun")),
    "signed": ("good", _("Signed")),
    "on_paper": ("good", _("Signed on paper")),
    "declined": ("warn", _("Declined")),
}
PAGE = 50


@dataclass(frozen=True, slots=True)
class Kept:
    """A form of a patient as a list shows it."""

    id: int
    form_id: int
    title: str
    number: int
    state: str
    at: datetime
    reason: str
    signature_id: int | None
    upload_ids: list[int]

    @property
    def badge(self) -> tuple[str, Promise]:
        return STATES[self.state]


KEPT = """
    SELECT f.id, f.form_id, v.body->>'title', v.number, f.state,
           coalesce(f.settled_at, f.begun_at), f.reason, s.id,
           ARRAY(SELECT u.id FROM records_upload u WHERE u.filling_id = f.id ORDER BY u.id)
      FROM records_filling f
      JOIN records_formversion v ON v.id = f.version_id
      LEFT JOIN records_signature s ON s.filling_id = f.id
     WHERE f.patient_id = %(patient)s
     ORDER BY f.state = 'open' DESC, f.settled_at DESC, f.id DESC
     LIMIT %(limit)s OFFSET %(skip)s
"""


def forms_of(
    patient_id: int, *, reading: Reading, page: int = 1, size: int = PAGE
) -> tuple[list[Kept], bool]:
    """The forms of one patient, open ones first, then the newest; and whether there are more."""
    reading.saw([patient_id])
    with connection.cursor() as cursor:
        cursor.execute(KEPT, {"patient": patient_id, "limit": size + 1, "skip": (page - 1) * size})
        rows = [Kept(*row) for row in cursor.fetchall()]
    return rows[:size], len(rows) > size


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature with its seal.

    ``intact``: the bytes are those that were sealed, and the questions those that were shown.
    """

    id: int
    patient_id: int
    filling_id: int
    title: str
    number: int
    name: str
    capacity: str
    at: datetime
    zone: str
    address: str | None
    session: str
    consent: str
    seen_by: str
    size: int
    sha256: str
    intact: bool


def signed(signature_id: int, *, reading: Reading) -> Signed:
    """A signature, looked at and its seal tried now. At most two queries. Raises Http404."""
    row = (
        Signature.objects.select_related("filling__version", "consent")
        .filter(pk=signature_id)
        .first()
    )
    if row is None:
        raise Http404
    reading.saw([row.patient_id])
    body = row.filling.version.body
    seen_by = ""
    if row.seen_by_id is not None:
        seen_by = Officer.objects.values_list("name", flat=True).get(pk=row.seen_by_id)
    return Signed(
        id=row.pk,
        patient_id=row.patient_id,
        filling_id=row.filling_id,
        title=body["title"],
        number=row.filling.version.number,
        name=row.name,
        capacity=row.capacity,
        at=row.at,
        zone=row.zone,
        address=row.address,
        session=row.session,
        consent=row.consent.text,
        seen_by=seen_by,
        size=len(row.pdf),
        sha256=bytes(row.sha256).hex(),
        intact=is_intact(row.pdf, row.sha256)
        and hmac.compare_digest(digest(body), bytes(row.text_sha256)),
    )


def is_intact(pdf: Any, sha256: Any) -> bool:
    """Whether these bytes are the ones that were sealed by this hash."""
    return hmac.compare_digest(hashlib.sha256(bytes(pdf)).digest(), bytes(sha256))


def paper(signature_id: int, *, reading: Reading) -> bytes:
    """The sealed paper itself. Raises Http404."""
    row = Signature.objects.filter(pk=signature_id).values_list("patient_id", "pdf").first()
    if row is None:
        raise Http404
    reading.saw([row[0]])
    return bytes(row[1])


def upload(upload_id: int, *, reading: Reading) -> tuple[str, bytes]:
    """A file that was handed over: its kind and its bytes. Raises Http404."""
    row = Upload.objects.filter(pk=upload_id).values_list("patient_id", "media", "content").first()
    if row is None:
        raise Http404
    reading.saw([row[0]])
    return row[1], bytes(row[2])
