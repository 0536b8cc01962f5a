"""Code sets: read from the publisher's files, held by the database, chosen by day of service."""

import resource
import sys
from datetime import date
from io import StringIO

import pytest
from django.db import IntegrityError, transaction

from almoner.billing import actions, queries
from almoner.billing.models import ChargeItem, CodeRelease, DiagnosisCode, ReasonWording
from almoner.billing.tests import make
from almoner.edges import icd10cm
from almoner.facility.rules import numbers

SUMMER = date(2026, 7, 1)
NOVEMBER = date(2026, 11, 23)


def test_the_packaged_release_gives_every_code_with_its_seventh_characters():
    release = icd10cm.releases_in(actions.packaged_diagnoses())[-1]
    found = {code.code: code for code in icd10cm.codes(release)}

    assert (release.starts, release.ends) == (date(2026, 4, 1), date(2026, 10, 1))
    assert len(found) == 98_186
    assert sum(code.billable for code in found.values()) == 74_719
    assert not found["E11"].billable
    assert found["E119"] == icd10cm.Code(
        "E119", "Type 2 diabetes mellitus without complications", billable=True
    )
    assert not found["S72001"].billable
    assert found["S72001A"].description.endswith("initial encounter for closed fracture")
    assert found["T81509S"].description.endswith(", sequela")


def test_the_package_itself_is_never_imported():
    actions.packaged_diagnoses()

    assert "simple_icd_10_cm" not in sys.modules


@pytest.mark.django_db
def test_loading_the_packaged_release_twice_loads_it_once_and_holds_no_memory():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    loaded = actions.load_diagnoses(folder=actions.packaged_diagnoses(), at=make.NOON)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before

    assert [release.codes for release in loaded] == [98_186]
    assert actions.load_diagnoses(folder=actions.packaged_diagnoses(), at=make.NOON) == []
    assert DiagnosisCode.objects.count() == 98_186
    assert grown < 120_000  # kilobytes, while loading; a lookup keeps nothing
    release = queries.release_on(SUMMER)
    queries.diagnoses(["E119"], release_id=release.id)
    rows = DiagnosisCode.objects.filter(release_id=release.id, code="E119")
    assert "Index" in rows.explain()  # and not each of 98,186
    found = queries.find_diagnoses("diab hyperglyc", day=SUMMER)
    assert "E11.65" in [line.dotted for line in found]


@pytest.mark.django_db
def test_a_service_after_the_releases_days_is_coded_with_it_and_says_so():
    make.release()

    assert queries.release_on(date(2026, 3, 2)).stale is False
    assert queries.release_on(NOVEMBER).stale is True
    assert queries.code_set_state(NOVEMBER).stale is True


@pytest.mark.django_db
def test_a_service_before_the_oldest_release_has_none():
    make.release(starts=date(2025, 10, 1))

    assert queries.release_on(date(2025, 9, 30)) is None


@pytest.mark.django_db
def test_the_release_follows_the_day_of_service():
    make.release(("E119", "Old words", True), starts=date(2024, 10, 1), ends=date(2025, 10, 1))
    make.release(("E119", "New words", True), starts=date(2025, 10, 1), ends=date(2026, 10, 1))

    def words(day):
        return queries.diagnoses(["E119"], release_id=queries.release_on(day).id)["E119"]

    assert words(date(2025, 9, 30)).description == "Old words"
    assert words(date(2025, 10, 1)).description == "New words"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("e11.6", "E11.65"),
        ("e119", "E11.9"),
        ("htn", "I10"),
        ("diab without", "E11.9"),
        ("upper resp inf", "J06.9"),
    ],
)
def test_a_code_is_found_by_its_beginning_by_words_and_by_abbreviation(typed, first):
    make.release()

    assert queries.find_diagnoses(typed, day=make.DAY)[0].dotted == first


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["", "   ", "%", "'); --", "\\", "& | !", "e11 & (", "zzzz"])
def test_odd_searches_find_nothing_and_break_nothing(typed):
    make.release(("I10", "Essential (primary) hypertension", True))

    assert queries.find_diagnoses(typed, day=make.DAY) == []


@pytest.mark.django_db
def test_searching_takes_two_statements(django_assert_num_queries):
    make.release()

    with django_assert_num_queries(2):
        queries.find_diagnoses("diabetes", day=make.DAY)


def test_folders_without_a_release_are_refused(tmp_path):
    with pytest.raises(actions.CodesMissing):
        actions.load_diagnoses(folder=tmp_path, at=make.NOON)


def test_a_tabular_file_without_codes_is_no_release(tmp_path):
    (tmp_path / "icd10c-tabular-October-1-2026.xml").write_text("<ICD10CM.tabular/>")
    (tmp_path / "code-list-October-2026.txt").write_text("")
    [release] = icd10cm.releases_in(tmp_path)

    assert (release.starts, release.ends) == (date(2026, 10, 1), date(2027, 4, 1))
    with pytest.raises(icd10cm.NotARelease):
        list(icd10cm.codes(release))


@pytest.mark.parametrize(
    ("npi", "checks"),
    [("1234567893", True), ("1234567890", False), ("123456789", False), ("3234567893", False)],
)
def test_an_npi_is_known_by_its_last_digit(npi, checks):
    assert numbers.npi_checks(npi) is checks


MASTER = """code,description,fee,modifiers
zz101,"Office visit, short",120.00,
ZZ901,Injection,"1,035.50",25 LT
"""


@pytest.mark.django_db
def test_a_charge_master_is_taken_from_its_file_and_dated():
    items = actions.read_charge_master(StringIO(MASTER))
    changed = actions.load_charge_master(officer=None, items=items, starts=make.DAY, at=make.NOON)

    assert changed == 2
    line = queries.items_on(["ZZ901"], day=make.DAY)["ZZ901"]
    assert (line.fee_cents, line.modifiers) == (103_550, ("25", "LT"))
    assert queries.items_on(["ZZ901"], day=date(2026, 3, 1)) == {}


@pytest.mark.django_db
def test_a_new_fee_ends_the_old_one_and_old_visits_keep_theirs():
    make.items()
    dearer = [actions.Item("ZZ101", "Office visit, short", 13_000)]

    actions.load_charge_master(officer=None, items=dearer, starts=make.DAY, at=make.NOON)
    again = actions.load_charge_master(officer=None, items=dearer, starts=make.DAY, at=make.NOON)

    assert again == 0
    assert queries.items_on(["ZZ101"], day=date(2026, 3, 1))["ZZ101"].fee_cents == 12_000
    assert queries.items_on(["ZZ101"], day=make.DAY)["ZZ101"].fee_cents == 13_000


def test_a_bad_charge_master_names_every_bad_row_and_takes_none():
    bad = "code,description,fee\nZZ101,Fine,10\nTOOLONG,Bad,10\nZZ102,Bad,ten\nZZ101,Twice,1\n"

    with pytest.raises(actions.ChargeMasterRefused) as refused:
        actions.read_charge_master(StringIO(bad))

    assert [fault.split(":")[0] for fault in refused.value.faults] == [
        "Line 3",
        "Line 4",
        "ZZ101 stands more than once.",
    ]


def test_a_charge_master_without_its_heading_is_refused():
    with pytest.raises(actions.ChargeMasterRefused, match="lacks fee"):
        actions.read_charge_master(StringIO("code,description\nZZ101,Visit\n"))


@pytest.mark.django_db
def test_a_fee_loaded_for_an_earlier_day_ends_where_the_later_one_begins():
    later = [actions.Item("ZZ101", "Visit", 13_000)]
    earlier = [actions.Item("ZZ101", "Visit", 12_000)]
    actions.load_charge_master(officer=None, items=later, starts=date(2026, 6, 1), at=make.NOON)

    actions.load_charge_master(officer=None, items=earlier, starts=date(2026, 1, 1), at=make.NOON)

    spans = ChargeItem.objects.order_by("starts").values_list("starts", "ends", "fee_cents")
    assert list(spans) == [
        (date(2026, 1, 1), date(2026, 6, 1), 12_000),
        (date(2026, 6, 1), None, 13_000),
    ]


@pytest.mark.parametrize(
    ("master", "said"),
    [
        ("code,description,fee\nZZ101,Visit,\n", "Line 2: ZZ101 has the fee ''"),
        ("code,description,fee\nZZ101,Visit,30000000\n", "impossible fee"),
        ("code,description,fee,modifiers\nZZ101,Visit,1,25 LT RT 59 76\n", "more than 4"),
        ("code,description,fee\n", "no row below"),
        ("", "The heading lacks code"),
        (f"code,description,fee\nZZ101,{'x' * 200_000},1\n", "no CSV"),
    ],
)
def test_a_charge_master_that_no_table_holds_is_told_so(master, said):
    with pytest.raises(actions.ChargeMasterRefused, match=said):
        actions.read_charge_master(StringIO(master))


@pytest.mark.django_db
def test_bad_wordings_are_named_by_row_and_none_is_taken():
    bad = "kind,code,wording\ncarc,45,Fine\nother,46,Kind\nrarc,N 1,Code\nrarc,N2,\ncarc,45,Twice\n"

    with pytest.raises(actions.WordingsRefused) as refused:
        actions.load_wordings(file=StringIO(bad))

    assert [fault.split(":")[0] for fault in refused.value.faults] == [
        "Line 3",
        "Line 4",
        "Line 5",
        "45 stands more than once.",
    ]
    assert not ReasonWording.objects.exists()
    with pytest.raises(actions.WordingsRefused, match="lacks kind, wording"):
        actions.load_wordings(file=StringIO("code\n45\n"))


@pytest.mark.django_db
def test_the_sites_licensed_wording_comes_before_ours():
    file = StringIO("kind,code,wording\ncarc,45,What the site's list says\nrarc,N1,Also theirs\n")
    assert actions.load_wordings(file=file) == 2

    said = queries.wordings(["45", "197", "999"], ["MA130"])

    assert said["45"] == "What the site's list says"
    assert said["197"].startswith("No authorisation")
    assert said["999"] == ""
    assert "no right of appeal" in said["MA130"]


def test_charge_items_with_a_wrong_shape_never_reach_the_table(db):
    with pytest.raises(IntegrityError, match="charge_item_code_shape"), transaction.atomic():
        ChargeItem.objects.create(code="no", description="", fee_cents=1, starts=make.DAY)
    assert CodeRelease.objects.count() == 0
