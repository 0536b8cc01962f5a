"""The search box, and who is this, against the database."""

from datetime import date

import pytest

from almoner.access.actions import record_access
from almoner.access.models import AccessEvent
from almoner.access.tests import make as access
from almoner.patients import actions, queries
from almoner.patients.queries.registry import NextVisit
from almoner.patients.rules.alike import Grade
from almoner.patients.rules.person import facts
from almoner.patients.tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def reading():
    return access.reading(access.officer(), at=make.REGISTERED)


def ids(found):
    return [line.id for line in found.lines]


@pytest.mark.parametrize(
    "typed",
    [
        "garcia", "GARCÍA", "gar cy", "cy gar", "3/4/85", "garcia 3/4/85", "3/4/1985 gar",
        "gar 3/4", "555 0117", "(312) 555-0117", "0117 garcia", "garcia 1985", "windsor", "mel",
        "xyz-123456", "garcia xyz123456",
    ],
)  # fmt: skip
def test_cy_is_found_by_anything_he_may_say(reading, typed):
    cy = make.patient(name_used="Mel", former_names=(make.FormerName("Windsor", "Cy"),))
    actions.set_extra_keys(patient_id=cy.pk, source="coverage", values=["XYZ-123456"])
    make.patient(
        family="Oyelaran", given="Dot", birth_date=date(1971, 9, 9), phones=(), addresses=()
    )

    assert ids(queries.find(typed, reading=reading)) == [cy.pk]


@pytest.mark.parametrize("typed", ["", " ", "garcia 3/4/86", "garzia", "0118 garcia", "%", "'"])
def test_what_does_not_fit_finds_nobody_and_shows_nobody(reading, typed):
    make.patient()

    assert ids(queries.find(typed, reading=reading)) == []
    assert reading.patient_ids == set()


def test_a_record_number_is_found_with_and_without_its_dash(reading):
    cy = make.patient()

    assert ids(queries.find(cy.mrn, reading=reading)) == [cy.pk]
    assert ids(queries.find(f"{cy.mrn[:7]}-{cy.mrn[7]}", reading=reading)) == [cy.pk]


def test_a_surname_stands_before_a_given_name_of_the_same_letters(reading):
    by_given = make.patient(family="Adams", given="Martin")
    by_family = make.patient(family="Martinez", given="Zoe")

    assert ids(queries.find("marti", reading=reading)) == [by_family.pk, by_given.pk]


def test_the_exact_name_stands_before_a_longer_one(reading):
    longer = make.patient(family="Leeds", given="Ann")
    exact = make.patient(family="Lee", given="Ann")

    assert ids(queries.find("lee ann", reading=reading)) == [exact.pk, longer.pk]


def test_a_list_shows_only_the_end_of_the_phone(reading):
    make.patient()

    [line] = queries.find("garcia", reading=reading).lines

    assert line.phone_end == "0117"


def test_a_search_is_one_query_and_every_shown_patient_is_noted(reading, django_assert_num_queries):
    people = [make.patient(given=name) for name in ("Cy", "Kim", "Lena")]

    with django_assert_num_queries(1):
        queries.find("garcia", reading=reading)

    assert reading.patient_ids == {person.pk for person in people}
    assert reading.searched == "name"


def test_a_long_list_comes_in_pages_of_twenty(reading):
    actions.register_many(
        people=[make.details(given=f"Cy{number:02}") for number in range(45)], at=make.REGISTERED
    )

    pages = [queries.find("garcia", reading=reading, page=page) for page in (1, 2, 3)]

    assert [len(page.lines) for page in pages] == [20, 20, 5]
    assert [page.more for page in pages] == [True, True, False]
    assert len({line.id for page in pages for line in page.lines}) == 45


def test_a_search_that_fits_hundreds_says_so(reading):
    people = [make.details(given=f"Cy{number}") for number in range(230)]
    actions.register_many(people=people, at=make.REGISTERED)

    found = queries.find("gar cy", reading=reading)

    assert found.bounded
    assert queries.find("gar cy", reading=reading, page=99).page == 10


def test_a_placeholder_name_and_birth_date_can_still_be_searched(reading):
    baby = make.patient(family="Baby Girl", given="Unknown", birth_date=date(1900, 1, 1))

    assert ids(queries.find("baby 1/1/1900", reading=reading)) == [baby.pk]


def test_next_visits_are_asked_of_the_duty_that_knows(reading, monkeypatch):
    cy = make.patient()
    tell = NextVisit("scheduling.view", "'Dr Ng'", lambda told: f"Tue 2:00 pm, {told}")
    monkeypatch.setattr("almoner.patients.queries.registry._next_visits", [tell])

    [line] = queries.find("garcia", reading=reading).lines

    assert (line.id, line.next_visit) == (cy.pk, "Tue 2:00 pm, Dr Ng")


def test_a_person_typed_again_is_recognised_with_reasons(reading, django_assert_num_queries):
    cy = make.patient()
    again = facts(make.details(given="Cyrus", birth_date=date(1985, 4, 3), addresses=()))

    with django_assert_num_queries(3):
        [found] = queries.alike(again, reading=reading)

    assert found.id == cy.pk
    assert found.match.grade == Grade.POSSIBLE
    said = {queries.wording.sign(sign) for sign in found.match.signs}
    assert ("Birth date", "same numbers, day and month swapped") in said
    assert reading.patient_ids == {cy.pk}


def test_two_records_once_called_two_people_are_not_suggested_again(reading):
    cy = make.patient()
    ana = access.officer("registrar")

    twin = actions.register(
        officer=ana, details=make.details(), at=make.REGISTERED, not_same_as=[cy.pk]
    )

    assert queries.alike_patient(twin.pk, reading=reading) == ()
    assert queries.alike_patient(cy.pk, reading=reading) == ()


def test_a_search_leaves_one_access_event_of_the_readers_own_word(client):
    make.patient()
    ana = access.officer("ana")
    reading = access.reading(ana, at=make.REGISTERED)

    queries.find("garcia 3/4/85", reading=reading)
    record_access(reading)

    event = AccessEvent.objects.get()
    assert (event.reason_kind, event.grade, event.note) == ("search", "D", "name, birth_date")
