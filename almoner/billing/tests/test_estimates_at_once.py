"""Two that estimate one visit at the same time make one estimate."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from almoner.billing import actions
from almoner.billing.models import Estimate, EstimateWanted, UsualCharge
from almoner.billing.tests import make
from almoner.billing.tests.test_estimates import BOOKED, booked

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def visit():
    make.organisation()
    make.items()
    UsualCharge.objects.create(visit_type=make.visit_type(), code="ZZ101")
    return booked()


def both(*acts):
    start = Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        for done in [pool.submit(run, act) for act in acts]:
            done.result(60)


def test_two_followers_of_one_booking(visit):
    def follow():
        actions.see_to_estimate(appointment_id=visit.pk, since=BOOKED, at=BOOKED)

    both(follow, follow)

    assert Estimate.objects.get().version == 1
    assert EstimateWanted.objects.get().estimate == Estimate.objects.get()


def test_two_billers_who_write_different_ones_make_two_versions(visit):
    one, other = make.biller("one"), make.biller("other")

    def write(officer, code):
        actions.write_estimate(
            officer=officer, appointment_id=visit.pk, lines=[(code, 1)], at=BOOKED
        )

    both(lambda: write(one, "ZZ101"), lambda: write(other, "ZZ102"))

    versions = Estimate.objects.order_by("version")
    assert list(versions.values_list("version", flat=True)) == [1, 2]
    assert {row.total_cents for row in versions} == {12_000, 21_000}
