"""The patient's timeline."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.patients import queries as patients
from almoner.relations import queries

KINDS = [
    ("visits", _("Visits")),
    ("coverage", _("Coverage")),
    ("money", _("Money")),
    ("messages", _("Messages")),
    ("details", _("Details")),
]


@door("GET", permission="relations.view", purpose=Purpose.OPERATIONS)
def timeline(request: DeskRequest, patient_id: int) -> HttpResponse:
    """Everything that happened to one patient, newest first, by kind when asked."""
    only = request.GET.get("only", "")
    header = patients.header(patient_id, reading=request.reading)
    lines, following = queries.timeline(
        patient_id,
        reading=request.reading,
        only=only,
        after=_cursor(request.GET.get("after", "")),
    )
    context = {
        "patient": header,
        "lines": lines,
        "only": only if only in queries.KINDS else "",
        "kinds": KINDS,
        "following": f"{following[0].isoformat()}.{following[1]}" if following else "",
    }
    return render(request, "relations/timeline.html", context)


def _cursor(text: str) -> tuple[datetime, int] | None:
    """Where a page begins; the first page for anything we did not write ourselves."""
    at, _, number = text.rpartition(".")
    try:
        return datetime.fromisoformat(at), int(number)
    except ValueError:
        return None
