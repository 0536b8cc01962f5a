from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Outreach(AppConfig):
    name = "almoner.outreach"
    verbose_name = _("Outreach")
