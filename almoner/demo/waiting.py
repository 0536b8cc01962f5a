"""Who waits for a place in the demo clinic, and which visits its patients book by themselves."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from almoner.access.models import Officer
from almoner.demo.setup import ZONE
from almoner.facility.models import VisitType
from almoner.patients.models import Patient
from almoner.portal.models import SelfBooking
from almoner.scheduling import actions
from almoner.scheduling.models import Appointment
from almoner.scheduling.rules.waitlist import Priority

ASKED = (
    ("follow-up", Priority.URGENT, "Chest pain that comes and goes; seen last week", 2, ()),
    ("physical", Priority.SOON, "Needs it for the new job by the end of the month", 9, (2, 4)),
    ("follow-up", Priority.ROUTINE, "", 21, ()),
    ("new-patient", Priority.ROUTINE, "", 34, (1, 5)),
    ("echo", Priority.ROUTINE, "", 12, ()),
)
"""Visit, how it hurries and why, days on the list, days of the week."""
SOONER = 3  # patients with a visit who would rather come earlier
BOOKABLE = (
    ("follow-up", "Visit with your clinician", "Cita con su médico", "established", "", ""),
    ("new-patient", "First visit", "Primera cita", "new",
     "Bring your insurance card and a list of your medicines.",
     "Traiga su tarjeta del seguro y una lista de sus medicinas."),
    ("vaccine", "Vaccination", "Vacuna", "anybody",
     "Wear a shirt with sleeves that go up.", "Venga con mangas que se puedan subir."),
    ("video", "Video visit", "Cita por video", "established", "", ""),
)  # fmt: skip


def build(*, now: datetime) -> None:
    """The set-up of what patients book, and a few on the waitlist by the desk's own action."""
    kinds = {each.code: each for each in VisitType.objects.all()}
    for code, name_en, name_es, whom, prepare_en, prepare_es in BOOKABLE:
        SelfBooking.objects.create(
            visit_type=kinds[code], name_en=name_en, name_es=name_es, whom=whom,
            prepare_en=prepare_en, prepare_es=prepare_es,
        )  # fmt: skip
    ana = Officer.objects.get(username="ana")
    today = now.astimezone(ZoneInfo(ZONE)).date()
    people = Patient.objects.filter(deceased=False, birth_date__isnull=False).order_by("-id")
    for who, (code, priority, reason, days, weekdays) in zip(people[40:], ASKED, strict=False):
        wanted = actions.Wanted(
            patient=who, visit_type=kinds[code], last_day=today + timedelta(days=60),
            weekdays=frozenset(weekdays), until=time(12) if weekdays else None,
            priority=priority, reason=reason,
        )  # fmt: skip
        actions.wait(officer=ana, wanted=wanted, at=now - timedelta(days=days))
    later = Appointment.objects.filter(
        status="booked", local_day__gte=today + timedelta(days=5)
    ).select_related("patient", "visit_type")
    for number, visit in enumerate(later.order_by("starts_at", "id")[:SOONER]):
        wanted = actions.Wanted(
            patient=visit.patient, visit_type=visit.visit_type, visit=visit,
            last_day=visit.local_day, clinician_ids=frozenset({visit.clinician_id}),
        )  # fmt: skip
        actions.wait(officer=ana, wanted=wanted, at=now - timedelta(days=number + 1))
