from django.http import HttpResponse
from django.urls import include, path
from django.utils.html import format_html

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.patients.models import Patient


@door("GET", permission="patients.view", purpose=Purpose.TREATMENT)
def one(request: DeskRequest, patient_id: int) -> HttpResponse:
    patient = Patient.objects.get(pk=patient_id)
    request.reading.saw([patient.pk])
    return HttpResponse(
        format_html("<h1>{}, {}</h1><p>{}</p>", patient.family, patient.given, patient.birth_date)
    )


urlpatterns = [
    path("one/<int:patient_id>", one),
    path("accounts/", include("almoner.access.urls")),
]
