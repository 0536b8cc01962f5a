"""Filling and signing: each answer is kept, nothing is signed blank, what is signed stays."""

import base64
import hashlib
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pypdf
import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from PIL import Image, ImageDraw

from almoner.access.tests import make as access
from almoner.facility.tests import make as facility
from almoner.ground.constraints import violated
from almoner.ground.models import Event
from almoner.patients import queries as patients
from almoner.patients.models import Patient
from almoner.patients.tests.make import patient as a_patient
from almoner.patients.tests.make import picture
from almoner.records import actions, queries, rules
from almoner.records.actions import sealing
from almoner.records.models import (
    Answer,
    ElectronicConsent,
    Filling,
    FormVersion,
    Proposal,
    Signature,
    Upload,
)
from almoner.records.tests import make
from almoner.records.tests.test_papers import HOSTILE, HTML, pdf, written

pytestmark = pytest.mark.django_db
PATIENT = actions.by_link("203.0.113.9")


@pytest.fixture
def cy():
    make.ship()
    facility.organisation()
    return a_patient(given="Cy", family="Example")


def reading():
    return access.reading(make.hand().officer, at=make.NOW)


def refused_by(constraint):
    """A change that the database itself refuses, by this name."""

    class _Refused:
        def __enter__(self):
            self.point = transaction.atomic()
            self.point.__enter__()

        def __exit__(self, kind, error, trace):
            assert kind is not None, f"{constraint} let it through"
            self.point.__exit__(kind, error, trace)
            assert isinstance(error, IntegrityError), error
            assert violated(error, constraint), error
            return True

    return _Refused()


def now_check():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


# --- Answers


def test_a_form_is_begun_once_and_what_was_answered_is_there_again(cy):
    first, second = make.begun(cy), make.begun(cy)
    make.answered(cy, students=["false"])

    assert first.pk == second.pk
    again = queries.sheet(cy.pk, first.form_id, reading=reading())
    assert again.answers == {"agree": ("read",), "students": ("false",)}
    assert Event.objects.filter(kind="records.begun").count() == 1


def test_of_each_answer_the_last_one_stands_and_whose_it_was(cy):
    row = make.begun(cy, "registration")
    desk = make.hand()
    for hand, typed in (
        (desk, {"phone": ["1"], "email": ["desk@mail.example"]}),
        (PATIENT, {"phone": ["312 555 0188"]}),
    ):
        actions.answer(hand=hand, filling_id=row.pk, typed=typed, at=make.NOW)

    kept = {each.link_id: (each.values, each.by_id) for each in Answer.objects.all()}
    assert kept == {
        "phone": (["312 555 0188"], None),
        "email": (["desk@mail.example"], desk.officer.pk),
    }


@pytest.mark.parametrize(
    "typed",
    [{"agree": ["no such answer"]}, {"no such question": ["x"]}, {"students": ["true", "false"]}],
)
def test_an_answer_that_no_page_offers_is_refused(cy, typed):
    row = make.begun(cy)

    with pytest.raises(actions.NotOffered):
        actions.answer(hand=PATIENT, filling_id=row.pk, typed=typed, at=make.NOW)

    assert not Answer.objects.exists()


def test_who_begun_with_an_older_version_finishes_that_one(cy):
    row = make.answered(cy)
    newer = FormVersion.objects.get(form=row.form)
    body = newer.body | {"title": "Another title"}
    FormVersion.objects.create(
        form=row.form, number=2, body=body, made_at=make.NOW, published_at=make.NOW
    )

    signature = make.sign(row)

    assert signature.filling.version.number == 1
    assert queries.in_use([row.form_id])[row.form_id].number == 2
    later = make.begun(cy, at=make.NOW + timedelta(days=1))
    assert later.version.number == 2


def test_a_form_that_is_not_used_any_more_cannot_be_begun(cy):
    form = make.form("consent_to_treat")
    form.retired_at = make.NOW
    form.save()

    with pytest.raises(actions.NotInUse):
        make.begun(cy)


# --- Signing


def test_signing_seals_a_paper_that_says_who_when_from_where_and_which_text(cy):
    signature = make.signed(cy)

    signature.refresh_from_db()
    assert bytes(signature.pdf).startswith(b"%PDF-")
    assert bytes(signature.sha256) == hashlib.sha256(bytes(signature.pdf)).digest()
    told = queries.signed(signature.pk, reading=reading())
    assert (told.name, told.zone, told.address, told.session, told.intact) == (
        "Cy Example", "America/Chicago", "192.0.2.7", "desk", True,
    )  # fmt: skip
    [event] = Event.objects.filter(kind="records.signed")
    assert (event.patient_id, event.data["form"]) == (cy.pk, "Consent to treatment")
    assert ElectronicConsent.objects.get().text == told.consent


def test_the_paper_says_it_in_the_patients_language_with_days_nobody_reads_the_other_way_round(cy):
    cy.birth_date = date(1980, 3, 4)
    cy.save(update_fields=["birth_date"])
    signature = make.signed(cy, "registration")
    version = queries.version(signature.filling.version_id)
    answers = {"ends": ("date",), "ends_on": ("2027-05-06",)}
    form = rules.parsed(make.form("release_of_information").versions.get().body)

    told = sealing.paper_data(signature, replace(version, definition=form), answers, language="es")

    said = [value for block in told["blocks"] for value in block["values"]]
    assert told["person"] == [["Paciente", f"Cy Example · {cy.mrn}"], ["Nacimiento", "4 Mar 1980"]]
    assert "6 May 2027" in said
    assert "sin respuesta" in said
    assert ["Firmado por", "Cy Example"] in told["signed"]
    assert ["Firmado el", "2026-03-02 09:00:00 CST (America/Chicago)"] in told["signed"]
    assert ["Desde la dirección", "192.0.2.7"] in told["signed"]


def test_the_same_answers_at_the_same_moment_give_the_same_bytes(cy):
    """So that a paper can be made again and compared with the one that was sealed."""
    other = a_patient(given="Cy", family="Example")
    Patient.objects.filter(pk=other.pk).update(mrn="x")
    first = make.signed(cy)
    Patient.objects.filter(pk=cy.pk).update(mrn="y")
    Patient.objects.filter(pk=other.pk).update(mrn=cy.mrn)

    assert bytes(make.signed(other).pdf) == bytes(first.pdf)


def refused(row, **facts):
    """Why a form cannot be signed like this."""
    with pytest.raises(actions.CannotSign) as told:
        make.sign(row, **facts)
    return told.value.faults


@pytest.mark.parametrize(
    ("born", "capacity", "at_the_desk", "wrong"),
    [
        (date(2010, 5, 1), "self", False, {"sign:capacity": "no_capacity"}),
        (date(2010, 5, 1), "self", True, {}),
        (date(2010, 5, 1), "parent", False, {}),
        (date(2008, 3, 3), "self", False, {"sign:capacity": "no_capacity"}),  # 18 tomorrow
        (date(2008, 3, 2), "self", False, {}),
        (None, "self", False, {}),
        (date(1980, 1, 1), "nobody", True, {"sign:capacity": "no_capacity"}),
    ],
)
def test_a_minor_alone_with_a_link_signs_nothing(cy, born, capacity, at_the_desk, wrong):
    Patient.objects.filter(pk=cy.pk).update(birth_date=born)
    row = make.answered(cy)
    by = None if at_the_desk else actions.by_link("192.0.2.8")

    if wrong:
        assert refused(row, capacity=capacity, by=by) == wrong
    else:
        assert make.sign(row, capacity=capacity, by=by).capacity == capacity


def test_nothing_is_signed_in_part_without_a_name_or_without_consent(cy):
    assert refused(make.begun(cy)) == {"agree": "required"}
    row = make.answered(cy)

    assert refused(row, name="  ", agrees=False) == {
        "sign:name": "no_name", "sign:agrees": "no_consent",
    }  # fmt: skip
    assert refused(row, capacity="neighbour") == {"sign:capacity": "no_capacity"}
    assert refused(row, drawing="data:image/png;base64,AAAA") == {"sign:drawing": "no_drawing"}

    assert not Signature.objects.exists()
    assert not ElectronicConsent.objects.exists()


def test_the_consent_is_asked_once_and_again_when_it_was_taken_back(cy):
    make.signed(cy)
    make.sign(make.answered(cy, "financial_policy"), agrees=False)

    actions.withdraw_consent(hand=make.hand(), patient_id=cy.pk, language="en", at=make.NOW)

    row = make.answered(cy, "privacy_notice")
    assert refused(row, agrees=False) == {"sign:agrees": "no_consent"}
    assert list(ElectronicConsent.objects.order_by("id").values_list("given", flat=True)) == [
        True, False,
    ]  # fmt: skip


def drawing(ink=True, size=(640, 200)):
    page = Image.new("RGBA", size, (0, 0, 0, 0))
    if ink:
        ImageDraw.Draw(page).line([(50, 150), (200, 40), (400, 160)], fill="black", width=4)
    out = BytesIO()
    page.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def test_a_drawn_signature_is_kept_as_we_encode_it_and_stands_on_the_paper(cy):
    without = len(make.signed(cy).pdf)
    signature = make.sign(make.answered(cy, "financial_policy"), drawing=drawing())

    with Image.open(BytesIO(bytes(signature.drawing))) as kept:
        assert (kept.size, kept.mode) == ((640, 200), "1")
    assert len(signature.pdf) != without


@pytest.mark.parametrize("drawn", [drawing(ink=False), drawing(size=(3000, 20)), "x"])
def test_what_is_no_drawing_of_a_signature_is_refused(cy, drawn):
    assert refused(make.answered(cy), drawing=drawn) == {"sign:drawing": "no_drawing"}


def test_a_form_in_spanish_is_signed_and_sealed_in_spanish(cy):
    row = make.answered(cy)
    signature = actions.sign(
        hand=PATIENT, filling_id=row.pk, signing=make.signing(),
        seen=queries.answers(row.pk), language="es",
        zone="America/Chicago", at=make.NOW,
    )  # fmt: skip

    signature.filling.refresh_from_db()
    assert signature.filling.language == "es"
    assert (signature.session, signature.seen_by_id) == ("link", None)


def test_nobody_signs_answers_that_did_not_stand_before_them(cy):
    row = make.answered(cy)
    seen = queries.answers(row.pk)
    actions.answer(hand=PATIENT, filling_id=row.pk, typed={"students": ["true"]}, at=make.NOW)

    with pytest.raises(actions.Unseen):
        actions.sign(
            hand=make.hand(), filling_id=row.pk, signing=make.signing(), seen=seen,
            language="en", zone="America/Chicago", at=make.NOW,
        )  # fmt: skip

    row.refresh_from_db()
    assert row.state == "open"


def test_nobody_begins_another_version_than_the_page_showed(cy):
    form = make.form("consent_to_treat")
    shown = FormVersion.objects.get(form=form)
    newer = FormVersion.objects.create(
        form=form, number=2, body=shown.body, made_at=make.NOW, published_at=make.NOW
    )
    facts = {"hand": PATIENT, "patient_id": cy.pk, "form_id": form.pk, "at": make.NOW}

    with pytest.raises(actions.Unseen):
        actions.begin(**facts, version_id=shown.pk)
    assert not Filling.objects.exists()
    actions.begin(**facts, version_id=newer.pk)
    with pytest.raises(actions.Unseen):
        actions.begin(**facts, version_id=shown.pk)


def test_a_form_is_settled_once(cy):
    signature = make.signed(cy)
    settled = signature.filling_id

    with pytest.raises(actions.Settled):
        make.sign(signature.filling)
    with pytest.raises(actions.Settled):
        actions.answer(hand=PATIENT, filling_id=settled, typed={"students": ["true"]}, at=make.NOW)
    with pytest.raises(actions.Settled):
        actions.decline(hand=PATIENT, filling_id=settled, reason="no", on=make.TODAY, at=make.NOW)


def test_who_may_not_fill_forms_does_nothing(cy):
    stranger = actions.at_the_desk(access.officer("dot", roles=("privacy",)))
    row = make.answered(cy)

    with pytest.raises(PermissionDenied):
        actions.begin(hand=stranger, patient_id=cy.pk, form_id=row.form_id, at=make.NOW)
    with pytest.raises(PermissionDenied):
        make.sign(row, by=stranger)


# --- On paper, declined


def test_what_was_signed_on_paper_keeps_its_scan_as_we_encode_it(cy):
    row = make.begun(cy)
    scan = picture(size=(2400, 1200)).read()

    actions.take_on_paper(
        hand=make.hand(), filling_id=row.pk, on=make.TODAY, at=make.NOW, scan=scan
    )

    [kept] = Upload.objects.all()
    media, content = queries.upload(kept.pk, reading=reading())
    assert media == "image/jpeg"
    with Image.open(BytesIO(content)) as image:
        assert (image.format, image.size) == ("JPEG", (1600, 800))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_scan_is_told_why_and_leaves_the_form_open(cy, name):
    make_it, fault = HOSTILE[name]
    row = make.begun(cy)

    with pytest.raises(actions.NotADocument) as refused:
        actions.take_on_paper(
            hand=make.hand(), filling_id=row.pk, on=make.TODAY, at=make.NOW, scan=make_it()
        )

    row.refresh_from_db()
    assert refused.value.fault == fault
    assert row.state == "open"
    assert not Upload.objects.exists()


def test_of_a_scanned_pdf_nothing_is_kept_but_its_pages(cy):
    row = make.begun(cy)
    writer = pdf(2)
    writer.metadata = {"/Author": "Secret name"}
    scan = written(writer) + HTML

    actions.take_on_paper(
        hand=make.hand(), filling_id=row.pk, on=make.TODAY, at=make.NOW, scan=scan
    )

    [kept] = Upload.objects.all()
    media, content = queries.upload(kept.pk, reading=reading())
    assert media == "application/pdf"
    assert len(pypdf.PdfReader(BytesIO(content)).pages) == 2
    assert b"Secret name" not in content
    assert b"script" not in content


def test_declining_keeps_the_reason(cy):
    row = make.begun(cy, "privacy_notice")

    actions.decline(
        hand=make.hand(), filling_id=row.pk, reason=" could not write ", on=make.TODAY, at=make.NOW
    )

    row.refresh_from_db()
    assert (row.state, row.reason) == ("declined", "could not write")
    assert Event.objects.get(kind="records.declined").data["reason"] == "could not write"


# --- What the database holds by itself


def test_no_form_is_signed_without_a_signature_blank_or_in_part(cy):
    facts = {"state": "signed", "settled_at": make.NOW, "settled_on": make.TODAY}
    for row in (make.begun(cy), make.answered(cy, "financial_policy")):
        with refused_by("filling_signed_whole"):
            Filling.objects.filter(pk=row.pk).update(**facts)
            now_check()
    with refused_by("filling_declined_for_a_reason"):
        Filling.objects.filter(pk=make.begun(cy).pk).update(**facts | {"state": "declined"})


def test_a_signature_over_half_a_form_is_refused_by_the_database(cy):
    whole = make.signed(cy)
    row = make.begun(cy, "registration")
    actions.answer(
        hand=make.hand(), filling_id=row.pk, typed={"phone": ["312 555 0188"]}, at=make.NOW
    )
    forged = Signature.objects.get(pk=whole.pk)
    forged.pk, forged.filling = None, row

    with refused_by("filling_signed_whole"):
        forged.save(force_insert=True)
        Filling.objects.filter(pk=row.pk).update(
            state="signed", settled_at=make.NOW, settled_on=make.TODAY
        )
        now_check()
    with refused_by("signature_of_a_signed_form"):
        forged.pk = None
        forged.save(force_insert=True)
        now_check()


def test_bytes_that_are_not_those_of_the_hash_are_refused_by_the_database(cy):
    whole = make.signed(cy)
    row = make.answered(cy, "financial_policy")
    forged = Signature.objects.get(pk=whole.pk)
    forged.pk, forged.filling, forged.pdf = None, row, b"%PDF-another"

    with refused_by("signature_hash_of_its_bytes"):
        forged.save(force_insert=True)


def test_nobody_changes_what_was_signed_or_published(cy):
    signature = make.signed(cy)

    with refused_by("records_signature_append_only"):
        Signature.objects.filter(pk=signature.pk).update(pdf=b"x")
    with refused_by("filling_settled_stays"):
        Filling.objects.filter(pk=signature.filling_id).update(state="open")
    with refused_by("answer_while_open"):
        Answer.objects.filter(filling=signature.filling_id).update(values=["no"])
    with refused_by("answer_while_open"):
        Answer.objects.filter(filling=signature.filling_id).delete()
    with refused_by("form_version_published_stays"):
        FormVersion.objects.filter(pk=signature.filling.version_id).update(body={})


def test_a_copy_names_a_version_of_its_own_form(cy):
    row = make.begun(cy)
    other = make.form("financial_policy")

    with refused_by("filling_version_of_its_form"):
        Filling.objects.filter(pk=row.pk).update(form=other)
        now_check()


# --- Due


def test_what_is_due_is_what_the_clinic_asks_for_until_it_is_settled(cy):
    def due():
        told = queries.due(cy.pk, visit_type_id=None, on=make.TODAY, reading=reading())
        return [each.code for each in told]

    assert due() == ["consent_to_treat", "financial_policy", "privacy_notice"]
    make.signed(cy)
    make.on_paper(cy, "privacy_notice")
    assert due() == ["financial_policy"]


def test_what_is_due_costs_few_queries(cy, django_assert_num_queries):
    who = reading()

    with django_assert_num_queries(3):
        queries.due(cy.pk, visit_type_id=None, on=make.TODAY, reading=who)


def test_nobody_has_no_form(cy):
    with pytest.raises(Http404):
        queries.sheet(cy.pk + 1, make.form("consent_to_treat").pk, reading=reading())


def test_shipping_again_adds_nothing(cy):
    assert actions.ship(officer=None, at=make.NOW) == 0


# --- For the registration

MOVED = {"line": ["9 Elm St"], "city": ["Madison"], "state": ["wi"],
         "zip": ["53703-1234"], "contact": ["Ana Example"], "contact_phone": ["608 555 0123"],
         "email": ["Cy@Mail.example"]}  # fmt: skip


def test_answers_become_proposals_and_are_written_one_by_one_by_who_accepts_them(cy):
    make.signed(cy, "registration", **MOVED)
    told = {str(each.subject): each for each in queries.proposals(cy.pk, reading=reading())}
    assert set(told) == {"Phone", "E-mail", "Language", "Address", "In an emergency"}
    assert told["Address"].wanted == "9 Elm St, Madison, WI 537031234"
    officer = make.hand().officer

    for subject in ("Address", "Phone"):
        actions.accept(
            version=patients.kept(cy.pk)[0],
            officer=officer,
            proposal_id=told[subject].id,
            at=make.NOW,
        )
    actions.refuse(officer=officer, proposal_id=told["E-mail"].id, at=make.NOW)

    addresses = list(cy.addresses.order_by("rank").values_list("line", "use"))
    assert addresses[0] == ("9 Elm St", "home")
    assert ("12 Main St", "old") in addresses
    assert cy.phones.order_by("rank").first().number == "+13125550188"
    assert not cy.emails.exists()
    assert len(queries.proposals(cy.pk, reading=reading())) == 2
    changes = Event.objects.filter(kind="patients.changed", patient_id=cy.pk)
    assert {event.by_id for event in changes} == {officer.pk}
    with pytest.raises(actions.Decided):
        actions.refuse(officer=officer, proposal_id=told["Phone"].id, at=make.NOW)


def test_half_an_address_or_an_answer_to_what_was_not_asked_proposes_nothing(cy):
    with pytest.raises(actions.CannotSign) as half:
        make.signed(cy, "registration", line=["9 Elm St"])
    make.signed(cy, "registration", line=[], city=["Madison"])

    assert half.value.faults.keys() == {"city", "state", "zip"}
    assert set(Proposal.objects.values_list("subject", flat=True)) == {"phone", "language"}
