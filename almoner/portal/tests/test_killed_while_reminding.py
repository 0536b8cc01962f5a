"""Of a visit nobody is reminded twice or not at all, however often the worker dies over it."""

from datetime import timedelta

import pytest

from almoner.access.tests import make as access
from almoner.facility.tests import make as facility
from almoner.ground.models import Outgoing
from almoner.patients.tests.make import Phone
from almoner.patients.tests.make import patient as a_patient
from almoner.portal.models import Reminder
from almoner.portal.tests.make import BORN, NOW
from almoner.relations.models import Message
from almoner.relations.tests import many
from almoner.scheduling import actions as scheduling
from almoner.scheduling.tests import make

CLINICIANS, EACH = 12, 14
KILLS, LONGEST = 8, 1.5
TUESDAY = make.MONDAY + timedelta(days=8)
FIRST, TAKES = make.at(9, day=TUESDAY), timedelta(minutes=20)


def booked() -> list[int]:
    """Visits of a morning, each of somebody with a phone of their own."""
    here, kind = facility.location(), facility.visit_type()
    people = [facility.clinician(f"Ng{n}", at=here, does=(kind,)) for n in range(CLINICIANS)]
    scheduling.rebuild(since=TUESDAY, until=TUESDAY + timedelta(days=1))
    ana, ids = access.officer("ana"), []
    for place in range(CLINICIANS * EACH):
        phone = Phone(number=f"+1608555{1000 + place}", use="mobile", may_text=True)
        visit = scheduling.book(
            officer=ana, patient=a_patient(birth_date=BORN, phones=(phone,)), visit_type=kind,
            clinician=people[place % CLINICIANS], location=here,
            starts_at=FIRST + place // CLINICIANS * TAKES, asked_at=NOW,
        )  # fmt: skip
        ids.append(visit.pk)
    return ids


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_each_visit_is_reminded_of_once_when_workers_are_killed():
    facility.organisation()
    visits = booked()
    at = FIRST + EACH * TAKES - timedelta(hours=72)  # the window reaches back over all of them

    killed = many.program(
        "almoner.portal.tests.killing", at.isoformat(), str(KILLS), str(LONGEST), "7"
    )

    assert int(killed) > 0
    told = Message.objects.filter(template="reminder").order_by("event__about_id")
    assert list(told.values_list("event__about_id", flat=True)) == visits
    assert Outgoing.objects.filter(key__contains="reminder-").count() == len(visits)
    assert Reminder.objects.count() == len(visits)
