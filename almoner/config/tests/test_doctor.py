"""Each thing the doctor looks at, when it is well and when it is not."""

import json
import os
import shutil
import socket
import threading
from collections import namedtuple
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import psycopg
import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connection as djangos

from almoner.billing.tests import make as billing
from almoner.config import cli, environment, simulators, vendor
from almoner.config import database as reached
from almoner.config.doctor import database, machine, partners
from almoner.config.doctor.finding import Finding
from almoner.edges import janus
from almoner.ground import clock
from tests import embedded, gateways

Usage = namedtuple("Usage", "free")


def said(capsys):
    return capsys.readouterr().out.splitlines()


@pytest.fixture
def look(db):
    """A connection of the doctor's own to the test's database, as the ordinary role."""
    name = djangos.settings_dict["NAME"]
    with psycopg.connect(embedded.CLUSTER.url(name), autocommit=True) as connection:
        yield connection


@pytest.fixture
def bare():
    """A database without tables and without extensions."""
    name = f"bare_{os.getpid()}"
    with psycopg.connect(embedded.CLUSTER.url(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        with psycopg.connect(embedded.CLUSTER.url(name), autocommit=True) as there:
            yield there
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def mighty(db):
    name = djangos.settings_dict["NAME"]
    with psycopg.connect(embedded.CLUSTER.url(name, "postgres"), autocommit=True) as superuser:
        yield superuser


# The command as a whole


def test_with_an_unreachable_database_every_other_line_is_still_written(
    monkeypatch, tmp_path, capsys
):
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    monkeypatch.setenv("DATABASE_URL", nowhere)
    monkeypatch.setenv("ALMONER_VAR", str(tmp_path))
    monkeypatch.setattr(settings, "DATABASE_URL", nowhere)

    assert cli.main(["doctor"]) == 1

    lines = said(capsys)
    [of_database] = [line for line in lines if " database: " in line]
    assert of_database.startswith("LOOK")
    assert "correct DATABASE_URL" in of_database
    for named in ("disk", "files for browsers", "clearinghouse", "e-mail"):
        assert any(f" {named}: " in line for line in lines)


def test_a_folder_that_holds_no_database_yet_is_told_so_and_stays_empty(
    monkeypatch, tmp_path, capsys
):
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("ALMONER_VAR", str(tmp_path))

    assert cli.main(["doctor"]) == 1

    assert any("there is none in" in line and "almoner run" in line for line in said(capsys))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("ALMONER_PORT", "x"),
        ("ALMONER_PORT", "70000"),
        ("ALMONER_THREADS", "0"),
        ("ALMONER_CARD_ANSWER_SECONDS", "soon"),
        ("ALMONER_LOG_LEVEL", "LOUD"),
        ("ALMONER_TIME_ZONE", "Mars/Olympus"),
        ("DATABASE_URL", "mysql://root@host/secret-name"),
        ("ALMONER_SMS_URL", "carrier"),
        ("ALMONER_SMS_WEBHOOK_URL", "desk"),
        ("ALMONER_VOICE_URL", "carrier"),
        ("ALMONER_VOICE_WEBHOOK_URL", "desk"),
        ("ALMONER_CALL_AGAIN", "45,0"),
        ("ALMONER_TEXT_HOURS", "8-9"),
        ("ALMONER_TEXT_HOURS", "8-25"),
        ("ALMONER_TEXT_HOURS", "by day"),
        ("ALMONER_TEXT_LIMITS", "care=0/3"),
        ("ALMONER_EMAIL_WEBHOOK_URL", "desk"),
        ("ALMONER_TEXT_LIMITS", "fun=1/3"),
        ("ALMONER_CLEARINGHOUSE_ID", "elm house"),
        ("ALMONER_CLEARINGHOUSE_SENDER", "A" * 16),
        ("ALMONER_EMAIL_URL", "smtp://user:secret-name@host:mail"),
    ],
)
def test_a_variable_that_holds_nonsense_is_named_without_its_secrets(
    name, holds, monkeypatch, capsys
):
    monkeypatch.setenv(name, holds)

    if name not in environment.OF_THE_SERVER:
        assert cli.main(["migrate"]) == 1
        assert said(capsys)[0].startswith(f"almoner: {name}: ")
        assert cli.main(["doctor"]) == 1
        told = said(capsys)
    else:
        told = [
            str(one) for one in machine.configuration([*environment.faults(os.environ).values()])
        ]

    assert any(line.startswith(f"LOOK  configuration: {name}: ") for line in told)
    assert "secret-name" not in "".join(told)


def test_a_bad_port_is_wrong_usage_of_run_and_of_nothing_else(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("ALMONER_PORT", "x")
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Sir or Madam")

    assert cli.main(["x12", "read", str(letter)]) == 1
    with pytest.raises(SystemExit) as ended:
        cli.main(["run"])

    assert ended.value.code == 2
    assert "--port" in capsys.readouterr().err


def test_what_is_empty_or_right_is_no_fault():
    right = {
        "ALMONER_PORT": "8000",
        "ALMONER_TIME_ZONE": "",
        "ALMONER_EMAIL_URL": "smtps://desk:pass%40word@mail.example:465",
        "DATABASE_URL": "postgresql://almoner@/almoner?host=/run/postgresql",
    }
    assert environment.faults(right) == {}


# The machine


def test_a_proxy_with_tls_is_asked_for_where_the_database_is_ones_own(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://a@/b")
    assert "ALMONER_HTTPS=1" in next(machine.configuration([])).advice

    monkeypatch.setenv("ALMONER_HTTPS", "1")
    assert list(machine.configuration([])) == [Finding("configuration", "complete")]


@pytest.mark.parametrize(("free", "advice"), [(80e9, ""), (1e9, "Make room.")])
def test_little_disk(free, advice, monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(free))

    assert machine.disk(tmp_path / "not" / "there" / "yet").advice == advice


def test_files_for_browsers(monkeypatch):
    assert machine.browser_files().advice == ""

    monkeypatch.setattr(vendor, "FILES", {"gone.js": ""})
    assert machine.browser_files() == Finding(
        "files for browsers", "gone.js is missing", "Run: make setup"
    )


# The database


def test_the_server_and_its_version(look, monkeypatch):
    assert database.server(look).advice == ""

    monkeypatch.setattr(reached, "OLDEST", 99)
    assert "99 or newer" in database.server(look).advice


def test_a_role_that_passes_by_the_guards(look, mighty):
    assert database.role(look) == Finding("database role", "almoner, an ordinary one")
    assert "is a superuser" in database.role(mighty).found
    assert "ordinary role" in database.role(mighty).advice


def test_missing_extensions_are_named_and_not_made(look, bare):
    assert database.extensions(look).advice == ""

    assert "CREATE EXTENSION btree_gist;" in database.extensions(bare).advice
    assert database.extensions(bare).advice  # still


def test_without_tables_each_line_says_so_and_none_blames_the_address(bare, db):
    found = {one.what: one for one in database.findings(bare)}

    assert found["job worker"] == Finding(
        "job worker", "there are no tables yet", "Run: almoner migrate"
    )
    assert found["diagnosis codes"].advice == "Run: almoner migrate"
    assert "DATABASE_URL" not in "".join(map(str, found.values()))


def test_tables_of_this_version(look, monkeypatch):
    assert database.migrations(look) == Finding("tables", "of this version")

    executor = "django.db.migrations.executor.MigrationExecutor.migration_plan"
    monkeypatch.setattr(executor, lambda *_: ["one", "two"])
    assert database.migrations(look).found == "2 migrations not applied"


def test_diagnosis_codes(look, monkeypatch):
    assert database.codes(look).advice == "Run: almoner migrate"

    billing.release()
    monkeypatch.setattr(clock, "now", lambda: billing.NOON)
    assert database.codes(look).advice == ""
    assert "codes" in database.codes(look).found


def test_a_clock_that_differs(look, monkeypatch):
    assert database.clock(look).advice == ""

    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(seconds=9))  # noqa: TID251
    assert "Run NTP" in database.clock(look).advice


def test_a_worker_that_is_silent(look):
    at_work = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '{}')"
    try:
        assert database.worker(look).found == "none is at work"
        look.execute(at_work.format("5 minutes"))
        assert database.worker(look).advice == "Start it with `almoner run`."
        look.execute(at_work.format("5 seconds"))
        assert database.worker(look).found.startswith("at work, ")
    finally:
        look.execute("DELETE FROM procrastinate_workers")


def test_our_own_database_keeps_patients_out_of_its_log(look):
    assert database.logging(look) == Finding("database's log", "quotes no rows and no values")


@pytest.mark.parametrize(
    ("settings_", "advised"),
    [
        ({"log_error_verbosity": "default"}, "log_error_verbosity = 'terse'"),
        ({"log_min_error_statement": "error"}, "log_min_error_statement = 'panic'"),
        ({"log_statement": "all"}, "log_parameter_max_length = '0'"),
        ({"log_statement": "mod"}, "log_parameter_max_length = '0'"),
        ({"log_min_duration_statement": "250"}, "log_parameter_max_length = '0'"),
        ({"log_min_duration_sample": "250"}, "log_parameter_max_length = '0'"),
        ({"log_transaction_sample_rate": "0.1"}, "log_parameter_max_length = '0'"),
        ({"log_parameter_max_length_on_error": "-1"}, "log_parameter_max_length_on_error = '0'"),
    ],
)
def test_each_setting_that_lets_patients_into_the_log_is_named(settings_, advised, mighty):
    for name, value in settings_.items():
        mighty.execute(f"SET {name} = '{value}'")

    found = database.logging(mighty)

    assert advised in found.advice
    assert next(iter(settings_)) in found.found or "log_parameter_max_length" in found.found


def test_slow_statements_may_be_logged_without_their_values(mighty):
    mighty.execute("SET log_min_duration_statement = 250")
    mighty.execute("SET log_parameter_max_length = 0")

    assert database.logging(mighty).advice == ""


def test_what_is_advised_is_enough(mighty):
    name = djangos.settings_dict["NAME"]
    mighty.execute(f"ALTER DATABASE \"{name}\" SET log_statement = 'all'")
    mighty.execute(f"ALTER DATABASE \"{name}\" SET log_error_verbosity = 'verbose'")
    try:
        with psycopg.connect(embedded.CLUSTER.url(name), autocommit=True) as again:
            mighty.execute(database.logging(again).advice.removeprefix("As its superuser: "))
        with psycopg.connect(embedded.CLUSTER.url(name), autocommit=True) as again:
            assert database.logging(again).advice == ""
    finally:
        mighty.execute(f'ALTER DATABASE "{name}" RESET ALL')


# The partners


class _Web(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_error(404)  # it answers, whatever it says

    def log_message(self, *_):
        pass


@contextmanager
def web():
    server = HTTPServer(("127.0.0.1", 0), _Web)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def silence():
    """An address at which nobody listens."""
    with socket.socket() as kept:
        kept.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{kept.getsockname()[1]}"


@contextmanager
def post_office():
    controller = Controller(object(), hostname="127.0.0.1", port=_free())
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def _free():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_partner_that_answers_is_silent_or_is_simulated():
    with web() as address, silence() as nobody:
        assert partners.partner("texts", address, "") == Finding("texts", f"{address} answers")
        assert partners.partner("texts", "", address).found == f"simulated, {address} answers"
        silent = partners.partner("texts", f"http://{nobody}", "")
    assert "does not answer" in silent.found
    assert silent.advice == "See that it runs."
    assert partners.partner("texts", "", "").found.startswith("none is configured")


def test_a_mail_server_is_greeted_as_messages_will_be(monkeypatch):
    with post_office() as port, silence() as nobody:
        monkeypatch.setattr(
            settings, "EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend"
        )
        monkeypatch.setattr(settings, "EMAIL_HOST", "127.0.0.1")
        monkeypatch.setattr(settings, "EMAIL_PORT", port)
        given = f"smtp://desk:secret@127.0.0.1:{port}"
        assert partners.mail(given, "") == Finding("e-mail", f"smtp://127.0.0.1:{port} answers")
        assert partners.mail("", given).found.startswith("simulated, smtp://127.0.0.1")
        monkeypatch.setattr(settings, "EMAIL_PORT", int(nobody.partition(":")[2]))
        silent = partners.mail(f"smtp://desk:secret@{nobody}", "")
    assert "does not answer" in silent.found
    assert silent.advice
    assert "secret" not in str(silent)
    assert partners.mail("", "").found.startswith("none is configured")


GATEWAY = "calls of five and more"


def of(gateway, **facts):
    return partners.gateway(replace(gateway, **facts), "")


def test_a_gateway_is_asked_to_make_a_room():
    with gateways.running() as there:
        assert of(there) == Finding(GATEWAY, f"{there.url} makes rooms")
        assert "ALMONER_JANUS_SECRET" in of(there, secret="guessed").advice
        for key in ("", "guessed"):
            assert "ALMONER_JANUS_ADMIN_KEY" in of(there, admin_key=key).advice
        assert "ALMONER_JANUS_SECRET" in of(there, secret="").advice


def test_a_gateway_that_cannot_hold_a_call_of_five_is_said_to():
    none = partners.gateway(janus.Gateway("", ""), "")
    assert "four are the most" in none.found
    assert not none.advice
    pretended = gateways.Pretended()
    pretended.faults.add("no plugin")
    without = of(pretended.gateway)
    of_the_demo = partners.gateway(janus.Gateway("", ""), pretended.gateway.url)
    pretended.close()
    assert "janus.plugin.videoroom" in without.advice
    assert of_the_demo == Finding(GATEWAY, f"{pretended.gateway.url} answers")
    with silence() as nobody:
        silent = of(janus.Gateway(f"http://{nobody}/janus", "the secret"))
    assert "does not answer" in silent.found
    assert "secret" not in str(silent)


@pytest.mark.parametrize(("address", "token"), [("", "token"), ("https://desk.example/x/", "")])
def test_who_texts_and_cannot_hear_a_stop_is_told_so(address, token):
    assert "no STOP" in partners.hearing(address, token).found
    assert partners.hearing(address, token).advice


def test_who_hears_is_well():
    assert not partners.hearing("https://desk.example/messages/received/", "token").advice


@pytest.mark.parametrize(("address", "token"), [("", "token"), ("https://desk.example/x/", "")])
def test_who_has_people_called_and_could_not_say_anything_is_told_so(address, token):
    assert "no call is placed" in partners.asking(address, token).found
    assert partners.asking(address, token).advice


def test_whose_words_are_asked_for_is_well():
    assert not partners.asking("https://desk.example/messages/calls/", "token").advice


def test_simulators_are_found_while_the_desk_that_started_them_runs(tmp_path):
    addresses = {"ALMONER_SMS_URL": "http://127.0.0.1:8020"}
    assert simulators.running(tmp_path) == {}

    simulators.leave(tmp_path, addresses)
    assert simulators.running(tmp_path) == addresses

    left = tmp_path / "simulators.json"
    kept = json.loads(left.read_text())
    left.write_text(json.dumps(kept | {"born": kept["born"] - 60}))  # that process is gone
    assert simulators.running(tmp_path) == {}

    simulators.forget(tmp_path)
    assert list(tmp_path.iterdir()) == []
