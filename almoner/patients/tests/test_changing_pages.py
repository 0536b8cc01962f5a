"""Changing a record through its door: households, rows, both stories, the reason carried on."""

from datetime import date

import pytest

from almoner.access.models import AccessEvent
from almoner.access.tests import make as access
from almoner.ground import clock
from almoner.ground.models import Event
from almoner.patients import actions, forms, queries
from almoner.patients.models import Change, Patient
from almoner.patients.rules.details import Email
from almoner.patients.tests import make
from almoner.patients.tests.typed import untouched

pytestmark = pytest.mark.django_db


@pytest.fixture
def cy():
    return make.patient(emails=("cy@mail.example",))


@pytest.fixture
def rosa():
    """At the same address, but of no household yet."""
    return make.patient(given="Rosa", birth_date=date(1960, 1, 2), phones=())


def record(ana, patient):
    return queries.record(patient.pk, reading=access.reading(ana, at=clock.now()))


def sent(client, ana, patient, query="", **typed):
    kept = record(ana, patient)
    nearby = queries.homemates_of(kept, reading=access.reading(ana, at=clock.now()))
    data = untouched(forms.Change(record=kept, nearby=nearby))
    for name, value in typed.items():
        data[name] = value
    return client.post(f"/patients/{patient.pk}/change/{query}", dict(data.lists()))


# Household, and who pays


def test_who_lives_at_the_same_address_can_be_joined_and_pay(client, ana, cy, rosa):
    page = client.get(f"/patients/{cy.pk}/change/").content.decode()

    sent(client, ana, cy, home=str(rosa.pk), guarantor=str(rosa.pk))

    assert "Joins the household of Rosa Garcia · 01/02/1960" in page
    cy.refresh_from_db()
    rosa.refresh_from_db()
    assert cy.household_id == rosa.household_id is not None
    assert cy.guarantor_id == rosa.pk
    changed = Event.objects.filter(kind="patients.changed").get()
    assert changed.data["fields"] == ["guarantor", "household"]


def test_people_offered_for_the_household_count_as_seen(client, ana, cy, rosa):
    client.get(f"/patients/{cy.pk}/change/")

    assert set(AccessEvent.objects.latest("at").patient_ids) == {cy.pk, rosa.pk}


def test_a_stranger_cannot_be_made_to_pay(client, ana, cy):
    dot = make.patient(family="Oyelaran", phones=(), addresses=())

    answer = sent(client, ana, cy, guarantor=str(dot.pk))

    assert answer.status_code == 422
    cy.refresh_from_db()
    assert cy.guarantor_id is None


def test_leaving_a_household_is_told_and_who_pays_stays(client, ana, rosa):
    kim = make.patient(given="Kim", household_with=rosa.pk, guarantor_id=rosa.pk)

    sent(client, ana, kim, home="leave")

    kim.refresh_from_db()
    assert kim.household_id is None
    assert kim.guarantor_id == rosa.pk
    assert Event.objects.filter(kind="patients.left_household", patient_id=kim.pk).count() == 1
    page = client.get(f"/patients/{kim.pk}/history/").content.decode()
    assert "<dt>Household</dt>" in page
    assert "<del>Garcia</del>" in page


def test_who_pays_from_elsewhere_is_not_shown_as_of_the_household(ana, rosa):
    kim = make.patient(given="Kim", guarantor_id=rosa.pk)

    [member] = record(ana, kim).household

    assert (member.id, member.at_home) == (rosa.pk, False)


def test_who_pays_elsewhere_stays_there_when_something_else_is_changed(client, ana, rosa):
    """A household is never joined by the way."""
    kim = make.patient(given="Kim", guarantor_id=rosa.pk)

    sent(client, ana, kim, pronouns="she/her")

    kim.refresh_from_db()
    assert (kim.household_id, kim.guarantor_id) == (None, rosa.pk)


def test_leaving_no_household_is_no_event(ana, cy):
    actions.leave_household(officer=ana, patient_id=cy.pk, at=clock.now())

    assert not Event.objects.filter(kind="patients.left_household").exists()


# Rows


@pytest.mark.parametrize("part", ["phones", "addresses", "emails", "contacts", "former_names"])
def test_another_row_comes_with_the_focus_and_what_was_typed(client, ana, part):
    field = {"emails": "address", "contacts": "name", "phones": "number"}.get(part)
    typed = {part: ["0"]} | ({f"{part}-0-{field}": "half"} if field else {})

    text = client.post(f"/patients/new/rows/{part}/?do=add", typed).content.decode()

    assert f'name="{part}" value="1"' in text
    assert "data-focus" in text
    assert not field or 'value="half"' in text


def test_there_are_no_rows_of_what_nobody_has(client, ana):
    assert client.post("/patients/new/rows/shoes/?do=add").status_code == 404


def test_several_of_each_are_registered_in_their_order(client, ana):
    typed = {
        "family": "Nakamura", "given": "Dot", "birth_date": "9/9/71", "sex": "female",
        "phone": "3125550188", "phone_use": "mobile", "language": "en", "guarantor": "self",
        "email": "dot@mail.example", "emergency_name": "Rosa",
        "phones": ["0"], "phones-0-number": "312 555 0189", "phones-0-use": "work",
        "emails": ["0"], "emails-0-address": "work@mail.example",
        "contacts": ["1", "0"], "contacts-0-name": "Luis", "contacts-1-name": "Kim",
        "addresses": ["0"], "addresses-0-line": "Avenida 5", "addresses-0-city": "Tijuana",
        "addresses-0-country": "mx", "addresses-0-use": "mail",
    }  # fmt: skip
    wrong = client.post("/patients/new/", typed | {"phones-0-number": "12"})
    client.post("/patients/new/", typed)

    assert wrong.status_code == 422
    assert 'href="#id_phones-0-number"' in wrong.content.decode()
    assert 'value="Avenida 5"' in wrong.content.decode()
    kept = record(ana, Patient.objects.get()).details
    assert [phone.number[-4:] for phone in kept.phones] == ["0188", "0189"]
    assert kept.emails == (
        Email("dot@mail.example"),
        Email("work@mail.example"),
    )
    assert [contact.name for contact in kept.contacts] == ["Rosa", "Kim", "Luis"]
    assert kept.addresses == (make.Address("Avenida 5", city="Tijuana", use="mail", country="MX"),)


def test_contacts_stay_in_the_order_in_which_they_are_called(client, ana):
    names = ("Rosa", "Luis", "Pia")
    payer = make.Contact("Ida", "guarantor")
    cy = make.patient(contacts=(*map(make.Contact, names), payer))

    sent(client, ana, cy, **{"contacts-0-name": "Rosa Maria"})
    assert [one.name for one in record(ana, cy).details.contacts] == [
        "Rosa Maria", "Luis", "Pia", "Ida",
    ]  # fmt: skip

    sent(client, ana, cy, **{"contacts-0-name": ""})
    assert [one.name for one in record(ana, cy).details.contacts] == ["Luis", "Pia", "Ida"]


# The history in the desk's words


def test_the_history_says_what_changed_in_words(client, ana, cy):
    sent(
        client, ana, cy, sex="female", language="es", birth_date="3/5/1985",
        interpreter_needed="on", **{"phones-0-use": "work", "phones-0-number": "312 555 0120"},
    )  # fmt: skip

    text = client.get(f"/patients/{cy.pk}/history/").content.decode()

    for told in (
        "<dt>Preferred language</dt>", "<del>English</del>", "<ins>Spanish</ins>",
        "<del>03/04/1985</del>", "<ins>03/05/1985</ins>", "<ins>Yes</ins>", "<del>Male</del>",
        "<del>(312) 555-0117</del>", "<ins>(312) 555-0120</ins>", "<ins>Work</ins>",
    ):  # fmt: skip
        assert told in text
    for raw in ("+1312", ">interpreter needed<", ">birth date<", ">1985-03", ">may text<"):
        assert raw not in text
    assert Change.objects.filter(of_table="phone").count() == 1


def test_who_pays_is_named_in_the_history_and_counts_as_seen(client, ana, cy, rosa):
    sent(client, ana, cy, guarantor=str(rosa.pk))

    text = client.get(f"/patients/{cy.pk}/history/").content.decode()

    assert "<dt>Who pays</dt>" in text
    assert "<ins>Rosa Garcia</ins>" in text
    assert rosa.pk in AccessEvent.objects.latest("at").patient_ids


# Two stories, and the reason


def told(kind):
    events = Event.objects.filter(kind=kind).order_by("id")
    return {(event.patient_id, event.data["other_id"]) for event in events}


def test_told_apart_at_the_registration_stands_in_both_stories(ana, cy):
    dot = actions.register(
        officer=ana, details=make.details(given="Cyrus"), at=clock.now(), not_same_as=[cy.pk]
    )

    assert told("patients.told_apart") == {(cy.pk, dot.pk), (dot.pk, cy.pk)}


def test_a_decision_and_taking_it_back_stand_in_both_stories(ana, cy):
    other = make.patient(given="Cyrus")
    both = {(cy.pk, other.pk), (other.pk, cy.pk)}

    actions.same_person(officer=ana, one_id=cy.pk, other_id=other.pk, at=clock.now())
    actions.take_back(officer=ana, one_id=cy.pk, other_id=other.pk, at=clock.now())

    assert told("patients.confirmed_same") == told("patients.undecided") == both


def test_a_change_goes_back_for_the_reason_it_was_made_for(client, ana, cy):
    answer = sent(client, ana, cy, query="?for=appointment:7", pronouns="he/him")
    page = client.get(f"/patients/{cy.pk}/change/?for=appointment:7").content.decode()

    assert answer["Location"] == f"/patients/{cy.pk}/?for=appointment:7"
    assert f'href="/patients/{cy.pk}/?for=appointment:7"' in page
