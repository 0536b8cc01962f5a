"""Whose a phone or an e-mail address is that stands in a patient's record."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from almoner.access.tests import make as access
from almoner.ground import clock
from almoner.ground.constraints import violated
from almoner.patients import forms, queries
from almoner.patients.models import Look
from almoner.patients.rules.details import RELATIONS, Email, Phone
from almoner.patients.tests import make
from almoner.patients.tests.typed import untouched

pytestmark = pytest.mark.django_db
NUMBER, MAIL = "+13125550117", "cy@mail.example"
OF_RUTH = {"whose": "parent", "whose_name": "Ruth Ochoa"}


@pytest.fixture
def cy():
    return make.patient(emails=(MAIL,))


@pytest.fixture
def ana(client, cy):
    officer = access.officer("ana")
    client.force_login(officer)
    Look.objects.create(patient=cy, officer_id=officer.pk, said=Look.Said.DESK, at=clock.now())
    return officer


def sent(client, ana, patient, **typed):
    """The answer to the form of a record with these fields typed."""
    kept = queries.record(patient.pk, reading=access.reading(ana))
    data = untouched(forms.Change(record=kept))
    for name, value in typed.items():
        data[name.replace("__", "-")] = value
    return client.post(reverse("change_patient", args=[patient.pk]), data)


@pytest.mark.parametrize(
    ("whose", "name", "good"),
    [
        ("", "", True),
        *((each, "Ruth Ochoa", True) for each in RELATIONS),
        ("parent", "", False),
        ("parent", " \t", False),
        ("", "Ruth Ochoa", False),
        ("neighbour", "Ruth Ochoa", False),
    ],
)
@pytest.mark.parametrize("part", ["phones", "emails"])
def test_it_is_the_patients_own_or_that_of_somebody_named(cy, part, whose, name, good):
    rows = getattr(cy, part)
    if good:
        assert rows.update(whose=whose, whose_name=name) == 1
        return
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        rows.update(whose=whose, whose_name=name)
    kind = part.removesuffix("s")
    assert violated(refused.value, f"{kind}_own_or_named")


def test_what_is_registered_is_the_patients_own(cy):
    kept = queries.kept(cy.pk)[1]

    assert (kept.phones[0].whose, kept.emails[0]) == ("", Email(MAIL))


def test_the_desk_says_whose_they_are_and_the_record_shows_it(client, ana, cy):
    answer = sent(
        client, ana, cy,
        phones__0__whose="parent", phones__0__whose_name="Ruth Ochoa",
        emails__0__whose="carer", emails__0__whose_name=" Kim Lee ",
    )  # fmt: skip

    assert answer.status_code == 302
    kept = queries.kept(cy.pk)[1]
    assert kept.phones == (Phone(NUMBER, **OF_RUTH),)
    assert kept.emails == (Email(MAIL, "carer", "Kim Lee"),)
    page = client.get(reverse("patient", args=[cy.pk])).content.decode()
    assert "A parent&#x27;s: Ruth Ochoa" in page
    assert "A carer&#x27;s: Kim Lee" in page
    history = client.get(reverse("patient_history", args=[cy.pk])).content.decode()
    assert "Whose it is" in history
    assert "A parent&#x27;s" in history


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"phones__0__whose": "parent"}, "Whose is it? Type their name."),
        ({"emails__0__whose": "child"}, "Whose is it? Type their name."),
        ({"phones__0__whose_name": "Ruth"}, "Choose what they are to the patient."),
    ],
)
def test_half_of_it_is_asked_for_at_its_field_and_nothing_is_kept(client, ana, cy, typed, told):
    answer = sent(client, ana, cy, **typed)

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert queries.kept(cy.pk)[1].phones == (Phone(NUMBER),)


def test_it_becomes_the_patients_own_again(client, ana):
    kit = make.patient(given="Kit", phones=(Phone(NUMBER, **OF_RUTH),))
    Look.objects.create(patient=kit, officer_id=ana.pk, said=Look.Said.DESK, at=clock.now())

    sent(client, ana, kit, phones__0__whose="", phones__0__whose_name="")

    assert queries.kept(kit.pk)[1].phones == (Phone(NUMBER),)
