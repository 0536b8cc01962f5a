"""Taking over people from FHIR files."""

import json
from datetime import date

import carebundle
import pytest
from django.core.exceptions import PermissionDenied

from almoner.access.tests import make as access
from almoner.ground.models import Event
from almoner.patients import exchange
from almoner.patients.models import Patient
from almoner.patients.tests import make

pytestmark = pytest.mark.django_db

PETER = {
    "resourceType": "Patient",
    "identifier": [{"system": "urn:oid:1.2.36", "value": "12345"}],
    "name": [
        {"use": "usual", "given": ["Jim"]},
        {"use": "maiden", "family": "Windsor", "given": ["Peter"], "period": {"end": "2002-05-01"}},
        {"use": "official", "family": "Chalmers", "given": ["Peter", "James"]},
    ],
    "telecom": [
        {"system": "phone", "value": "(03) 5555 6473", "use": "work", "rank": 2},
        {"system": "phone", "value": "(312) 555-0123", "use": "mobile", "rank": 1},
        {"system": "email", "value": "jim@mail.example"},
    ],
    "gender": "male",
    "birthDate": "1974-12-25",
    "address": [{"use": "home", "line": ["534 Elm St", "Apt 2"], "city": "Joliet",
                 "state": "IL", "postalCode": "60431"}],
    "communication": [{"language": {"coding": [{"code": "es-MX"}]}, "preferred": True}],
    "contact": [{"name": {"family": "Marché", "given": ["Bénédicte"]},
                 "relationship": [{"coding": [{"code": "N"}]}],
                 "telecom": [{"system": "phone", "value": "+33 1 70 18 99 00"}]}],
}  # fmt: skip


def load(*resources, officer=None):
    entries = [{"resource": resource} for resource in resources]
    content = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return exchange.import_fhir(
        content=json.dumps(content).encode(), at=make.REGISTERED, officer=officer
    )


def other(**changed):
    return PETER | {"identifier": [{"system": "urn:oid:9", "value": "9"}]} | changed


def test_a_patient_is_taken_over_with_all_we_keep():
    report = load(PETER)

    [created] = report.created
    peter = Patient.objects.get(pk=created.patient_id)
    assert (peter.family, peter.given, peter.middle) == ("Chalmers", "Peter", "James")
    assert peter.name_used == "Jim"
    assert peter.birth_date == date(1974, 12, 25)
    assert peter.language == "es"
    assert [phone.number for phone in peter.phones.all()] == ["+13125550123"]
    assert peter.emails.get().address == "jim@mail.example"
    assert peter.addresses.get().line_2 == "Apt 2"
    assert peter.contacts.get().relation == "next of kin"
    maiden = peter.former_names.get()
    assert (maiden.kind, maiden.family, maiden.valid_until) == (
        "maiden",
        "Windsor",
        date(2002, 5, 1),
    )


def test_what_cannot_be_kept_is_told_with_its_place():
    [created] = load(PETER).created

    assert created.says == (
        "Bundle.entry[0].resource.telecom[0]: “(03) 5555 6473” is no phone number of US and was "
        "left out",
    )


def test_the_same_file_again_changes_nothing():
    load(PETER)
    events = Event.objects.count()

    report = load(PETER)

    assert [len(part) for part in (report.created, report.already_here)] == [0, 1]
    assert Patient.objects.count() == 1
    assert Event.objects.count() == events


def test_somebody_likely_known_is_reported_and_not_written():
    cy = make.patient()
    again = other(
        name=[{"family": "García", "given": ["Cyrus"]}], birthDate="1985-03-04",
        telecom=[{"system": "phone", "value": "312-555-0117"}],
        address=[{"line": ["77 Oak St"], "city": "Joliet", "postalCode": "60431"}],
    )  # fmt: skip

    report = load(again)

    [alike] = report.alike
    assert alike.mrn == cy.mrn
    assert "phone: same" in alike.says
    assert Patient.objects.count() == 1


def test_a_twin_waits_for_a_person_to_decide():
    load(PETER)

    report = load(other(name=[{"family": "Chalmers", "given": ["Lucas"]}]))

    assert report.alike[0].says[0] == "may be a twin"
    assert Patient.objects.count() == 1


def test_bad_entries_are_refused_one_by_one_and_the_rest_is_kept():
    report = load(
        PETER | {"gender": "banana"},
        PETER,
        other(birthDate="2999-01-01"),
        other(birthDate="1850-01-01"),
        other(name=[{"use": "usual"}]),
    )

    assert len(report.created) == 1
    assert [outcome.place for outcome in report.refused] == [
        f"Bundle.entry[{number}].resource" for number in (0, 2, 3, 4)
    ]
    told = [outcome.says[0] for outcome in report.refused]
    assert told[0].startswith("Bundle.entry[0].resource.gender: ")
    assert told[1].startswith("Bundle.entry[2].resource.birthDate: ")
    assert told[3].startswith("Bundle.entry[4].resource.name: ")


def test_a_name_of_which_only_the_text_is_known_is_kept_whole():
    [created] = load(other(name=[{"text": "Sukarno"}])).created

    assert Patient.objects.get(pk=created.patient_id).family == "Sukarno"


def test_who_may_not_register_may_not_import():
    doctor = access.officer("doc", roles=("clinician",))

    with pytest.raises(PermissionDenied):
        load(PETER, officer=doctor)

    assert not Patient.objects.exists()


def test_a_cohort_made_by_carebundle_comes_over_and_comes_over_once():
    made = carebundle.generate_cohort(count=40, seed=11)
    lines = "\n".join(carebundle.to_json(one).replace("\n", " ") for one in made).encode()

    first = exchange.import_fhir(content=lines, at=make.REGISTERED)
    again = exchange.import_fhir(content=lines, at=make.REGISTERED)

    assert not first.refused
    assert len(first.created) + len(first.alike) == 40
    assert len(first.created) >= 38
    assert len(again.already_here) == len(first.created)
    assert not again.created


def test_an_entry_carebundle_doubled_is_already_here():
    doubled = carebundle.Imperfection(duplicate_entry=1.0)
    made = json.loads(carebundle.to_json(carebundle.generate_bundle(seed=3)))
    broken, defects = carebundle.inject_defects(made, doubled, seed=3)
    copies = sum(defect.resource_type == "Patient" for defect in defects)

    report = exchange.import_fhir(content=json.dumps(broken).encode(), at=make.REGISTERED)

    assert len(report.created) == 1
    assert len(report.already_here) == copies > 0
