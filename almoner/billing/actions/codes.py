"""Loading of code sets: diagnosis releases, the charge master, the wording of reasons."""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TextIO, TypeVar

from django.db import connection, transaction

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.billing.models import ChargeItem, CodeRelease, ReasonWording
from almoner.billing.rules import codes
from almoner.edges import icd10cm
from almoner.ground import events, money

Row = TypeVar("Row")
COPY = "COPY billing_diagnosiscode (release_id, code, description, billable) FROM STDIN"


class CodesMissing(Exception):
    """No diagnosis release was found where one is kept."""


class ListRefused(Exception):
    """A list was not taken in; ``faults`` say for each bad row what is wrong."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class ChargeMasterRefused(ListRefused):
    """The charge master in force goes on."""


class WordingsRefused(ListRefused):
    """The wording that was loaded before goes on."""


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
MOST_CENTS = 2_147_483_647
WORDING_COLUMNS = ("kind", "code", "wording")


def read_charge_master(file: TextIO) -> list[Item]:
    """Rows of a CSV file with a heading: code, description, fee and, if wanted, modifiers.

    Raises ChargeMasterRefused naming every bad row; then none is taken.
    """
    items, faults = _rows(file, COLUMNS, _item)
    times = Counter(item.code for item in items)
    faults += [f"{code} stands more than once." for code in sorted(times) if times[code] > 1]
    if not items and not faults:
        faults = ["There is no row below the heading."]
    if faults:
        raise ChargeMasterRefused(faults)
    return items


def _rows(
    file: TextIO, columns: Sequence[str], read: Callable[[dict[str, str]], Row]
) -> tuple[list[Row], list[str]]:
    """What each row of a CSV file says, and what is wrong with those that say nothing."""
    reader = csv.DictReader(file)
    rows: list[Row] = []
    faults: list[str] = []
    try:
        missing = [name for name in columns if name not in (reader.fieldnames or ())]
        if missing:
            return [], [f"The heading lacks {', '.join(missing)}."]
        for row in reader:
            told = {name: (row.get(name) or "").strip() for name in (*columns, "modifiers")}
            try:
                rows.append(read(told))
            except ValueError as fault:
                faults.append(f"Line {reader.line_num}: {fault}")
    except (csv.Error, UnicodeDecodeError) as unreadable:
        faults.append(f"After line {reader.line_num} the file is no CSV in UTF-8: {unreadable}.")
    return rows, faults


def _item(row: dict[str, str]) -> Item:
    code, modifiers = row["code"].upper(), tuple(row["modifiers"].upper().split())
    if not codes.looks_like_procedure(code):
        message = f"{code!r} is not a procedure code: five letters or digits."
        raise ValueError(message)
    try:
        fee = money.cents(row["fee"])
    except money.NotAnAmount:
        message = f"{code} has the fee {row['fee']!r}; write dollars and cents, like 120.00."
        raise ValueError(message) from None
    if not 0 <= fee <= MOST_CENTS or not all(map(codes.looks_like_modifier, modifiers)):
        message = f"{code} has an impossible fee or a modifier that is not two characters."
        raise ValueError(message)
    if len(modifiers) > codes.MOST_MODIFIERS or "\0" in row["description"]:
        message = f"{code} has more than {codes.MOST_MODIFIERS} modifiers, or a NUL in its words."
        raise ValueError(message)
    return Item(code, row["description"], fee, modifiers)


@transaction.atomic
def load_charge_master(
    *, officer: Officer | None, items: Iterable[Item], starts: date, at: datetime
) -> int:
    """Put a charge master in force from a day on; answers how many items changed or are new.

    An item whose fee or wording changed ends the day the new one starts, and the new one goes on
    until the next that is loaded already; items not named go on.
    """
    if officer:
        require(officer, "facility.edit")
    changed = 0
    for item in items:
        of_code = ChargeItem.objects.filter(code=item.code)
        before = of_code.filter(starts__lte=starts).order_by("-starts").first()
        after = of_code.filter(starts__gt=starts).order_by("starts").first()
        open_then = before and (before.ends is None or before.ends > starts)
        if before and open_then and _same(before, item):
            continue
        if before and open_then and before.starts < starts:
            before.ends = starts
            before.save(update_fields=["ends"])
        values = {
            "description": item.description,
            "fee_cents": item.fee_cents,
            "modifiers": list(item.modifiers),
            "ends": after.starts if after else None,
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


@transaction.atomic
def load_wordings(*, file: TextIO) -> int:
    """Load a licensed list of reasons and remarks: CSV with kind (carc or rarc), code, wording.

    A code that was loaded before takes the new wording. Raises WordingsRefused naming every bad
    row; then none is taken.
    """
    rows, faults = _rows(file, WORDING_COLUMNS, _wording)
    times = Counter((row.kind, row.code) for row in rows)
    faults += [f"{code} stands more than once." for (_, code), n in times.items() if n > 1]
    if not rows and not faults:
        faults = ["There is no row below the heading."]
    if faults:
        raise WordingsRefused(faults)
    ReasonWording.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["kind", "code"], update_fields=["wording"]
    )
    return len(rows)


def _wording(row: dict[str, str]) -> ReasonWording:
    kind, code = row["kind"].lower(), row["code"].upper()
    if kind not in ReasonWording.Kind.values:
        message = f"the kind {row['kind']!r} is neither carc nor rarc."
        raise ValueError(message)
    if not codes.looks_like_reason(code):
        message = f"{code!r} is not the code of a reason or remark."
        raise ValueError(message)
    if not row["wording"] or "\0" in row["wording"]:
        message = f"{code} has no wording."
        raise ValueError(message)
    return ReasonWording(kind=kind, code=code, wording=row["wording"])
