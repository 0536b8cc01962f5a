"""How much of what we keep a link and a birth date may show: enough to know it again, no more.

Those one lives with know the birth date, and may hold the phone that got the link. Nobody learns a
new address, a number or what somebody wants to be called from this page; who knows them sees
whether they are right.
"""

from collections.abc import Callable, Mapping

from almoner.arrivals.rules.ahead import Thing, Value

DOTS = "•••"
_TAIL, _SHORT, _LONGER = 2, 6, 3


def veiled(thing: Thing, value: Value) -> str:
    """One thing as a link and a birth date may see it; empty when nothing is kept.

    Of pronouns it is said only that some are kept: a part of them would be all of them.
    """
    if not any(value.values()) or thing not in _VEILS:
        return ""
    return _VEILS[thing](value)


def words(text: str) -> str:
    """``12 Main St`` as ``1••• M••• S•••``: as many dots for a short word as for a long one."""
    return " ".join(each[0] + DOTS for each in text.split())


def number(e164: str) -> str:
    """A phone number by its last two digits."""
    return f"(•••) •••-••{e164[-_TAIL:]}" if e164 else ""


def email(address: str) -> str:
    """``cy@example.org`` as ``c•••@e•••.org``."""
    name, _at, domain = address.rpartition("@")
    ending = domain.rpartition(".")[2]
    return f"{name[:1]}{DOTS}@{domain[:1]}{DOTS}.{ending}"


def member_id(value: str) -> str:
    """The last three signs, of a short one the last two."""
    return DOTS + value[-(_LONGER if len(value) > _SHORT else _TAIL) :]


def _joined(*parts: str) -> str:
    return ", ".join(filter(None, parts))


_VEILS: Mapping[Thing, Callable[[Value], str]] = {
    Thing.NAME_USED: lambda value: words(value["name_used"]),
    Thing.PRONOUNS: lambda _value: DOTS,
    Thing.ADDRESS: lambda value: _joined(words(value["line"]), value["city"]),
    Thing.PHONE: lambda value: number(value["number"]),
    Thing.OTHER_PHONE: lambda value: number(value["number"]),
    Thing.EMAIL: lambda value: email(value["address"]),
    Thing.EMERGENCY: lambda value: _joined(words(value["name"]), number(value["phone"])),
    Thing.POLICY: lambda value: member_id(value["member_id"]),
    Thing.NEW_POLICY: lambda value: _joined(value["payer"], member_id(value["member_id"])),
}
