"""Patients read out of FHIR, each fault at its place."""

import json
import os
from datetime import date
from pathlib import Path

import carebundle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from almoner.edges.fhir.reading import read_patients

SOUND = {
    "resourceType": "Patient",
    "id": "cy-1",
    "identifier": [{"system": "urn:oid:1.2.3", "value": "77"}],
    "name": [{"use": "official", "family": "Garcia", "given": ["Cy", "Lee"]}],
    "gender": "male",
    "birthDate": "1985-03-04",
}


def read(resource):
    return list(read_patients(json.dumps(resource).encode()))


def bundle(*resources, **rest):
    entries = [{"resource": resource} for resource in resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries} | rest


def places(entry):
    return [issue.place for issue in entry.issues]


def test_a_sound_patient_is_read():
    [entry] = read(SOUND)

    assert entry.issues == ()
    assert entry.place == "Patient"
    assert entry.patient.names[0].given == ("Cy", "Lee")
    assert entry.patient.birth_date == date(1985, 3, 4)


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"gender": "banana"}, "Patient.gender"),
        ({"gender": 3}, "Patient.gender"),
        ({"birthDate": "1980-02-31"}, "Patient.birthDate"),
        ({"birthDate": "02/03/1980"}, "Patient.birthDate"),
        ({"birthDate": "0000-01-01"}, "Patient.birthDate"),
        ({"deceasedDateTime": "2021-02-29T10:00:00Z"}, "Patient.deceasedDateTime"),
        ({"id": "a b"}, "Patient.id"),
        ({"id": "x" * 65}, "Patient.id"),
        ({"shoeSize": 9}, "Patient.shoeSize"),
        ({"name": [{"use": "banana", "family": "X"}]}, "Patient.name[0].use"),
        ({"name": [{"family": "X" * 2001}]}, "Patient.name[0].family"),
        ({"name": [{"family": "a\u0000b"}]}, "Patient.name[0].family"),
        ({"name": [{"family": ""}]}, "Patient.name[0].family"),
        (
            {"name": [{"family": "X", "period": {"start": "2002", "end": "2001-13"}}]},
            "Patient.name[0].period.end",
        ),
        (
            {"address": [{"period": {"start": "2002-02-02", "end": "2001-01-01"}}]},
            "Patient.address[0].period",
        ),
        ({"telecom": [{"value": "5550117"}]}, "Patient.telecom[0]"),
        ({"telecom": [{"system": "telegraph", "value": "1"}]}, "Patient.telecom[0].system"),
        ({"contact": [{"gender": "male"}]}, "Patient.contact[0]"),
        ({"contact": [{"gender": "x", "name": {"family": "X"}}]}, "Patient.contact[0].gender"),
        (
            {"managingOrganization": {"reference": "Patient/1"}},
            "Patient.managingOrganization.reference",
        ),
        ({"managingOrganization": {"reference": "1"}}, "Patient.managingOrganization.reference"),
        ({"managingOrganization": {"reference": "#x"}}, "Patient.managingOrganization.reference"),
        (
            {"generalPractitioner": [{"reference": "Location/1"}]},
            "Patient.generalPractitioner[0].reference",
        ),
        (
            {"link": [{"other": {"reference": "Patient/2"}, "type": "replaced-by"}]},
            "Patient.link[0]",
        ),
        (
            {"modifierExtension": [{"url": "http://x", "valueCode": "x"}]},
            "Patient.modifierExtension",
        ),
    ],
)
def test_a_fault_is_named_at_its_place_and_refuses_the_entry(changed, place):
    [entry] = read(SOUND | changed)

    assert entry.patient is None
    assert place in places(entry)


@pytest.mark.parametrize(
    "div",
    [
        "<div xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></div>",
        "<div xmlns='http://www.w3.org/1999/xhtml'><p onclick='x()'>hi</p></div>",
        "<div xmlns='http://www.w3.org/1999/xhtml'><a href=' java\nscript:x()'>hi</a></div>",
        "<div xmlns='http://www.w3.org/1999/xhtml'><iframe src='http://x'/></div>",
        "<p>no div</p>",
        "<!DOCTYPE html><div>hi</div>",
    ],
)
def test_a_narrative_that_acts_is_refused(div):
    [entry] = read(SOUND | {"text": {"status": "generated", "div": div}})

    assert entry.patient is None
    assert places(entry)[0].startswith("Patient.text.div")


@pytest.mark.parametrize(
    "reference",
    ["Organization/1", "Organization/1/_history/2", "https://fhir.example/r4/Organization/1",
     "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "#org"],
)  # fmt: skip
def test_references_of_every_kind_are_taken(reference):
    contained = [{"resourceType": "Organization", "id": "org"}]
    who = {"managingOrganization": {"reference": reference}, "contained": contained}

    [entry] = read(SOUND | who)

    assert entry.patient is not None


def test_a_bad_entry_of_a_bundle_is_refused_and_the_others_are_kept():
    entries = read(
        bundle(
            SOUND,
            {"resourceType": "Observation"},
            SOUND | {"birthDate": "1980-02-31"},
            SOUND | {"active": "yes"},
            SOUND,
        )
    )

    assert [(entry.place, entry.patient is not None) for entry in entries] == [
        ("Bundle.entry[0].resource", True),
        ("Bundle.entry[2].resource", False),
        ("Bundle.entry[3].resource", False),
        ("Bundle.entry[4].resource", True),
    ]
    assert places(entries[1]) == ["Bundle.entry[2].resource.birthDate"]
    assert places(entries[2]) == ["Bundle.entry[3].resource.active"]


def test_a_fault_of_the_bundle_is_told_and_its_patients_are_read():
    broken, entry = read(bundle(SOUND, type="parcel", total="many"))

    assert broken.patient is None
    assert broken.place == "Bundle"
    assert entry.patient is not None


def test_lines_of_resources_are_read_each_by_itself():
    lines = [
        json.dumps(SOUND),
        "",
        "{broken",
        json.dumps(SOUND | {"gender": "x"}),
        json.dumps(SOUND),
    ]

    entries = list(read_patients("\r\n".join(lines).encode()))

    assert [(entry.place, entry.patient is not None) for entry in entries] == [
        ("line 1: Patient", True),
        ("line 3", False),
        ("line 4: Patient", False),
        ("line 5: Patient", True),
    ]
    assert places(entries[2]) == ["line 4: Patient.gender"]


def test_a_byte_order_mark_and_an_indented_file_are_read():
    content = b"\xef\xbb\xbf" + json.dumps(SOUND, indent=2).encode()

    [entry] = read_patients(content)

    assert entry.patient is not None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"17", b"[" * 100_000])
def test_what_is_no_fhir_is_one_refused_entry(content):
    [entry] = read_patients(content)

    assert entry.patient is None
    assert entry.issues


def test_a_birth_date_without_its_day_is_kept_out_and_told():
    [entry] = read(SOUND | {"birthDate": "1985-03"})

    assert entry.patient.birth_date is None
    assert [(issue.place, issue.fatal) for issue in entry.issues] == [("Patient.birthDate", False)]


@settings(max_examples=200)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from([*SOUND, "use", "period", "start", "telecom", "contact", "entry"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_no_json_crashes_the_reader(anything):
    made = {"resourceType": "Patient"} | (anything if isinstance(anything, dict) else {})
    for content in (anything, made, bundle(made), bundle(anything)):
        for entry in read(content):
            assert (entry.patient is None) == any(issue.fatal for issue in entry.issues)


@given(st.binary(max_size=200))
def test_no_bytes_crash_the_reader(content):
    list(read_patients(content))


# Files written by others

DATA = Path(os.environ.get("ALMONER_FHIR_DATA", "../shared/data/fhir"))
VERDICTS = {
    # No type, and nobody of ours in it: its only resource is a Person.
    "bundle-with-no-type.json": [("Bundle", False)],
    # The reference to the contained organisation lacks its '#'.
    "patient-container-example.json": [("Patient", False)],
    "patient-example.json": [("Patient", True)],
    # given and _given have two entries and one: they must line up.
    "patient-name-extensions.json": [("Patient", False)],
    # The id of the patient is a number.
    "r4-caredove-bundle.json": [("Bundle.entry[1].resource", False)],
}


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no folder {DATA}: set ALMONER_FHIR_DATA")
@pytest.mark.parametrize("name", VERDICTS)
def test_files_written_by_others_get_their_verdict(name):
    entries = list(read_patients((DATA / name).read_bytes()))

    assert [(entry.place, entry.patient is not None) for entry in entries] == VERDICTS[name]


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no folder {DATA}: set ALMONER_FHIR_DATA")
def test_every_file_in_the_folder_has_a_verdict():
    assert {path.name for path in DATA.glob("*.json")} == set(VERDICTS)


def test_bundles_made_by_carebundle_are_read_whole():
    made = carebundle.generate_cohort(count=10, seed=7)

    entries = [entry for one in made for entry in read_patients(carebundle.to_json(one).encode())]

    assert len(entries) == 10
    assert all(entry.patient and not entry.issues for entry in entries)


def test_defects_injected_elsewhere_in_a_bundle_do_not_refuse_its_patient():
    every = carebundle.Imperfection(
        missing_field=0.5, duplicate_entry=0.5, out_of_order_timestamp=0.5,
        unparseable_value=0.5, unknown_code_system=0.5,
    )  # fmt: skip
    for seed in range(10):
        made = json.loads(carebundle.to_json(carebundle.generate_bundle(seed=seed)))
        broken, defects = carebundle.inject_defects(made, every, seed=seed)
        copies = sum(
            defect.kind == "duplicate_entry" and defect.resource_type == "Patient"
            for defect in defects
        )

        entries = read(broken)

        assert len(entries) == 1 + copies
        assert all(entry.patient for entry in entries)
