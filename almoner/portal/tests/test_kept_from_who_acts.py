"""A visit the patient keeps private is nowhere in the account of whoever acts for them."""

import re
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from almoner.billing import actions as billing
from almoner.billing.models import PrivateVisit, Statement
from almoner.billing.rules.private import Reason
from almoner.ground import clock
from almoner.ground.models import Event
from almoner.ledger.models import Payment
from almoner.patients.models import ConfidentialContact
from almoner.portal import actions, reactions
from almoner.portal.models import Acting, Entrance
from almoner.portal.queries import acting_for
from almoner.portal.rules import WORDS
from almoner.portal.rules.accounts import Kind
from almoner.portal.tests import make as links
from almoner.portal.tests.joining import account, ana, body, looked, patient
from almoner.records.models import Result, ResultVersion
from almoner.records.tests import make as forms
from almoner.records.tests.reports import came
from almoner.relations import actions as relations
from almoner.relations.models import Message, Received
from almoner.scheduling.models import Appointment
from almoner.scheduling.tests import make

pytestmark = pytest.mark.django_db
NOW = make.SUNDAY
TABLES = {
    "scheduling_appointment": "id", "arrivals_encounter": "id", "records_filling": "id",
    "records_signature": "id", "records_document": "id", "surveys_survey": "id",
    "ledger_payment": "id", "billing_statement": "id", "relations_thread": "id",
    "relations_received": "id", "relations_message": "id", "portal_look": "id",
    "scheduling_waitentry": "id", "scheduling_placeoffer": "id", "arrivals_earlycheckin": "id",
    "arrivals_said": "id", "arrivals_cardtaken": "id",
}  # fmt: skip


@pytest.fixture(autouse=True)
def clock_of_the_clinic(clinic, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    cache.clear()


class House:
    """A child of fifteen with a visit of her own wish, and her parent's account beside hers."""

    def __init__(self):
        born = date(2011, 5, 6)
        self.child = patient(given="Clotilde", family="Verhoeven", birth_date=born)
        self.visit = make.appointment(patient=self.child, starts_at=make.at(9, day=make.MONDAY))
        self.own, _ = account(self.child, login="child")
        self.parent, _ = account(self.child, Kind.PARENT, login="parent", name="Ines")
        looked(self.child, screen="arrivals.check_in", at=self.visit.starts_at)
        self.says()

    def says(self):
        said = {"topic": "visit", "subject": "Quimper", "words": "Xylophone", "key": "0" * 32}
        self.own.post(reverse("my_new_message"), said)
        row = Received.objects.get()
        relations.answer(
            officer=ana(), received=row, words="About your visit: Zeppelin", key="z",
            about=("appointment", self.visit.pk), up_to=row.pk, at=NOW,
        )  # fmt: skip

    def keep(self):
        return billing.keep_private(
            officer=ana(), appointment_id=self.visit.pk, from_guarantor=True, from_plan=False,
            reason=Reason.CONSENTED_ALONE, at=NOW,
        )  # fmt: skip


@pytest.fixture
def house():
    return House()


def rows_read(person, *, own):
    found = {}
    with acting_for([person.pk], own=own), connection.cursor() as sql:
        for table, column in TABLES.items():
            sql.execute(f"SELECT {column} FROM {table}")  # noqa: S608 (our own constants)
            found[table] = len(sql.fetchall())
    return found


def test_before_it_is_private_both_read_the_same(house):
    assert rows_read(house.child, own=True) == rows_read(house.child, own=False)


def test_the_database_shows_the_patient_all_and_whoever_acts_for_them_nothing(house):
    before = rows_read(house.child, own=True)
    Payment.objects.create(
        key="p", patient=house.child, visit_id=house.visit.pk, cents=100, method="card",
        location=house.visit.location, asked_at=NOW, state="completed", settled_at=NOW,
    )  # fmt: skip
    house.keep()

    own, acts = rows_read(house.child, own=True), rows_read(house.child, own=False)

    assert own == before | {"ledger_payment": 1}
    assert own["scheduling_appointment"] == own["relations_message"] == own["portal_look"] == 1
    assert set(acts.values()) == {0}


PAGES = ("my_home", "my_visits", "my_messages", "my_bills", "my_documents", "my_looks", "my_book")


def test_no_page_of_whoever_acts_tells_of_it(house):
    told = {str(house.visit.clinician), "Quimper", "Xylophone", "Zeppelin"}
    seen = "".join(body(house.own.get(reverse(name), follow=True)) for name in PAGES)
    assert "Quimper" in seen
    assert str(house.visit.clinician) in seen
    house.keep()

    for name in PAGES:
        page = body(house.parent.get(reverse(name), follow=True))
        assert not [word for word in told if word in page], name
    seen = "".join(body(house.own.get(reverse(name), follow=True)) for name in PAGES)
    assert "Quimper" in seen
    assert str(house.visit.clinician) in seen


def test_a_page_of_it_that_was_open_shows_no_more(house):
    answer = house.parent.post(reverse("my_visit", args=[house.visit.pk]))
    page = answer["Location"]
    assert str(house.visit.clinician) in body(house.parent.get(page))

    house.keep()

    assert str(house.visit.clinician) not in body(house.parent.get(page, follow=True))
    answer = house.parent.post(page.replace("/visit/", "/cancel/"), {"sure": "1"}, follow=True)
    assert str(house.visit.clinician) not in body(answer)
    assert Appointment.objects.get(pk=house.visit.pk).status == "booked"
    assert house.parent.post(reverse("my_visit", args=[house.visit.pk])).status_code == 404


def test_a_bill_of_it_is_the_patients_alone(house):
    house.keep()
    Statement.objects.create(
        number="S-1", guarantor=house.child, private=True, issued_at=NOW, issued_date=NOW.date(),
        due_date=NOW.date(), language="en", cents=1_200, lines=[], pdf=b"%PDF", way="account",
    )  # fmt: skip
    Statement.objects.create(
        number="S-2", guarantor=house.child, issued_at=NOW, issued_date=NOW.date(),
        due_date=NOW.date(), language="en", cents=1_300, pdf=b"%PDF", way="print",
        lines=[{"visit_id": house.visit.pk, "patient_id": house.child.pk}],
    )  # fmt: skip

    assert "12.00" in body(house.own.get(reverse("my_bills")))
    for bill in ("S-1", "S-2"):
        assert house.own.get(reverse("my_bill_letter", args=[bill])).status_code == 200
        assert house.parent.get(reverse("my_bill_letter", args=[bill])).status_code == 404
        assert house.parent.get(reverse("my_bill", args=[bill])).status_code == 404
    page = body(house.parent.get(reverse("my_bills")))
    assert "12.00" not in page
    assert "13.00" not in page


def test_a_link_to_it_that_was_sent_opens_for_the_patient(house):
    assert actions.link_for(house.visit.pk, "en", NOW)
    house.keep()

    phone = links.says(house.visit, house.child.birth_date, client=Client())

    assert str(house.visit.clinician) in body(phone.get(links.path(house.visit, "visit/")))


def test_what_was_sent_before_opens_nothing_once_the_patient_is_to_be_reached_elsewhere(house):
    before = actions.link_for(house.visit.pk, "en", NOW)
    there = links.says(house.visit, house.child.birth_date, client=Client())
    asks(house.own, account_only="1")
    reactions.close_what_was_sent(Event.objects.get(kind="patients.confidential_asked"))

    page = there.get(links.path(house.visit, "visit/"))

    assert page.status_code == 404
    assert str(house.visit.clinician) not in body(page)
    after = actions.link_for(house.visit.pk, "en", NOW)
    assert after != before
    born = house.child.birth_date
    typed = {"month": born.month, "day": born.day, "year": born.year}
    path = after.removeprefix("https://clinic.example")
    assert Client().post(path, typed).status_code == 302
    house.keep()
    reactions.close_what_was_sent_of_it(Event.objects.get(kind="billing.kept_private"))
    assert Client().post(path, typed).status_code == 404


def asks(client, **typed):
    return client.post(reverse("my_contact"), typed)


def test_a_patient_asks_in_the_account_to_be_reached_in_another_way(house):
    assert asks(house.own, phone="(312) 555-0144", may_text="1").status_code == 302

    row = ConfidentialContact.objects.get()
    assert (row.phone, row.may_text, row.taken_by_id) == ("+13125550144", True, None)
    page = body(house.own.get(reverse("my_contact")))
    assert "(312) 555-0144, texts too" in page
    house.own.post(reverse("my_contact"), {"end": row.pk})
    row.refresh_from_db()
    assert row.ended_at == NOW


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ({}, "contact_none"),
        ({"phone": "12"}, "contact_phone_wrong"),
        ({"email": "x"}, "contact_email_wrong"),
        ({"email": "x@people.example", "account_only": "1"}, "contact_either"),
        ({"address": "x" * 401}, "contact_address_wrong"),
        ({"may_text": "1"}, "contact_which_phone"),
        ({"may_text": "1", "email": "x@people.example"}, "contact_which_phone"),
    ],
)
def test_what_cannot_be_is_said_in_words(house, typed, word):
    answer = asks(house.own, **typed)

    assert answer.status_code == 422
    assert re.findall(r"<p>([^<]+)</p>\s*</div>", body(answer)) == [WORDS["en"][word]]
    assert not ConfidentialContact.objects.exists()


def test_who_acts_for_them_neither_asks_nor_learns_of_it(house):
    asks(house.own, account_only="1")

    assert house.parent.get(reverse("my_contact"))["Location"] == reverse("my_home")
    assert asks(house.parent, phone="(312) 555-0199").status_code == 302
    assert ConfidentialContact.objects.get().phone == ""
    for name in PAGES:
        page = body(house.parent.get(reverse(name), follow=True))
        assert "onfidential" not in page
        assert reverse("my_contact") not in page


def test_it_is_asked_again_who_one_is(house):
    Entrance.objects.update(proved_at=NOW - timedelta(minutes=6))

    for answer in (house.own.get(reverse("my_contact")), asks(house.own, account_only="1")):
        assert answer["Location"] == f"{reverse('my_prove')}?then=contact"
    assert not ConfidentialContact.objects.exists()


def test_results_of_the_days_of_such_a_visit_are_kept_from_who_acts(house):
    day = house.visit.starts_at + timedelta(hours=2)
    came(house.child, "K-1", name="Quetelet", at=day, on=day)
    came(house.child, "K-2", name="Ytterbium", at=day, on=day - timedelta(days=40))
    results = reverse("my_results")
    assert "Quetelet" in body(house.parent.get(results))

    house.keep()

    shown = body(house.parent.get(results))
    assert "Ytterbium" in shown
    assert "Quetelet" not in shown
    row = Result.objects.get(number="K-1")
    assert house.parent.get(reverse("my_result", args=[row.pk])).status_code == 404
    assert "Quetelet" in body(house.own.get(results))
    with acting_for([house.child.pk]):
        assert not ResultVersion.objects.only("id").filter(result_id=row.pk).exists()


def test_documents_of_such_a_visit_and_of_its_days_are_kept_from_who_acts(house):
    day = house.visit.starts_at + timedelta(hours=2)
    mine = forms.paper(house.child, title="Urkunde", at=day, visit_id=house.visit.pk)
    near = forms.paper(house.child, title="Bescheid", at=day + timedelta(days=30))
    forms.paper(house.child, title="Vollmacht", at=day - timedelta(days=1))
    papers = reverse("my_papers")
    page = body(house.parent.get(papers))
    assert [word for word in ("Urkunde", "Bescheid", "Vollmacht") if word not in page] == []

    house.keep()

    page = body(house.parent.get(papers))
    assert [word for word in ("Urkunde", "Bescheid", "Vollmacht") if word in page] == ["Vollmacht"]
    for row in (mine, near):
        assert house.parent.get(reverse("my_paper", args=[row.pk])).status_code == 404
        assert house.own.get(reverse("my_paper", args=[row.pk])).status_code == 200
    assert "Urkunde" in body(house.own.get(papers))


class TestKeptResult:
    """News of a result that is kept from who acts reaches the patient alone."""

    @pytest.fixture
    def kept(self, house):
        house.keep()
        at = house.visit.starts_at
        return came(house.child, "K-1", name="Quetelet", at=at, on=at)

    def told(self, row):
        actions.tell_of_result(result_id=row.pk, at=NOW)
        return list(Message.objects.filter(template="account-news"))

    def test_nothing_leaves_to_the_familys_phone_before_it_is_said_how(self, house, kept):
        assert self.told(kept) == []

        asks(house.own, phone="(312) 555-0144", may_text="1")
        self.follows("patients.confidential_asked", reactions.close_what_was_sent)

        [one] = Message.objects.filter(template="account-news")
        assert (one.patient_id, one.address) == (house.child.pk, "+13125550144")
        self.follows("patients.confidential_asked", reactions.close_what_was_sent)
        assert Message.objects.filter(template="account-news").count() == 1

    def test_what_was_kept_is_told_once_nothing_is_kept_any_more(self, house, kept):
        assert self.told(kept) == []
        row = PrivateVisit.objects.get(ended_at=None)

        billing.end_private(officer=ana(), private_id=row.pk, at=NOW)
        self.follows("billing.private_ended", reactions.tell_of_what_was_kept)

        assert Message.objects.filter(template="account-news").exists()

    def follows(self, kind, reaction):
        reaction(Event.objects.filter(kind=kind).latest("id"))

    def test_nobody_is_told_who_is_not_shown_it(self, house, kept):
        asks(house.own, phone="(312) 555-0144", may_text="1")
        Acting.objects.filter(kind=Kind.SELF).update(
            ended_at=NOW, ended_because="desk", ended_by_id=ana().pk
        )

        assert self.told(kept) == []

    def test_what_is_not_kept_is_told_as_before(self, house):
        row = came(house.child, "K-2", at=NOW, on=NOW)

        assert len(self.told(row)) == 1

    def test_a_message_about_it_does_not_name_it_where_who_acts_could_read_it(self, house, kept):
        other = came(house.child, "K-2", name="Ytterbium", at=NOW, on=NOW)

        def asked(row):
            return body(house.own.get(reverse("my_new_message"), {"result": row.pk}))

        assert "Ytterbium" in asked(other)
        assert "Quetelet" not in asked(kept)
        assert 'value="records" checked' in asked(kept)
