"""What a 270 asks and a 271 answers. Amounts are cents, fractions basis points."""

from dataclasses import dataclass, field
from datetime import date

from almoner.edges.x12.syntax import Fault


@dataclass(frozen=True, slots=True)
class Period:
    """A DTP: ``qualifier`` says of what; one day has ``until`` equal to ``since``."""

    qualifier: str
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Reference:
    qualifier: str
    value: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Entity:
    """An NM1: payer (PR), provider (1P), or in a benefit somebody else.

    ``kind`` is 1 for a person and 2 for an organisation, whose name is then in ``name``.
    ``contacts`` are telephone numbers and addresses as text.
    """

    role: str
    name: str = ""
    given: str = ""
    kind: str = "2"
    id_qualifier: str = ""
    id: str = ""
    contacts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """Subscriber or dependent. ``sex`` is F, M, U or empty; ``relation`` INS02 (18 is self)."""

    family: str = ""
    given: str = ""
    middle: str = ""
    suffix: str = ""
    member_id: str = ""
    birth_date: date | None = None
    sex: str = ""
    relation: str = ""
    address: tuple[str, ...] = ()
    city: str = ""
    state: str = ""
    zip_code: str = ""
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One question: whether a patient is covered for some kinds of service on a day.

    The patient is the dependent when there is one, else the subscriber. ``trace`` comes back in the
    answer; ``reference`` is BHT03. ``service_types`` are EQ01 codes (30 is the plan in general).
    """

    payer: Entity
    provider: Entity
    subscriber: Member
    service_date: date
    service_types: tuple[str, ...]
    trace: str
    origin: str
    reference: str
    dependent: Member | None = None
    offset: int = 0

    @property
    def patient(self) -> Member:
        return self.dependent or self.subscriber


@dataclass(frozen=True, slots=True)
class Delivery:
    """An HSD: how a benefit is given out, as sent (3 visits per calendar year: VS, 3, …, 23)."""

    quantity_qualifier: str = ""
    quantity: str = ""
    measure: str = ""
    per: str = ""
    period: str = ""
    period_count: str = ""
    pattern: str = ""
    time: str = ""


@dataclass(frozen=True, slots=True)
class Benefit:
    """One EB with everything that hangs on it (loops 2110C and 2110D).

    ``kind`` is EB01 (1 to 5 active, 6 to 8 inactive, A co-insurance, B co-pay, C deductible, G
    stop-loss, F limitation, I not covered, R other payer, …); ``level`` EB02 (IND, FAM, …);
    ``service_types`` EB03; ``period`` EB06 (23 calendar year, 27 visit, 29 remaining, …);
    ``cents`` EB07; ``basis_points`` EB08 (0.2 is 2000); ``authorisation`` EB11 and ``network`` EB12
    are Y, N, U or W, empty when not told. ``places`` are place-of-service codes it holds for.
    ``unread`` says which elements could not be understood: such a row must not decide anything.
    """

    kind: str
    level: str = ""
    service_types: tuple[str, ...] = ()
    insurance_type: str = ""
    plan: str = ""
    period: str = ""
    cents: int | None = None
    basis_points: int | None = None
    quantity_qualifier: str = ""
    quantity: str = ""
    authorisation: str = ""
    network: str = ""
    procedure: str = ""
    messages: tuple[str, ...] = ()
    periods: tuple[Period, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    references: tuple[Reference, ...] = ()
    places: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    entities: tuple[Entity, ...] = ()
    unread: tuple[str, ...] = ()
    ordinal: int = 0
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Rejection:
    """An AAA: the question could not be answered. ``level`` says in whose loop it stands.

    ``code`` is AAA03, why; ``follow_up`` AAA04, what the payer would have us do.
    """

    level: str
    code: str
    follow_up: str = ""
    ordinal: int = 0
    offset: int = 0


PAYER, PROVIDER, SUBSCRIBER, DEPENDENT, BENEFIT = (
    "payer",
    "provider",
    "subscriber",
    "dependent",
    "benefit",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """One 271. ``benefits`` stand in the order sent; ``faults`` are oddities that did not stop us.

    ``patients`` counts the patients the file speaks of: the values are those of the first.
    """

    payer: Entity = field(default_factory=lambda: Entity("PR"))
    provider: Entity = field(default_factory=lambda: Entity("1P"))
    subscriber: Member | None = None
    dependent: Member | None = None
    benefits: tuple[Benefit, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    periods: tuple[Period, ...] = ()
    trace: str = ""
    origin: str = ""
    reference: str = ""
    patients: int = 0
    faults: tuple[Fault, ...] = ()

    @property
    def patient(self) -> Member | None:
        return self.dependent or self.subscriber
