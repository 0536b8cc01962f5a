"""What people type into the search box."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.patients.rules.box import Asked, understand
from almoner.patients.rules.person import mrn

TODAY = date(2026, 11, 23)
MRN = mrn(1000017)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("", Asked()),
        ("   ", Asked()),
        ("garcia", Asked(("garcia",), (), ("name",))),
        ("García", Asked(("garcia",), (), ("name",))),
        ("ga", Asked(("ga",), (), ())),
        ("o'brien-núñez", Asked(("obrien", "nunez"), (), ("name",))),
        ("gar mar", Asked(("gar", "mar"), (), ("name",))),
        ("garcia 3/4/85", Asked(("garcia",), (("b:1985-03-04",),), ("name", "birth_date"))),
        ("3/4/85 garcia", Asked(("garcia",), (("b:1985-03-04",),), ("name", "birth_date"))),
        ("03/04/1985", Asked((), (("b:1985-03-04",),), ("birth_date",))),
        ("3-4-1985", Asked((), (("b:1985-03-04",),), ("birth_date",))),
        ("3.4.85", Asked((), (("b:1985-03-04",),), ("birth_date",))),
        ("25/12/74", Asked((), (("b:1974-12-25",),), ("birth_date",))),
        ("1985-03-04", Asked((), (("b:1985-03-04",),), ("birth_date",))),
        ("mar 4 1985", Asked((), (("b:1985-03-04",),), ("birth_date",))),
        ("March 4th, 1985", Asked((), (("b:1985-03-04",),), ("birth_date",))),
        ("4 Mar 85", Asked((), (("b:1985-03-04",),), ("birth_date",))),
        ("4-mar-85", Asked((), (("b:1985-03-04",),), ("birth_date",))),
        ("03051985", Asked((), (("b:1985-03-05", "m:03051985"),), ("birth_date",))),
        ("gar 3/4", Asked(("gar",), (("bd:03-04",),), ("name",))),
        ("gar 2/29", Asked(("gar",), (("bd:02-29",),), ("name",))),
        ("3/4/20", Asked((), (("b:2020-03-04", "b:1920-03-04"),), ("birth_date",))),
        ("3/4/30", Asked((), (("b:1930-03-04",),), ("birth_date",))),
        ("mar 555 0117", Asked(("mar",), (("p7:5550117", "m:5550117"),), ("name", "phone"))),
        ("555-0117", Asked((), (("p7:5550117", "m:5550117"),), ("phone",))),
        ("(312) 555-0117", Asked((), (("p:3125550117", "m:3125550117"),), ("phone",))),
        ("+1 312 555 0117", Asked((), (("p:3125550117", "m:3125550117"),), ("phone",))),
        ("garcia 0117", Asked(("garcia",), (("p4:0117", "by:0117", "m:0117"),), ("name",))),
        ("garcia 1985", Asked(("garcia",), (("p4:1985", "by:1985", "m:1985"),), ("name",))),
        (MRN, Asked((), ((f"n:{MRN}", f"m:{MRN}"),), ("mrn",))),
        (f"{MRN[:7]}-{MRN[7]}", Asked((), ((f"n:{MRN}", f"m:{MRN}"),), ("mrn",))),
        ("xyz-123 gar", Asked(("gar",), (("m:xyz123",),), ("name", "member_id"))),
        ("13/13/13", Asked((), (("m:131313",),), ("member_id",))),
        ("may", Asked(("may",), (), ("name",))),
        ("may 4", Asked((), (("bd:05-04",),), ())),
    ],
)
def test_what_was_typed_is_understood(typed, asked):
    assert understand(typed, today=TODAY) == asked


def test_a_birth_date_in_the_future_is_not_one():
    assert understand("12/1/2026", today=TODAY).facts != (("b:2026-12-01",),)


@given(st.text(max_size=200))
def test_nothing_typed_breaks_the_search(typed):
    asked = understand(typed, today=TODAY)

    assert all(word and " " not in word for word in asked.words)
    assert all(keys for keys in asked.facts)


@given(st.dates(date(1900, 1, 1), TODAY), st.sampled_from(["%m/%d/%Y", "%Y-%m-%d", "%b %d %Y"]))
def test_a_birth_date_is_found_however_it_is_written(born, written):
    assert (f"b:{born.isoformat()}",) in understand(born.strftime(written), today=TODAY).facts
