"""What this duty offers to the frame of every page and to the first, and what explains a look."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from almoner.access.queries import Reading, explains
from almoner.ground import shell
from almoner.outreach import queries
from almoner.patients.queries import today


def to_call(reading: Reading) -> dict[str, Any]:
    return {"count": queries.waiting(reading.at)}


explains("enrolment", queries.evidence)
today("outreach", 43, "outreach.call", "outreach/_today.html", to_call)
shell.register(
    shell.NavItem(
        _("Outreach"), "outreach", "outreach.view", icon="people", order=98, key="r", aside=True
    )
)
shell.action(
    shell.Action(
        _("Call list of outreach"),
        "outreach_calls",
        "outreach.call",
        icon="phone",
        words=_("recall campaign phone call back"),
    )
)
shell.action(
    shell.Action(
        _("New segment"),
        "new_segment",
        "outreach.manage",
        icon="plus",
        words=_("recall outreach campaign list of patients"),
    )
)
