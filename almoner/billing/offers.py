"""What billing shows on the pages of duties below it, and where one can go."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from almoner.access.queries import Reading, explains
from almoner.billing import queries
from almoner.billing.queries.wording import STATES, category_name
from almoner.billing.rules.statements import TOLD, TOLD_ONLINE
from almoner.coverage.queries import not_to_be_asked
from almoner.ground import shell
from almoner.ground.money import dollars
from almoner.ledger.queries import kept_apart_by
from almoner.patients.queries import panel, today
from almoner.relations.queries import private_by, sends
from almoner.scheduling.queries import ways

_CLAIMS, _STATEMENTS = 8, 3


def find(request: HttpRequest, typed: str) -> Iterable[shell.Hit]:
    """Claims for Ctrl-K, by number or by whose they are."""
    reading: Reading = request.reading  # type: ignore[attr-defined]  # came through a door
    for line in queries.find_claims(typed, reading=reading):
        yield shell.Hit(
            f"{line.number} · {line.family}, {line.given}",
            f"{reverse('claim', args=[line.id])}?for=claim:{line.id}",
            f"{line.payer} · {line.service_date:%m/%d/%Y} · {dollars(line.total_cents)}"
            f" · {STATES[line.state][1]}",
            "claim",
        )


def find_denials(request: HttpRequest, typed: str) -> Iterable[shell.Hit]:
    """Denials nobody has settled for Ctrl-K, by claim or by whose they are."""
    reading: Reading = request.reading  # type: ignore[attr-defined]  # came through a door
    day = queries.local_day(reading.at)
    for line in queries.find_denials(typed, today=day, reading=reading):
        claim = f"{reverse('claim', args=[line.claim_id])}?for=denial:{line.id}#denial-{line.id}"
        yield shell.Hit(
            f"{line.number} · {line.family}, {line.given}",
            claim,
            f"{category_name(line.category)} · {dollars(line.cents)} · {line.act_by:%m/%d/%Y}",
            "claim",
        )


def claims_panel(patient_id: int, reading: Reading) -> dict[str, Any]:
    guarantor = queries.guarantor_of(patient_id)
    reading.saw_beside(patient_id, [guarantor.pk])
    claims = queries.claims_of(
        patient_id, reading=reading, today=queries.local_day(reading.at), limit=_CLAIMS
    )
    there_are = queries.claims_count(patient_id) if len(claims) == _CLAIMS else 0
    statements = queries.statements_of(guarantor.pk, patient_id=patient_id, reading=reading)
    return {
        "claims": claims,
        "more": max(0, there_are - _CLAIMS),
        "statements": statements[:_STATEMENTS],
        "older_statements": statements[_STATEMENTS:],
        "may_issue": reading.officer.may("billing.statement"),
        "private": bool(queries.kept_from_guarantor(patient_id)),
        "patient_id": patient_id,
        "reason": reading.work_item or "",
    }


def private_panel(patient_id: int, _reading: Reading) -> dict[str, Any]:
    return {"visits": queries.visits_to_keep(patient_id), "patient_id": patient_id}


def estimates_today(reading: Reading) -> dict[str, Any]:
    return queries.estimates_owed(queries.local_day(reading.at))


def estimates_panel(patient_id: int, reading: Reading) -> dict[str, Any]:
    return {"visits": queries.estimates_panel(patient_id, at=reading.at)}


shell.register(
    shell.NavItem(_("Claims"), "claims", "billing.view", icon="claim", order=60, key="c")
)
for label, route, permission, words in (
    (_("Visits to charge"), "uncharged", "billing.charge", _("charge coding superbill")),
    (
        _("Estimates due"), "estimates_due", "billing.estimate",
        _("good faith self pay uninsured price"),
    ),
    (_("Denials"), "denials", "billing.view", _("denied refused appeal work list")),
    (_("Answers to be matched"), "unmatched_answers", "billing.post", _("835 unmatched payment")),
    (_("Remittances"), "remittances", "billing.view", _("835 era payment insurance eob")),
):  # fmt: skip
    shell.action(shell.Action(label, route, permission, icon="claim", words=words))
shell.search("claims", _("Claims"), find, permission="billing.view", order=30)
shell.search("denials", _("Denials"), find_denials, permission="billing.view", order=31)
panel("claims", 65, "billing.view", "billing/_claims_panel.html", claims_panel)
panel("private", 66, "billing.private", "billing/_private_panel.html", private_panel, lazy=True)
today("estimates", 35, "billing.estimate", "billing/_estimates_today.html", estimates_today)
panel("estimates", 67, "billing.estimate", "billing/_estimates_panel.html", estimates_panel)
ways.from_visit(ways.Beside(_("Estimate"), "estimate", "billing.estimate", "t"))
kept_apart_by(queries.kept_from_guarantor, queries.is_private_bill)
private_by(queries.is_kept)
not_to_be_asked(queries.is_kept_from_plan)
sends(TOLD, TOLD_ONLINE)
explains("claim", queries.evidence_of_claim)
explains("denial", queries.evidence_of_denial)
explains("remittance", queries.evidence_of_remittance)
explains("statement", queries.evidence_of_statement)
explains("charges", queries.evidence_of_charges)
