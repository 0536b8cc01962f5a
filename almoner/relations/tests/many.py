"""Very many texts and e-mails, workers killed while they send, and a carrier that repeats itself.

The test asks it of ten thousand, the bench of a hundred thousand.
"""

import os
import random
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from almoner.facility.models import Organisation
from almoner.ground.models import Event, Outgoing
from almoner.relations import actions
from almoner.relations.models import Conversation, Delivery, Message
from almoner.relations.rules import Report
from almoner.relations.tests.make import NOON

EACH_THIRD = 3
"""Of so many one goes by e-mail."""
REPORTS = [Report.QUEUED, Report.SENT, Report.DELIVERED]
BATCH = 2_000
WORDS = {"body": "x", "subject": "x"}


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of so many. What nobody can know is work for a person, and no loss."""

    killed: int
    """Workers that died while they worked."""
    doubled: int
    """Handed to a carrier more than once."""
    lost: int
    """Said to be sent, and no carrier was ever handed it; and those nothing is said of."""
    hidden: int
    """Those a carrier was handed that we say neither went nor may have gone."""
    unknown: int
    """Of which nobody knows: at most one for each worker killed."""


def on_their_way(count: int) -> None:
    """So many in the outbox, each to a number or an address of its own."""
    Organisation.objects.create(
        id=1, name="Northlight", npi="1", tax_id="1", phone="608-555-0100", address_line="1 Quay"
    )
    for since in range(0, count, BATCH):
        _on_their_way(range(since, min(since + BATCH, count)))


def _on_their_way(numbers: range) -> None:
    ways = [
        ("email", f"many{each}@people.example")
        if each % EACH_THIRD == 0
        else ("sms", f"+1312{5_550_000 + each}")
        for each in numbers
    ]
    talks = Conversation.objects.bulk_create(
        Conversation(channel=channel, address=address, last_at=NOON) for channel, address in ways
    )
    items = Outgoing.objects.bulk_create(
        Outgoing(
            key=f"many-{address}", channel=channel, about_kind="message", about_id=0,
            created_at=NOON, payload={"to": address, "purpose": "care", "typed": False} | WORDS,
        )
        for channel, address in ways
    )  # fmt: skip
    Message.objects.bulk_create(
        Message(
            conversation=talk, channel=talk.channel, address=talk.address, language="en", body="x",
            template="reminder", step=item.key, written_at=NOON, outgoing=item,
        )
        for talk, item in zip(talks, items, strict=True)
    )  # fmt: skip


def under_kills(handed: Path, *, kills: int, longest: float) -> Fate:
    """Send all while workers are killed; what a carrier was given is noted in ``handed``.

    Two workers live at once, each for at most ``longest`` seconds, until so many pairs were killed.
    """
    handed.touch()
    killed = _work(handed, kills, longest)
    given = Counter(handed.read_text().split())
    became = dict(Outgoing.objects.values_list("payload__to", "state"))
    unknown = {each for each, state in became.items() if state == "unknown"}
    sent = {each for each, state in became.items() if state == "sent"}
    return Fate(
        killed=killed,
        doubled=sum(times > 1 for times in given.values()),
        lost=len(sent - set(given)) + len(became.keys() - sent - unknown),
        hidden=len(set(given) - sent - unknown),
        unknown=len(unknown),
    )


def _work(handed: Path, kills: int, longest: float) -> int:
    asked = [str(handled) for handled in (handed, kills, longest, 7)]
    return int(program("almoner.relations.tests.killing", *asked))


def program(module: str, *asked: str) -> str:
    """What a program of the tests prints, on this database, where no partner hears what leaves."""
    told = connection.settings_dict
    url = f"postgresql://{told['USER']}@/{told['NAME']}?host={told['HOST']}"
    result = subprocess.run(
        [sys.executable, "-m", module, *asked],
        env=os.environ
        | {
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "almoner.config.settings",
            "ALMONER_SMS_URL": "http://127.0.0.1:1",
            "ALMONER_EMAIL_URL": "smtp://127.0.0.1:1",
        },
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    return result.stdout


def reported(count: int, *, seed: int) -> tuple[int, int]:
    """Every report of so many texts, three times and in any order, from several sides at once.

    How many of them did not come to stand as delivered, and how many reports too many were told.
    """
    items = list(Outgoing.objects.filter(channel="sms", state="sent").order_by("id")[:count])
    calls = [(item, report) for item in items for report in REPORTS] * 3
    random.Random(seed).shuffle(calls)

    def hear(part: list[tuple[Outgoing, Report]]) -> None:
        try:
            for item, report in part:
                actions.record_report(
                    outgoing=item, carrier_id=item.partner_reference, report=report, code=None,
                    at=NOON,
                )  # fmt: skip
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(hear, [calls[each::4] for each in range(4)]))
    delivered = Delivery.objects.filter(state="delivered").count()
    told = Event.objects.filter(kind="relations.delivered").count()
    return len(items) - delivered, told - len(items)
