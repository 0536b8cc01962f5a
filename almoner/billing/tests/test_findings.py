"""What the check of a claim found, in words."""

from dataclasses import replace
from datetime import date

from django.utils.functional import Promise

from almoner.billing.exchange import _finding
from almoner.billing.queries import findings, wording
from almoner.billing.rules import edits
from almoner.billing.rules.denials import Bearing, Resolution
from almoner.billing.rules.desks import Desk
from almoner.billing.rules.edits import Finding, Rule
from almoner.edges.x12.syntax import Fault
from almoner.ground.words import gettext_noop, saying

NOBODY = edits.Person("", "", None, "", "", "", "", "")
WRONG = edits.Provider("Ada Ng", "1", "doctor")
UNBORN = replace(NOBODY, birth_date=date(2030, 1, 1))
BARE = edits.Draft(
    payer_identifier="", member_id="", relation="19", coverage_from=date(2026, 3, 3),
    coverage_until=None, patient=NOBODY, subscriber=UNBORN, billing=WRONG, tax_id="",
    rendering=WRONG, service_date=date(2026, 3, 2), place_of_service="", diagnoses=(), services=(),
    codes_stale=False, file_by=date(2026, 2, 1), today=date(2026, 3, 1),
    earlier_answered=False,
)  # fmt: skip
CROWDED = replace(
    BARE,
    diagnoses=(
        edits.Diagnosis("?", known=None, billable=False),
        edits.Diagnosis("E119", known=None, billable=False),
        edits.Diagnosis("E119", known=False, billable=False),
        *(edits.Diagnosis(f"E11{n}", known=True, billable=False) for n in range(10)),
    ),
    services=(
        edits.Service(1, "9", ("25", "25"), 0, 0, (), "77"),
        edits.Service(2, "9", ("?",), 0, 0, (1, 1, 2, 3, 40), "77"),
        *(edits.Service(n, "ZZ101", (), 1, 100, (1,), "11") for n in range(3, 53)),
    ),
    codes_stale=True,
    replaces_payer_number="",
)


def test_everything_a_claim_can_fail_by_is_a_whole_sentence():
    found = [*edits.findings(BARE), *edits.findings(CROWDED)]

    said = [findings.sentence(one) for one in found]
    assert {one.rule for one in found} == set(Rule)
    assert all(text.endswith(".") and "%" not in text for text in said)
    words = [*findings.SENTENCES.values(), *findings.OF_SUBSCRIBER.values()]
    assert all(isinstance(word, Promise) for word in words)


def test_a_finding_names_what_it_is_about():
    npi = Finding(Rule.NPI, Desk.SETUP, "clinician.npi", {"name": "Ada Ng"})
    late = Finding(Rule.FILING, Desk.BILLING, "file_by", {"day": "2026-02-01"})
    born = Finding(Rule.BIRTH_DATE_MISSING, Desk.FRONT, "subscriber.birth_date")

    assert findings.sentence(npi) == "The NPI of Ada Ng is not a valid number."
    assert "deadline was 02/01/2026" in findings.sentence(late)
    assert findings.sentence(born) == "The subscriber's birth date is missing."


def test_what_the_guides_own_checker_said_stands_in_its_words():
    one = Finding("837P required", Desk.FRONT, "2000B SBR03 segment 4", message="SBR03 is missing")

    assert findings.sentence(one) == "SBR03 is missing"
    assert findings.place(one.field) == "2000B SBR03 segment 4"


def test_the_place_of_a_finding_is_told_in_words():
    assert findings.place("lines.2.pointers.3") == "line 2 done for 3"
    assert findings.place("subscriber.zip_code") == "subscriber ZIP code"


def test_every_place_our_own_findings_name_has_a_word():
    found = [*edits.findings(BARE), *edits.findings(CROWDED)]
    parts = {part for one in found for part in one.field.split(".") if not part.isdecimal()}

    assert parts - set(findings.FIELDS) == set()


def test_a_step_a_claim_cannot_take_is_told_in_words():
    told = wording.wrong_step("C17", "held", "sent")

    assert told == "Claim C17 is “Held” and cannot become “Sent”."


def test_whoever_bears_an_amount_and_however_a_denial_ended_there_is_a_word():
    assert all(wording.bearing_name(bearing) for bearing in Bearing)
    assert all(wording.resolution_name(resolution) for resolution in Resolution)


def test_what_the_guide_says_of_a_claim_is_said_from_its_pattern_and_names_the_place():
    fault = Fault(
        "element-long",
        saying(gettext_noop("The value is longer than %(most)s characters."), most=35),
        tag="NM1", ordinal=9, element=4,
    )  # fmt: skip

    found = _finding(fault)

    assert found.about["says"] == "The value is longer than %(most)s characters."
    assert findings.sentence(found) == f"{fault.message} ({fault.place})" == found.message
