"""What texts that are sent by themselves may say, and which wording of them holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.ground.language import PATIENTS_READ
from almoner.relations.queries.texts import _kinds
from almoner.relations.rules import TextKind, Version, fill, in_force, lint
from almoner.relations.rules.shipped import REMINDER
from almoner.relations.rules.texts import named

_WHY = "{visit_type} tells what somebody is seen for, and no text may name it."
EVERY = sorted(_kinds)
NEWS = TextKind(
    code="news",
    name="News",
    channels=("email",),
    fields=("clinic",),
    purpose="marketing",
    shipped={"en": ("News", "{address} {opt_out}"), "es": ("Noticias", "{address} {opt_out}")},
)
ASKED = TextKind(
    code="asked",
    name="How was it",
    channels=("sms", "email"),
    fields=("link",),
    needed=("link",),
    purpose="survey",
    shipped={"en": ("A", "{link} {opt_out}"), "es": ("A", "{link} {opt_out}")},
)
BODY = "{clinic}: we expect you {day} at {time}, {clinician}, {where}. {change}"


def said(kind=REMINDER, language="en", *, subject="Your visit on {day}", body=BODY, english=None):
    return lint(kind, language, subject=subject, body=body, english=english)


def stops(checked):
    return [str(each.says) for each in checked.findings if each.stops]


@pytest.mark.parametrize("language", PATIENTS_READ)
@pytest.mark.parametrize("code", EVERY)
def test_what_comes_with_the_house_passes_its_own_review(code, language):
    kind = _kinds[code]
    subject, body = kind.shipped[language]

    checked = lint(kind, language, subject=subject, body=body, english=kind.shipped["en"][1])

    assert stops(checked) == []
    assert checked.grade.easy
    assert not named(f"{subject}{body}") - set(kind.allowed)
    assert "{" not in checked.body


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("", "There are no words yet."),
        (f"{BODY} {{patient}}", "{patient} is no fact that this text may name."),
        (f"{BODY} {{day.year}}", "{day.year} is no fact that this text may name."),
        (f"{BODY} {{0}}", "{0} is no fact that this text may name."),
        (f"{BODY} {{", "A brace stands alone, and a fact is named like {day}."),
        (f"{BODY} {{visit_type}}", _WHY),
        ("{clinic}: come at {time} {change}", "It must name {day}."),
        (f"{BODY} Your lab results are in.", "“lab” tells of health, and others may read it."),
        (f"{BODY} Es por su embarazo.", "“embarazo” tells of health, and others may read it."),
        (f"{BODY} {'x' * 1600}", "The carrier takes no text that long."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_text_stops_its_review(body, why):
    assert why in stops(said(body=body))


@pytest.mark.parametrize(
    ("subject", "why"),
    [
        ("", "An e-mail and a letter have a subject."),
        ("Visit\r\nBcc: all@clinic.example", "A subject is one line."),
        ("Your HIV test", "“hiv” tells of health, and others may read it."),
        ("x" * 121, "The subject is longer than a line."),
    ],
)
def test_what_is_wrong_with_a_subject_stops_its_review(subject, why):
    assert why in stops(said(subject=subject))


def test_words_of_a_name_are_no_words_of_health():
    assert stops(said(body=f"{BODY} Labrador, cancel, Conditioner Street")) == []


def test_an_e_mail_that_advertises_carries_our_address_and_a_way_to_end_it():
    bare = stops(said(NEWS, subject="News", body="We have a new doctor."))
    whole = stops(said(NEWS, subject="News", body="A new doctor. {address} {opt_out}"))

    assert len(bare) == 2
    assert any("{address}" in each for each in bare)
    assert any("{opt_out}" in each for each in bare)
    assert whole == []


def test_a_survey_by_e_mail_carries_a_way_to_end_it_and_care_need_not():
    assert any("{opt_out}" in each for each in stops(said(ASKED, subject="A", body="{link}")))
    assert "opt_out" not in REMINDER.allowed


def test_the_length_is_that_of_the_text_with_its_facts():
    plain, wide = said(), said(body=BODY.replace("expect", "expéct“"))

    assert (plain.length.parts, plain.length.wide) == (2, "")
    assert (wide.length.parts, wide.length.wide) == (3, "“")
    assert "Lakeside" in plain.body


def test_a_translation_that_leaves_a_fact_out_is_pointed_at_and_may_be_right():
    checked = said(language="es", body=BODY.replace("{where}", ""), english=BODY)

    assert [str(each.says) for each in checked.findings] == [
        "The English names {where}, and this does not."
    ]
    assert not checked.stops


def test_a_text_that_reads_hard_is_pointed_at():
    hard = BODY + " Notwithstanding administrative considerations, rescheduling necessitates" * 4

    assert "It reads hard. Shorter sentences and words help." in [
        str(each.says) for each in said(body=hard).findings
    ]


@given(st.text(alphabet="ab{}%$.\n", max_size=40), st.text(max_size=20))
def test_a_fact_that_looks_like_a_name_is_never_looked_at(words, fact):
    filled = fill(f"{words.replace('{', '').replace('}', '')}{{day}}", {"day": "{time}" + fact})

    assert filled.endswith("{time}" + fact)


def version(number, language="en", *, shipped=False, english=0, renews=False):
    return Version(
        number * 10 + (language == "es"), language, number, shipped,
        english if language == "es" else number, renews,
    )  # fmt: skip


SHIPPED = [version(1, shipped=True), version(1, "es", shipped=True, english=1)]


def holds(*more):
    """The numbers that hold in English and in Spanish."""
    found = (in_force([*SHIPPED, *more], each) for each in ("en", "es"))
    return tuple(each and each.number for each in found)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ((), (1, 1)),
        ((version(2),), (2, 1)),
        ((version(2, renews=True),), (2, None)),
        ((version(2, renews=True), version(2, "es", english=2)), (2, 2)),
        ((version(2, renews=True), version(3)), (3, None)),
        ((version(2, renews=True), version(2, "es", english=2), version(3)), (3, 2)),
        ((version(2, "es", english=1),), (1, 2)),
        # a later release of the house changes nothing of what the clinic has made its own
        (
            (version(2, renews=True), version(3, shipped=True),
             version(3, "es", shipped=True, english=3)),
            (2, None),
        ),
        ((version(2), version(3, shipped=True), version(3, "es", shipped=True, english=3)), (2, 1)),
        ((version(2, shipped=True), version(2, "es", shipped=True, english=2)), (2, 2)),
    ],
)  # fmt: skip
def test_the_wording_that_holds_is_the_clinics_last_and_a_translation_of_what_holds(more, expected):
    assert holds(*more) == expected


VERSIONS = st.lists(
    st.builds(
        version,
        st.integers(2, 6),
        st.sampled_from(["en", "es"]),
        shipped=st.booleans(),
        english=st.integers(1, 6),
        renews=st.booleans(),
    ),
    unique_by=lambda each: each.id,
    max_size=8,
)


@given(VERSIONS)
def test_there_is_always_english_and_no_translation_of_what_is_not_said_any_more(more):
    every = [*SHIPPED, *more]
    english, spanish = in_force(every, "en"), in_force(every, "es")

    assert english is not None
    if spanish is None:
        return
    assert spanish.of_english <= english.number
    between = range(spanish.of_english + 1, english.number + 1)
    assert not any(
        each.renews and each.language == "en" and each.number in between for each in every
    )
