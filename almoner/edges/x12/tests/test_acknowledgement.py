"""Answers are complete, hold to their guides by another's judgement, and read back as written."""

from dataclasses import replace
from datetime import date

import pytest

from almoner.edges.x12 import acknowledgement as ack
from almoner.edges.x12.check import check
from almoner.edges.x12.claim import Name, write_837p
from almoner.edges.x12.report import Verdict
from almoner.edges.x12.tests import make
from almoner.edges.x12.tests.judges import pyx12_complaints

CLEAN = write_837p(make.ENVELOPE, make.SUBMISSION, [make.claim()])
TODAY = date(2026, 11, 23)
REMITTANCE = (
    CLEAN[:106] + b"GS*HP*BLUEHARBOR*ELMCLINIC*20261123*0905*3*X*005010X221A1~ST*835*0001~"
    b"BPR*I*0*C*NON************20261123~SE*3*0001~GE*1*3~IEA*1*000000007~"
)


def answered(data: bytes) -> bytes:
    return ack.write_999(make.ENVELOPE, ack.answer_report(check(data)))


def test_a_clean_file_is_accepted():
    (answer,) = ack.answer_report(check(CLEAN))

    assert (answer.verdict, answer.declared, answer.received, answer.accepted) == ("A", 1, 1, 1)
    assert answer.sets[0].accepted


def test_a_faulty_set_is_refused_at_its_segment_and_element():
    spoiled = CLEAN.replace(b"XX*1234567893", b"XX*1234567894").replace(b"LX*2~", b"lx*2~")

    (answer,) = ack.answer_report(check(spoiled))

    assert answer.verdict == "R"
    assert answer.sets[0].codes == ("5",)
    first = answer.sets[0].segments[0]
    assert (first.tag, first.position, first.loop, first.code) == ("NM1", 8, "2010AA", "8")
    assert first.elements == (ack.ElementNote(9, 0, "I12", "1234567894"),)
    assert "1" in {note.code for note in answer.sets[0].segments}


def test_of_two_sets_one_may_be_refused():
    one, rest = CLEAN.split(b"ST*837")[0], CLEAN[CLEAN.index(b"ST*837") : CLEAN.index(b"GE*")]
    bad = rest.replace(b"0001", b"0002").replace(b"627010002", b"627010001")
    bad = bad.replace(b"CLM*C0002*", b"CLM*C0001*").replace(b"*150.5*", b"*1*")

    (answer,) = ack.answer_report(check(one + rest + bad + b"GE*2*7~IEA*1*000000007~"))

    assert answer.verdict == "P"
    assert [found.accepted for found in answer.sets] == [True, False]


@pytest.mark.parametrize(
    ("data", "verdict"),
    [
        (CLEAN, "A"),
        (CLEAN.replace(b"*M~", b"*X~"), "R"),
        (CLEAN.replace(b"ABK:J069", b"ABK:J06.9"), "R"),
        (CLEAN.replace(b"GE*1*7", b"GE*2*8"), "R"),
        (CLEAN.replace(b"SE*", b"SE*1"), "R"),
        (CLEAN.replace(b"HI*ABK:J069*ABF:I10~", b""), "R"),
        (CLEAN.replace(b"CY*", b"C\xd1Y*"), "A"),
        (CLEAN.replace(b"X222A1", b"X222A2"), "R"),
    ],
)
def test_every_answer_holds_to_its_guide_and_reads_back(data, verdict):
    answers = ack.answer_report(check(data))
    written = ack.write_999(make.ENVELOPE, answers)

    assert check(written).verdict is Verdict.ACCEPTED
    assert [one.verdict for one in ack.read_999(written)] == [verdict]
    assert [one.sets[0].control for one in ack.read_999(written)] == ["0001"]
    if b"X222A2" not in data:  # pyx12 knows only the guides it has maps for
        assert pyx12_complaints(written) == []


def test_an_835_is_answered_completely_though_it_names_no_guide():
    written = answered(REMITTANCE)
    (answer,) = ack.read_999(written)

    assert (answer.functional, answer.control, answer.version) == ("HP", "3", "005010X221A1")
    assert [(one.kind, one.control, one.guide) for one in answer.sets] == [("835", "0001", "")]
    assert answer.received == 1
    assert pyx12_complaints(written) == []


def test_an_acknowledgment_is_not_acknowledged():
    assert ack.answer_report(check(answered(CLEAN))) == ()


def test_a_value_that_cannot_be_sent_back_is_sent_without_what_breaks_it():
    (answer,) = ack.answer_report(check(CLEAN.replace(b"IL*62702", b"IL*6\xd1702")))

    written = ack.write_999(make.ENVELOPE, [answer])

    assert check(written).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("old", "new", "code", "note"),
    [
        (b"", b"", "A", "000"),
        (b"IEA*1*000000007", b"IEA*1*000000008", "R", "001"),
        (b"IEA*1*", b"IEA*4*", "R", "021"),
        (b"IEA*1*000000007~", b"", "R", "023"),
        (b"*261123*", b"*269923*", "R", "014"),
        (b"*0*T*:", b"*0*X*:", "R", "020"),
        (b"*M~", b"*X~", "A", "000"),
    ],
)
def test_a_ta1_answers_the_interchange_alone(old, new, code, note):
    report = check(CLEAN.replace(old, new, 1)).interchanges[0]

    answer = ack.answer_interchange(report)
    written = ack.write_ta1(make.ENVELOPE, [answer])

    assert (answer.code, answer.note, answer.control) == (code, note, "000000007")
    assert list(ack.read_ta1(written)) == [answer]
    if new != b"*269923*":  # a TA1 repeats the date it was sent, even one that is none
        assert check(written).verdict is Verdict.ACCEPTED


def status(category: str, charge: int | None = 15_050, on: date | None = TODAY) -> ack.Status:
    return ack.Status(category, "20", on=on, charge=charge)


ACCEPTED = ack.ClaimAnswer(
    "C0001",
    Name("YOUNG", "CY"),
    "W00000001",
    (status("A2"),),
    make.SERVED,
    payer_claim_number="ICN1",
    trace="TR1",
)
REJECTED = replace(
    ACCEPTED,
    number="C0002",
    statuses=(ack.Status("A7", "562", "85", TODAY, 15_050, "PROVIDER NOT KNOWN"),),
    served_to=date(2026, 11, 21),
    lines=(ack.LineAnswer("X0001", 10_000, (status("A7", None),), "L1"),),
)
ANSWER = ack.ClaimAcknowledgement(
    source="BLUE HARBOR",
    source_id="BH001",
    receiver="ELM STREET CLINIC",
    receiver_id="ELM01",
    batch="BATCH7",
    received_on=TODAY,
    processed_on=TODAY,
    statuses=(status("A1"),),
    providers=(
        ack.ProviderAnswer(
            make.CLINIC.name, make.CLINIC.npi, (status("A1", on=None),), (ACCEPTED, REJECTED)
        ),
    ),
)


def test_a_claim_acknowledgment_holds_to_its_guide_and_reads_back():
    written = ack.write_277ca(make.ENVELOPE, ANSWER, reference="R1", written_at=make.NOW)

    assert list(check(written).all_faults) == []
    assert pyx12_complaints(written) == []
    assert list(ack.read_277ca(written)) == [ANSWER]


def test_rejected_accepted_and_undecided_are_three_words():
    undecided = replace(ACCEPTED, statuses=(status("A0"),))

    assert [one.outcome for one in (ACCEPTED, REJECTED, undecided)] == [
        ack.Outcome.ACCEPTED,
        ack.Outcome.REJECTED,
        ack.Outcome.UNDECIDED,
    ]


def test_a_277_that_answers_a_status_request_is_not_a_claim_acknowledgment():
    written = ack.write_277ca(make.ENVELOPE, ANSWER, reference="R1", written_at=make.NOW)

    assert list(ack.read_277ca(written.replace(b"BHT*0085*", b"BHT*0010*"))) == []
