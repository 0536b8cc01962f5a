from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Records(AppConfig):
    name = "almoner.records"
    verbose_name = _("Forms and documents")
