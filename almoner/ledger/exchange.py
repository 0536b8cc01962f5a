"""Our rows as paper needs them, and the processor's notices as we hear them."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from almoner.edges import card
from almoner.ledger.queries import DrawerReport, Receipt


def genuine(body: bytes, given: str) -> bool:
    """Whether the card processor signed this notice for our address."""
    return card.genuine(
        url=settings.CARD_WEBHOOK_URL, body=body, given=given, secret=settings.CARD_WEBHOOK_SECRET
    )


def receipt_data(receipt: Receipt) -> dict[str, Any]:
    """What ``ledger/receipt.typ`` prints."""
    how = {"cash": _("Cash"), "card": receipt.card or _("Card"), "check": _("Check")}
    detail = f" {receipt.check_number}" if receipt.check_number else ""
    return {
        "from": {"name": receipt.clinic, "lines": list(receipt.address)},
        "title": _("Receipt %(number)s") % {"number": receipt.number},
        "state": "" if receipt.state == "completed" else _("Not paid: %s") % receipt.state,
        "patient": receipt.patient_name,
        "mrn": receipt.mrn,
        "day": _wall(receipt.taken_at, receipt.time_zone),
        "officer": receipt.taken_by,
        "method": how[receipt.method] + detail,
        "cents": receipt.cents,
        "tendered": receipt.tendered_cents,
        "change": receipt.change_cents,
        "refunded": receipt.refunded_cents,
        "due": max(receipt.balance.due, 0),
        "credit": max(-receipt.balance.due, 0),
    }


def drawer_data(report: DrawerReport, *, clinic: str, zone: str) -> dict[str, Any]:
    """What ``ledger/drawer.typ`` prints."""
    last = report.last
    return {
        "from": {"name": clinic, "lines": [report.line.location]},
        "title": _("Drawer %(till)s") % {"till": report.line.till},
        "officer": report.line.officer,
        "opened": _wall(report.line.opened_at, zone),
        "closed": _wall(report.line.closed_at, zone) if report.line.closed_at else "",
        "closed_by": report.closed_by,
        "float": report.float_cents,
        "moves": [
            {"at": _wall(move.at, zone), "name": move.name, "memo": move.memo, "cents": move.cents}
            for move in report.moves
        ],
        "expected": last.expected if last else 0,
        "counted": last.counted if last else 0,
        "over_short": last.over_short if last else 0,
    }


def _wall(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%m/%d/%Y %I:%M %p}"
