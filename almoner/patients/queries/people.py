"""One patient: the row, and the header every screen shows. The only doors to a row."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from almoner.access.queries import Reading
from almoner.ground.statements import one_line
from almoner.patients.models import Patient
from almoner.patients.queries import wording
from almoner.patients.queries.confidential import mail_lines
from almoner.patients.queries.registry import (
    Alert,
    HeaderPart,
    NextVisit,
    balance_sql,
    header_parts,
    next_visit,
)
from almoner.patients.rules.details import legal_name, readable, spoken_name


def patient(patient_id: int, *, reading: Reading) -> Patient:
    """The patient's row, noted as seen. Raises Http404 when there is none."""
    row = Patient.objects.defer("keys", "likeness").filter(pk=patient_id).first()
    if row is None:
        raise Http404
    reading.saw([patient_id])
    return row


@dataclass(frozen=True, slots=True)
class Header:
    """Who this is, the same on every screen: the values of ``ground/_patient.html``.

    ``name`` is what the desk says aloud, ``legal_name`` what documents write. ``age``, ``sex`` and
    ``language`` are words; ``language`` is empty when it is the desk's own. ``balance`` is cents,
    None for who may not see it; so is ``next_visit``, in words, empty.
    """

    id: int
    mrn: str
    name: str
    legal_name: str
    family: str
    given: str
    pronouns: str
    birth_date: date | None
    age: str
    sex: str
    language: str
    interpreter_needed: bool
    deceased_on: bool
    version: int
    phone: str
    photo_url: str
    balance: int | None
    next_visit: str
    alerts: tuple[Alert, ...]

    @property
    def initials(self) -> str:
        """Of the name that is shown beside them."""
        parts = self.name.split()
        return "".join(part[0] for part in [*parts[:1], *parts[1:][-1:]]).upper()

    @property
    def paid_ahead(self) -> int:
        """Cents that are the patient's own; nothing for who may not see the balance."""
        return max(0, -(self.balance or 0))

    @property
    def url(self) -> str:
        return reverse("patient", args=[self.id])


HEADER = """
    SELECT p.id, p.mrn, p.family, p.given, p.middle, p.suffix, p.name_used, p.pronouns,
           p.birth_date, p.sex, p.language, p.interpreter_needed, p.deceased, p.version,
           EXISTS (SELECT FROM patients_photo WHERE patient_id = p.id),
           coalesce((SELECT number FROM patients_reachedphone WHERE patient_id = p.id
                      ORDER BY rank LIMIT 1), ''),
           {parts}
      FROM patients_patient p WHERE p.id = %(patient)s
"""


def header(patient_id: int, *, reading: Reading) -> Header:
    """The patient's header with the alerts this reader may see, noted as seen.

    One query, and once in a reading: whatever shows it on one page shows the same. Raises Http404
    when there is no such patient.
    """
    return reading.once(("patients.header", patient_id), lambda: _asked(patient_id, reading))


def _asked(patient_id: int, reading: Reading) -> Header:
    parts = header_parts(reading)
    visit = next_visit(reading)
    columns = ", ".join((balance_sql(reading), visit.sql, *(part.sql for part in parts)))
    with connection.cursor() as cursor:
        facts: dict[str, Any] = {"patient": patient_id, "at": reading.at}
        cursor.execute(one_line(HEADER.format(parts=columns)), facts)
        row = cursor.fetchone()
    if row is None:
        raise Http404
    reading.saw([patient_id])
    return _header(row, visit, parts, reading)


def _header(
    row: tuple[Any, ...], visit: NextVisit, parts: list[HeaderPart], reading: Reading
) -> Header:
    (
        patient_id, mrn, family, given, middle, suffix, name_used, pronouns, birth_date, sex,
        language, interpreter_needed, deceased, version, has_photo, phone, balance, seen_next,
        *told,
    ) = row  # fmt: skip
    return Header(
        id=patient_id,
        mrn=mrn,
        name=spoken_name(family=family, given=name_used or given),
        legal_name=legal_name(family=family, given=given, middle=middle, suffix=suffix),
        family=family,
        given=given,
        pronouns=pronouns,
        birth_date=birth_date,
        age=wording.age_words(birth_date, on=timezone.localtime(reading.at).date()),
        sex=wording.sex(sex),
        language="" if language == "en" else wording.language(language),
        interpreter_needed=interpreter_needed,
        deceased_on=deceased,
        version=version,
        phone=readable(phone) if phone else "",
        photo_url=f"{reverse('patient_photo', args=[patient_id])}?v={version}" if has_photo else "",
        balance=balance,
        next_visit="" if seen_next is None else visit.words(seen_next),
        alerts=tuple(
            alert
            for part, value in zip(parts, told, strict=True)
            if value is not None
            for alert in part.words(value, patient_id, reading)
        ),
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
    where = "\n".join(mail_lines(payer.pk))
    relation = "other" if row.guarantor else "self"
    return Guarantor(f"{payer.given} {payer.family}".strip(), payer.pk, where, relation)
