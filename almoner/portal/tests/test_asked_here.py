"""An officer goes through the patient's own check-in with them, in their own browser."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from almoner.access.models import AccessEvent
from almoner.access.tests import make as access
from almoner.arrivals.models import Said
from almoner.arrivals.rules import Identifier
from almoner.facility.tests import make as facility
from almoner.ground import clock
from almoner.ground.models import Event
from almoner.patients.tests.make import Phone
from almoner.patients.tests.make import patient as a_patient
from almoner.portal import actions
from almoner.portal.models import Sitting
from almoner.portal.rules import kiosks
from almoner.portal.tests.make import BORN, NOW, linked
from almoner.records.models import Answer, Signature
from almoner.records.tests import make as forms

pytestmark = pytest.mark.django_db
TWO = ["birth_date", "phone"]


@pytest.fixture(autouse=True)
def now(monkeypatch, settings):
    settings.ADDRESS = "https://clinic.example"
    facility.organisation()
    forms.ship()
    told = {"now": NOW}
    monkeypatch.setattr(clock, "now", lambda: told["now"])
    return told


@pytest.fixture
def visit(now):
    cy = a_patient(
        given="Cy", family="Example", birth_date=BORN, language="es-MX",
        phones=(Phone(number="+14145550142"),),
    )  # fmt: skip
    return linked(patient=cy)


@pytest.fixture(autouse=True)
def today(visit, now):
    now["now"] = visit.starts_at - timedelta(minutes=20)


@pytest.fixture
def ana(visit):
    return access.officer("amy", location=visit.location)


@pytest.fixture
def desk(ana):
    client = Client()
    client.force_login(ana)
    return client


def body(response):
    return " ".join(response.content.decode().split())


def asks(desk, visit, *said):
    facts = {"identifiers": said or TWO, "for": f"appointment:{visit.pk}"}
    return desk.post(reverse("ask_here", args=[visit.pk]), facts)


def page_of(desk, visit):
    return asks(desk, visit).url


def check_in_of(visit):
    return f"{reverse('check_in', args=[visit.pk])}?for=appointment:{visit.pk}"


def test_the_page_of_check_in_offers_it_by_a_key(desk, visit):
    page = body(desk.get(check_in_of(visit)))

    assert f'formaction="{reverse("ask_here", args=[visit.pk])}"' in page
    assert 'aria-keyshortcuts="i"' in page


def test_the_patients_own_page_opens_in_their_language_with_no_more_than_it_shows(desk, visit, ana):
    page = body(desk.get(page_of(desk, visit)))

    assert '<html lang="es"' in page
    assert "Su llegada" in page
    assert "4145550142" not in page  # in part, like on any screen of theirs
    assert visit.patient.mrn not in page
    assert f'data-home="{check_in_of(visit).replace("&", "&amp;")}"' in page
    assert reverse("here_leave") in page
    row = Sitting.objects.get()
    assert (row.officer_id, row.kiosk, row.language) == (ana.pk, None, "es")


def test_it_is_on_the_log_who_asked_whom_and_by_what_they_knew_them(desk, visit, ana):
    asks(desk, visit)

    event = Event.objects.get(kind="portal.asked_here")
    assert (event.by_id, event.patient_id, event.data["visit_id"]) == (
        ana.pk, visit.patient_id, visit.pk,
    )  # fmt: skip
    look = AccessEvent.objects.get(screen="portal.ask_here")
    assert (look.officer_id, look.patient_ids) == (ana.pk, [visit.patient_id])


@pytest.mark.parametrize("said", [["birth_date"], ["nothing", "phone"], [""]])
def test_nobody_is_asked_before_two_things_say_who_it_is(desk, visit, said):
    answer = asks(desk, visit, *said)

    assert answer.url.startswith(check_in_of(visit))
    assert "First ask who it is" in body(desk.get(answer.url))
    assert not Sitting.objects.exists()


def test_who_may_not_check_in_asks_nobody(visit):
    biller = access.officer("bo", roles=("biller",))
    client = Client()
    client.force_login(biller)

    assert asks(client, visit).status_code == 403
    with pytest.raises(PermissionDenied):
        actions.ask_here(
            officer=biller, appointment_id=visit.pk, days=3, at=clock.now(),
            identifiers=[Identifier.BIRTH_DATE, Identifier.PHONE],
        )  # fmt: skip


def test_what_is_said_is_kept_as_said_at_the_desk_to_that_officer(desk, visit, ana):
    where = page_of(desk, visit)
    page = body(desk.get(where))
    marks = dict(re.findall(r'name="(seen-[\w-]+)" value="(\w+)"', page))

    answer = desk.post(f"{where}say/", {"key": "email", "verdict": "changed",
                                        "address": "cy@new.example"} | marks)  # fmt: skip

    assert answer.url.startswith(where)
    row = Said.objects.get(thing="email")
    assert (row.heard_by_id, row.words) == (ana.pk, {"address": "cy@new.example"})
    event = Event.objects.get(kind="arrivals.said_ahead")
    assert (event.data["heard_by"], event.data["by_patient"]) == (ana.name, True)
    assert f"Said at the desk, to {ana.name}." in body(desk.get(check_in_of(visit)))


def test_a_form_is_answered_and_signed_before_that_officer(desk, visit, ana):
    token = page_of(desk, visit).split("/")[2]
    form = forms.form("consent_to_treat")
    where = f"{reverse('visit_form', args=[token])}?form={form.pk}&from=check-in"
    version = re.search(r'name="version" value="(\d+)"', body(desk.get(where))).group(1)

    answer = desk.post(where, {"version": version, "was.agree": "", "a.agree": "read",
                               "sign": "1", "name": "Cy Example", "capacity": "self",
                               "agrees": "1"})  # fmt: skip

    assert answer.url == f"{reverse('visit_check_in', args=[token])}#forms"
    assert Answer.objects.get(link_id="agree").by_id == ana.pk
    signed = Signature.objects.get()
    assert (signed.session, signed.seen_by_id) == ("desk", ana.pk)


class TestOthers:
    """It leads somewhere in the browser of that officer alone, and for that visit."""

    def test_in_no_other_browser(self, desk, visit):
        where = page_of(desk, visit)
        bea = Client()
        bea.force_login(access.officer("bea"))

        for browser in (Client(), bea):
            answer = browser.get(where)
            assert answer.status_code == 302
            assert answer.url == reverse("board")

    def test_nor_once_they_may_not_check_in_any_more(self, desk, visit, ana):
        where = page_of(desk, visit)
        ana.roles = ["biller"]
        ana.save()

        assert desk.get(where).url == reverse("board")

    def test_what_is_not_done_at_a_kiosk_is_not_done_here(self, desk, visit):
        token = page_of(desk, visit).split("/")[2]

        for name in ("visit_cancel", "visit_times", "visit_pay", "visit_paper", "visit_documents"):
            answer = desk.get(reverse(name, args=[token]))
            assert answer.url == reverse("visit_page", args=[token]), name

    @pytest.mark.parametrize("forged", ["desk-1", "desk-1:x", "kiosk-"])
    def test_no_forged_token_opens_it(self, desk, visit, forged):
        signed = page_of(desk, visit).split("/")[2].removeprefix("desk-")
        token = forged + (signed if forged == "kiosk-" else "")

        answer = desk.get(reverse("visit_check_in", args=[token]))

        assert answer.status_code == 302
        assert answer.url in {reverse("board"), reverse("kiosk")}


class TestItEnds:
    def test_when_the_officer_is_back(self, desk, visit):
        where = page_of(desk, visit)
        token = where.split("/")[2]

        back = desk.post(reverse("here_leave"), {"token": token})

        assert back.url.startswith(check_in_of(visit))
        assert "said=birth_date" in back.url
        assert desk.get(where).url == check_in_of(visit)
        assert 'value="birth_date" checked' in re.sub(r' id="[^"]*"| class="[^"]*"', "", body(
            desk.get(back.url)
        ))  # fmt: skip

    def test_when_nobody_went_on(self, desk, visit, now):
        where = page_of(desk, visit)
        now["now"] += kiosks.SITTING_IDLE

        assert desk.get(where).url == check_in_of(visit)

    def test_when_the_next_is_asked(self, desk, visit):
        first = page_of(desk, visit)
        second = page_of(desk, visit)

        assert desk.get(first).url == check_in_of(visit)
        assert desk.get(second).status_code == 200
        assert Sitting.objects.filter(over_at=None).count() == 1

    def test_nobody_ends_anothers(self, desk, visit):
        token = page_of(desk, visit).split("/")[2]
        bea = Client()
        bea.force_login(access.officer("bea"))

        assert bea.post(reverse("here_leave"), {"token": token}).url == reverse("board")
        assert Sitting.objects.get().over_at is None


def test_a_visit_that_is_not_open_or_a_record_without_a_birth_date_is_not_asked(desk, visit, now):
    visit.patient.birth_date = None
    visit.patient.save()
    assert "does not open" in body(desk.get(asks(desk, visit).url))

    visit.patient.birth_date = BORN
    visit.patient.save()
    now["now"] -= timedelta(days=30)
    asks(desk, visit)
    assert not Sitting.objects.exists()


def test_a_sitting_is_at_a_kiosk_or_at_the_desk(visit):
    with pytest.raises(IntegrityError), transaction.atomic():
        Sitting.objects.create(appointment=visit, language="en", began_at=NOW, seen_at=NOW)
