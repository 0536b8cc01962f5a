"""`almoner results import FILE`."""

from argparse import Namespace
from datetime import timedelta

import pytest

from almoner.config import commands
from almoner.facility.tests import make as facility
from almoner.ground import clock
from almoner.patients.tests.make import patient
from almoner.records import exchange
from almoner.records.models import Result
from almoner.records.tests.reports import bundle, measured, report, subject

pytestmark = pytest.mark.django_db


@pytest.fixture
def given(tmp_path):
    facility.organisation()

    def one(content):
        path = tmp_path / "results.json"
        path.write_bytes(content)
        return commands.import_results(Namespace(file=path))

    return one


def test_each_report_is_told_of_and_the_same_file_again_changes_nothing(given, capsys):
    at = clock.now() - timedelta(hours=1)
    content = bundle(
        subject(patient().mrn), measured(), report(on=at, presentedForm=[{"url": "x"}])
    )

    assert given(content) == 0
    assert "papers and pictures were left out" in capsys.readouterr().out
    assert given(content) == 0

    assert "0 kept, 1 already here, 0 without a patient, 0 refused." in capsys.readouterr().out
    assert Result.objects.count() == 1


def test_what_is_refused_or_nobodys_is_named_and_said_by_the_exit_status(given, capsys):
    at = clock.now() - timedelta(hours=1)
    content = bundle(
        subject(), measured(), report("R-1", on=at), report("R-2", on=at, status="banana")
    )

    assert given(content) == 1

    told = capsys.readouterr().out
    assert "Bundle.entry[2].resource: kept, nobody's yet" in told
    assert "Bundle.entry[3].resource.status: “banana”" in told
    assert "/forms/results/nobody/" in told


def test_a_file_that_is_too_large_is_not_read(given, capsys, monkeypatch):
    monkeypatch.setattr(exchange, "LARGEST", 10)

    assert given(b"{}" * 10) == 1
    assert "nothing was taken" in capsys.readouterr().out
