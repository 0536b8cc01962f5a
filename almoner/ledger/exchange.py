"""Our rows as paper needs them, and the processor's notices as we hear them."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from almoner.edges import card
from almoner.ground import dates
from almoner.ground.language import PATIENTS_READ
from almoner.ground.money import dollars
from almoner.ledger.queries import Contents, DepositLine, DrawerReport, Receipt
from almoner.ledger.queries.wording import move_name
from almoner.ledger.rules import receipts


def genuine(body: bytes, given: str) -> bool:
    """Whether the card processor signed this notice for our address."""
    return card.genuine(
        url=settings.CARD_WEBHOOK_URL, body=body, given=given, secret=settings.CARD_WEBHOOK_SECRET
    )


def receipt_data(receipt: Receipt, *, language: str = "") -> dict[str, Any]:
    """What a receipt says, on the page and in ``ledger/receipt.typ``; in the patient's language.

    Another of ours is taken when asked for: who pays need not be who is treated.
    """
    lang = language if language in PATIENTS_READ else receipt.language
    says = receipts.words(lang)
    unpaid = receipt.state != "completed"
    return {
        "lang": lang,
        "from": {"name": receipt.clinic, "lines": list(receipt.address)},
        "title": says["title"].format(number=receipt.number),
        "state": says["unpaid"].format(state=says[receipt.state]) if unpaid else "",
        "rows": [
            {"label": says[name], "value": value, "strong": name == "paid"}
            for name, value in _receipt_rows(receipt, says, lang)
        ],
        "thanks": "" if unpaid else says["thanks"],
    }


def _receipt_rows(
    receipt: Receipt, says: dict[str, str], language: str
) -> Iterator[tuple[str, str]]:
    card = receipt.card or says["card"]
    how = {"cash": says["cash"], "card": card, "check": says["check"]}[receipt.method]
    yield "patient", f"{receipt.patient_name} · {receipt.mrn}"
    yield "day", dates.moment_for(language, receipt.taken_at, receipt.time_zone)
    yield "paid" if receipt.state == "completed" else "amount", dollars(receipt.cents)
    yield "by", f"{how} {receipt.check_number}".strip()
    if receipt.tendered_cents is not None:
        yield "tendered", dollars(receipt.tendered_cents)
        yield "change", dollars(receipt.change_cents)
    if receipt.refunded_cents:
        yield "refunded", dollars(receipt.refunded_cents)
    yield "officer", receipt.taken_by
    due = receipt.balance.due
    yield ("credit", dollars(-due)) if due < 0 else ("due", dollars(due))


def deposit_data(line: DepositLine, contents: Contents) -> dict[str, Any]:
    """What ``ledger/deposit.typ`` prints; the bank is told of no patient."""
    cash = [
        {"name": _("Cash, drawer %s") % f"{one.till}, {one.officer}", "cents": one.cents}
        for one in contents.drawers
    ]
    checks = [{"name": _("Check %s") % one.number, "cents": one.cents} for one in contents.checks]
    facts = {"by": line.prepared_by, "at": dates.moment(line.prepared_at, line.time_zone)}
    return {
        "from": {"name": line.location, "lines": []},
        "title": _("Deposit %s") % line.id,
        "prepared": _("Prepared by %(by)s, %(at)s") % facts,
        "lines": cash + checks,
        "cash": line.cash_cents,
        "checks": line.checks_cents,
        "says": {
            "what": _("What"),
            "amount": _("Amount"),
            "cash": _("Cash in all"),
            "checks": _("Checks in all"),
            "total": _("To be deposited"),
            "brought_by": _("Brought by"),
            "bank": _("Bank"),
        },
    }


def drawer_data(report: DrawerReport, *, clinic: str, zone: str) -> dict[str, Any]:
    """What ``ledger/drawer.typ`` prints."""
    last = report.last
    return {
        "from": {"name": clinic, "lines": [report.line.location]},
        "title": _("Drawer %(till)s") % {"till": report.line.till},
        "says": {
            "opened": _("%(officer)s, opened %(at)s with %(float)s")
            % {
                "officer": report.line.officer,
                "at": dates.moment(report.line.opened_at, zone),
                "float": dollars(report.float_cents),
            },
            "closed": _("Closed %(at)s by %(officer)s")
            % {
                "officer": report.closed_by,
                "at": dates.moment(report.line.closed_at, zone) if report.line.closed_at else "",
            },
            "at": _("When"),
            "name": _("What"),
            "cents": _("Amount"),
            "expected": _("Expected"),
            "counted": _("Counted"),
            "over_short": _("Over or short"),
            "officer": _("Officer"),
            "manager": _("Manager"),
        },
        "officer": report.line.officer,
        "opened": dates.moment(report.line.opened_at, zone),
        "closed": dates.moment(report.line.closed_at, zone) if report.line.closed_at else "",
        "closed_by": report.closed_by,
        "float": report.float_cents,
        "moves": [
            {
                "at": dates.moment(move.at, zone),
                "name": move_name(move.name),
                "memo": move.memo,
                "cents": move.cents,
            }
            for move in report.moves
        ],
        "expected": last.expected if last else 0,
        "counted": last.counted if last else 0,
        "over_short": last.over_short if last else 0,
    }
