"""A reminder by phone: who is called, what becomes of each call, and what a key does at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from threading import Event as Flag

import pytest
from django.db import IntegrityError, connection, transaction

from almoner.access.tests import make as access
from almoner.edges import sms, voice
from almoner.ground import events, outbox
from almoner.ground.constraints import violated
from almoner.ground.models import Event, Outgoing
from almoner.patients import actions as patient_actions
from almoner.patients.models import ConfidentialContact
from almoner.patients.rules.confidential import Ways
from almoner.patients.tests import make as patients
from almoner.patients.tests.make import Phone
from almoner.relations import actions, queries
from almoner.relations.models import (
    Case,
    Consent,
    Counted,
    Delivery,
    DeskLead,
    Message,
    Spoken,
)
from almoner.relations.rules import Report
from almoner.relations.tests.make import CYS, NOON, SECOND, landline, queued, text_in
from almoner.relations.tests.test_texts import reviewed

MINUTE = timedelta(minutes=1)
BORN = date(1984, 4, 27)


@pytest.fixture(autouse=True)
def carrier(clinic, sent, settings, monkeypatch):
    """What was placed, as (number, where its words are asked for); the carrier names each."""
    settings.VOICE_URL = "http://127.0.0.1:1"
    settings.VOICE_WEBHOOK_URL = "https://desk.example/messages/calls/"
    settings.CALL_AGAIN = (45, 180)
    placed = []

    def place(_carrier, *, to, words_at, report_to):
        placed.append((to, words_at))
        return f"CA{len(placed)}"

    monkeypatch.setattr(voice, "place", place)
    return placed


@pytest.fixture
def cy(db):
    return patients.patient(birth_date=BORN, phones=(Phone(CYS, "home", may_text=True),))


def agree(officer, cy, *, given=True, purpose="care", at=NOON):
    return actions.record_consent(
        officer=officer, patient_id=cy.pk, channel="voice", address=CYS, purpose=purpose,
        given=given, words="Please call me", at=at,
    )  # fmt: skip


def booked(clinic, cy, *, at=NOON, kind="scheduling.booked", **facts):
    known = {
        "clinician": "Linh Ng, MD", "clinician_id": 1, "location": "Lakeside", "when": "soon",
        "local_day": "2026-12-01", "local_time": "14:20", "starts_at": "2026-12-01T20:20:00+00:00",
    }  # fmt: skip
    return events.record(kind, at=at, by=None, about=clinic, patient_id=cy.pk, **(known | facts))


def remind(clinic, cy, *, at=NOON, event=None, key="reminder-1"):
    return actions.remind_of_visit(
        event=event or booked(clinic, cy), key=key, confirmed=False, check_in=False, at=at
    )


@pytest.fixture
def unsure(clinic, ana, cy, monkeypatch):
    """A reminder of which nobody knows whether it was placed."""

    def silent(*_a, **_k):
        raise sms.OutcomeUnknown("no answer")

    with monkeypatch.context() as broken:
        broken.setattr(voice, "place", silent)
        agree(ana, cy)
        message = ringing(remind(clinic, cy)[0])
    assert queries.is_troubled(message.pk)
    return message


@pytest.fixture
def called(clinic, ana, cy):
    """A reminder that was placed as a call, and rings."""
    agree(ana, cy)
    [message] = remind(clinic, cy)
    return ringing(message)


def ringing(message, *, at=NOON):
    outbox.try_delivery(message.outgoing_id, at=at)
    message.refresh_from_db()
    message.outgoing.refresh_from_db()
    return message


def answer(message, *, by="human", sid=None, at=NOON):
    item = message.outgoing
    sid = sid or item.partner_reference
    return actions.answer_call(outgoing=item, carrier_id=sid, by=by, at=at)


def press(message, turn, keys, *, at=NOON):
    item = message.outgoing
    return actions.press(
        outgoing=item, carrier_id=item.partner_reference, turn=turn, keys=keys, at=at
    )


def report(message, status, *, at=NOON, item=None):
    item = item or message.outgoing
    return actions.record_call(
        outgoing=item, carrier_id=item.partner_reference, status=status, at=at
    )


def kinds():
    return list(Event.objects.order_by("id").values_list("kind", flat=True))


# --- Who is called.


def test_nobody_is_called_who_did_not_ask(clinic, cy, carrier):
    [message] = remind(clinic, cy)

    assert message.channel == "sms"


def test_who_asked_to_be_called_is(clinic, ana, cy, carrier):
    agree(ana, cy)
    [message] = remind(clinic, cy)
    ringing(message)

    assert (message.channel, message.address, message.template) == ("voice", CYS, "call-reminder")
    assert message.body == (
        "You have an appointment at Northlight on Tuesday, December 1 at 2:20 PM."
    )
    assert carrier == [(CYS, f"https://desk.example/messages/calls/{message.outgoing_id}/")]
    assert Consent.objects.get().evidence == "Please call me"


def test_a_step_is_called_once_however_often_it_is_asked(clinic, ana, cy, carrier):
    agree(ana, cy)
    event = booked(clinic, cy)
    first, again = (remind(clinic, cy, event=event)[0] for _time in range(2))

    assert (first.pk, Outgoing.objects.filter(channel="voice").count()) == (again.pk, 1)
    assert first.outgoing.key == "reminder-1 call-reminder en1"


@pytest.mark.parametrize("refused_at_once", [True, False])
def test_a_number_that_texts_cannot_reach_is_called_and_texted_no_more(
    clinic, cy, monkeypatch, refused_at_once
):
    [text] = remind(clinic, cy)
    if refused_at_once:

        def refuses(*_a, **_k):
            raise sms.Refused("not a mobile number", 21614)

        monkeypatch.setattr(sms, "send", refuses)
    ringing(text)
    if not refused_at_once:
        facts = {"carrier_id": "SM1", "report": Report.UNDELIVERED}
        actions.record_report(outgoing=text.outgoing, code=30006, at=NOON, **facts)

    [message] = remind(clinic, cy, key="reminder-2")
    assert message.channel == "voice"
    assert queries.reach(cy.pk).may_text is False


def test_what_waited_for_a_number_that_turns_out_a_landline_does_not_leave(clinic, cy, sent):
    [text] = remind(clinic, cy)
    landline()
    ringing(text)

    assert (sent, text.outgoing.trouble) == (
        [], "The number may be a landline, which takes no texts",
    )  # fmt: skip


def test_nothing_is_texted_there_by_whoever_asks(clinic, ana, cy):
    landline()
    typed = {"channel": "sms", "words": "Hello", "key": "1", "visit_id": None, "at": NOON}

    with pytest.raises(actions.MessageRefused, match="no_way"):
        actions.write(officer=ana, patient_id=cy.pk, **typed)
    assert actions.take_way(patient_id=cy.pk, channel="sms", at=NOON) is None
    assert queries.survey_consent(cy.pk) is None


def test_whoever_texts_from_there_takes_texts(clinic, cy):
    landline()
    text_in("Hello")

    assert remind(clinic, cy)[0].channel == "sms"


def test_a_landline_with_an_e_mail_address_gets_an_e_mail(clinic):
    cy = patients.patient(phones=(Phone(CYS, "home"),), emails=("cy@people.example",))
    landline()

    assert remind(clinic, cy)[0].channel == "email"


@pytest.mark.parametrize(
    ("language", "channel", "words"),
    [("es", "voice", "Usted tiene una cita en Northlight el martes 1 de diciembre a las 2:20"),
     ("vi", "sms", "Northlight: we expect you Tue, Dec 1")],
)  # fmt: skip
def test_a_machine_speaks_the_patients_language_or_does_not_call(request, language, channel, words):
    clinic, ana, cy = (request.getfixturevalue(each) for each in ("clinic", "ana", "cy"))
    cy.language = language
    cy.save()
    agree(ana, cy)
    [message] = remind(clinic, cy)

    assert (message.channel, words in message.body) == (channel, True)


@pytest.mark.parametrize("kept_to", [CYS, "+13125550144", ""])
def test_nobody_is_called_where_they_asked_not_to_be_reached(clinic, ana, cy, carrier, kept_to):
    agree(ana, cy)
    [message] = remind(clinic, cy)
    patient_actions.ask_confidential(
        officer=ana, patient_id=cy.pk, ways=Ways(phone=kept_to), at=NOON
    )

    outbox.try_delivery(message.outgoing_id, at=NOON)

    assert [to for to, _words in carrier] == ([CYS] if kept_to == CYS else [])


def test_a_spoken_yes_to_calls_that_advertise_is_none(ana, cy):
    with pytest.raises(actions.MessageRefused):
        agree(ana, cy, purpose="marketing")
    agree(ana, cy, purpose="marketing", given=False)

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Consent.objects.create(
            channel="voice", address=CYS, purpose="marketing", given=True, how="told",
            evidence="yes", at=NOON, by_id=ana.pk,
        )  # fmt: skip
    assert violated(refused.value, "consent_to_advertise_aloud_in_writing")


# --- The guards of texts are those of calls.


def test_a_call_waits_for_the_morning_where_the_patient_is(clinic, ana, cy, carrier):
    agree(ana, cy)
    [message] = remind(clinic, cy)
    night = NOON + timedelta(hours=10)

    wait = outbox.try_delivery(message.outgoing_id, at=night)

    assert (carrier, night + wait) == ([], NOON + timedelta(hours=20))


def test_calls_and_texts_share_what_a_number_gets_in_a_day(clinic, ana, cy, carrier, sent):
    outbox.try_delivery(queued(patient=cy).pk, at=NOON)
    agree(ana, cy)
    [message] = remind(clinic, cy)
    ringing(message)

    assert (len(sent), carrier) == (1, [])
    assert message.held_why == "The number got its texts for that day"


def test_consent_counts_when_the_call_is_placed_and_not_when_it_is_queued(clinic, ana, cy, carrier):
    agree(ana, cy)
    [message] = remind(clinic, cy)
    agree(ana, cy, given=False, at=NOON + SECOND)
    ringing(message)

    assert carrier == []
    assert message.outgoing.trouble == "No calls to this number any more"


def test_stop_by_text_ends_calls_too_until_they_ask_for_calls(clinic, ana, cy, carrier):
    agree(ana, cy)
    text_in("ALTO", at=NOON + SECOND)
    assert remind(clinic, cy) == []
    text_in("INICIAR", at=NOON + SECOND)
    assert remind(clinic, cy, key="reminder-2")[0].channel == "sms"

    agree(ana, cy, at=NOON + 2 * SECOND)
    assert remind(clinic, cy, key="reminder-3")[0].channel == "voice"


def no_texts(officer, cy, at):
    return actions.record_consent(
        officer=officer, patient_id=cy.pk, channel="sms", address=CYS, purpose="care",
        given=False, words="Call me, and no texts", at=at,
    )  # fmt: skip


@pytest.mark.parametrize("calls_first", [True, False])
def test_who_tells_us_to_call_and_not_to_text_is_called(clinic, ana, cy, calls_first):
    said = [lambda at: agree(ana, cy, at=at), lambda at: no_texts(ana, cy, at)]
    for number, say in enumerate(said if calls_first else reversed(said)):
        say(NOON + number * SECOND)

    assert [each.channel for each in remind(clinic, cy, at=NOON + 2 * SECOND)] == ["voice"]


def test_the_carriers_word_that_they_sent_stop_ends_calls_too(clinic, ana, cy, carrier):
    [text] = remind(clinic, cy)
    ringing(text)
    agree(ana, cy, at=NOON - SECOND)
    facts = {"carrier_id": "SM1", "report": Report.UNDELIVERED, "at": NOON}
    actions.record_report(outgoing=text.outgoing, code=21610, **facts)

    assert remind(clinic, cy, key="reminder-2") == []


def test_without_a_carrier_it_is_refused_and_says_so(clinic, ana, cy, settings):
    settings.VOICE_URL = ""
    agree(ana, cy)
    message = ringing(remind(clinic, cy)[0])

    assert message.outgoing.trouble == "No carrier of calls is configured: ALMONER_VOICE_URL"


def test_whoever_asked_for_confidential_contact_is_called_nowhere_else(clinic, ana, cy, carrier):
    agree(ana, cy)
    [message] = remind(clinic, cy)
    ConfidentialContact.objects.create(patient=cy, phone="+16085550199", since=NOON)
    ringing(message)

    assert carrier == []
    assert message.outgoing.trouble.startswith("The patient asked for confidential contact")
    assert remind(clinic, cy, key="reminder-2") == []  # nobody agreed to calls there


# --- In a call.


def test_first_is_said_who_calls_and_how_calls_end_and_nothing_of_a_visit(called):
    saying = answer(called)

    assert saying.words == (
        "Hello. This is a recorded call from Northlight for Cy. For no more such calls, press 9."
        " If you are Cy, or answer for Cy, press 1.",
    )
    assert (saying.digits, saying.turn) == (1, 1)


def test_once_they_said_who_they_are_it_is_read_with_the_keys(called):
    answer(called)
    saying = press(called, 1, "1")

    assert saying.words[0] == called.body
    assert saying.words[1].startswith("To say that you will come, press 1.")
    assert Spoken.objects.get().course == [
        "says:call-greeting", "key:1", "says:message", "says:call-menu",
    ]  # fmt: skip


def test_a_machine_is_asked_to_call_us_and_hears_nothing_more(called):
    saying = answer(called, by="machine_end_beep")

    assert saying.words == (
        "This is Northlight. Please call us at 6 0 8, 5 5 5, 0 1 0 0. To get no more such calls,"
        " tell us there.",
    )
    assert saying.digits == 0
    report(called, "completed")
    assert Event.objects.get(kind="relations.phoned").data["came"] == "voicemail"


def test_a_visit_that_was_cancelled_between_is_not_read(clinic, cy, called):
    answer(called)
    booked(clinic, cy, kind="scheduling.cancelled")
    saying = press(called, 1, "1")

    assert "appointment" not in " ".join(saying.words)
    assert (saying.digits, Spoken.objects.get().came) == (0, "not_true")


def test_a_key_counts_once_and_a_repeated_call_of_the_carrier_says_the_same(called):
    first = answer(called)
    assert answer(called) == first
    read = press(called, 1, "1")

    assert press(called, 1, "1") == read
    assert press(called, 1, "9") == read
    assert Spoken.objects.get().turn == 2


@pytest.fixture
def telling(clinic, ana, cy):
    """A call that would tell more than when the visit is, answered."""
    reviewed(
        access.officer("mara", roles=("manager",)),
        access.officer("ada", roles=("administrator",)),
        text="call-reminder",
        body="You have an appointment on {day} at {time} with {clinician}.",
    )
    agree(ana, cy)
    message = ringing(remind(clinic, cy)[0])
    answer(message)
    return message


def test_nine_pressed_twice_ends_calls_also_where_a_birth_date_is_asked_for(telling):
    press(telling, 1, "1")
    press(telling, 2, "99")

    assert Consent.objects.filter(channel="voice", given=False).count() == 4
    assert Spoken.objects.get().course[-2:] == ["key:9", "says:call-no-more"]


def test_what_would_tell_more_is_read_after_the_birth_date_which_is_not_kept(telling):
    message = telling
    asked = press(message, 1, "1")
    assert (asked.digits, asked.words[0][:40]) == (8, "Please press the eight digits of your bi")
    assert press(message, 2, "04281984").words == asked.words
    assert press(message, 3, "04271984").words[0].endswith("with Linh Ng, MD.")
    course = Spoken.objects.get().course
    assert [each for each in course if each.startswith("key")] == [
        "key:1",
        "key:wrong",
        "key:right",
    ]


def test_three_opens_a_call_back_that_somebody_owns(clinic, ana, called):
    DeskLead.objects.create(desk="front", officer=ana)
    answer(called)
    press(called, 1, "1")
    said = press(called, 2, "3")

    case = Case.objects.get()
    assert (case.kind, case.patient_id, case.owner_id) == ("call_back", called.patient_id, ana.pk)
    assert case.things.values_list("kind", "item_id").get() == ("message", called.pk)
    assert said.words == ("We will call you back. Goodbye.",)


def test_without_anybody_to_call_back_it_is_not_promised(called):
    answer(called)
    press(called, 1, "1")

    assert press(called, 2, "3").words == (
        "Please call Northlight at 6 0 8, 5 5 5, 0 1 0 0. Goodbye.",
    )
    assert not Case.objects.exists()


def test_nine_ends_calls_for_every_purpose_in_the_same_transaction(clinic, cy, called, carrier):
    [waiting] = remind(clinic, cy, key="reminder-2")
    answer(called)
    press(called, 1, "9")

    last = Consent.objects.filter(channel="voice", given=False)
    assert set(last.values_list("purpose", "how", "evidence")) == {
        (each, "key", "9") for each in ("care", "billing", "marketing", "survey")
    }
    assert "relations.calls_ended" in kinds()
    ringing(waiting, at=NOON + timedelta(days=1))
    assert (len(carrier), waiting.outgoing.state) == (1, "failed")


# --- What becomes of it.


def test_a_call_nobody_takes_is_tried_again_so_often_and_then_is_work(called, carrier, cy):
    report(called, "no-answer")
    called.refresh_from_db()
    again = called.outgoing
    assert (again.key, called.held_why) == (
        "reminder-1 call-reminder en1 try 2", "Nobody answered",
    )  # fmt: skip
    assert called.held_until == NOON + 45 * MINUTE
    assert outbox.try_delivery(again.pk, at=NOON) == 45 * MINUTE

    ringing(called, at=NOON + 45 * MINUTE)
    report(called, "busy", at=NOON + 46 * MINUTE)
    called.refresh_from_db()
    assert not queries.is_troubled(called.pk)
    ringing(called, at=NOON + 226 * MINUTE)
    report(called, "no-answer", at=NOON + 227 * MINUTE)

    assert [len(carrier), Counted.objects.count()] == [3, 1]
    assert queries.is_troubled(called.pk)
    tries = Spoken.objects.order_by("id").values_list("tries", "status")
    assert list(tries) == [(1, "no-answer"), (2, "busy"), (3, "no-answer")]


def test_a_report_that_comes_twice_tries_once_more(called):
    assert [report(called, "no-answer", item=called.outgoing) for _ in range(3)] == [
        True, False, False,
    ]  # fmt: skip
    assert Outgoing.objects.filter(channel="voice").count() == 2


def test_reports_in_any_order_end_alike(called):
    answer(called)
    press(called, 1, "1")

    for status in ("completed", "ringing", "in-progress", "initiated", "completed"):
        report(called, status)

    assert Delivery.objects.get().state == "delivered"
    assert [kinds().count(each) for each in ("relations.phoned",)] == [1]


def test_a_visit_that_moved_is_not_called_about_again(clinic, cy, called):
    booked(clinic, cy, kind="scheduling.cancelled")
    report(called, "no-answer")

    assert Outgoing.objects.filter(channel="voice").count() == 1


def test_a_call_that_was_answered_and_said_nothing_is_work(called):
    report(called, "completed")

    assert queries.is_troubled(called.pk)
    assert queries.trouble_of(Outgoing.objects.get(pk=called.outgoing_id)) == (
        "It was answered, and nothing could be said"
    )


def test_what_did_not_reach_anybody_is_called_again_by_hand_and_never_texted(called, ana):
    for at in (NOON, NOON + 45 * MINUTE, NOON + 225 * MINUTE):
        ringing(called, at=at)
        report(called, "no-answer", at=at)
        called.refresh_from_db()

    again = actions.send_again(officer=ana, message=called, at=NOON + 300 * MINUTE)
    assert (again.channel, again.body) == ("voice", called.body)


@pytest.mark.parametrize(
    "wrong",
    [
        {"sid": "CA-another"},
        {"at": NOON + timedelta(minutes=16)},
    ],
)
def test_a_call_that_is_not_ours_or_too_old_gets_no_words(called, wrong):
    with pytest.raises(actions.NotOurCall):
        answer(called, **wrong)
    assert not Spoken.objects.exists()


def test_a_call_that_is_over_gets_no_words(called):
    answer(called)
    report(called, "completed")

    with pytest.raises(actions.NotOurCall):
        press(called, 1, "1")
    with pytest.raises(actions.NotOurCall):
        answer(called)


@pytest.mark.parametrize("status", ["completed", "failed", "busy"])
def test_nine_counts_once_also_when_the_carrier_tells_first_that_they_hung_up(called, status):
    item = called.outgoing
    answer(called)
    report(called, status)

    late = {"outgoing": item, "carrier_id": item.partner_reference, "turn": 1, "keys": "9"}
    said = actions.press(**late, at=NOON)
    assert (said.words, said.digits) == ((), 0)
    with pytest.raises(actions.NotOurCall):
        actions.press(**late, at=NOON)

    assert Consent.objects.filter(channel="voice", given=False).count() == 4
    assert kinds().count("relations.calls_ended") == 1
    spoken = Spoken.objects.get()
    assert (spoken.came, spoken.course) == ("no_more", ["says:call-greeting", "key:9"])


@pytest.mark.parametrize(
    "other",
    [
        {"turn": 2},
        {"turn": 0},
        {"carrier_id": "CA-another"},
        {"at": NOON + timedelta(minutes=16)},
    ],
)  # fmt: skip
def test_after_the_end_nine_is_nobodys_of_another_turn_or_call_or_much_later(called, other):
    answer(called)
    report(called, "completed")

    item = called.outgoing
    told = {"carrier_id": item.partner_reference, "turn": 1, "keys": "9", "at": NOON}
    with pytest.raises(actions.NotOurCall):
        actions.press(outgoing=item, **(told | other))
    assert not Consent.objects.filter(given=False).exists()


def test_a_call_nobody_took_has_no_turn_in_which_nine_was_pressed(called):
    item = called.outgoing
    report(called, "no-answer")

    with pytest.raises(actions.NotOurCall):
        actions.press(outgoing=item, carrier_id=item.partner_reference, turn=0, keys="9", at=NOON)


@pytest.mark.parametrize("answers_first", [True, False])
def test_what_is_told_of_another_call_changes_nothing(called, answers_first):
    if answers_first:
        answer(called)

    with pytest.raises(actions.NotOurCall):
        actions.record_call(
            outgoing=called.outgoing, carrier_id="CA-another", status="no-answer", at=NOON
        )
    assert not Delivery.objects.exists()


def test_a_call_of_which_nobody_knows_whether_it_was_placed_is_spoken_in_when_it_is(unsure):
    assert answer(unsure, sid="CA7").digits == 1
    with pytest.raises(actions.NotOurCall):
        answer(unsure, sid="CA8")
    actions.record_call(outgoing=unsure.outgoing, carrier_id="CA7", status="completed", at=NOON)
    assert not queries.is_troubled(unsure.pk)


@pytest.mark.parametrize("do", ["handle_otherwise", "send_again", None])
def test_nobody_is_called_again_about_what_somebody_saw_to(unsure, ana, do):
    """The carrier says late that the line was busy; a message somebody saw to is seen to."""
    if do == "handle_otherwise":
        actions.handle_otherwise(officer=ana, message=unsure, why="Told them", at=NOON)
    if do == "send_again":
        actions.send_again(officer=ana, message=unsure, at=NOON)
    before = Outgoing.objects.count()

    actions.record_call(outgoing=unsure.outgoing, carrier_id="CA7", status="busy", at=NOON)

    assert Outgoing.objects.count() - before == (0 if do else 1)
    assert kinds().count("relations.call_again") == (0 if do else 1)


# --- At once.


@pytest.mark.django_db(transaction=True)
def test_nine_pressed_while_others_are_placed_stops_all_that_come_after_it(
    request, carrier, monkeypatch, settings
):
    """The carrier is slow with one call: the key waits for nobody, and no other call leaves."""
    clinic, ana, cy = (request.getfixturevalue(each) for each in ("clinic", "ana", "cy"))
    settings.TEXT_LIMITS = settings.TEXT_LIMITS | {"care": (99, 99)}
    agree(ana, cy)
    event = booked(clinic, cy)
    first, slow, *rest = (
        remind(clinic, cy, event=event, key=f"reminder-{number}")[0] for number in range(8)
    )
    ringing(first)
    answer(first)
    placing, pressed_nine = Flag(), Flag()

    def place(_carrier, *, to, words_at, report_to):
        carrier.append((to, words_at))
        placing.set()
        assert pressed_nine.wait(20)
        return f"CA{len(carrier)}"

    monkeypatch.setattr(voice, "place", place)

    def leave(message):
        try:
            outbox.try_delivery(message.outgoing_id, at=NOON)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        one = threads.submit(leave, slow)
        assert placing.wait(20)
        press(first, 1, "9")
        pressed_nine.set()
        list(threads.map(leave, rest))
        one.result()

    assert len(carrier) == 2
    states = Message.objects.order_by("id").values_list("outgoing__state", flat=True)
    assert list(states) == ["sent", "sent"] + ["failed"] * 6


@pytest.mark.django_db(transaction=True)
def test_one_key_that_the_carrier_tells_many_times_at_once_acts_once(clinic, ana, cy):
    agree(ana, cy)
    message = ringing(remind(clinic, cy)[0])
    answer(message)
    gate = Barrier(6)

    def work(_number):
        try:
            gate.wait()
            return press(message, 1, "9")
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        said = list(threads.map(work, range(6)))

    assert len(set(said)) == 1
    assert Consent.objects.filter(given=False).count() == 4
    assert kinds().count("relations.calls_ended") == 1


def test_what_waits_is_taken_back_when_the_visit_is_cancelled(clinic, ana, cy, carrier):
    agree(ana, cy)
    [message] = remind(clinic, cy)
    event = booked(clinic, cy, kind="scheduling.cancelled")
    actions.tell_about_visit(event=event, at=NOON)

    ringing(message)
    assert (message.outgoing.state, carrier) == ("withdrawn", [])
