"""Sharing by code: what was chosen, for as long as was chosen, and every look is shown."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from almoner.access.models import AccessEvent
from almoner.access.tests import make as access
from almoner.billing.models import Statement
from almoner.coverage.models import Policy
from almoner.coverage.tests import make as covered
from almoner.facility.tests import make as facility
from almoner.ground import clock
from almoner.ground.models import Event
from almoner.patients.models import Patient
from almoner.portal import actions
from almoner.portal.models import Acting, Guest, Share
from almoner.portal.queries import shown_to_guest
from almoner.portal.rules import accounts, sharing
from almoner.portal.rules.accounts import Kind
from almoner.portal.tests.joining import BORN, account, ana, body, patient
from almoner.records.tests import make as forms
from almoner.records.tests.reports import came
from almoner.relations.models import Received
from almoner.scheduling.models import Appointment
from almoner.scheduling.tests import make

pytestmark = pytest.mark.django_db
NOW = make.SUNDAY
SHARE, ENTER, RECORD = reverse("my_share"), reverse("shared_enter"), reverse("shared_record")


@pytest.fixture(autouse=True)
def now(monkeypatch):
    told = {"now": NOW}
    monkeypatch.setattr(clock, "now", lambda: told["now"])
    cache.clear()
    facility.organisation()
    return told


@pytest.fixture
def person():
    one = patient(given="Rosa", family="Marin")
    make.appointment(patient=one, starts_at=make.at(9, day=make.MONDAY))
    return one


def shares(client, *kinds, hours=1):
    answer = client.post(SHARE, {"kind": kinds or ("visits",), "hours": hours})
    return re.search(r'id="code">([A-Z0-9-]+)<', body(answer)).group(1)


def opens(code, born=BORN, who="Dr. Ray, County Hospital"):
    client = Client()
    facts = {"code": code, "month": born.month, "day": born.day, "year": born.year, "who": who}
    return client, client.post(ENTER, facts)


def test_the_code_and_the_birth_date_show_what_was_chosen_and_no_more(person):
    covered.policy(person)
    mine, _secret = account(person)
    code = shares(mine, "visits")

    client, _in = opens(code.lower().replace("-", " "))

    shown = body(client.get(RECORD))
    visit = Appointment.objects.get()
    assert "Record of Rosa Marin" in shown
    assert str(visit.clinician) in shown
    assert "Dr. Ray, County Hospital" in shown
    assert "Insurance" not in shown
    assert "Signed papers" not in shown
    assert code not in body(mine.get(SHARE))


def test_who_guesses_a_code_closed_is_out_by_it_too(person):
    code = shares(account(person)[0])
    guest, _in = opens(code)

    for _try in range(sharing.TRIES):
        opens(code, born=BORN - timedelta(days=1))

    assert "Record of Rosa Marin" not in body(guest.get(RECORD, follow=True))


def test_a_new_start_of_the_account_ends_what_was_shared_from_it(person, now):
    code = shares(account(person)[0])
    guest, _in = opens(code)

    now["now"] += timedelta(minutes=1)
    account(person, login="rosa2")

    assert "Record of Rosa Marin" not in body(guest.get(RECORD, follow=True))
    assert "Record of Rosa Marin" not in body(opens(code)[1])


def test_insurance_is_shown_when_it_was_chosen(person):
    policy = covered.policy(person)
    code = shares(account(person)[0], "coverage")

    shown = body(opens(code)[0].get(RECORD))

    assert policy.plan.payer.name in shown
    assert policy.member_id in shown
    assert str(Appointment.objects.get().clinician) not in shown


def test_every_look_is_shown_to_the_patient_and_stands_in_the_access_log(person, client, now):
    mine, _secret = account(person)
    guest, _in = opens(shares(mine))
    assert not AccessEvent.objects.filter(reason_kind="share").exists()  # nothing was shown yet

    guest.get(RECORD)
    guest.get(RECORD)

    event = AccessEvent.objects.filter(reason_kind="share").first()
    assert (event.patient_ids, event.grade) == ([person.pk], "A")
    assert event.note == "Dr. Ray, County Hospital"
    shown = body(mine.get(reverse("my_looks")))
    assert "Dr. Ray, County Hospital" in shown
    assert "not of the clinic" in shown
    assert "had given them a code" in shown
    paul = access.officer("paul", roles=("privacy",))
    client.force_login(paul, backend="allauth.account.auth_backends.AuthenticationBackend")
    now["now"] += timedelta(minutes=1)
    log = body(client.get(reverse("looks")))
    assert "Dr. Ray, County Hospital" in log
    assert "Shared by the patient" in log


def test_the_desk_sees_that_it_was_shared_opened_and_ended(person):
    mine, _secret = account(person)
    opens(shares(mine))
    mine.post(reverse("my_share_end", args=[Share.objects.get().pk]))

    kinds = Event.objects.filter(about_kind="share").order_by("id").values_list("kind", flat=True)

    assert list(kinds) == ["portal.shared", "portal.share_opened", "portal.share_ended"]


def test_it_ends_by_the_hour_by_leaving_by_idleness_and_by_the_patient(person, now):
    mine, _secret = account(person)
    code = shares(mine, hours=24)
    left, _in = opens(code)
    left.post(reverse("shared_leave"))
    assert left.get(RECORD).url == ENTER

    idle, _in = opens(code)
    now["now"] += accounts.IDLE
    assert idle.get(RECORD).url == ENTER

    ended, _in = opens(code)
    assert ended.get(RECORD).status_code == 200
    actions.end_share(account=Acting.objects.get().account, patient_id=person.pk,
                      share_id=Share.objects.get().pk, at=now["now"])  # fmt: skip
    assert ended.get(RECORD).url == ENTER
    assert "does not open anything" in body(opens(code)[1])


def test_and_by_its_time_whoever_is_in(person, now):
    code = shares(account(person)[0], hours=1)
    guest, _in = opens(code)
    for _minute in range(6):
        now["now"] += timedelta(minutes=10)
        if guest.get(RECORD).status_code == 302:
            break

    assert now["now"] == NOW + timedelta(hours=1)
    assert "does not open anything" in body(opens(code)[1])


def test_five_wrong_birth_dates_end_it_and_who_knows_no_code_learns_nothing(person):
    code = shares(account(person)[0])
    for _try in range(sharing.TRIES):
        assert "do not belong together" in body(opens(code, BORN.replace(year=1990))[1])

    assert "Too many wrong birth dates" in body(opens(code)[1])
    assert "do not know this code" in body(opens("AAAAA-AAAAA")[1])
    assert not Guest.objects.exists()


def test_who_does_not_say_who_they_are_is_not_let_in(person):
    code = shares(account(person)[0])

    assert "Say who you are" in body(opens(code, who=" \n")[1])
    nobody = {"share": Share.objects.get(), "who": " ", "digest": b"1"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Guest.objects.create(**nobody, in_at=NOW, seen_at=NOW)


def test_who_tries_codes_often_from_one_place_waits():
    for _try in range(20):
        opens("AAAAA-AAAAA")

    assert opens("AAAAA-AAAAA")[1].status_code == 429


def test_a_proxy_shares_no_more_than_they_may_see_and_only_while_they_may(person, now):
    helper, _secret = account(person, Kind.HELPER, login="ines", name="Ines",
                              parts=("visits",))  # fmt: skip
    assert helper.post(SHARE, {"kind": "coverage", "hours": 1}).status_code == 422
    code = shares(helper, "visits", "coverage", "documents")
    assert Share.objects.get().kinds == ["visits"]
    guest, _in = opens(code)
    assert guest.get(RECORD).status_code == 200

    actions.end_acting(officer=ana(), patient=person, acting_id=Acting.objects.get().pk,
                       because="asked", at=NOW)  # fmt: skip

    assert guest.get(RECORD).url == ENTER
    assert "does not open anything" in body(opens(code)[1])


def test_the_patient_sees_and_ends_what_a_proxy_shared(person):
    helper, _s = account(person, Kind.HELPER, login="ines", name="Ines", parts=("visits",))
    shares(helper)
    mine, _secret = account(person)
    assert "made by Ines" in body(mine.get(SHARE))

    mine.post(reverse("my_share_end", args=[Share.objects.get().pk]))

    assert Share.objects.get().ended_at


def test_nobody_ends_what_another_shared(person):
    shares(account(person)[0])
    other, _secret = account(patient(), login="other")

    assert other.post(reverse("my_share_end", args=[Share.objects.get().pk])).status_code == 404


def test_no_more_than_five_codes_are_good_at_a_time(person):
    mine, _secret = account(person)
    for _each in range(sharing.MOST_OPEN):
        shares(mine)

    assert "Five codes are good already" in body(mine.post(SHARE, {"kind": "visits", "hours": 1}))


def test_what_is_not_offered_is_not_taken(person):
    mine, _secret = account(person)
    for wrong in ({"kind": "everything", "hours": 1}, {"kind": "visits", "hours": 9_999}, {}):
        assert mine.post(SHARE, wrong).status_code == 422

    assert not Share.objects.exists()


# --- What the database shows whom


def test_an_endpoint_that_forgets_its_filter_shows_a_guest_what_was_shared_alone(person):
    other = patient()
    make.appointment(patient=other, starts_at=make.at(10, day=make.MONDAY))
    for one in (person, other):
        covered.policy(one)

    with shown_to_guest(person.pk, ["visits"]):
        assert {*Appointment.objects.values_list("patient_id", flat=True)} == {person.pk}
        assert not Policy.objects.values_list("id")
        assert not Patient.objects.values_list("id")
        assert not Statement.objects.values_list("id")
        assert not Received.objects.values_list("id")
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM portal_look")
            assert cursor.fetchone() == (0,)
    with shown_to_guest(person.pk, ["coverage"]):
        assert {*Policy.objects.values_list("patient_id", flat=True)} == {person.pk}
        assert not Appointment.objects.values_list("id")
    with shown_to_guest(person.pk, []):
        assert not Appointment.objects.values_list("id")
        assert not Policy.objects.values_list("id")
    assert Appointment.objects.count() == 2


def test_every_table_but_those_of_shared_kinds_is_closed_to_a_guest():
    """A policy that lets a guest through is named for it; new tables have none.

    What is asked beside others (restrictive) lets nobody through.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_policies WHERE policyname = 'what_was_shared'"
            " UNION SELECT tablename FROM pg_policies WHERE 'almoner_patient' = ANY (roles)"
            " AND qual NOT LIKE '%almoner.people%'"
            " AND permissive = 'PERMISSIVE'"  # others only take away
        )
        open_ = {name for (name,) in cursor.fetchall()}

    assert open_ == {
        "scheduling_appointment", "coverage_policy", "records_filling", "records_signature",
        "records_document", "records_result",
        # by others' rows, or nobody's
        "records_formversion", "relations_opened", "relations_paper",
        "records_resultversion", "records_resultvalue", "records_resultreview",
        "surveys_version",
    }  # fmt: skip


@pytest.mark.parametrize("forbidden", [
    lambda: list(Patient.objects.values_list("family")),
    lambda: Appointment.objects.update(confirmed_at=None),
    lambda: Share.objects.values_list("digest").first(),
])  # fmt: skip
def test_a_guest_reads_no_other_column_and_writes_nothing(person, forbidden):
    reading = shown_to_guest(person.pk, ["visits", "coverage", "documents"])
    with pytest.raises(ProgrammingError), transaction.atomic(), reading:
        forbidden()


def test_what_was_shared_is_over_with_the_transaction(person):
    reading = shown_to_guest(person.pk, ["visits"])
    with pytest.raises(LookupError), transaction.atomic(), reading:
        raise LookupError
    with shown_to_guest(person.pk, []):
        assert not Appointment.objects.values_list("id")


# --- Every route of it, asked by whom it is no business


def guests(person, now):
    mine, _secret = account(person)
    code = shares(mine, "visits", "documents", "papers", "coverage", "results")
    late, _in = opens(code)
    left, _in = opens(code)
    left.post(reverse("shared_leave"))
    other = patient(given="Zeno", birth_date=BORN)
    others, _in = opens(shares(account(other, login="zeno")[0]))
    forged = Client()
    forged.cookies["shared"] = "forged"
    now["now"] += timedelta(hours=1)
    return {"nobody": Client(), "forged": forged, "late": late, "left": left, "account": mine,
            "another": others}  # fmt: skip


def test_no_route_of_it_tells_anything_to_whom_it_is_no_business(person, now):
    covered.policy(person)
    visit = Appointment.objects.get()
    result, paper = came(person, name="Quetelet", at=NOW), forms.paper(person, title="Urkunde")
    words = {"Marin", str(visit.clinician), Policy.objects.get().member_id, "Quetelet", "Urkunde"}
    asked = 0
    for who, browser in guests(person, now).items():
        for name, given in (("shared_record", {}), ("shared_document", {"signature_id": 1}),
                            ("shared_paper", {"document_id": paper.pk}),
                            ("shared_result", {"result_id": result.pk}),
                            ("shared_result_paper", {"result_id": result.pk}),
                            ("shared_leave", {}), ("shared_enter", {})):  # fmt: skip
            for method in ("get", "post"):
                cache.clear()
                answer = getattr(browser, method)(reverse(name, kwargs=given), follow=True)
                assert not [word for word in words if word in body(answer)], (who, name, method)
                asked += 1
    assert asked == 84
    assert not AccessEvent.objects.filter(reason_kind="share").exists()


def test_its_pages_ask_a_fixed_number_of_questions(person, django_assert_max_num_queries):
    for hour in range(10, 16):
        make.appointment(patient=person, starts_at=make.at(hour, day=make.MONDAY))
    mine, _secret = account(person)
    guest, _in = opens(shares(mine, "visits", "coverage", "documents"))

    with django_assert_max_num_queries(28):
        assert guest.get(RECORD).status_code == 200
    with django_assert_max_num_queries(24):
        assert mine.get(SHARE).status_code == 200
