"""What higher duties show on the patient's pages. They register from their ``apps.py``.

The patients duty stands below scheduling, coverage and money and must not import them; so each of
them says here what it has to show, who may see it, and how it is loaded.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from almoner.access.queries import Reading


@dataclass(frozen=True, slots=True)
class Alert:
    """A word in the patient's header: ``tone`` is good, warn, bad, info, wait or plain.

    ``url`` leads to where it is dealt with; empty when there is nothing to do.
    """

    text: str
    tone: str = "info"
    url: str = ""


AlertWords = Callable[[Any, int, Reading], Iterable[Alert]]
PanelLoad = Callable[[int, Reading], Mapping[str, Any]]
VisitLoad = Callable[[int, int, Reading], Mapping[str, Any]]
TodayLoad = Callable[[Reading], Mapping[str, Any]]
NextVisitWords = Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the patient's page. ``lazy`` ones are fetched after the page has been shown."""

    name: str
    order: int
    permission: str
    template: str
    load: PanelLoad
    lazy: bool = False


@dataclass(frozen=True, slots=True)
class TodayPanel:
    """A part of the desk's first page: arrivals, call-backs."""

    name: str
    order: int
    permission: str
    template: str
    load: TodayLoad


@dataclass(frozen=True, slots=True)
class VisitPanel:
    """A part of a visit's page: what was said about it."""

    name: str
    order: int
    permission: str
    template: str
    load: VisitLoad


@dataclass(frozen=True, slots=True)
class HeaderPart:
    """What a duty adds to the one query of the header, and how its answer is put in words.

    ``sql`` is one scalar subquery about the patient ``p.id``; it may use ``%(at)s``, the time of
    reading. ``words`` gets its value, never NULL.
    """

    permission: str
    sql: str
    words: AlertWords


@dataclass(frozen=True, slots=True)
class NextVisit:
    """When a patient ``p`` is seen next: a scalar subquery, and its value in words."""

    permission: str
    sql: str
    words: NextVisitWords


@dataclass(frozen=True, slots=True)
class Shown:
    """A panel that has been loaded: its name, its template and what goes into it."""

    name: str
    template: str
    context: Mapping[str, Any]


_alerts: dict[AlertWords, HeaderPart] = {}
_panels: dict[str, Panel] = {}
_today: dict[str, TodayPanel] = {}
_of_visits: dict[str, VisitPanel] = {}
_balances: list[tuple[str, str]] = []
_next_visits: list[NextVisit] = []


def alerts_by(sql: str, words: AlertWords, *, permission: str = "patients.view") -> None:
    """Let ``words(value of sql, patient_id, reading)`` put alerts into who may see them's header.

    SQL, so that the header of every screen stays one query however many duties speak in it.
    """
    _alerts[words] = HeaderPart(permission, sql, words)


def balance_by(sql: str, *, permission: str = "ledger.view") -> None:
    """Let the scalar subquery ``sql`` about ``p.id`` say, in cents, what the patient owes."""
    _balances.append((permission, sql))


def panel(
    name: str,
    order: int,
    permission: str,
    template: str,
    load: PanelLoad,
    *,
    lazy: bool = False,
) -> None:
    """Add a panel to the patient's page; ``load(patient_id, reading)`` gives its values.

    Panels stand in ``order`` (own ones: 10 demographics, 20 household, 30 contacts, 90 history).
    The template gets ``patient`` (the `Header`) too. A panel dear to load says ``lazy``.
    """
    _panels[name] = Panel(name, order, permission, template, load, lazy)


def today(name: str, order: int, permission: str, template: str, load: TodayLoad) -> None:
    """Add a panel to the desk's first page; ``load(reading)`` gives its template's values."""
    _today[name] = TodayPanel(name, order, permission, template, load)


def visit_panel(name: str, order: int, permission: str, template: str, load: VisitLoad) -> None:
    """Add a panel to a visit's page; ``load(patient_id, visit_id, reading)`` gives its values."""
    _of_visits[name] = VisitPanel(name, order, permission, template, load)


def next_visit_by(sql: str, words: NextVisitWords, *, permission: str = "scheduling.view") -> None:
    """Let the scalar subquery ``sql`` about ``p.id`` say when a patient is seen next.

    It may use ``%(at)s``, the time of reading; ``words`` gets its value, never NULL.
    """
    _next_visits.append(NextVisit(permission, sql, words))


def header_parts(reading: Reading) -> list[HeaderPart]:
    """The parts of the header this reader may see."""
    return [part for part in _alerts.values() if reading.officer.may(part.permission)]


def balance_sql(reading: Reading) -> str:
    """What the patient owes as a scalar subquery; NULL when this reader may not know."""
    return next((sql for permission, sql in _balances if reading.officer.may(permission)), "NULL")


def panels(reading: Reading) -> list[Panel]:
    """The panels of a patient's page this reader may see, in order."""
    allowed = (panel for panel in _panels.values() if reading.officer.may(panel.permission))
    return sorted(allowed, key=lambda panel: (panel.order, panel.name))


def panel_named(name: str) -> Panel:
    """KeyError when no duty registered one of that name."""
    return _panels[name]


def today_panels(reading: Reading) -> list[Shown]:
    """The loaded panels of the first page this reader may see, in order."""
    allowed = [panel for panel in _today.values() if reading.officer.may(panel.permission)]
    allowed.sort(key=lambda panel: (panel.order, panel.name))
    return [Shown(panel.name, panel.template, panel.load(reading)) for panel in allowed]


def visit_panels(patient_id: int, visit_id: int, reading: Reading) -> list[Shown]:
    """The loaded panels of a visit's page this reader may see, in order."""
    allowed = [panel for panel in _of_visits.values() if reading.officer.may(panel.permission)]
    allowed.sort(key=lambda panel: (panel.order, panel.name))
    return [
        Shown(panel.name, panel.template, panel.load(patient_id, visit_id, reading))
        for panel in allowed
    ]


def next_visit(reading: Reading) -> NextVisit:
    """What says when a patient is seen next; NULL when this reader may not know."""
    allowed = (known for known in _next_visits if reading.officer.may(known.permission))
    return next(allowed, NextVisit("", "NULL", str))
