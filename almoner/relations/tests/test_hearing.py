"""STOP is obeyed in the transaction it comes in by, and what comes in is kept and read."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from almoner.access.tests import make as access
from almoner.facility.models import Organisation
from almoner.ground import clock, events, jobs, outbox
from almoner.ground.constraints import violated
from almoner.ground.models import Event, Outgoing
from almoner.patients.models import Email
from almoner.patients.tests import make as patients
from almoner.relations import actions, queries
from almoner.relations.models import Consent, Received
from almoner.relations.rules import may_send_at
from almoner.relations.tests.make import CYS, NOON, SECOND, queued, text_in

HOUR = timedelta(hours=1)


def leave(*items, at=NOON):
    """Each is tried, as the worker does."""
    for item in items:
        outbox.try_delivery(item.pk, at=at)
        item.refresh_from_db()


def answers():
    return list(Outgoing.objects.filter(payload__purpose="answer").order_by("id"))


# --- STOP, START and HELP.


def test_stop_silences_the_number_for_every_purpose_at_once(clinic, sent):
    before = queued()

    text_in("Stop.")

    leave(before, queued(purpose="billing"), queued(purpose="marketing"))
    assert sent == []
    assert set(Consent.objects.values_list("purpose", "given", "how", "evidence")) == {
        (purpose, False, "text", "Stop.") for purpose in ("care", "billing", "marketing", "survey")
    }
    before.refresh_from_db()
    assert before.state == "failed"
    assert before.trouble == "No texts to this number any more: 11/23/2026, “Stop.”"


def test_stop_is_confirmed_by_one_text_in_its_language_even_at_night(clinic, sent):
    night = NOON + 12 * HOUR

    text_in("ALTO", at=night)
    text_in("alto", at=night + SECOND)

    [answer] = answers()
    leave(answer, at=night)
    [(to, body)] = sent
    assert to == CYS
    assert body.startswith("Northlight: no le enviaremos más mensajes")


def test_start_gives_care_and_billing_back_and_marketing_stays_refused(clinic, sent):
    text_in("STOP")
    text_in("START")

    care, billing, marketing = (queued(purpose=each) for each in ("care", "billing", "marketing"))
    leave(care, billing, marketing)

    assert [each.state for each in (care, billing, marketing)] == ["sent", "sent", "failed"]


def test_without_a_word_of_theirs_care_follows_the_phone_and_marketing_is_not_allowed(clinic, sent):
    cy = patients.patient()
    leave(allowed := queued(patient=cy), marketing := queued(patient=cy, purpose="marketing"))
    cy.phones.update(may_text=False)
    leave(refused := queued(patient=cy))

    assert [each.state for each in (allowed, marketing, refused)] == ["sent", "failed", "failed"]
    assert "agreed" in marketing.trouble
    assert "does not take texts" in refused.trouble


def test_help_is_answered_with_who_we_are_and_how_to_call(clinic, sent):
    text_in("HELP")

    leave(*answers())
    assert "608-555-0100" in sent[0][1]
    assert not Consent.objects.exists()


def test_the_events_name_no_patient_and_no_words_while_nobody_has_said_who_wrote(clinic):
    patients.patient()
    before = Event.objects.latest("id").pk

    for body in ("STOP", "START", "HELP", "I have a rash"):
        text_in(body)

    told = Event.objects.filter(pk__gt=before).order_by("id")
    assert [each.kind for each in told] == [
        "relations.revoked", "relations.given_back", "relations.received", "relations.received",
    ]  # fmt: skip
    assert {each.patient_id for each in told} == {None}
    assert "rash" not in str([each.data for each in told])


@pytest.mark.parametrize(
    ("body", "work"),
    [("STOP", False), ("START", False), ("HELP", False), ("CANCEL", True), ("hello", True)],
)
def test_what_words_do_not_settle_waits_for_somebody(clinic, body, work):
    text_in(body)

    assert Received.objects.filter(work=True).count() == work


def test_a_silenced_number_is_not_offered_and_e_mail_is_used_alone(clinic):
    cy = patients.patient()
    Email.objects.create(patient=cy, address="cy@people.example")
    text_in("STOP")

    reach = queries.reach(cy.pk)

    assert (reach.phone, reach.email) == (None, "cy@people.example")


WORDS = st.sampled_from(["STOP", "alto", "CANCEL", "START", "iniciar", "HELP", "please stop", ""])
PURPOSES = st.sampled_from(["care", "billing", "marketing", "survey", None])
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("in"), WORDS),
        st.tuples(st.just("queue"), PURPOSES),
        st.tuples(st.just("work"), st.none()),
        st.tuples(st.just("told"), st.none()),
    ),
    max_size=14,
)


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=ACTS)
def test_after_any_sequence_nothing_but_an_answer_leaves_to_a_silenced_number(clinic, sent, acts):
    ana = access.Officer.objects.filter(username="ana").first() or access.officer("ana")
    with transaction.atomic():
        silent, ours = False, set()
        waiting = Received.objects.filter(body="please stop", handled_at=None)
        for number, (act, said) in enumerate(acts):
            if act == "in":
                text_in(said, at=NOON + number * SECOND)
                silent = {"STOP": True, "alto": True, "CANCEL": True, "START": False,
                          "iniciar": False}.get(said, silent)  # fmt: skip
            elif act == "queue":
                ours.add(queued(**({"purpose": said} if said else {})).pk)
            elif act == "told" and (row := waiting.first()):
                actions.silence(officer=ana, received=row, at=NOON + number * SECOND)
                silent = True
            elif act == "work":
                for item in Outgoing.objects.filter(state="waiting").order_by("id"):
                    sent.clear()
                    outbox.try_delivery(item.pk, at=NOON)
                    assert not (sent and silent and item.pk in ours)
        transaction.set_rollback(True)


# --- Not at night.


def test_a_text_waits_for_the_morning_there_and_nothing_is_lost(clinic, sent):
    cy = patients.patient()  # in Illinois
    item = queued(patient=cy)
    night = NOON + 12 * HOUR

    wait = outbox.try_delivery(item.pk, at=night)
    item.refresh_from_db()
    assert (sent, item.state, item.attempts, wait) == ([], "waiting", 0, 8 * HOUR)
    assert outbox.try_delivery(item.pk, at=night + wait - SECOND) == SECOND
    assert outbox.try_delivery(item.pk, at=night + wait) is None

    item.refresh_from_db()
    assert (len(sent), item.state, item.attempts) == (1, "sent", 1)


@pytest.mark.django_db(transaction=True)
def test_the_job_of_a_text_that_waits_comes_back_in_the_morning(clinic, sent, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON + 12 * HOUR + SECOND / 2)
    item = queued(patient=patients.patient())

    jobs.deliver(item_id=item.pk)

    with connection.cursor() as sql:
        sql.execute(
            "SELECT scheduled_at - now() FROM procrastinate_jobs"
            " WHERE task_name = 'ground.deliver' AND args ->> 'item_id' = %s"
            "   AND scheduled_at IS NOT NULL",
            [str(item.pk)],
        )
        [(wait,)] = sql.fetchall()
        sql.execute("DELETE FROM procrastinate_jobs")
    assert sent == []
    assert 8 * HOUR - 30 * SECOND < wait <= 8 * HOUR


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(state=st.sampled_from(["IL", "TX", "HI", "AZ", "GU", ""]), hours=st.floats(0, 48))
def test_a_worker_never_sends_at_night_and_every_text_leaves_in_the_end(clinic, sent, state, hours):
    with transaction.atomic():
        cy = patients.patient()
        cy.addresses.update(state=state)
        item, at = queued(patient=cy), NOON + timedelta(hours=hours)
        sent.clear()
        while (wait := outbox.try_delivery(item.pk, at=at)) is not None:
            assert not sent
            at += wait
        assert len(sent) == 1
        assert may_send_at(at, queries.zones(item)) == at
        transaction.set_rollback(True)


@pytest.fixture
def told(clinic):
    """A confirmation on its way to Cy in Illinois, of a visit that begins at ``starts_at``."""

    def tell(starts_at):
        event = events.record(
            "scheduling.booked", at=NOON, by=None, about=clinic, patient_id=patients.patient().pk,
            clinician="Linh Ng, MD", clinician_id=1, location="Lakeside", when="soon",
            local_day="2026-12-01", local_time="14:20", starts_at=starts_at.isoformat(),
        )  # fmt: skip
        [message] = actions.tell_about_visit(event=event, at=NOON)
        return message

    return tell


def test_that_it_waits_stands_on_the_timeline_once(told, sent):
    message = told(NOON + 100 * HOUR)
    night = NOON + 12 * HOUR

    for at in (night, night + HOUR):
        outbox.try_delivery(message.outgoing_id, at=at)

    [line] = Event.objects.filter(kind="relations.waits")
    assert (line.patient_id, line.data["until"]) == (
        message.patient_id, "11/24/2026 8:00 AM CST",
    )  # fmt: skip


def test_what_would_come_after_the_visit_began_is_work_while_somebody_can_still_call(told, sent):
    message = told(NOON + 19 * HOUR)  # seven in the morning

    assert outbox.try_delivery(message.outgoing_id, at=NOON + 12 * HOUR) is None

    message.outgoing.refresh_from_db()
    assert message.outgoing.state == "failed"
    assert "after the visit began" in message.outgoing.trouble


def test_somebody_whose_state_is_not_known_is_where_the_clinic_is(clinic):
    cy = patients.patient()
    cy.addresses.update(state="Ontario", country="CA")
    Organisation.objects.update(time_zone="Pacific/Honolulu")

    assert queries.zones(queued(patient=cy)) == ("Pacific/Honolulu",)


# --- Heard once, whatever the carrier does.


def test_the_same_text_again_changes_nothing(clinic):
    first = actions.receive_text(carrier_id="SM9", sender=CYS, body="STOP", at=NOON)
    again = actions.receive_text(carrier_id="SM9", sender=CYS, body="STOP", at=NOON)

    assert (first is not None, again) == (True, None)
    assert (Received.objects.count(), Consent.objects.count(), len(answers())) == (1, 4, 1)


@pytest.mark.django_db(transaction=True)
def test_two_identical_calls_at_once_are_one_text(clinic):
    def hear(index):
        try:
            return actions.receive_text(
                carrier_id="SM9" if index < 6 else f"SM{index}", sender=CYS, body="STOP", at=NOON
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        heard = list(threads.map(hear, range(8)))

    assert sum(row is not None for row in heard) == 3
    assert (Received.objects.count(), Consent.objects.count(), len(answers())) == (3, 12, 1)


# --- What the database keeps to.


FACTS = {
    "channel": "sms", "address": CYS, "purpose": "care", "given": False, "how": "told",
    "evidence": "Asked on the phone", "at": NOON, "by_id": 1,
}  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"evidence": " \n"}, "consent_has_evidence"),
        ({"by_id": None}, "consent_said_somehow"),
        ({"how": "text", "by_id": None}, "consent_said_somehow"),
        ({"how": "guessed"}, "consent_said_somehow"),
        ({"purpose": "fun"}, "consent_purpose_known"),
        ({"channel": "fax"}, "consent_channel_known"),
        ({"given": True}, "consent_given_back_by_the_patient"),
    ],
)
def test_a_consent_that_cannot_be_is_refused_by_name(clinic, wrong, constraint):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Consent.objects.create(**(FACTS | wrong))

    assert violated(refused.value, constraint)


def test_what_was_said_is_never_changed(clinic):
    row = Consent.objects.create(**FACTS)

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Consent.objects.filter(pk=row.pk).update(given=True)

    assert violated(refused.value, "relations_consent_append_only")
