"""What a form does not ask, since it is known: the rule, and the page at the desk."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.access.tests import make as access
from almoner.patients.tests.make import Address, Phone
from almoner.patients.tests.make import patient as a_patient
from almoner.records import actions, queries, rules
from almoner.records.models import Answer, Proposal, Signature
from almoner.records.rules import Told
from almoner.records.tests import make

FORM = rules.parsed(
    json.loads((Path(__file__).parents[1] / "data/registration.json").read_text())["questionnaire"]
)
HOME = {"line": "77 Elmwood Ave", "city": "Madison", "state": "WI", "zip_code": "53703"}
KNOWN = {
    "phone": Told({"value": "+14145550142"}, "ends in 42", said=True),
    "email": Told({}, "", said=True),
    "language": Told({"value": "es"}, "Spanish", said=False),
    "address": Told(HOME, "Madison", said=True),
    "contact": Told({"name": "Dot Example", "phone": "+14145550199"}, "Dot", said=False),
}


def test_what_is_known_stands_with_its_values():
    assert rules.stands(FORM, {}, KNOWN) == {
        "phone": {"phone": ("+14145550142",)},
        "email": {"email": ()},
        "language": {"language": ("es",)},
        "address": {
            "line": ("77 Elmwood Ave",), "city": ("Madison",), "state": ("WI",), "zip": ("53703",),
        },
        "contact": {
            "contact": ("Dot Example",), "relation": (), "contact_phone": ("+14145550199",),
        },
    }  # fmt: skip


def test_what_was_written_on_the_form_is_not_overtaken_in_any_part():
    found = rules.stands(FORM, {"city": ("Milwaukee",), "phone": ("608 555 0111",)}, KNOWN)

    assert found.keys() == {"email", "language", "contact"}


@pytest.mark.parametrize(
    ("subject", "parts"),
    [
        ("language", {"value": "hmn"}),
        ("language", {}),
        ("address", HOME | {"zip_code": "S7K 0J5"}),
        ("address", HOME | {"state": ""}),
        ("phone", {"value": "12"}),
    ],
)
def test_what_is_no_answer_that_the_form_takes_is_asked(subject, parts):
    known = KNOWN | {subject: replace(KNOWN[subject], parts=parts)}

    assert subject not in rules.stands(FORM, {}, known)


@given(
    st.dictionaries(
        st.sampled_from(sorted(FORM.questions)),
        st.lists(st.sampled_from(["", "es", "true", "12", "Madison", "WI"]), max_size=1).map(tuple),
    ),
    st.sets(st.sampled_from(sorted(KNOWN))),
)
def test_nothing_that_stands_was_answered_or_stands_in_the_way_of_signing(answers, subjects):
    known = {subject: KNOWN[subject] for subject in subjects}

    stand = rules.stands(FORM, answers, known)

    names = {name for said in stand.values() for name in said}
    assert stand.keys() <= subjects
    assert not any(answers.get(name) for name in names)
    whole = answers | rules.carried(FORM, answers, known)
    assert not names & rules.faults(FORM, whole).keys()


# --- At the desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client):
    officer = access.officer("ana")
    client.force_login(officer)
    make.ship()
    make.facility.organisation()
    return officer


@pytest.fixture
def cy():
    return a_patient(
        birth_date=make.date(1984, 4, 27),
        language="es",
        phones=(Phone(number="+14145550142"),),
        addresses=(Address("77 Elmwood Ave", "", "Madison", "WI", "53703"),),
        emails=("cy@harborline.org",),
    )


def page_of(patient):
    return f"/forms/patients/{patient.pk}/{make.form('registration').pk}/?lang=en"


def text(response):
    return " ".join(response.content.decode().split())


def hidden(page, name):
    return re.findall(rf'<input type="hidden" name="{name}" value="([^"]*)">', page)


def signs(page, **facts):
    told = {name: hidden(page, name) for name in ("version", "told", "anew")}
    return told | {"sign": "1", "name": "Cy Example", "capacity": "self", "agrees": "1"} | facts


def test_what_the_record_keeps_is_said_to_be_right_by_one_press(client, ana, cy):
    page = text(client.get(page_of(cy)))
    assert "77 Elmwood Ave" in page
    assert "From your record" in page
    assert 'name="a.line"' not in page

    refused = client.post(page_of(cy), signs(page))
    assert refused.status_code == 422
    assert 'href="#sign-right"' in text(refused)
    assert "#q-language" not in text(refused)
    assert re.search(
        r'<input type="checkbox" id="sign-right"[^>]*aria-invalid[^>]*data-focus', text(refused)
    )
    assert not Signature.objects.exists()

    client.post(page_of(cy), signs(page, right="1"))

    signature = Signature.objects.get()
    kept = dict(Answer.objects.values_list("link_id", "values"))
    assert kept == {
        "phone": ["+14145550142"], "email": ["cy@harborline.org"], "language": ["es"],
        "line": ["77 Elmwood Ave"], "city": ["Madison"], "state": ["WI"], "zip": ["53703"],
    }  # fmt: skip
    assert signature.filling.state == "signed"
    assert not Proposal.objects.exists()


def test_one_of_it_is_asked_anew_and_all_else_stays(client, ana, cy):
    page = text(client.get(page_of(cy)))
    there = client.post(
        page_of(cy),
        signs(page, ask="phone") | {"sign": [], "was.medicines": "", "a.medicines": "aspirin"},
    )
    assert there.url.endswith("#q-phone")
    again = text(client.get(there.url))
    assert 'id="q-phone" name="a.phone" value=""' in again
    assert "aspirin" in again
    assert 'name="a.line"' not in again

    typed = {"was.phone": "", "a.phone": "608 555 0111", "was.medicines": "aspirin",
             "a.medicines": "aspirin"}  # fmt: skip
    client.post(there.url, signs(again, right="1") | typed)

    assert Signature.objects.count() == 1
    kept = dict(Answer.objects.values_list("link_id", "values"))
    assert kept["phone"] == ["608 555 0111"]
    assert list(Proposal.objects.values_list("subject", flat=True)) == ["phone"]


def test_nobody_signs_what_the_record_did_not_say_on_their_page(client, ana, cy):
    page = text(client.get(page_of(cy)))
    cy.phones.update(number="+14145550177")

    stale = client.post(page_of(cy), signs(page, right="1"))

    assert stale.status_code == 409
    assert "0177" in text(stale)
    assert not Signature.objects.exists()


def test_the_paper_says_what_was_read_and_no_more(ana, cy):
    row = make.begun(cy, "registration")
    known = KNOWN | {"phone": replace(KNOWN["phone"], text="(•••) •••-••42")}
    version = queries.version(row.version_id)
    signature = actions.sign(
        hand=make.hand(), filling_id=row.pk, signing=make.signing(right=True), seen={},
        language="en", zone=make.CHICAGO, at=make.NOW, known=known,
    )  # fmt: skip

    blocks = actions.sealing.paper_data(signature, version, {}, language="en", known=known)[
        "blocks"
    ]

    said = {block["text"]: block["values"] for block in blocks}
    assert said["Phone"] == ["(•••) •••-••42", "You said it for this visit"]
    assert said["E-mail"] == ["none", "You said it for this visit"]
    assert "Street and number" not in said
    assert "555" not in json.dumps(blocks)


def test_at_the_desk_what_is_known_is_said_in_the_language_of_the_form(client, ana, cy):
    cy.contacts.create(
        name="Dot Example", kind="emergency", relation="sibling", phone="+14145550199"
    )

    spanish = text(client.get(page_of(cy).replace("lang=en", "lang=es")))
    english = text(client.get(page_of(cy)))

    assert "<b>Español</b>" in spanish
    assert "Dot Example, hermano o hermana, " in spanish
    assert "<b>Spanish</b>" in english
    assert "Dot Example, sibling, " in english
