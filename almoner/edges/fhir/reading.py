"""Reading patients out of FHIR: one Patient, a Bundle, or one resource on each line (NDJSON).

A bad entry is refused by itself and named by its place; the others are kept.
"""

from collections.abc import Iterator

from almoner.edges.fhir import faults
from almoner.edges.fhir.entries import Found, resources
from almoner.edges.fhir.patient import patient_of, remarks
from almoner.edges.fhir.values import Entry, Issue

PATIENT = "Patient"


def read_patients(content: bytes) -> Iterator[Entry]:
    """The Patient resources in ``content``, in order; other resources are passed over.

    What can be read as no JSON at all is one refused entry. A fault of a Bundle as a whole is an
    entry of its own, and its patients are read all the same.
    """
    for found in resources(content):
        if found.body is None:
            yield Entry(found.place, None, found.issues)
        elif found.kind == PATIENT:
            yield _entry(found, found.body)


def _entry(found: Found, resource: dict[str, object]) -> Entry:
    """One Patient. Our own rules are asked only of what is sound, so that they may trust it."""
    before, place = found.before, found.before + found.place
    fatal = [Issue(before + issue.place, issue.message) for issue in found.issues]
    if not fatal:
        fatal = [
            Issue(f"{place}{where}", message) for where, message in faults.of_patient(resource)
        ]
    if fatal:
        return Entry(place, None, tuple(fatal))
    told = tuple(
        Issue(f"{place}{where}", message, fatal=False) for where, message in remarks(resource)
    )
    return Entry(place, patient_of(resource, place), told)
