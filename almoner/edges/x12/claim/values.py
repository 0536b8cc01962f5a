"""A professional claim as frozen values: what an 837P (005010X222A1) says, without its syntax.

Amounts are whole cents, days are dates, codes are written without dots. Text is kept as a partner
can read it (upper case ASCII, see ``writer.plain``); an empty string means that nothing is said.
"""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Address:
    """``zip_code`` has five or nine digits; a provider's needs nine."""

    line: str
    city: str
    state: str
    zip_code: str
    line_2: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """A person when ``first`` or ``is_person`` says so, else an organisation (``last`` alone)."""

    last: str
    first: str = ""
    middle: str = ""
    suffix: str = ""
    is_person: bool = True


@dataclass(frozen=True, slots=True)
class Provider:
    """``tax_id`` and ``address`` belong to the billing provider, ``address`` to a facility too."""

    name: Name
    npi: str = ""
    taxonomy: str = ""
    tax_id: str = ""
    address: Address | None = None


@dataclass(frozen=True, slots=True)
class Payer:
    """``identifier`` is the id by which the receiver knows the payer (PI)."""

    name: str
    identifier: str
    address: Address | None = None


@dataclass(frozen=True, slots=True)
class Patient:
    """``relation`` to the subscriber: 01 spouse, 19 child, G8 other, and so on (PAT01)."""

    name: Name
    born_on: date
    sex: str
    address: Address
    relation: str


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Who holds the policy. Birth date, sex and address are needed when they are the patient.

    ``rank`` is P, S, T… for the payer billed (SBR01); ``filing`` its kind (SBR09: CI commercial,
    HM HMO, MB Medicare B, MC Medicaid, WC workers' compensation).
    """

    name: Name
    member_id: str
    rank: str = "P"
    filing: str = "CI"
    group_number: str = ""
    group_name: str = ""
    secondary_reason: str = ""
    born_on: date | None = None
    sex: str = ""
    address: Address | None = None
    casualty_number: str = ""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One reason (CARC) within a group (CO, PR, OA, PI, CR), in cents; positive lowers payment."""

    group: str
    reason: str
    amount: int


@dataclass(frozen=True, slots=True)
class PriorPayer:
    """Another payer of the same claim, and what it decided, if it has (loop 2320)."""

    rank: str
    payer: Payer
    subscriber: Name
    member_id: str
    relation: str = "18"
    filing: str = "CI"
    group_number: str = ""
    paid: int | None = None
    liability_left: int | None = None
    adjustments: tuple[Adjustment, ...] = ()
    claim_number: str = ""
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What another payer decided about one line (loop 2430)."""

    payer_identifier: str
    paid: int
    decided_on: date
    adjustments: tuple[Adjustment, ...] = ()
    procedure: str = ""
    modifiers: tuple[str, ...] = ()
    units: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One service. ``pointers`` name the claim's diagnoses from 1, the weightiest first."""

    procedure: str
    charge: int
    pointers: tuple[int, ...]
    served_from: date
    served_to: date | None = None
    units: int = 1
    modifiers: tuple[str, ...] = ()
    place: str = ""
    control: str = ""
    judgements: tuple[Judgement, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim. ``patient`` is None when the subscriber is the patient.

    ``frequency`` 1 original, 7 corrected, 8 void; 7 and 8 name the payer's own number in
    ``payer_claim_number``. ``diagnoses`` are ICD-10-CM, the principal one first, at most twelve.
    ``cause`` is EM, AA or OA when an employment, car or other accident is behind it.
    """

    number: str
    billing: Provider
    subscriber: Subscriber
    payer: Payer
    diagnoses: tuple[str, ...]
    lines: tuple[Line, ...]
    place: str = "11"
    patient: Patient | None = None
    pay_to: Address | None = None
    frequency: str = "1"
    payer_claim_number: str = ""
    authorization: str = ""
    trace: str = ""
    patient_paid: int | None = None
    accepts_assignment: bool = True
    cause: str = ""
    accident_on: date | None = None
    accident_state: str = ""
    note: str = ""
    rendering: Provider | None = None
    referring: Provider | None = None
    facility: Provider | None = None
    prior_payers: tuple[PriorPayer, ...] = ()

    @property
    def charge(self) -> int:
        return sum(line.charge for line in self.lines)


@dataclass(frozen=True, slots=True)
class Submission:
    """Who hands a batch of claims to whom; ``reference`` names the batch (BHT03)."""

    submitter: str
    submitter_id: str
    contact: str
    phone: str
    receiver: str
    receiver_id: str
    reference: str
    written_at: datetime
