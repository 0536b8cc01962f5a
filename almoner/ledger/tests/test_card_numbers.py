"""Card numbers never touch us: neither a row nor a log line holds one."""

import logging
import re

import pytest
from django.db import connection

from almoner.access.tests import make as access_make
from almoner.ledger.tests import make

pytestmark = pytest.mark.django_db
DIGITS = re.compile(r"(?<![\d.])(?:\d[ -]?){12,18}\d(?![\d.])")


def luhn(digits):
    doubled = [digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[-2::-2]]
    return (sum(doubled) + sum(digits[::-2])) % 10 == 0


def card_numbers(text):
    """Runs of 13 to 19 digits that begin as cards do and carry a right check digit."""
    found = []
    for run in DIGITS.findall(text):
        digits = [int(mark) for mark in run if mark.isdigit()]
        if digits[0] in {2, 3, 4, 5, 6} and luhn(digits):
            found.append(run)
    return found


def whole_database():
    """Every row of every table of ours as text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
            " AND tablename NOT LIKE 'django_%'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT t::text FROM {table} t")  # noqa: S608 (names of our own tables)
            for (row,) in cursor.fetchall():
                yield table, row


def test_the_scan_itself_finds_a_card_number():
    assert card_numbers("paid with 4111 1111 1111 1111 today") == ["4111 1111 1111 1111"]
    assert card_numbers("checkout 4111111111111112") == []


def test_after_a_day_of_cards_no_row_and_no_log_line_holds_a_card_number(processor, caplog):
    ben = access_make.officer("ben", roles=("manager",))
    with caplog.at_level(logging.DEBUG):
        for cents in (2_500, 2_501, 2_503, 2_510):
            make.completed_card(ben, make.patient(), cents)

    rows = [(table, card_numbers(row)) for table, row in whole_database()]
    logged = [card_numbers(record.getMessage()) for record in caplog.records]

    assert len(rows) > 20
    assert [row for row in rows if row[1]] == []
    assert [line for line in logged if line] == []
