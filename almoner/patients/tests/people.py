"""Invented people in any number, and the ways one of them gets written down a second time."""

from bisect import bisect
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from almoner.patients.rules.alike import COMMON_FAMILIES
from almoner.patients.rules.details import Address, Details, Email, FormerName, Phone
from almoner.patients.rules.nicknames import formal


def _words(text: str) -> list[str]:
    return text.split()


_SYLLABLES = _words(
    "bar ber bran cal car chan dal dan del don el fal fer gar gor hal han har hol jen kal ker kil "
    "lan lar mal mar mel mon mor nor pal par pel per ral ram ren ros sal san sel ser sol tan tar "
    "tel tor val var ver vil wal war wen win yar zam"
)
_ENDINGS = _words(
    "ton son man ez ley ski well field wood berg etti os ard ino er s sen den ham ford"
)
GIVEN = {
    "female": _words(
        "mary patricia jennifer elizabeth susan jessica sarah karen nancy margaret sandra "
        "ashley kimberly emily donna michelle carol amanda dorothy melissa deborah stephanie "
        "rebecca laura cynthia kathleen amy angela anna brenda pamela emma nicole helen "
        "samantha katherine christine rachel carolyn janet catherine maria heather diane ruth "
        "julie olivia joyce virginia victoria kelly lauren christina joan evelyn judith megan "
        "andrea cheryl hannah guadalupe rosa carmen ana lucia elena teresa alejandra gabriela "
        "isabel priya mei fatima"
    ),
    "male": _words(
        "james robert john michael david william richard joseph thomas charles christopher "
        "daniel matthew anthony mark donald steven paul andrew joshua kenneth kevin brian "
        "george timothy ronald edward jason jeffrey ryan jacob gary nicholas eric jonathan "
        "stephen larry justin scott brandon benjamin samuel gregory alexander patrick frank "
        "raymond jack dennis jerry tyler aaron jose adam nathan henry peter zachary douglas "
        "juan luis carlos miguel antonio francisco eduardo roberto rafael jesus wei omar raj "
        "ahmed"
    ),
}
_STREETS = _words("oak maple cedar pine elm washington lake hill walnut spring ridge church mill")
_KINDS = _words("St Ave Rd Dr Ln Ct Blvd")
_TOWNS = (("Springfield", "IL"), ("Riverton", "IL"), ("Fairview", "WI"), ("Salem", "IN"))
NEWBORN, OLDEST = date(2026, 6, 1), date(1930, 1, 1)


def _surnames(count: int) -> list[str]:
    chance = Random("surnames")
    made = {
        "".join(chance.choices(_SYLLABLES, k=chance.choice((1, 1, 2)))) + chance.choice(_ENDINGS)
        for _ in range(count)
    }
    return [*sorted(COMMON_FAMILIES), *sorted(made - COMMON_FAMILIES)]


FAMILIES = _surnames(6_000)
# Surnames are as uneven as real ones: the rank-th has a share of about 1 / (rank + 30).
_HEAP = list(accumulate(1 / (rank + 30) for rank in range(len(FAMILIES))))
_GIVEN_HEAP = {sex: list(accumulate(1 / (n + 12) for n in range(len(GIVEN[sex])))) for sex in GIVEN}


def family(chance: Random) -> str:
    return FAMILIES[bisect(_HEAP, chance.random() * _HEAP[-1])].capitalize()


def given(chance: Random, sex: str) -> str:
    heap = _GIVEN_HEAP[sex]
    return GIVEN[sex][bisect(heap, chance.random() * heap[-1])].capitalize()


def phone(chance: Random) -> Phone:
    area = chance.choice((217, 312, 414, 317))
    return Phone(
        f"+1{area}555{chance.randrange(10_000):04d}"
        if chance.random() < 0.02
        else f"+1{area}{chance.randrange(200, 999)}{chance.randrange(10_000):04d}"
    )


def address(chance: Random) -> Address:
    town = chance.randrange(len(_TOWNS))
    city, state = _TOWNS[town]
    street = f"{chance.choice(_STREETS).capitalize()} {chance.choice(_KINDS)}"
    line = f"{chance.randrange(1, 2400)} {street}"
    return Address(line, "", city, state, f"6{town}{chance.randrange(40):03d}")


def birth_date(chance: Random) -> date:
    return OLDEST + timedelta(days=chance.randrange((NEWBORN - OLDEST).days))


def somebody(chance: Random) -> Details:
    sex = chance.choice(("female", "male"))
    return Details(
        family=family(chance) if chance.random() > 0.04 else f"{family(chance)}-{family(chance)}",
        given=given(chance, sex),
        middle=given(chance, sex)[: chance.choice((1, 20))] if chance.random() < 0.5 else "",
        birth_date=birth_date(chance),
        sex=sex,
        phones=(phone(chance),) if chance.random() < 0.92 else (),
        addresses=(address(chance),) if chance.random() < 0.9 else (),
        emails=(Email(f"p{chance.randrange(10**9)}@mail.example"),)
        if chance.random() < 0.4
        else (),
    )


def relative(chance: Random, of: Details) -> Details:
    """Somebody else in the same home: another name and birth date, the same phone and address."""
    other = somebody(chance)
    while other.given == of.given or other.birth_date == of.birth_date:
        other = somebody(chance)
    shared = of.phones if chance.random() < 0.6 else other.phones
    return replace(other, family=of.family, phones=shared, addresses=of.addresses)


def twin(chance: Random, of: Details) -> Details:
    other = of.given
    while other == of.given or not formal(other.lower()).isdisjoint(formal(of.given.lower())):
        other = given(chance, of.sex)
    return replace(of, given=other, middle="", emails=())


def people(count: int, *, seed: str) -> Iterator[Details]:
    """So many people; a third of them live with the one before."""
    chance = Random(seed)
    before: Details | None = None
    for _ in range(count):
        someone = (
            relative(chance, before) if before and chance.random() < 0.33 else somebody(chance)
        )
        yield someone
        before = someone


SHORT = _words(
    "bill bob rob jim mike dave dick rick tom charlie dan matt tony don steve andy josh ken tim "
    "ron ed jeff jake nick jon greg sam ben alex pat frank ray liz beth betsy sue jessie sally "
    "maggie peggy sandy kim mandy dottie debbie steph becky cindy kathy angie annie pam kate "
    "katie chris rae cathy ginny vicky tina judy meg lupe chuy pepe paco beto rafa lalo"
)
# The ways a second record differs from the first.


def _typo(chance: Random, text: str) -> str:
    if len(text) < 3:
        return text
    at = chance.randrange(1, len(text) - 1)
    kind = chance.randrange(4)
    letter = chance.choice("abcdefghijklmnopqrstuvwxyz")
    if kind == 0:
        return text[:at] + letter + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at + 1 :]
    if kind == 2:
        return text[:at] + letter + text[at:]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def misspelt_family(chance: Random, who: Details) -> Details:
    return replace(who, family=_typo(chance, who.family))


def misspelt_given(chance: Random, who: Details) -> Details:
    return replace(who, given=_typo(chance, who.given))


def nickname(chance: Random, who: Details) -> Details:
    short = [name for name in SHORT if who.given.lower() in formal(name)]
    return replace(who, given=chance.choice(short).capitalize()) if short else who


def swapped_names(_chance: Random, who: Details) -> Details:
    return replace(who, family=who.given, given=who.family)


def day_month_swapped(_chance: Random, who: Details) -> Details:
    born = who.birth_date
    if born is None or born.day > 12:
        return who
    return replace(who, birth_date=date(born.year, born.day, born.month))


def digit_wrong(chance: Random, who: Details) -> Details:
    born = who.birth_date
    if born is None:
        return who
    day = born.replace(day=chance.choice([d for d in range(1, 29) if d % 10 == born.day % 10]))
    year = born.replace(year=born.year + chance.choice((-1, 1, 10, -10)), day=min(born.day, 28))
    return replace(who, birth_date=chance.choice((day, year)))


def moved(chance: Random, who: Details) -> Details:
    return replace(who, addresses=(address(chance),))


def new_phone(chance: Random, who: Details) -> Details:
    return replace(who, phones=(phone(chance),))


def married(chance: Random, who: Details) -> Details:
    return replace(who, family=family(chance))


def married_and_said_so(chance: Random, who: Details) -> Details:
    return replace(who, family=family(chance), former_names=(FormerName(who.family, who.given),))


def without_contacts(_chance: Random, who: Details) -> Details:
    return replace(who, phones=(), addresses=(), emails=())


def without_birth_date(_chance: Random, who: Details) -> Details:
    return replace(who, birth_date=date(1900, 1, 1))


def no_middle(_chance: Random, who: Details) -> Details:
    return replace(who, middle="", emails=())


SLIPS = (
    misspelt_family, misspelt_given, nickname, swapped_names, day_month_swapped, digit_wrong,
    moved, new_phone, married, married_and_said_so, without_contacts, no_middle,
)  # fmt: skip


def again(chance: Random, who: Details, slips: int) -> Details:
    """The same person written down by somebody else, with so many slips."""
    for slip in chance.sample(SLIPS, slips):
        who = slip(chance, who)
    return who
