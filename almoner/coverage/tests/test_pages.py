from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from almoner.access.models import AccessEvent
from almoner.access.tests import make as access
from almoner.coverage import actions
from almoner.coverage.models import EligibilityCheck, Policy
from almoner.coverage.rules import State
from almoner.coverage.tests import make
from almoner.edges.x12.eligibility import Benefit
from almoner.ground import clock
from almoner.patients.tests import make as patients

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client):
    ana = access.officer("ana")
    client.force_login(ana)
    return ana


def page(client, name, *args, **more):
    return client.get(reverse(name, args=args), **more)


def text(response):
    return " ".join(response.content.decode().split())


def soon(policy, body=None, *, state=None, **facts):
    """A question asked just now about a day ahead, and what became of it."""
    now = clock.now()
    facts = {"service_date": (now + timedelta(days=3)).date()} | facts
    check = make.check(policy, at=now, **facts)
    if body is not None:
        actions.settle_answer(check_id=check.pk, body=body, at=now + timedelta(seconds=1))
    elif state:
        actions.settle_trouble(check_id=check.pk, state=state, trouble="", at=now)
    check.refresh_from_db()
    return check


TYPED = {
    "member_id": "W77", "group_number": "", "rank": "1", "relation": "18", "valid_from": "",
    "last_day": "", "subscriber_family": "", "subscriber_given": "", "subscriber_birth_date": "",
    "subscriber_sex": "",
}  # fmt: skip


def test_a_policy_is_added_by_the_form(client, ana):
    cy = patients.patient()

    response = client.post(
        reverse("add_policy", args=[cy.pk]),
        TYPED | {"plan": make.plan().pk, "last_day": "12/31/2026"},
    )

    assert response.status_code == 302
    policy = Policy.objects.get()
    assert (policy.member_id, f"{policy.valid_until}") == ("W77", "2027-01-01")


@pytest.mark.parametrize("member_id", ["AB*12", "A~B", "ABC:1", "É12", "A"])
def test_a_member_id_no_payer_can_be_sent_is_refused_at_its_field(client, ana, member_id):
    cy = patients.patient()

    response = client.post(
        reverse("add_policy", args=[cy.pk]),
        TYPED | {"plan": make.plan().pk, "member_id": member_id},
    )

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["member_id"]
    assert not Policy.objects.exists()


def test_a_payer_that_cannot_be_sent_to_is_said_in_words(client, ana):
    policy = make.policy(plan=make.plan("Star", of=make.payer("ST*R")))

    response = client.post(reverse("ask_payer", args=[policy.pk]), follow=True)

    assert "Nothing was sent: the number of the clinic or of the payer" in text(response)
    assert not EligibilityCheck.objects.exists()


@pytest.mark.parametrize("typed", ["12/31/9999", "12319999", "9999-12-31"])
def test_a_card_without_an_end_is_typed_as_it_is_printed(client, ana, typed):
    cy = patients.patient()
    typed = TYPED | {"plan": make.plan().pk, "valid_from": "1/1/2026", "last_day": typed}

    response = client.post(reverse("add_policy", args=[cy.pk]), typed)

    assert response.status_code == 302
    assert Policy.objects.get().valid_until is None


def test_a_year_no_card_has_is_refused_at_its_field(client, ana):
    cy = patients.patient()
    typed = TYPED | {"plan": make.plan().pk, "valid_from": "1/1/0026", "last_day": "1/1/9026"}

    response = client.post(reverse("add_policy", args=[cy.pk]), typed)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["valid_from", "last_day"]


def test_a_policy_ends_on_a_day_there_is(client, ana):
    policy = make.policy()

    response = client.post(
        reverse("end_policy", args=[policy.pk]), {"last_day": "12/31/9999", "reason": "x"}
    )

    assert response.status_code == 422


def test_what_was_typed_comes_back_when_the_place_is_taken(client, ana):
    cy = patients.patient()
    make.policy(cy)

    response = client.post(reverse("add_policy", args=[cy.pk]), TYPED | {"plan": make.plan().pk})

    assert response.status_code == 422
    assert 'value="W77"' in text(response)
    assert "Another policy has this place" in text(response)


def test_a_child_needs_its_subscriber(client, ana):
    cy = patients.patient()

    response = client.post(
        reverse("add_policy", args=[cy.pk]), TYPED | {"plan": make.plan().pk, "relation": "19"}
    )

    assert response.status_code == 422
    assert "finds the policy by its subscriber" in text(response)


def test_a_policy_is_changed_ended_put_first_and_taken_back(client, ana):
    cy = patients.patient()
    first, second = make.policy(cy), make.policy(cy, member_id="W2", rank=2)

    shown = page(client, "change_policy", first.pk)
    changed = client.post(
        reverse("change_policy", args=[first.pk]),
        TYPED | {"plan": make.plan().pk, "version": "1"},
    )
    stale = client.post(
        reverse("change_policy", args=[first.pk]), TYPED | {"plan": make.plan().pk, "version": "1"}
    )
    client.post(reverse("put_policy_first", args=[second.pk]))
    ended = client.post(
        reverse("end_policy", args=[first.pk]), {"last_day": "12/31/2026", "reason": "new job"}
    )
    client.post(reverse("retire_policy", args=[second.pk]), {"reason": "typo"})

    assert 'value="W1234567"' in text(shown)
    assert [changed.status_code, stale.status_code, ended.status_code] == [302, 422, 302]
    assert "Somebody changed this policy meanwhile" in text(stale)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.member_id, first.rank, second.rank) == ("W77", 2, 1)
    assert second.retired_at is not None


def picture():
    out = BytesIO()
    Image.new("RGB", (400, 250), "teal").save(out, "PNG")
    return SimpleUploadedFile("card.png", out.getvalue(), "image/png")


def test_a_card_is_kept_and_shown_through_a_door_only(client, ana):
    policy = make.policy()
    client.post(reverse("keep_card", args=[policy.pk, "front"]), {"image": picture()})

    shown = page(client, "card", policy.pk, "front")

    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert shown["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private" or (
        "no-store" in shown["Cache-Control"]
    )
    assert AccessEvent.objects.filter(
        patient_ids=[policy.patient_id], screen="coverage.card"
    ).exists()
    assert page(client, "card", policy.pk, "back").status_code == 404


def test_something_else_than_a_picture_is_refused_with_a_word(client, ana):
    policy = make.policy()
    junk = SimpleUploadedFile("card.png", b"<svg onload=alert(1)>", "image/png")

    response = client.post(
        reverse("keep_card", args=[policy.pk, "front"]), {"image": junk}, follow=True
    )

    assert "no picture we can read" in text(response)
    assert not policy.cards.exists()


def test_what_to_collect_stands_in_large_with_every_row_and_its_reason(client, ana):
    check = soon(make.policy(), make.answer_bytes())

    shown = text(page(client, "eligibility_check", check.pk))

    assert "Collect now" in shown
    assert "$25.00" in shown
    assert "Says something else than a co-pay." in shown
    assert "EB*B*IND*98***27*25*****Y" in shown


def test_when_nobody_can_tell_the_page_says_why_and_what_to_do(client, ana):
    other = Benefit("B", "IND", ("98",), period="27", cents=4000, network="Y")
    check = soon(make.policy(), make.answer_bytes(make.ACTIVE, make.COPAY, other))

    shown = text(page(client, "eligibility_check", check.pk))

    assert "Cannot tell what to collect" in shown
    assert "Several co-pays fit this visit" in shown
    assert "Collect now" not in shown


@pytest.mark.parametrize(
    ("became", "said"),
    [
        ({}, "After 60 seconds we stop waiting"),
        ({"state": State.SILENT}, "no answer came within 60 seconds"),
        ({"state": State.FAILED}, "did not reach the payer"),
        ({"body": b"<html>502</html>"}, "The answer cannot be read"),
    ],
)
def test_each_state_has_its_own_words(client, ana, became, said):
    check = soon(make.policy(), **became)

    assert said in text(page(client, "eligibility_check", check.pk))


def test_an_answer_that_is_no_x12_is_shown_escaped(client, ana):
    check = soon(make.policy(), b"<script>alert(1)</script>")

    shown = text(page(client, "eligibility_check", check.pk))

    assert "<script>alert" not in shown
    assert "&lt;script&gt;" in shown


def test_a_rejection_names_who_mends_what(client, ana):
    check = soon(make.policy(), make.answer_bytes(rejections=["72"]))

    shown = text(page(client, "eligibility_check", check.pk))

    assert "The front desk mends this" in shown
    assert "Copy the id from the card again" in shown


def test_one_key_asks_the_payer_and_the_panel_shows_the_clock(client, ana):
    policy = make.policy()

    response = client.post(reverse("ask_payer", args=[policy.pk]), headers={"HX-Request": "true"})

    assert EligibilityCheck.objects.get().asked_by_id == ana.pk
    assert 'data-limit="20"' in text(response)
    assert "Asked." in response["HX-Trigger"]


def test_asking_twice_sends_once_and_says_so(client, ana):
    policy = make.policy()
    client.post(reverse("ask_payer", args=[policy.pk]))

    response = client.post(reverse("ask_payer", args=[policy.pk]), headers={"HX-Request": "true"})

    assert "less than 90 seconds ago" in response["HX-Trigger"]
    assert EligibilityCheck.objects.count() == 1


def test_a_payer_that_is_asked_by_telephone_has_no_button(client, ana):
    comp = make.payer("COMP", name="State Fund", kind="workers_comp", answers_eligibility=False)
    policy = make.policy(plan=make.plan("Injury", of=comp))

    shown = text(page(client, "coverage_panel", policy.patient_id))
    response = client.post(reverse("ask_payer", args=[policy.pk]), headers={"HX-Request": "true"})

    assert "asked by telephone" in shown
    assert "Ask payer" not in shown
    assert "Nothing was sent" in response["HX-Trigger"]


def test_a_patient_without_coverage_gets_a_word_what_to_do(client, ana):
    cy = patients.patient()

    assert "Ask for the insurance card" in text(page(client, "coverage_panel", cy.pk))
    assert "Ask for the insurance card" in text(page(client, "patient_coverage", cy.pk))


def test_the_work_list_shows_coming_visits_that_need_a_hand_and_whose(client, ana):
    cy, dot = patients.patient(), patients.patient(given="Dot", family="Quill")
    soon(make.policy(cy), make.answer_bytes())
    soon(make.policy(dot, member_id="W8"), make.answer_bytes(rejections=["72"]))

    shown = text(page(client, "coverage_work"))

    assert "Quill, Dot" in shown
    assert "Garcia" not in shown
    assert AccessEvent.objects.filter(patient_ids=[dot.pk], reason_kind="coverage").exists()


def test_the_work_list_takes_no_order_or_filter_it_does_not_know(client, ana):
    soon(make.policy(), state=State.SILENT)

    for query in ("?order=password", "?state=1%27--", "?page=zz", "?page=99", "?order=-payer"):
        assert client.get(reverse("coverage_work") + query).status_code == 200


def test_an_empty_work_list_says_that_all_is_well(client, ana):
    assert "Nothing to mend" in text(page(client, "coverage_work"))


def test_the_work_list_reads_all_rows_at_once(client, ana, django_assert_max_num_queries):
    for number in range(6):
        cy = patients.patient(given=f"Cy{number}", family=f"Quill{number}")
        soon(make.policy(cy, member_id=f"W{number}"), state=State.SILENT)

    with django_assert_max_num_queries(12):
        page(client, "coverage_work")


def routes():
    cy = patients.patient()
    policy = make.policy(cy)
    check = make.check(policy, at=datetime(2026, 3, 2, tzinfo=UTC))
    return [
        reverse("coverage_work"),
        reverse("patient_coverage", args=[cy.pk]),
        reverse("coverage_panel", args=[cy.pk]),
        reverse("add_policy", args=[cy.pk]),
        reverse("change_policy", args=[policy.pk]),
        reverse("end_policy", args=[policy.pk]),
        reverse("card", args=[policy.pk, "front"]),
        reverse("eligibility_check", args=[check.pk]),
    ]


def test_dot_sees_no_page_of_coverage(client):
    client.force_login(access.officer("dot", roles=("clinician",)))

    assert {client.get(address).status_code for address in routes()} == {403}


def test_every_page_says_whom_it_showed(client, ana):
    for address in routes():
        AccessEvent.objects.all()
        assert client.get(address).status_code in {200, 404}

    screens = set(AccessEvent.objects.values_list("screen", flat=True))
    assert {
        "coverage.coverage",
        "coverage.panel",
        "coverage.add_policy",
        "coverage.check",
    } <= screens
