from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Telehealth(AppConfig):
    name = "almoner.telehealth"
    verbose_name = _("Visits by video")
