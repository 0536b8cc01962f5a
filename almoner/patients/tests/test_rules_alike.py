"""Is this somebody we know? Field by field, and held to floors on invented people."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.patients.rules.alike import (
    BITS,
    LIKELY_BITS,
    POSSIBLE_BITS,
    Caution,
    Grade,
    Verdict,
    chance,
    compare,
)
from almoner.patients.rules.person import (
    Person,
    blocking_keys,
    facts,
    probes,
    telling,
    unpacked,
)
from almoner.patients.tests import people
from almoner.patients.tests.details import Address, FormerName, Phone, details

MARCH_FOURTH = date(1985, 3, 4)


def known(**given_facts):
    return telling(facts(details(**given_facts)))


def verdict(field, one, other):
    return {sign.field: sign.verdict for sign in compare(known(**one), known(**other)).signs}.get(
        field
    )


@pytest.mark.parametrize(
    ("field", "one", "other", "expected"),
    [
        ("birth_date", date(1985, 3, 4), date(1985, 3, 4), Verdict.SAME),
        ("birth_date", date(1985, 3, 4), date(1985, 4, 3), Verdict.SWAPPED),
        ("birth_date", date(1985, 3, 4), date(1985, 3, 14), Verdict.DIGIT),
        ("birth_date", date(1985, 3, 12), date(1985, 3, 21), Verdict.DIGIT),
        ("birth_date", date(1985, 3, 4), date(1958, 3, 4), Verdict.DIGIT),
        ("birth_date", date(1985, 3, 4), date(1971, 3, 4), Verdict.DAY),
        ("birth_date", date(1985, 3, 4), date(1971, 9, 9), Verdict.DIFFERS),
        ("birth_date", date(1900, 1, 1), date(1900, 1, 1), None),
        ("family", "Garcia", "García", Verdict.COMMON),
        ("family", "Oyelaran", "OYELARAN", Verdict.SAME),
        ("family", "O'Brien", "Obrien", Verdict.SAME),
        ("family", "Garcia Lopez", "Garcia", Verdict.PART),
        ("family", "Garcia-Lopez", "Garcia Lopez", Verdict.SAME),
        ("family", "Schmidt", "Schmitt", Verdict.SIMILAR),
        ("family", "Meyer", "Maier", Verdict.SOUNDS),
        ("family", "Garcia", "Oyelaran", Verdict.DIFFERS),
        ("given", "Bob", "Robert", Verdict.NICKNAME),
        ("given", "Lupe", "Guadalupe", Verdict.NICKNAME),
        ("given", "Alex", "Alejandra", Verdict.DIFFERS),
        ("given", "Maria Elena", "Maria", Verdict.PART),
        ("given", "Jonathon", "Jonathan", Verdict.SIMILAR),
        ("given", "J", "Jonathan", Verdict.INITIAL),
        ("given", "Baby Girl", "Baby Girl", None),
        ("sex", "female", "unknown", None),
        ("middle", "Elena", "E", Verdict.INITIAL),
    ],
)
def test_a_field_is_compared_as_the_desk_would(field, one, other, expected):
    assert verdict(field, {field: one}, {field: other}) == expected


def test_names_in_each_others_place_are_seen():
    signs = compare(known(family="Tomas", given="Ortega"), known(family="Ortega", given="Tomas"))

    assert ("names", Verdict.SWAPPED) in {(sign.field, sign.verdict) for sign in signs.signs}


def test_a_maiden_name_kept_is_recognised():
    before = known(family="Windsor", given="Ann")
    after = known(family="Chalmers", given="Ann", former_names=(FormerName("Windsor", "Ann"),))

    match = compare(before, after)

    assert match.grade == Grade.LIKELY
    assert Verdict.FORMER in {sign.verdict for sign in match.signs if sign.field == "family"}


def test_a_phone_of_nines_counts_nothing():
    nines = {"phones": (Phone("+19999999999"),)}

    assert verdict("phone", nines, nines) is None


def test_twins_are_never_more_than_possible():
    match = compare(known(given="Cy"), known(given="Lena"))

    assert match.caution == Caution.TWIN
    assert match.grade == Grade.POSSIBLE
    assert match.bits > LIKELY_BITS


def test_a_father_of_the_same_name_in_the_same_home_is_never_more_than_possible():
    match = compare(known(suffix="Jr."), known(birth_date=date(1951, 9, 9)))

    assert match.caution == Caution.GENERATION
    assert match.grade == Grade.POSSIBLE


def test_junior_and_senior_are_two_generations_even_with_one_birth_date():
    assert compare(known(suffix="Jr"), known(suffix="Sr")).caution == Caution.GENERATION


def test_brother_and_sister_of_other_ages_are_not_alike():
    sister = known(given="Lena", birth_date=date(1990, 9, 9), sex="female")

    assert compare(known(), sister).grade is None


def test_a_child_of_the_same_home_and_policy_is_not_alike():
    child = known(given="Lena", birth_date=date(2018, 6, 27))
    parent, child = (replace(one, members=("s0000021",)) for one in (known(), child))

    assert compare(parent, child).bits > POSSIBLE_BITS
    assert compare(parent, child).grade is None


def test_somebody_else_of_the_home_without_a_birth_date_is_not_alike():
    assert compare(known(birth_date=None), known(given="Lena")).grade is None


def test_the_chance_says_how_sure():
    assert chance(17.6, people=200_000) == pytest.approx(0.5, abs=0.01)
    assert chance(30, people=200_000) > 0.999


def test_every_verdict_a_field_can_get_has_its_weight():
    fields = {field for field, _ in BITS}

    assert fields == {
        "birth_date", "family", "given", "names", "middle", "suffix", "sex", "phone", "address",
        "email", "member_id",
    }  # fmt: skip


folded = st.text("abcdefghijkl é-'", max_size=12)


written = st.fixed_dictionaries(
    {"family": folded, "given": folded, "birth_date": st.dates()}, optional={"middle": folded}
)


@given(written, written)
def test_comparing_is_the_same_in_both_directions(one_way, other_way):
    one, two = known(**one_way), known(**other_way)

    assert compare(one, two).bits == pytest.approx(compare(two, one).bits)


@given(folded, folded, st.dates(), folded)
def test_what_is_packed_is_read_back(family, given_name, born, line):
    someone = facts(
        details(
            family=family,
            given=given_name,
            birth_date=born,
            addresses=(Address(f"12 {line}", zip_code="62701"),),
        )
    )

    assert unpacked(someone.packed()) == someone


def test_nobody_known_has_nothing_to_look_up():
    assert probes(Person()) == []


# Quality, on a population a test can hold. Floors are set a little below what was measured.

POPULATION, QUERIES = 12_000, 500


@dataclass(frozen=True)
class Town:
    details: list
    facts: list[Person]
    index: dict[str, list[int]]

    def ask(self, someone):
        """What the desk would be shown: (position, match), likeliest first."""
        asked = telling(facts(someone))
        found = {place for key in probes(asked) for place in self.index.get(key, ())}
        compared = ((place, compare(asked, self.facts[place])) for place in found)
        shown = [(place, match) for place, match in compared if match.grade]
        return sorted(shown, key=lambda pair: -pair[1].bits)[:5]


@pytest.fixture(scope="module")
def town():
    written = list(people.people(POPULATION, seed="town"))
    known_facts = [telling(facts(someone)) for someone in written]
    index = defaultdict(list)
    for place, someone in enumerate(known_facts):
        for key in blocking_keys(someone):
            index[key].append(place)
    return Town(written, known_facts, index)


@pytest.mark.parametrize(
    ("slips", "shown_floor", "likely_floor"), [(0, 1.0, 0.99), (1, 0.995, 0.97), (2, 0.98, 0.88)]
)
def test_a_second_record_of_one_person_is_shown(town, slips, shown_floor, likely_floor):
    chances = Random(f"again {slips}")
    shown = likely = wrongly_likely = 0
    for _ in range(QUERIES):
        place = chances.randrange(POPULATION)
        answers = dict(town.ask(people.again(chances, town.details[place], slips)))
        shown += place in answers
        likely += place in answers and answers[place].grade == Grade.LIKELY
        wrongly_likely += sum(
            match.grade == Grade.LIKELY for other, match in answers.items() if other != place
        )

    assert shown / QUERIES >= shown_floor
    assert likely / QUERIES >= likely_floor
    assert wrongly_likely / QUERIES <= 0.002  # precision of "likely" is 99.8 % or better


def test_strangers_are_let_through(town):
    newcomers = list(people.people(QUERIES, seed="newcomers"))
    answers = [town.ask(someone) for someone in newcomers]

    assert not [match for shown in answers for _, match in shown if match.grade == Grade.LIKELY]
    assert sum(bool(shown) for shown in answers) / QUERIES <= 0.04


def test_a_twin_of_anybody_is_shown_and_never_likely(town):
    chances = Random("twins")
    for _ in range(200):
        place = chances.randrange(POPULATION)
        answers = dict(town.ask(people.twin(chances, town.details[place])))
        assert answers[place].caution == Caution.TWIN
        assert answers[place].grade == Grade.POSSIBLE
