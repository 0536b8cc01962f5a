"""Whoever is asked to sign in or to unlock first comes back to the page they were on."""

from urllib.parse import parse_qs, urlsplit

import pytest

from almoner.access.tests import make

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FORM = "http://testserver/schedule/book/?patient=7&for=appointment:3"
ONLY_A_FORM = "/patients/find/"


def leads_to(address):
    return parse_qs(urlsplit(address).query)["next"]


@pytest.fixture
def ana(client):
    officer = make.officer()
    client.force_login(officer, backend=BACKEND)
    return officer


def test_a_page_with_several_facts_in_its_address_is_come_back_to_with_all_of_them(client, db):
    page = "/schedule/book/?patient=7&for=appointment:3"

    answer = client.get(page)

    assert answer.status_code == 302
    assert leads_to(answer["Location"]) == [page]


def test_what_was_sent_leads_back_to_the_page_it_was_sent_from(client, db):
    answer = client.post(ONLY_A_FORM, headers={"Referer": FORM})

    assert leads_to(answer["Location"]) == ["/schedule/book/?patient=7&for=appointment:3"]


def test_a_fragment_leads_back_to_the_page_that_asked_for_it(client, db):
    htmx = {"HX-Request": "true", "HX-Current-URL": FORM}

    answer = client.get("/schedule/book/openings/", headers=htmx)

    assert answer.status_code == 401
    assert leads_to(answer["HX-Redirect"]) == ["/schedule/book/?patient=7&for=appointment:3"]


@pytest.mark.parametrize("whence", [{}, {"Referer": "http://elsewhere.example/patients/1/"}])
def test_what_was_sent_from_nowhere_of_ours_leads_to_the_first_page(client, db, whence):
    answer = client.post(ONLY_A_FORM, headers=whence)

    assert leads_to(answer["Location"]) == ["/"]


def test_a_locked_screen_comes_back_to_the_page_whose_form_was_sent(client, ana):
    client.post("/accounts/lock/")

    answer = client.post(ONLY_A_FORM, headers={"Referer": FORM})

    assert answer["Location"].startswith("/accounts/unlock/")
    assert leads_to(answer["Location"]) == ["/schedule/book/?patient=7&for=appointment:3"]


def test_an_address_that_only_a_form_uses_says_so_and_where_to_go_on(client, ana):
    answer = client.get(ONLY_A_FORM)

    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert "Nothing was changed by opening it." in answer.content.decode()
    assert 'href="/"' in answer.content.decode()
