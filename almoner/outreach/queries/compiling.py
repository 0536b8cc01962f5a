"""A segment as SQL: each field is one fixed statement, and only its value goes beside it.

Nothing that anybody typed is ever part of a statement. Adding a field: `rules.Field`, its kind
there, and one `Clause` here.
"""

# ruff: noqa: S608 (statements are made of this module's own constants, see above)

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dateutil.relativedelta import relativedelta

from almoner.outreach.rules import Conditions, Field, in_order, read

HEADING = 3  # characters by which a diagnosis is found in the index


@dataclass(frozen=True, slots=True)
class Moment:
    """Now, and the clinic's day that it is."""

    at: datetime
    today: date


Given = Callable[[Any, Moment], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Clause:
    """How a field is asked of patient ``p``, and what of the patient it was answered by (text)."""

    test: str
    why: str
    given: Given


def _months_before(moment: Moment, months: int) -> date:
    return moment.today - relativedelta(months=months)


_SEEN = "arrivals_encounter e WHERE e.patient_id = p.id AND e.left_early = ''"
_LAST_SEEN = f"(SELECT max(e.service_date)::text FROM {_SEEN})"
_CODED = """
      FROM billing_chargeslip s
     WHERE s.patient_id = p.id AND s.state <> 'reversed'
       AND outreach_headings(s.diagnoses) && %(headings)s::text[]
"""
_COVERED = """
      FROM coverage_policy o JOIN coverage_plan n ON n.id = o.plan_id
      JOIN coverage_payer y ON y.id = n.payer_id
     WHERE o.patient_id = p.id AND o.retired_at IS NULL
       AND daterange(o.valid_from, o.valid_until) @> %(today)s::date
"""
_TO_COME = """
      FROM scheduling_appointment a
     WHERE a.patient_id = p.id AND a.status = 'booked' AND a.starts_at > %(at)s::timestamptz
"""
_OWED = "ledger_entry l WHERE l.account IN ('patient_ar', 'unapplied')"

CLAUSES: dict[Field, Clause] = {
    Field.DIAGNOSIS: Clause(
        f"""EXISTS (SELECT {_CODED}
            AND EXISTS (SELECT FROM unnest(s.diagnoses) code
                         WHERE code ^@ ANY(%(codes)s::text[])))""",
        f"""(SELECT code || ' ' || s.service_date::text {
            _CODED.replace("WHERE", "CROSS JOIN LATERAL unnest(s.diagnoses) code WHERE", 1)
        }
            AND code ^@ ANY(%(codes)s::text[]) ORDER BY s.service_date DESC, code LIMIT 1)""",
        lambda value, _: {
            "codes": value,
            "headings": sorted({each[:HEADING] for each in value}),
        },
    ),
    Field.NOT_SEEN: Clause(
        f"NOT EXISTS (SELECT FROM {_SEEN} AND e.service_date > %(not_seen)s::date)",
        _LAST_SEEN,
        lambda value, moment: {"not_seen": _months_before(moment, value)},
    ),
    Field.SEEN: Clause(
        f"EXISTS (SELECT FROM {_SEEN} AND e.service_date > %(seen)s::date)",
        _LAST_SEEN,
        lambda value, moment: {"seen": _months_before(moment, value)},
    ),
    Field.NEVER_SEEN: Clause(
        f"NOT EXISTS (SELECT FROM {_SEEN})",
        "''",
        lambda _value, _moment: {},
    ),
    Field.FUTURE: Clause(
        f"EXISTS (SELECT {_TO_COME}) = %(future)s::boolean",
        f"(SELECT min(a.local_day)::text {_TO_COME})",
        lambda value, moment: {"future": value == "yes", "at": moment.at},
    ),
    Field.AGE_FROM: Clause(
        "p.birth_date <= %(born_until)s::date",
        "p.birth_date::text",
        lambda value, moment: {"born_until": moment.today - relativedelta(years=value)},
    ),
    Field.AGE_TO: Clause(
        "p.birth_date > %(born_after)s::date",
        "p.birth_date::text",
        lambda value, moment: {"born_after": moment.today - relativedelta(years=value + 1)},
    ),
    Field.SEX: Clause("p.sex = ANY(%(sex)s::text[])", "p.sex", lambda value, _: {"sex": value}),
    Field.LANGUAGE: Clause(
        "split_part(p.language, '-', 1) = ANY(%(language)s::text[])",
        "split_part(p.language, '-', 1)",
        lambda value, _: {"language": value},
    ),
    Field.LOCATION: Clause(
        f"EXISTS (SELECT FROM {_SEEN} AND e.location_id = ANY(%(location)s::bigint[]))",
        f"""(SELECT w.name FROM facility_location w WHERE w.id = (SELECT e.location_id
             FROM {_SEEN} AND e.location_id = ANY(%(location)s::bigint[])
            ORDER BY e.service_date DESC LIMIT 1))""",
        lambda value, _: {"location": value},
    ),
    Field.CLINICIAN: Clause(
        f"EXISTS (SELECT FROM {_SEEN} AND e.clinician_id = ANY(%(clinician)s::bigint[]))",
        f"""(SELECT w.family FROM facility_clinician w WHERE w.id = (SELECT e.clinician_id
             FROM {_SEEN} AND e.clinician_id = ANY(%(clinician)s::bigint[])
            ORDER BY e.service_date DESC LIMIT 1))""",
        lambda value, _: {"clinician": value},
    ),
    Field.VISIT_TYPE: Clause(
        f"""EXISTS (SELECT FROM {_SEEN} AND EXISTS (SELECT FROM scheduling_appointment v
             WHERE v.id = e.appointment_id
               AND v.visit_type_id = ANY(%(visit_types)s::bigint[])))""",
        """(SELECT t.name FROM arrivals_encounter e
             JOIN scheduling_appointment v ON v.id = e.appointment_id
             JOIN facility_visittype t ON t.id = v.visit_type_id
            WHERE e.patient_id = p.id AND e.left_early = ''
              AND t.id = ANY(%(visit_types)s::bigint[])
            ORDER BY e.service_date DESC LIMIT 1)""",
        lambda value, _: {"visit_types": value},
    ),
    Field.PAYER: Clause(
        f"EXISTS (SELECT {_COVERED} AND n.payer_id = ANY(%(payer)s::bigint[]))",
        f"(SELECT min(y.name) {_COVERED} AND n.payer_id = ANY(%(payer)s::bigint[]))",
        lambda value, moment: {"payer": value, "today": moment.today},
    ),
    Field.PLAN: Clause(
        f"EXISTS (SELECT {_COVERED} AND n.id = ANY(%(plan)s::bigint[]))",
        f"(SELECT min(n.name) {_COVERED} AND n.id = ANY(%(plan)s::bigint[]))",
        lambda value, moment: {"plan": value, "today": moment.today},
    ),
    Field.OWES: Clause(
        f"""p.id IN (SELECT l.patient_id FROM {_OWED}
             GROUP BY l.patient_id HAVING sum(l.cents) >= %(owes)s::bigint)""",
        f"(SELECT sum(l.cents)::text FROM {_OWED} AND l.patient_id = p.id)",
        lambda value, _: {"owes": value},
    ),
}


def where(conditions: Conditions, moment: Moment) -> tuple[str, dict[str, Any]]:
    """What holds for everybody of a segment, and the values that go beside it.

    Raises Unreadable for what is not on the list, also out of a row: leaving it out would ask for
    more people than anybody meant.
    """
    read(conditions)
    tests = " AND ".join(CLAUSES[field].test for field, _value in in_order(conditions))
    return tests, _given(conditions, moment)


def why(conditions: Conditions, moment: Moment) -> tuple[str, dict[str, Any]]:
    """The columns that say by what each condition held, in the order of the list."""
    columns = ", ".join(CLAUSES[field].why for field, _value in in_order(conditions))
    return columns, _given(conditions, moment)


def _given(conditions: Conditions, moment: Moment) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field, value in in_order(conditions):
        values |= CLAUSES[field].given(value, moment)
    return values
