"""`almoner x12`: what a file says, and whether it follows its guide."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from almoner.edges.x12 import remittance
from almoner.edges.x12.check import check as check_guide
from almoner.edges.x12.report import Report, Verdict
from almoner.edges.x12.syntax import Fault, X12SyntaxError, readable, segments
from almoner.ground.money import dollars

MOST_SHOWN = 200
"""Faults written out as text; `--json` has all of them."""


def read(path: Path, *, as_json: bool) -> int:
    """Write every segment; of an 835 its payments, claims and lines instead. 1 at a fault."""
    show = _as_json_line if as_json else _as_text
    try:
        with path.open("rb") as file:
            for said in _payments(file) if _is_835(path) else _segments(file):
                print(show(said))
    except X12SyntaxError as broken:
        print(show({"fault": _fault(broken.fault)}))
        return 1
    return 0


def check(path: Path, *, as_json: bool) -> int:
    """Write the verdict and every fault with its segment, element and byte; 1 when refused."""
    with path.open("rb") as file:
        report = check_guide(file)
    faults = list(report.all_faults)
    verdict = report.verdict
    if any(found.kind == "835" for found in report.sets):
        with path.open("rb") as file:
            known = {(fault.code, fault.ordinal, fault.element) for fault in faults}
            balance = remittance.balance(file)
        faults += [
            fault
            for fault in balance.every_fault()
            if (fault.code, fault.ordinal, fault.element) not in known
        ]
        verdict = verdict if balance.balances else Verdict.REFUSED
    if as_json:
        print(json.dumps(_verdict(path, report, verdict, faults)))
    else:
        _print_verdict(path, report, verdict, faults)
    return 1 if verdict is Verdict.REFUSED else 0


def _verdict(path: Path, report: Report, verdict: Verdict, faults: list[Fault]) -> dict[str, Any]:
    sets = [
        {"kind": one.kind, "control": one.control, "guide": one.guide, "verdict": one.verdict}
        for one in report.sets
    ]
    found = [_fault(fault) for fault in faults]
    whole = {"file": str(path), "verdict": verdict, "segments": report.segments}
    return whole | {"sets": sets, "faults": found}


def _print_verdict(path: Path, report: Report, verdict: Verdict, faults: list[Fault]) -> None:
    for fault in faults[:MOST_SHOWN]:
        print(f"{fault.severity}: {fault}")
    if len(faults) > MOST_SHOWN:
        print(f"… and {len(faults) - MOST_SHOWN} more; --json writes all of them")
    sets = list(report.sets)
    kinds = ", ".join(sorted({f"{one.kind} {one.guide}".strip() for one in sets})) or "no sets"
    print(f"{path}: {verdict} ({len(sets)} transaction sets: {kinds}; {len(faults)} faults)")


def _is_835(path: Path) -> bool:
    """Whether the first transaction set is an 835; a file that cannot be read that far is not."""
    try:
        with path.open("rb") as file:
            return next((one[1] for one in segments(file) if one.tag == "ST"), "") == "835"
    except X12SyntaxError:
        return False


def _segments(file: BinaryIO) -> Iterator[dict[str, Any]]:
    for one in segments(file):
        elements = [readable(element) for element in one.elements[1:]]
        yield {
            "segment": one.ordinal,
            "byte": one.offset,
            "tag": one.tag,
            "elements": elements,
        }


def _payments(file: BinaryIO) -> Iterator[dict[str, Any]]:
    for one in remittance.read_835(file):
        yield {type(one).__name__.lower(): asdict(one)}


def _fault(fault: Fault) -> dict[str, Any]:
    return {
        name: str(value) if name == "severity" else value for name, value in asdict(fault).items()
    }


def _as_json_line(said: dict[str, Any]) -> str:
    return json.dumps(said, default=str)


def _as_text(said: dict[str, Any]) -> str:
    if "tag" in said:
        return f"{said['segment']:>6}  {said['tag']:<3} {' | '.join(said['elements'])}".rstrip()
    (kind, values), *_ = said.items()
    return {"payment": _payment, "claim": _claim, "closed": _closed}.get(kind, _refused)(values)


def _payment(values: dict[str, Any]) -> str:
    payer, payee = values["payer"]["name"], values["payee"]["name"]
    return (
        f"Payment {values['trace']} of {dollars(values['cents'])} by {values['method']} "
        f"on {values['paid_on'] or 'no day that can be read'}, {payer} to {payee}"
    )


def _claim(values: dict[str, Any]) -> str:
    head = (
        f"  Claim {values['account']} (status {values['status']}): charged "
        f"{dollars(values['charged'])}, paid {dollars(values['paid'])}, "
        f"patient {dollars(values['patient_share'])}{_why(values['adjustments'])}"
    )
    lines = [
        f"    {line['procedure']['code']}: charged {dollars(line['charged'])}, "
        f"paid {dollars(line['paid'])}{_why(line['adjustments'])}"
        for line in values["lines"]
    ]
    return "\n".join([head, *lines])


def _why(adjustments: list[dict[str, Any]]) -> str:
    told = [f"{one['group']}-{one['reason']} {dollars(one['cents'])}" for one in adjustments]
    return f"; {', '.join(told)}" if told else ""


def _closed(values: dict[str, Any]) -> str:
    return f"  {values['claims']} claims, {dollars(values['paid'])} paid on them"


def _refused(values: dict[str, Any]) -> str:
    """A claim that may not be posted, or the fault at which reading ended."""
    told = "; ".join(
        f"{one['tag'] or 'file'} (segment {one['ordinal']}, byte {one['offset']}): {one['message']}"
        for one in values.get("faults") or [values]
    )
    account = values.get("account")
    return f"  REFUSED claim {account}: {told}" if account else f"REFUSED {told}"
