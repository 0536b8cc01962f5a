"""Results in FHIR and ours: what of one is which of the other."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from almoner.edges.fhir.measured import Line
from almoner.edges.fhir.reports import Report, ReportEntry, read_reports
from almoner.edges.fhir.values import Identifier
from almoner.records import actions
from almoner.records.rules.results import Incoming, Value
from almoner.records.rules.results import Report as Outcomes

LARGEST = 16 * 1024 * 1024
"""Bytes of one file; a laboratory's day is a hundredth of it."""
AHEAD = timedelta(days=1)
"""How far a sender's clock may be before ours."""


def import_results(*, content: bytes, at: datetime) -> Outcomes:
    """Import the results of a FHIR file; see `actions.take_results`."""
    came = (came_of(entry, at=at) for entry in read_reports(content))
    return actions.take_results(came=came, at=at)


def came_of(entry: ReportEntry, *, at: datetime) -> actions.Came:
    """One entry of a FHIR file as something to keep."""
    said = tuple(map(str, entry.issues))
    if entry.report is None:
        return actions.Came(entry.place, None, faults=said)
    faults = tuple(_faults(entry.report, entry.place, at=at))
    if faults:
        return actions.Came(entry.place, None, faults=faults)
    return actions.Came(entry.place, incoming(entry.report), remarks=said)


def _faults(report: Report, place: str, *, at: datetime) -> Iterator[str]:
    if report.issued > at + AHEAD:
        yield f"{place}.issued: {report.issued.isoformat()} has not come yet"
    if report.on and report.on > (at + AHEAD).date():
        yield f"{place}.effective: {report.on} has not come yet"


def incoming(report: Report) -> Incoming:
    zone = ZoneInfo(settings.TIME_ZONE)
    return Incoming(
        system=report.number.system,
        number=report.number.value,
        status=report.status,
        code=report.code,
        code_system=report.system,
        name=report.name,
        issued=report.issued.astimezone(UTC),
        on=report.on or report.issued.astimezone(zone).date(),
        conclusion=report.conclusion,
        performer=report.performer,
        requester=report.requester,
        ordered_by=report.requester_name,
        mrn=next(filter(None, map(our_number, report.mrns)), ""),
        said_name=report.said_name,
        said_born=report.said_born,
        values=tuple(map(_value, report.lines)),
    )


def our_number(identifier: Identifier) -> str:
    """Our record number in an identifier of the type MR; of another house's it is empty."""
    ours = identifier.system in {"", settings.MRN_SYSTEM}
    return identifier.value.strip() if ours else ""


def _value(line: Line) -> Value:
    return Value(
        code=line.code,
        system=line.system,
        name=line.name,
        value=line.value,
        number=None if line.number is None else float(line.number),
        unit=line.unit,
        low=line.low,
        high=line.high,
        range=line.range,
        flags=tuple((flag.code, flag.words) for flag in line.flags),
        note=line.note,
        final=line.final,
    )
