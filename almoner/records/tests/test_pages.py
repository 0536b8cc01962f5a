"""The desk's pages of forms: filled field by field, signed, looked at with their seal."""

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from almoner.access.models import AccessEvent
from almoner.access.tests import make as access
from almoner.facility.tests import make as facility
from almoner.ground import clock
from almoner.patients import actions as patients
from almoner.patients import queries as records
from almoner.patients.rules.details import Phone
from almoner.patients.tests.make import patient as a_patient
from almoner.patients.tests.make import picture
from almoner.records import actions
from almoner.records.models import Answer, Filling, FormVersion, Proposal, Signature, Upload
from almoner.records.tests import make

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SIGNED = {"sign": "1", "name": "Cy Example", "capacity": "self", "agrees": "1"}


def signs(code="consent_to_treat", **facts):
    """What a page of the version in use sends that is signed; ``facts`` instead of single words."""
    version = FormVersion.objects.filter(form__code=code).latest("number")
    return SIGNED | {"version": version.pk} | facts


@pytest.fixture
def cy():
    make.ship()
    facility.organisation()
    return a_patient(given="Cy", family="Example")


@pytest.fixture
def ana(client, cy, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: make.NOW)
    officer = access.officer("ana-at-the-desk", location=facility.location())
    client.force_login(officer, backend=BACKEND)
    return officer


def page_of(cy, code="consent_to_treat", name="fill_form"):
    return reverse(name, args=[cy.pk, make.form(code).pk])


def typed(**answers):
    """What a page sends that showed everything empty."""
    return {f"a.{name}": value for name, value in answers.items()} | {
        f"was.{name}": "" for name in answers
    }


def text(response):
    return response.content.decode()


def test_a_form_is_shown_in_the_patients_language_or_another(client, ana, cy):
    english = text(client.get(page_of(cy)))
    spanish = text(client.get(page_of(cy) + "?lang=es"))

    assert "I have read this, or it was read to me" in english
    assert "Lo he leído, o me lo leyeron" in spanish
    assert "Consentimiento para el tratamiento" in spanish
    assert not Filling.objects.exists()  # to look is not to begin


def test_the_script_keeps_each_answer_and_is_told_what_is_asked_now(client, ana, cy):
    where = page_of(cy, "registration")

    answer = client.post(where, typed(contact="Dot Example"), headers={"X-Sheet": "1"})

    told = answer.json()
    assert "contact_phone" in told["shown"]
    assert told["kept"]["contact"] == "Dot Example"
    assert Answer.objects.get().by_id == ana.pk
    again = text(client.get(where))
    assert 'value="Dot Example"' in again


def test_a_page_saves_only_what_was_changed_on_it(client, ana, cy):
    row = make.answered(cy, "registration", email=["new@mail.example"])
    stale = {"was.email": "", "a.email": "", "was.phone": "312 555 0188", "a.phone": "608 555 0123"}

    client.post(page_of(cy, "registration"), stale)

    kept = dict(Answer.objects.filter(filling=row).values_list("link_id", "values"))
    assert (kept["email"], kept["phone"]) == (["new@mail.example"], ["608 555 0123"])


def test_what_is_missing_is_said_at_its_question_and_what_was_typed_is_kept(client, ana, cy):
    where = page_of(cy, "registration")

    page = client.post(where, typed(phone="12", line="9 Elm St") | signs("registration"))

    assert page.status_code == 422
    assert "This is no phone number." in text(page)
    assert 'value="12"' in text(page)
    assert 'value="Cy Example"' in text(page)
    assert 'href="#q-city"' in text(page)
    assert not Signature.objects.exists()


@pytest.mark.parametrize(
    ("left_out", "says"),
    [
        ("name", "Write the name of the person who signs."),
        ("agrees", "Agree to sign electronically, or ask for paper."),
    ],
)
def test_a_signature_without_a_name_or_consent_is_told_so(client, ana, cy, left_out, says):
    said = {name: value for name, value in signs().items() if name != left_out}

    page = client.post(page_of(cy), typed(agree="read") | said)

    assert page.status_code == 422
    assert says in text(page)


def test_a_signed_form_is_shown_with_its_seal_and_its_paper(client, ana, cy):
    done = client.post(page_of(cy), typed(agree="read") | signs(), follow=True)
    assert "Signed and sealed." in text(done)
    signature = Signature.objects.get()
    assert (signature.seen_by_id, signature.address) == (ana.pk, "127.0.0.1")

    page = client.get(reverse("signed_form", args=[signature.pk]))
    paper = client.get(reverse("signed_form_pdf", args=[signature.pk]))

    assert "The seal holds" in text(page)
    assert bytes(signature.sha256).hex() in text(page)
    assert paper.content == bytes(signature.pdf)
    assert (paper["Content-Type"], paper["X-Content-Type-Options"]) == (
        "application/pdf", "nosniff",
    )  # fmt: skip
    screens = AccessEvent.objects.filter(patient_ids=[cy.pk]).values_list("screen", flat=True)
    assert {"records.signed_form", "records.signed_form_pdf"} <= set(screens)


def test_a_seal_that_is_broken_is_said(client, ana, cy, monkeypatch):
    signature = make.signed(cy)
    monkeypatch.setattr("almoner.records.queries.documents.digest", lambda _body: b"another")

    page = client.get(reverse("signed_form", args=[signature.pk]))

    assert "The seal is broken" in text(page)


def test_a_form_is_declined_for_a_reason_only(client, ana, cy):
    where = page_of(cy, "privacy_notice", "decline_form")

    assert client.post(where, {"reason": " "}).status_code == 422
    assert client.post(where, {"reason": "refused"}).status_code == 302

    assert Filling.objects.get().reason == "refused"


def test_a_form_on_paper_keeps_a_scan_that_is_only_handed_out_as_a_file(client, ana, cy):
    where = page_of(cy, name="form_on_paper")
    page = b"<html><script>alert(1)</script>"

    refused = client.post(where, {"scan": SimpleUploadedFile("scan.jpg", page, "image/jpeg")})
    kept = client.post(where, {"scan": picture()})

    assert (refused.status_code, kept.status_code) == (422, 302)
    assert Filling.objects.get().state == "on_paper"
    scan = client.get(reverse("uploaded", args=[Upload.objects.get().pk]))
    assert scan["Content-Type"] == "image/jpeg"
    assert scan["Content-Disposition"].startswith("attachment")
    assert scan["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in scan["Content-Security-Policy"]


def test_who_began_with_an_older_version_goes_on_with_it(client, ana, cy):
    row = make.begun(cy)
    body = row.version.body | {"title": "Another title"}
    FormVersion.objects.create(
        form=row.form, number=2, body=body, made_at=make.NOW, published_at=make.NOW
    )

    assert "Another title" not in text(client.get(page_of(cy)))
    client.post(page_of(cy), typed(agree="read") | signs(version=row.version_id))
    assert "Another title" in text(client.get(page_of(cy)))


def test_the_patients_forms_are_listed_and_what_they_propose_is_decided(client, ana, cy):
    make.signed(cy, "registration")
    where = reverse("patient_forms", args=[cy.pk])

    page = text(client.get(where))
    assert "Registration" in page
    assert "(312) 555-0188" in page
    phone = Proposal.objects.get(subject="phone")
    told = client.post(
        reverse("accept_proposal", args=[phone.pk]), {"version": shown_beside(cy)}, follow=True
    )

    assert "Taken into the registration." in text(told)
    first = cy.phones.order_by("rank").first()
    assert (first.number, first.may_text) == ("+13125550188", False)
    again = client.post(reverse("refuse_proposal", args=[phone.pk]), follow=True)
    assert "Somebody has decided about that already." in text(again)


def test_the_list_is_paged_and_costs_the_same_however_long(
    client, ana, cy, django_assert_max_num_queries
):
    for _ in range(3):
        make.on_paper(cy, "consent_to_treat")
    with django_assert_max_num_queries(14):
        client.get(reverse("patient_forms", args=[cy.pk]))
    for _ in range(60):
        make.on_paper(cy, "consent_to_treat")

    with django_assert_max_num_queries(14):
        page = text(client.get(reverse("patient_forms", args=[cy.pk])))

    assert page.count("Signed on paper</") == 50
    assert "Older" in page


def test_the_consent_is_taken_back_at_the_desk(client, ana, cy):
    make.signed(cy)

    client.post(reverse("withdraw_consent", args=[cy.pk]))

    page = client.post(
        page_of(cy, "financial_policy"),
        typed(agree="read") | signs("financial_policy", agrees=""),
    )
    assert page.status_code == 422


@pytest.mark.parametrize(
    "forged", [{"a.agree": "other", "was.agree": ""}, {"a.students": ["true", "false"],
                                                      "was.students": ""}],
)  # fmt: skip
def test_a_forged_answer_is_refused_and_nothing_is_kept(client, ana, cy, forged):
    client.post(page_of(cy), forged)

    assert not Answer.objects.exists()


def test_what_was_settled_meanwhile_is_said(client, ana, cy, monkeypatch):
    def settled(**_facts):
        raise actions.Settled

    monkeypatch.setattr(actions, "answer", settled)

    page = client.post(page_of(cy), typed(agree="read"), follow=True)

    assert "This form is settled or has changed." in text(page)


@pytest.mark.parametrize(
    ("act", "page"),
    [
        ("answer", "fill_form"),
        ("begin", "fill_form"),
        ("decline", "decline_form"),
        ("take_on_paper", "form_on_paper"),
    ],
)
@pytest.mark.usefixtures("ana")
def test_whatever_came_too_late_for_a_form_is_told_so(client, cy, monkeypatch, act, page):
    facts = typed(agree="read") | {"reason": "refused"}
    for refusal in (actions.Settled, actions.NotInUse):

        def refused(*, refusal=refusal, **_facts):
            raise refusal

        monkeypatch.setattr(actions, act, refused)
        told = client.post(page_of(cy, name=page), facts, follow=True)
        assert "This form is settled or has changed." in text(told)


def test_a_signature_that_came_too_late_is_told_so(client, ana, cy, monkeypatch):
    def refused(**_facts):
        raise actions.Settled

    monkeypatch.setattr(actions, "sign", refused)

    told = client.post(page_of(cy), typed(agree="read") | signs(), follow=True)

    assert "This form is settled or has changed." in text(told)


def shown_beside(cy):
    """The version of the registration that the page of proposals shows."""
    return cy.__class__.objects.values_list("version", flat=True).get(pk=cy.pk)


def test_what_was_changed_since_the_page_was_shown_is_not_replaced(client, ana, cy):
    make.signed(cy, "registration")
    phone, seen = Proposal.objects.get(subject="phone"), shown_beside(cy)
    version, details = records.kept(cy.pk)
    told = replace(details, phones=(Phone("+16085550190"),))
    patients.change(officer=ana, patient_id=cy.pk, version=version, details=told, at=make.NOW)

    page = client.post(reverse("accept_proposal", args=[phone.pk]), {"version": seen}, follow=True)

    assert "Nothing was replaced" in text(page)
    assert [each.number for each in cy.phones.all()] == ["+16085550190"]


def test_a_record_changed_this_moment_takes_no_proposal_over(client, ana, cy, monkeypatch):
    make.signed(cy, "registration")
    phone = Proposal.objects.get(subject="phone")

    def overtaken(**_facts):
        raise patients.ChangedMeanwhile

    monkeypatch.setattr(patients, "change", overtaken)
    told = client.post(
        reverse("accept_proposal", args=[phone.pk]), {"version": shown_beside(cy)}, follow=True
    )

    assert "Nothing was replaced" in text(told)
    phone.refresh_from_db()
    assert phone.state == "open"


def newer(code, **changes):
    """A version is published while pages show the one before."""
    shown = FormVersion.objects.filter(form__code=code).latest("number")
    return FormVersion.objects.create(
        form=shown.form, number=shown.number + 1, body=shown.body | changes, made_at=make.NOW,
        published_at=make.NOW,
    )  # fmt: skip


def test_a_page_of_an_older_version_signs_nothing_and_what_was_written_on_it_is_kept(
    client, ana, cy
):
    said = typed(medicines="aspirin", help="quiet") | signs("registration")
    newer("registration", title="Registration anew")

    page = client.post(page_of(cy, "registration"), said)

    assert page.status_code == 409
    assert "Registration anew" in text(page)
    assert "Read it once more before you sign" in text(page)
    assert ">aspirin</textarea>" in text(page)
    assert 'value="quiet" checked' not in text(page)  # ticked under another text
    assert not Signature.objects.exists()


def test_a_page_of_another_version_keeps_no_answer_by_itself(client, ana, cy):
    said = typed(agree="read") | {"version": signs()["version"]}
    newer("consent_to_treat")

    page = client.post(page_of(cy), said, headers={"X-Sheet": "1"})

    assert page.status_code == 409
    assert not Answer.objects.exists()


def test_what_another_device_answered_is_read_before_it_is_signed(client, ana, cy):
    row = make.begun(cy)
    actions.answer(hand=make.hand(), filling_id=row.pk, typed={"students": ["false"]}, at=make.NOW)
    stale = typed(agree="read", students="")

    page = client.post(page_of(cy), stale | signs())

    assert page.status_code == 409
    assert 'value="false" checked' in text(page)
    assert 'value="read" checked' in text(page)
    assert 'value="Cy Example"' in text(page)
    assert not Signature.objects.exists()


def test_a_page_that_does_not_say_what_it_showed_signs_nothing(client, ana, cy):
    page = client.post(page_of(cy), typed(agree="read") | SIGNED)

    assert page.status_code == 409
    assert not Signature.objects.exists()
