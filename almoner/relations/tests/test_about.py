"""What came in is about a visit or a bill: said once, kept, answered about it, found by it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from almoner.access.tests import make as access
from almoner.ground import clock, events
from almoner.ground.constraints import violated
from almoner.ground.models import Event, Outgoing
from almoner.patients.tests import make as patients
from almoner.relations import actions, queries
from almoner.relations.actions import MessageRefused, by_post, conversing
from almoner.relations.actions.settling import Refusal
from almoner.relations.models import Call, CaseThing, Message, Received, Thread
from almoner.relations.queries import about as subjects
from almoner.relations.queries import kept
from almoner.relations.rules import Topic
from almoner.relations.tests.make import NOON, SECOND, case, mail_in, text_in

VISIT, BILL = ("appointment", 71), ("statement", 81)
HERS = "ines@people.example"


class Row:
    """A row of another duty, as an event names it."""

    def __init__(self, kind, number):
        self.__class__ = type(kind.capitalize(), (), {})
        self.pk = number


def happened(kind, patient, thing, **facts):
    return events.record(kind, at=NOON, by=None, about=Row(*thing), patient_id=patient.pk, **facts)


@pytest.fixture(autouse=True)
def carried(clinic, sent, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON + 10 * SECOND)
    return sent


@pytest.fixture
def ines():
    """A patient with a visit and a bill."""
    row = patients.patient(emails=(HERS,))
    happened("scheduling.booked", row, VISIT, when="Tuesday, December 1", clinician="Linh Ng, MD",
             starts_at="2026-12-01T20:20:00+00:00", local_day="2026-12-01",
             local_time="14:20")  # fmt: skip
    happened("billing.statement_sent", row, BILL, number="S-81")
    return row


@pytest.fixture
def ana(client):
    officer = access.officer("ana")
    client.force_login(officer)
    return officer


@pytest.fixture
def wrote(ana, ines):
    """A text of hers that waits."""
    row = text_in("is it still on?")
    return actions.recognise(officer=ana, received=row, patient_id=ines.pk, at=NOON)


def says(officer, row, about=VISIT):
    return actions.say_about(officer=officer, received=row, about=about, at=NOON)


def answers(officer, row, **facts):
    facts = {"about": None, "words": "Yes.", "key": "0" * 32, "up_to": row.pk} | facts
    return actions.answer(officer=officer, received=row, at=NOON, **facts)


def page_of(client, patient, **asked):
    return client.get(reverse("conversation_with", args=[patient.pk]), asked).content.decode()


class TestSaying:
    def test_it_is_kept_with_who_said_so_and_when(self, ana, wrote):
        row = says(ana, wrote)

        assert subjects.about_of(row) == VISIT
        assert (row.about_at, row.about_by_id) == (NOON, ana.pk)
        told = Event.objects.get(kind="relations.about_visit")
        assert (told.patient_id, told.by_id) == (wrote.patient_id, ana.pk)

    def test_again_is_nothing_new_and_it_can_be_taken_back(self, ana, wrote):
        says(ana, wrote)
        says(ana, wrote)
        row = says(ana, wrote, None)

        assert subjects.about_of(row) is None
        kinds = Event.objects.filter(kind__startswith="relations.about_").order_by("id")
        assert [each.kind for each in kinds] == ["relations.about_visit", "relations.about_nothing"]

    @pytest.mark.parametrize("about", [("appointment", 72), ("statement", 71)])
    def test_only_about_what_is_theirs(self, ana, wrote, about):
        other = patients.patient()
        happened("scheduling.booked", other, ("appointment", 72), when="soon")

        with pytest.raises(MessageRefused) as refused:
            says(ana, wrote, about)

        assert refused.value.reason == Refusal.OTHERS

    def test_of_nobody_known_nothing_can_be_said(self, ana, ines):
        with pytest.raises(MessageRefused):
            says(ana, text_in("hello", sender="+16085550199"))

    def test_only_by_whoever_has_conversations(self, wrote):
        with pytest.raises(PermissionDenied):
            says(access.officer("bill", roles=("administrator",)), wrote)

    def test_a_page_refuses_what_is_not_theirs_and_takes_what_is(self, client, ana, wrote):
        where = reverse("received_about", args=[wrote.pk])

        client.post(where, {"about": "statement:82"})
        client.post(where, {"about": "claim:81"})
        assert subjects.about_of(Received.objects.get()) is None
        assert client.post(where, {"about": "statement:81"}).status_code == 204
        assert subjects.about_of(Received.objects.get()) == BILL


class TestTheDatabase:
    @pytest.mark.parametrize(
        ("change", "rule"),
        [
            ({"about_kind": "appointment"}, "received_about_a_kind_and_a_number"),
            ({"about_kind": "claim", "about_id": 71}, "received_about_a_kind_and_a_number"),
            ({"about_kind": "appointment", "about_id": 72}, "about_is_theirs"),
            ({"about_id": 71}, "about_is_theirs"),
        ],
    )
    def test_it_keeps_both_or_neither_of_what_is_theirs(self, wrote, ines, change, rule):
        happened("billing.claim_sent", ines, ("claim", 71))
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            Received.objects.filter(pk=wrote.pk).update(about_at=NOON, **change)

        assert violated(refused.value, rule)

    def test_so_of_a_thread_and_of_what_we_say(self, ana, wrote, ines):
        thread = Thread.objects.create(
            patient=ines, topic="visit", subject="x", opened_at=NOON, last_at=NOON
        )
        message = answers(ana, wrote)
        for rows, change, rule in (
            (Thread, {"about_kind": "statement"}, "thread_about_a_kind_and_a_number"),
            (Thread, {"about_kind": "statement", "about_id": 82}, "about_is_theirs"),
            (Message, {"statement_id": 82}, "about_is_theirs"),
        ):
            with pytest.raises(IntegrityError) as refused, transaction.atomic():
                rows.objects.filter(pk__in=[thread.pk, message.pk]).update(**change)
            assert violated(refused.value, rule)

    def test_who_moves_is_somebody_else_so_it_is_asked_again(self, ana, wrote):
        says(ana, wrote)
        other = patients.patient()

        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            Received.objects.filter(pk=wrote.pk).update(patient=other)

        assert violated(refused.value, "about_is_theirs")


class TestAnswering:
    @pytest.mark.parametrize(
        ("about", "visit_id", "statement_id"), [(VISIT, 71, None), (BILL, None, 81)]
    )
    def test_an_answer_is_about_it_too(self, ana, wrote, about, visit_id, statement_id):
        message = answers(ana, says(ana, wrote, about))

        assert (message.visit_id, message.statement_id) == (visit_id, statement_id)

    def test_a_visit_that_is_chosen_goes_before(self, ana, wrote):
        assert answers(ana, says(ana, wrote), about=("appointment", 70)).visit_id == 70

    def test_what_did_not_arrive_is_sent_again_about_the_same(self, ana, wrote):
        message = answers(ana, says(ana, wrote, BILL))
        Outgoing.objects.filter(pk=message.outgoing_id).update(state="failed")

        again = actions.send_again(officer=ana, message=message, at=NOON)

        assert again.statement_id == 81

    def test_an_e_mail_that_answers_ours_is_about_what_ours_was(self, ana, ines):
        first = mail_in("My bill?", sender=HERS)
        actions.recognise(officer=ana, received=first, patient_id=ines.pk, at=NOON)
        ours = answers(ana, says(ana, first, BILL))

        reply = mail_in("Thank you.", sender=HERS, answers=ours.outgoing_id)

        assert (subjects.about_of(reply), reply.about_at, reply.about_by_id) == (BILL, NOON, None)

    def test_whoever_was_sent_it_on_is_nobody_we_know_and_says_nothing_of_it(self, ana, ines):
        first = mail_in("My bill?", sender=HERS)
        actions.recognise(officer=ana, received=first, patient_id=ines.pk, at=NOON)
        ours = answers(ana, says(ana, first, BILL))

        reply = mail_in("Who is this?", sender="dot@else.example", answers=ours.outgoing_id)

        assert (reply.patient_id, subjects.about_of(reply)) == (None, None)

    def test_of_a_bill_kept_private_no_letter_goes_home(self, ana, ines, monkeypatch):
        row = Received.objects.create(
            conversation_id=conversing.with_person(ines.pk, at=NOON), patient=ines,
            channel="letter", carrier_id="letter 1", sender="Ines", body="My bill", at=NOON,
            meaning="other", work=True, desk="front", answer_by=NOON,
        )  # fmt: skip
        says(ana, row, BILL)
        letter = {
            "officer": ana, "patient_id": ines.pk, "words": "Here it is.", "language": "en",
            "about": None, "up_to": row.pk, "at": NOON,
        }  # fmt: skip
        monkeypatch.setattr(kept, "_private", [lambda kind, number: (kind, number) == BILL])

        with pytest.raises(MessageRefused) as refused:
            by_post.write_letter(key="0" * 32, **letter)

        assert refused.value.reason == Refusal.PRIVATE
        monkeypatch.setattr(kept, "_private", [])
        assert by_post.write_letter(key="0" * 32, **letter).statement_id == 81


class TestInAnAccount:
    @pytest.fixture
    def writer(self, ines):
        return actions.Writer(ines.pk, 5, "Ines")

    def opens(self, writer, about=BILL, key="0" * 32):
        return actions.open_thread(
            writer=writer, topic=Topic.BILL, subject="My bill", words="Why?", key=key, at=NOON,
            about=about,
        )  # fmt: skip

    def test_what_is_written_in_a_thread_is_about_what_it_is(self, writer):
        first = self.opens(writer)
        thread = Thread.objects.get()
        more = actions.post(
            writer=writer, thread_id=thread.pk, words="Please", key="1" * 32, at=NOON
        )

        assert (thread.about_kind, thread.about_id) == BILL
        assert [subjects.about_of(row) for row in (first, more)] == [BILL, BILL]
        assert more.about_by_id is None

    def test_what_an_officer_says_of_one_is_said_of_the_thread(self, writer, ana):
        row = self.opens(writer)
        says(ana, row, VISIT)
        thread = Thread.objects.get()
        more = actions.post(
            writer=writer, thread_id=thread.pk, words="Please", key="1" * 32, at=NOON
        )

        assert subjects.about_of(more) == VISIT
        assert answers(ana, more).visit_id == 71

    def test_it_is_theirs(self, writer):
        with pytest.raises(MessageRefused):
            self.opens(writer, ("statement", 82))
        assert not Thread.objects.exists()


class TestCases:
    def things(self, row):
        return set(CaseThing.objects.filter(case=row).values_list("kind", "item_id"))

    def test_a_case_of_a_message_is_about_what_that_is_about(self, ana, wrote):
        says(ana, wrote)

        row = case(ana, things=(("received", wrote.pk),))

        assert self.things(row) == {("received", wrote.pk), VISIT}

    def test_so_is_one_that_is_open_when_it_is_said(self, ana, wrote):
        row = case(ana, things=(("received", wrote.pk),))
        says(ana, wrote, BILL)

        assert self.things(row) == {("received", wrote.pk), BILL}

    def test_the_page_says_that_it_goes_along_and_does_not_ask_again(self, client, ana, wrote):
        says(ana, wrote, BILL)

        page = client.get(reverse("new_case"), {"from": f"received:{wrote.pk}"}).content.decode()

        assert "Bill S-81" in page
        assert 'value="statement:81"' not in page
        assert 'value="appointment:71"' in page


class TestPages:
    def test_beside_a_message_stands_a_link_to_it(self, client, ana, wrote, ines):
        says(ana, wrote)
        page = page_of(client, ines)

        assert f'href="{reverse("appointment", args=[71])}?for=received:{wrote.pk}"' in page
        assert "Tuesday, December 1, Linh Ng, MD</a>" in page

    def test_a_waiting_message_offers_visits_and_bills(self, client, ana, wrote, ines):
        page = page_of(client, ines)

        assert f'for="about-{wrote.pk}"' in page
        assert '<option value="appointment:71">' in page
        assert '<option value="statement:81">' in page

    def test_who_may_not_know_of_bills_sees_none(self, client, wrote, ines, ana):
        says(ana, wrote, BILL)
        reader = access.officer("linh", roles=("clinician",))
        reading = access.reading(reader)
        lines, _older = queries.thread(queries.with_patient(ines.pk), reading=reading)

        assert not reader.may(subjects.MAY_KNOW_BILLS)
        assert lines[0].about == ()
        assert [each.kind for each in subjects.subjects(ines.pk, [], reader)] == []

    def test_a_conversation_is_narrowed_to_what_is_about_one(self, client, ana, wrote, ines):
        says(ana, wrote)
        answers(ana, wrote)
        call = {"incoming": True, "said": "Moved?", "disposition": "settled", "visit_id": 71}
        actions.log_call_with(officer=ana, patient_id=ines.pk, call=call, at=NOON)
        actions.log_call_with(
            officer=ana, patient_id=ines.pk, call=call | {"visit_id": None, "said": "Parking"},
            at=NOON,
        )  # fmt: skip

        page = page_of(client, ines, about="appointment:71")

        assert all(words in page for words in ("is it still on?", "Yes.", "Moved?"))
        assert "Parking" not in page
        assert "Only what was said about:" in page
        every = page_of(client, ines, about="appointment:71' OR")
        assert "Parking" in every
        assert "Only what was said about:" not in every

    def test_a_call_about_a_bill_is_kept_with_the_bill(self, client, ana, ines):
        call = {"way": "in", "disposition": "settled", "said": "Twice?", "about": "statement:81"}

        client.post(reverse("call_with", args=[ines.pk]), call)

        assert (Call.objects.get().visit_id, Call.objects.get().statement_id) == (None, 81)
        assert "Twice?" in page_of(client, ines, about="statement:81")
        assert "Twice?" not in page_of(client, ines, about="appointment:71")
        [line] = queries.timeline(ines.pk, reading=access.reading(ana), only="messages", by="call")[
            0
        ]
        assert [each.text for each in line.about] == ["S-81"]

    def test_what_is_written_anew_is_about_a_bill(self, client, ana, ines):
        row = actions.write(
            officer=ana, patient_id=ines.pk, channel="email", words="Corrected.", key="0" * 32,
            about=BILL, at=NOON,
        )  # fmt: skip

        assert (row.visit_id, row.statement_id) == (None, 81)
        assert '<option value="statement:81" selected>' in page_of(
            client, ines, about="statement:81"
        )

    def test_a_bill_older_than_those_offered_is_offered_on_the_page_asked_for_it(
        self, client, ana, ines
    ):
        for number in range(90, 97):
            happened("billing.statement_sent", ines, ("statement", number), number=f"S-{number}")
        assert 'value="statement:81"' not in page_of(client, ines)

        page = page_of(client, ines, about="statement:81")
        client.post(
            reverse("call_with", args=[ines.pk]),
            {"way": "in", "disposition": "settled", "about": "statement:81"},
        )

        assert page.count('<option value="statement:81" selected>') == 2  # written, or a call
        assert Call.objects.get().statement_id == 81

    def test_who_may_not_know_of_bills_is_shown_none_with_a_call(self, client, ana, ines):
        call = {"incoming": True, "said": "Twice?", "disposition": "settled", "statement_id": 81}
        actions.log_call_with(officer=ana, patient_id=ines.pk, call=call, at=NOON)
        reader = access.officer("linh", roles=("clinician",))
        reading = access.reading(reader)

        lines, _older = queries.thread(queries.with_patient(ines.pk), reading=reading)

        assert [line.about for line in lines] == [()]
        assert subjects.subjects(ines.pk, [], reader, also=BILL) == []

    def test_nobody_elses_bill_is_offered_or_kept(self, client, ana, ines):
        kit = patients.patient(given="Kit")
        call = {"way": "in", "disposition": "settled", "about": "statement:81"}

        answer = client.post(reverse("call_with", args=[kit.pk]), call)

        assert (answer.status_code, Call.objects.count()) == (422, 0)
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            actions.log_call_with(
                officer=ana, patient_id=kit.pk, at=NOON,
                call={"incoming": True, "said": "", "disposition": "settled", "statement_id": 81},
            )  # fmt: skip
        assert violated(refused.value, "about_is_theirs")

    def test_what_told_of_a_visit_is_about_it(self, ana, ines):
        event = happened(
            "scheduling.moved", ines, VISIT, clinician="Linh Ng, MD", clinician_id=1,
            location="Lakeside", when="Wednesday, December 2", local_day="2026-12-02",
            local_time="14:20", starts_at="2026-12-02T20:20:00+00:00",
            was_when="Tuesday, December 1",
        )  # fmt: skip
        actions.tell_about_visit(event=event, at=NOON)

        found = queries.said_about(ines.pk, VISIT, reading=access.reading(ana))

        assert [line.kind for line in found.lines] == ["message"]

    def test_a_thing_has_the_newest_of_what_was_said_in_few_queries(
        self, ana, ines, django_assert_max_num_queries
    ):
        for number in range(12):
            row = text_in(f"hello {number:02}", at=NOON + number * SECOND)
            actions.recognise(officer=ana, received=row, patient_id=ines.pk, at=NOON)
            says(ana, row)

        with django_assert_max_num_queries(8):
            found = queries.said_about(ines.pk, VISIT, reading=access.reading(ana))

        assert [line.words for line in found.lines] == [f"hello {n:02}" for n in range(4, 12)]
        assert found.older

    def test_the_timeline_says_of_a_message_what_it_is_about(
        self, client, ana, wrote, ines, django_assert_num_queries
    ):
        says(ana, wrote)
        with django_assert_num_queries(2):
            lines, _more = queries.timeline(ines.pk, reading=access.reading(ana), only="messages")
        assert [each.text for each in lines[0].about] == ["Tuesday, December 1, Linh Ng, MD"]

        where = reverse("timeline", args=[ines.pk])
        page = client.get(where, {"only": "messages"}).content.decode()
        assert "Said to be about a visit: “is it still on?”" in page
        assert f'href="{reverse("appointment", args=[71])}?for=appointment:71"' in page
