"""Changing a record on the form: what is not touched stays exactly as it is kept."""

from dataclasses import asdict, fields, replace
from datetime import UTC, date, datetime

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from almoner.patients import forms
from almoner.patients.queries.record import Member, Record
from almoner.patients.tests.details import (
    Address,
    Contact,
    Details,
    Email,
    FormerName,
    Phone,
    details,
)
from almoner.patients.tests.typed import untouched

AT = datetime(2026, 1, 12, tzinfo=UTC)
text = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=140)
day = st.none() | st.dates(date(1500, 1, 1), date(2400, 1, 1))
number = st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True)
whose = st.sampled_from(["", "parent", "carer", "neighbour"])
phones = st.builds(
    Phone, number, st.sampled_from(["mobile", "home", "work", "old", "pager"]), st.booleans(),
    whose, text,
)  # fmt: skip
emails = st.builds(Email, st.emails(), whose, text)
addresses = st.builds(
    Address, text, text, text, text, st.text("0123456789-A", max_size=12),
    st.sampled_from(["home", "mail", "work", "temporary", "old"]),
    st.sampled_from(["US", "MX", "mx", ""]),
)  # fmt: skip
others = st.builds(
    Contact, text, st.sampled_from(["emergency", "guardian"]), text, st.just("") | number, text
)
payers = st.builds(Contact, text, st.just("guarantor"), text, st.just("") | number, text)
former = st.builds(
    FormerName, text, text, st.sampled_from(["maiden", "former", "alias"]), day, day
).filter(lambda name: name.family or name.given)


@st.composite
def contacts(draw):
    """Any number of people, at most one of whom pays, anywhere among them."""
    drawn = draw(st.lists(others, max_size=3))
    for payer in draw(st.lists(payers, max_size=1)):
        drawn.insert(draw(st.integers(0, len(drawn))), payer)
    return tuple(drawn)


def some(strategy):
    return st.lists(strategy, max_size=3).map(tuple)


anybody = st.builds(
    Details, text, text, text, text, text, text, day,
    st.sampled_from(["female", "male", "other", "unknown"]), text,
    st.sampled_from(["en", "es", "yue", "zh-hant", "nah"]), st.booleans(), st.just(True), day,
    some(phones), some(addresses), some(emails), contacts(), some(former),
    some(st.tuples(text, text)), st.none(), st.none() | st.just(7),
).filter(lambda who: who.family or who.given)  # fmt: skip


def record(kept, *, in_household=False):
    rosa = (Member(7, "Rosa Garcia", date(1960, 1, 2), at_home=in_household),)
    people = rosa if kept.guarantor_id or in_household else ()
    return Record(
        id=1, mrn="10000014", version=3, registered_at=AT, reviewed_at=None, details=kept,
        in_household=in_household, household=people,
        guarantor=next(iter(people), None), members=(),
    )  # fmt: skip


def saved(kept, change=None, **typed):
    """The details after the form came back with these fields typed."""
    data = untouched(forms.Change(record=record(kept)))
    for name, value in (change or typed).items():
        data[name] = value
    form = forms.Change(data, record=record(kept))
    assert form.is_valid(), [form.errors, *(row.errors for row in form.rows_in_order())]
    return form.details()


@given(anybody)
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_a_form_in_which_nothing_is_touched_keeps_everything(kept):
    assert saved(kept) == kept


TOUCHED = {
    "pronouns": "they/them", "suffix": "Jr.", "language": "es", "sex": "other",
    "name_used": "Mel", "birth_date": "3/4/1985",
}  # fmt: skip


@given(anybody, st.sampled_from(sorted(TOUCHED)))
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
def test_one_field_that_is_touched_is_the_only_one_that_differs(kept, name):
    after = saved(kept, {name: TOUCHED[name]})

    differing = {
        one.name for one in fields(Details) if getattr(after, one.name) != getattr(kept, one.name)
    }
    assert differing <= {name}
    assert str(getattr(after, name)) in {TOUCHED[name], "1985-03-04"}


MEXICAN = Address("Avenida 5 #12", "Int. 3", "Tijuana", "BC", "22000", "mail", "MX")
FULL = details(
    language="yue",
    phones=(Phone("+13125550117", "work", may_text=False), Phone("+13125550118", "mobile")),
    addresses=(MEXICAN,),
    emails=("cy@mail.example",),
    contacts=(
        Contact("Pia", "guarantor", "aunt", "+13125550133", "2 Elm St"),
        Contact("Rosa", "guardian", "mother", "+13125550199", "1 Elm St"),
    ),
    former_names=(FormerName("Ito", "Mel", "maiden", date(2001, 2, 3), date(2010, 4, 5)),),
)
ROW_FIELDS = [
    ("phones-1-number", "312 555 0120", "phones", 1, {"number": "+13125550120"}),
    ("phones-0-use", "home", "phones", 0, {"use": "home"}),
    ("addresses-0-line", "Avenida 6", "addresses", 0, {"line": "Avenida 6"}),
    ("addresses-0-country", "us", "addresses", 0, {"country": "US"}),
    ("contacts-0-name", "Rosa Maria", "contacts", 1, {"name": "Rosa Maria"}),
    ("guarantor_name", "Pia Ito", "contacts", 0, {"name": "Pia Ito"}),
    ("former_names-0-family", "Itoh", "former_names", 0, {"family": "Itoh"}),
]


@pytest.mark.parametrize(("name", "typed", "part", "place", "became"), ROW_FIELDS)
def test_one_field_of_a_row_leaves_the_rest_of_the_row(name, typed, part, place, became):
    after = saved(FULL, {name: typed})

    rows = list(getattr(FULL, part))
    rows[place] = replace(rows[place], **became)
    assert asdict(after) == asdict(replace(FULL, **{part: tuple(rows)}))


def test_a_language_we_have_no_word_for_is_among_the_choices():
    form = forms.Change(record=record(FULL))

    assert ("yue", "yue") in form.fields["language"].choices


def test_a_row_emptied_of_what_it_says_is_gone():
    after = saved(FULL, {"phones-0-number": " "})

    assert after.phones == FULL.phones[1:]


def test_rows_come_back_in_the_order_of_the_page():
    data = untouched(forms.Change(record=record(FULL)))
    data.setlist("phones", ["1", "0"])

    assert forms.Change(data, record=record(FULL)).is_valid()
    form = forms.Change(data, record=record(FULL))
    form.is_valid()
    assert form.details().phones == FULL.phones[::-1]


def test_the_one_who_pays_goes_with_the_choice_and_the_others_stay():
    after = saved(FULL, {"guarantor": "self"})

    assert after.contacts == FULL.contacts[1:]


def test_a_payer_typed_without_the_choice_is_told():
    kept = details()
    data = untouched(forms.Change(record=record(kept)))
    data["guarantor_name"] = "Pia"

    form = forms.Change(data, record=record(kept))

    assert "guarantor" in form.errors


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"phones-0-number": "555"}, "phones-0-number"),
        ({"addresses-0-country": "Mexico"}, "addresses-0-country"),
        ({"addresses-0-line": ""}, "addresses-0-line"),
        ({"contacts-0-name": ""}, "contacts-0-name"),
        ({"emails-0-address": "nobody"}, "emails-0-address"),
        ({"birth_date": ""}, "birth_date"),
    ],
)
def test_what_is_wrong_in_a_row_is_told_at_its_field(wrong, where):
    data = untouched(forms.Change(record=record(FULL)))
    for name, value in wrong.items():
        data[name] = value

    form = forms.Change(data, record=record(FULL))

    assert not form.is_valid()
    told = {part.add_prefix(name) for part in (form, *form.rows_in_order()) for name in part.errors}
    assert told == {where}


# Rows as they are added, moved and removed


def rows(do, key=-1):
    data = QueryDict(mutable=True)
    data.setlist("phones", ["0", "4"])
    data["phones-0-number"], data["phones-4-number"] = "312", "555 0120"
    data["phones-4-use"] = "pager"
    return forms.rows_named("phones", data, do=do, key=key).rows


def test_a_row_is_added_last_and_nothing_typed_is_lost_or_judged():
    shown = rows("add")

    assert [row.key for row in shown] == [0, 4, 5]
    assert [row["number"].value() for row in shown] == ["312", "555 0120", None]
    assert not any(row.errors for row in shown)


def test_a_row_is_moved_before_its_neighbour():
    assert [row.key for row in rows("up", 4)] == [4, 0]
    assert [row.key for row in rows("up", 0)] == [0, 4]


def test_a_row_is_removed_alone():
    assert [row.key for row in rows("remove", 0)] == [4]


def test_more_rows_than_anybody_has_are_not_made():
    data = QueryDict(mutable=True)
    data.setlist("emails", [str(n) for n in range(40)])

    assert len(forms.rows_named("emails", data, do="add", key=-1).rows) == 20
