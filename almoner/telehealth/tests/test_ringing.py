"""A test before the visit failed: the desk sees it and calls; the call is kept with both."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.access.tests import make as access
from almoner.facility.tests import make as facility
from almoner.ground import clock
from almoner.patients.tests.make import Phone as Number
from almoner.patients.tests.make import patient as a_patient
from almoner.relations.models import Call
from almoner.telehealth import actions, queries, rules
from almoner.telehealth.rules.quality import TESTED
from almoner.telehealth.tests import make

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
OURS = "+16085550142"
SEEN = {"camera": "failed", "microphone": "good"}


@given(st.sets(st.sampled_from(TESTED)), st.sampled_from(["en", "es", "fr"]))
def test_nothing_of_the_visit_is_said_before_it_is_known_who_answers(failed, language):
    said = rules.script(language, sorted(failed), clinic="Northlight", name="Ida Kurt")

    assert "Northlight" in said[0]
    assert not any("video" in sentence for sentence in said[:2])
    assert len(said) == 5 + len(failed)
    assert not any("{" in sentence for sentence in said)


def test_each_language_has_the_same_sentences():
    assert rules.ringing.SCRIPT["en"].keys() == rules.ringing.SCRIPT["es"].keys()
    assert set(TESTED) < rules.ringing.SCRIPT["en"].keys()


@pytest.fixture
def visit(db, monkeypatch):
    facility.organisation()
    phone = Number(number=OURS, use="mobile", may_text=True)
    visit = make.appointment(patient=a_patient(phones=(phone,), language="es"))
    monkeypatch.setattr(clock, "now", lambda: make.early(visit))
    actions.keep_test(appointment_id=visit.pk, said=SEEN, at=make.early(visit))
    return visit


@pytest.fixture
def ana(client, visit):
    officer = access.officer("ana-3", location=visit.location)
    client.force_login(officer, backend=BACKEND)
    return officer


def ring(visit):
    return f"/video/{visit.pk}/ring/?for=appointment:{visit.pk}"


def test_the_mark_on_both_boards_leads_to_the_call(client, ana, visit):
    lead = f"/video/{visit.pk}/ring/?for=appointment:{visit.pk}"

    assert lead in client.get("/video/").content.decode()
    assert lead in client.get(f"/board/?location={visit.location_id}").content.decode()


def test_the_page_has_the_number_the_words_and_the_call_filled_in(client, ana, visit):
    page = client.get(ring(visit)).content.decode()

    assert f"tel:{OURS}" in page
    assert rules.ringing.SCRIPT["es"]["camera"] in page
    assert f'name="number" value="{OURS}"' in page
    assert '<option value="out" selected>' in page


def test_the_number_said_for_this_visit_comes_before_the_one_we_have(client, ana, visit):
    make.prepared(visit, at=make.early(visit))

    assert "tel:+16085550123" in client.get(ring(visit)).content.decode()


def test_one_key_keeps_it_with_the_patient_and_with_the_visit(client, ana, visit):
    said = {"number": OURS, "way": "out", "disposition": "settled", "said": ""}

    answer = client.post(f"/video/{visit.pk}/rung/", said)

    assert answer.status_code == 302
    [call] = Call.objects.all()
    assert (call.patient_id, call.visit_id) == (visit.patient_id, visit.pk)
    assert (call.number, call.incoming, call.by_id) == (OURS, False, ana.pk)
    shown = client.get("/video/").content.decode()
    assert "Called" in shown
    assert "Settled" in shown
    talk = f"/messages/{visit.patient_id}/conversation/?for=appointment:{visit.pk}"
    assert "Settled" in client.get(talk).content.decode()


def test_without_how_it_ended_nothing_is_kept(client, ana, visit):
    answer = client.post(f"/video/{visit.pk}/rung/", {"number": OURS, "way": "out"})

    assert answer.status_code == 422
    assert not Call.objects.exists()


def test_a_clinician_sees_the_mark_and_is_led_to_no_call(client, visit):
    client.force_login(make.host(visit), backend=BACKEND)

    assert "/ring/" not in client.get("/video/").content.decode()
    assert client.get(ring(visit)).status_code == 403


def test_who_goes_on_by_phone_or_has_tested_anew_is_not_called_for_it(visit):
    def line():
        return queries.of(visit.pk, clinician_id=None, at=make.early(visit))

    assert line().to_be_rung
    actions.keep_test(appointment_id=visit.pk, said={"camera": "good"}, at=make.early(visit))
    assert not line().to_be_rung
    actions.keep_test(appointment_id=visit.pk, said=SEEN, at=make.early(visit))
    linh = make.host(visit)
    actions.take_to_phone(officer=linh, appointment_id=visit.pk, reason=None, at=make.early(visit))
    assert not line().to_be_rung
