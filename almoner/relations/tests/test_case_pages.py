"""The pages of cases: a list, one case, its letter; each look noted, each refusal a word."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from almoner.access.models import AccessEvent
from almoner.access.tests import make as access
from almoner.ground import clock, events
from almoner.patients.tests import make as patients
from almoner.relations import actions
from almoner.relations.models import Call, Case, Letter, SavedView
from almoner.relations.rules import Kind, Question
from almoner.relations.tests.make import NOON, RUDE, SECOND, case, mail_in

THEIRS = "cy@people.example"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def house(clinic, sent, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON + 10 * SECOND)
    return sent


@pytest.fixture
def ana(client):
    officer = access.officer("ana")
    client.force_login(officer)
    return officer


@pytest.fixture
def cy(db):
    return patients.patient(emails=(THEIRS,))


@pytest.fixture
def wrote(ana, cy):
    row = mail_in("The bill is wrong, and she was rude.", sender=THEIRS, subject="My bill")
    return actions.recognise(officer=ana, received=row, patient_id=cy.pk, at=NOON)


def at(name, *arguments):
    return reverse(name, args=arguments)


def post(client, name, row, **form):
    return client.post(at(name, row.pk), form, headers=HTMX)


def test_a_case_opens_from_a_message_with_its_subject_and_another_of_the_same(client, ana, wrote):
    page = client.get(f"{at('new_case')}?from=received:{wrote.pk}").content.decode()
    assert 'value="My bill"' in page

    form = {"from": f"received:{wrote.pk}", "kind": "complaint", "subject": "Rude", "another": "1"}
    answer = client.post(at("new_case"), form, headers=HTMX)
    assert answer.headers["HX-Redirect"].endswith(f"?from=received:{wrote.pk}")
    form |= {"kind": "billing_dispute", "subject": "Bill"}
    del form["another"]
    client.post(at("new_case"), form, headers=HTMX)

    assert list(Case.objects.order_by("id").values_list("kind", "patient__family")) == [
        ("complaint", wrote.patient.family), ("billing_dispute", wrote.patient.family),
    ]  # fmt: skip


def test_a_case_without_a_kind_or_a_subject_is_not_opened_and_keeps_what_was_typed(client, ana):
    answer = client.post(at("new_case"), {"note": "she called"}, headers=HTMX)

    assert answer.status_code == 422
    assert "she called" in answer.content.decode()
    assert not Case.objects.exists()


def test_what_a_case_may_be_about_is_told_by_its_day_on_the_clinics_clock(client, ana, cy):
    in_the_evening = datetime(2026, 3, 2, 19, tzinfo=ZoneInfo("America/Chicago"))
    events.record(
        "scheduling.booked", at=in_the_evening, by=ana, about=type("Appointment", (), {"pk": 5})(),
        patient_id=cy.pk, when="at noon", clinician="Dr. Ng",
    )  # fmt: skip

    page = client.get(f"{at('new_case')}?patient={cy.pk}").content.decode()

    assert "03/02/2026" in page
    assert "03/03/2026" not in page


def test_nobody_opens_a_case_from_a_message_that_is_not_there(client, ana):
    for came in ("received:999999", "call:999999"):
        assert client.get(f"{at('new_case')}?from={came}").status_code == 404
    assert client.get(f"{at('new_case')}?from=appointment:1").status_code == 200


def test_a_page_shows_what_was_said_and_done_and_notes_who_looked(client, ana, wrote):
    row = case(ana, kind=Kind.COMPLAINT, things=(("received", wrote.pk),), note="calm")
    Call.objects.create(
        conversation_id=wrote.conversation_id, patient=wrote.patient, incoming=True,
        said="Again on the phone", disposition="passed_on", at=NOON, by_id=ana.pk,
    )  # fmt: skip
    actions.attach(officer=ana, case=row, things=[("call", Call.objects.get().pk)], at=NOON)

    page = client.get(f"{at('case', row.pk)}?for=case:{row.pk}").content.decode()

    for words in ("she was rude", "Again on the phone", "calm", row.number, "Is it a grievance?"):
        assert words in page
    event = AccessEvent.objects.latest("id")
    assert (event.patient_ids, event.reason_kind, event.grade) == ([wrote.patient_id], "case", "A")


def test_a_case_page_takes_no_more_queries_with_more_on_it(
    client, ana, wrote, django_assert_max_num_queries
):
    row = case(ana, kind=Kind.COMPLAINT, things=(("received", wrote.pk),))
    for number in range(20):
        actions.note(officer=ana, case=row, words=f"note {number}", at=NOON)

    with django_assert_max_num_queries(45):
        client.get(at("case", row.pk))


def test_another_desks_case_is_not_there(client, cy):
    ana, ben = access.officer("ana"), access.officer("ben", roles=("biller",))
    row = case(ana, patient_id=cy.pk)
    client.force_login(ben)

    assert client.get(at("case", row.pk)).status_code == 404
    assert post(client, "take_case", row).status_code == 404
    assert not AccessEvent.objects.exists()


def test_what_is_refused_is_said_and_nothing_is_changed(client, ana, cy):
    row = case(ana, patient_id=cy.pk)

    answer = post(client, "close_case", row, result=" ")

    assert answer.status_code == 204
    assert "Say it in a few words." in answer.headers["HX-Trigger"]
    assert Case.objects.get().state == "open"


@pytest.mark.parametrize(
    "told",
    [
        ("take_case", {}, {"taken_at__isnull": False}),
        ("case_waits", {"reason": "payer"}, {"state": "waiting", "waiting_for": "payer"}),
        ("move_case", {"desk": "billing"}, {"desk": "billing"}),
        ("snooze_case", {"day": "11/24/2026"}, {"snoozed_until__isnull": False}),
        ("case_due", {"day": "+3", "at": "930", "words": "asked"}, {"due_at__day": 26}),
        ("close_case", {"result": "Told"}, {"state": "closed", "result": "Told"}),
    ],
)
def test_each_button_does_what_it_says(client, ana, cy, told):
    name, form, state = told
    row = case(ana, patient_id=cy.pk)

    answer = post(client, name, row, **form)

    assert answer.headers.get("HX-Refresh") == "true", answer.headers
    assert Case.objects.filter(pk=row.pk, **state).exists()


def test_whose_case_it_is_a_person_finds_and_says(client, ana, cy):
    row = case(ana)

    found = post(client, "whose_case", row, q=cy.family).content.decode()
    assert f"&quot;patient&quot;: &quot;{cy.pk}&quot;" in found or f'"patient": "{cy.pk}"' in found
    assert Case.objects.get().patient_id is None
    post(client, "whose_case", row, patient=cy.pk)

    assert Case.objects.get().patient_id == cy.pk


def test_a_grievance_goes_from_its_questions_to_a_letter_in_print(client, ana, wrote):
    row = case(ana, kind=Kind.COMPLAINT, things=(("received", wrote.pk),))
    yes = {each.value: "no" for each in Question} | {"written": "yes"}
    post(client, "classify_case", row, **yes)
    post(client, "complete_grievance", row, contact="Ana", contact_phone="6085550100",
         steps="We asked her.", result="She is sorry.", completed_on="11/23/2026")  # fmt: skip
    post(client, "draft_letter", row, kind="answer")
    [letter] = Letter.objects.all()

    page = client.get(at("case", row.pk)).content.decode()
    paper = client.get(at("letter_pdf", letter.pk))

    assert "since a complaint in writing always is one" in page
    assert "We asked her." in page
    assert paper.content.startswith(b"%PDF")
    assert "law" in post(client, "close_case", row, result="x").headers["HX-Trigger"]
    post(client, "post_letter", letter, certified="9407 1")
    post(client, "prove_letter", letter, on="11/23/2026")
    post(client, "close_case", row, result="Apologised")
    assert Case.objects.get().state == "closed"


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.GRIEVANCE])
def test_a_case_filed_as_whatever_can_be_asked_whether_it_is_a_grievance(client, ana, cy, kind):
    row = case(ana, kind=kind, patient_id=cy.pk)

    page = client.get(at("case", row.pk)).content.decode()
    assert page.count(at("classify_case", row.pk)) == 1
    assert ("<details open>" in page) is (kind in (Kind.COMPLAINT, Kind.BILLING))
    yes = {each.value: "no" for each in Question} | {"written": "yes"}
    post(client, "classify_case", row, **yes)

    assert Case.objects.get().kind == Kind.GRIEVANCE
    assert at("classify_case", row.pk) not in client.get(at("case", row.pk)).content.decode()


def test_a_closed_case_is_asked_nothing(client, ana, cy):
    row = case(ana, patient_id=cy.pk)
    actions.close(officer=ana, case=row, result="Told", at=NOON)

    assert at("classify_case", row.pk) not in client.get(at("case", row.pk)).content.decode()


def test_a_question_left_open_is_no_answer(client, ana, cy):
    row = case(ana, kind=Kind.COMPLAINT, patient_id=cy.pk)

    answer = post(client, "classify_case", row, written="yes")

    assert "missing" in answer.headers["HX-Trigger"]
    assert Case.objects.get().kind == Kind.COMPLAINT


def test_an_answer_with_a_macro_at_hand_goes_to_whoever_wrote_and_stands_in_the_case(
    client, ana, wrote
):
    row = case(ana, kind=Kind.BILLING, things=(("received", wrote.pk),))
    page = client.get(at("answer_case", row.pk)).content.decode()
    assert f"Your number is {row.number}." in page

    form = {"to": f"email {THEIRS}", "words": "We look into it.", "key": "0" * 32,
            "seen": wrote.pk}  # fmt: skip
    answer = client.post(at("answer_case", row.pk), form, headers=HTMX)

    assert answer.headers["HX-Redirect"].startswith(at("case", row.pk))
    row = Case.objects.get()
    assert row.answered_at
    assert "We look into it." in client.get(at("case", row.pk)).content.decode()


def test_who_answers_cases_alone_is_led_to_no_conversation_and_logs_no_call(client, ana, wrote):
    row = case(ana, kind=Kind.BILLING, things=(("received", wrote.pk),))
    of_the_desk = client.get(at("answer_case", row.pk)).content.decode()
    client.force_login(access.officer("ben", roles=("biller",)))

    page = client.get(at("answer_case", row.pk)).content.decode()

    for led in (at("conversations"), at("call_with", wrote.patient_id)):
        assert f'"{led}' in of_the_desk
        assert f'"{led}' not in page
    assert 'name="words"' in page


def test_several_are_taken_at_once_and_a_list_is_kept_by_its_allowed_filters(client, ana, cy):
    rows = [case(ana, patient_id=cy.pk) for _each in range(3)]

    answer = client.post(
        at("cases_at_once"), {"act": "take", "case": [row.pk for row in rows[:2]]}, headers=HTMX
    )
    client.post(at("save_list"), {"name": "Late", "show": "overdue", "owner": "1", "kind": "task"})

    assert answer.headers["HX-Refresh"] == "true"
    assert Case.objects.filter(owner=ana, taken_at__isnull=False).count() == 2
    assert SavedView.objects.get().filters == {"show": "overdue", "kind": "task"}
    assert "?show=overdue&amp;kind=task" in client.get(at("cases")).content.decode()


def test_two_cases_become_one_and_one_two_from_the_page(client, ana, wrote):
    one, other = (case(ana, things=(("received", wrote.pk),), subject=s) for s in ("One", "Other"))

    merged = post(client, "merge_case", one, into=other.pk)
    assert merged.headers["HX-Redirect"].startswith(at("case", other.pk))
    assert "Part of another case" in client.get(at("case", one.pk)).content.decode()
    post(client, "take_out_case", one)
    split = post(client, "split_case", one, kind="task", subject="Part",
                 things=f"received:{wrote.pk}")  # fmt: skip

    made = Case.objects.latest("id")
    assert split.headers["HX-Redirect"].startswith(at("case", made.pk))
    assert (made.split_from, Case.objects.get(pk=one.pk).merged_into) == (one, None)


def test_a_grievance_of_the_privacy_desk_is_read_by_that_desk(client, cy):
    ana, paul = access.officer("ana"), access.officer("paul", roles=("privacy",))
    bea = access.officer("bea")
    row = case(ana, kind=Kind.COMPLAINT, desk="privacy", patient_id=cy.pk)
    actions.classify(officer=paul, case=row, answers=RUDE, at=NOON)

    for officer, status in ((paul, 200), (ana, 200), (bea, 404)):  # Ana opened it
        client.force_login(officer)
        assert client.get(at("case", row.pk)).status_code == status


def test_a_case_opens_from_a_message_of_nobody_known_and_the_reading_is_noted(client, ana):
    row = mail_in("Who are you?", sender="somebody@else.example", subject="Hello")

    page = client.get(f"{at('new_case')}?from=received:{row.pk}&for=received:{row.pk}")

    assert 'value="Hello"' in page.content.decode()
    event = AccessEvent.objects.latest("id")
    assert (event.patient_ids, event.reason_kind, event.grade) == ([], "received", "A")


def test_a_case_opens_from_a_call_of_a_number_nobody_knows(client, ana):
    form = {"way": "in", "disposition": "passed_on", "number": "+16085550199", "said": "Angry"}
    client.post(at("call_at"), form, headers=HTMX)
    call = Call.objects.get()

    page = client.get(f"{at('new_case')}?from=call:{call.pk}&for=call:{call.pk}")

    assert 'value="Angry"' in page.content.decode()
    assert AccessEvent.objects.latest("id").reason_kind == "call"


def test_a_biller_answers_the_disputes_of_the_billing_desk_and_reads_no_other_conversation(
    client, ana, wrote
):
    ben = access.officer("ben", roles=("biller",))
    row = case(ana, kind=Kind.BILLING, things=(("received", wrote.pk),))
    client.force_login(ben)
    form = {"to": f"email {THEIRS}", "words": "We look into it.", "key": "0" * 32,
            "seen": wrote.pk}  # fmt: skip

    page = client.get(at("answer_case", row.pk)).content.decode()
    answer = client.post(at("answer_case", row.pk), form, headers=HTMX)

    assert "All conversations" not in page
    assert answer.headers["HX-Redirect"].startswith(at("case", row.pk))
    assert Case.objects.get().owner == ben
    assert client.get(at("conversation_with", wrote.patient_id)).status_code == 403


def test_a_case_of_nobody_and_of_no_message_has_nobody_to_write_to_and_says_so(client, ana):
    row = case(ana)

    page = client.get(at("answer_case", row.pk))

    assert page.status_code == 200
    assert "Add one first, or call." in page.content.decode()


def test_a_message_in_its_conversation_leads_to_its_cases(client, ana, wrote):
    row = case(ana, things=(("received", wrote.pk),), subject="Her bill")

    page = client.get(at("conversation_with", wrote.patient_id)).content.decode()

    assert f"{row.number} Her bill" in page


def test_a_case_of_a_bill_shows_the_account_and_leads_nobody_to_a_closed_door(client, ana, cy):
    events.record(
        "billing.denied", at=NOON, by=None, about=type("Claim", (), {"pk": 7})(), patient_id=cy.pk
    )
    row = case(ana, patient_id=cy.pk, things=(("claim", 7),))

    page = client.get(at("case", row.pk)).content.decode()
    assert reverse("patient_account", args=[cy.pk]) in page
    assert reverse("claim", args=[7]) not in page
    assert "Patient owes" in page

    mara = access.officer("mara", roles=("manager",))
    client.force_login(mara)
    assert reverse("claim", args=[7]) in client.get(at("case", row.pk)).content.decode()
    without = case(ana, patient_id=cy.pk)
    assert "Patient owes" not in client.get(at("case", without.pk)).content.decode()


def test_a_call_that_was_logged_can_be_kept_with_a_case_later(client, ana, wrote):
    row = case(ana, kind=Kind.COMPLAINT, things=(("received", wrote.pk),))
    call = actions.log_call_with(
        officer=ana, patient_id=wrote.patient_id, at=NOON,
        call={"incoming": True, "said": "Again, angrily", "disposition": "passed_on",
              "visit_id": None, "number": ""},
    )  # fmt: skip
    page = client.get(at("case", row.pk)).content.decode()
    assert f'value="call:{call.pk}"' in page

    post(client, "attach_to_case", row, thing=f"call:{call.pk}")

    assert "Again, angrily" in client.get(at("case", row.pk)).content.decode()
    assert ("call", call.pk) in set(row.things.values_list("kind", "item_id"))
