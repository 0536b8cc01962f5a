"""Reading and balancing an 835 of 100,000 claims, each time in a process of its own."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from bench.harness import Figure, Sample, at_least, at_most, figure

CLAIMS, IN_A_SET, ROUNDS = 100_000, 5_000, 3
NAME = "835 read and balanced, 100,000 claims of two lines"

OURS = """
import json, sys, time
from almoner.edges.x12.remittance import balance
began = time.perf_counter()
with open(sys.argv[1], "rb") as source:
    report = balance(source)
seconds = time.perf_counter() - began
assert report.balances
# Not getrusage: its peak is the parent's until we pass it.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
memory = int(peak.split()[1]) / 1024
print(json.dumps([report.claims / seconds, memory]))
"""
THEIRS = """
import json, sys, time
import oxedi
began = time.perf_counter()
read = oxedi.parse_file(sys.argv[1])
claims = read.count_claims
seconds = time.perf_counter() - began
claims = claims() if callable(claims) else claims
assert not [each for each in read.diagnostics if each.kind == "BalanceMismatch"]
# Not getrusage: its peak is the parent's until we pass it.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
memory = int(peak.split()[1]) / 1024
print(json.dumps([claims / seconds, memory]))
"""


@figure(NAME)
def read_and_balance() -> Iterable[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "remittance.edi")
        path.write_bytes(made(CLAIMS))
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(_run(OURS, path))
            theirs.append(_run(THEIRS, path))
    rates = [Sample(tuple(rate for rate, _ in runs), "/s") for runs in (ours, theirs)]
    memory = [Sample(tuple(peak for _, peak in runs), "MB") for runs in (ours, theirs)]
    yield Figure(rates[0], at_least(50_000), "oxedi (Rust)", rates[1], what="claims")
    yield Figure(memory[0], at_most(64, "median"), "oxedi (Rust)", memory[1], what="peak memory")


def _run(program: str, path: Path) -> tuple[float, float]:
    done = subprocess.run(
        [sys.executable, "-c", program, path], check=True, capture_output=True, text=True
    )
    rate, memory = json.loads(done.stdout)
    return rate, memory


def made(claims: int) -> bytes:
    """An 835 of that many claims, 5,000 to a payment, every one in balance."""
    text = [
        "ISA*00*          *00*          *ZZ*PAYER          *ZZ*CLINIC         *260105*0800*^*00501"
        "*000000001*0*P*:~GS*HP*PAYER*CLINIC*20260105*0800*1*X*005010X221A1~"
    ]
    sets = 0
    for first in range(0, claims, IN_A_SET):
        sets += 1
        count = min(IN_A_SET, claims - first)
        segments = [
            f"ST*835*{sets:04d}",
            f"BPR*I*{count * 150}*C*CHK************20260105",
            f"TRN*1*T{sets}*1512345678",
            "DTM*405*20260105",
            "N1*PR*PAYER",
            "N3*1 PIER ROAD",
            "N4*CHICAGO*IL*60601",
            "PER*BL*SERVICE*TE*3125550100",
            "N1*PE*CLINIC*XX*1234567893",
            "LX*1",
        ]
        for number in range(first, first + count):
            segments += _claim(number)
        segments.append(f"SE*{len(segments) + 1}*{sets:04d}")
        text.append("~".join(segments) + "~")
    text.append(f"GE*{sets}*1~IEA*1*000000001~")
    return "".join(text).encode("ascii")


def _claim(number: int) -> list[str]:
    return [
        f"CLP*C{number}*1*300*150*50*12*P{number}*11*1",
        f"NM1*QC*1*DOE*J{number}****MI*M{number}",
        "NM1*82*1*NG*LI****XX*1234567893",
        "DTM*232*20260101",
        "DTM*050*20260103",
        "AMT*AU*200",
        "SVC*HC:A1001*200*100**1",
        "DTM*472*20260101",
        "CAS*CO*45*70",
        "CAS*PR*2*30",
        "REF*6R*1",
        "AMT*B6*130",
        "SVC*HC:A1002*100*50**1",
        "DTM*472*20260101",
        "CAS*CO*45*30",
        "CAS*PR*3*20",
        "REF*6R*2",
        "AMT*B6*70",
    ]
