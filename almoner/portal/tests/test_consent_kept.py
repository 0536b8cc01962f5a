"""What a record says of texting a phone and the consent it has evidence of never disagree.

Every way in which "may be texted" is set is tried, those of the duties above the record too.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from almoner.access.tests import make as access
from almoner.arrivals.rules.ahead import Thing
from almoner.arrivals.tests.test_ahead import make as ahead
from almoner.coverage.tests import make as coverage
from almoner.ground.constraints import violated
from almoner.patients import actions as patients
from almoner.patients import queries as records
from almoner.patients.rules.confidential import Ways
from almoner.patients.rules.details import Phone
from almoner.patients.rules.incoming import Incoming
from almoner.patients.tests.details import details
from almoner.patients.tests.make import REGISTERED, patient
from almoner.records import actions as forms
from almoner.records.models import Proposal
from almoner.records.tests import make as papers
from almoner.relations import queries
from almoner.relations.models import PhoneConsent
from almoner.relations.tests.make import text_in
from almoner.scheduling.tests import make as scheduling

pytestmark = pytest.mark.django_db
NUMBER, OTHER = "+13125550117", "+16085550142"
AT = REGISTERED + timedelta(days=30)
DISAGREE = """
    SELECT coalesce(says.patient_id, last.patient_id), coalesce(says.number, last.number)
      FROM (SELECT patient_id, number, bool_or(may_text) AS may
              FROM patients_reachedphone GROUP BY 1, 2) says
      FULL JOIN (SELECT DISTINCT ON (patient_id, number) patient_id, number, given
                   FROM relations_phoneconsent ORDER BY patient_id, number, id DESC) last
        ON (last.patient_id, last.number) = (says.patient_id, says.number)
     WHERE last.given IS NULL OR last.given <> coalesce(says.may, false)
"""


def at_commit():
    """What waits for the end of the transaction happens now."""
    with connection.cursor() as sql:
        sql.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def disagree():
    with connection.cursor() as sql:
        sql.execute(DISAGREE)
        return sql.fetchall()


def said(who):
    """All the consent kept of a patient: number, given, how, by whom, the oldest first."""
    assert disagree() == []
    rows = PhoneConsent.objects.filter(patient=who).order_by("id")
    return list(rows.values_list("number", "given", "how", "by_id"))


@pytest.fixture
def ana():
    return access.officer("ana")


@pytest.fixture
def cy(ana):
    return patient(officer=ana)


def change(ana, who, at=AT, **facts):
    version, kept = records.kept(who.pk)
    patients.change(
        officer=ana, patient_id=who.pk, version=version, details=replace(kept, **facts), at=at
    )


@pytest.mark.parametrize("may", [True, False])
def test_registered_at_the_desk_it_was_said_there_to_whom_and_when(ana, may):
    who = patient(officer=ana, phones=(Phone(NUMBER, may_text=may),))

    assert said(who) == [(NUMBER, may, "desk", ana.pk)]
    row = PhoneConsent.objects.get()
    assert (row.at, row.evidence) == (REGISTERED, "may be texted" if may else "no texts")


def test_each_withdrawal_and_grant_on_the_record_is_a_row(ana, cy):
    change(ana, cy, phones=(Phone(NUMBER, may_text=False),))
    change(ana, cy, phones=(Phone(NUMBER, may_text=False),), pronouns="they/them")
    change(ana, cy, phones=(Phone(NUMBER, "work", may_text=True),))

    assert [given for _number, given, _how, _by in said(cy)] == [True, False, True]
    assert PhoneConsent.objects.latest("id").at == AT


def test_phones_that_change_places_say_nothing_anew(ana, cy):
    both = (Phone(NUMBER), Phone(OTHER, "home", may_text=False))
    change(ana, cy, phones=both)
    before = said(cy)

    change(ana, cy, phones=both[::-1])

    assert said(cy) == before == [(NUMBER, True, "desk", ana.pk), (OTHER, False, "desk", ana.pk)]


@pytest.mark.parametrize("left", [(), (Phone(NUMBER, "old"),), (Phone(OTHER),)])
def test_a_number_that_is_theirs_no_more_may_be_texted_no_more(ana, cy, left):
    change(ana, cy, phones=left)

    assert (NUMBER, False, "desk", ana.pk) in said(cy)
    told = PhoneConsent.objects.get(number=NUMBER, given=False).evidence
    assert told == "they are not reached at this number any more"


def test_a_number_kept_twice_may_be_texted_when_one_of_them_may(ana):
    who = patient(officer=ana, phones=(Phone(NUMBER, may_text=False), Phone(NUMBER, "home")))

    assert said(who) == [(NUMBER, True, "desk", ana.pk)]


def test_what_comes_with_an_import_says_so(ana):
    patients.import_people(people=[Incoming("1", details())], at=AT, officer=ana)
    (many,) = patients.register_many(people=[details(given="Kit")], at=AT)

    row = PhoneConsent.objects.exclude(patient=many).get()
    assert said(row.patient_id) == [(NUMBER, True, "import", ana.pk)]
    assert said(many) == [(NUMBER, True, "import", None)]


def test_an_accepted_answer_of_a_check_in_is_said_at_check_in(ana):
    coverage.organisation()
    who = patient(officer=ana, phones=(Phone(OTHER),))
    coverage.policy(who)
    visit = scheduling.appointment(patient=who)

    ahead.accept(ana, ahead.changed(visit, Thing.PHONE, number=OTHER, may_text=False))

    assert said(who)[1:] == [(OTHER, False, "check-in", ana.pk)]


def test_an_accepted_answer_of_a_form_is_said_on_a_form(ana, cy):
    papers.ship()
    papers.facility.organisation()
    row = Proposal.objects.create(
        patient=cy, filling=papers.begun(cy), subject="phone", values={"value": OTHER}
    )

    forms.accept(officer=ana, proposal_id=row.pk, version=records.kept(cy.pk)[0], at=AT)

    assert said(cy)[1:] == [(OTHER, False, "form", ana.pk)]


def test_what_is_asked_for_in_the_account_is_said_there(ana, cy):
    asked = patients.ask_confidential_own(
        patient_id=cy.pk, ways=Ways(phone=OTHER, may_text=True), at=AT
    )
    assert said(cy)[1:] == [(NUMBER, False, "account", None), (OTHER, True, "account", None)]

    patients.end_confidential_own(patient_id=cy.pk, asked_id=asked.pk, at=AT)
    assert said(cy)[3:] == [(NUMBER, True, "account", None), (OTHER, False, "account", None)]


def test_what_is_asked_for_at_the_desk_is_said_there(ana, cy):
    patients.ask_confidential(officer=ana, patient_id=cy.pk, ways=Ways(phone=NUMBER), at=AT)
    assert said(cy)[1:] == [(NUMBER, False, "desk", ana.pk)]

    patients.ask_confidential(
        officer=ana, patient_id=cy.pk, ways=Ways(phone=NUMBER, may_text=True), at=AT
    )
    assert said(cy)[2:] == [(NUMBER, True, "desk", ana.pk)]


@pytest.mark.parametrize("act", ["update", "save", "create", "delete"])
def test_what_is_written_past_all_acts_has_its_row_too(cy, act):
    phone = cy.phones.get()
    if act == "update":
        cy.phones.update(may_text=False)
    elif act == "save":
        phone.may_text = False
        phone.save()
    elif act == "create":
        cy.phones.create(number=OTHER, rank=2, may_text=False)
    else:
        phone.delete()
    at_commit()

    number = OTHER if act == "create" else NUMBER
    assert said(cy)[1:] == [(number, False, "record", None)]


def test_what_was_written_before_an_act_is_not_said_to_be_of_it(ana, cy):
    cy.phones.update(may_text=False)
    change(ana, cy, phones=(Phone(NUMBER, may_text=True),))

    assert said(cy)[1:] == [(NUMBER, False, "record", None), (NUMBER, True, "desk", ana.pk)]


def test_consent_is_written_with_the_phone_alone_and_stays(cy):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        PhoneConsent.objects.create(
            patient=cy, number=NUMBER, given=False, how="record", evidence="no", at=AT
        )
    assert violated(refused.value, "phone_consent_follows_the_record")
    for act in (PhoneConsent.objects.all().delete, lambda: PhoneConsent.objects.update(given=True)):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_a_tick_in_the_record_gives_nothing_back_after_stop(ana, clinic, cy):
    text_in("STOP", sender=NUMBER, at=AT)

    change(ana, cy, at=AT + timedelta(hours=1), phones=(Phone(NUMBER, may_text=False),))
    change(ana, cy, at=AT + timedelta(hours=2), phones=(Phone(NUMBER, may_text=True),))
    kit = patient(officer=ana, given="Kit", phones=(Phone(NUMBER),))

    assert queries.silenced(NUMBER)
    for who in (cy, kit):
        assert queries.reach(who.pk).phone is None
        texts = queries.places(who.pk, at=AT)[0]
        assert {each.purpose for each in texts.purposes if each.may} == set()
        assert {each.said.how for each in texts.purposes} == {"text"}


def test_a_no_of_one_patient_is_not_anothers_at_the_same_number(ana, clinic, cy):
    kit = patient(officer=ana, given="Kit", phones=(Phone(NUMBER, may_text=False),))

    may = {who: queries.places(who.pk, at=AT)[0].purposes[0].may for who in (cy, kit)}
    assert may == {cy: True, kit: False}
