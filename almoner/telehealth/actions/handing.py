"""A picture of the patient, with their yes; and papers that are handed over in a call.

All of it is between the patient and who sees them: whoever else takes part hands nothing over.
"""

from datetime import datetime

from django.db import transaction

from almoner.edges import pdf
from almoner.ground.words import gettext_noop
from almoner.records import actions as records
from almoner.records.models import Document
from almoner.records.rules.papers import PaperKind, Source
from almoner.telehealth import rules
from almoner.telehealth.actions.rooms import NotNow, record, wake
from almoner.telehealth.models import Participant, PictureAsked, VideoVisit
from almoner.telehealth.rules import Role
from almoner.telehealth.rules.handing import PICTURE_TEXT, may_take, waits

TITLE = gettext_noop("Picture from the video visit")


@transaction.atomic
def ask_for_picture(*, participant: Participant, at: datetime) -> PictureAsked:
    """Ask the patient for one; while one question waits there is no other.

    Raises NotNow unless the clinician asks in a call.
    """
    visit = _in_a_call(participant, Role.CLINICIAN)
    newest = PictureAsked.objects.filter(visit=visit).order_by("-id").first()
    if newest and newest.given is None and waits(asked_at=newest.asked_at, at=at):
        return newest
    patient = Participant.objects.filter(visit=visit, role=Role.PATIENT, removed_at=None).first()
    if patient is None:
        raise NotNow
    row = PictureAsked.objects.create(
        visit=visit, asked_by=participant, asked_at=at, text=PICTURE_TEXT, language=patient.language
    )
    record("picture_asked", visit, at=at, by=None, role=participant.role)
    return row


@transaction.atomic
def answer_for_picture(*, participant: Participant, asked_id: int, yes: bool, at: datetime) -> None:
    """The patient's word, once. Raises NotNow when nobody asks (any more)."""
    visit = _in_a_call(participant, Role.PATIENT)
    row = _asked(visit, asked_id)
    if row.given is not None or not waits(asked_at=row.asked_at, at=at):
        raise NotNow
    row.given, row.answered_at = yes, at
    row.save(update_fields=["given", "answered_at"])
    kind = "picture_allowed" if yes else "picture_not_allowed"
    record(kind, visit, at=at, by=None, by_patient=True)


@transaction.atomic
def keep_picture(
    *, participant: Participant, asked_id: int, content: bytes, at: datetime
) -> Document:
    """The one picture that the patient allowed this moment, into their record.

    Raises NotNow, or records' NotADocument; then nothing was written.
    """
    if pdf.is_pdf(content):
        raise NotNow
    visit = _in_a_call(participant, Role.CLINICIAN)
    row = _asked(visit, asked_id)
    if row.document_id or not may_take(given=row.given, answered_at=row.answered_at, at=at):
        raise NotNow
    appointment = visit.appointment
    document = records.hand_over(
        patient_id=appointment.patient_id,
        visit_id=appointment.pk,
        content=content,
        title=TITLE,
        source=Source.CALL,
        sent_by_id=participant.officer_id,
        kind=PaperKind.PICTURE,
        at=at,
    )
    row.document_id = document.pk
    row.save(update_fields=["document_id"])
    wake(visit.pk)
    return document


@transaction.atomic
def hand_over(*, participant: Participant, content: bytes, title: str, at: datetime) -> Document:
    """A paper of the patient's, from either side, for the desk to look at.

    Raises NotNow outside of a call and of whoever was invited, or records' NotADocument.
    """
    if participant.role in rules.INVITED or not participant.visit.passes:
        raise NotNow
    appointment = participant.visit.appointment
    document = records.hand_over(
        patient_id=appointment.patient_id,
        visit_id=appointment.pk,
        content=content,
        title=title,
        source=Source.CALL,
        sent_by_id=participant.officer_id,
        language=participant.language,
        at=at,
    )
    wake(participant.visit_id)
    return document


def _in_a_call(participant: Participant, role: Role) -> VideoVisit:
    """The visit, locked, when somebody in this role is in its call. Raises NotNow."""
    visit = VideoVisit.objects.select_for_update().get(pk=participant.visit_id)
    if participant.role != role or not visit.passes:
        raise NotNow
    return visit


def _asked(visit: VideoVisit, asked_id: int) -> PictureAsked:
    row = PictureAsked.objects.select_for_update().filter(visit=visit, pk=asked_id).first()
    if row is None:
        raise NotNow
    return row
