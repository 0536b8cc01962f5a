import pytest
from django.test import Client

from almoner.access import actions
from almoner.access.tests import make
from almoner.config import permits
from almoner.ground import clock

pytestmark = pytest.mark.django_db


def test_a_one_time_password_opens_no_live_screen():
    ana, client = make.officer(), Client()
    actions.give_password(ana, by=None, at=clock.now())
    client.force_login(ana)
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    assert permits._officer(cookie) is None

    type(ana).objects.update(password_given_at=None)

    assert permits._officer(cookie) == ana
