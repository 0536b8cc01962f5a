"""`almoner patients import FILE`."""

import json
from argparse import Namespace

import pytest

from almoner.config import commands

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
def test_a_file_without_faults_ends_well(tmp_path, capsys):
    path = tmp_path / "peter.json"
    path.write_text(json.dumps(PETER))

    assert commands.import_patients(Namespace(file=path)) == 0
