"""The four rows a booking is about, in one query."""

from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model
from django.http import Http404

from almoner.access.queries import Reading
from almoner.facility.models import Clinician, Location, VisitType
from almoner.patients.models import Patient

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who wants to be seen, for what, by whom and where."""

    patient: Patient
    visit_type: VisitType
    clinician: Clinician
    location: Location


def _names(model: type[Model]) -> list[str]:
    if model is Patient:  # a long row, of which booking asks only whether he lives
        return ["id", "deceased"]
    return [field.attname for field in model._meta.concrete_fields]


_MODELS: dict[str, type[Model]] = {
    "patient": Patient, "visit_type": VisitType, "clinician": Clinician, "location": Location,
}  # fmt: skip
_COLUMNS = {alias: _names(model) for alias, model in _MODELS.items()}
_CUTS = tuple(pairwise(accumulate(map(len, _COLUMNS.values()), initial=0)))
_SELECT = ", ".join(f"{alias}.{name}" for alias, names in _COLUMNS.items() for name in names)
_TABLES = ", ".join(f"{model._meta.db_table} {alias}" for alias, model in _MODELS.items())
WANTED = f"""
    SELECT {_SELECT} FROM {_TABLES}
     WHERE patient.id = %s AND visit_type.id = %s AND clinician.id = %s AND location.id = %s
"""  # noqa: S608 (names of our own columns)


def wanted(
    *,
    patient_id: int,
    visit_type_id: int,
    clinician_id: int,
    location_id: int,
    reading: Reading,
) -> Wanted:
    """The rows of these ids, the patient noted as seen. One query.

    Raises Http404 when one of them is not there.
    """
    with connection.cursor() as cursor:
        cursor.execute(WANTED, [patient_id, visit_type_id, clinician_id, location_id])
        row = cursor.fetchone()
    if row is None:
        raise Http404
    reading.saw([patient_id])
    made: list[Any] = [
        model.from_db("default", _COLUMNS[alias], row[since:until])
        for (alias, model), (since, until) in zip(_MODELS.items(), _CUTS, strict=True)
    ]
    return Wanted(*made)


def patient(patient_id: int, *, reading: Reading) -> Patient:
    """Whoever wants something of the schedule, noted as seen. Raises Http404. One query."""
    row = Patient.objects.filter(pk=patient_id).first()
    if row is None:
        raise Http404
    reading.saw([patient_id])
    return row
