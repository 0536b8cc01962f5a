from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Portal(AppConfig):
    name = "almoner.portal"
    verbose_name = _("Pages of patients")
