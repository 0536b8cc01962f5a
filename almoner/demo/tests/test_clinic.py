from collections import Counter
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction

from almoner.access.models import Officer
from almoner.access.rules import Role
from almoner.arrivals.models import EarlyCheckIn, Encounter, Said
from almoner.arrivals.queries import ways_in
from almoner.coverage import queries
from almoner.coverage.models import EligibilityCheck, ExpectedVisit, Payer, Policy
from almoner.demo import (
    after_hours,
    articles,
    cases,
    clinic,
    early,
    eligibility,
    messages,
    results,
    setup,
    visits,
)
from almoner.demo.people import homes
from almoner.edges.x12.eligibility import read_271
from almoner.facility.models import Clinician, Device, Holiday, Location, Room, VisitType
from almoner.patients.models import Pair, Patient
from almoner.records.models import Result
from almoner.relations import queries as relations
from almoner.relations.models import Article, ArticleVersion, Case, Letter, Mention, Received
from almoner.relations.queries.articles import holding
from almoner.scheduling.models import Appointment, Hold, ResourceDay

TODAY = date(2026, 11, 23)
NOW = datetime.combine(TODAY, time(10), ZoneInfo(setup.ZONE))


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """A small demo clinic, looked at by every test here and then taken away."""
    with django_db_blocker.unblock(), transaction.atomic():
        clinic.people_and_visits(now=NOW, patients=150)
        eligibility.build(today=TODAY)
        cases.build(now=NOW)
        messages.build(now=NOW)
        articles.build(now=NOW)
        early.build(now=NOW)
        results.build(now=NOW)
        yield
        transaction.set_rollback(True)


def test_results_came_by_the_import_some_reviewed_some_corrected_and_one_is_nobodys(built, db):
    shown = Result.objects.filter(shown__isnull=False, patient__isnull=False)

    assert shown.filter(waits_since__isnull=True).exists()
    assert shown.filter(waits_since__isnull=False, flag=2).exists()
    assert Result.objects.filter(shown__isnull=True).exists()  # preliminary
    assert Result.objects.filter(newest__gt=1).exists()
    assert Result.objects.filter(patient__isnull=True).count() == 1


def test_texts_wait_of_one_person_of_a_family_in_spanish_and_of_nobody(built, db):
    texts = Received.objects.filter(channel="sms", work=True, handled_at=None)

    people = [relations.holders("sms", row.sender) for row in texts.order_by("at")]
    assert [len(each) for each in people] == [1, 0, len(people[2]), 1, 1]
    assert len(people[2]) > 1
    assert people[3][0].language == "es"


def test_there_is_a_sign_in_for_each_role_and_somebody_for_each_visit_type(built, db):
    assert {role for officer in Officer.objects.all() for role in officer.roles} == set(Role)
    assert Clinician.objects.count() == 12
    assert not VisitType.objects.filter(clinicians=None).exists()
    assert Holiday.objects.filter(day=date(2026, 11, 26)).exists()


def test_the_clinic_has_its_places_people_things_and_payers(built, db):
    assert [table.objects.count() for table in (Location, Clinician, Room, Device, VisitType)] == [
        3, 12, 8, 3, 11,
    ]  # fmt: skip
    assert {room.location_id for room in Room.objects.all()} == {
        place.pk for place in Location.objects.all()
    }
    assert sorted(Payer.objects.values_list("kind", flat=True)) == sorted(
        ["hmo", "ppo", "medicare", "medicaid", "self_pay", "workers_comp"]
    )


def test_some_patients_have_begun_to_prepare_their_visits_and_some_have_finished(built, db):
    begun, finished = EarlyCheckIn.objects.all(), EarlyCheckIn.objects.exclude(finished_at=None)

    assert 0 < finished.count() < begun.count() == early.MANY
    assert Said.objects.filter(verdict="changed", outcome="").exists()


def test_everybody_is_there_and_most_are_covered(built, db):
    insured = Policy.objects.values("patient").distinct().count()

    assert Patient.objects.count() == 150
    assert Policy.objects.filter(rank=2).exists()
    assert insured > 120


def test_whoever_was_registered_twice_waits_on_the_list_of_pairs(built, db):
    twice = Patient.objects.order_by("-id")[: clinic.DOUBLES]

    for again in twice:
        assert Pair.objects.filter(higher=again, likely=True).exists()


def test_some_have_said_whom_to_call_and_how_to_speak_of_them(built, db):
    for said in ("name_used", "pronouns"):
        assert 0 < Patient.objects.exclude(**{said: ""}).count() < 150
    assert Patient.objects.filter(contacts__kind="emergency").exists()
    assert Patient.objects.filter(former_names__kind="maiden").exists()


def test_nothing_of_a_record_looks_changed_and_those_of_a_home_are_together(built, db):
    with connection.cursor() as sql:
        sql.execute("SELECT count(*) FROM patients_change")
        assert sql.fetchone() == (0,)
    child = Patient.objects.exclude(guarantor=None).first()
    assert child.household == child.guarantor.household is not None


def test_visits_that_need_a_room_or_a_device_hold_one(built, db):
    wanting = Appointment.objects.filter(status="booked").exclude(visit_type__device_kind="")

    assert wanting.exists()
    for kind, needing in ((3, wanting), (2, wanting.exclude(visit_type__room_kind=""))):
        assert needing.exists()
        held = Hold.objects.filter(live=True, kind=kind)
        assert needing.count() == held.count()
        named = {3: "device_id", 2: "room_id"}[kind]  # and the visit's own page says which
        assert set(needing.values_list("pk", named)) == set(
            held.values_list("appointment_id", "resource_id")
        )


def test_something_is_asked_of_the_clinic_in_each_state_and_a_grievance_is_on_its_sixth_day(
    built, db
):
    states = Counter(Case.objects.values_list("state", flat=True))
    [grievance] = Case.objects.filter(kind="grievance").exclude(state="closed")

    assert set(states) == {"open", "waiting", "closed"}
    assert relations.days_since(grievance.grievance.received_at, NOW, setup.ZONE) == 6
    assert Case.objects.filter(due_at__lt=NOW).exclude(state="closed").exists()
    assert Case.objects.filter(patient=None).exists()
    assert Letter.objects.get().delivered_at


def test_officers_have_articles_to_look_up_one_not_reviewed_in_spanish_and_one_past_its_day(
    built, db
):
    holds = holding(list(Article.objects.values_list("pk", flat=True)))

    assert {language for _article, language in holds} == {"en", "es"}
    assert ArticleVersion.objects.filter(published_at=None, language="es").count() == 1
    assert [row.review_on < NOW.date() for row in holds.values()].count(True) == 1
    assert Mention.objects.get(ended_at=None).officer.username == "bea"


def test_children_have_somebody_who_pays(built, db):
    children = Patient.objects.filter(birth_date__gt=date(2009, 1, 1))

    assert children.exists()
    assert not children.filter(guarantor=None).exists()


def test_the_past_has_happened_and_the_future_holds_its_time(built, db):
    past = Appointment.objects.filter(starts_at__lt=NOW - visits.OVER)
    ahead = Appointment.objects.filter(starts_at__gte=NOW - visits.OVER)

    assert not past.filter(status="booked").exists()
    assert set(ahead.values_list("status", flat=True)) == {"booked"}
    assert Encounter.objects.count() == past.filter(status="completed").count() > 100
    people = Hold.objects.filter(live=True, kind__in=[1, 4])
    assert people.count() == 2 * ahead.count() > 200


def test_whoever_is_sick_can_be_seen_at_any_hour_of_any_day(built, db):
    lakeside = Officer.objects.get(username="ana").location
    urgent = VisitType.objects.get(code="urgent")
    days = ResourceDay.objects.filter(
        kind=1, location=lakeside, local_day__gte=TODAY, local_day__lt=TODAY + timedelta(days=60)
    )

    there = Counter(day.local_day for day in days if day.template.count("1") >= 23 * 12)

    assert set(urgent.clinicians.values_list("family", flat=True)) >= {"Reyes", "Whitlow"}
    assert len(there) == 60  # Thanksgiving and Christmas too
    assert set(there.values()) == {2}


@pytest.mark.parametrize("hour", [0, 3, 12, 22])
@pytest.mark.parametrize("days", [3, 5, 6])  # Thanksgiving, Saturday, Sunday
def test_who_walks_in_at_night_on_a_weekend_or_a_holiday_is_seen(built, db, days, hour):
    at = NOW.replace(hour=hour) + timedelta(days=days)
    urgent = VisitType.objects.get(code="urgent")
    lakeside = Officer.objects.get(username="ana").location

    assert ways_in(urgent, lakeside, born=date(1985, 3, 4), at=at)


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_some_visits_lie_about_now_whatever_the_hour(hour):
    now = NOW.replace(hour=hour)

    assert after_hours.share(now + timedelta(minutes=20), now) == after_hours.NEAR
    assert after_hours.share(now + timedelta(days=1, minutes=20), now) == after_hours.NEAR
    assert after_hours.share(now + timedelta(days=9), now) < after_hours.NEAR


def test_the_same_seed_gives_the_same_people():
    first = list(homes(50, seed=7, today=TODAY))

    assert first == list(homes(50, seed=7, today=TODAY))
    assert first != list(homes(50, seed=8, today=TODAY))


def test_an_npi_carries_the_check_digit_of_the_published_example():
    # CMS's own example of the check digit: 123456789 and 3.
    assert setup.npi(123_456_789) == "1234567893"


def test_the_payers_have_answered_for_the_visits_of_the_next_days(built, db):
    insured = EligibilityCheck.objects.filter(service_date__gte=TODAY)

    states = Counter(insured.values_list("state", flat=True))
    assert states["answered"] > 20
    check = insured.filter(policy__plan__payer__payer_id="LAKES", state="answered").first()
    assert queries.decide(check, read_271(bytes(check.answer))).cents == 1500
    assert ExpectedVisit.objects.filter(service_date__gt=TODAY + timedelta(days=14)).exists()
