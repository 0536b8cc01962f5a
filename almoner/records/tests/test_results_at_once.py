"""The same report from two sides at once, and two who sign or give it at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection

from almoner.access.tests import make as access
from almoner.facility.tests import make as facility
from almoner.ground.models import Event
from almoner.patients.tests.make import patient as a_patient
from almoner.records import actions
from almoner.records.models import Result, ResultReview, ResultVersion
from almoner.records.tests.reports import NOW, came, measured, report, subject, take

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def person():
    facility.organisation()
    return a_patient(birth_date=date(1984, 4, 27))


def at_once(act, number=8):
    """Run ``act(i)`` in threads, each with a connection of its own; answers or refusals."""

    def run(index):
        try:
            return act(index)
        except (actions.NotReviewed, actions.NotTheirs) as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(run, range(number)))


def test_a_report_that_comes_from_many_sides_at_once_is_one(person):
    done = at_once(lambda _: take(subject(person.mrn), measured(), report()))

    assert sum(len(one.kept) for one in done) == 1
    assert sum(len(one.already) for one in done) == 7
    assert (Result.objects.count(), ResultVersion.objects.count()) == (1, 1)
    assert Event.objects.filter(kind="records.result_final").count() == 1


def test_a_result_that_many_sign_at_once_is_signed_once(person):
    row = came(person)
    doctors = [access.officer(f"doctor{number}", roles=("clinician",)) for number in range(8)]

    done = at_once(
        lambda number: actions.review_result(
            officer=doctors[number], result_id=row.pk, version_id=row.shown_id, note="", at=NOW
        )
    )

    assert sum(isinstance(one, ResultReview) for one in done) == 1
    assert ResultReview.objects.count() == 1


def test_a_result_that_is_given_to_two_at_once_goes_to_one(person):
    take(subject(), measured(), report())
    ana, row = access.officer("ana"), Result.objects.get()
    people = [person, a_patient(birth_date=date(1990, 1, 1))]

    done = at_once(
        lambda number: actions.assign_result(
            officer=ana, result_id=row.pk, mrn=people[number].mrn, born=people[number].birth_date,
            at=NOW,
        ),
        2,
    )  # fmt: skip

    assert sum(isinstance(one, Result) for one in done) == 1
    assert Event.objects.filter(kind="records.result_final").count() == 1
