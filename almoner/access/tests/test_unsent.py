"""Nothing typed is lost when the session ends in the middle of it, or the screen is locked."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from almoner.access.actions.unsent import LARGEST, LASTS
from almoner.access.tests import make
from almoner.ground import clock

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAGE = "/patients/new/"
FROM = {"Referer": f"http://testserver{PAGE}"}
TYPED = {"family": "Ochoa & Söhne", "given": "Ñ <b>", "phones": ["0", "1"]}


@pytest.fixture
def ana(client):
    officer = make.officer()
    client.force_login(officer, backend=BACKEND)
    return officer


def too_late(client):
    session = client.session
    session["began"] = session["seen"] = (clock.now() - timedelta(minutes=16)).isoformat()
    session.save()


def signed_in_again(client, answer, username="ana"):
    """Where somebody is led who signs in on the page they were sent to."""
    given = {"login": username, "password": make.PASSWORD}
    return client.post(answer["Location"], given, follow=True)


def test_what_was_sent_after_the_session_ended_is_sent_again_as_it_was(client, ana):
    too_late(client)

    page = signed_in_again(client, client.post(PAGE, TYPED, headers=FROM))

    text = page.content.decode()
    assert f'action="{PAGE}"' in text
    assert 'name="family" value="Ochoa &amp; Söhne"' in text
    assert 'value="Ñ &lt;b&gt;"' in text
    assert [f'name="phones" value="{place}"' in text for place in (0, 1)] == [True, True]


def test_what_was_sent_to_a_locked_screen_waits_behind_the_lock(client, ana):
    client.post("/accounts/lock/")

    locked = client.post(PAGE, TYPED, headers=FROM)
    page = client.post(locked["Location"], {"password": make.PASSWORD, "next": next_of(locked)})

    assert locked["Location"].startswith("/accounts/unlock/")
    assert "Ochoa" in client.get(page["Location"]).content.decode()


def next_of(answer):
    return parse_qs(urlsplit(answer["Location"]).query)["next"][0]


def test_words_that_only_a_part_of_a_page_takes_are_shown_to_be_copied(client, ana):
    too_late(client)
    htmx = {"HX-Request": "true", "HX-Current-URL": FROM["Referer"]}

    asked = client.post("/schedule/book/take/", {"note": "comes with her son"}, headers=htmx)
    given = {"login": "ana", "password": make.PASSWORD}
    text = client.post(asked["HX-Redirect"], given, follow=True).content.decode()

    assert "comes with her son</textarea>" in text
    assert 'action="/schedule/book/take/"' not in text


def test_somebody_else_at_the_same_screen_is_shown_nothing_of_it(client, ana):
    make.officer("bea")
    too_late(client)

    page = signed_in_again(client, client.post(PAGE, TYPED, headers=FROM), "bea")

    assert page.redirect_chain[-1][0] == PAGE
    assert "Ochoa" not in page.content.decode()
    assert "unsent" not in client.session


def test_it_is_forgotten_as_soon_as_somebody_else_signs_in_wherever_they_go(client, ana):
    make.officer("bea")
    too_late(client)
    client.post(PAGE, TYPED, headers=FROM)
    assert "unsent" in client.session

    client.post("/accounts/sign-in/", {"login": "bea", "password": make.PASSWORD}, follow=True)

    assert "unsent" not in client.session


def test_what_is_left_is_gone_and_leads_back(client, ana):
    too_late(client)
    signed_in_again(client, client.post(PAGE, TYPED, headers=FROM))

    left = client.post("/accounts/unsent/", {"next": PAGE})

    assert left["Location"] == PAGE
    assert client.get("/accounts/unsent/")["Location"] == "/"


def test_what_was_typed_in_the_set_up_waits_too(client):
    ada = make.officer("ada", roles=("administrator",))
    client.force_login(ada, backend=BACKEND)
    too_late(client)

    answer = client.post("/setup/facility/holiday/add/", {"name": "Founders' day"}, headers=FROM)
    page = signed_in_again(client, answer, "ada")

    assert 'action="/setup/facility/holiday/add/"' in page.content.decode()
    assert "Founders&#x27; day" in page.content.decode()


def test_passwords_and_what_nobody_could_have_typed_are_not_kept(client, ana):
    client.post("/accounts/lock/")
    passwords = {"old": make.PASSWORD, "new": "another one", "again": "another one"}

    client.post("/accounts/password/", passwords)
    client.post(PAGE, {"family": "x" * LARGEST}, headers=FROM)

    assert "unsent" not in client.session


def test_who_was_never_signed_in_leaves_nothing_behind(client, db):
    answer = client.post(PAGE, TYPED, headers=FROM)

    assert next_of(answer) == PAGE
    assert "unsent" not in client.session


def test_what_was_never_sent_again_is_forgotten_after_half_a_day(client, ana):
    client.post("/accounts/lock/")
    locked = client.post(PAGE, TYPED, headers=FROM)
    client.post(locked["Location"], {"password": make.PASSWORD, "next": next_of(locked)})
    session = client.session
    long_ago = clock.now() - LASTS - timedelta(minutes=1)
    session["unsent"] = session["unsent"] | {"at": long_ago.isoformat()}
    session["seen"] = (clock.now() - timedelta(minutes=5)).isoformat()
    session.save()

    client.get("/")

    assert "unsent" not in client.session
