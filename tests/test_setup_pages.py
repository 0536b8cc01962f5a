"""The set-up pages, which Django draws: who may come in, and under which policy."""

from http import HTTPStatus

import pytest
from django.urls import reverse

from almoner.access.tests import make

pytestmark = pytest.mark.django_db


def test_administrator_finds_every_set_up_table(client):
    client.force_login(make.officer("ada", roles=("administrator",)))

    page = client.get(reverse("admin:index"))

    assert page.status_code == HTTPStatus.OK
    for table in (
        "facility/location",
        "facility/visittype",
        "facility/weeklyhours",
        "coverage/payer",
    ):
        assert table in page.content.decode()


def test_set_up_pages_run_our_scripts_only(client):
    client.force_login(make.officer("ada", roles=("administrator",)))

    policy = client.get(reverse("admin:index")).headers["Content-Security-Policy"]

    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_front_desk_is_sent_back_to_its_own_first_page(client):
    client.force_login(make.officer("ana"))

    page = client.get(reverse("admin:index"), follow=True)

    assert page.redirect_chain[-1][0] != reverse("admin:index")
    assert b"facility/location" not in page.content


def test_stranger_signs_in_at_the_one_door(client):
    page = client.get(reverse("admin:index"), follow=True)

    assert page.redirect_chain[-1][0].startswith(reverse("account_login"))
