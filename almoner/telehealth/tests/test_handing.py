"""Pictures with the patient's yes, papers in a call, and what is told of them to whom."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from PIL import Image

from almoner.access.tests import make as access
from almoner.facility.tests import make as facility
from almoner.ground import clock
from almoner.ground.constraints import violated
from almoner.ground.models import Event
from almoner.ledger.tests import make as money
from almoner.records.models import Document
from almoner.telehealth import actions, queries
from almoner.telehealth.actions import NotNow
from almoner.telehealth.models import PictureAsked
from almoner.telehealth.queries.handing import paying_as
from almoner.telehealth.rules import Phone, Role
from almoner.telehealth.seat import cookie_of
from almoner.telehealth.tests import make
from almoner.telehealth.tests.make import admitted, person

pytestmark = pytest.mark.django_db


def shot(kind="JPEG"):
    out = BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, kind)
    return out.getvalue()


def asks(host, at):
    return actions.ask_for_picture(participant=host, at=at)


def answers(patient, row, at, *, yes=True):
    actions.answer_for_picture(participant=patient, asked_id=row.pk, yes=yes, at=at)


def keeps(host, row, at, content=None):
    return actions.keep_picture(participant=host, asked_id=row.pk, content=content or shot(), at=at)


def guest_of(visit, role=Role.INTERPRETER):
    at = make.early(visit)
    token = actions.invite(
        officer=access.officer("ana-2"), appointment_id=visit.pk, role=role, language="es", at=at
    )
    place = actions.accept(token=token, name="Eve", language="es", at=at)
    make.opened(place, 3, at=at)
    return place


def test_a_picture_that_the_patient_allowed_is_in_their_record_with_the_visit():
    visit, linh, patient, host = admitted()
    at = make.early(visit)

    row = asks(host, at)
    answers(patient, row, at)
    document = keeps(host, row, at)

    row.refresh_from_db()
    assert (row.given, row.document_id, row.text) == (True, document.pk, "2026-11")
    assert (document.patient_id, document.visit_id) == (visit.patient_id, visit.pk)
    assert (document.source, document.state, document.kind) == ("call", "filed", "picture")
    assert (document.sent_by_id, document.decided_by_id) == (linh.pk, linh.pk)
    kinds = list(Event.objects.order_by("id").values_list("kind", flat=True))
    assert kinds[-3:] == [
        "telehealth.picture_asked", "telehealth.picture_allowed", "records.document_came",
    ]  # fmt: skip


def test_without_a_yes_no_picture_is_kept():
    visit, _linh, patient, host = admitted()
    at = make.early(visit)
    unanswered = asks(host, at)

    with pytest.raises(NotNow):
        keeps(host, unanswered, at)
    answers(patient, unanswered, at, yes=False)
    with pytest.raises(NotNow):
        keeps(host, unanswered, at)

    assert not Document.objects.exists()
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        PictureAsked.objects.update(document_id=1)
    assert violated(error.value, "picture_kept_with_consent")


def test_one_yes_is_for_one_picture_of_this_moment():
    visit, _linh, patient, host = admitted()
    at = make.early(visit)
    row = asks(host, at)
    answers(patient, row, at)

    with pytest.raises(NotNow):
        keeps(host, row, at + timedelta(minutes=2))
    keeps(host, row, at)
    with pytest.raises(NotNow):
        keeps(host, row, at)

    assert Document.objects.count() == 1


def test_an_answer_is_given_once_and_a_question_lapses():
    visit, _linh, patient, host = admitted()
    at = make.early(visit)
    row = asks(host, at)
    assert asks(host, at) == row  # while it waits there is no other
    answers(patient, row, at, yes=False)

    with pytest.raises(NotNow):
        answers(patient, row, at)
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        PictureAsked.objects.update(given=True)
    assert violated(error.value, "picture_asked_stays")
    later = asks(host, at)
    with pytest.raises(NotNow):
        answers(patient, later, at + timedelta(minutes=3))


def test_only_the_patient_answers_and_only_the_clinician_asks():
    visit, _linh, patient, host = admitted()
    at, guest = make.early(visit), person(guest_of(visit))
    row = asks(host, at)

    for act in (lambda: asks(patient, at), lambda: asks(guest, at), lambda: answers(host, row, at),
                lambda: answers(guest, row, at), lambda: keeps(patient, row, at)):  # fmt: skip
        with pytest.raises(NotNow):
            act()

    row.refresh_from_db()
    assert row.given is None


def test_nothing_is_handed_over_before_the_call_nor_when_it_went_on_by_phone():
    visit, place = make.waiting()
    at = make.early(visit)
    with pytest.raises(NotNow):
        actions.hand_over(participant=person(place), content=shot(), title="x", at=at)

    linh = make.host(visit)
    host = actions.admit(officer=linh, appointment_id=visit.pk, reasons={}, at=at)
    row = asks(person(host), at)
    actions.go_on_by_phone(participant=person(place), reason=next(iter(Phone)), at=at)

    for act in (
        lambda: answers(person(place), row, at),
        lambda: actions.hand_over(participant=person(host), content=shot(), title="x", at=at),
    ):
        with pytest.raises(NotNow):
            act()
    assert not Document.objects.exists()


def test_papers_of_both_sides_wait_at_the_desk_and_the_patient_sees_their_own():
    visit, linh, patient, host = admitted()
    at = make.early(visit)

    mine = actions.hand_over(participant=patient, content=shot("PNG"), title="My skin", at=at)
    theirs = actions.hand_over(participant=host, content=shot(), title="A plan", at=at)

    assert (mine.sent_by_id, theirs.sent_by_id) == (None, linh.pk)
    assert {one.state for one in (mine, theirs)} == {"waiting"}
    told = queries.seats.handed(patient, at=at)["papers"]
    assert [one["title"] for one in told] == ["My skin"]
    assert len(queries.seats.handed(host, at=at)["papers"]) == 2


def test_whoever_was_invited_hands_nothing_over_and_is_told_nothing_of_it():
    visit, _linh, patient, host = admitted()
    place = guest_of(visit, Role.FAMILY)
    at = make.early(visit)
    answers(patient, asks(host, at), at)

    with pytest.raises(NotNow):
        actions.hand_over(participant=person(place), content=shot(), title="x", at=at)

    heard = queries.hear(
        place.participant_id, place.secret, session=person(place).session, told=(), chat_after=0,
        at=at,
    )  # fmt: skip
    assert not {"picture", "papers", "pay"} & heard.room.keys()


def test_the_room_says_how_the_question_stands():
    visit, _linh, patient, host = admitted()
    at = make.early(visit)

    def state(when=at):
        found = queries.seats.handed(patient, at=when)["picture"]
        return found and found["state"]

    assert state() is None
    row = asks(host, at)
    assert state() == "asked"
    assert state(at + timedelta(minutes=3)) == "lapsed"
    answers(patient, row, at)
    assert state() == "given"
    keeps(host, row, at)
    assert state() == "kept"
    assert state(at + timedelta(minutes=9)) is None


# --- By the page


@pytest.fixture
def call(monkeypatch):
    facility.organisation()
    visit, _linh, patient, host = admitted()
    at = make.early(visit)
    monkeypatch.setattr(clock, "now", lambda: at)
    return visit, patient, host


def browser(who, monkeypatch):
    """A browser that holds this place."""
    client = Client()
    monkeypatch.setattr(
        "almoner.telehealth.seat.queries.seat",
        lambda id_, _secret, **_: make.person(actions.Place(id_, "")),
    )
    client.cookies[cookie_of(who.pk)] = "x"
    return client


def posts(client, name, who, said=None, **fields):
    where = reverse(name, args=[who.pk])
    if said is not None:
        return client.post(where, json.dumps(said), content_type="application/json")
    return client.post(where, fields)


def test_a_picture_is_asked_for_allowed_and_kept_by_the_pages(call, monkeypatch):
    visit, patient, host = call
    client = browser(host, monkeypatch)

    assert posts(client, "call_picture_ask", host, {}).status_code == 200
    row = PictureAsked.objects.get()
    early = posts(client, "call_picture_keep", host, id=row.pk, file=_file(shot()))
    yes = posts(client, "call_picture_answer", patient, {"id": row.pk, "yes": True})
    kept = posts(client, "call_picture_keep", host, id=row.pk, file=_file(shot()))

    assert [early.status_code, yes.status_code, kept.status_code] == [409, 200, 200]
    assert Document.objects.get().visit_id == visit.pk


def _file(content, name="a.jpg"):
    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize(
    ("content", "status", "says"),
    [
        (b"<script>", 422, "That is neither a photo"),
        (b"%PDF-1.4 nothing", 422, "That file cannot be read."),
        (shot(), 200, ""),
    ],
)
def test_a_paper_is_taken_or_its_sender_is_told_why_not(call, monkeypatch, content, status, says):
    _visit, patient, _host = call
    client = browser(patient, monkeypatch)

    answer = posts(client, "call_file", patient, title="My paper", file=_file(content))

    assert answer.status_code == status
    assert answer.json().get("says", "").startswith(says)
    assert Document.objects.exists() is (status == 200)


@pytest.mark.parametrize("said", [{}, {"id": 1}, {"id": "x", "yes": True}, {"id": 1, "yes": 1}, []])
def test_what_no_page_says_is_refused(call, monkeypatch, said):
    _visit, patient, _host = call

    answer = posts(browser(patient, monkeypatch), "call_picture_answer", patient, said)

    assert answer.status_code == 400


def test_the_patient_is_shown_where_to_pay_and_nobody_else(call, monkeypatch):
    visit, patient, host = call
    monkeypatch.setattr(queries, "left_to_pay", lambda _id: "$25.00")
    client = browser(patient, monkeypatch)

    def opened(who, token):
        client.cookies[f"pay-{who.pk}"] = token
        return client.get(reverse("call", args=[who.pk])).content.decode()

    page, odd, hosts = opened(patient, "abc:def"), opened(patient, "//evil"), opened(host, "")

    assert 'href="/v/abc:def/pay/"' in page
    assert "$25.00" in page
    assert "evil" not in odd
    assert 'id="pay"' not in hosts
    assert "$25.00" not in hosts
    assert visit.pk


def test_a_payment_that_is_under_way_is_told_in_the_call_and_at_the_desk():
    visit, _linh, patient, host = admitted()
    at = make.early(visit)
    assert queries.seats.handed(patient, at=at)["pay"] == {"state": "", "amount": ""}

    money.card_payment(access.officer("ana-3"), visit.patient, 2_500, visit_id=visit.pk)

    told = {"state": "asked", "amount": "$25.00"}
    assert queries.seats.handed(patient, at=at)["pay"] == told
    assert queries.seats.handed(host, at=at)["pay"] == told
    assert queries.of(visit.pk, clinician_id=None, at=at).paying.said == told


@pytest.mark.parametrize(
    ("state", "shown"),
    [("asked", "asked"), ("sent", "asked"), ("unknown", "asked"), ("completed", "done"),
     ("declined", ""), ("undone", ""), ("", "")],
)  # fmt: skip
def test_only_money_that_came_counts_as_paid(state, shown):
    assert paying_as(state, 2_500).state == shown
