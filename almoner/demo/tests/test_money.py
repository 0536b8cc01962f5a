from datetime import date

import pytest
from django.db.models import Sum

from almoner.billing.models import Claim, Statement
from almoner.demo import clinic, money, visits
from almoner.ground.models import Outgoing
from almoner.ledger.models import Drawer, Entry

TODAY = date(2026, 11, 23)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_money_stands_behind_the_past_and_an_interrupted_build_goes_on(monkeypatch):
    monkeypatch.setattr(visits, "BACK", 14)
    monkeypatch.setattr(visits, "AHEAD", 1)
    clinic.build(today=TODAY, patients=60)
    posted = (Claim.objects.count(), Entry.objects.count())

    money.build(seed=clinic.SEED, today=TODAY)

    assert clinic.is_built()
    assert Claim.objects.filter(state="paid").exists()
    assert Statement.objects.exists()
    assert Drawer.objects.get().state == "closed"
    assert not Outgoing.objects.exclude(state="sent").exists()
    assert Entry.objects.aggregate(all=Sum("cents"))["all"] == 0
    assert (Claim.objects.count(), Entry.objects.count()) == posted
