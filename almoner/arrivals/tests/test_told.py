"""What a form need not ask, of what was said ahead and of what the record keeps."""

from hypothesis import given
from hypothesis import strategies as st

from almoner.arrivals.rules import ahead, told
from almoner.arrivals.rules.ahead import Outcome, Thing, Verdict
from almoner.arrivals.rules.told import Said
from almoner.patients.rules.details import Address, Contact, Details, Email, Phone

KEPT = Details(
    family="Example",
    given="Cy",
    phones=(Phone("+14145550142"),),
    addresses=(Address("77 Elmwood Ave", "Apt 4", "Madison", "WI", "53703"),),
    emails=(Email("cy@example.org"),),
    contacts=(Contact("Dot Example", relation="sister", phone="+14145550199"),),
    language="es-MX",
)
OTHER = {
    Thing.PHONE: {"number": "+16085550111", "may_text": True},
    Thing.EMAIL: {"address": "new@example.org"},
    Thing.LANGUAGE: {"language": "en"},
    Thing.ADDRESS: {
        "line": "9 Elm St", "line_2": "", "city": "Milwaukee", "state": "WI", "zip_code": "53202",
    },
    Thing.EMERGENCY: {"name": "Ana Example", "relation": "", "phone": "+16085550122"},
}  # fmt: skip


def read(thing, value):
    return f"{thing}: {len(value)}"


def said(thing, verdict, *, outcome=Outcome.OPEN, was=None, words=None):
    was = ahead.kept(KEPT, thing) if was is None else was
    return Said(thing, verdict, outcome, was, words or {})


def known(*answers, details=KEPT):
    return told.known(details, answers, read)


def test_of_what_nobody_said_the_record_is_known():
    found = known()

    assert set(found) == set(told.THINGS)
    assert not any(each.said for each in found.values())
    assert found["address"].parts == {
        "line": "77 Elmwood Ave, Apt 4", "city": "Madison", "state": "WI", "zip_code": "53703",
    }  # fmt: skip
    assert found["language"].parts == {"value": "es"}
    assert known(details=Details(family="Example", given="Cy", language="")) == {}


def test_what_was_said_to_be_right_or_otherwise_is_said():
    found = known(
        said(Thing.PHONE, Verdict.RIGHT),
        said(Thing.ADDRESS, Verdict.CHANGED, words=OTHER[Thing.ADDRESS]),
        said(Thing.EMAIL, Verdict.GONE),
    )

    assert found["phone"].said
    assert found["phone"].parts == {"value": "+14145550142"}
    assert (found["address"].said, found["address"].parts["line"]) == (True, "9 Elm St")
    assert (found["email"].said, found["email"].parts) == (True, {})
    assert not found["contact"].said


def test_what_the_desk_did_not_take_or_changed_since_was_not_said():
    refused = said(Thing.EMAIL, Verdict.CHANGED, outcome=Outcome.REFUSED, words=OTHER[Thing.EMAIL])
    overtaken = said(Thing.PHONE, Verdict.RIGHT, was={"number": "+14145550100"})

    found = known(refused, overtaken)

    assert (found["email"].said, found["email"].parts) == (False, {"value": "cy@example.org"})
    assert (found["phone"].said, found["phone"].parts) == (False, {"value": "+14145550142"})


ANSWERS = st.lists(
    st.tuples(st.sampled_from(sorted(OTHER)), st.sampled_from(Verdict), st.sampled_from(Outcome))
)


@given(ANSWERS)
def test_only_the_last_answer_about_a_thing_counts(answers):
    every = [said(thing, verdict, outcome=outcome, words=OTHER[thing])
             for thing, verdict, outcome in answers]  # fmt: skip
    last = {one.thing: one for one in every}

    assert known(*every) == known(*last.values())
