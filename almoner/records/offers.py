from django.utils.translation import gettext_lazy as _

from almoner.ground import shell
from almoner.patients.queries import panel
from almoner.records import queries

shell.register(
    shell.NavItem(
        _("Forms"), "form_list", "records.design", icon="list", order=97, key="f", aside=True
    )
)
panel("forms", 70, "records.view", "records/_panel.html", queries.panel_values)
