"""Who the patient is: registration, search, duplicates, contacts, household."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from almoner.ground import shell


class Patients(AppConfig):
    name = "almoner.patients"

    def ready(self) -> None:
        from almoner.access import queries as access  # noqa: PLC0415 (models are loaded only now)
        from almoner.patients import queries  # noqa: PLC0415
        from almoner.patients.views.finding import hits  # noqa: PLC0415

        access.explains("look", queries.look_evidence)
        access.explains("registration", queries.registration_evidence)
        access.explains("pair", queries.pair_evidence)
        access.explains("decision", queries.decision_evidence)
        access.path("look", queries.LOOKED)
        access.path("registration", queries.REGISTERED)
        access.known_by(queries.SAID)
        queries.own_panels()
        shell.register(
            shell.NavItem(_("Desk"), "home", "patients.find", icon="search", order=5, key="d")
        )
        shell.action(
            shell.Action(
                _("Register a patient"),
                "register_patient",
                "patients.register",
                icon="plus",
                words=_("new add patient"),
            )
        )
        shell.action(
            shell.Action(
                _("Settle likely duplicates"),
                "duplicates",
                "patients.edit",
                icon="people",
                words=_("same person twice double records merge"),
            )
        )
        shell.search("patients", _("Patients"), hits, permission="patients.find", order=10)
