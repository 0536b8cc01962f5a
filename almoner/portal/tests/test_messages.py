"""Messages of an account: written once, answered where they were asked, read, and never lost."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.urls import reverse

from almoner.access.tests import make as access
from almoner.facility.tests import make as facility
from almoner.ground import clock
from almoner.ground.models import Event, Outgoing
from almoner.patients.tests.make import Phone
from almoner.portal.models import Draft
from almoner.portal.queries import acting_for
from almoner.portal.rules import accounts
from almoner.portal.rules.accounts import Kind
from almoner.portal.tests.joining import account, ana, body, enters, patient
from almoner.relations import actions as relations
from almoner.relations.models import Case, CaseThing, Message, Received, Thread
from almoner.relations.rules import UNREAD
from almoner.scheduling.tests import make

pytestmark = pytest.mark.django_db
NOW = make.at(10, day=make.MONDAY)
NEW = reverse("my_new_message")
KEY = "0" * 32


@pytest.fixture(autouse=True)
def clinic(settings):
    cache.clear()
    facility.organisation()
    settings.ADDRESS = "https://clinic.example"


@pytest.fixture(autouse=True)
def now(monkeypatch):
    told = {"now": NOW}
    monkeypatch.setattr(clock, "now", lambda: told["now"])
    return told


def writes(client, words="May I bring my son?", *, key=KEY, topic="visit", subject="Tuesday"):
    return client.post(NEW, {"topic": topic, "subject": subject, "words": words, "key": key})


def answers(words="Yes, gladly.", *, row=None, at=None):
    row = row or Received.objects.latest("id")
    return relations.answer(
        officer=ana(), received=row, words=words, key=f"{row.pk}", about=None, up_to=row.pk,
        at=at or clock.now(),
    )  # fmt: skip


def thread_page():
    return reverse("my_thread", args=[Thread.objects.latest("id").pk])


def test_what_a_patient_writes_waits_for_the_desk_with_the_time_it_is_promised_by():
    person = patient()
    client, _secret = account(person)

    sent = writes(client)

    row = Received.objects.get()
    assert (row.patient_id, row.channel, row.work) == (person.pk, "portal", True)
    assert row.answer_by == NOW + timedelta(hours=5)  # four of work: nobody is there at noon
    shown = body(client.get(sent.url))
    assert "May I bring my son?" in shown
    assert "We answer by Monday" in shown
    assert "3:00 PM" in shown
    event = Event.objects.get(kind="relations.posted")
    assert (event.patient_id, event.data["name"]) == (person.pk, f"{person.given} {person.family}")


def test_a_second_press_sends_nothing_twice():
    client, _secret = account(patient())

    first, again = writes(client), writes(client)

    assert first.url == again.url
    assert Received.objects.count() == Thread.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "why"),
    [({"words": " "}, "Write your message first"), ({"subject": ""}, "in a few words what"),
     ({"topic": "weather"}, "Choose what it is about"), ({"words": "x" * 4001}, "too long")],
)  # fmt: skip
def test_what_is_missing_is_said_and_what_was_typed_stays(wrong, why):
    client, _secret = account(patient())

    answer = writes(client, **{"words": "Typed before"} | wrong)

    assert answer.status_code == 422
    assert why in body(answer)
    assert wrong.get("words", "Typed before").strip() in body(answer)
    assert not Received.objects.exists()


def test_the_answer_comes_to_its_thread_and_the_text_about_it_says_nothing_of_it(now):
    person = patient(phones=(Phone("+16085550133", may_text=True),))
    client, _secret = account(person)
    writes(client)

    message = answers("Bring him, and his card.")

    assert message.address == Received.objects.get().sender
    notice = Message.objects.get(template="message-waits")
    assert (notice.channel, notice.address) == ("sms", "+16085550133")
    assert "https://clinic.example/my/messages/" in notice.body
    assert "card" not in notice.body
    assert notice.outgoing.payload["asked_for"]
    home = body(client.get(reverse("my_home")))
    assert "(1 new)" in home
    shown = body(client.get(thread_page()))
    assert "Bring him, and his card." in shown
    assert "Ana, of the clinic" in shown
    assert "(1 new)" not in body(client.get(reverse("my_home")))


def test_who_has_neither_phone_nor_mail_is_answered_all_the_same():
    client, _secret = account(patient(phones=(), emails=()))
    writes(client)

    answers("Yes.")

    assert not Message.objects.filter(template="message-waits").exists()
    assert "Yes." in body(client.get(thread_page()))


def test_the_desk_sees_who_read_it_and_when(client):
    person = patient()
    mine, _secret = account(person)
    writes(mine)
    answers()
    client.force_login(ana(), backend="allauth.account.auth_backends.AuthenticationBackend")
    page = reverse("conversation_with", args=[person.pk]) + "?for=said:"
    assert "Read by" not in body(client.get(page))

    mine.get(thread_page())
    mine.get(thread_page())

    shown = body(client.get(page))
    assert shown.count(f"Read by {person.given} {person.family}") == 1
    assert Event.objects.filter(kind="relations.opened").count() == 1


def test_a_helper_for_messages_writes_by_their_own_name_and_both_see_it(now):
    person = patient(given="Rosa")
    mine, _secret = account(person)
    helper, _s = account(person, Kind.HELPER, login="ines", name="Ines Ray", parts=("messages",))
    assert "Here you write for Rosa" in body(helper.get(NEW))

    writes(helper, "She cannot come down the stairs.")

    shown = body(mine.get(thread_page()))
    assert "Ines Ray" in shown
    assert Received.objects.get().wrote == "Ines Ray"
    answers("We send somebody.")
    helper.get(thread_page())
    assert "(1 new)" in body(mine.get(reverse("my_home")))  # read by one is not read by both


def test_who_may_not_see_messages_sees_and_writes_none():
    person = patient()
    writes(account(person)[0])
    helper, _s = account(person, Kind.HELPER, login="ines", parts=("visits",))

    for where in (reverse("my_messages"), NEW, thread_page()):
        assert helper.get(where).url == reverse("my_home")
        assert helper.post(where, {"words": "x", "key": KEY}).status_code in (302, 405)
    assert Received.objects.count() == 1


def test_anothers_thread_is_not_there():
    writes(account(patient())[0])
    other, _secret = account(patient(), login="other")

    assert other.get(thread_page()).status_code == 404
    assert other.post(thread_page(), {"words": "x", "key": KEY}).status_code == 404
    assert "May I bring" not in body(other.get(reverse("my_messages")))


def test_the_database_shows_the_patients_role_messages_of_accounts_alone():
    person, other = patient(), patient()
    writes(account(person)[0])
    writes(account(other, login="other")[0])
    answers()
    with acting_for([person.pk]), transaction.atomic():
        assert [*Received.objects.values_list("patient_id", flat=True)] == [person.pk]
        assert [*Thread.objects.values_list("patient_id", flat=True)] == [person.pk]
        assert not Message.objects.values_list("id")


def test_the_database_keeps_who_wrote_in_an_account():
    writes(account(patient())[0])
    for wrong in ({"wrote": ""}, {"answer_by": None}, {"channel": "email"}, {"sender": "x@y"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Received.objects.update(**wrong)


# --- Nothing is lost


def test_what_is_typed_is_kept_while_it_is_typed_and_is_there_after_a_reload():
    client, _secret = account(patient())
    typed = {"topic": "bill", "subject": "June", "words": "I was away", "key": KEY}

    assert client.post(reverse("my_draft"), typed).status_code == 204

    shown = body(client.get(NEW))
    assert "I was away" in shown
    assert 'value="June"' in shown
    assert "have not sent it" in body(client.get(reverse("my_messages")))
    writes(client, "I was away", topic="bill")
    assert not Draft.objects.exists()
    client.post(reverse("my_draft"), typed)  # on its way when Send was pressed
    assert not Draft.objects.exists()


def test_what_is_sent_by_somebody_who_was_idle_too_long_is_kept_for_when_they_are_in(now):
    client, secret = account(patient())
    writes(client)
    now["now"] += accounts.IDLE

    late = client.post(thread_page(), {"thread": Thread.objects.get().pk, "words": "One more",
                                       "key": "1" * 32})  # fmt: skip

    assert late.url == reverse("my_enter") + "?kept=1"
    assert "What you wrote is kept" in body(client.get(late.url))
    assert Received.objects.count() == 1
    again = enters(secret)[1]
    assert "One more" in body(again.get(thread_page()))


def test_nothing_is_kept_of_somebody_unknown_or_for_a_thread_of_another(now, client):
    mine, _secret = account(patient())
    writes(mine)
    other, _s = account(patient(), login="other")
    typed = {"thread": Thread.objects.get().pk, "words": "x", "key": "1" * 32}

    client.cookies["my"] = "forged"
    assert client.post(reverse("my_draft"), typed).url == reverse("my_enter")
    other.post(reverse("my_draft"), typed)
    now["now"] += accounts.IDLE
    other.post(reverse("my_draft"), typed)

    assert not Draft.objects.exists()


def test_what_is_not_answered_as_promised_is_a_case_with_an_owner_once(now):
    lead = access.officer("mo", roles=("manager",))
    client, _secret = account(patient(language="es"))
    writes(client, topic="bill")
    relations.keep_posted(at=NOW)
    assert not Case.objects.exists()

    late = NOW + timedelta(hours=5)
    for _minute in range(2):
        relations.keep_posted(at=late)

    case = Case.objects.get()
    assert (case.owner, case.desk, case.skill) == (lead, "billing", "spanish")
    assert CaseThing.objects.get().item_id == Received.objects.get().pk
    now["now"] = late
    assert "late" in body(enters(_secret)[1].get(thread_page()))
    answers(at=late)


def test_what_nobody_leads_is_tried_again():
    client, _secret = account(patient())
    writes(client)
    assert relations.keep_posted(at=NOW + timedelta(days=1)) == 0

    access.officer("mo", roles=("manager",))
    assert relations.keep_posted(at=NOW + timedelta(days=1)) == 1


def test_an_answer_that_nobody_reads_is_a_call_to_be_made_once_a_thread(now):
    access.officer("mo", roles=("manager",))
    client, _secret = account(patient())
    writes(client)
    answers()
    client.post(thread_page(), {"words": "And when?", "key": "1" * 32})
    answers("At nine.")
    relations.keep_posted(at=NOW + UNREAD - timedelta(minutes=1))
    assert not Case.objects.exists()

    for _minute in range(2):
        relations.keep_posted(at=NOW + UNREAD)

    assert [case.kind for case in Case.objects.all()] == ["call_back"]


def test_an_answer_that_was_read_is_nobodys_work(now):
    access.officer("mo", roles=("manager",))
    client, _secret = account(patient())
    writes(client)
    answers()
    client.get(thread_page())

    relations.keep_posted(at=NOW + timedelta(days=30))

    assert not Case.objects.exists()


def test_what_is_written_on_belongs_to_the_case_that_is_open_about_it():
    client, _secret = account(patient())
    writes(client)
    new = relations.New(kind="question", subject="Tuesday",
                        things=(("received", Received.objects.get().pk),))  # fmt: skip
    case = relations.open_case(officer=ana(), new=new, at=NOW)

    client.post(thread_page(), {"words": "And when?", "key": "1" * 32})

    about = CaseThing.objects.filter(case=case, kind="received")
    assert about.count() == 2


def test_the_message_itself_leaves_nowhere(now):
    client, _secret = account(patient(phones=(), emails=()))
    writes(client)
    message = answers()

    assert Outgoing.objects.get(pk=message.outgoing_id).channel == "portal"


def test_pages_ask_a_fixed_number_of_questions(django_assert_max_num_queries, now):
    client, _secret = account(patient())
    for number in range(6):
        now["now"] = NOW + timedelta(minutes=number)
        writes(client, key=f"{number:032x}")
        answers(f"Answer {number}")

    for where in (reverse("my_messages"), NEW, thread_page()):
        with django_assert_max_num_queries(28):
            assert client.get(where).status_code == 200


def test_matters_are_paged(now, monkeypatch):
    monkeypatch.setattr("almoner.portal.queries.messages.THREADS", 1)
    client, _secret = account(patient())
    for number, subject in enumerate(("First", "Second")):
        now["now"] = NOW + timedelta(minutes=number)
        writes(client, key=f"{number:032x}", subject=subject)

    newest = body(client.get(reverse("my_messages")))

    assert "Second" in newest
    assert "First" not in newest
    assert "First" in body(client.get(reverse("my_messages") + "?page=2"))
