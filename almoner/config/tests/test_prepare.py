"""Bringing the tables of a database to this version."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from almoner.config import prepare
from almoner.config.prepare import FIRST_OF_BEFORE, migrate

pytestmark = pytest.mark.django_db

STEP = "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())"
UNDONE = "DELETE FROM django_migrations WHERE app = 'relations' AND name <> ALL(%s)"


@pytest.fixture(autouse=True)
def asked(monkeypatch):
    """What Django is asked to bring up; whether the history agrees, it says without being asked."""

    def call(said, **_more):
        MigrationExecutor(connection).loader.check_consistent_history(connection)
        done.append(said)

    done = []
    monkeypatch.setattr(prepare, "call_command", call)
    monkeypatch.setattr(prepare, "_load_diagnoses", lambda: None)
    return done


def recorded(app, name):
    with connection.cursor() as sql:
        sql.execute(STEP, [app, name])


def nothing_of_relations_but(*names):
    with connection.cursor() as sql:
        sql.execute(UNDONE, [list(names)])


def test_a_database_of_this_version_is_brought_up(asked):
    migrate()

    assert asked == ["migrate"]


def test_one_that_had_every_folded_step_is_brought_up(asked):
    recorded(*FIRST_OF_BEFORE)

    migrate()

    assert asked == ["migrate"]


def test_one_whose_first_start_was_cut_short_goes_on(asked):
    with connection.cursor() as sql:  # what stands on them was not begun either
        sql.execute("DELETE FROM django_migrations WHERE app IN ('portal', 'surveys', 'outreach')")
    nothing_of_relations_but("0001_initial")

    migrate()

    assert asked == ["migrate"]


@pytest.mark.parametrize("had", ["0001_initial", "0018_first_answers_late"])
def test_one_that_stopped_between_folded_steps_is_told_what_to_do(asked, had):
    nothing_of_relations_but("0001_initial")
    recorded(*FIRST_OF_BEFORE)
    if had != "0001_initial":
        recorded("relations", had)

    with pytest.raises(SystemExit, match="tables of relations are of a version between"):
        migrate()

    assert asked == []
