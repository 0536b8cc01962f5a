"""The first page and the search."""

from datetime import date

import pytest

from almoner.access.tests import make as access
from almoner.patients import queries
from almoner.patients.models import Patient
from almoner.patients.tests import make
from almoner.patients.tests.test_pages.shared import looks

pytestmark = pytest.mark.django_db


def test_the_first_page_is_the_search_box(client, ana):
    answer = client.get("/")

    assert answer.status_code == 200
    assert b'id="find-box"' in answer.content
    assert not looks().exists()


def test_who_searches_no_patients_begins_at_the_set_up(client):
    ada = access.officer("ada", roles=("administrator",))
    client.force_login(ada, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert client.get("/").url == "/setup/"


def test_panels_of_today_come_from_the_duties_that_registered_them(client, ana, monkeypatch):
    panels = {}
    monkeypatch.setattr("almoner.patients.queries.registry._today", panels)
    queries.today(
        "callbacks", 10, "patients.find", "patients/history.html", lambda _: {"lines": ()}
    )
    queries.today("secret", 20, "privacy.view", "patients/missing.html", lambda _: {})

    answer = client.get("/")

    assert b"today-callbacks" in answer.content
    assert b"today-secret" not in answer.content


def test_a_search_shows_little_and_is_logged(client, ana, cy):
    answer = client.post("/patients/find/", {"q": "garcia 3/4/85"}, headers={"HX-Request": "true"})

    text = answer.content.decode()
    assert "Garcia, Cy" in text
    assert "0117" in text
    assert "555-0117" not in text
    assert "12 Main St" not in text
    [event] = looks()
    assert event.patient_ids == [cy.pk]
    assert (event.reason_kind, event.note) == ("search", "name, birth_date")


def test_enter_opens_the_only_one_found(client, ana, cy):
    answer = client.post("/patients/find/", {"q": "garcia 3/4/85"})

    assert answer.status_code == 302
    assert answer["Location"].startswith(f"/patients/{cy.pk}/?found=")


def test_several_found_are_listed_on_the_page(client, ana, cy):
    make.patient(given="Kim")

    answer = client.post("/patients/find/", {"q": "garcia"})

    assert answer.status_code == 200
    assert answer.content.count(b'id="found-') >= 2


def test_nobody_found_says_what_to_do(client, ana):
    answer = client.post("/patients/find/", {"q": "zzyzx"}, headers={"HX-Request": "true"})

    assert b"Register a patient" in answer.content
    assert not looks().exists()


def test_what_found_nobody_is_carried_into_the_registration_and_into_no_address(client, ana):
    typed = "nakamura dot 9/9/71 312-555-0188"
    found = client.post("/patients/find/", {"q": typed}).content.decode()

    answer = client.post("/patients/new/typed/", {"q": typed})

    assert found.count('action="/patients/new/typed/"') == 2
    assert found.count(f'name="q" value="{typed}"') == 3
    assert "nakamura" not in answer.request["QUERY_STRING"]
    initial = answer.context["form"].initial
    assert (initial["family"], initial["given"]) == ("Nakamura", "Dot")
    text = answer.content.decode()
    assert 'value="09/09/1971"' in text
    assert 'value="312-555-0188"' in text
    assert client.get("/patients/new/typed/", {"q": typed}).status_code == 405


def test_what_was_carried_over_is_registered_as_if_typed(client, ana):
    form = client.post("/patients/new/typed/", {"q": "nakamura dot 9/9/71"}).context["form"]
    values = {name: form[name].value() for name in form.fields if form[name].value() is not None}

    client.post("/patients/new/", values)

    dot = Patient.objects.get(family="Nakamura")
    assert (dot.given, dot.birth_date) == ("Dot", date(1971, 9, 9))


def test_somebody_like_what_was_carried_over_is_shown_at_once(client, ana, cy):
    answer = client.post("/patients/new/typed/", {"q": "garzia cy 3/4/85 312 555 0117"})

    assert f'id="alike-{cy.pk}"' in answer.content.decode()
    assert cy.pk in looks().last().patient_ids


def test_with_nothing_typed_the_registration_begins_empty(client, ana):
    assert client.post("/patients/new/typed/", {"q": "  "})["Location"] == "/patients/new/"
