"""Recovery codes for an app that is lost, and the proof that is asked for before ways in change."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from almoner.facility.tests import make as facility
from almoner.ground import clock
from almoner.ground.models import Event
from almoner.patients.tests.make import Phone
from almoner.portal import actions
from almoner.portal.models import Account, Entrance, Passkey, RecoveryCode
from almoner.portal.rules import accounts
from almoner.portal.rules.accounts import Kind
from almoner.portal.tests.joining import (
    PASSWORD,
    account,
    ana,
    body,
    enters,
    invited,
    patient,
    shown_by_app,
)
from almoner.relations.models import Message
from almoner.scheduling.tests import make

pytestmark = pytest.mark.django_db
NOW = make.SUNDAY
LATER = timedelta(minutes=6)
CODES = reverse("my_codes")


@pytest.fixture(autouse=True)
def now(monkeypatch):
    told = {"now": NOW}
    monkeypatch.setattr(clock, "now", lambda: told["now"])
    cache.clear()
    facility.organisation()
    return told


def codes_of(client):
    return re.findall(r'<li class="code">([A-Z0-9-]+)</li>', body(client.post(CODES)))


def proves(client, **said):
    return client.post(reverse("my_prove"), {"password": PASSWORD} | said)


def test_codes_are_shown_once_and_each_stands_once_for_the_digits(now):
    client, _secret = account(patient())
    codes = codes_of(client)
    assert len(set(codes)) == accounts.RECOVERY_CODES
    assert not re.search(codes[0], body(client.get(reverse("my_ways_in"))))

    first, browser = enters(b"", typed=codes[0].lower().replace("-", " "))
    again, _other = enters(b"", typed=codes[0])

    assert first.status_code == 302
    assert browser.get(reverse("my_home")).status_code == 200
    assert again.status_code == 422
    assert "7 left" in body(browser.get(reverse("my_ways_in")))


def test_a_code_without_the_password_opens_nothing_and_is_not_used_up():
    client, _secret = account(patient())
    codes = codes_of(client)

    assert enters(b"", typed=codes[0], password="x")[0].status_code == 422

    assert enters(b"", typed=codes[0])[0].status_code == 302


def test_wrong_codes_close_the_account_as_wrong_digits_do():
    client, _secret = account(patient())
    codes = codes_of(client)
    for _try in range(accounts.TRIES):
        assert enters(b"", typed="AAAAA-AAAAA")[0].status_code == 422

    assert "Too many tries" in body(enters(b"", typed=codes[0])[0])


def test_the_patient_is_told_and_the_desk_sees_it(client):
    person = patient(phones=(Phone("+16085550133", may_text=True),))
    mine, _secret = account(person)
    codes = codes_of(mine)
    enters(b"", typed=codes[0])

    told = [message.body for message in Message.objects.order_by("pk")]
    assert "new recovery codes were made" in told[0]
    assert "was just used" in told[1]
    assert not [code for code in codes if code in "".join(told)]
    client.force_login(ana(), backend="allauth.account.auth_backends.AuthenticationBackend")
    line = body(client.get(reverse("timeline", args=[person.pk]) + "?for=said:"))
    assert "used a recovery code, 7 left" in line
    assert Event.objects.filter(kind="portal.recovered", patient_id=person.pk).count() == 1


def test_of_a_helper_nobody_is_texted_and_the_desk_sees_it():
    helper, _secret = account(patient(), Kind.HELPER, login="ines", name="Ines")
    codes = codes_of(helper)

    enters(b"", login="ines", typed=codes[0])

    assert not Message.objects.filter(template="account-recovered").exists()
    assert Event.objects.get(kind="portal.recovered").data["name"] == "Ines"


def test_new_codes_end_the_old_ones_and_a_new_start_ends_all(now):
    person = patient()
    client, _secret = account(person)
    old = codes_of(client)
    new = codes_of(client)

    assert enters(b"", typed=old[0])[0].status_code == 422
    assert enters(b"", typed=new[0])[0].status_code == 302
    now["now"] += timedelta(minutes=1)
    account(person, login="rosa2")
    assert not RecoveryCode.objects.exists()


def test_what_is_kept_opens_nothing():
    client, _secret = account(patient())
    codes = codes_of(client)

    kept = b"".join(bytes(row.digest) for row in RecoveryCode.objects.all())

    assert not [code for code in codes if code.encode() in kept]


# --- A fresh proof


def test_after_five_minutes_ways_in_change_only_for_who_proves_it_again(now):
    client, secret = account(patient())
    Passkey.objects.create(account=Account.objects.get(), credential_id=b"1", credential=b"1",
                           made_at=NOW)  # fmt: skip
    now["now"] += LATER
    forget = {"forget": Passkey.objects.get().pk}

    assert client.post(CODES).url == reverse("my_prove")
    assert client.post(reverse("my_ways_in"), forget).url == reverse("my_prove")
    begun = client.post(reverse("my_new_passkey", args=["begin"]))
    assert (begun.status_code, begun.json()["go"]) == (422, reverse("my_prove"))
    assert client.post(reverse("my_new_passkey", args=["end"]), "{}",
                       content_type="application/json").status_code == 422  # fmt: skip
    assert Passkey.objects.count() == 1

    assert proves(client, digits="000000").status_code == 422
    assert client.post(CODES).url == reverse("my_prove")
    assert proves(client, digits=shown_by_app(secret)).url == reverse("my_ways_in")

    assert len(codes_of(client)) == accounts.RECOVERY_CODES
    assert client.post(reverse("my_new_passkey", args=["begin"])).status_code == 200
    assert client.post(reverse("my_ways_in"), forget).url == reverse("my_ways_in")
    assert not Passkey.objects.exists()


def test_the_action_itself_adds_no_passkey_without_a_proof(now):
    account(patient())
    now["now"] += LATER
    way = Entrance.objects.get(in_at__isnull=False)

    with pytest.raises(actions.NotLetIn) as refused:
        actions.add_passkey(way=way, server=None, said={}, at=now["now"])

    assert refused.value.why == "prove_first"


def test_a_recovery_code_proves_it_too_once(now):
    client, _secret = account(patient())
    codes = codes_of(client)
    now["now"] += LATER

    assert proves(client, recovery=codes[0]).url == reverse("my_ways_in")
    assert proves(client, recovery=codes[0]).status_code == 422


def test_a_passkey_of_somebody_else_proves_nothing(now, monkeypatch):
    client, _secret = account(patient())
    _row, _code = invited(patient())
    other = Account.objects.create(name="x", language="en", made_at=NOW)
    theirs = Passkey.objects.create(account=other, credential_id=b"2", credential=b"2", made_at=NOW)
    monkeypatch.setattr("almoner.portal.actions.proving.passkey_of", lambda *_said: theirs)
    now["now"] += LATER

    answer = client.post(reverse("my_prove_passkey", args=["end"]), "{}",
                         content_type="application/json")  # fmt: skip

    assert answer.status_code == 422
    assert client.post(CODES).url == reverse("my_prove")
