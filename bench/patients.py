"""Finding a patient and knowing him again, among 200,000, against trigram similarity."""

from collections.abc import Callable, Iterator
from itertools import cycle
from random import Random
from types import SimpleNamespace

from bench.harness import Figure, Sample, alternate, at_most, figure, repeat

ROUNDS = 150
SEED = "patients"
ALTERNATIVE = "pg_trgm similarity"
# The alternative's own table: the same names and birth dates under a trigram index.
TRIGRAMS = """
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    DROP TABLE IF EXISTS bench_trigram;
    CREATE UNLOGGED TABLE bench_trigram AS
        SELECT id, sort_name, birth_date FROM patients_patient;
    CREATE INDEX ON bench_trigram USING gin (sort_name gin_trgm_ops);
    ANALYZE bench_trigram;
"""
BY_TRIGRAM = """
    SELECT id, similarity(sort_name, %s) AS alike FROM bench_trigram
     WHERE sort_name %% %s ORDER BY alike DESC LIMIT 20
"""
SOME = """
    SELECT p.family, p.given, p.birth_date, p.sex, p.mrn, f.number
      FROM patients_patient p TABLESAMPLE SYSTEM (5) REPEATABLE (7)
      JOIN patients_phone f ON f.patient_id = p.id AND f.rank = 1
     WHERE p.birth_date IS NOT NULL AND length(p.family) > 2 AND length(p.given) > 2
     ORDER BY p.id LIMIT 400
"""


def _open() -> tuple[list[SimpleNamespace], Callable[[str], object]]:
    """Some patients of the clinic, and the search box."""
    import django

    django.setup()
    from django.db import connection

    from almoner.access.queries import Reading
    from almoner.access.rules import Purpose
    from almoner.ground import clock
    from almoner.patients import queries

    officer = SimpleNamespace(pk=1, may=lambda permission: permission.startswith("patients."))
    with connection.cursor() as cursor:
        cursor.execute(SOME)
        names = ("family", "given", "birth_date", "sex", "mrn", "phone")
        people = [
            SimpleNamespace(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()
        ]
    Random(SEED).shuffle(people)

    def reading() -> Reading:
        return Reading(officer, "bench", Purpose.OPERATIONS, clock.now())

    def find(typed: str) -> object:
        return queries.find(typed, reading=reading())

    return people, find


KINDS: dict[str, Callable[[SimpleNamespace], str]] = {
    "one letter": lambda one: one.family[:1],
    "three letters": lambda one: one.family[:3],
    "family name": lambda one: one.family,
    "given name": lambda one: one.given,
    "two beginnings": lambda one: f"{one.family[:2]} {one.given[:2]}",
    "full name": lambda one: f"{one.given} {one.family}",
    "name and birth date": lambda one: f"{one.family} {one.birth_date:%m/%d/%y}",
    "birth date": lambda one: f"{one.birth_date:%m/%d/%Y}",
    "day without year": lambda one: f"{one.family[:3]} {one.birth_date.month}/{one.birth_date.day}",
    "phone": lambda one: one.phone[-7:],
    "end of the phone": lambda one: one.phone[-4:],
    "record number": lambda one: one.mrn,
}


@figure("Patient search at 200,000", clinic=True)
def search() -> Iterator[Figure]:
    people, find = _open()
    for kind, typed in KINDS.items():
        if kind == "full name":
            yield _against_trigrams(people, find)
        asked = cycle([typed(one) for one in people])
        yield Figure(repeat(lambda: find(next(asked)), rounds=ROUNDS), at_most(30.0), what=kind)  # noqa: B023 (called at once)


def _against_trigrams(people: list[SimpleNamespace], find: Callable[[str], object]) -> Figure:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(TRIGRAMS)
    ours_asked = cycle([f"{one.family} {one.given}" for one in people])
    theirs_asked = cycle([f"{one.family} {one.given}".lower() for one in people])

    def theirs() -> None:
        name = next(theirs_asked)
        with connection.cursor() as cursor:
            cursor.execute(BY_TRIGRAM, [name, name])
            cursor.fetchall()

    ours, other = alternate(lambda: find(next(ours_asked)), theirs, rounds=ROUNDS)
    return Figure(ours, at_most(30.0), alternative=ALTERNATIVE, other=other, what="names")


@figure("Who is this? at 200,000: duplicates while typing", clinic=True)
def who_is_this() -> Iterator[Figure]:
    """Every tenth second record has a slip; the first record must be the first one named."""
    people, _find = _open()
    from django.db import connection

    from almoner.patients.queries import candidates
    from almoner.patients.rules.person import person

    probes = [
        person(
            names=[(one.family, one.given[:-1] if place % 10 == 0 else one.given)],
            birth_date=one.birth_date,
            sex=one.sex,
            phones=[one.phone],
        )
        for place, one in enumerate(people)
    ]
    asked = cycle(probes)
    names = cycle([f"{one.families[0]} {one.givens[0]}" for one in probes])
    with connection.cursor() as cursor:
        cursor.execute(TRIGRAMS)

    def theirs() -> None:
        name = next(names)
        with connection.cursor() as cursor:
            cursor.execute(BY_TRIGRAM, [name, name])
            cursor.fetchall()

    ours, other = alternate(lambda: candidates(next(asked)), theirs, rounds=2 * ROUNDS)
    known = sum(bool(candidates(one)) for one in probes) / len(probes)
    told = f"{known:.1%} shown"
    recognised = known > 0.99
    yield Figure(
        ours, at_most(3.0, "median"), ALTERNATIVE, other, "median", also=recognised, note=told
    )
    slowest = Sample((ours.percentile(99),))
    yield Figure(slowest, at_most(20.0), what="p99")
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_trigram")
