"""Rows of a form at the desk: added, answered, taken away, signed, sealed and told to programs."""

import json
from io import BytesIO

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from pypdf import PdfReader

from almoner.access.tests import make as access
from almoner.facility.tests import make as facility
from almoner.ground.constraints import violated
from almoner.patients.tests.make import patient as a_patient
from almoner.records import actions, queries, rules
from almoner.records.models import Answer, Form, FormVersion, Proposal, Signature
from almoner.records.tests import make
from almoner.records.tests.test_races import at_once
from almoner.records.tests.test_rows import CONTACTS, MEDICINES, contact, form, item

pytestmark = pytest.mark.django_db
PATIENT = actions.by_link("203.0.113.9")


@pytest.fixture
def ana(client):
    officer = access.officer("ana")
    client.force_login(officer)
    return officer


@pytest.fixture
def cy():
    facility.organisation()
    return a_patient(given="Cy", family="Example")


def published(body, code="medicines"):
    row = Form.objects.create(code=code, made_at=make.NOW)
    body = body | {"name": code}
    FormVersion.objects.create(
        form=row, number=1, body=body, made_at=make.NOW, published_at=make.NOW
    )
    return row


def begun(cy, body=MEDICINES):
    row = published(body)
    return actions.begin(hand=PATIENT, patient_id=cy.pk, form_id=row.pk, at=make.NOW)


def says(row, **typed):
    typed = {name.replace("_", "@"): said for name, said in typed.items()}
    actions.answer(hand=PATIENT, filling_id=row.pk, typed=typed, at=make.NOW)


def add(row, group="medicines"):
    return actions.add_row(hand=PATIENT, filling_id=row.pk, group=group, at=make.NOW)


def remove(row, number, group="medicines"):
    actions.remove_row(hand=PATIENT, filling_id=row.pk, group=group, row=number, at=make.NOW)


def test_rows_are_added_and_answered_by_themselves(cy):
    row = begun(cy)

    says(row, takes=["true"], name_1=["Aspirin"])
    fresh = add(row)
    says(row, name_2=["Metformin"])

    assert fresh == "2"
    assert queries.answers(row.pk) == {
        "takes": ("true",), "medicines": ("1", "2"), "name@1": ("Aspirin",),
        "name@2": ("Metformin",),
    }  # fmt: skip


def test_a_row_that_is_taken_away_takes_its_answers_and_leaves_the_others_where_they_are(cy):
    row = begun(cy)
    add(row)
    add(row)
    says(row, name_1=["Aspirin"], name_2=["Metformin"], name_3=["Insulin"])

    remove(row, "2")

    assert queries.answers(row.pk) == {
        "medicines": ("1", "3"), "name@1": ("Aspirin",), "name@3": ("Insulin",),
    }  # fmt: skip
    assert add(row) == "4"


def test_an_answer_to_a_row_that_is_gone_is_refused_and_another_stays(cy):
    row = begun(cy)
    add(row)
    remove(row, "2")

    with pytest.raises(actions.NotOffered):
        says(row, name_1=["Aspirin"], name_2=["Metformin"])

    assert queries.answers(row.pk) == {"medicines": ("1",)}


@pytest.mark.django_db(transaction=True)
def test_of_many_who_add_rows_at_once_each_gets_one_of_its_own_until_it_is_full(cy):
    row = begun(cy, form(item("a", required=True), item("g", "group", repeats=True,
                                                        item=[item("b")])))  # fmt: skip

    def one(_):
        try:
            return add(row, "g")
        except actions.Full:
            return None

    numbers = at_once(one, 24)

    given = [number for number in numbers if number]
    assert len(given) == len(set(given)) == 20
    assert set(queries.answers(row.pk)["g"]) == set(given)


def test_no_row_is_added_to_what_is_no_group(cy):
    row = begun(cy)

    with pytest.raises(actions.NotOffered):
        add(row, "takes")


def test_a_form_with_a_row_in_part_is_not_signed_and_the_database_lets_nobody_sign_it(
    cy, monkeypatch
):
    row = begun(cy)
    add(row)
    says(row, takes=["true"], name_1=["Aspirin"])

    with pytest.raises(actions.CannotSign) as refused:
        make.sign(row)
    assert refused.value.faults == {"name@2": "required"}

    body = form(item("g", "group", repeats=True, required=True, item=[item("b", required=True)]))
    bare = FormVersion.objects.create(
        form=Form.objects.create(code="bare", made_at=make.NOW), number=1, body=body,
        made_at=make.NOW, published_at=make.NOW,
    )  # fmt: skip
    copy = actions.begin(hand=PATIENT, patient_id=cy.pk, form_id=bare.form_id, at=make.NOW)
    says(copy, b_1=["x"])
    add(copy, "g")
    monkeypatch.setattr(rules, "faults", lambda *_: {})
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        signed_now(copy)
    assert violated(error.value, "filling_signed_whole")

    says(copy, b_2=["y"])
    signed_now(copy)


def signed_now(row):
    """Signed, and looked at by the database at once."""
    make.sign(row)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_what_is_sealed_shows_each_row_and_no_row_where_there_is_none(cy):
    row = begun(cy)
    add(row)
    says(row, takes=["true"], name_1=["Aspirin"], name_2=["Metformin"])
    says(row, doses_2=["1", "2"], visits=["2026-01-02", "2026-02-03"])

    signature = make.sign(row)

    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(signature.pdf)).pages)
    assert text.index("Ask medicines · 1") < text.index("Aspirin")
    assert text.index("Aspirin") < text.index("Ask medicines · 2") < text.index("Metformin")
    assert "01/02/2026" in text
    assert text[text.index("Ask people") :].split()[2] == "none"


def test_what_was_signed_is_told_as_fhir(client, ana, cy):
    row = begun(cy)
    says(row, takes=["true"], name_1=["Aspirin"])
    signature = make.sign(row)

    answer = client.get(reverse("signed_form_fhir", args=[signature.pk]))

    told = json.loads(answer.content)
    assert answer["Content-Type"] == "application/fhir+json"
    assert told["questionnaire"] == "urn:almoner:form:medicines|1"
    assert told["subject"]["identifier"]["value"] == cy.mrn
    (group,) = [one for one in told["item"] if one["linkId"] == "medicines"]
    assert group["item"][0]["answer"] == [{"valueString": "Aspirin"}]


def test_contacts_of_two_rows_are_two_proposals(cy):
    body = form(item("g", "group", repeats=True, required=True,
                     item=[contact("who", "name"), contact("call", "phone")]))  # fmt: skip
    row = begun(cy, body)
    add(row, "g")
    says(row, who_1=["Ana Ex"], who_2=["Bo Ex"])

    make.sign(row)

    told = {one.subject: one.values for one in Proposal.objects.all()}
    assert told == {"contact@1": {"name": "Ana Ex"}, "contact@2": {"name": "Bo Ex"}}
    assert {rules.key("contact", number) for number in ("1", "2")} == set(told)
    assert CONTACTS.in_rows == {"who", "call"}


# --- On the page


def page_of(cy, row):
    return reverse("fill_form", args=[cy.pk, row.form_id])


def typed(row, **answers):
    told = {"version": row.version_id}
    for name, said in answers.items():
        key = name.replace("_", "@")
        told |= {f"was.{key}": "", f"a.{key}": said}
    return told


def test_rows_are_added_and_taken_away_on_the_page_and_nothing_typed_is_lost(client, ana, cy):
    row = begun(cy)
    where = page_of(cy, row)

    first = client.post(
        where, typed(row, takes="true", name_1="Aspirin") | {"add_row": "medicines"}
    )
    second = client.post(where, typed(row, name_2="Metformin") | {"add_row": "medicines"})
    gone = client.post(where, typed(row, name_3="Insulin") | {"remove_row": "medicines@1"})

    assert first["Location"].endswith("#row-medicines@2")
    assert second["Location"].endswith("#row-medicines@3")
    assert gone["Location"].endswith("#rows-medicines")
    answers = queries.answers(row.pk)
    assert answers["medicines"] == ("2", "3")
    assert (answers["name@2"], answers["name@3"]) == (("Metformin",), ("Insulin",))
    page = client.get(where).content.decode()
    assert 'value="Metformin"' in page
    assert 'name="a.name@1"' not in page


def test_what_is_written_in_a_row_that_is_gone_is_left_out_and_the_rest_is_kept(client, ana, cy):
    row = begun(cy)
    add(row)
    remove(row, "2")

    told = client.post(
        page_of(cy, row), typed(row, name_2="Late", takes="true"), headers={"X-Sheet": "1"}
    ).json()

    assert told["rows"] == {"medicines": ["1"], "people": []}
    assert queries.answers(row.pk)["takes"] == ("true",)
    assert not Answer.objects.filter(values__contains=["Late"]).exists()


def test_a_form_with_rows_is_signed_from_the_page_that_showed_them_and_from_no_other(
    client, ana, cy
):
    row = begun(cy)
    says(row, takes=["true"], name_1=["Aspirin"])
    shown = {"version": row.version_id, "a.takes": "true", "a.name@1": "Aspirin",
             "a.medicines": "1", "sign": "1", "name": "Cy Example", "capacity": "self",
             "agrees": "1"}  # fmt: skip
    add(row, "people")

    stale = client.post(page_of(cy, row), shown)
    signed = client.post(page_of(cy, row), shown | {"a.people": "1"})

    assert stale.status_code == 409
    assert signed.status_code == 302
    assert Signature.objects.count() == 1
