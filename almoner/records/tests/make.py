"""Forms for tests: the shipped ones, and copies that were filled and signed through the actions."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from almoner.access.models import Officer
from almoner.access.tests import make as access
from almoner.facility.models import Organisation
from almoner.facility.tests import make as facility
from almoner.patients.models import Patient
from almoner.patients.tests.make import picture
from almoner.records import actions, queries
from almoner.records.models import Document, Filling, Form, Signature
from almoner.records.rules.papers import PaperKind

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
TODAY = date(2026, 3, 2)
CHICAGO = "America/Chicago"
WHOLE: Mapping[str, Mapping[str, Sequence[str]]] = {
    "privacy_notice": {"received": ["received"]},
    "consent_to_treat": {"agree": ["read"]},
    "financial_policy": {"agree": ["read"]},
    "registration": {"phone": ["312 555 0188"], "language": ["es"]},
}
"""Answers with which each can be signed."""


def ship(at: datetime = NOW) -> None:
    actions.ship(officer=None, at=at)


def form(code: str) -> Form:
    return Form.objects.get(code=code)


def hand(officer: Officer | None = None) -> actions.Hand:
    anybody = officer or Officer.objects.filter(username="ana").first() or access.officer("ana")
    return actions.at_the_desk(anybody, "192.0.2.7")


def begun(patient: Patient, code: str = "consent_to_treat", *, at: datetime = NOW) -> Filling:
    return actions.begin(hand=hand(), patient_id=patient.pk, form_id=form(code).pk, at=at)


def answered(
    patient: Patient, code: str = "consent_to_treat", *, at: datetime = NOW, **typed: Sequence[str]
) -> Filling:
    """Begun and answered as far as it takes to sign; ``typed`` instead of single answers."""
    row = begun(patient, code, at=at)
    actions.answer(hand=hand(), filling_id=row.pk, typed={**WHOLE[code], **typed}, at=at)
    return row


def signing(**facts) -> actions.Signing:
    return actions.Signing(**{"name": "Cy Example", "agrees": True} | facts)


def signed(
    patient: Patient, code: str = "consent_to_treat", *, at: datetime = NOW, **typed: Sequence[str]
) -> Signature:
    if not Organisation.objects.exists():
        facility.organisation()
    row = answered(patient, code, at=at, **typed)
    return sign(row, at=at)


def sign(row: Filling, *, at: datetime = NOW, by: actions.Hand | None = None, **facts) -> Signature:
    return actions.sign(
        hand=by or hand(), filling_id=row.pk, signing=signing(**facts),
        seen=queries.answers(row.pk), language="en", zone=CHICAGO, at=at,
    )  # fmt: skip


def on_paper(patient: Patient, code: str, *, on: date = TODAY, at: datetime = NOW) -> None:
    row = begun(patient, code, at=at)
    actions.take_on_paper(hand=hand(), filling_id=row.pk, on=on, at=at)


def paper(
    patient: Patient, *, title: str = "Referral of Dr. Lee", kind: PaperKind = PaperKind.REFERRAL,
    at: datetime = NOW, visit_id: int | None = None,
) -> Document:  # fmt: skip
    """A document that an officer filed."""
    anybody = Officer.objects.filter(username="ana").first() or access.officer("ana")
    return actions.add_document(
        officer=anybody, patient_id=patient.pk, content=picture().read(), title=title, kind=kind,
        visit_id=visit_id, at=at,
    )  # fmt: skip
