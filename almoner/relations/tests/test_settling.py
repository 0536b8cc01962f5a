"""What a patient hears of a visit that changes, and what becomes of the message."""

from datetime import timedelta

import pytest
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from almoner.access.models import AccessEvent
from almoner.access.queries import WorkItem, reason_for
from almoner.access.tests import make as access
from almoner.edges import sms
from almoner.ground import clock, outbox
from almoner.ground.models import Event, Outgoing
from almoner.patients.models import Phone
from almoner.patients.tests import make as patients
from almoner.relations import actions, queries, rules
from almoner.relations.models import Message
from almoner.relations.rules import SETTLED
from almoner.relations.tests.test_messages import NOON, booked, changed

pytestmark = pytest.mark.usefixtures("clinic")
SECOND = timedelta(seconds=1)
WAS = {
    "local_day": "2026-12-01", "local_time": "14:20:00", "clinician_id": 1, "location_id": None,
    "status": "booked",
}  # fmt: skip
LATER = {"local_day": "2026-12-03", "local_time": "09:00"}


def heard(*changes: Event) -> list[str]:
    """The templates sent when each change's reaction has run, in order, twice."""
    for each in (*changes, *changes):
        actions.tell_about_visit(event=each, at=each.at + SETTLED)
    return list(Message.objects.order_by("id").values_list("template", flat=True))


@pytest.fixture
def cy():
    return patients.patient()


def test_the_patient_is_told_only_when_nobody_can_take_it_back_any_more(cy):
    event = booked(cy)

    [job] = ProcrastinateJob.objects.filter(
        task_name="ground.react",
        args__reaction="almoner.relations.reactions.tell",
        args__event_id=event.pk,
    )
    waits = job.scheduled_at - clock.now()
    assert SETTLED - 5 * SECOND < waits <= SETTLED
    assert not Message.objects.exists()


def test_a_booking_taken_back_is_never_told(cy):
    first = booked(cy)
    undone = changed("undone", cy, at=NOON + 9 * SECOND, undone="scheduling.booked", was=WAS)

    assert heard(first, undone) == []


def test_a_cancellation_taken_back_is_never_told(cy):
    first = booked(cy)
    assert heard(first) == ["booked"]
    gone = changed("cancelled", cy, at=NOON + 60 * SECOND, was=WAS)
    back = changed(
        "undone", cy, at=NOON + 65 * SECOND, undone="scheduling.cancelled",
        was=WAS | {"status": "cancelled"},
    )  # fmt: skip

    assert heard(gone, back) == ["booked"]


def test_a_visit_booked_and_moved_in_one_go_is_one_message_of_where_it_is(cy):
    first = booked(cy)
    moved = changed("moved", cy, at=NOON + 8 * SECOND, was=WAS, **LATER)

    assert heard(first, moved) == ["booked"]
    assert "Thu, Dec 3 at 9:00 AM" in Message.objects.get().body


def test_a_move_and_a_cancellation_that_stand_are_told_each(cy):
    heard(booked(cy))
    heard(changed("moved", cy, at=NOON + 60 * SECOND, was=WAS, **LATER))

    told = heard(changed("cancelled", cy, at=NOON + 120 * SECOND, was=WAS | LATER, **LATER))

    assert told == ["booked", "moved", "cancelled"]


def test_a_change_somebody_else_made_since_is_left_to_that_change(cy):
    first = booked(cy)
    changed("moved", cy, at=NOON + 14 * SECOND, was=WAS, **LATER)

    assert heard(first) == []


def test_moved_and_cancelled_in_one_go_is_told_as_the_visit_the_patient_knew(cy):
    heard(booked(cy))
    moved = changed("moved", cy, at=NOON + 60 * SECOND, was=WAS, **LATER)
    gone = changed("cancelled", cy, at=NOON + 68 * SECOND, was=WAS | LATER, **LATER)

    assert heard(moved, gone) == ["booked", "cancelled"]
    assert "Tue, Dec 1 at 2:20 PM" in Message.objects.get(template="cancelled").body


def test_a_visit_from_before_the_log_is_told_as_cancelled(cy):
    assert heard(changed("cancelled", cy, was=WAS)) == ["cancelled"]


def test_a_message_that_has_not_left_when_the_visit_changes_does_not_leave(cy):
    [first] = actions.tell_about_visit(event=booked(cy), at=NOON)
    gone = changed("cancelled", cy, at=NOON + 60 * SECOND, was=WAS)

    [second] = actions.tell_about_visit(event=gone, at=gone.at + SETTLED)

    states = dict(Outgoing.objects.values_list("key", "state"))
    assert states == {first.outgoing.key: "withdrawn", second.outgoing.key: "waiting"}
    assert outbox.try_delivery(first.outgoing_id, at=gone.at) is None
    first.outgoing.refresh_from_db()
    assert first.outgoing.state == "withdrawn"
    assert Event.objects.filter(kind="relations.withdrawn", about_id=first.pk).exists()


# --- What becomes of it.


@pytest.fixture
def carrier(monkeypatch, settings):
    """A carrier that answers as it is told to."""
    settings.SMS_URL = "http://127.0.0.1:1"
    answers = {"trouble": sms.Refused("no such number")}

    def send(*_arguments, to, **_more):
        answers["to"] = to
        if answers["trouble"]:
            raise answers["trouble"]
        return "SM1"

    monkeypatch.setattr(sms, "send", send)
    return answers


def sent(cy, at=NOON) -> Message:
    [message] = actions.tell_about_visit(event=booked(cy), at=at)
    outbox.try_delivery(message.outgoing_id, at=at)
    return message


@pytest.mark.parametrize(
    ("trouble", "kind", "listed"),
    [
        (None, "relations.sent", False),
        (sms.Refused("no such number"), "relations.failed", True),
        (sms.OutcomeUnknown("silence"), "relations.unknown", True),
        (sms.NotReached("nobody there"), None, False),
    ],
)
def test_a_message_is_queued_first_and_what_became_of_it_is_told_when_known(
    cy, carrier, trouble, kind, listed
):
    carrier["trouble"] = trouble
    reading = access.reading(access.officer("reader"))

    message = sent(cy)

    told = Event.objects.filter(about_kind="message", about_id=message.pk).order_by("id")
    kinds = [each.kind for each in told]
    assert kinds == ["relations.queued"] + ([kind] if kind else [])
    assert told.last().data.get("trouble", "") == (str(trouble or "") if kind else "")
    assert (len(queries.undelivered(number=1, reading=reading).object_list) == 1) is listed
    assert (cy.pk in reading.patient_ids) is listed


class Ana:
    def __init__(self, client):
        self.client = client
        self.officer = access.officer("ana")
        client.force_login(self.officer)

    def does(self, act, message, **said):
        return self.client.post(reverse(f"message_{act}", args=[message.pk]), said)

    def home(self):
        return self.client.get("/").content.decode()


@pytest.fixture
def ana(client):
    return Ana(client)


@pytest.fixture
def now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(hours=1))


def test_a_message_that_did_not_arrive_has_a_line_on_the_first_page_and_a_list(cy, carrier, ana):
    assert "Messages to see to" not in ana.home()
    sent(cy)

    page = ana.client.get(reverse("undelivered")).content.decode()
    listed = AccessEvent.objects.latest("at")
    first = ana.home()
    glimpsed = AccessEvent.objects.latest("at")

    assert "Messages to see to" in first
    assert "no such number" in first
    assert "no such number" in page
    assert (listed.patient_ids, listed.reason_kind) == ([cy.pk], "undelivered")
    assert (glimpsed.patient_ids, glimpsed.reason_kind, glimpsed.grade) == (
        [cy.pk], "message", "A",
    )  # fmt: skip


def test_the_list_is_paged_and_the_first_page_shows_the_oldest_few(carrier):
    for number in range(30):
        sent(patients.patient(family=f"Family {number}"), at=NOON + number * SECOND)
    reading = access.reading(access.officer("reader"))

    first, last = (queries.undelivered(number=n, reading=reading) for n in (1, 2))
    few, count = queries.undelivered_today(most=5, reading=reading)

    assert (len(first.object_list), len(last.object_list), len(few), count) == (25, 5, 5, 30)
    assert first.object_list[0].name == few[0].name == "Family 0, Cy"


@pytest.mark.usefixtures("now")
def test_it_is_sent_again_to_where_the_patient_is_reached_now(cy, carrier, ana):
    message = sent(cy)
    Phone.objects.filter(patient=cy).update(number="+16085550142")
    carrier["trouble"] = None

    answer = ana.does("again", message)

    new = Message.objects.exclude(pk=message.pk).get()
    outbox.try_delivery(new.outgoing_id, at=NOON)
    assert answer.status_code == 204
    assert (new.body, carrier["to"]) == (message.body, "+16085550142")
    assert "Messages to see to" not in ana.home()
    last = Event.objects.filter(about_kind="message").order_by("-id")[:2]
    assert [each.kind for each in last] == ["relations.sent", "relations.requeued"]
    assert last[1].by_id == ana.officer.pk


@pytest.mark.usefixtures("now")
@pytest.mark.parametrize("asked_for", [True, False])
def test_what_somebody_waits_for_is_what_they_wait_for_when_it_is_sent_again(
    cy, carrier, ana, asked_for
):
    [message] = actions.tell(
        patient_id=cy.pk, text=rules.WAITS_IN_ACCOUNT.code, facts=lambda _language: {"link": "x"},
        step="notice-1", asked_for=asked_for, at=NOON,
    )  # fmt: skip
    outbox.try_delivery(message.outgoing_id, at=NOON)

    ana.does("again", message)

    new = Message.objects.exclude(pk=message.pk).get()
    assert new.outgoing.payload["asked_for"] is asked_for


@pytest.mark.usefixtures("now")
def test_it_is_sent_again_once_and_not_when_it_is_not_true_any_more(cy, carrier, ana):
    message = sent(cy)
    changed("moved", cy, at=NOON + 60 * SECOND, was=WAS, **LATER)

    untrue = ana.does("again", message)

    assert "not true any more" in untrue.headers["HX-Trigger"]
    assert Message.objects.count() == 1
    assert "HX-Refresh" in ana.does("handled", message, reason="Told on the phone").headers
    assert "seen to" in ana.does("again", message).headers["HX-Trigger"]


def test_a_visit_that_is_over_is_not_confirmed_again(cy, carrier, ana):
    message = sent(cy)

    with pytest.raises(actions.MessageRefused) as refused:
        actions.send_again(officer=ana.officer, message=message, at=NOON + timedelta(days=30))

    assert refused.value.reason == "not_true"


@pytest.mark.usefixtures("now")
def test_without_any_way_to_the_patient_nothing_is_sent_again(cy, carrier, ana):
    message = sent(cy)
    Phone.objects.filter(patient=cy).delete()

    assert "no phone that takes texts" in ana.does("again", message).headers["HX-Trigger"]
    message.refresh_from_db()
    assert message.handled_at is None


def test_handled_otherwise_asks_why_and_keeps_it(cy, carrier, ana):
    message = sent(cy)

    assert "few words" in ana.does("handled", message, reason=" ").headers["HX-Trigger"]
    ana.does("handled", message, reason="Told on the phone")

    message.refresh_from_db()
    assert (message.handled_why, message.handled_by_id) == ("Told on the phone", ana.officer.pk)
    assert Event.objects.latest("id").kind == "relations.handled"
    assert "Messages to see to" not in ana.home()


def test_who_may_not_write_to_patients_neither_sees_the_list_nor_acts(cy, carrier, client):
    message = sent(cy)
    client.force_login(access.officer("linh", roles=("clinician",)))

    assert client.get(reverse("undelivered")).status_code == 403
    assert client.post(reverse("message_again", args=[message.pk])).status_code == 403
    assert "Messages to see to" not in client.get("/").content.decode()


def test_a_message_explains_a_look_only_while_it_is_work(cy, carrier, ana):
    message = sent(cy)

    def grade():
        item = WorkItem("message", message.pk)
        return reason_for(access.reading(ana.officer, work_item=item), cy.pk).kind

    assert grade() == "message"
    ana.does("handled", message, reason="Told on the phone")
    assert grade() == "said"
