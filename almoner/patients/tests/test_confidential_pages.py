"""Asking for confidential contact at the desk."""

import pytest
from django.urls import reverse

from almoner.patients.models import ConfidentialContact

pytestmark = pytest.mark.django_db


@pytest.fixture
def where(cy):
    return reverse("confidential_contact", args=[cy.pk])


def body(answer):
    return answer.content.decode()


def test_it_is_kept_shown_in_the_header_and_ended(client, ana, cy, where):
    typed = {"phone": "(312) 555-0144", "address": " PO Box  7 \n\nPeoria IL 61602 "}
    assert client.post(where, typed).status_code == 302

    row = ConfidentialContact.objects.get()
    assert (row.phone, row.may_text, row.taken_by_id) == ("+13125550144", False, ana.pk)
    assert row.address == "PO Box 7\nPeoria IL 61602"
    said = "Confidential contact: only (312) 555-0144, no texts · PO Box 7 Peoria IL 61602"
    page = body(client.get(where))
    assert page.count(said) == 2  # in the header, and as what holds
    assert "(312) 555-0117" not in page
    client.post(reverse("end_confidential", args=[cy.pk, row.pk]))
    assert "only (312)" in body(client.get(where))  # before
    row.refresh_from_db()
    assert row.ended_by_id == ana.pk


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({}, "Say at least one way"),
        ({"email": "x@people.example", "account_only": "on"}, "Either only the account"),
        ({"email": "x@people.example", "may_text": "on"}, "Say which phone"),
        ({"phone": "12"}, "is not a phone number"),
    ],
)
def test_what_cannot_be_is_said(client, ana, where, typed, told):
    answer = client.post(where, typed)

    assert answer.status_code == 422
    assert told in body(answer)
    assert not ConfidentialContact.objects.exists()


def test_only_in_the_account_is_said_so(client, ana, cy, where):
    client.post(where, {"account_only": "on"})

    page = body(client.get(where))
    assert "Confidential contact: only in their account" in page
    assert "(312) 555-0117" not in page


def test_ending_what_another_replaced_says_so(client, ana, cy, where):
    client.post(where, {"account_only": "on"})
    first = ConfidentialContact.objects.get()
    client.post(where, {"email": "x@people.example"})

    client.post(reverse("end_confidential", args=[cy.pk, first.pk]))

    assert ConfidentialContact.objects.filter(ended_at=None).get().email == "x@people.example"
