"""A program that sends what waits in the outbox, and is killed at random points while it does.

``python -m almoner.relations.tests.killing FILE KILLS LONGEST SEED``: each round forks two workers,
each with every second item and a connection of its own, and sends them SIGKILL a random moment
later; the last round is left to end. What the carrier was handed stands in the file, one key a
line, written before it answers: that of a worker killed meanwhile stands there as well. Prints how
many were killed.
"""

import os
import random
import signal
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial

import django
from django.core.mail import EmailMessage


def main(file: str, kills: int, longest: float, seed: int) -> int:
    """``longest`` seconds a worker may live: a fraction of what all takes."""
    django.setup()
    shares = [partial(_send_all, file, share) for share in (0, 1)]
    killed = under_kills(shares, kills=kills, longest=longest, seed=seed)
    sys.stdout.write(f"{killed}\n")
    return 0


def under_kills(
    shares: Sequence[Callable[[], object]], *, kills: int, longest: float, seed: int
) -> int:
    """Have a worker do each share, again and again, and kill them all so many times.

    The last round is left to end. Answers how many workers were killed.
    """
    dice, killed = random.Random(seed), 0
    for round_ in range(kills + 1):
        workers = [_worker(share) for share in shares]
        if round_ < kills:
            time.sleep(dice.uniform(0.05, longest))
            for worker in workers:
                os.kill(worker, signal.SIGKILL)
        killed += sum(os.WIFSIGNALED(os.waitpid(worker, 0)[1]) for worker in workers)
    return killed


def _worker(share: Callable[[], object]) -> int:
    from django.db import connections  # noqa: PLC0415 (after setup)

    connections.close_all()
    if child := os.fork():
        return child
    share()
    os._exit(0)


def _send_all(file: str, share: int) -> None:
    """Try every second of what is not settled, in order, as jobs are that a dead worker left."""
    from almoner.edges import sms  # noqa: PLC0415 (after setup)
    from almoner.ground import outbox  # noqa: PLC0415 (after setup)
    from almoner.ground.models import Outgoing  # noqa: PLC0415 (after setup)
    from almoner.relations.tests.make import NOON  # noqa: PLC0415 (after setup)

    handed = os.open(file, os.O_WRONLY | os.O_APPEND)

    def carrier(_carrier: object, *, to: str, body: str, report_to: str = "") -> str:
        os.write(handed, f"{to}\n".encode())
        return f"SM{to}"

    def post_office(message: EmailMessage) -> None:
        os.write(handed, f"{message.to[0]}\n".encode())

    sms.send = carrier
    EmailMessage.send = post_office
    waits = Outgoing.objects.filter(state__in=["waiting", "sending"]).order_by("id")
    for item_id in waits.values_list("id", flat=True):
        if item_id % 2 == share:
            outbox.try_delivery(item_id, at=NOON)


if __name__ == "__main__":
    _program, file, kills, longest, seed = sys.argv
    sys.exit(main(file, int(kills), float(longest), int(seed)))
