"""The demo's six payers and how each of them pays. All invented."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PayerPlan:
    """One payer with its one plan. Amounts in cents, fractions in basis points.

    ``allowed_bp`` is what of a charge the contract allows. ``copay`` is owed once for each visit;
    None says that the plan has none, and the patient pays ``coinsurance_bp`` instead.
    """

    payer_id: str
    payer: str
    kind: str
    filing: str
    plan: str
    network: str
    answers_eligibility: bool = True
    copay: int | None = None
    copay_out: int | None = None
    deductible: int = 0
    deductible_before_copay: bool = False
    coinsurance_bp: int = 0
    out_of_pocket: int | None = None
    allowed_bp: int = 10_000
    filing_days: int = 365
    insurance_type: str = ""
    first_name_in_trace: str = "EFT"


PLANS = (
    PayerPlan(
        "BLUEH", "Blue Harbor Health", "ppo", "CI", "Harbor PPO 500", "in",
        copay=2500, copay_out=6000, deductible=50_000, coinsurance_bp=2000, out_of_pocket=400_000,
        allowed_bp=7000, filing_days=180, insurance_type="C1",
    ),
    PayerPlan(
        "LAKES", "Great Lakes HMO", "hmo", "HM", "Lakes Select", "in",
        copay=1500, allowed_bp=6500, filing_days=90, insurance_type="HM",
    ),
    PayerPlan(
        "FSENR", "Federal Senior Program", "medicare", "MB", "Part M", "in",
        deductible=24_000, deductible_before_copay=True, coinsurance_bp=2000, allowed_bp=6000,
        insurance_type="MB",
    ),
    PayerPlan(
        "STFAM", "State Family Care", "medicaid", "MC", "Family Care", "in",
        copay=0, allowed_bp=4500, insurance_type="MC",
    ),
    PayerPlan(
        "INJRY", "State Injury Fund", "workers_comp", "WC", "Injury Fund", "in",
        answers_eligibility=False, allowed_bp=8000,
    ),
    PayerPlan(
        "SELFP", "Self-pay", "self_pay", "ZZ", "Self-pay", "unknown",
        answers_eligibility=False,
    ),
)  # fmt: skip

BY_ID = {plan.payer_id: plan for plan in PLANS}

SUFFIXES = {
    # questions
    "T0": "the question is never answered",
    "S0": "the question is answered after 25 s",
    "X0": "the answer is malformed",
    "H0": "the clearinghouse is down (HTTP 503)",
    "N0": "the member is not found (AAA 75)",
    "B0": "the birth date does not match (AAA 71)",
    "P0": "the payer's system is down (AAA 42)",
    "I0": "the cover is inactive",
    "C0": "two co-pays that contradict one another",
    "D0": "a co-insurance and no co-pay",
    "O0": "another payer is first",
    # claims
    "R0": "rejected before adjudication (277CA A7)",
    "F0": "denied: filed too late (CO-29)",
    "A0": "denied: no authorization (CO-197)",
    "M0": "unprocessable: information missing (CO-16, MA130)",
    "E0": "denied: the cover had ended (CO-27)",
    "L0": "the last line is denied (CO-96), the others paid",
    "U0": "the remittance does not balance",
    "Q0": "the remittance is delivered twice",
    "W0": "an older overpayment is taken back (PLB WO)",
    "V0": "sent on to the second payer by the first (Federal Senior Program to Blue Harbor)",
    "Y0": "the claim is never paid nor denied",
}


def suffix(member_id: str) -> str:
    """The last two characters of a member id when they ask for something, else nothing."""
    last = member_id[-2:].upper()
    return last if last in SUFFIXES else ""
