"""The forms of a visit, for the patient: filled, signed and kept, by whoever the visit is about."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from almoner.access.tests import make as access
from almoner.arrivals import queries as desk_queries
from almoner.arrivals.rules import Item
from almoner.facility.tests import make as facility
from almoner.ground import clock
from almoner.ground.models import Event
from almoner.patients.models import Patient
from almoner.portal.queries import acting_for
from almoner.portal.tests.make import BORN, NOW, linked, path, says
from almoner.records import actions
from almoner.records.models import (
    Answer,
    ElectronicConsent,
    Filling,
    FormRule,
    FormVersion,
    Signature,
    Upload,
)
from almoner.records.queries import due_of
from almoner.records.tests import make as forms
from almoner.scheduling import actions as scheduling
from almoner.scheduling.tests import make

pytestmark = pytest.mark.django_db
SIGNED = {"sign": "1", "name": "Cy Example", "capacity": "self", "agrees": "1"}
READ = {"was.agree": "", "a.agree": "read"}


def signs(code="consent_to_treat", **facts):
    """What a page of the version in use sends that is signed; ``facts`` instead of single words."""
    version = FormVersion.objects.filter(form__code=code).latest("number")
    return SIGNED | {"version": version.pk} | facts


@pytest.fixture(autouse=True)
def clinic(settings, monkeypatch):
    facility.organisation()
    forms.ship()
    settings.ADDRESS = "https://clinic.example"
    monkeypatch.setattr(clock, "now", lambda: NOW)


def body(response):
    return " ".join(response.content.decode().split())


def form_path(visit, code="consent_to_treat", rest="form/"):
    return f"{path(visit, rest)}?form={forms.form(code).pk}"


def test_the_page_of_the_visit_says_what_is_to_be_signed_in_the_patients_language():
    visit = linked(language="es")

    page = body(says(visit).get(path(visit, "visit/")))

    assert "Formularios para esta cita" in page
    assert "Consentimiento para el tratamiento" in page
    assert form_path(visit).split("?")[0] in page
    assert not Filling.objects.exists()


def test_a_form_is_filled_in_parts_and_signed_without_a_script():
    visit = linked(language="es")
    phone = says(visit)

    shown = phone.get(form_path(visit))
    kept = phone.post(form_path(visit), READ, follow=True)
    again = phone.get(form_path(visit))
    done = phone.post(form_path(visit), READ | {"was.agree": "read"} | signs(), follow=True)

    assert "Lo he leído, o me lo leyeron" in body(shown)
    assert "Seguir" in body(kept)
    assert 'value="read" checked' in body(again)
    assert "Su copia (PDF)" in body(done)
    signature = Signature.objects.get()
    assert (signature.session, signature.seen_by_id, signature.address) == (
        "link", None, "127.0.0.1",
    )  # fmt: skip
    assert signature.filling.visit_id == visit.pk
    assert signature.filling.language == "es"
    paper = phone.get(form_path(visit, rest="paper/"))
    assert paper.content == bytes(signature.pdf)
    assert paper["X-Content-Type-Options"] == "nosniff"
    event = Event.objects.get(kind="records.signed")
    assert (event.by_id, event.data["by_patient"]) == (None, True)


def test_the_script_is_told_what_is_asked_and_kept():
    visit = linked()
    phone = says(visit)

    told = phone.post(form_path(visit), READ, headers={"X-Sheet": "1"}).json()

    assert told["kept"]["agree"] == "read"
    assert Answer.objects.get().by_id is None


def test_nobody_signs_a_version_or_an_answer_that_the_phone_did_not_show():
    visit = linked()
    phone = says(visit)
    old = READ | signs()
    shown = FormVersion.objects.get(pk=old["version"])
    FormVersion.objects.create(
        form=shown.form, number=2, body=shown.body, made_at=NOW, published_at=NOW
    )

    unread = phone.post(form_path(visit), old)
    row = forms.begun(visit.patient)
    actions.answer(hand=forms.hand(), filling_id=row.pk, typed={"students": ["false"]}, at=NOW)
    unseen = phone.post(form_path(visit), READ | signs())

    for page in (unread, unseen):
        assert page.status_code == 409
        assert "Read it once more before you sign" in body(page)
    assert not Signature.objects.exists()
    read = {"was.agree": "read", "a.agree": "read", "was.students": "false", "a.students": "false"}
    phone.post(form_path(visit), read | signs())
    assert Signature.objects.get().filling.version.number == 2


def test_a_form_that_is_blank_or_without_consent_is_not_signed_and_says_why():
    visit = linked()

    page = says(visit).post(form_path(visit), signs(name="", agrees=""))

    assert page.status_code == 422
    for said in ("Answer this.", "Write the name", "Agree to sign electronically"):
        assert said in body(page)
    assert not Signature.objects.exists()


class TestFromCheckIn:
    """Who opens a form, or pays, in the middle of check-in goes on there, not somewhere else."""

    def came(self, visit, code="consent_to_treat"):
        return f"{form_path(visit, code)}&from=check-in"

    def test_the_form_leads_back_to_the_forms_while_one_waits(self):
        visit = linked()
        phone, here = says(visit), path(visit, "check-in/")
        assert self.came(visit).replace("&", "&amp;") in body(phone.get(here))
        page = body(phone.get(self.came(visit)))
        assert page.count("&amp;from=check-in") == 2
        assert f'href="{here}#forms"' in page

        done = phone.post(self.came(visit), READ | signs())

        assert done.url == f"{here}#forms"
        assert 'id="forms" tabindex="-1"' in body(phone.get(here))

    def test_then_to_what_is_not_answered_also_when_it_is_not_signed(self):
        visit = linked()
        phone = says(visit)
        for code in ("financial_policy", "privacy_notice"):
            FormRule.objects.filter(form__code=code).delete()

        done = phone.post(self.came(visit), {"decline": "1", "reason": "Not now"})

        assert done.url == f"{path(visit, 'check-in/')}#name_used"

    def test_who_came_from_the_page_of_the_visit_goes_back_there(self):
        visit = linked()
        phone = says(visit)
        assert "from=check-in" not in body(phone.get(path(visit, "visit/")))

        assert phone.post(form_path(visit), READ | signs()).url == path(visit, "visit/")

    def test_and_so_who_has_checked_in_meanwhile(self, settings):
        visit = linked()
        phone = says(visit)
        phone.get(self.came(visit))
        settings.CHECK_IN_DAYS = -1  # it is open no more

        assert phone.post(self.came(visit), READ | signs()).url == path(visit, "visit/")


def test_for_a_minor_a_parent_is_offered_first_and_the_patient_is_not():
    visit = linked()
    phone = says(visit)
    adult = body(phone.get(form_path(visit)))
    Patient.objects.filter(pk=visit.patient_id).update(birth_date=NOW.date() - timedelta(days=3000))

    minor = body(phone.get(form_path(visit)))
    own = phone.post(form_path(visit), READ | signs())

    assert '<option value="self" >The patient' in adult
    assert '<option value="self"' not in minor
    assert own.status_code == 422
    assert "a parent or guardian signs" in body(own)
    assert not Signature.objects.exists()


def test_not_signing_takes_a_reason_that_is_kept():
    visit = linked()
    phone = says(visit)

    refused = phone.post(form_path(visit), {"decline": "1", "reason": " "})
    done = phone.post(form_path(visit), {"decline": "1", "reason": "I ask first"}, follow=True)

    assert refused.status_code == 422
    assert "Not signed" in body(done)
    row = Filling.objects.get()
    assert (row.state, row.reason, row.settled_by_id) == ("declined", "I ask first", None)


@pytest.mark.parametrize("days", [0, 2])
def test_what_was_declined_by_link_is_asked_about_at_check_in_with_its_reason(
    days, client, monkeypatch
):
    visit = linked()
    phone = says(visit)
    monkeypatch.setattr(clock, "now", lambda: visit.starts_at - timedelta(days=days, minutes=20))
    phone.post(form_path(visit), {"decline": "1", "reason": "I ask first"})
    monkeypatch.setattr(clock, "now", lambda: visit.starts_at)
    form_id = forms.form("consent_to_treat").pk

    asked = desk_queries.checklist(visit.pk, reading=access.reading(forms.hand().officer))
    client.force_login(forms.hand().officer)
    page = body(client.get(f"/board/visits/{visit.pk}/check-in/?for=appointment:{visit.pk}"))

    assert form_id in {form.form_id for form in asked.forms}
    assert Item.FORMS not in asked.clear
    assert "I ask first" in page
    row = Filling.objects.get(form=form_id)
    assert row.settled_on == visit.local_day - timedelta(days=days)


def test_what_was_written_on_a_form_for_the_registration_is_shown_at_check_in(client, monkeypatch):
    visit = linked()
    monkeypatch.setattr(clock, "now", lambda: visit.starts_at)
    client.force_login(forms.hand().officer)
    where = f"/board/visits/{visit.pk}/check-in/?for=appointment:{visit.pk}"

    before = body(client.get(where))
    forms.signed(visit.patient, "registration")

    assert "Decide what is kept" not in before
    assert "Decide what is kept" in body(client.get(where))


def test_who_changes_their_mind_may_sign_after_all_what_they_declined():
    visit = linked()
    phone = says(visit)
    phone.post(form_path(visit), {"decline": "1", "reason": "I ask first"})

    listed = body(phone.get(path(visit, "visit/")))
    phone.post(form_path(visit), READ | signs())

    assert listed.count("Consent to treatment") == 2  # in the list, and aloud on its button
    assert Signature.objects.get().filling.form.code == "consent_to_treat"


def test_a_form_for_each_visit_is_signed_ahead_once_for_each(monkeypatch):
    visit = linked()
    FormRule.objects.filter(form__code="consent_to_treat").update(holds_days=0)
    other = make.appointment(patient=visit.patient, starts_at=visit.starts_at - timedelta(days=1))
    forms.begun(visit.patient)  # at the desk, for no visit

    def due(one):
        asked = due_of(
            visit.patient_id, visit_type_id=one.visit_type_id, on=one.local_day, visit_id=one.pk
        )
        return "consent_to_treat" in {form.code for form in asked}

    monkeypatch.setattr(clock, "now", lambda: visit.starts_at - timedelta(days=2))
    done = says(visit).post(form_path(visit), READ | signs(), follow=True)
    assert "Your copy (PDF)" in body(done)
    assert (due(visit), due(other)) == (False, True)

    row = actions.begin(
        hand=forms.hand(),
        patient_id=visit.patient_id,
        form_id=forms.form("consent_to_treat").pk,
        visit_id=other.pk,
        at=other.starts_at,
    )
    actions.take_on_paper(
        hand=forms.hand(), filling_id=row.pk, on=other.local_day, at=other.starts_at
    )
    assert (due(visit), due(other)) == (False, False)


@pytest.mark.parametrize("act", ["sign", "decline"])
def test_what_the_desk_settled_this_moment_is_said_to_who_signs_or_declines(act, monkeypatch):
    visit = linked()

    def refused(**_facts):
        raise actions.Settled

    monkeypatch.setattr(actions, act, refused)
    said = {name: value for name, value in signs(reason="no").items() if name != "sign"}
    page = says(visit).post(form_path(visit), READ | said | {act: "1"})

    assert page.status_code == 409
    assert "This form is settled already, or has changed." in body(page)


def test_what_is_not_due_opens_nothing():
    visit = linked()
    phone = says(visit)
    other = forms.begun(linked(starts_at=make.at(11)).patient, "release_of_information")

    for asked in (
        form_path(visit, "release_of_information"),
        path(visit, "form/"),
        path(visit, "form/?form=x"),
    ):
        assert phone.get(asked).status_code == 302
        assert phone.post(asked, signs()).status_code == 302
    assert list(Filling.objects.values_list("pk", flat=True)) == [other.pk]


def test_a_cancelled_visit_asks_for_nothing():
    visit = linked()
    phone = says(visit)
    scheduling.cancel_own(appointment=visit, at=NOW)

    assert "Forms for this visit" not in body(phone.get(path(visit, "visit/")))
    assert phone.post(form_path(visit), READ | signs()).status_code == 302
    assert not Filling.objects.exists()


def test_a_forged_answer_is_refused_and_nothing_is_kept():
    visit = linked()

    page = says(visit).post(form_path(visit), {"was.agree": "", "a.agree": "forged"})

    assert page.status_code == 409
    assert not Answer.objects.exists()


def test_another_patient_and_nobody_see_and_sign_nothing():
    visit, other = linked(), linked(starts_at=make.at(11))
    forms.answered(visit.patient, "financial_policy")
    stranger = says(other)
    stranger.cookies["visit"]["path"] = ""  # a browser made to send it everywhere

    for somebody in (Client(), stranger):
        for asked in (form_path(visit), form_path(visit, rest="paper/")):
            assert somebody.get(asked).status_code == 302
            assert somebody.post(asked, READ | signs()).status_code in {302, 405}
    assert not Signature.objects.exists()


def test_the_copy_of_another_patient_is_no_copy_of_mine():
    mine, theirs = linked(), linked(starts_at=make.at(11))
    says(theirs).post(form_path(theirs), READ | signs())
    assert Signature.objects.count() == 1

    assert says(mine).get(form_path(mine, rest="paper/")).status_code == 302


# --- As the patients' role


@pytest.fixture
def two():
    """Two patients, each with a signed form, a begun one and a consent."""
    people = [linked().patient, linked(starts_at=make.at(11)).patient]
    for person in people:
        forms.signed(person)
        forms.answered(person, "financial_policy")
    return people


def test_an_endpoint_that_forgets_its_filter_shows_nobody_elses_forms(two):
    one, other = two

    with acting_for([one.pk]):
        for rows in (Filling, Signature, ElectronicConsent):
            seen = set(rows.objects.values_list("patient_id", flat=True))
            assert seen == {one.pk}, rows
        answers = set(Answer.objects.values_list("filling_id", flat=True))
    assert answers == set(Filling.objects.filter(patient=one).values_list("pk", flat=True))
    with acting_for([]):
        assert not Filling.objects.values_list("pk").exists()
        assert not Answer.objects.values_list("pk").exists()
    assert Filling.objects.filter(patient=other).exists()


def test_a_draft_is_shown_to_no_patient(two):
    published = FormVersion.objects.filter(form__code="consent_to_treat").get()
    FormVersion.objects.create(form=published.form, number=2, body=published.body, made_at=NOW)

    with acting_for([two[0].pk]):
        numbers = FormVersion.objects.filter(form=published.form_id).values_list("number")
        assert list(numbers) == [(1,)]


@pytest.mark.parametrize(
    "forbidden",
    [
        lambda: list(Filling.objects.values_list("reason")),
        lambda: list(Signature.objects.values_list("address")),
        lambda: list(Signature.objects.values_list("drawing")),
        lambda: list(ElectronicConsent.objects.values_list("address")),
        lambda: list(Upload.objects.values_list("pk")),
        lambda: Answer.objects.update(values=["x"]),
        lambda: Filling.objects.all().delete(),
    ],
)
def test_what_is_not_granted_of_forms_cannot_be_read_or_written(two, forbidden):
    with pytest.raises(ProgrammingError), transaction.atomic(), acting_for([two[0].pk]):
        forbidden()


def test_the_page_of_a_form_costs_few_queries(django_assert_max_num_queries):
    visit = linked()
    phone = says(visit)
    phone.post(form_path(visit), READ)

    with django_assert_max_num_queries(24):
        page = phone.get(form_path(visit))

    assert page.status_code == 200
    assert BORN.isoformat() not in body(page)
    assert connection.in_atomic_block


def test_the_desk_and_the_patient_fill_the_same_copy():
    visit = linked()
    desk = forms.begun(visit.patient)
    actions.answer(hand=forms.hand(), filling_id=desk.pk, typed={"students": ["false"]}, at=NOW)

    says(visit).post(form_path(visit), READ)

    kept = dict(Answer.objects.filter(filling=desk).values_list("link_id", "by_id"))
    assert kept == {"students": forms.hand().officer.pk, "agree": None}
