"""Where coverage is worked, what it shows of a patient, and what explains a look."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from almoner.access.queries import Reading, explains
from almoner.coverage import queries
from almoner.coverage.queries.eligibility import TROUBLE_OF_HEADER
from almoner.coverage.queries.policies import payer_names
from almoner.coverage.queries.reasons import evidence
from almoner.coverage.rules import State
from almoner.ground import shell
from almoner.ledger.queries import payers_named_by
from almoner.patients.queries import Alert, alerts_by, panel


def alerts(told: str, patient_id: int, _reading: Reading) -> Iterable[Alert]:
    """A word in the patient's header when a payer has not answered as it should."""
    rejected = told == State.REJECTED
    said = gettext("Payer could not answer") if rejected else gettext("Cover not active")
    yield Alert(said, "bad", reverse("patient_coverage", args=[patient_id]))


shell.register(
    shell.NavItem(_("Coverage"), "coverage_work", "coverage.view", "shield", order=40, key="e")
)
panel("coverage", 40, "coverage.view", "coverage/_panel.html", queries.panel_values)
alerts_by(TROUBLE_OF_HEADER, alerts, permission="coverage.view")
explains("eligibility", evidence)
payers_named_by(payer_names)
