"""What a visit is expected to cost, on the page of the visit: whose it is reads it, nobody else."""

import pytest
from django.core.cache import cache
from django.db import ProgrammingError, transaction
from django.urls import reverse

from almoner.access.models import Officer
from almoner.access.tests import make as access
from almoner.billing import actions as billing
from almoner.billing.models import Estimate, EstimateWanted
from almoner.billing.rules.private import Reason
from almoner.billing.tests import make as charges
from almoner.facility.tests import make as facility
from almoner.ground import clock
from almoner.ground.models import Event
from almoner.patients.tests.make import patient as a_patient
from almoner.portal.queries import acting_for
from almoner.portal.rules.accounts import Kind, Part
from almoner.portal.tests.joining import account, body, patient
from almoner.portal.tests.make import BORN, NOW, linked, path, says
from almoner.scheduling.tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clinic(settings, monkeypatch):
    facility.organisation()
    charges.items()
    settings.ADDRESS = "https://clinic.example"
    monkeypatch.setattr(clock, "now", lambda: NOW)
    cache.clear()


def estimate(visit):
    ben = Officer.objects.filter(username="ben").first()
    ben = ben or access.officer("ben", roles=("biller",))
    return billing.write_estimate(
        officer=ben, appointment_id=visit.pk, lines=[("ZZ101", 1), ("ZZ201", 2)], at=NOW
    )


def test_the_page_of_the_visit_says_what_it_comes_to_line_by_line():
    visit = linked()
    phone = says(visit)
    assert "estimate" not in body(phone.get(path(visit, "visit/")))
    estimate(visit)

    said = body(phone.get(path(visit, "visit/")))

    assert "Your estimate: $190.00, by this clinic&#x27;s prices, without insurance." in said
    assert "Blood sugar test" in said
    assert "$70.00" in said
    assert path(visit, "estimate.pdf") in said


def test_and_in_spanish():
    visit = linked(language="es")
    estimate(visit)

    said = body(says(visit).get(path(visit, "visit/")))

    assert "Su presupuesto: $190.00, según los precios de esta clínica, sin seguro." in said


def test_reading_the_page_gives_nothing_and_opening_the_paper_does():
    visit = linked()
    billing.ask_for_estimate(officer=access.officer("front"), appointment_id=visit.pk, at=NOW)
    row, phone = estimate(visit), says(visit)
    phone.get(path(visit, "visit/"))
    row.refresh_from_db()
    assert row.given_at is None

    for _twice in range(2):
        paper = phone.get(path(visit, "estimate.pdf"))

    assert paper["Content-Type"] == "application/pdf"
    assert paper.content == bytes(Estimate.objects.get().pdf)
    row.refresh_from_db()
    assert (row.given_how, row.given_at, row.given_by_id) == ("page", NOW, None)
    assert not EstimateWanted.objects.filter(closed_at=None).exists()
    told = Event.objects.get(kind="billing.estimate_given")
    assert (told.patient_id, told.data["by_patient"]) == (visit.patient_id, True)


def test_only_the_newest_is_shown():
    visit = linked()
    estimate(visit)
    billing.write_estimate(
        officer=Officer.objects.get(username="ben"), appointment_id=visit.pk,
        lines=[("ZZ102", 1)], at=NOW,
    )  # fmt: skip

    said = body(says(visit).get(path(visit, "visit/")))

    assert "$210.00" in said
    assert "$190.00" not in said


def test_who_has_a_plan_by_now_is_not_shown_the_price_without_one_unless_they_asked():
    visit = linked()
    estimate(visit)
    charges.policy(visit.patient)
    phone = says(visit)
    assert "$190.00" not in body(phone.get(path(visit, "visit/")))

    front = access.officer("front")
    billing.ask_for_estimate(officer=front, appointment_id=visit.pk, at=NOW)

    assert "$190.00" in body(phone.get(path(visit, "visit/")))


def test_without_an_estimate_there_is_no_paper():
    visit = linked()

    assert says(visit).get(path(visit, "estimate.pdf")).status_code == 404


def test_without_the_birth_date_nobody_reads_it():
    visit = linked()
    estimate(visit)

    answer = says(visit, born=BORN.replace(year=1985)).get(path(visit, "estimate.pdf"))

    assert answer.status_code == 302
    assert not Estimate.objects.filter(given_at__isnull=False).exists()


def of_an_account(**facts):
    """The visit's page as somebody who signs in comes to it."""
    person = patient()
    visit = linked(patient=person)
    estimate(visit)
    browser, _secret = account(person, **facts)
    return visit, browser, browser.post(reverse("my_visit", args=[visit.pk]), follow=True)


def test_an_account_that_may_see_bills_sees_it():
    _visit, _browser, page = of_an_account()

    assert "$190.00" in body(page)


def test_an_account_that_may_see_visits_alone_does_not():
    _visit, browser, page = of_an_account(
        kind=Kind.HELPER, parts=frozenset({Part.VISITS}), until=make.MONDAY.replace(month=6)
    )
    here = page.redirect_chain[-1][0]

    assert "$190.00" not in body(page)
    assert browser.get(here.replace("visit/", "estimate.pdf")).status_code == 302


def test_as_the_patients_role_a_page_that_forgets_shows_nobody_elses():
    mine, theirs = linked(), linked(starts_at=make.at(11, day=make.MONDAY))
    estimate(mine)
    estimate(theirs)

    with acting_for([mine.patient_id]):
        seen = list(Estimate.objects.values_list("appointment_id", flat=True))
    assert seen == [mine.pk]
    for column in ("given_by_id", "diagnoses", "made_by_id"):
        with pytest.raises(ProgrammingError), transaction.atomic(), acting_for([mine.patient_id]):
            list(Estimate.objects.values_list(column))


def test_of_a_visit_kept_from_who_acts_only_the_patients_own_session_reads_it():
    visit = linked(patient=a_patient(birth_date=BORN))
    estimate(visit)
    billing.keep_private(
        officer=access.officer("front"), appointment_id=visit.pk, from_guarantor=True,
        from_plan=False, reason=Reason.AGREED, at=NOW,
    )  # fmt: skip

    with acting_for([visit.patient_id]):
        assert not Estimate.objects.values_list("id").exists()
    with acting_for([visit.patient_id], own=True):
        assert Estimate.objects.values_list("id").exists()
