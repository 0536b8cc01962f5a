"""What higher duties show on the patient's pages. They register from their ``apps.py``.

The patients duty stands below scheduling, coverage and money and must not import them; so each of
them says here what it has to show, who may see it, and how it is loaded.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
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


AlertProvider = Callable[[int, Reading], Iterable[Alert]]
PanelLoad = Callable[[int, Reading], Mapping[str, Any]]
TodayLoad = Callable[[Reading], Mapping[str, Any]]
Balance = Callable[[int, Reading], int | None]
NextVisits = Callable[[Sequence[int], Reading], Mapping[int, str]]


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
class Shown:
    """A panel that has been loaded: its name, its template and what goes into it."""

    name: str
    template: str
    context: Mapping[str, Any]


_alerts: list[tuple[str, AlertProvider]] = []
_panels: dict[str, Panel] = {}
_today: dict[str, TodayPanel] = {}
_balances: list[tuple[str, Balance]] = []
_next_visits: list[tuple[str, NextVisits]] = []


def alerts_by(provider: AlertProvider, *, permission: str = "patients.view") -> None:
    """Let ``provider(patient_id, reading)`` put words into the header of who may see them."""
    _alerts.append((permission, provider))


def balance_by(provider: Balance, *, permission: str = "ledger.view") -> None:
    """Let ``provider(patient_id, reading)`` say, in cents, what the patient owes."""
    _balances.append((permission, provider))


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


def next_visits_by(provider: NextVisits, *, permission: str = "scheduling.view") -> None:
    """Let ``provider(patient_ids, reading)`` say in words when each is seen next, for lists."""
    _next_visits.append((permission, provider))


def alerts(patient_id: int, *, reading: Reading) -> list[Alert]:
    return [
        alert
        for permission, provider in _alerts
        if reading.officer.may(permission)
        for alert in provider(patient_id, reading)
    ]


def balance(patient_id: int, *, reading: Reading) -> int | None:
    """Cents the patient owes; None when nobody knows or this reader may not."""
    for permission, provider in _balances:
        if reading.officer.may(permission):
            return provider(patient_id, reading)
    return None


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


def next_visits(patient_ids: Sequence[int], *, reading: Reading) -> dict[int, str]:
    found: dict[int, str] = {}
    if patient_ids:
        for permission, provider in _next_visits:
            if reading.officer.may(permission):
                found.update(provider(patient_ids, reading))
    return found
