"""Who owes what insurance owes for a patient; the duty that keeps payers tells their names."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from almoner.ledger.queries.balances import owed_by_payers

Naming = Callable[[Iterable[int]], dict[int, str]]
_naming: list[Naming] = []


@dataclass(frozen=True, slots=True)
class Debtor:
    """A payer and what it owes for a patient, in cents; below zero it has money to get back."""

    name: str
    cents: int


def payers_named_by(naming: Naming) -> None:
    """Names of payers by id; told by the duty above that keeps them."""
    _naming.append(naming)


def debtors_of(patient_id: int) -> list[Debtor]:
    """The payers that owe for a patient, the largest debt first."""
    owed = owed_by_payers(patient_id)
    names = {pk: name for naming in _naming for pk, name in naming(owed).items()} if owed else {}
    return [Debtor(names.get(payer_id, ""), cents) for payer_id, cents in owed.items()]
