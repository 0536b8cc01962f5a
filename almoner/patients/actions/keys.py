"""What patients are found and compared by, kept beside each row."""

from collections.abc import Iterable

from django.db import connection, transaction

from almoner.patients.actions.pairing import pair_again
from almoner.patients.models import ExtraKey, Patient
from almoner.patients.rules.person import (
    Person,
    blocking_keys,
    person,
    search_keys,
    sort_name,
    telling,
)


def next_mrns(count: int) -> list[int]:
    """So many values of the record-number sequence, never handed out again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('patients_mrn') FROM generate_series(1, %s)", [count])
        return [row[0] for row in cursor.fetchall()]


def found_by(someone: Person, *, mrn: str, name: str) -> dict[str, object]:
    """The derived columns of a patient's row."""
    keys = blocking_keys(telling(someone)) | search_keys(someone, mrn=mrn)
    return {"keys": sorted(keys), "likeness": telling(someone).packed(), "sort_name": name}


def refresh(patient_id: int) -> None:
    """Make the derived columns again from the row and what belongs to it, and whom it is like."""
    rows = Patient.objects.select_for_update(of=("self",), no_key=True)
    row = rows.get(pk=patient_id)
    someone = person(
        names=[
            (row.family, row.given),
            *((row.family, row.name_used),) * bool(row.name_used),
            *row.former_names.order_by("id").values_list("family", "given"),
        ],
        middle=row.middle,
        suffix=row.suffix,
        birth_date=row.birth_date,
        sex=row.sex,
        phones=row.phones.order_by("rank").values_list("number", flat=True),
        addresses=row.addresses.order_by("rank").values_list("line", "zip_code"),
        emails=row.emails.order_by("rank").values_list("address", flat=True),
        members=row.extra_keys.order_by("id").values_list("value", flat=True),
    )
    name = sort_name(row.family, row.given, row.middle)
    Patient.objects.filter(pk=patient_id).update(**found_by(someone, mrn=row.mrn, name=name))
    pair_again(patient_id, someone)


@transaction.atomic
def set_extra_keys(*, patient_id: int, source: str, values: Iterable[str]) -> None:
    """Let a patient be found by these facts too; they replace what ``source`` said before.

    For higher duties: coverage says the member ids of the policies a patient has. Call it in the
    action that changes the policy.
    """
    wanted = {value for value in values if value}
    kept = ExtraKey.objects.filter(patient_id=patient_id, source=source)
    known = set(kept.values_list("value", flat=True))
    if wanted == known:
        return
    kept.exclude(value__in=wanted).delete()
    ExtraKey.objects.bulk_create(
        ExtraKey(patient_id=patient_id, source=source, value=value)
        for value in sorted(wanted - known)
    )
    refresh(patient_id)
