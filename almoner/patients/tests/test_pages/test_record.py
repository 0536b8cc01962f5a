"""The patient's own page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from almoner.patients import queries
from almoner.patients.models import Decision
from almoner.patients.tests import make
from almoner.patients.tests.test_pages.shared import looks, opened

pytestmark = pytest.mark.django_db


def test_the_page_shows_what_is_kept(client, ana):
    cy = make.patient(
        name_used="Mel", pronouns="they/them", language="es", interpreter_needed=True,
        contacts=(make.Contact("Rosa Garcia", relation="mother", phone="+13125550199"),),
    )  # fmt: skip
    opened(ana, cy)

    text = client.get(f"/patients/{cy.pk}/").content.decode()

    for kept in (
        "Mel Garcia", "they/them", "Spanish", "Interpreter", "(312) 555-0117", "12 Main St",
        "Rosa Garcia", "(312) 555-0199", cy.mrn,
    ):  # fmt: skip
        assert kept in text


def test_the_page_reads_the_patient_twice_however_much_is_kept(client, ana, monkeypatch):
    """Header and record; what other duties show of him they read themselves."""
    monkeypatch.setattr("almoner.patients.queries.registry._panels", {})
    queries.own_panels()
    plain = make.patient(family="Oyelaran", phones=(), addresses=())
    cy = make.patient(
        phones=tuple(make.Phone(f"+1312555012{n}") for n in range(5)),
        contacts=tuple(make.Contact(f"Rosa {n}") for n in range(5)),
    )
    for name in ("Kim", "Lee", "Lena"):
        make.patient(given=name, household_with=cy.pk)

    asked = []
    for patient in (plain, cy):
        opened(ana, patient)
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/patients/{patient.pk}/")
        asked.append([query["sql"] for query in captured])

    assert len([sql for sql in asked[1] if "FROM patients_patient p" in sql]) == 2
    assert len(asked[1]) <= len(asked[0])


def test_the_household_shown_counts_as_seen(client, ana, cy):
    kim = make.patient(given="Kim", household_with=cy.pk)
    opened(ana, cy)

    client.get(f"/patients/{cy.pk}/")

    event = looks().last()
    assert set(event.patient_ids) == {cy.pk, kim.pk}
    assert event.reason_kind == "look"


def test_a_lazy_panel_comes_by_itself(client, ana, cy):
    twin = make.patient(given="Cyrus")
    opened(ana, cy)

    answer = client.get(f"/patients/{cy.pk}/panels/duplicates/")

    assert b"May be the same person" in answer.content
    assert looks().filter(patient_ids__contains=[twin.pk]).exists()


def test_a_summary_reads_the_patient_once_and_is_logged_with_its_reason(client, ana, cy):
    opened(ana, cy)

    with CaptureQueriesContext(connection) as asked:
        answer = client.get(f"/patients/{cy.pk}/summary/")

    text = answer.content.decode()
    assert "Garcia" in text
    assert f'href="/patients/{cy.pk}/"' in text
    assert sum("FROM patients_patient p" in query["sql"] for query in asked) == 1
    [seen] = looks().filter(screen="patients.summary")
    assert (seen.patient_ids, seen.reason_kind) == ([cy.pk], "look")


def test_a_summary_that_nothing_explains_leads_to_the_page_that_asks(client, ana, cy):
    answer = client.get(f"/patients/{cy.pk}/summary/")

    assert answer.headers["HX-Redirect"] == f"/patients/{cy.pk}/"
    assert answer.content == b""
    assert not looks().exists()


def test_two_who_look_alike_are_told_apart_for_good(client, ana, cy):
    other = make.patient(given="Cyrus")

    client.post(f"/patients/{cy.pk}/not-the-same/{other.pk}/")
    client.post(f"/patients/{other.pk}/not-the-same/{cy.pk}/")

    assert Decision.objects.count() == 1
    assert b"May be" not in client.get(f"/patients/{cy.pk}/panels/duplicates/").content
