"""What is compared of a person, and the keys under which a person can be found."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from almoner.patients.rules.details import Details
from almoner.patients.rules.fold import fold, is_name, sound
from almoner.patients.rules.nicknames import formal

PLACEHOLDER_DATES = frozenset(
    {"1800-01-01", "1900-01-01", "1901-01-01", "1911-11-11", "1970-01-01", "2000-01-01"}
    | {"1111-11-11", "2222-02-22", "9999-12-31", "9999-09-09"}
)
"""Birth dates people type when they know none. They count for nothing in a comparison; somebody
really born on one is recognised by everything else."""

LOCAL_NUMBER = 7  # digits of a phone number without its area code
MEMBER_ID = 4  # the shortest member id worth looking up
_FIELDS, _VALUES = "\t", "|"


@dataclass(frozen=True, slots=True)
class Person:
    """The facts compared between two records, already folded.

    ``families`` and ``givens`` hold the current name first, then names used and former names.
    ``birth`` is an ISO date or "". ``phones`` are E.164; ``addresses`` are `address_key` values;
    ``members`` are member ids as `member_key` makes them.
    """

    families: tuple[str, ...] = ()
    givens: tuple[str, ...] = ()
    middle: str = ""
    suffix: str = ""
    birth: str = ""
    sex: str = ""
    phones: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    members: tuple[str, ...] = ()

    def packed(self) -> str:
        """One line of text stored beside the row, read far faster than the rows it comes from."""
        return _FIELDS.join(
            (
                _VALUES.join(self.families), _VALUES.join(self.givens), self.middle, self.suffix,
                self.birth, self.sex, _VALUES.join(self.phones), _VALUES.join(self.addresses),
                _VALUES.join(self.emails), _VALUES.join(self.members),
            )
        )  # fmt: skip


def _several(text: str) -> tuple[str, ...]:
    return tuple(text.split(_VALUES)) if text else ()


def unpacked(line: str) -> Person:
    """The person `Person.packed` wrote."""
    families, givens, middle, suffix, birth, sex, *rest = line.split(_FIELDS)
    phones, addresses, emails, members = rest
    return Person(
        _several(families), _several(givens), middle, suffix, birth, sex,
        _several(phones), _several(addresses), _several(emails), _several(members),
    )  # fmt: skip


def person(
    *,
    names: Iterable[tuple[str, str]],
    middle: str = "",
    suffix: str = "",
    birth_date: date | None = None,
    sex: str = "",
    phones: Iterable[str] = (),
    addresses: Iterable[tuple[str, str]] = (),
    emails: Iterable[str] = (),
    members: Iterable[str] = (),
) -> Person:
    """Folded facts from facts as they are kept, placeholders and all.

    ``names`` are (family, given) pairs, the current one first; ``addresses`` are (line, zip) pairs.
    """
    pairs = [(fold(family), fold(given)) for family, given in names]
    return Person(
        families=_once(family for family, _ in pairs),
        givens=_once(given for _, given in pairs),
        middle=fold(middle),
        suffix=generation(suffix),
        birth=birth_date.isoformat() if birth_date else "",
        sex="" if sex == "unknown" else sex,
        phones=_once(phones),
        addresses=_once(address_key(line, code) for line, code in addresses),
        emails=_once(email.strip().casefold() for email in emails if "@" in email),
        members=_once(map(member_key, members)),
    )


def facts(details: Details, *, members: Iterable[str] = ()) -> Person:
    """What is compared of these details."""
    return person(
        names=[
            (details.family, details.given),
            *((details.family, details.name_used),) * bool(details.name_used),
            *((old.family, old.given) for old in details.former_names),
        ],
        middle=details.middle,
        suffix=details.suffix,
        birth_date=details.birth_date,
        sex=details.sex,
        phones=[phone.number for phone in details.phones],
        addresses=[(address.line, address.zip_code) for address in details.addresses],
        emails=[email.address for email in details.emails],
        members=members,
    )


def sort_name(family: str, given: str, middle: str) -> str:
    """Family, given and middle name, folded, as lists are ordered."""
    return fold(f"{family} {given} {middle}")


def telling(someone: Person) -> Person:
    """What of these facts says who it is: without placeholders, which count for nothing."""
    return replace(
        someone,
        families=tuple(filter(is_name, someone.families)),
        givens=tuple(filter(is_name, someone.givens)),
        birth="" if someone.birth in PLACEHOLDER_DATES else someone.birth,
        phones=tuple(filter(is_number, someone.phones)),
    )


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


_GENERATIONS = {
    "jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "2nd": "ii", "3rd": "iii", "4th": "iv",
    "ii": "ii", "iii": "iii", "iv": "iv",
}  # fmt: skip


def generation(suffix: str) -> str:
    """``Jr.`` and ``Junior`` are one suffix; degrees are none."""
    return _GENERATIONS.get(fold(suffix), "")


def is_number(phone: str) -> bool:
    """Whether a phone number can identify anybody: not 999-999-9999, nor one digit repeated."""
    local = re.sub(r"\D", "", phone)[-LOCAL_NUMBER:]
    return len(local) == LOCAL_NUMBER and len(set(local)) > 1 and local != "1234567"


_STREET_WORDS = {
    "street": "st", "avenue": "ave", "av": "ave", "road": "rd", "drive": "dr", "lane": "ln",
    "boulevard": "blvd", "court": "ct", "place": "pl", "circle": "cir", "highway": "hwy",
    "north": "n", "south": "s", "east": "e", "west": "w", "parkway": "pkwy", "terrace": "ter",
}  # fmt: skip
_COMPASS = frozenset(["n", "s", "e", "w", "ne", "nw", "se", "sw"])
_UNITS = re.compile(r"\b(apt|apartment|unit|suite|ste|fl|floor|rm|room|no)\b.*$")


def address_key(line: str, zip_code: str) -> str:
    """``12 N. Main Street Apt 4``, ``60601-1234`` is ``12 main st 60601``: the same door to us.

    Compass points and units are left out since people leave them out. A line without a number, or
    without a street, is no key.
    """
    words = [_STREET_WORDS.get(word, word) for word in _UNITS.sub("", fold(line)).split()]
    words = [word for word in words if word not in _COMPASS]
    code = re.sub(r"\W", "", zip_code)[:5].casefold()
    number, street = words[:1], words[1:4]
    if not (code and street and number[0][0].isdigit()) or set(number[0]) == {"9"}:
        return ""
    return " ".join((*number, *street, code))


def member_key(member_id: str) -> str:
    """Letters and digits of a member id; "" for a placeholder such as 999999999 or UNKNOWN."""
    kept = re.sub(r"[^0-9a-z]", "", member_id.casefold())
    too_plain = (
        len(kept) < MEMBER_ID or len(set(kept)) == 1 or kept in {"unknown", "none", "pending"}
    )
    return "" if too_plain else kept


PREFIX = 8  # letters of a name kept as prefixes; longer ones are compared by these


def blocking_keys(someone: Person) -> set[str]:
    """Keys two records of one person are likely to share, however one of them was typed.

    A birth date; birth year with the sound of the surname; month and day with the sound of the
    given name; both names' sounds in either order with the birth month or year; surname and
    postcode; address; phone; e-mail; member id. Without a birth date the two sounds stand alone.
    """
    families, givens = _sounds(someone.families), _given_sounds(someone.givens)
    keys = {f"p:{number[-10:]}" for number in someone.phones}
    keys.update(f"a:{address}" for address in someone.addresses)
    keys.update(f"e:{email}" for email in someone.emails)
    keys.update(f"m:{member}" for member in someone.members)
    keys.update(
        f"z:{family[:4]}{address[-5:]}"
        for family in someone.families
        for address in someone.addresses
    )
    pairs = {"".join(sorted((one, other))) for one in families for other in givens}
    keys.update(f"s:{pair}" for pair in pairs)
    if someone.birth:
        year, month, day = someone.birth.split("-")
        keys.add(f"b:{someone.birth}")
        keys.update(f"y:{year}{one}" for one in families)
        keys.update(f"d:{month}{day}{one}" for one in givens)
        keys.update(f"r:{month}{pair}" for pair in pairs)
        keys.update(f"r:{year}{pair}" for pair in pairs)
    return keys


_PARTICLES = frozenset(
    {
        "de", "la", "el", "los", "las", "del", "da", "do", "dos", "van", "von", "der", "den", "di",
        "du", "le", "al", "bin", "ibn", "mc",
    }
)  # fmt: skip


def _sounds(families: tuple[str, ...]) -> set[str]:
    """Of the whole name and of its first two words: people drop half of a double surname."""
    found: set[str] = set()
    for family in families[:4]:
        words = family.split()
        found.add(sound("".join(words)))
        found.update(sound(word) for word in words[:2] if word not in _PARTICLES)
    return found


def _given_sounds(givens: tuple[str, ...]) -> set[str]:
    found: set[str] = set()
    for given in givens[:4]:
        for word in given.split()[:2]:
            found.update(sound(name) for name in formal(word))
            found.add(sound(word))
    return found


def search_keys(someone: Person, *, mrn: str) -> set[str]:
    """Keys the search box looks up: beginnings of names, birth date in parts, ends of phones."""
    keys = {f"n:{mrn}"}
    words = {
        word
        for name in (*someone.families, *someone.givens, someone.middle)
        for word in name.split()
    }
    for word in words:
        keys.add(f"w:{word}")
        keys.update(f"w{size}:{word[:size]}" for size in range(1, min(len(word), PREFIX) + 1))
    for number in someone.phones:
        keys.update(f"p{size}:{number[-size:]}" for size in (4, 7))
        keys.add(f"p:{number[-10:]}")
    if someone.birth:
        keys.update({f"b:{someone.birth}", f"by:{someone.birth[:4]}", f"bd:{someone.birth[5:]}"})
    keys.update(f"m:{member}" for member in someone.members)
    return keys


def variants(birth: str) -> set[str]:
    """Dates a hurried hand writes for this one: day and month swapped, two digits swapped."""
    year, month, day = birth.split("-")
    tried = {
        (year, day, month),
        (year, month[::-1], day),
        (year, month, day[::-1]),
        (year[:2] + year[:1:-1], month, day),
    }
    found = set()
    for parts in tried:
        try:
            found.add(date.fromisoformat("-".join(parts)).isoformat())
        except ValueError:
            continue
    return found - {birth}


def probes(someone: Person) -> list[str]:
    """The keys to look up for somebody who may be known already."""
    keys = blocking_keys(someone)
    if someone.birth:
        keys.update(f"b:{variant}" for variant in variants(someone.birth))
        # With a birth date the sounds alone bring hundreds of strangers and no one new.
        keys = {key for key in keys if not key.startswith("s:")}
    return sorted(keys)


MRN = 8  # digits of a record number
_DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip


def check_digit(digits: str) -> str:
    """Damm's check digit: finds every single wrong digit and every swap of two neighbours."""
    interim = 0
    for digit in digits:
        interim = int(_DAMM[interim][int(digit)])
    return str(interim)


def mrn(number: int) -> str:
    """The medical record number of a sequence value: eight digits, the last one a check digit."""
    digits = f"{number:07d}"
    return digits + check_digit(digits)


def is_mrn(text: str) -> bool:
    """Whether this is a record number typed without a mistake."""
    digits = len(text) == MRN and text.isascii() and text.isdigit() and not text.startswith("0")
    return digits and check_digit(text) == "0"
