"""Writing down somebody new, one at the desk or many at once."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.ground import events
from almoner.patients.actions.deciding import decided
from almoner.patients.actions.keys import found_by, next_mrns
from almoner.patients.actions.pairing import put
from almoner.patients.actions.saying import said
from almoner.patients.models import (
    Address,
    Contact,
    Decision,
    Email,
    FormerName,
    Household,
    Identifier,
    Patient,
    Phone,
)
from almoner.patients.queries.alike import candidates
from almoner.patients.rules.details import COLUMNS, Details
from almoner.patients.rules.person import facts, mrn, sort_name

BATCH = 2_000


@transaction.atomic
def register(
    *, officer: Officer, details: Details, at: datetime, not_same_as: Collection[int] = ()
) -> Patient:
    """Register somebody who is not known here yet.

    ``not_same_as`` are patients who looked alike and whom the officer said are other people; that
    is remembered. Others who look alike are put on the list of pairs. Raises PermissionDenied; a
    household or guarantor that does not exist raises Patient.DoesNotExist. Then nothing was
    written.
    """
    require(officer, "patients.register")
    with said(how="desk", by=officer, at=at):
        patient = write(details, at=at)
    put(patient.pk, candidates(facts(details), leave_out={patient.pk, *not_same_as}))
    decisions = Decision.objects.bulk_create(
        Decision(
            lower_id=min(other, patient.pk),
            higher_id=max(other, patient.pk),
            decided_by_id=officer.pk,
            decided_at=at,
        )
        for other in sorted(set(not_same_as))
    )
    events.record("patients.registered", at=at, by=officer, about=patient, patient_id=patient.pk)
    for decision in decisions:
        decided(decision, officer=officer)
    return patient


def write(details: Details, *, at: datetime) -> Patient:
    """The rows of one new patient. The caller checks, records the event, owns the transaction."""
    number = mrn(next_mrns(1)[0])
    patient = Patient.objects.create(
        household=household(details),
        guarantor=_existing(details.guarantor_id),
        **_row(details, number=number, at=at),
    )
    for model, make in PARTS:
        if rows := list(make(details, patient.pk)):
            model._default_manager.bulk_create(rows)
    return patient


@transaction.atomic
def register_many(*, people: Iterable[Details], at: datetime) -> list[int]:
    """Load people in bulk, without events or questions: a demo clinic, a first migration.

    Answers their ids in order. Households and guarantors are not looked at: `register_homes` makes
    them. Into an empty table the index of keys is built at the end, in one go.
    """
    with said(how="import", by=None, at=at):
        return _write_all(((details, {}) for details in people), at=at)


@transaction.atomic
def register_homes(*, homes: Sequence[Sequence[Details]], at: datetime) -> list[list[int]]:
    """Load people as `register_many` does, home by home; answers their ids likewise.

    Whoever lives together is a household from the first, so that no record has been changed; its
    first member pays for those who have a guardian.
    """
    ids = iter(_next_ids(sum(map(len, homes))))
    placed = [[next(ids) for _ in members] for members in homes]
    shared = [number for number, members in enumerate(homes) if len(members) > 1]
    made = Household.objects.bulk_create(Household(name=homes[each][0].family) for each in shared)
    households = {each: row.pk for each, row in zip(shared, made, strict=True)}

    def rows() -> Iterator[_Placed]:
        for number, (members, theirs) in enumerate(zip(homes, placed, strict=True)):
            for id_, details in zip(theirs, members, strict=True):
                child = any(contact.kind == "guardian" for contact in details.contacts)
                yield (
                    details,
                    {
                        "id": id_,
                        "household_id": households.get(number),
                        "guarantor_id": theirs[0] if child else None,
                    },
                )

    with said(how="import", by=None, at=at):
        _write_all(rows(), at=at)
    return placed


def _next_ids(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('patients_patient', 'id'))"
            " FROM generate_series(1, %s)",
            [count],
        )
        return [row[0] for row in cursor.fetchall()]


_Placed = tuple[Details, dict[str, Any]]
"""Somebody new, and columns of the patient's row that are no details of his own."""


def _write_all(people: Iterable[_Placed], *, at: datetime) -> list[int]:
    if Patient.objects.exists():
        return _write_batches(people, at=at)
    with connection.schema_editor(atomic=False) as editor:
        editor.remove_index(Patient, KEYS)
    ids = _write_batches(people, at=at)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # an index waits for no pending check
    with connection.schema_editor(atomic=False) as editor:
        editor.add_index(Patient, KEYS)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # whoever goes on is not finished at once
    return ids


KEYS = next(index for index in Patient._meta.indexes if index.name == "patient_keys")


def _write_batches(people: Iterable[_Placed], *, at: datetime) -> list[int]:
    ids: list[int] = []
    batch: list[_Placed] = []
    for each in people:
        batch.append(each)
        if len(batch) == BATCH:
            ids += _write_batch(batch, at=at)
            batch = []
    return ids + _write_batch(batch, at=at)


def _write_batch(people: Sequence[_Placed], *, at: datetime) -> list[int]:
    numbers = next_mrns(len(people))
    rows = Patient.objects.bulk_create(
        Patient(**_row(details, number=mrn(number), at=at), **place)
        for (details, place), number in zip(people, numbers, strict=True)
    )
    for model, make in PARTS:
        parts = [
            part
            for (details, _place), row in zip(people, rows, strict=True)
            for part in make(details, row.pk)
        ]
        model._default_manager.bulk_create(parts, batch_size=BATCH)
    return [row.pk for row in rows]


def _row(details: Details, *, number: str, at: datetime) -> dict[str, Any]:
    columns = {name: getattr(details, name) for name in COLUMNS}
    name = sort_name(details.family, details.given, details.middle)
    derived = found_by(facts(details), mrn=number, name=name)
    return columns | derived | {"mrn": number, "registered_at": at, "reviewed_at": at}


def _existing(patient_id: int | None) -> Patient | None:
    return None if patient_id is None else Patient.objects.get(pk=patient_id)


def household(details: Details) -> Household | None:
    """The home of the member named; he founds one when he has none yet."""
    if details.household_with is None:
        return None
    member = Patient.objects.select_for_update(of=("self",), no_key=True).get(
        pk=details.household_with
    )
    if member.household is None:
        member.household = Household.objects.create(name=member.family or member.given)
        member.save(update_fields=["household"])
    return member.household


def addresses(details: Details, patient_id: int) -> Iterable[Address]:
    for rank, address in enumerate(details.addresses, 1):
        yield Address(patient_id=patient_id, rank=rank, **asdict(address))


def phones(details: Details, patient_id: int) -> Iterable[Phone]:
    for rank, phone in enumerate(details.phones, 1):
        yield Phone(patient_id=patient_id, rank=rank, **asdict(phone))


def emails(details: Details, patient_id: int) -> Iterable[Email]:
    for rank, email in enumerate(details.emails, 1):
        yield Email(patient_id=patient_id, rank=rank, **asdict(email))


def contacts(details: Details, patient_id: int) -> Iterable[Contact]:
    for contact in details.contacts:
        yield Contact(patient_id=patient_id, **asdict(contact))


def former_names(details: Details, patient_id: int) -> Iterable[FormerName]:
    for name in details.former_names:
        yield FormerName(patient_id=patient_id, **asdict(name))


def identifiers(details: Details, patient_id: int) -> Iterable[Identifier]:
    for system, value in details.identifiers:
        yield Identifier(patient_id=patient_id, system=system, value=value)


PARTS: tuple[tuple[type[models.Model], Callable[[Details, int], Iterable[Any]]], ...] = (
    (Address, addresses),
    (Phone, phones),
    (Email, emails),
    (Contact, contacts),
    (FormerName, former_names),
    (Identifier, identifiers),
)
"""The tables of what belongs to a patient, and how their rows are made of details."""
