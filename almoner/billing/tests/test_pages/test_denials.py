"""Denials and how they are found."""

import pytest
from django.urls import reverse

from almoner.access.tests import make as access
from almoner.billing import offers, queries
from almoner.billing.models import Denial
from almoner.billing.tests import make
from almoner.ledger import queries as ledger

pytestmark = pytest.mark.django_db

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class TestDenials:
    def denied(self, group="CO", reason="197", cents=3_500):
        claim = make.sent()
        adjusted = ((), ((group, reason, cents),))
        make.post(make.era(make.answer(claim, *adjusted), envelope=claim.pk, trace=str(claim.pk)))
        return Denial.objects.latest("pk")

    def test_the_most_money_with_the_fewest_days_comes_first(self):
        small, large = self.denied(cents=1_000), self.denied(cents=3_400)
        soon = self.denied(cents=900)
        Denial.objects.filter(pk=soon.pk).update(act_by=make.DAY)

        page = queries.denial_page(
            queries.DenialsAsked(),
            number=1,
            today=make.DAY,
            reading=access.reading(make.biller()),
        )

        assert [line.id for line in page] == [soon.pk, large.pk, small.pk]

    @pytest.mark.parametrize(
        "query",
        ["category=authorisation", "category=x&desk=y&payer=z&state=q&order=;--&page=x",
         "state=settled", "desk=front+desk&order=-cents", "order=act_by"],
    )  # fmt: skip
    def test_filters_let_through_what_they_name_and_break_on_nothing(self, desk, query):
        self.denied()

        assert desk.get(f"{reverse('denials')}?{query}").status_code == 200

    def test_a_denial_is_written_off_with_a_reason_or_not_at_all(self, desk):
        denial = self.denied()
        page = reverse("settle_denial", args=[denial.pk])

        desk.post(page, {"act": "write_off", "reason": " "})
        assert Denial.objects.get().state == "open"
        desk.post(page, {"act": "write_off", "reason": "too small to argue"})

        assert Denial.objects.get().resolution == "written_off"

    def test_billing_the_patient_for_a_contractual_denial_is_refused_even_when_forged(self, desk):
        denial = self.denied()

        desk.post(
            reverse("settle_denial", args=[denial.pk]), {"act": "bill_patient", "reason": "x"}
        )

        assert Denial.objects.get().state == "open"
        assert ledger.balance_of(denial.patient_id).owed == 0

    def test_the_list_takes_two_statements(self, django_assert_num_queries):
        self.denied(), self.denied()
        reading = access.reading(make.biller())

        with django_assert_num_queries(2):
            queries.denial_page(queries.DenialsAsked(), number=1, today=make.DAY, reading=reading)


def test_ctrl_k_finds_what_was_denied_to_somebody_until_it_is_settled(rf):
    denial = TestDenials().denied()
    reading = access.reading(make.biller())
    request = rf.get("/")
    request.reading = reading

    [hit] = offers.find_denials(request, denial.claim.patient.family)
    Denial.objects.update(state="settled", resolution="paid", settled_at=make.LATER)

    assert hit.url.endswith(f"#denial-{denial.pk}")
    assert list(offers.find_denials(request, denial.claim.patient.family)) == []
