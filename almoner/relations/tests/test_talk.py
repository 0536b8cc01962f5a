"""Conversations: an answer goes to whoever wrote, once, and nothing typed or said is lost."""

import re
from contextlib import suppress
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from almoner.access.models import AccessEvent
from almoner.access.tests import make as access
from almoner.ground import clock, events, outbox
from almoner.ground.constraints import violated
from almoner.ground.models import Event
from almoner.patients.models import Email
from almoner.patients.tests import make as patients
from almoner.relations import actions, queries
from almoner.relations.models import Call, Conversation, Message, Received
from almoner.relations.tests.make import CYS, NOON, SECOND, text_in

OTHER = "+16085550199"


@pytest.fixture(autouse=True)
def carried(clinic, sent):
    return sent


@pytest.fixture
def ana(client):
    officer = access.officer("ana")
    client.force_login(officer)
    return officer


@pytest.fixture
def noon(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON + 10 * SECOND)


def with_(patient):
    return reverse("conversation_with", args=[patient.pk])


def from_(row):
    return reverse("conversation_from", args=[row.conversation_id])


def send(client, where, to, words, *, key=None, **more):
    seen = Received.objects.order_by("-id").values_list("pk", flat=True).first()
    form = {"to": to, "words": words, "key": key or uuid4().hex, "seen": seen or 0} | more
    return client.post(where, form, headers={"HX-Request": "true"})


def typed():
    return list(Message.objects.filter(template="").order_by("id"))


# --- An answer.


def test_what_came_while_the_officer_typed_still_waits_to_be_read(client, ana, noon):
    first = text_in("is there parking?", sender=OTHER)
    page = client.get(from_(first)).content.decode()
    [seen] = re.findall(r'name="seen" value="(\d+)"', page)
    second = text_in("and can I bring my dog?", sender=OTHER)

    send(client, from_(first), f"sms {OTHER}", "Yes, behind the house.", seen=seen)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.handled_why, second.handled_why) == ("answered", "")


def test_an_answer_goes_to_the_number_that_wrote_and_the_text_is_seen_to(client, ana, noon, sent):
    row = text_in("who are you?", sender=OTHER)

    answer = send(client, from_(row), f"sms {row.sender}", "The clinic. Who are you?")

    [message] = typed()
    outbox.try_delivery(message.outgoing_id, at=NOON)
    row.refresh_from_db()
    assert answer.headers["HX-Refresh"] == "true"
    assert sent == [(OTHER, "The clinic. Who are you?")]
    assert (row.handled_why, row.handled_by_id) == ("answered", ana.pk)
    assert (message.patient_id, message.written_by_id) == (None, ana.pk)


def test_the_same_form_twice_is_one_message(client, ana, noon):
    row, key = text_in("hello"), uuid4().hex

    for _time in range(2):
        send(client, from_(row), f"sms {row.sender}", "Hello", key=key)

    assert len(typed()) == 1


def test_an_answer_says_nothing_of_its_words_in_the_log(client, ana, noon):
    row = text_in("my rash?")
    send(client, from_(row), f"sms {row.sender}", "About your rash, call us")

    assert "rash" not in str([each.data for each in Event.objects.all()])


def test_an_answer_is_not_held_by_what_the_number_got_that_day(client, ana, noon, sent):
    for number in range(3):
        row = text_in(f"hello {number}", at=NOON + number * SECOND)
        send(client, from_(row), f"sms {row.sender}", f"Hello {number}")
    for message in typed():
        outbox.try_delivery(message.outgoing_id, at=NOON + 9 * SECOND)

    assert len(sent) == 3


def test_the_database_lets_an_answer_go_nowhere_else():
    row = text_in("hello")

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Message.objects.create(
            conversation_id=row.conversation_id, answers=row, channel="sms", address=OTHER,
            body="x", language="en", written_at=NOON,
        )  # fmt: skip

    assert violated(refused.value, "message_answers_whoever_wrote")


def test_what_was_sent_again_goes_to_whoever_wrote_though_the_phone_has_changed(client, ana, noon):
    cy = patients.patient()
    row = text_in("hello")
    actions.recognise(officer=ana, received=row, patient_id=cy.pk, at=NOON)
    send(client, with_(cy), f"sms {row.sender}", "Hello")
    cy.phones.update(number=OTHER)
    [message] = typed()
    message.outgoing.state = "failed"
    message.outgoing.save()

    again = actions.send_again(officer=ana, message=message, at=NOON)

    assert (again.address, again.answers_id) == (CYS, row.pk)


# --- Refused, and nothing lost.


@pytest.mark.parametrize(
    ("words", "says"), [("  ", "no words yet"), ("a" * 1601, "too long to be sent")]
)
def test_a_refusal_keeps_what_was_typed(client, ana, noon, words, says):
    row = text_in("hello")

    answer = send(client, from_(row), f"sms {row.sender}", words)

    page = answer.content.decode()
    assert (answer.status_code, typed()) == (422, [])
    assert says in page
    assert words.strip() in page
    assert re.search(r'name="key" value="[0-9a-f]{32}"', page)


def test_who_said_stop_while_the_words_were_typed_gets_none_and_they_are_kept(client, ana, noon):
    row = text_in("hello")
    text_in("STOP", at=NOON + SECOND)

    answer = send(client, from_(row), f"sms {row.sender}", "Please come by")

    assert (answer.status_code, typed()) == (422, [])
    assert "they asked for none" in answer.content.decode()
    assert "Please come by" in answer.content.decode()


def test_words_cannot_be_sent_by_what_is_in_another_conversation(client, ana, noon):
    row, other = text_in("hello"), text_in("hello", sender=OTHER)

    assert send(client, from_(row), f"sms {other.sender}", "x").status_code == 422
    assert typed() == []


def test_that_it_would_wait_is_told_before_it_is_sent(client, ana, monkeypatch):
    cy = patients.patient()
    monkeypatch.setattr(clock, "now", lambda: NOON + 12 * 3600 * SECOND)

    page = client.get(with_(cy)).content.decode()

    assert "It is night there" in page
    assert "It would leave 11/24/2026 8:00 AM" in page


def test_without_a_phone_or_an_address_the_page_says_what_to_do(client, ana, noon):
    nobody = patients.patient(phones=(), addresses=())

    assert "Add one first" in client.get(with_(nobody)).content.decode()


# --- Writing first.


def test_an_officer_writes_first_to_where_the_patient_is_reached(client, ana, noon, sent):
    cy = patients.patient()

    send(client, with_(cy), "sms", "Your glasses are here")

    [message] = typed()
    outbox.try_delivery(message.outgoing_id, at=NOON + 20 * SECOND)
    assert sent == [(CYS, "Your glasses are here")]
    assert Conversation.objects.get(patient=cy).pk == message.conversation_id
    assert "Your glasses are here" in client.get(with_(cy)).content.decode()


def test_the_length_is_told_while_it_is_typed(client, ana):
    answer = client.post(reverse("measure_words"), {"to": "sms", "words": "í" + "a" * 70})
    text = " ".join(answer.content.decode().split())

    assert "71 characters, 2 parts." in text
    assert "because of í" in text


# --- Whose it is.


def test_when_somebody_says_who_wrote_our_answers_go_with_it(client, ana, noon):
    cy = patients.patient()
    row = text_in("hello")
    send(client, from_(row), f"sms {row.sender}", "Who are you?")
    second = text_in("Cy", at=NOON + 2 * SECOND)

    answer = client.post(reverse("text_is_from", args=[second.pk, cy.pk]))
    assert answer.headers["HX-Redirect"] == f"{with_(cy)}?for=received:{second.pk}"
    assert Conversation.objects.filter(patient=None).exists()

    Received.objects.filter(pk=row.pk).update(handled_at=None, handled_by_id=None, handled_why="")
    actions.recognise(officer=ana, received=row, patient_id=cy.pk, at=NOON)
    page = client.get(with_(cy)).content.decode()
    assert "Who are you?" in page
    assert typed()[0].patient_id == cy.pk
    assert not Conversation.objects.filter(patient=None).exists()


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["in", "recognise", "answer", "write"]), st.integers(0, 2), st.booleans()
    ),
    max_size=14,
)


def play(act, which, *, ana, number, who, at):
    """One act of either side, on what came in so far."""
    facts = {"officer": ana, "words": "x", "key": uuid4().hex, "about": None, "at": at}
    heard = list(Received.objects.order_by("id"))
    row = heard[which % len(heard)] if heard else None
    if act == "in":
        text_in("hello", sender=number, at=at)
    elif act == "write":
        actions.write(patient_id=who.pk, channel="sms", **facts)
    elif row and act == "answer":
        actions.answer(received=row, up_to=row.pk, **facts)
    elif row:
        with suppress(actions.MessageRefused):
            actions.recognise(officer=ana, received=row, patient_id=who.pk, at=at)


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=ACTS)
def test_after_any_sequence_an_answer_has_gone_to_the_address_that_wrote(clinic, acts):
    with transaction.atomic():
        ana = access.officer("ana")
        numbers = [CYS, "+13125550118", "+13125550119"]
        house = [patients.patient(given=name) for name in ("Cy", "Ada")]
        for who in house:
            for rank, number in enumerate(numbers[1:], 2):
                who.phones.create(number=number, use="home", rank=rank)
        for step, (act, which, second) in enumerate(acts):
            at = NOON + step * SECOND
            play(act, which, ana=ana, number=numbers[which], who=house[second], at=at)
        for message in Message.objects.select_related("answers", "outgoing", "conversation"):
            assert message.outgoing.payload["to"] == message.address
            assert message.conversation.patient_id == message.patient_id
            if message.answers:
                assert message.address == message.answers.sender
                assert message.conversation_id == message.answers.conversation_id
        transaction.set_rollback(True)


# --- Calls.


def test_a_call_is_kept_by_how_it_ended_with_what_was_said(client, ana, noon):
    cy = patients.patient()
    event = events.record(
        "scheduling.booked", at=NOON, by=None, about=visit(), patient_id=cy.pk,
        starts_at="2026-12-01T20:20:00+00:00", when="12/01/2026 2:20 PM", clinician="Linh Ng, MD",
    )  # fmt: skip
    about = {"about": f"appointment:{event.about_id}", "said": "Will bring the form"}

    client.post(reverse("call_with", args=[cy.pk]), {"way": "in", "disposition": "settled"} | about)

    [call] = Call.objects.all()
    page = client.get(with_(cy)).content.decode()
    assert (call.incoming, call.by_id, call.patient_id) == (True, ana.pk, cy.pk)
    assert "Will bring the form" in page
    assert "12/01/2026 2:20 PM, Linh Ng, MD" in page
    assert "bring" not in str([each.data for each in Event.objects.all()])


def visit():
    """What an event of the schedule is about, by its kind: visits are known by their events."""
    return type("Appointment", (), {"pk": 41})()


def test_a_call_with_an_ending_we_do_not_know_is_refused_and_its_words_are_kept(client, ana, noon):
    cy = patients.patient()

    answer = client.post(
        reverse("call_with", args=[cy.pk]),
        {"way": "in", "disposition": "bored", "said": "Long story"},
    )

    assert (answer.status_code, Call.objects.count()) == (422, 0)
    assert "Long story" in answer.content.decode()


def test_a_call_with_a_number_of_nobody_known_is_kept_with_the_number(client, ana, noon):
    row = text_in("hello", sender=OTHER)

    client.post(
        reverse("call_from", args=[row.conversation_id]), {"way": "out", "disposition": "no_answer"}
    )

    [call] = Call.objects.all()
    assert (call.number, call.incoming, call.patient_id) == (OTHER, False, None)


# --- The pages.


def test_the_thread_is_one_line_of_time_and_is_paged(client, ana, noon):
    cy = patients.patient()
    for number in range(40):
        row = text_in(f"hello {number:02}", at=NOON + number * SECOND)
        actions.recognise(officer=ana, received=row, patient_id=cy.pk, at=NOON)

    newest = client.get(with_(cy)).content.decode()
    [older] = re.findall(r'href="\?(before=[^"]+)"', newest)
    rest = client.get(f"{with_(cy)}?{older}").content.decode()

    assert re.findall(r"hello (\d\d)", newest) == [f"{each:02}" for each in range(10, 40)]
    assert re.findall(r"hello (\d\d)", rest) == [f"{each:02}" for each in range(10)]


def test_a_thread_asks_little_however_long_it_is(ana, django_assert_num_queries):
    cy = patients.patient()
    for number in range(12):
        row = text_in(f"hello {number}", at=NOON + number * SECOND)
        actions.recognise(officer=ana, received=row, patient_id=cy.pk, at=NOON)
        actions.answer(officer=ana, received=row, words="x", key=f"{number:032x}", about=None,
                       up_to=row.pk, at=NOON + number * SECOND)  # fmt: skip
    conversation = queries.with_patient(cy.pk)

    with django_assert_num_queries(5):
        lines, _older = queries.thread(conversation, reading=access.reading(ana))
    assert len(lines) == 24


def test_a_conversation_is_noted_as_seen_for_what_waits_in_it(client, ana, noon):
    cy = patients.patient()
    row = text_in("hello")
    actions.recognise(officer=ana, received=row, patient_id=cy.pk, at=NOON)

    client.get(with_(cy), {"for": f"received:{row.pk}"})

    seen = AccessEvent.objects.latest("at")
    assert (seen.screen, seen.reason_kind, seen.patient_ids) == (
        "relations.conversation_with", "received", [cy.pk],
    )  # fmt: skip


def test_the_list_has_tabs_for_what_waits_what_is_unknown_and_all(client, ana, noon):
    cy = patients.patient()
    row = text_in("from Cy")
    actions.recognise(officer=ana, received=row, patient_id=cy.pk, at=NOON)
    actions.see_to_text(officer=ana, received=row, why="done", at=NOON)
    text_in("from nobody", sender=OTHER)
    text_in("STOP", sender="+16085550198")

    def listed(**asked):
        page = client.get(reverse("conversations"), asked).content.decode()
        return [words in page for words in ("from Cy", "from nobody", "STOP</q>")]

    assert listed() == [False, True, False]
    assert listed(show="unknown") == [False, True, True]
    assert listed(show="all") == [True, True, True]
    assert listed(show="all", by="email") == [False, False, False]
    assert listed(show="nonsense", by="fax") == [False, True, False]


def test_who_may_not_write_to_patients_opens_no_conversation(client, noon):
    cy, row = patients.patient(), text_in("hello")
    client.force_login(access.officer("linh", roles=("clinician",)))

    assert {client.get(where).status_code for where in (with_(cy), from_(row))} == {403}
    assert client.post(reverse("call_with", args=[cy.pk]), {}).status_code == 403
    assert client.post(reverse("measure_words"), {"words": "x"}).status_code == 403


def test_the_conversation_of_somebody_known_is_not_opened_as_of_nobody(client, ana, noon):
    cy, row = patients.patient(), text_in("hello")
    actions.recognise(officer=ana, received=row, patient_id=cy.pk, at=NOON)
    row.refresh_from_db()

    assert client.get(from_(row)).status_code == 404


def test_an_e_mail_address_is_offered_beside_the_phone(client, ana, noon):
    cy = patients.patient()
    Email.objects.create(patient=cy, address="cy@people.example")

    page = client.get(with_(cy)).content.decode()

    assert 'value="email"' in page
    assert "cy@people.example" in page
