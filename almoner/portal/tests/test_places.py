"""A place that came free, told by text, taken by a link and a birth date, or by a plain yes."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import get_resolver, reverse

from almoner.access.checks import routes
from almoner.facility.tests import make as facility
from almoner.ground import clock, events
from almoner.ground.models import Event
from almoner.patients.models import Phone as PhoneRow
from almoner.patients.tests.make import Phone
from almoner.patients.tests.make import patient as a_patient
from almoner.portal import actions
from almoner.portal.models import Errand
from almoner.portal.queries import acting_for, token_for
from almoner.portal.tests.make import BORN, NOW
from almoner.relations import actions as relations
from almoner.relations.models import Message
from almoner.scheduling import actions as scheduling
from almoner.scheduling.models import Appointment, PlaceOffer, WaitEntry
from almoner.scheduling.tests import make
from almoner.scheduling.tests.waits import Desk

pytestmark = pytest.mark.django_db
NUMBER = "+16085550142"
NOON = NOW  # noon in Chicago: a text may leave


@pytest.fixture(autouse=True)
def now(monkeypatch, settings):
    facility.organisation()
    settings.ADDRESS = "https://clinic.example"
    told = {"now": NOON}
    monkeypatch.setattr(clock, "now", lambda: told["now"])
    return told


@pytest.fixture
def desk():
    return Desk()


def person(*, number=NUMBER, **facts):
    phones = (Phone(number=number, use="mobile", may_text=True),) if number else ()
    return a_patient(birth_date=BORN, phones=phones, **facts)


def offered(desk, *, who=None, at=NOON, **facts):
    """The offer of the first freed place, and who was told."""
    entry = desk.waits(patient=who or person(), at=at, **facts)
    [offer] = desk.cancels(desk.full_day()[2], at=at)
    assert offer.entry_id == entry.pk
    actions.tell_of_place(event=desk.last("scheduling.offered"), at=at)
    return offer


def path(offer, rest=""):
    return f"/e/{token_for(Errand.objects.get(entry=offer.entry_id).pk)}/{rest}"


def says(where, born=BORN):
    phone = Client()
    phone.post(where, {"month": born.month, "day": born.day, "year": born.year})
    return phone


def body(response):
    return response.content.decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Mon, Mar 2 at 8:40 AM with Linh Ng, MD, Harbor Street, 1 Harbor Street, came free."
               " It is kept for you until 12:20 PM. Take it or say no: https://clinic.example/e/"),
        ("es", "Se lo guardamos hasta las 12:20 p. m.; tómelo o diga que no: https://clinic"),
    ],
)  # fmt: skip
def test_the_text_says_the_place_until_when_and_the_way_to_take_it(desk, language, words):
    offered(desk, who=person(language=language))

    [text] = Message.objects.filter(template="offer")
    assert words in text.body
    assert "Follow-up" not in text.body
    assert text.outgoing.payload["asked_for"] is True
    actions.tell_of_place(event=desk.last("scheduling.offered"), at=NOON)
    assert Message.objects.filter(template="offer").count() == 1


def test_by_night_nobody_is_woken_and_the_desk_is_told(desk):
    desk.waits(patient=person())
    midnight = make.at(23, day=make.MONDAY - timedelta(days=1))

    assert desk.cancels(desk.full_day()[-1], at=midnight) == []

    assert desk.last("scheduling.nobody_told")
    assert scheduling.pass_on(at=make.at(8, day=make.MONDAY)) == 1


def test_who_has_no_phone_that_takes_texts_nor_an_address_is_passed_over(desk):
    desk.waits(patient=person(number=None))
    reached = desk.waits(patient=person())

    [offer] = desk.cancels(desk.full_day()[0])

    assert offer.entry_id == reached.pk


def test_the_link_asks_for_the_birth_date_and_then_shows_what_is_kept(desk):
    offer = offered(desk)

    who = Client().get(path(offer))
    assert "When were you born?" in body(who)
    assert "8:40" not in body(who)
    shown = body(says(path(offer)).get(path(offer, "place/")))
    assert "8:40 AM" in shown
    assert "We keep it for you until 12:20 PM." in shown


def test_taking_it_moves_the_visit_it_replaces(desk):
    visits = desk.full_day()
    late = desk.book(patient=person(), starts_at=make.at(16))
    desk.waits(patient=late.patient, visit=late)
    [offer] = desk.cancels(visits[0])
    actions.tell_of_place(event=desk.last("scheduling.offered"), at=NOON)
    phone = says(path(offer))
    assert "It replaces your visit of Monday, March 2, 4:00 PM." in body(
        phone.get(path(offer, "place/"))
    )

    answer = phone.post(path(offer, "place/take/"), {"offer": offer.pk}, follow=True)

    late.refresh_from_db()
    assert late.starts_at == make.at(8)
    assert "8:00 AM" in body(answer)
    assert Event.objects.get(kind="scheduling.offer_accepted").data["by_patient"] is True


def test_without_a_visit_it_is_booked_and_its_page_opens(desk):
    offer = offered(desk)
    phone = says(path(offer))

    answer = phone.post(path(offer, "place/take/"), {"offer": offer.pk}, follow=True)

    assert "Your visit" in body(answer)
    assert Appointment.objects.get(patient=offer.patient).starts_at == make.at(8, 40)
    again = phone.get(path(offer, "place/"))
    assert "The place is yours." in body(again)
    assert phone.post(path(offer, "place/visit/")).status_code == 302


def test_what_is_over_says_so_and_they_stay_on_the_list(desk, now):
    offer = offered(desk)
    phone = says(path(offer))
    now["now"] = offer.expires_at

    answer = phone.post(path(offer, "place/take/"), {"offer": offer.pk})

    assert answer.status_code == 409
    assert "not kept for you any more" in body(answer)
    assert WaitEntry.objects.get().ended_at is None
    assert not Appointment.objects.filter(patient=offer.patient).exists()


def test_an_older_page_does_not_take_a_newer_offer(desk):
    offer = offered(desk)
    phone = says(path(offer))

    answer = phone.post(path(offer, "place/take/"), {"offer": offer.pk + 1})

    assert answer.status_code == 409
    assert PlaceOffer.objects.get().state == "open"


def test_saying_no_keeps_them_on_the_list_and_leaving_does_not(desk):
    offer = offered(desk)
    phone = says(path(offer))

    declined = phone.post(path(offer, "place/no/"), follow=True)
    assert "You stay on the list" in body(declined)
    left = phone.post(path(offer, "place/leave/"), follow=True)
    assert "We do not tell you any more." in body(left)
    assert WaitEntry.objects.get().ended == "left"


def test_a_plain_yes_by_text_takes_the_one_place_offered_to_that_number(desk):
    offer = offered(desk)

    assert not actions.answer_by_text(sender="+16085550999", body="yes", at=NOON)
    assert not actions.answer_by_text(sender=NUMBER, body="yes if it is before nine", at=NOON)
    assert actions.answer_by_text(sender=NUMBER, body="SÍ", at=NOON)

    offer.refresh_from_db()
    assert offer.state == "accepted"


def test_a_yes_takes_no_offer_whose_own_text_went_to_another_number(desk):
    first = offered(desk)
    scheduling.decline(offer_id=first.pk, at=NOON)
    PhoneRow.objects.filter(patient=first.patient).update(number="+16085550177")
    [second] = desk.cancels(Appointment.objects.get(starts_at=make.at(8), status="booked"), at=NOON)
    actions.tell_of_place(event=desk.last("scheduling.offered"), at=NOON)
    assert second.patient_id == first.patient_id

    assert not actions.answer_by_text(sender=NUMBER, body="yes", at=NOON)
    assert actions.answer_by_text(sender="+16085550177", body="yes", at=NOON)


def test_of_two_offers_to_one_number_a_person_decides_which(desk):
    first, second = person(), person()
    visits = desk.full_day()
    desk.waits(patient=first)
    desk.waits(patient=second)
    for visit in visits[:2]:
        for _offer in desk.cancels(visit):
            actions.tell_of_place(event=desk.last("scheduling.offered"), at=NOON)

    assert PlaceOffer.objects.filter(state="open").count() == 2
    assert not actions.answer_by_text(sender=NUMBER, body="yes", at=NOON)


@pytest.mark.parametrize("how", ["accepted", "declined", "withdrawn", "expired"])
def test_a_text_that_has_not_left_when_the_offer_is_over_does_not_leave(desk, how):
    offer = offered(desk)
    if how == "accepted":
        scheduling.accept(offer_id=offer.pk, at=NOON)
    elif how == "declined":
        scheduling.decline(offer_id=offer.pk, at=NOON)
    elif how == "withdrawn":
        scheduling.leave(entry_id=offer.entry_id, at=NOON)
    else:
        scheduling.pass_on(at=offer.expires_at)

    kind = f"scheduling.offer_{how}"
    events.reaction_named(kind, "almoner.relations.reactions.place_is_over")(desk.last(kind))

    assert Message.objects.get(template="offer").outgoing.state == "withdrawn"


def test_a_text_of_an_offer_is_not_sent_again_once_it_is_over(desk):
    offer = offered(desk)
    message = Message.objects.get(template="offer")
    message.outgoing.state = "failed"
    message.outgoing.save()

    with pytest.raises(relations.MessageRefused, match="not_true"):
        relations.send_again(officer=desk.ana, message=message, at=offer.expires_at)
    assert relations.send_again(officer=desk.ana, message=message, at=NOON)


def test_wrong_birth_dates_close_the_link(desk):
    offer = offered(desk)
    phone = Client()

    statuses = [
        phone.post(path(offer), {"month": 1, "day": 1, "year": 1990}).status_code for _ in range(5)
    ]

    assert statuses[0] == 422
    assert statuses[-1] == 429
    assert says(path(offer)).get(path(offer, "place/")).status_code == 302


GATED = [
    (where, pattern)
    for where, pattern in routes(get_resolver().url_patterns)
    if where.startswith("e/") and hasattr(pattern.callback, "gate")
]


def test_nobody_but_who_said_the_birth_date_of_this_link_gets_anything_from_any_route(desk):
    offer = offered(desk)
    other = offered_to_another(desk)
    token = path(offer).split("/")[2]
    browsers = [Client(), says(path(other))]

    assert len(GATED) == 10
    for browser in browsers:
        for _where, pattern in GATED:
            given = {"token": token} | ({"kind_id": 1} if "kind_id" in _where else {})
            for method in ("get", "post"):
                answer = getattr(browser, method)(reverse(pattern.name, kwargs=given))
                assert answer.status_code in (302, 405, 200, 422)
                assert "8:40" not in body(answer), (pattern.name, method)
                if answer.status_code == 302:
                    assert answer.url.startswith(path(offer))
    assert PlaceOffer.objects.get(pk=offer.pk).state == "open"


def offered_to_another(desk):
    desk.waits(patient=person())
    [offer] = desk.cancels(Appointment.objects.filter(status="booked").first())
    actions.tell_of_place(event=desk.last("scheduling.offered"), at=NOON)
    return offer


def test_as_the_patients_role_only_their_own_waits_and_offers_are_there(desk):
    offer = offered(desk)
    desk.waits()

    with acting_for([offer.patient_id]):
        assert list(PlaceOffer.objects.values_list("id", flat=True)) == [offer.pk]
        assert list(WaitEntry.objects.values_list("patient_id", flat=True)) == [offer.patient_id]
    for column in ("reason", "note", "priority"):
        with (
            pytest.raises(ProgrammingError),
            transaction.atomic(),
            acting_for([offer.patient_id]),
        ):
            list(WaitEntry.objects.values_list(column))


def test_the_page_of_a_place_costs_few_queries(desk, django_assert_max_num_queries):
    offer = offered(desk)
    phone = says(path(offer))

    with django_assert_max_num_queries(12):
        phone.get(path(offer, "place/"))
