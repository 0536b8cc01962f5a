"""What a patient says before a visit, by link: what is asked, when, and what it would change.

Nothing said ahead is in the record: it is the patient's words beside the value that was kept, until
somebody at the desk accepts it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from almoner.arrivals.rules.desk import Item, State
from almoner.coverage.rules import can_be_sent
from almoner.patients.rules.details import Address, Contact, Details, Email, Phone, e164, readable
from almoner.patients.rules.postal import is_state, is_zip

Value = Mapping[str, Any]
"""The fields of one thing, as the record keeps them or as the patient wrote them; empty: none."""


class Thing(StrEnum):
    """What is asked ahead. A ``policy`` is asked once for each that holds on the day.

    ``devices``: before a visit by video camera and sound are tested, or not on purpose.
    """

    NAME_USED = "name_used"
    PRONOUNS = "pronouns"
    ADDRESS = "address"
    PHONE = "phone"
    OTHER_PHONE = "other_phone"
    EMAIL = "email"
    LANGUAGE = "language"
    INTERPRETER = "interpreter"
    EMERGENCY = "emergency"
    POLICY = "policy"
    NEW_POLICY = "new_policy"
    COMPANY = "company"
    REASON = "reason"
    NEEDS = "needs"
    DEVICES = "devices"


class Verdict(StrEnum):
    """What the patient says of what we keep; ``told`` are words that change nothing."""

    RIGHT = "right"
    CHANGED = "changed"
    GONE = "gone"
    TOLD = "told"


class Outcome(StrEnum):
    """What the desk did with a change; empty while nobody has."""

    OPEN = ""
    ACCEPTED = "accepted"
    REFUSED = "refused"


DETAILS = (
    Thing.NAME_USED, Thing.PRONOUNS, Thing.ADDRESS, Thing.PHONE, Thing.OTHER_PHONE, Thing.EMAIL,
    Thing.LANGUAGE, Thing.INTERPRETER, Thing.EMERGENCY,
)  # fmt: skip
COVERAGE = (Thing.POLICY, Thing.NEW_POLICY)
ITEMS: Mapping[Thing, Item] = dict.fromkeys(DETAILS, Item.DETAILS) | dict.fromkeys(
    COVERAGE, Item.COVERAGE
)
"""Which item of check-in a change belongs to."""
OWN_WORDS = (Thing.COMPANY, Thing.REASON, Thing.NEEDS)
CHANGES = (Verdict.CHANGED, Verdict.GONE)
MAY_GO = frozenset({Thing.OTHER_PHONE, Thing.EMAIL, Thing.EMERGENCY, Thing.POLICY})
"""What may be said to be no longer so, without anything in its place."""

HERE_FROM = timedelta(hours=2)
"""So long before its time somebody may say that they are on the way, or in the car park."""


def is_open(*, status: str, state: str | None, day: date, today: date, days: int) -> bool:
    """Whether a visit can be prepared now: from so many days before its day until check-in."""
    if status not in ("booked", "arrived") or state not in (None, State.ARRIVED):
        return False
    return timedelta(0) <= day - today <= timedelta(days=days)


def may_come(*, starts_at: datetime, at: datetime) -> bool:
    """Whether it is near enough to a visit to be on the way to it."""
    return starts_at - HERE_FROM <= at


Key = tuple[Thing, int | None]
"""A thing that is asked; of which policy, where it is one."""


def asked(policy_ids: Sequence[int], *, by_video: bool = False) -> list[Key]:
    """All that must be said until a check-in ahead is finished, in order."""
    policies: list[Key] = [(Thing.POLICY, id_) for id_ in policy_ids]
    devices: list[Key] = [(Thing.DEVICES, None)] if by_video else []
    details = [(thing, None) for thing in DETAILS]
    return [*details, *policies, (Thing.NEW_POLICY, None), *devices]


def left(policy_ids: Sequence[int], said: Collection[Key], *, by_video: bool = False) -> list[Key]:
    """What is still to be said."""
    return [key for key in asked(policy_ids, by_video=by_video) if key not in said]


def _phones(details: Details) -> list[int]:
    return [at for at, one in enumerate(details.phones) if one.use != "old"]


def _place(details: Details, thing: Thing) -> int | None:
    """Where in its list the one that is asked about stands; None when there is none."""
    match thing:
        case Thing.PHONE:
            places = _phones(details)[:1]
        case Thing.OTHER_PHONE:
            places = _phones(details)[1:2]
        case Thing.ADDRESS:
            places = [at for at, one in enumerate(details.addresses) if one.use != "old"]
        case Thing.EMAIL:
            places = list(range(len(details.emails)))
        case _:
            places = [at for at, one in enumerate(details.contacts) if one.kind == "emergency"]
    return places[0] if places else None


LISTS = {
    Thing.ADDRESS: "addresses",
    Thing.PHONE: "phones",
    Thing.OTHER_PHONE: "phones",
    Thing.EMAIL: "emails",
    Thing.EMERGENCY: "contacts",
}
_COLUMNS = {
    Thing.NAME_USED: "name_used",
    Thing.PRONOUNS: "pronouns",
    Thing.LANGUAGE: "language",
    Thing.INTERPRETER: "interpreter_needed",
}
FIELDS: Mapping[Thing, tuple[str, ...]] = {
    Thing.ADDRESS: ("line", "line_2", "city", "state", "zip_code"),
    Thing.PHONE: ("number",),
    Thing.OTHER_PHONE: ("number",),
    Thing.EMAIL: ("address",),
    Thing.EMERGENCY: ("name", "relation", "phone"),
    Thing.POLICY: ("member_id", "group_number"),
    Thing.NEW_POLICY: ("payer", "member_id", "group_number"),
} | {thing: (column,) for thing, column in _COLUMNS.items()}
"""The fields of each thing, as a patient writes them."""


def kept(details: Details, thing: Thing) -> Value:
    """What the record keeps of one thing; empty when it keeps none."""
    if column := _COLUMNS.get(thing):
        value = getattr(details, column)
        return {column: value} if value or thing is Thing.INTERPRETER else {}
    place = _place(details, thing)
    if place is None:
        return {}
    row = asdict(getattr(details, LISTS[thing])[place])
    return {name: row[name] for name in FIELDS[thing]}


def applied(details: Details, thing: Thing, said: Value) -> Details:
    """The details with what was said in the place of what was kept; nothing said takes it away."""
    if column := _COLUMNS.get(thing):
        return replace(details, **{column: said[column]})
    name, place = LISTS[thing], _place(details, thing)
    rows = list(getattr(details, name))
    if not said:
        rows = [row for at, row in enumerate(rows) if at != place]
    elif place is None:
        rows.append(_made(thing, None, said))
    else:
        rows[place] = _made(thing, rows[place], said)
    wanted: dict[str, Any] = {name: tuple(rows)}
    return replace(details, **wanted)


def _made(thing: Thing, was: Any, said: Value) -> Any:
    match thing:
        case Thing.ADDRESS:
            return replace(was or Address(), **said)
        case Thing.PHONE | Thing.OTHER_PHONE:
            # A number is texted by the patient's own word only, whatever held for the one before.
            # Whose it is stays as it was until the desk says otherwise: less is said to another's.
            return replace(was or Phone(""), number=said["number"], may_text=said["may_text"])
        case Thing.EMAIL:
            return replace(was or Email(""), **said)
        case _:
            return replace(was or Contact(""), **said)


class Unreadable(ValueError):
    """What was written cannot be kept: in which field, and ``missing``, ``phone``, ``email``..."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field, self.why = field, why


LONGEST = 200
LONGEST_WORDS = 1_000
_NEEDED: Mapping[Thing, tuple[str, ...]] = {
    Thing.ADDRESS: ("line", "city", "zip_code"),
    Thing.EMERGENCY: ("name", "phone"),
    Thing.NEW_POLICY: ("payer", "member_id"),
    Thing.POLICY: ("member_id",),
}
_LONGEST_CODE = 12


def read(thing: Thing, typed: Mapping[str, str], *, languages: Collection[str] = ()) -> Value:
    """What a patient wrote of one thing, fit to be kept. Raises Unreadable."""
    if thing in OWN_WORDS:
        return {"text": _clean(typed.get("text", ""), longest=LONGEST_WORDS)}
    fields = {name: _clean(typed.get(name, "")) for name in FIELDS[thing]}
    # Whoever writes nothing for the name or the pronouns wants none kept: that is an answer.
    may_be_empty = {Thing.NAME_USED, Thing.PRONOUNS, Thing.INTERPRETER}
    needed = _NEEDED.get(thing, () if thing in may_be_empty else FIELDS[thing])
    for name in needed:
        if not fields[name]:
            raise Unreadable(name, "missing")
    if thing is Thing.INTERPRETER:
        return {"interpreter_needed": fields["interpreter_needed"] == "yes"}
    if thing is Thing.LANGUAGE and fields["language"] not in languages:
        raise Unreadable("language", "missing")
    return _checked(thing, fields, typed)


def _checked(thing: Thing, fields: dict[str, str], typed: Mapping[str, str]) -> Value:
    if thing in (Thing.PHONE, Thing.OTHER_PHONE):
        return {"number": _number("number", fields["number"]), "may_text": bool(typed.get("text"))}
    if thing is Thing.EMERGENCY:
        return fields | {"phone": _number("phone", fields["phone"])}
    if thing is Thing.EMAIL and not _is_email(fields["address"]):
        raise Unreadable("address", "email")
    if thing is Thing.ADDRESS:
        return fields | {"state": _state(fields["state"], fields["zip_code"])}
    if thing in COVERAGE:
        if not can_be_sent(fields["member_id"].upper()):
            raise Unreadable("member_id", "member_id")
        # Of a policy we hold, the group that nobody wrote is the one it has.
        return {name: each for name, each in fields.items() if each or thing is Thing.NEW_POLICY}
    return fields


def _state(typed: str, zip_code: str) -> str:
    """The state beside its ZIP code; without a state it is an address of another country."""
    state = typed.upper()
    if state and not is_state(state):
        raise Unreadable("state", "state")
    if len(zip_code) > _LONGEST_CODE or (state and not is_zip(zip_code)):
        raise Unreadable("zip_code", "zip_code")
    return state


def _number(field: str, typed: str) -> str:
    try:
        return e164(typed)
    except ValueError as error:
        raise Unreadable(field, "phone") from error


def _is_email(typed: str) -> bool:
    name, at, domain = typed.rpartition("@")
    dotted = "." in domain.strip(".") and ".." not in domain
    return bool(name and at and dotted) and typed.isascii() and not set(typed) & set(" ,;<>()\"'")


def _clean(typed: str, *, longest: int = LONGEST) -> str:
    """One line of printable text: nothing hidden reaches the desk's screen or the database."""
    spaced = "".join(each if each.isprintable() else " " for each in typed)
    return " ".join(spaced.split())[:longest]


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of a value, for people: the field, and what stands in it."""

    field: str
    text: str


def lines(thing: Thing, value: Value) -> list[Shown]:
    """A value as people read it, a field a line; empty fields are left out."""
    if thing is Thing.ADDRESS and value:
        place = " ".join(filter(None, (value["state"], value["zip_code"])))
        parts = (value["line"], value["line_2"], value["city"], place)
        return [Shown("address", ", ".join(filter(None, parts)))]
    return [
        Shown(name, readable(each) if name in ("number", "phone") else str(each))
        for name, each in value.items()
        if isinstance(each, str) and each
    ]
