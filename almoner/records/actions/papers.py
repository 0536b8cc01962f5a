"""Documents of a patient: taken when they can be kept, filed under a kind, or refused."""

import hashlib
from datetime import datetime
from typing import Any

from django.db import transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.edges.papers import Screened
from almoner.ground import events
from almoner.patients.actions import Handed
from almoner.patients.models import Patient
from almoner.records.actions.scanning import NotADocument, kept_file
from almoner.records.models import Document
from almoner.records.rules.papers import (
    MOST_WAITING,
    WORDS,
    Fault,
    NotTaken,
    PaperKind,
    PaperState,
    Source,
    Withheld,
    titled,
    withheld_by_itself,
)

FILES = "records.fill"
_CAME = {"email": Source.MAIL, "sms": Source.TEXT, "letter": Source.LETTER}


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
    sender_id: int | None = None,
    kind: PaperKind | None = None,
) -> Document:
    """Keep what was sent from outside the desk, until somebody there has looked at it.

    ``sent_by_id`` is an officer's in a call, who may say at once what it is: ``kind``;
    ``sender_id`` the account of a patient, or of who acts for them. Raises NotADocument.
    """
    if _is_full(patient_id):  # before it is looked at, which takes its time
        raise NotADocument(Fault.FULL)
    kept = kept_file(content)
    return take_in(
        kept,
        patient_id=patient_id,
        title=titled(title) or WORDS[language]["untitled"],
        source=source,
        sent_at=at,
        at=at,
        visit_id=visit_id,
        sent_by_id=sent_by_id,
        sender_id=sender_id,
        **(_filed(kind, sent_by_id, at) if kind else {}),
    )


@transaction.atomic
def take_in(
    kept: Screened,
    *,
    patient_id: int,
    title: str,
    source: Source,
    sent_at: datetime,
    at: datetime,
    visit_id: int | None = None,
    sent_by_id: int | None = None,
    **decided: Any,
) -> Document:
    """Keep what was screened before. Raises NotADocument when too many of that patient wait."""
    Patient.objects.select_for_update(of=("self",), no_key=True).get(pk=patient_id)  # to count
    if _is_full(patient_id):
        raise NotADocument(Fault.FULL)
    row = Document.objects.create(
        patient_id=patient_id,
        visit_id=visit_id,
        title=title,
        media=kept.media,
        content=kept.content,
        sha256=hashlib.sha256(kept.content).digest(),
        source=source.value,
        sent_at=sent_at,
        sent_by_id=sent_by_id,
        **decided,
    )
    _record("document_came", row, None, at, title=row.title, by_patient=sent_by_id is None)
    return row


def take_handed(handed: Handed) -> int | None:
    """What came by a message of the patient waits like what they hand over; None: too many do."""
    try:
        row = take_in(
            Screened(handed.media, handed.content),
            patient_id=handed.patient_id,
            title=titled(handed.title) or WORDS["en"]["untitled"],
            source=_CAME[handed.channel],
            sent_at=handed.sent_at,
            at=handed.at,
        )
    except NotADocument:
        return None
    return row.pk


def _is_full(patient_id: int) -> bool:
    waiting = Document.objects.filter(patient_id=patient_id, state=PaperState.WAITING)
    return waiting.count() >= MOST_WAITING


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
    kept = kept_file(content)
    row = Document.objects.create(
        patient_id=patient_id,
        visit_id=visit_id,
        title=titled(title) or WORDS["en"]["untitled"],
        media=kept.media,
        content=kept.content,
        sha256=hashlib.sha256(kept.content).digest(),
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
    } | _kept_back(withheld_by_itself(kind), officer_id, at)


def _kept_back(why: Withheld | None, officer_id: int | None, at: datetime) -> dict[str, Any]:
    if why is None:
        return {}
    return {"withheld_why": why.value, "withheld_at": at, "withheld_by_id": officer_id}


@transaction.atomic
def file_document(*, officer: Officer, document_id: int, kind: PaperKind, at: datetime) -> None:
    """It belongs into the record, as this. What was refused or filed otherwise is, too.

    Raises PermissionDenied.
    """
    access.require(officer, FILES)
    row = _locked(document_id)
    kept_back = {} if row.withheld_why else _kept_back(withheld_by_itself(kind), officer.pk, at)
    _decide(row, officer, PaperState.FILED, at, kind=kind.value, **kept_back)
    _record("document_filed", row, officer, at, title=row.title)


@transaction.atomic
def refuse_document(*, officer: Officer, document_id: int, why: NotTaken, at: datetime) -> None:
    """It does not belong into the record; what was filed in error does not, either.

    Raises PermissionDenied.
    """
    access.require(officer, FILES)
    row = _locked(document_id)
    _decide(row, officer, PaperState.REFUSED, at, reason=why.value, **_SHOWN)
    _record("document_refused", row, officer, at, title=row.title)


_SHOWN = {"withheld_why": "", "withheld_at": None, "withheld_by_id": None}


class NotFiled(Exception):
    """Only what is filed is shown to patients, or kept from them; and notes are always kept."""


@transaction.atomic
def withhold_document(*, officer: Officer, document_id: int, why: Withheld, at: datetime) -> None:
    """The patient does not read it in their account, for a reason they may ask about.

    They may ask for a review where 45 CFR 164.524(a)(3) gives one. Raises PermissionDenied, or
    NotFiled.
    """
    access.require(officer, FILES)
    row = _locked(document_id)
    if row.state != PaperState.FILED:
        raise NotFiled
    _change(row, **_kept_back(why, officer.pk, at))
    _record("document_withheld", row, officer, at, title=row.title, why=why.value)


@transaction.atomic
def show_document(*, officer: Officer, document_id: int, at: datetime) -> None:
    """The patient reads it from now on. Raises PermissionDenied, or NotFiled of notes."""
    access.require(officer, FILES)
    row = _locked(document_id)
    if row.state != PaperState.FILED or withheld_by_itself(PaperKind(row.kind)):
        raise NotFiled
    _change(row, **_SHOWN)
    _record("document_shown", row, officer, at, title=row.title)


def _locked(document_id: int) -> Document:
    return Document.objects.select_for_update().defer("content").get(pk=document_id)


def _decide(
    row: Document,
    officer: Officer,
    state: PaperState,
    at: datetime,
    **said: Any,
) -> None:
    facts = {"kind": "", "reason": "", "decided_at": at, "decided_by_id": officer.pk}
    _change(row, state=state.value, **facts | said)


def _change(row: Document, **said: Any) -> None:
    for name, value in said.items():
        setattr(row, name, value)
    row.save(update_fields=list(said))


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
