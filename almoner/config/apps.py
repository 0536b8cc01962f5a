from importlib import import_module

from django.apps import apps
from django.contrib.admin.apps import SimpleAdminConfig
from django.utils.module_loading import module_has_submodule


class SetUp(SimpleAdminConfig):
    """Django's admin with the set-up tables of our own duties, and nothing of other packages."""

    default_site = "almoner.config.setup.Site"

    def ready(self) -> None:
        super().ready()
        for duty in apps.get_app_configs():
            if duty.name.startswith("almoner.") and module_has_submodule(duty.module, "admin"):
                import_module(f"{duty.name}.admin")
