"""Reading results out of FHIR: DiagnosticReport with its Observations, as they came.

Nothing is interpreted: a value, its range and its flags are the words of whoever measured it. A
number keeps its digits (``5.10``), as R4 asks of decimals.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from almoner.edges.fhir import faults
from almoner.edges.fhir.codes import day
from almoner.edges.fhir.entries import Found, resources
from almoner.edges.fhir.measured import Line, lines_of, unread, words_of
from almoner.edges.fhir.values import Identifier, Issue

REPORT, PATIENT = "DiagnosticReport", "Patient"
NPI = "http://hl7.org/fhir/sid/us-npi"
MOST_LINES = 500
_DEEP = 4
"""How far below a report observations are followed: panels of panels."""
STATUSES = frozenset(
    {
        "registered", "partial", "preliminary", "final", "amended", "corrected", "appended",
        "cancelled", "entered-in-error", "unknown",
    }
)  # fmt: skip
_FIRST_YEAR = 1900
Resource = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Report:
    """A DiagnosticReport: what it is, whose it says it is, and its lines in order.

    ``number`` is its first identifier, by which a correction is known. ``mrns`` are the record
    numbers it names (identifiers of the type MR). ``requester`` is the NPI of whoever ordered it.
    """

    number: Identifier
    status: str
    code: str
    system: str
    name: str
    issued: datetime
    on: date | None
    conclusion: str
    performer: str
    requester: str
    requester_name: str
    mrns: tuple[Identifier, ...]
    said_name: str
    said_born: date | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ReportEntry:
    """One report and its place. ``report`` is None when a fatal issue refuses it."""

    place: str
    report: Report | None
    issues: tuple[Issue, ...]


def load(content: bytes) -> Any:
    """JSON with the digits of its numbers. Raises ValueError."""
    return json.loads(content, parse_float=Decimal)


def read_reports(content: bytes) -> Iterator[ReportEntry]:
    """The reports in ``content``, in order; what else is there is read for them.

    A report is refused when one of the observations it names is unsound or not there: half a
    result is none.
    """
    every = list(resources(content, load=load))
    beside = _Beside(every)
    for found in every:
        if found.body is None:
            yield ReportEntry(found.place, None, found.issues)
        elif found.kind == REPORT:
            yield _entry(found, found.body, beside)


class _Beside:
    """What a report may refer to: by its full address, as ``Type/id``, or contained in it.

    A Bundle's names are its own: those of the next line are other people's. Lines of one resource
    each share theirs. A name that several have, who are not the same, names nothing.
    """

    def __init__(self, every: list[Found]) -> None:
        self.named: dict[tuple[str, str], Found | None] = {}
        for found in every:
            if found.body is None:
                continue
            id_ = found.body.get("id")
            for name in {found.url, f"{found.kind}/{id_}" if id_ else ""} - {""}:
                key = _scope(found), name
                same = self.named.setdefault(key, found)
                if same is not found and (same is None or same.body != found.body):
                    self.named[key] = None

    def of(self, reference: Any, holder: Found) -> Found | None:
        text = reference.get("reference") if isinstance(reference, dict) else None
        if not isinstance(text, str):
            return None
        if text.startswith("#"):
            return _contained(text[1:], holder)
        server, scope = _server(holder.url), _scope(holder)
        if not server or _ABSOLUTE in text:
            return self.named.get((scope, text))
        # What is relative is of the server that its holder is of, or of none that is told.
        own = self.named.get((scope, f"{server}/{text}")) or self.named.get((scope, text))
        return own if own and _server(own.url) in ("", server) else None


_ABSOLUTE = "://"


def _scope(found: Found) -> str:
    return found.before if found.place.startswith("Bundle.") else ""


def _server(url: str) -> str:
    """The address that ``Type/id`` is below; none for a name like ``urn:uuid:…``."""
    return "/".join(url.split("/")[:-2]) if _ABSOLUTE in url else ""


def _contained(name: str, holder: Found) -> Found | None:
    for number, one in enumerate((holder.body or {}).get("contained", ())):
        if one.get("id") == name:
            place = f"{holder.place}.contained[{number}]"
            return Found(holder.before, place, one | {"contained": []}, (), holder.url)
    return None


def _entry(found: Found, resource: Resource, beside: _Beside) -> ReportEntry:
    place = found.before + found.place
    fatal = _unsound(found)
    if fatal:
        return ReportEntry(place, None, tuple(fatal))
    fatal += (Issue(place + where, message) for where, message in _report_faults(resource))
    lines: list[Line] = []
    for seen, each in enumerate(_observations(found, beside, 0, fatal), start=1):
        fatal += _unsound(each) or _unread(each)
        if not fatal:
            lines += lines_of(each.body or {})
        if max(seen, len(lines)) > MOST_LINES:
            fatal.append(Issue(f"{place}.result", f"more than {MOST_LINES} values in one report"))
            break
    number, issued = _number(resource), _instant(resource.get("issued", ""))
    if fatal or number is None or issued is None:
        return ReportEntry(place, None, tuple(dict.fromkeys(fatal)))
    report = _report(found, lines, beside, number=number, issued=issued)
    return ReportEntry(place, report, tuple(_remarks(resource, place)))


def _unsound(found: Found) -> list[Issue]:
    """Faults of structure, else those of its texts: our rules may trust what is sound."""
    if found.issues:
        return [Issue(found.before + issue.place, issue.message) for issue in found.issues]
    place = found.before + found.place
    return [Issue(place + where, said) for where, said in faults.of_texts(found.body or {})]


def _unread(found: Found) -> list[Issue]:
    place, said = found.before + found.place, "a value of a kind that we cannot show"
    return [Issue(f"{place}.{name}", said) for name in unread(found.body or {})]


def _report_faults(resource: Resource) -> Iterator[tuple[str, str]]:
    if _number(resource) is None:
        yield ".identifier", "a system and a value are needed: a correction is known by them"
    if (status := resource.get("status", "")) not in STATUSES:
        yield ".status", f"“{status[:40]}” is no status of a report"
    if not words_of(resource["code"]):
        yield ".code", "says not what was examined"
    if _instant(resource.get("issued", "")) is None:
        yield ".issued", "an instant with its zone is needed: by it the newest is known"


def _remarks(resource: Resource, place: str) -> Iterator[Issue]:
    for part in ("presentedForm", "media"):
        if resource.get(part):
            said = "papers and pictures were left out; file them by hand"
            yield Issue(f"{place}.{part}", said, fatal=False)


_NOT_THERE = "this observation is not in the file, or several have its name"


def _observations(
    holder: Found, beside: _Beside, depth: int, fatal: list[Issue]
) -> Iterator[Found]:
    """The observations below a report or a panel, each panel before its members."""
    part = "hasMember" if depth else "result"
    if depth > _DEEP:
        place = f"{holder.before}{holder.place}.{part}"
        fatal.append(Issue(place, "panels in panels in panels: more than we follow"))
        return
    for number, reference in enumerate((holder.body or {}).get(part, ())):
        if len(fatal) > MOST_LINES:
            return
        place = f"{holder.before}{holder.place}.{part}[{number}]"
        one = beside.of(reference, holder)
        if one is None or one.kind != "Observation":
            fatal.append(Issue(place, _NOT_THERE))
            continue
        yield one
        yield from _observations(one, beside, depth + 1, fatal)


def _report(
    found: Found, lines: list[Line], beside: _Beside, *, number: Identifier, issued: datetime
) -> Report:
    resource = found.body or {}
    coding: Resource = next(iter(resource["code"].get("coding", ())), {})
    requester, requester_name = _requester(found, resource, beside)
    person = _person(found, resource, beside)
    return Report(
        number=number,
        status=resource["status"],
        code=coding.get("code", ""),
        system=coding.get("system", ""),
        name=words_of(resource["code"]),
        issued=issued,
        on=_day_of(resource),
        conclusion=resource.get("conclusion", "").strip(),
        performer=_performer(found, resource, beside),
        requester=requester,
        requester_name=requester_name,
        mrns=tuple(_mrns(resource, person)),
        said_name=_name_of(person) or resource.get("subject", {}).get("display", ""),
        said_born=_day(person.get("birthDate", "")),
        lines=tuple(lines),
    )


def _number(resource: Resource) -> Identifier | None:
    for one in resource.get("identifier", ()):
        if one.get("system") and one.get("value") and one.get("use") != "old":
            return Identifier(one["system"], one["value"])
    return None


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo and at.year >= _FIRST_YEAR else None


def _day(text: str) -> date | None:
    try:
        return day(text[:10])
    except ValueError:
        return None


def _day_of(resource: Resource) -> date | None:
    """The day it is about: when it was taken, else when it was issued."""
    period = resource.get("effectivePeriod", {})
    said = resource.get("effectiveDateTime") or period.get("end") or period.get("start")
    return _day(said or "") or _day(resource["issued"])


def _person(found: Found, resource: Resource, beside: _Beside) -> Resource:
    one = beside.of(resource.get("subject"), found)
    return one.body if one and one.body and one.kind == PATIENT and not _unsound(one) else {}


def _mrns(resource: Resource, person: Resource) -> Iterator[Identifier]:
    subject = resource.get("subject", {}).get("identifier")
    for one in (*([subject] if subject else ()), *person.get("identifier", ())):
        codes = {each.get("code") for each in one.get("type", {}).get("coding", ())}
        if one.get("value") and "MR" in codes and one.get("use") != "old":
            yield Identifier(one.get("system", ""), one["value"])


def _name_of(somebody: Resource) -> str:
    """Of a person, or of a house, which has one name."""
    if isinstance(somebody.get("name"), str):
        return str(somebody["name"])
    for name in somebody.get("name", ()):
        words = (*name.get("given", ()), name.get("family", ""))
        return " ".join(filter(None, words)) or str(name.get("text", ""))
    return ""


def _requester(found: Found, resource: Resource, beside: _Beside) -> tuple[str, str]:
    """The NPI and the name of whoever ordered it, as far as they are told."""
    for order in resource.get("basedOn", ()):
        asked = beside.of(order, found)
        reference = (asked.body or {}).get("requester") if asked else None
        if asked and isinstance(reference, dict) and not _unsound(asked):
            one = beside.of(reference, asked)
            body = (one.body or {}) if one and not _unsound(one) else {}
            named = (reference.get("identifier", {}), *body.get("identifier", ()))
            npis = (each.get("value", "") for each in named if each.get("system") == NPI)
            return next(filter(None, npis), ""), _name_of(body) or str(reference.get("display", ""))
    return "", ""


def _performer(found: Found, resource: Resource, beside: _Beside) -> str:
    for reference in resource.get("performer", ()):
        one = beside.of(reference, found)
        body = (one.body or {}) if one and not _unsound(one) else {}
        if name := _name_of(body) or reference.get("display", ""):
            return str(name)
    return ""
