"""What the database itself holds: the steps of a claim, rows nobody changes."""

import pytest
from django.db import connection

from almoner.billing.rules.claims import TRANSITIONS


@pytest.mark.django_db
def test_the_database_and_the_rules_know_the_same_steps():
    with connection.cursor() as cursor:
        cursor.execute("SELECT before, after FROM billing_claim_transition")
        held = set(cursor.fetchall())

    assert held == {(old.value, new.value) for old, news in TRANSITIONS.items() for new in news}
