"""Eligibility and claim acknowledgments: levels, codes and NPIs, each defect at its element."""

from pathlib import Path

import pytest

from almoner.edges.x12.check import check

SAMPLES = Path(__file__).with_name("samples")


def found(name: str, old: bytes, new: bytes) -> set[tuple[str, str, int]]:
    data = (SAMPLES / name).read_bytes()
    assert old in data
    faults = check(data.replace(old, new, 1)).all_faults
    return {(one.code, one.tag, one.element) for one in faults if one.code != "count-segments"}


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (b"HL*2*1*21", b"HL*2*9*21", ("hl-parent", "HL", 2)),
        (b"HL*2*1*21*1", b"HL*2*1*21*0", ("hl-children", "HL", 2)),
        (b"EB*1*", b"EB*ZZ*", ("code-unknown", "EB", 1)),
        (b"BHT*0022*", b"BHT*0019*", ("code-unknown", "BHT", 1)),
        (b"EB*1*", b"ZZZ*1~EB*1*", ("segment-unexpected", "ZZZ", 0)),
    ],
)
def test_a_defect_of_an_eligibility_answer_is_named(old, new, fault):
    assert fault in found("271-ppo-copay.edi", old, new)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (b"HL*3*2*19", b"HL*3*1*19", ("hl-parent", "HL", 2)),
        (b"TRN*2*V-1001~", b"", ("segment-unexpected", "STC", 0)),
        (b"*WQ*185~", b"*XX*185~", ("code-unknown", "STC", 3)),
        (b"DTP*050*D8*20261123", b"DTP*050*D8*20261131", ("date-shape", "DTP", 3)),
    ],
)
def test_a_defect_of_a_claim_acknowledgment_is_named(old, new, fault):
    assert fault in found("277ca-one-rejected.edi", old, new)


def test_an_answer_may_repeat_a_wrong_npi():
    assert found("277ca-one-rejected.edi", b"1234567893", b"1234567890") == set()
