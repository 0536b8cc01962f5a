from datetime import timedelta

import pytest
from django.test import Client

from almoner.access import actions
from almoner.access.models import Session
from almoner.access.sessions import SessionStore
from almoner.access.tests import make
from almoner.ground import clock

pytestmark = pytest.mark.django_db
HOME = "/"


@pytest.fixture
def ana():
    return make.officer()


@pytest.fixture
def desk(ana, client: Client) -> Client:
    client.force_login(ana)
    client.get(HOME)  # the first page writes down when the session began
    return client


def test_one_query_tells_who_is_asking(desk, ana, django_assert_num_queries):
    store = SessionStore(Session.objects.get().session_key)

    with django_assert_num_queries(1):
        store.load()

        assert store.officer == ana
        assert store.officer.location == ana.location


def test_a_session_belongs_to_the_officer_who_signed_in(desk, ana):
    assert Session.objects.get().officer_id == ana.pk


def test_a_changed_password_ends_the_sessions_opened_with_the_old_one(desk, ana):
    ana.set_password("another long sentence")
    ana.save()

    assert desk.get(HOME).status_code == 302


def test_who_has_left_is_asked_to_sign_in(desk, ana):
    actions.end_officer(ana, by=None, at=clock.now())

    assert desk.get(HOME).status_code == 302
    assert not Session.objects.filter(officer=ana).exists()


def test_a_session_row_past_its_date_opens_nothing_and_is_forgotten(desk):
    Session.objects.update(expire_date=clock.now() - timedelta(seconds=1))

    assert desk.get(HOME).status_code == 302
    SessionStore.clear_expired()
    assert not Session.objects.exists()


def test_an_invented_key_is_nobody(client):
    client.cookies["sessionid"] = "x" * 32

    assert client.get(HOME).status_code == 302
