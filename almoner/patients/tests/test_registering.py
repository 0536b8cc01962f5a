"""Registering somebody new."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from almoner.access.tests import make as access
from almoner.ground.models import Event
from almoner.patients import actions, queries
from almoner.patients.models import Change, Decision, Patient
from almoner.patients.rules.person import is_mrn
from almoner.patients.tests import make

pytestmark = pytest.mark.django_db


def test_a_new_patient_gets_a_record_number_whose_check_digit_holds():
    cy = make.patient()

    assert is_mrn(cy.mrn)


def test_registering_records_one_event_about_the_patient():
    cy = make.patient()

    assert [event.kind for event in Event.objects.filter(patient_id=cy.pk)] == [
        "patients.registered"
    ]


def test_a_first_registration_is_no_change_of_the_record():
    make.patient(contacts=(make.Contact("Rosa Garcia"),))

    assert not Change.objects.exists()


def test_a_clinician_may_not_register():
    doctor = access.officer("doc", roles=("clinician",))

    with pytest.raises(PermissionDenied):
        actions.register(officer=doctor, details=make.details(), at=make.REGISTERED)

    assert not Patient.objects.exists()


def test_other_people_who_looked_alike_are_remembered_as_not_the_same():
    ana = access.officer("ana")
    sister = make.patient(given="Cyra")

    cy = actions.register(
        officer=ana, details=make.details(), at=make.REGISTERED, not_same_as=[sister.pk]
    )

    decision = Decision.objects.get()
    assert (decision.lower_id, decision.higher_id) == (sister.pk, cy.pk)
    assert decision.decided_by_id == ana.pk


def test_a_child_joins_the_household_of_the_parent_named():
    parent = make.patient()

    child = make.patient(given="Kim", household_with=parent.pk)

    parent.refresh_from_db()
    assert child.household_id == parent.household_id is not None


def test_a_household_with_nobody_there_registers_nobody():
    with pytest.raises(Patient.DoesNotExist):
        make.patient(household_with=404)

    assert not Patient.objects.exists()


def test_people_loaded_in_bulk_are_found_by_the_same_keys_as_one_registered():
    one = make.patient()

    [other] = actions.register_many(people=[make.details()], at=make.REGISTERED)

    def found_by(patient_id):
        keys = Patient.objects.get(pk=patient_id).keys
        return [key for key in keys if not key.startswith("n:")]

    assert found_by(other) == found_by(one.pk)


def test_a_member_id_said_by_another_duty_becomes_a_key_and_can_be_taken_back():
    cy = make.patient()

    actions.set_extra_keys(patient_id=cy.pk, source="coverage", values=["XYZ-123 456"])
    assert "m:xyz123456" in Patient.objects.get(pk=cy.pk).keys

    actions.set_extra_keys(patient_id=cy.pk, source="coverage", values=[])
    assert "m:xyz123456" not in Patient.objects.get(pk=cy.pk).keys


def test_the_header_says_the_name_used_and_the_age_on_the_day():
    cy = make.patient(name_used="Mel", birth_date=date(1985, 3, 4))
    reading = access.reading(access.officer(), at=make.REGISTERED)

    header = queries.header(cy.pk, reading=reading)

    assert header.name == "Mel Garcia"
    assert header.legal_name == "Cy Garcia"
    assert header.age == "40 y"
    assert header.initials == "MG"
    assert header.phone == "(312) 555-0117"
    assert reading.patient_ids == {cy.pk}


@pytest.mark.parametrize(("balance", "ahead"), [(None, 0), (2_500, 0), (0, 0), (-2_500, 2_500)])
def test_what_a_patient_paid_ahead_is_no_balance_below_zero(balance, ahead):
    reading = access.reading(access.officer(), at=make.REGISTERED)
    header = queries.header(make.patient().pk, reading=reading)

    assert replace(header, balance=balance).paid_ahead == ahead


def test_nobody_is_noted_as_seen_when_there_is_no_such_patient():
    reading = access.reading(access.officer(), at=make.REGISTERED)

    with pytest.raises(Http404):
        queries.header(404, reading=reading)

    assert reading.patient_ids == set()


def test_the_bill_goes_to_the_guarantor_patient_then_the_contact_then_oneself():
    parent = make.patient(given="Rosa")
    child = make.patient(given="Kim", guarantor_id=parent.pk)
    ward = make.patient(given="Lee", contacts=(make.Contact("Uncle Bo", kind="guarantor"),))

    assert queries.guarantor(child.pk).name == "Rosa Garcia"
    assert queries.guarantor(ward.pk).name == "Uncle Bo"
    assert queries.guarantor(parent.pk).patient_id == parent.pk
