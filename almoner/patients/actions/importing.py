"""Taking over people from another system: each by himself, none twice, none merged."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.ground import events
from almoner.ground.constraints import violated
from almoner.patients.actions.pairing import put
from almoner.patients.actions.registering import write
from almoner.patients.actions.saying import said
from almoner.patients.models import Identifier, Patient
from almoner.patients.queries.alike import candidates
from almoner.patients.rules.alike import Grade, Match
from almoner.patients.rules.details import Details
from almoner.patients.rules.incoming import Incoming, Outcome, Report
from almoner.patients.rules.person import facts


def import_people(
    *, people: Iterable[Incoming], at: datetime, officer: Officer | None = None
) -> Report:
    """Write down everybody who is not known yet; ``officer`` None is the command line.

    Each person is a transaction of his own, so a file can be imported again after it was broken
    off: whoever has an identifier we know is already here, and nothing of him is changed. Somebody
    who is likely to be a known person, or may be a twin of one, is reported and not written; who is
    possibly one is written, and put on the list of pairs.
    Raises PermissionDenied, before anything is written.
    """
    if officer:
        require(officer, "patients.register")
    report = Report()
    for person in people:
        if person.details is None:
            report.refused.append(Outcome(person.place, says=person.faults))
        else:
            _take(person.place, person.details, person.remarks, report, at=at, officer=officer)
    return report


def _take(
    place: str,
    details: Details,
    remarks: tuple[str, ...],
    report: Report,
    *,
    at: datetime,
    officer: Officer | None,
) -> None:
    if known := _by_identifier(details):
        report.already_here.append(Outcome(place, known[0], known[1], remarks))
        return
    found = candidates(facts(details))
    doubtful = next((pair for pair in found if _must_decide(pair[1])), None)
    if doubtful:
        report.alike.append(_outcome(place, *doubtful))
        return
    try:
        with transaction.atomic():
            with said(how="import", by=officer, at=at):
                patient = write(details, at=at)
            put(patient.pk, found)
            events.record(
                "patients.registered",
                at=at,
                by=officer,
                about=patient,
                patient_id=patient.pk,
                source="import",
            )
    except IntegrityError as error:
        if not violated(error, "identifier_once"):
            raise
        # Somebody else imported the same person between our question and our writing.
        first_id, first_mrn = _by_identifier(details) or (None, "")
        report.already_here.append(Outcome(place, first_id, first_mrn, remarks))
    else:
        says = (*remarks, *(f"looks like {_mrn(other)}" for other, _match in found))
        report.written_though_alike += bool(found)
        report.created.append(Outcome(place, patient.pk, patient.mrn, says))


def _must_decide(match: Match) -> bool:
    return match.grade == Grade.LIKELY or match.caution is not None


def _by_identifier(details: Details) -> tuple[int, str] | None:
    for system, value in details.identifiers:
        known = Identifier.objects.filter(system=system, value=value)
        if row := known.values_list("patient_id", "patient__mrn").first():
            return row
    return None


def _mrn(patient_id: int) -> str:
    return Patient.objects.values_list("mrn", flat=True).get(pk=patient_id)


def _outcome(place: str, patient_id: int, match: Match) -> Outcome:
    signs = tuple(f"{sign.field}: {sign.verdict}" for sign in match.signs if sign.bits > 0)
    caution = (f"may be a {match.caution}",) if match.caution else ()
    return Outcome(place, patient_id, _mrn(patient_id), (*caution, *signs))
