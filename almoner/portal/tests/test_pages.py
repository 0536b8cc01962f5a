"""The page of a visit: who gets in, what it shows, and what can be done there."""

import re
import time
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import get_resolver

from almoner.access.checks import routes
from almoner.access.models import Officer
from almoner.facility.tests import make as facility
from almoner.ground import clock
from almoner.ground.models import Event
from almoner.patients.tests.make import Phone
from almoner.patients.tests.make import patient as a_patient
from almoner.portal import actions
from almoner.portal.models import VisitLink
from almoner.portal.queries import token_of
from almoner.portal.tests.make import BORN, NOW, linked, path, says
from almoner.relations import actions as relations
from almoner.scheduling import actions as scheduling
from almoner.scheduling.models import Appointment
from almoner.scheduling.tests import make

pytestmark = pytest.mark.django_db
PHONES = (Phone(number="+16085550142", use="mobile", may_text=True),)
OTHER = BORN.replace(year=1985)
RESTS = [
    re.sub("<[a-z]+:[a-z_]+>", "1", where.removeprefix("v/<str:token>/"))
    for where, _pattern in routes(get_resolver().url_patterns)
    if where.startswith("v/<str:token>/")
]


@pytest.fixture(autouse=True)
def clinic(settings):
    facility.organisation()
    settings.ADDRESS = "https://clinic.example"


@pytest.fixture(autouse=True)
def now(monkeypatch):
    told = {"now": NOW}
    monkeypatch.setattr(clock, "now", lambda: told["now"])
    return told


def body(response):
    return response.content.decode()


def told_of(visit):
    """Everything of a visit that a stranger must not see; nothing that a random token may hold."""
    person = f"{visit.patient.given} {visit.patient.family}"
    return {person, str(visit.clinician), visit.location.address_line, "9:00 AM"}


def fresh(visit):
    return Appointment.objects.get(pk=visit.pk)


# --- Getting in


def test_the_link_alone_shows_nothing_and_asks_for_the_birth_date():
    visit = linked()

    page = Client().get(path(visit))

    assert page.status_code == 200
    assert "When were you born?" in body(page)
    assert not [each for each in told_of(visit) if each in body(page)]


def test_the_birth_date_opens_the_visit_and_says_when_with_whom_and_where():
    visit = linked()

    page = says(visit).get(path(visit), follow=True)

    assert page.redirect_chain == [(path(visit, "visit/"), 302)]
    for each in ("Tuesday, March 3", "9:00 AM", str(visit.clinician), visit.location.address_line):
        assert each in body(page)
    assert visit.visit_type.name not in body(page)
    assert visit.patient.family not in body(page)
    assert page["Cache-Control"] == "no-store, private"


def test_wrong_birth_dates_are_counted_down_and_close_the_link(now):
    visit, phone = linked(), Client()
    said = {"month": OTHER.month, "day": OTHER.day, "year": OTHER.year}

    answers = [phone.post(path(visit), said) for _ in range(5)]

    assert [each.status_code for each in answers] == [422] * 4 + [429]
    assert "You can try 4 more times" in body(answers[0])
    assert "You can try once more" in body(answers[3])
    assert 'value="1985"' in body(answers[0])  # what was typed is still there
    assert says(visit).get(path(visit, "visit/")).status_code == 302  # the right one neither
    assert "opens again within a day" in body(Client().get(path(visit)))

    now["now"] += timedelta(days=1)
    assert says(visit).get(path(visit, "visit/")).status_code == 200
    kinds = Event.objects.filter(kind__startswith="portal.").order_by("id")
    assert [each.kind.removeprefix("portal.") for each in kinds] == [
        *["not_let_in"] * 4, "closed", "let_in",
    ]  # fmt: skip


def test_a_day_that_does_not_exist_costs_no_try():
    visit = linked()

    page = Client().post(path(visit), {"month": "2", "day": "30", "year": "1984"})

    assert "There is no such day" in body(page)
    assert VisitLink.objects.get().tries == 0


@pytest.mark.parametrize("token", ["x", "A" * 22, "%00", "ñ", "A" * 5000])
def test_a_made_up_link_leads_nowhere(token):
    linked()

    page = Client().get(f"/v/{token}/")

    assert page.status_code == 404
    assert "This link does not work" in body(page)


def test_a_link_ends_with_its_visit(now):
    visit = linked()
    phone = says(visit)

    now["now"] = visit.ends_at + timedelta(hours=12)

    for rest in RESTS:
        assert phone.get(path(visit, rest)).status_code in {404, 405}
        assert phone.post(path(visit, rest)).status_code in {404, 405}


def test_who_was_let_in_is_asked_again_after_half_an_hour(now, monkeypatch):
    visit = linked()
    phone = says(visit)
    assert phone.get(path(visit, "visit/")).status_code == 200
    said_at = time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: said_at + 29 * 60)
    assert phone.get(path(visit, "visit/")).status_code == 200  # and the half hour begins anew
    monkeypatch.setattr("django.core.signing.time.time", lambda: said_at + 60 * 60)

    late = phone.post(path(visit, "coming/"), follow=True)

    assert "Nothing was changed" in body(late)
    assert fresh(visit).confirmed_at is None


def test_nobody_but_who_said_the_birth_date_of_this_link_gets_anything_from_any_route():
    """Every route and method, as nobody, as another patient, and with a forged word."""
    visit, other = linked(), linked(starts_at=make.at(11))
    stranger, forger = says(other), Client()
    forger.cookies["visit"] = f"{VisitLink.objects.get(appointment=visit).pk}:1:x"
    stranger.cookies["visit"]["path"] = ""  # a browser made to send it everywhere
    assert len(RESTS) > 10

    for somebody in (Client(), stranger, forger):
        for rest in RESTS:
            for method in ("get", "post", "head", "put", "delete"):
                answer = getattr(somebody, method)(path(visit, rest), {"opening": "x"})
                assert not [each for each in told_of(visit) if each in body(answer)], (rest, method)
                none = {404} if rest.startswith("survey/") else set()  # nobody was asked
                assert answer.status_code in {200, 302, 405, 422} | none
    assert fresh(visit).status == "booked"
    assert fresh(visit).confirmed_at is None
    assert fresh(other).confirmed_at is None


def test_an_officers_own_session_opens_no_link(client):
    visit = linked()
    client.force_login(visit_officer())

    assert client.get(path(visit, "visit/")).status_code == 302


def visit_officer():
    return Officer.objects.get(username="ana")


# --- What can be done


def test_coming_is_said_once_and_the_desk_sees_it():
    visit = linked()
    phone = says(visit)

    page = phone.post(path(visit, "coming/"), follow=True)

    assert "We expect you" in body(page)
    assert fresh(visit).confirmed_at == NOW
    phone.post(path(visit, "coming/"))
    [event] = Event.objects.filter(kind="scheduling.confirmed")
    assert (event.by_id, event.patient_id, event.data["by_patient"]) == (
        None, visit.patient_id, True,
    )  # fmt: skip


def test_what_a_patient_does_in_spanish_is_kept_as_staff_reads_it():
    visit = linked(language="es")

    page = says(visit).post(path(visit, "coming/"), follow=True)

    assert "Le esperamos" in body(page)
    [event] = Event.objects.filter(kind="scheduling.confirmed")
    assert event.data["when"] == "Tuesday, March 3, 2026 at 9:00 AM"


def test_what_only_asks_changes_nothing_and_leads_to_the_visit():
    visit = linked()
    phone = says(visit)

    for ask in (phone.head, phone.get):
        assert ask(path(visit, "coming/")).status_code == 302

    assert fresh(visit).confirmed_at is None


def test_a_visit_that_has_begun_or_is_cancelled_offers_nothing(now):
    visit, gone = linked(), linked(starts_at=make.at(11))
    scheduling.cancel_own(appointment=gone, at=NOW)
    for rest in ("times/", "cancel/"):
        assert says(gone).get(path(gone, rest)).status_code == 302

    now["now"] = visit.starts_at
    phone = says(visit)
    assert "I will come" not in body(phone.get(path(visit, "visit/")))
    assert phone.post(path(visit, "coming/")).status_code == 409
    assert fresh(visit).confirmed_at is None


def test_a_visit_is_cancelled_after_one_more_question():
    visit = linked()
    phone = says(visit)

    assert "Cancel this visit?" in body(phone.get(path(visit, "cancel/")))
    assert fresh(visit).status == "booked"
    page = phone.post(path(visit, "cancel/"), follow=True)

    assert "This visit is cancelled." in body(page)
    assert (fresh(visit).status, fresh(visit).cancel_reason) == ("cancelled", "patient")
    assert Event.objects.get(kind="scheduling.cancelled").data["by_patient"] is True
    assert "I will come" not in body(page)


def chosen(page):
    """The first opening that is offered on a page."""
    return body(page).partition('name="opening" value="')[2].partition('"')[0]


def test_another_time_is_chosen_from_the_desks_own_openings():
    visit = linked()
    phone = says(visit)
    times = phone.get(path(visit, "times/"))
    assert "Monday, March 2" in body(times)

    page = phone.post(path(visit, "times/"), {"opening": chosen(times)}, follow=True)

    row = fresh(visit)
    assert (row.starts_at, row.clinician_id) == (make.at(8), visit.clinician_id)
    assert row.confirmed_at == NOW
    assert "Monday, March 2" in body(page)
    [event] = Event.objects.filter(kind="scheduling.moved")
    assert (event.by_id, event.data["by_patient"]) == (None, True)


def test_a_time_that_somebody_took_meanwhile_is_said_and_others_are_offered():
    visit = linked()
    phone = says(visit)
    opening = chosen(phone.get(path(visit, "times/")))
    make.appointment(
        starts_at=make.at(8), clinician=visit.clinician, location=visit.location,
        visit_type=visit.visit_type,
    )  # fmt: skip
    make.days()

    page = phone.post(path(visit, "times/"), {"opening": opening})

    assert page.status_code == 409
    assert "Somebody has just taken that time" in body(page)
    assert chosen(page)
    assert chosen(page) != opening
    assert fresh(visit).starts_at == visit.starts_at


@pytest.mark.parametrize(
    "opening", ["", "x", "2026-03-02T09:00:00|1|1", "2026-03-02T15:00:00+00:00|999999|1", "||"]
)
def test_a_time_that_was_never_offered_changes_nothing(opening):
    visit = linked()

    answer = says(visit).post(path(visit, "times/"), {"opening": opening})

    assert answer.status_code in {404, 422}
    assert fresh(visit).starts_at == visit.starts_at


def test_a_time_outside_the_hours_is_refused_and_the_visit_stands():
    visit = linked()
    night = make.at(2, day=make.MONDAY + timedelta(days=2)).isoformat()

    page = says(visit).post(
        path(visit, "times/"), {"opening": f"{night}|{visit.clinician_id}|{visit.location_id}"}
    )

    assert page.status_code == 409
    assert fresh(visit).starts_at == visit.starts_at


def test_no_time_is_offered_or_taken_that_could_not_be_changed_again(now):
    visit = linked()
    now["now"] = make.at(8)
    phone = says(visit)

    offered = chosen(phone.get(path(visit, "times/")))
    assert offered.startswith("2026-03-02T10:00")
    soon = f"{make.at(9, 55).isoformat()}|{visit.clinician_id}|{visit.location_id}"
    assert phone.post(path(visit, "times/"), {"opening": soon}).status_code == 409
    assert fresh(visit).starts_at == visit.starts_at


def test_a_visit_within_two_hours_is_changed_by_speaking_to_us(now):
    visit = linked()
    now["now"] = visit.starts_at - timedelta(minutes=119)
    phone = says(visit)

    page = phone.get(path(visit, "visit/"))

    assert "To change it, call us" in body(page)
    assert "Choose another time" not in body(page)
    for rest in ("times/", "cancel/"):
        assert phone.post(path(visit, rest)).status_code == 302
    assert fresh(visit).status == "booked"


def test_what_the_desk_did_meanwhile_stands():
    visit = linked()
    phone = says(visit)
    scheduling.cancel(officer=visit_officer(), appointment=visit, reason="clinic", at=NOW)

    page = phone.post(path(visit, "coming/"))

    assert page.status_code == 409
    assert "That could not be done" in body(page)
    assert "This visit is cancelled." in body(page)


# --- Language, texts


def test_it_speaks_the_language_we_wrote_in_and_another_when_asked():
    visit = linked(language="es")
    phone = Client()

    assert "¿Cuándo nació usted?" in body(phone.get(path(visit)))
    assert '<html lang="es"' in body(phone.get(path(visit)))
    assert "When were you born?" in body(phone.get(path(visit) + "?lang=en"))
    assert "When were you born?" in body(phone.get(path(visit)))  # it is remembered
    assert "9:00 a. m." in body(says(visit).get(path(visit, "visit/")))


def test_the_boxes_stand_in_the_order_the_language_says_a_day_in():
    english, spanish = (body(Client().get(path(linked(language=code)))) for code in ("en", "es"))

    assert english.index('id="month"') < english.index('id="day"') < english.index('id="year"')
    assert spanish.index('id="day"') < spanish.index('id="month"') < spanish.index('id="year"')


def test_a_link_is_the_same_each_time_and_kept_as_a_digest_only():
    visit = linked()

    again = actions.link_for(visit.pk, "es", NOW)

    assert again == f"https://clinic.example/v/{token_of(visit.pk)}/"
    [link] = VisitLink.objects.all()
    assert token_of(visit.pk) not in str(bytes(link.digest))
    assert link.language == "en"


def test_there_is_no_link_without_an_address_or_a_birth_date(settings):
    unknown = make.appointment(patient=a_patient(birth_date=None))
    assert actions.link_for(unknown.pk, "en", NOW) == ""
    settings.ADDRESS = ""
    known = make.appointment(starts_at=make.at(11))
    assert actions.link_for(known.pk, "en", NOW) == ""
    assert not VisitLink.objects.exists()


def test_the_page_costs_few_queries(django_assert_max_num_queries):
    visit = linked()
    phone = says(visit)

    with django_assert_max_num_queries(
        34
    ):  # the visit, check-in ahead, forms, video, its estimate, its bill
        phone.get(path(visit, "visit/"))
    with django_assert_max_num_queries(19):
        phone.get(path(visit, "times/"))


def told(visit):
    """The text about the last change of a visit."""
    event = Event.objects.filter(kind__startswith="scheduling.").latest("id")
    [message] = relations.tell_about_visit(event=event, at=NOW)
    return message.body


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Confirm or change it: {link} or call"), ("es", "Confírmela o cámbiela: {link} o")],
)
def test_the_text_about_a_visit_carries_its_link(language, words, settings):
    person = a_patient(birth_date=BORN, language=language, phones=PHONES)
    visit = make.appointment(patient=person, starts_at=make.at(11), asked_at=NOW)

    link = f"https://clinic.example/v/{token_of(visit.pk)}/"
    assert words.format(link=link) in told(visit)
    assert says(visit).get(path(visit, "visit/")).status_code == 200


def test_the_text_about_a_cancelled_visit_leads_nowhere():
    person = a_patient(birth_date=BORN, phones=PHONES)
    visit = make.appointment(patient=person, starts_at=make.at(11), asked_at=NOW)
    told(visit)
    scheduling.cancel_own(appointment=visit, at=NOW)

    assert "/v/" not in told(visit)
