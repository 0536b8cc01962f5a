from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Scheduling(AppConfig):
    name = "almoner.scheduling"
    verbose_name = _("Scheduling")
