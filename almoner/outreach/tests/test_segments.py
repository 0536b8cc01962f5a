"""Whom a segment holds, why, and why some of them are left alone."""

from datetime import date

import pytest

from almoner.access.tests import make as access
from almoner.coverage.tests import make as coverage
from almoner.outreach import actions, queries
from almoner.outreach.models import SegmentVersion
from almoner.outreach.queries import compiling
from almoner.outreach.rules import FIELDS, Field, Unreadable
from almoner.outreach.tests import make
from almoner.outreach.tests.make import DAY, NOW
from almoner.patients.models import Decision
from almoner.patients.tests import make as patients
from almoner.relations.models import Consent
from almoner.relations.tests import make as relations
from almoner.scheduling.tests import make as scheduling

LATELY = date(2026, 2, 2)


def within(**conditions):
    """The family names of a segment, whoever is left alone included."""
    reading = access.reading(access.Officer.objects.get(username="mara"), at=NOW)
    counts = queries.count(conditions, queries.PLAIN, at=NOW)
    found = [
        member
        for left in (False, True)
        for member in queries.members(
            conditions, counts, left_out=left, number=1, reading=reading
        ).object_list
    ]
    assert len(found) == counts.within
    return sorted(each.name.partition(",")[0] for each in found)


def left(who, **terms):
    stands = queries.standing([who.pk], queries.Terms(**terms), at=NOW)[who.pk]
    return stands.left or stands.channel


@pytest.fixture(autouse=True)
def manager(mara):
    return mara


def test_every_field_has_its_clause_and_only_those():
    assert set(compiling.CLAUSES) == set(Field) == set(FIELDS)


def test_diabetics_not_seen_for_six_months():
    make.due("Overdue")
    make.diagnosed(make.due("Seen"), "I10", day=LATELY)
    make.diagnosed(patients.patient(family="Healthy"), "I10")
    make.diagnosed(patients.patient(family="Corrected"), "E119").delete()

    assert within(**make.DIABETICS) == ["Overdue"]
    assert within(diagnosis=["E11"]) == ["Overdue", "Seen"]
    assert within(diagnosis=["E1165"]) == []
    assert within(diagnosis=["E11", "I10"], not_seen=6) == ["Healthy", "Overdue"]


def test_a_visit_left_unseen_is_none():
    who = patients.patient(family="Left")
    make.seen(who, left_early="waited too long")

    assert within(never_seen=True) == ["Left"]
    assert within(seen=12) == []
    assert within(not_seen=1) == ["Left"]


def test_who_they_are():
    patients.patient(family="Old", birth_date=date(1950, 3, 1), sex="female", language="es-MX")
    patients.patient(family="Young", birth_date=date(2000, 3, 2), sex="male")

    assert within(age_from=76) == ["Old"]  # on the birthday itself
    assert within(age_to=25) == ["Young"]  # 26 tomorrow
    assert within(age_from=26) == ["Old"]
    assert within(sex=["female"]) == ["Old"]
    assert within(language=["es"]) == ["Old"]


def test_where_they_were_seen_by_whom_and_for_what():
    who = patients.patient(family="Here")
    visit = make.seen(who)
    patients.patient(family="Elsewhere")

    assert within(location=[visit.location_id]) == ["Here"]
    assert within(clinician=[visit.clinician_id]) == ["Here"]
    assert within(visit_type=[visit.appointment.visit_type_id]) == ["Here"]
    assert within(location=[visit.location_id + 1]) == []


def test_who_pays_counts_only_while_it_holds():
    insured, ended = patients.patient(family="Insured"), patients.patient(family="Ended")
    begin, end = date(2025, 1, 1), date(2026, 1, 1)
    policy = coverage.policy(insured, valid_from=end)
    old = coverage.policy(ended, member_id="W2", valid_from=begin, valid_until=end)

    assert within(plan=[policy.plan_id]) == ["Insured"]
    assert within(payer=[old.plan.payer_id]) == ["Insured"]


def test_a_visit_to_come():
    who = patients.patient(family="Comes")
    scheduling.appointment(patient=who, asked_at=NOW)
    patients.patient(family="None")

    assert within(future="yes") == ["Comes"]
    assert within(future="no") == ["None"]


def test_each_is_shown_with_what_each_condition_was_answered_by(mara):
    who = make.due("Overdue")
    conditions = {"diagnosis": ["E11"], "not_seen": 6, "age_from": 18}
    counts = queries.count(conditions, queries.PLAIN, at=NOW)
    reading = access.reading(mara, at=NOW)

    found = queries.members(conditions, counts, left_out=False, number=1, reading=reading)

    assert found.object_list[0].because == (
        ("diagnosis", "E119 2025-06-02"), ("not_seen", "2025-06-02"), ("age_from", "1985-03-04"),
    )  # fmt: skip
    assert found.object_list[0].channel == "sms"
    assert reading.patient_ids == {who.pk}


def test_why_somebody_is_left_alone(mara, ana):
    dead, double, booked = make.due("Dead"), make.due("Double"), make.due("Booked")
    type(dead).objects.filter(pk=dead.pk).update(deceased=True)
    Decision.objects.create(
        lower=dead, higher=double, same=True, decided_by_id=ana.pk, decided_at=NOW
    )
    visit = scheduling.appointment(patient=booked, asked_at=NOW)
    complains = make.due("Complains")
    relations.case(ana, patient_id=complains.pk, at=NOW)
    silent = make.due("Silent", emails=("silent@people.example",))
    relations.text_in("STOP", sender=silent.phones.get().number, at=NOW)
    unreachable = make.due("Nowhere", phones=())

    assert left(dead) == "deceased"
    assert left(double) == "double"
    assert left(booked) == "booked"
    assert left(booked, visit_type_id=visit.visit_type_id + 1) == "sms"
    assert left(complains) == "case"
    assert left(silent) == "email"
    assert left(silent, channels=("sms",)) == "opted_out"
    assert left(silent, channels=("sms", "call")) == "call"
    assert left(unreachable) == "no_way"
    counts = queries.count(make.DIABETICS, queries.PLAIN, at=NOW)
    assert (counts.within, counts.open) == (6, 1)
    assert counts.left == {"deceased": 1, "double": 1, "booked": 1, "case": 1, "no_way": 1}


def test_whose_number_is_a_landline_is_reached_otherwise(mara):
    mailed, called = make.due("Mailed", emails=("m@people.example",)), make.due("Called")
    for who in (mailed, called):
        relations.landline(who.phones.get().number)

    assert left(mailed) == "email"
    assert left(called) == "call"
    assert left(called, channels=("sms",)) == "opted_out"


def test_whoever_another_campaign_writes_to_or_wrote_to_lately_is_left_alone(mara, sent):
    who = make.due()
    other = make.started(mara)
    assert left(who) == "enrolled"
    actions.send_due(at=NOW)

    actions.finish(officer=mara, campaign=other, at=NOW)

    assert left(who) == "contacted"
    assert left(who, rest_days=0) == "sms"
    assert left(who, campaign_id=other.pk) == "sms"


def test_somebody_held_out_is_not_written_to_by_another_campaign_meanwhile(mara):
    who = make.due()
    row = make.started(mara)
    row.enrolments.update(held_out=True, state="held_out", next_at=None)

    assert left(who) == "enrolled"


def test_advertising_goes_only_to_those_who_agreed(mara):
    who = make.due(emails=("who@people.example",))
    assert left(who, purpose="marketing") == "opted_out"

    Consent.objects.create(
        channel="sms", address=who.phones.get().number, purpose="marketing", given=True, how="told",
        evidence="said so at the desk", at=NOW, by_id=mara.pk,
    )  # fmt: skip

    assert left(who, purpose="marketing") == "sms"
    assert left(who, purpose="marketing", channels=("email",)) == "opted_out"


def test_the_statement_holds_no_word_of_the_conditions():
    tests, given = compiling.where(
        {"diagnosis": ["E11"], "sex": ["female"], "age_from": 41}, queries.moment(NOW)
    )

    assert not any(word in tests for word in ("E11", "female", "41"))
    assert given["codes"] == ["E11"]


def test_what_no_segment_may_ask_is_not_asked_out_of_a_row_either():
    with pytest.raises(Unreadable):
        queries.count(make.DIABETICS | {"1=1 OR": ["x"]}, queries.PLAIN, at=NOW)


def test_counting_and_a_page_take_two_statements_each(mara, django_assert_num_queries):
    for number in range(30):
        make.due(f"Due {number:02d}")
    reading = access.reading(mara, at=NOW)

    with django_assert_num_queries(2):
        counts = queries.count(make.DIABETICS, queries.PLAIN, at=NOW)
    with django_assert_num_queries(2):
        page = queries.members(make.DIABETICS, counts, left_out=False, number=2, reading=reading)

    assert (counts.open, len(page.object_list)) == (30, 5)
    assert len(reading.patient_ids) == 5


def test_a_kept_segment_asks_anew_in_its_next_version_and_the_old_one_stays(mara):
    first = actions.save_segment(officer=mara, name="Diabetics", conditions=make.DIABETICS, at=NOW)

    same = actions.save_segment(
        officer=mara, name="Diabetics", conditions=make.DIABETICS, at=NOW, segment=first.segment
    )
    second = actions.save_segment(
        officer=mara, name="Diabetics", conditions={"diagnosis": ["E10"]}, at=NOW + DAY,
        segment=first.segment,
    )  # fmt: skip

    assert same == first
    assert second.number == 2
    assert SegmentVersion.objects.get(pk=first.pk).conditions == make.DIABETICS
    assert queries.segment(first.segment_id) == second


@pytest.mark.parametrize(
    ("name", "conditions"),
    [("Taken", {"seen": 6}), ("", {"seen": 6}), ("New", {}), ("New", {"pin": 1})],
)
def test_a_segment_without_a_name_of_its_own_or_a_question_is_not_kept(mara, name, conditions):
    actions.save_segment(officer=mara, name="Taken", conditions=make.DIABETICS, at=NOW)

    with pytest.raises(actions.OutreachRefused):
        actions.save_segment(officer=mara, name=name, conditions=conditions, at=NOW)

    assert SegmentVersion.objects.count() == 1
