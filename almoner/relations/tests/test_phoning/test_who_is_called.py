"""Who is reminded by a call, and what keeps one from being placed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from almoner.edges import sms
from almoner.ground import outbox
from almoner.ground.constraints import violated
from almoner.ground.models import Outgoing
from almoner.patients import actions as patient_actions
from almoner.patients.models import ConfidentialContact
from almoner.patients.rules.confidential import Ways
from almoner.patients.tests import make as patients
from almoner.patients.tests.make import Phone
from almoner.relations import actions, queries
from almoner.relations.models import Consent
from almoner.relations.rules import Report
from almoner.relations.tests.make import CYS, NOON, SECOND, landline, queued, text_in
from almoner.relations.tests.test_phoning.shared import agree, booked, remind, ringing


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
    typed = {"channel": "sms", "words": "Hello", "key": "1", "about": None, "at": NOON}

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


def test_what_waits_is_taken_back_when_the_visit_is_cancelled(clinic, ana, cy, carrier):
    agree(ana, cy)
    [message] = remind(clinic, cy)
    event = booked(clinic, cy, kind="scheduling.cancelled")
    actions.tell_about_visit(event=event, at=NOON)

    ringing(message)
    assert (message.outgoing.state, carrier) == ("withdrawn", [])
