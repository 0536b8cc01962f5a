"""What a laboratory sends: reports in FHIR, sensible by default, and taken as a file is."""

import json
from datetime import UTC, datetime, timedelta

from almoner.records import exchange
from almoner.records.models import Result

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
LAB = "urn:oid:2.16.840.1.113883.19.9"
MRN = "urn:almoner:mrn"
LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
FLAGS = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"


def identity(mrn, system=MRN):
    facts = {"type": {"coding": [{"code": "MR"}]}, "value": mrn}
    return facts | ({"system": system} if system else {})


def subject(mrn="", *, born="", name="", system=MRN, id_="p"):
    """A Patient as a laboratory knows one."""
    facts = {"resourceType": "Patient", "id": id_}
    if mrn:
        facts["identifier"] = [identity(mrn, system)]
    if born:
        facts["birthDate"] = born
    if name:
        given, _, family = name.rpartition(" ")
        facts["name"] = [{"family": family, "given": [given]}]
    return facts


def measured(
    value="4.2", *, name="Potassium", code="2823-3", unit="mmol/L", low="3.5", high="5.1",
    flag="", status="final", id_="o", **more,
):  # fmt: skip
    """An Observation of a number; ``value`` is text, so that its digits stand as they are."""
    facts = {
        "resourceType": "Observation",
        "id": id_,
        "status": status,
        "code": {"text": name, "coding": [{"system": LOINC, "code": code, "display": name}]},
        "valueQuantity": {"value": Digits(value), "unit": unit, "system": UCUM, "code": unit},
    }
    if low or high:
        bounds = {"low": low, "high": high}
        facts["referenceRange"] = [
            {side: {"value": Digits(bound)} for side, bound in bounds.items() if bound}
        ]
    if flag:
        facts["interpretation"] = [{"coding": [{"system": FLAGS, "code": flag}]}]
    return facts | more


class Digits(float):
    """A number written with the digits it was given."""

    def __new__(cls, text):
        one = super().__new__(cls, text)
        one.text = str(text)
        return one

    def __repr__(self):
        return self.text


def report(
    number="R-1", *, status="final", name="Electrolytes", on=NOW, issued=None, results=("o",),
    **more,
):  # fmt: skip
    """A DiagnosticReport about Patient/p, with the observations it names."""
    return {
        "resourceType": "DiagnosticReport",
        "id": f"d-{number}",
        "identifier": [{"system": LAB, "value": number}],
        "status": status,
        "code": {"text": name, "coding": [{"system": LOINC, "code": "24326-1"}]},
        "subject": {"reference": "Patient/p"},
        "effectiveDateTime": on.isoformat(),
        "issued": (issued or on).isoformat(),
        "performer": [{"display": "Lakeside Laboratory"}],
        "result": [{"reference": f"Observation/{each}"} for each in results],
    } | more


def order(npi="", name="", id_="s"):
    requester = {"display": name or "Somebody"}
    if npi:
        requester["identifier"] = {"system": "http://hl7.org/fhir/sid/us-npi", "value": npi}
    return {
        "resourceType": "ServiceRequest", "id": id_, "status": "active", "intent": "order",
        "subject": {"reference": "Patient/p"}, "requester": requester,
    }  # fmt: skip


def bundle(*resources):
    entries = [{"resource": resource} for resource in resources]
    return _json({"resourceType": "Bundle", "type": "collection", "entry": entries})


def _json(value):
    """JSON that keeps the digits of `Digits`, which `json` writes by ``float.__repr__``."""
    texts = {}

    def marked(part):
        if isinstance(part, Digits):
            texts[f"@{len(texts)}@"] = part.text
            return f"@{len(texts) - 1}@"
        if isinstance(part, dict):
            return {name: marked(inner) for name, inner in part.items()}
        return [marked(inner) for inner in part] if isinstance(part, list) else part

    written = json.dumps(marked(value))
    for mark, text in texts.items():
        written = written.replace(f'"{mark}"', text)
    return written.encode()


def take(*resources, at=NOW):
    return exchange.import_results(content=bundle(*resources), at=at)


def came(patient, number="R-1", *, clinician=None, at=NOW, values=None, on=None, **facts) -> Result:
    """A final report of a patient, unless told otherwise, taken by the import."""
    values = [measured()] if values is None else values
    named = [each | {"id": f"o{place}"} for place, each in enumerate(values)]
    more = {"basedOn": [{"reference": "ServiceRequest/s"}]} if clinician else {}
    take(
        subject(patient.mrn), *named, *([order(clinician.npi)] if clinician else []),
        report(number, on=on or at - timedelta(hours=1), issued=at,
               results=[each["id"] for each in named], **more, **facts),
        at=at,
    )  # fmt: skip
    return Result.objects.get(system=LAB, number=number)
