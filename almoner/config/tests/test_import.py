"""`almoner patients import FILE`."""

import json
from argparse import Namespace

import pytest

from almoner.config import commands
from almoner.patients.actions import register_many
from almoner.patients.tests import make

PETER = {
    "resourceType": "Patient",
    "identifier": [{"system": "urn:oid:1.2.36", "value": "12345"}],
    "name": [{"family": "Chalmers", "given": ["Peter"]}],
    "birthDate": "1974-12-25",
}


@pytest.mark.django_db
def test_the_command_says_what_became_of_everybody(tmp_path, capsys):
    path = tmp_path / "people.ndjson"
    path.write_text("\n".join(json.dumps(one) for one in (PETER, PETER | {"gender": "banana"})))

    code = commands.import_patients(Namespace(file=path))

    said = capsys.readouterr().out
    assert code == 1
    assert "line 2: Patient: refused" in said
    assert "line 2: Patient.gender: " in said
    assert said.splitlines()[-1] == "1 registered, 0 already here, 0 to decide, 1 refused."


@pytest.mark.django_db
def test_the_report_ends_with_where_pairs_are_settled_when_somebody_is_possibly_known(
    tmp_path, capsys
):
    alike = {
        "resourceType": "Patient",
        "name": [{"family": "Chalmers", "given": ["Petronella"]}],
        "birthDate": "1974-12-26",
    }
    phone = {"telecom": [{"system": "phone", "value": "312-555-0117"}]}
    path = tmp_path / "people.ndjson"
    path.write_text("\n".join(json.dumps(one | phone) for one in (PETER, alike)))

    code = commands.import_patients(Namespace(file=path))

    last = capsys.readouterr().out.splitlines()[-1]
    assert code == 0
    assert last == "1 of them may be somebody here; officers settle that at /patients/duplicates/"


@pytest.mark.django_db
def test_looking_through_everybody_says_how_many_pairs_wait_and_where(capsys):
    register_many(people=[make.details(), make.details()], at=make.REGISTERED)

    assert commands.find_duplicates(Namespace()) == 0

    said = capsys.readouterr().out
    assert (
        said == "Pairs that may be one person: 1. Officers settle them at /patients/duplicates/\n"
    )


@pytest.mark.django_db
def test_a_file_without_faults_ends_well(tmp_path, capsys):
    path = tmp_path / "peter.json"
    path.write_text(json.dumps(PETER))

    assert commands.import_patients(Namespace(file=path)) == 0
    assert "duplicates" not in capsys.readouterr().out
