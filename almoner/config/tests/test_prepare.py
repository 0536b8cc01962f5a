"""Bringing the tables of a database to this version."""

import pytest
from django.db import connection

from almoner.config import prepare
from almoner.config.prepare import migrate

pytestmark = pytest.mark.django_db

STEP = "INSERT INTO django_migrations (app, name, applied) VALUES ('relations', %s, now())"


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    """What Django would bring up is not what is asked here."""
    done = []
    monkeypatch.setattr(prepare, "call_command", lambda *said, **_more: done.append(said[0]))
    monkeypatch.setattr(prepare, "_load_diagnoses", lambda: None)
    return done


def test_a_database_of_this_version_is_brought_up(quiet):
    migrate()

    assert quiet == ["migrate"]


def test_one_that_had_every_folded_step_is_brought_up(quiet):
    with connection.cursor() as sql:
        sql.execute(STEP, ["0018_first_answers_late"])  # a step that nothing here stands for

    migrate()

    assert quiet == ["migrate"]


def test_one_whose_first_start_was_cut_short_goes_on(quiet):
    with connection.cursor() as sql:
        sql.execute("DELETE FROM django_migrations WHERE app = 'relations' AND name > '0002'")

    migrate()

    assert quiet == ["migrate"]


def test_one_that_stopped_between_folded_steps_is_told_what_to_do(quiet):
    with connection.cursor() as sql:
        sql.execute(
            "DELETE FROM django_migrations WHERE app = 'relations' AND name <> '0001_initial'"
        )
        sql.execute(STEP, ["0018_first_answers_late"])

    with pytest.raises(SystemExit, match="tables of relations are of a version between"):
        migrate()

    assert quiet == []
