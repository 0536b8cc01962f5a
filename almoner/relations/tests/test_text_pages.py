"""The page of the texts that are sent by themselves."""

import pytest
from django.urls import reverse

from almoner.access.tests import make as access
from almoner.relations import actions, queries
from almoner.relations.models import TextVersion
from almoner.relations.tests.make import NOON
from almoner.relations.tests.test_texts import OURS, waits

LINT = {"subject": "Your visit", "body": OURS}


@pytest.fixture
def mara(db, client):
    officer = access.officer("mara", roles=("manager",))
    client.force_login(officer)
    return officer


@pytest.fixture
def ada(db):
    return access.officer("ada", roles=("administrator",))


def page(client, text="booked"):
    return client.get(reverse("text_page", args=[text])).content.decode()


def save(client, row, **typed):
    where = reverse("text_save", args=[row.text, row.language])
    return client.post(where, LINT | {"edition": row.edition} | typed)


def test_the_list_shows_every_text_in_both_languages_and_asks_the_database_little(
    client, clinic, mara, django_assert_max_num_queries
):
    with django_assert_max_num_queries(8):
        answer = client.get(reverse("text_list")).content.decode()

    for line in queries.text_lines():
        assert reverse("text_page", args=[line.kind.code]) in answer
    assert "shipped with Almoner" in answer
    assert "tiene cita el {day}" in answer
    assert not TextVersion.objects.exists()  # looking writes nothing


def test_one_text_shows_what_is_sent_as_it_arrives(
    client, clinic, mara, django_assert_max_num_queries
):
    with django_assert_max_num_queries(8):
        shown = page(client)

    assert "Northlight Family Health: you are booked Tue, Dec 1 at 2:20 PM" in shown
    assert "tiene cita el mar 1 dic a las 2:20 p. m." in shown
    assert "2 parts" in shown


def test_what_is_typed_is_looked_over_and_not_kept(client, clinic, mara):
    row = actions.draft_text(officer=mara, text="booked", language="en", at=NOON)

    told = client.post(
        reverse("text_lint", args=["booked", "en"]), LINT | {"body": "Your {visit_type}"}
    ).content.decode()

    assert "{visit_type} tells what somebody is seen for" in told
    assert "It must name {day}." in told
    row.refresh_from_db()
    assert row.edition == 1


def test_from_draft_to_review_and_into_use(client, clinic, mara, ada):
    client.post(reverse("text_draft", args=["booked", "en"]))
    row = TextVersion.objects.get(state="draft")
    assert save(client, row, then="review").status_code == 204
    row.refresh_from_db()
    assert row.state == "review"
    assert "Take it back" in page(client)
    assert "It is right" not in page(client)

    client.force_login(ada)
    shown = page(client)
    client.post(reverse("text_approve", args=[row.pk]), {"edition": row.edition})

    row.refresh_from_db()
    assert "It is right: use it" in shown
    assert (row.state, row.reviewed_by_id) == ("approved", ada.pk)
    assert "reviewed by Ada on" in page(client)


def test_what_stops_a_review_is_said_and_the_draft_stays_as_it_was(client, clinic, mara):
    row = actions.draft_text(officer=mara, text="booked", language="en", at=NOON)

    answer = save(client, row, body="{patient}", then="review")

    assert "Something stops it" in answer.headers["HX-Trigger"]
    row.refresh_from_db()
    assert (row.state, row.edition) == ("draft", 1)


def test_a_reviewer_sends_it_back_with_a_reason(client, clinic, mara, ada):
    row = waits(ada)

    where = reverse("text_back", args=[row.pk])
    silent = client.post(where, {"edition": row.edition, "reason": ""})
    client.post(where, {"edition": row.edition, "reason": "Say where"})

    assert "Say in a few words" in silent.headers["HX-Trigger"]
    assert "Say where" in page(client)


def test_words_that_changed_since_the_page_was_made_are_not_approved(client, clinic, mara, ada):
    row = waits(ada)

    answer = client.post(reverse("text_approve", args=[row.pk]), {"edition": "1"})

    assert "Somebody else has changed it" in answer.headers["HX-Trigger"]
    assert not TextVersion.objects.filter(state="approved", shipped=False).exists()


def test_a_translation_that_holds_no_more_is_said_where_it_is_looked_for(client, clinic, mara, ada):
    row = waits(ada, renews=True)
    client.post(reverse("text_approve", args=[row.pk]), {"edition": row.edition})

    assert "No reviewed translation" in page(client)
    assert "English is sent" in client.get(reverse("text_list")).content.decode()


@pytest.mark.parametrize(
    ("route", "arguments"),
    [("text_page", ["nothing"]), ("text_lint", ["booked", "fr"]), ("text_draft", ["x", "en"])],
)
def test_a_text_or_a_language_that_there_is_not_is_not_found(
    client, clinic, mara, route, arguments
):
    where = reverse(route, args=arguments)

    answer = client.get(where) if route == "text_page" else client.post(where)

    assert answer.status_code == 404


def test_the_desk_does_not_write_what_is_sent_by_itself(client, clinic):
    client.force_login(access.officer("ana"))

    assert client.get(reverse("text_list")).status_code == 403
    assert client.post(reverse("text_draft", args=["booked", "en"])).status_code == 403
