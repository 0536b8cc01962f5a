from django.utils.translation import gettext_lazy as _

from almoner.access.queries import explains
from almoner.ground import shell
from almoner.patients.actions import papers_taken_by
from almoner.patients.queries import panel, today
from almoner.records import actions, queries

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
panel("results", 65, "records.results", "records/_results_panel.html", queries.results_panel)
today("results", 43, "records.results", "records/_results_today.html", queries.results_today)
today("nobodys", 44, "records.file_results", "records/_nobodys_today.html", queries.nobodys_today)
explains("result", queries.result_evidence)
shell.action(
    shell.Action(
        _("Results to review"), "results_to_review", "records.results", icon="list",
        words=_("laboratory labs findings sign"),
    )
)  # fmt: skip
shell.action(
    shell.Action(
        _("Results without a patient"), "results_of_nobody", "records.file_results", icon="list",
        words=_("laboratory labs unmatched whose"),
    )
)  # fmt: skip
explains("document", queries.document_evidence)
papers_taken_by(actions.take_handed)
