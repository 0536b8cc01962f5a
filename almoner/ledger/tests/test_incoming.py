"""Money due at the bank: announced once, seen there or not, each cent of a difference explained."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from almoner.access.models import Officer
from almoner.access.tests import make as access
from almoner.ground import clock
from almoner.ground.models import Event
from almoner.ledger import actions, queries, rules
from almoner.ledger.models import Incoming, Payment
from almoner.ledger.rules import Account, Because, Source
from almoner.ledger.tests import make

DAY = date(2026, 3, 2)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
CENTS = st.integers(-(10**6), 10**6).filter(bool)


class TestRule:
    @pytest.mark.parametrize(
        ("announced", "seen", "may"),
        [
            (1_000, 1_000, ()),
            (1_000, 970, (Because.FEE, Because.SHORT)),
            (1_000, 1_001, (Because.OVER,)),
            (1_000, 0, (Because.SHORT, Because.MISSING)),
            (-500, -510, (Because.FEE, Because.SHORT)),
        ],
    )
    def test_what_may_explain_a_difference(self, announced, seen, may):
        assert rules.reasons(announced, seen) == may

    @given(CENTS, st.integers(-(10**6), 10**6), st.sampled_from(Source))
    def test_every_journal_balances_and_empties_what_was_announced(self, announced, seen, source):
        because = next(iter(rules.reasons(announced, seen)), None)
        payer_id = 3 if source is Source.PAYER else None

        lines = rules.checked(
            rules.arrived(
                source=source, announced=announced, seen=seen, because=because, payer_id=payer_id
            )
        )

        held = Account.CARD_CLEARING if source is Source.CARDS else Account.REMITTANCE
        assert sum(line.cents for line in lines if line.account is held) == -announced
        assert sum(line.cents for line in lines if line.account is Account.BANK) == seen


def worker(name, role):
    return Officer.objects.filter(username=name).first() or access.officer(name, roles=(role,))


def biller():
    return worker("ben", "biller")


def announced(cents=10_000, *, origin="remittance:1", day=DAY, **facts):
    return actions.announce(
        **{"origin": origin, "source": Source.PAYER, "cents": cents, "expected_on": day,
           "at": make.NOON, "name": "Harbor", "reference": "EFT1", "payer_id": 3} | facts
    )  # fmt: skip


def see(row, cents, because=None, officer=None):
    return actions.see_at_bank(
        officer=officer or biller(), incoming_id=row.pk, cents=cents, day=DAY, because=because,
        note="", at=make.NOON,
    )  # fmt: skip


@pytest.mark.django_db
class TestSeen:
    def test_what_was_announced_lands_at_the_bank(self):
        row = see(announced(), 10_000)

        assert (row.state, row.seen_cents) == ("arrived", 10_000)
        books = queries.account_balances()
        assert (books[Account.BANK], books[Account.REMITTANCE]) == (10_000, -10_000)
        assert Event.objects.filter(kind="ledger.arrived").count() == 1

    def test_a_fee_is_booked_as_one(self):
        see(announced(), 9_700, Because.FEE)

        books = queries.account_balances()
        assert (books[Account.BANK], books[Account.BANK_FEES]) == (9_700, 300)

    @pytest.mark.parametrize(
        ("cents", "because"),
        [(9_700, None), (9_700, Because.OVER), (10_000, Because.FEE), (10_500, Because.SHORT),
         (9_700, Because.MISSING)],
    )  # fmt: skip
    def test_a_difference_is_never_taken_without_its_reason(self, cents, because):
        row = announced()

        with pytest.raises(actions.Unexplained):
            see(row, cents, because)

        row.refresh_from_db()
        assert row.state == "expected"
        assert queries.account_balances() == {}

    def test_what_never_came_is_given_up_by_name(self):
        row = see(announced(), 0, Because.MISSING)

        assert row.state == "missing"
        assert queries.account_balances()[Account.BANK_DIFFERENCE] == 10_000

    def test_said_by_mistake_it_is_expected_again_and_can_be_said_anew(self):
        row = see(announced(), 0, Because.MISSING)

        actions.expect_again(
            officer=biller(), incoming_id=row.pk, because="came after all", at=make.NOON
        )
        assert not any(queries.account_balances().values())
        row = see(row, 10_000)

        assert (row.state, row.tries) == ("arrived", 2)
        assert queries.account_balances()[Account.BANK] == 10_000

    def test_only_once(self):
        row = announced()
        see(row, 10_000)

        with pytest.raises(actions.WrongState):
            see(row, 10_000)

    def test_not_by_an_officer_of_the_front_desk(self):
        with pytest.raises(PermissionDenied):
            see(announced(), 10_000, officer=access.officer("ana", roles=("officer",)))

    def test_the_same_announcement_again_is_the_first(self):
        first = announced()

        assert announced(cents=5).pk == first.pk
        assert Event.objects.filter(kind="ledger.announced").count() == 1
        assert announced(cents=0, origin="remittance:2") is None

    def test_the_database_refuses_a_difference_without_a_reason(self):
        row = see(announced(), 9_700, Because.FEE)

        with (
            pytest.raises(IntegrityError, match="incoming_difference_has_a_reason"),
            transaction.atomic(),
        ):
            Incoming.objects.filter(pk=row.pk).update(because="")


@pytest.mark.django_db
class TestCards:
    def card(self, cents, *, at=make.NOON):
        payment = make.card_payment(worker("ana", "officer"), make.patient(), cents)
        Payment.objects.filter(pk=payment.pk).update(state="completed", settled_at=at)
        return payment

    def test_a_past_days_payments_are_one_batch(self):
        self.card(2_500)
        self.card(1_000)
        later = self.card(700, at=make.NOON + timedelta(days=1))
        day = make.NOON.date()

        [batch] = actions.gather_card_batches(today=day + timedelta(days=1), at=make.NOON)

        assert (batch.cents, batch.reference, batch.payments.count()) == (
            3_500, day.isoformat(), 2,
        )  # fmt: skip
        assert batch.expected_on == day + timedelta(days=1)
        later.refresh_from_db()
        assert later.incoming is None

    def test_gathered_again_it_makes_nothing_and_a_straggler_its_own(self):
        self.card(2_500)
        tomorrow = make.NOON.date() + timedelta(days=1)
        actions.gather_card_batches(today=tomorrow, at=make.NOON)

        assert actions.gather_card_batches(today=tomorrow, at=make.NOON) == []
        self.card(400)
        [further] = actions.gather_card_batches(today=tomorrow, at=make.NOON)

        assert further.cents == 400
        assert Incoming.objects.count() == 2


@pytest.mark.django_db
class TestPages:
    @pytest.fixture
    def desk(self, client):
        client.force_login(biller(), backend=BACKEND)
        return client

    def test_the_oldest_expected_comes_first_with_its_age(self, desk):
        today = timezone.localtime(clock.now()).date()
        announced(origin="remittance:2", day=today - timedelta(days=9), name="Old Payer")
        announced(origin="remittance:3", day=today, name="New Payer")

        page = desk.get(reverse("expected_money")).content.decode()

        assert page.index("Old Payer") < page.index("New Payer")
        assert "9 days ago" in page
        assert "Late" in page

    def test_two_statements_and_one_for_the_sums(self, django_assert_num_queries):
        for place in range(5):
            announced(origin=f"remittance:{place}")

        with django_assert_num_queries(3):
            queries.incoming_page(queries.IncomingAsked(), number=1, today=DAY)
            queries.incoming_sums(today=DAY)

    @pytest.mark.parametrize("query", ["state=x&source=y&page=z", "state=all&source=cards"])
    def test_filters_break_on_nothing(self, desk, query):
        announced()

        assert desk.get(f"{reverse('expected_money')}?{query}").status_code == 200

    def test_enter_takes_what_was_announced(self, desk):
        row = announced()
        page = reverse("expected_sum", args=[row.pk])
        assert "100.00" in desk.get(page).content.decode()

        desk.post(page, {"amount": "100.00", "day": "03/02/2026", "because": "", "note": ""})

        row.refresh_from_db()
        assert row.state == "arrived"

    def test_a_difference_comes_back_with_the_reasons_there_are(self, desk):
        row = announced()
        page = reverse("expected_sum", args=[row.pk])

        answer = desk.post(page, {"amount": "97", "day": "03/02/2026", "because": "", "note": ""})

        assert answer.status_code == 422
        assert "Less than announced" in answer.content.decode()
        desk.post(page, {"amount": "97", "day": "03/02/2026", "because": "fee", "note": ""})
        row.refresh_from_db()
        assert (row.seen_cents, row.because) == (9_700, "fee")

        desk.post(reverse("expect_again", args=[row.pk]), {"reason": "typed wrong"})
        row.refresh_from_db()
        assert row.state == "expected"
