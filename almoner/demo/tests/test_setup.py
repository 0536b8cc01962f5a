from datetime import date

import pytest

from almoner.access.models import Officer
from almoner.access.rules import Role
from almoner.demo import clinic, setup
from almoner.facility.models import Clinician, Holiday, VisitType


@pytest.mark.django_db
def test_the_demo_clinic_has_a_sign_in_for_each_role_and_somebody_for_each_visit_type():
    clinic.build(today=date(2026, 11, 23))

    assert {role for officer in Officer.objects.all() for role in officer.roles} == set(Role)
    assert Clinician.objects.count() == 12
    assert not VisitType.objects.filter(clinicians=None).exists()
    assert Holiday.objects.filter(day=date(2026, 11, 26)).exists()
    assert not clinic.is_empty()


def test_an_npi_carries_the_check_digit_of_the_published_example():
    # CMS's own example of the check digit: 123456789 and 3.
    assert setup.npi(123_456_789) == "1234567893"
