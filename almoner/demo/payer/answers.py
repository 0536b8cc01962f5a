"""From a 270 to a 271, by the plan's rules."""

from datetime import date

from almoner.demo.payer.members import Members
from almoner.demo.payer.plans import BY_ID, PayerPlan, suffix
from almoner.edges.x12.eligibility import (
    Answer,
    Benefit,
    Entity,
    Inquiry,
    Period,
    Rejection,
)

REJECTIONS = {"N0": ("75", "C"), "B0": ("71", "C"), "P0": ("42", "R")}


def answer(inquiry: Inquiry, members: Members) -> Answer:
    """What the payer says of the patient asked about."""
    plan = BY_ID.get(inquiry.payer.id)
    if plan is None or not plan.answers_eligibility:
        return _refusal(inquiry, Rejection("payer", "79", "C"))
    wish = suffix(inquiry.subscriber.member_id)
    level = "dependent" if inquiry.dependent else "subscriber"
    if wish in REJECTIONS:
        code, follow_up = REJECTIONS[wish]
        if code == "42":
            return _refusal(inquiry, Rejection("payer", code, follow_up))
        return _told(inquiry, plan, (), (Rejection(level, code, follow_up),))
    left = members.deductible_left(plan, inquiry.subscriber.member_id)
    return _told(inquiry, plan, _benefits(plan, wish, left, inquiry), ())


def _refusal(inquiry: Inquiry, rejection: Rejection) -> Answer:
    return Answer(
        payer=inquiry.payer,
        provider=inquiry.provider,
        rejections=(rejection,),
        trace=inquiry.trace,
        origin=inquiry.origin,
        reference=inquiry.reference,
    )


def _told(
    inquiry: Inquiry,
    plan: PayerPlan,
    benefits: tuple[Benefit, ...],
    rejections: tuple[Rejection, ...],
) -> Answer:
    year = inquiry.service_date.year
    return Answer(
        payer=Entity("PR", plan.payer, id_qualifier="PI", id=plan.payer_id),
        provider=inquiry.provider,
        subscriber=inquiry.subscriber,
        dependent=inquiry.dependent,
        benefits=benefits,
        rejections=rejections,
        periods=() if rejections else (Period("346", date(year, 1, 1), date(year, 1, 1)),),
        trace=inquiry.trace,
        origin=inquiry.origin,
        reference=inquiry.reference,
        patients=1,
    )


def _benefits(plan: PayerPlan, wish: str, left: int, inquiry: Inquiry) -> tuple[Benefit, ...]:
    name = plan.plan.upper()
    if wish == "I0":
        return (Benefit("6", service_types=("30",), insurance_type=plan.insurance_type, plan=name),)
    services = tuple(dict.fromkeys((*inquiry.service_types, "98")))
    rows = [Benefit("1", service_types=("30",), insurance_type=plan.insurance_type, plan=name)]
    if plan.deductible:
        rows += [
            Benefit("C", "IND", ("30",), period="23", cents=plan.deductible, network="Y"),
            Benefit("C", "IND", ("30",), period="29", cents=left, network="Y"),
        ]
    if plan.out_of_pocket:
        rows.append(Benefit("G", "IND", ("30",), period="23", cents=plan.out_of_pocket))
    if wish == "O0":
        other = Entity("PRP", "OTHER MUTUAL", id_qualifier="PI", id="OTHER")
        rows.append(Benefit("R", service_types=("30",), entities=(other,)))
    return (*rows, *_shares(plan, wish, services))


def _shares(plan: PayerPlan, wish: str, services: tuple[str, ...]) -> list[Benefit]:
    """Co-pay and co-insurance rows; ``services`` are the ones asked about."""
    if plan.copay is None or wish == "D0":
        share = plan.coinsurance_bp or 2000
        return [Benefit("A", "IND", services, period="27", basis_points=share, network="Y")]
    rows = [Benefit("B", "IND", services, period="27", cents=plan.copay, network="Y")]
    if wish == "C0":
        twin = plan.copay + 1500
        rows.append(Benefit("B", "IND", services, period="27", cents=twin, network="Y"))
    if plan.copay_out is not None:
        rows.append(Benefit("B", "IND", services, period="27", cents=plan.copay_out, network="N"))
    urgent = Benefit("B", "IND", ("UC",), period="27", cents=plan.copay + 2500, network="Y")
    return rows if "UC" in services else [*rows, urgent]
