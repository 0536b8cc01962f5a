"""Nothing is asked twice: a new patient's way through check-in, forms and video, by what is asked.

What is asked is counted by its meaning, the subject of the registration, wherever it is asked and
by whatever name: an article of check-in, a question of a form, a field of the page before a call.
"""

import json
import re
from collections import Counter
from datetime import timedelta

import pytest

from almoner.access.tests import make as access
from almoner.arrivals.models import EarlyCheckIn, Said
from almoner.arrivals.rules.told import THINGS
from almoner.facility.tests import make as facility
from almoner.ground import clock
from almoner.patients.tests.make import Address, Contact, Phone
from almoner.patients.tests.make import patient as a_patient
from almoner.portal.tests.make import BORN, linked, path, says
from almoner.records import actions
from almoner.records import queries as records
from almoner.records.actions.publishing import SHIPPED as SHIPPED_FORMS
from almoner.records.models import Answer, FormRule, Proposal, Signature
from almoner.records.tests import make as forms
from almoner.telehealth.models import VideoVisit
from almoner.telehealth.tests import make as telehealth

pytestmark = pytest.mark.django_db
SUBJECTS = {str(thing): subject for subject, thing in THINGS.items()}
PRIVATE = ("77 Elmwood", "WI 53703", "(414)", "414555", "cyril@", "Solveig")
"""What is kept of Cy that a link and a birth date may not show."""


@pytest.fixture(autouse=True)
def clinic(settings):
    facility.organisation()
    settings.ADDRESS = "https://clinic.example"


@pytest.fixture
def kind(clinic):
    """The visit type of new patients, for whom the registration is due."""
    kind = facility.visit_type("First visit by video", by_video=True, for_new_patients=True)
    forms.ship()
    return kind


@pytest.fixture
def cy():
    return a_patient(
        birth_date=BORN,
        language="en",
        phones=(Phone(number="+14145550142"),),
        addresses=(Address("77 Elmwood Ave", "", "Madison", "WI", "53703"),),
        emails=("cyril@harborline.org",),
        contacts=(Contact("Solveig Garcia", relation="sister", phone="+14145550199"),),
    )


@pytest.fixture
def visit(cy, kind, monkeypatch):
    """A first visit, by video, that begins in half an hour."""
    visit = linked(patient=cy, visit_type=kind)
    telehealth.text()
    monkeypatch.setattr(clock, "now", lambda: visit.starts_at - timedelta(minutes=30))
    return visit


def body(response):
    return " ".join(response.content.decode().split())


def boxes(page):
    """The names of all that can be filled in on a page, but what it hides."""
    found = re.findall(r"<(?:input|select|textarea)\b[^>]*>", page)
    shown = [tag for tag in found if 'type="hidden"' not in tag]
    return [name for tag in shown for name in re.findall(r'\bname="([^"]+)"', tag)]


def hidden(page, name):
    return re.findall(rf'<input type="hidden" name="{name}" value="([^"]*)">', page)


def asked_in_check_in(page):
    """What is still to be said; what was said can be said otherwise, and is asked no more."""
    articles = re.findall(r'<article class="ask" id="([\w-]+)"([^>]*)>', page)
    return [SUBJECTS.get(key, key) for key, rest in articles if "data-said" not in rest]


def form_path(visit, code="registration"):
    return f"{path(visit, 'form/')}?form={forms.form(code).pk}"


def asked_on_form(page, code="registration"):
    current = records.in_use([forms.form(code).pk])[forms.form(code).pk]
    questions = records.version(current.version_id).definition.questions
    names = {name[2:].partition("@")[0] for name in boxes(page) if name.startswith("a.")}
    fields = [questions[name].field or f"{code}:{name}" for name in sorted(names)]
    return sorted({field.partition(".")[0] for field in fields})


def asked_before_call(page):
    """The number is asked unless the one we have is chosen already."""
    kept = 'name="reach" value="kept" checked' in page
    of = {"callback": "phone", "address": "where now", "state": "state now"}
    names = [name for name in boxes(page) if name in of]
    return [of[name] for name in names if not (name == "callback" and kept)]


def all_right(browser, visit, **said):
    """Everything on the page of check-in is right, but what is said otherwise."""
    page = body(browser.get(path(visit, "check-in/")))
    marks = dict(re.findall(r'name="(seen-[\w-]+)" value="(\w+)"', page))
    for thing, words in said.items():
        browser.post(path(visit, "check-in/say/"), {"key": thing, "verdict": "changed"} | words
                   | marks)  # fmt: skip
    browser.post(path(visit, "check-in/say/"), {"do": "all"} | marks)
    for key in ("new_policy", "devices"):
        browser.post(path(visit, "check-in/say/"), {"key": key, "verdict": "right"} | marks)
    return page


def sign(browser, where, *, right=False, **typed):
    page = body(browser.get(where))
    told = {name: hidden(page, name) for name in ("version", "told", "anew")}
    was = {f"was.{name}": "" for name in typed}
    said = {f"a.{name}": value for name, value in typed.items()}
    facts = {"sign": "1", "name": "Cy Example", "capacity": "self", "agrees": "1"}
    facts |= {"right": "1"} if right else {}
    return browser.post(where, told | was | said | facts)


SHIPPED = sorted(json.loads(path.read_text())["questionnaire"]["name"] for path in (
    SHIPPED_FORMS.glob("*.json")
))  # fmt: skip
WHOLE = {
    "consent_to_treat": {"agree": "read"},
    "financial_policy": {"agree": "read"},
    "northlight_week": dict.fromkeys(("kettle", "window", "keys", "stairs"), "never"),
    "privacy_notice": {"received": "received"},
    "registration": {},
    "release_of_information": {
        "what": "The visit of today", "from": "The clinic", "to": "Dr. Ray", "purpose": "care",
        "ends": "event", "ends_when": "It was sent",
    },
    "telehealth_consent": {"agree": "read"},
}  # fmt: skip
"""What has to be answered on each, beside what is known."""


@pytest.fixture
def everything(kind):
    """Every form that comes with the house is asked of everybody, each time."""
    FormRule.objects.all().delete()
    FormRule.objects.bulk_create(
        FormRule(form=forms.form(code), made_at=forms.NOW) for code in SHIPPED
    )


def walks(phone, visit, counted, codes=tuple(SHIPPED), **typed):
    """Fill and sign these forms, one after another; what their pages show."""
    shown = ""
    for code in codes:
        page = body(phone.get(form_path(visit, code)))
        counted.update(asked_on_form(page, code))
        answers = WHOLE[code] | typed.get(code, {})
        signed = sign(phone, form_path(visit, code), right=True, **answers)
        assert signed.status_code == 302, (code, body(signed))
        shown += page
    return shown


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_new_patient_by_video_is_asked_nothing_twice(visit, everything, language):
    phone, counted = says(visit), Counter()
    phone.get(path(visit, "visit/"), {"lang": language})

    counted.update(asked_in_check_in(body(phone.get(path(visit, "check-in/")))))
    all_right(phone, visit)
    assert asked_in_check_in(body(phone.get(path(visit, "check-in/")))) == [
        "company", "reason", "needs",
    ]  # fmt: skip
    shown = walks(phone, visit, counted)
    video = body(phone.get(path(visit, "video/")))
    counted.update(asked_before_call(video))

    assert set(THINGS) | {"where now", "devices"} <= counted.keys()
    assert [each for each, times in counted.items() if times > 1] == []
    assert [each for each in counted if each.endswith((":state", ":call_back"))] == []
    assert [each for each in PRIVATE if each in shown + video] == []
    assert EarlyCheckIn.objects.get().finished_at is not None
    assert Signature.objects.count() == len(SHIPPED)
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("first", ["registration", "telehealth_consent"])
def test_a_number_the_record_does_not_have_is_asked_once_on_forms_and_before_the_call(
    visit, everything, first
):
    """Before check-in: the form signed first asks it, no other does, nor the video's page."""
    visit.patient.phones.all().delete()
    phone, counted = says(visit), Counter()
    link = {"registration": "phone", "telehealth_consent": "call_back"}[first]

    walks(phone, visit, counted, [first], **{first: {link: "608 555 0177"}})
    second = next(code for code in ("telehealth_consent", "registration") if code != first)
    page = body(phone.get(form_path(visit, second)))
    counted.update(asked_on_form(page, second))
    video = body(phone.get(path(visit, "video/")))
    counted.update(asked_before_call(video))

    assert counted["phone"] == 1
    assert "••77" in page
    assert "••77" in video
    there = {"state": "WI", "address": "5 Mill Lane, Madison", "callback": "", "reach": "kept"}
    phone.post(path(visit, "video/"), there)
    assert VideoVisit.objects.get().callback == "+16085550177"


def test_what_the_desk_did_not_take_from_a_form_is_asked_again(visit, everything):
    visit.patient.phones.all().delete()
    phone = says(visit)
    walks(phone, visit, Counter(), ["telehealth_consent"],
          telehealth_consent={"call_back": "608 555 0177"})  # fmt: skip
    actions.refuse(
        officer=access.officer("bea"), proposal_id=Proposal.objects.get().pk, at=forms.NOW
    )

    video = body(phone.get(path(visit, "video/")))

    assert "••77" not in video
    assert "phone" in asked_before_call(video)


def test_the_walk_counts_what_a_form_asks_again(visit):
    """Before check-in, with a record that keeps nothing, a form asks all of it."""
    for rows in (visit.patient.phones, visit.patient.addresses, visit.patient.emails):
        rows.all().delete()

    asked = asked_on_form(body(says(visit).get(form_path(visit))))

    assert {"phone", "email", "address"} <= set(asked)
    assert "contact" not in asked  # it is kept still


@pytest.mark.parametrize(
    ("language", "words"), [("en", "You said it for this visit"), ("es", "Lo dijo para esta cita")]
)
def test_what_was_said_in_check_in_stands_on_the_form_and_is_sealed(visit, language, words):
    phone = says(visit)
    phone.get(path(visit, "visit/"), {"lang": language})
    elm = {"line": "9 Elm St", "line_2": "", "city": "Milwaukee", "state": "WI",
           "zip_code": "53202"}  # fmt: skip
    all_right(phone, visit, address=elm)

    page = body(phone.get(form_path(visit)))
    assert page.count(words) == 5
    assert "Milwaukee" in page
    assert f'href="{path(visit, "check-in/")}#address"' in page
    sign(phone, form_path(visit))

    kept = dict(Answer.objects.values_list("link_id", "values"))
    assert kept["line"] == ["9 Elm St"]
    assert kept["phone"] == ["+14145550142"]
    assert Signature.objects.get().filling.visit_id == visit.pk
    assert not Proposal.objects.exists()  # the desk has the change from check-in, once


def test_without_check_in_what_the_record_keeps_is_shown_in_part_and_confirmed(visit):
    phone = says(visit)
    page = body(phone.get(form_path(visit)))

    assert set(asked_on_form(page)) & set(THINGS) == set()
    assert page.count("From your record") == 5
    assert [each for each in PRIVATE if each in page] == []
    assert sign(phone, form_path(visit)).status_code == 422
    told = {name: hidden(page, name) for name in ("version", "told", "anew")}
    facts = {"sign": "1", "name": "Cy Example", "capacity": "self", "agrees": "1"}
    assert phone.post(form_path(visit), told | facts | {"right": "1"}).status_code == 302

    assert Signature.objects.exists()
    assert dict(Answer.objects.values_list("link_id", "values"))["city"] == ["Madison"]


def test_what_is_said_otherwise_in_check_in_meanwhile_is_read_before_it_is_signed(visit):
    phone = says(visit)
    all_right(phone, visit)
    page = body(phone.get(form_path(visit)))
    all_right(phone, visit, phone={"number": "608 555 0177"})

    told = {name: hidden(page, name) for name in ("version", "told", "anew")}
    facts = {"sign": "1", "name": "Cy Example", "capacity": "self", "agrees": "1"}
    stale = phone.post(form_path(visit), told | facts)

    assert stale.status_code == 409
    assert "••77" in body(stale)
    assert not Signature.objects.exists()


def test_the_number_we_have_is_called_unless_another_is_wanted(visit):
    phone = says(visit)
    page = body(phone.get(path(visit, "video/")))
    assert "••42" in page
    assert asked_before_call(page) == ["state now", "where now"]
    there = {"state": "WI", "address": "5 Mill Lane, Madison", "callback": ""}

    phone.post(path(visit, "video/"), there | {"reach": "kept"})
    assert VideoVisit.objects.get().callback == "+14145550142"
    assert "4145550142" not in body(phone.get(path(visit, "video/")))

    none = phone.post(path(visit, "video/"), there | {"reach": "other"})
    assert none.status_code == 422
    phone.post(path(visit, "video/"), there | {"reach": "other", "callback": "608 555 0123"})
    assert VideoVisit.objects.get().callback == "+16085550123"
    again = body(phone.get(path(visit, "video/")))
    assert 'name="reach" value="other" checked' in again
    assert 'value="+16085550123"' in again


@pytest.mark.parametrize("came_to", ["good", "failed"])
def test_check_in_is_finished_when_camera_and_sound_were_tested_whatever_came_of_it(visit, came_to):
    phone = says(visit)
    page = body(phone.get(path(visit, "check-in/")))
    assert path(visit, "video/test/") in page
    marks = dict(re.findall(r'name="(seen-[\w-]+)" value="(\w+)"', page))
    phone.post(path(visit, "check-in/say/"), {"do": "all"} | marks)
    phone.post(path(visit, "check-in/say/"), {"key": "new_policy", "verdict": "right"} | marks)
    assert EarlyCheckIn.objects.get().finished_at is None
    assert path(visit, "check-in/") in body(phone.get(path(visit, "video/test/")))

    phone.post(path(visit, "video/tested/"), {"camera": came_to}, content_type="application/json")

    assert EarlyCheckIn.objects.get().finished_at is not None
    assert "You have tested it." in body(phone.get(path(visit, "check-in/")))
    assert f"{path(visit, 'check-in/')}#devices" not in body(phone.get(path(visit, "video/test/")))


def test_who_goes_on_without_the_test_says_so_and_can_still_do_it(visit):
    phone = says(visit)
    all_right(phone, visit)

    page = body(phone.get(path(visit, "check-in/")))
    assert "You go on without the test." in page
    assert EarlyCheckIn.objects.get().finished_at is not None
    phone.post(path(visit, "video/tested/"), {"camera": "good"}, content_type="application/json")
    assert Said.objects.get(thing="devices").words == {"text": "tested"}


def test_a_visit_at_the_clinic_has_no_test(cy, monkeypatch):
    visit = linked(patient=cy)
    monkeypatch.setattr(clock, "now", lambda: visit.starts_at - timedelta(minutes=30))

    assert 'id="devices"' not in body(says(visit).get(path(visit, "check-in/")))


def test_what_is_known_costs_few_queries(visit, django_assert_max_num_queries):
    phone = says(visit)
    all_right(phone, visit)

    with django_assert_max_num_queries(36):
        phone.get(form_path(visit))
