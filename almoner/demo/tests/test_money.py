from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Sum

from almoner.billing.models import Claim, ReceivedFile, Remittance, Statement
from almoner.demo import clinic, money, visits
from almoner.demo.payer.house import House
from almoner.demo.setup import ZONE
from almoner.edges.x12.remittance import Claim as PaidClaim
from almoner.edges.x12.remittance import read_835
from almoner.ground.models import Event, Outgoing
from almoner.ledger.models import Drawer, Entry, Incoming

NOW = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo(ZONE))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_money_stands_behind_the_past_and_an_interrupted_build_goes_on(monkeypatch):
    monkeypatch.setattr(visits, "BACK", 28)
    monkeypatch.setattr(visits, "AHEAD", 1)
    clinic.build(now=NOW, patients=60)
    posted = (Claim.objects.count(), Entry.objects.count())

    money.build(seed=clinic.SEED, now=NOW)

    assert clinic.is_built()
    assert Claim.objects.filter(state="paid").exists()
    assert Statement.objects.exists()
    assert Drawer.objects.get().state == "closed"
    assert not Outgoing.objects.exclude(state="sent").exists()
    assert Entry.objects.aggregate(all=Sum("cents"))["all"] == 0
    assert (Claim.objects.count(), Entry.objects.count()) == posted
    _only_what_does_not_balance_is_refused()
    _past_weeks_are_settled()
    _some_come_back_unpaid()
    _nothing_is_dated_ahead()
    _what_payers_paid_is_at_the_bank_but_for_a_few()


def _only_what_does_not_balance_is_refused():
    refused = Remittance.objects.filter(state="refused")
    files = [bytes(remittance.received.content) for remittance in refused]

    members = {
        person.id
        for file in files
        for read in read_835(file)
        if isinstance(read, PaidClaim)
        for person in read.people
    }
    assert members
    assert {member[-2:] for member in members} == {"U0"}
    assert not Remittance.objects.filter(state="duplicate").exists()
    assert not ReceivedFile.objects.filter(number_used_before=True).exists()


def _past_weeks_are_settled():
    """Only the payer that does not balance still owes an answer, and what is new is unsent."""
    waiting = Claim.objects.filter(state__in=["queued", "sent", "accepted", "pending"])

    assert waiting.exists()
    assert {claim.policy.member_id[-2:] for claim in waiting.select_related("policy")} == {"U0"}
    last_sent = NOW.date() - timedelta(days=3)
    assert not Claim.objects.filter(state="ready", service_date__lte=last_sent, rank=1).exists()


def _some_come_back_unpaid():
    states = set(Claim.objects.values_list("state", flat=True))
    assert {"denied", "unprocessable", "rejected"} <= states


def _what_payers_paid_is_at_the_bank_but_for_a_few():
    old = Incoming.objects.filter(expected_on__lte=NOW.date() - money.FRESH)

    assert old.filter(state="arrived", because="fee").exists()
    assert old.filter(state="arrived").count() > old.filter(state="expected").count()
    waiting = Incoming.objects.filter(state="expected")
    accounts = Entry.objects.filter(account="remittance").aggregate(all=Sum("cents"))
    assert accounts["all"] == waiting.aggregate(all=Sum("cents"))["all"]


def _nothing_is_dated_ahead():
    assert not Event.objects.filter(at__gt=NOW).exists()
    assert not Claim.objects.filter(state_since__gt=NOW).exists()


def test_a_payer_that_opens_later_gives_numbers_that_were_not_given_before():
    """However fast the past is played, and by as many houses as it has days."""
    days = [NOW - timedelta(days=back) for back in (14, 7, 1)]
    houses = [House(now=lambda day=day: day) for day in days] + [House()]

    given = [
        [[next(numbers) for _ in range(1000)] for numbers in (h._traces, h._controls, h._ids)]
        for h in houses
    ]

    for earlier, later in pairwise(given):
        assert all(max(a) < min(b) for a, b in zip(earlier, later, strict=True))
