"""What a form need not ask about the registration."""

from collections.abc import Callable

from almoner.arrivals import models
from almoner.arrivals.queries.ahead import read_whole
from almoner.arrivals.rules import told
from almoner.arrivals.rules.ahead import Outcome, Thing, Value, Verdict
from almoner.patients import queries as patients
from almoner.records.rules import Known


def known(
    patient_id: int,
    appointment_id: int | None,
    *,
    read: Callable[[Thing, Value], str] = read_whole,
) -> Known:
    """By the subject of a form, as ``read`` lets it be read; hands nothing to a reader."""
    rows = models.Said.objects.filter(
        appointment=appointment_id, patient=patient_id, thing__in=list(told.THINGS.values())
    ).order_by("said_at", "id")
    said = [
        told.Said(Thing(row.thing), Verdict(row.verdict), Outcome(row.outcome), row.was, row.words)
        for row in (rows if appointment_id else ())
    ]
    _version, details = patients.kept(patient_id)
    return told.known(details, said, read)
