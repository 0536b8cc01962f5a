"""Each defect of a claim is found, and named with its segment and element."""

import re
from pathlib import Path

import pytest

from almoner.edges.x12.check import check
from almoner.edges.x12.claim import write_837p
from almoner.edges.x12.report import Verdict
from almoner.edges.x12.syntax import Fault
from almoner.edges.x12.tests import make

PLAIN = write_837p(make.ENVELOPE, make.SUBMISSION, [make.claim()]).decode()
RICH = write_837p(make.ENVELOPE, make.SUBMISSION, [make.rich_claim()]).decode()
SECOND = write_837p(make.ENVELOPE, make.SUBMISSION, [make.secondary_claim()]).decode()


def spoiled(file: str, old: str, new: str) -> bytes:
    """The file with one thing changed, its segment count put right again."""
    assert old in file
    text = file.replace(old, new, 1)
    if "SE*" not in old:
        body = text[text.index("ST*837") : text.index("GE*")]
        text = re.sub(r"SE\*\d+\*", f"SE*{body.count('~')}*", text)
    return text.encode()


def faults(data: bytes) -> list[Fault]:
    return [fault for fault in check(data).all_faults if fault.severity == "error"]


FILES = {"plain": PLAIN, "rich": RICH, "second": SECOND}
DEFECTS = {
    row.split(" | ")[0]: row.split(" | ")[1:]
    for row in Path(__file__).with_name("professional_defects.txt").read_text().splitlines()[1:]
}


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_found_and_named(name):
    file, old, new, code, tag, element = DEFECTS[name]

    data = spoiled(FILES[file], old, new)
    found = [fault for fault in faults(data) if fault.code == code]

    assert (tag, int(element)) in {(fault.tag, fault.element) for fault in found}, faults(data)
    assert check(data).verdict is Verdict.REFUSED
    for fault in found:
        # Of what is missing, the place is that of the segment before which it should stand.
        stands = "" if "missing" in code else fault.tag
        assert data[fault.offset :].startswith(stands.encode())


@pytest.mark.parametrize("file", [PLAIN, RICH, SECOND])
def test_a_clean_claim_raises_no_alarm(file):
    report = check(file.encode())

    assert list(report.all_faults) == []
    assert report.verdict is Verdict.ACCEPTED


def test_a_fault_names_where_it_is():
    fault = faults(spoiled(PLAIN, "XX*1234567893", "XX*1234567894"))[0]

    assert fault.loop == "2010AA"
    assert fault.position == fault.ordinal - 2
    assert fault.place == f"NM1 (segment 10, byte {fault.offset}, loop 2010AA), element 9"
    assert fault.value == "1234567894"


def test_what_is_missing_is_named_where_it_should_stand():
    data = spoiled(PLAIN, "HI*ABK:J069*ABF:I10~", "")

    fault = next(fault for fault in faults(data) if fault.tag == "HI")

    assert data[fault.offset :].startswith(b"NM1*82*")
    assert fault.loop == "2300"


def test_a_value_in_error_is_not_part_of_what_is_logged():
    fault = faults(spoiled(PLAIN, "D8*19800229", "D8*20270101"))[0]

    assert "20270101" not in str(fault)
    assert "20270101" not in repr(fault)


def test_icd9_is_right_for_services_before_it_ended():
    old = spoiled(PLAIN, "ABK:J069*ABF:I10", "BK:4660*BF:4019").replace(b"20261120", b"20150901")

    assert faults(old) == []
