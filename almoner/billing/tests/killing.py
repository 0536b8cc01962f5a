"""A program that posts an 835 again and again, and is killed at random points while it does.

``python -m almoner.billing.tests.killing FILE KILLS SEED``: each round forks a poster with a
connection of its own and sends it SIGKILL a random moment later. Prints how many were killed.
"""

import os
import random
import signal
import sys
import time
from pathlib import Path

import django
from django.apps import apps

LONGEST = 0.12
"""Seconds a poster may live: a fraction of what the whole file takes. Longer while none has come as
far as to keep the file: the machine is busy."""


def main(path: str, kills: int, seed: int) -> int:
    django.setup()
    from django.db import connections  # noqa: PLC0415 (after setup)

    from almoner.billing.tests import make  # noqa: PLC0415 (after setup)

    content = Path(path).read_bytes()
    dice = random.Random(seed)
    killed, longest = 0, LONGEST
    for _ in range(kills):
        connections.close_all()
        child = os.fork()
        if child == 0:
            make.post(content)
            os._exit(0)
        time.sleep(dice.uniform(0, longest))
        os.kill(child, signal.SIGKILL)
        _pid, status = os.waitpid(child, 0)
        killed += os.WIFSIGNALED(status)
        if not apps.get_model("billing", "ReceivedFile").objects.exists():
            longest *= 1.5
    print(killed)  # noqa: T201 (what the test reads)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
