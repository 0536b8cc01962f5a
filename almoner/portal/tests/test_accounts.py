"""Accounts: made by a code, got into by two things, ended by the desk, and what they show."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from almoner.access.tests import make as access
from almoner.ground.models import Event
from almoner.portal import actions
from almoner.portal.gate import accounts as gate
from almoner.portal.models import Account, Acting, Entrance, Invitation, MinorTerms
from almoner.portal.queries import acting_for, token_of
from almoner.portal.queries.home import LOOKS
from almoner.portal.rules import accounts
from almoner.portal.rules.accounts import Kind
from almoner.portal.tests.joining import (
    BORN,
    PASSWORD,
    account,
    ana,
    body,
    enters,
    invited,
    joins,
    looked,
    patient,
    says_code,
    secret_on,
    shown_by_app,
)
from almoner.scheduling.tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clinic", "now")]
NOW = make.SUNDAY


# --- Making one


def test_the_code_and_the_birth_date_make_an_account_that_shows_the_visits():
    person = patient()
    visit = make.appointment(patient=person, starts_at=make.at(9, day=make.MONDAY))

    client, _secret = account(person)

    shown = body(client.get(reverse("my_home")))
    assert person.given in shown
    assert str(visit.clinician) in shown
    assert Event.objects.filter(kind="portal.joined", patient_id=person.pk).count() == 1


def test_the_code_alone_shows_nothing_and_five_wrong_birth_dates_end_it():
    person = patient()
    row, code = invited(person)
    for _try in range(accounts.TRIES):
        client = says_code(code, BORN.replace(year=1985))
        assert client.get(reverse("my_join_how")).status_code == 302
    client = says_code(code)

    assert client.get(reverse("my_join_how")).status_code == 302
    row.refresh_from_db()
    assert row.tries == accounts.TRIES
    assert row.used_at is None


def test_a_code_is_used_once_even_when_two_hold_it():
    person = patient()
    _row, code = invited(person)
    first, second = says_code(code), says_code(code)

    assert joins(first)[0].status_code == 302
    late, _secret = joins(second, login="mallory")

    assert late.status_code == 422
    assert Account.objects.count() == 1


def test_a_button_that_is_pressed_twice_makes_one_account():
    _row, code = invited(patient())
    client = says_code(code)
    secret = secret_on(body(client.get(reverse("my_join_how"))))
    way = Entrance.objects.get()

    def finish():
        return actions.join_with_password(
            way=way, name="", login="rosa", password=PASSWORD, typed=shown_by_app(secret),
            language="en", at=NOW,
        )  # fmt: skip

    finish()
    with pytest.raises(actions.NotLetIn, match="stale"):
        finish()
    assert Account.objects.count() == 1


def test_a_new_code_withdraws_the_older_one_and_a_withdrawn_one_opens_nothing(now):
    person = patient()
    _row, old = invited(person)
    row, new = invited(person)
    assert says_code(old).get(reverse("my_join_how")).status_code == 302

    actions.withdraw(officer=ana(), patient=person,
                     invitation_id=row.pk, at=NOW)  # fmt: skip
    assert says_code(new).get(reverse("my_join_how")).status_code == 302
    _row, third = invited(person)
    now["now"] = NOW + accounts.INVITATION_LASTS
    assert says_code(third).get(reverse("my_join_how")).status_code == 302


def test_nothing_typed_is_lost_when_the_digits_are_wrong():
    _row, code = invited(patient())
    client = says_code(code)

    answer, secret = joins(client, login="rosa.m", typed="000000")

    shown = body(answer)
    assert answer.status_code == 422
    assert 'value="rosa.m"' in shown
    assert PASSWORD in shown
    assert secret_on(shown) == secret  # the app need not be set up again
    assert joins(client, login="rosa.m")[0].status_code == 302


@pytest.mark.parametrize(
    ("said", "why"),
    [({"login": "x"}, "4 letters"), ({"password": "short"}, "longer"),
     ({"password": "password1234"}, "longer")],
)  # fmt: skip
def test_weak_choices_are_refused_by_name(said, why):
    _row, code = invited(patient())

    answer, _secret = joins(says_code(code), **said)

    assert answer.status_code == 422
    assert why in body(answer)


def test_somebody_elses_sign_in_name_is_taken():
    account(patient(), login="rosa")
    _row, code = invited(patient())

    answer, _secret = joins(says_code(code), login="ROSA")

    assert answer.status_code == 422
    assert "Choose another" in body(answer)


# --- Getting in


def test_name_password_and_digits_let_in_and_the_digits_are_good_once(now):
    _client, secret = account(patient())
    assert enters(secret)[0].status_code == 422  # those it was made with
    now["now"] = NOW + timedelta(minutes=1)

    first, client = enters(secret)
    again, _other = enters(secret)

    assert first.status_code == 302
    assert client.get(reverse("my_home")).status_code == 200
    assert again.status_code == 422


@pytest.mark.parametrize("wrong", [{"login": "nobody"}, {"password": "x"}, {"typed": "000000"}])
def test_nobody_learns_which_of_the_three_was_wrong(wrong, now):
    _client, secret = account(patient())
    now["now"] = NOW + timedelta(minutes=1)

    answer, client = enters(secret, **wrong)

    assert answer.status_code == 422
    assert "That did not fit" in body(answer)
    assert client.get(reverse("my_home")).status_code == 302


def test_five_wrong_tries_close_it_for_a_while_whatever_comes_then(now):
    _client, secret = account(patient())
    now["now"] = NOW + timedelta(minutes=1)
    for _try in range(accounts.TRIES):
        enters(secret, password="x")

    assert "Too many tries" in body(enters(secret)[0])
    # Who does not know the password does not learn that there is such an account.
    assert "That did not fit" in body(enters(secret, password="x")[0])
    now["now"] += accounts.CLOSED_FOR
    assert enters(secret)[0].status_code == 302


def test_who_tries_often_from_one_place_waits_a_minute(now):
    for _try in range(gate.MOST_TRIES):
        assert enters(b"x" * 20, typed="000000")[0].status_code == 422

    assert enters(b"x" * 20, typed="000000")[0].status_code == 429
    now["now"] = NOW + timedelta(minutes=1)
    assert enters(b"x" * 20, typed="000000")[0].status_code == 422


def test_an_idle_browser_and_one_that_is_in_for_long_must_get_in_again(now):
    client, _secret = account(patient())
    for _busy in range(100):
        now["now"] += timedelta(minutes=10)
        if client.get(reverse("my_home")).status_code == 302:
            break

    assert now["now"] >= NOW + accounts.ABSOLUTE
    client, _secret = account(patient(), login="other")
    now["now"] += accounts.IDLE
    assert client.get(reverse("my_home")).status_code == 302


def test_signing_out_everywhere_ends_every_browser(now):
    client, secret = account(patient())
    now["now"] = NOW + timedelta(minutes=1)
    _answer, other = enters(secret)

    client.post(reverse("my_leave"), {"everywhere": "1"})

    for browser in (client, other):
        assert browser.get(reverse("my_home")).status_code == 302


def test_a_new_code_gets_a_patient_back_in_and_everything_else_out(now):
    person = patient()
    client, secret = account(person)
    now["now"] = NOW + timedelta(minutes=1)

    again, _new = account(person, login="rosa2")

    assert client.get(reverse("my_home")).status_code == 302
    assert enters(secret)[0].status_code == 422
    assert again.get(reverse("my_home")).status_code == 200
    assert Account.objects.count() == 1


# --- Acting for others


def test_a_parent_sees_a_child_until_it_is_of_age_and_nobody_has_to_think_of_it(now):
    child = patient(birth_date=date(2009, 3, 2), given="Tomas")
    MinorTerms.objects.create(state="", age=12, parts=["visits"], starts=date(2020, 1, 1))
    MinorTerms.objects.create(state="", age=18, parts=[], starts=date(2020, 1, 1))
    client, secret = account(child, Kind.PARENT)
    shown = body(client.get(reverse("my_home")))
    assert "Tomas" in shown
    assert reverse("my_bills") not in shown  # seventeen: visits only
    assert client.get(reverse("my_bills")).url == reverse("my_home")

    now["now"] = NOW + timedelta(days=400)
    answer, client = enters(secret)

    assert answer.status_code == 302
    assert client.get(reverse("my_home")).url == reverse("my_enter")


def test_one_account_acts_for_two_and_shows_one_at_a_time():
    mother, child = patient(given="Rosa"), patient(given="Tomas", birth_date=date(2020, 5, 6))
    client, _secret = account(mother)
    _row, code = invited(child, Kind.PARENT)
    says_code(code, child.birth_date, client)

    assert "Rosa" in body(client.get(reverse("my_home")))
    client.post(reverse("my_act_for"), {"acting": Acting.objects.get(patient=child).pk})

    assert "Hello, Tomas" in body(client.get(reverse("my_home")))
    assert Account.objects.count() == 1


def test_nobody_acts_for_whom_they_choose_by_number():
    client, _secret = account(patient(given="Rosa"))
    other = patient(given="Zeno")
    account(other, login="zeno")

    client.post(reverse("my_act_for"), {"acting": Acting.objects.get(patient=other).pk})

    assert "Zeno" not in body(client.get(reverse("my_home")))


def test_the_desk_ends_it_at_once_and_says_why():
    person = patient()
    client, _secret = account(person, Kind.HELPER)
    row = Acting.objects.get()

    actions.end_acting(officer=ana(), patient=person,
                       acting_id=row.pk, because="patient asked", at=NOW)  # fmt: skip

    assert client.get(reverse("my_home")).status_code == 302
    assert Event.objects.get(kind="portal.acting_ended").data["reason"] == "patient asked"


@pytest.mark.parametrize(
    ("kind", "facts", "why"),
    [
        (Kind.PARENT, {"proof": " "}, "no_proof"),
        (Kind.PARENT, {}, "of_age"),
        (Kind.HELPER, {"until": NOW.date() - timedelta(days=9)}, "over_already"),
        (Kind.HELPER, {"parts": ()}, "nothing_to_see"),
    ],
)
def test_whom_the_desk_may_not_invite(kind, facts, why):
    with pytest.raises(actions.NotInvited) as refused:
        invited(patient(), kind, **facts)

    assert refused.value.why == why


def test_the_database_keeps_one_own_account_and_proof_of_every_other():
    person = patient()
    account(person)
    row = Acting.objects.get()
    for wrong in (
        {"account": Account.objects.create(name="x", language="en", made_at=NOW)},
        {"account": row.account, "kind": Kind.HELPER, "proof": ""},
        {"account": row.account, "ended_at": NOW, "until": row.since - timedelta(days=1)},
    ):
        given = {"patient": person, "kind": Kind.SELF, "parts": ["visits"], "since": row.since,
                 "made_by_id": 1} | wrong  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Acting.objects.create(**given)


def test_only_who_may_invites():
    with pytest.raises(PermissionDenied):
        actions.invite(officer=access.officer("bill", roles=("biller",)), patient=patient(),
                       kind=Kind.SELF, parts=(), until=None, proof="", at=NOW)  # fmt: skip


# --- What is shown, and to whom


def test_who_opened_the_record_and_why_is_shown_and_of_nobody_else():
    person, other = patient(), patient()
    looked(person, beside=[other])
    looked(person)
    looked(other, kind="said")
    client, _secret = account(person)

    shown = body(client.get(reverse("my_looks")))

    assert shown.count("<b>Ana</b>") == 1  # one line for the looks of one hour
    assert "front desk" in shown
    assert "for your visit" in shown
    assert "2 times" in shown
    assert "reason of their own" not in shown


def test_who_was_shown_whom_to_ask_and_then_said_why_is_one_look_with_that_reason():
    person = patient()
    looked(person, kind="said", at=NOW - timedelta(minutes=2))
    looked(person, kind="look", at=NOW - timedelta(minutes=1))
    looked(person, kind="said", at=NOW - timedelta(minutes=15))
    client, _secret = account(person)

    shown = body(client.get(reverse("my_looks")))

    assert shown.count("had asked") == 1
    assert shown.count("reason of their own") == 1


def test_the_list_of_looks_is_paged_and_nothing_is_left_out():
    person = patient()
    for hour in range(230):
        looked(person, at=NOW - timedelta(hours=hour))
    client, _secret = account(person)

    first = body(client.get(reverse("my_looks")))
    older = re.search(r"\?after=\d+", first).group()
    second = body(client.get(reverse("my_looks") + older))

    assert first.count("<b>Ana</b>") + second.count("<b>Ana</b>") == 230


def test_the_view_of_looks_shows_the_patients_role_its_own_people_alone():
    person, other = patient(), patient()
    looked(person, beside=[other])
    with acting_for([person.pk]), connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT patient_id FROM portal_look")
        assert cursor.fetchall() == [(person.pk,)]
        cursor.execute(LOOKS, [other.pk, None, None, 10])
        assert cursor.fetchall() == []


def test_another_patients_visit_and_letter_are_not_there():
    person = patient()
    visit = make.appointment(patient=patient(), starts_at=make.at(9, day=make.MONDAY))
    client, _secret = account(person)

    assert client.post(reverse("my_visit", args=[visit.pk])).status_code == 404
    assert client.get(reverse("my_bill_letter", args=["S1"])).status_code == 404


def test_a_visit_opens_on_the_page_its_link_leads_to():
    person = patient()
    visit = make.appointment(patient=person, starts_at=make.at(9, day=make.MONDAY))
    make.days(since=make.MONDAY)
    client, _secret = account(person)

    answer = client.post(reverse("my_visit", args=[visit.pk]), follow=True)

    assert answer.status_code == 200
    assert "I will come" in body(answer)
    # Not by the address that texts carry: that one would outlive the account.
    assert token_of(visit.pk) not in body(answer)
    assert Client().get(answer.redirect_chain[-1][0]).status_code == 302


def opened_visit(kind, **facts):
    """The address of a visit's page that an account opened, and its browser."""
    person = patient()
    visit = make.appointment(patient=person, starts_at=make.at(9, day=make.MONDAY))
    make.days(since=make.MONDAY)
    client, _secret = account(person, kind, **facts)
    answer = client.post(reverse("my_visit", args=[visit.pk]))
    assert client.get(answer.url).status_code == 200
    return client, answer.url, person


def test_the_page_of_a_visit_closes_with_the_browser_that_opened_it():
    client, where, _person = opened_visit(Kind.SELF)

    client.post(reverse("my_leave"))

    assert client.get(where).url == reverse("my_enter")


def test_and_when_the_desk_ends_it():
    client, where, person = opened_visit(Kind.HELPER)

    actions.end_acting(officer=ana(), patient=person, acting_id=Acting.objects.get().pk,
                       because="asked", at=NOW)  # fmt: skip

    assert client.get(where).url == reverse("my_enter")
    assert client.post(where.replace("visit/", "coming/")).url == reverse("my_enter")


def test_what_somebody_does_for_the_patient_bears_their_name(client):
    browser, where, person = opened_visit(Kind.HELPER, name="Ines Ray")

    browser.post(where.replace("visit/", "coming/"))

    event = Event.objects.get(kind="scheduling.confirmed")
    assert (event.data["by_patient"], event.data["acted_by"]) == (True, "Ines Ray")
    client.force_login(ana(), backend="allauth.account.auth_backends.AuthenticationBackend")
    line = body(client.get(reverse("timeline", args=[person.pk]) + "?for=said:"))
    assert "Ines Ray, for the patient" in line


def test_what_the_patient_does_bears_no_other_name():
    browser, where, _person = opened_visit(Kind.SELF)

    browser.post(where.replace("visit/", "coming/"))

    assert "acted_by" not in Event.objects.get(kind="scheduling.confirmed").data


def test_who_may_see_visits_alone_signs_and_pays_nothing_there():
    client, where, _person = opened_visit(Kind.HELPER, parts=("visits",))
    page = body(client.get(where))

    for rest in ("form/?form=1", "paper/?form=1", "check-in/", "pay/"):
        assert client.get(where.replace("visit/", rest)).url == where
        assert rest.partition("?")[0] + '"' not in page


def test_an_own_account_that_ended_by_its_last_day_is_given_again(now):
    person = patient()
    account(person, until=NOW.date())
    now["now"] = NOW + timedelta(days=2)

    client, _secret = account(person, login="again")

    assert client.get(reverse("my_home")).status_code == 200


def test_pages_ask_a_fixed_number_of_questions(django_assert_max_num_queries):
    person = patient()
    for hour in range(9, 15):
        make.appointment(patient=person, starts_at=make.at(hour, day=make.MONDAY))
        looked(person, at=NOW - timedelta(hours=hour))
    client, _secret = account(person)

    for name, most in {"my_home": 42, "my_looks": 34, "my_bills": 34, "my_visits": 34}.items():
        with django_assert_max_num_queries(most):
            assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize(
    ("page", "lines", "older"),
    [("", 1, True), ("x", 1, True), ("-1", 1, True), ("2", 1, False)],
)
def test_visits_that_are_over_are_paged(page, lines, older, now, monkeypatch):
    monkeypatch.setattr("almoner.portal.queries.home.PAGE", 1)
    person = patient()
    for hour in (9, 10):
        make.appointment(patient=person, starts_at=make.at(hour, day=make.MONDAY))
    now["now"] = make.at(9, day=make.MONDAY) + timedelta(days=2)
    client, _secret = account(person)

    shown = body(client.get(reverse("my_visits"), {"page": page}))

    assert shown.count('class="day"') == lines
    assert ("?page=2" in shown) is older


def test_a_page_beyond_all_pages_is_empty():
    client, _secret = account(patient())

    assert client.get(reverse("my_visits"), {"page": "9" * 18}).status_code == 200


# --- The desk's page


def test_the_desk_gives_a_code_shown_once_and_sees_who_signs_in(client):
    person = patient()
    client.force_login(ana(), backend="allauth.account.auth_backends.AuthenticationBackend")
    page = reverse("portal_access", args=[person.pk])

    shown = body(client.post(page, {"kind": "self"}))
    code = re.search(r'id="code">([A-Z0-9-]+)<', shown).group(1)

    assert code not in body(client.get(page))
    assert joins(says_code(code))[0].status_code == 302
    assert f"{person.given} {person.family}" in body(client.get(page))
    refused = client.post(page, {"kind": "helper", "proof": "", "parts": ["visits"]})
    assert refused.status_code == 422
    assert Invitation.objects.count() == 1


def test_ways_in_that_nobody_finished_are_swept(now):
    _row, code = invited(patient())
    says_code(code)
    now["now"] = NOW + accounts.ABSOLUTE + timedelta(minutes=1)

    _row, code = invited(patient())
    says_code(code)

    assert Entrance.objects.count() == 1
