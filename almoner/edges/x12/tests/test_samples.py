"""Our own files, written by hand: what each is, what is wrong with it, what is read from it."""

from pathlib import Path

import pytest

from almoner.edges.x12 import acknowledgement as ack
from almoner.edges.x12.check import check
from almoner.edges.x12.claim import read_837p
from almoner.edges.x12.eligibility import read_270
from almoner.edges.x12.report import Verdict
from almoner.edges.x12.tests.judges import pyx12_complaints

SAMPLES = Path(__file__).with_name("samples")


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("270-one-child.edi", Verdict.ACCEPTED),
        ("271-ppo-copay.edi", Verdict.ACCEPTED),
        ("837p-two-claims.edi", Verdict.ACCEPTED),
        ("999-one-refused.edi", Verdict.ACCEPTED),
        ("ta1-accepted.edi", Verdict.ACCEPTED),
        ("277ca-one-rejected.edi", Verdict.ACCEPTED),
        ("835-two-claims.edi", Verdict.ACCEPTED),
        ("276-one-claim.edi", Verdict.NOT_SUPPORTED),
        ("277-one-pending.edi", Verdict.NOT_SUPPORTED),
        ("278-one-request.edi", Verdict.NOT_SUPPORTED),
    ],
)
def test_each_sample_is_sound(name, verdict):
    report = check(sample(name))

    assert list(report.all_faults) == []
    assert report.verdict is verdict


@pytest.mark.parametrize("name", ["837p-two-claims.edi", "999-one-refused.edi"])
def test_pyx12_agrees_that_a_sample_is_valid(name):
    assert pyx12_complaints(sample(name)) == []


def test_a_question_about_a_child_names_the_parent_who_holds_the_policy():
    asked = read_270(sample("270-one-child.edi"))

    assert (asked.subscriber.member_id, asked.patient.given) == ("W1", "KIT")
    assert (asked.trace, asked.service_types) == ("T-7", ("98",))


def test_three_faults_are_three_faults():
    faults = list(check(sample("837p-three-faults.edi")).all_faults)

    assert {(fault.code, fault.tag, fault.element) for fault in faults} == {
        ("charge-unbalanced", "CLM", 2),
        ("npi-invalid", "NM1", 9),
        ("pointer-dangling", "SV1", 7),
    }


def test_claims_are_read_with_their_patients():
    first, second = read_837p(sample("837p-two-claims.edi"))

    assert (first.number, first.charge, first.patient) == ("V-1001", 18_500, None)
    assert first.lines[0].modifiers == ("25",)
    assert (second.number, second.frequency, second.payer_claim_number) == ("V-1002", "7", "ICN900")
    assert second.patient is not None
    assert second.patient.name.first == "KIT"


def test_answers_are_read():
    (group,) = ack.read_999(sample("999-one-refused.edi"))
    (interchange,) = ack.read_ta1(sample("ta1-accepted.edi"))
    (claims,) = ack.read_277ca(sample("277ca-one-rejected.edi"))

    assert [one.accepted for one in group.sets] == [True, False]
    assert group.sets[1].segments[0].elements[0].value == "1234567890"
    assert interchange.accepted
    assert [(one.number, one.outcome) for one in claims.claims] == [
        ("V-1001", ack.Outcome.ACCEPTED),
        ("V-1002", ack.Outcome.REJECTED),
    ]
    assert claims.providers[0].claims[0].payer_claim_number == "ICN901"


def test_an_answered_status_request_is_no_claim_acknowledgment():
    assert list(ack.read_277ca(sample("277-one-pending.edi"))) == []
