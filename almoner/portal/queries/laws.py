"""Whose law says from which age on a child's parents see less, and what it says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from django.db.models import Case, F, Q, Value, When

from almoner.facility import queries as facility
from almoner.patients.models import Address
from almoner.portal.models import MinorTerms
from almoner.portal.rules.accounts import Terms
from almoner.scheduling.models import Appointment

_TWO_LETTERS = r"^\s*[A-Za-z]{2}\s*$"
"""A state as the terms name it; of what else was typed nobody guesses the law."""


class Law(TypedDict):
    """The state a child's rights are judged by, and the terms of all states."""

    state: str
    terms: list[Terms]


@dataclass(frozen=True, slots=True)
class Laws:
    """The terms as they stand, and the state of each of some patients."""

    terms: list[Terms]
    states: Mapping[int, str]

    def of(self, patient_id: int) -> Law:
        """The law for one of them. KeyError for anybody who was not asked about."""
        return {"state": self.states[patient_id], "terms": self.terms}


def laws(patient_ids: Iterable[int], *, on: date) -> Laws:
    """The law each of these patients' minority is judged by on a day. At most four queries.

    What a parent may see of a minor is "State or other applicable law" (45 CFR 164.502(g)(3)(ii)),
    and which state's is not said there. We take the state the child lives in: a parent's authority
    over a child is a matter of the child's domicile, and moves with the family, not with our head
    office. It is that of the first home address in the United States which the record has; where
    there is none, that of the location the child is seen at next, else was seen at last, whose law
    governs what that child may consent to alone (many states tie confidentiality to that consent);
    where there was no visit either, the organisation's. As the desk; none for nobody.
    """
    wanted = set(patient_ids)
    if not wanted:
        return Laws([], {})
    found = _homes(wanted)
    if left := wanted - found.keys():
        found |= _seen_at(left, on=on)
    if left := wanted - found.keys():
        found |= dict.fromkeys(left, facility.organisation().state)
    return Laws(minor_terms(), found)


def minor_terms() -> list[Terms]:
    """The terms of all states, as they were written down. One query."""
    return [
        Terms(row.state, row.age, frozenset(row.parts), row.starts)
        for row in MinorTerms.objects.order_by("pk")
    ]


def _homes(patient_ids: set[int]) -> dict[int, str]:
    """The state each lives in: a place of work, for mail alone, or left, is no home. One query."""
    homes = Address.objects.filter(
        patient_id__in=patient_ids, use=Address.Use.HOME, country="US", state__regex=_TWO_LETTERS
    )
    first = homes.order_by("patient_id", "rank").distinct("patient_id")
    return {
        patient_id: state.strip().upper()
        for patient_id, state in first.values_list("patient_id", "state")
    }


def _seen_at(patient_ids: set[int], *, on: date) -> dict[int, str]:
    """The state of the location each is seen at next, else was last. One query."""
    to_come = Q(local_day__gte=on)
    kept = Q(status__in=[Appointment.Status.ARRIVED, Appointment.Status.COMPLETED])
    rows = Appointment.objects.filter(
        kept | to_come & Q(status=Appointment.Status.BOOKED), patient_id__in=patient_ids
    ).annotate(
        past=Case(When(to_come, then=Value(0)), default=Value(1)),
        soon=Case(When(to_come, then=F("starts_at"))),
    )
    nearest = rows.order_by("patient_id", "past", "soon", "-starts_at").distinct("patient_id")
    return dict(nearest.values_list("patient_id", "location__state"))
