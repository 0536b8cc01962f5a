from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Coverage(AppConfig):
    name = "almoner.coverage"
    verbose_name = _("Coverage")
