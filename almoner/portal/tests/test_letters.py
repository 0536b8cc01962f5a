"""Letters in an account: ours once they were posted, theirs to the patient alone."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import ProgrammingError, transaction
from django.urls import reverse

from almoner.facility.tests import make as facility
from almoner.ground import clock
from almoner.patients.models import ConfidentialContact
from almoner.patients.tests.make import picture
from almoner.portal.queries import acting_for
from almoner.portal.rules.accounts import Kind
from almoner.portal.tests.joining import account, ana, body, patient
from almoner.relations.actions import by_post, came_by_post
from almoner.relations.models import Paper
from almoner.scheduling.tests import make

pytestmark = pytest.mark.django_db
NOW = make.at(10, day=make.MONDAY)
HERE = reverse("my_letters")


@pytest.fixture(autouse=True)
def clinic(settings, monkeypatch):
    cache.clear()
    facility.organisation()
    settings.ADDRESS = "https://clinic.example"
    monkeypatch.setattr(clock, "now", lambda: NOW)


def writes(person, *, number=1, post=True, language="en"):
    row = by_post.write_letter(
        officer=ana(), patient_id=person.pk, words="Shoes.", language=language,
        key=f"{number:032x}", about=None, up_to=0, at=NOW,
    )  # fmt: skip
    if post:
        by_post.post_letter(officer=ana(), message=row, on=NOW.date(), at=NOW)
    return row


def came(person, on=None):
    scan = came_by_post.Came(picture().read(), on or NOW.date(), "Cy", "", "c" * 32)
    return came_by_post.letter_came(officer=ana(), patient_id=person.pk, came=scan, at=NOW)


def printed(row):
    return reverse("my_letter", args=[row.pk])


def test_a_posted_letter_is_read_there_as_it_was_printed():
    person = patient()
    client, _secret = account(person)
    row = writes(person)

    assert printed(row) in body(client.get(HERE))
    answer = client.get(printed(row))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content == bytes(Paper.objects.get(message=row).pdf)
    assert HERE in body(client.get(reverse("my_messages")))


def test_one_that_was_not_posted_is_not_there():
    person = patient()
    client, _secret = account(person)
    row = writes(person, post=False)

    assert "No letters yet" in body(client.get(HERE))
    assert client.get(printed(row)).status_code == 404


def test_one_that_came_back_asks_where_they_get_mail():
    person = patient()
    client, _secret = account(person)
    row = writes(person)
    by_post.letter_came_back(officer=ana(), message=row, on=NOW.date(), why="moved", at=NOW)

    assert "The post brought it back" in body(client.get(HERE))


def test_anothers_letter_is_not_there():
    client, _secret = account(patient())
    row = writes(patient(given="Dot"))

    assert client.get(printed(row)).status_code == 404


def test_who_acts_for_a_patient_reads_ours_and_nothing_of_what_they_wrote():
    person = patient()
    own, _secret = account(person, login="clara")
    helper, _secret = account(person, Kind.HELPER, login="hilde", name="Hilde")
    row = writes(person)
    came(person, NOW.date() - timedelta(days=1))

    assert "A letter to us came" in body(own.get(HERE))
    page = body(helper.get(HERE))
    assert "A letter to us came" not in page
    assert printed(row) in page
    assert helper.get(printed(row)).status_code == 200


@pytest.mark.parametrize("over", [False, True])
def test_where_somebody_asked_to_be_written_to_alone_only_they_read(over):
    """The letter shows the address (45 CFR 164.522(b)), also when they took that back since."""
    person = patient()
    own, _secret = account(person, login="clara")
    helper, _secret = account(person, Kind.HELPER, login="hilde", name="Hilde")
    asked = ConfidentialContact.objects.create(
        patient=person, address="PO Box 7\nMadison, WI 53703", since=NOW - timedelta(days=1)
    )
    row = writes(person)
    if over:
        asked.ended_at, asked.ended_by_id = NOW + timedelta(minutes=1), 1
        asked.save()

    assert own.get(printed(row)).status_code == 200
    assert printed(row) not in body(helper.get(HERE))
    assert helper.get(printed(row)).status_code == 404


def test_letters_are_paged_and_ask_a_fixed_number_of_questions(
    monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("almoner.portal.queries.posted.LETTERS", 2)
    person = patient()
    client, _secret = account(person)
    rows = [writes(person, number=number) for number in range(1, 4)]

    with django_assert_max_num_queries(25):
        newest = body(client.get(HERE))
    older = body(client.get(f"{HERE}?page=2"))
    assert [printed(row) in newest for row in rows] == [False, True, True]
    assert [printed(row) in older for row in rows] == [True, False, False]


def test_the_patients_role_reads_of_papers_only_what_it_was_granted():
    person = patient()
    writes(person)
    writes(patient(given="Dot"), number=2)

    with acting_for([person.pk], own=True):
        assert Paper.objects.values_list("message__patient_id", flat=True).get() == person.pk
        with pytest.raises(ProgrammingError), transaction.atomic():
            list(Paper.objects.values_list("why"))
