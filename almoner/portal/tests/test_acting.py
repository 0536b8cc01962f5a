"""As the patients' role the database itself shows the rows of those one acts for, and no others."""

import pytest
from django.db import ProgrammingError, connection, transaction

from almoner.arrivals.models import CardTaken, Said
from almoner.coverage.models import Policy
from almoner.ground.models import Event
from almoner.patients.models import Patient
from almoner.patients.tests.make import patient as a_patient
from almoner.portal.queries import acting_for, as_the_desk
from almoner.scheduling.models import Appointment
from almoner.scheduling.tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    one, other = a_patient(), a_patient()
    make.appointment(patient=one)
    make.appointment(patient=other, starts_at=make.at(10))
    return one, other


def seen():
    """What an endpoint that forgot its filter would show."""
    return set(Appointment.objects.values_list("patient_id", flat=True))


def test_an_endpoint_that_forgets_its_filter_shows_nobody_else(two):
    one, other = two

    with acting_for([one.pk]):
        assert seen() == {one.pk}
    with acting_for([one.pk, other.pk]):
        assert seen() == {one.pk, other.pk}
    with acting_for([]):
        assert seen() == set()
    assert seen() == {one.pk, other.pk}


@pytest.mark.parametrize(
    "forbidden",
    [
        lambda: list(Patient.objects.values_list("family")),
        lambda: list(Event.objects.values_list("data")),
        lambda: list(Appointment.objects.values_list("note")),
        lambda: list(Patient.objects.values_list("birth_date")),
        lambda: list(Policy.objects.values_list("subscriber_family")),
        lambda: list(Said.objects.values_list("was")),
        lambda: list(CardTaken.objects.values_list("jpeg")),
        lambda: Said.objects.update(outcome="accepted"),
        lambda: Appointment.objects.update(confirmed_at=None),
        lambda: Appointment.objects.all().delete(),
    ],
)
def test_what_is_not_granted_cannot_be_read_or_written(two, forbidden):
    with pytest.raises(ProgrammingError), transaction.atomic(), acting_for([two[0].pk]):
        forbidden()
    assert seen() == {each.pk for each in two}


def test_every_table_but_the_few_that_are_named_is_closed():
    with acting_for([1]), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v')"
            " AND has_any_column_privilege(c.oid, 'SELECT, INSERT, UPDATE, REFERENCES')"
        )
        open_ = {name for (name,) in cursor.fetchall()}

    assert open_ == {
        "arrivals_cardtaken", "arrivals_earlycheckin", "arrivals_encounter", "arrivals_said",
        "billing_estimate", "billing_statement",
        "coverage_payer", "coverage_plan", "coverage_policy",
        "facility_clinician", "facility_location", "facility_organisation",
        "facility_visittype", "ledger_payment",
        "patients_address", "patients_contact", "patients_email", "patients_patient",
        "patients_phone", "portal_draft", "portal_look", "portal_resultopened",
        "portal_resultwish", "portal_selfbooking", "portal_selfbooking_clinicians",
        "records_answer", "records_document", "records_electronicconsent",
        "records_filling", "records_form", "records_formversion", "records_result",
        "records_resultreview", "records_resultvalue", "records_resultversion", "records_signature",
        "relations_message", "relations_opened", "relations_paper", "relations_received",
        "relations_thread",
        "scheduling_appointment", "scheduling_placeoffer", "scheduling_waitentry",
        "surveys_answer", "surveys_survey", "surveys_version",
    }  # fmt: skip


def test_of_every_table_about_people_only_their_rows_are_shown():
    """Each table that says whose a row is, and the person's own, has a policy."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, c.relrowsecurity FROM pg_class c"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'patient_id'"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"
            " AND has_any_column_privilege('almoner_patient', c.oid, 'SELECT')"
            " UNION SELECT relname, relrowsecurity FROM pg_class WHERE relname = 'patients_patient'"
        )
        rows = dict(cursor.fetchall())

    assert len(rows) > 10
    assert all(rows.values()), rows


def test_an_action_is_carried_out_as_the_desk_and_then_it_is_the_patient_again(two):
    one, _other = two

    with acting_for([one.pk]):
        with as_the_desk():
            assert len(seen()) == 2
        assert seen() == {one.pk}
        with pytest.raises(LookupError), as_the_desk():
            raise LookupError
        assert seen() == {one.pk}


def test_it_ends_with_the_transaction_however_that_ends(two):
    with pytest.raises(ProgrammingError), transaction.atomic(), acting_for([two[0].pk]):
        list(Patient.objects.all())
    assert len(seen()) == 2
    with pytest.raises(LookupError), transaction.atomic(), acting_for([two[0].pk]):
        raise LookupError
    assert len(seen()) == 2
