"""Posting a remittance of 10,000 claims, and looking up a diagnosis code."""

import itertools
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from bench.harness import Figure, Sample, at_most, figure, repeat

CLAIMS, ROUNDS = 10_000, 3
_numbers = itertools.count(int(time.time()) % 100_000_000)


@figure("835 of 10,000 claims posted to the ledger", clinic=True)
def post_remittance() -> Iterable[Figure]:
    """Each claim a transaction of its own; exact to the cent; the same file again does nothing."""
    seconds, again, exact = [], [], True
    for _ in range(ROUNDS):
        took, repeated, right = _posted()
        seconds.append(took)
        again.append(repeated)
        exact = exact and right
    yield Figure(
        Sample(tuple(seconds), "s"), at_most(20, "median"), also=exact, what="posted",
        note="exact to the cent" if exact else "NOT EXACT",
    )  # fmt: skip
    yield Figure(Sample(tuple(again), "s"), at_most(20, "median"), what="sent again")


def _posted() -> tuple[float, float, bool]:
    from almoner.billing.tests import bulk, make
    from almoner.ground import clock
    from almoner.ledger import queries as ledger
    from almoner.ledger.rules import Account

    number = next(_numbers)
    claims = bulk.sent_claims(CLAIMS)
    content = bulk.era(claims, seed=number, trace=f"BENCH{number}", envelope=number)
    before = ledger.account_balances()
    began = time.perf_counter()
    result = make.post(content, at=clock.now())
    took = time.perf_counter() - began
    after = ledger.account_balances()
    began = time.perf_counter()
    repeated = make.post(content, at=clock.now())
    again = time.perf_counter() - began
    [payment] = result.payments
    moved = after[Account.REMITTANCE] - before.get(Account.REMITTANCE, 0)
    right = (
        result.new == CLAIMS
        and moved == payment.paid_cents
        and sum(after.values()) == 0
        and repeated.new == 0
        and ledger.account_balances() == after
    )
    return took, again, right


THEIRS = """
import json, random, time, warnings
warnings.simplefilter("ignore")
def resident():
    line = next(line for line in open("/proc/self/status") if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024
before, began = resident(), time.perf_counter()
import simple_icd_10_cm as cm
loaded, memory = time.perf_counter() - began, resident() - before
codes = random.Random(7).sample(cm.get_all_codes(True), 200)
took = []
for code in codes:
    began = time.perf_counter()
    cm.is_valid_item(code) and cm.get_description(code)
    took.append((time.perf_counter() - began) * 1000)
print(json.dumps([took, memory, loaded]))
"""


@figure("ICD-10-CM, by day of service", clinic=True)
def diagnoses() -> Iterable[Figure]:
    """One code looked up in PostgreSQL, words searched, and the memory the server keeps for it."""
    from almoner.billing import actions, queries
    from almoner.ground import clock

    actions.load_diagnoses(folder=actions.packaged_diagnoses(), at=clock.now())
    day = clock.today("America/Chicago")
    before = _resident()
    release = queries.release_on(day)
    assert release is not None
    wanted = itertools.cycle(random.Random(7).sample(_some_codes(release.id), 200))
    typed = itertools.cycle(["e11", "diab kidney", "fracture neck fem", "htn", "j06.9", "low back"])
    lookups = repeat(lambda: queries.diagnoses([next(wanted)], release_id=release.id), rounds=500)
    searches = repeat(lambda: queries.find_diagnoses(next(typed), day=day), rounds=200)
    grown = max(_resident() - before, 0.0)
    theirs = subprocess.run(
        [sys.executable, "-c", THEIRS], capture_output=True, text=True, check=True
    )
    took, memory, _loaded = json.loads(theirs.stdout)
    package = "simple_icd_10_cm in memory"
    yield Figure(lookups, at_most(1.0), package, Sample(tuple(took)), what="lookup")
    yield Figure(searches, at_most(30.0), what="search by words")
    yield Figure(
        Sample((grown,), "MB"), at_most(20.0, "median"), package, Sample((memory,), "MB"),
        what="memory kept",
    )  # fmt: skip


def _some_codes(release_id: int) -> list[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT code FROM billing_diagnosiscode WHERE release_id = %s", [release_id])
        return [row[0] for row in cursor.fetchall()]


def _resident() -> float:
    with Path("/proc/self/status").open() as status:
        line = next(line for line in status if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024
