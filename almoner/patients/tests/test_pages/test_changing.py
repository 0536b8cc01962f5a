"""Changing what is kept."""

import pytest

from almoner.access.models import Officer
from almoner.access.tests import make as access
from almoner.ground import clock
from almoner.patients import forms, queries
from almoner.patients.models import Change, Patient
from almoner.patients.tests import make
from almoner.patients.tests.test_pages.shared import opened
from almoner.patients.tests.typed import untouched

pytestmark = pytest.mark.django_db


def changed_form(client, patient, **typed):
    reader = Officer.objects.filter(username="reader").first() or access.officer("reader")
    reading = access.reading(reader, at=clock.now())
    record = queries.record(patient.pk, reading=reading)
    data = untouched(forms.Change(record=record))
    for name, value in typed.items():
        data[name] = value
    return dict(data.lists())


def test_a_change_is_kept_with_what_was_before_and_who_made_it(client, ana, cy):
    data = changed_form(client, cy, **{"phones-0-number": "312 555 0120"}, family="Windsor")

    answer = client.post(f"/patients/{cy.pk}/change/", data)

    assert answer.status_code == 302
    cy.refresh_from_db()
    assert (cy.family, cy.version) == ("Windsor", 2)
    page = client.get(f"/patients/{cy.pk}/history/").content.decode()
    for told in ("Ana", "Garcia", "Windsor", "(312) 555-0117", "(312) 555-0120"):
        assert told in page


def test_a_changed_patient_is_found_by_the_new_facts_and_no_longer_by_the_old(client, ana, cy):
    client.post(
        f"/patients/{cy.pk}/change/",
        changed_form(client, cy, **{"phones-0-number": "312 555 0120"}),
    )
    reading = access.reading(ana, at=clock.now())

    assert queries.find("555 0120", reading=reading).lines
    assert not queries.find("555 0117", reading=reading).lines


def test_saving_what_is_kept_changes_nothing_in_the_history(client, ana, cy):
    client.post(f"/patients/{cy.pk}/change/", changed_form(client, cy))

    assert not Change.objects.exists()


def test_saving_over_somebody_elses_change_is_told_and_keeps_what_was_typed(client, ana, cy):
    mine = changed_form(client, cy, name_used="Mel")
    bea = access.officer("bea")
    client.force_login(bea)
    client.post(
        f"/patients/{cy.pk}/change/",
        changed_form(client, cy, **{"emails-0-address": "cy@mail.example"}),
    )
    client.force_login(ana)

    told = client.post(f"/patients/{cy.pk}/change/", mine)

    text = told.content.decode()
    assert told.status_code == 422
    assert "Bea has changed this record" in text
    assert "cy@mail.example" in text
    assert 'value="Mel"' in text
    assert 'name="version" value="2"' in text
    cy.refresh_from_db()
    assert cy.name_used == ""


@pytest.mark.django_db(transaction=True)
def test_a_change_made_outside_the_desk_stands_in_the_history_too(client, ana, cy):
    Patient.objects.filter(pk=cy.pk).update(family="Tampered")

    opened(ana, cy)
    assert b"outside the desk" in client.get(f"/patients/{cy.pk}/history/").content


def test_rows_the_form_does_not_show_survive_a_change(client, ana):
    cy = make.patient(
        phones=tuple(make.Phone(f"+1312555012{n}") for n in range(3)),
        emails=("a@mail.example", "b@mail.example"),
        contacts=tuple(make.Contact(name) for name in ("Rosa", "Luis")),
        identifiers=(("urn:oid:1.2.3", "77"),),
    )

    client.post(f"/patients/{cy.pk}/change/", changed_form(client, cy, pronouns="he/him"))

    assert cy.phones.count() == 3
    assert cy.emails.count() == cy.contacts.count() == 2
    assert cy.identifiers.count() == 1
    assert {change.of_table for change in Change.objects.all()} == {"patient"}


def test_reviewed_with_nothing_changed(client, ana, cy):
    client.post(f"/patients/{cy.pk}/review/")

    cy.refresh_from_db()
    assert cy.reviewed_at > make.REGISTERED
    assert not Change.objects.exists()


def test_the_page_offers_to_say_that_nothing_has_changed_and_comes_back_for_the_same_reason(
    client, ana, cy
):
    opened(ana, cy)
    page = client.get(f"/patients/{cy.pk}/").content.decode()

    answer = client.post(f"/patients/{cy.pk}/review/?for=appointment:7")

    assert f'action="/patients/{cy.pk}/review/"' in page
    assert answer["Location"] == f"/patients/{cy.pk}/?for=appointment:7"


def test_who_may_not_edit_is_not_offered_to(client, cy):
    dot = access.officer("dot", roles=("clinician",))
    client.force_login(dot)
    opened(dot, cy)

    page = client.get(f"/patients/{cy.pk}/").content.decode()

    assert "panel-details" in page
    assert "/review/" not in page
