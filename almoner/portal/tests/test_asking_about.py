"""A message in the account names the visit or bill it is about, and tells nobody of a kept one."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from almoner.access.tests import make as access
from almoner.billing import actions as billing
from almoner.billing.models import Statement
from almoner.billing.rules.private import Reason
from almoner.facility.tests import make as facility
from almoner.ground import clock, events
from almoner.portal.models import Draft
from almoner.portal.queries import acting_for
from almoner.portal.rules.accounts import Kind
from almoner.portal.tests.joining import account, ana, body, patient
from almoner.relations import actions as relations
from almoner.relations.models import CaseThing, Message, Received, Thread
from almoner.scheduling.tests import make

pytestmark = pytest.mark.django_db
NOW = make.SUNDAY
NEW = reverse("my_new_message")
KEY = "0" * 32


@pytest.fixture(autouse=True)
def now(monkeypatch, settings):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    settings.ADDRESS = "https://clinic.example"
    cache.clear()


class House:
    """A child of fifteen with a visit and a bill, her own account and a parent's."""

    def __init__(self):
        born = NOW.date() - timedelta(days=15 * 366)
        self.child = patient(given="Clotilde", birth_date=born)
        self.visit = make.appointment(patient=self.child, starts_at=make.at(9, day=make.MONDAY))
        self.bill = bill(self.child)
        self.own, _ = account(self.child, login="child")
        self.parent, _ = account(self.child, Kind.PARENT, login="parent", name="Ines")

    def keep(self):
        return billing.keep_private(
            officer=ana(), appointment_id=self.visit.pk, from_guarantor=True, from_plan=False,
            reason=Reason.CONSENTED_ALONE, at=NOW,
        )  # fmt: skip


def bill(person, number="S-1", **facts):
    """A statement to somebody, as it is sent."""
    row = Statement.objects.create(
        number=number, guarantor=person, issued_at=NOW, issued_date=NOW.date(),
        due_date=NOW.date(), language="en", cents=1_200, pdf=b"%PDF",
        **{"lines": [], "way": "print"} | facts,
    )  # fmt: skip
    events.record(
        "billing.statement_sent", at=NOW, by=None, about=row, patient_id=person.pk, number=number
    )
    return row


@pytest.fixture
def house():
    facility.organisation()
    return House()


def of(row):
    return f"{type(row).__name__.lower()}:{row.pk}"


def writes(client, about, *, key=KEY, subject="Quimper", **more):
    said = {"topic": "visit", "subject": subject, "words": "Xylophone", "key": key, "about": about}
    return client.post(NEW, said | more)


def chosen(page):
    return re.findall(r'<option value="(\w+:\d+)" selected', page)


def visit_page(client, visit):
    return body(client.post(reverse("my_visit", args=[visit.pk]), follow=True))


class TestAskAboutThis:
    def test_a_visits_page_leads_to_a_message_about_it(self, house):
        page = visit_page(house.own, house.visit)
        there = f"{NEW}?about={of(house.visit)}"
        assert f'href="{there}">Ask about this</a>' in page

        form = body(house.own.get(there))

        assert chosen(form) == [of(house.visit)]
        assert 'value="visit" checked' in form
        assert 'value="Visit of March 2, 2026"' in form

    def test_a_bills_page_does_too(self, house):
        page = body(house.own.get(reverse("my_bill", args=["S-1"])))
        there = f"{NEW}?about={of(house.bill)}"
        assert f'href="{there}">Ask about this</a>' in page

        form = body(house.own.get(there + "&lang=es"))

        assert chosen(form) == [of(house.bill)]
        assert 'value="bill" checked' in form
        assert "Factura del" in form

    def test_who_reads_no_messages_is_led_nowhere(self, house):
        parts = ("visits", "bills")
        helper, _ = account(house.child, Kind.HELPER, login="otto", name="Otto", parts=parts)

        assert "Ask about this" not in visit_page(helper, house.visit)
        assert "Ask about this" not in body(helper.get(reverse("my_bill", args=["S-1"])))

    def test_what_was_sent_is_about_it_in_the_thread_and_on_its_page(self, house):
        sent = writes(house.own, of(house.bill))

        thread, row = Thread.objects.get(), Received.objects.get()
        assert (thread.about_kind, thread.about_id) == ("statement", house.bill.pk)
        assert (row.about_kind, row.about_id, row.about_by_id) == (
            "statement", house.bill.pk, None,
        )  # fmt: skip
        assert "Which visit or bill: Bill of March 1, 2026" in body(house.own.get(sent.url))

    def test_one_can_choose_without_a_link_or_choose_nothing(self, house):
        form = body(house.own.get(NEW))
        assert f'value="{of(house.visit)}"' in form
        assert f'value="{of(house.bill)}"' in form
        assert chosen(form) == []

        writes(house.own, "")

        assert Thread.objects.get().about_id is None

    def test_what_is_typed_meanwhile_keeps_it(self, house):
        typed = {"topic": "bill", "subject": "S", "words": "Half", "key": KEY}
        house.own.post(reverse("my_draft"), typed | {"about": of(house.bill)})

        assert Draft.objects.get().about == of(house.bill)
        assert chosen(body(house.own.get(NEW))) == [of(house.bill)]
        assert chosen(body(house.own.get(f"{NEW}?about={of(house.visit)}"))) == [of(house.bill)]

    def test_only_the_newest_are_offered_and_what_was_chosen(self, house):
        for number in range(8):
            bill(house.child, f"N-{number}", state="paid", closed_at=NOW)

        form = body(house.own.get(f"{NEW}?about={of(house.bill)}"))

        assert form.count('value="statement:') == 7
        assert chosen(form) == [of(house.bill)]

    @pytest.mark.parametrize(("about", "page"), [("visit", "appointment"), ("bill", "statement")])
    def test_its_page_at_the_desk_shows_what_was_said_about_it(self, house, client, about, page):
        row = getattr(house, about)
        writes(house.own, of(row))
        client.force_login(access.officer("mara", roles=("manager",)))
        where = reverse(page, args=[row.pk])

        shown = body(client.get(where, {"for": of(row)}))

        assert "What was said about it" in shown
        assert "Xylophone" in shown
        there = reverse("conversation_with", args=[house.child.pk])
        assert f"{there}?about={of(row)}&amp;for={of(row)}" in shown
        client.force_login(access.officer("linh", roles=("biller",)))
        assert "Xylophone" not in body(client.get(where, {"for": of(row)}))

    def test_a_case_of_it_is_about_the_bill(self, house):
        writes(house.own, of(house.bill))
        row = Received.objects.get()
        new = relations.New(kind="question", subject="x", things=(("received", row.pk),))
        made = relations.open_case(officer=ana(), new=new, at=NOW)

        things = CaseThing.objects.filter(case=made).values_list("kind", "item_id")
        assert ("statement", house.bill.pk) in things


class TestWhatIsNotTheirs:
    @pytest.mark.parametrize("about", ["x", "appointment:", "claim:1", "statement:0", "result:1"])
    def test_a_link_to_nothing_leads_nowhere(self, house, about):
        assert house.own.get(f"{NEW}?about={about}").status_code == 404

    def test_of_another_patient(self, house):
        other = make.appointment(starts_at=make.at(11, day=make.MONDAY))
        theirs = bill(patient(), "S-9")

        for row in (other, theirs):
            assert house.own.get(f"{NEW}?about={of(row)}").status_code == 404
            answer = writes(house.own, of(row))
            assert answer.status_code == 422
            assert "cannot write about that visit or bill" in body(answer)
        assert not Thread.objects.exists()

    def test_who_sees_no_bills_writes_of_none(self, house):
        parts = ("visits", "messages")
        helper, _ = account(house.child, Kind.HELPER, login="otto", name="Otto", parts=parts)

        assert helper.get(f"{NEW}?about={of(house.bill)}").status_code == 404
        assert writes(helper, of(house.bill)).status_code == 422
        assert "statement:" not in body(helper.get(NEW))
        assert chosen(body(helper.get(f"{NEW}?about={of(house.visit)}"))) == [of(house.visit)]

    def test_nor_reads_of_which_bill_a_thread_is(self, house):
        sent = writes(house.own, of(house.bill))
        parts = ("visits", "messages")
        helper, _ = account(house.child, Kind.HELPER, login="otto", name="Otto", parts=parts)

        page = body(helper.get(sent.url))

        assert "Xylophone" in page
        assert "Bill of" not in page


def rows_read(person, *, own):
    with acting_for([person.pk], own=own):
        return [len(model.objects.values_list("id")) for model in (Thread, Received, Message)]


class TestKeptFromWhoActs:
    """What a message is about discloses no visit and no bill that is kept from a parent."""

    def test_a_link_to_it_leads_them_nowhere_and_nothing_offers_it(self, house):
        house.keep()

        assert house.parent.get(f"{NEW}?about={of(house.visit)}").status_code == 404
        assert writes(house.parent, of(house.visit)).status_code == 422
        assert of(house.visit) not in body(house.parent.get(NEW))
        assert chosen(body(house.own.get(f"{NEW}?about={of(house.visit)}"))) == [of(house.visit)]

    def test_its_subject_is_the_patients_to_say(self, house):
        house.keep()

        form = body(house.own.get(f"{NEW}?about={of(house.visit)}"))

        assert 'name="subject" value=""' in form
        assert 'value="visit" checked' in form

    def test_a_thread_about_it_is_the_patients_alone(self, house):
        sent = writes(house.own, of(house.visit))
        assert "Quimper" in body(house.parent.get(reverse("my_messages")))
        assert rows_read(house.child, own=False) == [1, 1, 0]

        house.keep()

        assert rows_read(house.child, own=False) == [0, 0, 0]
        assert rows_read(house.child, own=True) == [1, 1, 0]
        assert "Quimper" not in body(house.parent.get(reverse("my_messages")))
        assert house.parent.get(sent.url).status_code == 404
        assert "Xylophone" in body(house.own.get(sent.url))

    def test_so_is_one_of_which_an_officer_says_it_afterwards(self, house):
        writes(house.own, "")
        house.keep()
        assert rows_read(house.child, own=False) == [1, 1, 0]

        row = Received.objects.get()
        about = ("appointment", house.visit.pk)
        relations.say_about(officer=ana(), received=row, about=about, at=NOW)
        relations.answer(
            officer=ana(), received=row, words="Zeppelin", key="z", about=None, up_to=row.pk,
            at=NOW,
        )  # fmt: skip

        assert rows_read(house.child, own=False) == [0, 0, 0]
        assert rows_read(house.child, own=True) == [1, 1, 1]

    @pytest.mark.parametrize("how", ["private", "lines"])
    def test_so_is_one_about_a_bill_of_it(self, house, how):
        house.keep()
        lines = [{"visit_id": house.visit.pk, "patient_id": house.child.pk}]
        facts = {"private": True, "way": "account"} if how == "private" else {"lines": lines}
        kept = bill(house.child, "S-2", **facts)
        writes(house.own, of(kept))
        row = Received.objects.get()
        relations.answer(
            officer=ana(), received=row, words="Zeppelin", key="z", about=None, up_to=row.pk,
            at=NOW,
        )  # fmt: skip
        assert Message.objects.get(channel="portal").statement_id == kept.pk

        assert rows_read(house.child, own=False) == [0, 0, 0]
        assert rows_read(house.child, own=True) == [1, 1, 1]
        assert house.parent.get(f"{NEW}?about={of(kept)}").status_code == 404
        assert 'name="subject" value=""' in body(house.own.get(f"{NEW}?about={of(kept)}"))

    def test_what_a_draft_named_is_not_sent_once_it_is_kept(self, house):
        typed = {"topic": "visit", "subject": "S", "words": "Half", "key": KEY}
        house.parent.post(reverse("my_draft"), typed | {"about": of(house.visit)})
        house.keep()

        form = body(house.parent.get(NEW))
        assert "Half" in form
        assert of(house.visit) not in form
        assert writes(house.parent, of(house.visit)).status_code == 422

    def test_it_is_theirs_again_once_nothing_is_kept(self, house):
        writes(house.own, of(house.visit))
        row = house.keep()
        billing.end_private(officer=ana(), private_id=row.pk, at=NOW)

        assert rows_read(house.child, own=False) == [1, 1, 0]


def test_the_form_asks_a_fixed_number_of_questions(house, django_assert_max_num_queries):
    for number in range(8):
        bill(house.child, f"N-{number}", state="paid", closed_at=NOW)

    with django_assert_max_num_queries(32):
        assert house.own.get(f"{NEW}?about={of(house.bill)}").status_code == 200
