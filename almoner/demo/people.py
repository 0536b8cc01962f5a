"""Synthetic people, in households, the same for the same seed. None of them is or was anybody."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

from almoner.patients.rules.details import Address, Contact, Details, Email, FormerName, Phone


def _lists() -> dict[str, list[str]]:
    parts = (Path(__file__).parent / "names.txt").read_text().split("[")[1:]
    return {name: words.split() for name, _, words in (part.partition("]") for part in parts)}


FAMILIES, WOMEN, MEN, STREETS = _lists().values()
TOWNS = [
    ("Madison", "53703"), ("Madison", "53705"), ("Madison", "53711"), ("Madison", "53716"),
    ("Middleton", "53562"), ("Fitchburg", "53719"), ("Sun Prairie", "53590"), ("Verona", "53593"),
    ("Monona", "53713"), ("McFarland", "53558"),
]  # fmt: skip
INCOMPLETE, GO_BY_THE_MIDDLE = 0.02, 0.15
LEAP_DAY = (2, 29)
LANGUAGES = [("en", 82), ("es", 11), ("hmn", 2), ("zh", 2), ("ar", 1), ("so", 1), ("vi", 1)]


@dataclass(frozen=True, slots=True)
class Home:
    """People who live together: adults first. ``family`` on the letter box."""

    members: tuple[Details, ...]


def homes(count: int, *, seed: int, today: date) -> Iterator[Home]:
    """Households of ``count`` people altogether."""
    random = Random(seed)
    made = 0
    while made < count:
        home = _home(random, made, today)
        home = Home(home.members[: count - made])
        made += len(home.members)
        yield home


def _home(random: Random, number: int, today: date) -> Home:
    family = random.choice(FAMILIES)
    town, zip_code = random.choice(TOWNS)
    kind = random.choice(("St", "Ave", "Ct", "Ln"))
    street = f"{random.randint(1, 4999)} {random.choice(STREETS)} {kind}"
    where = Address(line=street, city=town, state="WI", zip_code=zip_code)
    languages, weights = zip(*LANGUAGES, strict=True)
    language = random.choices(languages, weights)[0]
    first = _adult(random, number, family, where=where, language=language, today=today)
    members = [first]
    if random.random() < 0.45:
        name = family if random.random() < 0.8 else random.choice(FAMILIES)
        members.append(
            _adult(random, number + 1, name, where=where, language=language, today=today)
        )
    children = random.choices((0, 1, 2, 3), (60, 17, 16, 7))[0]
    members += [_child(random, members[0], today) for _ in range(children)]
    return Home(tuple(members))


def _adult(
    random: Random, number: int, family: str, *, where: Address, language: str, today: date
) -> Details:
    sex, given = _given(random)
    born = today - timedelta(days=random.randint(19 * 365, 92 * 365))
    phone = Phone(_phone(number), use="mobile", may_text=random.random() < 0.93)
    emails = (Email(f"{given}.{family}{number}@people.example".lower().replace("'", "")),)
    return Details(
        family=family,
        given=given,
        middle=random.choice(WOMEN if sex == "female" else MEN) if random.random() < 0.4 else "",
        birth_date=born,
        sex=sex,
        language=language,
        interpreter_needed=language != "en" and random.random() < 0.5,
        phones=(phone,),
        addresses=(where,),
        emails=emails if random.random() < 0.8 else (),
    )


def _child(random: Random, parent: Details, today: date) -> Details:
    sex, given = _given(random)
    born = today - timedelta(days=random.randint(20, 18 * 365))
    name = f"{parent.given} {parent.family}"
    guardian = Contact(
        name=name,
        kind="guardian",
        relation="parent",
        phone=parent.phones[0].number,
    )
    return replace(
        parent,
        given=given,
        middle="",
        sex=sex,
        birth_date=born,
        phones=tuple(  # the family's phone: shared on purpose
            replace(phone, whose="parent", whose_name=name) for phone in parent.phones
        ),
        emails=(),
        contacts=(guardian,),
    )


def written_twice(people: Iterable[Details], *, today: date) -> Iterator[Details]:
    """Each once more, as somebody in a hurry wrote them down: another slip for each in turn."""
    for number, someone in enumerate(people):
        again = replace(someone, middle="", emails=(), contacts=())
        born = someone.birth_date or today
        if number % 3 == 0:
            yield replace(
                again, family=someone.family[0] + someone.family[1:2] + someone.family[1:]
            )
        elif number % 3 == 1 and (born.month, born.day) != LEAP_DAY:
            slip = 1 if born.year % 10 == 0 else -1  # one digit is wrong, not two
            yield replace(again, birth_date=born.replace(born.year + slip))
        else:
            yield replace(again, phones=(), addresses=())


def fuller(home: Home, *, seed: int) -> Home:
    """With what only some tell the desk: whom to call, the name they go by, how to speak of them.

    Drawn for each home apart, so that everything else stays as its seed makes it.
    """
    random = Random(f"{seed}-{home.members[0].phones[0].number}")
    adults = [member for member in home.members if not member.contacts]
    members = tuple(_told_more(random, member, adults) for member in home.members)
    if random.random() < INCOMPLETE:  # nobody asked for the ZIP code: their claims are held
        addresses = tuple(replace(address, zip_code="") for address in members[0].addresses)
        members = tuple(replace(member, addresses=addresses) for member in members)
    return Home(members)


def _told_more(random: Random, member: Details, adults: Sequence[Details]) -> Details:
    usual = "she/her" if member.sex == "female" else "he/him"
    told = replace(
        member,
        pronouns=random.choices(("", usual, "they/them"), (78, 20, 2))[0],
        name_used=member.middle if random.random() < GO_BY_THE_MIDDLE else "",
    )
    if member not in adults:
        return told
    others = [other for other in adults if other is not member]
    return replace(
        told, contacts=_to_call(random, others), former_names=_maiden(random, member, others)
    )


def _to_call(random: Random, others: Sequence[Details]) -> tuple[Contact, ...]:
    if others and random.random() < 0.7:
        other = others[0]
        name = f"{other.given} {other.family}"
        return (Contact(name, relation="partner", phone=other.phones[0].number),)
    if random.random() < 0.4:
        name = f"{random.choice(WOMEN + MEN)} {random.choice(FAMILIES)}"
        relation = random.choice(("friend", "sibling", "parent", "neighbor"))
        return (Contact(name, relation=relation, phone=f"+1262555{random.randint(0, 9999):04d}"),)
    return ()


def _maiden(random: Random, member: Details, others: Sequence[Details]) -> tuple[FormerName, ...]:
    if member.sex == "female" and others and random.random() < 0.4:
        return (FormerName(family=random.choice(FAMILIES), kind="maiden"),)
    return ()


def _given(random: Random) -> tuple[str, str]:
    sex = random.choice(("female", "male"))
    return sex, random.choice(WOMEN if sex == "female" else MEN)


def _phone(number: int) -> str:
    """A number of the fictional 555 exchange, different for each of the first ten million people.

    Exchanges go through the area codes once the first is used up.
    """
    return f"+1{608 + number // 10_000 % 300}555{number % 10_000:04d}"
