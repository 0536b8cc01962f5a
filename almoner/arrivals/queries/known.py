"""What a form need not ask about the registration."""

from collections.abc import Callable

from almoner.arrivals import models
from almoner.arrivals.queries.ahead import read_whole
from almoner.arrivals.rules import told
from almoner.arrivals.rules.ahead import Outcome, Thing, Value, Verdict
from almoner.ground.tongues import tongue
from almoner.patients import queries as patients
from almoner.patients.rules.relations import relation_for
from almoner.records import queries as records
from almoner.records.rules import Known


def known(
    patient_id: int,
    appointment_id: int | None,
    *,
    read: Callable[[Thing, Value], str],
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
    found = told.known(details, said, read)
    written = records.proposed_for(patient_id, appointment_id) if appointment_id else []
    return found | told.signed(written, found, read)


def known_at_the_desk(patient_id: int, appointment_id: int | None, language: str) -> Known:
    """Whole, as somebody who fills the form in ``language`` reads it."""

    def read(thing: Thing, value: Value) -> str:
        if thing is Thing.LANGUAGE and value and language != "en":
            return tongue(value["language"])
        if thing is Thing.EMERGENCY and value:
            value = {**value, "relation": relation_for(language, value["relation"])}
        return read_whole(thing, value)

    return known(patient_id, appointment_id, read=read)
