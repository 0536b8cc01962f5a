"""Money that stands apart from all other of a patient's: nobody else's payment is spent on it."""

from collections.abc import Callable, Iterable

from almoner.ledger.queries.balances import debts_of
from almoner.ledger.rules import Owed

Visits = Callable[[int], Iterable[int]]
Items = Callable[[str], bool]
_apart: list[tuple[Visits, Items]] = []


def kept_apart_by(visits: Visits, items: Items) -> None:
    """Told by the duty above: a patient's visits that stand apart, and what pays for them alone."""
    _apart.append((visits, items))


def apart_of(patient_id: int) -> frozenset[int]:
    return frozenset(one for visits, _items in _apart for one in visits(patient_id))


def debts_paid_by(patient_id: int, *, visit_id: int | None, for_item: str) -> list[Owed]:
    """What a payment may be spent on, oldest first.

    One for a visit pays that visit. One for no visit in particular pays what does not stand apart,
    unless it is for what does: then that alone.
    """
    debts, apart = debts_of(patient_id), apart_of(patient_id)
    if visit_id is not None or not apart:
        return debts
    theirs = any(items(for_item) for _visits, items in _apart)
    return [each for each in debts if (each.visit_id in apart) is theirs]
