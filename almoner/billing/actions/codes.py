"""Loading of code sets: diagnosis releases, the charge master, the wording of reasons."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TextIO

from django.db import connection, transaction

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.billing.models import ChargeItem, CodeRelease, ReasonWording
from almoner.billing.rules import codes
from almoner.edges import icd10cm
from almoner.ground import events, money

COPY = "COPY billing_diagnosiscode (release_id, code, description, billable) FROM STDIN"


class CodesMissing(Exception):
    """No diagnosis release was found where one is kept."""


class ChargeMasterRefused(Exception):
    """A charge master was not taken in; ``faults`` say for each bad row what is wrong."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def packaged_diagnoses() -> Path:
    """Where the release lies that comes with the installation. The package is never imported.

    Importing it would build the whole tree in memory (193 MB); only its two data files are read.
    """
    spec = find_spec("simple_icd_10_cm")
    if spec is None or not spec.submodule_search_locations:
        raise CodesMissing("The package simple-icd-10-cm is not installed.")
    return Path(spec.submodule_search_locations[0]) / "data"


def load_diagnoses(*, folder: Path, at: datetime) -> list[CodeRelease]:
    """Load every release found in a folder that is not loaded yet, each whole or not at all.

    Answers the releases loaded now (empty when all were there). Raises CodesMissing when the folder
    has none, `icd10cm.NotARelease` when a file is not what its name says.
    """
    found = icd10cm.releases_in(folder)
    if not found:
        message = f"{folder} holds no ICD-10-CM release."
        raise CodesMissing(message)
    loaded = []
    for release in found:
        with transaction.atomic():
            row, new = CodeRelease.objects.get_or_create(
                system=CodeRelease.System.ICD10CM,
                starts=release.starts,
                defaults={
                    "name": release.name, "ends": release.ends, "codes": 0, "loaded_at": at,
                },
            )  # fmt: skip
            if new:
                row.codes = _copy(row.pk, icd10cm.codes(release))
                row.save(update_fields=["codes"])
                loaded.append(row)
    if loaded:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE billing_diagnosiscode")
    return loaded


def _copy(release_id: int, listed: Iterable[icd10cm.Code]) -> int:
    count = 0
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for code in listed:
            copy.write_row((release_id, code.code, code.description, code.billable))
            count += 1
    return count


@dataclass(frozen=True, slots=True)
class Item:
    """A row of a charge master: fee in cents for one unit."""

    code: str
    description: str
    fee_cents: int
    modifiers: tuple[str, ...] = ()


COLUMNS = ("code", "description", "fee")


def read_charge_master(file: TextIO) -> list[Item]:
    """Rows of a CSV file with a heading: code, description, fee and, if wanted, modifiers.

    Raises ChargeMasterRefused naming every bad row; then none is taken.
    """
    reader = csv.DictReader(file)
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise ChargeMasterRefused([f"The heading lacks {', '.join(missing)}."])
    items: list[Item] = []
    faults: list[str] = []
    for row in reader:
        try:
            items.append(_item(row))
        except ValueError as fault:
            faults.append(f"Line {reader.line_num}: {fault}")
    doubled = {item.code for item in items if [i.code for i in items].count(item.code) > 1}
    faults += [f"{code} stands more than once." for code in sorted(doubled)]
    if faults:
        raise ChargeMasterRefused(faults)
    return items


def _item(row: dict[str, str]) -> Item:
    code = (row["code"] or "").strip().upper()
    modifiers = tuple((row.get("modifiers") or "").upper().split())
    fee = money.cents(row["fee"] or "")
    if not codes.looks_like_procedure(code):
        message = f"{code!r} is not a procedure code: five letters or digits."
        raise ValueError(message)
    if fee < 0 or not all(map(codes.looks_like_modifier, modifiers)):
        message = f"{code} has a negative fee or a modifier that is not two characters."
        raise ValueError(message)
    return Item(code, (row["description"] or "").strip(), fee, modifiers[: codes.MOST_MODIFIERS])


@transaction.atomic
def load_charge_master(
    *, officer: Officer | None, items: Iterable[Item], starts: date, at: datetime
) -> int:
    """Put a charge master in force from a day on; answers how many items changed or are new.

    An item whose fee or wording changed ends the day the new one starts; items not named go on.
    """
    if officer:
        require(officer, "facility.edit")
    changed = 0
    for item in items:
        current = ChargeItem.objects.filter(code=item.code, ends__isnull=True).first()
        if current and _same(current, item):
            continue
        if current and current.starts < starts:
            current.ends = starts
            current.save(update_fields=["ends"])
        values = {
            "description": item.description,
            "fee_cents": item.fee_cents,
            "modifiers": list(item.modifiers),
        }
        row, _new = ChargeItem.objects.update_or_create(
            code=item.code, starts=starts, defaults=values
        )
        events.record("billing.charge_item_set", at=at, by=officer, about=row, code=item.code)
        changed += 1
    return changed


def _same(row: ChargeItem, item: Item) -> bool:
    return (row.description, row.fee_cents, tuple(row.modifiers)) == (
        item.description, item.fee_cents, item.modifiers,
    )  # fmt: skip


def load_wordings(*, file: TextIO) -> int:
    """Load a licensed list of reasons and remarks: CSV with kind (carc or rarc), code, wording."""
    rows = [
        ReasonWording(
            kind=row["kind"].strip().lower(),
            code=row["code"].strip().upper(),
            wording=row["wording"].strip(),
        )
        for row in csv.DictReader(file)
    ]
    ReasonWording.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["kind", "code"], update_fields=["wording"]
    )
    return len(rows)
