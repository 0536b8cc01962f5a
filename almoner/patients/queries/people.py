"""One patient: the row, and the header every screen shows. The only doors to a row."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connection
from django.http import Http404
from django.utils import timezone

from almoner.access.queries import Reading
from almoner.patients.models import Patient
from almoner.patients.queries.registry import Alert, alerts
from almoner.patients.rules.details import age, readable


def patient(patient_id: int, *, reading: Reading) -> Patient:
    """The patient's row, noted as seen. Raises Http404 when there is none."""
    row = Patient.objects.defer("keys", "likeness").filter(pk=patient_id).first()
    if row is None:
        raise Http404
    reading.saw([patient_id])
    return row


@dataclass(frozen=True, slots=True)
class Header:
    """Who this is, the same on every screen. ``name_used`` is what the desk says aloud."""

    id: int
    mrn: str
    family: str
    given: str
    middle: str
    suffix: str
    name_used: str
    pronouns: str
    birth_date: date | None
    sex: str
    language: str
    interpreter_needed: bool
    deceased: bool
    version: int
    has_photo: bool
    phone: str = ""
    age: int | None = None
    alerts: tuple[Alert, ...] = ()

    @property
    def legal_name(self) -> str:
        """``Garcia Lopez, Maria Elena, Jr.``, as documents write it."""
        given = " ".join(filter(None, (self.given, self.middle)))
        return ", ".join(filter(None, (self.family, given, self.suffix)))

    @property
    def spoken_name(self) -> str:
        """``Mel Garcia``: what to call out in the waiting room."""
        return " ".join(filter(None, (self.name_used or self.given, self.family)))


HEADER = """
    SELECT p.id, p.mrn, p.family, p.given, p.middle, p.suffix, p.name_used, p.pronouns,
           p.birth_date, p.sex, p.language, p.interpreter_needed, p.deceased, p.version,
           EXISTS (SELECT FROM patients_photo WHERE patient_id = p.id),
           coalesce((SELECT number FROM patients_phone WHERE patient_id = p.id
                      ORDER BY rank LIMIT 1), '')
      FROM patients_patient p WHERE p.id = %s
"""


def header(patient_id: int, *, reading: Reading) -> Header:
    """The patient's header with the alerts this reader may see, noted as seen.

    One query, and one for each alert provider. Raises Http404 when there is no such patient.
    """
    with connection.cursor() as cursor:
        cursor.execute(HEADER, [patient_id])
        row = cursor.fetchone()
    if row is None:
        raise Http404
    reading.saw([patient_id])
    return _header(row, reading)


def _header(row: tuple[Any, ...], reading: Reading) -> Header:
    bare = Header(*row)
    today = timezone.localtime(reading.at).date()
    return replace(
        bare,
        phone=readable(bare.phone) if bare.phone else "",
        age=None if bare.birth_date is None else age(bare.birth_date, on=today),
        alerts=tuple(alerts(bare.id, reading=reading)),
    )


@dataclass(frozen=True, slots=True)
class Guarantor:
    """Who pays for a patient: another patient (``patient_id``), a named contact, or himself."""

    name: str
    patient_id: int | None
    address: str
    relation: str


def guarantor(patient_id: int) -> Guarantor:
    """Who gets the bill. Raises Patient.DoesNotExist.

    Another patient first, then a contact who is the guarantor, then the patient.
    """
    row = Patient.objects.select_related("guarantor").get(pk=patient_id)
    payer = row.guarantor or row
    contact = None if row.guarantor else row.contacts.filter(kind="guarantor").first()
    if contact:
        return Guarantor(contact.name, None, contact.address, contact.relation)
    home = payer.addresses.order_by("rank").first()
    parts = (home.line, home.line_2, f"{home.city} {home.state} {home.zip_code}") if home else ()
    where = "\n".join(filter(None, parts))
    relation = "other" if row.guarantor else "self"
    return Guarantor(f"{payer.given} {payer.family}".strip(), payer.pk, where, relation)
