"""What was signed, for programs: the answers as a FHIR QuestionnaireResponse."""

from typing import Any

from django.http import Http404

from almoner.access.queries import Reading
from almoner.patients.models import Patient
from almoner.records.models import Signature
from almoner.records.queries.definitions import version
from almoner.records.queries.sheets import answers
from almoner.records.rules.responses import response


def response_of(signature_id: int, *, reading: Reading) -> dict[str, Any]:
    """The answers of a signed form, in the language it was signed in. Raises Http404.

    Four queries.
    """
    row = Signature.objects.select_related("filling").filter(pk=signature_id).first()
    if row is None:
        raise Http404
    reading.saw([row.patient_id])
    form = version(row.filling.version_id)
    mrn = Patient.objects.values_list("mrn", flat=True).get(pk=row.patient_id)
    return response(
        form.definition,
        answers(row.filling_id),
        language=row.filling.language,
        questionnaire=f"urn:almoner:form:{form.code}|{form.number}",
        subject={"type": "Patient", "identifier": {"value": mrn}},
        authored=row.at.isoformat(),
    )
