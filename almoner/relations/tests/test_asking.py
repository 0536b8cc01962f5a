"""Asking a colleague in a note: only who may see it, until they answer or put it away."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from almoner.access.models import AccessEvent
from almoner.access.tests import make as access
from almoner.ground import clock
from almoner.ground.models import Event
from almoner.relations import actions, queries
from almoner.relations.models import Mention, Note
from almoner.relations.rules import Desk, Kind, named
from almoner.relations.tests.make import NOON, SECOND, case, mail_in, text_in

THEIRS = "cy@people.example"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def house(clinic, sent, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON + 10 * SECOND)
    return sent


@pytest.fixture
def bea(db):
    return access.officer("bea")


@pytest.fixture
def ben(db):
    return access.officer("ben", roles=("biller",))


def asked(officer):
    return [each.words for each in queries.newest_asked(most=9, reading=access.reading(officer))]


def test_an_at_and_a_user_name_calls_somebody_and_an_e_mail_address_calls_nobody():
    assert named("@Bea, and @ben-c: look (@bea)") == ["bea", "ben-c"]
    assert named("write to cy@people.example, or a.@b, at 3 @ noon") == []


def test_who_is_named_in_a_note_is_asked_until_they_write_one_there_too(ana, bea, cy):
    row = case(ana, patient_id=cy.pk)

    actions.note(officer=ana, case=row, words="@bea was she there?", at=NOON)
    assert asked(bea) == ["@bea was she there?"]
    assert asked(ana) == []
    event = Event.objects.latest("id")
    assert (event.kind, event.patient_id) == ("relations.case_asked", cy.pk)
    assert "there?" not in str(event.data)

    actions.note(officer=bea, case=case(ana), words="Another one's note.", at=NOON)
    assert asked(bea) != []
    actions.note(officer=bea, case=row, words="She was.", at=NOON)
    assert asked(bea) == []
    assert Mention.objects.get().ended_how == "answered"


def test_what_is_asked_can_be_put_away_once_and_by_nobody_else(ana, bea):
    actions.note(officer=ana, case=case(ana), words="@bea look", at=NOON)
    mention = Mention.objects.get()

    with pytest.raises(Mention.DoesNotExist):
        actions.put_away(officer=ana, mention_id=mention.pk, at=NOON)
    actions.put_away(officer=bea, mention_id=mention.pk, at=NOON)
    with pytest.raises(actions.CaseRefused):
        actions.put_away(officer=bea, mention_id=mention.pk, at=NOON)

    assert asked(bea) == []
    assert Event.objects.latest("id").kind == "relations.put_away"


@pytest.mark.parametrize("name", ["ben", "linh", "nobody"])
def test_nobody_is_asked_who_may_not_see_the_case_or_is_not_there(ana, ben, name):
    access.officer("linh", roles=("clinician",))
    row = case(ana)

    assert name not in {each.username for each in queries.mentionable(row)}
    with pytest.raises(actions.CaseRefused) as refused:
        actions.note(officer=ana, case=row, words=f"@{name} look", at=NOON)

    assert refused.value.reason == "not_asked"
    assert not Mention.objects.exists()
    assert row.lines.count() == 1


def test_whoever_owns_a_case_can_be_asked_though_their_desk_is_another(ana, ben):
    row = case(ana, kind=Kind.BILLING)
    actions.assign(officer=ben, case=row, owner=ben, at=NOON)
    row.refresh_from_db()

    assert ben in queries.mentionable(row)


def test_what_was_asked_is_not_shown_once_the_case_is_another_desks(ana, bea):
    access.officer("paul", roles=("privacy",))
    row = case(ana)
    actions.note(officer=ana, case=row, words="@bea look", at=NOON)

    actions.move(officer=ana, case=row, desk=Desk.PRIVACY, at=NOON)

    assert asked(bea) == []


def test_a_note_beside_a_conversation_asks_too_and_no_patient_gets_it(ana, bea, cy, house):
    actions.note_with(officer=ana, patient_id=cy.pk, words="@bea call her", at=NOON)

    assert asked(bea) == ["@bea call her"]
    assert house == []
    actions.note_with(officer=bea, patient_id=cy.pk, words="Done.", at=NOON)
    assert asked(bea) == []
    talk = queries.with_patient(cy.pk)
    assert [each.words for each in queries.notes(talk)] == ["Done.", "@bea call her"]


def test_whoever_has_no_conversations_as_work_is_not_asked_beside_one(ana, ben, cy):
    with pytest.raises(actions.CaseRefused):
        actions.note_with(officer=ana, patient_id=cy.pk, words="@ben look", at=NOON)
    with pytest.raises(PermissionDenied):
        actions.note_with(officer=ben, patient_id=cy.pk, words="x", at=NOON)


def test_a_note_goes_along_once_somebody_says_whose_the_address_is(ana, cy):
    wrote = mail_in("Hello", sender=THEIRS)
    actions.note_from(officer=ana, conversation=wrote.conversation, words="Who is it?", at=NOON)

    actions.recognise(officer=ana, received=wrote, patient_id=cy.pk, at=NOON)

    assert Note.objects.get().conversation.patient_id == cy.pk


def test_the_list_says_who_is_seen_and_why_and_the_first_page_refreshes(client, ana, bea, cy):
    row = case(ana, patient_id=cy.pk)
    actions.note(officer=ana, case=row, words="@bea was she there?", at=NOON)
    client.force_login(bea)

    for page in (reverse("asked"), reverse("asked_today"), reverse("home")):
        said = client.get(page).content.decode()
        assert "was she there?" in said
        assert f"for=case:{row.pk}" in said
    event = AccessEvent.objects.latest("id")
    mention = Mention.objects.get()
    seen = (event.patient_ids, event.reason_kind, event.reason_id, event.grade)
    assert seen == ([cy.pk], "mention", mention.pk, "B")
    assert "asks you" in client.get(reverse("case", args=[row.pk])).content.decode()

    client.post(reverse("put_away", args=[mention.pk]), headers=HTMX)
    assert "was she there?" not in client.get(reverse("asked_today")).content.decode()


def test_many_questions_take_no_more_queries(client, ana, bea, cy, django_assert_max_num_queries):
    for _number in range(12):
        actions.note(officer=ana, case=case(ana, patient_id=cy.pk), words="@bea look", at=NOON)
    client.force_login(bea)

    with django_assert_max_num_queries(24):
        assert "12" in client.get(reverse("asked_today")).content.decode()


def test_pages_offer_only_those_who_may_be_asked(client, ana, bea, ben, cy):
    row = case(ana, patient_id=cy.pk)
    text_in("Hello")
    client.force_login(ana)

    for page in (reverse("case", args=[row.pk]), reverse("conversation_with", args=[cy.pk])):
        said = client.get(page).content.decode()
        assert '<option value="bea"' in said
        assert '<option value="ben"' not in said
        assert '<option value="ana"' not in said


def test_a_refused_question_is_said_and_nothing_is_kept(client, ana, ben, cy):
    row = case(ana, patient_id=cy.pk)
    client.force_login(ana)

    where = reverse("note_in_case", args=[row.pk])
    answer = client.post(where, {"words": "@ben look"}, headers=HTMX)

    assert "may not see this" in answer.headers["HX-Trigger"]
    assert row.lines.count() == 1
