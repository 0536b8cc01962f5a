"""A program that reminds of visits, and is killed at random points while it does.

``python -m almoner.portal.tests.killing AT KILLS LONGEST SEED``: each round forks two workers that
both remind of all that is due at this time, and kills them; the last round is left to end. Prints
how many were killed.
"""

import sys
from datetime import datetime
from functools import partial
from importlib import import_module

import django

from almoner.relations.tests.killing import under_kills


def main(at: str, kills: int, longest: float, seed: int) -> int:
    """``longest`` seconds a worker may live: a fraction of what all takes."""
    django.setup()
    actions = import_module("almoner.portal.actions")  # whose models want Django set up
    remind = partial(actions.remind, steps=(72, 24), days=3, at=datetime.fromisoformat(at))
    killed = under_kills([remind, remind], kills=kills, longest=longest, seed=seed)
    sys.stdout.write(f"{killed}\n")
    return 0


if __name__ == "__main__":
    _program, at, kills, longest, seed = sys.argv
    sys.exit(main(at, int(kills), float(longest), int(seed)))
