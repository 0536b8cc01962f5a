"""Checking in ahead by a link: what is shown, what is kept, and who sees nothing."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from almoner.access.models import Officer
from almoner.arrivals import actions as arrivals
from almoner.arrivals.models import CardTaken, EarlyCheckIn, Encounter, Said
from almoner.arrivals.queries import fingerprint
from almoner.arrivals.rules.ahead import DETAILS
from almoner.coverage.models import Policy
from almoner.coverage.tests import make as coverage
from almoner.ground import clock
from almoner.patients import actions as patients
from almoner.patients import queries as records
from almoner.patients.queries import wording
from almoner.patients.tests.make import Address, Contact, Email, Phone, picture
from almoner.patients.tests.make import patient as a_patient
from almoner.portal import rules
from almoner.portal.tests.make import BORN, NOW, linked, path, says
from almoner.records.models import Form
from almoner.records.tests import make as forms
from almoner.scheduling import actions as scheduling

pytestmark = pytest.mark.django_db
PRIVATE = (
    "Melody", "they/them", "77 Elmwood", "WI 53703", "(414)", "414555", "cyril@",
    "harborline", "Solveig", "sister", "W1234567",
)  # fmt: skip
"""What is kept of Cy that a link and a birth date may not show."""


@pytest.fixture(autouse=True)
def now(monkeypatch, settings):
    coverage.organisation()
    settings.ADDRESS = "https://clinic.example"
    told = {"now": NOW}
    monkeypatch.setattr(clock, "now", lambda: told["now"])
    return told


@pytest.fixture
def visit():
    cy = a_patient(
        birth_date=BORN,
        name_used="Melody",
        pronouns="they/them",
        addresses=(Address("77 Elmwood Ave", "", "Madison", "WI", "53703"),),
        phones=(Phone(number="+14145550142"),),
        emails=("cyril@harborline.org",),
        contacts=(Contact("Solveig Garcia", relation="sister", phone="+14145550199"),),
    )
    coverage.policy(cy)
    return linked(patient=cy)


def body(response):
    return response.content.decode()


def page_of(phone, visit):
    return phone.get(path(visit, "check-in/"))


def seen(page, key):
    """The mark of the value that the page shows."""
    return body(page).partition(f'name="seen-{key}" value="')[2].partition('"')[0]


def say(who, visit, key, verdict="right", *, page=None, **typed):
    page = page or page_of(who, visit)
    answer = {"key": key, "verdict": verdict, f"seen-{key}": seen(page, key)} | typed
    return who.post(path(visit, "check-in/say/"), answer)


def policy_key():
    return f"policy-{Policy.objects.get().pk}"


def all_right(phone, visit):
    page = page_of(phone, visit)
    marks = {f"seen-{thing}": seen(page, thing) for thing in DETAILS}
    phone.post(path(visit, "check-in/say/"), {"do": "all"} | marks)
    say(phone, visit, policy_key())
    return say(phone, visit, "new_policy")


def test_the_page_shows_enough_to_know_it_again_and_no_more(visit):
    page = body(page_of(says(visit), visit))

    for part in (
        "M•••", "7••• E••• A•••, Madison", "(•••) •••-••42", "c•••@h•••.org", "S••• G•••",
        "•••567", "Blue Harbor Health", "English",
    ):  # fmt: skip
        assert part in page, part
    assert [each for each in PRIVATE if each in page] == []


def test_what_was_written_is_not_shown_to_whoever_opens_the_link_next(visit):
    phone = says(visit)
    say(phone, visit, "email", "changed", address="secret@elsewhere.net")
    say(phone, visit, "reason", "told", text="a lump that frightens me")

    page = body(page_of(says(visit), visit))

    assert "s•••@e•••.net" in page
    assert "secret@" not in page
    assert "lump" not in page
    assert "You told us" in page


def test_three_taps_finish_it_when_nothing_has_changed(visit):
    phone = says(visit)

    last = all_right(phone, visit)

    assert last.url.endswith("#company")
    assert EarlyCheckIn.objects.get().finished_at == NOW
    assert "There is nothing more to fill in" in body(phone.get(path(visit, "visit/")))
    visit.refresh_from_db()
    assert visit.confirmed_at == NOW


def test_nobody_is_told_that_all_is_filled_in_while_forms_are_to_be_signed(visit):
    forms.ship()
    phone = says(visit)
    all_right(phone, visit)
    pages = ("check-in/", "visit/")

    for page in pages:
        told = body(phone.get(path(visit, page)))
        assert "Please sign your forms below" in told
        assert "nothing more to fill in" not in told

    for form in Form.objects.filter(rules__isnull=False).distinct():
        where = f"{path(visit, 'form/')}?form={form.pk}"
        phone.post(where, {"decline": "1", "reason": "I ask first"})
    for page in pages:
        assert "nothing more to fill in" in body(phone.get(path(visit, page)))


def test_each_answer_is_kept_at_once_and_leads_to_the_next(visit):
    phone = says(visit)

    assert say(phone, visit, "name_used").url.endswith("/check-in/#pronouns")
    again = body(page_of(says(visit), visit))
    assert "You said: right." in again
    assert "Still to answer: 10" in again


def test_what_cannot_be_read_stands_in_its_box_with_what_is_wrong(visit):
    page = say(says(visit), visit, "phone", "changed", number="12 34")

    assert page.status_code == 422
    assert 'value="12 34"' in body(page)
    assert "That is no phone number" in body(page)
    assert not Said.objects.exists()


@pytest.mark.parametrize(
    ("key", "typed", "fault"),
    [
        ("email", {"address": "cy.example"}, "no e-mail address"),
        ("email", {"address": ""}, "Write something"),
        ("address", {"line": "9 Oak", "city": "Ely", "zip_code": "5" * 40}, "five digits"),
        (
            "address",
            {"line": "9 Oak", "city": "Ely", "state": "MN", "zip_code": "ABCDE"},
            "five digits",
        ),
        (
            "address",
            {"line": "9 Oak", "city": "Ely", "state": "Minnesota", "zip_code": "55731"},
            "two letters",
        ),
        ("emergency", {"name": "", "phone": "608 555 0100"}, "Write something"),
        ("language", {"language": "xx"}, "Write something"),
        ("new_policy", {"payer": "Lakeside", "member_id": "*~"}, "as it stands on the card"),
        ("reason", {"text": " \0 "}, "Write something"),
    ],
)
def test_each_fault_is_said_in_plain_words(visit, key, typed, fault):
    page = say(says(visit), visit, key, "changed", **typed)

    assert page.status_code == 422
    assert fault in body(page)
    assert not Said.objects.exists()


def test_an_answer_to_a_page_the_desk_has_overtaken_is_asked_again(visit):
    phone = says(visit)
    page = page_of(phone, visit)
    version, details = records.kept(visit.patient_id)
    patients.change(
        officer=coverage.clerk(), patient_id=visit.patient_id, version=version,
        details=type(details)(**{**_of(details), "emails": (Email("desk@example.org"),)}), at=NOW,
    )  # fmt: skip

    answer = say(phone, visit, "email", page=page)

    assert answer.status_code == 409
    assert "We changed this meanwhile" in body(answer)
    assert not Said.objects.exists()


def _of(details):
    return {name: getattr(details, name) for name in details.__slots__}


@pytest.mark.parametrize(
    ("accepts", "words"), [(True, "we keep it so now"), (False, "left it as it was")]
)
def test_the_page_says_what_the_desk_made_of_a_change(visit, accepts, words):
    phone, ana = says(visit), Officer.objects.get(username="ana")
    say(phone, visit, "email", "changed", address="new@elsewhere.net")
    said = Said.objects.get()
    if accepts:
        mark = fingerprint(said.patient_id, said.thing, said.was)
        arrivals.accept(officer=ana, said_id=said.pk, seen=mark, at=NOW)
    else:
        arrivals.refuse(officer=ana, said_id=said.pk, why="a slip", at=NOW)

    page = body(page_of(phone, visit))

    assert words in page
    assert "a slip" not in page
    say(phone, visit, "email", "changed", address="newer@elsewhere.net")
    assert "The desk looks at it before" in body(page_of(phone, visit))


def test_a_thing_that_is_not_asked_cannot_be_answered(visit):
    other = coverage.policy(a_patient(), member_id="W999")
    phone = says(visit)

    for key in ("", "x", "family", f"policy-{other.pk}", "policy-999999999999999999999"):
        assert say(phone, visit, key).status_code == 404, key
    assert say(phone, visit, "phone", "gone").status_code == 404
    assert say(phone, visit, "email", "told").status_code == 404
    assert not Said.objects.exists()


def test_a_card_is_photographed_and_drawn_anew(visit):
    phone = says(visit)
    key = policy_key()

    phone.post(path(visit, "check-in/card/"), {"key": key, "front": picture("JPEG")})
    phone.post(path(visit, "check-in/card/"), {"key": key, "front": picture("PNG")})
    phone.post(path(visit, "check-in/card/"), {"key": "new_policy", "back": picture("WEBP")})

    assert CardTaken.objects.count() == 2
    assert bytes(CardTaken.objects.get(side="front").jpeg).startswith(b"\xff\xd8")
    assert "We have the photo: Front." in body(page_of(phone, visit))


@pytest.mark.parametrize(
    "upload",
    [b"", b"GIF89a", b"<svg onload=alert(1)>", b"\xff\xd8\xff" + b"x" * 50, b"%PDF-1.7"],
)
def test_what_is_no_picture_is_refused_in_plain_words(visit, upload):
    file = SimpleUploadedFile("card.jpg", upload, content_type="image/jpeg")

    page = says(visit).post(path(visit, "check-in/card/"), {"key": policy_key(), "front": file})

    assert page.status_code == 422
    assert "no picture" in body(page) or "Choose a photo" in body(page)
    assert not CardTaken.objects.exists()


def test_it_opens_three_days_before_and_closes_with_the_check_in(visit, now):
    phone = says(visit)
    now["now"] = visit.starts_at - timedelta(days=4)
    assert page_of(phone, visit).status_code == 302
    assert "Check in now" not in body(phone.get(path(visit, "visit/")))

    now["now"] = visit.starts_at - timedelta(minutes=5)
    assert page_of(phone, visit).status_code == 200
    arrivals.arrive_own(appointment_id=visit.pk, at=now["now"])
    Encounter.objects.update(state="left", left_at=now["now"], left_early="went home")
    assert page_of(phone, visit).status_code == 302
    assert say(phone, visit, "email").status_code in {302, 404}
    assert not Said.objects.exists()


def test_i_am_here_is_said_near_the_visit_only_and_the_page_says_that_the_desk_knows(visit, now):
    phone = says(visit)
    phone.post(path(visit, "here/"), {"do": "here"})
    assert not Encounter.objects.exists()

    now["now"] = visit.starts_at - timedelta(minutes=20)
    phone.post(path(visit, "here/"), {"do": "coming"})
    assert "knows that you are on the way" in body(phone.get(path(visit, "visit/")))
    phone.post(path(visit, "here/"), {"do": "here"})
    again = phone.post(path(visit, "here/"), {"do": "here"}, follow=True)

    assert "knows that you are here" in body(again)
    assert Encounter.objects.get().state == "arrived"


def test_a_cancelled_visit_takes_no_answers(visit):
    phone = says(visit)
    page = page_of(phone, visit)
    scheduling.cancel_own(appointment=visit, at=NOW)

    assert say(phone, visit, "email", page=page).status_code == 302
    assert not Said.objects.exists()


def test_a_stranger_an_expired_entry_and_a_forger_can_say_nothing(visit):
    other = linked(starts_at=visit.starts_at + timedelta(hours=2))
    stranger = says(other)
    stranger.cookies["visit"]["path"] = ""
    page = page_of(says(visit), visit)

    for somebody in (Client(), stranger):
        assert say(somebody, visit, "email", page=page).status_code == 302
        answer = somebody.post(
            path(visit, "check-in/card/"), {"key": policy_key(), "front": picture()}
        )
        assert answer.status_code == 302
        shown = body(somebody.get(path(visit, "check-in/"), follow=True))
        assert [each for each in (*PRIVATE, "Blue Harbor", "•••") if each in shown] == []
    assert not Said.objects.exists()
    assert not CardTaken.objects.exists()


def test_it_costs_the_same_queries_however_much_is_kept(visit, django_assert_max_num_queries):
    phone = says(visit)
    all_right(phone, visit)

    with django_assert_max_num_queries(31):
        page_of(phone, visit)


def test_what_was_said_is_told_in_the_words_of_its_button():
    visit = linked(patient=a_patient(birth_date=BORN, phones=(Phone(number="+14145550142"),)))
    phone = says(visit)

    say(phone, visit, "new_policy")
    say(phone, visit, "email")
    say(phone, visit, "phone")

    page = page_of(phone, visit)
    assert said_of(page, "new_policy") == "You said: I have none and pay myself."
    assert said_of(page, "email") == "You said: I have none."
    assert said_of(page, "phone") == "You said: right."


def said_of(page, key):
    part = body(page).partition(f'id="{key}-name"')[2]
    return " ".join(re.search(r'<p class="answer">([^<]*)', part)[1].split())


def test_it_is_said_how_much_is_asked_forms_too(visit):
    phone = says(visit)
    before = body(phone.get(path(visit, "visit/")))
    assert "your details and your insurance." in before
    assert "forms to sign" not in before
    forms.ship()

    visits, asks = body(phone.get(path(visit, "visit/"))), body(page_of(phone, visit))

    count = len(re.findall(r"/form/[?]form=", visits))
    assert count > 1
    assert f"your insurance, and forms to sign: {count}." in visits
    assert f"Still to answer: 11. Forms to sign: {count}." in asks


def test_it_speaks_spanish_too(visit):
    page = body(says(visit).get(path(visit, "check-in/") + "?lang=es"))

    assert "Todo esto sigue correcto" in page
    assert "Still right" not in page


def test_every_language_a_record_may_name_has_its_own_name():
    assert set(rules.TONGUES) == set(wording.LANGUAGES)
