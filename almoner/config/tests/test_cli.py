import json
import subprocess
import sys
from pathlib import Path

import pytest

from almoner.access.models import Officer
from almoner.config import cli, commands, users
from almoner.config.doctor import Finding

ROOT = Path(cli.__file__).resolve().parent.parent.parent
INTERCHANGE = (
    "ISA*00*          *00*          *ZZ*ALMONER        *ZZ*BLUEHARBOR     "
    "*261102*0900*^*00501*000000001*0*T*:~{}IEA*1*000000001~"
)


@pytest.fixture
def broken_file(tmp_path: Path) -> Path:
    path = tmp_path / "broken.edi"
    path.write_text(INTERCHANGE.format("GS*HC*A*B*20261102*0900*1*X*005010X222A1~GE*0*2~"))
    return path


def test_a_faulty_file_is_refused_with_the_place_of_each_fault(broken_file, capsys):
    assert cli.main(["x12", "check", str(broken_file)]) == 1

    said = capsys.readouterr().out
    assert "segment 3, byte" in said
    assert "refused" in said.splitlines()[-1]


def test_a_program_gets_the_same_faults_as_json(broken_file, capsys):
    assert cli.main(["x12", "check", "--json", str(broken_file)]) == 1

    said = json.loads(capsys.readouterr().out)
    assert said["verdict"] == "refused"
    assert {"code", "message", "tag", "ordinal", "element", "offset"} <= said["faults"][0].keys()


def test_reading_shows_every_segment_with_its_place(broken_file, capsys):
    assert cli.main(["x12", "read", "--json", str(broken_file)]) == 0

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["tag"] for line in lines] == ["ISA", "GS", "GE", "IEA"]
    assert lines[1]["segment"] == 2
    assert lines[1]["byte"] == 106


def test_a_payment_on_a_day_that_cannot_be_is_told_without_a_day(tmp_path, capsys):
    sample = ROOT / "almoner/edges/x12/tests/samples/835-two-claims.edi"
    path = tmp_path / "835.edi"
    path.write_text(sample.read_text().replace("*98765*20260304", "*98765*20261399"))

    cli.main(["x12", "read", str(path)])

    first = capsys.readouterr().out.splitlines()[0]
    assert "by ACH on no day that can be read, " in first


def test_what_is_no_x12_at_all_is_refused_at_its_first_byte(tmp_path, capsys):
    path = tmp_path / "letter.txt"
    path.write_text("Dear Sir or Madam")

    assert cli.main(["x12", "read", str(path)]) == 1
    assert capsys.readouterr().out.startswith("REFUSED file (segment 1, byte 0): ")


def test_a_missing_file_is_named(tmp_path, capsys):
    assert cli.main(["x12", "check", str(tmp_path / "gone.edi")]) == 2
    said = capsys.readouterr()
    assert (said.out, len(said.err.splitlines())) == ("", 1)
    assert "gone.edi: No such file or directory" in said.err


@pytest.mark.parametrize(
    "words", [[], ["x12"], ["x12", "check"], ["dance"], ["run", "--port", "x"]]
)
def test_wrong_usage_is_two(words, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(words)

    assert ended.value.code == 2
    assert "usage: almoner" in capsys.readouterr().err


def test_a_day_that_is_none_is_named_and_shown_how_to_write(capsys):
    with pytest.raises(SystemExit):
        cli.main(["charges", "load", "fees.csv", "--starts", "2026-13-01"])

    assert "'2026-13-01' is no day. Write it as 2026-01-31." in capsys.readouterr().err


def test_an_unreachable_database_is_one_sentence(monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")

    assert cli.main(["migrate"]) == 1

    said = capsys.readouterr().out
    assert said.startswith("almoner: The database of DATABASE_URL cannot be reached: ")
    assert len(said.splitlines()) == 1


@pytest.mark.django_db
def test_somebody_added_on_the_command_line_can_sign_in(monkeypatch, capsys):
    monkeypatch.setattr(users, "_password", lambda: "a long enough sentence")
    words = ["users", "add", "ana", "--name", "Ana Silva", "--role", "officer"]

    asked = cli.parser().parse_args(words)

    assert users.add_user(asked) == 0
    added = Officer.objects.get(username="ana")
    assert added.check_password("a long enough sentence")
    assert added.roles == ["officer"]
    assert "Ana Silva can sign in as ana." in capsys.readouterr().out


@pytest.mark.django_db
def test_a_weak_password_adds_nobody_and_says_why(monkeypatch, capsys):
    monkeypatch.setattr(users, "_password", lambda: "abc")
    words = ["users", "add", "ana", "--name", "Ana Silva", "--role", "officer"]

    assert users.add_user(cli.parser().parse_args(words)) == 1
    assert "Nothing was changed. This password is too short." in capsys.readouterr().out


def test_a_finding_says_ok_or_what_to_do():
    assert str(Finding("disk", "80 GB free")) == "ok    disk: 80 GB free"
    assert str(Finding("disk", "1 GB free", "Make room.")) == "LOOK  disk: 1 GB free. Make room."


@pytest.mark.django_db(transaction=True)
def test_what_is_no_remittance_posts_nothing_and_says_so(broken_file, capsys):
    asked = cli.parser().parse_args(["era", "post", str(broken_file)])

    assert commands.post_era(asked) == 1
    said = capsys.readouterr().out
    assert "nothing was posted: this is X12 of another kind, or none, and no remittance" in said


def test_a_reader_that_has_read_enough_ends_the_command_quietly(tmp_path):
    sample = ROOT / "almoner" / "edges" / "x12" / "tests" / "samples" / "835-two-claims.edi"
    many = tmp_path / "many.edi"
    many.write_bytes(sample.read_bytes() * 400)

    command = [sys.executable, "-m", "almoner", "x12", "read", str(many)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as reading:
        first = reading.stdout.readline()
        reading.stdout.close()
        complaint = reading.stderr.read()

    assert first
    assert (complaint, reading.returncode) == ("", 0)
