import re

import pytest
from django.urls import reverse

from almoner.ledger import actions, queries
from almoner.ledger.tests import make

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def hidden(page, name):
    found = re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())
    return found[1] if found else ""


def text(response):
    return " ".join(response.content.decode().split())


def test_a_drawer_page_says_why_it_refuses_and_keeps_what_was_typed(client, ana, mo):
    drawer = make.drawer(mo)
    client.force_login(mo, backend=BACKEND)
    move = {"move": "drop", "amount": "1", "reason": "r", "key": "k"}

    def post(route, facts):
        return client.post(reverse(route, args=[drawer.pk]), facts)

    post("move_cash", move)
    other = post("move_cash", move | {"amount": "2"})
    impossible = post("count_drawer", {"of_100": "-1"})
    post("count_drawer", {"of_100": "1"})
    again = client.get(post("count_drawer", {"of_100": "1"}).url)
    own = post("close_drawer", {"note": "mine"})
    sent_back = post("recount_drawer", {})
    not_counted = post("recount_drawer", {})

    assert "another amount" in text(other)
    assert impossible.status_code == 422
    assert "changed meanwhile" in text(again)
    assert "closed by somebody else" in text(own)
    assert 'value="mine"' in text(own)
    assert (sent_back.status_code, not_counted.status_code) == (302, 302)


def test_a_shift_by_the_pages_from_float_to_report(client, desk, ana, mo):
    opened = desk.post(
        reverse("open_drawer"),
        {"float": "100", "till": "Till 1", "location": make.location().pk},
    )
    drawer_id = queries.open_drawer_of(ana).id
    working = desk.get(opened.url)
    moved = desk.post(
        reverse("move_cash", args=[drawer_id]),
        {"move": "drop", "amount": "40", "reason": "too much", "key": hidden(working, "key")},
    )
    counted = desk.post(reverse("count_drawer", args=[drawer_id]), {"of_2000": "2", "of_500": "3"})
    client.force_login(mo, backend=BACKEND)
    waiting = client.get(reverse("drawer", args=[drawer_id]))
    closed = client.post(reverse("close_drawer", args=[drawer_id]), {"note": "five short"})
    after = client.get(reverse("drawer", args=[drawer_id]))
    report = client.get(reverse("drawer_pdf", args=[drawer_id]))
    listed = client.get(reverse("drawers"))

    assert "What should be there is not shown" in text(working)
    assert "Expected" not in text(working)
    assert (moved.status_code, counted.status_code, closed.status_code) == (302, 302, 302)
    assert "-$5.00" in text(waiting)
    assert "Brought to the safe" in text(after)
    assert report.content.startswith(b"%PDF")
    assert "Closed" in text(listed)


@pytest.mark.parametrize(
    ("route", "typed", "said"),
    [
        ("open_drawer", {"float": "x", "till": "Till 2"}, "is not an amount"),
        ("open_drawer", {"float": "1", "till": "Till 1"}, "Another shift at this till"),
    ],
)
def test_a_drawer_that_cannot_be_opened_says_why(desk, mo, route, typed, said):
    make.drawer(mo)

    refused = desk.post(reverse(route), {"location": make.location().pk} | typed)

    assert refused.status_code == 422
    assert said in text(refused)


def test_a_move_that_cannot_be_made_keeps_what_was_typed(desk, ana):
    drawer = make.drawer(ana, float_cents=100)

    refused = desk.post(
        reverse("move_cash", args=[drawer.pk]),
        {"move": "drop", "amount": "5", "reason": "too much", "key": "k"},
    )

    assert refused.status_code == 422
    assert "does not hold that much" in text(refused)
    assert 'value="too much"' in text(refused)


def test_a_manager_has_a_drawer_counted_again_by_the_page(client, ana, mo):
    drawer = make.drawer(ana)
    actions.count_drawer(officer=ana, drawer_id=drawer.pk, pieces={1: 1}, at=make.NOON)
    client.force_login(mo, backend=BACKEND)

    client.post(reverse("recount_drawer", args=[drawer.pk]))

    assert queries.open_drawer_of(ana).id == drawer.pk
