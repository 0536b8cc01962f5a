"""Somebody with an account: a code from the desk, a browser that is in, an app and its digits."""

import base64
import re
from datetime import date

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.test import Client
from django.urls import reverse

from almoner.access.models import AccessEvent, Officer
from almoner.access.tests import make as access
from almoner.ground import clock
from almoner.patients.tests.make import patient as a_patient
from almoner.portal import actions
from almoner.portal.rules.accounts import EVERYTHING, STEP, Kind

BORN = date(1984, 4, 27)
PASSWORD = "a sentence nobody guesses"


def ana():
    return Officer.objects.filter(username="ana").first() or access.officer(
        "ana", roles=("officer",)
    )


def invited(person, kind=Kind.SELF, **facts):
    facts = {"parts": EVERYTHING, "until": None, "proof": "court paper", "at": clock.now()} | facts
    return actions.invite(officer=ana(), patient=person, kind=kind, **facts)


def body(response):
    return response.content.decode()


def says_code(code, born=BORN, client=None):
    client = client or Client()
    client.post(
        reverse("my_join"),
        {"code": code, "month": born.month, "day": born.day, "year": born.year},
    )
    return client


def secret_on(page):
    """What the app is given, as it is typed into one."""
    said = re.search(r"<code>([A-Z2-7 ]+)</code>", page).group(1).replace(" ", "")
    return base64.b32decode(said)


def shown_by_app(secret):
    """The digits that an app shows now."""
    return TOTP(secret, 6, SHA1(), STEP).generate(clock.now().timestamp()).decode()  # noqa: S303 (as apps do)


def joins(client, *, login="rosa", name="", password=PASSWORD, typed=None):
    how = reverse("my_join_how")
    secret = secret_on(body(client.get(how)))
    typed = shown_by_app(secret) if typed is None else typed
    answer = client.post(how, {"login": login, "password": password, "digits": typed, "name": name})
    return answer, secret


def account(person, kind=Kind.SELF, *, login="rosa", name="Ines", **facts):
    """A browser that is in, for a patient or as somebody who acts for one."""
    _row, code = invited(person, kind, **facts)
    client = says_code(code, person.birth_date)
    answer, secret = joins(client, login=login, name=name)
    assert answer.status_code == 302, body(answer)
    return client, secret


def patient(**facts):
    return a_patient(**{"birth_date": BORN} | facts)


def enters(secret, *, login="rosa", password=PASSWORD, typed=None, client=None):
    client = client or Client()
    typed = shown_by_app(secret) if typed is None else typed
    answer = client.post(
        reverse("my_enter"), {"login": login, "password": password, "digits": typed}
    )
    return answer, client


def looked(person, *, beside=(), screen="patients.record", kind="appointment", at=None):
    """Somebody of the clinic opened the record."""
    return AccessEvent.objects.create(
        at=at or clock.now(), officer=ana(), screen=screen, purpose="treatment", reason_kind=kind,
        grade="A", patient_ids=[person.pk, *[one.pk for one in beside]],
    )  # fmt: skip
