"""Good-faith estimates: made by themselves or by a biller, asked for, given (45 CFR 149.610)."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import translation

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.billing import queries
from almoner.billing.models import Estimate, EstimateWanted
from almoner.billing.rules import codes, estimates
from almoner.billing.rules.estimates import Expected, How, Why
from almoner.facility import queries as facility
from almoner.ground import dates, events, paper
from almoner.ground.language import language_for
from almoner.patients.rules.details import readable
from almoner.scheduling.models import Appointment


class VisitIsOver(Exception):
    """The visit is not one to come: nothing can be estimated for it."""


class NotPriced(Exception):
    """A service is not in the charge master of the visit's day; ``number`` is its line, from 1."""

    def __init__(self, number: int, code: str) -> None:
        super().__init__(number, code)
        self.number = number
        self.code = code


@transaction.atomic
def see_to_estimate(*, appointment_id: int, since: datetime, at: datetime) -> Estimate | None:
    """Make the estimate a visit needs now, or put it among those to be written; often is as once.

    ``since`` is when what made it needed happened: the visit was booked or moved, cover ended. A
    visit that is gone, or has cover, needs none; what the patient asked for is still owed. Answers
    the newest version.
    """
    visit = _held(appointment_id)
    if visit is None:
        return None
    wanted = _wanted(visit)
    asked = wanted is not None and wanted.why == Why.ASKED
    if not _to_come(visit, at) or not (asked or queries.is_owed_estimate(visit.pk)):
        _close(visit, at=at)
        return None
    before = queries.newest_estimate(visit.pk)
    expected = _expected(visit, before)
    if before and before.given_at and not estimates.is_another(expected, _says(before)):
        return before
    on = queries.local_day(since)
    due = estimates.due_when_scheduled(on, visit.local_day, queries.holidays(on))
    if due:
        wanted = _want(visit, wanted, Why.SCHEDULED, since, due)
    return _settled(visit, expected, before, wanted, since=since, at=at)


@transaction.atomic
def ask_for_estimate(*, officer: Officer, appointment_id: int, at: datetime) -> EstimateWanted:
    """The patient asked what a visit will cost: within three business days, or before it.

    Made at once where the prices are known. Raises PermissionDenied or VisitIsOver.
    """
    require(officer, "billing.estimate")
    visit, on = _open(appointment_id, at), queries.local_day(at)
    due = estimates.due_when_asked(on, visit.local_day, queries.holidays(on))
    wanted = _want(visit, _wanted(visit), Why.ASKED, at, due)
    before = queries.newest_estimate(visit.pk)
    _settled(visit, _expected(visit, before), before, wanted, since=at, at=at)
    _tell("billing.estimate_asked", visit, wanted, officer=officer, at=at, due=str(wanted.due_date))
    return wanted


@transaction.atomic
def write_estimate(
    *,
    officer: Officer,
    appointment_id: int,
    lines: Sequence[tuple[str, int]],
    diagnoses: Sequence[str] = (),
    at: datetime,
) -> Estimate:
    """Estimate a visit by these services, (code, units), at the fees of its day.

    The same once more is the version there is. Raises PermissionDenied, VisitIsOver or NotPriced.
    """
    require(officer, "billing.statement")
    visit = _open(appointment_id, at)
    for number, line in enumerate(lines, 1):
        if queries.priced([line], day=visit.local_day) is None:
            raise NotPriced(number, line[0])
    before = queries.newest_estimate(visit.pk)
    found = queries.priced(list(lines), day=visit.local_day) or ()
    expected = Expected(visit.local_day, visit.clinician.npi, found, tuple(diagnoses))
    wanted = _wanted(visit)
    if before is None or estimates.is_another(expected, _says(before)):
        before = _made(visit, expected, before, wanted, officer=officer, since=at, at=at)
    _is_to_be_given(wanted, before)
    return before


@transaction.atomic
def give_estimate(*, officer: Officer | None, estimate_id: int, how: How, at: datetime) -> Estimate:
    """The patient has it: on paper or by e-mail, an officer says; on their page, they opened it.

    When and how it was given first stays. With the newest nothing is owed any more. Raises
    PermissionDenied or Estimate.DoesNotExist.
    """
    if officer:
        require(officer, "billing.estimate")
    row = Estimate.objects.defer("pdf").get(pk=estimate_id)
    _held(row.appointment_id)
    new = Estimate.objects.filter(pk=row.pk, given_at=None).update(
        given_at=at, given_how=how, given_by_id=officer.pk if officer else None
    )
    newest = queries.newest_estimate(row.appointment_id)
    if newest and newest.pk == row.pk:
        EstimateWanted.objects.filter(appointment_id=row.appointment_id, closed_at=None).update(
            closed_at=at
        )
    if new:
        row.refresh_from_db(fields=["given_at", "given_how", "given_by_id"])
        _tell(
            "billing.estimate_given", row.appointment, row, officer=officer, at=at,
            cents=row.total_cents, how=how.value, by_patient=officer is None,
        )  # fmt: skip
    return row


def _held(appointment_id: int) -> Appointment | None:
    """The visit, so that one estimates it at a time."""
    rows = Appointment.objects.select_for_update(of=("self",)).filter(pk=appointment_id)
    return rows.select_related("patient", "clinician", "location").first()


def _open(appointment_id: int, at: datetime) -> Appointment:
    visit = _held(appointment_id)
    if visit is None or not _to_come(visit, at):
        raise VisitIsOver
    return visit


def _to_come(visit: Appointment, at: datetime) -> bool:
    return visit.status == Appointment.Status.BOOKED and visit.ends_at > at


def _says(row: Estimate | None) -> Expected | None:
    return queries.what_it_says(row)


def _expected(visit: Appointment, before: Estimate | None) -> Expected | None:
    """What can be expected of a visit without asking anybody; None when a price is missing.

    What a biller wrote for it holds on; else what visits of its kind usually come to.
    """
    if before and before.made_by_id:
        wanted = [(line.code, line.units) for line in queries.lines_of(before)]
        diagnoses = tuple(before.diagnoses)
    else:
        wanted, diagnoses = queries.usual(visit), ()
    lines = queries.priced(wanted, day=visit.local_day)
    return Expected(visit.local_day, visit.clinician.npi, lines, diagnoses) if lines else None


def _wanted(visit: Appointment) -> EstimateWanted | None:
    return EstimateWanted.objects.filter(appointment=visit, closed_at=None).first()


def _want(
    visit: Appointment, row: EstimateWanted | None, why: Why, since: datetime, due: date
) -> EstimateWanted:
    """What is owed from now on; what was due sooner stays so, and what was asked for."""
    if row is None:
        return EstimateWanted.objects.create(
            appointment=visit, patient_id=visit.patient_id, why=why, asked_at=since, due_date=due
        )
    row.due_date = min(row.due_date, due)
    if why is Why.ASKED and row.why != Why.ASKED:
        row.why, row.asked_at = Why.ASKED, since
    row.save(update_fields=["why", "asked_at", "due_date"])
    return row


def _settled(
    visit: Appointment,
    expected: Expected | None,
    before: Estimate | None,
    wanted: EstimateWanted | None,
    *,
    since: datetime,
    at: datetime,
) -> Estimate | None:
    """The version that holds by itself: made if it is another; none while a price is missing."""
    made = before if expected else None
    if expected and estimates.is_another(expected, _says(before)):
        made = _made(visit, expected, before, wanted, officer=None, since=since, at=at)
    _is_to_be_given(wanted, made)
    return made


def _is_to_be_given(wanted: EstimateWanted | None, made: Estimate | None) -> None:
    """Of what is owed: this one is to be given, or one is still to be written."""
    if wanted:
        wanted.estimate = made
        wanted.save(update_fields=["estimate"])


def _made(
    visit: Appointment,
    expected: Expected,
    before: Estimate | None,
    wanted: EstimateWanted | None,
    *,
    officer: Officer | None,
    since: datetime,
    at: datetime,
) -> Estimate:
    clinic, serial = facility.organisation(), _next_serial()
    row = Estimate(
        id=serial,
        number=estimates.number(queries.local_day(at), serial),
        patient=visit.patient,
        appointment=visit,
        version=before.version + 1 if before else 1,
        service_date=expected.service_date,
        clinician=str(visit.clinician),
        clinician_npi=expected.clinician_npi,
        organisation=clinic.name,
        tax_id=clinic.tax_id,
        location=", ".join([visit.location.name, *facility.address_of(visit.location)]),
        lines=[asdict(line) for line in expected.lines],
        total_cents=expected.total_cents,
        diagnoses=list(expected.diagnoses),
        language=language_for(visit.patient.language),
        why=wanted.why if wanted else Why.SCHEDULED,
        asked_at=wanted.asked_at if wanted else since,
        due_date=wanted.due_date if wanted else None,
        made_at=at,
        made_by_id=officer.pk if officer else None,
    )
    with translation.override(row.language):
        row.pdf = paper.pdf("billing/estimate.typ", data=_letter(row), at=at)
    row.save(force_insert=True)
    _tell(
        "billing.estimate_made", visit, row, officer=officer, at=at, number=row.number,
        cents=row.total_cents,
    )  # fmt: skip
    return row


def _next_serial() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('billing_estimate', 'id'))")
        return int(cursor.fetchone()[0])


def _letter(row: Estimate) -> dict[str, Any]:
    """What stands on the paper, in the patient's language; see ``estimate.typ``."""
    clinic, patient = facility.organisation(), row.patient
    says = estimates.words(row.language)
    born = says["born"].format(day=_day(row, patient.birth_date)) if patient.birth_date else ""
    name = f"{patient.given} {patient.family}".strip()
    return {
        "lang": row.language,
        "title": says["title"].format(number=row.number),
        "from": {
            "name": row.organisation,
            "lines": [*facility.address_of(clinic), readable(clinic.phone)],
        },
        "facts": [
            [says["made"], _day(row, queries.local_day(row.made_at))],
            [says["patient"], ", ".join(filter(None, [name, born]))],
            [says["visit"], _day(row, row.service_date)],
            [says["by"], f"{row.clinician} · {row.organisation}"],
            ["", says["numbers"].format(npi=row.clinician_npi, tin=row.tax_id)],
            [says["at"], row.location],
            [
                says["diagnoses"],
                " ".join(map(codes.dotted, row.diagnoses)) or says["no_diagnosis"],
            ],
        ],
        "says": says | {"ask": says["ask"].format(phone=readable(clinic.phone))},
        "lines": row.lines,
        "cents": row.total_cents,
    }


def _day(row: Estimate, day: date) -> str:
    return dates.day_for(row.language, day)


def _close(visit: Appointment, *, at: datetime) -> None:
    EstimateWanted.objects.filter(appointment=visit, closed_at=None).update(closed_at=at)


def _tell(
    kind: str,
    visit: Appointment,
    about: Estimate | EstimateWanted,
    *,
    officer: Officer | None,
    at: datetime,
    **more: Any,
) -> None:
    events.record(
        kind, at=at, by=officer, about=about, patient_id=visit.patient_id, visit_id=visit.pk,
        **more,
    )  # fmt: skip
