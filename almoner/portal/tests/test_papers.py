"""Documents that patients send: by the visit's link and from an account, seen by nobody else."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from almoner.access.tests import make as access
from almoner.facility.tests import make as facility
from almoner.ground import clock
from almoner.patients.tests.make import patient as a_patient
from almoner.patients.tests.make import picture
from almoner.portal.queries import acting_for
from almoner.portal.tests.make import NOW, linked, path, says
from almoner.portal.tests.test_accounts import account
from almoner.records import actions
from almoner.records.models import Document
from almoner.records.rules.papers import NotTaken, Source

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clinic(settings, monkeypatch):
    facility.organisation()
    settings.ADDRESS = "https://clinic.example"
    monkeypatch.setattr(clock, "now", lambda: NOW)


def body(response):
    return " ".join(response.content.decode().split())


def send(phone, where, file=None, title="Orden del Dr. Lee"):
    return phone.post(where, {"file": file or picture(), "title": title}, follow=True)


def test_a_document_is_sent_from_the_page_of_the_visit_and_belongs_to_it():
    visit = linked(language="es")
    phone, where = says(visit), path(visit, "documents/")

    assert where in body(phone.get(path(visit, "visit/")))
    done = send(phone, where)

    row = Document.objects.get()
    assert (row.patient_id, row.visit_id, row.source, row.state) == (
        visit.patient_id, visit.pk, "link", "waiting",
    )  # fmt: skip
    assert (row.title, row.sent_by_id) == ("Orden del Dr. Lee", None)
    assert "Lo tenemos." in body(done)
    assert "espera a que lo miremos" in body(done)


def test_what_the_patient_calls_it_is_not_shown_again_by_a_link_and_a_birth_date():
    visit = linked()
    phone = says(visit)

    done = send(phone, path(visit, "documents/"), title="Letter about my secret")

    assert "secret" not in body(done)
    assert Document.objects.get().title == "Letter about my secret"


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (None, "Choose a photo or a PDF first."),
        (SimpleUploadedFile("photo.jpg", b"<script>alert(1)</script>"), "neither a photo"),
        (SimpleUploadedFile("a.pdf", b"%PDF-1.4 nothing"), "cannot be read"),
        (SimpleUploadedFile("a.pdf", b"%PDF-" + b"0" * (16 << 20)), "too large"),
    ],
)
def test_what_is_no_document_is_told_so_in_a_sentence_and_nothing_is_kept(file, sentence):
    visit = linked()

    answer = says(visit).post(
        path(visit, "documents/"), {"title": "My paper"} | ({"file": file} if file else {})
    )

    assert answer.status_code == 422
    assert sentence in body(answer)
    assert 'value="My paper"' in body(answer)
    assert not Document.objects.exists()


def test_without_the_birth_date_nothing_is_taken():
    visit = linked()

    send(Client(), path(visit, "documents/"))

    assert not Document.objects.exists()


def test_an_account_sees_what_it_sent_and_why_one_was_not_taken():
    person = a_patient(birth_date=linked().patient.birth_date)
    client, _secret = account(person)

    assert "/my/documents/" in body(client.get("/my/"))
    send(client, "/my/documents/", title="Referral of Dr. Lee")
    row = Document.objects.get()
    actions.refuse_document(
        officer=access.officer("bea"), document_id=row.pk, why=NotTaken.UNREADABLE, at=NOW
    )
    page = body(client.get("/my/documents/"))

    assert (row.patient_id, row.source, row.visit_id) == (person.pk, "account", None)
    assert "Referral of Dr. Lee" in page
    assert reverse("my_sent_paper", args=[row.pk]) not in page
    assert "not taken: It could not be read. Please send it again." in page


def test_nobody_sees_what_another_patient_sent_and_the_patients_role_reads_no_bytes():
    mine, other = linked(), linked()
    for visit in (mine, other):
        actions.hand_over(
            patient_id=visit.patient_id, visit_id=visit.pk, content=picture().read(),
            title=f"Paper {visit.pk}", source=Source.LINK, at=NOW,
        )  # fmt: skip

    with acting_for([mine.patient_id]):
        assert list(Document.objects.values_list("patient_id", flat=True)) == [mine.patient_id]
        for column in ("content", "sha256", "decided_by_id", "withheld_by_id", "withheld_why"):
            with pytest.raises(DatabaseError), transaction.atomic():
                list(Document.objects.values_list(column))
