"""The pages of the patients duty, through their doors."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from almoner.access.models import AccessEvent, Officer
from almoner.access.tests import make as access
from almoner.ground import clock, events
from almoner.patients import actions, forms, queries
from almoner.patients.models import Change, Decision, Look, Patient
from almoner.patients.tests import make
from almoner.patients.tests.typed import untouched

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client):
    officer = access.officer("ana")
    client.force_login(officer)
    return officer


@pytest.fixture
def cy():
    return make.patient()


def looks():
    return AccessEvent.objects.order_by("at", "id")


def opened(officer, patient):
    """Somebody called, and said name and birth date."""
    actions.open_record(
        officer=officer,
        patient_id=patient.pk,
        said="phone",
        confirmed_by=("name", "birth_date"),
        at=clock.now(),
    )


TYPED = {
    "family": "Nakamura", "given": "Dot", "birth_date": "9/9/71", "sex": "female",
    "phone": "3125550188", "line": "9 Elm St", "zip_code": "60601", "city": "Chicago",
    "state": "IL", "language": "en", "guarantor": "self", "phone_use": "mobile",
}  # fmt: skip


# The first page and the search


def test_the_first_page_is_the_search_box(client, ana):
    answer = client.get("/")

    assert answer.status_code == 200
    assert b'id="find-box"' in answer.content
    assert not looks().exists()


def test_panels_of_today_come_from_the_duties_that_registered_them(client, ana, monkeypatch):
    panels = {}
    monkeypatch.setattr("almoner.patients.queries.registry._today", panels)
    queries.today(
        "callbacks", 10, "patients.find", "patients/history.html", lambda _: {"lines": ()}
    )
    queries.today("secret", 20, "privacy.view", "patients/missing.html", lambda _: {})

    answer = client.get("/")

    assert b"today-callbacks" in answer.content
    assert b"today-secret" not in answer.content


def test_a_search_shows_little_and_is_logged(client, ana, cy):
    answer = client.post("/patients/find/", {"q": "garcia 3/4/85"}, headers={"HX-Request": "true"})

    text = answer.content.decode()
    assert "Garcia, Cy" in text
    assert "0117" in text
    assert "555-0117" not in text
    assert "12 Main St" not in text
    [event] = looks()
    assert event.patient_ids == [cy.pk]
    assert (event.reason_kind, event.note) == ("search", "name, birth_date")


def test_enter_opens_the_only_one_found(client, ana, cy):
    answer = client.post("/patients/find/", {"q": "garcia 3/4/85"})

    assert answer.status_code == 302
    assert answer["Location"].startswith(f"/patients/{cy.pk}/?found=")


def test_several_found_are_listed_on_the_page(client, ana, cy):
    make.patient(given="Kim")

    answer = client.post("/patients/find/", {"q": "garcia"})

    assert answer.status_code == 200
    assert answer.content.count(b'id="found-') >= 2


def test_nobody_found_says_what_to_do(client, ana):
    answer = client.post("/patients/find/", {"q": "zzyzx"}, headers={"HX-Request": "true"})

    assert b"Register a patient" in answer.content
    assert not looks().exists()


def test_what_found_nobody_is_carried_into_the_registration_and_into_no_address(client, ana):
    typed = "nakamura dot 9/9/71 312-555-0188"
    found = client.post("/patients/find/", {"q": typed}).content.decode()

    answer = client.post("/patients/new/typed/", {"q": typed})

    assert found.count('action="/patients/new/typed/"') == 2
    assert found.count(f'name="q" value="{typed}"') == 3
    assert "nakamura" not in answer.request["QUERY_STRING"]
    initial = answer.context["form"].initial
    assert (initial["family"], initial["given"]) == ("Nakamura", "Dot")
    text = answer.content.decode()
    assert 'value="09/09/1971"' in text
    assert 'value="312-555-0188"' in text
    assert client.get("/patients/new/typed/", {"q": typed}).status_code == 405


def test_what_was_carried_over_is_registered_as_if_typed(client, ana):
    form = client.post("/patients/new/typed/", {"q": "nakamura dot 9/9/71"}).context["form"]
    values = {name: form[name].value() for name in form.fields if form[name].value() is not None}

    client.post("/patients/new/", values)

    dot = Patient.objects.get(family="Nakamura")
    assert (dot.given, dot.birth_date) == ("Dot", date(1971, 9, 9))


def test_somebody_like_what_was_carried_over_is_shown_at_once(client, ana, cy):
    answer = client.post("/patients/new/typed/", {"q": "garzia cy 3/4/85 312 555 0117"})

    assert f'id="alike-{cy.pk}"' in answer.content.decode()
    assert cy.pk in looks().last().patient_ids


def test_with_nothing_typed_the_registration_begins_empty(client, ana):
    assert client.post("/patients/new/typed/", {"q": "  "})["Location"] == "/patients/new/"


# Opening a record


def test_an_unexplained_record_asks_for_the_reason_first(client, ana, cy):
    answer = client.get(f"/patients/{cy.pk}/")

    assert b"Why is this record opened?" in answer.content
    assert b"panel-details" not in answer.content
    [event] = looks()
    assert event.grade == "D"


def test_a_search_by_two_identifiers_leaves_only_the_reason_to_say(client, ana, cy):
    found = client.post("/patients/find/", {"q": "garcia 3/4/85"})["Location"]
    asked = client.get(found)
    assert b'name="confirmed_by"' not in asked.content

    ticket = found.partition("found=")[2]
    answer = client.post(f"/patients/{cy.pk}/open/", {"said": "phone", "found": ticket})

    assert answer.status_code == 302
    look = Look.objects.get()
    assert (look.said, look.confirmed_by) == ("phone", ["name", "birth_date"])
    page = client.get(answer["Location"])
    assert b"panel-details" in page.content
    event = looks().last()
    assert (event.reason_kind, event.reason_id) == ("look", look.pk)
    assert event.confirmed_by == ["name", "birth_date"]


def test_a_name_alone_needs_one_more_identifier(client, ana, cy):
    ticket = client.post("/patients/find/", {"q": "garcia"})["Location"].partition("found=")[2]
    url = f"/patients/{cy.pk}/open/"

    refused = client.post(url, {"said": "desk", "found": ticket})
    opened_then = client.post(
        url, {"said": "desk", "found": ticket, "confirmed_by": ["birth_date"]}
    )

    assert refused.status_code == 422
    assert opened_then.status_code == 302
    assert Look.objects.get().confirmed_by == ["name", "birth_date"]


def test_a_ticket_of_another_patient_or_officer_proves_nothing(client, ana, cy):
    kim = make.patient(given="Kim", birth_date=date(1990, 1, 2))
    location = client.post("/patients/find/", {"q": "garcia 3/4/85"})["Location"]
    ticket = location.partition("found=")[2]

    other_patient = client.post(f"/patients/{kim.pk}/open/", {"said": "desk", "found": ticket})
    client.force_login(access.officer("bea"))
    other_officer = client.post(f"/patients/{cy.pk}/open/", {"said": "desk", "found": ticket})

    assert other_patient.status_code == other_officer.status_code == 422
    assert not Look.objects.exists()


def test_another_reason_must_be_said_in_words(client, ana, cy):
    ids = {"confirmed_by": ["birth_date", "phone"]}
    url = f"/patients/{cy.pk}/open/"

    assert client.post(url, {"said": "other", **ids}).status_code == 422
    assert client.post(url, {"said": "other", "note": "Lost wallet", **ids}).status_code == 302


def test_what_was_said_is_an_own_word_until_something_comes_of_it(client, ana, cy):
    opened(ana, cy)
    client.get(f"/patients/{cy.pk}/")
    assert looks().last().grade == "D"

    events.record("scheduling.booked", at=clock.now(), by=ana, about=cy, patient_id=cy.pk)
    client.get(f"/patients/{cy.pk}/")

    assert looks().last().grade == "C"


def test_what_was_said_stands_for_half_an_hour(cy):
    ana = access.officer("ana")
    at = make.REGISTERED + timedelta(days=1)
    actions.open_record(
        officer=ana, patient_id=cy.pk, said="desk", confirmed_by=("name", "phone"), at=at
    )

    assert queries.recent_look(cy.pk, ana, at + timedelta(minutes=29))
    assert queries.recent_look(cy.pk, ana, at + timedelta(minutes=31)) is None
    assert queries.recent_look(cy.pk, access.officer("bea"), at) is None


# The patient's page


def test_the_page_shows_what_is_kept(client, ana):
    cy = make.patient(
        name_used="Mel", pronouns="they/them", language="es", interpreter_needed=True,
        contacts=(make.Contact("Rosa Garcia", relation="mother", phone="+13125550199"),),
    )  # fmt: skip
    opened(ana, cy)

    text = client.get(f"/patients/{cy.pk}/").content.decode()

    for kept in (
        "Mel Garcia", "they/them", "Spanish", "Interpreter", "(312) 555-0117", "12 Main St",
        "Rosa Garcia", "(312) 555-0199", cy.mrn,
    ):  # fmt: skip
        assert kept in text


def test_the_page_reads_the_patient_twice_however_much_is_kept(client, ana, monkeypatch):
    """Header and record; what other duties show of him they read themselves."""
    monkeypatch.setattr("almoner.patients.queries.registry._panels", {})
    queries.own_panels()
    plain = make.patient(family="Oyelaran", phones=(), addresses=())
    cy = make.patient(
        phones=tuple(make.Phone(f"+1312555012{n}") for n in range(5)),
        contacts=tuple(make.Contact(f"Rosa {n}") for n in range(5)),
    )
    for name in ("Kim", "Lee", "Lena"):
        make.patient(given=name, household_with=cy.pk)

    asked = []
    for patient in (plain, cy):
        opened(ana, patient)
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/patients/{patient.pk}/")
        asked.append([query["sql"] for query in captured])

    assert len([sql for sql in asked[1] if "FROM patients_patient p" in sql]) == 2
    assert len(asked[1]) <= len(asked[0])


def test_the_household_shown_counts_as_seen(client, ana, cy):
    kim = make.patient(given="Kim", household_with=cy.pk)
    opened(ana, cy)

    client.get(f"/patients/{cy.pk}/")

    event = looks().last()
    assert set(event.patient_ids) == {cy.pk, kim.pk}
    assert event.reason_kind == "look"


def test_a_lazy_panel_comes_by_itself(client, ana, cy):
    twin = make.patient(given="Cyrus")
    opened(ana, cy)

    answer = client.get(f"/patients/{cy.pk}/panels/duplicates/")

    assert b"May be the same person" in answer.content
    assert looks().filter(patient_ids__contains=[twin.pk]).exists()


def test_a_summary_reads_the_patient_once_and_is_logged_with_its_reason(client, ana, cy):
    opened(ana, cy)

    with CaptureQueriesContext(connection) as asked:
        answer = client.get(f"/patients/{cy.pk}/summary/")

    text = answer.content.decode()
    assert "Garcia" in text
    assert f'href="/patients/{cy.pk}/"' in text
    assert sum("FROM patients_patient p" in query["sql"] for query in asked) == 1
    [seen] = looks().filter(screen="patients.summary")
    assert (seen.patient_ids, seen.reason_kind) == ([cy.pk], "look")


def test_a_summary_that_nothing_explains_leads_to_the_page_that_asks(client, ana, cy):
    answer = client.get(f"/patients/{cy.pk}/summary/")

    assert answer.headers["HX-Redirect"] == f"/patients/{cy.pk}/"
    assert answer.content == b""
    assert not looks().exists()


def test_two_who_look_alike_are_told_apart_for_good(client, ana, cy):
    other = make.patient(given="Cyrus")

    client.post(f"/patients/{cy.pk}/not-the-same/{other.pk}/")
    client.post(f"/patients/{other.pk}/not-the-same/{cy.pk}/")

    assert Decision.objects.count() == 1
    assert b"May be" not in client.get(f"/patients/{cy.pk}/panels/duplicates/").content


# Registering


def test_the_form_opens_empty(client, ana):
    assert client.get("/patients/new/").status_code == 200


def test_registering_opens_the_new_record_without_a_question(client, ana):
    answer = client.post("/patients/new/", TYPED, follow=True)

    dot = Patient.objects.get()
    assert answer.redirect_chain == [(f"/patients/{dot.pk}/", 302)]
    assert b"panel-details" in answer.content
    assert looks().last().reason_kind == "registration"
    [phone] = dot.phones.all()
    assert phone.number == "+13125550188"


def test_a_known_zip_code_fills_in_the_town(client, ana, cy):
    client.post("/patients/new/", TYPED | {"zip_code": "62701", "city": "", "state": ""})

    home = Patient.objects.get(family="Nakamura").addresses.get()
    assert (home.city, home.state) == ("Springfield", "IL")


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"birth_date": "31/31/85"}, "31/31/85"),
        ({"birth_date": ""}, "Birth date"),
        ({"phone": "555"}, "is not a phone number"),
        ({"family": "", "given": " "}, "A family name or a given name is needed"),
        ({"line": ""}, "Street and number belong to the address"),
        ({"zip_code": "99999", "city": ""}, "type the city"),
        ({"guarantor": "other"}, "Type the name of who pays"),
        ({"sex": "nonsense"}, "Sex"),
    ],
)
def test_bad_input_names_the_field_and_loses_nothing(client, ana, wrong, named):
    answer = client.post("/patients/new/", TYPED | {"name_used": "Dottie"} | wrong)

    text = answer.content.decode()
    assert answer.status_code == 422
    assert named in text
    assert 'value="Dottie"' in text
    assert not Patient.objects.exists()


def test_the_same_person_again_must_be_looked_at(client, ana):
    client.post("/patients/new/", TYPED)

    again = client.post("/patients/new/", TYPED)

    assert again.status_code == 422
    assert b"may be this person" in again.content
    assert b"Use this record" in again.content
    assert Patient.objects.count() == 1


def test_saying_not_the_same_person_registers_and_is_remembered(client, ana):
    client.post("/patients/new/", TYPED)
    first = Patient.objects.get()

    client.post("/patients/new/", TYPED | {"not_same": [first.pk]})

    assert Patient.objects.count() == 2
    assert Decision.objects.count() == 1


def test_while_typing_the_desk_says_who_it_may_be_and_why(client, ana, cy):
    answer = client.post(
        "/patients/new/alike/", {"family": "Garcia", "given": "Cy", "birth_date": "4/3/85"}
    )

    text = answer.content.decode()
    assert "same numbers, day and month swapped" in text
    assert cy.mrn in text
    assert looks().last().patient_ids == [cy.pk]


AT_CYS = {"family": "Lopez", "given": "Ann", "line": "12 Main Street", "zip_code": "62701"}


@pytest.mark.parametrize("chosen", [False, True])
def test_while_typing_the_household_is_offered_in_the_form_itself(client, ana, cy, chosen):
    said = {"household_with": str(cy.pk)} if chosen else {}

    text = client.post("/patients/new/alike/", AT_CYS | said).content.decode()

    checked = " checked" if chosen else ""
    assert f'name="household_with" value="{cy.pk}"{checked}>' in text
    assert "?with=" not in text  # a link would lose what was typed


def test_who_is_chosen_while_typing_shares_the_household(client, ana, cy):
    form = TYPED | {"household_with": ["", str(cy.pk)], "guarantor": "household"}

    client.post("/patients/new/", form)

    dot = Patient.objects.get(family="Nakamura")
    assert dot.household_id == Patient.objects.get(pk=cy.pk).household_id
    assert (dot.household_id, dot.guarantor_id) != (None, None)
    assert dot.guarantor_id == cy.pk


def test_half_typed_fields_say_nothing_and_break_nothing(client, ana):
    answer = client.post("/patients/new/alike/", {"family": "G", "birth_date": "3/", "phone": "3"})

    assert answer.status_code == 200


def test_a_family_member_starts_with_the_same_home(client, ana, cy):
    opened(ana, cy)

    text = client.get(f"/patients/new/?with={cy.pk}").content.decode()

    assert 'value="12 Main St"' in text
    assert 'value="(312) 555-0117"' in text
    assert f'name="household_with" value="{cy.pk}"' in text


# Changing


def changed_form(client, patient, **typed):
    reader = Officer.objects.filter(username="reader").first() or access.officer("reader")
    reading = access.reading(reader, at=clock.now())
    record = queries.record(patient.pk, reading=reading)
    data = untouched(forms.Change(record=record))
    for name, value in typed.items():
        data[name] = value
    return dict(data.lists())


def test_a_change_is_kept_with_what_was_before_and_who_made_it(client, ana, cy):
    data = changed_form(client, cy, **{"phones-0-number": "312 555 0120"}, family="Windsor")

    answer = client.post(f"/patients/{cy.pk}/change/", data)

    assert answer.status_code == 302
    cy.refresh_from_db()
    assert (cy.family, cy.version) == ("Windsor", 2)
    page = client.get(f"/patients/{cy.pk}/history/").content.decode()
    for told in ("Ana", "Garcia", "Windsor", "(312) 555-0117", "(312) 555-0120"):
        assert told in page


def test_a_changed_patient_is_found_by_the_new_facts_and_no_longer_by_the_old(client, ana, cy):
    client.post(
        f"/patients/{cy.pk}/change/",
        changed_form(client, cy, **{"phones-0-number": "312 555 0120"}),
    )
    reading = access.reading(ana, at=clock.now())

    assert queries.find("555 0120", reading=reading).lines
    assert not queries.find("555 0117", reading=reading).lines


def test_saving_what_is_kept_changes_nothing_in_the_history(client, ana, cy):
    client.post(f"/patients/{cy.pk}/change/", changed_form(client, cy))

    assert not Change.objects.exists()


def test_saving_over_somebody_elses_change_is_told_and_keeps_what_was_typed(client, ana, cy):
    mine = changed_form(client, cy, name_used="Mel")
    bea = access.officer("bea")
    client.force_login(bea)
    client.post(
        f"/patients/{cy.pk}/change/",
        changed_form(client, cy, **{"emails-0-address": "cy@mail.example"}),
    )
    client.force_login(ana)

    told = client.post(f"/patients/{cy.pk}/change/", mine)

    text = told.content.decode()
    assert told.status_code == 422
    assert "Bea has changed this record" in text
    assert "cy@mail.example" in text
    assert 'value="Mel"' in text
    assert 'name="version" value="2"' in text
    cy.refresh_from_db()
    assert cy.name_used == ""


@pytest.mark.django_db(transaction=True)
def test_a_change_made_outside_the_desk_stands_in_the_history_too(client, ana, cy):
    Patient.objects.filter(pk=cy.pk).update(family="Tampered")

    opened(ana, cy)
    assert b"outside the desk" in client.get(f"/patients/{cy.pk}/history/").content


def test_rows_the_form_does_not_show_survive_a_change(client, ana):
    cy = make.patient(
        phones=tuple(make.Phone(f"+1312555012{n}") for n in range(3)),
        emails=("a@mail.example", "b@mail.example"),
        contacts=tuple(make.Contact(name) for name in ("Rosa", "Luis")),
        identifiers=(("urn:oid:1.2.3", "77"),),
    )

    client.post(f"/patients/{cy.pk}/change/", changed_form(client, cy, pronouns="he/him"))

    assert cy.phones.count() == 3
    assert cy.emails.count() == cy.contacts.count() == 2
    assert cy.identifiers.count() == 1
    assert {change.of_table for change in Change.objects.all()} == {"patient"}


def test_reviewed_with_nothing_changed(client, ana, cy):
    client.post(f"/patients/{cy.pk}/review/")

    cy.refresh_from_db()
    assert cy.reviewed_at > make.REGISTERED
    assert not Change.objects.exists()


def test_the_page_offers_to_say_that_nothing_has_changed_and_comes_back_for_the_same_reason(
    client, ana, cy
):
    opened(ana, cy)
    page = client.get(f"/patients/{cy.pk}/").content.decode()

    answer = client.post(f"/patients/{cy.pk}/review/?for=appointment:7")

    assert f'action="/patients/{cy.pk}/review/"' in page
    assert answer["Location"] == f"/patients/{cy.pk}/?for=appointment:7"


def test_who_may_not_edit_is_not_offered_to(client, cy):
    dot = access.officer("dot", roles=("clinician",))
    client.force_login(dot)
    opened(dot, cy)

    page = client.get(f"/patients/{cy.pk}/").content.decode()

    assert "panel-details" in page
    assert "/review/" not in page


# Dot, who is nobody here; a clinician; a patient that is not there

PAGES = [
    ("get", "/patients/{id}/"), ("get", "/patients/{id}/change/"),
    ("get", "/patients/{id}/history/"), ("get", "/patients/{id}/photo/"),
    ("get", "/patients/{id}/panels/details/"), ("post", "/patients/{id}/open/"),
    ("post", "/patients/{id}/review/"), ("post", "/patients/{id}/photo/"),
    ("post", "/patients/{id}/change/"), ("post", "/patients/{id}/not-the-same/1/"),
    ("post", "/patients/{id}/same/1/"), ("post", "/patients/{id}/undecide/1/"),
    ("get", "/patients/{id}/photo/change/"), ("post", "/patients/{id}/photo/remove/"),
    ("get", "/patients/duplicates/"), ("post", "/patients/duplicates/1/"),
    ("post", "/patients/new/typed/"), ("post", "/patients/new/rows/phones/"),
    ("post", "/patients/find/"), ("get", "/patients/new/"), ("post", "/patients/new/alike/"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "page"), PAGES)
def test_dot_the_stranger_is_shown_the_door(client, cy, method, page):
    answer = getattr(client, method)(page.format(id=cy.pk), {"q": "garcia"})

    assert answer.status_code == 302
    assert b"Garcia" not in answer.content
    assert not looks().exists()


@pytest.mark.parametrize(("method", "page"), PAGES)
def test_an_administrator_sees_no_patients(client, cy, method, page):
    client.force_login(access.officer("root", roles=("administrator",)))

    answer = getattr(client, method)(page.format(id=cy.pk), {"q": "garcia"})

    assert answer.status_code == 403
    assert b"Garcia" not in answer.content
    assert not looks().exists()


@pytest.mark.parametrize("page", ["/patients/new/", "/patients/{id}/change/"])
def test_a_clinician_looks_but_does_not_change(client, cy, page):
    client.force_login(access.officer("doc", roles=("clinician",)))

    assert client.get(page.format(id=cy.pk)).status_code == 403


@pytest.mark.parametrize(
    ("method", "page"),
    [pair for pair in PAGES if "{id}" in pair[1] and not pair[1].endswith("/1/")],
)
def test_a_patient_that_is_not_there_is_not_found(client, ana, method, page):
    data = {"said": "phone", "confirmed_by": ["birth_date", "phone"]}
    if "photo" in page and method == "post":
        data["picture"] = make.picture()

    assert getattr(client, method)(page.format(id=404), data).status_code == 404
    assert not looks().exists()


def test_ctrl_k_finds_patients_and_logs_them(client, ana, cy):
    answer = client.post("/accounts/palette/", {"q": "garcia 3/4/85"})

    assert f"/patients/{cy.pk}/?found=" in answer.content.decode()
    assert looks().last().patient_ids == [cy.pk]
