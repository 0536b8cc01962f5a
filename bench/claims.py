"""Building and checking an 837P, each time in a process of its own, by its seconds on one core."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from almoner.edges.x12.claim import Claim, Name
from almoner.edges.x12.tests import make
from bench.harness import Figure, Sample, at_least, at_most, figure

CLAIMS, ROUNDS = 5_000, 3
NAME = "837P build + check, 5,000 claims of two lines"

# Seconds of the processor, not of the clock: the promise is for one core, however busy the others.
OURS = """
import json, sys, time
from pathlib import Path
from almoner.edges.x12.check import check
from almoner.edges.x12.claim import read_837p, write_837p
from almoner.edges.x12.report import Verdict
from almoner.edges.x12.tests.make import ENVELOPE, SUBMISSION
from bench.claims import made
claims = made(int(sys.argv[2]))
began = time.process_time()
content = write_837p(ENVELOPE, SUBMISSION, claims)
report = check(content)
seconds = time.process_time() - began
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
assert report.verdict is Verdict.ACCEPTED, report
assert list(read_837p(content)) == claims
Path(sys.argv[1]).write_bytes(content)
print(json.dumps([len(claims) / seconds, int(peak.split()[1]) / 1024]))
"""
ALONE = """
import json, sys, time
from almoner.edges.x12.check import check
from almoner.edges.x12.claim import write_837p
from almoner.edges.x12.report import Verdict
from almoner.edges.x12.tests.make import ENVELOPE, SUBMISSION
from bench.claims import made
claims = made(int(sys.argv[2]))
began = time.process_time()
for claim in claims:
    report = check(write_837p(ENVELOPE, SUBMISSION, [claim]))
    assert report.verdict is Verdict.ACCEPTED, report
content = write_837p(ENVELOPE, SUBMISSION, claims)
seconds = time.process_time() - began
print(json.dumps([len(claims) / seconds, 0]))
"""
PYX12 = """
import io, json, sys, time
import pyx12.error_handler, pyx12.params, pyx12.x12n_document
began = time.process_time()
valid = pyx12.x12n_document.x12n_document(
    pyx12.params.ParamsBase(), sys.argv[1], io.StringIO(), None
)
seconds = time.process_time() - began
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
assert valid
print(json.dumps([int(sys.argv[2]) / seconds, int(peak.split()[1]) / 1024]))
"""
X12SDK = """
import json, sys, time
from x12sdk.io import X12ModelReader
began = time.process_time()
with open(sys.argv[1]) as source:
    with X12ModelReader(source.read()) as reader:
        [model] = reader.models()
seconds = time.process_time() - began
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
people = [one for billing in model.loop_2000a for one in billing.loop_2000b]
people += [each for one in people for each in one.loop_2000c or []]
read = sum(len(one.loop_2300 or []) for one in people)
assert read == int(sys.argv[2]), read
print(json.dumps([int(sys.argv[2]) / seconds, int(peak.split()[1]) / 1024]))
"""


@figure(NAME)
def build_and_check() -> Iterable[Figure]:
    """Ours builds the file and judges it; the alternatives are only given that file to judge."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "claims.edi")
        programs = {"ours": OURS, "alone": ALONE, "pyx12": PYX12, "x12sdk": X12SDK}
        runs: dict[str, list[tuple[float, float]]] = {name: [] for name in programs}
        for _ in range(ROUNDS):
            for name, program in programs.items():
                runs[name].append(_run(program, path))
    rates = {name: Sample(tuple(rate for rate, _ in found), "/s") for name, found in runs.items()}
    peaks = {name: Sample(tuple(peak for _, peak in found), "MB") for name, found in runs.items()}
    checks = "the alternative checks, does not build"
    reads = "the alternative reads into its models, does not build, and knows no code or date rules"
    promised = at_least(2_000)
    yield Figure(rates["ours"], promised, "pyx12", rates["pyx12"], what="one file", note=checks)
    yield Figure(rates["ours"], promised, "x12sdk", rates["x12sdk"], what="one file", note=reads)
    yield Figure(
        rates["alone"], promised, "pyx12", rates["pyx12"],
        what="each claim checked alone, as they are sent", note=checks,
    )  # fmt: skip
    yield Figure(
        peaks["ours"], at_most(150, "median"), "x12sdk", peaks["x12sdk"], what="peak memory"
    )


def _run(program: str, path: Path) -> tuple[float, float]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, path, str(CLAIMS)],
        check=True,
        capture_output=True,
        text=True,
    )
    rate, memory = json.loads(done.stdout)
    return rate, memory


def made(claims: int) -> list[Claim]:
    """Claims of as many people, every other one for a dependent, some coded and paid for more."""
    return [_claim(number) for number in range(claims)]


def _claim(number: int) -> Claim:
    name = Name(f"YOUNG{_letters(number)}", "CY")
    served = date(2026, 10, 1) + timedelta(days=number % 50)
    lines = (
        make.line(control=f"L{number}A", served_from=served, charge=10_000 + number % 900),
        make.line(
            procedure="X0002",
            control=f"L{number}B",
            served_from=served,
            charge=5_050,
            pointers=(2, 1),
            modifiers=("25",) if number % 3 == 0 else (),
        ),
    )
    return make.claim(
        number=f"C{number:06d}",
        subscriber=replace(make.CY, name=name, member_id=f"W{number:08d}"),
        # x12sdk knows no sex but F and M.
        patient=replace(make.dependant(), sex="F") if number % 2 else None,
        lines=lines,
        patient_paid=2_000 if number % 4 == 0 else None,
    )


def _letters(number: int) -> str:
    return "".join(chr(ord("A") + int(digit)) for digit in str(number))
