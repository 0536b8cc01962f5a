"""Pairs of records that may be one person's: put on the list by changes, settled by people."""

import json
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from almoner.access.queries import WorkItem, reason_for
from almoner.access.tests import make as access
from almoner.ground import clock
from almoner.ground.models import Event
from almoner.patients import actions, exchange, jobs, queries
from almoner.patients.actions import pairing
from almoner.patients.models import Decision, Pair, Patient
from almoner.patients.queries import pairs
from almoner.patients.rules.details import Phone
from almoner.patients.rules.person import facts
from almoner.patients.tests import make
from almoner.patients.tests.test_importing import PETER

pytestmark = pytest.mark.django_db
STRANGER = {
    "family": "Oyelaran", "given": "Dot", "birth_date": date(1971, 9, 9), "sex": "female",
    "phones": (Phone("+13125550188"),), "addresses": (),
}  # fmt: skip


@pytest.fixture
def ana():
    return access.officer("ana")


@pytest.fixture
def cy():
    return make.patient()


@pytest.fixture
def reading(ana):
    return access.reading(ana, at=make.REGISTERED)


def listed():
    return set(Pair.objects.values_list("lower_id", "higher_id"))


def kinds():
    return list(Event.objects.order_by("id").values_list("kind", flat=True))


# Who comes onto the list


def test_registering_somebody_alike_puts_the_pair_on_the_list(cy):
    again = make.patient(given="Cyrus")

    assert listed() == {(cy.pk, again.pk)}


def test_a_stranger_makes_no_pair(cy):
    make.patient(**STRANGER)

    assert listed() == set()


def test_whoever_was_told_apart_at_the_registration_is_not_listed(cy, ana):
    actions.register(officer=ana, details=make.details(), at=make.REGISTERED, not_same_as=[cy.pk])

    assert listed() == set()


def test_a_change_puts_a_pair_on_the_list_and_takes_it_off_again(cy, ana):
    dot = make.patient(**STRANGER)

    def become(**facts):
        dot.refresh_from_db()
        actions.change(
            officer=ana,
            patient_id=dot.pk,
            version=dot.version,
            details=make.details(**facts),
            at=make.REGISTERED,
        )

    become()
    assert listed() == {(cy.pk, dot.pk)}

    become(**STRANGER)
    assert listed() == set()


def test_a_pair_behind_five_likelier_ones_is_kept_by_a_change_and_compared_anew(ana):
    first, *_others = [make.patient(middle=letter) for letter in "ABCDEFGH"]
    last = Patient.objects.latest("id")
    Pair.objects.all().delete()
    pairing.put(first.pk, [])
    for other in Patient.objects.exclude(pk=first.pk):
        Pair.objects.create(lower=first, higher=other, likely=False, bits=1.0)

    with transaction.atomic():
        actions.set_extra_keys(patient_id=first.pk, source="coverage", values=["XYZ-123456"])

    pair = Pair.objects.get(lower=first, higher=last)
    assert Pair.objects.filter(lower=first).count() == 7
    assert pair.bits > 1.0


def test_a_member_id_that_both_have_makes_them_surer(cy):
    again = make.patient(given="Cyrus", phones=(), addresses=())
    before = Pair.objects.get().bits

    for one in (cy, again):
        actions.set_extra_keys(patient_id=one.pk, source="coverage", values=["XYZ-123456"])

    assert Pair.objects.get().bits == before + 7


def test_an_import_lists_whom_it_wrote_though_possibly_known(cy):
    entry = PETER | {
        "name": [{"family": "Garcia", "given": ["Cyrus"]}], "birthDate": "1985-04-03",
        "telecom": [{"system": "phone", "value": "312-555-0117"}],
    }  # fmt: skip
    del entry["address"]

    report = exchange.import_fhir(content=json.dumps(entry).encode(), at=make.REGISTERED)

    [created] = report.created
    assert created.says == (f"looks like {cy.mrn}",)
    assert listed() == {(cy.pk, created.patient_id)}
    assert report.written_though_alike == 1


def test_people_loaded_in_bulk_come_onto_the_list_when_everybody_is_looked_through(cy):
    [again] = actions.register_many(people=[make.details()], at=make.REGISTERED)
    assert listed() == set()

    counted = actions.pair_everybody()

    assert counted == 1
    assert listed() == {(cy.pk, again)}
    assert actions.pair_everybody() == 1


def test_at_night_one_person_registered_by_two_at_once_comes_onto_the_list(cy):
    late = make.REGISTERED + timedelta(days=3)
    [again] = actions.register_many(people=[make.details()], at=late)

    actions.pair_registered_since(late + timedelta(hours=1))
    assert listed() == set()

    actions.pair_registered_since(late - timedelta(hours=1))
    assert listed() == {(cy.pk, again)}


def test_the_nights_work_compares_whom_the_day_brought(cy):
    [again] = actions.register_many(people=[make.details()], at=clock.now())

    jobs.pair_again(0)

    assert listed() == {(cy.pk, again)}


def test_who_was_just_decided_about_is_not_put_on_the_list(cy, ana):
    again = make.patient(given="Cyrus")
    [(_other, match)] = queries.candidates(facts(make.details(given="Cyrus")), leave_out={again.pk})
    actions.not_the_same(officer=ana, one_id=cy.pk, other_id=again.pk, at=make.REGISTERED)

    pairing.put(again.pk, [(cy.pk, match)])

    assert listed() == set()


def test_looking_through_everybody_leaves_out_who_was_decided_about(cy, ana):
    [again] = actions.register_many(people=[make.details()], at=make.REGISTERED)
    actions.not_the_same(officer=ana, one_id=cy.pk, other_id=again, at=make.REGISTERED)

    assert actions.pair_everybody() == 0


def test_the_database_keeps_each_pair_once_and_in_one_order(cy):
    dot = make.patient(**STRANGER)
    Pair.objects.create(lower=cy, higher=dot, likely=False, bits=15.0)

    for lower, higher in ((cy, dot), (dot, cy), (cy, cy)):
        with pytest.raises(IntegrityError, match="pair_"), transaction.atomic():
            Pair.objects.create(lower=lower, higher=higher, likely=False, bits=15.0)


# The list


def test_the_surest_stand_first_with_reasons_and_both_records_are_noted(cy, reading):
    possible = make.patient(given="Cyrus", birth_date=date(1985, 4, 3), addresses=())
    likely = make.patient(given="Cy", middle="Lee")

    waiting = queries.waiting(reading=reading)

    first = waiting.lines[0]
    assert {side.id for side in first.sides} == {cy.pk, likely.pk}
    assert first.chance > waiting.lines[-1].chance
    assert ("Birth date", "the same") in {queries.wording.sign(sign) for sign in first.match.signs}
    assert reading.patient_ids == {cy.pk, possible.pk, likely.pk}


def test_the_list_is_three_queries_however_many_wait(cy, reading, django_assert_num_queries):
    for letter in "ABCD":
        make.patient(middle=letter)

    with django_assert_num_queries(3):
        waiting = queries.waiting(reading=reading)

    assert len(waiting.lines) == 5
    assert waiting.more


def test_the_list_comes_in_pages_of_five_and_ends(cy, reading):
    for letter in "ABCDE":
        make.patient(middle=letter)
    total = Pair.objects.count()

    pages = [queries.waiting(reading=reading, skip=skip) for skip in (0, 5, 10)]

    assert [page.more for page in pages] == [True, True, False]
    shown = [line.id for page in pages for line in page.lines]
    assert len(shown) == len(set(shown)) == total == 15


def test_counting_is_one_query_and_stops_at_a_hundred(cy, monkeypatch, django_assert_num_queries):
    for letter in "ABC":
        make.patient(middle=letter)
    monkeypatch.setattr(pairs, "COUNTED", 4)

    with django_assert_num_queries(1):
        count = queries.count_waiting()

    assert count.bounded
    assert count.pairs == 5


# Settling


def test_one_person_stands_in_both_headers_and_can_be_taken_back(cy, ana):
    again = make.patient(given="Cyrus")

    def told(one):
        looking = access.reading(ana, at=make.REGISTERED)  # each page is a reading of its own
        alerts = queries.header(one.pk, reading=looking).alerts
        return [alert for alert in alerts if "Same person" in alert.text]

    actions.same_person(officer=ana, one_id=again.pk, other_id=cy.pk, at=make.REGISTERED)

    for one, other in ((cy, again), (again, cy)):
        [alert] = told(one)
        assert alert.text == f"Same person as MRN {other.mrn}"
        assert alert.url.startswith(f"/patients/{other.pk}/")
    assert listed() == set()
    decision = Decision.objects.get()
    assert (decision.same, decision.decided_by_id) == (True, ana.pk)
    assert decision.decided_at == make.REGISTERED

    actions.take_back(officer=ana, one_id=cy.pk, other_id=again.pk, at=make.REGISTERED)

    assert told(cy) == told(again) == []
    assert listed() == {(cy.pk, again.pk)}
    assert kinds()[-4:] == ["patients.confirmed_same"] * 2 + ["patients.undecided"] * 2


def test_a_header_with_its_alert_is_still_one_query(cy, ana, reading, django_assert_num_queries):
    again = make.patient(given="Cyrus")
    actions.same_person(officer=ana, one_id=again.pk, other_id=cy.pk, at=make.REGISTERED)

    with django_assert_num_queries(1):
        header = queries.header(cy.pk, reading=reading)

    assert any(again.mrn in alert.text for alert in header.alerts)
    assert reading.patient_ids == {cy.pk, again.pk}


def test_two_people_leave_the_list_and_saying_it_again_is_no_event(cy, ana):
    again = make.patient(given="Cyrus")

    for _ in range(2):
        actions.not_the_same(officer=ana, one_id=cy.pk, other_id=again.pk, at=make.REGISTERED)

    assert listed() == set()
    assert kinds().count("patients.told_apart") == 2  # one about either


def test_whoever_changes_their_mind_is_the_one_who_decided(cy, ana):
    bea = access.officer("bea")
    again = make.patient(given="Cyrus")
    actions.not_the_same(officer=ana, one_id=cy.pk, other_id=again.pk, at=make.REGISTERED)

    actions.same_person(officer=bea, one_id=cy.pk, other_id=again.pk, at=make.REGISTERED)

    decision = Decision.objects.get()
    assert (decision.same, decision.decided_by_id) == (True, bea.pk)


def test_a_change_never_lists_again_who_was_decided_about(cy, ana):
    again = make.patient(given="Cyrus")
    actions.same_person(officer=ana, one_id=cy.pk, other_id=again.pk, at=make.REGISTERED)

    actions.set_extra_keys(patient_id=cy.pk, source="coverage", values=["XYZ-123456"])

    assert listed() == set()


def test_taking_back_what_was_never_said_changes_nothing(cy, ana):
    again = make.patient(given="Cyrus")
    before = kinds()

    actions.take_back(officer=ana, one_id=cy.pk, other_id=again.pk, at=make.REGISTERED)

    assert kinds() == before
    assert listed() == {(cy.pk, again.pk)}


@pytest.mark.parametrize("say", [actions.not_the_same, actions.same_person, actions.take_back])
def test_only_who_may_edit_decides_and_only_of_two_that_are_there(cy, ana, say):
    doctor = access.officer("doc", roles=("clinician",))
    again = make.patient(given="Cyrus")

    with pytest.raises(PermissionDenied):
        say(officer=doctor, one_id=cy.pk, other_id=again.pk, at=make.REGISTERED)
    with pytest.raises(Patient.DoesNotExist):
        say(officer=ana, one_id=cy.pk, other_id=404, at=make.REGISTERED)
    with pytest.raises(ValueError, match=str(cy.pk)):
        say(officer=ana, one_id=cy.pk, other_id=cy.pk, at=make.REGISTERED)
    assert not Decision.objects.exists()


# The search


def found(typed, reading):
    return queries.find(typed, reading=reading)


def test_one_persons_records_stand_under_one_another_though_one_fits_only(cy, ana, reading):
    make.patient(given="Dan", birth_date=date(1990, 1, 2), phones=(), addresses=())
    old = make.patient(**STRANGER | {"family": "Abel"})
    actions.same_person(officer=ana, one_id=cy.pk, other_id=old.pk, at=make.REGISTERED)

    lines = found("garcia", reading).lines

    assert [line.given for line in lines] == ["Cy", "Dot", "Dan"]
    assert [line.same_as for line in lines] == ["", cy.mrn, ""]
    assert [line.fits for line in lines] == [True, False, True]
    assert old.pk in reading.patient_ids


def test_when_both_fit_each_is_shown_once(cy, ana, reading):
    again = make.patient(given="Cyrus")
    make.patient(given="Cyd", phones=(), addresses=(), birth_date=date(1990, 1, 2))
    actions.same_person(officer=ana, one_id=cy.pk, other_id=again.pk, at=make.REGISTERED)

    lines = found("garcia", reading).lines

    assert [(line.id, line.fits) for line in lines][:2] == [(cy.pk, True), (again.pk, True)]
    assert len(lines) == 3


# Why somebody looked


def test_a_pair_explains_a_look_at_both_until_it_is_settled(cy, ana):
    make.patient(given="Cyrus")
    pair = Pair.objects.get()

    def reason():
        reading = access.reading(ana, at=make.REGISTERED, work_item=WorkItem("pair", pair.pk))
        return reason_for(reading, cy.pk)

    assert (reason().kind, reason().grade) == ("pair", "B")

    actions.not_the_same(
        officer=ana, one_id=pair.lower_id, other_id=pair.higher_id, at=make.REGISTERED
    )
    assert reason().kind == "said"


def test_whoever_registers_a_double_explains_nothing_by_it(cy, ana):
    make.patient(given="Cyrus", officer=ana)
    pair = Pair.objects.get()
    reading = access.reading(ana, at=make.REGISTERED, work_item=WorkItem("pair", pair.pk))

    assert reason_for(reading, cy.pk).grade == "D"


def test_a_decision_explains_the_way_from_one_record_to_the_other(cy, ana):
    again = make.patient(given="Cyrus")
    actions.same_person(officer=ana, one_id=cy.pk, other_id=again.pk, at=make.REGISTERED)
    item = WorkItem("decision", Decision.objects.get().pk)
    bea = access.reading(access.officer("bea"), at=make.REGISTERED, work_item=item)

    assert (reason_for(bea, again.pk).kind, reason_for(bea, again.pk).grade) == ("decision", "B")
