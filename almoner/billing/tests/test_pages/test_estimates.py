"""Estimates at the desk: the list of those due, one visit's page, writing, asking, giving."""

from datetime import timedelta

import pytest
from django.urls import reverse

from almoner.access.tests import make as access
from almoner.billing import actions
from almoner.billing.models import Estimate, EstimateWanted
from almoner.billing.tests import make
from almoner.billing.tests.test_estimates import (
    BOOKED,
    SOON,
    VISIT,
    booked,
    estimated,
    happened,
)
from almoner.billing.tests.test_estimates_billed import billed
from almoner.billing.tests.test_pages.conftest import BACKEND
from almoner.billing.tests.test_pages.shared import text
from almoner.ground import clock
from almoner.patients.tests import make as patients

pytestmark = pytest.mark.django_db
LIST = "/claims/estimates/"


@pytest.fixture(autouse=True)
def clinic(monkeypatch):
    make.organisation()
    make.items()
    monkeypatch.setattr(clock, "now", lambda: BOOKED + SOON)


@pytest.fixture
def front(client):
    client.force_login(access.officer("front"), backend=BACKEND)
    return client


def page_of(visit):
    return reverse("estimate", args=[visit.pk])


def due(family, *, day=VISIT, hour=9):
    visit = booked(patients.patient(family=family), day=day, hour=hour)
    happened("scheduling.booked", visit)
    return visit


def test_the_list_has_the_soonest_due_first_and_asks_little(desk, django_assert_num_queries):
    due("Later")
    due("Sooner", day=VISIT - timedelta(7), hour=10)
    desk.get(LIST)  # what is asked once for a session

    with django_assert_num_queries(5):
        said = text(desk.get(LIST))
    due("Another", hour=11)
    with django_assert_num_queries(5):
        desk.get(LIST)

    assert said.index("Sooner") < said.index("Later")
    assert "03/03/2026" in said
    assert "To write 2" in said


def test_what_is_written_is_on_the_other_list_until_it_is_given(desk):
    row = estimated(patients.patient(family="Marsh"))

    assert "Marsh" not in text(desk.get(LIST))
    said = text(desk.get(f"{LIST}?left=give"))
    assert "Marsh" in said
    assert "To give 1" in said

    desk.post(reverse("given_estimate", args=[row.pk]), {"how": "email"})
    assert "Marsh" not in text(desk.get(f"{LIST}?left=give"))
    row.refresh_from_db()
    assert row.given_how == "email"


def test_what_is_late_is_said_to_be(desk, monkeypatch):
    due("Marsh")
    monkeypatch.setattr(clock, "now", lambda: BOOKED + timedelta(days=7))

    assert "late" in text(desk.get(LIST))


def test_a_biller_writes_it_at_the_fees_of_the_charge_master(desk):
    visit = due("Marsh")
    assert "It is still to be written." in text(desk.get(page_of(visit)))

    answer = desk.post(
        reverse("write_estimate", args=[visit.pk]),
        {"code_1": "zz101", "units_1": "", "code_2": "ZZ201", "units_2": "2", "diagnoses": "e11.9"},
    )

    assert answer.status_code == 302
    row = Estimate.objects.get()
    assert (row.total_cents, row.diagnoses) == (19_000, ["E119"])
    said = text(desk.get(page_of(visit)))
    assert "$190.00" in said
    assert "not given yet" in said
    assert "It is written: give it to them." in said


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"code_1": "ZZ999"}, "ZZ999 is not in the charge master of that day."),
        ({}, "Write at least one service."),
        ({"code_1": "ZZ101", "diagnoses": "nonsense"}, "Up to twelve codes like E11.9 I10."),
        ({"code_1": "much too long"}, "A procedure code has five letters or digits."),
    ],
)
def test_what_cannot_be_estimated_is_refused_in_words_and_stays_typed(desk, typed, told):
    visit = due("Marsh")
    answer = desk.post(reverse("write_estimate", args=[visit.pk]), typed)

    assert answer.status_code == 422
    assert told in text(answer)
    assert all(value in text(answer) for value in typed.values())
    assert not Estimate.objects.exists()


def test_what_usually_comes_stands_in_the_form_and_no_line_is_lost(desk):
    row = estimated()
    said = text(desk.get(page_of(row.appointment)))

    assert 'value="ZZ101"' in said
    assert 'value="ZZ201"' in said


def test_the_front_desk_reads_gives_and_notes_that_the_patient_asks_and_writes_none(front):
    row = estimated()
    said = text(front.get(page_of(row.appointment)))
    assert "$155.00" in said
    assert "made by itself" in said
    assert "Make the estimate" not in said
    pdf = front.get(reverse("estimate_pdf", args=[row.pk]))
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")

    front.post(reverse("asked_estimate", args=[row.appointment_id]))
    assert "They asked what the visit will cost." in text(front.get(page_of(row.appointment)))
    front.post(reverse("given_estimate", args=[row.pk]), {"how": "paper"})

    assert "given on paper" in text(front.get(page_of(row.appointment)))
    assert not EstimateWanted.objects.filter(closed_at=None).exists()
    write = reverse("write_estimate", args=[row.appointment_id])
    assert front.post(write, {"code_1": "ZZ101"}).status_code == 403
    assert front.get(LIST).status_code == 200


def test_a_visit_that_is_over_is_left_as_it_is_in_words(desk, monkeypatch):
    visit = due("Marsh")
    monkeypatch.setattr(clock, "now", lambda: BOOKED + timedelta(days=30))
    for name, typed in (("asked_estimate", {}), ("write_estimate", {"code_1": "ZZ101"})):
        answer = desk.post(reverse(name, args=[visit.pk]), typed, follow=True)
        assert "not to come any more" in text(answer)
    assert not Estimate.objects.exists()


def test_who_has_a_plan_is_said_to_be_owed_none(front):
    cy = patients.patient()
    make.policy(cy)

    assert "A plan pays this visit." in text(front.get(page_of(booked(cy))))


def test_a_clinician_is_not_let_in(client):
    client.force_login(access.officer("linh", roles=("clinician",)), backend=BACKEND)

    assert client.get(page_of(estimated().appointment)).status_code == 403


def test_the_visits_page_leads_to_it_and_the_patients_page_lists_it(
    front, django_assert_max_num_queries
):
    row = estimated()
    said = text(front.get(reverse("appointment", args=[row.appointment_id])))
    assert page_of(row.appointment) in said

    with django_assert_max_num_queries(14):
        said = text(front.get(reverse("patient_panel", args=[row.patient_id, "estimates"])))
    assert "$155.00" in said
    assert "due 03/05/2026" in said


def test_the_page_of_one_visit_asks_little(front, django_assert_max_num_queries):
    row = estimated()
    front.get(page_of(row.appointment))

    with django_assert_max_num_queries(22):
        front.get(page_of(row.appointment))


def test_charges_above_the_estimate_are_said_to_the_biller(desk):
    visit = billed(fee=56_700)

    said = text(desk.get(reverse("charges", args=[visit.pk])))

    assert "$412.00 over the estimate of 02/20/2026" in said
    assert "within 120 days" in said


def test_and_on_the_statement(desk):
    visit = billed(fee=56_700)
    row = actions.issue_statement(officer=make.biller(), patient_id=visit.patient_id, at=make.LATER)

    said = text(desk.get(reverse("statement", args=[row.pk])))

    assert "$412.00 over the estimate of 02/20/2026" in said
