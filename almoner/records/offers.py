from django.utils.translation import gettext_lazy as _

from almoner.access.queries import explains
from almoner.ground import shell
from almoner.patients.queries import panel, today
from almoner.records import queries

shell.register(
    shell.NavItem(
        _("Forms"), "form_list", "records.design", icon="list", order=97, key="f", aside=True
    )
)
shell.action(
    shell.Action(
        _("Documents to look at"), "documents_to_see", "records.fill", icon="list",
        words=_("papers uploads sent by patients"),
    )
)  # fmt: skip
panel("forms", 70, "records.view", "records/_panel.html", queries.panel_values)
today("documents", 45, "records.fill", "records/_today.html", queries.documents_today)
explains("document", queries.document_evidence)
