"""Nothing is sent twice and nothing is lost, however often workers die and carriers repeat."""

import os
import random
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from almoner.facility.models import Organisation
from almoner.ground.models import Event, Outgoing
from almoner.relations import actions
from almoner.relations.models import Conversation, Delivery, Message
from almoner.relations.rules import Report
from almoner.relations.tests.make import NOON

COUNT, KILLS = 1_000, 8
REPORTS = [Report.QUEUED, Report.SENT, Report.DELIVERED]


def on_their_way(count):
    """So many texts in the outbox, each to a number of its own."""
    numbers = [f"+1312{5_550_000 + each}" for each in range(count)]
    talks = Conversation.objects.bulk_create(
        Conversation(channel="sms", address=each, last_at=NOON) for each in numbers
    )
    items = Outgoing.objects.bulk_create(
        Outgoing(
            key=f"many-{each}", channel="sms", about_kind="message", about_id=0, created_at=NOON,
            payload={"to": each, "body": "x", "subject": "x", "typed": False, "purpose": "care"},
        )
        for each in numbers
    )  # fmt: skip
    Message.objects.bulk_create(
        Message(
            conversation=talk, channel="sms", address=talk.address, language="en", body="x",
            template="reminder", step=item.key, written_at=NOON, outgoing=item,
        )
        for talk, item in zip(talks, items, strict=True)
    )  # fmt: skip
    return numbers


def work(file):
    """The workers, killed again and again, on this very database; how many were killed."""
    told = connection.settings_dict
    url = f"postgresql://{told['USER']}@/{told['NAME']}?host={told['HOST']}"
    result = subprocess.run(
        [sys.executable, "-m", "almoner.relations.tests.killing", str(file), str(KILLS), "7"],
        env=os.environ
        | {
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "almoner.config.settings",
            "ALMONER_SMS_URL": "http://127.0.0.1:1",
        },
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    return int(result.stdout)


def report_all(items, seed):
    """Every report of every text, three times and in any order, from several sides at once."""
    calls = [(item, report) for item in items for report in REPORTS] * 3
    random.Random(seed).shuffle(calls)

    def hear(part):
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


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_no_text_is_sent_twice_or_lost_when_workers_are_killed_and_reports_come_thrice(tmp_path):
    Organisation.objects.create(
        id=1, name="Northlight", npi="1", tax_id="1", phone="608-555-0100", address_line="1 Quay"
    )
    numbers = on_their_way(COUNT)
    file = tmp_path / "handed"
    file.touch()

    killed = work(file)

    handed = Counter(file.read_text().split())
    became = dict(Outgoing.objects.values_list("payload__to", "state"))
    assert killed > KILLS  # while they worked, not after
    assert max(handed.values()) == 1
    assert set(became) == set(numbers)
    assert set(became.values()) <= {"sent", "unknown"}
    sent = {each for each, state in became.items() if state == "sent"}
    assert sent <= set(handed)  # what says that it was sent, was
    assert set(handed) - sent <= {each for each, state in became.items() if state == "unknown"}
    assert len(numbers) - len(sent) <= 2 * KILLS  # of each kill at most one, and it is work

    items = list(Outgoing.objects.filter(state="sent").order_by("id")[:150])
    report_all(items, seed=11)

    assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered"}
    assert Event.objects.filter(kind="relations.delivered").count() == len(items)
