"""Whatever the bytes, a check ends in a report."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from almoner.edges.x12.check import check
from almoner.edges.x12.claim import write_837p
from almoner.edges.x12.report import Verdict
from almoner.edges.x12.tests import make

FILE = write_837p(make.ENVELOPE, make.SUBMISSION, [make.rich_claim(), make.secondary_claim()])


def codes(data: bytes) -> list[str]:
    return [fault.code for fault in check(data).all_faults]


@given(st.binary(max_size=300))
def test_no_bytes_crash_the_check(noise):
    assert check(noise).verdict in Verdict
    assert check(FILE[:106] + noise).verdict in Verdict


@given(st.integers(0, len(FILE)), st.integers(0, 20), st.binary(max_size=6))
@settings(max_examples=300)
def test_no_mutation_of_a_file_crashes_the_check(at, cut, noise):
    assert check(FILE[:at] + noise + FILE[at + cut :]).verdict in Verdict


@given(st.data())
@settings(max_examples=60)
def test_no_shuffling_of_segments_crashes_the_check(data):
    isa, *rest = FILE.decode().split("~")[:-1]
    shuffled = data.draw(st.permutations(rest))

    assert check("~".join([isa, *shuffled, ""]).encode()).verdict in Verdict


@given(st.integers(107, len(FILE) - 1))
def test_a_file_cut_short_is_never_accepted(length):
    report = check(FILE[:length])

    # The very last byte is a terminator; a file that lacks only that is whole.
    assert report.verdict is Verdict.REFUSED or length == len(FILE) - 1


def test_several_interchanges_are_reported_one_by_one():
    report = check(BytesIO(FILE + b"\r\n" + FILE.replace(b"CLM*C0002*", b"CLM**")))

    assert [one.verdict for one in report.interchanges] == [Verdict.ACCEPTED, Verdict.REFUSED]


def test_what_is_not_x12_is_refused_with_the_reason():
    report = check(b"<html>")

    assert report.verdict is Verdict.REFUSED
    assert [fault.code for fault in report.faults] == ["not-x12"]


@pytest.mark.parametrize(
    ("cut", "code"),
    [
        (b"SE*", "trailer-missing"),
        (b"GE*", "trailer-missing"),
        (b"IEA*", "trailer-missing"),
        (b"GS*", "segment-stray"),
        (b"ST*", "segment-stray"),
    ],
)
def test_an_envelope_that_lacks_a_part_is_refused(cut, code):
    kept = [text for text in FILE.split(b"~") if not text.startswith(cut)]

    assert code in codes(b"~".join(kept))


def test_a_version_that_hipaa_did_not_adopt_is_read_and_said_to_be_so():
    report = check(FILE.replace(b"X222A1", b"X222A2"))

    assert report.verdict is Verdict.NOT_SUPPORTED
    assert "HIPAA adopted" in next(report.sets).note


def test_an_unknown_guide_is_not_called_accepted():
    assert check(FILE.replace(b"X222A1", b"X999")).verdict is Verdict.NOT_SUPPORTED


def test_a_file_with_very_many_faults_keeps_a_thousand():
    many = FILE.replace(b"SE*", b"ZZ*1~" * 2_000 + b"SE*")

    assert len(codes(many)) == 1_001
