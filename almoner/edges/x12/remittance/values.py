"""What an 835 says, as frozen values. Amounts are whole cents; dates are days."""

from dataclasses import dataclass, field
from datetime import date

from almoner.edges.x12.syntax import Fault


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Why the payer paid less than was charged (positive) or more (negative): one CAS triplet.

    ``group`` is CO (provider's loss), PR (patient owes), OA (other) or PI (payer's own);
    ``reason`` is a claim adjustment reason code; ``quantity`` is text as it was sent.
    """

    group: str
    reason: str
    cents: int
    quantity: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """A REF segment: qualifier and value."""

    qualifier: str
    value: str


@dataclass(frozen=True, slots=True)
class Person:
    """An NM1: ``role`` is NM101 (QC patient, IL subscriber, 74 corrected, 82 rendering, …).

    ``kind`` is 1 for a person and 2 for an organisation, whose name is then in ``family``.
    """

    role: str
    family: str = ""
    given: str = ""
    middle: str = ""
    suffix: str = ""
    id_qualifier: str = ""
    id: str = ""
    kind: str = "1"


@dataclass(frozen=True, slots=True)
class Party:
    """Payer or payee: an N1 loop. ``id_qualifier`` is XX for an NPI, FI for a tax id."""

    name: str = ""
    id_qualifier: str = ""
    id: str = ""
    address: tuple[str, ...] = ()
    city: str = ""
    state: str = ""
    zip_code: str = ""
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Procedure:
    """A composite medical procedure: qualifier (HC, AD, N4, …), code and modifiers."""

    qualifier: str
    code: str
    modifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One service line (loop 2110).

    ``charged - sum(adjustments) == paid``. ``procedure`` is what was adjudicated; ``submitted`` is
    what was billed when the payer changed it (SVC06). ``control`` is our line number (REF*6R).
    ``allowed`` is for information only (AMT*B6), None when not told. ``units`` is text as sent.
    """

    procedure: Procedure
    charged: int
    paid: int
    adjustments: tuple[Adjustment, ...] = ()
    revenue_code: str = ""
    units: str = ""
    submitted: Procedure | None = None
    submitted_units: str = ""
    service_from: date | None = None
    service_until: date | None = None
    control: str = ""
    references: tuple[Reference, ...] = ()
    remarks: tuple[str, ...] = ()
    allowed: int | None = None
    ordinal: int = 0
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """One adjudicated claim (loop 2100).

    ``charged - sum(all adjustments, its own and its lines') == paid``. ``account`` is our claim
    number (CLP01), ``payer_claim_number`` theirs (CLP07). ``status`` is CLP02: 1, 2, 3 processed as
    primary, secondary, tertiary; 4 denied; 19 to 21 processed and forwarded; 22 reversal, whose
    amounts are negative. ``patient_share`` is CLP05: information, the PR adjustments are the money.
    ``ordinal`` and ``offset`` say where its CLP stands in the file.
    """

    account: str
    status: str
    charged: int
    paid: int
    patient_share: int = 0
    filing: str = ""
    payer_claim_number: str = ""
    place_of_service: str = ""
    frequency: str = ""
    adjustments: tuple[Adjustment, ...] = ()
    lines: tuple[Line, ...] = ()
    people: tuple[Person, ...] = ()
    references: tuple[Reference, ...] = ()
    remarks: tuple[str, ...] = ()
    received: date | None = None
    statement_from: date | None = None
    statement_until: date | None = None
    coverage_expired: date | None = None
    allowed: int | None = None
    ordinal: int = 0
    offset: int = 0

    def person(self, role: str) -> Person | None:
        return next((person for person in self.people if person.role == role), None)


@dataclass(frozen=True, slots=True)
class ProviderAdjustment:
    """Money moved outside any claim: one pair of a PLB. Positive lowers the payment."""

    provider: str
    fiscal_date: date | None
    reason: str
    cents: int
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment: everything of a transaction set before its first claim.

    ``cents`` is BPR02; ``method`` BPR04 (ACH, CHK, NON); ``trace`` TRN02, which the bank deposit
    carries too; ``origin`` TRN03. ``sender``, ``receiver``, ``interchange``, ``group`` and ``set``
    name the set in the world, so that the same one sent again is known.
    """

    cents: int
    method: str = "ACH"
    handling: str = "I"
    paid_on: date | None = None
    trace: str = ""
    origin: str = ""
    produced_on: date | None = None
    payer: Party = field(default_factory=Party)
    payee: Party = field(default_factory=Party)
    sender: str = ""
    receiver: str = ""
    interchange: str = ""
    group: str = ""
    set: str = ""
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Refused:
    """A claim that may not be posted: it does not balance or cannot be read.

    ``account`` and ``paid`` are what could still be made out, for a person to look at; ``claim`` is
    all it says where every part of it can be read.
    """

    account: str
    paid: int | None
    faults: tuple[Fault, ...]
    ordinal: int = 0
    offset: int = 0
    claim: Claim | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """The end of one payment: its provider adjustments, and what is wrong with it as a whole."""

    adjustments: tuple[ProviderAdjustment, ...]
    claims: int
    paid: int
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Remittance:
    """A whole payment, for writing."""

    payment: Payment
    claims: tuple[Claim, ...]
    adjustments: tuple[ProviderAdjustment, ...] = ()
