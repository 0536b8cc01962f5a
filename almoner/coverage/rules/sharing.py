"""How a plan divides an allowed amount between itself and the patient."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sharing:
    """What a 271 answer says of one service type, in cents and basis points.

    Source: X12 271 loop 2110C, EB01 = C (deductible), B (co-pay), A (co-insurance), G (stop-loss).
    ``out_of_pocket_left`` None is a plan without a limit.
    """

    deductible_left: int = 0
    copay: int = 0
    coinsurance_bp: int = 0
    out_of_pocket_left: int | None = None


def patient_share(allowed: int, sharing: Sharing) -> int:
    """Cents the patient owes of an allowed amount.

    Deductible first, then the co-pay, then co-insurance on what is left, never above the
    out-of-pocket limit or the allowed amount. Rounds co-insurance half up to the cent.
    """
    deductible = min(allowed, sharing.deductible_left)
    copay = min(allowed - deductible, sharing.copay)
    shared = allowed - deductible - copay
    coinsurance = (shared * sharing.coinsurance_bp + 5_000) // 10_000
    owed = deductible + copay + coinsurance
    return owed if sharing.out_of_pocket_left is None else min(owed, sharing.out_of_pocket_left)
