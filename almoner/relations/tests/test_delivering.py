"""The carrier's reports of a text: believed when signed, forward only, and seen to."""

from concurrent.futures import ThreadPoolExecutor
from itertools import permutations

import pytest
from django.db import IntegrityError, connection, transaction

from almoner.access.tests import make as access
from almoner.edges import sms
from almoner.ground import events, outbox
from almoner.ground.constraints import violated
from almoner.ground.models import Event, Outgoing
from almoner.patients.tests import make as patients
from almoner.relations import actions, exchange, queries
from almoner.relations.models import Consent, Delivery
from almoner.relations.rules import Report, trouble
from almoner.relations.tests.make import CYS, NOON, SECOND, queued, text_in

TOKEN = "12345"


@pytest.fixture(autouse=True)
def ours(clinic, settings):
    settings.SMS_WEBHOOK_URL = "https://desk.example/messages/received/"
    settings.SMS_TOKEN = TOKEN


@pytest.fixture
def confirmed(clinic, sent):
    """A confirmation to Cy that the carrier has taken."""
    event = events.record(
        "scheduling.booked", at=NOON, by=None, about=clinic, patient_id=patients.patient().pk,
        clinician="Linh Ng, MD", clinician_id=1, location="Lakeside", when="soon",
        local_day="2026-12-01", local_time="14:20", starts_at="2026-12-01T20:20:00+00:00",
    )  # fmt: skip
    [message] = actions.tell_about_visit(event=event, at=NOON)
    outbox.try_delivery(message.outgoing_id, at=NOON)
    message.outgoing.refresh_from_db()
    return message


def call(client, item, status, *, code="", sid="SM1", mark=None):
    form = {"MessageSid": sid, "MessageStatus": status} | ({"ErrorCode": code} if code else {})
    url = f"https://desk.example/messages/delivery/{item.pk}/"
    given = sms.signature(url, {name: [each] for name, each in form.items()}, TOKEN)
    headers = {sms.SIGNATURE: given if mark is None else mark}
    return client.post(f"/messages/delivery/{item.pk}/", form, headers=headers).status_code


def known(item):
    return list(Delivery.objects.filter(outgoing=item).values_list("state", "code"))


def not_arrived(ana=None):
    reading = access.reading(ana or access.officer("ana"))
    return queries.undelivered(number=1, reading=reading).object_list


# --- The carrier's call.


def test_each_text_leaves_with_the_address_its_reports_come_back_to(clinic, settings, monkeypatch):
    settings.SMS_URL, left = "http://127.0.0.1:1", []
    monkeypatch.setattr(sms, "send", lambda _carrier, **said: left.append(said) or "SM1")

    outbox.try_delivery((item := queued()).pk, at=NOON)

    assert left[0]["report_to"] == f"https://desk.example/messages/delivery/{item.pk}/"


def test_without_an_address_for_the_carrier_none_is_given(settings):
    settings.SMS_WEBHOOK_URL = ""

    assert exchange.report_to(7) == ""


@pytest.mark.parametrize("mark", ["", "forged", "é"])
def test_what_the_carrier_did_not_sign_is_refused_and_nothing_is_written(client, mark):
    assert call(client, queued(), "delivered", mark=mark) == 403
    assert not Delivery.objects.exists()


def test_the_signature_of_one_texts_report_is_not_anothers(client):
    one, other = queued(), queued()
    form = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    url = exchange.report_to(one.pk)
    mark = sms.signature(url, {name: [each] for name, each in form.items()}, TOKEN)

    assert call(client, other, "delivered", mark=mark) == 403


@pytest.mark.parametrize(("status", "sid"), [("", "SM1"), ("dreaming", "SM1"), ("sent", "")])
def test_a_signed_report_that_says_nothing_we_know_is_refused(client, status, sid):
    assert call(client, queued(), status, sid=sid) == 400


def test_a_report_of_no_text_of_ours_is_not_found(client):
    assert call(client, Outgoing(pk=1 << 40), "sent") == 404


def test_a_code_that_is_no_number_is_left_out(client):
    call(client, item := queued(), "failed", code="x1")

    assert known(item) == [("failed", None)]


def test_reports_come_twice_and_the_second_changes_nothing(client, confirmed):
    for _time in range(2):
        assert call(client, confirmed.outgoing, "delivered") == 200

    assert known(confirmed.outgoing) == [("delivered", None)]
    assert Event.objects.filter(kind="relations.delivered").count() == 1


# --- Forward only.


@pytest.mark.parametrize("order", list(permutations(["queued", "sent", "delivered"])))
def test_in_whatever_order_reports_come_the_last_word_is_that_it_arrived(client, order):
    item = queued()

    for status in order:
        call(client, item, status)

    assert known(item) == [("delivered", None)]


def test_the_first_end_stays(client):
    call(client, item := queued(), "undelivered", code="30005")
    call(client, item, "delivered")

    assert known(item) == [("undelivered", 30005)]


def test_a_report_by_another_name_of_the_carriers_changes_nothing(client):
    call(client, item := queued(), "sent")
    call(client, item, "delivered", sid="SM2")

    assert known(item) == [("sent", None)]


@pytest.mark.parametrize(("was", "then"), [("delivered", "sent"), ("sent", "queued"),
                                           ("failed", "delivered")])  # fmt: skip
def test_the_database_refuses_a_step_back_by_name(was, then):
    row = Delivery.objects.create(outgoing=queued(), carrier_id="SM1", state=was, at=NOON)

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Delivery.objects.filter(pk=row.pk).update(state=then)

    assert violated(refused.value, "delivery_moves_forward")


@pytest.mark.django_db(transaction=True)
def test_reports_at_once_end_where_the_text_did():
    item = queued()

    def report(index):
        try:
            word = [Report.QUEUED, Report.SENT, Report.DELIVERED][index % 3]
            actions.record_report(outgoing=item, carrier_id="SM1", report=word, code=None, at=NOON)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(report, range(12)))

    assert known(item) == [("delivered", None)]


# --- What it means.


def test_a_text_that_could_not_be_delivered_is_work_like_one_that_was_refused(client, confirmed):
    ana = access.officer("ana")
    assert not_arrived(ana) == []

    call(client, confirmed.outgoing, "undelivered", code="30006")

    [line] = not_arrived(ana)
    assert (line.state, line.trouble) == (
        "undelivered", "The number may be a landline, which takes no texts: 30006",
    )  # fmt: skip
    actions.handle_otherwise(officer=ana, message=confirmed, why="Called", at=NOON)
    assert not_arrived(ana) == []


def test_the_timeline_says_that_it_arrived_or_why_not(client, confirmed):
    call(client, confirmed.outgoing, "sent")
    call(client, confirmed.outgoing, "undelivered", code="30003")

    told = Event.objects.get(kind="relations.not_delivered")
    assert (told.patient_id, told.data["trouble"]) == (confirmed.patient_id, trouble(30003))


def test_a_report_settles_what_nobody_knew_of(client, confirmed):
    ana = access.officer("ana")
    Outgoing.objects.filter(pk=confirmed.outgoing_id).update(state="unknown")
    assert [line.state for line in not_arrived(ana)] == ["unknown"]

    call(client, confirmed.outgoing, "sent")

    assert not_arrived(ana) == []


def test_who_opted_out_at_the_carrier_is_texted_no_more(client, confirmed):
    call(client, confirmed.outgoing, "undelivered", code="21610")
    call(client, confirmed.outgoing, "undelivered", code="21610")

    assert set(Consent.objects.values_list("purpose", "given", "how")) == {
        (purpose, False, "carrier") for purpose in ("care", "billing", "marketing", "survey")
    }
    assert Consent.objects.count() == 4
    assert queries.silence_of(confirmed.patient_id).how == "carrier"


def test_the_carriers_refusal_at_the_door_silences_too(clinic, settings, monkeypatch):
    settings.SMS_URL = "http://127.0.0.1:1"

    def refuse(_carrier, **_said):
        raise sms.Refused("opted out", 21610)

    monkeypatch.setattr(sms, "send", refuse)
    outbox.try_delivery((item := queued()).pk, at=NOON)

    item.refresh_from_db()
    assert item.trouble == "The carrier says that they have opted out: 21610"
    assert queries.silenced(CYS).how == "carrier"


def test_what_they_said_to_us_after_the_text_was_tried_counts_more(client, confirmed):
    text_in("START", at=NOON + SECOND)

    call(client, confirmed.outgoing, "undelivered", code="21610")

    assert queries.silenced(CYS) is None


def test_any_other_failure_leaves_consent_as_it_is(client, confirmed):
    call(client, confirmed.outgoing, "failed", code="30005")

    assert not Consent.objects.exists()


def test_a_number_we_do_not_know_is_told_with_the_carriers_own_words():
    assert trouble(12345, "strange") == "strange"
    assert trouble(12345) == "The carrier could not deliver it: 12345"
    assert trouble(None) == "The carrier could not deliver it"


def test_the_list_of_what_did_not_arrive_asks_little(confirmed, django_assert_num_queries):
    Delivery.objects.create(outgoing=confirmed.outgoing, carrier_id="S", state="failed", at=NOON)
    reading = access.reading(access.officer("ana"))

    with django_assert_num_queries(2):
        queries.undelivered(number=1, reading=reading)
