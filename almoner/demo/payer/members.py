"""What the payer remembers of a member: what is left of the deductible this year."""

from zlib import crc32

from almoner.demo.payer.plans import PayerPlan


class Members:
    """Not thread-safe: the house holds the lock."""

    def __init__(self) -> None:
        self._used: dict[tuple[str, str], int] = {}

    def deductible_left(self, plan: PayerPlan, member_id: str) -> int:
        """Cents left. What was met elsewhere follows from the id: the same in every run."""
        if not plan.deductible:
            return 0
        met = crc32(member_id.encode()) % 5 * plan.deductible // 4
        used = self._used.get((plan.payer_id, member_id), 0)
        return max(plan.deductible - met - used, 0)

    def use(self, plan: PayerPlan, member_id: str, amount: int) -> None:
        key = (plan.payer_id, member_id)
        self._used[key] = self._used.get(key, 0) + amount
