"""What this duty offers to those below it: the way to change a visit, who signs in, the kiosks."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from almoner.access.queries import Reading
from almoner.ground import shell
from almoner.patients.queries import panel
from almoner.portal import actions, queries
from almoner.relations import actions as relations


def outside(patient_id: int, reading: Reading) -> dict[str, Any]:
    names, waiting = queries.who_signs_in(patient_id, at=reading.at)
    return {"names": names, "waiting": waiting}


relations.changed_at(actions.link_for)
panel("portal", 85, "portal.invite", "portal/_panel.html", outside)
shell.register(
    shell.NavItem(
        _("Kiosks"), "kiosks", "facility.edit", icon="board", order=96, key="i", aside=True
    )
)
