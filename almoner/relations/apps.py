from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Relations(AppConfig):
    name = "almoner.relations"
    verbose_name = _("Relations")
