"""Documents of a patient: taken when they can be kept, filed under a kind, or refused."""

import hashlib
from datetime import datetime
from typing import Any

from django.db import transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.edges import pdf
from almoner.ground import events
from almoner.ground.pictures import LARGEST_UPLOAD, NotAPicture, encoded_anew
from almoner.patients.models import Patient
from almoner.records.models import Document
from almoner.records.rules.papers import (
    MOST_WAITING,
    WORDS,
    Fault,
    NotTaken,
    PaperKind,
    PaperState,
    Source,
    titled,
)

FILES = "records.fill"


class NotADocument(Exception):
    """It cannot be kept, for this reason; nothing was."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def screened(content: bytes) -> tuple[str, bytes]:
    """Its media type, found in its bytes, and what is kept: every byte of it of our own making.

    Takes its time: call it before anything is locked. Raises NotADocument.
    """
    if not content:
        raise NotADocument(Fault.EMPTY)
    if len(content) > LARGEST_UPLOAD:
        raise NotADocument(Fault.TOO_LARGE)
    if pdf.is_pdf(content):
        try:
            return Document.Media.PDF.value, pdf.pages_only(content)
        except pdf.Unsafe as unsafe:
            raise NotADocument(Fault(unsafe.why)) from unsafe
    try:
        return Document.Media.JPEG.value, encoded_anew(content).jpeg
    except NotAPicture as error:
        raise NotADocument(Fault.NO_FILE) from error


@transaction.atomic
def hand_over(
    *,
    patient_id: int,
    content: bytes,
    title: str,
    source: Source,
    at: datetime,
    visit_id: int | None = None,
    language: str = "en",
    sent_by_id: int | None = None,
    kind: PaperKind | None = None,
) -> Document:
    """Keep what was sent from outside the desk, until somebody there has looked at it.

    ``sent_by_id`` is an officer's in a call, who may say at once what it is: ``kind``. Raises
    NotADocument.
    """
    waiting = Document.objects.filter(patient_id=patient_id, state=PaperState.WAITING)
    if waiting.count() >= MOST_WAITING:  # before it is looked at, which takes its time
        raise NotADocument(Fault.FULL)
    media, kept = screened(content)
    Patient.objects.select_for_update(of=("self",), no_key=True).get(pk=patient_id)  # to count
    if waiting.count() >= MOST_WAITING:
        raise NotADocument(Fault.FULL)
    row = Document.objects.create(
        patient_id=patient_id,
        visit_id=visit_id,
        title=titled(title) or WORDS[language]["untitled"],
        media=media,
        content=kept,
        sha256=hashlib.sha256(kept).digest(),
        source=source.value,
        sent_at=at,
        sent_by_id=sent_by_id,
        **(_filed(kind, sent_by_id, at) if kind else {}),
    )
    _record("document_came", row, None, at, title=row.title, by_patient=sent_by_id is None)
    return row


@transaction.atomic
def add_document(
    *,
    officer: Officer,
    patient_id: int,
    content: bytes,
    title: str,
    kind: PaperKind,
    at: datetime,
    visit_id: int | None = None,
) -> Document:
    """What an officer hands over is filed at once. Raises PermissionDenied or NotADocument."""
    access.require(officer, FILES)
    media, kept = screened(content)
    row = Document.objects.create(
        patient_id=patient_id,
        visit_id=visit_id,
        title=titled(title) or WORDS["en"]["untitled"],
        media=media,
        content=kept,
        sha256=hashlib.sha256(kept).digest(),
        source=Source.DESK.value,
        sent_at=at,
        sent_by_id=officer.pk,
        **_filed(kind, officer.pk, at),
    )
    _record("document_filed", row, officer, at, title=row.title)
    return row


def _filed(kind: PaperKind, officer_id: int | None, at: datetime) -> dict[str, Any]:
    return {
        "state": PaperState.FILED.value,
        "kind": kind.value,
        "decided_at": at,
        "decided_by_id": officer_id,
    }


@transaction.atomic
def file_document(*, officer: Officer, document_id: int, kind: PaperKind, at: datetime) -> None:
    """It belongs into the record, as this. What was refused or filed otherwise is, too.

    Raises PermissionDenied.
    """
    access.require(officer, FILES)
    row = _decide(document_id, officer, PaperState.FILED, at, kind=kind.value)
    _record("document_filed", row, officer, at, title=row.title)


@transaction.atomic
def refuse_document(*, officer: Officer, document_id: int, why: NotTaken, at: datetime) -> None:
    """It does not belong into the record; what was filed in error does not, either.

    Raises PermissionDenied.
    """
    access.require(officer, FILES)
    row = _decide(document_id, officer, PaperState.REFUSED, at, reason=why.value)
    _record("document_refused", row, officer, at, title=row.title)


def _decide(
    document_id: int,
    officer: Officer,
    state: PaperState,
    at: datetime,
    *,
    kind: str = "",
    reason: str = "",
) -> Document:
    row = Document.objects.select_for_update().defer("content").get(pk=document_id)
    row.state, row.kind, row.reason = state.value, kind, reason
    row.decided_at, row.decided_by_id = at, officer.pk
    row.save(update_fields=["state", "kind", "reason", "decided_at", "decided_by_id"])
    return row


def _record(kind: str, row: Document, officer: Officer | None, at: datetime, **facts: Any) -> None:
    events.record(
        f"records.{kind}",
        at=at,
        by=officer,
        about=row,
        patient_id=row.patient_id,
        visit_id=row.visit_id,
        **facts,
    )
