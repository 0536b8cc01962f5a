"""Check-in: everything is done or waived for a reason, and nothing is done by saying so."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from almoner.access.models import AccessEvent
from almoner.access.tests import make as access
from almoner.arrivals import actions, queries
from almoner.arrivals.models import Encounter
from almoner.arrivals.rules import Item, Settled
from almoner.arrivals.tests import make
from almoner.coverage import actions as coverage
from almoner.coverage.models import EligibilityCheck
from almoner.coverage.tests import make as covered
from almoner.edges.x12.eligibility import Benefit
from almoner.ground import clock
from almoner.ledger import actions as ledger
from almoner.ledger.tests import make as money
from almoner.patients import actions as patients
from almoner.patients.models import Look, Patient
from almoner.patients.rules.details import Email
from almoner.patients.tests import make as people
from almoner.records import actions as forms
from almoner.records.models import Filling
from almoner.records.tests import make as records
from almoner.scheduling.tests import make as scheduling

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TWO = {"identifiers": ["name", "birth_date"]}
SAID = TWO | {"details_done": "on", "forms_done": "on"}
DUE = ("consent_to_treat", "financial_policy", "privacy_notice")


@pytest.fixture
def visit(monkeypatch):
    """Cy is booked at nine, and it is nine. The clinic asks for the forms that come with it."""
    records.ship()
    visit = scheduling.appointment()
    now = visit.starts_at
    monkeypatch.setattr(clock, "now", lambda: now)
    return visit


@pytest.fixture
def ana(client, visit):
    officer = access.officer("ana-at-the-desk", location=visit.location)
    client.force_login(officer, backend=BACKEND)
    return officer


def answered(visit, *benefits, **facts):
    """Blue Harbor has told of today: active, and a co-pay of $25 unless said otherwise."""
    policy = covered.policy(visit.patient, **facts)
    at = visit.starts_at - timedelta(hours=1)
    check = covered.check(policy, at=at, service_date=visit.local_day)
    coverage.settle_answer(
        check_id=check.pk, body=covered.answer_bytes(*benefits), at=at + timedelta(seconds=2)
    )
    return policy


def paid(visit, officer, cents=2500):
    ledger.open_drawer(
        officer=officer, location=visit.location, till="T1", float_cents=0, at=visit.starts_at
    )
    taking = money.taking(visit.patient, cents, visit_id=visit.pk, location=visit.location)
    ledger.take_cash(officer=officer, taking=taking, tendered=cents, at=visit.starts_at)


def desk(visit):
    return f"/board/visits/{visit.pk}/check-in/"


def ticked(page):
    return dict.fromkeys(re.findall(r'name="(\w+_done)"[^>]*checked', page.content.decode()), "on")


def checklist(visit, officer, *, at=None):
    look = access.reading(officer, at=at or visit.starts_at)
    return queries.checklist(visit.pk, reading=look)


def test_with_the_co_pay_taken_and_nothing_changed_two_identifiers_are_all_it_asks(
    client, ana, visit
):
    answered(visit)
    paid(visit, ana)
    for code in DUE:
        records.on_paper(visit.patient, code, on=visit.local_day - timedelta(days=300))
    page = client.get(desk(visit))

    refused = client.post(desk(visit), ticked(page) | {"identifiers": ["name"]})
    answer = client.post(desk(visit), ticked(page) | TWO)

    assert refused.status_code == 422
    assert "Who is it?</a>: Confirm two identifiers." in refused.content.decode()
    assert "Confirm two identifiers." in refused.content.decode()
    assert answer.status_code == 302
    items = Encounter.objects.get().items.all()
    assert {(item.item, item.waived) for item in items} == {(item, False) for item in Item}


@pytest.mark.parametrize("forged", [{}, {"copay_done": "on", "coverage_done": "on"}])
def test_an_unpaid_co_pay_is_not_done_by_saying_so(client, ana, visit, forged):
    answered(visit)

    refused = client.post(desk(visit), SAID | forged)
    waived = client.post(desk(visit), SAID | forged | {"copay_reason": "terminal down, bill it"})

    assert refused.status_code == 422
    assert "The co-pay is not paid" in refused.content.decode()
    assert waived.status_code == 302
    item = Encounter.objects.get().items.get(item="copay")
    assert (item.waived, item.reason) == (True, "terminal down, bill it")


def test_a_part_of_the_co_pay_is_not_all_of_it(client, ana, visit):
    answered(visit)
    paid(visit, ana, 1000)

    refused = client.post(desk(visit), SAID)

    assert refused.status_code == 422
    assert "Collect $15.00 now." in refused.content.decode()


def test_cover_nobody_confirmed_passes_for_a_reason_only(client, ana, visit):
    refused = client.post(desk(visit), SAID | {"coverage_done": "on", "copay_reason": "bill it"})
    waived = client.post(desk(visit), SAID | {"coverage_reason": "self-pay", "copay_reason": "no"})

    assert refused.status_code == 422
    assert "The payer has not confirmed it" in refused.content.decode()
    assert "bill it" in refused.content.decode()
    assert f"/take/?visit={visit.pk}&amp;for=appointment" in refused.content.decode()
    assert waived.status_code == 302
    assert Encounter.objects.get().items.get(item="coverage").reason == "self-pay"


def test_the_action_itself_takes_nobodys_word_for_the_money(visit):
    with pytest.raises(actions.CheckInOpen) as refused:
        make.encounter(appointment=visit, clear=[Item.COVERAGE])

    assert refused.value.items == {Item.COPAY: "unproven"}
    assert not Encounter.objects.exists()


INACTIVE = (Benefit("6", service_types=("30",)),)
SHARE = (covered.ACTIVE, Benefit("A", "IND", ("98",), basis_points=2000, network="Y"))


@pytest.mark.parametrize(
    ("benefits", "clear"),
    [((), {Item.COVERAGE}), (SHARE, {Item.COVERAGE, Item.COPAY}), (INACTIVE, set())],
)
def test_an_answer_settles_coverage_unless_it_leaves_the_cover_in_doubt(
    ana, visit, benefits, clear
):
    answered(visit, *benefits)

    assert checklist(visit, ana).clear & {Item.COVERAGE, Item.COPAY} == clear


def test_a_policy_that_has_ended_decides_no_co_pay(ana, visit):
    old = answered(visit)
    coverage.end_policy(
        officer=ana,
        policy_id=old.pk,
        last_day=visit.local_day - timedelta(days=1),
        reason="new job",
        at=visit.starts_at,
    )
    asked = checklist(visit, ana)

    assert (asked.copay, asked.clear & {Item.COVERAGE}) == (None, set())


def test_one_tick_says_that_all_forms_were_signed_on_paper(client, ana, visit):
    client.post(desk(visit), SAID | WAIVED)

    papers = Filling.objects.filter(patient=visit.patient)
    assert {(paper.form.code, paper.state) for paper in papers} == {
        (code, "on_paper") for code in DUE
    }
    assert {paper.settled_by_id for paper in papers} == {ana.pk}
    assert Item.FORMS in checklist(visit, ana).clear


def test_a_form_that_is_due_is_signed_on_its_page_on_paper_declined_or_waived(client, ana, visit):
    due = [each.code for each in checklist(visit, ana).forms]
    assert due == list(DUE)
    records.signed(visit.patient, "consent_to_treat", at=visit.starts_at)
    paper = records.begun(visit.patient, "financial_policy")
    refused = client.post(desk(visit), TWO | WAIVED | {"details_done": "on"})
    assert "Not every form is signed" in refused.content.decode()

    ticked_paper = {"signed": [str(records.form("financial_policy").pk)]}
    still = client.post(desk(visit), TWO | WAIVED | {"details_done": "on"} | ticked_paper)
    forms.decline(
        hand=records.hand(), filling_id=records.begun(visit.patient, "privacy_notice").pk,
        reason="refused", on=visit.local_day, at=visit.starts_at,
    )  # fmt: skip
    done = client.post(desk(visit), TWO | WAIVED | {"details_done": "on"} | ticked_paper)

    assert (refused.status_code, still.status_code, done.status_code) == (422, 422, 302)
    paper.refresh_from_db()
    assert paper.state == "on_paper"
    assert not Encounter.objects.get().items.get(item="forms").waived


def test_forms_that_are_due_pass_for_a_reason(client, ana, visit):
    said = TWO | WAIVED | {"details_done": "on", "forms_reason": "printer down"}

    assert client.post(desk(visit), said).status_code == 302
    assert Encounter.objects.get().items.get(item="forms").reason == "printer down"
    assert Item.FORMS not in checklist(visit, ana).clear


@pytest.mark.parametrize("refusal", [forms.Settled, forms.NotInUse])
def test_a_form_that_was_settled_this_moment_sends_back_to_the_list(
    client, ana, visit, monkeypatch, refusal
):
    def refused(**_facts):
        raise refusal

    monkeypatch.setattr(forms, "take_on_paper", refused)

    page = client.post(desk(visit), SAID | WAIVED)

    assert page.status_code == 422
    assert "Something new came meanwhile" in page.content.decode()
    assert not Encounter.objects.exists()


def test_the_action_itself_takes_nobodys_word_for_a_form(visit):
    with pytest.raises(actions.CheckInOpen) as refused:
        make.encounter(appointment=visit)

    assert refused.value.items == {Item.FORMS: "missing"}
    assert not Encounter.objects.exists()


# Details


WAIVED = {"copay_reason": "bill it", "coverage_reason": "self-pay"}


def aged(visit, days=200):
    before = visit.starts_at - timedelta(days=days)
    Patient.objects.filter(pk=visit.patient_id).update(reviewed_at=before)
    return before


def test_details_compared_at_the_desk_are_not_asked_again_at_the_next_visit(client, ana, visit):
    aged(visit)
    assert Item.DETAILS not in checklist(visit, ana).clear

    client.post(desk(visit), SAID | WAIVED)

    visit.patient.refresh_from_db()
    assert visit.patient.reviewed_at == visit.starts_at
    assert Item.DETAILS in checklist(visit, ana, at=visit.starts_at + timedelta(days=60)).clear


def test_details_that_were_waived_or_not_asked_are_not_confirmed(client, ana, visit):
    before = aged(visit)
    client.post(desk(visit), TWO | WAIVED | {"forms_done": "on", "details_reason": "in pain"})
    visit.patient.refresh_from_db()
    assert visit.patient.reviewed_at == before

    recent = aged(visit, days=60)
    # The next visit: its details arrive ticked, because they are fresh.
    second = scheduling.appointment(
        patient=visit.patient, location=visit.location, clinician=visit.clinician,
        visit_type=visit.visit_type, starts_at=scheduling.at(10),
    )  # fmt: skip
    client.post(desk(second), SAID | WAIVED)
    visit.patient.refresh_from_db()
    assert Encounter.objects.count() == 2
    assert visit.patient.reviewed_at == recent


def test_the_page_shows_what_is_to_be_compared_and_what_changed_lately(client, ana, visit):
    cy = visit.patient
    details = replace(
        people.details(given=cy.given, family=cy.family),
        phones=(people.Phone("+13125550199"),),
        emails=(Email("cy@mail.example"),),
    )
    patients.change(
        officer=ana, patient_id=cy.pk, version=cy.version, details=details, at=visit.starts_at
    )

    page = client.get(desk(visit)).content.decode()

    assert "12 Main St, Springfield, IL 62701" in page
    assert "(312) 555-0199" in page
    assert "cy@mail.example" in page
    assert "<del>(312) 555-0117</del>" in page
    look = AccessEvent.objects.get(officer=ana)
    assert look.patient_ids == [cy.pk]


# Who it is


def test_the_log_says_by_what_the_person_was_known_at_check_in_and_after(client, ana, visit):
    client.get(desk(visit))
    client.post(desk(visit), SAID | WAIVED)
    encounter = Encounter.objects.get()
    client.get(f"/patients/{visit.patient_id}/?for=encounter:{encounter.pk}")

    looks = AccessEvent.objects.filter(officer=ana).order_by("id")
    assert [(look.screen, look.confirmed_by) for look in looks] == [
        ("arrivals.check_in", []),
        ("arrivals.check_in", ["name", "birth_date"]),
        ("patients.patient", ["birth_date", "name"]),
    ]


def test_one_identifier_confirms_nobody_in_the_log_either(client, ana, visit):
    client.post(desk(visit), SAID | {"identifiers": ["name"]})

    assert AccessEvent.objects.get(officer=ana).confirmed_by == []


def test_a_forged_identifier_confirms_nobody(client, ana, visit):
    answer = client.post(desk(visit), SAID | WAIVED | {"identifiers": ["name", "eye colour"]})

    assert answer.status_code == 422
    assert AccessEvent.objects.get(officer=ana).confirmed_by == []


def test_a_waived_item_keeps_its_reason_in_the_words_of_the_officer():
    items = [Settled(item) for item in Item if item is not Item.FORMS]
    waived = Settled(Item.FORMS, waived=True, reason=" printer down ")

    encounter = make.encounter(settled=[*items, waived])

    assert encounter.items.get(item="forms").reason == "printer down"


def test_a_visit_of_another_day_is_not_checked_in_and_the_page_says_what_to_do(
    client, ana, visit, monkeypatch
):
    answered(visit)
    paid(visit, ana)
    monkeypatch.setattr(clock, "now", lambda: visit.starts_at - timedelta(days=1))

    page = client.get(f"{desk(visit)}?for=appointment:{visit.pk}")
    sent = client.post(desk(visit), SAID)
    told = client.post(f"/board/visits/{visit.pk}/arrive/?location={visit.location_id}")

    said = page.content.decode()
    assert "This visit is on Monday, March 2, not today" in said
    assert "<form" not in said.partition("<main")[2].partition("</main>")[0]
    assert f"/schedule/appointments/{visit.pk}/" in said
    assert f"patient={visit.patient_id}" in said
    assert sent.status_code == 409
    assert "another day. Move it to today" in told["HX-Trigger"]
    assert not Encounter.objects.exists()


def test_what_was_said_at_the_desk_is_written_down_before_check_in_is_done(client, ana, visit):
    record = f"/patients/{visit.patient_id}/?for=appointment:{visit.pk}"
    client.post(f"/board/visits/{visit.pk}/who/", {"identifiers": ["name"]})
    client.get(record)
    for _again in range(2):
        client.post(f"/board/visits/{visit.pk}/who/", TWO)
    client.get(record)

    looks = AccessEvent.objects.filter(officer=ana, screen="patients.patient").order_by("id")
    assert [look.confirmed_by for look in looks] == [[], ["name", "birth_date"]]
    assert {look.reason_kind for look in looks} == {"appointment"}
    assert Look.objects.count() == 1


def test_what_one_officer_was_told_confirms_nobody_to_another(client, ana, visit):
    client.post(f"/board/visits/{visit.pk}/who/", TWO)
    client.force_login(access.officer("bea", location=visit.location), backend=BACKEND)

    client.get(f"/patients/{visit.patient_id}/?for=appointment:{visit.pk}")

    assert AccessEvent.objects.latest("id").confirmed_by == []


# Asking at the desk


def begun(client, visit, **typed):
    return client.post(f"/board/visits/{visit.pk}/begin/", typed)


def yesterday(visit, *benefits):
    """Blue Harbor was asked yesterday about today: so it stands when the patient comes."""
    policy = covered.policy(visit.patient)
    at = visit.starts_at - timedelta(days=1)
    check = covered.check(policy, at=at, service_date=visit.local_day)
    body = covered.answer_bytes(*benefits)
    coverage.settle_answer(check_id=check.pk, body=body, at=at + timedelta(seconds=2))
    return policy


def test_opening_check_in_asks_the_payer_of_whom_it_answered_yesterday_and_once(client, ana, visit):
    yesterday(visit)
    client.get(desk(visit))
    assert EligibilityCheck.objects.count() == 1  # to read is not to ask

    for _again in range(2):
        begun(client, visit)
    actions.arrive(officer=ana, appointment_id=visit.pk, at=visit.starts_at)

    asked = EligibilityCheck.objects.order_by("id")
    assert [one.occasion for one in asked][1:] == ["arrival"]


def test_a_payer_that_answered_today_is_not_asked_again(client, ana, visit):
    answered(visit)

    begun(client, visit)

    assert EligibilityCheck.objects.count() == 1


def test_a_visit_of_another_day_is_not_asked_about_at_the_desk(client, ana, visit, monkeypatch):
    covered.policy(visit.patient)
    monkeypatch.setattr(clock, "now", lambda: visit.starts_at - timedelta(days=1))

    begun(client, visit)

    assert not EligibilityCheck.objects.exists()


def test_what_was_answered_stands_while_the_payer_is_asked_again(client, ana, visit):
    yesterday(visit)

    page = begun(client, visit).content.decode()
    told = checklist(visit, ana)

    assert "The payer is asked now" in page
    assert told.asking_since == visit.starts_at
    assert (Item.COVERAGE in told.clear, told.copay) == (True, 2500)


def test_the_news_takes_the_place_of_what_stood_and_keeps_what_is_typed(client, ana, visit):
    yesterday(visit)
    begun(client, visit)
    check = EligibilityCheck.objects.latest("id")
    body = covered.answer_bytes(*INACTIVE)
    coverage.settle_answer(check_id=check.pk, body=body, at=visit.starts_at)

    page = begun(client, visit, copay_reason="bill it").content.decode()

    assert "the cover is in doubt" in page
    assert "The payer is asked now" not in page
    assert 'value="bill it"' in page
    assert Item.COVERAGE not in checklist(visit, ana).clear


def test_who_may_not_check_in_asks_no_payer(client, visit):
    covered.policy(visit.patient)
    stranger = access.officer("paul", roles=["privacy"])
    client.force_login(stranger, backend=BACKEND)

    assert begun(client, visit).status_code == 403
    assert client.post(f"/board/visits/{visit.pk}/who/", TWO).status_code == 403
    assert not EligibilityCheck.objects.exists()
