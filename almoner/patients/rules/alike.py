"""Is this somebody we know? Two records compared field by field.

Fellegi and Sunter's weights: each field adds log2(m / u) bits, where m is how often the field looks
like this in two records of one person, and u in records of two people. Bits add up; with one true
record among N people the odds are 2**(bits - log2 N). The weights are set by hand for a clinic of
some hundred thousand people, and held to floors of recall and precision by a test.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import OSA, JaroWinkler

from almoner.patients.rules.fold import sound
from almoner.patients.rules.nicknames import may_be_the_same
from almoner.patients.rules.person import Person, variants


class Verdict(StrEnum):
    """How one field of two records compares."""

    SAME = "same"
    COMMON = "common"  # the same, and many people have it
    PART = "part"  # one half of a double name
    FORMER = "former"  # a name used before, or besides
    NICKNAME = "nickname"
    SIMILAR = "similar"
    SOUNDS = "sounds"
    INITIAL = "initial"
    SWAPPED = "swapped"  # family and given name, or day and month
    DIGIT = "digit"  # one digit wrong, or two neighbours swapped
    DAY = "day"  # day and month right, another year
    DIFFERS = "differs"


class Grade(StrEnum):
    """What the desk should do: look (possible), or take this record (likely). Never by itself."""

    POSSIBLE = "possible"
    LIKELY = "likely"


class Caution(StrEnum):
    """Why a close match may all the same be another person."""

    TWIN = "twin"
    GENERATION = "generation"


POSSIBLE_BITS = 14.0
LIKELY_BITS = 21.0

BITS: dict[tuple[str, Verdict], float] = {
    ("birth_date", Verdict.SAME): 14.0,
    ("birth_date", Verdict.SWAPPED): 10.0,
    ("birth_date", Verdict.DIGIT): 7.5,
    ("birth_date", Verdict.DAY): 2.5,
    ("birth_date", Verdict.DIFFERS): -7.0,
    ("family", Verdict.SAME): 9.0,
    ("family", Verdict.COMMON): 6.0,
    ("family", Verdict.FORMER): 7.0,
    ("family", Verdict.PART): 6.0,
    ("family", Verdict.SIMILAR): 5.5,
    ("family", Verdict.SOUNDS): 3.5,
    ("family", Verdict.DIFFERS): -4.0,
    ("given", Verdict.SAME): 6.5,
    ("given", Verdict.FORMER): 6.0,
    ("given", Verdict.PART): 5.0,
    ("given", Verdict.NICKNAME): 5.5,
    ("given", Verdict.SIMILAR): 4.5,
    ("given", Verdict.SOUNDS): 3.0,
    ("given", Verdict.INITIAL): 1.5,
    ("given", Verdict.DIFFERS): -5.5,
    ("names", Verdict.SWAPPED): 12.5,
    ("middle", Verdict.SAME): 3.0,
    ("middle", Verdict.INITIAL): 1.5,
    ("middle", Verdict.DIFFERS): -1.5,
    ("suffix", Verdict.DIFFERS): -6.0,
    ("sex", Verdict.SAME): 0.9,
    ("sex", Verdict.DIFFERS): -3.5,
    ("phone", Verdict.SAME): 7.0,
    ("phone", Verdict.DIFFERS): -0.7,
    ("address", Verdict.SAME): 6.0,
    ("address", Verdict.DIFFERS): -0.7,
    ("email", Verdict.SAME): 6.0,
    ("member_id", Verdict.SAME): 7.0,
}

COMMON_FAMILIES = frozenset(
    {
        "smith", "johnson", "williams", "brown", "jones", "garcia", "miller", "davis", "rodriguez",
        "martinez", "hernandez", "lopez", "gonzalez", "wilson", "anderson", "thomas", "taylor",
        "moore", "jackson", "martin", "lee", "perez", "thompson", "white", "harris", "sanchez",
        "clark", "ramirez", "lewis", "robinson", "walker", "young", "allen", "king", "wright",
        "scott", "torres", "nguyen", "hill", "flores", "green", "adams", "nelson", "baker", "hall",
        "rivera", "campbell", "mitchell", "carter", "roberts", "patel", "kim", "diaz", "cruz",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sign:
    """What one field says: ``bits`` for (positive) or against its being the same person."""

    field: str
    verdict: Verdict
    bits: float


@dataclass(frozen=True, slots=True)
class Match:
    """How alike two records are. ``bits`` is the sum of the signs; ``grade`` None: not alike."""

    bits: float
    signs: tuple[Sign, ...]
    grade: Grade | None
    caution: Caution | None


def chance(bits: float, *, people: int) -> float:
    """The probability that it is the same person, one of ``people`` being so beforehand."""
    return 1.0 / (1.0 + people * math.pow(2.0, -bits))


def compare(one: Person, other: Person) -> Match:
    """Compare two records whose placeholders have been left out (`person.telling`).

    Unknown on either side says nothing. Twins and juniors are never more than possible.
    """
    found = [*_names(one, other), *_birth(one, other), *_rest(one, other)]
    signs = tuple(Sign(field, verdict, BITS[field, verdict]) for field, verdict in found)
    bits = sum(sign.bits for sign in signs)
    caution = _caution(dict(found))
    return Match(bits, signs, _grade(bits, dict(found), caution), caution)


_NEAR_BIRTH = frozenset({Verdict.SAME, Verdict.SWAPPED, Verdict.DIGIT})


def _grade(bits: float, found: dict[str, Verdict], caution: Caution | None) -> Grade | None:
    """Phone, address and member id are a family's: they never outweigh another given name."""
    other_given = found.get("given") == Verdict.DIFFERS
    if other_given and found.get("birth_date") not in _NEAR_BIRTH:
        return None
    sure = not other_given and found.get("birth_date") != Verdict.DIFFERS and caution is None
    if bits >= LIKELY_BITS and sure:
        return Grade.LIKELY
    return Grade.POSSIBLE if bits >= POSSIBLE_BITS or (caution and bits > 0) else None


_ALIKE_GIVEN = frozenset(
    {Verdict.SAME, Verdict.FORMER, Verdict.NICKNAME, Verdict.PART, Verdict.SIMILAR}
)
_FAR_BIRTH = frozenset({Verdict.DIFFERS, Verdict.DAY})


def _caution(found: dict[str, Verdict]) -> Caution | None:
    """Twins: one birth date and home, two given names. Juniors: one name and home, two dates."""
    birth, given, family = found.get("birth_date"), found.get("given"), found.get("family")
    at_home = Verdict.SAME in {found.get("address"), found.get("phone"), found.get("email")}
    same_family = family not in {None, Verdict.DIFFERS}
    if same_family and birth == Verdict.SAME and given in {Verdict.DIFFERS, Verdict.SOUNDS}:
        return Caution.TWIN
    if found.get("suffix") == Verdict.DIFFERS:
        return Caution.GENERATION
    if same_family and given in _ALIKE_GIVEN and birth in _FAR_BIRTH and at_home:
        return Caution.GENERATION
    return None


Found = list[tuple[str, Verdict]]


def _names(one: Person, other: Person) -> Found:
    family = _best(one.families, other.families, _family)
    given = _best(one.givens, other.givens, _given)
    found: Found = []
    if Verdict.DIFFERS in {family, given} and _crossed(one, other):
        return [("names", Verdict.SWAPPED)]
    if family:
        found.append(("family", family))
    if given:
        found.append(("given", given))
    return found


def _crossed(one: Person, other: Person) -> bool:
    """Family and given name written in each other's place."""
    if not (one.families and one.givens and other.families and other.givens):
        return False
    return (
        _family(one.families[0], other.givens[0]) in _NEAR
        and _family(one.givens[0], other.families[0]) in _NEAR
    )


_NEAR = frozenset({Verdict.SAME, Verdict.COMMON, Verdict.SIMILAR})
_FROM_STRONG = (
    Verdict.SAME, Verdict.COMMON, Verdict.PART, Verdict.NICKNAME, Verdict.SIMILAR, Verdict.SOUNDS,
    Verdict.INITIAL, Verdict.DIFFERS,
)  # fmt: skip


def _best(
    ones: tuple[str, ...], others: tuple[str, ...], judge: Callable[[str, str], Verdict]
) -> Verdict | None:
    """The strongest verdict over current and other names; None when a side has none.

    Equality by way of a former name is its own verdict.
    """
    if not ones or not others:
        return None
    current = judge(ones[0], others[0])
    if current in {Verdict.SAME, Verdict.COMMON} or (len(ones) == 1 and len(others) == 1):
        return current
    verdicts = [judge(one, other) for one in ones for other in others]
    if Verdict.SAME in verdicts or Verdict.COMMON in verdicts:
        return Verdict.FORMER
    return min(verdicts, key=_FROM_STRONG.index)


SIMILAR_NAMES = 0.92
LONG_ENOUGH = 5  # letters from which one mistake still leaves a name recognisable


def _similar(one: str, other: str) -> bool:
    if JaroWinkler.similarity(one, other, score_cutoff=SIMILAR_NAMES):
        return True
    return min(len(one), len(other)) >= LONG_ENOUGH and OSA.distance(one, other) <= 1


def _family(one: str, other: str) -> Verdict:
    if one == other:
        return Verdict.COMMON if one in COMMON_FAMILIES else Verdict.SAME
    words, theirs = set(one.split()), set(other.split())
    if (len(words) > 1 or len(theirs) > 1) and (words <= theirs or theirs <= words):
        return Verdict.PART
    plain, other_plain = one.replace(" ", ""), other.replace(" ", "")
    if plain == other_plain or _similar(plain, other_plain):
        return Verdict.SIMILAR
    return Verdict.SOUNDS if sound(plain) == sound(other_plain) else Verdict.DIFFERS


def _given(one: str, other: str) -> Verdict:
    if one == other:
        return Verdict.SAME
    word, other_word = one.split(maxsplit=1)[0], other.split(maxsplit=1)[0]
    if word == other_word:
        return Verdict.PART
    if may_be_the_same(word, other_word):
        return Verdict.NICKNAME
    if len(word) == 1 or len(other_word) == 1:
        return Verdict.INITIAL if word[0] == other_word[0] else Verdict.DIFFERS
    if _similar(one, other):
        return Verdict.SIMILAR
    return Verdict.SOUNDS if sound(word) == sound(other_word) else Verdict.DIFFERS


def _birth(one: Person, other: Person) -> Found:
    a, b = one.birth, other.birth
    if not a or not b:
        return []
    return [("birth_date", _date(a, b))]


def _date(a: str, b: str) -> Verdict:
    if a == b:
        return Verdict.SAME
    if a[:4] == b[:4] and a[5:7] == b[8:] and a[8:] == b[5:7]:
        return Verdict.SWAPPED
    wrong = sum(x != y for x, y in zip(a, b, strict=True))
    if wrong == 1 or b in variants(a):
        return Verdict.DIGIT
    return Verdict.DAY if a[5:] == b[5:] else Verdict.DIFFERS


def _rest(one: Person, other: Person) -> Found:
    found: Found = []
    if one.middle and other.middle:
        found.append(("middle", _middle(one.middle, other.middle)))
    if one.suffix and other.suffix and one.suffix != other.suffix:
        found.append(("suffix", Verdict.DIFFERS))
    if one.sex and other.sex:
        found.append(("sex", Verdict.SAME if one.sex == other.sex else Verdict.DIFFERS))
    for field, ours, theirs in (
        ("phone", one.phones, other.phones),
        ("address", one.addresses, other.addresses),
    ):
        if ours and theirs:
            shared = not set(ours).isdisjoint(theirs)
            found.append((field, Verdict.SAME if shared else Verdict.DIFFERS))
    for field, ours, theirs in (
        ("email", one.emails, other.emails),
        ("member_id", one.members, other.members),
    ):
        if not set(ours).isdisjoint(theirs):
            found.append((field, Verdict.SAME))
    return found


def _middle(one: str, other: str) -> Verdict:
    if one == other:
        return Verdict.SAME if len(one) > 1 else Verdict.INITIAL
    if one[0] == other[0] and 1 in {len(one), len(other)}:
        return Verdict.INITIAL
    return Verdict.SAME if _similar(one, other) else Verdict.DIFFERS
