from datetime import date, timedelta

import pytest
from django.db import connection

from almoner.demo import large
from almoner.scheduling.models import Appointment, Hold, ResourceDay

TODAY = date(2026, 11, 23)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_large_clinic_is_full_for_a_fortnight_and_its_bitmaps_agree_with_its_holds(monkeypatch):
    monkeypatch.setattr(large, "CLINICIANS", 4)
    monkeypatch.setattr(large, "AHEAD", 30)

    large.build(today=TODAY, patients=300, appointments=3_000)

    ahead = Appointment.objects.filter(status="booked")
    assert Appointment.objects.count() == 3_000
    assert Hold.objects.filter(live=True).count() == 2 * ahead.count()
    soon = ResourceDay.objects.filter(kind=1, local_day__lt=TODAY + timedelta(days=large.FULL))
    with connection.cursor() as sql:
        sql.execute(
            "SELECT count(*) FROM scheduling_resource_day"
            " WHERE kind = 1 AND local_day < %s AND bit_count(free) > 0",
            [TODAY + timedelta(days=large.FULL)],
        )
        (open_days,) = sql.fetchone()
    assert soon.exists()
    assert open_days == 0
