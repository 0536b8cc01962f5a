from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Facility(AppConfig):
    name = "almoner.facility"
    verbose_name = _("Facility")
