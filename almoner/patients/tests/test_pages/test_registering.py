"""Registering somebody."""

import pytest

from almoner.patients.models import Decision, Patient
from almoner.patients.tests.test_pages.shared import TYPED, looks, opened

pytestmark = pytest.mark.django_db


def test_the_form_opens_empty(client, ana):
    assert client.get("/patients/new/").status_code == 200


def test_registering_opens_the_new_record_without_a_question(client, ana):
    answer = client.post("/patients/new/", TYPED, follow=True)

    dot = Patient.objects.get()
    assert answer.redirect_chain == [(f"/patients/{dot.pk}/", 302)]
    assert b"panel-details" in answer.content
    assert looks().last().reason_kind == "registration"
    [phone] = dot.phones.all()
    assert phone.number == "+13125550188"


def test_a_known_zip_code_fills_in_the_town(client, ana, cy):
    client.post("/patients/new/", TYPED | {"zip_code": "62701", "city": "", "state": ""})

    home = Patient.objects.get(family="Nakamura").addresses.get()
    assert (home.city, home.state) == ("Springfield", "IL")


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"birth_date": "31/31/85"}, "31/31/85"),
        ({"birth_date": ""}, "Birth date"),
        ({"phone": "555"}, "is not a phone number"),
        ({"family": "", "given": " "}, "A family name or a given name is needed"),
        ({"line": ""}, "Street and number belong to the address"),
        ({"zip_code": "ABCDE", "city": "Madison"}, "Type five digits, or nine"),
        ({"state": "Wisconsin"}, "Type two letters, like WI"),
        ({"zip_code": "99999", "city": ""}, "type the city"),
        ({"guarantor": "other"}, "Type the name of who pays"),
        ({"sex": "nonsense"}, "Sex"),
    ],
)
def test_bad_input_names_the_field_and_loses_nothing(client, ana, wrong, named):
    answer = client.post("/patients/new/", TYPED | {"name_used": "Dottie"} | wrong)

    text = answer.content.decode()
    assert answer.status_code == 422
    assert named in text
    assert 'value="Dottie"' in text
    assert not Patient.objects.exists()


def test_the_same_person_again_must_be_looked_at(client, ana):
    client.post("/patients/new/", TYPED)

    again = client.post("/patients/new/", TYPED)

    assert again.status_code == 422
    assert b"may be this person" in again.content
    assert b"Use this record" in again.content
    assert Patient.objects.count() == 1


def test_saying_not_the_same_person_registers_and_is_remembered(client, ana):
    client.post("/patients/new/", TYPED)
    first = Patient.objects.get()

    client.post("/patients/new/", TYPED | {"not_same": [first.pk]})

    assert Patient.objects.count() == 2
    assert Decision.objects.count() == 1


def test_while_typing_the_desk_says_who_it_may_be_and_why(client, ana, cy):
    answer = client.post(
        "/patients/new/alike/", {"family": "Garcia", "given": "Cy", "birth_date": "4/3/85"}
    )

    text = answer.content.decode()
    assert "same numbers, day and month swapped" in text
    assert cy.mrn in text
    assert looks().last().patient_ids == [cy.pk]


AT_CYS = {"family": "Lopez", "given": "Ann", "line": "12 Main Street", "zip_code": "62701"}


@pytest.mark.parametrize("chosen", [False, True])
def test_while_typing_the_household_is_offered_in_the_form_itself(client, ana, cy, chosen):
    said = {"household_with": str(cy.pk)} if chosen else {}

    text = client.post("/patients/new/alike/", AT_CYS | said).content.decode()

    checked = " checked" if chosen else ""
    assert f'name="household_with" value="{cy.pk}"{checked}>' in text
    assert "?with=" not in text  # a link would lose what was typed


def test_who_is_chosen_while_typing_shares_the_household(client, ana, cy):
    form = TYPED | {"household_with": ["", str(cy.pk)], "guarantor": "household"}

    client.post("/patients/new/", form)

    dot = Patient.objects.get(family="Nakamura")
    assert dot.household_id == Patient.objects.get(pk=cy.pk).household_id
    assert (dot.household_id, dot.guarantor_id) != (None, None)
    assert dot.guarantor_id == cy.pk


def test_half_typed_fields_say_nothing_and_break_nothing(client, ana):
    answer = client.post("/patients/new/alike/", {"family": "G", "birth_date": "3/", "phone": "3"})

    assert answer.status_code == 200


def test_a_family_member_starts_with_the_same_home(client, ana, cy):
    opened(ana, cy)

    text = client.get(f"/patients/new/?with={cy.pk}").content.decode()

    assert 'value="12 Main St"' in text
    assert 'value="(312) 555-0117"' in text
    assert f'name="household_with" value="{cy.pk}"' in text
