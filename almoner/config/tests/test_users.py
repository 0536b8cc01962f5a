"""`almoner users`, `charges` and `reasons`: said in one sentence, and told by the exit status."""

import pytest

from almoner.access.models import Officer
from almoner.access.tests import make
from almoner.billing.models import ChargeItem, ReasonWording
from almoner.config import cli, users
from almoner.facility.tests import make as facility

pytestmark = pytest.mark.django_db
LONG = "a long enough sentence"


@pytest.fixture
def almoner(monkeypatch, capsys):
    """Run a command as typed; answers its exit status and what it said."""
    monkeypatch.setattr(users, "_password", lambda: LONG)
    monkeypatch.setattr(cli, "_with_django", lambda act: act)  # the test's own database is open

    def run(*words):
        asked = cli.parser().parse_args(words)
        return asked.act(asked), capsys.readouterr().out

    return run


def test_somebody_is_added_at_a_location_as_a_clinician_with_a_one_time_password(almoner):
    facility.location(short_name="Lakeside")
    ng = facility.clinician()

    code, said = almoner(
        "users", "add", "linh", "--name", "Linh Ng", "--role", "clinician", "--one-time",
        "--location", "Lakeside", "--clinician", ng.npi,
    )  # fmt: skip

    linh = Officer.objects.get(username="linh")
    assert (code, linh.location.short_name, linh.clinician) == (0, "Lakeside", ng)
    assert linh.password_given_at
    assert "linh" in said


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--location", "Mars"], "There is no location Mars. There are: Lakeside."),
        (["--clinician", "123"], "No clinician has the NPI 123."),
    ],
)
def test_what_is_not_there_is_said_and_nobody_is_added(words, why, almoner):
    facility.location(short_name="Lakeside")

    code, said = almoner("users", "add", "jo", "--name", "Jo", "--role", "officer", *words)

    assert (code, said) == (1, f"Nothing was changed. {why}\n")
    assert not Officer.objects.exists()


def test_a_name_that_is_taken_or_odd_adds_nobody(almoner):
    make.officer("ana")

    taken = almoner("users", "add", "ana", "--name", "Ana Two", "--role", "officer")
    odd = almoner("users", "add", "jo lin", "--name", "Jo", "--role", "officer")

    assert taken[0] == odd[0] == 1
    assert "called ana already" in taken[1]
    assert Officer.objects.count() == 1


def test_a_change_touches_only_what_is_named(almoner):
    lakeside = facility.location(short_name="Lakeside")
    ana = make.officer("ana", location=lakeside)

    code, _said = almoner("users", "change", "ana", "--role", "biller", "--role", "manager")
    ana.refresh_from_db()
    assert (code, ana.roles, ana.location) == (0, ["biller", "manager"], lakeside)

    almoner("users", "change", "ana", "--location", "none")
    ana.refresh_from_db()
    assert (ana.roles, ana.location) == (["biller", "manager"], None)
    assert almoner("users", "change", "ana")[1] == "It stands so already.\n"


def test_a_forgotten_password_is_replaced_by_a_one_time_one(almoner):
    ana = make.officer("ana")

    code, said = almoner("users", "password", "ana")

    ana.refresh_from_db()
    assert code == 0
    assert "must be changed at the next sign-in" in said
    assert LONG not in said
    assert ana.check_password(LONG)
    assert ana.password_given_at


def test_leaving_is_refused_to_the_last_administrator_and_to_who_has_left(almoner):
    make.officer("ada", roles=("administrator",))
    make.officer("ana")

    assert almoner("users", "end", "ana")[0] == 0
    last, gone = almoner("users", "end", "ada"), almoner("users", "end", "ana")
    stepping = almoner("users", "change", "ada", "--role", "officer")

    assert [last[0], gone[0], stepping[0]] == [1, 1, 1]
    assert "Nobody else is an administrator" in last[1]
    assert "Ana has left" in gone[1]
    assert almoner("users", "password", "nobody")[0] == 1


def test_the_list_has_a_line_for_each_who_works_here(almoner):
    make.officer("ana")
    make.officer("bea", roles=("officer", "biller"))
    almoner("users", "end", "ana")

    here, everybody = almoner("users", "list"), almoner("users", "list", "--all")

    assert here == (0, "bea\tBea\tbiller,officer\t-\topen\n")
    assert "ana\tAna\tofficer\t-\thas left\n" in everybody[1]


def test_a_charge_master_is_loaded_from_a_day_on(almoner, tmp_path):
    master = tmp_path / "fees.csv"
    master.write_text("\ufeffcode,description,fee\nZZ101,Visit,120.00\n", encoding="utf-8")

    code, said = almoner("charges", "load", str(master), "--starts", "2026-01-01")

    assert (code, said) == (0, "1 items read; 1 new or changed from 2026-01-01 on.\n")
    assert ChargeItem.objects.get().fee_cents == 12_000


def test_a_bad_charge_master_names_its_rows_and_loads_nothing(almoner, tmp_path):
    master = tmp_path / "fees.csv"
    master.write_bytes(b"code,description,fee\nZZ101,Visit,ten\nZZ102,Vis\xff,1\n")

    code, said = almoner("charges", "load", str(master), "--starts", "2026-01-01")

    assert code == 1
    assert "nothing was loaded" in said
    assert not ChargeItem.objects.exists()


def test_wordings_are_loaded_or_refused_by_row(almoner, tmp_path):
    listed = tmp_path / "reasons.csv"
    listed.write_text("kind,code,wording\ncarc,45,Ours\n")
    assert almoner("reasons", "load", str(listed))[0] == 0

    listed.write_text("kind,code,wording\nword,45,Theirs\n")
    code, said = almoner("reasons", "load", str(listed))

    assert code == 1
    assert "Line 2: the kind 'word' is neither carc nor rarc." in said
    assert ReasonWording.objects.get().wording == "Ours"


@pytest.mark.parametrize("words", [["charges", "load", "f.csv"],
    ["charges", "load", "f.csv", "--starts", "soon"], ["reasons", "load"],
    ["users", "change", "ana", "--role", "boss"], ["users", "end"]])  # fmt: skip
def test_wrong_usage_is_two(words, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(words)

    assert ended.value.code == 2
    assert "usage: almoner" in capsys.readouterr().err
