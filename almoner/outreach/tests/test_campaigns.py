"""Running a campaign: who is written to, when, how often; and what ends it for somebody."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from almoner.access.tests import make as access
from almoner.ground import outbox
from almoner.ground.models import Outgoing
from almoner.outreach import actions, queries
from almoner.outreach.actions import sending
from almoner.outreach.models import Campaign, Enrolment, Step
from almoner.outreach.rules import Called
from almoner.outreach.tests import make
from almoner.outreach.tests.make import DAY, NOW, place
from almoner.patients import actions as patient_actions
from almoner.patients.queries import record
from almoner.patients.tests.details import Phone
from almoner.relations import actions as relations
from almoner.relations.models import Call, ClosedAddress, Consent, Message
from almoner.relations.queries import is_troubled
from almoner.relations.rules import Topic
from almoner.relations.tests import make as talk
from almoner.scheduling import actions as scheduling_actions
from almoner.scheduling.tests import make as scheduling

HOUR = timedelta(hours=1)


@pytest.fixture
def who():
    return make.due()


def deliver(at=NOW):
    """What the outbox's worker does with everything that waits."""
    for item in Outgoing.objects.filter(state="waiting").order_by("pk"):
        outbox.try_delivery(item.pk, at=at)


def run(at=NOW):
    actions.send_due(at=at)
    deliver(at)


def called(officer, here, how=Called.NO_ANSWER, *, number="", at=NOW):
    """An officer takes somebody of the list, and their call ends so."""
    actions.take_call(officer=officer, at=at, enrolment_id=here.pk)
    actions.record_call(officer=officer, enrolment=here, called=how, said="", number=number, at=at)


def books(patient, **facts):
    return scheduling.appointment(patient=patient, asked_at=NOW + HOUR, **facts)


def test_somebody_due_is_written_to_once_in_their_language(mara, who, sent):
    spanish = make.due("Paz", language="es-MX")
    row = make.started(mara)

    run()
    run(NOW + HOUR)

    texts = dict(sent)
    assert len(sent) == 2
    assert texts[who.phones.get().number].startswith("Blue Harbor Clinic: It has been a while")
    assert "Responda ALTO" in texts[spanish.phones.get().number]
    assert place(row, who).state == "reached"
    assert Step.objects.filter(enrolment=place(row, who)).count() == 1


def test_no_more_are_written_to_in_a_day_than_the_pace(mara, sent):
    for each in range(5):
        make.due(f"Due {each}")
    make.started(mara, pace=2)

    counted = []
    for day in range(4):
        run(NOW + day * DAY)
        counted.append(len(sent))

    assert counted == [2, 4, 5, 5]


def test_the_pace_holds_also_after_days_on_which_nothing_ran(mara, sent):
    for each in range(5):
        make.due(f"Due {each}")
    make.started(mara, pace=2)

    run(NOW + 9 * DAY)

    assert len(sent) == 2


def test_whoever_does_not_react_is_reminded_once(mara, who, sent):
    make.started(mara, remind_after_days=10)

    for day in (0, 9, 10, 11, 25):
        run(NOW + day * DAY)

    assert len(sent) == 2


def test_those_held_out_are_never_written_to_and_the_database_sees_to_it(mara, sent):
    people = [make.due(f"Due {each}") for each in range(12)]
    row = make.started(mara, held_out_percent=50)
    out = [each for each in people if place(row, each).held_out]

    run()
    run(NOW + 40 * DAY)

    assert 0 < len(out) < 12
    assert {to for to, _ in sent}.isdisjoint(each.phones.get().number for each in out)
    for change in ({"steps": 1}, {"state": "waiting"}, {"next_at": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Enrolment.objects.filter(campaign=row, held_out=True).update(**change)


def test_a_booking_stops_it_in_its_own_transaction_and_takes_back_what_waits(mara, who, sent):
    row = make.started(mara)
    actions.send_due(at=NOW)

    visit = books(who)

    here = place(row, who)
    assert (here.state, here.stopped_why, here.booked_id) == ("stopped", "booked", visit.pk)
    assert Message.objects.get(patient=who).outgoing.state == "withdrawn"
    deliver()
    assert sent == []


def test_a_booking_that_does_not_stand_stops_nothing(mara, who):
    row = make.started(mara)

    with transaction.atomic():
        books(who)
        transaction.set_rollback(True)

    assert place(row, who).state == "waiting"


def test_a_booking_of_another_kind_does_not_stop_a_campaign_for_one(mara, who):
    wanted, other = scheduling.facility.visit_type("Check-up"), scheduling.facility.visit_type("X")
    row = make.started(mara, visit_type_id=wanted.pk)

    books(who, visit_type=other)
    assert place(row, who).state == "waiting"

    books(who, visit_type=wanted, starts_at=scheduling.at(11))
    assert place(row, who).stopped_why == "booked"


def test_a_booking_taken_back_lets_it_go_on(mara, ana, who, sent):
    row = make.started(mara)
    visit = books(who)

    scheduling_actions.undo(officer=ana, appointment=visit, at=NOW + HOUR + timedelta(seconds=5))
    assert place(row, who).state == "waiting"

    run(NOW + 2 * HOUR)
    assert len(sent) == 1


@pytest.mark.parametrize(
    ("words", "why"), [("STOP", "opted_out"), ("Can I come on Friday?", "replied")]
)
def test_an_answer_stops_it_in_its_own_transaction(mara, who, sent, words, why):
    row = make.started(mara, remind_after_days=3)
    run()

    talk.text_in(words, sender=who.phones.get().number, at=NOW + HOUR)

    assert place(row, who).stopped_why == why
    run(NOW + 5 * DAY)
    assert [body for _to, body in sent if "It has been a while" in body] == [sent[0][1]]


@pytest.mark.parametrize("words", ["HELP", "START"])
def test_a_word_that_is_answered_by_itself_does_not_stop_it(mara, who, sent, words):
    row = make.started(mara, remind_after_days=3)
    run()

    talk.text_in(words, sender=who.phones.get().number, at=NOW + HOUR)

    assert place(row, who).state == "reached"


def test_an_answer_from_a_familys_number_stops_it_for_all_it_was_written_to(mara, sent):
    shared = make.number()
    one, other = (make.due(name, phones=(Phone(shared),)) for name in ("One", "Other"))
    row = make.started(mara)
    run()

    talk.text_in("We will call you", sender=shared, at=NOW + HOUR)

    assert {place(row, each).stopped_why for each in (one, other)} == {"replied"}


def test_words_from_another_of_their_addresses_stop_it_once_somebody_says_whose_they_are(mara, ana):
    who = make.due(phones=(Phone(make.number(), may_text=False),), emails=("w@people.example",))
    row = make.started(mara, remind_after_days=3)
    actions.send_due(at=NOW)

    came = talk.text_in("I got your e-mail", sender=who.phones.get().number, at=NOW + HOUR)
    assert place(row, who).state == "reached"
    relations.recognise(officer=ana, received=came, patient_id=who.pk, at=NOW + HOUR)

    assert place(row, who).stopped_why == "replied"


def test_an_answered_e_mail_stops_it(mara, sent):
    who = make.due(phones=(), emails=("Who@people.example",))
    row = make.started(mara, remind_after_days=3)
    actions.send_due(at=NOW)
    assert Message.objects.get().channel == "email"

    talk.mail_in("Please call me", sender="who@people.example", at=NOW + HOUR)

    assert place(row, who).stopped_why == "replied"


def test_an_answer_written_in_the_account_stops_it(mara, who, sent):
    row = make.started(mara, remind_after_days=3)
    run()

    writer = relations.Writer(patient_id=who.pk, account_id=1, name="Cy Garcia")
    relations.open_thread(
        writer=writer, topic=Topic.VISIT, subject="Your text", words="I come on Friday", key="1",
        at=NOW + HOUR,
    )  # fmt: skip

    assert place(row, who).stopped_why == "replied"
    run(NOW + 5 * DAY)
    assert len(sent) == 1


def test_whose_e_mails_come_back_is_called(mara, who):
    shut = make.due("Shut", phones=(Phone(make.number(), may_text=False),), emails=("S@x.example",))
    item = outbox.put(
        channel="email", key="earlier", payload={"to": "S@x.example"}, about=shut, at=NOW,
        patient_id=shut.pk,
    )  # fmt: skip
    closed = ClosedAddress.objects.create(
        address="s@x.example", why="bounced", outgoing=item, at=NOW
    )
    terms = queries.Terms()

    assert queries.standing([shut.pk], terms, at=NOW)[shut.pk].channel == "call"
    row = make.started(mara)
    actions.send_due(at=NOW)
    assert place(row, shut).state == "calling"
    closed.opened_at, closed.opened_by_id, closed.opened_why = NOW, mara.pk, "Looked"
    closed.save()
    terms = replace(terms, campaign_id=row.pk)
    assert queries.standing([shut.pk], terms, at=NOW)[shut.pk].channel == "email"


def test_a_word_on_e_mails_holds_however_the_address_is_written(ana):
    who = make.due(phones=(), emails=("Who@People.example",))
    relations.record_consent(
        officer=ana, patient_id=who.pk, channel="email", address="who@people.example",
        purpose="care", given=False, words="No e-mails", at=NOW,
    )  # fmt: skip

    assert queries.standing([who.pk], queries.Terms(), at=NOW)[who.pk].left == "opted_out"


def test_an_e_mail_that_advertises_ends_with_the_link_that_ends_such(mara, ana, settings):
    settings.ADDRESS = "https://desk.example"
    who = make.due(phones=(), emails=("who@people.example",))
    relations.record_consent(
        officer=ana, patient_id=who.pk, channel="email", address="who@people.example",
        purpose="marketing", given=True, words="Yes", at=NOW,
    )  # fmt: skip
    make.started(mara, purpose="marketing")

    actions.send_due(at=NOW)

    message = Message.objects.get()
    assert message.body.splitlines()[-1] == relations.no_more_link(message.pk)
    assert relations.end_mails(message_id=message.pk, by_program=False, at=NOW)


def test_an_e_mail_of_care_has_no_such_link(mara, settings):
    settings.ADDRESS = "https://desk.example"
    make.due(phones=(), emails=("who@people.example",))
    make.started(mara)

    actions.send_due(at=NOW)

    assert Message.objects.get().body.endswith("answer and say so.")


def breaks_for(patient, monkeypatch):
    """Writing to this one fails, whatever it is of."""
    broken, reach_out = patient.phones.get().number, relations.reach_out

    def fails(to, *arguments, **facts):
        if to.address == broken:
            raise ZeroDivisionError
        return reach_out(to, *arguments, **facts)

    monkeypatch.setattr(sending.relations, "reach_out", fails)


def test_somebody_whose_step_fails_stops_nobody_behind_them(mara, monkeypatch):
    first, second = make.due("First"), make.due("Second")
    row = make.started(mara)
    Enrolment.objects.filter(patient=first).update(next_at=NOW - HOUR)
    breaks_for(first, monkeypatch)
    with pytest.raises(ExceptionGroup, match="enrolment: 1 failed"):
        actions.send_due(at=NOW)

    assert (place(row, first).state, place(row, second).state) == ("waiting", "reached")


def test_who_always_fails_keeps_no_place_of_the_pace_from_those_behind(mara, monkeypatch):
    first, second = make.due("First"), make.due("Second")
    row = make.started(mara, pace=1)
    Enrolment.objects.filter(patient=first).update(next_at=NOW - HOUR)
    Enrolment.objects.filter(patient=second).update(next_at=NOW)
    breaks_for(first, monkeypatch)
    with pytest.raises(ExceptionGroup):
        actions.send_due(at=NOW)
    assert actions.send_due(at=NOW + timedelta(minutes=1)) == 1
    assert place(row, second).state == "reached"

    monkeypatch.undo()
    actions.send_due(at=NOW + DAY)
    assert place(row, first).state == "reached"


def test_a_machines_e_mail_stops_nothing(mara):
    who = make.due(phones=(), emails=("who@people.example",))
    row = make.started(mara, remind_after_days=3)
    actions.send_due(at=NOW)

    relations.receive_mail(
        sender="who@people.example", message_id="<1@x>", subject="Away", body="I am away",
        attached=(), by_machine=True, answers=None, at=NOW + HOUR,
    )  # fmt: skip

    assert place(row, who).state == "reached"


def test_a_case_and_a_death_stop_it(mara, ana, who):
    dies = make.due("Dies")
    row = make.started(mara)

    talk.case(ana, patient_id=who.pk, at=NOW)
    kept = record(dies.pk, reading=access.reading(ana, at=NOW))
    dead = replace(kept.details, deceased=True, deceased_date=date(2026, 2, 28))
    patient_actions.change(
        officer=ana, patient_id=dies.pk, details=dead, version=kept.version, at=NOW
    )

    assert place(row, who).stopped_why == "case"
    assert place(row, dies).stopped_why == "deceased"


def test_consent_taken_back_otherwise_is_seen_before_the_step(mara, who, sent):
    row = make.started(mara, channels=("sms",))
    who.phones.update(may_text=False)

    run()

    assert (sent, place(row, who).stopped_why) == ([], "opted_out")


def test_advertising_is_sent_as_advertising(mara, sent, ana):
    who = make.due()
    number = who.phones.get().number
    Consent.objects.create(
        channel="sms", address=number, purpose="marketing", given=True, how="told",
        evidence="said so", at=NOW, by_id=ana.pk,
    )  # fmt: skip
    make.started(mara, purpose="marketing")
    actions.send_due(at=NOW)
    item = Outgoing.objects.get(channel="sms")
    assert (item.payload["purpose"], item.payload["asked_for"]) == ("marketing", False)

    Consent.objects.create(
        channel="sms", address=number, purpose="marketing", given=False, how="told",
        evidence="no more", at=NOW, by_id=ana.pk,
    )  # fmt: skip
    deliver()

    assert sent == []


def test_at_night_it_waits_for_the_morning(mara, who, sent):
    night = NOW + timedelta(hours=14)  # 2 AM
    make.started(mara, at=night)

    actions.send_due(at=night)
    deliver(night)
    assert sent == []

    deliver(night + timedelta(hours=7))
    assert len(sent) == 1


def test_whom_nobody_can_write_to_is_called(mara, ana, sent):
    who = make.due(phones=(Phone(make.number(), may_text=False),))
    row = make.started(mara)

    run()

    assert (sent, place(row, who).state) == ([], "calling")
    reading = access.reading(ana, at=NOW)
    assert [line.patient_id for line in queries.to_call(number=1, reading=reading)] == [who.pk]
    called(ana, place(row, who), number=who.phones.get().number)
    assert Call.objects.get().disposition == "no_answer"
    assert queries.waiting(NOW + HOUR) == 0
    assert queries.waiting(NOW + DAY) == 1


def test_a_call_list_ends_with_the_third_call_a_no_or_a_booking(mara, ana):
    unheard, declines, books_ = (
        make.due(name, phones=(Phone(make.number(), may_text=False),)) for name in "ABC"
    )
    row = make.started(mara)
    actions.send_due(at=NOW)

    for day in range(3):
        called(ana, place(row, unheard), at=NOW + day * DAY)
    called(ana, place(row, declines), Called.DECLINED)
    books(books_)

    assert [place(row, each).stopped_why for each in (unheard, declines, books_)] == [
        "unreached", "declined", "booked",
    ]  # fmt: skip
    with pytest.raises(actions.OutreachRefused):
        called(ana, place(row, declines))
    assert Call.objects.filter(patient=declines).count() == 1


def test_two_officers_never_call_one_person(mara, ana):
    bea = access.officer("bea")
    people = [make.due(name, phones=(Phone(make.number(), may_text=False),)) for name in "AB"]
    row = make.started(mara)
    actions.send_due(at=NOW)

    assert actions.take_call(officer=ana, at=NOW)
    assert actions.take_call(officer=bea, at=NOW)
    assert not actions.take_call(officer=mara, at=NOW)

    taken = {place(row, each).taken_by_id: each for each in people}
    assert taken.keys() == {ana.pk, bea.pk}
    with pytest.raises(actions.OutreachRefused):
        called(bea, place(row, taken[ana.pk]))
    actions.give_back(officer=ana, at=NOW)
    assert actions.take_call(officer=mara, at=NOW)
    assert actions.take_call(officer=ana, at=NOW + 31 * timedelta(minutes=1))  # left lying


def test_whom_a_text_does_not_reach_is_called_and_is_nobodys_undelivered_message(mara, who, sent):
    row = make.started(mara)
    run()
    message = Message.objects.get()

    Outgoing.objects.filter(pk=message.outgoing_id).update(state="failed")
    assert actions.go_on_otherwise(message_id=message.pk, at=NOW)
    assert not actions.go_on_otherwise(message_id=message.pk, at=NOW)

    assert place(row, who).state == "calling"
    assert not is_troubled(message.pk)


def test_without_calls_it_ends_there(mara, who, sent):
    row = make.started(mara, channels=("sms", "email"))
    run()

    actions.go_on_otherwise(message_id=Message.objects.get().pk, at=NOW)

    assert place(row, who).stopped_why == "no_way"


def test_a_paused_campaign_writes_to_nobody_and_shifts_those_whose_day_had_not_come(mara, sent):
    people = [make.due(f"Due {each}") for each in range(4)]
    row = make.started(mara, pace=2)
    run()
    before = {each.pk: place(row, each).starts_at for each in people}

    actions.pause(officer=mara, campaign=row, at=NOW + HOUR)
    run(NOW + 3 * DAY)
    assert len(sent) == 2
    actions.resume(officer=mara, campaign=row, at=NOW + HOUR + 3 * DAY)

    later = [place(row, each).starts_at - before[each.pk] for each in people]
    assert sorted(later) == [0 * DAY, 0 * DAY, 3 * DAY, 3 * DAY]
    run(NOW + 4 * DAY)
    assert len(sent) == 4


def test_a_finished_campaign_leaves_everybody_alone_and_takes_back_what_waits(mara, who, sent):
    row = make.started(mara)
    actions.send_due(at=NOW)

    actions.finish(officer=mara, campaign=row, at=NOW)
    deliver()
    run(NOW + DAY)

    assert (sent, place(row, who).stopped_why) == ([], "finished")
    with pytest.raises(actions.OutreachRefused):
        actions.resume(officer=mara, campaign=row, at=NOW)


def test_after_their_days_people_are_let_be(mara, who, sent):
    row = make.started(mara, window_days=30)
    run()

    run(NOW + 30 * DAY)

    assert place(row, who).state == "over"


@pytest.fixture
def paz():
    return access.officer("paz", roles=("administrator",))


def test_words_of_ones_own_are_read_by_another_before_it_starts(mara, paz, who):
    draft = make.campaign(mara, spanish="Hola {phone}")
    with pytest.raises(actions.OutreachRefused, match="not_reviewed"):
        actions.start(officer=mara, campaign=draft, at=NOW)
    with pytest.raises(actions.OutreachRefused, match="own_words"):
        actions.approve_words(officer=mara, campaign=draft, read=draft.said, at=NOW)

    actions.approve_words(officer=paz, campaign=draft, read=draft.said, at=NOW)

    assert actions.start(officer=mara, campaign=draft, at=NOW).state == "running"


def test_words_that_are_changed_are_read_again_and_not_by_who_changed_them(mara, paz, who):
    draft = make.campaign(mara, spanish="Hola {phone}")
    actions.approve_words(officer=paz, campaign=draft, read=draft.said, at=NOW)
    slower = make.plan(spanish="Hola {phone}", pace=2)
    kept = actions.change_campaign(officer=paz, campaign=draft, plan=slower, at=NOW)
    assert (kept.reviewed_by_id, kept.authors) == (paz.pk, [mara.pk])

    other = make.plan(spanish="Buenos días {phone}")
    changed = actions.change_campaign(officer=paz, campaign=draft, plan=other, at=NOW)

    assert (changed.reviewed_at, changed.authors) == (None, sorted([mara.pk, paz.pk]))
    third = access.officer("third", roles=("manager",))
    with pytest.raises(actions.OutreachRefused, match="changed"):
        actions.approve_words(officer=third, campaign=draft, read=draft.said, at=NOW)
    with pytest.raises(actions.OutreachRefused, match="own_words"):
        actions.approve_words(officer=paz, campaign=changed, read=changed.said, at=NOW)


@pytest.mark.parametrize(
    ("facts", "named"),
    [
        ({"state": "running", "started_at": NOW, "started_by_id": 1}, "campaign_words_reviewed"),
        ({"reviewed_at": NOW, "reviewed_by_id": "mara"}, "campaign_reviewed_by_another"),
        ({"reviewed_at": NOW}, "campaign_reviewed_by_another"),
        ({"words": "mine"}, "campaign_words_known"),
    ],
)
def test_the_database_keeps_unread_words_from_leaving(mara, facts, named):
    draft = make.campaign(mara, spanish="Hola {phone}")
    said = {name: mara.pk if value == "mara" else value for name, value in facts.items()}

    with pytest.raises(IntegrityError, match=named):
        Campaign.objects.filter(pk=draft.pk).update(**said)


def test_nothing_starts_twice_or_for_nobody(mara, who):
    draft = make.campaign(mara)
    actions.start(officer=mara, campaign=draft, at=NOW)
    with pytest.raises(actions.OutreachRefused, match="state"):
        actions.start(officer=mara, campaign=draft, at=NOW)
    with pytest.raises(actions.OutreachRefused, match="nobody"):
        make.started(mara)  # whoever was due is in the first

    assert Enrolment.objects.count() == 1


def test_a_draft_takes_its_segment_as_it_asks_now_and_a_campaign_keeps_its_own(mara, who):
    draft = make.campaign(mara)
    segment = draft.version.segment
    asked = {"diagnosis": ["E11"]}
    second = actions.save_segment(
        officer=mara, name=segment.name, conditions=asked, at=NOW, segment=segment
    )
    actions.change_campaign(officer=mara, campaign=draft, plan=make.plan(), at=NOW)
    row = actions.start(officer=mara, campaign=draft, at=NOW)

    actions.save_segment(
        officer=mara, name=segment.name, conditions={"seen": 3}, at=NOW, segment=segment
    )

    assert Campaign.objects.get(pk=row.pk).version_id == second.pk


def test_words_that_cannot_be_filled_in_make_no_campaign(mara):
    with pytest.raises(actions.OutreachRefused, match="words"):
        make.campaign(mara, english="Dear {name}")


@pytest.mark.parametrize("purpose", ["care", "marketing"])
@pytest.mark.parametrize(
    "words", [{"english": "Your diabetes asks for it"}, {"subject_spanish": "Sus medicamentos"}]
)
def test_words_that_tell_of_health_make_no_campaign(mara, purpose, words):
    with pytest.raises(actions.OutreachRefused, match="health"):
        make.campaign(mara, purpose=purpose, **words)


def test_officers_work_the_list_and_neither_build_nor_start(mara, ana, who):
    draft = make.campaign(mara)

    for act in (actions.start, actions.pause, actions.resume, actions.finish):
        with pytest.raises(PermissionDenied):
            act(officer=ana, campaign=draft, at=NOW)
    with pytest.raises(PermissionDenied):
        make.campaign(ana)
