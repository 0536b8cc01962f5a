"""Documents of patients: hostile files change nothing, what came is filed or refused."""

import hashlib
import zlib
from io import BytesIO
from zipfile import ZipFile

import pypdf
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from PIL import Image
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    TextStringObject,
)

from almoner.access.models import AccessEvent
from almoner.access.tests import make as access
from almoner.facility.tests import make as facility
from almoner.ground import clock
from almoner.ground.constraints import violated
from almoner.ground.models import Event
from almoner.patients.tests.make import patient as a_patient
from almoner.patients.tests.make import picture
from almoner.records import actions, queries
from almoner.records.models import Document
from almoner.records.rules.papers import (
    MOST_WAITING,
    WORDS,
    Fault,
    NotTaken,
    PaperKind,
    Source,
    Withheld,
)
from almoner.records.tests import make

pytestmark = pytest.mark.django_db


def written(writer):
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def pdf(pages=1):
    writer = pypdf.PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    return writer


def acting(action, **more):
    """A PDF that does something as soon as it is opened."""
    writer = pdf()
    told = {NameObject("/S"): NameObject(action), NameObject("/F"): TextStringObject("x")}
    told |= {NameObject(f"/{name}"): TextStringObject(value) for name, value in more.items()}
    writer._root_object[NameObject("/OpenAction")] = DictionaryObject(told)
    return written(writer)


def acting_at_a_link():
    writer = pdf()
    act = DictionaryObject({NameObject("/S"): writer._add_object(NameObject("/JavaScript"))})
    link = {NameObject("/Subtype"): NameObject("/Link"), NameObject("/A"): act}
    page = writer.pages[0]
    page[NameObject("/Annots")] = ArrayObject([writer._add_object(DictionaryObject(link))])
    return written(writer)


def with_a_file():
    writer = pdf()
    writer.add_attachment("a.exe", b"MZ")
    return written(writer)


def locked():
    writer = pdf()
    writer.encrypt("secret")
    return written(writer)


def unpacking_without_end():
    """Two megabytes that unpack to two thousand: its own table of contents."""
    packer, zeros = zlib.compressobj(9), b"\0" * 10**7
    packed = b"".join(packer.compress(zeros) for _ in range(200)) + packer.flush()
    head = b"<</Type/XRef/Size 5/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>" % len(packed)
    table = b"%PDF-1.5\n1 0 obj\n" + head + b"stream\n" + packed + b"\nendstream endobj\n"
    return table + b"startxref\n9\n%%EOF"


def circling():
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF"
    )


def picture_of(kind="JPEG", size=(60, 40), **facts):
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **facts)
    return out.getvalue()


def a_bomb_of_a_picture():
    out = BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    return out.getvalue()


def zipped():
    out = BytesIO()
    with ZipFile(out, "w") as zip_:
        zip_.writestr("a.txt", "x" * 9)
    return out.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
HOSTILE = {
    "nothing": (lambda: b"", Fault.EMPTY),
    "a page named as a picture": (lambda: HTML, Fault.NO_FILE),
    "an SVG": (lambda: SVG, Fault.NO_FILE),
    "a GIF": (lambda: picture_of("GIF"), Fault.NO_FILE),
    "a zip": (zipped, Fault.NO_FILE),
    "a program": (lambda: b"MZ" + b"\0" * 999, Fault.NO_FILE),
    "a page in front of a PDF": (lambda: HTML + written(pdf()), Fault.NO_FILE),
    "half a picture": (lambda: picture_of(size=(900, 900))[:900], Fault.NO_FILE),
    "a picture of 400 million points": (a_bomb_of_a_picture, Fault.NO_FILE),
    "200 MB": (lambda: b"%PDF-1.4\n" + b"\0" * (200 * 1024 * 1024), Fault.TOO_LARGE),
    "a PDF with a script": (lambda: acting("/JavaScript", JS="app.alert(1)"), Fault.ACTS),
    "a PDF with a script in other letters": (
        lambda: acting("/JavaScript").replace(b"/JavaScript", b"/J#61vaScript"),
        Fault.ACTS,
    ),
    "a PDF with a script at a link": (acting_at_a_link, Fault.ACTS),
    "a PDF that starts a program": (lambda: acting("/Launch"), Fault.ACTS),
    "a PDF that sends": (lambda: acting("/SubmitForm"), Fault.ACTS),
    "a PDF that carries a file": (with_a_file, Fault.ACTS),
    "a PDF with a password": (locked, Fault.LOCKED),
    "a PDF of 101 pages": (lambda: written(pdf(101)), Fault.TOO_MANY_PAGES),
    "a PDF that is none": (lambda: b"%PDF-1.4 nothing at all %%EOF", Fault.UNREADABLE),
    "a PDF that unpacks without end": (unpacking_without_end, Fault.UNREADABLE),
    "a PDF that stands in itself": (circling, Fault.UNREADABLE),
}


@pytest.fixture
def cy():
    make.ship()
    facility.organisation()
    return a_patient(given="Cy", family="Example")


@pytest.fixture
def ana(client, cy, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: make.NOW)
    officer = access.officer("ana", location=facility.location())
    client.force_login(officer)
    return officer


def sent(cy, content=None, title="Referral", **facts):
    wanted = {"source": Source.LINK, "at": make.NOW} | facts
    content = picture_of() if content is None else content
    return actions.hand_over(patient_id=cy.pk, content=content, title=title, **wanted)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_told_why_and_changes_nothing(cy, name):
    make_it, fault = HOSTILE[name]

    with pytest.raises(actions.NotADocument) as refused:
        sent(cy, make_it())

    assert refused.value.fault == fault
    for language in ("en", "es"):
        assert WORDS[language][f"fault_{fault}"].endswith(".")
    assert not Document.objects.exists()
    assert not Event.objects.filter(kind__startswith="records.document").exists()


def test_every_fault_and_reason_has_words_for_patients_in_both_languages():
    assert WORDS["en"].keys() == WORDS["es"].keys()
    assert {f"fault_{one}" for one in Fault} | {f"why_{one}" for one in NotTaken} <= set(
        WORDS["en"]
    )


def test_of_a_picture_nothing_is_kept_but_what_it_shows(cy):
    exif = Image.Exif()
    exif[0x010F] = "A phone of Cy"
    exif.get_ifd(0x8825)[1] = "N"

    row = sent(cy, picture_of(exif=exif) + b"<script>alert(1)</script>" + zipped())

    kept = bytes(row.content)
    assert row.media == "image/jpeg"
    assert b"phone of Cy" not in kept
    assert b"script" not in kept
    assert b"PK\x03\x04" not in kept
    assert not Image.open(BytesIO(kept)).getexif()


def test_of_a_pdf_nothing_is_kept_but_its_pages(cy):
    writer = pdf(2)
    writer.metadata = {"/Author": "Secret name"}

    row = sent(cy, written(writer) + zipped())

    kept = bytes(row.content)
    assert row.media == "application/pdf"
    assert len(pypdf.PdfReader(BytesIO(kept)).pages) == 2
    assert b"Secret name" not in kept
    assert b"PK\x03\x04" not in kept


def test_what_was_sent_waits_until_somebody_files_it(cy):
    row, officer = sent(cy), access.officer("ana")

    assert queries.documents_today(access.reading(officer, at=make.NOW))["count"] == 1
    actions.file_document(officer=officer, document_id=row.pk, kind=PaperKind.REFERRAL, at=make.NOW)

    row.refresh_from_db()
    assert (row.state, row.kind, row.decided_by_id) == ("filed", "referral", officer.pk)
    assert queries.documents_today(access.reading(officer, at=make.NOW))["count"] == 0
    kinds = list(
        Event.objects.filter(kind__startswith="records.")
        .order_by("id")
        .values_list("kind", flat=True)
    )
    assert kinds[-2:] == ["records.document_came", "records.document_filed"]


def test_who_may_not_file_changes_nothing(cy):
    row, doctor = sent(cy), access.officer("linh", roles=["clinician"])

    with pytest.raises(PermissionDenied):
        actions.refuse_document(officer=doctor, document_id=row.pk, why=NotTaken.TWICE, at=make.NOW)

    assert Document.objects.get().state == "waiting"


def test_one_patient_cannot_heap_up_more_than_somebody_can_look_at(cy):
    for _ in range(MOST_WAITING):
        sent(cy, picture_of(size=(8, 8)))

    with pytest.raises(actions.NotADocument) as refused:
        sent(cy)

    assert refused.value.fault == Fault.FULL


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Another"},
        {"patient_id": 0},
        {"source": "desk"},
        {"state": "waiting"},
        {"sender_id": 7},
    ],
)
def test_what_was_handed_over_stays_as_it_came(cy, change):
    row, other = sent(cy), a_patient(given="Di", family="Example")
    officer = access.officer("ana")
    actions.file_document(officer=officer, document_id=row.pk, kind=PaperKind.OTHER, at=make.NOW)
    if "patient_id" in change:
        change = {"patient_id": other.pk}
    if "state" in change:
        change |= {"kind": "", "decided_at": None, "decided_by_id": None}

    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Document.objects.filter(pk=row.pk).update(**change)
    assert violated(error.value, "document_stays")
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Document.objects.all().delete()
    assert violated(error.value, "document_stays")


def test_the_bytes_are_those_of_the_hash(cy):
    row = sent(cy)

    assert bytes(row.sha256) == hashlib.sha256(bytes(row.content)).digest()
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Document.objects.filter(pk=row.pk).update(content=b"another")
    assert violated(error.value, "document_hash_of_its_bytes")


# --- At the desk


def text(page):
    return " ".join(page.content.decode().split())


def test_the_list_of_work_shows_whose_it_is_and_each_look_has_its_reason(
    client, ana, cy, django_assert_max_num_queries
):
    rows = [sent(cy, title=f"Paper {number}") for number in range(3)]

    with django_assert_max_num_queries(12):
        page = client.get(reverse("documents_to_see"))

    assert text(page).index("Paper 0") < text(page).index("Paper 2")
    assert f"?for=document:{rows[0].pk}" in text(page)
    looked = AccessEvent.objects.filter(patient_ids=[cy.pk]).latest("id")
    assert looked.screen == "records.documents_to_see"


def test_a_document_is_looked_at_and_filed(client, ana, cy):
    row = sent(cy)
    why = f"?for=document:{row.pk}"

    page = client.get(reverse("document", args=[row.pk]) + why)
    refused = client.post(reverse("file_document", args=[row.pk]), {"kind": ""})
    filed = client.post(reverse("file_document", args=[row.pk]), {"kind": "referral"}, follow=True)

    assert "Referral" in text(page)
    assert refused.status_code == 422
    assert "Filed: Referral" in text(filed)
    assert Document.objects.get().kind == "referral"


def test_a_document_is_refused_for_a_reason_and_what_was_filed_in_error_too(client, ana, cy):
    row = sent(cy)
    where = reverse("refuse_document", args=[row.pk])

    without = client.post(where, {"why": ""})
    client.post(reverse("file_document", args=[row.pk]), {"kind": "other"})
    client.post(where, {"why": "somebody_else"})

    assert without.status_code == 422
    row.refresh_from_db()
    assert (row.state, row.kind, row.reason) == ("refused", "", "somebody_else")
    assert "Is about somebody else" in text(client.get(reverse("document", args=[row.pk])))


@pytest.mark.parametrize(
    ("content", "way"), [(picture_of(), "inline"), (written(pdf()), "attachment")]
)
def test_bytes_are_served_so_that_nothing_in_them_runs(client, ana, cy, content, way):
    row = sent(cy, content)

    answer = client.get(reverse("document_content", args=[row.pk]))

    assert answer.content == bytes(row.content)
    assert answer["Content-Type"] == row.media
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith(way)
    assert "script-src" in answer["Content-Security-Policy"].split("; ")  # from nowhere
    looked = AccessEvent.objects.filter(patient_ids=[cy.pk]).latest("id")
    assert looked.screen == "records.document_content"


def test_an_officer_files_a_paper_at_once_and_is_told_what_is_wrong_with_another(client, ana, cy):
    where = reverse("patient_documents", args=[cy.pk])
    says = {"title": "Card", "kind": "insurance"}

    wrong = client.post(
        where, says | {"file": SimpleUploadedFile("card.jpg", HTML, content_type="image/jpeg")}
    )
    done = client.post(where, says | {"file": picture()}, follow=True)

    assert wrong.status_code == 422
    assert "neither a picture" in text(wrong)
    assert 'value="Card"' in text(wrong)
    assert "Filed: Card" in text(done)
    row = Document.objects.get()
    assert (row.source, row.state, row.kind) == ("desk", "filed", "insurance")
    assert (row.sent_by_id, row.decided_by_id) == (ana.pk, ana.pk)


class TestWithheld:
    """Whether the patient reads a filed document is said at the desk, with who, when and why."""

    @pytest.fixture
    def row(self, cy, ana):
        return make.paper(cy, title="Letter of a neighbour")

    def test_an_officer_keeps_one_from_the_account_and_it_stands_there_why(self, client, ana, row):
        where = reverse("document", args=[row.pk])
        assert "Shown" in text(client.get(where))

        client.post(reverse("withhold_document", args=[row.pk]), {"because": "somebody_else"})

        row.refresh_from_db()
        assert (row.withheld_why, row.withheld_by_id, row.withheld_at) == (
            "somebody_else", ana.pk, make.NOW,
        )  # fmt: skip
        page = text(client.get(where))
        assert "Not shown: Tells of another person." in page
        assert ana.name in page
        assert "not shown to the patient" in text(
            client.get(reverse("patient_documents", args=[row.patient_id]))
        )
        client.post(reverse("show_document", args=[row.pk]))
        row.refresh_from_db()
        assert (row.withheld_why, row.withheld_by_id, row.withheld_at) == ("", None, None)
        kinds = Event.objects.filter(about_id=row.pk, kind__contains="document_").order_by("id")
        assert [each.kind for each in kinds] == [
            "records.document_filed", "records.document_withheld", "records.document_shown",
        ]  # fmt: skip

    def test_why_is_asked(self, client, row):
        refused = client.post(reverse("withhold_document", args=[row.pk]), {"because": ""})

        row.refresh_from_db()
        assert refused.status_code == 422
        assert row.withheld_at is None

    def test_only_what_is_filed_is_shown_or_not(self, cy, ana):
        waits = sent(cy)
        with pytest.raises(actions.NotFiled):
            actions.withhold_document(
                officer=ana, document_id=waits.pk, why=Withheld.HARM, at=make.NOW
            )

    def test_who_may_not_file_does_not_say_it(self, row):
        linh = access.officer("linh", roles=("biller",))
        for action, facts in (
            (actions.withhold_document, {"why": Withheld.HARM}), (actions.show_document, {}),
        ):  # fmt: skip
            with pytest.raises(PermissionDenied):
                action(officer=linh, document_id=row.pk, at=make.NOW, **facts)

    def test_notes_are_kept_by_themselves_and_never_shown(self, client, cy, ana, row):
        actions.file_document(officer=ana, document_id=row.pk, kind=PaperKind.NOTES, at=make.NOW)
        row.refresh_from_db()
        assert row.withheld_why == "notes"

        with pytest.raises(actions.NotFiled):
            actions.show_document(officer=ana, document_id=row.pk, at=make.NOW)
        assert "Show it to the patient" not in text(client.get(reverse("document", args=[row.pk])))
        with pytest.raises(IntegrityError), transaction.atomic():
            Document.objects.filter(pk=row.pk).update(
                withheld_why="", withheld_at=None, withheld_by_id=None
            )

    def test_a_reason_stays_when_it_is_filed_otherwise_and_goes_when_it_is_not_taken(
        self, ana, row
    ):
        actions.withhold_document(
            officer=ana, document_id=row.pk, why=Withheld.CONFIDENCE, at=make.NOW
        )
        actions.file_document(officer=ana, document_id=row.pk, kind=PaperKind.NOTES, at=make.NOW)
        row.refresh_from_db()
        assert row.withheld_why == "confidence"

        actions.refuse_document(
            officer=ana, document_id=row.pk, why=NotTaken.SOMEBODY_ELSE, at=make.NOW
        )
        row.refresh_from_db()
        assert (row.state, row.withheld_why) == ("refused", "")
