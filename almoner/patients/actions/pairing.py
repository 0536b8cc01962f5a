"""Which records are alike, kept as a list of pairs to look at.

The list is written with the change that makes two records alike or unlike, and never by a read.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from almoner.patients.models import Pair, Patient
from almoner.patients.queries.alike import candidates, decided
from almoner.patients.queries.pairs import others_of
from almoner.patients.rules.alike import Grade, Match, compare
from almoner.patients.rules.person import Person, telling, unpacked

BATCH = 500
PUT = """
    INSERT INTO patients_pair (lower_id, higher_id, likely, bits)
    SELECT least(%(patient)s, other), greatest(%(patient)s, other), likely, bits
      FROM unnest(%(others)s::bigint[], %(likely)s::boolean[], %(bits)s::float8[])
        AS alike (other, likely, bits)
     WHERE NOT EXISTS (SELECT FROM patients_decision
                        WHERE lower_id = least(%(patient)s, other)
                          AND higher_id = greatest(%(patient)s, other))
     ORDER BY 1, 2 -- so that changes at the same time wait for one another in one order
    ON CONFLICT (lower_id, higher_id)
    DO UPDATE SET likely = excluded.likely, bits = excluded.bits
"""


def put(patient_id: int, alike: Iterable[tuple[int, Match]]) -> None:
    """Put a record and those it was found to be like on the list, or say anew how alike.

    Nobody about whom somebody has just decided.
    """
    pairs = list(alike)
    if not pairs:
        return
    values: dict[str, Any] = {
        "patient": patient_id,
        "others": [other for other, _match in pairs],
        "likely": [match.grade == Grade.LIKELY for _other, match in pairs],
        "bits": [match.bits for _other, match in pairs],
    }
    with connection.cursor() as cursor:
        cursor.execute(PUT, values)


def pair_again(patient_id: int, someone: Person) -> None:
    """Make a changed record's place on the list what the change made of it.

    The caller holds the record's row, so that nobody decides about it meanwhile.
    """
    settled = decided(patient_id)
    found = dict(candidates(someone, leave_out={patient_id, *settled}))
    before = others_of(patient_id) - found.keys()
    # Somebody found from the other side may stand behind five likelier ones: he is still alike.
    still = {other: match for other, match in _compared(someone, before) if match.grade}
    if gone := before - still.keys():
        _take_off(patient_id, gone)
    put(patient_id, (found | still).items())


def _compared(someone: Person, others: set[int]) -> Iterator[tuple[int, Match]]:
    if others:
        rows = Patient.objects.filter(pk__in=others).values_list("pk", "likeness")
        for other, likeness in rows:
            yield other, compare(telling(someone), unpacked(likeness))


def _take_off(patient_id: int, others: set[int]) -> None:
    Pair.objects.filter(lower=patient_id, higher__in=others).delete()
    Pair.objects.filter(higher=patient_id, lower__in=others).delete()


def pair_everybody() -> int:
    """Look through all records for pairs that are not on the list; how many are on it then.

    After a load in bulk, which compares nobody, and after a change of the rules.
    """
    _pair(Patient.objects.all())
    return Pair.objects.count()


def pair_registered_since(since: datetime) -> None:
    """Look again at whom a registration may have missed: one person registered by two at once.

    Neither sees the other's row before both are kept.
    """
    _pair(Patient.objects.filter(registered_at__gte=since))


def _pair(records: QuerySet[Patient]) -> None:
    """In a transaction for each few hundred records, so that the desk goes on working."""
    last = 0
    rows = records.order_by("pk").values_list("pk", "likeness")
    while some := list(rows.filter(pk__gt=last)[:BATCH]):
        with transaction.atomic():
            for patient_id, likeness in some:
                leave_out = {patient_id, *decided(patient_id)}
                put(patient_id, candidates(unpacked(likeness), leave_out=leave_out))
        last = some[-1][0]
