"""Answers that name no claim: how like each claim is, the work list, and naming one by hand."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from almoner.access.models import AccessEvent
from almoner.access.tests import make as access
from almoner.billing import actions, queries
from almoner.billing.actions import parking
from almoner.billing.models import Claim, Remittance, RemittedClaim
from almoner.billing.queries import remittances
from almoner.billing.rules.claims import claim_number
from almoner.billing.rules.likeness import Mark, Point, Standing, Told, likeness
from almoner.billing.tests import make
from almoner.coverage.models import Payer
from almoner.ground.models import Event
from almoner.ledger import queries as ledger
from almoner.ledger.rules import Account
from almoner.patients.tests import make as patients

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ANSWER = Told(
    number="A0000012K", payer_number="P1", member_id="W001", family="Garcia", given="Cy",
    day=date(2026, 3, 2), charge_cents=15_500, procedures=frozenset({"ZZ101"}), payer_id=3,
)  # fmt: skip
told = st.builds(
    Told,
    number=st.sampled_from(["", "A1", "A2"]),
    member_id=st.sampled_from(["", "W1", "W2"]),
    family=st.sampled_from(["", "Ng", "Garcia"]),
    day=st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 9)),
    charge_cents=st.integers(0, 3),
    procedures=st.frozensets(st.sampled_from(["X", "Y"])),
    awaited=st.booleans(),
)


def standing(claim, mark):
    return next(one.standing for one in likeness(ANSWER, claim).points if one.mark is mark)


class TestLikeness:
    @given(told, told)
    def test_it_is_a_percentage_and_what_is_not_told_is_not_compared(self, answer, claim):
        found = likeness(answer, claim)

        assert 0 <= found.percent <= 100
        marks = {point.mark for point in found.points}
        assert (Mark.MEMBER in marks) == bool(answer.member_id and claim.member_id)
        assert (Mark.DAY in marks) == bool(answer.day and claim.day)

    @given(told)
    def test_nothing_is_likelier_than_the_claim_itself(self, claim):
        awaited = replace(claim, awaited=True)

        assert likeness(claim, awaited).percent == 100
        assert likeness(claim, replace(claim, awaited=False)).percent < 100

    @pytest.mark.parametrize(
        ("number", "found"),
        [
            ("A0000012K", Standing.AGREES),
            ("A-0000012-K", Standing.AGREES),
            ("A0000021K", Standing.NEAR),
            ("A000012K", Standing.NEAR),
            ("A0000013K", Standing.NEAR),
        ],
    )
    def test_a_number_may_be_off_by_one_slip(self, number, found):
        assert standing(Told(number=number), Mark.NUMBER) is found

    def test_only_a_number_of_our_own_shape_tells_against_a_claim(self):
        ours, others = replace(ANSWER, number=claim_number(1)), replace(ANSWER, number="OLD-7")
        claim = Told(number=claim_number(4711), awaited=True)

        assert Point(Mark.NUMBER, Standing.DIFFERS) in likeness(ours, claim).points
        assert Mark.NUMBER not in {point.mark for point in likeness(others, claim).points}

    @pytest.mark.parametrize(
        ("family", "given_name", "found"),
        [
            ("García", "Cy", Standing.NEAR),
            ("GARCIA", "CY", Standing.AGREES),
            ("Cy", "Garcia", Standing.NEAR),
            ("Ng", "Li", Standing.DIFFERS),
        ],
    )
    def test_names_may_be_swapped_or_half_right(self, family, given_name, found):
        assert standing(Told(family=family, given=given_name), Mark.PATIENT) is found

    def test_a_day_close_by_is_half_right(self):
        close, far = ANSWER.day + timedelta(days=3), ANSWER.day + timedelta(days=4)

        assert standing(Told(day=close), Mark.DAY) is Standing.NEAR
        assert standing(Told(day=far), Mark.DAY) is Standing.DIFFERS


pytest_db = pytest.mark.django_db


def answered(claim, **facts):
    """An answer to this claim under numbers nobody here knows."""
    answer = make.answer(claim, *make.PAID, **{"account": "12345", "control": "X"} | facts)
    make.post(make.era(answer, envelope=claim.pk, trace=f"EFT{claim.pk}"))
    return RemittedClaim.objects.latest("pk")


@pytest.fixture
def desk(client):
    client.force_login(make.biller(), backend=BACKEND)
    return client


def text(response):
    return " ".join(response.content.decode().split())


@pytest_db
class TestWorkList:
    def test_what_names_no_claim_waits_there_and_its_money_is_parked(self, desk):
        row = answered(make.sent())

        shown = text(desk.get(reverse("unmatched_answers")))

        assert "12345" in shown
        assert reverse("match_answer", args=[row.pk]) in shown
        books = ledger.account_balances()
        assert (books[Account.REMITTANCE], books[Account.PAYER_UNAPPLIED]) == (13_500, -13_500)
        assert books[Account.INSURANCE_AR] == 15_500

    def test_what_is_set_aside_before_its_payer_is_named_is_parked_then(self, desk):
        row = answered(make.sent())
        payment = row.remittance
        payer_id = payment.payer_id
        RemittedClaim.objects.filter(pk=row.pk).update(
            state=RemittedClaim.State.SET_ASIDE, parked_journal=None, needs_review="old system"
        )

        parking.park(payment, payer_id, day=payment.payment_date, at=make.LATER)

        row.refresh_from_db()
        assert row.parked_journal_id

    def test_the_right_claim_stands_first_and_is_explained(self, desk):
        cy, li = patients.patient(), patients.patient(family="Ng", given="Li")
        claim, other = make.sent(cy), make.sent(li)
        row = answered(claim)

        shown = text(desk.get(reverse("match_answer", args=[row.pk])))

        assert shown.index(claim.number) < shown.index(other.number)
        for words in ("100 %", "✓ same name", "✓ same day", "✓ same charge", "✗ another name"):
            assert words in shown
        looked_at = AccessEvent.objects.exclude(patient_ids=[]).latest("pk").patient_ids
        assert set(looked_at) == {cy.pk, li.pk}

    @pytest.mark.parametrize(
        "asked",
        [
            {"patient": "ng, li"}, {"patient": "Li"}, {"amount": "155"}, {"day": "3/2/2026"},
            {"patient": "ng", "amount": "155.00", "day": "2026-03-02"},
        ],
    )  # fmt: skip
    def test_claims_are_looked_for_by_what_is_known(self, desk, asked):
        row = answered(make.sent())
        other = make.sent(patients.patient(family="Ng", given="Li"))

        shown = text(desk.get(reverse("match_answer", args=[row.pk]), asked))

        assert other.number in shown

    def test_every_part_that_is_given_narrows(self, desk):
        row = answered(make.sent())
        other = make.sent(patients.patient(family="Ng", given="Li"))
        address = reverse("match_answer", args=[row.pk])

        wrong_charge = text(desk.get(address, {"patient": "Ng", "amount": "1"}))
        by_number = text(desk.get(address, {"claim": other.number}))
        nonsense = desk.get(address, {"day": "the other day"})

        assert other.number not in wrong_charge
        assert other.number in by_number
        assert nonsense.status_code == 422

    def test_an_answer_is_posted_once_by_whoever_comes_first(self, desk):
        claim = make.sent()
        row = answered(claim)
        address = reverse("match_answer", args=[row.pk])

        first = desk.post(address, {"number": claim.number})
        books = ledger.account_balances()
        again = desk.post(address, {"number": claim.number})

        assert first.url == reverse("unmatched_answers")
        assert again.url == reverse("remittance", args=[row.remittance_id])
        assert ledger.account_balances() == books
        assert books[Account.REMITTANCE] == 13_500
        assert sum(books.values()) == 0
        event = Event.objects.get(kind="billing.remitted")
        assert event.by_id == make.biller().pk
        assert Claim.objects.get(pk=claim.pk).state == "paid"

    def test_an_officer_of_the_front_desk_sees_none_of_it(self, client):
        row = answered(make.sent())
        client.force_login(access.officer("ana"), backend=BACKEND)

        assert client.get(reverse("unmatched_answers")).status_code == 403
        assert client.get(reverse("match_answer", args=[row.pk])).status_code == 403


@pytest_db
class TestOutsideClaims:
    def unknown_payer(self, claim):
        """A payment of a payer we do not know, that took fifteen dollars back."""
        answer = make.answer(claim, *make.PAID, account="12345", control="X")
        known = Payer.objects.filter(pk=claim.payer_id)
        identifier = known.get().payer_id
        known.update(payer_id="OTHER")
        make.post(make.era(answer, takes=(("WO", 1_500), ("L6", -20), ("FB", 300))))
        known.update(payer_id=identifier)
        return RemittedClaim.objects.get()

    def test_each_reason_lands_on_its_own_account(self):
        make.post(
            make.era(
                make.answer(make.sent(), *make.PAID),
                takes=(("WO", 1_500), ("L6", -20), ("FB", 300), ("IR", 40)),
            )
        )

        books = ledger.account_balances()
        assert books[Account.RECOUPMENT] == 1_500
        assert books[Account.INTEREST] == -20
        assert books[Account.FORWARDED] == 300
        assert books[Account.WITHHELD] == 40
        assert books[Account.REMITTANCE] == 13_500 - 1_820
        assert sum(books.values()) == 0

    def test_a_matched_claim_tells_whose_payment_it_is(self):
        claim = make.sent()
        row = self.unknown_payer(claim)
        assert Account.RECOUPMENT not in ledger.account_balances()

        actions.post_unmatched(
            officer=make.biller(), remitted_id=row.pk, claim_id=claim.pk, at=make.LATER
        )

        row.remittance.refresh_from_db()
        assert row.remittance.payer_id == claim.payer_id
        assert ledger.account_balances()[Account.RECOUPMENT] == 1_500

    def test_a_person_names_the_payer_once(self, desk):
        claim = make.sent()
        row = self.unknown_payer(claim)
        page = reverse("remittance", args=[row.remittance_id])
        assert "Not posted yet" in text(desk.get(page))

        for _ in range(2):
            desk.post(reverse("name_payer", args=[row.remittance_id]), {"payer": claim.payer_id})

        shown = text(desk.get(page))
        assert "Taken back: paid too much before" in shown
        assert "Interest from payers" in shown
        assert "Whose payment is this?" not in shown
        assert ledger.account_balances()[Account.RECOUPMENT] == 1_500
        assert Event.objects.filter(kind="billing.payer_named").count() == 1


@pytest_db
class TestRefused:
    def test_its_page_says_what_to_write_to_the_payer(self, desk):
        content = make.era(make.answer(make.sent(), *make.PAID))
        make.post(content.replace(b"BPR*I*135*", b"BPR*I*134*"))
        row = Remittance.objects.get(state="refused")

        shown = text(desk.get(reverse("remittance", args=[row.pk])))

        assert "Payment EFT0001 of $134.00" in shown
        assert "Please send a corrected 835" in shown
        assert "Bring it as a file" in shown

    def test_its_file_is_read_once_for_all_its_faults(self, desk, monkeypatch):
        content = make.era(make.answer(make.sent(), *make.PAID))
        make.post(content.replace(b"BPR*I*135*", b"BPR*I*134*"))
        row = Remittance.objects.get(state="refused")
        [fault] = queries.refused_at(row)
        whole, read = remittances.segments, []
        monkeypatch.setattr(remittances, "segments", lambda bytes_: read.append(1) or whole(bytes_))

        look = access.reading(access.officer("reader"))
        last = fault | {"ordinal": fault["ordinal"] + 5}
        nowhere = fault | {"ordinal": 0}
        first, second, third = queries.places_of(row, [fault, last, nowhere], reading=look)

        assert read == [1]
        assert first.at.startswith(fault["tag"])
        assert (len(second.before), third) == (3, None)
        assert second.before[-1] != second.at != second.after[0]

    def test_it_leads_to_the_corrected_one_once_that_came(self, desk):
        claim = make.sent()
        answer = make.answer(claim, *make.PAID)
        make.post(make.era(answer).replace(b"BPR*I*135*", b"BPR*I*134*"))
        make.post(make.era(answer, envelope=2))
        wrong, right = Remittance.objects.order_by("pk")

        shown = text(desk.get(reverse("remittance", args=[wrong.pk])))

        assert right.state == "posted"
        assert "A corrected one came" in shown
        assert reverse("remittance", args=[right.pk]) in shown
