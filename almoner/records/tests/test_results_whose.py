"""Whose a result is: who is named by number and birth date, and else whom a person says."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from almoner.access.models import Officer
from almoner.access.tests import make as access
from almoner.facility.tests import make as facility
from almoner.ground.models import Event
from almoner.patients.tests.make import patient as a_patient
from almoner.records import actions
from almoner.records.models import Result, ResultReview, ResultVersion
from almoner.records.tests.reports import NOW, came, measured, report, subject, take
from almoner.records.tests.test_results import BORN, linh, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    facility.organisation()
    return a_patient(family="Garcia", given="Cy", birth_date=BORN)


@pytest.mark.parametrize(
    ("said", "waits"),
    [
        ({"mrn": True}, False),
        ({"mrn": True, "born": "1984-04-27"}, False),
        ({"mrn": True, "born": "1984-04-28"}, True),  # somebody else's report, or a typing error
        ({"mrn": True, "system": "urn:oid:1.2.3"}, True),  # a number of another house
        ({"mrn": True, "system": ""}, False),
        ({"name": "Cy Garcia", "born": "1984-04-27"}, True),  # alike is not enough
        ({}, True),
    ],
)
def test_only_our_own_record_number_says_whose_it_is_and_no_other_birth_date(person, said, waits):
    said = said | {"mrn": person.mrn if said.get("mrn") else ""}

    done = take(subject(**said), measured(), report())

    assert bool(done.waiting) is waits
    assert Result.objects.get().patient_id == (None if waits else person.pk)


def corrects(said, number="R-1", *, hours=1, value="9.9"):
    later = NOW + timedelta(hours=hours)
    return take(
        said, measured(value), report(number, status="corrected", issued=later), at=later
    )  # fmt: skip


@pytest.mark.parametrize(
    "said",
    [
        {"mrn": "other"},
        {"mrn": "MRN-OF-NOBODY"},
        {"mrn": "own", "born": "1984-04-28"},
        {"born": "1984-04-28"},
    ],
)
def test_a_correction_that_names_another_person_changes_nothing(person, said):
    numbers = {"own": person.mrn, "other": a_patient().mrn}
    came(person)

    done = corrects(subject(**said | {"mrn": numbers.get(said.get("mrn"), said.get("mrn", ""))}))

    assert "names another person" in done.refused[0].says[0]
    assert ResultVersion.objects.count() == 1


@pytest.mark.parametrize("said", [{}, {"born": "1984-04-27"}, {"name": "C. Garcia"}])
def test_a_correction_that_names_nobody_else_is_taken(person, said):
    came(person)

    assert corrects(subject(**said)).kept
    assert Result.objects.get().shown.number == 2


def test_what_was_given_by_hand_is_corrected_by_who_still_says_the_same_of_the_person(person):
    said = subject("MRN-OF-NOBODY", name="Cy Garcia")
    take(said, measured(), report())
    row = Result.objects.get()
    actions.assign_result(
        officer=access.officer("ana"), result_id=row.pk, mrn=person.mrn, born=BORN, at=NOW
    )

    assert corrects(said).kept
    assert corrects(subject("MRN-OF-ANOTHER"), hours=2, value="7").refused
    assert Result.objects.get().shown.values.get().value == "9.9"


def test_two_identifiers_of_the_record_say_whose_a_result_is(person):
    take(subject(name="Cy Garcia", born="1984-04-27"), measured(), report())
    row, ana = Result.objects.get(), access.officer("ana")
    give = {"officer": ana, "result_id": row.pk, "at": NOW}

    with pytest.raises(actions.NotTheirs, match="no_record"):
        actions.assign_result(**give, mrn=person.mrn, born=date(1984, 4, 28))
    other = a_patient(birth_date=date(1990, 1, 1))
    with pytest.raises(actions.NotTheirs, match="another_birth_date"):
        actions.assign_result(**give, mrn=other.mrn, born=other.birth_date)
    actions.assign_result(**give, mrn=person.mrn, born=BORN)

    row.refresh_from_db()
    assert (row.patient, row.waits_since) == (person, NOW)
    assert Event.objects.get(kind="records.result_final").by_id == ana.pk
    with pytest.raises(actions.NotTheirs, match="settled"):
        actions.refuse_result(officer=ana, result_id=row.pk, because="Twice", at=NOW)


def refused(said):
    """The result of a report that an officer has refused as nobody's."""
    take(said, measured(), report())
    row = Result.objects.get()
    actions.refuse_result(
        officer=access.officer("ana"), result_id=row.pk, because="Not ours", at=NOW
    )
    return row


def waiting(client, officer):
    return "Electrolytes" in read(client, officer, "results_of_nobody")


def test_a_refused_result_that_names_nobody_else_stays_refused_and_says_so(person, client):
    said = subject("MRN-OF-NOBODY", name="Cy Garcia")
    row = refused(said)

    done = corrects(said)

    assert "was refused" in done.refused[0].says[0]
    row.refresh_from_db()
    assert (row.patient, row.newest, row.refused_because) == (None, 2, "Not ours")
    assert not waiting(client, Officer.objects.get(username="ana"))


@pytest.mark.parametrize("value", ["4.2", "9.9"])  # the same again, or something new
def test_a_refused_result_that_names_somebody_else_waits_for_a_person_again(person, client, value):
    row, ana = refused(subject(name="Cy Garcia")), Officer.objects.get(username="ana")
    whole = subject(person.mrn), measured(value), report(status="final")

    first, again = take(*whole, at=NOW), take(*whole, at=NOW)

    assert (len(first.waiting), first.already, first.refused) == (1, [], [])
    assert (again.waiting, len(again.already)) == ([], 1)

    row.refresh_from_db()
    assert (row.patient, row.refused_at, row.said_mrn) == (None, None, person.mrn)
    assert waiting(client, ana)
    assert Event.objects.get(kind="records.result_reopened").about_id == row.pk
    actions.assign_result(officer=ana, result_id=row.pk, mrn=person.mrn, born=BORN, at=NOW)
    assert Result.objects.get().patient == person


def test_an_old_file_sent_once_more_does_not_bring_back_what_was_refused(person):
    old = subject(name="Cy Garcia"), measured(), report()
    row = refused(old[0])
    corrects(subject("MRN-OF-NOBODY"))
    actions.refuse_result(
        officer=Officer.objects.get(username="ana"),
        result_id=row.pk,
        because="Nor this one",
        at=NOW,
    )

    assert take(*old).already
    row.refresh_from_db()
    assert row.refused_because == "Nor this one"


def test_what_was_given_to_the_wrong_patient_is_given_again_by_a_person_alone(person):
    row = came(person)
    actions.review_result(
        officer=linh(), result_id=row.pk, version_id=row.shown_id, note="For Cy", at=NOW
    )
    ana = access.officer("ana")
    actions.take_result_away(officer=ana, result_id=row.pk, because="Mixed up", at=NOW)
    came(person)  # the laboratory sends it once more

    other = a_patient(birth_date=date(1990, 1, 1))
    assert Result.objects.get().patient is None
    actions.assign_result(
        officer=ana, result_id=row.pk, mrn=other.mrn, born=other.birth_date, at=NOW
    )
    row.refresh_from_db()
    assert (row.patient, row.waits_since) == (other, NOW)
    assert ResultReview.objects.filter(patient=other).count() == 0


def test_the_desk_says_whose_it_is_on_a_page_that_shows_no_value(person, client):
    take(subject(name="Cy Garcia", born="1984-04-27"), measured("9.87"), report())
    row, ana = Result.objects.get(), access.officer("ana")

    shown = read(client, ana, "results_of_nobody") + read(client, ana, "result_of_nobody", row.pk)
    wrong = client.post(reverse("give_result", args=[row.pk]), {"mrn": "nope", "born": "4/27/84"})
    done = client.post(
        reverse("give_result", args=[row.pk]), {"mrn": person.mrn, "born": "4/27/1984"}
    )

    assert "Cy Garcia" in shown
    assert "9.87" not in shown
    assert (wrong.status_code, done.status_code) == (422, 302)
    assert Result.objects.get().patient == person
