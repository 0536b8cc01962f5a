"""Posting under fire: killed at random points, several posters at once. Nothing lost or doubled."""

import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from almoner.billing import actions
from almoner.billing.models import Claim, Denial, Remittance, RemittedAdjustment, RemittedClaim
from almoner.billing.tests import bulk, make
from almoner.ground.models import Event
from almoner.ledger import queries as ledger
from almoner.ledger.models import Journal
from almoner.ledger.rules import Account

KILLS = int(os.environ.get("ALMONER_KILLS", "12"))


def assert_posted_exactly_once(claims, paid_cents):
    """Every answer is in the ledger once: by rows, by sums, and by what each claim became."""
    answers = RemittedClaim.objects.all()
    assert Counter(answers.values_list("state", flat=True)) == {"posted": len(claims)}
    assert Remittance.objects.get().state == "posted"
    journals = Journal.objects.filter(source="billing.remitted")
    with_money = Counter(one.claim_id for one in RemittedAdjustment.objects.exclude(reason="50"))
    paid = set(answers.filter(paid_cents__gt=0).values_list("pk", flat=True))
    assert set(journals.values_list("external_id", flat=True)) == {
        str(pk) for pk in paid | set(with_money)
    }
    accounts = ledger.account_balances()
    assert sum(accounts.values()) == 0
    assert accounts[Account.REMITTANCE] == paid_cents
    refused = sum(Denial.objects.values_list("cents", flat=True))
    assert accounts[Account.INSURANCE_AR] == refused
    assert Event.objects.filter(kind="billing.remitted").count() == len(claims)
    assert Claim.objects.filter(state="sent").count() == 0
    for claim in Claim.objects.prefetch_related("steps"):
        assert len(claim.steps.all()) == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_poster_killed_at_random_points_loses_nothing_and_doubles_nothing(tmp_path):
    claims = bulk.sent_claims(400)
    content = bulk.era(claims)
    file = tmp_path / "bulk.835"
    file.write_bytes(content)
    settings = connection.settings_dict
    url = f"postgresql://{settings['USER']}@/{settings['NAME']}?host={settings['HOST']}"

    result = subprocess.run(
        [sys.executable, "-m", "almoner.billing.tests.killing", str(file), str(KILLS), "11"],
        env=os.environ
        | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "almoner.config.settings"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert int(result.stdout) > KILLS // 2  # it was killed while it worked, not after
    done = RemittedClaim.objects.filter(state="posted").count()

    actions.resume(at=make.LATER)
    last = make.post(content)

    assert done < len(claims)
    assert last.new == 0
    assert_posted_exactly_once(claims, last.payments[0].paid_cents)


@pytest.mark.django_db(transaction=True)
def test_several_posters_of_one_file_post_it_once():
    claims = bulk.sent_claims(60)
    content = bulk.era(claims)

    def post(_):
        try:
            return make.post(content).new
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as posters:
        new = list(posters.map(post, range(4)))

    assert sum(new) == len(claims)
    assert_posted_exactly_once(claims, Remittance.objects.get().paid_cents)


@pytest.mark.django_db(transaction=True)
def test_an_error_at_one_claim_leaves_the_others_posted_and_is_gone_on_with(monkeypatch):
    claims = bulk.sent_claims(20)
    content = bulk.era(claims)
    unlucky = claims[7].number
    tell = actions.posting.Poster._tell

    def breaks(self, remitted, ours, found):
        if ours.number == unlucky:
            raise ConnectionError
        tell(self, remitted, ours, found)

    monkeypatch.setattr(actions.posting.Poster, "_tell", breaks)
    with pytest.raises(ConnectionError):
        make.post(content)
    assert RemittedClaim.objects.filter(state="posted").count() == 7
    assert Claim.objects.get(number=unlucky).state == "sent"
    monkeypatch.undo()

    actions.resume(at=make.LATER)

    assert_posted_exactly_once(claims, Remittance.objects.get().paid_cents)
