from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Coverage(AppConfig):
    name = "almoner.coverage"
    verbose_name = _("Coverage")

    def ready(self) -> None:
        """Say where coverage is worked, what it shows of a patient, and what explains a look."""
        from almoner.access.queries import explains  # noqa: PLC0415 (models are loaded only now)
        from almoner.coverage.queries.eligibility import TROUBLE_OF_HEADER  # noqa: PLC0415
        from almoner.coverage.queries.policies import payer_names  # noqa: PLC0415
        from almoner.coverage.queries.reasons import evidence  # noqa: PLC0415
        from almoner.coverage.views.eligibility import alerts, panel_values  # noqa: PLC0415
        from almoner.ground.shell import NavItem, register  # noqa: PLC0415
        from almoner.ledger.queries import payers_named_by  # noqa: PLC0415
        from almoner.patients.queries import alerts_by, panel  # noqa: PLC0415

        register(
            NavItem(_("Coverage"), "coverage_work", "coverage.view", "shield", order=40, key="e")
        )
        panel("coverage", 40, "coverage.view", "coverage/_panel.html", panel_values)
        alerts_by(TROUBLE_OF_HEADER, alerts, permission="coverage.view")
        explains("eligibility", evidence)
        payers_named_by(payer_names)
