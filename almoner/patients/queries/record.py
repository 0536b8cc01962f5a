"""All that is kept of one patient, for his own page and the form that changes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.http import Http404

from almoner.access.queries import Reading
from almoner.patients.queries.wording import identifier
from almoner.patients.rules.details import (
    COLUMNS,
    Address,
    Contact,
    Details,
    Email,
    FormerName,
    Phone,
    readable,
)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the same household (``at_home``), or the guarantor who lives elsewhere."""

    id: int
    name: str
    birth_date: date | None
    at_home: bool = True


@dataclass(frozen=True, slots=True)
class Record:
    """What is kept of a patient. ``version`` guards a change against somebody else's.

    ``proven`` are the numbers (E.164) and e-mail addresses (in small letters) shown to be theirs.
    """

    id: int
    mrn: str
    version: int
    registered_at: datetime
    reviewed_at: datetime | None
    details: Details
    in_household: bool
    household: tuple[Member, ...]
    guarantor: Member | None
    members: tuple[str, ...]
    proven: frozenset[str] = frozenset()


PARTS: Mapping[str, tuple[str, str]] = {
    "phones": ("number, use, may_text, whose, whose_name", "patients_phone"),
    "addresses": ("line, line_2, city, state, zip_code, use, country", "patients_address"),
    "emails": ("address, whose, whose_name", "patients_email"),
    "contacts": ("name, kind, relation, phone, address", "patients_contact"),
    "former_names": ("family, given, kind, valid_from, valid_until", "patients_formername"),
    "identifiers": ("system, value", "patients_identifier"),
}
_RANKED = frozenset({"phones", "addresses", "emails"})


def _part(name: str) -> str:
    columns, table = PARTS[name]
    order = "rank" if name in _RANKED else "id"
    return f"""(SELECT json_agg(json_build_array({columns}) ORDER BY {order})
                  FROM {table} WHERE patient_id = p.id)"""  # noqa: S608 (constants)


RECORD = f"""
    SELECT p.mrn, p.version, p.registered_at, p.reviewed_at, p.guarantor_id,
           p.household_id IS NOT NULL,
           {", ".join(f"p.{column}" for column in COLUMNS)},
           (SELECT json_agg(json_build_array(id, concat_ws(' ', given, family), birth_date,
                                             household_id IS NOT DISTINCT FROM p.household_id
                                             AND household_id IS NOT NULL)
                            ORDER BY birth_date, id)
              FROM patients_patient
             WHERE household_id = p.household_id AND id <> p.id OR id = p.guarantor_id),
           ARRAY(SELECT value FROM patients_extrakey WHERE patient_id = p.id ORDER BY id),
           ARRAY(SELECT address FROM patients_provenaddress WHERE patient_id = p.id ORDER BY id),
           {", ".join(_part(name) for name in PARTS)}
      FROM patients_patient p WHERE p.id = %s
"""  # noqa: S608 (constants)


def record(patient_id: int, *, reading: Reading) -> Record:
    """Everything kept of a patient, noted as seen, his household too. One query. Raises Http404."""
    with connection.cursor() as cursor:
        cursor.execute(RECORD, [patient_id])
        row = cursor.fetchone()
    if row is None:
        raise Http404
    found = _record(patient_id, row)
    reading.saw([patient_id])
    reading.saw_beside(patient_id, (member.id for member in found.household))
    return found


def kept(patient_id: int) -> tuple[int, Details]:
    """The version of a record and its details. For actions; hands nothing to a reader. One query.

    Raises Http404.
    """
    with connection.cursor() as cursor:
        cursor.execute(RECORD, [patient_id])
        row = cursor.fetchone()
    if row is None:
        raise Http404
    found = _record(patient_id, row)
    return found.version, found.details


def _record(patient_id: int, row: Sequence[Any]) -> Record:
    mrn, version, registered_at, reviewed_at, guarantor_id, in_household, *rest = row
    columns, others = rest[: len(COLUMNS)], rest[len(COLUMNS) :]
    people, member_ids, proven, *parts = others
    members = tuple(
        Member(id_, name, _day(born), at_home) for id_, name, born, at_home in people or ()
    )
    return Record(
        id=patient_id,
        mrn=mrn,
        version=version,
        registered_at=registered_at,
        reviewed_at=reviewed_at,
        details=Details(
            **dict(zip(COLUMNS, columns, strict=True)),
            **_parts(parts),
            guarantor_id=guarantor_id,
        ),
        in_household=in_household,
        household=members,
        guarantor=next((member for member in members if member.id == guarantor_id), None),
        members=tuple(member_ids),
        proven=frozenset(proven),
    )


def _parts(columns: Sequence[list[list[Any]] | None]) -> dict[str, Any]:
    phones, addresses, emails, contacts, former_names, identifiers = (
        column or [] for column in columns
    )
    return {
        "phones": tuple(Phone(*row) for row in phones),
        "addresses": tuple(Address(*row) for row in addresses),
        "emails": tuple(Email(*row) for row in emails),
        "contacts": tuple(Contact(*row) for row in contacts),
        "former_names": tuple(
            FormerName(family, given, kind, _day(since), _day(until))
            for family, given, kind, since, until in former_names
        ),
        "identifiers": tuple((system, value) for system, value in identifiers),
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a patient lives and how he is reached now, as people read it, the first to use first.

    Phones and addresses are pairs of their use and the text; old ones are left out.
    """

    addresses: tuple[tuple[str, str], ...]
    phones: tuple[tuple[str, str], ...]
    emails: tuple[str, ...]


REACH = f"""
    SELECT {", ".join(_part(name) for name in ("addresses", "phones", "emails"))}
      FROM patients_patient p WHERE p.id = %s
"""  # noqa: S608 (constants)


def reach(patient_id: int, *, reading: Reading) -> Reach:
    """What is compared with what the patient says at the desk. One query. Raises Http404."""
    with connection.cursor() as cursor:
        cursor.execute(REACH, [patient_id])
        row = cursor.fetchone()
    if row is None:
        raise Http404
    reading.saw([patient_id])
    addresses, phones, emails = (column or [] for column in row)
    homes = (Address(*columns) for columns in addresses)
    numbers = (Phone(*columns) for columns in phones)
    return Reach(
        addresses=tuple((home.use, one_line(home)) for home in homes if home.use != "old"),
        phones=tuple((one.use, readable(one.number)) for one in numbers if one.use != "old"),
        emails=tuple(columns[0] for columns in emails),
    )


def one_line(home: Address) -> str:
    """An address as on an envelope: ``18 Spruce St, Apt 2, Madison, WI 53703``."""
    place = " ".join(filter(None, (home.state, home.zip_code)))
    return ", ".join(filter(None, (home.line, home.line_2, home.city, place)))


@dataclass(frozen=True, slots=True)
class Identifier:
    """Something the person can say to be known by, and what the record has for it."""

    name: str
    label: str
    value: str


def identifiers(kept: Record, given: Sequence[str]) -> list[Identifier]:
    """What is still to be compared with what the person says; ``given`` were in the search."""
    details = kept.details
    born = f"{details.birth_date:%m/%d/%Y}" if details.birth_date else ""
    home = details.addresses[0] if details.addresses else None
    known = (
        ("name", f"{details.given} {details.family}".strip()),
        ("birth_date", born),
        ("phone", ", ".join(readable(phone.number) for phone in details.phones)),
        ("address", f"{home.line}, {home.city} {home.zip_code}" if home else ""),
        ("member_id", ", ".join(kept.members)),
    )
    return [
        Identifier(name, identifier(name), value)
        for name, value in known
        if value and name not in given
    ]


def photo(patient_id: int, *, reading: Reading) -> bytes:
    """The face as JPEG, noted as seen. Raises Http404 when there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT jpeg FROM patients_photo WHERE patient_id = %s", [patient_id])
        row = cursor.fetchone()
    if row is None:
        raise Http404
    reading.saw([patient_id])
    return bytes(row[0])


def town_of(zip_code: str) -> tuple[str, str] | None:
    """City and state most often written with this ZIP code here; None when nobody lives there."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT city, state FROM (SELECT city, state FROM patients_address
                                         WHERE zip_code = %s AND city <> '' LIMIT 50) AS there
                GROUP BY 1, 2 ORDER BY count(*) DESC, 1, 2 LIMIT 1""",
            [zip_code[:5]],
        )
        row = cursor.fetchone()
    return (row[0], row[1]) if row else None
