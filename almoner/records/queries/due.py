"""Which forms are due for a visit: the clinic's rules, and what the patient settled before."""

from dataclasses import dataclass
from datetime import date

from almoner.access.queries import Reading
from almoner.coverage import queries as coverage
from almoner.patients.models import Patient
from almoner.patients.rules.details import age
from almoner.records import rules
from almoner.records.models import Filling, FormRule
from almoner.records.queries.definitions import in_use
from almoner.records.rules import Rule, Settled, Situation, State, Words

_RULE = (
    "form_id", "visit_type_id", "age_from", "age_to", "payer_kind", "plan_id", "holds_days",
    "when_replaced", "decline_stands",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Due:
    """A form to be settled; ``filling_id`` is the copy that was begun, with its own version.

    ``declined``: why the patient did not sign it by link, with the visit that is asked about.
    """

    form_id: int
    code: str
    title: Words
    filling_id: int | None
    declined: str = ""


def due(
    patient_id: int,
    *,
    visit_type_id: int | None,
    on: date,
    reading: Reading,
    visit_id: int | None = None,
) -> tuple[Due, ...]:
    """What is due of this patient at such a visit on that day, in the order of the clinic's forms.

    What was signed with the visit ``visit_id``, days ahead of it maybe, is enough for it. At most
    six queries, one when the clinic asks for no forms.
    """
    reading.saw([patient_id])
    return due_of(patient_id, visit_type_id=visit_type_id, on=on, visit_id=visit_id)


def due_of(
    patient_id: int, *, visit_type_id: int | None, on: date, visit_id: int | None = None
) -> tuple[Due, ...]:
    """As `due`, for an action or for the patient; hands nothing to a reader."""
    wanted = [
        Rule(*row)
        for row in FormRule.objects.filter(
            ended_at__isnull=True, form__retired_at__isnull=True
        ).values_list(*_RULE)
    ]
    if not wanted:
        return ()
    situation = _situation(wanted, patient_id, visit_type_id, on)
    versions = in_use({rule.form_id for rule in wanted})
    settled, begun, declined = _copies(patient_id, visit_id)
    ids = rules.due(
        wanted,
        situation,
        numbers={form_id: version.number for form_id, version in versions.items()},
        settled=settled,
    )
    return tuple(
        Due(
            form_id,
            versions[form_id].code,
            versions[form_id].title,
            begun.get(form_id),
            declined.get(form_id, ""),
        )
        for form_id in sorted(ids)
    )


def _situation(
    wanted: list[Rule], patient_id: int, visit_type_id: int | None, on: date
) -> Situation:
    """Only what some rule asks about is looked up."""
    years, policies = None, []
    if any(rule.age_from is not None or rule.age_to is not None for rule in wanted):
        born = Patient.objects.values_list("birth_date", flat=True).get(pk=patient_id)
        years = age(born, on=on) if born else None
    if any(rule.payer_kind or rule.plan_id for rule in wanted):
        policies = list(coverage.in_force(patient_id, on=on))
    return Situation(
        on=on,
        visit_type_id=visit_type_id,
        age=years,
        payer_kinds=frozenset(policy.plan.payer.kind for policy in policies),
        plan_ids=frozenset(policy.plan_id for policy in policies),
    )


def _copies(
    patient_id: int, visit_id: int | None
) -> tuple[dict[int, Settled], dict[int, int], dict[int, str]]:
    """By form, how it was settled last, the copy that is open, and why the patient declined.

    What was signed with the visit counts before what was settled since with another. One query.
    """
    rows = Filling.objects.filter(patient=patient_id).order_by("settled_on", "id")
    settled: dict[int, Settled] = {}
    begun: dict[int, int] = {}
    declined: dict[int, str] = {}
    for id_, form_id, state, number, on, by_id, reason, visit in rows.values_list(
        "id", "form_id", "state", "version__number", "settled_on", "settled_by_id", "reason",
        "visit_id",
    ):  # fmt: skip
        before, this_visit = settled.get(form_id), visit_id is not None and visit == visit_id
        if this_visit and by_id is None and state == State.DECLINED:
            declined[form_id] = reason
        this_visit &= state != State.DECLINED
        if on is None:  # nothing settled it yet
            begun[form_id] = id_
        elif this_visit or before is None or not before.with_visit:
            settled[form_id] = Settled(
                State(state), number, on, by_patient=by_id is None, with_visit=this_visit
            )
    return settled, begun, declined
