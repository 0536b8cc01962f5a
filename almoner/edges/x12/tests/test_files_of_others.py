"""Files that others published, each with the verdict we wrote after reading it.

The files themselves are not ours to ship: ALMONER_X12_DATA says where they are.
"""

import os
from pathlib import Path

import pytest

from almoner.edges.x12.check import check

HERE = Path(__file__)
ROOT = HERE.parents[4]
FILES = Path(os.environ.get("ALMONER_X12_DATA", ROOT / "../shared/data/x12")).resolve()
VERDICTS = [
    [part.strip() for part in f"{row} |".split("|")][:3]
    for row in HERE.with_name("verdicts.txt").read_text(encoding="ascii").splitlines()
    if not row.startswith("#")
]

pytestmark = pytest.mark.skipif(
    not FILES.is_dir(), reason=f"no X12 files of others in {FILES}; set ALMONER_X12_DATA"
)


@pytest.mark.parametrize(("name", "verdict", "codes"), VERDICTS)
def test_a_file_of_others_gets_our_verdict(name, verdict, codes):
    report = check((FILES / name).read_bytes())

    errors = {fault.code for fault in report.all_faults if fault.severity == "error"}
    assert (report.verdict, " ".join(sorted(errors))) == (verdict, codes)


def test_every_file_of_others_has_a_verdict_and_every_verdict_its_file():
    there = {str(path.relative_to(FILES)) for path in FILES.glob("*/*")}

    assert there == {name for name, _verdict, _codes in VERDICTS}


def test_no_file_of_others_crashes_the_check_or_is_refused_without_a_place():
    for path in sorted(FILES.glob("*/*")):
        report = check(path.read_bytes())
        faults = list(report.all_faults)

        assert report.sets or faults, path
        assert all(fault.message and fault.ordinal for fault in faults), path
