"""The whole demo clinic, made from a seed and dated relative to today."""

from datetime import date

from django.db import transaction

from almoner.demo import setup
from almoner.facility.models import Organisation

SEED = 20260302


def is_empty() -> bool:
    """Whether this database has no clinic yet."""
    return not Organisation.objects.exists()


@transaction.atomic
def build(*, today: date) -> None:
    """Fill an empty database; all or nothing, so that an interrupted build can be started again."""
    setup.build(today=today)
