"""Documents of the record in an account: what is filed and shown, to whom, and how it leaves."""

from io import BytesIO

import pypdf
import pytest
from django.core.cache import cache
from django.urls import reverse

from almoner.access.models import AccessEvent
from almoner.access.tests import make as access
from almoner.facility.tests import make as facility
from almoner.ground import clock
from almoner.ground.models import Event
from almoner.patients.tests.make import picture
from almoner.portal.queries import acting_for, shown_to_guest
from almoner.portal.rules.accounts import EVERYTHING, Kind, Part
from almoner.portal.tests.joining import account, body, patient
from almoner.portal.tests.test_sharing import opens, shares
from almoner.records import actions
from almoner.records.models import Document
from almoner.records.rules.papers import NotTaken, PaperKind, Source, Withheld
from almoner.records.tests import make as records
from almoner.scheduling.tests import make

pytestmark = pytest.mark.django_db
NOW = make.SUNDAY
PAPERS, HOME = reverse("my_papers"), reverse("my_home")


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    cache.clear()
    facility.organisation()


@pytest.fixture
def person():
    return patient(given="Rosa", family="Marin")


@pytest.fixture
def mine(person):
    return account(person)[0]


@pytest.fixture
def bea():
    return access.officer("bea")


def opened(client, row, name="my_paper"):
    return client.get(reverse(name, args=[row.pk]))


def opened_result(client, row):
    return client.get(reverse("my_result_paper", args=[row.pk]))


def withheld(row, bea, why=Withheld.SOMEBODY_ELSE):
    actions.withhold_document(officer=bea, document_id=row.pk, why=why, at=NOW)


def test_what_the_clinic_filed_is_listed_and_opens(person, mine):
    row = records.paper(person, title="Referral of Dr. Lee")

    assert PAPERS in body(mine.get(HOME))
    page = body(mine.get(PAPERS))
    assert "Referral of Dr. Lee" in page
    assert reverse("my_paper", args=[row.pk]) in page
    answer = opened(mine, row)
    assert answer.content == bytes(row.content)
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"] == f'inline; filename="document-{row.pk}.jpg"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]


def test_its_kind_stands_in_the_language_of_the_page(person, mine):
    records.paper(person, title="Orden", kind=PaperKind.INSURANCE)

    assert "tarjeta o carta del seguro" in body(mine.get(PAPERS, {"lang": "es"}))


def test_a_pdf_is_only_ever_a_file_to_keep(person, mine, bea):
    writer, out = pypdf.PdfWriter(), BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(out)
    row = actions.add_document(
        officer=bea, patient_id=person.pk, content=out.getvalue(), title="Letter",
        kind=PaperKind.LETTER, at=NOW,
    )  # fmt: skip

    answer = opened(mine, row)

    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/pdf"


def test_what_was_filed_in_a_call_is_listed(person, mine, bea):
    actions.hand_over(
        patient_id=person.pk, content=picture().read(), title="Wound", source=Source.CALL,
        sent_by_id=bea.pk, kind=PaperKind.PICTURE, at=NOW,
    )  # fmt: skip

    assert "Wound" in body(mine.get(PAPERS))


def test_each_opening_is_written_down_with_who_it_was(person, mine):
    row = records.paper(person)

    opened(mine, row)

    event = Event.objects.get(kind="portal.paper_opened")
    assert (event.patient_id, event.about_kind, event.about_id) == (person.pk, "document", row.pk)
    assert event.data["by_patient"]
    assert event.data["name"]


def test_nobody_opens_what_is_anothers(mine):
    row = records.paper(patient(given="Zeno"))

    assert opened(mine, row).status_code == 404
    assert not Event.objects.filter(kind="portal.paper_opened").exists()


def test_what_waits_or_was_not_taken_is_not_in_the_record(person, mine, bea):
    waits, refused = (
        actions.hand_over(
            patient_id=person.pk, content=picture().read(), title=title, source=Source.LINK, at=NOW
        )
        for title in ("Waits", "Refused")
    )
    actions.refuse_document(officer=bea, document_id=refused.pk, why=NotTaken.TWICE, at=NOW)

    page = body(mine.get(PAPERS))

    assert "There is no document yet." in page
    assert opened(mine, waits).status_code == opened(mine, refused).status_code == 404


@pytest.mark.parametrize("why", Withheld)
def test_what_is_withheld_is_nowhere_in_the_account(person, mine, bea, why):
    row = records.paper(person, title="About the neighbour")
    withheld(row, bea, why)

    for name in ("my_papers", "my_documents", "my_home"):
        assert "About the neighbour" not in body(mine.get(reverse(name)))
    assert opened(mine, row).status_code == 404
    with acting_for([person.pk], own=True):
        assert not Document.objects.values_list("id")

    actions.show_document(officer=bea, document_id=row.pk, at=NOW)
    assert opened(mine, row).status_code == 200


def test_notes_of_psychotherapy_are_withheld_by_themselves(person, mine):
    row = records.paper(person, title="Session", kind=PaperKind.NOTES)

    assert row.withheld_why == Withheld.NOTES
    assert "Session" not in body(mine.get(PAPERS))
    assert opened(mine, row).status_code == 404


def test_the_paper_of_a_result_is_shown_with_the_result_alone(person, mine):
    result = actions.file_result(
        officer=access.officer("bea"), patient_id=person.pk, content=picture().read(),
        name="X-ray", on=NOW.date(), clinician_id=None, abnormal=False, at=NOW,
    )  # fmt: skip
    row = Document.objects.get()
    assert (row.state, row.kind) == ("filed", "result")

    assert "X-ray" not in body(mine.get(PAPERS))
    assert opened(mine, row).status_code == 404
    assert opened_result(mine, result).status_code == 200


class TestSentByThem:
    """What waits is opened by the account it came from, until the desk has decided."""

    @pytest.fixture
    def helper(self, person):
        return account(person, Kind.HELPER, login="ines", name="Ines", parts={Part.FORMS})[0]

    @pytest.fixture
    def sent(self, mine):
        mine.post(reverse("my_documents"), {"file": picture(), "title": "My letter"})
        return Document.objects.get()

    def test_its_sender_opens_it_and_nobody_else(self, mine, helper, sent):
        where = reverse("my_sent_paper", args=[sent.pk])

        assert where in body(mine.get(reverse("my_documents")))
        answer = mine.get(where)
        assert answer.content == bytes(sent.content)
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert where not in body(helper.get(reverse("my_documents")))
        assert helper.get(where).status_code == 404

    def test_once_it_was_refused_it_opens_no_more(self, mine, sent, bea):
        actions.refuse_document(officer=bea, document_id=sent.pk, why=NotTaken.TWICE, at=NOW)

        assert opened(mine, sent, "my_sent_paper").status_code == 404

    def test_once_it_is_filed_it_is_in_the_record(self, mine, sent, bea):
        actions.file_document(officer=bea, document_id=sent.pk, kind=PaperKind.LETTER, at=NOW)

        assert opened(mine, sent, "my_sent_paper").status_code == 404
        assert opened(mine, sent).status_code == 200

    def test_what_came_by_a_link_no_account_opens(self, person, mine):
        row = actions.hand_over(
            patient_id=person.pk, content=picture().read(), title="By link", source=Source.LINK,
            at=NOW,
        )  # fmt: skip

        assert opened(mine, row, "my_sent_paper").status_code == 404


class TestOthers:
    def test_who_acts_for_a_patient_reads_them_only_with_that_part(self, person):
        row = records.paper(person)
        without, _one = account(
            person, Kind.REPRESENTATIVE, login="without", parts=EVERYTHING - {Part.DOCUMENTS}
        )
        with_it, _two = account(person, Kind.HELPER, login="with", parts={Part.DOCUMENTS})

        assert without.get(PAPERS).status_code == opened(without, row).status_code == 302
        assert PAPERS not in body(without.get(HOME)) + body(without.get(reverse("my_documents")))
        assert 'value="papers"' not in body(without.get(reverse("my_share")))
        assert "Referral of Dr. Lee" in body(with_it.get(PAPERS))
        assert opened(with_it, row).status_code == 200

    def test_who_sees_no_results_sees_no_document_that_shows_some(self, person):
        row = records.paper(person, title="Bogen", kind=PaperKind.RESULT)
        helper, _one = account(person, Kind.HELPER, login="ines", parts={Part.DOCUMENTS})

        assert "Bogen" not in body(helper.get(PAPERS))
        assert opened(helper, row).status_code == 404

    def test_a_guest_reads_them_when_they_were_shared_and_each_look_is_noted(self, person, mine):
        row = records.paper(person)
        guest, _in = opens(shares(mine, "papers"))
        other, _in = opens(shares(mine, "documents"))

        assert reverse("shared_paper", args=[row.pk]) in body(guest.get(reverse("shared_record")))
        answer = opened(guest, row, "shared_paper")
        assert answer.content == bytes(row.content)
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert AccessEvent.objects.filter(screen="portal.shared_paper").exists()
        assert opened(other, row, "shared_paper").status_code == 302
        assert "Referral of Dr. Lee" not in body(other.get(reverse("shared_record")))

    def test_a_guest_reads_nothing_that_is_withheld_or_shows_results(self, person, mine, bea):
        kept = records.paper(person, title="Bescheid")
        withheld(kept, bea)
        result = records.paper(person, title="Bogen", kind=PaperKind.RESULT)
        guest, _in = opens(shares(mine, "papers"))

        page = body(guest.get(reverse("shared_record")))

        assert "Bescheid" not in page
        assert "Bogen" not in page
        assert opened(guest, kept, "shared_paper").status_code == 404
        assert opened(guest, result, "shared_paper").status_code == 404
        with shown_to_guest(person.pk, ["papers"]):
            assert not Document.objects.values_list("id")
        with shown_to_guest(person.pk, ["papers", "results"]):
            assert [*Document.objects.values_list("id", flat=True)] == [result.pk]


def test_the_list_is_paged_and_asks_a_fixed_number_of_questions(
    person, mine, django_assert_num_queries, django_assert_max_num_queries
):
    with django_assert_max_num_queries(40) as few:
        mine.get(PAPERS)
    for number in range(26):
        records.paper(person, title=f"Paper {number}")

    with django_assert_num_queries(len(few)):
        page = body(mine.get(PAPERS))

    assert "Paper 25" in page
    assert "Paper 0<" not in page
    assert "Paper 0<" in body(mine.get(PAPERS, {"page": 2}))
